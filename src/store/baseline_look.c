/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * baseline_look - which baselines there are, and what is in one.
 */
#include "store/private.h" /* struct gh_store */

static enum gh_status prepare_infos(struct gh_store *st, const char *which,
				    sqlite3_stmt **stmt, struct gh_err *err)
{
	struct gh_sql_text q = { .used = 0 };

	gh_sql_add(&q, "SELECT ");
	gh_sql_add_columns(&q, &gh_table_baseline_info);
	gh_sql_add(&q, " FROM baseline_list WHERE ");
	gh_sql_add(&q, which);
	return gh_sql_prepare(st, q.text, stmt, err);
}

enum gh_status gh_store_baseline_list(struct gh_store *st,
				      struct gh_baseline_info *out, size_t cap,
				      size_t *n, struct gh_err *err)
{
	const struct gh_place to = { &gh_table_baseline_info, out, sizeof *out,
				     cap };
	sqlite3_stmt *stmt;
	const enum gh_status s = prepare_infos(
		st,
		"baseline IN (SELECT baseline FROM baseline_list "
		"ORDER BY baseline DESC LIMIT ?) ORDER BY baseline",
		&stmt, err);

	*n = 0;
	if (s != GH_OK)
		return s;
	sqlite3_bind_int64(stmt, 1, (int64_t)cap);
	return gh_rows_read(st, stmt, &to, NULL, n, err);
}

enum gh_status gh_store_baseline_find(struct gh_store *st, const char *name,
				      const char *serial,
				      struct gh_baseline_info *out,
				      struct gh_err *err)
{
	const struct gh_place to = { &gh_table_baseline_info, out, sizeof *out,
				     1 };
	sqlite3_stmt *stmt;
	size_t n;
	enum gh_status s = prepare_infos(
		st,
		"CASE WHEN ?1 IS NULL THEN sealed AND serial = ?2 "
		"ELSE name = ?1 END ORDER BY baseline IN (SELECT "
		"baseline FROM baseline_origin), sealed_s DESC, "
		"baseline DESC LIMIT 1",
		&stmt, err);

	if (s != GH_OK)
		return s;
	sqlite3_bind_text(stmt, 1, name, -1, SQLITE_STATIC);
	sqlite3_bind_text(stmt, 2, serial, -1, SQLITE_STATIC);
	s = gh_rows_read(st, stmt, &to, NULL, &n, err);
	if (s != GH_OK || n > 0)
		return s;
	if (name)
		return gh_fail(err, GH_NODATA, "there is no baseline '%.63s'",
			       name);
	return gh_fail(err, GH_NODATA, "no sealed baseline of '%.63s'",
		       serial ? serial : "");
}

enum gh_status gh_store_baseline_runs(struct gh_store *st, const char *name,
				      int64_t *out, size_t cap, size_t *n,
				      struct gh_err *err)
{
	sqlite3_stmt *stmt = NULL;
	size_t used = 0;
	int64_t id = 0;
	bool row = true, sealed;
	enum gh_status s = gh_baseline_find(st, name, &id, &sealed, err);

	if (s == GH_OK && id == 0)
		return gh_fail(err, GH_NODATA, "there is no baseline '%.63s'",
			       name);
	if (s == GH_OK)
		s = gh_sql_prepare(st,
				   "SELECT run FROM baseline_member WHERE "
				   "baseline = ? ORDER BY n LIMIT ?",
				   &stmt, err);
	if (s == GH_OK) {
		sqlite3_bind_int64(stmt, 1, id);
		sqlite3_bind_int64(stmt, 2, (int64_t)cap);
	}
	while (s == GH_OK) {
		s = gh_sql_step(st, stmt, &row, err);
		if (s != GH_OK || !row)
			break;
		out[used++] = sqlite3_column_int64(stmt, 0);
	}
	sqlite3_finalize(stmt);
	if (s == GH_OK)
		*n = used;
	return s;
}
