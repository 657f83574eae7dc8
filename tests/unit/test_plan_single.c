/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One part by itself: how fast, how far, what else holds still, what is refused. */
#include "cli/flow.h"
#include "cli/watch.h"
#include "engine/plan_single.h"

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
	struct gh_err err;
};

static int setup(void **state)
{
	*state = calloc(1, sizeof(struct bench));
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	free(*state);
	return 0;
}

static void read_rig(struct bench *b, const char *file)
{
	assert_int_equal(gh_rig_read(&b->rig, file, &b->err), GH_OK);
}

/* As the flow and the engine ask: everything is there, then narrowed. */
static struct gh_plan_request request(struct bench *b, int part, double share)
{
	struct gh_plan_request req = {
		.rig = &b->rig,
		.joints = (uint32_t)((1ull << b->rig.n_joints) - 1),
		.move = true,
		.has_core = true,
		.seen = ~(uint64_t)0,
		.lamps = ~(uint64_t)0,
		.position_hz = 100.0,
		.speed_share = share,
	};

	gh_plan_narrow(&req, part);
	return req;
}

static enum gh_status plan(struct bench *b, const struct gh_single *what)
{
	const struct gh_plan_request req = request(b, what->part, 1.0);

	return gh_plan_single(&b->plan, &req, what, &b->err);
}

static struct gh_single ask(struct bench *b, enum gh_single_kind kind,
			    const char *part)
{
	const int index = gh_rig_find_part(&b->rig, part);

	assert_int_not_equal(index, GH_RIG_NONE);
	return (struct gh_single){ .kind = kind, .part = index, .repeats = 1 };
}

/* Peak speed of the tip that a span moves; an easing peaks at 1.5 its mean. */
static double tip_m_s(const struct gh_rig *rig, const struct gh_span *s)
{
	const struct gh_rig_joint *j = &rig->joints[rig->parts[s->part].joint];
	const double mean = fabs(s->to_rad - s->from_rad) * GH_US_PER_S /
			    (double)(s->end - s->begin);

	return (s->shape == GH_SHAPE_EASE ? 1.5 : 1.0) * mean *
	       gh_rig_reach_m(rig, j->arm, j->order);
}

static void check_sweep(struct bench *b, unsigned joint, double share)
{
	const struct gh_rig_joint *j = &b->rig.joints[joint];
	const struct gh_plan_request req = request(b, j->part, share);
	const struct gh_single what = { .kind = GH_SINGLE_SWEEP,
					.part = j->part,
					.repeats = 2 };
	double lowest = 0.0, highest = 0.0;
	gh_us end = 0;

	assert_int_equal(gh_plan_single(&b->plan, &req, &what, &b->err), GH_OK);
	assert_int_equal(b->plan.joints, 1u << joint);
	assert_true(b->plan.identity_end > 0);
	for (size_t i = 0; i < b->plan.n; i++) {
		const struct gh_span *s = &b->plan.span[i];

		assert_int_equal(s->part, j->part);
		assert_true(s->begin >= end && s->end > s->begin);
		assert_true(tip_m_s(&b->rig, s) <=
			    share * GH_PROXIMITY_SPEED_M_S * 1.0001);
		lowest = fmin(lowest, s->to_rad);
		highest = fmax(highest, s->to_rad);
		end = s->end;
	}
	assert_true(lowest >= j->lo_rad && highest <= j->hi_rad);
	/* About where it hangs, both ways as far. */
	assert_float_equal(lowest, -highest, 1e-9);
	assert_true(highest >= 0.5);
	assert_true(gh_plan_tip_speed_m_s(&b->plan, &b->rig) <=
		    share * GH_PROXIMITY_SPEED_M_S * 1.0001);
}

static void test_tips_are_slow(void **state)
{
	static const char *const files[] = { "schemas/lumina.rig",
					     "schemas/uno.rig",
					     "schemas/board_mega.rig" };
	struct bench *b = *state;

	for (size_t f = 0; f < GH_ARRAY_SIZE(files); f++) {
		read_rig(b, files[f]);
		for (unsigned j = 0; j < b->rig.n_joints; j++) {
			check_sweep(b, j, 1.0);
			check_sweep(b, j, 0.5);
		}
	}
}

static void test_speed_only_lowers(void **state)
{
	struct bench *b = *state;
	struct gh_single what;
	gh_us usual;

	read_rig(b, "schemas/lumina.rig");
	what = ask(b, GH_SINGLE_SWEEP, "hope.shoulder");
	assert_int_equal(plan(b, &what), GH_OK);
	usual = b->plan.total;
	what.speed_rad_s = 10.0;
	assert_int_equal(plan(b, &what), GH_OK);
	assert_int_equal(b->plan.total, usual);
	what.speed_rad_s = 0.1;
	assert_int_equal(plan(b, &what), GH_OK);
	/* Legs of 1.4 rad at 0.1 and 0.05 rad/s, there and back. */
	assert_true(b->plan.total > (gh_us)(84.0 * GH_US_PER_S));
	assert_true(b->plan.total < (gh_us)(95.0 * GH_US_PER_S));
}

static void test_wiggle_stays_where_it_hangs(void **state)
{
	struct bench *b = *state;
	struct gh_single what;

	read_rig(b, "schemas/lumina.rig");
	what = ask(b, GH_SINGLE_IDENTIFY, "dawn.wrist");
	what.repeats = 3;
	assert_int_equal(plan(b, &what), GH_OK);
	assert_int_equal(b->plan.n, 9);
	assert_int_equal(b->plan.total, b->plan.identity_end);
	for (size_t i = 0; i < b->plan.n; i++)
		assert_true(fabs(b->plan.span[i].to_rad) < 0.0263);
	assert_float_equal(b->plan.span[8].to_rad, 0.0, 1e-9);
}

static void test_blink_ends_dark(void **state)
{
	struct bench *b = *state;
	struct gh_single what;

	read_rig(b, "schemas/lumina.rig");
	what = ask(b, GH_SINGLE_IDENTIFY, "core");
	what.repeats = 2;
	assert_int_equal(plan(b, &what), GH_OK);
	assert_int_equal(b->plan.joints, 0);
	assert_int_equal(b->plan.n, 5);
	assert_int_equal(b->plan.span[4].exercise, GH_EX_DARK);
	/* Slower than three flashes a second. */
	assert_true(b->plan.span[1].end - b->plan.span[0].begin >=
		    GH_US_PER_S / 3);
}

static void test_look_is_held_and_ends(void **state)
{
	struct bench *b = *state;
	struct gh_single what;

	read_rig(b, "schemas/lumina.rig");
	what = ask(b, GH_SINGLE_LOOK, "core");
	what.look = 1;
	assert_int_equal(plan(b, &what), GH_OK);
	assert_int_equal(b->plan.n, 1);
	assert_int_equal(b->plan.total, (gh_us)600 * GH_US_PER_S);
	assert_memory_equal(b->plan.span[0].drive, b->rig.looks[1].rgbw,
			    sizeof b->rig.looks[1].rgbw);
}

static void test_lights_are_those_of_a_check(void **state)
{
	struct bench *b = *state;
	struct gh_single what;
	unsigned channels = 0, looks = 0;

	read_rig(b, "schemas/lumina.rig");
	what = ask(b, GH_SINGLE_LIGHTS, "core");
	assert_int_equal(plan(b, &what), GH_OK);
	for (size_t i = 0; i < b->plan.n; i++) {
		assert_int_equal(b->plan.span[i].part, what.part);
		channels += b->plan.span[i].exercise == GH_EX_CHANNEL;
		looks += b->plan.span[i].exercise == GH_EX_LOOK;
	}
	assert_int_equal(channels, 4);
	assert_true(looks >= b->rig.n_looks);
	assert_int_equal(b->plan.joints, 0);
}

static void test_refused(void **state)
{
	static const struct {
		enum gh_single_kind kind;
		const char *part;
		unsigned repeats;
		double speed_rad_s;
		bool move, lamps, core;
		enum gh_status st;
		const char *says;
	} cases[] = {
		{ GH_SINGLE_SWEEP, "core", 1, 0, true, true, true, GH_ARG,
		  "only a joint" },
		{ GH_SINGLE_SWEEP, "hope.elbow", 1, 0, false, true, true,
		  GH_ARG, "--allow-motion" },
		{ GH_SINGLE_IDENTIFY, "hope.elbow", 1, 0, false, true, true,
		  GH_ARG, "--allow-motion" },
		{ GH_SINGLE_IDENTIFY, "fibre.1", 1, 0, true, true, true, GH_ARG,
		  "neither moves nor shines" },
		{ GH_SINGLE_IDENTIFY, "core", 1, 0, true, false, true, GH_UNSUP,
		  "no lamp for core" },
		{ GH_SINGLE_LIGHTS, "core", 1, 0, false, true, false, GH_UNSUP,
		  "no sensor sees core" },
		{ GH_SINGLE_LOOK, "core", 1, 0, false, false, true, GH_UNSUP,
		  "no lamp for core" },
		{ GH_SINGLE_SWEEP, "hope.elbow", 90, 0.02, true, true, true,
		  GH_ARG, "longer than 30 min" },
		{ GH_SINGLE_SWEEP, "hope.elbow", 1000000, 0, true, true, true,
		  GH_ARG, "longer than 30 min" },
	};
	struct bench *b = *state;

	read_rig(b, "schemas/lumina.rig");
	for (size_t i = 0; i < GH_ARRAY_SIZE(cases); i++) {
		struct gh_single what = ask(b, cases[i].kind, cases[i].part);
		struct gh_plan_request req = request(b, what.part, 1.0);

		what.repeats = cases[i].repeats;
		what.speed_rad_s = cases[i].speed_rad_s;
		req.move = cases[i].move;
		req.has_core = cases[i].core;
		if (!cases[i].lamps)
			req.lamps = 0;
		assert_int_equal(gh_plan_single(&b->plan, &req, &what, &b->err),
				 cases[i].st);
		assert_non_null(strstr(b->err.msg, cases[i].says));
	}
}

static void test_narrow_range_is_not_swept(void **state)
{
	struct bench *b = *state;
	struct gh_single what;

	read_rig(b, "schemas/lumina.rig");
	what = ask(b, GH_SINGLE_SWEEP, "hope.elbow");
	b->rig.joints[b->rig.parts[what.part].joint].hi_rad = 0.3;
	assert_int_equal(plan(b, &what), GH_ARG);
	assert_non_null(strstr(b->err.msg, "too small for a sweep"));
}

/* What a recording calls it. */
static void test_recorded_names(void **state)
{
	struct gh_single_ask got;

	(void)state;
	assert_true(gh_flow_single_ask("sweep.2.10", &got));
	assert_int_equal(got.kind, GH_SINGLE_SWEEP);
	assert_int_equal(got.repeats, 2);
	assert_int_equal(got.speed_deg_s, 10);
	assert_true(gh_flow_single_ask("identify.3.0", &got));
	assert_int_equal(got.kind, GH_SINGLE_IDENTIFY);
	assert_int_equal(got.repeats, 3);
	assert_true(gh_flow_single_ask("jog.1", &got));
	assert_int_equal(got.kind, GH_SINGLE_JOG);
	assert_true(got.up);
	assert_true(gh_flow_single_ask("jog.0", &got));
	assert_false(got.up);
	assert_true(gh_flow_single_ask("look.4", &got));
	assert_int_equal(got.kind, GH_SINGLE_LOOK);
	assert_int_equal(got.look_at, 4);
	for (const struct gh_profile *p = gh_profiles; p->name; p++)
		assert_false(gh_flow_single_ask(p->name, &got));
	assert_false(gh_flow_single_ask("", &got));
	assert_false(gh_flow_single_ask("sweeps.1.1", &got));
}

static double cell(const struct gh_table *t, size_t row,
		   enum gh_watch_column column)
{
	return t->cells[row * t->n_columns + column].number;
}

/* The block as rows; the next one keeps what was lowest and the last value. */
static void check_rows(struct gh_watch_block *w, struct gh_dev_info *info)
{
	const struct gh_dev_stats stats = { .samples = 3,
					    .samples_lost = 1,
					    .frames_bad = 7,
					    .counts_loss = true };
	struct gh_table rows = gh_watch_table;

	assert_true(gh_table_init(&rows, GH_WATCH_ROWS));
	gh_watch_rows(w, &stats, 1002000, &rows);
	assert_int_equal(rows.n_rows, 3);
	assert_float_equal(cell(&rows, 0, GH_WATCH_MEAN), -0.05, 1e-9);
	assert_float_equal(cell(&rows, 2, GH_WATCH_MEAN), 250000.0, 1e-6);
	gh_watch_rows(w, &stats, 1002000, &rows);
	assert_true(isnan(cell(&rows, 0, GH_WATCH_MEAN)));
	assert_float_equal(cell(&rows, 0, GH_WATCH_PRESENT), -0.2, 1e-9);
	assert_float_equal(cell(&rows, 0, GH_WATCH_LOWEST), -0.2, 1e-9);
	assert_float_equal(cell(&rows, 0, GH_WATCH_HIGHEST), 0.1, 1e-9);
	assert_float_equal(cell(&rows, 0, GH_WATCH_AGE), 1.0, 1e-9);
	assert_true(isnan(cell(&rows, 1, GH_WATCH_AGE)));
	w->all = true;
	assert_int_equal(gh_watch_choose(w, info), 3);
	gh_watch_add(w, &(struct gh_sample){ 0, 0, 100 }, 1002000);
	gh_watch_rows(w, &stats, 1002000, &rows);
	assert_int_equal(rows.n_rows, 6);
	/* An angle in degrees, as a share of the joint's range. */
	assert_string_equal(rows.cells[GH_WATCH_UNIT].text, "deg");
	assert_float_equal(cell(&rows, 0, GH_WATCH_PRESENT), 57.29578, 1e-4);
	assert_float_equal(cell(&rows, 0, GH_WATCH_SHARE), 0.858099, 1e-5);
	assert_float_equal(cell(&rows, 5, GH_WATCH_PRESENT), 7.0, 0.0);
	gh_table_finish(&rows);
}

/* Rows of a watch: only what is worth one, means, and no invalid reading. */
static void test_watch_rows(void **state)
{
	struct bench *b = *state;
	struct gh_watch_block *w = calloc(1, sizeof *w);
	struct gh_dev_info *info = calloc(1, sizeof *info);
	static const struct {
		const char *part;
		enum gh_quantity what;
		bool measured;
	} channels[] = {
		{ "hope.elbow", GH_Q_POSITION, true },
		{ "hope.elbow", GH_Q_CURRENT, true },
		{ "hope.wrist", GH_Q_CURRENT, false },
		{ "core", GH_Q_LIGHT, true },
		{ "nobody", GH_Q_CURRENT, true },
	};

	assert_non_null(w);
	assert_non_null(info);
	read_rig(b, "schemas/lumina.rig");
	w->rig = &b->rig;
	for (size_t i = 0; i < GH_ARRAY_SIZE(channels); i++) {
		struct gh_dev_channel *ch = &info->channels[info->n_channels++];

		snprintf(ch->part, sizeof ch->part, "%s", channels[i].part);
		ch->what = channels[i].what;
		ch->measured = channels[i].measured;
		ch->num = 1;
		ch->den = 100;
	}
	assert_int_equal(gh_watch_choose(w, info), 2);
	gh_watch_add(w, &(struct gh_sample){ 0, 1, 10 }, 1000);
	gh_watch_add(w, &(struct gh_sample){ 0, 1, GH_RAW_INVALID }, 3000);
	gh_watch_add(w, &(struct gh_sample){ 0, 1, -20 }, 2000);
	gh_watch_add(w, &(struct gh_sample){ 0, 0, 500 }, 4000);
	assert_int_equal(w->rows[0].n, 2);
	assert_float_equal(w->rows[0].sum, -0.1, 1e-9);
	assert_float_equal(w->rows[0].lo, -0.2, 1e-9);
	assert_float_equal(w->rows[0].hi, 0.1, 1e-9);
	assert_int_equal(w->rows[1].n, 0);
	check_rows(w, info);
	free(info);
	free(w);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_tips_are_slow),
		T(test_speed_only_lowers),
		T(test_wiggle_stays_where_it_hangs),
		T(test_blink_ends_dark),
		T(test_look_is_held_and_ends),
		T(test_lights_are_those_of_a_check),
		T(test_refused),
		T(test_narrow_range_is_not_swept),
		T(test_recorded_names),
		T(test_watch_rows),
	};
#undef T

	return cmocka_run_group_tests(tests, NULL, NULL);
}
