/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sql - the calls that talk to SQLite, and its errors in words. */
#include "store/private.h" /* struct gh_store */

#include <string.h>

#define PATH_SHOWN 110 /* half of gh_err's message */

static const struct {
	int rc;
	const char *text;
} complaints[] = {
	{ SQLITE_NOTADB, "not a database" },
	{ SQLITE_BUSY, "locked by another program" },
	{ SQLITE_LOCKED, "locked by another program" },
	{ SQLITE_FULL, "no room left on its disk" },
	/* SQLite does not say which: a quota and a dying disk look alike. */
	{ SQLITE_IOERR, "its disk refuses to read or write" },
	{ SQLITE_CORRUPT, "damaged: restore it from a copy" },
	{ SQLITE_READONLY, "read-only" },
	{ SQLITE_PERM, "read-only" },
	{ SQLITE_CANTOPEN, "it or the files beside it cannot be opened" },
};

const char *gh_path_shown(const char *path)
{
	const size_t n = strlen(path);

	return n > PATH_SHOWN ? path + n - PATH_SHOWN : path;
}

enum gh_status gh_sql_fail(const struct gh_store *st, struct gh_err *err)
{
	const char *path = gh_path_shown(st->path);
	const int all = sqlite3_extended_errcode(st->db);
	/* What a full disk first refuses is the log's index. */
	const int rc = all == SQLITE_IOERR_SHMSIZE ? SQLITE_FULL : all & 0xFF;

	if (rc == SQLITE_NOMEM)
		return gh_fail(err, GH_NOMEM, "%s: out of memory", path);
	for (size_t i = 0; i < GH_ARRAY_SIZE(complaints); i++) {
		if (complaints[i].rc == rc)
			return gh_fail(err, GH_STORE, "%s: %s", path,
				       complaints[i].text);
	}
	return gh_fail(err, GH_STORE, "%s: %s", path, sqlite3_errmsg(st->db));
}

enum gh_status gh_sql_damaged(const struct gh_store *st, const char *table,
			      struct gh_err *err)
{
	/* A column that could not be copied looks the same. */
	if (sqlite3_errcode(st->db) == SQLITE_NOMEM)
		return gh_sql_fail(st, err);
	return gh_fail(err, GH_STORE, "%s: damaged: unreadable row in '%s'",
		       gh_path_shown(st->path), table);
}

enum gh_status gh_sql_exec(struct gh_store *st, const char *sql,
			   struct gh_err *err)
{
	if (sqlite3_exec(st->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return gh_sql_fail(st, err);
	return GH_OK;
}

enum gh_status gh_sql_prepare(struct gh_store *st, const char *sql,
			      sqlite3_stmt **out, struct gh_err *err)
{
	if (sqlite3_prepare_v2(st->db, sql, -1, out, NULL) != SQLITE_OK)
		return gh_sql_fail(st, err);
	return GH_OK;
}

enum gh_status gh_sql_step(struct gh_store *st, sqlite3_stmt *stmt, bool *row,
			   struct gh_err *err)
{
	const int rc = sqlite3_step(stmt);

	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		return gh_sql_fail(st, err);
	*row = rc == SQLITE_ROW;
	return GH_OK;
}

enum gh_status gh_sql_number(struct gh_store *st, const char *sql, int64_t arg,
			     int64_t *out, struct gh_err *err)
{
	sqlite3_stmt *stmt;
	bool row = false;
	enum gh_status s = gh_sql_prepare(st, sql, &stmt, err);

	if (s != GH_OK)
		return s;
	if (sqlite3_bind_parameter_count(stmt) > 0)
		sqlite3_bind_int64(stmt, 1, arg);
	s = gh_sql_step(st, stmt, &row, err);
	if (s == GH_OK)
		*out = row ? sqlite3_column_int64(stmt, 0) : 0;
	sqlite3_finalize(stmt);
	return s;
}

enum gh_status gh_sql_begin(struct gh_store *st, struct gh_err *err)
{
	/* Takes the write lock now: a later step cannot find it taken. */
	return gh_sql_exec(st, "BEGIN IMMEDIATE", err);
}

enum gh_status gh_sql_end(struct gh_store *st, enum gh_status so_far,
			  struct gh_err *err)
{
	enum gh_status s = so_far;

	if (s == GH_OK)
		s = gh_sql_exec(st, "COMMIT", err);
	/* SQLite has rolled back by itself after some errors. */
	if (s != GH_OK && !sqlite3_get_autocommit(st->db))
		sqlite3_exec(st->db, "ROLLBACK", NULL, NULL, NULL);
	return s;
}

enum gh_status gh_store_name(struct gh_store *st, char out[33],
			     struct gh_err *err)
{
	sqlite3_stmt *stmt;
	bool row = false;
	enum gh_status s =
		gh_sql_prepare(st, "SELECT store FROM main.self", &stmt, err);

	out[0] = '\0';
	if (s != GH_OK)
		return s;
	s = gh_sql_step(st, stmt, &row, err);
	if (s == GH_OK && row)
		gh_column_text(stmt, 0, out, 33);
	sqlite3_finalize(stmt);
	if (s == GH_OK && strlen(out) != 32)
		return gh_sql_damaged(st, "self", err);
	return s;
}
