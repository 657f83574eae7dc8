/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * series - out of the index measure_history alone come the values: it has all
 * but the third number of a colour. An imported run stands in its time,
 * whatever its number here.
 */
#include "store/private.h"   /* struct gh_store */
#include "store/series.h"    /* what is defined here */
#include "store/tables_of.h" /* TEXT, INT, ... */

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *verdict_name(unsigned v)
{
	return gh_verdict_name((enum gh_verdict)v);
}

static const struct gh_words verdicts = { verdict_name,
					  GH_VERDICT_NOT_RUN + 1 };

#define OF struct gh_series_row

static const struct gh_column series_columns[] = {
	I64("run", run),
	I64("started_s", started_s),
	UINT("session", session),
	UINT("version", version),
	REAL("v0", v[0]),
	REAL("v1", v[1]),
	REAL("v2", v[2]),
	TEXT("firmware", firmware),
	TEXT("rig_sha256", rig_sha256),
	TEXT("serial", serial),
	TEXT("baseline_name", baseline),
	BOOL("simulated", simulated),
	WORD("verdict", verdict, &verdicts),
};
static const struct gh_table series_table = {
	"measure", { NULL }, series_columns, (int)GH_ARRAY_SIZE(series_columns)
};

#define NEWEST_OF(also)                                                        \
	"SELECT * FROM (SELECT r.serial AS serial, r.simulated AS simulated "  \
	"FROM measure m JOIN run r USING (run) WHERE m.id = ?1 AND m.part = "  \
	"?2 AND m.reason = 'NONE' AND (?3 IS NULL OR r.serial = ?3) AND " also \
	" ORDER BY m.run DESC LIMIT 1)"

static const char series_sql[] =
	"WITH newest AS (" NEWEST_OF("r.run NOT IN (SELECT run FROM origin)") " UNION ALL " NEWEST_OF(
		"1") " LIMIT 1) "
		     "SELECT run, started_s, session, version, v0, v1, NULL, firmware, "
		     "rig_sha256, serial, ifnull(baseline_name, ''), simulated, "
		     "ifnull(verdict, 'NOT RUN') FROM ("
		     "SELECT m.run AS run, r.started_s, r.session, m.version, m.v0, m.v1, "
		     "r.firmware, r.rig_sha256, r.serial, r.simulated "
		     "FROM newest w CROSS JOIN measure m CROSS JOIN run r "
		     "WHERE m.id = ?1 AND m.part = ?2 AND m.reason = 'NONE' "
		     "AND r.run = m.run AND r.serial = w.serial AND "
		     "r.simulated = w.simulated AND r.started_s >= ?4 "
		     "AND r.port NOT GLOB '" GH_PORT_REPLAY "*' "
		     "ORDER BY r.started_s DESC, m.run DESC LIMIT ?5) LEFT JOIN verdict "
		     "USING (run) LEFT JOIN run_end USING (run) ORDER BY started_s, run";

enum gh_status gh_store_series(struct gh_store *st,
			       const struct gh_series_query *q,
			       struct gh_series_row *out, size_t cap, size_t *n,
			       struct gh_err *err)
{
	const struct gh_place to = { &series_table, out, sizeof *out, cap };
	sqlite3_stmt *stmt;
	enum gh_status s;

	*n = 0;
	s = gh_sql_prepare(st, series_sql, &stmt, err);
	if (s != GH_OK)
		return s;
	sqlite3_bind_text(stmt, 1, q->metric, -1, SQLITE_STATIC);
	sqlite3_bind_text(stmt, 2, q->part, -1, SQLITE_STATIC);
	sqlite3_bind_text(stmt, 3, q->serial, -1, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 4, q->since_s);
	sqlite3_bind_int64(stmt, 5, (int64_t)cap);
	return gh_rows_read(st, stmt, &to, NULL, n, err);
}

#undef OF
#define OF struct gh_worst

static const struct gh_column limit_columns[] = {
	TEXT("id", id),
	REAL("value", value),
	REAL("expected", expected),
	REAL("limit_lo", limit_lo),
	REAL("limit_hi", limit_hi),
};
static const struct gh_table limit_table = {
	"finding", { NULL }, limit_columns, (int)GH_ARRAY_SIZE(limit_columns)
};

enum gh_status gh_store_limits(struct gh_store *st, int64_t run,
			       const char *part, const char *metric,
			       struct gh_worst *out, struct gh_err *err)
{
	const struct gh_place to = { &limit_table, out, sizeof *out, 1 };
	sqlite3_stmt *stmt;
	size_t n;
	enum gh_status s;

	*out = (struct gh_worst){ "", NAN, NAN, NAN, NAN };
	s = gh_sql_prepare(st,
			   "SELECT id, value, expected, limit_lo, limit_hi "
			   "FROM finding WHERE run = ?1 AND part = ?2 AND id = "
			   "?3 LIMIT 1",
			   &stmt, err);
	if (s != GH_OK)
		return s;
	sqlite3_bind_int64(stmt, 1, run);
	sqlite3_bind_text(stmt, 2, part, -1, SQLITE_STATIC);
	sqlite3_bind_text(stmt, 3, metric, -1, SQLITE_STATIC);
	return gh_rows_read(st, stmt, &to, NULL, &n, err);
}

enum gh_status gh_store_parts(struct gh_store *st, int64_t run,
			      struct gh_judge_part *out, unsigned *n,
			      struct gh_err *err)
{
	const struct gh_place to = { &gh_table_part, out, sizeof *out,
				     GH_JUDGE_PARTS };
	size_t count = 0;
	enum gh_status s = gh_table_read(st, &run, 1, &to, NULL, &count, err);

	*n = (unsigned)count;
	return s;
}

enum gh_status gh_store_measures(struct gh_store *st, int64_t run,
				 gh_metric_find *find,
				 struct gh_measures_room *room,
				 struct gh_err *err)
{
	const struct gh_part_list list = { room->parts, room->n_parts };
	struct gh_measure_row *rows = calloc(room->cap, sizeof *rows);
	const struct gh_place to = { &gh_table_measure, rows, sizeof *rows,
				     room->cap };
	enum gh_status s;

	room->n = 0;
	if (!rows)
		return gh_fail(err, GH_NOMEM, "no memory for run %lld",
			       (long long)run);
	s = gh_table_read(st, &run, 1, &to, &list, &room->n, err);
	for (size_t i = 0; s == GH_OK && i < room->n; i++) {
		room->out[i] = rows[i].m;
		room->out[i].metric = find(room->out[i].id);
		if (room->versions)
			room->versions[i] = rows[i].version;
	}
	free(rows);
	return s;
}
