/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * doctor: every single trouble, and every two together, give exactly their
 * steps and their commands; what depends on a broken step is not checked.
 */
#include "cli/doctor.h"		  /* gh_doctor_judge */
#include "cli/doctor_say.h"	  /* gh_doctor_is_plain */
#include "unit/test_doctor_kit.h" /* healthy, troubles */

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Is a step that this one stands on broken, or not checked itself? */
static bool is_shadowed(const struct gh_steps *s, unsigned step)
{
	for (int up = gh_doctor_rows[step].needs; up >= 0;
	     up = gh_doctor_rows[up].needs)
		if (s->step[up].state >= GH_STEP_BROKEN)
			return true;
	return false;
}

static void check_trouble(const struct gh_steps *s, const struct trouble *t)
{
	const struct gh_step *step = &s->step[t->step];

	if (is_shadowed(s, t->step)) {
		assert_int_equal(step->state, GH_STEP_UNCHECKED);
		assert_string_equal(step->mend, "");
		return;
	}
	assert_string_equal(gh_step_state_name(step->state),
			    gh_step_state_name(t->state));
	if (!strstr(step->mend, t->mend))
		fail_msg("%s: \"%s\" is not in \"%s\"", step->id, t->mend,
			 step->mend);
	assert_int_equal(t->mend[0] == '\0', step->mend[0] == '\0');
}

/* Every step that no trouble is about is healthy or shadowed. */
static void check_others(const struct gh_steps *s, enum gh_doctor_step a,
			 enum gh_doctor_step b)
{
	for (unsigned i = 0; i < s->n; i++) {
		if (i == a || i == b)
			continue;
		assert_int_equal(s->step[i].state, is_shadowed(s, i)
							   ? GH_STEP_UNCHECKED
							   : GH_STEP_OK);
		assert_string_equal(s->step[i].mend, "");
		assert_true(s->step[i].found[0] != '\0');
	}
}

static void a_healthy_chain_is_all_ok(void **state)
{
	static struct gh_doctor_facts f;
	static struct gh_steps s;

	(void)state;
	healthy(&f);
	gh_doctor_judge(&f, &s);
	assert_int_equal(s.n, GH_DOCTOR_STEPS);
	assert_int_equal(gh_steps_count(&s, GH_STEP_OK), GH_DOCTOR_STEPS);
	assert_int_equal(s.exit_code, 0);
	assert_true(s.answers);
	check_others(&s, GH_DOCTOR_STEPS, GH_DOCTOR_STEPS);
}

static void each_trouble_is_its_step_and_command(void **state)
{
	static struct gh_doctor_facts f;
	static struct gh_steps s;

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(troubles); i++) {
		const struct trouble *t = &troubles[i];

		healthy(&f);
		t->make(&f);
		gh_doctor_judge(&f, &s);
		check_trouble(&s, t);
		check_others(&s, t->step, t->step);
		assert_int_equal(s.exit_code, f.unsafe		   ? 2
					      : t->state == BROKEN ? 3
								   : 0);
		assert_int_equal(
			s.answers,
			t->state != BROKEN ||
				(t->step != GH_DOCTOR_FIRMWARE &&
				 !is_shadowed(&s, GH_DOCTOR_FIRMWARE)));
	}
}

/* Troubles of one group use the same facts: the later would undo the earlier. */
static int group_of(const struct trouble *t)
{
	static const int groups[GH_DOCTOR_STEPS] = {
		[GH_DOCTOR_ADAPTER] = 1, [GH_DOCTOR_PORT] = 1,
		[GH_DOCTOR_RULE] = 1,	 [GH_DOCTOR_THIEVES] = 1,
		[GH_DOCTOR_LATENCY] = 1, [GH_DOCTOR_REPLY] = 1,
		[GH_DOCTOR_HOLDER] = 2,	 [GH_DOCTOR_ANSWER] = 2,
		[GH_DOCTOR_PROTOCOL] = 2
	};

	return groups[t->step] ? groups[t->step] : 100 + (int)t->step;
}

static void two_troubles_are_both_told_or_shadowed(void **state)
{
	static struct gh_doctor_facts f;
	static struct gh_steps s;
	const size_t n = GH_ARRAY_SIZE(troubles);
	unsigned pairs = 0;

	(void)state;
	for (size_t i = 0; i < n * n; i++) {
		const struct trouble *a = &troubles[i / n];
		const struct trouble *b = &troubles[i % n];

		if (group_of(a) == group_of(b))
			continue;
		pairs++;
		healthy(&f);
		a->make(&f);
		b->make(&f);
		gh_doctor_judge(&f, &s);
		check_trouble(&s, a);
		check_trouble(&s, b);
		check_others(&s, a->step, b->step);
	}
	assert_true(pairs > 900);
}

static void slow_replies_blame_the_slow_timer(void **state)
{
	static struct gh_doctor_facts f;
	static struct gh_steps s;

	(void)state;
	healthy(&f);
	slow_timer(&f);
	slow_replies(&f);
	gh_doctor_judge(&f, &s);
	assert_non_null(strstr(s.step[GH_DOCTOR_REPLY].mend, "latency timer"));
}

static void the_first_break_hides_what_follows(void **state)
{
	static const enum gh_doctor_step chain[] = {
		GH_DOCTOR_PORT,	    GH_DOCTOR_PERMISSION, GH_DOCTOR_HOLDER,
		GH_DOCTOR_ANSWER,   GH_DOCTOR_PROTOCOL,	  GH_DOCTOR_FIRMWARE,
		GH_DOCTOR_WATCHDOG, GH_DOCTOR_REPLY,	  GH_DOCTOR_LOSS
	};
	static struct gh_doctor_facts f;
	static struct gh_steps s;

	(void)state;
	healthy(&f);
	no_adapter(&f);
	gh_doctor_judge(&f, &s);
	for (size_t i = 0; i < GH_ARRAY_SIZE(chain); i++)
		assert_int_equal(s.step[chain[i]].state, GH_STEP_UNCHECKED);
	assert_int_equal(s.step[GH_DOCTOR_DISK].state, GH_STEP_OK);
	assert_int_equal(s.step[GH_DOCTOR_RULE].state, GH_STEP_OK);
}

/* ---- Texts -----------------------------------------------------------------*/

static void nothing_of_a_device_reaches_a_shell(void **state)
{
	static const char *const bad[] = { "",	  "a b", "$(x)", "`x`",	 "x'y",
					   "x\"", "a;b", "-x",	 "a\\b", "*" };

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(bad); i++)
		assert_false(gh_doctor_is_plain(bad[i]));
	assert_true(gh_doctor_is_plain("DN04ABCD"));
	assert_true(gh_doctor_is_plain("/dev/serial/by-id/usb-A_b-if00"));
}

static void compare_golden(const char *file, const char *text)
{
	char want[8192];
	size_t n;
	FILE *f;

	if (getenv("GH_UPDATE_GOLDEN")) {
		f = fopen(file, "w");
		assert_non_null(f);
		fputs(text, f);
		fclose(f);
		return;
	}
	f = fopen(file, "r");
	if (!f)
		fail_msg("%s: missing; make golden writes it", file);
	n = fread(want, 1, sizeof want - 1, f);
	fclose(f);
	want[n] = '\0';
	assert_string_equal(text, want);
}

/* The mock-up of interface.md 4.2.7, and a whole chain with some advice. */
static void the_page_is_as_it_was(void **state)
{
	static struct gh_doctor_facts f[2];
	static struct gh_steps s;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	assert_non_null(out);
	healthy(&f[0]);
	not_in_group(&f[0]);
	f[0].open.done = false;
	healthy(&f[1]);
	f[1].open.done = true;
	slow_timer(&f[1]);
	rule_generic(&f[1]);
	no_consent(&f[1]);
	for (size_t i = 0; i < 2; i++) {
		gh_doctor_judge(&f[i], &s);
		s.version = "0";
		s.rig = f[i].rig_file;
		s.port = f[i].port;
		gh_steps_text(&s, out);
		gh_steps_plain(&s, out);
	}
	fclose(out);
	compare_golden("tests/golden/doctor.txt", text);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_healthy_chain_is_all_ok),
		cmocka_unit_test(each_trouble_is_its_step_and_command),
		cmocka_unit_test(two_troubles_are_both_told_or_shadowed),
		cmocka_unit_test(slow_replies_blame_the_slow_timer),
		cmocka_unit_test(the_first_break_hides_what_follows),
		cmocka_unit_test(nothing_of_a_device_reaches_a_shell),
		cmocka_unit_test(the_page_is_as_it_was),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
