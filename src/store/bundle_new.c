/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bundle_new - a bundle as a file: made beside its name, sealed with a
 * manifest, read as the other side will read it, and only then there.
 */
#include "store/merge.h" /* what is defined here */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum gh_status gh_bundle_attach(struct gh_store *st, const char *path,
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

/* ---- The manifest ----------------------------------------------------------*/

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

static enum gh_status put_head(struct gh_store *st, const char *store,
			       const struct gh_bundle_ask *ask,
			       struct gh_err *err)
{
	sqlite3_stmt *stmt;
	bool row;
	enum gh_status s;

	s = gh_sql_prepare(st,
			   "INSERT INTO head (store, made_s, with_recordings) "
			   "VALUES (?, ?, ?)",
			   &stmt, err);
	if (s != GH_OK)
		return s;
	sqlite3_bind_text(stmt, 1, store, -1, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 2, ask->now_s);
	sqlite3_bind_int(stmt, 3, ask->with_recordings);
	s = gh_sql_step(st, stmt, &row, err);
	sqlite3_finalize(stmt);
	return s;
}

enum gh_status gh_bundle_seal(struct gh_store *st, const char *store,
			      const struct gh_bundle_ask *ask, unsigned runs,
			      struct gh_err *err)
{
	char sha256[GH_SHA256_HEX_CAP];
	enum gh_status s = put_head(st, store, ask, err);

	if (s == GH_OK)
		s = put_runs(st, false, runs, err);
	if (s == GH_OK && ask->with_recordings)
		s = put_runs(st, true, runs, err);
	if (s == GH_OK)
		s = gh_people_hash(st, "main", sha256, err);
	return s == GH_OK ? put_line(st, "people", 0, sha256, err) : s;
}

/* ---- The file --------------------------------------------------------------*/

/* What the other side will read, by its own eyes. */
static enum gh_status look_at(struct gh_store *st, const char *path,
			      struct gh_bundle_count *out, struct gh_err *err)
{
	const struct gh_bundle_count was = *out;
	enum gh_status s = gh_bundle_attach(st, path, "mode=ro", err);

	if (s == GH_OK)
		s = gh_bundle_check(st, path, out, err);
	out->runs = was.runs;
	return s;
}

static enum gh_status write_bundle(const char *path, gh_bundle_fill *fill,
				   void *with, struct gh_bundle_count *out,
				   struct gh_err *err)
{
	struct gh_store *st;
	enum gh_status s = gh_store_create(&st, path, err);

	if (s != GH_OK)
		return s;
	s = gh_sql_exec(st, gh_bundle_sql, err);
	if (s == GH_OK)
		s = fill(st, with, out, err);
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

enum gh_status gh_bundle_new(const char *path, gh_bundle_fill *fill, void *with,
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
	s = write_bundle(tmp, fill, with, out, err);
	if (s == GH_OK)
		s = publish(tmp, path, err);
	unlink(tmp);
	free(tmp);
	return s;
}
