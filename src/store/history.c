/* SPDX-License-Identifier: GPL-3.0-or-later */
/* history - runs that ended, looked up one by one or as a list. */
#include "store/private.h" /* struct gh_store */

#include <string.h>

/* Those of ?1, or of any, that ended; ?2: among those that were judged. */
#define SOME                                                                   \
	"FROM ended_run r LEFT JOIN origin o USING (run) WHERE (?1 IS NULL "   \
	"OR ?1 = '' OR serial = ?1) AND (NOT ?2 OR run IN (SELECT run FROM "   \
	"verdict)) "

/*
 * Measured here; else of ours and come in late (gh_store_rescue), which stands
 * where it would have stood; where there is none of both, any.
 */
static const char last_sql[] =
	"SELECT run FROM (SELECT * FROM (SELECT r.run AS run, r.run AS place, "
	"started_s " SOME "AND o.run IS NULL ORDER BY r.run DESC LIMIT 1) "
	"UNION ALL SELECT * FROM (SELECT r.run, o.number, started_s " SOME
	"AND o.store = (SELECT store FROM self) ORDER BY o.number DESC, "
	"started_s DESC LIMIT 1) UNION ALL SELECT * FROM (SELECT r.run, 0, 0 " SOME
	"ORDER BY r.run DESC LIMIT 1)) "
	"ORDER BY place DESC, started_s DESC, run DESC LIMIT 1";

enum gh_status gh_last(struct gh_store *st, const char *serial, bool judged,
		       int64_t *run, struct gh_err *err)
{
	sqlite3_stmt *stmt;
	bool row = false;
	enum gh_status s = gh_sql_prepare(st, last_sql, &stmt, err);

	if (s != GH_OK)
		return s;
	sqlite3_bind_text(stmt, 1, serial, -1, SQLITE_STATIC);
	sqlite3_bind_int(stmt, 2, judged);
	s = gh_sql_step(st, stmt, &row, err);
	if (s == GH_OK && !row)
		s = gh_fail(err, GH_NODATA, "%s: no run yet",
			    gh_path_shown(st->path));
	if (s == GH_OK)
		*run = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return s;
}

enum gh_status gh_store_last_run(struct gh_store *st, const char *serial,
				 int64_t *run, struct gh_err *err)
{
	return gh_last(st, serial, false, run, err);
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

/*
 * Runs of here stand in the order of their numbers, whatever the clock said:
 * one that was set back does not change what came first. An imported run
 * stands in its time, whatever its number.
 */
#define NEWEST "ORDER BY place DESC, run DESC"
#define IS_FOREIGN "run IN (SELECT run FROM origin)"
#define PLACE                                                     \
	"CASE WHEN " IS_FOREIGN " THEN started_s ELSE max(CASE "  \
	"WHEN NOT " IS_FOREIGN " THEN started_s END) OVER (ORDER " \
	"BY run) END AS place"

static enum gh_status prepare_history(struct gh_store *st,
				      const struct gh_history_ask *ask,
				      size_t cap, sqlite3_stmt **out,
				      struct gh_err *err)
{
	struct gh_sql_text q = { .used = 0 };
	enum gh_status s;

	gh_sql_add(&q, "SELECT ");
	gh_sql_add_columns(&q, &gh_table_ended);
	/* Which runs is found first: of the others nothing more is read. */
	gh_sql_add(&q, ", ifnull(v.verdict, 'NOT RUN'), ifnull(v.why, ''), "
		       "ifnull((SELECT s.state FROM part p JOIN part_result s "
		       "USING (run, n) WHERE p.run = e.run AND p.name = ?3), "
		       "'NOT RUN') FROM (SELECT run, " PLACE
		       " FROM ended_run x WHERE "
		       "(?1 IS NULL OR ?1 = '' OR serial = ?1) AND started_s "
		       ">= ?2 AND (?3 IS NULL OR EXISTS (SELECT 1 FROM part p "
		       "WHERE p.run = x.run AND p.name = ?3)) " NEWEST
		       " LIMIT ?4) JOIN ended_run e USING (run) LEFT JOIN "
		       "verdict v USING (run) " NEWEST);
	s = gh_sql_prepare(st, q.text, out, err);
	if (s != GH_OK)
		return s;
	sqlite3_bind_text(*out, 1, ask->serial, -1, SQLITE_STATIC);
	sqlite3_bind_int64(*out, 2, ask->since_s);
	sqlite3_bind_text(*out, 3, ask->part, -1, SQLITE_STATIC);
	sqlite3_bind_int64(*out, 4, (int64_t)cap);
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

enum gh_status gh_store_history(struct gh_store *st,
				const struct gh_history_ask *ask,
				struct gh_history_row *out, size_t cap,
				size_t *n, struct gh_err *err)
{
	sqlite3_stmt *stmt = NULL;
	size_t used = 0;
	bool row = true;
	enum gh_status s;

	s = prepare_history(st, ask, cap, &stmt, err);
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
