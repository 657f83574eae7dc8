/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bundle - export and import are the same copy in two directions: into a new
 * file that gets a manifest, and out of a file whose manifest was checked.
 */
#include "store/bundle.h" /* what is defined here */
#include "store/merge.h"  /* gh_merge_copy */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Of a SQLite file: its header, and where the application_id is in it. */
enum { HEAD_BYTES = 100, APPLICATION_AT = 68 };

static enum gh_status attach(struct gh_store *st, const char *path,
			     const char *query, struct gh_err *err)
{
	char *uri = gh_store_uri(path, query);
	sqlite3_stmt *stmt;
	bool row;
	enum gh_status s;

	if (!uri)
		return gh_fail(err, GH_NOMEM, "%s: out of memory",
			       gh_path_shown(path));
	s = gh_sql_prepare(st, "ATTACH ? AS src", &stmt, err);
	if (s == GH_OK) {
		sqlite3_bind_text(stmt, 1, uri, -1, SQLITE_STATIC);
		s = gh_sql_step(st, stmt, &row, err);
		sqlite3_finalize(stmt);
	}
	free(uri);
	return s;
}

/* ---- Export ----------------------------------------------------------------*/

static enum gh_status put_line(struct gh_store *st, const char *what,
			       int64_t run, const char *sha256,
			       struct gh_err *err)
{
	sqlite3_stmt *stmt;
	bool row;
	enum gh_status s;

	s = gh_sql_prepare(st,
			   "INSERT INTO manifest (what, run, sha256) "
			   "VALUES (?, ?, ?)",
			   &stmt, err);
	if (s != GH_OK)
		return s;
	sqlite3_bind_text(stmt, 1, what, -1, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 2, run);
	sqlite3_bind_text(stmt, 3, sha256, -1, SQLITE_STATIC);
	s = gh_sql_step(st, stmt, &row, err);
	sqlite3_finalize(stmt);
	return s;
}

/* The runs of a bundle count from 1 without a gap. */
static enum gh_status put_runs(struct gh_store *st, bool raw, unsigned runs,
			       struct gh_err *err)
{
	char sha256[GH_SHA256_HEX_CAP];
	enum gh_status s = GH_OK;

	for (unsigned run = 1; s == GH_OK && run <= runs; run++) {
		s = gh_run_hash(st, "main", run, raw, sha256, err);
		if (s == GH_OK)
			s = put_line(st, raw ? "recording" : "run", run, sha256,
				     err);
	}
	return s;
}

static enum gh_status put_head(struct gh_store *st,
			       const struct gh_bundle_ask *ask,
			       struct gh_err *err)
{
	sqlite3_stmt *stmt;
	bool row;
	enum gh_status s;

	s = gh_sql_prepare(st,
			   "INSERT INTO head (store, made_s, with_recordings) "
			   "SELECT store, ?, ? FROM src.self",
			   &stmt, err);
	if (s != GH_OK)
		return s;
	sqlite3_bind_int64(stmt, 1, ask->now_s);
	sqlite3_bind_int(stmt, 2, ask->with_recordings);
	s = gh_sql_step(st, stmt, &row, err);
	sqlite3_finalize(stmt);
	return s;
}

static enum gh_status put_manifest(struct gh_store *st,
				   const struct gh_bundle_ask *ask,
				   const struct gh_bundle_count *count,
				   struct gh_err *err)
{
	char sha256[GH_SHA256_HEX_CAP];
	enum gh_status s = put_head(st, ask, err);

	if (s == GH_OK)
		s = put_runs(st, false, count->runs, err);
	if (s == GH_OK && ask->with_recordings)
		s = put_runs(st, true, count->runs, err);
	if (s == GH_OK)
		s = gh_people_hash(st, "main", sha256, err);
	return s == GH_OK ? put_line(st, "people", 0, sha256, err) : s;
}

static enum gh_status fill(struct gh_store *st, const struct gh_bundle_ask *ask,
			   struct gh_bundle_count *out, struct gh_err *err)
{
	enum gh_status s = gh_sql_begin(st, err);

	if (s != GH_OK)
		return s;
	s = gh_merge_pick(st, ask, out, err);
	if (s == GH_OK && out->runs == 0)
		s = gh_fail(err, GH_NODATA, "no run to export%s",
			    ask->since_s > 0 ? " since then" : "");
	if (s == GH_OK)
		s = gh_merge_copy(st, ask, out, err);
	if (s == GH_OK)
		s = gh_baseline_verify(st, err);
	if (s == GH_OK)
		s = put_manifest(st, ask, out, err);
	return gh_sql_end(st, s, err);
}

/* What the other side will read, by its own eyes. */
static enum gh_status look_at(struct gh_store *st, const char *path,
			      struct gh_bundle_count *out, struct gh_err *err)
{
	const struct gh_bundle_count was = *out;
	enum gh_status s = gh_sql_exec(st, "DETACH src", err);

	if (s == GH_OK)
		s = attach(st, path, "mode=ro", err);
	if (s == GH_OK)
		s = gh_bundle_check(st, path, out, err);
	out->runs = was.runs;
	return s;
}

static enum gh_status write_bundle(const struct gh_store *from,
				   const char *path,
				   const struct gh_bundle_ask *ask,
				   struct gh_bundle_count *out,
				   struct gh_err *err)
{
	struct gh_store *st;
	enum gh_status s = gh_store_create(&st, path, err);

	if (s != GH_OK)
		return s;
	s = gh_sql_exec(st, gh_bundle_sql, err);
	if (s == GH_OK)
		s = attach(st, from->path, "mode=ro", err);
	if (s == GH_OK)
		s = fill(st, ask, out, err);
	if (s == GH_OK)
		s = look_at(st, path, out, err);
	gh_store_close(st);
	return s;
}

static enum gh_status publish(const char *tmp, const char *path,
			      struct gh_err *err)
{
	/* link(), not rename(): never over a file that is there. */
	if (link(tmp, path) == 0)
		return GH_OK;
	if (errno == EEXIST)
		return gh_fail(err, GH_ARG, "%s: is there already",
			       gh_path_shown(path));
	return gh_fail_sys(err, GH_STORE, errno, "%s", gh_path_shown(path));
}

enum gh_status gh_store_export(struct gh_store *st, const char *path,
			       const struct gh_bundle_ask *ask,
			       struct gh_bundle_count *out, struct gh_err *err)
{
	const size_t n = strlen(path) + sizeof ".part";
	char *tmp = malloc(n);
	enum gh_status s;

	memset(out, 0, sizeof *out);
	if (!tmp)
		return gh_fail(err, GH_NOMEM, "%s: out of memory",
			       gh_path_shown(path));
	snprintf(tmp, n, "%s.part", path);
	if (access(path, F_OK) == 0) {
		free(tmp);
		return gh_fail(err, GH_ARG, "%s: is there already",
			       gh_path_shown(path));
	}
	unlink(tmp); /* of an export that was cut short */
	s = write_bundle(st, tmp, ask, out, err);
	if (s == GH_OK)
		s = publish(tmp, path, err);
	unlink(tmp);
	free(tmp);
	return s;
}

/* ---- Import ----------------------------------------------------------------*/

/* What is new here becomes a part of our chain, whatever theirs was. */
static const struct {
	enum gh_chain_kind kind;
	const char *sql;
} taken[] = {
	{ GH_CHAIN_RUN, "SELECT new FROM temp.pick WHERE is_new ORDER BY new" },
	{ GH_CHAIN_REMARK, "SELECT m.remark FROM main.remark m JOIN temp.said "
			   "USING (uid) ORDER BY m.remark" },
	{ GH_CHAIN_BASELINE, "SELECT new FROM temp.sealed ORDER BY new" },
};

static enum gh_status take(struct gh_store *st, int64_t now_s,
			   struct gh_bundle_count *out, struct gh_err *err)
{
	const struct gh_bundle_ask ask = { .with_recordings =
						   out->with_recordings,
					   .now_s = now_s };
	enum gh_status s = gh_sql_begin(st, err);

	if (s != GH_OK)
		return s;
	s = gh_merge_pick(st, &ask, out, err);
	if (s == GH_OK)
		s = gh_merge_copy(st, &ask, out, err);
	if (s == GH_OK)
		s = gh_bundle_believe(st, out, now_s, err);
	for (size_t i = 0; s == GH_OK && i < GH_ARRAY_SIZE(taken); i++)
		s = gh_chain_add_all(st, taken[i].kind, taken[i].sql, err);
	return gh_sql_end(st, s, err);
}

/* The first bytes of a SQLite file, and where its application_id is. */
static bool is_headed(const unsigned char head[HEAD_BYTES])
{
	uint32_t id = 0;

	for (size_t i = 0; i < 4; i++)
		id = id << 8 | head[APPLICATION_AT + i];
	return memcmp(head, "SQLite format 3", 16) == 0 &&
	       id == GH_BUNDLE_APPLICATION_ID;
}

/* A log beside it would be read as a part of it: a bundle has none. */
enum gh_status gh_bundle_look(const char *path, struct gh_err *err)
{
	unsigned char head[HEAD_BYTES] = { 0 };
	struct stat is;
	FILE *file;
	size_t n;

	if (stat(path, &is) != 0)
		return gh_fail_sys(err, GH_ARG, errno, "%s",
				   gh_path_shown(path));
	if (!S_ISREG(is.st_mode))
		return gh_fail(err, GH_ARG, "%s: not a plain file",
			       gh_path_shown(path));
	file = fopen(path, "rbe");
	if (!file)
		return gh_fail_sys(err, GH_ARG, errno, "%s",
				   gh_path_shown(path));
	n = fread(head, 1, sizeof head, file);
	fclose(file);
	if (n == sizeof head && is_headed(head))
		return GH_OK;
	return gh_fail(err, GH_ARG,
		       "%s: not a bundle of ghostlight; nothing was imported",
		       gh_path_shown(path));
}

/* Also before: a disk that failed last time may have kept us from it. */
static void tidy(struct gh_store *st)
{
	sqlite3_exec(st->db,
		     "DROP TABLE IF EXISTS temp.pick; DROP TABLE IF EXISTS "
		     "temp.said; DROP TABLE IF EXISTS temp.sealed",
		     NULL, NULL, NULL);
	sqlite3_exec(st->db, "DETACH src", NULL, NULL, NULL);
}

enum gh_status gh_store_import(struct gh_store *st, const char *path,
			       int64_t now_s, struct gh_bundle_count *out,
			       struct gh_err *err)
{
	enum gh_status s = gh_bundle_look(path, err);

	memset(out, 0, sizeof *out);
	if (s != GH_OK)
		return s;
	tidy(st);
	s = attach(st, path, "immutable=1", err);
	if (s != GH_OK)
		return gh_fail(err, GH_ARG, "%s: %s; nothing was imported",
			       gh_path_shown(path), gh_bundle_unread(st));
	s = gh_bundle_check(st, path, out, err);
	if (s == GH_OK)
		s = take(st, now_s, out, err);
	tidy(st);
	return s;
}
