/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The host's envelope, sample by sample: two joints that stand where they were
 * told to be, and then one number that is not right. Whole checks are in
 * test_run_limits.c and test_run_alarm.c.
 */
#include "engine/run_state.h"  /* struct run */
#include "fakes/script_link.h" /* struct script_link: its clock */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { POS_A, AMP_A, POS_B, AMP_B, LIGHT, CHANNELS };
enum { BEGUN = 1000000, SAMPLE_US = 10000 };

static struct gh_rig rig;
static struct gh_dev_info info;
static struct gh_run_config cfg;
static struct gh_run_outcome out;
static struct gh_plan plan;
static struct script_link wall;
static struct run r;
static char told[200];
static bool slow; /* the streams */

static void tell(void *user, const struct gh_event *ev)
{
	(void)user;
	snprintf(told, sizeof told, "%s", ev->text ? ev->text : "");
}

static void make_rig(void)
{
	static const char *const names[] = { "arm.elbow", "arm.hand", "core" };

	memset(&rig, 0, sizeof rig);
	rig.n_parts = 3;
	rig.n_joints = 2;
	for (int i = 0; i < 3; i++) {
		strcpy(rig.parts[i].name, names[i]);
		rig.parts[i].joint = i < 2 ? i : -1;
	}
	for (int j = 0; j < 2; j++) {
		rig.joints[j].part = j;
		rig.joints[j].current_max_a = 2.0;
		rig.joints[j].track_abort_rad = 0.1;
	}
}

/* Angles of 0.1 mrad, currents of 1 mA that go to 30 A. */
static void make_recording(int16_t amp_lo, int16_t amp_hi)
{
	struct gh_rec_channel ch[CHANNELS] = { 0 };

	for (int i = 0; i < CHANNELS; i++) {
		ch[i].part = i / 2;
		ch[i].what = i == LIGHT ? GH_Q_LIGHT
			     : i & 1	? GH_Q_CURRENT
					: GH_Q_POSITION;
		ch[i].measured = true;
		ch[i].scale = i & 1 ? 1e-3 : 1e-4;
		ch[i].rate_hz = slow ? 5.0 : 100.0;
		ch[i].step_us = slow ? 200000 : SAMPLE_US;
		ch[i].lo = i & 1 ? amp_lo : -30000;
		ch[i].hi = i & 1 ? amp_hi : 30000;
	}
	gh_recording_destroy(r.rec);
	r.rec = gh_recording_create(&rig, ch, CHANNELS, 10.0);
	assert_non_null(r.rec);
}

/* A single program moves joint 0; joint 1 is told nothing. */
static int fresh(void **state)
{
	(void)state;
	gh_recording_destroy(r.rec);
	memset(&r, 0, sizeof r);
	memset(&info, 0, sizeof info);
	memset(&out, 0, sizeof out);
	memset(&plan, 0, sizeof plan);
	memset(told, 0, sizeof told);
	slow = false;
	script_link_init(&wall, NULL);
	wall.now = BEGUN;
	make_rig();
	cfg = (struct gh_run_config){ .rig = &rig,
				      .clock = &wall.clock,
				      .sink.event = tell };
	info.n_actuators = 2;
	r.cfg = &cfg;
	r.out = &out;
	r.info = &info;
	r.plan = &plan;
	r.joints = 3;
	r.moves = 1;
	r.move[0].seg = (struct gh_segment){ .shape = GH_SHAPE_HOLD,
					     .duration_us = 60000000 };
	r.move[0].start = BEGUN;
	r.on_guard = r.program_on = true;
	for (int j = 0; j < 2; j++) {
		r.actuator[j] = j;
		r.watch[j].position = 2 * j;
		r.watch[j].current = 2 * j + 1;
	}
	make_recording(-30000, 30000);
	run_limit_currents(&r);
	run_forget_places(&r);
	return 0;
}

static int finish(void **state)
{
	(void)state;
	gh_recording_destroy(r.rec);
	r.rec = NULL;
	return 0;
}

/* The channel says this for so long; what the last sample did. */
static enum gh_status hear(unsigned channel, int16_t raw, gh_us us)
{
	enum gh_status st = GH_OK;
	const gh_us until = wall.now + us;

	while (st == GH_OK && wall.now < until) {
		wall.now += SAMPLE_US;
		st = run_envelope(&r, channel, wall.now, raw);
	}
	return st;
}

static void stopped_by(const char *part, const char *by)
{
	const struct gh_rec_facts *f = gh_recording_facts(r.rec);

	assert_string_equal(f->stopped_part, part);
	assert_string_equal(f->stopped_by, by);
	assert_non_null(strstr(r.err.msg, part));
}

/* At the limit for ever, above it in two samples in a row, of either sign. */
static void two_samples_of_current(void **state)
{
	(void)state;
	assert_int_equal(hear(AMP_A, 2000, 1000000), GH_OK);
	assert_int_equal(hear(AMP_A, 2001, SAMPLE_US), GH_OK);
	assert_int_equal(hear(AMP_A, GH_REC_INVALID, SAMPLE_US), GH_OK);
	assert_int_equal(hear(AMP_A, 2001, SAMPLE_US), GH_OK);
	assert_int_equal(hear(AMP_A, -1999, SAMPLE_US), GH_OK);
	assert_int_equal(hear(AMP_A, -2001, SAMPLE_US), GH_OK);
	assert_int_equal(hear(AMP_B, 2001, SAMPLE_US), GH_OK);
	assert_int_equal(hear(AMP_A, 2001, SAMPLE_US), GH_UNSAFE);
	stopped_by("arm.elbow", "current");
}

/* The lowest of the rig's, the controller's and what the sensor can show. */
static void the_lowest_current_counts(void **state)
{
	static const struct {
		double own_a;
		int16_t lo, hi;
		double limit_a;
		bool is_told;
	} cases[] = {
		{ 0.0, -30000, 30000, 2.0, false },
		{ 1.5, -30000, 30000, 1.5, false },
		{ 2.5, -30000, 30000, 2.0, false },
		{ 0.0, 0, 1000, 0.98, true },
		{ 0.0, -1000, 30000, 0.98, true },
		{ 0.0, -30000, 1000, 0.98, true },
		{ 0.0, -2041, 2041, 2.0, false },
	};

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(cases); i++) {
		told[0] = '\0';
		info.actuators[0].current_a = cases[i].own_a;
		make_recording(cases[i].lo, cases[i].hi);
		run_limit_currents(&r);
		assert_true(fabs(r.watch[0].limit_a - cases[i].limit_a) < 1e-9);
		assert_int_equal(told[0] != '\0', cases[i].is_told);
	}
	/* without a sensor, and without an actuator: nothing to lower */
	r.watch[0].current = -1;
	make_recording(0, 1000);
	run_limit_currents(&r);
	assert_true(fabs(r.watch[0].limit_a - 2.0) < 1e-9);
	r.actuator[1] = -1;
	r.watch[1].limit_a = 7.0;
	run_limit_currents(&r);
	assert_true(r.watch[1].limit_a > 6.0);
}

/* 0.3 s away from where it should be, without a break. */
static void astray(void **state)
{
	(void)state;
	assert_int_equal(hear(POS_A, 999, 1000000), GH_OK);
	assert_int_equal(hear(POS_A, 1001, 300000), GH_OK);
	assert_int_equal(hear(POS_A, 0, SAMPLE_US), GH_OK);
	assert_int_equal(hear(POS_A, -1001, 300000), GH_OK);
	assert_int_equal(hear(POS_A, -1001, SAMPLE_US), GH_UNSAFE);
	stopped_by("arm.elbow", "following");
	assert_non_null(strstr(r.err.msg, "in its way"));
}

/* It was told nothing: it stays where it was first seen. */
static void moved_by_nobody(void **state)
{
	(void)state;
	assert_int_equal(hear(POS_B, 5000, 1000000), GH_OK);
	assert_int_equal(hear(POS_B, 5999, 1000000), GH_OK);
	assert_int_equal(hear(POS_B, 6001, 310000), GH_UNSAFE);
	stopped_by("arm.hand", "following");
	assert_non_null(strstr(r.err.msg, "nothing told it"));
}

/* ---- By the plan -----------------------------------------------------------*/

enum { SHIFT = 500000 }; /* controller time of plan time 0 */

static void hold(size_t i, int part, gh_us begin, gh_us end, double rad)
{
	plan.span[i] = (struct gh_span){ .part = part,
					 .shape = GH_SHAPE_HOLD,
					 .begin = begin,
					 .end = end,
					 .from_rad = rad,
					 .to_rad = rad };
}

/* The elbow goes 0.5, 1.0, and later 0.2 rad; the hand 0.7 meanwhile. */
static void by_the_plan(void)
{
	r.moves = RUN_BY_PLAN;
	r.shift = SHIFT;
	hold(0, 1, 0, 9000000, 0.7);
	hold(1, 0, 1000000, 2000000, 0.5);
	hold(2, 0, 2000000, 3000000, 1.0);
	hold(3, 0, 4000000, 5000000, 0.2);
	plan.n = 4;
}

/* At plan time t the channel says this for 0.4 s: is it where it should be? */
static bool is_there(unsigned channel, gh_us t, double rad)
{
	const unsigned joint = channel == POS_B;

	wall.now = SHIFT + t;
	r.watch[joint].astray_since = 0;
	r.watch[joint].still_rad = (double)NAN;
	return hear(channel, (int16_t)lround(rad * 1e4), 400000) == GH_OK;
}

static void the_plan_is_followed(void **state)
{
	(void)state;
	by_the_plan();
	assert_true(is_there(POS_A, 1000000 - SAMPLE_US, 0.5));
	assert_false(is_there(POS_A, 1000000, 0.7));
	assert_true(is_there(POS_B, 1000000, 0.7));
	assert_true(is_there(POS_A, 2000000 - SAMPLE_US, 1.0));
	assert_false(is_there(POS_A, 2000000, 0.5));
	assert_true(is_there(POS_A, 4100000, 0.2));
	assert_false(is_there(POS_A, 4100000, 1.0));
	/* back in time: a new program of the same plan */
	assert_true(is_there(POS_A, 1100000, 0.5));
	assert_true(is_there(POS_B, 8000000, 0.7));
	assert_false(is_there(POS_B, 8000000, 0.9));
	/* a wiggle is about where the arm hangs */
	r.cursor[0].offset_rad = 0.3;
	assert_true(is_there(POS_A, 1100000, 0.8));
	assert_false(is_there(POS_A, 1100000, 0.5));
	r.cursor[0].offset_rad = 0.0;
	/* where no span is it stays where it was seen */
	assert_true(is_there(POS_A, 3200000, 2.0));
	assert_int_equal(hear(POS_A, 18000, 400000), GH_UNSAFE);
	assert_non_null(strstr(r.err.msg, "-11.5 deg from"));
	assert_non_null(strstr(r.err.msg, "(limit 5.7)"));
}

/* Before the program begins, and behind a guard that held, it stands. */
static void told_nothing_yet(void **state)
{
	(void)state;
	by_the_plan();
	r.started_at = SHIFT + 1500000;
	assert_true(is_there(POS_A, 1000000, 2.0));
	assert_false(is_there(POS_A, 1500000, 2.0));
	r.started_at = 0;
	r.moves = 2; /* the hand alone, from 0 to 0.4 rad in 4 s */
	r.move[1] = (struct run_move){
		.seg = { .shape = GH_SHAPE_LINEAR,
			 .duration_us = 4000000,
			 .target_rad = 0.4 },
		.start = SHIFT + 1000000,
	};
	assert_true(is_there(POS_A, 1100000, 2.0));
	assert_true(is_there(POS_B, 3000000, 0.2));
	assert_false(is_there(POS_B, 3000000, 0.4));
	r.watch[1].guard_at = r.move[1].start; /* of the program before */
	assert_false(is_there(POS_B, 3000000, 0.4));
	r.watch[1].guard_at++;
	assert_true(is_there(POS_B, 3000000, 0.4));
}

/* Where it stood does not outlast a command, nor a new program. */
static void places_are_forgotten(void **state)
{
	(void)state;
	assert_int_equal(hear(POS_B, 5000, 100000), GH_OK);
	r.moves = 2;
	r.move[1] = r.move[0];
	r.move[1].from_rad = 0.9;
	assert_int_equal(hear(POS_B, 9000, 100000), GH_OK);
	r.moves = 1;
	assert_int_equal(hear(POS_B, 9000, 1000000), GH_OK);
	assert_int_equal(hear(POS_B, 5000, 200000), GH_OK);
	run_forget_places(&r);
	assert_int_equal(hear(POS_B, 5000, 1000000), GH_OK);
	assert_int_equal(hear(POS_B, 9000, 200000), GH_OK);
	assert_int_equal(hear(POS_B, GH_REC_INVALID, 400000), GH_OK);
	r.watch[1].still_rad = 0.5;
	run_forget_places(&r);
	assert_int_equal(hear(POS_B, GH_REC_INVALID, 400000), GH_OK);
}

/* ---- Without an angle ------------------------------------------------------*/

/* Half a second without an angle, where it is swept. */
static void blind(void **state)
{
	(void)state;
	assert_int_equal(hear(POS_A, GH_REC_INVALID, 500000), GH_OK);
	assert_int_equal(hear(POS_A, 0, SAMPLE_US), GH_OK);
	assert_int_equal(hear(POS_A, GH_REC_INVALID, 500000), GH_OK);
	assert_int_equal(hear(POS_A, GH_REC_INVALID, SAMPLE_US), GH_UNSAFE);
	stopped_by("arm.elbow", "angle");
	assert_non_null(strstr(r.err.msg, "for 0.5 s"));
}

/* Who is asked who it is, or is left alone, may be silent. */
static void blind_where_it_may_be(void **state)
{
	(void)state;
	r.moves = RUN_BY_PLAN;
	r.program_end = plan.identity_end = 5000000;
	assert_int_equal(hear(POS_A, GH_REC_INVALID, 2000000), GH_OK);
	r.program_end++;
	assert_int_equal(hear(POS_A, GH_REC_INVALID, SAMPLE_US), GH_UNSAFE);
	r.joints = 2;
	assert_int_equal(hear(POS_A, GH_REC_INVALID, 2000000), GH_OK);
	r.joints = 3;
	r.program_on = false;
	assert_int_equal(hear(POS_A, GH_REC_INVALID, 2000000), GH_OK);
}

/* Off guard, of no joint, of one that did not answer, of another channel. */
static void what_is_not_watched(void **state)
{
	(void)state;
	assert_int_equal(hear(LIGHT, 30000, 1000000), GH_OK);
	out.silent = 1;
	assert_int_equal(hear(AMP_A, 30000, 1000000), GH_OK);
	out.silent = 2;
	assert_int_equal(hear(AMP_B, 30000, 1000000), GH_OK);
	out.silent = 0;
	r.on_guard = false;
	assert_int_equal(hear(AMP_A, 30000, 1000000), GH_OK);
	r.on_guard = true;
	r.watch[0].current = -1;
	assert_int_equal(hear(AMP_A, 30000, 1000000), GH_OK);
	assert_int_equal(hear(AMP_B, 30000, 1000000), GH_UNSAFE);
}

/* No sample at all: five of a slow stream, 0.3 s of a fast one. */
static void unseen(void **state)
{
	(void)state;
	hear(POS_B, 0, 290000);
	wall.now = BEGUN + 300000;
	assert_int_equal(run_unseen(&r), GH_OK);
	wall.now++;
	assert_int_equal(run_unseen(&r), GH_STALE);
	assert_non_null(strstr(r.err.msg, "arm.elbow for 300 ms"));
	r.joints = 2; /* the other one was just seen */
	assert_int_equal(run_unseen(&r), GH_OK);
	r.joints = 3;
	r.watch[0].position = -1;
	assert_int_equal(run_unseen(&r), GH_OK);
	r.watch[0].position = POS_A;
	r.program_on = false;
	assert_int_equal(run_unseen(&r), GH_OK);
	r.program_on = true;
	r.joints = 1;
	assert_int_equal(run_unseen(&r), GH_STALE);
	/* the second one, and a stream of 5 Hz */
	r.joints = 3;
	run_forget_places(&r);
	wall.now += 200000;
	hear(POS_A, 0, 10000);
	wall.now += 100000;
	assert_int_equal(run_unseen(&r), GH_STALE);
	assert_non_null(strstr(r.err.msg, "arm.hand"));
	slow = true;
	make_recording(-30000, 30000);
	assert_int_equal(run_unseen(&r), GH_OK);
	wall.now += 690000;
	assert_int_equal(run_unseen(&r), GH_OK);
	wall.now++;
	assert_int_equal(run_unseen(&r), GH_STALE);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, fresh, finish)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(two_samples_of_current),
		CASE(the_lowest_current_counts),
		CASE(astray),
		CASE(moved_by_nobody),
		CASE(the_plan_is_followed),
		CASE(told_nothing_yet),
		CASE(places_are_forgotten),
		CASE(blind),
		CASE(blind_where_it_may_be),
		CASE(what_is_not_watched),
		CASE(unseen),
	};

	return cmocka_run_group_tests_name("run envelope", tests, NULL, NULL);
}
