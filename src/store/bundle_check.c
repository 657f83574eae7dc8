/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bundle_check - what is believed of a file from somebody else: tables that
 * are ours to the letter (a view or a trigger in it could do anything), every
 * hash recomputed, and every value within what we could have written.
 */
#include "store/merge.h" /* what is defined here */

#include <stdio.h>
#include <string.h>

const char gh_bundle_sql[] =
	"CREATE TABLE head (store TEXT NOT NULL, made_s INTEGER NOT NULL, "
	"with_recordings INTEGER NOT NULL) STRICT;"
	"CREATE TABLE manifest (n INTEGER PRIMARY KEY, what TEXT NOT NULL, "
	"run INTEGER NOT NULL, sha256 TEXT NOT NULL, UNIQUE (what, run)) "
	"STRICT;"
	"PRAGMA application_id = 1734888546"; /* GH_BUNDLE_APPLICATION_ID */

static enum gh_status refuse(const char *path, struct gh_err *err,
			     const char *why)
{
	return gh_fail(err, GH_ARG, "%s: %s", gh_path_shown(path), why);
}

/* ---- Whose is it -----------------------------------------------------------*/

const char *gh_bundle_unread(const struct gh_store *st)
{
	switch (sqlite3_errcode(st->db) & 0xFF) {
	case SQLITE_CORRUPT:
		return "damaged or cut short";
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
		return "its disk refuses to read it";
	default:
		return "not a bundle of ghostlight";
	}
}

static enum gh_status check_identity(struct gh_store *st, const char *path,
				     struct gh_err *err)
{
	const int known = gh_migrations_count(gh_migrations);
	int64_t application = 0, version = 0;
	bool ours = true;
	enum gh_status s;

	s = gh_sql_number(st, "PRAGMA src.application_id", 0, &application,
			  err);
	if (s == GH_NOMEM)
		return s;
	if (s != GH_OK)
		return refuse(path, err, gh_bundle_unread(st));
	if (application != GH_BUNDLE_APPLICATION_ID)
		return refuse(path, err, "not a bundle of ghostlight");
	s = gh_sql_number(st, "PRAGMA src.user_version", 0, &version, err);
	if (s == GH_OK && version > known)
		return refuse(path, err, "written by a newer ghostlight");
	if (s == GH_OK && version < known)
		return refuse(path, err,
			      "written by an older ghostlight: import it there "
			      "and export it with this one");
	if (s == GH_OK)
		s = gh_schema_check(st, "src", gh_bundle_sql, &ours, err);
	if (s == GH_OK && !ours)
		return refuse(path, err,
			      "its tables are not those of a bundle");
	return s;
}

static enum gh_status check_pages(struct gh_store *st, const char *path,
				  struct gh_err *err)
{
	char said[96];
	const enum gh_status s = gh_pages_check(
		st, "PRAGMA src.integrity_check(1)", said, sizeof said, err);

	if (s == GH_NOMEM || (s == GH_OK && strcmp(said, "ok") == 0))
		return s;
	return refuse(path, err, "damaged or cut short");
}

/* ---- Is it what was written ------------------------------------------------*/

/* One line of the manifest against what is there now. */
static enum gh_status check_line(struct gh_store *st, sqlite3_stmt *stmt,
				 const char *path, struct gh_err *err)
{
	const int64_t run = sqlite3_column_int64(stmt, 1);
	char what[16], said[GH_SHA256_HEX_CAP], is[GH_SHA256_HEX_CAP];
	char why[80];
	enum gh_status s;

	gh_column_text(stmt, 0, what, sizeof what);
	gh_column_text(stmt, 2, said, sizeof said);
	s = strcmp(what, "people") == 0
		    ? gh_people_hash(st, "src", is, err)
		    : gh_run_hash(st, "src", run,
				  strcmp(what, "recording") == 0, is, err);
	if (s != GH_OK || strcmp(is, said) == 0)
		return s;
	snprintf(why, sizeof why, "changed since it was made (%s %lld)", what,
		 (long long)run);
	return refuse(path, err, why);
}

static enum gh_status check_lines(struct gh_store *st, const char *path,
				  struct gh_bundle_count *out,
				  struct gh_err *err)
{
	struct gh_sha256 h;
	sqlite3_stmt *stmt = NULL;
	bool row = true;
	enum gh_status s;

	gh_sha256_init(&h);
	s = gh_hash_rows(st,
			 "SELECT what, run, sha256 FROM src.manifest "
			 "ORDER BY n",
			 0, &h, err);
	if (s == GH_OK)
		s = gh_hash_rows(st,
				 "SELECT store, made_s, with_recordings "
				 "FROM src.head",
				 0, &h, err);
	gh_sha256_finish(&h, out->sha256);
	if (s == GH_OK)
		s = gh_sql_prepare(st,
				   "SELECT what, run, sha256 FROM src.manifest "
				   "ORDER BY n",
				   &stmt, err);
	while (s == GH_OK) {
		s = gh_sql_step(st, stmt, &row, err);
		if (s != GH_OK || !row)
			break;
		s = check_line(st, stmt, path, err);
	}
	sqlite3_finalize(stmt);
	return s;
}

/* Statements that must find nothing. */
static const struct {
	const char *sql, *why;
} rules[] = {
	{ "SELECT count(*) <> 1 FROM src.head", "its head is missing" },
	{ "SELECT count(*) FROM src.run WHERE run NOT IN (SELECT run FROM "
	  "src.manifest WHERE what = 'run')",
	  "a run is not in its manifest" },
	{ "SELECT count(*) FROM src.recording WHERE run NOT IN (SELECT run "
	  "FROM src.manifest WHERE what = 'recording')",
	  "a recording is not in its manifest" },
	{ "SELECT count(*) <> 1 FROM src.manifest WHERE what = 'people'",
	  "its remarks are not in its manifest" },
	{ "SELECT count(*) FROM src.manifest WHERE what NOT IN ('run', "
	  "'recording', 'people') OR (what <> 'people' AND run NOT IN "
	  "(SELECT run FROM src.run))",
	  "its manifest names what is not there" },
	{ "SELECT count(*) FROM src.run WHERE run NOT IN (SELECT run FROM "
	  "src.run_end) OR run NOT IN (SELECT run FROM src.origin)",
	  "a run is not whole" },
	{ "SELECT count(*) FROM src.origin WHERE length(store) <> 32 OR "
	  "number < 1 OR session < 1 OR sha256 <> (SELECT m.sha256 FROM "
	  "src.manifest m WHERE m.what = 'run' AND m.run = origin.run)",
	  "a run does not say where it comes from" },
	{ "SELECT count(*) FROM src.baseline WHERE baseline NOT IN (SELECT "
	  "baseline FROM src.baseline_seal JOIN src.baseline_origin USING "
	  "(baseline))",
	  "a baseline is not sealed" },
};

static enum gh_status check_rules(struct gh_store *st, const char *path,
				  struct gh_err *err)
{
	int64_t found = 0;
	enum gh_status s = GH_OK;

	for (size_t i = 0; s == GH_OK && i < GH_ARRAY_SIZE(rules); i++) {
		s = gh_sql_number(st, rules[i].sql, 0, &found, err);
		if (s == GH_OK && found != 0)
			return refuse(path, err, rules[i].why);
	}
	return s;
}

static enum gh_status read_head(struct gh_store *st,
				struct gh_bundle_count *out, struct gh_err *err)
{
	sqlite3_stmt *stmt;
	bool row = false;
	enum gh_status s;

	s = gh_sql_prepare(st,
			   "SELECT store, made_s, with_recordings FROM "
			   "src.head",
			   &stmt, err);
	if (s != GH_OK)
		return s;
	s = gh_sql_step(st, stmt, &row, err);
	if (s == GH_OK && row) {
		gh_column_text(stmt, 0, out->store, sizeof out->store);
		out->made_s = sqlite3_column_int64(stmt, 1);
		out->with_recordings = sqlite3_column_int(stmt, 2) != 0;
	}
	sqlite3_finalize(stmt);
	return s;
}

enum gh_status gh_bundle_check(struct gh_store *st, const char *path,
			       struct gh_bundle_count *out, struct gh_err *err)
{
	enum gh_status s = check_identity(st, path, err);

	if (s == GH_OK)
		s = check_pages(st, path, err);
	if (s == GH_OK)
		s = check_rules(st, path, err);
	if (s == GH_OK)
		s = check_lines(st, path, out, err);
	return s == GH_OK ? read_head(st, out, err) : s;
}
