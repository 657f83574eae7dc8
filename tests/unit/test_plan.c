/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The planner: what fits, how fast tips go, and that no two spans collide. */
#include "base/sha256.h"
#include "engine/plan.h"
#include "rig/rig.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct bench {
	struct gh_rig rig;
	struct gh_plan plan;
	struct gh_plan_request req;
};

static int setup(void **state)
{
	struct bench *b = calloc(1, sizeof *b);
	struct gh_err err = { 0 };

	if (!b || gh_rig_read(&b->rig, "tests/fixtures/rig/lumina_eye.rig",
			      &err) != GH_OK) {
		free(b);
		return -1;
	}
	b->req = (struct gh_plan_request){
		.rig = &b->rig,
		.joints = (1u << b->rig.n_joints) - 1,
		.move = true,
		.has_core = true,
		.position_hz = 100.0,
		.speed_share = 1.0,
		.motion_us = (gh_us)53600000,
	};
	*state = b;
	return 0;
}

static int teardown(void **state)
{
	free(*state);
	return 0;
}

static void test_places_is_the_full_recipe(void **state)
{
	struct bench *b = *state;
	struct gh_err err = { 0 };

	assert_int_equal(gh_plan_make(&b->plan, &b->req, &err), GH_OK);
	assert_string_equal(b->plan.recipe, "full");
	assert_true(b->plan.total <= b->req.motion_us);
	assert_int_equal(b->plan.joints, b->req.joints);
	/* 12 slots of about a quarter of a second */
	assert_true(b->plan.identity_end >= 2500000 &&
		    b->plan.identity_end < 4000000);
	/* All that this rig's parts can show in a minute, and nothing else. */
	assert_int_equal(b->plan.exercises,
			 1u << GH_EX_IDENTITY | 1u << GH_EX_TRAVEL |
				 1u << GH_EX_SWEEP | 1u << GH_EX_DWELL |
				 1u << GH_EX_REVERSAL | 1u << GH_EX_STEP |
				 1u << GH_EX_HOLD | 1u << GH_EX_STILL |
				 1u << GH_EX_DARK | 1u << GH_EX_CHANNEL |
				 1u << GH_EX_LOOK);
}

/* All that a controller or a probe would see of the plan. */
static void fingerprint(const struct gh_plan *plan, char out[65])
{
	struct gh_sha256 h;
	char line[256];

	gh_sha256_init(&h);
	for (size_t i = 0; i < plan->n; i++) {
		const struct gh_span *s = &plan->span[i];
		const int n = snprintf(
			line, sizeof line,
			"%d %d %u %d %lld %lld %d %.9f %.9f %.3f %.3f %.3f "
			"%.3f\n",
			s->part, (int)s->exercise, s->repeat, s->arg,
			(long long)s->begin, (long long)s->end, (int)s->shape,
			s->from_rad, s->to_rad, s->drive[0], s->drive[1],
			s->drive[2], s->drive[3]);

		gh_sha256_update(&h, line, (size_t)n);
	}
	gh_sha256_update(&h, plan->key, strlen(plan->key));
	gh_sha256_finish(&h, out);
}

/*
 * Recorded wires and sealed baselines of rigs without the further parts hang on
 * their plan: it is the same to the last digit as before those parts came.
 */
static void test_older_rigs_keep_their_plan(void **state)
{
	static const struct {
		const char *rig, *sha256;
		double motion_s, share;
	} kept[] = {
		{ "tests/fixtures/rig/lumina_eye.rig",
		  "4687a14358598f50f0649d46cb1f13a5fa2eabe327d3682c322db41996a1ba70",
		  53.6, 1.0 },
		{ "tests/fixtures/rig/lumina_eye.rig",
		  "2013b5b10621a4c1ccc50bed46f3be1049fddfe17470c88c9b4ad2801df25a6c",
		  30.0, 1.0 },
		{ "schemas/uno.rig",
		  "8b41eab18e22cf24a87d3134754e7be2358ebd124c2f3f28cc52007ec7cc4f28",
		  53.6, 0.5 },
		{ "schemas/board_uno.rig",
		  "6b2279f251ba583046d478169b5a8fd194e18dfeae547457eb58d729b13a8d58",
		  53.6, 1.0 },
		{ "schemas/board_mega.rig",
		  "f1ab8590e795aec6087a1ab6175007078b41b34f7f17b304384e8119c3a2cf8b",
		  40.0, 1.0 },
	};
	struct bench *b = *state;
	struct gh_err err = { 0 };
	char found[65];

	for (size_t i = 0; i < GH_ARRAY_SIZE(kept); i++) {
		assert_int_equal(gh_rig_read(&b->rig, kept[i].rig, &err),
				 GH_OK);
		b->req.joints = (1u << b->rig.n_joints) - 1;
		b->req.motion_us = (gh_us)(kept[i].motion_s * 1e6);
		b->req.speed_share = kept[i].share;
		assert_int_equal(gh_plan_make(&b->plan, &b->req, &err), GH_OK);
		fingerprint(&b->plan, found);
		assert_string_equal(found, kept[i].sha256);
	}
}

static void test_tips_stay_below_the_ceiling(void **state)
{
	struct bench *b = *state;
	struct gh_err err = { 0 };
	double tip;

	assert_int_equal(gh_plan_make(&b->plan, &b->req, &err), GH_OK);
	tip = gh_plan_tip_speed_m_s(&b->plan, &b->rig);
	assert_true(tip <= b->rig.tip_speed_max_m_s * 1.0001);
	assert_true(tip > 0.5 * b->rig.tip_speed_max_m_s);
	b->rig.tip_speed_max_m_s = 0.5; /* a slower house */
	assert_int_equal(gh_plan_make(&b->plan, &b->req, &err), GH_OK);
	tip = gh_plan_tip_speed_m_s(&b->plan, &b->rig);
	assert_true(tip <= 0.5 * 1.0001);
}

/* The joint that this span moves, -1: none. */
static int moved_by(const struct bench *b, size_t span)
{
	const struct gh_span *s = &b->plan.span[span];

	return fabs(s->to_rad - s->from_rad) > 1e-9
		       ? b->rig.parts[s->part].joint
		       : -1;
}

static bool overlap(const struct gh_span *a, const struct gh_span *b)
{
	return a->begin < b->end && b->begin < a->end;
}

/* Somebody stays near: never two joints at once, and no tip beyond 250 mm/s. */
static void test_near_one_joint_at_a_time(void **state)
{
	struct bench *b = *state;
	struct gh_err err = { 0 };
	unsigned moving = 0;

	b->req.near = true;
	assert_int_equal(gh_plan_make(&b->plan, &b->req, &err), GH_ARG);
	assert_non_null(strstr(err.msg, "--budget"));
	b->req.motion_us = 290 * (gh_us)GH_US_PER_S;
	assert_int_equal(gh_plan_make(&b->plan, &b->req, &err), GH_OK);
	assert_true(b->plan.near && strstr(b->plan.key, " near"));
	assert_true(gh_plan_tip_speed_m_s(&b->plan, &b->rig) <=
		    GH_PROXIMITY_SPEED_M_S * 1.0001);
	for (size_t i = 0; i < b->plan.n; i++) {
		const int j = moved_by(b, i);

		moving |= j < 0 ? 0 : 1u << j;
		for (size_t k = 0; j >= 0 && k < i; k++)
			assert_false(
				moved_by(b, k) >= 0 && moved_by(b, k) != j &&
				overlap(&b->plan.span[i], &b->plan.span[k]));
	}
	assert_int_equal(moving, b->req.joints);
}

/* A house that is slower than that is slower near a person too. */
static void test_near_keeps_a_slower_rig(void **state)
{
	struct bench *b = *state;
	struct gh_err err = { 0 };

	b->rig.tip_speed_max_m_s = 0.1;
	b->req.near = true;
	b->req.motion_us = 1700 * (gh_us)GH_US_PER_S;
	assert_int_equal(gh_plan_make(&b->plan, &b->req, &err), GH_OK);
	assert_true(gh_plan_tip_speed_m_s(&b->plan, &b->rig) <= 0.1 * 1.0001);
}

static void test_host_steps_halve_the_speed(void **state)
{
	struct bench *b = *state;
	struct gh_err err = { 0 };

	b->req.speed_share = 0.5;
	b->req.motion_us *= 2;
	assert_int_equal(gh_plan_make(&b->plan, &b->req, &err), GH_OK);
	assert_true(gh_plan_tip_speed_m_s(&b->plan, &b->rig) <=
		    0.5 * b->rig.tip_speed_max_m_s * 1.0001);
}

/* Spans of one part: sorted, without overlap, each joint from where it was. */
static void test_each_path_is_continuous(void **state)
{
	struct bench *b = *state;
	struct gh_err err = { 0 };

	assert_int_equal(gh_plan_make(&b->plan, &b->req, &err), GH_OK);
	for (size_t i = 1; i < b->plan.n; i++) {
		const struct gh_span *a = &b->plan.span[i - 1];
		const struct gh_span *c = &b->plan.span[i];

		assert_true(c->end > c->begin);
		if (a->part != c->part)
			continue;
		assert_true(c->begin >= a->end);
		assert_true(fabs(c->from_rad - a->to_rad) < 1e-9);
	}
}

static void test_ranges_are_kept(void **state)
{
	struct bench *b = *state;
	struct gh_err err = { 0 };

	assert_int_equal(gh_plan_make(&b->plan, &b->req, &err), GH_OK);
	for (size_t i = 0; i < b->plan.n; i++) {
		const struct gh_span *s = &b->plan.span[i];
		const int joint = b->rig.parts[s->part].joint;

		if (joint < 0)
			continue;
		assert_true(s->to_rad >= b->rig.joints[joint].lo_rad);
		assert_true(s->to_rad <= b->rig.joints[joint].hi_rad);
	}
}

static void test_less_time_gives_a_smaller_recipe(void **state)
{
	struct bench *b = *state;
	struct gh_err err = { 0 };
	gh_us before = INT64_MAX;

	for (double s = 54.0; s >= 14.0; s -= 8.0) {
		b->req.motion_us = (gh_us)(s * 1e6);
		if (gh_plan_make(&b->plan, &b->req, &err) != GH_OK)
			break;
		assert_true(b->plan.total <= b->req.motion_us);
		assert_true(b->plan.total <= before);
		before = b->plan.total;
	}
	b->req.motion_us = 1000000;
	assert_int_equal(gh_plan_make(&b->plan, &b->req, &err), GH_ARG);
	assert_non_null(strstr(err.msg, "--budget"));
}

static void test_without_consent_nothing_moves(void **state)
{
	struct bench *b = *state;
	struct gh_err err = { 0 };

	b->req.move = false;
	assert_int_equal(gh_plan_make(&b->plan, &b->req, &err), GH_OK);
	assert_int_equal(b->plan.joints, 0);
	for (size_t i = 0; i < b->plan.n; i++)
		assert_true(b->rig.parts[b->plan.span[i].part].joint < 0);
}

/* Arms of one collision group never move at the same time after identity. */
static void test_collision_groups_take_turns(void **state)
{
	struct bench *b = *state;
	struct gh_err err = { 0 };
	gh_us end0 = 0, begin1 = INT64_MAX;

	b->rig.arms[0].group = b->rig.arms[1].group = 0;
	b->req.motion_us *= 3;
	assert_int_equal(gh_plan_make(&b->plan, &b->req, &err), GH_OK);
	for (size_t i = 0; i < b->plan.n; i++) {
		const struct gh_span *s = &b->plan.span[i];
		const int joint = b->rig.parts[s->part].joint;

		if (joint < 0 || s->begin < b->plan.identity_end ||
		    s->shape == GH_SHAPE_HOLD)
			continue;
		if (b->rig.joints[joint].arm == 0 && s->end > end0)
			end0 = s->end;
		if (b->rig.joints[joint].arm == 1 && s->begin < begin1)
			begin1 = s->begin;
	}
	assert_true(begin1 >= end0);
}

/* A joint that cannot swing 0.5 rad is not swept at all. */
static void test_short_range_is_left_alone(void **state)
{
	struct bench *b = *state;
	struct gh_err err = { 0 };

	b->rig.joints[4].hi_rad = 0.4;
	assert_int_equal(gh_plan_make(&b->plan, &b->req, &err), GH_OK);
	assert_int_equal(b->plan.joints >> 4 & 1, 0);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_places_is_the_full_recipe),
		T(test_older_rigs_keep_their_plan),
		T(test_tips_stay_below_the_ceiling),
		T(test_near_one_joint_at_a_time),
		T(test_near_keeps_a_slower_rig),
		T(test_host_steps_halve_the_speed),
		T(test_each_path_is_continuous),
		T(test_ranges_are_kept),
		T(test_less_time_gives_a_smaller_recipe),
		T(test_without_consent_nothing_moves),
		T(test_collision_groups_take_turns),
		T(test_short_range_is_left_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
