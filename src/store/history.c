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
#define ANY_RUN "9223372036854775807"
/*
 * placed: of the runs that are asked for, those of here from the run that
 * `least` gives to `most`, and all that were imported. Ten years are not ranked
 * for the last twenty nights: the latest time before `least` stands for all
 * that came before it, as run 0, and that only where some were imported.
 */
#define PLACED(asked, least, most)                                             \
	"WITH ours AS NOT MATERIALIZED (SELECT run, started_s, profile, "      \
	"only_part FROM ended_run x WHERE " asked "AND NOT " IS_FOREIGN        \
	"), least AS (SELECT " least " AS run), placed AS (SELECT * FROM ("    \
	"SELECT run, max(started_s) OVER (ORDER BY run) AS place FROM ("       \
	"SELECT 0 AS run, CASE WHEN EXISTS (SELECT 1 FROM origin) THEN ("      \
	"SELECT max(started_s) FROM ours WHERE run < (SELECT run FROM "        \
	"least)) END AS started_s UNION ALL SELECT run, started_s FROM ours "  \
	"WHERE run BETWEEN (SELECT run FROM least) AND " most ")) WHERE run "  \
	"> 0 UNION ALL SELECT run, started_s FROM ended_run x WHERE " asked    \
	"AND " IS_FOREIGN ") "

/* Of part p: what it was judged, and by which finding. */
#define WORST "ifnull(f.id, ''), f.value, f.expected, f.limit_lo, f.limit_hi "
#define JOIN_WORST                                                             \
	"LEFT JOIN part_result s ON s.run = p.run AND s.n = p.n "              \
	"LEFT JOIN finding f ON f.run = s.run AND f.n = s.worst "

#define OF_HISTORY                                                             \
	"(?1 IS NULL OR ?1 = '' OR serial = ?1) AND started_s >= ?2 AND "      \
	"(?3 IS NULL OR EXISTS (SELECT 1 FROM part p WHERE p.run = x.run AND " \
	"p.name = ?3)) "

static enum gh_status prepare_history(struct gh_store *st,
				      const struct gh_history_ask *ask,
				      size_t cap, sqlite3_stmt **out,
				      struct gh_err *err)
{
	struct gh_sql_text q = { .used = 0 };
	enum gh_status s;

	gh_sql_add(&q, PLACED(OF_HISTORY,
			      "(SELECT min(run) FROM (SELECT run FROM ours "
			      "ORDER BY run DESC LIMIT ?4))",
			      ANY_RUN));
	gh_sql_add(&q, "SELECT e.*, ifnull(v.verdict, 'NOT RUN'), "
		       "ifnull(v.why, ''), ifnull(s.state, 'NOT RUN'), " WORST
		       "FROM (SELECT ");
	gh_sql_add_columns(&q, &gh_table_ended);
	/* Which runs is found first: of the others nothing more is read. */
	gh_sql_add(&q, ", place FROM (SELECT run, place FROM placed " NEWEST
		       " LIMIT ?4) JOIN ended_run USING (run)) e LEFT JOIN "
		       "verdict v ON v.run = e.run LEFT JOIN part p ON p.run = "
		       "e.run AND p.name = ?3 " JOIN_WORST
		       "ORDER BY e.place DESC, e.run DESC");
	s = gh_sql_prepare(st, q.text, out, err);
	if (s != GH_OK)
		return s;
	sqlite3_bind_text(*out, 1, ask->serial, -1, SQLITE_STATIC);
	sqlite3_bind_int64(*out, 2, ask->since_s);
	sqlite3_bind_text(*out, 3, ask->part, -1, SQLITE_STATIC);
	sqlite3_bind_int64(*out, 4, (int64_t)cap);
	return GH_OK;
}

/* A run, its place, and what was said of it. */
static enum gh_status read_line(struct gh_store *st, sqlite3_stmt *stmt,
				struct gh_history_row *out, struct gh_err *err)
{
	enum gh_status s;

	memset(out, 0, sizeof *out);
	s = gh_columns_read(st, stmt, 0, &gh_table_ended, NULL, &out->info,
			    err);
	if (s == GH_OK)
		s = gh_columns_read(st, stmt, gh_table_ended.n + 1,
				    &gh_table_said, NULL, out, err);
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

/* ---- What led to a run ----------------------------------------------------*/

/*
 * Of the same sculpture, real or simulated like it. A replay measured a wire
 * log and says nothing of the sculpture.
 */
#define ALIKE                                                                  \
	"(serial, simulated) = (SELECT serial, simulated FROM run WHERE run "  \
	"= ?1) AND port NOT GLOB '" GH_PORT_REPLAY "*' "
/* Where an imported run stands among ours is only known once all are placed. */
#define LED_TO_RUN(least)                                                      \
	PLACED(ALIKE,                                                          \
	       "CASE WHEN ?1 IN (SELECT run FROM origin) THEN 0 ELSE " least   \
	       " END",                                                         \
	       "CASE WHEN ?1 IN (SELECT run FROM origin) THEN " ANY_RUN        \
	       " ELSE ?1 END")
#define OF_THE_RUN "(SELECT place, run FROM placed WHERE run = ?1) "

#define THE_LAST                                                               \
	LED_TO_RUN("(SELECT min(run) FROM (SELECT run FROM ours WHERE run "    \
		   "<= ?1 ORDER BY run DESC LIMIT ?2))")

static const char past_sql[] = THE_LAST
	"SELECT l.back, l.run, p.name, ifnull(s.state, 'NOT RUN'), " WORST
	"FROM (SELECT run, row_number() OVER (" NEWEST ") - 1 AS back FROM "
	"placed WHERE (place, run) <= " OF_THE_RUN NEWEST
	" LIMIT ?2) l JOIN part p ON p.run = l.run " JOIN_WORST
	"ORDER BY l.back, p.n";

enum gh_status gh_store_past(struct gh_store *st, int64_t run, unsigned runs,
			     struct gh_past_row *out, size_t cap, size_t *n,
			     struct gh_err *err)
{
	const struct gh_place to = { &gh_table_past, out, sizeof *out, cap };
	sqlite3_stmt *stmt;
	enum gh_status s;

	*n = 0;
	s = gh_sql_prepare(st, past_sql, &stmt, err);
	if (s != GH_OK)
		return s;
	sqlite3_bind_int64(stmt, 1, run);
	sqlite3_bind_int64(stmt, 2, (int64_t)runs);
	return gh_rows_read(st, stmt, &to, NULL, n, err);
}

#define SAME_PLAN                                                              \
	"(profile, only_part) = (SELECT profile, only_part FROM run WHERE "    \
	"run = ?1) "
#define THE_ONE_BEFORE                                                         \
	LED_TO_RUN(                                                            \
		"ifnull((SELECT run FROM ours WHERE run < ?1 AND " SAME_PLAN   \
		"ORDER BY run DESC LIMIT 1), ?1)")

static const char before_sql[] = THE_ONE_BEFORE
	"SELECT ifnull((SELECT run FROM placed JOIN run USING (run) WHERE "
	"(place, run) < " OF_THE_RUN "AND " SAME_PLAN NEWEST " LIMIT 1), 0)";

enum gh_status gh_store_before(struct gh_store *st, int64_t run, int64_t *out,
			       struct gh_err *err)
{
	const enum gh_status s = gh_sql_number(st, before_sql, run, out, err);

	if (s == GH_OK && *out == 0)
		return gh_fail(err, GH_NODATA,
			       "there is no run of this profile before run "
			       "%lld",
			       (long long)run);
	return s;
}
