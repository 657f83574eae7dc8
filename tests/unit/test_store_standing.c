/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What runs of the same sculpture have in common: since when they say what
 * they say, and how much they moved it.
 */
#include "unit/test_store_kit.h" /* struct kit */

enum { CAP = 64, DAY_S = 86400 };

struct night {
	struct kit k;
	int64_t times[CAP];
	size_t n;
	bool changed;
};

/* One run a day; state of the second part, fault at the first diagnosis. */
static void run(struct night *s, enum gh_verdict state, const char *fault)
{
	s->k.info.started_s += DAY_S;
	s->k.result->parts[1].state = state;
	s->k.result->n_diagnoses = fault ? 1 : 0;
	s->k.result->diagnoses[0].fault = fault;
	s->k.result->diagnoses[0].part = 1;
	kit_run(&s->k);
	kit_ok(&s->k, gh_store_standing(s->k.st, s->k.info.run, s->times, CAP,
					&s->n, &s->changed, &s->k.err));
	assert_int_equal(s->times[0], s->k.info.started_s);
}

static void kit_start(struct kit *k)
{
	kit_init(k);
	kit_open(k);
	for (unsigned i = 0; i < 3; i++)
		k->result->parts[i].state = GH_VERDICT_READY;
}

static void the_same_again_is_no_change(void **state)
{
	struct night s = { .n = 0 };

	(void)state;
	kit_start(&s.k);
	/* The first one is news unless all is well. */
	run(&s, GH_VERDICT_READY, NULL);
	assert_true(s.n == 1 && !s.changed);
	run(&s, GH_VERDICT_HOLD, "limp");
	assert_true(s.n == 1 && s.changed);
	run(&s, GH_VERDICT_HOLD, "limp");
	assert_true(s.n == 2 && !s.changed);
	/* NOT RUN is no news, another fault is, and so is recovery. */
	s.k.result->parts[2].state = GH_VERDICT_NOT_RUN;
	run(&s, GH_VERDICT_HOLD, "limp");
	assert_true(s.n == 3 && !s.changed);
	assert_int_equal(s.times[2], s.times[0] - 2 * DAY_S);
	run(&s, GH_VERDICT_HOLD, "dry_joint");
	assert_true(s.n == 1 && s.changed);
	run(&s, GH_VERDICT_WATCH, "dry_joint");
	assert_true(s.n == 1 && s.changed);
	run(&s, GH_VERDICT_READY, NULL);
	assert_true(s.n == 1 && s.changed);
	kit_finish(&s.k);
}

static void other_runs_do_not_count(void **state)
{
	static const struct {
		const char *serial, *profile, *only, *port;
		bool simulated;
	} others[] = {
		{ "LM-0043", "preshow", "", "/dev/x", true },
		{ "LM-0042", "five", "", "/dev/x", true },
		{ "LM-0042", "preshow", "core", "/dev/x", true },
		{ "LM-0042", "preshow", "", "/dev/x", false },
		{ "LM-0042", "preshow", "", GH_PORT_REPLAY "a.wire", true },
	};
	struct night s = { .n = 0 };
	struct gh_run_info mine;

	(void)state;
	kit_start(&s.k);
	run(&s, GH_VERDICT_HOLD, "limp");
	mine = s.k.info;
	for (size_t i = 0; i < GH_ARRAY_SIZE(others); i++) {
		strcpy(s.k.info.serial, others[i].serial);
		strcpy(s.k.info.profile, others[i].profile);
		strcpy(s.k.info.only, others[i].only);
		strcpy(s.k.info.port, others[i].port);
		s.k.info.simulated = others[i].simulated;
		s.k.result->parts[1].state = GH_VERDICT_WATCH;
		kit_run(&s.k);
		mine.started_s = s.k.info.started_s;
		s.k.info = mine;
	}
	run(&s, GH_VERDICT_HOLD, "limp");
	assert_true(s.n == 2 && !s.changed);
	kit_finish(&s.k);
}

static void motion_is_added_up(void **state)
{
	struct kit k;
	double sum = -1;

	(void)state;
	kit_start(&k);
	kit_ok(&k, gh_store_motion_s(k.st, "LM-0042", true, 0, &sum, &k.err));
	assert_true(sum >= 0.0 && sum <= 0.0);
	for (int i = 0; i < 3; i++) {
		k.info.motion_s = 10.5;
		k.info.simulated = i < 2;
		k.info.started_s += DAY_S;
		kit_run(&k);
	}
	kit_ok(&k, gh_store_motion_s(k.st, "LM-0042", true, 0, &sum, &k.err));
	assert_true(fabs(sum - 21.0) < 1e-9);
	kit_ok(&k, gh_store_motion_s(k.st, "LM-0042", false, 0, &sum, &k.err));
	assert_true(fabs(sum - 10.5) < 1e-9);
	kit_ok(&k, gh_store_motion_s(k.st, "LM-0042", true,
				     k.info.started_s - DAY_S, &sum, &k.err));
	assert_true(fabs(sum - 10.5) < 1e-9);
	kit_ok(&k,
	       gh_store_motion_s(k.st, "LM-0042", true,
				 k.info.started_s - DAY_S + 1, &sum, &k.err));
	assert_true(sum >= 0.0 && sum <= 0.0);
	kit_finish(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_again_is_no_change),
		cmocka_unit_test(other_runs_do_not_count),
		cmocka_unit_test(motion_is_added_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
