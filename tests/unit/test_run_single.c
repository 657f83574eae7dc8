/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One part by itself in whole runs: only it moves, slowly, about where it
 * hangs, and it ends safe.
 */
#include "unit/test_run_kit.h" /* struct stage */

#include <math.h>
#include <string.h>

static struct gh_single single; /* what is asked for */

static void prepare(struct stage *s, const char *fault,
		    const struct gh_single *wanted, const char *part)
{
	gh_world_open(&s->world, &s->rig, 17, 1, &fault, fault ? 1 : 0);
	single = *wanted;
	single.part = gh_rig_find_part(&s->rig, part);
	stage_prepare(s, single.part, GH_SINGLE_MAX_S);
	s->config.single = &single;
}

static void assert_runs(struct stage *s, const char *fault,
			enum gh_single_kind kind, const char *part)
{
	prepare(s, fault, &(struct gh_single){ .kind = kind, .repeats = 1 },
		part);
	stage_assert_runs(s);
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
		if (s->rig.joints[j].part != single.part)
			assert_true(travel_rad(s, s->rig.joints[j].part,
					       &rad_s) < 1.0 * DEG);
}

static void test_sweep_moves_one_joint_slowly(void **state)
{
	struct stage *s = *state;
	const struct gh_rig_joint *j;
	double rad_s, travel;

	assert_runs(s, NULL, GH_SINGLE_SWEEP, "resilience.shoulder");
	j = &s->rig.joints[s->rig.parts[single.part].joint];
	travel = travel_rad(s, single.part, &rad_s);
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

	assert_runs(s, NULL, GH_SINGLE_IDENTIFY, "resilience.elbow");
	travel = travel_rad(s, single.part, &rad_s);
	assert_true(travel > 0.7 * DEG && travel < 3.5 * DEG);
	assert_true(s->ran.motion_s < 1.5);
	assert_others_stand(s);
	assert_int_equal(s->ran.silent, 0);
}

/* A joint that does not answer is not swept, and nobody waits for it. */
static void test_silent_joint_is_not_swept(void **state)
{
	struct stage *s = *state;

	assert_runs(s, "no_power@memory.elbow", GH_SINGLE_SWEEP,
		    "memory.elbow");
	assert_int_equal(s->ran.silent, 1u << s->rig.parts[single.part].joint);
	assert_true(s->ran.duration_s < 8.0);
	assert_true(s->ran.motion_s < 1.5);
}

static void test_blink_moves_nothing(void **state)
{
	struct stage *s = *state;

	assert_runs(s, NULL, GH_SINGLE_IDENTIFY, "core");
	assert_others_stand(s);
	assert_float_equal(s->ran.motion_s, 0.0, 1e-9);
	/* Not even armed. */
	assert_float_equal(
		gh_recording_facts_of(s->ran.rec)->watchdog_proved_ms, 0.0,
		1e-9);
}

/* ---- By hand: a jog ---- */

struct hand {
	struct stage *s;
	gh_us until;	  /* it lets go then, 0: never */
	unsigned samples; /* of the joint's angle, that it saw meanwhile */
};

static enum gh_ear_word hear_hand(void *self)
{
	struct hand *h = self;

	return h->until > 0 && gh_now(&h->s->world.clock) >= h->until
		       ? GH_EAR_STOP
		       : GH_EAR_NOTHING;
}

static void see(void *self, const struct gh_sample *sample)
{
	struct hand *h = self;

	h->samples += sample->raw != GH_RAW_INVALID;
}

/* held_us: how long after it began, 0: to the end of the way. */
static void jog(struct stage *s, struct hand *h, const char *part, bool up,
		gh_us held_us)
{
	prepare(s, NULL, &(struct gh_single){ .kind = GH_SINGLE_JOG, .up = up },
		part);
	*h = (struct hand){ .s = s };
	if (held_us > 0)
		h->until = gh_now(&s->world.clock) + held_us;
	s->config.ears = (struct gh_ears){ NULL, hear_hand, h };
	s->config.tap = (struct gh_tap){ see, h };
	gh_run(&s->config, &s->ran);
	assert_true(s->ran.safe_seen);
	assert_true(h->samples > 100);
}

/* Where it stood in the last samples. */
static double last_rad(const struct stage *s)
{
	const int ch =
		gh_recording_find(s->ran.rec, single.part, GH_Q_POSITION);
	const int16_t *raw = gh_recording_raw_block(s->ran.rec, (unsigned)ch);

	return raw[gh_recording_count(s->ran.rec, (unsigned)ch) - 1] *
	       gh_recording_channel(s->ran.rec, (unsigned)ch)->scale;
}

static void test_jog_ends_inside_the_range(void **state)
{
	struct stage *s = *state;
	const struct gh_rig_joint *j;
	struct hand h;
	double rad_s;

	for (int up = 0; up < 2; up++) {
		jog(s, &h, "resilience.elbow", up, 0);
		assert_int_equal(s->ran.how, GH_RUN_HOW_COMPLETE);
		j = &s->rig.joints[s->rig.parts[single.part].joint];
		assert_true(fabs(last_rad(s) -
				 (up ? j->hi_rad - GH_JOG_MARGIN_RAD
				     : j->lo_rad + GH_JOG_MARGIN_RAD)) <
			    1.5 * DEG);
		travel_rad(s, single.part, &rad_s);
		assert_true(rad_s * gh_rig_reach_m(&s->rig, j->arm, j->order) <
			    1.1 * GH_PROXIMITY_SPEED_M_S);
		assert_others_stand(s);
		assert_true(
			gh_recording_facts_of(s->ran.rec)->watchdog_proved_ms >
			0.0);
		stage_close(s);
	}
	gh_world_open(&s->world, &s->rig, 17, 1, NULL, 0);
}

/* Let go in the middle: a stop like any other, and it stands there. */
static void test_jog_stops_when_let_go(void **state)
{
	struct stage *s = *state;
	struct hand h;
	double rad_s, travel;

	jog(s, &h, "resilience.elbow", true, (gh_us)GH_US_PER_S);
	assert_int_equal(s->ran.how, GH_RUN_HOW_STOPPED);
	assert_int_equal(s->ran.err.code, GH_CANCELLED);
	assert_non_null(strstr(s->ran.safe_text, "STOP"));
	assert_true(s->ran.stop_ms < 20.0);
	travel = travel_rad(s, single.part, &rad_s);
	assert_true(travel > 3.0 * DEG && travel < 75.0 * DEG);
	assert_others_stand(s);
}

/* The leave to move was given to another boot: not even armed. */
static void test_jog_is_not_for_a_new_boot(void **state)
{
	struct stage *s = *state;

	prepare(s, NULL, &(struct gh_single){ .kind = GH_SINGLE_JOG },
		"resilience.elbow");
	s->config.boot = "another";
	gh_run(&s->config, &s->ran);
	assert_int_equal(s->ran.how, GH_RUN_HOW_FAILED);
	assert_int_equal(s->ran.err.code, GH_RESET);
	assert_true(s->ran.safe_seen);
	assert_float_equal(s->ran.motion_s, 0.0, 1e-9);
	assert_float_equal(
		gh_recording_facts_of(s->ran.rec)->watchdog_proved_ms, 0.0,
		1e-9);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, stage_setup, stage_teardown)
	const struct CMUnitTest tests[] = {
		T(test_sweep_moves_one_joint_slowly),
		T(test_wiggle_goes_nowhere),
		T(test_silent_joint_is_not_swept),
		T(test_blink_moves_nothing),
		T(test_jog_ends_inside_the_range),
		T(test_jog_stops_when_let_go),
		T(test_jog_is_not_for_a_new_boot),
	};
#undef T

	return cmocka_run_group_tests(tests, NULL, NULL);
}
