/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the store says when there is nothing, not that much, or not just now:
 * plain words and its own status, never a made-up row.
 */
#include "fakes/script_link.h"	 /* struct script_link: its clock */
#include "store/bundle.h"	 /* gh_store_export */
#include "store/since.h"	 /* gh_store_last_judged */
#include "unit/test_store_kit.h" /* struct kit */

enum { NOW = 1795374000 };

static struct kit k;

static int fresh(void **state)
{
	(void)state;
	kit_init(&k);
	kit_open(&k);
	return 0;
}

static int finish(void **state)
{
	(void)state;
	kit_finish(&k);
	return 0;
}

static void says(enum gh_status is, enum gh_status want, const char *words)
{
	if (is != want || !strstr(k.err.msg, words))
		fail_msg("%d, '%s', expected %d, '%s'", is, k.err.msg, want,
			 words);
	assert_null(strchr(k.err.msg, '\n'));
}

static void runs_that_were_never_judged(void **state)
{
	static struct gh_judge_part parts[GH_JUDGE_PARTS];
	static struct gh_not_listed missing[GH_NOT_LISTED];
	static struct gh_result result;
	unsigned n_parts;
	int64_t run = 0;
	size_t n;

	(void)state;
	assert_int_equal(gh_store_last_judged(k.st, NULL, &run, &k.err),
			 GH_NODATA);
	kit_ok(&k, gh_store_begin_run(k.st, &k.info, &k.err));
	kit_ok(&k, gh_store_end_run(k.st, &k.info, NULL, k.parts, 3, NULL, 0,
				    NULL, NULL, 0, &k.err));
	kit_ok(&k, gh_store_last_judged(k.st, NULL, &run, &k.err));
	assert_int_equal(run, 1);
	says(gh_store_get_result(k.st, 1, kit_find, parts, &n_parts, &result,
				 missing, &n, &k.err),
	     GH_NODATA, "nothing was said of run 1");
	says(gh_store_get_result(k.st, 9, kit_find, parts, &n_parts, &result,
				 missing, &n, &k.err),
	     GH_NODATA, "there is no run 9");
}

static void no_more_than_there_is_room_for(void **state)
{
	struct gh_history_row rows[2];
	const struct gh_history_ask any = { .since_s = 0 };
	int64_t times[2];
	double motion_s = 5.0;
	bool changed;
	size_t n;

	(void)state;
	for (int i = 0; i < 4; i++)
		kit_run(&k);
	kit_ok(&k, gh_store_standing(k.st, 4, times, 2, &n, &changed, &k.err));
	assert_int_equal(n, 2);
	kit_ok(&k, gh_store_standing(k.st, 4, times, 0, &n, &changed, &k.err));
	assert_int_equal(n, 0);
	kit_ok(&k, gh_store_history(k.st, &any, rows, 2, &n, &k.err));
	assert_int_equal(n, 2);
	assert_int_equal(rows[0].info.run, 4);
	kit_ok(&k,
	       gh_store_motion_s(k.st, "nobody", true, 0, &motion_s, &k.err));
	assert_true(motion_s < 1e-9);
}

/* It was not judged, and one number is of no metric of ours: it travels. */
static void unjudged_runs_are_carried(void **state)
{
	const struct gh_bundle_ask ask = { .with_recordings = true,
					   .now_s = NOW };
	const struct gh_import_ask take = { .now_s = NOW };
	struct gh_store_recording back;
	struct gh_bundle_count count;
	char file[140];

	(void)state;
	k.rec.rig_text = "";
	k.rec.rig_bytes = 0;
	k.measures[0].metric = NULL;
	kit_ok(&k, gh_store_begin_run(k.st, &k.info, &k.err));
	kit_ok(&k,
	       gh_store_end_run(k.st, &k.info, &k.rec, k.parts, 3, k.measures,
				KIT_MEASURES, NULL, NULL, 0, &k.err));
	snprintf(file, sizeof file, "%s/a.bundle", k.folder);
	kit_ok(&k, gh_store_export(k.st, file, &ask, &count, &k.err));
	strcat(k.path, ".other");
	kit_open(&k);
	kit_ok(&k, gh_store_import(k.st, file, &take, &count, &k.err));
	assert_int_equal(count.runs, 1);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM measure"),
			 KIT_MEASURES);
	kit_ok(&k, gh_store_get_recording(k.st, 1, &back, &k.err));
	assert_int_equal(back.rig_bytes, 0);
	assert_int_equal(back.n_chunks, 3);
	gh_store_recording_free(&back);
}

/* Two programs, or one twice: one run at a time. */
static void one_run_at_a_time(void **state)
{
	struct gh_store *other = NULL;
	struct gh_run_info info = k.info;

	(void)state;
	kit_ok(&k, gh_store_begin_run(k.st, &k.info, &k.err));
	kit_ok(&k, gh_store_open(&other, k.path, GH_STORE_WRITE, &k.err));
	assert_int_equal(gh_store_begin_run(other, &info, &k.err), GH_BUSY);
	/* the same one gives its first run up */
	kit_ok(&k, gh_store_begin_run(k.st, &k.info, &k.err));
	assert_int_equal(k.info.run, 2);
	kit_ok(&k, kit_end(&k));
	kit_ok(&k, gh_store_begin_run(other, &info, &k.err));
	gh_store_close(other);
}

static void an_empty_database_is_not_carried(void **state)
{
	const struct gh_bundle_ask ask = { .now_s = NOW };
	struct gh_bundle_count count;
	char file[140];

	(void)state;
	snprintf(file, sizeof file, "%s/none", k.folder);
	assert_int_equal(gh_store_export(k.st, file, &ask, &count, &k.err),
			 GH_NODATA);
	assert_int_not_equal(access(file, F_OK), 0);
	assert_null(strstr(k.err.msg, "since then"));
}

/* A bundle's name may be any file's; what is none is told before it is read. */
static void names_of_bundles(void **state)
{
	const struct gh_bundle_ask ask = { .now_s = NOW };
	const struct gh_import_ask take = { .now_s = NOW };
	static const char head[100] = "SQLite format 3";
	struct gh_bundle_count count;
	char file[140];
	FILE *f;

	(void)state;
	kit_run(&k);
	snprintf(file, sizeof file, "%s/50%% off? #1", k.folder);
	kit_ok(&k, gh_store_export(k.st, file, &ask, &count, &k.err));
	kit_ok(&k, gh_bundle_look(file, &k.err));
	kit_ok(&k, gh_store_import(k.st, file, &take, &count, &k.err));
	assert_int_equal(count.known, 1);
	snprintf(file, sizeof file, "%s/none", k.folder);
	assert_int_equal(gh_bundle_look(file, &k.err), GH_ARG);
	assert_int_equal(gh_bundle_look(k.folder, &k.err), GH_ARG);
	assert_int_equal(gh_bundle_look(k.path, &k.err), GH_ARG);
	for (size_t n = 10; n <= sizeof head; n += sizeof head - 10) {
		f = fopen(file, "wbe");
		assert_non_null(f);
		assert_int_equal(fwrite(head, 1, n, f), n);
		fclose(f);
		assert_int_equal(gh_bundle_look(file, &k.err), GH_ARG);
	}
}

static void commit_times_where_none_can_be(void **state)
{
	static char deep[1200];
	struct script_link clock;
	double ms[2];

	(void)state;
	script_link_init(&clock, NULL);
	memset(deep, 'd', sizeof deep - 1);
	assert_int_equal(gh_store_commit_times(deep, &clock.clock, ms, 2, NULL,
					       NULL, &k.err),
			 GH_ARG);
	deep[100] = '\0';
	assert_int_equal(gh_store_commit_times(deep, &clock.clock, ms, 2, NULL,
					       NULL, &k.err),
			 GH_STORE);
	kit_ok(&k, gh_store_commit_times(k.folder, &clock.clock, ms, 2, NULL,
					 NULL, &k.err));
}

static bool is_third(void *self)
{
	unsigned *asked = self;

	return ++*asked == 3;
}

/* Fifty of them take seconds on a slow disk: somebody may want to stop. */
static void commit_times_are_broken_off(void **state)
{
	const int before = kit_count_files(k.folder);
	struct script_link clock;
	unsigned asked = 0;
	double ms[50];

	(void)state;
	script_link_init(&clock, NULL);
	assert_int_equal(gh_store_commit_times(k.folder, &clock.clock, ms, 50,
					       is_third, &asked, &k.err),
			 GH_CANCELLED);
	assert_int_equal(asked, 3);
	assert_int_equal(kit_count_files(k.folder), before);
}

/* A line has room for the end of a path, which says which file it is. */
static void long_paths_are_cut_at_the_front(void **state)
{
	struct gh_store *st = NULL;
	char path[400];

	(void)state;
	snprintf(path, sizeof path, "%s/%0180d/which.db", k.folder, 0);
	assert_int_equal(gh_store_open(&st, path, GH_STORE_READ, &k.err),
			 GH_STORE);
	assert_non_null(strstr(k.err.msg, "/which.db: no such database"));
	assert_null(strstr(k.err.msg, k.folder));
	snprintf(path, sizeof path, "%s/below", k.path);
	assert_int_equal(gh_store_open(&st, path, GH_STORE_WRITE, &k.err),
			 GH_STORE);
	assert_int_equal(gh_store_open(&st, path, GH_STORE_READ, &k.err),
			 GH_STORE);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, fresh, finish)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(runs_that_were_never_judged),
		CASE(no_more_than_there_is_room_for),
		CASE(unjudged_runs_are_carried),
		CASE(one_run_at_a_time),
		CASE(an_empty_database_is_not_carried),
		CASE(names_of_bundles),
		CASE(commit_times_where_none_can_be),
		CASE(commit_times_are_broken_off),
		CASE(long_paths_are_cut_at_the_front),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
