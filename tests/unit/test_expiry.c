/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A pass wears out: by age, a mark, a power cycle, another port or firmware;
 * an old HOLD stays one; an acceptance that is over makes HOLD of a WATCH.
 */
#include "cli/expiry.h"		 /* what is tested */
#include "unit/test_store_kit.h" /* struct kit */

#define NOW 1795380000
#define HOUR 3600

static struct gh_stored *stored(enum gh_verdict v)
{
	struct gh_stored *s = calloc(1, sizeof *s);

	assert_non_null(s);
	s->info.started_s = NOW - HOUR;
	strcpy(s->info.firmware, "1.2.3");
	s->result.verdict = v;
	strcpy(s->result.why, "as it was said");
	return s;
}

static void becomes(enum gh_verdict was, const struct gh_since *since,
		    double max_age_s, enum gh_verdict is, const char *words)
{
	struct gh_stored *s = stored(was);

	gh_expiry_apply(s, since, NOW, max_age_s);
	assert_int_equal(s->result.verdict, is);
	if (!strstr(s->result.why, words))
		fail_msg("'%s', expected '%s'", s->result.why, words);
	free(s);
}

static void each_reason_makes_it_unsure(void **state)
{
	const struct {
		struct gh_since since;
		const char *words;
	} cases[] = {
		{ { .rebooted = true, .later = 9 }, "off and on" },
		{ { .replugged = true, .later = 9 }, "plugged in elsewhere" },
		{ { .reflashed = true, .firmware = "1.3.0" }, "1.3.0" },
		{ { .marked = true, .mark = { .kind = GH_REMARK_TRANSPORT } },
		  "moved" },
		{ { .marked = true, .mark = { .kind = GH_REMARK_REPAIR } },
		  "mended" },
	};

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(cases); i++) {
		const struct gh_since *since = &cases[i].since;

		becomes(GH_VERDICT_READY, since, 4 * HOUR, GH_VERDICT_UNSURE,
			cases[i].words);
		becomes(GH_VERDICT_WATCH, since, 4 * HOUR, GH_VERDICT_UNSURE,
			"it said WATCH");
		becomes(GH_VERDICT_HOLD, since, 4 * HOUR, GH_VERDICT_HOLD,
			"old (");
	}
}

static void age_alone_counts(void **state)
{
	const struct gh_since nothing = { .later = 0 };
	struct gh_stored *s = stored(GH_VERDICT_READY);

	(void)state;
	becomes(GH_VERDICT_READY, &nothing, 2 * HOUR, GH_VERDICT_READY,
		"as it was said");
	becomes(GH_VERDICT_READY, &nothing, 0.5 * HOUR, GH_VERDICT_UNSURE,
		"too old");
	becomes(GH_VERDICT_HOLD, &nothing, 0.5 * HOUR, GH_VERDICT_HOLD,
		"as it was said");
	s->info.started_s = NOW + HOUR;
	gh_expiry_apply(s, &nothing, NOW, 2 * HOUR);
	assert_int_equal(s->result.verdict, GH_VERDICT_UNSURE);
	assert_non_null(strstr(s->result.why, "clock"));
	free(s);
}

/* One finding of one part, accepted for one second more. */
static void accepted(struct gh_stored *s, enum gh_state state)
{
	strcpy(s->parts[0].name, "hope.elbow");
	strcpy(s->result.findings[0].id, "joint.viscous");
	s->result.findings[0].state = state;
	s->result.n_findings = 1;
	strcpy(s->accepts[0].part, "hope.elbow");
	strcpy(s->accepts[0].id, "joint.viscous");
	s->accepts[0].until_s = NOW + 1;
	s->result.fates[0] = GH_ACCEPT_KNOWN;
	s->view.n_accepts = 1;
}

/* Better by then, though not well: without its acceptance it is a WATCH too. */
static void an_acceptance_of_what_did_not_fail_is_no_hold(void **state)
{
	const struct gh_since nothing = { .later = 0 };
	struct gh_stored *s = stored(GH_VERDICT_WATCH);

	(void)state;
	accepted(s, GH_STATE_WATCH);
	gh_expiry_apply(s, &nothing, NOW + 1, 2 * HOUR);
	assert_int_equal(s->result.verdict, GH_VERDICT_WATCH);
	free(s);
}

static void an_acceptance_that_is_over_is_a_hold(void **state)
{
	const struct gh_since nothing = { .later = 0 };
	struct gh_stored *s = stored(GH_VERDICT_WATCH);

	(void)state;
	accepted(s, GH_STATE_KNOWN);
	gh_expiry_apply(s, &nothing, NOW, 2 * HOUR);
	assert_int_equal(s->result.verdict, GH_VERDICT_WATCH);
	gh_expiry_apply(s, &nothing, NOW + 1, 2 * HOUR);
	assert_int_equal(s->result.verdict, GH_VERDICT_HOLD);
	assert_non_null(strstr(s->result.why, "hope.elbow"));
	free(s);
}

/* ---- What the store knows --------------------------------------------------*/

static void the_store_knows_what_came_after(void **state)
{
	struct gh_since since;
	struct gh_remark r = { .kind = GH_REMARK_REPAIR };
	struct kit k;
	int64_t run;

	(void)state;
	kit_init(&k);
	kit_open(&k);
	kit_run(&k);
	kit_ok(&k, gh_store_since(k.st, 1, &since, &k.err));
	assert_int_equal(since.later, 0);
	assert_false(since.rebooted || since.replugged || since.reflashed);
	/* a run whose program died tells of its power-up all the same */
	strcpy(k.info.boot, "boot-2");
	kit_ok(&k, gh_store_begin_run(k.st, &k.info, &k.err));
	kit_ok(&k, gh_store_since(k.st, 1, &since, &k.err));
	assert_int_equal(since.later, 2);
	assert_true(since.rebooted);
	assert_false(since.replugged || since.reflashed || since.marked);
	kit_ok(&k, gh_store_last_judged(k.st, "LM-0042", &run, &k.err));
	assert_int_equal(run, 1);
	strcpy(k.info.port, "/dev/pts/9");
	strcpy(k.info.firmware, "1.3.0");
	kit_run(&k);
	kit_ok(&k, gh_store_since(k.st, 1, &since, &k.err));
	assert_true(since.replugged && since.reflashed);
	assert_string_equal(since.firmware, "1.3.0");
	/* a replay and another sculpture say nothing */
	strcpy(k.info.port, "replay:x");
	kit_run(&k);
	strcpy(k.info.serial, "LM-7");
	kit_run(&k);
	kit_ok(&k, gh_store_since(k.st, 3, &since, &k.err));
	assert_int_equal(since.later, 0);
	kit_ok(&k, gh_store_remark(k.st, &r, NULL, 0, &k.err));
	kit_ok(&k, gh_store_since(k.st, 3, &since, &k.err));
	assert_true(since.marked && since.mark.kind == GH_REMARK_REPAIR);
	kit_finish(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_reason_makes_it_unsure),
		cmocka_unit_test(age_alone_counts),
		cmocka_unit_test(an_acceptance_that_is_over_is_a_hold),
		cmocka_unit_test(an_acceptance_of_what_did_not_fail_is_no_hold),
		cmocka_unit_test(the_store_knows_what_came_after),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
