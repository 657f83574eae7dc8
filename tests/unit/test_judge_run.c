/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From findings to parts and a whole run: gaps, ends, and no order at all. */
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

/* A night whose other half was cut off. */
static void an_interrupted_run(void **state)
{
	struct night *n = *state;

	n->in.interrupted = true;
	n->in.n_measures = 20; /* two joints */
	night_measure(n, 1, "joint.coulomb")->reason = GH_REASON_NOT_MEASURED;
	night_set(n, 0, "joint.gravity", 0);
	night_judge(n);
	assert_int_equal(n->res.parts[0].state, GH_VERDICT_HOLD);
	assert_int_equal(n->res.parts[1].state, GH_VERDICT_UNSURE);
	assert_int_equal(n->res.parts[1].reason, GH_REASON_INTERRUPTED);
	assert_int_equal(n->res.parts[2].state, GH_VERDICT_UNSURE);
	assert_int_equal(n->res.parts[2].reason, GH_REASON_INTERRUPTED);
	assert_int_equal(n->res.verdict, GH_VERDICT_HOLD);
}

static void an_interrupted_run_is_never_ready(void **state)
{
	struct night *n = *state;

	n->in.interrupted = true;
	night_judge(n);
	assert_int_equal(n->res.verdict, GH_VERDICT_UNSURE);
	assert_string_equal(n->res.why, "the run was interrupted");
}

static void parts_nobody_measured(void **state)
{
	struct night *n = *state;

	n->in.n_measures = 20;
	n->parts[2].in_profile = false;
	night_judge(n);
	assert_int_equal(n->res.parts[2].state, GH_VERDICT_NOT_RUN);
	assert_int_equal(n->res.parts[2].reason, GH_REASON_NOT_IN_PROFILE);
	assert_int_equal(n->res.parts[3].state, GH_VERDICT_UNSURE);
	assert_int_equal(n->res.parts[3].reason, GH_REASON_NOT_MEASURED);
	assert_string_equal(n->res.why,
			    "resilience.shoulder: not measured in this run");
}

static void all_skipped_is_not_run(void **state)
{
	struct night *n = *state;

	for (size_t i = 0; i < n->in.n_measures; i++)
		n->measures[i].reason = GH_REASON_NO_SENSOR;
	night_judge(n);
	assert_int_equal(n->res.parts[0].state, GH_VERDICT_NOT_RUN);
	assert_int_equal(n->res.parts[0].reason, GH_REASON_NO_SENSOR);
	assert_int_equal(n->res.verdict, GH_VERDICT_UNSURE);
	assert_string_equal(n->res.why, "nothing was measured");
}

/* Watched only, and yet: what it said in the baseline it says no more. */
static void a_part_that_fell_silent_is_unsure(void **state)
{
	static const struct gh_metric battery =
		WATCHED("remote.battery", "battery", 0.05, 0, 0.02, 0.01);
	static const struct gh_metric presses =
		WATCHED("remote.presses", "presses", 0, 0.5, 0.1, 1);
	const double v[3] = { 2.9, 0, 0 };
	struct night *n = *state;
	struct gh_measure *m;

	n->parts[NIGHT_CRYSTAL].kind = GH_PART_REMOTE;
	n->parts[NIGHT_CRYSTAL].look_by_eye = false;
	night_add(n, &battery, battery.id, NIGHT_CRYSTAL, v, 0.005);
	m = &n->measures[n->in.n_measures++];
	*m = *night_measure(n, NIGHT_CRYSTAL, battery.id);
	m->metric = &presses;
	strcpy(m->id, "remote.a_press"); /* before the battery by name */
	m->reason = GH_REASON_NOT_IN_PROFILE;
	night_judge(n);
	assert_int_equal(n->res.verdict, GH_VERDICT_READY);
	m = night_measure(n, NIGHT_CRYSTAL, battery.id);
	m->reason = GH_REASON_NOT_COMPUTABLE;
	night_judge(n);
	assert_int_equal(n->res.verdict, GH_VERDICT_UNSURE);
	assert_int_equal(n->res.parts[NIGHT_CRYSTAL].reason,
			 GH_REASON_NOT_COMPUTABLE);
	assert_non_null(strstr(n->res.why, "battery"));
	/* It never said anything: then nothing is missing. */
	n->base.n_values -= NIGHT_RUNS;
	for (size_t i = 0; i < n->base.n_values + NIGHT_RUNS; i++)
		if (strcmp(n->rows[i].id, battery.id) == 0) {
			memmove(&n->rows[i], &n->rows[i + NIGHT_RUNS],
				(n->base.n_values - i) * sizeof n->rows[0]);
			break;
		}
	night_judge(n);
	assert_int_equal(n->res.verdict, GH_VERDICT_READY);
}

static void an_unsafe_end_holds(void **state)
{
	struct night *n = *state;

	n->in.unsafe_end = true;
	night_judge(n);
	assert_int_equal(n->res.verdict, GH_VERDICT_HOLD);
	assert_string_equal(n->res.why,
			    "controller's safe state could not be read back");
}

static void shown_numbers_are_not_judged(void **state)
{
	struct night *n = *state;
	static const struct gh_metric sparc = { .id = "joint.sparc",
						.version = 1,
						.meaning = "fluidity",
						.role = GH_ROLE_SHOWN,
						.hard = { 0, 1, NAN } };
	const double v[3] = { -5, 0, 0 };

	night_add(n, &sparc, sparc.id, 0, v, 0.01);
	night_set(n, 0, sparc.id, -500);
	night_judge(n);
	assert_int_equal(night_finding(n, 0, sparc.id)->state, GH_STATE_PASS);
	assert_int_equal(n->res.parts[0].n_pass, 10);
}

static void order_does_not_matter(void **state)
{
	struct night *n = *state;
	struct night *m = night_make();

	night_set(n, NIGHT_ELBOW, "joint.gravity", 0.01);
	night_set(n, NIGHT_SHOULDER, "joint.gravity", 0.30);
	night_set(n, 0, "joint.dead", 5);
	night_judge(n);
	for (size_t i = 0; i < n->in.n_measures; i++)
		m->measures[i] = n->measures[n->in.n_measures - 1 - i];
	night_judge(m);
	assert_int_equal(m->res.verdict, n->res.verdict);
	assert_string_equal(m->res.why, n->res.why);
	assert_int_equal(m->res.n_diagnoses, n->res.n_diagnoses);
	for (size_t i = 0; i < n->res.n_findings; i++) {
		const struct gh_finding *a = &n->res.findings[i];
		const struct gh_finding *b = night_finding(m, a->part, a->id);

		assert_memory_equal(&a->value, &b->value, sizeof a->value);
		assert_memory_equal(&a->limit_hi, &b->limit_hi,
				    sizeof a->limit_hi);
		assert_int_equal(a->state, b->state);
	}
	for (unsigned i = 0; i < n->res.n_parts; i++) {
		assert_int_equal(n->res.parts[i].state, m->res.parts[i].state);
		assert_int_equal(n->res.parts[i].diagnosis,
				 m->res.parts[i].diagnosis);
	}
	free(m);
}

static void twice_is_the_same(void **state)
{
	struct night *n = *state;
	struct gh_result *first = malloc(sizeof *first);

	night_set(n, NIGHT_ELBOW, "joint.gravity", 0.01);
	night_judge(n);
	*first = n->res;
	night_judge(n);
	assert_int_equal(first->verdict, n->res.verdict);
	for (size_t i = 0; i < n->res.n_findings; i++)
		assert_memory_equal(&first->findings[i].limit_hi,
				    &n->res.findings[i].limit_hi,
				    sizeof(double));
	free(first);
}

static void at_most_four_differences(void **state)
{
	struct night *n = *state;

	n->key.n = 9;
	for (unsigned i = 0; i < n->key.n; i++)
		snprintf(n->key.field[i].name, sizeof n->key.field[i].name,
			 "field%u", i);
	night_judge(n);
	assert_int_equal(n->res.n_why_not, 4);
}

#define T(name) cmocka_unit_test_setup_teardown(name, make, drop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(an_interrupted_run),
		T(an_interrupted_run_is_never_ready),
		T(parts_nobody_measured),
		T(all_skipped_is_not_run),
		T(a_part_that_fell_silent_is_unsure),
		T(an_unsafe_end_holds),
		T(shown_numbers_are_not_judged),
		T(order_does_not_matter),
		T(twice_is_the_same),
		T(at_most_four_differences),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
