/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The plan of a sculpture with all its parts: who may shine when, what hangs on
 * the arms while they are watched, and what a longer check adds.
 */
#include "engine/plan.h"
#include "rig/rig.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
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

	if (!b || gh_rig_read(&b->rig, "schemas/lumina.rig", &err) != GH_OK)
		return -1;
	b->req = (struct gh_plan_request){
		.rig = &b->rig,
		.joints = (1u << b->rig.n_joints) - 1,
		.move = true,
		.has_core = true,
		.position_hz = 100.0,
		.speed_share = 1.0,
		.motion_us = (gh_us)53600000,
		.ends = ~0u,
		.program_us = 160000,
	};
	for (unsigned i = 0; i < b->rig.n_parts; i++) {
		const enum gh_part_kind kind = b->rig.parts[i].kind;

		b->req.seen |= (uint64_t)1 << i;
		if (kind == GH_PART_CORE || kind == GH_PART_CHROME ||
		    kind == GH_PART_SPOTLIGHT)
			b->req.lamps |= (uint64_t)1 << i;
	}
	*state = b;
	return 0;
}

static int teardown(void **state)
{
	free(*state);
	return 0;
}

static void make(struct bench *b)
{
	struct gh_err err = { 0 };

	assert_int_equal(gh_plan_make(&b->plan, &b->req, &err), GH_OK);
	assert_true(b->plan.total <= b->req.motion_us);
}

static enum gh_part_kind kind_of(const struct bench *b, const struct gh_span *s)
{
	return b->rig.parts[s->part].kind;
}

static bool is_dark(const struct gh_span *s)
{
	return !(s->drive[0] > 0.0 || s->drive[1] > 0.0 || s->drive[2] > 0.0 ||
		 s->drive[3] > 0.0);
}

static bool overlap(const struct gh_span *a, const struct gh_span *b)
{
	return a->begin < b->end && b->begin < a->end;
}

static unsigned count(const struct bench *b, enum gh_part_kind kind,
		      enum gh_exercise what, unsigned repeat)
{
	unsigned n = 0;

	for (size_t i = 0; i < b->plan.n; i++)
		n += kind_of(b, &b->plan.span[i]) == kind &&
		     b->plan.span[i].exercise == what &&
		     b->plan.span[i].repeat == repeat;
	return n;
}

/* What can be confirmed is there twice. */
static void test_a_minute_has_everything_twice(void **state)
{
	struct bench *b = *state;

	make(b);
	assert_string_equal(b->plan.recipe, "full");
	for (unsigned r = 0; r < 2; r++) {
		assert_int_equal(count(b, GH_PART_FIBRE, GH_EX_CHANNEL, r),
				 8 * 4);
		assert_true(count(b, GH_PART_FIBRE, GH_EX_DARK, r) >= 8 * 2);
		assert_int_equal(count(b, GH_PART_CRYSTAL, GH_EX_SPOT, r), 6);
		assert_int_equal(count(b, GH_PART_CRYSTAL, GH_EX_DARK, r), 6);
		assert_int_equal(count(b, GH_PART_CHROME, GH_EX_CHANNEL, r),
				 4 * 3);
		assert_int_equal(count(b, GH_PART_SPOTLIGHT, GH_EX_SPOT, r), 1);
		assert_int_equal(count(b, GH_PART_SPOTLIGHT, GH_EX_DARK, r), 1);
		assert_true(count(b, GH_PART_CORE, GH_EX_PULSE, r) >= 2);
	}
}

/* While a lamp is lit no lamp of another kind is. */
static void test_one_kind_of_lamp_at_a_time(void **state)
{
	struct bench *b = *state;
	const struct gh_plan *p = &b->plan;

	make(b);
	for (size_t i = 0; i < p->n; i++)
		for (size_t k = i + 1; k < p->n; k++) {
			const struct gh_span *x = &p->span[i], *y = &p->span[k];
			const bool lamps = (b->req.lamps >> x->part & 1) &&
					   (b->req.lamps >> y->part & 1);

			if (lamps && kind_of(b, x) != kind_of(b, y) &&
			    !is_dark(x) && !is_dark(y))
				assert_false(overlap(x, y));
		}
}

/* What looks on for its dark level is not shone at by anyone. */
static void test_dark_is_dark_for_all(void **state)
{
	struct bench *b = *state;
	const struct gh_plan *p = &b->plan;

	make(b);
	for (size_t i = 0; i < p->n; i++)
		for (size_t k = 0; k < p->n; k++) {
			const struct gh_span *x = &p->span[i], *y = &p->span[k];

			if (x->exercise == GH_EX_DARK && !is_dark(y) &&
			    (b->req.lamps >> y->part & 1))
				assert_false(overlap(x, y));
		}
}

static bool any_moves(const struct bench *b, const struct gh_span *light,
		      double beyond_rad)
{
	for (size_t i = 0; i < b->plan.n; i++) {
		const struct gh_span *s = &b->plan.span[i];
		const bool joint = b->rig.parts[s->part].joint >= 0;
		const bool moves = s->shape != GH_SHAPE_HOLD;
		const double far = fmax(fabs(s->from_rad), fabs(s->to_rad));

		if (joint && overlap(s, light) &&
		    (beyond_rad > 0.0 ? far > beyond_rad : moves))
			return true;
	}
	return false;
}

static void test_pulses_with_arms_moving_and_still(void **state)
{
	struct bench *b = *state;

	make(b);
	for (size_t i = 0; i < b->plan.n; i++) {
		const struct gh_span *s = &b->plan.span[i];
		const struct gh_span *before = &b->plan.span[i ? i - 1 : 0];

		if (s->exercise != GH_EX_PULSE)
			continue;
		assert_true(any_moves(b, s, 0.0) == (s->repeat == 0));
		/* Its ramp starts from the other look, which stands. */
		if (before->exercise != GH_EX_PULSE) {
			assert_int_equal(before->exercise, GH_EX_LOOK);
			assert_int_equal(before->arg, b->rig.breath_from);
			assert_int_equal(before->end, s->begin);
			assert_int_equal(s->arg, 0);
		}
		assert_memory_equal(s->drive,
				    b->rig.looks[s->arg ? b->rig.breath_from
							: b->rig.breath_to]
					    .rgbw,
				    sizeof s->drive);
	}
}

static void test_chrome_is_read_with_the_arms_at_home(void **state)
{
	struct bench *b = *state;

	make(b);
	for (size_t i = 0; i < b->plan.n; i++)
		if (kind_of(b, &b->plan.span[i]) == GH_PART_CHROME)
			assert_false(any_moves(b, &b->plan.span[i], 0.0601));
}

/* How often the window is swept whole in one direction under the light. */
static unsigned swept(const struct bench *b, unsigned crystal, bool up)
{
	const struct gh_rig_part *part = &b->rig.parts[crystal];
	unsigned n = 0;

	for (size_t i = 0; i < b->plan.n; i++) {
		const struct gh_span *lit = &b->plan.span[i];

		if (lit->part != (int)crystal || lit->exercise != GH_EX_SPOT)
			continue;
		for (size_t k = 0; k < b->plan.n; k++) {
			const struct gh_span *s = &b->plan.span[k];
			const double v = (s->to_rad - s->from_rad) * 1e6 /
					 (double)(s->end - s->begin);

			n += s->part == b->rig.joints[part->swept_by].part &&
			     s->exercise == GH_EX_SWEEP && (v > 0.0) == up &&
			     s->begin >= lit->begin && s->end <= lit->end &&
			     fmin(s->from_rad, s->to_rad) <=
				     part->window_lo_rad &&
			     fmax(s->from_rad, s->to_rad) >=
				     part->window_hi_rad &&
			     /* two readings at 100 Hz in 1.2 deg */
			     fabs(v) / 100.0 * 57.3 <= 0.61;
		}
	}
	return n;
}

static void test_windows_are_swept_twice_each_way(void **state)
{
	struct bench *b = *state;

	make(b);
	for (unsigned i = 0; i < b->rig.n_parts; i++)
		if (b->rig.parts[i].kind == GH_PART_CRYSTAL) {
			assert_true(swept(b, i, true) >= 2);
			assert_true(swept(b, i, false) >= 2);
		}
}

/* Arms that take turns: the spotlight is lit for each of them. */
static void test_arms_that_take_turns_are_lit_in_turn(void **state)
{
	struct bench *b = *state;

	for (unsigned a = 0; a < b->rig.n_arms; a++)
		b->rig.arms[a].group = 0;
	b->req.motion_us = (gh_us)119000000 * 3;
	b->req.ends = 0;
	make(b);
	for (unsigned i = 0; i < b->rig.n_parts; i++)
		if (b->rig.parts[i].kind == GH_PART_CRYSTAL)
			assert_true(swept(b, i, true) >= 2);
	assert_true(count(b, GH_PART_SPOTLIGHT, GH_EX_SPOT, 0) > 1);
}

static void test_an_open_house_sees_no_show(void **state)
{
	struct bench *b = *state;
	const uint32_t show =
		1u << GH_EX_LOOK | 1u << GH_EX_PULSE | 1u << GH_EX_SPOT;

	b->req.house_open = true;
	make(b);
	assert_int_equal(b->plan.exercises & show, 0);
	assert_true(b->plan.exercises >> GH_EX_CHANNEL & 1);
	assert_non_null(strstr(b->plan.key, "house open"));
}

static void test_one_part_brings_what_it_needs(void **state)
{
	struct bench *b = *state;
	const int crystal = gh_rig_find_part(&b->rig, "crystal.4");
	const int fibre = gh_rig_find_part(&b->rig, "fibre.5");
	const struct gh_plan_request all = b->req;

	gh_plan_narrow(&b->req, crystal);
	make(b);
	assert_int_equal(b->plan.joints, 1u << b->rig.parts[crystal].swept_by);
	assert_int_equal(count(b, GH_PART_CRYSTAL, GH_EX_SPOT, 0), 1);
	assert_int_equal(count(b, GH_PART_CORE, GH_EX_LOOK, 0), 0);
	b->req = all;
	gh_plan_narrow(&b->req, fibre);
	make(b);
	assert_int_equal(b->plan.joints, 0);
	assert_int_equal(count(b, GH_PART_FIBRE, GH_EX_CHANNEL, 0), 4);
	assert_int_equal(count(b, GH_PART_CORE, GH_EX_CHANNEL, 0), 4);
	b->req = all;
	gh_plan_narrow(&b->req, -1);
	assert_memory_equal(&b->req, &all, sizeof all);
}

static void test_five_minutes_add_ends_and_a_slower_sweep(void **state)
{
	struct bench *b = *state;
	gh_us before = 0;

	b->req.motion_us = (gh_us)293600000;
	make(b);
	assert_true(b->plan.groups >> GH_GROUP_ENDS & 1);
	assert_true(b->plan.groups >> GH_GROUP_CREEP & 1);
	assert_non_null(strstr(b->plan.key, "0.200 0.400 0.800"));
	assert_int_equal(count(b, GH_PART_JOINT, GH_EX_END, 0), 24);
	assert_int_equal(count(b, GH_PART_JOINT, GH_EX_END, 1), 24);
	/* One joint at a time, after all else. */
	for (size_t i = 0; i < b->plan.n; i++) {
		const struct gh_span *s = &b->plan.span[i];

		assert_true(s->repeat < 2);
		if (s->begin < b->plan.ends_begin) {
			assert_true(s->end <= b->plan.ends_begin);
			continue;
		}
		assert_true(s->begin >= before);
		before = s->end + b->req.program_us;
	}
	assert_true(before - b->req.program_us <= b->plan.ends_end);
}

/* Where no joint's current can be guarded none of them is. */
static void test_no_guard_no_ends(void **state)
{
	struct bench *b = *state;

	b->req.motion_us = (gh_us)293600000;
	b->req.ends = 0;
	make(b);
	assert_int_equal(b->plan.ends_begin, 0);
	assert_int_equal(b->plan.exercises >> GH_EX_END & 1, 0);
	assert_int_equal(b->plan.left_out >> GH_GROUP_ENDS & 1, 0);
}

static void test_rank_is_chance_per_second(void **state)
{
	struct gh_plan_option o[] = {
		{ GH_GROUP_SLOW, 10000000, { 0.0, INFINITY } },
		{ GH_GROUP_STEPS, 3000000, { 0.01, 7.0 } },
		{ GH_GROUP_ENDS, 100000000, { 0.01, INFINITY } },
		{ GH_GROUP_HOLD, 3000000, { 0.01, 30.0 } },
		{ GH_GROUP_SOAK, 3000000, { 0.01, 7.0 } },
	};
	static const enum gh_plan_group expected[] = {
		GH_GROUP_HOLD,	/* 1 - exp(-0.3) in 3 s: 0.086 /s */
		GH_GROUP_STEPS, /* 1 - exp(-0.07) in 3 s: 0.023 /s */
		GH_GROUP_SOAK,	/* the same: later in the enum */
		GH_GROUP_ENDS,	/* certain, but 100 s: 0.010 /s */
		GH_GROUP_SLOW,	/* never any fault */
	};

	(void)state;
	gh_plan_rank(o, GH_ARRAY_SIZE(o));
	for (size_t i = 0; i < GH_ARRAY_SIZE(o); i++)
		assert_int_equal(o[i].group, expected[i]);
}

/* A short check does what its history fears and has not seen for long. */
static void test_a_short_check_goes_by_its_history(void **state)
{
	struct bench *b = *state;
	struct gh_plan_past past[GH_GROUP_COUNT] = { { 0.0, 0.0 } };

	b->req.past = past;
	b->req.seen = b->req.lamps = 0;
	b->rig.breath_period_s = 0.0;
	b->req.motion_us = (gh_us)27000000;
	past[GH_GROUP_STEPS] = (struct gh_plan_past){ 0.001, 1.0 };
	past[GH_GROUP_REVERSALS] = (struct gh_plan_past){ 0.01, 100.0 };
	make(b);
	assert_int_equal(b->plan.groups, 1u << GH_GROUP_REVERSALS);
	assert_true(b->plan.left_out >> GH_GROUP_HOLD & 1);
	past[GH_GROUP_REVERSALS].age_days = 0.0;
	make(b);
	assert_true(b->plan.groups >> GH_GROUP_STEPS & 1);
	assert_int_equal(b->plan.groups >> GH_GROUP_REVERSALS & 1, 0);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_a_minute_has_everything_twice),
		T(test_one_kind_of_lamp_at_a_time),
		T(test_dark_is_dark_for_all),
		T(test_pulses_with_arms_moving_and_still),
		T(test_chrome_is_read_with_the_arms_at_home),
		T(test_windows_are_swept_twice_each_way),
		T(test_arms_that_take_turns_are_lit_in_turn),
		T(test_an_open_house_sees_no_show),
		T(test_one_part_brings_what_it_needs),
		T(test_five_minutes_add_ends_and_a_slower_sweep),
		T(test_no_guard_no_ends),
		T(test_rank_is_chance_per_second),
		T(test_a_short_check_goes_by_its_history),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
