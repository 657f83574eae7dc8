/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * timeout: 240
 * Our firmware on both boards, what moves: limits, watchdog, STOP and reset,
 * read from the servo pulses in simulated cycles.
 */
#include "boards/session.h" /* struct gh_board_session */

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PI 3.14159265358979323846
/* Servo frames of 50 Hz; a frame is the finest that pulses can show. */
#define FRAME_US 20000
#define WATCHDOG_US 100000
/* A byte's way to the board, and its answer: 20 bytes at 115 200 Bd. */
#define WIRE_US 2000
/* Timer counts of 0.5 us are 0.85 mrad. */
#define COUNT_RAD 0.00085
#define SHOWN_RAD (3 * COUNT_RAD)
#define SPEED_RAD_S 1.0

enum { PULSES = 2000 };

struct pulse {
	double at_us, rad;
};

struct scene {
	struct gh_board_session s;
	struct pulse pulses[PULSES]; /* of the first joint */
	unsigned n;
};

static struct scene scene;

static void on_pulse(void *self, unsigned joint, double at_us, double width_us)
{
	struct scene *sc = self;

	if (joint != 0 || sc->n == PULSES)
		return;
	sc->pulses[sc->n++] =
		(struct pulse){ at_us, (width_us - 1472.0) / 1856.0 * PI };
}

static struct gh_board_session *start(void **state, bool open)
{
	const enum gh_board_kind *kind = *state;
	const struct gh_pins_ears ears = { on_pulse, NULL, &scene };

	memset(&scene, 0, sizeof scene);
	gh_session_start(&scene.s, *kind, &ears);
	if (open)
		gh_session_open(&scene.s);
	return &scene.s;
}

static int end(void **state)
{
	(void)state;
	gh_session_end(&scene.s);
	return 0;
}

static void spin(struct gh_board_session *s, gh_us length)
{
	if (gh_session_spin(s, length) != GH_OK)
		fail_msg("pump: %s", s->err.msg);
}

static struct gh_dev_status status(struct gh_board_session *s)
{
	struct gh_dev_status st = { 0 };

	if (s->driver->status(s->dev, &st, &s->err) != GH_OK)
		fail_msg("status: %s", s->err.msg);
	return st;
}

/* To the low end, then towards the high one: two seconds at SPEED_RAD_S. */
static void sweep(struct gh_board_session *s)
{
	const struct gh_segment path[] = {
		{ GH_SHAPE_EASE, 3000000, -1.0, false, 0.0 },
		{ GH_SHAPE_LINEAR, 2000000, 1.0, true, 0.0 },
	};

	gh_session_arm(s);
	gh_session_run(s, 0, path, 2);
}

/* The first pulse that is not on the line through the two before `from`. */
static unsigned leaves_line(const struct scene *sc, unsigned from)
{
	const struct pulse *p = &sc->pulses[from - 1];

	for (unsigned i = from; i < sc->n; i++) {
		const double on =
			p->rad +
			SPEED_RAD_S * 1e-6 * (sc->pulses[i].at_us - p->at_us);

		if (fabs(sc->pulses[i].rad - on) > SHOWN_RAD)
			return i;
	}
	return sc->n;
}

/* The last pulse that differs from the one that ends it all. */
static unsigned moves_last(const struct scene *sc)
{
	unsigned i = sc->n - 1;

	while (i > 0 &&
	       fabs(sc->pulses[i].rad - sc->pulses[sc->n - 1].rad) <= COUNT_RAD)
		i--;
	return i;
}

static void describes_itself_as_the_rig_does(void **state)
{
	struct gh_board_session *s = start(state, true);

	assert_int_equal(s->info->n_actuators, s->rig.n_joints);
	assert_int_equal(s->info->n_lamps, 1);
	assert_int_equal(s->info->watchdog_ms, 100);
	assert_false(s->info->simulated);
	assert_string_equal(s->info->reset_cause, "power-on");
	for (unsigned i = 0; i < s->rig.n_joints; i++) {
		const struct gh_rig_joint *j = &s->rig.joints[i];
		const struct gh_dev_actuator *a = &s->info->actuators[i];

		assert_string_equal(a->part, s->rig.parts[j->part].name);
		assert_true(fabs(a->lo_rad - j->lo_rad) < 1e-5);
		assert_true(fabs(a->hi_rad - j->hi_rad) < 1e-5);
		assert_true(fabs(a->speed_rad_s - j->speed_max_rad_s) < 1e-5);
		assert_true(fabs(a->accel_rad_s2 - j->accel_max_rad_s2) < 1e-4);
		assert_true(fabs(a->current_a - j->current_max_a) < 1e-3);
	}
	assert_string_equal(s->info->lamps[0].part, "core");
	for (unsigned i = 0; i < s->info->n_channels; i++)
		assert_int_not_equal(
			gh_rig_find_part(&s->rig, s->info->channels[i].part),
			GH_RIG_NONE);
}

static void a_sweep_is_what_was_asked(void **state)
{
	struct gh_board_session *s = start(state, true);
	struct gh_dev_status st;

	sweep(s);
	scene.n = 0;
	spin(s, 5500000);
	st = status(s);
	assert_int_equal(st.state, GH_MOTION_ARMED);
	assert_true(fabs(st.position_rad[0] - 1.0) < 2e-4);
	assert_true(fabs(scene.pulses[scene.n - 1].rad - 1.0) <= COUNT_RAD);
	for (unsigned i = 1; i < scene.n; i++) {
		const double gap_us =
			scene.pulses[i].at_us - scene.pulses[i - 1].at_us;

		/* Pulses end at different widths: a frame and 20 ms * speed. */
		assert_true(fabs(gap_us - FRAME_US) < 40.0);
	}
	if (s->driver->safe(s->dev, 0, &st, &s->err) != GH_OK)
		fail_msg("safe: %s", s->err.msg);
	assert_int_equal(st.state, GH_MOTION_IDLE);
	assert_true(st.at_rest);
}

/* Reads the deadline from the pulses: issue and protocol say the same. */
static void a_lost_heartbeat_trips_within_a_frame(void **state)
{
	struct gh_board_session *s = start(state, true);
	const double accel = s->info->actuators[0].accel_rad_s2;
	const double slow_us = SPEED_RAD_S / accel * 1e6;
	const double shows_us = sqrt(2 * SHOWN_RAD / accel) * 1e6;
	double lost_us, ended_us;
	unsigned from, left;
	struct gh_dev_status st;

	sweep(s);
	spin(s, 3600000);
	lost_us = (double)s->wrote_at;
	from = scene.n;
	gh_board_advance(s->board, gh_board_now(s->board) + 2000000);
	left = leaves_line(&scene, from);
	assert_true(left < scene.n);
	ended_us = scene.pulses[moves_last(&scene) + 1].at_us;
	print_message("# beat lost: off the line after %.1f ms, at rest after "
		      "%.1f ms (v/a %.1f ms)\n",
		      (scene.pulses[left].at_us - lost_us) / 1e3,
		      (ended_us - lost_us) / 1e3, slow_us / 1e3);
	/* A frame until it is in a pulse; then it has to grow to be seen. */
	assert_true(scene.pulses[left].at_us - lost_us <
		    WATCHDOG_US + WIRE_US + 2 * FRAME_US + shows_us);
	/* Not before its time: a beat is due every 25 ms. */
	assert_true(ended_us - slow_us - lost_us > 3 * WATCHDOG_US / 4);
	assert_true(ended_us - lost_us <
		    WATCHDOG_US + WIRE_US + slow_us + 2 * FRAME_US);
	/* It holds: pulses go on at the angle where it came to rest. */
	assert_true(gh_board_now(s->board) -
			    (gh_us)scene.pulses[scene.n - 1].at_us <
		    2 * FRAME_US);
	s->w.now = gh_board_now(s->board);
	st = status(s);
	assert_int_equal(st.state, GH_MOTION_LATCHED);
	assert_string_equal(st.cause, "WATCHDOG");
	assert_true(st.at_rest);
	assert_true(fabs(st.position_rad[0] - scene.pulses[scene.n - 1].rad) <
		    2 * COUNT_RAD);
}

static void stop_slows_down_and_holds(void **state)
{
	struct gh_board_session *s = start(state, true);
	const double slow_us =
		SPEED_RAD_S / s->info->actuators[0].accel_rad_s2 * 1e6;
	double asked_us;
	struct gh_dev_status st;

	sweep(s);
	spin(s, 3600000);
	asked_us = (double)gh_board_now(s->board);
	if (s->driver->stop(s->dev, &s->err) != GH_OK)
		fail_msg("stop: %s", s->err.msg);
	spin(s, 1000000);
	assert_true(scene.pulses[moves_last(&scene) + 1].at_us - asked_us <
		    WIRE_US + slow_us + 2 * FRAME_US);
	st = status(s);
	assert_int_equal(st.state, GH_MOTION_LATCHED);
	assert_string_equal(st.cause, "STOP");
	assert_true(st.at_rest);
}

static void refused(struct gh_board_session *s, const struct gh_segment *seg)
{
	assert_int_not_equal(s->driver->queue(s->dev, 0, seg, 1, &s->err),
			     GH_OK);
	assert_string_not_equal(s->err.msg, "");
}

static void limits_are_the_boards_own(void **state)
{
	struct gh_board_session *s = start(state, true);
	const struct gh_segment far = { GH_SHAPE_EASE, 5000000, 1.5, true,
					0.0 };
	const struct gh_segment fast = { GH_SHAPE_LINEAR, 100000, 1.0, true,
					 0.0 };
	const struct gh_segment hard = { GH_SHAPE_EASE, 90000, 0.1, true, 0.0 };

	gh_session_arm(s);
	refused(s, &far);
	refused(s, &fast);
	refused(s, &hard);
	scene.n = 0;
	spin(s, 500000);
	for (unsigned i = 1; i < scene.n; i++)
		assert_true(fabs(scene.pulses[i].rad - scene.pulses[0].rad) <=
			    COUNT_RAD);
}

static void a_reset_in_mid_sweep_is_noticed(void **state)
{
	struct gh_board_session *s = start(state, true);
	const uint16_t first = 0;
	enum gh_status st = GH_OK;
	gh_us reset_at;

	if (s->driver->stream(s->dev, 0, &first, 1, 100.0, NULL, &s->err) !=
	    GH_OK)
		fail_msg("stream: %s", s->err.msg);
	sweep(s);
	spin(s, 3600000);
	reset_at = gh_board_now(s->board);
	gh_board_reset(s->board, GH_BOARD_EXTERNAL);
	for (unsigned i = 0; i < 200 && st == GH_OK; i++)
		st = gh_session_spin(s, 10000);
	/* It speaks another rate now: silence is all that a host may hear. */
	assert_true(st == GH_RESET || st == GH_STALE);
	assert_true(gh_board_now(s->board) - reset_at < 300000);
	/* What was a pulse is cut short; after it there is none. */
	assert_true(scene.pulses[scene.n - 1].at_us <
		    (double)reset_at + FRAME_US);
	s->driver->close(s->dev);
	s->dev = NULL;
	gh_board_host_baud(s->board, s->driver->default_baud);
	gh_session_open(s);
	assert_string_equal(s->info->reset_cause, "external");
	assert_int_equal(status(s).state, GH_MOTION_IDLE);
}

int main(void)
{
	static enum gh_board_kind kinds[] = { GH_BOARD_UNO, GH_BOARD_MEGA };
	static const struct {
		const char *name;
		CMUnitTestFunction run;
	} cases[] = {
		{ "describes", describes_itself_as_the_rig_does },
		{ "sweep", a_sweep_is_what_was_asked },
		{ "heartbeat", a_lost_heartbeat_trips_within_a_frame },
		{ "stop", stop_slows_down_and_holds },
		{ "limits", limits_are_the_boards_own },
		{ "reset", a_reset_in_mid_sweep_is_noticed },
	};
	struct CMUnitTest tests[2 * GH_ARRAY_SIZE(cases)] = { 0 };

	for (size_t i = 0; i < GH_ARRAY_SIZE(tests); i++)
		tests[i] = (struct CMUnitTest){ cases[i / 2].name,
						cases[i / 2].run, NULL, end,
						&kinds[i % 2] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
