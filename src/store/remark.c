/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * remark - notes, marks and files that people add. A file's bytes are stored
 * once, by their SHA-256; its media type is what its name says and nobody
 * looks into it.
 */
#include "base/sha256.h"   /* gh_sha256_hex */
#include "store/private.h" /* struct gh_store */
#include "store/remark.h"  /* what is defined here */

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *suffix, *media;
} media[] = {
	{ ".jpg", "image/jpeg" },      { ".jpeg", "image/jpeg" },
	{ ".png", "image/png" },       { ".heic", "image/heic" },
	{ ".pdf", "application/pdf" }, { ".txt", "text/plain" },
	{ ".md", "text/markdown" },    { ".csv", "text/csv" },
	{ ".mp4", "video/mp4" },       { ".wav", "audio/wav" },
};

static const char *media_of(const char *name)
{
	const char *dot = strrchr(name, '.');

	for (size_t i = 0; dot && i < GH_ARRAY_SIZE(media); i++)
		if (strcmp(media[i].suffix, dot) == 0)
			return media[i].media;
	return "application/octet-stream";
}

/* ---- Adding ----------------------------------------------------------------*/

static enum gh_status check_words(const struct gh_remark *r, struct gh_err *err)
{
	const struct {
		const char *what, *text;
		size_t cap;
		bool may_be_empty;
	} words[] = {
		{ "text", r->text, sizeof r->text,
		  r->kind != GH_REMARK_NOTE && r->kind != GH_REMARK_ACCEPT },
		{ "--by", r->by, sizeof r->by, r->kind != GH_REMARK_ACCEPT },
		{ "file name", r->name, sizeof r->name,
		  r->kind != GH_REMARK_ATTACHMENT },
	};

	for (size_t i = 0; i < GH_ARRAY_SIZE(words); i++) {
		const bool empty = words[i].text[0] == '\0';

		if (empty && words[i].may_be_empty)
			continue;
		if (!gh_is_human_text(words[i].text, words[i].cap))
			return gh_fail(err, GH_ARG,
				       "%s: expected a line of text, found %s",
				       words[i].what,
				       empty ? "nothing"
					     : "control characters or bytes "
					       "that are not UTF-8");
	}
	return GH_OK;
}

/* Takes the serial from the run when nobody gave one. */
static enum gh_status check_run(struct gh_store *st, struct gh_remark *r,
				struct gh_err *err)
{
	struct gh_run_info *info;
	enum gh_status s;

	if (r->run == 0)
		return GH_OK;
	info = calloc(1, sizeof *info);
	if (!info)
		return gh_fail(err, GH_NOMEM, "no memory for a run");
	s = gh_store_get_run(st, r->run, info, err);
	if (s == GH_OK)
		gh_copy_text(r->serial, sizeof r->serial, info->serial);
	free(info);
	return s;
}

/* A part that no run of this sculpture has is a typing error. */
static enum gh_status check_part(struct gh_store *st, const struct gh_remark *r,
				 struct gh_err *err)
{
	sqlite3_stmt *stmt;
	bool row = false;
	enum gh_status s;

	if (!r->part[0])
		return GH_OK;
	s = gh_sql_prepare(st,
			   "SELECT 1 FROM part WHERE name = ?1 AND run = "
			   "CASE WHEN ?2 THEN ?2 ELSE (SELECT max(p.run) FROM "
			   "part p JOIN run USING (run) WHERE ?3 = '' OR "
			   "serial = ?3) END",
			   &stmt, err);
	if (s != GH_OK)
		return s;
	sqlite3_bind_text(stmt, 1, r->part, -1, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 2, r->run);
	sqlite3_bind_text(stmt, 3, r->serial, -1, SQLITE_STATIC);
	s = gh_sql_step(st, stmt, &row, err);
	sqlite3_finalize(stmt);
	if (s == GH_OK && !row)
		return gh_fail(err, GH_ARG, "no part is called \"%s\"%s",
			       r->part,
			       r->run ? " in that run" : " in the last run");
	return s;
}

static enum gh_status insert(struct gh_store *st, struct gh_remark *r,
			     struct gh_err *err)
{
	sqlite3_stmt *stmt;
	bool row;
	enum gh_status s;

	s = gh_sql_prepare(st,
			   "INSERT INTO remark (uid, kind, at_s, after_run, "
			   "serial, run, part, by, text) VALUES ("
			   "lower(hex(randomblob(16))), ?1, ?2, (SELECT "
			   "ifnull(max(run), 0) FROM run), ?3, nullif(?4, 0), "
			   "?5, ?6, ?7)",
			   &stmt, err);
	if (s != GH_OK)
		return s;
	sqlite3_bind_text(stmt, 1, gh_remark_kind_name(r->kind), -1,
			  SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 2, r->at_s);
	sqlite3_bind_text(stmt, 3, r->serial, -1, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 4, r->run);
	sqlite3_bind_text(stmt, 5, r->part, -1, SQLITE_STATIC);
	sqlite3_bind_text(stmt, 6, r->by, -1, SQLITE_STATIC);
	sqlite3_bind_text(stmt, 7, r->text, -1, SQLITE_STATIC);
	s = gh_sql_step(st, stmt, &row, err);
	sqlite3_finalize(stmt);
	r->id = sqlite3_last_insert_rowid(st->db);
	return s;
}

enum gh_status gh_remark_put(struct gh_store *st, struct gh_remark *r,
			     struct gh_err *err)
{
	enum gh_status s = check_words(r, err);

	if (s == GH_OK)
		s = check_run(st, r, err);
	if (s == GH_OK)
		s = check_part(st, r, err);
	return s == GH_OK ? insert(st, r, err) : s;
}

static enum gh_status put_content(struct gh_store *st, const char *sha256,
				  const void *bytes, size_t n,
				  struct gh_err *err)
{
	sqlite3_stmt *stmt;
	bool row;
	enum gh_status s;

	s = gh_sql_prepare(st,
			   "INSERT INTO content (sha256, bytes) SELECT ?1, ?2 "
			   "WHERE ?1 NOT IN (SELECT sha256 FROM content)",
			   &stmt, err);
	if (s != GH_OK)
		return s;
	sqlite3_bind_text(stmt, 1, sha256, -1, SQLITE_STATIC);
	sqlite3_bind_blob64(stmt, 2, n ? bytes : "", n, SQLITE_STATIC);
	s = gh_sql_step(st, stmt, &row, err);
	sqlite3_finalize(stmt);
	return s;
}

static enum gh_status put_file(struct gh_store *st, const struct gh_remark *r,
			       const void *bytes, size_t n, struct gh_err *err)
{
	char sha256[GH_SHA256_HEX_CAP];
	sqlite3_stmt *stmt;
	bool row;
	enum gh_status s;

	gh_sha256_hex(bytes, n, sha256);
	s = put_content(st, sha256, bytes, n, err);
	if (s == GH_OK)
		s = gh_sql_prepare(st,
				   "INSERT INTO attachment (remark, name, "
				   "media, sha256) VALUES (?, ?, ?, ?)",
				   &stmt, err);
	if (s != GH_OK)
		return s;
	sqlite3_bind_int64(stmt, 1, r->id);
	sqlite3_bind_text(stmt, 2, r->name, -1, SQLITE_STATIC);
	sqlite3_bind_text(stmt, 3, media_of(r->name), -1, SQLITE_STATIC);
	sqlite3_bind_text(stmt, 4, sha256, -1, SQLITE_STATIC);
	s = gh_sql_step(st, stmt, &row, err);
	sqlite3_finalize(stmt);
	return s;
}

/* As the database has it. */
static enum gh_status read_back(struct gh_store *st, struct gh_remark *r,
				struct gh_err *err)
{
	const struct gh_place to = { &gh_table_remark, r, sizeof *r, 1 };
	const int64_t id = r->id;
	size_t n;

	return gh_table_read(st, &id, 1, &to, NULL, &n, err);
}

enum gh_status gh_store_remark(struct gh_store *st, struct gh_remark *r,
			       const void *bytes, size_t n, struct gh_err *err)
{
	const bool is_file = r->kind == GH_REMARK_ATTACHMENT;
	enum gh_status s;

	if (is_file && n > GH_ATTACHMENT_MAX)
		return gh_fail(err, GH_ARG,
			       "%s: %zu bytes, at most %u are stored", r->name,
			       n, GH_ATTACHMENT_MAX);
	s = gh_sql_begin(st, err);
	if (s != GH_OK)
		return s;
	s = gh_remark_put(st, r, err);
	if (s == GH_OK && is_file)
		s = put_file(st, r, bytes, n, err);
	if (s == GH_OK)
		s = gh_chain_add(st, GH_CHAIN_REMARK, r->id, err);
	/* Before it is safe: what is stored is never said not to be. */
	if (s == GH_OK)
		s = read_back(st, r, err);
	return gh_sql_end(st, s, err);
}

/* ---- Looking ---------------------------------------------------------------*/

enum gh_status gh_store_remarks(struct gh_store *st,
				const struct gh_remark_ask *ask,
				struct gh_remark *out, size_t cap, size_t *n,
				struct gh_err *err)
{
	const struct gh_place to = { &gh_table_remark, out, sizeof *out, cap };
	struct gh_sql_text q = { .used = 0 };
	sqlite3_stmt *stmt;
	enum gh_status s;

	gh_sql_add(&q, "SELECT ");
	gh_sql_add_columns(&q, &gh_table_remark);
	gh_sql_add(
		&q,
		" FROM (SELECT * FROM remark_list WHERE "
		"(?1 = 0 OR run = ?1 OR (run = 0 AND after_run = ?1)) AND (?2 IS NULL OR serial = ?2 "
		"OR serial = '') AND (?3 IS NULL OR part = ?3 OR "
		"part = '') ORDER BY remark DESC LIMIT ?4) "
		"ORDER BY remark");
	*n = 0;
	s = gh_sql_prepare(st, q.text, &stmt, err);
	if (s != GH_OK)
		return s;
	sqlite3_bind_int64(stmt, 1, ask->run);
	sqlite3_bind_text(stmt, 2, ask->serial, -1, SQLITE_STATIC);
	sqlite3_bind_text(stmt, 3, ask->part, -1, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 4, (int64_t)cap);
	return gh_rows_read(st, stmt, &to, NULL, n, err);
}

/* The bytes of the current row, which must be what their hash says. */
static enum gh_status copy_bytes(struct gh_store *st, sqlite3_stmt *stmt,
				 void **bytes, size_t *n, struct gh_err *err)
{
	const void *from = sqlite3_column_blob(stmt, 0);
	const size_t size = (size_t)sqlite3_column_bytes(stmt, 0);
	char is[GH_SHA256_HEX_CAP], said[GH_SHA256_HEX_CAP];
	char *copy;

	gh_column_text(stmt, 1, said, sizeof said);
	gh_sha256_hex(from, size, is);
	if (strcmp(is, said) != 0)
		return gh_sql_damaged(st, "content", err);
	copy = malloc(size + 1);
	if (!copy)
		return gh_fail(err, GH_NOMEM, "no memory for the file");
	if (size > 0)
		memcpy(copy, from, size);
	*bytes = copy;
	*n = size;
	return GH_OK;
}

enum gh_status gh_store_attached(struct gh_store *st, int64_t remark,
				 void **bytes, size_t *n, struct gh_err *err)
{
	sqlite3_stmt *stmt;
	bool row = false;
	enum gh_status s;

	s = gh_sql_prepare(st,
			   "SELECT c.bytes, c.sha256 FROM attachment a JOIN "
			   "content c USING (sha256) WHERE a.remark = ?",
			   &stmt, err);
	if (s != GH_OK)
		return s;
	sqlite3_bind_int64(stmt, 1, remark);
	s = gh_sql_step(st, stmt, &row, err);
	if (s == GH_OK && !row)
		s = gh_fail(err, GH_NODATA, "there is no file %lld",
			    (long long)remark);
	if (s == GH_OK)
		s = copy_bytes(st, stmt, bytes, n, err);
	sqlite3_finalize(stmt);
	return s;
}
