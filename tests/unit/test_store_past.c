/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What led to a run: its parts in the runs before, and the run to compare it with. */
#include "judge/finding.h"	 /* gh_limit_ratio */
#include "store/series.h"	 /* gh_store_limits */
#include "unit/test_store_kit.h" /* struct kit */

#include <math.h>

enum { ROWS = 64, DAY_S = 86400 };

static struct gh_past_row rows[ROWS];

static void kit_start(struct kit *k)
{
	kit_init(k);
	kit_open(k);
}

/* One run a day; the second part's state, by its first finding. */
static void run(struct kit *k, enum gh_verdict state, double value)
{
	struct gh_finding *f = &k->result->findings[0];

	k->info.started_s += DAY_S;
	k->result->parts[1].state = state;
	k->result->parts[1].worst = 0;
	f->part = 1;
	f->value = value;
	f->expected = 10;
	f->limit_lo = 6;
	f->limit_hi = 12;
	kit_run(k);
}

/* Rows of the second part, newest first; how many. */
static size_t past(struct kit *k, int64_t of, unsigned runs,
		   const struct gh_past_row *out[ROWS])
{
	size_t n = 0, found = 0;

	kit_ok(k, gh_store_past(k->st, of, runs, rows, ROWS, &n, &k->err));
	for (size_t i = 0; i < n; i++)
		if (strcmp(rows[i].part, k->parts[1].name) == 0)
			out[found++] = &rows[i];
	return found;
}

static double ratio(const struct gh_past_row *row)
{
	return gh_limit_ratio(row->worst.value, row->worst.expected,
			      row->worst.limit_lo, row->worst.limit_hi);
}

static void the_runs_before_come_newest_first(void **state)
{
	const struct gh_past_row *of[ROWS] = { NULL };
	struct kit k;

	(void)state;
	kit_start(&k);
	run(&k, GH_VERDICT_READY, 11);
	run(&k, GH_VERDICT_WATCH, 7);
	run(&k, GH_VERDICT_HOLD, 14);
	assert_int_equal(past(&k, 3, 2, of), 2);
	assert_int_equal(of[0]->back, 0);
	assert_int_equal(of[0]->run, 3);
	assert_int_equal(of[0]->state, GH_VERDICT_HOLD);
	assert_float_equal(ratio(of[0]), 2.0, 1e-12);
	assert_string_equal(of[0]->worst.id, k.result->findings[0].id);
	assert_int_equal(of[1]->back, 1);
	assert_int_equal(of[1]->state, GH_VERDICT_WATCH);
	assert_float_equal(ratio(of[1]), 0.75, 1e-12);
	/* What came after a run did not lead to it. */
	assert_int_equal(past(&k, 2, 14, of), 2);
	assert_int_equal(of[0]->run, 2);
	assert_int_equal(of[1]->run, 1);
	assert_int_equal(past(&k, 99, 14, of), 0);
	kit_finish(&k);
}

/* A replay, another sculpture, and a real run among simulated ones. */
static void what_is_not_alike_is_left_out(void **state)
{
	const struct gh_past_row *of[ROWS] = { NULL };
	struct gh_run_info as_it_was;
	int64_t before = 0;
	struct kit k;

	(void)state;
	kit_start(&k);
	run(&k, GH_VERDICT_READY, 11);
	as_it_was = k.info;
	snprintf(k.info.port, sizeof k.info.port, GH_PORT_REPLAY "wire.log");
	run(&k, GH_VERDICT_HOLD, 14);
	k.info = as_it_was;
	k.info.simulated = !k.info.simulated;
	run(&k, GH_VERDICT_HOLD, 14);
	k.info = as_it_was;
	strcpy(k.info.serial, "LM-7");
	run(&k, GH_VERDICT_HOLD, 14);
	k.info = as_it_was;
	strcpy(k.info.profile, "half");
	run(&k, GH_VERDICT_READY, 11);
	k.info = as_it_was;
	run(&k, GH_VERDICT_READY, 11);
	assert_int_equal(past(&k, 6, 14, of), 3);
	assert_int_equal(of[0]->run, 6);
	assert_int_equal(of[1]->run, 5);
	assert_int_equal(of[2]->run, 1);
	/* Only the same profile is held against it. */
	kit_ok(&k, gh_store_before(k.st, 6, &before, &k.err));
	assert_int_equal(before, 1);
	assert_int_equal(gh_store_before(k.st, 5, &before, &k.err), GH_NODATA);
	assert_non_null(strstr(k.err.msg, "before run 5"));
	kit_finish(&k);
}

static void limits_are_those_of_the_run(void **state)
{
	struct gh_worst w;
	struct kit k;

	(void)state;
	kit_start(&k);
	run(&k, GH_VERDICT_HOLD, 14);
	kit_ok(&k, gh_store_limits(k.st, 1, k.parts[1].name,
				   k.result->findings[0].id, &w, &k.err));
	assert_float_equal(w.limit_lo, 6, 1e-12);
	assert_float_equal(w.limit_hi, 12, 1e-12);
	assert_float_equal(w.value, 14, 1e-12);
	kit_ok(&k, gh_store_limits(k.st, 1, k.parts[1].name, "no.metric", &w,
				   &k.err));
	assert_true(isnan(w.limit_lo) && isnan(w.limit_hi));
	kit_finish(&k);
}

/* What each row of `history PART` says is what the strip has. */
static void history_says_the_same(void **state)
{
	const struct gh_history_ask ask = { .part = "core" };
	const struct gh_past_row *of[ROWS] = { NULL };
	static struct gh_history_row list[8];
	struct kit k;
	size_t n = 0;

	(void)state;
	kit_start(&k);
	assert_string_equal(k.parts[1].name, "core");
	run(&k, GH_VERDICT_READY, 9);
	run(&k, GH_VERDICT_HOLD, 3);
	k.result->parts[1].worst = -1;
	k.info.started_s += DAY_S;
	kit_run(&k);
	kit_ok(&k, gh_store_history(k.st, &ask, list, 8, &n, &k.err));
	assert_int_equal(n, 3);
	assert_int_equal(past(&k, 3, 14, of), 3);
	assert_string_equal(list[0].worst.id, "");
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(list[i].info.run, of[i]->run);
		assert_int_equal(list[i].state, of[i]->state);
		assert_string_equal(list[i].worst.id, of[i]->worst.id);
		assert_true(isnan(list[i].worst.value)
				    ? isnan(of[i]->worst.value)
				    : fabs(list[i].worst.value -
					   of[i]->worst.value) < 1e-12);
	}
	kit_finish(&k);
}

static void the_ratio_is_of_the_side_it_went_to(void **state)
{
	(void)state;
	assert_float_equal(gh_limit_ratio(11, 10, 5, 12), 0.5, 1e-12);
	assert_float_equal(gh_limit_ratio(9, 10, 5, 12), 0.2, 1e-12);
	assert_true(isnan(gh_limit_ratio(11, 10, 5, NAN)));
	assert_true(isnan(gh_limit_ratio(NAN, 10, 5, 12)));
	assert_true(isnan(gh_limit_ratio(10, 10, 10, 10)));
}

static void history_is_newest_first(void **state)
{
	struct gh_history_ask ask = { .part = "core" };
	struct gh_history_row last[4];
	size_t n = 0;
	struct kit k;

	(void)state;
	kit_start(&k);
	for (int i = 1; i <= 4; i++) {
		k.result->parts[1].state =
			i == 3 ? GH_VERDICT_HOLD : GH_VERDICT_READY;
		kit_run(&k);
	}
	strcpy(k.info.serial, "LM-7");
	k.info.started_s -= 86400;
	kit_ok(&k, gh_store_begin_run(k.st, &k.info, &k.err));
	kit_ok(&k, gh_store_end_run(k.st, &k.info, NULL, NULL, 0, NULL, 0, NULL,
				    NULL, 0, &k.err));
	kit_ok(&k, gh_store_begin_run(k.st, &k.info, &k.err)); /* not ended */
	/* one without parts, of yesterday, of another sculpture */
	kit_ok(&k, gh_store_history(k.st, &ask, last, 4, &n, &k.err));
	assert_int_equal(n, 4);
	assert_int_equal(last[0].info.run, 4);
	assert_int_equal(last[0].verdict, GH_VERDICT_WATCH);
	assert_string_equal(last[0].why, "one metric to watch");
	assert_int_equal(last[0].state, GH_VERDICT_READY);
	assert_int_equal(last[1].state, GH_VERDICT_HOLD);
	assert_string_equal(last[0].info.serial, "LM-0042");
	assert_int_equal(last[0].info.key.n, 2);
	ask.part = NULL;
	kit_ok(&k, gh_store_history(k.st, &ask, last, 2, &n, &k.err));
	assert_int_equal(n, 2);
	/* the last that was made, though the clock was set back before it */
	assert_int_equal(last[0].info.run, 5);
	assert_int_equal(last[1].info.run, 4);
	ask.serial = "LM-7";
	kit_ok(&k, gh_store_history(k.st, &ask, last, 4, &n, &k.err));
	assert_int_equal(n, 1);
	assert_int_equal(last[0].info.run, 5);
	assert_int_equal(last[0].verdict, GH_VERDICT_NOT_RUN);
	ask.since_s = k.info.started_s + 1;
	kit_ok(&k, gh_store_history(k.st, &ask, last, 4, &n, &k.err));
	assert_int_equal(n, 0);
	kit_finish(&k);
}

/* What keeps ten years of nights fast: no table row is read for a trend. */
static void a_trend_comes_out_of_its_index(void **state)
{
	sqlite3_stmt *stmt;
	const char *plan;
	struct kit k;

	(void)state;
	kit_start(&k);
	kit_ok(&k, gh_sql_prepare(k.st,
				  "EXPLAIN QUERY PLAN SELECT m.v0 FROM measure "
				  "m WHERE m.id = ?1 AND m.part = ?2 AND m.run "
				  "= ?3 AND m.reason = 'NONE'",
				  &stmt, &k.err));
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	plan = (const char *)sqlite3_column_text(stmt, 3);
	assert_non_null(strstr(plan, "COVERING INDEX measure_history"));
	sqlite3_finalize(stmt);
	kit_finish(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_runs_before_come_newest_first),
		cmocka_unit_test(what_is_not_alike_is_left_out),
		cmocka_unit_test(limits_are_those_of_the_run),
		cmocka_unit_test(history_says_the_same),
		cmocka_unit_test(the_ratio_is_of_the_side_it_went_to),
		cmocka_unit_test(history_is_newest_first),
		cmocka_unit_test(a_trend_comes_out_of_its_index),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
