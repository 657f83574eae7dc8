/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From measures and a baseline to findings: limits, reasons, confirmation. */
#include "judge/judge.h"

#include "unit/judge_night.h" /* struct night */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

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

static void expect(const struct night *n, int part, const char *id,
		   enum gh_state state, enum gh_reason reason)
{
	const struct gh_finding *f = night_finding(n, part, id);

	if (f->state != state || f->reason != reason)
		fail_msg("%s: %s %s, expected %s %s", id,
			 gh_state_name(f->state), gh_reason_name(f->reason),
			 gh_state_name(state), gh_reason_name(reason));
}

static void a_healthy_night_is_ready(void **state)
{
	struct night *n = *state;

	night_judge(n);
	assert_string_equal(gh_verdict_name(n->res.verdict), "READY");
	assert_true(n->res.comparable);
	/* 7 x 12 joints, 5 + 2 of the core, 2, 1 and 1 */
	assert_int_equal(n->res.n_gates, 7 * 12 + 7 + 2 + 1 + 1);
	assert_int_equal(n->res.n_diagnoses, 0);
	assert_int_equal(n->res.parts[NIGHT_CRYSTAL].state, GH_VERDICT_NOT_RUN);
	assert_int_equal(n->res.parts[NIGHT_CRYSTAL].reason,
			 GH_REASON_LOOK_BY_EYE);
	assert_int_equal(n->res.parts[0].n_pass, 10);
	assert_string_equal(n->res.why,
			    "16 of 17 parts checked and well, 1 not run");
}

/* Every pass says what it would have noticed, beyond its limit. */
static void every_pass_says_what_it_notices(void **state)
{
	struct night *n = *state;

	night_judge(n);
	for (size_t i = 0; i < n->res.n_findings; i++) {
		const struct gh_finding *f = &n->res.findings[i];

		assert_int_equal(f->state, GH_STATE_PASS);
		assert_true(f->notices >= f->limit_hi - f->expected ||
			    f->notices >= f->expected - f->limit_lo);
	}
}

/*
 * Coulomb's 12 siblings all have the same relative members, so the pool has
 * the variance of one: spread 3 % at -1, 0, 1 and +-0.3 gives MSb = 2 x .03^2,
 * MSw = 2 x (.3 x .03)^2, n0 = 2; sd = .03 sqrt(1 + .5 x .18).
 */
static void limits_by_hand(void **state)
{
	struct night *n = *state;
	const double b = 1.0, w = 0.5 * 0.18;
	const double sd = 0.1 * 0.03 * sqrt(b + w) * sqrt(1 + 1.0 / 3);
	const double u = 0.1 * 0.03 * NIGHT_REPEAT * sqrt(72.0 / 71);
	const struct gh_finding *f;

	night_judge(n);
	f = night_finding(n, 0, "joint.coulomb");
	assert_true(fabs(f->expected - 0.1) < 1e-9);
	/* df = (b + w)^2 / (b^2/24 + w^2/36) = 28.4; t(1 - 2.6e-6, 28.4) */
	assert_true((f->limit_hi - f->expected) / sd > 5.2);
	assert_true((f->limit_hi - f->expected) / sd < 5.9);
	/* 72 pairs of repeats 0.2 of the spread apart; the value is of two. */
	assert_true(fabs(f->notices - (f->limit_hi - f->expected) -
			 1.2816 * sd - 1.645 * u) < 1e-9);
	/* Gravity's spread is 1 %: its practical minimum of 10 % rules. */
	f = night_finding(n, 0, "joint.gravity");
	assert_true(fabs(f->limit_hi - 0.42 * 1.1) < 1e-9);
}

static void a_gate_needs_both_repeats(void **state)
{
	struct night *n = *state;
	struct gh_measure *m = night_measure(n, 0, "joint.viscous");
	const struct gh_finding *f;

	night_set(n, 0, "joint.viscous", 0.09);
	night_judge(n);
	f = night_finding(n, 0, "joint.viscous");
	assert_int_equal(f->state, GH_STATE_FAIL);
	assert_int_equal(f->beyond, 2);
	assert_int_equal(f->repeats, 2);
	assert_false(f->hard);
	m->rep[1][0] = 0.05;
	night_judge(n);
	/* The value of both is the third: two of three, and they disagree. */
	expect(n, 0, "joint.viscous", GH_STATE_WATCH, GH_REASON_NONE);
	assert_int_equal(night_finding(n, 0, "joint.viscous")->beyond, 1);
	assert_int_equal(n->res.verdict, GH_VERDICT_WATCH);
	m->rep[1][0] = 0.01; /* beyond, on the other side */
	night_judge(n);
	expect(n, 0, "joint.viscous", GH_STATE_WATCH, GH_REASON_NONE);
	m->rep[1][0] = NAN;
	night_judge(n);
	expect(n, 0, "joint.viscous", GH_STATE_UNKNOWN,
	       GH_REASON_NOT_CONFIRMED);
	m->rep[0][0] = m->rep[1][0] = NAN;
	night_judge(n);
	expect(n, 0, "joint.viscous", GH_STATE_UNKNOWN,
	       GH_REASON_NOT_CONFIRMED);
}

static void limits_have_two_sides(void **state)
{
	struct night *n = *state;

	night_set(n, 0, "joint.residual", 0.002);
	night_judge(n);
	expect(n, 0, "joint.residual", GH_STATE_FAIL, GH_REASON_NONE);
}

static void hard_limits_need_no_repeat(void **state)
{
	struct night *n = *state;
	struct gh_measure *m = night_measure(n, 0, "joint.gravity");
	const struct gh_finding *f;

	night_set(n, 0, "joint.gravity", 0.1);
	m->rep[0][0] = m->rep[1][0] = NAN;
	night_judge(n);
	f = night_finding(n, 0, "joint.gravity");
	assert_int_equal(f->state, GH_STATE_FAIL);
	assert_true(f->hard);
	assert_true(fabs(f->limit_lo - 0.105) < 1e-9);
}

static void absolute_hard_limits_need_no_baseline(void **state)
{
	struct night *n = *state;

	n->in.baseline = NULL;
	night_set(n, 0, "servo.lost", 60000);
	night_set(n, 0, "joint.gravity", 0);
	night_judge(n);
	assert_false(n->res.comparable);
	assert_int_equal(n->res.verdict, GH_VERDICT_HOLD);
	expect(n, 0, "servo.lost", GH_STATE_FAIL, GH_REASON_NONE);
	expect(n, 0, "joint.gravity", GH_STATE_UNKNOWN, GH_REASON_NO_BASELINE);
	expect(n, 0, "joint.dead", GH_STATE_SKIPPED, GH_REASON_NO_BASELINE);
	assert_true(isnan(night_finding(n, 0, "joint.gravity")->expected));
}

static void no_baseline_is_unsure(void **state)
{
	struct night *n = *state;

	n->in.baseline = NULL;
	night_judge(n);
	assert_int_equal(n->res.verdict, GH_VERDICT_UNSURE);
	assert_int_equal(n->res.n_why_not, 1);
	assert_int_equal(n->res.parts[0].reason, GH_REASON_NO_BASELINE);
}

/* Runs from the back become NAN, as if they had not been able to measure. */
static void keep_runs(struct night *n, unsigned runs)
{
	for (size_t i = 0; i < n->base.n_values; i++)
		if (n->rows[i].run >= runs)
			n->rows[i].v[0] = NAN;
}

static void few_runs(void **state)
{
	struct night *n = *state;

	keep_runs(n, 4);
	night_set(n, 0, "joint.gravity", 0.1);
	night_judge(n);
	expect(n, 0, "joint.gravity", GH_STATE_FAIL, GH_REASON_NONE);
	expect(n, 0, "joint.coulomb", GH_STATE_UNKNOWN, GH_REASON_TOO_FEW_RUNS);
	expect(n, 0, "joint.dead", GH_STATE_SKIPPED, GH_REASON_TOO_FEW_RUNS);
	keep_runs(n, 2);
	night_judge(n);
	expect(n, 0, "joint.gravity", GH_STATE_UNKNOWN, GH_REASON_TOO_FEW_RUNS);
	keep_runs(n, 0);
	night_judge(n);
	expect(n, 0, "joint.gravity", GH_STATE_UNKNOWN, GH_REASON_NO_BASELINE);
}

static void few_sessions(void **state)
{
	struct night *n = *state;

	for (size_t i = 0; i < n->base.n_values; i++)
		n->rows[i].session /= 2;
	night_judge(n);
	expect(n, 0, "joint.coulomb", GH_STATE_UNKNOWN, GH_REASON_ONE_SESSION);
}

static void another_version(void **state)
{
	struct night *n = *state;

	for (size_t i = 0; i < n->base.n_values; i++)
		if (strcmp(n->rows[i].id, "joint.coulomb") == 0)
			n->rows[i].version = 7;
	night_judge(n);
	expect(n, 0, "joint.coulomb", GH_STATE_UNKNOWN, GH_REASON_INCOMPARABLE);
	assert_string_equal(night_finding(n, 0, "joint.coulomb")->note,
			    "metric version: baseline 7, now 1");
}

static void another_key(void **state)
{
	struct night *n = *state;

	strcpy(n->key.field[1].value, "2.4.0");
	night_set(n, 0, "servo.lost", 60000);
	night_set(n, 1, "joint.gravity", 0.001);
	night_judge(n);
	assert_false(n->res.comparable);
	assert_int_equal(n->res.n_why_not, 1);
	assert_string_equal(n->res.why_not[0],
			    "firmware: baseline 2.3.1, now 2.4.0");
	expect(n, 0, "servo.lost", GH_STATE_FAIL, GH_REASON_NONE);
	/* A share of a mean that means something else is no limit. */
	expect(n, 1, "joint.gravity", GH_STATE_UNKNOWN, GH_REASON_INCOMPARABLE);
	expect(n, 1, "joint.dead", GH_STATE_SKIPPED, GH_REASON_INCOMPARABLE);
	assert_true(isnan(night_finding(n, 1, "joint.gravity")->expected));
}

static void a_missing_key_field(void **state)
{
	struct night *n = *state;

	n->base.key.n = 1;
	night_judge(n);
	assert_string_equal(n->res.why_not[0],
			    "firmware: baseline nothing, now 2.3.1");
	n->base.key.n = 2;
	n->key.n = 1;
	night_judge(n);
	assert_string_equal(n->res.why_not[0],
			    "firmware: baseline 2.3.1, now nothing");
}

static void nan_never_passes(void **state)
{
	struct night *n = *state;

	night_set(n, 0, "joint.coulomb", NAN);
	night_measure(n, NIGHT_CORE, "core.colour_dawn_pink")->v[2] = NAN;
	night_judge(n);
	expect(n, 0, "joint.coulomb", GH_STATE_UNKNOWN,
	       GH_REASON_NOT_COMPUTABLE);
	expect(n, NIGHT_CORE, "core.colour_dawn_pink", GH_STATE_UNKNOWN,
	       GH_REASON_NOT_COMPUTABLE);
}

static void reasons_of_probes(void **state)
{
	struct night *n = *state;
	static const struct {
		enum gh_reason reason;
		enum gh_state gate, watched;
	} rows[] = {
		{ GH_REASON_NO_SENSOR, GH_STATE_SKIPPED, GH_STATE_SKIPPED },
		{ GH_REASON_TOO_SLOW, GH_STATE_SKIPPED, GH_STATE_SKIPPED },
		{ GH_REASON_COMMANDED_ONLY, GH_STATE_SKIPPED,
		  GH_STATE_SKIPPED },
		{ GH_REASON_NOT_IN_PROFILE, GH_STATE_SKIPPED,
		  GH_STATE_SKIPPED },
		{ GH_REASON_NOT_MEASURED, GH_STATE_UNKNOWN, GH_STATE_SKIPPED },
		{ GH_REASON_NOT_COMPUTABLE, GH_STATE_UNKNOWN,
		  GH_STATE_SKIPPED },
		{ GH_REASON_NO_CONSENT, GH_STATE_UNKNOWN, GH_STATE_SKIPPED },
		{ GH_REASON_SATURATED, GH_STATE_UNKNOWN, GH_STATE_UNKNOWN },
		{ GH_REASON_SENSOR_SUSPECT, GH_STATE_UNKNOWN,
		  GH_STATE_UNKNOWN },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		night_measure(n, 0, "joint.coulomb")->reason = rows[i].reason;
		night_measure(n, 0, "joint.dead")->reason = rows[i].reason;
		night_judge(n);
		expect(n, 0, "joint.coulomb", rows[i].gate, rows[i].reason);
		expect(n, 0, "joint.dead", rows[i].watched, rows[i].reason);
	}
}

/* One part without siblings whose three sessions disagree wildly. */
static void too_noisy(void **state)
{
	struct night *n = *state;

	for (size_t i = 0; i < n->base.n_values; i++)
		if (strcmp(n->rows[i].id, "supply.rsource") == 0)
			n->rows[i].v[0] *= n->rows[i].session == 0 ? 3 : 1;
	night_judge(n);
	expect(n, NIGHT_SUPPLY, "supply.rsource", GH_STATE_UNKNOWN,
	       GH_REASON_TOO_NOISY);
	/* Who crosses even that limit is out of order all the same. */
	night_set(n, NIGHT_SUPPLY, "supply.rsource", 9);
	night_judge(n);
	expect(n, NIGHT_SUPPLY, "supply.rsource", GH_STATE_FAIL,
	       GH_REASON_NONE);
}

/* Resets: counts of 0 are not infinitely sharp, the hard limit is enough. */
static void a_hard_limit_makes_up_for_noise(void **state)
{
	struct night *n = *state;

	night_judge(n);
	expect(n, NIGHT_CONTROLLER, "controller.resets", GH_STATE_PASS,
	       GH_REASON_NONE);
	night_set(n, NIGHT_CONTROLLER, "controller.resets", 1);
	night_judge(n);
	expect(n, NIGHT_CONTROLLER, "controller.resets", GH_STATE_FAIL,
	       GH_REASON_NONE);
}

static void identical_readings_have_a_floor(void **state)
{
	struct night *n = *state;
	const struct gh_finding *f;

	for (size_t i = 0; i < n->base.n_values; i++)
		if (strcmp(n->rows[i].id, "joint.bind") == 0)
			n->rows[i].v[0] = 0.008;
	night_judge(n);
	f = night_finding(n, 0, "joint.bind");
	assert_int_equal(f->state, GH_STATE_PASS);
	assert_true(f->notices > 0.020 + 1.2816 * 0.001 / sqrt(12));
}

/* Three joints, no more: the prior joins in with d0 = 4. */
static void few_siblings_are_moderated(void **state)
{
	struct night *n = *state;
	double wide, narrow;

	night_judge(n);
	narrow = night_finding(n, 0, "joint.coulomb")->limit_hi;
	for (size_t i = 0; i < n->base.n_values; i++)
		if (strncmp(n->rows[i].part, "hope.", 5) != 0)
			n->rows[i].v[0] = NAN;
	night_judge(n);
	wide = night_finding(n, 0, "joint.coulomb")->limit_hi;
	assert_true(isfinite(wide) && wide > narrow);
}

/* starosdev: a suspect that joins its own jury looks innocent. */
static void the_run_is_not_its_own_baseline(void **state)
{
	struct night *n = *state;
	double apart, joined;

	night_set(n, NIGHT_SUPPLY, "supply.vmin", 9);
	night_judge(n);
	expect(n, NIGHT_SUPPLY, "supply.vmin", GH_STATE_FAIL, GH_REASON_NONE);
	apart = fabs(9 -
		     night_finding(n, NIGHT_SUPPLY, "supply.vmin")->expected);
	for (size_t i = 0; i < n->base.n_values; i++)
		if (strcmp(n->rows[i].id, "supply.vmin") == 0 &&
		    n->rows[i].run == 0)
			n->rows[i].v[0] = 9;
	night_judge(n);
	joined = fabs(9 -
		      night_finding(n, NIGHT_SUPPLY, "supply.vmin")->expected);
	assert_true(joined < apart);
}

static void watched_metrics_never_fail(void **state)
{
	struct night *n = *state;
	const struct gh_finding *f;

	night_set(n, 0, "joint.dead", 5);
	night_judge(n);
	f = night_finding(n, 0, "joint.dead");
	assert_int_equal(f->state, GH_STATE_WATCH);
	assert_true(f->value > f->limit_hi);
	assert_int_equal(n->res.verdict, GH_VERDICT_WATCH);
	assert_non_null(strstr(n->res.why, "hope.shoulder: lost motion"));
	/* Sure enough, but too small to matter. */
	night_set(n, 0, "joint.dead", 0.7);
	night_judge(n);
	expect(n, 0, "joint.dead", GH_STATE_PASS, GH_REASON_NONE);
}

static const struct gh_metric phase = { .id = "joint.gravity_phase",
					.version = 1,
					.unit = GH_UNIT_DEG,
					.meaning = "where the arm hangs",
					.role = GH_ROLE_GATE,
					.kind = GH_METRIC_CIRCULAR,
					.min_abs = 3,
					.prior = 0.5,
					.resolution = 0.01,
					.hard = NO_HARD };

/* Members at 357.. 1 deg: the mean is near 0, not near 180. */
static void angles_wrap(void **state)
{
	struct night *n = *state;
	const double v[3] = { 0, 0, 0 };
	const struct gh_finding *f;

	for (int part = 0; part < NIGHT_JOINTS; part++)
		night_add(n, &phase, phase.id, part, v, 0);
	for (size_t i = 0; i < n->base.n_values; i++)
		if (strcmp(n->rows[i].id, phase.id) == 0)
			n->rows[i].v[0] =
				fmod(359.5 + 0.1 * n->rows[i].run, 360);
	night_set(n, 0, phase.id, 0.9);
	night_set(n, 1, phase.id, 345);
	night_judge(n);
	f = night_finding(n, 0, phase.id);
	assert_int_equal(f->state, GH_STATE_PASS);
	assert_true(fabs(f->expected + 0.25) < 1e-6);
	f = night_finding(n, 1, phase.id);
	assert_int_equal(f->state, GH_STATE_FAIL);
	assert_true(fabs(f->expected - 359.75) < 1e-6);
}

static void colours_are_judged_as_delta_e(void **state)
{
	struct night *n = *state;
	struct gh_measure *m =
		night_measure(n, NIGHT_CORE, "core.colour_dawn_pink");
	const struct gh_finding *f;

	night_judge(n);
	f = night_finding(n, NIGHT_CORE, "core.colour_dawn_pink");
	assert_int_equal(f->state, GH_STATE_PASS);
	assert_int_equal(f->unit, GH_UNIT_DELTA_E);
	assert_true(f->value < 1e-3);
	assert_true(isnan(f->limit_lo));
	assert_true(f->limit_hi >= 3);
	assert_true(f->base[0] > 0.49 && f->base[0] < 0.51);
	night_set3(m, 0.45, 0.35, 0.05); /* blue gone */
	night_judge(n);
	f = night_finding(n, NIGHT_CORE, "core.colour_dawn_pink");
	assert_int_equal(f->state, GH_STATE_FAIL);
	assert_true(f->value > 10);
	assert_int_equal(f->beyond, 2);
	assert_memory_equal(f->note, "du'v' ", 6);
}

#define T(name) cmocka_unit_test_setup_teardown(name, make, drop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_healthy_night_is_ready),
		T(every_pass_says_what_it_notices),
		T(limits_by_hand),
		T(a_gate_needs_both_repeats),
		T(limits_have_two_sides),
		T(hard_limits_need_no_repeat),
		T(absolute_hard_limits_need_no_baseline),
		T(no_baseline_is_unsure),
		T(few_runs),
		T(few_sessions),
		T(another_version),
		T(another_key),
		T(a_missing_key_field),
		T(nan_never_passes),
		T(reasons_of_probes),
		T(too_noisy),
		T(a_hard_limit_makes_up_for_noise),
		T(identical_readings_have_a_floor),
		T(few_siblings_are_moderated),
		T(the_run_is_not_its_own_baseline),
		T(watched_metrics_never_fail),
		T(angles_wrap),
		T(colours_are_judged_as_delta_e),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
