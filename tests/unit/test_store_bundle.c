/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A bundle carries runs, sealed baselines and remarks to another database once
 * and no more; one that is foreign, newer, cut short or changed is one line,
 * and nothing of it is imported.
 */
#include "store/merge.h"	 /* GH_BUNDLE_APPLICATION_ID */
#include "store/remark.h"	 /* gh_store_remark */
#include "store/series.h"	 /* gh_store_series */
#include "unit/test_store_kit.h" /* struct kit */

#include <fcntl.h>

/* Two databases and a file between them. */
struct pair {
	struct kit from, to;
	char file[120];
	struct gh_bundle_count out, in;
};

static void add_baseline(struct kit *k)
{
	kit_run(k);
	kit_ok(k, gh_store_baseline_add(k->st, "winter", 1, &k->err));
	kit_ok(k, gh_store_baseline_seal(k->st, "winter", "Ada", "good", 5,
					 &k->err));
}

static void add_photo(struct kit *k)
{
	struct gh_remark r = { .kind = GH_REMARK_ATTACHMENT, .run = 1 };

	strcpy(r.name, "horn.jpg");
	strcpy(r.part, "core");
	kit_ok(k, gh_store_remark(k->st, &r, "photo", 5, &k->err));
}

static void pair_init(struct pair *p, bool with_recordings)
{
	const struct gh_bundle_ask ask = { .with_recordings = with_recordings,
					   .now_s = 1795373999 };

	memset(p, 0, sizeof *p);
	kit_init(&p->from);
	kit_init(&p->to);
	kit_open(&p->from);
	kit_open(&p->to);
	add_baseline(&p->from);
	strcpy(p->from.info.boot, "boot-2");
	kit_run(&p->from);
	add_photo(&p->from);
	snprintf(p->file, sizeof p->file, "%s/a.bundle", p->from.folder);
	kit_ok(&p->from, gh_store_export(p->from.st, p->file, &ask, &p->out,
					 &p->from.err));
}

static void pair_finish(struct pair *p)
{
	kit_finish(&p->from);
	kit_finish(&p->to);
}

static enum gh_status take_in(struct pair *p)
{
	memset(&p->to.err, 0, sizeof p->to.err);
	return gh_store_import(p->to.st, p->file,
			       &(struct gh_import_ask){ .now_s = 1795374000 },
			       &p->in, &p->to.err);
}

static int64_t count(struct pair *p, const char *table)
{
	char sql[80];

	snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", table);
	return kit_count(&p->to, sql);
}

static void it_arrives_once(void **state)
{
	struct pair p;

	(void)state;
	pair_init(&p, true);
	assert_int_equal(p.out.runs, 2);
	assert_int_equal(p.out.baselines, 1);
	/* a run of our own before and after; another sculpture's baseline */
	p.to.info.started_s += 7200;
	strcpy(p.to.info.boot, "boot-9");
	p.to.measures[0].v[0] = 42;
	add_baseline(&p.to);
	kit_ok(&p.to, take_in(&p));
	assert_int_equal(p.in.runs, 2);
	assert_int_equal(p.in.remarks, 1);
	assert_string_equal(p.in.sha256, p.out.sha256);
	assert_int_equal(count(&p, "run"), 3);
	assert_int_equal(count(&p, "origin"), 2);
	/* sessions of there do not fall together with ours */
	assert_int_equal(kit_count(&p.to, "SELECT count(DISTINCT session) "
					  "FROM run"),
			 3);
	/* its name was taken: its seal holds all the same */
	assert_int_equal(kit_count(&p.to, "SELECT count(*) FROM baseline WHERE "
					  "name GLOB 'winter@*'"),
			 1);
	kit_ok(&p.to, gh_store_check(p.to.st, &p.to.err));
	kit_ok(&p.to, take_in(&p));
	assert_int_equal(p.in.runs, 0);
	assert_int_equal(p.in.known, 2);
	assert_int_equal(count(&p, "run"), 3);
	assert_int_equal(count(&p, "remark"), 1);
	assert_int_equal(count(&p, "baseline"), 2);
	pair_finish(&p);
}

static void all_of_a_run_arrives(void **state)
{
	struct gh_run_info info;
	struct gh_store_recording rec;
	struct pair p;
	void *bytes;
	int64_t last;
	size_t n;

	(void)state;
	pair_init(&p, true);
	kit_ok(&p.to, take_in(&p));
	kit_ok(&p.to, gh_store_get_run(p.to.st, 2, &info, &p.to.err));
	assert_string_equal(info.boot, "boot-2");
	assert_int_equal(info.key.n, 2);
	kit_ok(&p.to, gh_store_get_recording(p.to.st, 2, &rec, &p.to.err));
	assert_int_equal(rec.n_chunks, 3);
	assert_memory_equal(rec.chunks[2].times_us, p.from.times,
			    sizeof p.from.times);
	gh_store_recording_free(&rec);
	kit_ok(&p.to, gh_store_attached(p.to.st, 1, &bytes, &n, &p.to.err));
	assert_memory_equal(bytes, "photo", 5);
	free(bytes);
	/* our own run is the last one, whatever its number */
	kit_run(&p.to);
	kit_ok(&p.to, take_in(&p));
	kit_ok(&p.to, gh_store_last_run(p.to.st, NULL, &last, &p.to.err));
	assert_int_equal(last, 3);
	pair_finish(&p);
}

/* A year old and imported last, they are still a year old. */
static void old_runs_stand_in_their_time(void **state)
{
	const struct gh_history_ask any = { .since_s = 0 };
	const struct gh_series_query q = { NULL, "hope.shoulder", "joint.m00",
					   0 };
	struct gh_history_row rows[4];
	struct gh_series_row values[4];
	int64_t times[4];
	struct pair p;
	bool changed;
	size_t n;

	(void)state;
	pair_init(&p, false);
	p.to.info.started_s += 365 * 86400;
	kit_run(&p.to);
	kit_ok(&p.to, take_in(&p));
	kit_ok(&p.to, gh_store_history(p.to.st, &any, rows, 4, &n, &p.to.err));
	assert_true(n == 3 && rows[0].info.run == 1);
	kit_ok(&p.to, gh_store_series(p.to.st, &q, values, 4, &n, &p.to.err));
	assert_true(n == 3 && values[2].run == 1);
	/* and nothing that stands here stands since then */
	kit_run(&p.to);
	kit_ok(&p.to, gh_store_standing(p.to.st, p.to.info.run, times, 4, &n,
					&changed, &p.to.err));
	assert_int_equal(n, 2);
	pair_finish(&p);
}

/* What was measured here comes back from there as the same. */
static void it_comes_home(void **state)
{
	const struct gh_bundle_ask ask = { .now_s = 1795374001 };
	struct pair p;
	char back[140];

	(void)state;
	pair_init(&p, false);
	kit_ok(&p.to, take_in(&p));
	snprintf(back, sizeof back, "%s/back", p.to.folder);
	kit_ok(&p.to, gh_store_export(p.to.st, back, &ask, &p.out, &p.to.err));
	kit_ok(&p.from,
	       gh_store_import(p.from.st, back,
			       &(struct gh_import_ask){ .now_s = 1795374002 },
			       &p.in, &p.from.err));
	assert_int_equal(p.in.runs, 0);
	assert_int_equal(p.in.known, 2);
	assert_int_equal(p.in.baselines, 0);
	assert_int_equal(p.in.remarks, 0);
	/* never over a file that is there */
	assert_int_equal(gh_store_export(p.to.st, back, &ask, &p.out,
					 &p.to.err),
			 GH_ARG);
	pair_finish(&p);
}

static void an_empty_one_is_not_made(void **state)
{
	const struct gh_bundle_ask young = { .since_s = INT64_MAX };
	struct gh_bundle_count n;
	char file[140];
	struct kit k;

	(void)state;
	kit_init(&k);
	kit_open(&k);
	kit_run(&k);
	snprintf(file, sizeof file, "%s/empty", k.folder);
	assert_int_equal(gh_store_export(k.st, file, &young, &n, &k.err),
			 GH_NODATA);
	assert_int_not_equal(access(file, F_OK), 0);
	strcat(file, ".part");
	assert_int_not_equal(access(file, F_OK), 0);
	kit_finish(&k);
}

/* ---- Files that are none ---------------------------------------------------*/

static void refused(struct pair *p, const char *words)
{
	assert_int_equal(take_in(p), GH_ARG);
	if (!strstr(p->to.err.msg, words))
		fail_msg("'%s', expected '%s'", p->to.err.msg, words);
	assert_null(strchr(p->to.err.msg, '\n'));
	assert_int_equal(count(p, "run"), 0);
	assert_int_equal(count(p, "remark"), 0);
	assert_int_equal(count(p, "baseline"), 0);
}

static void change(struct pair *p, const char *sql)
{
	sqlite3 *db;
	char *said = NULL;

	assert_int_equal(sqlite3_open(p->file, &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, &said) != SQLITE_OK)
		fail_msg("%s: %s", sql, said);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* One change each: what is done, and the word of the line about it. */
static const struct {
	const char *sql, *words;
} tampered[] = {
	{ "PRAGMA application_id = 1734888564", "not a bundle" },
	{ "PRAGMA user_version = 4711", "newer ghostlight" },
	{ "PRAGMA user_version = 1", "older ghostlight" },
	{ "CREATE TABLE extra(a)", "tables are not those" },
	{ "DROP TABLE manifest; CREATE VIEW manifest AS SELECT 1 AS n, 'run' "
	  "AS what, 1 AS run, '' AS sha256",
	  "tables are not those" },
	{ "DROP TRIGGER finding_no_update; UPDATE finding SET value = 0; "
	  "CREATE TRIGGER finding_no_update BEFORE UPDATE ON finding\n"
	  "BEGIN SELECT RAISE(ABORT, 'finding rows are never changed'); END",
	  "changed since it was made (run" },
	{ "INSERT INTO run SELECT 9, session, rig, serial, rig_sha256, "
	  "profile, only_part, version, port, started_s, deadline_s, driver, "
	  "model, firmware, device, boot, simulated, time_scale, "
	  "motion_allowed FROM run WHERE run = 1",
	  "not in its manifest" },
	{ "DELETE FROM manifest WHERE what = 'people'", "remarks are not" },
	{ "DELETE FROM head", "head is missing" },
	{ "UPDATE manifest SET sha256 = upper(sha256) WHERE what = 'people'",
	  "changed since it was made (people" },
	{ "UPDATE manifest SET run = 7 WHERE run = 2", "manifest" },
};

static void a_changed_one_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(tampered); i++) {
		struct pair p;

		pair_init(&p, false);
		change(&p, tampered[i].sql);
		refused(&p, tampered[i].words);
		pair_finish(&p);
	}
}

static void a_damaged_one_is_refused(void **state)
{
	struct pair p;
	struct stat is;
	int fd;

	(void)state;
	pair_init(&p, true);
	assert_int_equal(stat(p.file, &is), 0);
	assert_int_equal(truncate(p.file, is.st_size / 2), 0);
	refused(&p, "damaged or cut short");
	assert_int_equal(truncate(p.file, 100), 0);
	refused(&p, "nothing was imported");
	assert_int_equal(truncate(p.file, 0), 0);
	refused(&p, "not a bundle");
	fd = open(p.file, O_WRONLY | O_TRUNC);
	assert_int_equal(write(fd, "hello", 5), 5);
	close(fd);
	refused(&p, "not a bundle");
	unlink(p.file);
	refused(&p, "No such file");
	strcpy(p.file, "/dev/null");
	refused(&p, "not a plain file");
	/* a database of ours is no bundle */
	strcpy(p.file, p.from.path);
	refused(&p, "not a bundle");
	pair_finish(&p);
}

/* The hashes may be right and the content still none of ours. */
static void a_forged_one_is_refused(void **state)
{
	static const char *const forged[] = {
		"UPDATE finding SET state = 'fine' WHERE run = 1 AND n = 0",
		"UPDATE finding SET note = hex(zeroblob(300)) WHERE run = 1",
		"UPDATE measure SET part = 'nobody' WHERE run = 1 AND n = 0",
		"UPDATE run_end SET exercises = -1 WHERE run = 1",
		"UPDATE part_result SET worst = 999999 WHERE run = 1",
	};

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(forged); i++) {
		const struct gh_bundle_ask ask = { .now_s = 1 };
		struct pair p;
		char sql[400];

		pair_init(&p, false);
		unlink(p.file);
		snprintf(sql, sizeof sql,
			 "DROP TRIGGER finding_no_update; DROP TRIGGER "
			 "measure_no_update; DROP TRIGGER run_end_no_update; "
			 "DROP TRIGGER part_result_no_update; %s",
			 forged[i]);
		kit_ok(&p.from, gh_sql_exec(p.from.st, sql, &p.from.err));
		/* The sealed baseline does not read what was forged. */
		if (gh_store_export(p.from.st, p.file, &ask, &p.out,
				    &p.from.err) == GH_OK)
			assert_int_equal(take_in(&p), GH_STORE);
		else
			assert_non_null(strstr(p.from.err.msg, "sealed"));
		assert_int_equal(count(&p, "run"), 0);
		pair_finish(&p);
	}
}

/* What people said, and the rig file, are looked at as closely. */
static void forged_words_are_refused(void **state)
{
	static const char *const forged[] = {
		"UPDATE remark SET text = char(27) || '[2J'",
		"UPDATE remark SET by = 'A' || char(10) || 'da'",
		"UPDATE remark SET part = hex(zeroblob(300))",
		"UPDATE remark SET text = 'a' || char(0) || 'b'",
		"DELETE FROM content",
		"UPDATE attachment SET name = 'a/b.jpg'",
		"UPDATE attachment SET name = char(7)",
		"UPDATE content SET bytes = x'00'",
		"UPDATE stage SET text = x'00'",
		"UPDATE part_result SET worst = 29, diagnosis = 3 "
		"WHERE run = 1",
		"UPDATE part_result SET worst = -2 WHERE run = 1",
		"UPDATE span SET repeat = 4294967296 WHERE run = 1",
		"UPDATE span SET repeat = -4294967296 WHERE run = 1",
		"UPDATE run SET session = -1",
		"UPDATE run SET session = 4294967296",
		"UPDATE chunk SET raw = x'00' WHERE run = 1",
		"UPDATE chunk SET times = x'00' WHERE run = 1 AND n = 2",
		"DELETE FROM self",
	};

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(forged); i++) {
		const struct gh_bundle_ask ask = { .with_recordings = true,
						   .now_s = 1 };
		struct pair p;

		pair_init(&p, true);
		unlink(p.file);
		kit_drop_guards(&p.from);
		kit_ok(&p.from, gh_sql_exec(p.from.st, forged[i], &p.from.err));
		memset(&p.from.err, 0, sizeof p.from.err);
		if (gh_store_export(p.from.st, p.file, &ask, &p.out,
				    &p.from.err) == GH_OK) {
			if (take_in(&p) == GH_OK)
				fail_msg("taken: %s", forged[i]);
			assert_string_not_equal(p.to.err.msg, "");
		} else {
			assert_string_not_equal(p.from.err.msg, "");
		}
		assert_int_equal(count(&p, "run"), 0);
		assert_int_equal(count(&p, "remark"), 0);
		pair_finish(&p);
	}
}

/* What `accept` would not take is not taken out of a file either. */
static void a_forged_acceptance_is_refused(void **state)
{
	static const char *const forged[] = {
		"UPDATE accept SET until_s = 253402214400",
		"UPDATE accept SET until_s = 253402214400; "
		"UPDATE remark SET at_s = 253402214300",
		"UPDATE remark SET by = ''",
		"UPDATE remark SET text = hex(zeroblob(70))",
		"UPDATE accept SET value = 1e9",
		"UPDATE accept SET id = 'joint.friction'",
		"UPDATE remark SET kind = 'note'",
		"", /* as it was said, it is taken */
	};

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(forged); i++) {
		struct gh_remark r = { .kind = GH_REMARK_ACCEPT,
				       .run = 3,
				       .at_s = 1795373000,
				       .until_s = 1795373000 + 86400 };
		const struct gh_bundle_ask ask = { .now_s = 1 };
		struct pair p;
		size_t n;

		pair_init(&p, false);
		unlink(p.file);
		for (size_t f = 0; f < p.from.result->n_findings; f++)
			p.from.result->findings[f].state = GH_STATE_PASS;
		p.from.result->findings[0].state = GH_STATE_FAIL;
		kit_run(&p.from);
		strcpy(r.part, "hope.shoulder");
		strcpy(r.by, "Ada");
		strcpy(r.text, "the show goes on");
		kit_ok(&p.from,
		       gh_store_accept(p.from.st, &r, &n, &p.from.err));
		kit_ok(&p.from, gh_sql_exec(p.from.st,
					    "DROP TRIGGER accept_no_update; "
					    "DROP TRIGGER remark_no_update",
					    &p.from.err));
		kit_ok(&p.from, gh_sql_exec(p.from.st, forged[i], &p.from.err));
		kit_ok(&p.from, gh_store_export(p.from.st, p.file, &ask, &p.out,
						&p.from.err));
		if (forged[i][0])
			assert_int_not_equal(take_in(&p), GH_OK);
		else
			kit_ok(&p.to, take_in(&p));
		assert_int_equal(count(&p, "accept") > 0, !forged[i][0]);
		pair_finish(&p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_arrives_once),
		cmocka_unit_test(all_of_a_run_arrives),
		cmocka_unit_test(old_runs_stand_in_their_time),
		cmocka_unit_test(it_comes_home),
		cmocka_unit_test(an_empty_one_is_not_made),
		cmocka_unit_test(a_changed_one_is_refused),
		cmocka_unit_test(a_damaged_one_is_refused),
		cmocka_unit_test(a_forged_one_is_refused),
		cmocka_unit_test(forged_words_are_refused),
		cmocka_unit_test(a_forged_acceptance_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
