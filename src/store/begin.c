/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * begin - a run's first row, committed before anything moves. It also closes
 * the books on runs whose program died, and says which session this run is of.
 */
#include "store/private.h" /* struct gh_store */

#include <string.h>

/* Nearer than this, two power-ups share temperature and seating. */
#define SESSION_GAP_S 1800 /* measurement.md section 6 */

/* What the session rule looks at in the last run of the same sculpture. */
struct last_run {
	int64_t session, started_s;
	int64_t most; /* the highest session of this sculpture */
	char boot[24], port[128];
	bool marked; /* carried or repaired since: the operator's mark */
};

static enum gh_status end_open_run(struct gh_store *st, int64_t run,
				   struct gh_err *err)
{
	int64_t none;
	enum gh_status s;

	s = gh_sql_number(st,
			  "INSERT INTO run_end (run, state, error) VALUES "
			  "(?, 'interrupted', "
			  "'the program ended before the run did')",
			  run, &none, err);
	return s == GH_OK ? gh_chain_add(st, GH_CHAIN_RUN, run, err) : s;
}

/* Only called with the lock held: nobody is in one of these runs. */
static enum gh_status end_open_runs(struct gh_store *st, struct gh_err *err)
{
	int64_t run = 0;
	enum gh_status s;

	for (;;) {
		s = gh_sql_number(st,
				  "SELECT min(run) FROM run WHERE run NOT IN "
				  "(SELECT run FROM run_end)",
				  0, &run, err);
		if (s != GH_OK || run == 0)
			return s;
		s = end_open_run(st, run, err);
		if (s != GH_OK)
			return s;
	}
}

bool gh_store_is_replay(const struct gh_run_info *info)
{
	return strncmp(info->port, GH_PORT_REPLAY, sizeof GH_PORT_REPLAY - 1) ==
	       0;
}

static void read_last(sqlite3_stmt *stmt, struct last_run *last)
{
	last->session = sqlite3_column_int64(stmt, 0);
	last->started_s = sqlite3_column_int64(stmt, 1);
	gh_column_text(stmt, 2, last->boot, sizeof last->boot);
	gh_column_text(stmt, 3, last->port, sizeof last->port);
	last->marked = sqlite3_column_int(stmt, 4) != 0;
}

static enum gh_status find_most(struct gh_store *st, const char *serial,
				int64_t *most, struct gh_err *err)
{
	sqlite3_stmt *stmt;
	bool row = false;
	enum gh_status s =
		gh_sql_prepare(st,
			       "SELECT max(session) FROM run WHERE serial = ?",
			       &stmt, err);

	if (s != GH_OK)
		return s;
	sqlite3_bind_text(stmt, 1, serial, -1, SQLITE_STATIC);
	s = gh_sql_step(st, stmt, &row, err);
	if (s == GH_OK && row)
		*most = sqlite3_column_int64(stmt, 0); /* of none: NULL, 0 */
	sqlite3_finalize(stmt);
	return s;
}

/*
 * Replays count among themselves: between two checks of one power-up they
 * would make two sessions of it. A run of ours that came in late stands where
 * it would have stood.
 */
static enum gh_status find_last(struct gh_store *st,
				const struct gh_run_info *info,
				struct last_run *last, struct gh_err *err)
{
	sqlite3_stmt *stmt;
	bool row = false;
	enum gh_status s;

	memset(last, 0, sizeof *last);
	s = gh_sql_prepare(st,
			   "SELECT session, started_s, boot, port, "
			   "EXISTS (SELECT 1 FROM remark m WHERE m.serial = ?1 "
			   "AND m.kind IN ('transport', 'repair') AND "
			   "(m.after_run >= r.run OR (r.late AND m.at_s >= "
			   "r.started_s))) FROM (SELECT run.*, o.run IS NOT "
			   "NULL AS late FROM run LEFT JOIN origin o USING "
			   "(run) WHERE serial = ?1 AND (port GLOB "
			   "'" GH_PORT_REPLAY "*') = ?2 AND (o.run IS NULL OR "
			   "o.store = (SELECT store FROM self)) ORDER BY "
			   "ifnull(o.number, run.run) DESC, started_s DESC "
			   "LIMIT 1) r",
			   &stmt, err);
	if (s != GH_OK)
		return s;
	sqlite3_bind_text(stmt, 1, info->serial, -1, SQLITE_STATIC);
	sqlite3_bind_int(stmt, 2, gh_store_is_replay(info));
	s = gh_sql_step(st, stmt, &row, err);
	if (s == GH_OK && row)
		read_last(stmt, last);
	sqlite3_finalize(stmt);
	return s == GH_OK ? find_most(st, info->serial, &last->most, err) : s;
}

/* A clock that was set back says nothing about time passed: the same. */
static bool is_new_session(const struct last_run *last,
			   const struct gh_run_info *info)
{
	const bool later = info->started_s - last->started_s >= SESSION_GAP_S;

	if (last->session == 0 || (last->marked && !info->simulated))
		return true;
	/* A controller without a boot id: time and place stand in for it. */
	if (!info->boot[0] || !last->boot[0])
		return later || strcmp(info->port, last->port) != 0;
	if (strcmp(info->boot, last->boot) == 0)
		return false;
	return info->simulated || later;
}

enum gh_status gh_run_insert(struct gh_store *st,
			     const struct gh_run_info *info, struct gh_err *err)
{
	struct gh_writer w;
	enum gh_status s = gh_writer_open(&w, st, &gh_table_run, NULL, err);

	if (s == GH_OK)
		s = gh_writer_put(&w, NULL, info, err);
	gh_writer_close(&w);
	return s;
}

static enum gh_status find_session(struct gh_store *st,
				   const struct gh_run_info *info,
				   unsigned *session, struct gh_err *err)
{
	struct last_run last;
	const enum gh_status s = find_last(st, info, &last, err);

	if (s == GH_OK)
		*session =
			(unsigned)(is_new_session(&last, info) ? last.most + 1
							       : last.session);
	return s;
}

/* Inside the transaction; *begun is the row as it will be. */
static enum gh_status add_run(struct gh_store *st, struct gh_run_info *begun,
			      struct gh_err *err)
{
	enum gh_status s = end_open_runs(st, err);

	if (s == GH_OK)
		s = find_session(st, begun, &begun->session, err);
	if (s == GH_OK)
		s = gh_run_insert(st, begun, err);
	if (s != GH_OK)
		return s;
	begun->run = sqlite3_last_insert_rowid(st->db);
	return s;
}

enum gh_status gh_store_begin_run(struct gh_store *st, struct gh_run_info *info,
				  struct gh_err *err)
{
	struct gh_run_info begun = *info;
	enum gh_status s = gh_store_lock(st, err);

	if (s != GH_OK)
		return s;
	s = gh_sql_begin(st, err);
	if (s == GH_OK)
		s = gh_sql_end(st, add_run(st, &begun, err), err);
	if (s != GH_OK) {
		gh_store_unlock(st);
		return s;
	}
	info->run = begun.run;
	info->session = begun.session;
	return GH_OK;
}

enum gh_status gh_store_place(struct gh_store *st,
			      const struct gh_run_info *info,
			      struct gh_run_place *out, struct gh_err *err)
{
	struct gh_run_place place = { .number = 0 };
	enum gh_status s = gh_store_name(st, place.store, err);

	if (s == GH_OK)
		s = gh_sql_number(st, "SELECT ifnull(max(run), 0) + 1 FROM run",
				  0, &place.number, err);
	if (s == GH_OK)
		s = find_session(st, info, &place.session, err);
	if (s == GH_OK)
		*out = place;
	return s;
}
