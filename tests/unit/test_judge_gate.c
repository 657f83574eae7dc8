/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Near the limit, beyond it once, and events too rare for a spread. */
#include "unit/judge_night.h" /* struct night */

#include "judge/stats.h" /* gh_poisson_tail */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define GRAVITY 0.42
#define LEAST (0.10 * GRAVITY) /* its practical minimum is its half-width */

static void expect(const struct night *n, int part, const char *id,
		   enum gh_state state, enum gh_reason reason)
{
	const struct gh_finding *f = night_finding(n, part, id);

	if (f->state != state || f->reason != reason)
		fail_msg("%s %.6g: %s %s, expected %s %s", id, f->value,
			 gh_state_name(f->state), gh_reason_name(f->reason),
			 gh_state_name(state), gh_reason_name(reason));
}

static int make(void **state)
{
	*state = night_make();
	return 0;
}

static int drop(void **state)
{
	free(*state);
	return 0;
}

/* Repeats 3 % of the value apart, back and forth: u = 1.5 % of it. */
static void make_repeats_rough(struct night *n, const char *id)
{
	for (size_t i = 0; i < n->base.n_values; i++) {
		struct gh_base_value *row = &n->rows[i];
		const double apart =
			0.015 * row->v[0] * (row->run % 2 ? 1 : -1);

		if (strcmp(row->id, id) != 0)
			continue;
		row->rep[0][0] = row->v[0] - apart;
		row->rep[1][0] = row->v[0] + apart;
	}
}

/*
 * 72 pairs 3 % apart: SD of a difference 3 % sqrt(72/71), of one repeat that
 * over sqrt 2, of both together that over sqrt 2 again.
 */
static void three_zones(void **state)
{
	struct night *n = *state;
	const double u = GRAVITY * 0.015 * sqrt(72.0 / 71);
	const double band = 1.645 * u;
	static const struct {
		double at; /* in bands from the limit */
		enum gh_state state;
		enum gh_reason reason;
	} rows[] = {
		{ -1.02, GH_STATE_PASS, GH_REASON_NONE },
		{ -0.98, GH_STATE_UNKNOWN, GH_REASON_GUARD_BAND },
		{ 0.98, GH_STATE_UNKNOWN, GH_REASON_GUARD_BAND },
		{ 1.02, GH_STATE_FAIL, GH_REASON_NONE },
	};

	make_repeats_rough(n, "joint.gravity");
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		night_set(n, 0, "joint.gravity",
			  GRAVITY - LEAST - rows[i].at * band);
		night_judge(n);
		expect(n, 0, "joint.gravity", rows[i].state, rows[i].reason);
	}
	/* A pass says that its limit has a band. */
	night_set(n, 0, "joint.gravity", GRAVITY);
	night_judge(n);
	assert_true(fabs(night_finding(n, 0, "joint.gravity")->notices - LEAST -
			 band) < 0.02 * GRAVITY);
}

/* The second repeat is always 5 % higher: that is no lack of repeatability. */
static void a_constant_difference_is_no_noise(void **state)
{
	struct night *n = *state;
	double narrow;

	night_judge(n);
	narrow = night_finding(n, 0, "joint.gravity")->notices;
	for (size_t i = 0; i < n->base.n_values; i++)
		if (strcmp(n->rows[i].id, "joint.gravity") == 0)
			n->rows[i].rep[1][0] += 0.05 * n->rows[i].v[0];
	night_judge(n);
	assert_true(
		fabs(night_finding(n, 0, "joint.gravity")->notices / narrow -
		     1) < 0.01);
}

/* A baseline without repeats: this run's own, of all siblings. */
static void repeats_of_this_run_stand_in(void **state)
{
	struct night *n = *state;
	double without, with;

	for (size_t i = 0; i < n->base.n_values; i++)
		n->rows[i].rep[0][0] = NAN;
	for (int i = 0; i < NIGHT_JOINTS; i++)
		night_measure(n, i, "joint.gravity")->rep[1][0] = GRAVITY;
	night_judge(n);
	without = night_finding(n, 0, "joint.gravity")->notices;
	for (int i = 0; i < NIGHT_JOINTS; i++)
		night_measure(n, i, "joint.gravity")->rep[1][0] *=
			i % 2 ? 1.05 : 0.95;
	night_judge(n);
	with = night_finding(n, 0, "joint.gravity")->notices;
	assert_true(with > without + 0.02 * GRAVITY);
}

/* ---- Rates ---- */

enum { LOOKED_S = 10 };

/* The core drops out k times in 10 s, k/2 in each repeat's 5 s. */
static void set_events(struct night *n, double k)
{
	struct gh_measure *m = night_measure(n, NIGHT_CORE, night_sputter.id);

	m->v[0] = k / LOOKED_S;
	m->v[1] = LOOKED_S;
	for (int r = 0; r < 2; r++) {
		m->rep[r][0] = k / LOOKED_S;
		m->rep[r][1] = LOOKED_S / 2.0;
	}
}

static void add_sputter(struct night *n, double events_per_run)
{
	const double v[3] = { events_per_run / LOOKED_S, LOOKED_S, 0 };

	night_add(n, &night_sputter, night_sputter.id, NIGHT_CORE, v, 0);
	set_events(n, 0);
	night_judge(n);
}

/*
 * None in 6 x 10 s: at most 3/60 a second, 0.5 in 10 s; the limit is the count
 * that this mean reaches with less than alpha = 0.0005/(gates).
 */
static void none_seen_is_not_never(void **state)
{
	struct night *n = *state;
	const struct gh_finding *f;
	double mean, k;

	add_sputter(n, 0);
	mean = 2.995732273554 / 60 * LOOKED_S;
	f = night_finding(n, NIGHT_CORE, night_sputter.id);
	assert_int_equal(f->state, GH_STATE_PASS);
	assert_true(isnan(f->limit_lo) && fabs(f->expected) < 1e-12);
	k = f->limit_hi * LOOKED_S;
	assert_true(gh_poisson_tail(round(k), mean) <
		    0.0005 / (n->res.n_gates));
	assert_true(gh_poisson_tail(round(k) - 1, mean) >
		    0.0005 / (n->res.n_gates));
	/* P(N >= k) = 0.9 at what it notices. */
	assert_true(fabs(gh_poisson_tail(round(k), f->notices * LOOKED_S) -
			 0.9) < 1e-6);
	set_events(n, round(k) - 1);
	night_judge(n);
	assert_int_not_equal(f->state, GH_STATE_FAIL);
	set_events(n, round(k));
	night_judge(n);
	expect(n, NIGHT_CORE, night_sputter.id, GH_STATE_FAIL, GH_REASON_NONE);
}

static void fewer_events_are_no_fault(void **state)
{
	struct night *n = *state;

	add_sputter(n, 30);
	expect(n, NIGHT_CORE, night_sputter.id, GH_STATE_PASS, GH_REASON_NONE);
	set_events(n, 33);
	night_judge(n);
	expect(n, NIGHT_CORE, night_sputter.id, GH_STATE_PASS, GH_REASON_NONE);
	set_events(n, 90);
	night_judge(n);
	expect(n, NIGHT_CORE, night_sputter.id, GH_STATE_FAIL, GH_REASON_NONE);
}

/* Inside its gate, but by chance less than once in 10 000: worth a look. */
static void more_events_than_chance_are_watched(void **state)
{
	struct night *n = *state;
	const struct gh_finding *f;

	add_sputter(n, 0);
	f = night_finding(n, NIGHT_CORE, night_sputter.id);
	set_events(n, round(f->limit_hi * LOOKED_S) - 1);
	night_judge(n);
	expect(n, NIGHT_CORE, night_sputter.id, GH_STATE_WATCH, GH_REASON_NONE);
	set_events(n, 1);
	night_judge(n);
	expect(n, NIGHT_CORE, night_sputter.id, GH_STATE_PASS, GH_REASON_NONE);
}

static void a_rate_needs_its_seconds(void **state)
{
	struct night *n = *state;

	add_sputter(n, 0);
	night_measure(n, NIGHT_CORE, night_sputter.id)->v[1] = NAN;
	night_judge(n);
	expect(n, NIGHT_CORE, night_sputter.id, GH_STATE_UNKNOWN,
	       GH_REASON_NOT_COMPUTABLE);
	night_measure(n, NIGHT_CORE, night_sputter.id)->v[1] = 0;
	night_judge(n);
	expect(n, NIGHT_CORE, night_sputter.id, GH_STATE_UNKNOWN,
	       GH_REASON_NOT_COMPUTABLE);
}

/* As the probe has it: 10 mA of load are none. */
static const struct gh_metric load =
	GATE("joint.gravity", "load carried", 0.10, 0.010, 0.01, 0.0003,
	     { NAN, NAN, 0.25 });
static const struct gh_metric hangs =
	GATE_IN_UNIT("joint.gravity_phase", "where it hangs",
		     GH_METRIC_CIRCULAR, GH_UNIT_DEG, 3, 0.5, 0.088);

/* Without a load the fit leaves the size of its noise, and no direction. */
static void unload(struct night *n, int joint)
{
	static const double noise_a[NIGHT_RUNS] = { 3e-5, 9e-4, 1e-4,
						    7e-4, 2e-4, 4e-4 };
	unsigned run = 0;

	for (size_t i = 0; i < n->base.n_values; i++) {
		struct gh_base_value *row = &n->rows[i];

		if (strcmp(row->id, load.id) != 0 ||
		    strcmp(row->part, n->parts[joint].name) != 0)
			continue;
		row->v[0] = row->rep[0][0] = noise_a[run++];
		row->rep[1][0] = noise_a[NIGHT_RUNS - run];
	}
	night_set(n, joint, load.id, 2e-5);
}

static void a_joint_without_load(void **state)
{
	const double down[3] = { 0, 0, 0 };
	struct night *n = *state;

	for (int i = 0; i < NIGHT_JOINTS; i++) {
		night_measure(n, i, load.id)->metric = &load;
		if (i != NIGHT_WRIST)
			night_add(n, &hangs, hangs.id, i, down, 0.01);
	}
	unload(n, NIGHT_WRIST);
	n->measures[n->in.n_measures] = *night_measure(n, 0, hangs.id);
	n->measures[n->in.n_measures].part = NIGHT_WRIST;
	n->measures[n->in.n_measures++].reason = GH_REASON_NOT_COMPUTABLE;
	night_judge(n);
	for (int i = 0; i < NIGHT_JOINTS; i++)
		assert_int_equal(night_finding(n, i, load.id)->state,
				 GH_STATE_PASS);
	assert_int_equal(night_finding(n, NIGHT_WRIST, hangs.id)->state,
			 GH_STATE_SKIPPED);
	assert_int_equal(n->res.verdict, GH_VERDICT_READY);
	/* An arm that did hang somewhere does not get off so lightly. */
	night_measure(n, 0, hangs.id)->reason = GH_REASON_NOT_COMPUTABLE;
	night_judge(n);
	assert_int_equal(n->res.verdict, GH_VERDICT_UNSURE);
}

/* A loop that is quicker than it was is no fault; one as much slower is. */
static void less_is_well_where_it_is_said(void **state)
{
	struct gh_metric loop = GATE_IN_UNIT("controller.loop_max",
					     "worst loop", GH_METRIC_SCALAR,
					     GH_UNIT_MICROSECOND, 200, 100, 1);
	const double v[3] = { 3000, 0, 0 };
	struct night *n = *state;
	double half;

	night_add(n, &loop, loop.id, NIGHT_CONTROLLER, v, 0.01);
	night_set(n, NIGHT_CONTROLLER, loop.id, 300);
	night_judge(n);
	expect(n, NIGHT_CONTROLLER, loop.id, GH_STATE_FAIL, GH_REASON_NONE);
	half = night_finding(n, NIGHT_CONTROLLER, loop.id)->limit_hi - v[0];
	loop.less_is_well = true;
	night_judge(n);
	expect(n, NIGHT_CONTROLLER, loop.id, GH_STATE_PASS, GH_REASON_NONE);
	assert_int_equal(n->res.verdict, GH_VERDICT_READY);
	night_set(n, NIGHT_CONTROLLER, loop.id, 5700);
	night_judge(n);
	expect(n, NIGHT_CONTROLLER, loop.id, GH_STATE_FAIL, GH_REASON_NONE);
	/* All of the false alarms on one side: the limit is no wider. */
	assert_true(night_finding(n, NIGHT_CONTROLLER, loop.id)->limit_hi -
			    v[0] <=
		    half);
}

#define T(name) cmocka_unit_test_setup_teardown(name, make, drop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(three_zones),
		T(a_constant_difference_is_no_noise),
		T(repeats_of_this_run_stand_in),
		T(none_seen_is_not_never),
		T(fewer_events_are_no_fault),
		T(more_events_than_chance_are_watched),
		T(a_rate_needs_its_seconds),
		T(a_joint_without_load),
		T(less_is_well_where_it_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
