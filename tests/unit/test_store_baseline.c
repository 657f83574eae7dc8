/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Baselines: what is compared with what. A run enters one only when it may, and
 * is never compared with itself.
 */
#include "unit/test_store_kit.h" /* struct kit */

static void kit_start(struct kit *k)
{
	kit_init(k);
	kit_open(k);
}

/* A run of the next session. */
static int64_t next_session(struct kit *k)
{
	static int boots;

	snprintf(k->info.boot, sizeof k->info.boot, "next-%d", boots++);
	return kit_run(k);
}

/* ---- Adding ----------------------------------------------------------------*/

static void refuses(struct kit *k, int64_t run, const char *line)
{
	assert_int_equal(gh_store_baseline_add(k->st, "winter", run, &k->err),
			 GH_ARG);
	if (!strstr(k->err.msg, line))
		fail_msg("'%s', expected '%s'", k->err.msg, line);
	assert_null(strchr(k->err.msg, '\n'));
}

/* A name is shown on screens and stands in file names. */
static void names_are_plain(void **state)
{
	char longest[65];
	struct kit k;
	int64_t run;

	(void)state;
	kit_start(&k);
	run = kit_run(&k);
	memset(longest, 'w', 64);
	longest[64] = '\0';
	assert_int_equal(gh_store_baseline_add(k.st, longest, run, &k.err),
			 GH_ARG);
	assert_int_equal(gh_store_baseline_add(k.st, "w\x7F", run, &k.err),
			 GH_ARG);
	longest[63] = '\0';
	kit_ok(&k, gh_store_baseline_add(k.st, longest, run, &k.err));
	assert_int_equal(gh_store_baseline_seal(k.st, longest, "", "why", 5,
						&k.err),
			 GH_ARG);
	assert_int_equal(gh_store_baseline_seal(k.st, longest, "Ada", "", 5,
						&k.err),
			 GH_ARG);
	assert_int_equal(gh_store_baseline_seal(k.st, "spring", "Ada", "why", 5,
						&k.err),
			 GH_ARG);
	assert_non_null(strstr(k.err.msg, "spring"));
	kit_finish(&k);
}

/* Another controller, another key: named, with both words. */
static void another_kind_does_not_enter(void **state)
{
	struct gh_baseline b;
	struct kit k;

	(void)state;
	kit_start(&k);
	assert_int_equal(gh_store_baseline_get(k.st, NULL, "LM-7", 0, &b,
					       &k.err),
			 GH_NODATA);
	assert_non_null(strstr(k.err.msg, "no sealed baseline of 'LM-7'"));
	assert_int_equal(gh_store_baseline_get(k.st, NULL, NULL, 0, &b, &k.err),
			 GH_NODATA);
	kit_ok(&k, gh_store_baseline_add(k.st, "winter", kit_run(&k), &k.err));
	k.info.simulated = false;
	kit_run(&k);
	assert_int_equal(gh_store_baseline_add(k.st, "winter", k.info.run,
					       &k.err),
			 GH_ARG);
	assert_non_null(strstr(k.err.msg, "real"));
	kit_ok(&k, gh_store_baseline_add(k.st, "real", k.info.run, &k.err));
	k.info.simulated = true;
	kit_run(&k);
	assert_int_equal(gh_store_baseline_add(k.st, "real", k.info.run,
					       &k.err),
			 GH_ARG);
	assert_non_null(strstr(k.err.msg, "simulated"));
	strcpy(k.info.key.field[1].name, "plan");
	refuses(&k, kit_run(&k), "validity key");
	k.info.key.n = 1;
	refuses(&k, kit_run(&k), "another length");
	kit_finish(&k);
}

static void a_bad_run_does_not_enter(void **state)
{
	struct kit k;

	(void)state;
	kit_start(&k);
	refuses(&k, 1, "there is no such run");
	k.info.end = GH_RUN_STOPPED;
	refuses(&k, kit_run(&k), "it is not complete");
	k.info.end = GH_RUN_COMPLETE;
	k.result->verdict = GH_VERDICT_HOLD;
	refuses(&k, kit_run(&k), "there is a HOLD in it");
	k.result->verdict = GH_VERDICT_UNSURE;
	k.result->parts[1].state = GH_VERDICT_HOLD;
	refuses(&k, kit_run(&k), "there is a HOLD in it");
	kit_result(&k);
	k.facts[1] = (struct gh_store_fact){ "interrupted", "1" };
	refuses(&k, kit_run(&k), "its time was up before its plan ended");
	kit_recording(&k);
	kit_ok(&k, gh_store_begin_run(k.st, &k.info, &k.err));
	refuses(&k, k.info.run, "there is no such run");
	kit_ok(&k, gh_store_end_run(k.st, &k.info, NULL, NULL, 0, NULL, 0, NULL,
				    NULL, 0, &k.err));
	refuses(&k, k.info.run, "it was never judged");
	/* nothing of it was left behind */
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM baseline"), 0);
	assert_int_equal(gh_store_baseline_add(k.st, "", 1, &k.err), GH_ARG);
	assert_int_equal(gh_store_baseline_add(k.st, "a\nb", 1, &k.err),
			 GH_ARG);
	kit_finish(&k);
}

static void another_kind_of_run_does_not_enter(void **state)
{
	struct kit k;

	(void)state;
	kit_start(&k);
	kit_ok(&k, gh_store_baseline_add(k.st, "winter", kit_run(&k), &k.err));
	refuses(&k, 1, "it is in it already");
	strcpy(k.info.key.field[0].value, "1.3.0");
	refuses(&k, kit_run(&k), "its firmware is '1.3.0', run 1 has '1.2.3'");
	k.info.key.n = 1;
	strcpy(k.info.key.field[0].value, "1.2.3");
	refuses(&k, kit_run(&k), "its validity key has another length");
	kit_info(&k.info);
	strcpy(k.info.serial, "LM-0001");
	refuses(&k, kit_run(&k), "its serial is 'LM-0001'");
	kit_info(&k.info);
	strcpy(k.info.rig, "uno");
	refuses(&k, kit_run(&k), "its rig is 'uno'");
	kit_info(&k.info);
	k.info.simulated = false;
	refuses(&k, kit_run(&k), "its controller is 'real'");
	kit_info(&k.info);
	kit_ok(&k, gh_store_baseline_add(k.st, "winter", kit_run(&k), &k.err));
	kit_finish(&k);
}

static void call_key(struct kit *k, const char *first)
{
	strcpy(k->info.key.field[0].name, first);
	strcpy(k->info.key.field[0].value, "simulated");
}

/* As a member it would count one measurement twice; simulated ones are free. */
static void a_replay_of_a_real_run_does_not_enter(void **state)
{
	struct kit k;

	(void)state;
	kit_start(&k);
	strcpy(k.info.port, "replay:monday.wire");
	refuses(&k, kit_run(&k), "it is a replay of a real one");
	k.info.key.n = 0;
	refuses(&k, kit_run(&k), "it is a replay of a real one");
	kit_info(&k.info);
	strcpy(k.info.port, "replay:monday.wire");
	call_key(&k, "controller");
	kit_ok(&k, gh_store_baseline_add(k.st, "winter", kit_run(&k), &k.err));
	strcpy(k.info.port, "/dev/pts/3");
	kit_ok(&k, gh_store_baseline_add(k.st, "winter", kit_run(&k), &k.err));
	kit_finish(&k);
}

/* ---- Sealing ---------------------------------------------------------------*/

static void make_winter(struct kit *k, int runs)
{
	for (int i = 0; i < runs; i++) {
		const int64_t run = i % 2 ? kit_run(k) : next_session(k);

		kit_ok(k, gh_store_baseline_add(k->st, "winter", run, &k->err));
	}
}

static enum gh_status seal(struct kit *k, const char *by, const char *why)
{
	return gh_store_baseline_seal(k->st, "winter", by, why, 1234, &k->err);
}

static void a_sealed_one_never_changes(void **state)
{
	struct gh_baseline_info list[4];
	int64_t runs[9];
	size_t n = 0;
	struct kit k;

	(void)state;
	kit_start(&k);
	assert_int_equal(seal(&k, "Ada", "first"), GH_ARG);
	assert_non_null(strstr(k.err.msg, "there is no baseline 'winter'"));
	make_winter(&k, 5);
	assert_int_equal(seal(&k, "", "first"), GH_ARG);
	kit_ok(&k, seal(&k, "Ada", "first"));
	assert_int_equal(seal(&k, "Ada", "again"), GH_ARG);
	assert_non_null(strstr(k.err.msg, "sealed already"));
	refuses(&k, kit_run(&k), "it is sealed and never changes");
	kit_ok(&k, gh_store_baseline_list(k.st, list, 4, &n, &k.err));
	assert_int_equal(n, 1);
	assert_string_equal(list[0].name, "winter");
	assert_string_equal(list[0].by, "Ada");
	assert_string_equal(list[0].why, "first");
	assert_int_equal(strlen(list[0].sha256), 64);
	assert_true(list[0].sealed);
	assert_int_equal(list[0].sealed_s, 1234);
	assert_int_equal(list[0].runs, 5);
	assert_int_equal(list[0].sessions, 3);
	kit_ok(&k, gh_store_baseline_runs(k.st, "winter", runs, 9, &n, &k.err));
	assert_int_equal(n, 5);
	assert_int_equal(runs[0], 1);
	assert_int_equal(runs[4], 5);
	assert_int_equal(gh_store_baseline_runs(k.st, "x", runs, 9, &n, &k.err),
			 GH_NODATA);
	assert_int_not_equal(gh_sql_exec(k.st,
					 "INSERT OR REPLACE INTO "
					 "baseline_member VALUES (1, 5, 6)",
					 &k.err),
			     GH_OK);
	kit_finish(&k);
}

/* However many there are: the one that is asked for, and of a list the newest. */
static void an_old_one_is_found(void **state)
{
	struct gh_baseline_info newest, found;
	size_t n = 0;
	struct kit k;

	(void)state;
	kit_start(&k);
	make_winter(&k, 3);
	kit_ok(&k, seal(&k, "Ada", "first"));
	kit_ok(&k, gh_store_baseline_add(k.st, "summer", kit_run(&k), &k.err));
	kit_ok(&k, gh_store_baseline_list(k.st, &newest, 1, &n, &k.err));
	assert_int_equal(n, 1);
	assert_string_equal(newest.name, "summer");
	kit_ok(&k,
	       gh_store_baseline_find(k.st, "winter", NULL, &found, &k.err));
	assert_string_equal(found.name, "winter");
	assert_int_equal(found.sealed_s, 1234);
	kit_ok(&k, gh_store_baseline_find(k.st, NULL, found.serial, &found,
					  &k.err));
	assert_string_equal(found.name, "winter");
	assert_int_equal(gh_store_baseline_find(k.st, "spring", NULL, &found,
						&k.err),
			 GH_NODATA);
	assert_non_null(strstr(k.err.msg, "there is no baseline 'spring'"));
	kit_finish(&k);
}

static void a_broken_seal_is_found(void **state)
{
	struct kit k;

	(void)state;
	kit_start(&k);
	make_winter(&k, 3);
	kit_ok(&k, seal(&k, "Ada", "first"));
	kit_ok(&k, gh_store_check(k.st, &k.err));
	kit_ok(&k, gh_sql_exec(k.st,
			       "DROP TRIGGER measure_no_update; UPDATE measure "
			       "SET v0 = v0 + 1e-15 WHERE run = 2 AND n = 1",
			       &k.err));
	assert_int_equal(gh_store_check(k.st, &k.err), GH_STORE);
	assert_non_null(
		strstr(k.err.msg, "baseline 'winter' is not what was sealed"));
	kit_finish(&k);
}

static void the_seal_is_the_content(void **state)
{
	struct gh_baseline_info one, two;
	size_t n;
	struct kit k, l;

	(void)state;
	kit_start(&k);
	make_winter(&k, 3);
	kit_ok(&k, seal(&k, "Ada", "first"));
	kit_ok(&k, gh_store_baseline_list(k.st, &one, 1, &n, &k.err));
	kit_start(&l);
	make_winter(&l, 3);
	kit_ok(&l, seal(&l, "Bob", "other words"));
	kit_ok(&l, gh_store_baseline_list(l.st, &two, 1, &n, &l.err));
	assert_string_equal(one.sha256, two.sha256);
	kit_finish(&k);
	kit_finish(&l);
}

/* ---- Reading ---------------------------------------------------------------*/

static void check_sorted(const struct gh_baseline *b)
{
	for (size_t i = 1; i < b->n_values; i++) {
		const struct gh_base_value *p = &b->values[i - 1];
		const struct gh_base_value *q = &b->values[i];
		const int id = strcmp(p->id, q->id);
		const int part = strcmp(p->part, q->part);

		assert_true(id < 0 || (id == 0 && part <= 0));
		assert_true(id || part || p->run < q->run);
	}
}

static void a_baseline_is_read_for_the_judge(void **state)
{
	struct gh_baseline b;
	struct kit k;

	(void)state;
	kit_start(&k);
	next_session(&k); /* so that numbers do not start at 1 by chance */
	for (int i = 0; i < KIT_MEASURES; i++)
		k.measures[i].part = (i * 7) % 3;
	make_winter(&k, 5);
	kit_ok(&k, seal(&k, "Ada", "first"));
	kit_ok(&k,
	       gh_store_baseline_get(k.st, NULL, "LM-0042", 99, &b, &k.err));
	assert_string_equal(b.name, "winter");
	assert_true(b.sealed && b.id > 0 && strlen(b.sha256) == 64);
	assert_int_equal(b.runs, 5);
	assert_int_equal(b.sessions, 3);
	assert_int_equal(b.key.n, 2);
	assert_string_equal(b.key.field[0].value, "1.2.3");
	/* one in four has a reason and is no value */
	assert_int_equal(b.n_values, 5 * KIT_MEASURES * 3 / 4);
	check_sorted(&b);
	assert_string_equal(b.values[0].id, "joint.m00");
	assert_string_equal(b.values[0].part, "hope.shoulder");
	assert_int_equal(b.values[0].version, 3);
	assert_int_equal(b.values[4].run, 4);
	assert_int_equal(b.values[4].session, 2);
	assert_int_equal(b.values[1].session, 0);
	assert_int_equal(b.values[2].session, 1);
	assert_true(isnan(b.values[0].v[1]));
	gh_baseline_free(&b);
	kit_finish(&k);
}

static void a_run_is_never_its_own_reference(void **state)
{
	struct gh_baseline b;
	struct kit k;

	(void)state;
	kit_start(&k);
	for (int run = 1; run <= 3; run++) {
		k.measures[0].v[0] = run;
		next_session(&k);
		kit_ok(&k, gh_store_baseline_add(k.st, "winter", run, &k.err));
	}
	kit_ok(&k, gh_store_baseline_get(k.st, "winter", NULL, 2, &b, &k.err));
	assert_false(b.sealed);
	assert_int_equal(b.runs, 2);
	assert_int_equal(b.sessions, 2);
	assert_int_equal(b.n_values, 2 * KIT_MEASURES * 3 / 4);
	assert_string_equal(b.values[0].id, "joint.m00");
	assert_true(b.values[0].v[0] > 0.9 && b.values[0].v[0] < 1.1);
	assert_true(b.values[1].v[0] > 2.9);
	assert_int_equal(b.values[1].run, 1);
	assert_int_equal(b.values[1].session, 1);
	gh_baseline_free(&b);
	kit_finish(&k);
}

static void only_its_own_run_leaves_nothing(void **state)
{
	struct gh_baseline b;
	struct kit k;

	(void)state;
	kit_start(&k);
	make_winter(&k, 1);
	kit_ok(&k, gh_store_baseline_get(k.st, "winter", NULL, 1, &b, &k.err));
	assert_int_equal(b.runs, 0);
	assert_int_equal(b.n_values, 0);
	gh_baseline_free(&b);
	kit_finish(&k);
}

static void the_newest_sealed_one_of_the_serial(void **state)
{
	struct gh_baseline b;
	struct kit k;

	(void)state;
	kit_start(&k);
	assert_int_equal(gh_store_baseline_get(k.st, NULL, "LM-0042", 0, &b,
					       &k.err),
			 GH_NODATA);
	make_winter(&k, 1);
	assert_int_equal(gh_store_baseline_get(k.st, NULL, "LM-0042", 0, &b,
					       &k.err),
			 GH_NODATA);
	assert_non_null(strstr(k.err.msg, "no sealed baseline of 'LM-0042'"));
	kit_ok(&k, seal(&k, "Ada", "first"));
	kit_ok(&k, gh_store_baseline_add(k.st, "spring", 1, &k.err));
	kit_ok(&k, gh_store_baseline_seal(k.st, "spring", "Ada", "b", 1235,
					  &k.err));
	kit_ok(&k, gh_store_baseline_add(k.st, "open", 1, &k.err));
	kit_ok(&k, gh_store_baseline_get(k.st, NULL, "LM-0042", 0, &b, &k.err));
	assert_string_equal(b.name, "spring");
	gh_baseline_free(&b);
	assert_int_equal(gh_store_baseline_get(k.st, NULL, "LM-1", 0, &b,
					       &k.err),
			 GH_NODATA);
	assert_int_equal(gh_store_baseline_get(k.st, "no", NULL, 0, &b, &k.err),
			 GH_NODATA);
	kit_finish(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_plain),
		cmocka_unit_test(another_kind_does_not_enter),
		cmocka_unit_test(a_bad_run_does_not_enter),
		cmocka_unit_test(another_kind_of_run_does_not_enter),
		cmocka_unit_test(a_replay_of_a_real_run_does_not_enter),
		cmocka_unit_test(a_sealed_one_never_changes),
		cmocka_unit_test(an_old_one_is_found),
		cmocka_unit_test(a_broken_seal_is_found),
		cmocka_unit_test(the_seal_is_the_content),
		cmocka_unit_test(a_baseline_is_read_for_the_judge),
		cmocka_unit_test(a_run_is_never_its_own_reference),
		cmocka_unit_test(only_its_own_run_leaves_nothing),
		cmocka_unit_test(the_newest_sealed_one_of_the_serial),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
