/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The roll-up, over every list of at most three states. */
#include "judge/summary.h" /* gh_summary_parts, gh_summary_verdict */
#include "judge/verdict.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { STATES = 6 };

/* Written out, so that the function is not tested against itself. */
static const enum gh_verdict alone[STATES] = {
	[GH_STATE_PASS] = GH_VERDICT_READY,
	[GH_STATE_WATCH] = GH_VERDICT_WATCH,
	[GH_STATE_KNOWN] = GH_VERDICT_WATCH,
	[GH_STATE_FAIL] = GH_VERDICT_HOLD,
	[GH_STATE_UNKNOWN] = GH_VERDICT_UNSURE,
	[GH_STATE_SKIPPED] = GH_VERDICT_NOT_RUN,
};

static const enum gh_verdict pairs[][3] = {
	{ GH_VERDICT_READY, GH_VERDICT_WATCH, GH_VERDICT_WATCH },
	{ GH_VERDICT_READY, GH_VERDICT_UNSURE, GH_VERDICT_UNSURE },
	{ GH_VERDICT_READY, GH_VERDICT_HOLD, GH_VERDICT_HOLD },
	{ GH_VERDICT_WATCH, GH_VERDICT_UNSURE, GH_VERDICT_UNSURE },
	{ GH_VERDICT_WATCH, GH_VERDICT_HOLD, GH_VERDICT_HOLD },
	{ GH_VERDICT_UNSURE, GH_VERDICT_HOLD, GH_VERDICT_HOLD },
	{ GH_VERDICT_READY, GH_VERDICT_NOT_RUN, GH_VERDICT_READY },
	{ GH_VERDICT_WATCH, GH_VERDICT_NOT_RUN, GH_VERDICT_WATCH },
	{ GH_VERDICT_UNSURE, GH_VERDICT_NOT_RUN, GH_VERDICT_UNSURE },
	{ GH_VERDICT_HOLD, GH_VERDICT_NOT_RUN, GH_VERDICT_HOLD },
};

static enum gh_verdict join(enum gh_verdict a, enum gh_verdict b)
{
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
		if ((pairs[i][0] == a && pairs[i][1] == b) ||
		    (pairs[i][0] == b && pairs[i][1] == a))
			return pairs[i][2];
	return a; /* equal */
}

static struct gh_result rolled;

/* One finding of each state, dealt to the parts in turn. */
static void roll_up(const enum gh_state *s, size_t n, unsigned n_parts)
{
	static const struct gh_metric metric = { .id = "joint.coulomb",
						 .meaning = "friction",
						 .role = GH_ROLE_GATE };
	static struct gh_explained to[GH_JUDGE_FINDINGS];
	static const struct gh_judge_part parts[3];
	const struct gh_judge_in in = { .parts = parts, .n_parts = n_parts };

	rolled.n_parts = n_parts;
	rolled.n_findings = n;
	for (size_t i = 0; i < n; i++) {
		to[i].by = -1;
		rolled.findings[i] =
			(struct gh_finding){ .metric = &metric,
					     .part = (int)(i % n_parts),
					     .state = s[i] };
	}
	gh_summary_parts(&in, &rolled, to);
	gh_summary_verdict(&in, &rolled);
}

static void check(const enum gh_state *s, size_t n)
{
	enum gh_verdict expected = GH_VERDICT_NOT_RUN, of_run;

	for (size_t i = 0; i < n; i++)
		expected = join(expected, alone[s[i]]);
	of_run = expected == GH_VERDICT_NOT_RUN ? GH_VERDICT_UNSURE : expected;
	roll_up(s, n, 1);
	assert_int_equal(rolled.parts[0].state, expected);
	assert_int_equal(rolled.verdict, of_run);
	roll_up(s, n, 3);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(rolled.parts[i].state, alone[s[i]]);
	assert_int_equal(rolled.verdict, of_run);
}

static void all_lists(void **state)
{
	enum gh_state s[3] = { GH_STATE_PASS };

	(void)state;
	check(s, 0);
	for (int a = 0; a < STATES; a++) {
		s[0] = (enum gh_state)a;
		check(s, 1);
		for (int b = 0; b < STATES; b++) {
			s[1] = (enum gh_state)b;
			check(s, 2);
			for (int c = 0; c < STATES; c++) {
				s[2] = (enum gh_state)c;
				check(s, 3);
			}
		}
	}
}

static void strange_values_are_unsure(void **state)
{
	(void)state;
	assert_int_equal(gh_verdict_of_state((enum gh_state)99),
			 GH_VERDICT_UNSURE);
	assert_int_equal(gh_verdict_exit_code((enum gh_verdict)99), 3);
	assert_string_equal(gh_verdict_name((enum gh_verdict)99), "?");
	assert_string_equal(gh_state_name((enum gh_state)99), "?");
}

static void words_and_exit_codes(void **state)
{
	static const struct {
		enum gh_verdict v;
		int code;
		const char *name;
	} rows[] = {
		{ GH_VERDICT_READY, 0, "READY" },
		{ GH_VERDICT_WATCH, 1, "WATCH" },
		{ GH_VERDICT_HOLD, 2, "HOLD" },
		{ GH_VERDICT_UNSURE, 3, "UNSURE" },
		{ GH_VERDICT_NOT_RUN, 3, "NOT RUN" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_int_equal(gh_verdict_exit_code(rows[i].v), rows[i].code);
		assert_string_equal(gh_verdict_name(rows[i].v), rows[i].name);
	}
	assert_string_equal(gh_state_name(GH_STATE_UNKNOWN), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_lists),
		cmocka_unit_test(strange_values_are_unsure),
		cmocka_unit_test(words_and_exit_codes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
