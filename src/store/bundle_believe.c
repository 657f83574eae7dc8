/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bundle_believe - the rows that were just copied, read back by the same code
 * that will read them for ever: a word, number or reference that it refuses,
 * and a text longer than any of ours, undoes the whole import.
 */
#include "store/merge.h"  /* what is defined here */
#include "store/remark.h" /* gh_store_remarks */
#include "store/series.h" /* gh_store_measures */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 255 }; /* of what is kept by pointer */

/* What is needed to read a whole run. */
struct room {
	struct gh_run_info info;
	struct gh_judge_part parts[GH_JUDGE_PARTS];
	struct gh_result result;
	struct gh_not_listed not_checked[GH_NOT_LISTED];
	struct gh_measure measures[GH_JUDGE_FINDINGS];
};

static const struct gh_metric *no_metric(const char *id)
{
	(void)id;
	return NULL;
}

/* The rig file must be the one its name, the SHA-256, says. */
static enum gh_status read_recording(struct gh_store *st, int64_t run,
				     struct gh_err *err)
{
	struct gh_store_recording rec;
	char is[GH_SHA256_HEX_CAP], said[GH_SHA256_HEX_CAP] = "";
	sqlite3_stmt *stmt = NULL;
	bool row = false;
	enum gh_status s = gh_store_get_recording(st, run, &rec, err);

	if (s != GH_OK)
		return s;
	gh_sha256_hex(rec.rig_text, rec.rig_bytes, is);
	gh_store_recording_free(&rec);
	s = gh_sql_prepare(st, "SELECT stage FROM main.recording WHERE run = ?",
			   &stmt, err);
	if (s == GH_OK) {
		sqlite3_bind_int64(stmt, 1, run);
		s = gh_sql_step(st, stmt, &row, err);
	}
	if (s == GH_OK && row)
		gh_column_text(stmt, 0, said, sizeof said);
	sqlite3_finalize(stmt);
	if (s == GH_OK && strcmp(is, said) != 0)
		return gh_sql_damaged(st, "stage", err);
	return s;
}

static enum gh_status read_run(struct gh_store *st, int64_t run, bool raw,
			       struct room *r, struct gh_err *err)
{
	unsigned n_parts = 0;
	size_t n = 0;
	enum gh_status s = gh_store_get_run(st, run, &r->info, err);

	if (s == GH_OK)
		s = gh_store_parts(st, run, r->parts, &n_parts, err);
	if (s == GH_OK)
		s = gh_store_measures(st, run, no_metric,
				      &(struct gh_measures_room){
					      r->parts, n_parts, r->measures,
					      NULL, GH_JUDGE_FINDINGS, 0 },
				      err);
	if (s == GH_OK)
		s = gh_store_get_result(st, run, NULL, r->parts, &n_parts,
					&r->result, r->not_checked, &n, err);
	if (s == GH_NODATA) /* never judged */
		s = GH_OK;
	if (s == GH_OK && raw)
		s = read_recording(st, run, err);
	return s == GH_NODATA ? GH_OK : s;
}

/* ---- Texts ----------------------------------------------------------------*/

/* " OR length(CAST(name AS BLOB)) > most" for each text of the table. */
static void add_lengths(struct gh_sql_text *q, const struct gh_table *t)
{
	char text[96];

	for (int i = 0; i < t->n; i++) {
		const struct gh_column *c = &t->columns[i];
		const size_t most =
			c->type == GH_COL_PTR ? TEXT_MAX : c->cap - 1;

		if (c->type != GH_COL_TEXT && c->type != GH_COL_PTR)
			continue;
		snprintf(text, sizeof text,
			 " OR length(CAST(t.%s AS BLOB)) > %zu", c->name, most);
		gh_sql_add(q, text);
	}
}

static enum gh_status check_texts(struct gh_store *st, const struct gh_table *t,
				  struct gh_err *err)
{
	struct gh_sql_text q = { .used = 0 };
	int64_t found = 0;
	enum gh_status s;

	gh_sql_add(&q, "SELECT count(*) FROM temp.pick p JOIN main.");
	gh_sql_add(&q, t->name);
	gh_sql_add(&q, " t ON t.run = p.new WHERE p.is_new AND (0");
	add_lengths(&q, t);
	gh_sql_add(&q, ")");
	s = gh_sql_number(st, q.text, 0, &found, err);
	return s == GH_OK && found ? gh_sql_damaged(st, t->name, err) : s;
}

static enum gh_status check_all_texts(struct gh_store *st, struct gh_err *err)
{
	enum gh_status s = check_texts(st, &gh_table_run, err);

	if (s == GH_OK)
		s = check_texts(st, &gh_table_run_end, err);
	for (size_t i = 0; s == GH_OK && gh_run_tables[i].table; i++)
		s = check_texts(st, gh_run_tables[i].table, err);
	return s;
}

/* ---- People ----------------------------------------------------------------*/

/* As they stand there: what a table reads was made harmless already. */
static bool are_lines(sqlite3_stmt *stmt, const struct gh_table *t)
{
	for (int i = 0; i < t->n; i++) {
		const char *text = (const char *)sqlite3_column_text(stmt, i);
		const size_t n = (size_t)sqlite3_column_bytes(stmt, i);

		if (t->columns[i].type != GH_COL_TEXT || n == 0)
			continue;
		if (strlen(text) != n || !gh_is_human_text(text, n + 1))
			return false;
	}
	return true;
}

/* A date to come, made at a time to come, is further away than it says. */
static enum gh_status check_accept(const struct gh_remark *r, int64_t now_s,
				   struct gh_err *err)
{
	struct gh_remark by_now = *r;

	if (by_now.at_s > now_s && by_now.until_s > now_s)
		by_now.at_s = now_s;
	return gh_accept_check(&by_now, err);
}

static enum gh_status check_remark(struct gh_store *st,
				   const struct gh_remark *r, int64_t now_s,
				   struct gh_err *err)
{
	void *bytes = NULL;
	size_t n;
	enum gh_status s = GH_OK;

	if (strchr(r->name, '/'))
		return gh_sql_damaged(st, "remark", err);
	if (r->kind == GH_REMARK_ACCEPT)
		return check_accept(r, now_s, err);
	if (r->kind == GH_REMARK_ATTACHMENT) {
		s = gh_store_attached(st, r->id, &bytes, &n, err);
		free(bytes);
	}
	return s == GH_NODATA ? gh_sql_damaged(st, "attachment", err) : s;
}

/* An acceptance is of what failed in its run, as one remark says it. */
static const char accepts_sql[] =
	"SELECT count(*) FROM main.accept k JOIN main.remark_list r USING "
	"(remark) WHERE r.uid IN (SELECT uid FROM temp.said) AND (r.kind <> "
	"'accept' OR k.until_s <> r.until_s OR NOT EXISTS (SELECT 1 FROM "
	"main.finding f WHERE f.run = r.run AND f.part = r.part AND f.id = "
	"k.id AND f.value IS k.value AND f.state IN ('fail', 'known')))";

static enum gh_status check_accepts(struct gh_store *st, struct gh_err *err)
{
	int64_t found = 0;
	const enum gh_status s = gh_sql_number(st, accepts_sql, 0, &found, err);

	return s == GH_OK && found ? gh_sql_damaged(st, "accept", err) : s;
}

/* Read by the table, so that a text that was cut shows as a long one. */
static enum gh_status check_remarks(struct gh_store *st, int64_t now_s,
				    struct gh_err *err)
{
	struct gh_sql_text q = { .used = 0 };
	struct gh_remark r = { .id = 0 };
	sqlite3_stmt *stmt = NULL;
	bool row = true;
	int64_t found = 0;
	enum gh_status s;

	gh_sql_add(&q, "SELECT count(*) FROM main.remark_list t JOIN temp.said "
		       "s ON s.uid = t.uid WHERE 0");
	add_lengths(&q, &gh_table_remark);
	s = gh_sql_number(st, q.text, 0, &found, err);
	if (s == GH_OK && found)
		return gh_sql_damaged(st, "remark", err);
	q.used = 0;
	gh_sql_add(&q, "SELECT ");
	gh_sql_add_columns(&q, &gh_table_remark);
	gh_sql_add(&q, " FROM main.remark_list WHERE uid IN (SELECT uid FROM "
		       "temp.said)");
	if (s == GH_OK)
		s = gh_sql_prepare(st, q.text, &stmt, err);
	while (s == GH_OK) {
		s = gh_sql_step(st, stmt, &row, err);
		if (s != GH_OK || !row)
			break;
		s = are_lines(stmt, &gh_table_remark)
			    ? gh_columns_read(st, stmt, 0, &gh_table_remark,
					      NULL, &r, err)
			    : gh_sql_damaged(st, "remark", err);
		if (s == GH_OK)
			s = check_remark(st, &r, now_s, err);
	}
	sqlite3_finalize(stmt);
	return s;
}

static enum gh_status read_runs(struct gh_store *st, bool raw,
				struct gh_err *err)
{
	struct room *room = calloc(1, sizeof *room);
	int64_t run = 0;
	enum gh_status s = GH_OK;

	if (!room)
		return gh_fail(err, GH_NOMEM, "no memory for a run");
	while (s == GH_OK) {
		s = gh_sql_number(st,
				  "SELECT ifnull(min(new), 0) FROM temp.pick "
				  "WHERE is_new AND new > ?",
				  run, &run, err);
		if (s != GH_OK || run == 0)
			break;
		s = read_run(st, run, raw, room, err);
	}
	free(room);
	return s;
}

enum gh_status gh_bundle_believe(struct gh_store *st,
				 const struct gh_bundle_count *count,
				 int64_t now_s, struct gh_err *err)
{
	enum gh_status s = check_all_texts(st, err);

	if (s == GH_OK)
		s = read_runs(st, count->with_recordings, err);
	if (s == GH_OK)
		s = check_remarks(st, now_s, err);
	if (s == GH_OK)
		s = check_accepts(st, err);
	return s == GH_OK ? gh_baseline_verify(st, err) : s;
}
