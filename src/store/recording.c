/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * recording - channels, raw chunks, spans and facts of a run, and the rig file
 * they were taken with. A rig file is stored once, by its hash: a sculpture's
 * thousand runs share it.
 */
#include "base/sha256.h"   /* gh_sha256_hex */
#include "store/private.h" /* struct gh_store */

#include <stdlib.h>
#include <string.h>

static enum gh_status put_stage(struct gh_store *st, const char *sha256,
				const struct gh_store_recording *rec,
				struct gh_err *err)
{
	sqlite3_stmt *stmt;
	bool row;
	enum gh_status s;

	s = gh_sql_prepare(st,
			   "INSERT INTO stage (sha256, text) SELECT ?1, ?2 "
			   "WHERE ?1 NOT IN (SELECT sha256 FROM stage)",
			   &stmt, err);
	if (s != GH_OK)
		return s;
	sqlite3_bind_text(stmt, 1, sha256, -1, SQLITE_STATIC);
	/* A NULL pointer would be NULL, not an empty text. */
	sqlite3_bind_blob64(stmt, 2, rec->rig_text ? rec->rig_text : "",
			    rec->rig_bytes, SQLITE_STATIC);
	s = gh_sql_step(st, stmt, &row, err);
	sqlite3_finalize(stmt);
	return s;
}

static enum gh_status put_head(struct gh_store *st, int64_t run,
			       const struct gh_store_recording *rec,
			       struct gh_err *err)
{
	char sha256[GH_SHA256_HEX_CAP];
	sqlite3_stmt *stmt;
	bool row;
	enum gh_status s;

	gh_sha256_hex(rec->rig_text, rec->rig_bytes, sha256);
	s = put_stage(st, sha256, rec, err);
	if (s == GH_OK)
		s = gh_sql_prepare(st,
				   "INSERT INTO recording (run, stage) "
				   "VALUES (?, ?)",
				   &stmt, err);
	if (s != GH_OK)
		return s;
	sqlite3_bind_int64(stmt, 1, run);
	sqlite3_bind_text(stmt, 2, sha256, -1, SQLITE_STATIC);
	s = gh_sql_step(st, stmt, &row, err);
	sqlite3_finalize(stmt);
	return s;
}

enum gh_status gh_recording_write(struct gh_store *st, int64_t run,
				  const struct gh_store_recording *rec,
				  struct gh_err *err)
{
	const struct gh_array arrays[] = {
		{ &gh_table_channel, rec->channels, sizeof *rec->channels,
		  rec->n_channels },
		{ &gh_table_chunk, rec->chunks, sizeof *rec->chunks,
		  rec->n_chunks },
		{ &gh_table_span, rec->spans, sizeof *rec->spans,
		  rec->n_spans },
		{ &gh_table_fact, rec->facts, sizeof *rec->facts,
		  rec->n_facts },
	};
	enum gh_status s = put_head(st, run, rec, err);

	for (size_t i = 0; s == GH_OK && i < GH_ARRAY_SIZE(arrays); i++)
		s = gh_table_write(st, run, &arrays[i], NULL, err);
	return s;
}

/* With a NUL behind it, which is not counted. */
static enum gh_status copy_stage(struct gh_store *st, sqlite3_stmt *stmt,
				 struct gh_store_recording *out,
				 struct gh_err *err)
{
	const void *bytes = sqlite3_column_blob(stmt, 0);
	const size_t n = (size_t)sqlite3_column_bytes(stmt, 0);
	char *text = malloc(n + 1);

	if (!text)
		return gh_fail(err, GH_NOMEM, "%s: out of memory",
			       gh_path_shown(st->path));
	if (n > 0)
		memcpy(text, bytes, n);
	text[n] = '\0';
	out->rig_text = text;
	out->rig_bytes = n;
	return GH_OK;
}

static enum gh_status get_stage(struct gh_store *st, int64_t run,
				struct gh_store_recording *out,
				struct gh_err *err)
{
	sqlite3_stmt *stmt;
	bool row = false;
	enum gh_status s;

	s = gh_sql_prepare(st,
			   "SELECT s.text FROM recording r JOIN run_end e "
			   "USING (run) JOIN stage s ON s.sha256 = r.stage "
			   "WHERE r.run = ?",
			   &stmt, err);
	if (s != GH_OK)
		return s;
	sqlite3_bind_int64(stmt, 1, run);
	s = gh_sql_step(st, stmt, &row, err);
	if (s == GH_OK && !row)
		s = gh_fail(err, GH_NODATA, "%s: no recording of run %lld",
			    gh_path_shown(st->path), (long long)run);
	if (s == GH_OK)
		s = copy_stage(st, stmt, out, err);
	sqlite3_finalize(stmt);
	return s;
}

/* The arrays come as void *: what is owned here is const in the struct. */
static enum gh_status get_arrays(struct gh_store *st, int64_t run,
				 struct gh_store_recording *r,
				 struct gh_err *err)
{
	void *rows;
	enum gh_status s;

	s = gh_table_load(st, run, &gh_table_channel, sizeof *r->channels,
			  &rows, &r->n_channels, err);
	r->channels = rows;
	if (s != GH_OK)
		return s;
	s = gh_table_load(st, run, &gh_table_chunk, sizeof *r->chunks, &rows,
			  &r->n_chunks, err);
	r->chunks = rows;
	if (s != GH_OK)
		return s;
	s = gh_table_load(st, run, &gh_table_span, sizeof *r->spans, &rows,
			  &r->n_spans, err);
	r->spans = rows;
	if (s != GH_OK)
		return s;
	s = gh_table_load(st, run, &gh_table_fact, sizeof *r->facts, &rows,
			  &r->n_facts, err);
	r->facts = rows;
	return s;
}

enum gh_status gh_store_get_facts(struct gh_store *st, int64_t run,
				  struct gh_store_fact **out, size_t *n,
				  struct gh_err *err)
{
	void *rows = NULL;
	const enum gh_status s = gh_table_load(st, run, &gh_table_fact,
					       sizeof **out, &rows, n, err);

	*out = rows;
	return s;
}

enum gh_status gh_store_get_recording(struct gh_store *st, int64_t run,
				      struct gh_store_recording *out,
				      struct gh_err *err)
{
	struct gh_store_recording r;
	enum gh_status s;

	memset(&r, 0, sizeof r);
	s = get_stage(st, run, &r, err);
	if (s == GH_OK)
		s = get_arrays(st, run, &r, err);
	if (s != GH_OK) {
		gh_store_recording_free(&r);
		return s;
	}
	*out = r;
	return GH_OK;
}

/* Const for everybody else; ours because we allocated it. */
static void release(const void *p)
{
	union {
		const void *given;
		void *ours;
	} u = { p };

	free(u.ours);
}

void gh_store_recording_free(struct gh_store_recording *rec)
{
	for (size_t i = 0; i < rec->n_chunks; i++) {
		release(rec->chunks[i].raw);
		release(rec->chunks[i].times_us);
	}
	release(rec->rig_text);
	release(rec->channels);
	release(rec->chunks);
	release(rec->spans);
	release(rec->facts);
	memset(rec, 0, sizeof *rec);
}
