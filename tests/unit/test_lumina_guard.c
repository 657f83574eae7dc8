/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Guarded segments, torque and awaited limits of the lumina driver. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "driver/lumina/message.h" /* GH_LUM_* */
#include "unit/test_lumina_kit.h"   /* toy, dev, fresh */

#include <math.h>
#include <string.h>

static void a_trip_is_told_with_the_angle(void **state)
{
	struct gh_dev_event e;
	struct gh_sample none[1];
	size_t n;

	(void)state;
	toy_event(&toy, 9, GH_LUM_EV_GUARD, 0, -523599);
	for (int i = 0; i < 4; i++) {
		gh_wait(&toy.wire.clock, NULL, 0, toy.wire.now + 5000);
		assert_int_equal(drv->pump(dev, none, 1, &n, &err), GH_OK);
	}
	assert_true(drv->event(dev, &e));
	assert_int_equal(e.kind, GH_DEV_EV_GUARD);
	assert_int_equal(e.arg, 0);
	assert_true(fabs(e.value + 0.523599) < 1e-9);
	assert_non_null(strstr(e.text, "demo.joint"));
}

static void a_guard_that_no_frame_holds_is_refused(void **state)
{
	static const double wrong[] = { -0.1, 65.6, NAN };
	struct gh_segment seg = { .shape = GH_SHAPE_LINEAR,
				  .duration_us = 500000,
				  .target_rad = 0.25,
				  .last = true };
	double ms;

	(void)state;
	assert_int_equal(drv->arm(dev, false, &ms, &err), GH_OK);
	for (size_t i = 0; i < GH_ARRAY_SIZE(wrong); i++) {
		seg.guard_a = wrong[i];
		assert_int_equal(drv->queue(dev, 0, &seg, 1, &err), GH_ARG);
	}
	assert_int_equal(toy.count[GH_LUM_SEGMENTS], 0);
	seg.guard_a = 0.5;
	assert_int_equal(drv->queue(dev, 0, &seg, 1, &err), GH_OK);
	assert_int_equal(toy.count[GH_LUM_SEGMENTS], 1);
}

static void it_says_what_it_can(void **state)
{
	const struct gh_dev_info *info = drv->info(dev);

	(void)state;
	assert_true(info->guards);
	assert_true(info->streams >= 1 && info->streams <= GH_STREAMS);
	/* Less than the wire's bytes in 16 bit samples, more than a tenth. */
	assert_true(info->wire_sample_rate < 1e6 / 10.0 / 2.0);
	assert_true(info->wire_sample_rate > 115200 / 10.0 / 2.0 / 10.0);
}

/* Somebody's stop is still under way: it is asked again, but not for ever. */
static void limits_wait_for_a_stop(void **state)
{
	const struct gh_dev_actuator wanted = { .hi_rad = 0.5,
						.speed_rad_s = 1.0 };
	const gh_us begun = toy.wire.now;

	(void)state;
	toy.refuse[GH_LUM_LOWER_LIMITS] = 10;
	assert_int_equal(drv->limit(dev, 0, &wanted, &err), GH_BUSY);
	assert_in_range(toy.wire.now - begun, 990000, 1100000);
	assert_true(toy.count[GH_LUM_LOWER_LIMITS] > 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_trip_is_told_with_the_angle),
		CASE(a_guard_that_no_frame_holds_is_refused),
		CASE(it_says_what_it_can),
		CASE(limits_wait_for_a_stop),
	};

	return cmocka_run_group_tests_name("lumina guard", tests, NULL, NULL);
}
