/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Motion through Firmata, which has no watchdog: nothing is attached before
 * arm, it is taken up where it is, no goal is ever more than 20 ms of travel
 * beyond the last, and the safe state is seen.
 */
#include "unit/test_firmata.h" /* struct fake */

#include <math.h>

static const struct gh_driver *const drv = &gh_driver_firmata;

static struct fake *ready(void)
{
	struct fake *f = fake_create();

	f->pots_follow = true;
	assert_int_equal(fake_open(f, &fake_wiring), GH_OK);
	return f;
}

static void arm(struct fake *f)
{
	double proved_ms = -1.0;

	assert_int_equal(drv->arm(f->dev, false, &proved_ms, &f->err), GH_OK);
	assert_float_equal(proved_ms, 0.0, 0.0);
}

static struct gh_segment linear(double rad, double s, bool last)
{
	return (struct gh_segment){ .shape = GH_SHAPE_LINEAR,
				    .duration_us = (gh_us)(s * 1e6),
				    .target_rad = rad,
				    .last = last };
}

/* Largest step between two goals for a pin, of all that was ever sent. */
static int worst_step_us(const struct fake *f, unsigned pin)
{
	int worst = 0, last = -1;

	for (size_t i = 0; i + 2 < f->tx_n; i++) {
		const int us = f->tx[i + 1] | f->tx[i + 2] << 7;

		if (f->tx[i] != (0xe0 | pin))
			continue;
		if (last >= 0 && abs(us - last) > worst)
			worst = abs(us - last);
		last = us;
	}
	return worst;
}

static void nothing_is_attached_before_arm(void **state)
{
	struct fake *f = ready();
	const double blue[4] = { 0, 0, 1, 0 };
	struct gh_segment seg = linear(0.1, 1.0, true);
	struct gh_dev_status st;

	(void)state;
	fake_stream_all(f);
	assert_int_equal(drv->glow(f->dev, 0, blue, 0, &f->err), GH_OK);
	assert_int_equal(fake_spin(f, 500000, NULL), GH_OK);
	assert_int_equal(f->value[6], 255);
	assert_int_equal(drv->queue(f->dev, 0, &seg, 1, &f->err), GH_UNSAFE);
	assert_int_equal(drv->run(f->dev, 0, &f->err), GH_UNSAFE);
	assert_int_equal(drv->status(f->dev, &st, &f->err), GH_OK);
	assert_int_equal(st.state, GH_MOTION_IDLE);
	assert_int_equal(drv->safe(f->dev, 0, &st, &f->err), GH_OK);
	assert_int_equal(f->value[6], 0);
	assert_int_equal(f->attaches, 0);
	fake_destroy(f);
}

static void it_is_taken_up_where_it_is(void **state)
{
	struct fake *f = ready();
	const uint8_t expected[] = { 0xf0, 0x70, 0x09, 0x20, 0x04, 0x60,
				     0x12, 0xf7, 0xf4, 0x09, 0x04, 0xe9 };
	size_t at = 0;

	(void)state;
	f->counts[0] = 700;
	arm(f);
	assert_int_equal(f->attaches, 2);
	/* 700 counts are 3.418 V, 41.3 deg, 1898 us */
	assert_in_range(f->value[9], 1896, 1900);
	/* the vector's bytes, and the goal in the same breath */
	while (at + sizeof(expected) < f->tx_n &&
	       memcmp(f->tx + at, expected, sizeof(expected)) != 0)
		at++;
	assert_true(at + sizeof(expected) < f->tx_n);
	fake_destroy(f);
}

static void a_driven_servo_keeps_its_value(void **state)
{
	struct fake *f = ready();

	(void)state;
	f->mode[9] = 4; /* left so by a host that died */
	f->value[9] = 1200;
	arm(f);
	assert_int_equal(f->attaches, 1);
	assert_int_equal(f->value[9], 1200);
	fake_destroy(f);
}

static void no_position_no_motion(void **state)
{
	static const struct gh_wire blind[] = {
		WIRE("arm.shoulder", GH_Q_COMMAND, SERVO_LINE("9"), 40),
	};
	static const struct gh_wire parked[] = {
		WIRE("arm.shoulder", GH_Q_COMMAND,
		     SERVO_LINE("9") " park_deg=30", 40),
	};
	const struct gh_wiring blind_wiring = { "uno.rig", blind, 1 };
	const struct gh_wiring parked_wiring = { "uno.rig", parked, 1 };
	struct fake *f = fake_create();
	double ms;

	(void)state;
	assert_int_equal(fake_open(f, &blind_wiring), GH_OK);
	assert_int_equal(drv->arm(f->dev, false, &ms, &f->err), GH_UNSAFE);
	assert_int_equal(f->attaches, 0);
	drv->close(f->dev);
	f->dev = NULL;
	assert_int_equal(fake_open(f, &parked_wiring), GH_OK);
	arm(f);
	assert_int_equal(f->value[9], 544 + 1856 * 2 / 3);
	drv->close(f->dev);
	f->dev = NULL;
	f->mode[9] = 1;
	f->counts[0] = 0; /* wire open */
	assert_int_equal(fake_open(f, &fake_wiring), GH_OK);
	assert_int_equal(drv->arm(f->dev, false, &ms, &f->err), GH_UNSAFE);
	assert_non_null(strstr(f->err.msg, "arm.shoulder"));
	fake_destroy(f);
}

static void a_program_is_followed(void **state)
{
	struct fake *f = ready();
	const struct gh_segment path[] = { linear(0.5, 1.0, false),
					   { GH_SHAPE_HOLD, 200000, 0, false,
					     0.0 },
					   linear(-0.5, 2.0, true) };
	struct heard h = { 0 };
	struct gh_dev_event ev;
	struct gh_dev_status st;
	bool ended = false;

	(void)state;
	fake_stream_all(f);
	arm(f);
	assert_int_equal(drv->room(f->dev, 0), 64);
	assert_int_equal(drv->queue(f->dev, 0, path, 3, &f->err), GH_OK);
	assert_int_equal(drv->room(f->dev, 0), 61);
	assert_int_equal(drv->run(f->dev, drv->device_now(f->dev) + 50000,
				  &f->err),
			 GH_OK);
	assert_int_equal(fake_spin(f, 1150000, &h), GH_OK);
	assert_in_range(h.last[CH_SHOULDER_CMD], 4990, 5010);
	assert_in_range(h.last[CH_SHOULDER_POS], 4900, 5100);
	assert_int_equal(h.last[CH_ELBOW_CMD] / 20, 0);
	assert_int_equal(drv->status(f->dev, &st, &f->err), GH_OK);
	assert_int_equal(st.state, GH_MOTION_RUNNING);
	assert_float_equal(st.position_rad[0], 0.5, 0.002);
	assert_int_equal(fake_spin(f, 2300000, &h), GH_OK);
	while (drv->event(f->dev, &ev))
		ended |= ev.kind == GH_DEV_EV_PROGRAM_END;
	assert_true(ended);
	assert_int_equal(drv->status(f->dev, &st, &f->err), GH_OK);
	assert_int_equal(st.state, GH_MOTION_ARMED);
	assert_true(st.at_rest);
	assert_float_equal(st.position_rad[0], -0.5, 0.002);
	/* 0.5 rad/s: 20 ms are 0.01 rad, 5.9 us, and 1 us of rounding */
	assert_in_range(worst_step_us(f, 9), 1, 7);
	fake_destroy(f);
}

/* A host that is held up goes on where it was; it does not catch up. */
static void a_late_host_makes_no_leap(void **state)
{
	struct fake *f = ready();
	const struct gh_segment path = linear(0.8, 1.6, true);
	struct gh_dev_status st;

	(void)state;
	fake_stream_all(f);
	arm(f);
	assert_int_equal(drv->queue(f->dev, 1, &path, 1, &f->err), GH_OK);
	assert_int_equal(drv->run(f->dev, drv->device_now(f->dev), &f->err),
			 GH_OK);
	for (unsigned i = 0; i < 16; i++) {
		assert_int_equal(fake_spin(f, 20000, NULL), GH_OK);
		f->now += 15000 * i;
		f->report_due = f->now;
	}
	assert_in_range(worst_step_us(f, 10), 1, 7);
	assert_int_equal(fake_spin(f, 1600000, NULL), GH_OK);
	assert_int_equal(drv->status(f->dev, &st, &f->err), GH_OK);
	assert_float_equal(st.position_rad[1], 0.8, 0.002);
	assert_in_range(worst_step_us(f, 10), 1, 7);
	fake_destroy(f);
}

/* Else a program of 1 s would still run when the engine begins the next. */
static void a_held_up_program_holds_up_device_time(void **state)
{
	struct fake *f = ready();
	const struct gh_segment path = linear(0.5, 1.0, true);
	gh_us begun, was;

	(void)state;
	fake_stream_all(f);
	arm(f);
	begun = was = drv->device_now(f->dev);
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(drv->queue(f->dev, 0, &path, 1, &f->err),
				 GH_OK);
		begun = drv->device_now(f->dev);
		assert_int_equal(drv->run(f->dev, begun, &f->err), GH_OK);
		while (drv->device_now(f->dev) < begun + 1060000) {
			assert_int_equal(fake_spin(f, 20000, NULL), GH_OK);
			assert_in_range(drv->device_now(f->dev) - was, 1,
					500000);
			was = drv->device_now(f->dev);
			f->now += 50000;
			f->report_due = f->now;
		}
	}
	fake_destroy(f);
}

static void a_dead_host_leaves_a_held_arm(void **state)
{
	struct fake *f = ready();
	const struct gh_segment path = linear(0.5, 1.0, true);
	unsigned held;

	(void)state;
	arm(f);
	assert_int_equal(drv->queue(f->dev, 0, &path, 1, &f->err), GH_OK);
	assert_int_equal(drv->run(f->dev, drv->device_now(f->dev), &f->err),
			 GH_OK);
	assert_int_equal(fake_spin(f, 400000, NULL), GH_OK);
	held = f->value[9];
	f->now += 3000000; /* nobody pumps */
	assert_int_equal(f->value[9], held);
	assert_int_equal(f->mode[9], 4);
	/* 0.2 rad of the way, not 0.5 */
	assert_in_range(held, 1472 + 108, 1472 + 124);
	fake_destroy(f);
}

static void stop_holds_and_latches(void **state)
{
	struct fake *f = ready();
	const struct gh_segment path = linear(0.5, 1.0, true);
	struct gh_dev_status st;
	unsigned held;
	double ms;

	(void)state;
	assert_int_equal(drv->stop(f->dev, &f->err), GH_OK); /* any state */
	assert_int_equal(drv->arm(f->dev, true, &ms, &f->err), GH_OK);
	assert_int_equal(drv->queue(f->dev, 0, &path, 1, &f->err), GH_OK);
	assert_int_equal(drv->run(f->dev, drv->device_now(f->dev), &f->err),
			 GH_OK);
	assert_int_equal(fake_spin(f, 300000, NULL), GH_OK);
	assert_int_equal(drv->stop(f->dev, &f->err), GH_OK);
	held = f->value[9];
	assert_int_equal(fake_spin(f, 300000, NULL), GH_OK);
	assert_int_equal(f->value[9], held);
	assert_int_equal(drv->status(f->dev, &st, &f->err), GH_OK);
	assert_int_equal(st.state, GH_MOTION_LATCHED);
	assert_string_equal(st.cause, "STOP");
	assert_int_equal(drv->queue(f->dev, 0, &path, 1, &f->err), GH_UNSAFE);
	assert_int_equal(drv->arm(f->dev, false, &ms, &f->err), GH_UNSAFE);
	assert_int_equal(drv->arm(f->dev, true, &ms, &f->err), GH_OK);
	assert_int_equal(f->value[9], held);
	fake_destroy(f);
}

static void an_empty_ring_latches(void **state)
{
	struct fake *f = ready();
	const struct gh_segment path = linear(0.1, 0.5, false);
	struct gh_dev_status st;

	(void)state;
	arm(f);
	assert_int_equal(drv->queue(f->dev, 0, &path, 1, &f->err), GH_OK);
	assert_int_equal(drv->run(f->dev, drv->device_now(f->dev), &f->err),
			 GH_OK);
	assert_int_equal(fake_spin(f, 700000, NULL), GH_OK);
	assert_int_equal(drv->status(f->dev, &st, &f->err), GH_OK);
	assert_int_equal(st.state, GH_MOTION_LATCHED);
	assert_string_equal(st.cause, "UNDERRUN");
	fake_destroy(f);
}

static void limits_are_kept(void **state)
{
	struct fake *f = ready();
	const struct gh_dev_actuator low = { .lo_rad = -0.2,
					     .hi_rad = 0.2,
					     .speed_rad_s = 0.5,
					     .accel_rad_s2 = 5.0,
					     .current_a = 1.0,
					     .temperature_c = 60.0 };
	const struct gh_dev_actuator high = { .lo_rad = -9.0,
					      .hi_rad = 9.0,
					      .speed_rad_s = 9.0,
					      .accel_rad_s2 = 99.0,
					      .current_a = 9.0,
					      .temperature_c = 99.0 };
	const struct gh_segment far = linear(0.3, 9.0, true);
	const struct gh_segment fast = linear(0.15, 0.2, true);
	const struct gh_segment leap = linear(0.15, 0.0, true);
	const struct gh_segment nonsense = linear(NAN, 1.0, true);
	const struct gh_segment backwards = linear(0.1, -1.0, true);
	struct gh_segment guarded = linear(0.1, 1.0, true);
	struct gh_segment many[65] = { { GH_SHAPE_HOLD, 1, 0, false, 0.0 } };

	(void)state;
	arm(f);
	assert_int_equal(drv->limit(f->dev, 0, &low, &f->err), GH_OK);
	assert_int_equal(drv->limit(f->dev, 0, &high, &f->err), GH_OK);
	assert_int_equal(drv->limit(f->dev, 7, &low, &f->err), GH_ARG);
	assert_int_equal(drv->queue(f->dev, 0, &far, 1, &f->err), GH_UNSAFE);
	assert_int_equal(drv->queue(f->dev, 0, &fast, 1, &f->err), GH_UNSAFE);
	assert_int_equal(drv->queue(f->dev, 0, &leap, 1, &f->err), GH_UNSAFE);
	assert_int_equal(drv->queue(f->dev, 0, &nonsense, 1, &f->err), GH_ARG);
	assert_int_equal(drv->queue(f->dev, 0, &backwards, 1, &f->err), GH_ARG);
	guarded.guard_a = 0.5;
	assert_int_equal(drv->queue(f->dev, 0, &guarded, 1, &f->err), GH_UNSUP);
	assert_int_equal(drv->queue(f->dev, 0, many, 65, &f->err), GH_BUSY);
	assert_int_equal(drv->room(f->dev, 0), 64);
	assert_int_equal(drv->queue(f->dev, 1, &far, 1, &f->err), GH_OK);
	fake_destroy(f);
}

static void safe_is_seen_or_refused(void **state)
{
	struct fake *f = ready();
	const double pink[4] = { 0.9, 0.45, 0.55, 0 };
	struct gh_dev_status st;
	gh_us begun;

	(void)state;
	fake_stream_all(f);
	arm(f);
	assert_int_equal(drv->glow(f->dev, 0, pink, 500000, &f->err), GH_OK);
	assert_int_equal(fake_spin(f, 250000, NULL), GH_OK);
	assert_in_range(f->value[3], 100, 130); /* half-way up */
	assert_int_equal(fake_spin(f, 300000, NULL), GH_OK);
	assert_int_equal(f->value[3], 230);
	assert_int_equal(drv->safe(f->dev, 1u << 1, &st, &f->err), GH_OK);
	assert_int_equal(st.state, GH_MOTION_IDLE);
	assert_true(st.at_rest);
	assert_int_equal(f->value[3], 0);
	assert_int_equal(f->mode[9], 4);  /* holds */
	assert_int_equal(f->mode[10], 0); /* may drop, and was let go */
	for (unsigned i = 0; i < 6; i++)
		assert_false(f->report[i]);
	assert_int_equal(drv->safe(f->dev, 0, &st, &f->err), GH_OK);
	f->value[9] += 5; /* somebody else drives it */
	assert_int_equal(drv->safe(f->dev, 0, &st, &f->err), GH_OK);
	f->mute = true;
	begun = f->now;
	assert_int_equal(drv->safe(f->dev, 0, &st, &f->err), GH_TIMEOUT);
	assert_true(f->now - begun <= 2000000);
	f->gone = true;
	assert_int_equal(drv->safe(f->dev, 0, &st, &f->err), GH_GONE);
	fake_destroy(f);
}

static void impossible_requests(void **state)
{
	struct fake *f = ready();
	const double wild[4] = { 2.0, NAN, 0, 0 };
	const uint16_t none[] = { 77 };
	double hz;

	(void)state;
	assert_int_equal(drv->glow(f->dev, 3, wild, 0, &f->err), GH_ARG);
	assert_int_equal(drv->glow(f->dev, 0, wild, 0, &f->err), GH_ARG);
	assert_int_equal(drv->stream(f->dev, 0, none, 1, 100, &hz, &f->err),
			 GH_ARG);
	assert_int_equal(drv->stream(f->dev, 9, none, 0, 100, &hz, &f->err),
			 GH_ARG);
	assert_int_equal(drv->stream(f->dev, 0, none, 0, 0, &hz, &f->err),
			 GH_OK);
	fake_destroy(f);
}

/* A whole short session; any call of the link may fail in it. */
static enum gh_status session(struct fake *f)
{
	const uint16_t all[] = { CH_SHOULDER_POS, CH_SHOULDER_AMP, CH_RED };
	const struct gh_segment path = linear(0.1, 0.2, true);
	const double blue[4] = { 0, 0, 1, 0 };
	enum gh_status st = fake_open(f, &fake_wiring);
	double hz;

	if (st == GH_OK)
		st = drv->stream(f->dev, 0, all, 3, 100, &hz, &f->err);
	if (st == GH_OK)
		st = drv->arm(f->dev, false, &hz, &f->err);
	if (st == GH_OK)
		st = drv->glow(f->dev, 0, blue, 100000, &f->err);
	if (st == GH_OK)
		st = drv->queue(f->dev, 0, &path, 1, &f->err);
	if (st == GH_OK)
		st = drv->run(f->dev, drv->device_now(f->dev), &f->err);
	if (st == GH_OK)
		st = fake_spin(f, 150000, NULL);
	return st;
}

static void the_nth_call_fails(void **state)
{
	enum gh_status st = GH_GONE;
	unsigned n = 0;

	(void)state;
	while (st == GH_GONE && n < 2000) {
		struct fake *f = fake_create();
		struct gh_dev_status seen;

		f->pots_follow = true;
		f->fail_at = ++n;
		st = session(f);
		assert_true(st == GH_OK || st == GH_GONE);
		/* The link is back: it ends safe, at the latest on request. */
		if (f->dev && drv->safe(f->dev, 0, &seen, &f->err) != GH_OK)
			assert_int_equal(drv->safe(f->dev, 0, &seen, &f->err),
					 GH_OK);
		assert_int_equal(f->value[6], 0);
		fake_destroy(f);
	}
	assert_int_equal(st, GH_OK);
	assert_true(n > 50);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_attached_before_arm),
		cmocka_unit_test(it_is_taken_up_where_it_is),
		cmocka_unit_test(a_driven_servo_keeps_its_value),
		cmocka_unit_test(no_position_no_motion),
		cmocka_unit_test(a_program_is_followed),
		cmocka_unit_test(a_late_host_makes_no_leap),
		cmocka_unit_test(a_held_up_program_holds_up_device_time),
		cmocka_unit_test(a_dead_host_leaves_a_held_arm),
		cmocka_unit_test(stop_holds_and_latches),
		cmocka_unit_test(an_empty_ring_latches),
		cmocka_unit_test(limits_are_kept),
		cmocka_unit_test(safe_is_seen_or_refused),
		cmocka_unit_test(impossible_requests),
		cmocka_unit_test(the_nth_call_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
