/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dialogues of the lumina driver in virtual time: samples, motion, safety. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "driver/lumina/message.h" /* GH_LUM_* */
#include "unit/test_lumina_kit.h"  /* toy, dev, fresh */

#include <stdlib.h>
#include <string.h>

static struct gh_sample got[4096];

/* Pumps every 5 ms of virtual time, as the engine would. */
static enum gh_status pump_for(gh_us us, size_t *n)
{
	const gh_us until = toy.wire.now + us;
	enum gh_status st = GH_OK;
	size_t some = 0;

	*n = 0;
	while (st == GH_OK && toy.wire.now < until) {
		gh_wait(&toy.wire.clock, NULL, 0, toy.wire.now + 5000);
		st = drv->pump(dev, got + *n, GH_ARRAY_SIZE(got) - *n, &some,
			       &err);
		*n += st == GH_OK ? some : 0;
	}
	return st;
}

static void start_stream(void)
{
	const uint16_t channels[2] = { 0, 1 };
	double hz = 0.0;

	assert_int_equal(drv->stream(dev, 0, channels, 2, 100.0, &hz, &err),
			 GH_OK);
	assert_true(hz > 99.9 && hz < 100.1);
}

static struct gh_dev_stats stats(void)
{
	struct gh_dev_stats s;

	drv->stats(dev, &s);
	return s;
}

static void samples_come_out_as_they_went_in(void **state)
{
	size_t n;

	(void)state;
	start_stream();
	toy_samples(&toy, 0, 3);
	assert_int_equal(pump_for(10000, &n), GH_OK);
	assert_int_equal(n, 6);
	assert_int_equal(got[0].channel, 0);
	assert_int_equal(got[1].channel, 1);
	assert_int_equal(got[5].raw, 5);
	assert_int_equal(got[2].at - got[0].at, 10000);
}

static void a_gap_is_counted_and_a_repeat_ignored(void **state)
{
	size_t n;

	(void)state;
	start_stream();
	toy_samples(&toy, 0, 2);
	toy_samples(&toy, 5, 2);
	toy_samples(&toy, 5, 2);
	assert_int_equal(pump_for(10000, &n), GH_OK);
	assert_int_equal(n, 8);
	assert_int_equal(stats().samples_lost, 6);
}

static void time_is_unwrapped(void **state)
{
	gh_us before = 0;
	size_t n;

	(void)state;
	start_stream();
	/* The toy's counter wraps 9 s after its start. */
	for (uint32_t i = 0; i < 400; i++) {
		toy_samples(&toy, i, 1);
		assert_int_equal(pump_for(50000, &n), GH_OK);
		assert_int_equal(n, 2);
		assert_true(i == 0 || (got[0].at - before > 40000 &&
				       got[0].at - before < 60000));
		before = got[0].at;
	}
	assert_true(llabs(drv->device_now(dev) - (toy.wire.now + 4280000000)) <
		    3000);
}

static void a_wrong_shape_breaks_the_protocol(void **state)
{
	const uint8_t odd[11] = { 0, 1 };
	size_t n;

	(void)state;
	start_stream();
	toy_send(&toy, GH_LUM_SAMPLES, odd, sizeof odd);
	assert_int_equal(pump_for(10000, &n), GH_PROTO);
}

static void silence_while_streaming_is_stale(void **state)
{
	size_t n;

	(void)state;
	start_stream();
	/* Slow streams are no silence: the driver asks by itself. */
	assert_int_equal(pump_for(2000000, &n), GH_OK);
	toy.mute = true;
	assert_int_equal(pump_for(200000, &n), GH_STALE);
	assert_non_null(strstr(err.msg, "nothing heard"));
}

static void a_hang_up_is_gone_for_ever(void **state)
{
	struct gh_dev_status status;
	size_t n;

	(void)state;
	toy.wire.gone = true;
	assert_int_equal(pump_for(10000, &n), GH_GONE);
	assert_int_equal(drv->safe(dev, 0, &status, &err), GH_GONE);
	assert_int_equal(drv->stop(dev, &err), GH_GONE);
}

/* Section 6: after 5 s without a request the controller slows down. */
static void an_idle_session_is_never_silent(void **state)
{
	unsigned before;
	size_t n;

	(void)state;
	for (int i = 0; i < 10; i++) {
		before = toy.count[GH_LUM_CLOCK];
		assert_int_equal(pump_for(2000000, &n), GH_OK);
		assert_true(toy.count[GH_LUM_CLOCK] > before);
	}
}

static void a_reboot_is_a_reset(void **state)
{
	struct gh_dev_event e;
	size_t n;

	(void)state;
	toy_event(&toy, 1, GH_LUM_EV_BOOT, 4, 0x11223344);
	assert_int_equal(pump_for(10000, &n), GH_OK);
	toy_event(&toy, 1, GH_LUM_EV_BOOT, 4, 0x55667788);
	assert_int_equal(pump_for(10000, &n), GH_RESET);
	assert_non_null(strstr(err.msg, "brown-out"));
	assert_true(drv->event(dev, &e));
	assert_int_equal(e.kind, GH_DEV_EV_BOOT);
	/* The event is repeated, the reboot is not. */
	toy_event(&toy, 1, GH_LUM_EV_BOOT, 4, 0x55667788);
	pump_for(10000, &n);
	assert_int_equal(stats().resets, 1);
}

static void events_are_taken_once_and_acknowledged(void **state)
{
	struct gh_dev_event e;
	size_t n;

	(void)state;
	for (int i = 0; i < 3; i++)
		toy_event(&toy, 9, GH_LUM_EV_OVER_CURRENT, 0, 3500);
	toy_event(&toy, 10, GH_LUM_EV_OVER_CURRENT, 200, 3500);
	assert_int_equal(pump_for(20000, &n), GH_OK);
	assert_true(drv->event(dev, &e));
	assert_int_equal(e.kind, GH_DEV_EV_OVER_CURRENT);
	assert_true(e.value > 3.49 && e.value < 3.51);
	assert_non_null(strstr(e.text, "demo.joint"));
	assert_false(drv->event(dev, &e));
	assert_int_equal(toy.count[GH_LUM_EVENT_ACK], 4);
}

static void events_that_cannot_be_kept_are_not_acknowledged(void **state)
{
	struct gh_dev_event e;
	unsigned taken = 0;
	size_t n;

	(void)state;
	for (uint16_t i = 1; i <= 40; i++) {
		toy_event(&toy, i, GH_LUM_EV_BROWN_OUT, 0, 4000);
		assert_int_equal(pump_for(10000, &n), GH_OK);
	}
	assert_int_equal(toy.count[GH_LUM_EVENT_ACK], 32);
	while (drv->event(dev, &e))
		taken++;
	assert_int_equal(taken, 32);
}

static void arm_sees_the_watchdog_trip(void **state)
{
	double ms = 0.0;

	(void)state;
	assert_int_equal(drv->arm(dev, false, &ms, &err), GH_OK);
	assert_true(ms >= 95.0 && ms <= 125.0);
	assert_int_equal(toy.state, 1);
	assert_int_equal(toy.count[GH_LUM_ARM], 2);
}

static void a_dead_watchdog_is_unsafe_and_stopped(void **state)
{
	double ms = 0.0;

	(void)state;
	toy.no_watchdog = true;
	assert_int_equal(drv->arm(dev, false, &ms, &err), GH_UNSAFE);
	assert_non_null(strstr(err.msg, "did not trip"));
	assert_int_equal(toy.state, 3);
	assert_int_equal(toy.count[GH_LUM_STOP], 1);
}

static void another_latch_is_no_proof(void **state)
{
	double ms = 0.0;

	(void)state;
	toy.watchdog_cause = 7;
	assert_int_equal(drv->arm(dev, false, &ms, &err), GH_UNSAFE);
	assert_non_null(strstr(err.msg, "BROWN_OUT"));
}

static void a_latch_is_cleared_only_when_asked(void **state)
{
	double ms;

	(void)state;
	toy.state = 3;
	toy.cause = 3;
	assert_int_equal(drv->arm(dev, false, &ms, &err), GH_UNSAFE);
	assert_non_null(strstr(err.msg, "OVER_CURRENT"));
	assert_int_equal(toy.count[GH_LUM_CLEAR], 0);
	assert_int_equal(drv->arm(dev, true, &ms, &err), GH_OK);
}

static void an_enable_input_that_is_off_is_unsafe(void **state)
{
	double ms;

	(void)state;
	toy.enable_off = true;
	assert_int_equal(drv->arm(dev, true, &ms, &err), GH_UNSAFE);
	assert_non_null(strstr(err.msg, "enable"));
	assert_int_equal(toy.count[GH_LUM_ARM], 0);
}

static void beats_go_out_40_times_a_second(void **state)
{
	unsigned before;
	double ms;
	size_t n;

	(void)state;
	assert_int_equal(drv->arm(dev, false, &ms, &err), GH_OK);
	before = toy.count[GH_LUM_HEARTBEAT];
	assert_int_equal(pump_for(1000000, &n), GH_OK);
	assert_in_range(toy.count[GH_LUM_HEARTBEAT] - before, 33, 41);
	/* Also while somebody waits for a reply that does not come. */
	before = toy.count[GH_LUM_HEARTBEAT];
	toy.drop[GH_LUM_RUN] = 6;
	assert_int_equal(drv->run(dev, 0, &err), GH_TIMEOUT);
	assert_true(toy.count[GH_LUM_HEARTBEAT] - before >= 12);
	assert_int_not_equal(toy.state, 3);
}

static void segments_are_acknowledged_by_sum(void **state)
{
	const struct gh_segment seg[2] = {
		{ GH_SHAPE_EASE, 500000, 0.25, false, 0.0 },
		{ GH_SHAPE_HOLD, 100000, 0.0, true, 0.0 },
	};
	double ms;

	(void)state;
	assert_int_equal(drv->queue(dev, 0, seg, 2, &err), GH_UNSAFE);
	assert_int_equal(drv->arm(dev, false, &ms, &err), GH_OK);
	assert_int_equal(drv->queue(dev, 0, seg, 2, &err), GH_OK);
	assert_int_equal(drv->room(dev, 0), 7);
	/* The toy sums only one request: the second one must not pass. */
	assert_int_equal(drv->queue(dev, 0, seg, 2, &err), GH_PROTO);
	assert_non_null(strstr(err.msg, "demo.joint"));
}

static void more_segments_than_room_is_busy(void **state)
{
	struct gh_segment seg[9];
	double ms;

	(void)state;
	for (size_t i = 0; i < 9; i++)
		seg[i] = (struct gh_segment){ GH_SHAPE_HOLD, 1000, 0, false,
					      0.0 };
	assert_int_equal(drv->arm(dev, false, &ms, &err), GH_OK);
	assert_int_equal(drv->queue(dev, 0, seg, 9, &err), GH_BUSY);
	assert_int_equal(toy.count[GH_LUM_SEGMENTS], 0);
}

static void stop_is_on_the_wire_when_the_call_returns(void **state)
{
	double ms;

	(void)state;
	assert_int_equal(drv->arm(dev, false, &ms, &err), GH_OK);
	assert_int_equal(drv->stop(dev, &err), GH_OK);
	assert_int_equal(toy.count[GH_LUM_STOP], 1);
	assert_int_equal(toy.state, 3);
}

static void a_port_that_takes_nothing_says_so(void **state)
{
	static const double dark[4];
	const gh_us began = toy.wire.now;

	(void)state;
	toy.wire.full = true;
	assert_int_equal(drv->stop(dev, &err), GH_IO);
	/* A request that was never sent ends all the same. */
	assert_int_equal(drv->glow(dev, 0, dark, 0, &err), GH_TIMEOUT);
	assert_true(toy.wire.now - began < GH_US_PER_S);
}

static void safe_leaves_idle_and_dark(void **state)
{
	struct gh_dev_status status;
	double ms;

	(void)state;
	start_stream();
	assert_int_equal(drv->arm(dev, false, &ms, &err), GH_OK);
	assert_int_equal(drv->run(dev, 0, &err), GH_OK);
	assert_int_equal(drv->safe(dev, 0, &status, &err), GH_OK);
	assert_int_equal(status.state, GH_MOTION_IDLE);
	assert_int_equal(toy.count[GH_LUM_STOP], 0);
	assert_int_equal(toy.count[GH_LUM_LAMP], 1);
	assert_int_equal(toy.count[GH_LUM_TORQUE], 0);
	assert_int_equal(toy.stream_n, 0);
	assert_int_equal(drv->safe(dev, 0, &status, &err), GH_OK);
}

static void safe_drops_torque_only_where_allowed(void **state)
{
	struct gh_dev_status status;
	double ms;

	(void)state;
	assert_int_equal(drv->arm(dev, false, &ms, &err), GH_OK);
	assert_int_equal(drv->safe(dev, 1, &status, &err), GH_OK);
	assert_int_equal(toy.count[GH_LUM_TORQUE], 1);
}

static void safe_is_not_claimed_without_an_answer(void **state)
{
	struct gh_dev_status status;
	const gh_us before = toy.wire.now;

	(void)state;
	toy.mute = true;
	assert_int_equal(drv->safe(dev, 0, &status, &err), GH_TIMEOUT);
	assert_in_range(toy.wire.now - before, 900000, 1200000);
	/* It was stopped blind, more than once. */
	assert_true(toy.count[GH_LUM_STOP] >= 2);
}

static void safe_waits_for_rest(void **state)
{
	struct gh_dev_status status;

	(void)state;
	toy.state = 3;
	toy.moving = 2;
	assert_int_equal(drv->safe(dev, 0, &status, &err), GH_TIMEOUT);
	assert_non_null(strstr(err.msg, "not at rest"));
}

static void limits_are_lowered_never_raised(void **state)
{
	const struct gh_dev_actuator wanted = {
		.lo_rad = -5.0,
		.hi_rad = 0.5,
		.speed_rad_s = 1.0,
		.accel_rad_s2 = 100.0,
	};
	const struct gh_dev_actuator *a = &drv->info(dev)->actuators[0];

	(void)state;
	assert_int_equal(drv->limit(dev, 0, &wanted, &err), GH_OK);
	assert_true(a->lo_rad < -0.99 && a->lo_rad > -1.01);
	assert_true(a->hi_rad > 0.49 && a->hi_rad < 0.51);
	assert_true(a->speed_rad_s > 0.99 && a->speed_rad_s < 1.01);
	assert_true(a->accel_rad_s2 > 19.9 && a->accel_rad_s2 < 20.1);
	assert_true(a->current_a > 2.9 && a->current_a < 3.1);
}

static void limits_that_stay_wider_are_unsafe(void **state)
{
	const struct gh_dev_actuator wanted = { .hi_rad = 0.5,
						.speed_rad_s = 1.0 };

	(void)state;
	/* speed, the u32 at 9: 1.0 rad/s becomes 2.0 */
	toy.reply_patch_type = GH_LUM_LOWER_LIMITS;
	toy.reply_patch_at = 11;
	toy.reply_patch_value = 0x1E;
	assert_int_equal(drv->limit(dev, 0, &wanted, &err), GH_UNSAFE);
	assert_non_null(strstr(err.msg, "wider limits"));
}

static void counters_start_when_we_open(void **state)
{
	struct gh_dev_status status;

	(void)state;
	assert_int_equal(drv->status(dev, &status, &err), GH_OK);
	assert_int_equal(drv->status(dev, &status, &err), GH_OK);
	/* The toy counts requests; the first one was at open. */
	assert_in_range(stats().device_bad, 1, 2);
	assert_true(stats().rtt_p99_ms > 1.0 && stats().rtt_p99_ms < 10.0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(samples_come_out_as_they_went_in),
		CASE(a_gap_is_counted_and_a_repeat_ignored),
		CASE(time_is_unwrapped),
		CASE(a_wrong_shape_breaks_the_protocol),
		CASE(silence_while_streaming_is_stale),
		CASE(a_hang_up_is_gone_for_ever),
		CASE(an_idle_session_is_never_silent),
		CASE(a_reboot_is_a_reset),
		CASE(events_are_taken_once_and_acknowledged),
		CASE(events_that_cannot_be_kept_are_not_acknowledged),
		CASE(arm_sees_the_watchdog_trip),
		CASE(a_dead_watchdog_is_unsafe_and_stopped),
		CASE(another_latch_is_no_proof),
		CASE(a_latch_is_cleared_only_when_asked),
		CASE(an_enable_input_that_is_off_is_unsafe),
		CASE(beats_go_out_40_times_a_second),
		CASE(segments_are_acknowledged_by_sum),
		CASE(more_segments_than_room_is_busy),
		CASE(stop_is_on_the_wire_when_the_call_returns),
		CASE(a_port_that_takes_nothing_says_so),
		CASE(safe_leaves_idle_and_dark),
		CASE(safe_drops_torque_only_where_allowed),
		CASE(safe_is_not_claimed_without_an_answer),
		CASE(safe_waits_for_rest),
		CASE(limits_are_lowered_never_raised),
		CASE(limits_that_stay_wider_are_unsafe),
		CASE(counters_start_when_we_open),
	};

	return cmocka_run_group_tests_name("lumina run", tests, NULL, NULL);
}
