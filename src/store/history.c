/* SPDX-License-Identifier: GPL-3.0-or-later */
/* history - runs that ended, looked up one by one or as a list. */
#include "store/private.h" /* struct gh_store */

#include <string.h>

/* The last run of ?1, or of any. */
#define LAST_OF(also)                                                          \
	"SELECT * FROM (SELECT run FROM ended_run WHERE (?1 IS NULL OR "       \
	"?1 = '' OR serial = ?1) AND " also " ORDER BY run DESC LIMIT 1)"

enum gh_status gh_store_last_run(struct gh_store *st, const char *serial,
				 int64_t *run, struct gh_err *err)
{
	sqlite3_stmt *stmt;
	bool row = false;
	enum gh_status s;

	s = gh_sql_prepare(
		st,
		LAST_OF("run NOT IN (SELECT run FROM origin)") " UNION ALL " LAST_OF(
			"1") " LIMIT 1",
		&stmt, err);
	if (s != GH_OK)
		return s;
	sqlite3_bind_text(stmt, 1, serial, -1, SQLITE_STATIC);
	s = gh_sql_step(st, stmt, &row, err);
	if (s == GH_OK && !row)
		s = gh_fail(err, GH_NODATA, "%s: no run yet",
			    gh_path_shown(st->path));
	if (s == GH_OK)
		*run = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return s;
}

enum gh_status gh_key_read(struct gh_store *st, int64_t run, struct gh_key *key,
			   struct gh_err *err)
{
	const struct gh_place to = { &gh_table_run_key, key->field,
				     sizeof key->field[0], GH_JUDGE_KEYS };
	size_t n = 0;
	enum gh_status s = gh_table_read(st, &run, 1, &to, NULL, &n, err);

	key->n = (unsigned)n;
	return s;
}

enum gh_status gh_store_get_run(struct gh_store *st, int64_t run,
				struct gh_run_info *out, struct gh_err *err)
{
	struct gh_run_info info;
	const struct gh_place to = { &gh_table_ended, &info, sizeof info, 1 };
	size_t n;
	enum gh_status s;

	memset(&info, 0, sizeof info);
	s = gh_table_read(st, &run, 1, &to, NULL, &n, err);
	if (s == GH_OK && n == 0)
		s = gh_fail(err, GH_NODATA, "%s: there is no run %lld",
			    gh_path_shown(st->path), (long long)run);
	if (s == GH_OK)
		s = gh_key_read(st, run, &info.key, err);
	if (s == GH_OK)
		*out = info;
	return s;
}

static enum gh_status prepare_history(struct gh_store *st, const char *part,
				      const char *metric, size_t cap,
				      sqlite3_stmt **out, struct gh_err *err)
{
	struct gh_sql_text q = { .used = 0 };
	enum gh_status s;

	gh_sql_add(&q, "SELECT ");
	gh_sql_add_columns(&q, &gh_table_ended);
	/* One value a run, out of the index measure_history alone. */
	gh_sql_add(&q, ", ifnull(v.verdict, 'NOT RUN'), ifnull(v.why, ''), "
		       "(SELECT m.v0 FROM measure m WHERE m.id = ?1 AND "
		       "m.part = ?2 AND m.run = e.run AND m.reason = 'NONE' "
		       "LIMIT 1) FROM ended_run e LEFT JOIN verdict v "
		       "USING (run) ORDER BY run DESC LIMIT ?3");
	s = gh_sql_prepare(st, q.text, out, err);
	if (s != GH_OK)
		return s;
	sqlite3_bind_text(*out, 1, metric, -1, SQLITE_STATIC);
	sqlite3_bind_text(*out, 2, part, -1, SQLITE_STATIC);
	sqlite3_bind_int64(*out, 3, (int64_t)cap);
	return GH_OK;
}

static enum gh_status read_line(struct gh_store *st, sqlite3_stmt *stmt,
				struct gh_history_row *out, struct gh_err *err)
{
	enum gh_status s;

	memset(out, 0, sizeof *out);
	s = gh_columns_read(st, stmt, 0, &gh_table_ended, NULL, &out->info,
			    err);
	if (s == GH_OK)
		s = gh_columns_read(st, stmt, gh_table_ended.n, &gh_table_said,
				    NULL, out, err);
	return s == GH_OK ? gh_key_read(st, out->info.run, &out->info.key, err)
			  : s;
}

enum gh_status gh_store_history(struct gh_store *st, const char *part,
				const char *metric, struct gh_history_row *out,
				size_t cap, size_t *n, struct gh_err *err)
{
	sqlite3_stmt *stmt = NULL;
	size_t used = 0;
	bool row = true;
	enum gh_status s;

	s = prepare_history(st, part, metric, cap, &stmt, err);
	while (s == GH_OK) {
		s = gh_sql_step(st, stmt, &row, err);
		if (s != GH_OK || !row)
			break;
		s = read_line(st, stmt, &out[used++], err);
	}
	sqlite3_finalize(stmt);
	if (s == GH_OK)
		*n = used;
	return s;
}
