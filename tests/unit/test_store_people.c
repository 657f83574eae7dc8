/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What people add comes back as they said it, beside runs that stay what they
 * were; an acceptance is in force until it is renewed or has recovered.
 */
#include "store/remark.h"	 /* gh_store_remark */
#include "store/series.h"	 /* gh_store_series */
#include "unit/test_store_kit.h" /* struct kit */

#define NOW 1795373700

static struct gh_remark note(const char *part, int64_t run, const char *text)
{
	struct gh_remark r = { .kind = GH_REMARK_NOTE, .at_s = NOW };

	strcpy(r.serial, "LM-0042");
	strcpy(r.part, part);
	strcpy(r.by, "Ada");
	snprintf(r.text, sizeof r.text, "%s", text);
	r.run = run;
	return r;
}

static void refused(struct kit *k, struct gh_remark r, const char *words)
{
	assert_int_equal(gh_store_remark(k->st, &r, NULL, 0, &k->err), GH_ARG);
	if (!strstr(k->err.msg, words))
		fail_msg("'%s', expected '%s'", k->err.msg, words);
	assert_null(strchr(k->err.msg, '\n'));
}

static void a_note_comes_back(void **state)
{
	struct gh_remark list[8], r;
	struct gh_remark_ask ask = { .run = 1 };
	struct kit k;
	size_t n;

	(void)state;
	kit_init(&k);
	kit_open(&k);
	kit_run(&k);
	r = note("hope.shoulder", 1, "screw tightened, J\xC3\xB6rg");
	kit_ok(&k, gh_store_remark(k.st, &r, NULL, 0, &k.err));
	assert_int_equal(strlen(r.uid), 32);
	r = note("", 0, "moved to the foyer");
	r.kind = GH_REMARK_TRANSPORT;
	kit_ok(&k, gh_store_remark(k.st, &r, NULL, 0, &k.err));
	assert_int_equal(r.after_run, 1);
	kit_run(&k);
	kit_ok(&k, gh_store_remarks(k.st, &ask, list, 8, &n, &k.err));
	assert_int_equal(n, 2); /* about it, and between it and the next */
	assert_string_equal(list[0].text, "screw tightened, J\xC3\xB6rg");
	assert_string_equal(list[0].serial, "LM-0042");
	assert_int_equal(list[1].kind, GH_REMARK_TRANSPORT);
	ask = (struct gh_remark_ask){ .run = 2 };
	kit_ok(&k, gh_store_remarks(k.st, &ask, list, 8, &n, &k.err));
	assert_int_equal(n, 0);
	ask = (struct gh_remark_ask){ .serial = "LM-7" };
	kit_ok(&k, gh_store_remarks(k.st, &ask, list, 8, &n, &k.err));
	assert_int_equal(n, 0);
	ask = (struct gh_remark_ask){ .part = "core" };
	kit_ok(&k, gh_store_remarks(k.st, &ask, list, 8, &n, &k.err));
	assert_int_equal(n, 1);
	/* of more than there is room for, the newest */
	ask = (struct gh_remark_ask){ .run = 0 };
	kit_ok(&k, gh_store_remarks(k.st, &ask, list, 1, &n, &k.err));
	assert_int_equal(n, 1);
	assert_int_equal(list[0].kind, GH_REMARK_TRANSPORT);
	kit_finish(&k);
}

static void a_wrong_note_is_refused(void **state)
{
	struct kit k;
	struct gh_remark r;

	(void)state;
	kit_init(&k);
	kit_open(&k);
	kit_run(&k);
	refused(&k, note("", 0, ""), "found nothing");
	refused(&k, note("", 0, "two\nlines"), "control characters");
	refused(&k, note("", 0, "\x1B[2J"), "control characters");
	refused(&k, note("", 0, "\xC3("), "UTF-8");
	refused(&k, note("", 0, "\xE2\x80\xAE txt"), "control characters");
	refused(&k, note("hope.knee", 1, "x"), "hope.knee");
	r = note("", 99, "x");
	assert_int_equal(gh_store_remark(k.st, &r, NULL, 0, &k.err), GH_NODATA);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM remark"), 0);
	kit_finish(&k);
}

/* What a name says of its file; empty files are files. */
static void any_file_is_kept(void **state)
{
	static const struct {
		const char *name, *media;
	} files[] = { { "horn.wav", "audio/wav" },
		      { "horn.blend", "application/octet-stream" },
		      { "horn", "application/octet-stream" } };
	struct gh_remark r = note("core", 1, "");
	struct kit k;
	void *back;
	size_t n;

	(void)state;
	kit_init(&k);
	kit_open(&k);
	kit_run(&k);
	r.kind = GH_REMARK_ATTACHMENT;
	for (size_t i = 0; i < GH_ARRAY_SIZE(files); i++) {
		strcpy(r.name, files[i].name);
		kit_ok(&k, gh_store_remark(k.st, &r, "", 0, &k.err));
		assert_string_equal(r.media, files[i].media);
		n = 5;
		kit_ok(&k, gh_store_attached(k.st, r.id, &back, &n, &k.err));
		assert_int_equal(n, 0);
		free(back);
	}
	refused(&k, note("hope.knee", 0, "x"), "in the last run");
	kit_finish(&k);
}

static void a_file_is_stored_once(void **state)
{
	static char photo[100000];
	struct gh_remark r = note("core", 1, "");
	struct kit k;
	void *back;
	size_t n;

	(void)state;
	kit_init(&k);
	kit_open(&k);
	kit_run(&k);
	for (size_t i = 0; i < sizeof photo; i++)
		photo[i] = (char)(i * i);
	r.kind = GH_REMARK_ATTACHMENT;
	strcpy(r.name, "horn screw.jpg");
	for (int twice = 0; twice < 2; twice++)
		kit_ok(&k,
		       gh_store_remark(k.st, &r, photo, sizeof photo, &k.err));
	assert_string_equal(r.media, "image/jpeg");
	assert_int_equal(r.bytes, sizeof photo);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM content"), 1);
	kit_ok(&k, gh_store_attached(k.st, r.id, &back, &n, &k.err));
	assert_int_equal(n, sizeof photo);
	assert_memory_equal(back, photo, n);
	free(back);
	assert_int_equal(gh_store_attached(k.st, 77, &back, &n, &k.err),
			 GH_NODATA);
	assert_int_equal(gh_store_remark(k.st, &r, photo, GH_ATTACHMENT_MAX + 1,
					 &k.err),
			 GH_ARG);
	strcpy(r.name, "empty");
	kit_ok(&k, gh_store_remark(k.st, &r, NULL, 0, &k.err));
	assert_string_equal(r.media, "application/octet-stream");
	kit_ok(&k, gh_sql_exec(k.st,
			       "DROP TRIGGER content_no_update; UPDATE content "
			       "SET bytes = x'00'",
			       &k.err));
	assert_int_equal(gh_store_attached(k.st, 1, &back, &n, &k.err),
			 GH_STORE);
	kit_finish(&k);
}

/* ---- Acceptances -----------------------------------------------------------*/

static struct gh_remark accept_of(const char *part, int64_t run)
{
	struct gh_remark r = note(part, run, "the show goes on");

	r.kind = GH_REMARK_ACCEPT;
	r.until_s = NOW + 7 * 86400;
	return r;
}

/* A run whose first finding, of hope.shoulder, failed. */
static int64_t failed_run(struct kit *k)
{
	for (size_t i = 0; i < k->result->n_findings; i++)
		k->result->findings[i].state = GH_STATE_PASS;
	k->result->findings[0].state = GH_STATE_FAIL;
	k->result->findings[0].value = 0.25;
	k->result->parts[0].diagnosis = 0;
	return kit_run(k);
}

static void an_acceptance_is_in_force(void **state)
{
	struct gh_accepted list[4];
	struct gh_remark r;
	struct kit k;
	size_t n;

	(void)state;
	kit_init(&k);
	kit_open(&k);
	r = accept_of("hope.shoulder", failed_run(&k));
	kit_ok(&k, gh_store_accept(k.st, &r, &n, &k.err));
	assert_int_equal(n, 1);
	kit_ok(&k, gh_store_accepts(k.st, "LM-0042", list, 4, &n, &k.err));
	assert_int_equal(n, 1);
	assert_string_equal(list[0].accept.part, "hope.shoulder");
	assert_string_equal(list[0].accept.id, "joint.coulomb");
	assert_string_equal(list[0].accept.fault, "limp");
	assert_string_equal(list[0].accept.by, "Ada");
	assert_string_equal(list[0].accept.reason, "the show goes on");
	assert_true(fabs(list[0].accept.value - 0.25) < 1e-12);
	assert_int_equal(list[0].accept.until_s, r.until_s);
	kit_ok(&k, gh_store_accepts(k.st, "LM-7", list, 4, &n, &k.err));
	assert_int_equal(n, 0);
	/* a later word on the same metric replaces it */
	strcpy(r.by, "Bo");
	kit_ok(&k, gh_store_accept(k.st, &r, &n, &k.err));
	kit_ok(&k, gh_store_accepts(k.st, "LM-0042", list, 4, &n, &k.err));
	assert_int_equal(n, 1);
	assert_string_equal(list[0].accept.by, "Bo");
	kit_finish(&k);
}

static void it_ends_when_it_recovered(void **state)
{
	struct gh_accepted list[4];
	struct gh_remark r;
	int64_t id;
	struct kit k;
	size_t n;

	(void)state;
	kit_init(&k);
	kit_open(&k);
	r = accept_of("hope.shoulder", failed_run(&k));
	kit_ok(&k, gh_store_accept(k.st, &r, &n, &k.err));
	kit_ok(&k, gh_store_accepts(k.st, "LM-0042", list, 4, &n, &k.err));
	id = list[0].id;
	k.info.accepts = &id;
	k.info.n_accepts = 1;
	k.result->fates[0] = GH_ACCEPT_KNOWN;
	kit_run(&k);
	kit_ok(&k, gh_store_accepts_of(k.st, k.info.run, list, 4, &n, &k.err));
	assert_int_equal(n, 1);
	assert_int_equal(list[0].fate, GH_ACCEPT_KNOWN);
	kit_ok(&k, gh_store_accepts(k.st, "LM-0042", list, 4, &n, &k.err));
	assert_int_equal(n, 1);
	k.result->fates[0] = GH_ACCEPT_RECOVERED;
	kit_run(&k);
	kit_ok(&k, gh_store_accepts(k.st, "LM-0042", list, 4, &n, &k.err));
	assert_int_equal(n, 0);
	kit_finish(&k);
}

static void only_a_fail_can_be_accepted(void **state)
{
	struct kit k;
	struct gh_remark r;
	size_t n;
	static const struct {
		const char *part, *by, *text, *words;
		int64_t run, days;
	} cases[] = {
		{ "core", "Ada", "x", "nothing of it failed", 1, 7 },
		{ "hope.knee", "Ada", "x", "hope.knee", 1, 7 },
		{ "hope.shoulder", "", "x", "who answers", 1, 7 },
		{ "hope.shoulder", "Ada", "", "reason", 1, 7 },
		{ "hope.shoulder", "Ada", "x", "over already", 1, 0 },
		{ "hope.shoulder", "Ada", "x", "more than a year", 1, 400 },
	};

	(void)state;
	kit_init(&k);
	kit_open(&k);
	failed_run(&k);
	for (size_t i = 0; i < GH_ARRAY_SIZE(cases); i++) {
		r = accept_of(cases[i].part, cases[i].run);
		strcpy(r.by, cases[i].by);
		strcpy(r.text, cases[i].text);
		r.until_s = NOW + cases[i].days * 86400;
		assert_int_equal(gh_store_accept(k.st, &r, &n, &k.err), GH_ARG);
		if (!strstr(k.err.msg, cases[i].words))
			fail_msg("%s", k.err.msg);
	}
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM remark"), 0);
	kit_finish(&k);
}

static void nothing_of_it_is_ever_changed(void **state)
{
	static const char *const tables[] = { "self",	 "remark",
					      "content", "attachment",
					      "accept",	 "accept_seen" };
	struct gh_remark r;
	struct kit k;
	char sql[120];
	int64_t id = 1;
	size_t n;

	(void)state;
	kit_init(&k);
	kit_open(&k);
	r = accept_of("hope.shoulder", failed_run(&k));
	kit_ok(&k, gh_store_accept(k.st, &r, &n, &k.err));
	r = note("", 0, "");
	r.kind = GH_REMARK_ATTACHMENT;
	strcpy(r.name, "a.txt");
	kit_ok(&k, gh_store_remark(k.st, &r, "x", 1, &k.err));
	k.info.accepts = &id;
	k.info.n_accepts = 1;
	kit_run(&k);
	for (size_t i = 0; i < GH_ARRAY_SIZE(tables); i++) {
		snprintf(sql, sizeof sql, "DELETE FROM %s", tables[i]);
		assert_int_equal(gh_sql_exec(k.st, sql, &k.err), GH_STORE);
		snprintf(sql, sizeof sql,
			 "INSERT OR REPLACE INTO %s SELECT * FROM %s",
			 tables[i], tables[i]);
		assert_int_equal(gh_sql_exec(k.st, sql, &k.err), GH_STORE);
	}
	kit_finish(&k);
}

/* ---- One metric over the runs ----------------------------------------------*/

static void a_series_is_of_one_sculpture(void **state)
{
	struct gh_series_row rows[8];
	struct kit k;
	size_t n;

	(void)state;
	kit_init(&k);
	kit_open(&k);
	kit_run(&k);
	strcpy(k.info.serial, "LM-7");
	kit_run(&k);
	strcpy(k.info.serial, "LM-0042");
	k.measures[0].v[0] = 7.5;
	k.info.started_s += 86400;
	kit_run(&k);
	strcpy(k.info.port, "replay:x.wire");
	kit_run(&k);
	kit_ok(&k,
	       gh_store_series(k.st,
			       &(struct gh_series_query){ NULL, "hope.shoulder",
							  "joint.m00", 0 },
			       rows, 8, &n, &k.err));
	assert_int_equal(n, 2);
	assert_int_equal(rows[0].run, 1);
	assert_int_equal(rows[1].run, 3);
	assert_true(fabs(rows[1].v[0] - 7.5) < 1e-12);
	assert_int_equal(rows[1].version, 3);
	assert_string_equal(rows[1].firmware, "1.2.3");
	assert_int_equal(rows[1].verdict, GH_VERDICT_WATCH);
	kit_ok(&k, gh_store_series(k.st,
				   &(struct gh_series_query){ "LM-7",
							      "hope.shoulder",
							      "joint.m00", 0 },
				   rows, 8, &n, &k.err));
	assert_int_equal(n, 1);
	kit_ok(&k, gh_store_series(k.st,
				   &(struct gh_series_query){
					   NULL, "hope.shoulder", "joint.m00",
					   k.info.started_s },
				   rows, 8, &n, &k.err));
	assert_int_equal(n, 1);
	/* joint.m03 was saturated: no value */
	kit_ok(&k,
	       gh_store_series(k.st,
			       &(struct gh_series_query){ NULL, "hope.shoulder",
							  "joint.m03", 0 },
			       rows, 8, &n, &k.err));
	assert_int_equal(n, 0);
	kit_finish(&k);
}

static void measures_come_back(void **state)
{
	static struct gh_measure got[KIT_MEASURES];
	struct gh_judge_part parts[GH_JUDGE_PARTS];
	unsigned versions[KIT_MEASURES], n_parts;
	struct gh_measures_room room;
	struct kit k;

	(void)state;
	kit_init(&k);
	kit_open(&k);
	kit_run(&k);
	kit_ok(&k, gh_store_parts(k.st, 1, parts, &n_parts, &k.err));
	assert_int_equal(n_parts, 3);
	room = (struct gh_measures_room){ parts,    n_parts,	  got,
					  versions, KIT_MEASURES, 0 };
	kit_ok(&k, gh_store_measures(k.st, 1, kit_find, &room, &k.err));
	assert_int_equal(room.n, KIT_MEASURES);
	assert_int_equal(versions[5], 3);
	assert_string_equal(got[7].id, "joint.m07");
	assert_int_equal(got[7].reason, GH_REASON_SATURATED);
	assert_int_equal(got[7].part, 1);
	room.cap = 3;
	assert_int_equal(gh_store_measures(k.st, 1, kit_find, &room, &k.err),
			 GH_STORE);
	kit_finish(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_note_comes_back),
		cmocka_unit_test(a_wrong_note_is_refused),
		cmocka_unit_test(any_file_is_kept),
		cmocka_unit_test(a_file_is_stored_once),
		cmocka_unit_test(an_acceptance_is_in_force),
		cmocka_unit_test(it_ends_when_it_recovered),
		cmocka_unit_test(only_a_fail_can_be_accepted),
		cmocka_unit_test(nothing_of_it_is_ever_changed),
		cmocka_unit_test(a_series_is_of_one_sculpture),
		cmocka_unit_test(measures_come_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
