/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One part by itself in whole runs: only it moves, slowly, about where it
 * hangs, and it ends safe.
 */
#include "engine/run.h"
#include "fakes/world.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define DEG (3.14159265358979 / 180.0)

struct stage {
	struct gh_rig rig;
	struct gh_world world;
	struct gh_single single;
	struct gh_run_config config;
	struct gh_run_outcome ran;
};

static int setup(void **state)
{
	struct stage *s = calloc(1, sizeof *s);
	struct gh_err err = { 0 };

	*state = s;
	return s && gh_rig_read(&s->rig, "schemas/lumina.rig", &err) == GH_OK
		       ? 0
		       : -1;
}

static int teardown(void **state)
{
	struct stage *s = *state;

	gh_run_finish(&s->ran);
	gh_world_close(&s->world);
	free(s);
	return 0;
}

static void run(struct stage *s, const char *fault, enum gh_single_kind kind,
		const char *part)
{
	gh_world_open(&s->world, &s->rig, 17, 1, &fault, fault ? 1 : 0);
	s->single = (struct gh_single){ .kind = kind,
					.part = gh_rig_find_part(&s->rig, part),
					.repeats = 1 };
	s->config = (struct gh_run_config){
		.rig = &s->rig,
		.driver = gh_driver_find("lumina"),
		.link = &s->world.link,
		.clock = &s->world.clock,
		.budget_us = (gh_us)(GH_SINGLE_MAX_S * GH_US_PER_S),
		.allow_motion = true,
		.only = s->single.part,
		.single = &s->single,
	};
	gh_run(&s->config, &s->ran);
	assert_string_equal(s->ran.err.msg, "");
	assert_int_equal(s->ran.how, GH_RUN_HOW_COMPLETE);
	assert_true(s->ran.safe_seen);
}

/* Peak to peak of the measured angle, and its fastest over 100 ms. */
static double travel_rad(const struct stage *s, int part, double *rad_s)
{
	const int ch = gh_recording_find(s->ran.rec, part, GH_Q_POSITION);
	const struct gh_rec_channel *c =
		gh_recording_channel(s->ran.rec, (unsigned)ch);
	const int16_t *raw = gh_recording_raw_block(s->ran.rec, (unsigned)ch);
	const size_t n = gh_recording_count(s->ran.rec, (unsigned)ch);
	const size_t step = (size_t)(0.1 * c->rate_hz);
	int lo = INT16_MAX, hi = INT16_MIN;

	*rad_s = 0.0;
	assert_true(n > 2 * step);
	for (size_t i = 0; i < n; i++) {
		lo = raw[i] < lo ? raw[i] : lo;
		hi = raw[i] > hi ? raw[i] : hi;
		if (i >= step)
			*rad_s = fmax(*rad_s, fabs((raw[i] - raw[i - step]) *
						   c->scale) /
						      0.1);
	}
	return (hi - lo) * c->scale;
}

static void assert_others_stand(const struct stage *s)
{
	double rad_s;

	for (unsigned j = 0; j < s->rig.n_joints; j++)
		if (s->rig.joints[j].part != s->single.part)
			assert_true(travel_rad(s, s->rig.joints[j].part,
					       &rad_s) < 1.0 * DEG);
}

static void test_sweep_moves_one_joint_slowly(void **state)
{
	struct stage *s = *state;
	const struct gh_rig_joint *j;
	double rad_s, travel;

	run(s, NULL, GH_SINGLE_SWEEP, "resilience.shoulder");
	j = &s->rig.joints[s->rig.parts[s->single.part].joint];
	travel = travel_rad(s, s->single.part, &rad_s);
	assert_true(travel > 1.3 && travel < 1.5);
	/* A servo that catches up is a little faster than its command. */
	assert_true(rad_s * gh_rig_reach_m(&s->rig, j->arm, j->order) <
		    1.1 * GH_PROXIMITY_SPEED_M_S);
	assert_others_stand(s);
	/* The watchdog was proved before anything moved. */
	assert_true(gh_recording_facts_of(s->ran.rec)->watchdog_proved_ms >
		    0.0);
	assert_int_equal(s->ran.silent, 0);
}

/* Easing home is no part of a wiggle: it stays where it hangs. */
static void test_wiggle_goes_nowhere(void **state)
{
	struct stage *s = *state;
	double rad_s, travel;

	run(s, NULL, GH_SINGLE_IDENTIFY, "resilience.elbow");
	travel = travel_rad(s, s->single.part, &rad_s);
	assert_true(travel > 0.7 * DEG && travel < 3.5 * DEG);
	assert_true(s->ran.motion_s < 1.5);
	assert_others_stand(s);
	assert_int_equal(s->ran.silent, 0);
}

/* A joint that does not answer is not swept, and nobody waits for it. */
static void test_silent_joint_is_not_swept(void **state)
{
	struct stage *s = *state;

	run(s, "no_power@memory.elbow", GH_SINGLE_SWEEP, "memory.elbow");
	assert_int_equal(s->ran.silent,
			 1u << s->rig.parts[s->single.part].joint);
	assert_true(s->ran.duration_s < 8.0);
	assert_true(s->ran.motion_s < 1.5);
}

static void test_blink_moves_nothing(void **state)
{
	struct stage *s = *state;

	run(s, NULL, GH_SINGLE_IDENTIFY, "core");
	assert_others_stand(s);
	assert_float_equal(s->ran.motion_s, 0.0, 1e-9);
	/* Not even armed. */
	assert_float_equal(
		gh_recording_facts_of(s->ran.rec)->watchdog_proved_ms, 0.0,
		1e-9);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_sweep_moves_one_joint_slowly),
		T(test_wiggle_goes_nowhere),
		T(test_silent_joint_is_not_swept),
		T(test_blink_moves_nothing),
	};
#undef T

	return cmocka_run_group_tests(tests, NULL, NULL);
}
