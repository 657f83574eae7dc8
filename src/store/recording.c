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

/* What is read of a table; ?1 the run, ?2 the part. */
#define OF_RUN "run = ?1"
#define OF_PART OF_RUN " AND part = ?2"
#define OF_ITS_CHANNELS                                                        \
	OF_RUN " AND channel IN (SELECT channel FROM channel WHERE " OF_PART ")"

/*
 * Room for all of the run: that it is too much for one part costs nothing. The
 * arrays come as void *: what is owned here is const in the struct.
 */
static enum gh_status load(struct gh_store *st, int64_t run, const char *part,
			   const char *where, struct gh_place *to, size_t *n,
			   struct gh_err *err)
{
	struct gh_sql_text q = { .used = 0 };
	sqlite3_stmt *stmt;
	enum gh_status s = gh_table_room(st, run, to, err);

	*n = 0;
	if (!to->base)
		return s;
	gh_sql_add(&q, "SELECT ");
	gh_sql_add_columns(&q, to->table);
	gh_sql_add(&q, " FROM ");
	gh_sql_add(&q, to->table->name);
	gh_sql_add(&q, " WHERE ");
	gh_sql_add(&q, where);
	gh_sql_add(&q, " ORDER BY n");
	s = gh_sql_prepare(st, q.text, &stmt, err);
	if (s != GH_OK)
		return s;
	sqlite3_bind_int64(stmt, 1, run);
	if (part)
		sqlite3_bind_text(stmt, 2, part, -1, SQLITE_STATIC);
	return gh_rows_read(st, stmt, to, NULL, n, err);
}

static enum gh_status get_arrays(struct gh_store *st, int64_t run,
				 const char *part, struct gh_store_recording *r,
				 struct gh_err *err)
{
	struct gh_place to[] = {
		{ &gh_table_channel, NULL, sizeof *r->channels, 0 },
		{ &gh_table_chunk, NULL, sizeof *r->chunks, 0 },
		{ &gh_table_span, NULL, sizeof *r->spans, 0 },
		{ &gh_table_fact, NULL, sizeof *r->facts, 0 },
	};
	enum gh_status s =
		load(st, run, NULL, OF_RUN, &to[0], &r->n_channels, err);

	if (s == GH_OK)
		s = load(st, run, part, part ? OF_ITS_CHANNELS : OF_RUN, &to[1],
			 &r->n_chunks, err);
	if (s == GH_OK)
		s = load(st, run, part, part ? OF_PART : OF_RUN, &to[2],
			 &r->n_spans, err);
	if (s == GH_OK)
		s = load(st, run, NULL, OF_RUN, &to[3], &r->n_facts, err);
	r->channels = to[0].base;
	r->chunks = to[1].base;
	r->spans = to[2].base;
	r->facts = to[3].base;
	return s;
}

enum gh_status gh_store_get_facts(struct gh_store *st, int64_t run,
				  struct gh_store_fact **out, size_t *n,
				  struct gh_err *err)
{
	struct gh_place to = { &gh_table_fact, NULL, sizeof **out, 0 };
	const enum gh_status s = load(st, run, NULL, OF_RUN, &to, n, err);

	*out = to.base;
	return s;
}

static enum gh_status get(struct gh_store *st, int64_t run, const char *part,
			  struct gh_store_recording *out, struct gh_err *err)
{
	struct gh_store_recording r;
	enum gh_status s;

	memset(&r, 0, sizeof r);
	s = get_stage(st, run, &r, err);
	if (s == GH_OK)
		s = get_arrays(st, run, part, &r, err);
	if (s != GH_OK) {
		gh_store_recording_free(&r);
		return s;
	}
	*out = r;
	return GH_OK;
}

enum gh_status gh_store_get_recording(struct gh_store *st, int64_t run,
				      struct gh_store_recording *out,
				      struct gh_err *err)
{
	return get(st, run, NULL, out, err);
}

enum gh_status gh_store_get_part(struct gh_store *st, int64_t run,
				 const char *part,
				 struct gh_store_recording *out,
				 struct gh_err *err)
{
	return get(st, run, part, out, err);
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
