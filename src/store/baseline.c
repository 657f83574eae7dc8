/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * baseline - which runs a sculpture is compared with. A run enters only by a
 * person's word, and only if it can be compared with those before it.
 */
#include "store/private.h" /* struct gh_store */

#include <string.h>

/* What is compared between a new run and the first member. */
struct candidate {
	const char *name; /* of the baseline */
	int64_t run, baseline;
	struct gh_run_info *info, *first; /* first: only when has_first */
	bool has_first;
};

enum gh_status gh_baseline_find(struct gh_store *st, const char *name,
				int64_t *id, bool *sealed, struct gh_err *err)
{
	sqlite3_stmt *stmt;
	bool row = false;
	enum gh_status s;

	s = gh_sql_prepare(st,
			   "SELECT baseline, sealed FROM baseline_list "
			   "WHERE name = ?",
			   &stmt, err);
	if (s != GH_OK)
		return s;
	sqlite3_bind_text(stmt, 1, name, -1, SQLITE_STATIC);
	s = gh_sql_step(st, stmt, &row, err);
	if (s == GH_OK) {
		*id = row ? sqlite3_column_int64(stmt, 0) : 0;
		*sealed = row && sqlite3_column_int(stmt, 1) != 0;
	}
	sqlite3_finalize(stmt);
	return s;
}

/* ---- May this run enter? -----------------------------------------------*/

static enum gh_status refuse(struct gh_err *err, const struct candidate *c,
			     const char *why)
{
	return gh_fail(err, GH_ARG, "run %lld cannot enter baseline '%s': %s",
		       (long long)c->run, c->name, why);
}

static enum gh_status check_verdict(struct gh_store *st,
				    const struct candidate *c,
				    struct gh_err *err)
{
	int64_t said, held, cut = 0;
	enum gh_status s;

	s = gh_sql_number(st, "SELECT count(*) FROM verdict WHERE run = ?",
			  c->run, &said, err);
	/* A run whose time was up is complete, what it measured is not. */
	if (s == GH_OK)
		s = gh_sql_number(st,
				  "SELECT count(*) FROM fact WHERE run = ? AND "
				  "name = 'interrupted' AND value = '1'",
				  c->run, &cut, err);
	if (s == GH_OK)
		s = gh_sql_number(st,
				  "SELECT (SELECT count(*) FROM verdict WHERE "
				  "run = ?1 AND verdict = 'HOLD') + (SELECT "
				  "count(*) FROM part_result WHERE run = ?1 "
				  "AND state = 'HOLD')",
				  c->run, &held, err);
	if (s != GH_OK)
		return s;
	if (!said)
		return refuse(err, c, "it was never judged");
	if (cut)
		return refuse(err, c, "its time was up before its plan ended");
	return held ? refuse(err, c, "there is a HOLD in it") : GH_OK;
}

static enum gh_status check_member(struct gh_store *st,
				   const struct candidate *c,
				   struct gh_err *err)
{
	sqlite3_stmt *stmt;
	bool row = false;
	enum gh_status s;

	s = gh_sql_prepare(st,
			   "SELECT 1 FROM baseline_member "
			   "WHERE baseline = ? AND run = ?",
			   &stmt, err);
	if (s != GH_OK)
		return s;
	sqlite3_bind_int64(stmt, 1, c->baseline);
	sqlite3_bind_int64(stmt, 2, c->run);
	s = gh_sql_step(st, stmt, &row, err);
	sqlite3_finalize(stmt);
	if (s == GH_OK && row)
		return refuse(err, c, "it is in it already");
	return s;
}

static enum gh_status differs(struct gh_err *err, const struct candidate *c,
			      const char *field, const char *is,
			      const char *was)
{
	return gh_fail(err, GH_ARG,
		       "run %lld cannot enter baseline '%s': its %s is '%s', "
		       "run %lld has '%s'",
		       (long long)c->run, c->name, field, is,
		       (long long)c->first->run, was);
}

static enum gh_status compare_keys(const struct candidate *c,
				   struct gh_err *err)
{
	const struct gh_key *is = &c->info->key, *was = &c->first->key;

	for (unsigned i = 0; i < is->n && i < was->n; i++) {
		const char *name = is->field[i].name;

		if (strcmp(name, was->field[i].name) != 0)
			return differs(err, c, "validity key", name,
				       was->field[i].name);
		if (strcmp(is->field[i].value, was->field[i].value) != 0)
			return differs(err, c, name, is->field[i].value,
				       was->field[i].value);
	}
	if (is->n != was->n)
		return refuse(err, c, "its validity key has another length");
	return GH_OK;
}

static enum gh_status compare_rigs(const struct candidate *c,
				   struct gh_err *err)
{
	const struct gh_run_info *is = c->info, *was = c->first;
	const struct {
		const char *name, *is, *was;
	} fields[] = {
		{ "rig", is->rig, was->rig },
		{ "serial", is->serial, was->serial },
		{ "controller", is->simulated ? "simulated" : "real",
		  was->simulated ? "simulated" : "real" },
		{ "--only", is->only, was->only },
	};

	for (size_t i = 0; i < GH_ARRAY_SIZE(fields); i++) {
		if (strcmp(fields[i].is, fields[i].was) != 0)
			return differs(err, c, fields[i].name, fields[i].is,
				       fields[i].was);
	}
	return compare_keys(c, err);
}

/*
 * Its key is that of the real controller, so that it can be compared; as a
 * member it would count one measurement twice.
 */
static bool replays_real(const struct gh_run_info *info)
{
	return gh_store_is_replay(info) &&
	       (info->key.n == 0 ||
		strcmp(info->key.field[0].name, "controller") != 0);
}

/* The run itself: there, at its end, complete. */
static enum gh_status load_run(struct gh_store *st, const struct candidate *c,
			       struct gh_err *err)
{
	enum gh_status s = gh_store_get_run(st, c->run, c->info, err);

	if (s == GH_NODATA)
		return refuse(err, c, "there is no such run");
	if (s == GH_OK && c->info->end != GH_RUN_COMPLETE)
		return refuse(err, c, "it is not complete");
	if (s == GH_OK && replays_real(c->info))
		return refuse(err, c, "it is a replay of a real one");
	return s;
}

static enum gh_status load_first(struct gh_store *st, struct candidate *c,
				 struct gh_err *err)
{
	int64_t run = 0;
	enum gh_status s;

	s = gh_sql_number(st,
			  "SELECT run FROM baseline_member WHERE baseline = ? "
			  "ORDER BY n LIMIT 1",
			  c->baseline, &run, err);
	c->has_first = run != 0;
	if (s != GH_OK || !c->has_first)
		return s;
	return gh_store_get_run(st, run, c->first, err);
}

static enum gh_status check_candidate(struct gh_store *st, struct candidate *c,
				      struct gh_err *err)
{
	enum gh_status s = load_run(st, c, err);

	if (s == GH_OK)
		s = check_member(st, c, err);
	if (s == GH_OK)
		s = check_verdict(st, c, err);
	if (s == GH_OK)
		s = load_first(st, c, err);
	if (s != GH_OK || !c->has_first)
		return s;
	return compare_rigs(c, err);
}

/* ---- Adding ------------------------------------------------------------*/

static enum gh_status create_baseline(struct gh_store *st, struct candidate *c,
				      struct gh_err *err)
{
	sqlite3_stmt *stmt;
	bool row;
	enum gh_status s;

	s = gh_sql_prepare(st,
			   "INSERT INTO baseline (name, serial) VALUES (?, ?)",
			   &stmt, err);
	if (s != GH_OK)
		return s;
	sqlite3_bind_text(stmt, 1, c->name, -1, SQLITE_STATIC);
	sqlite3_bind_text(stmt, 2, c->info->serial, -1, SQLITE_STATIC);
	s = gh_sql_step(st, stmt, &row, err);
	sqlite3_finalize(stmt);
	c->baseline = sqlite3_last_insert_rowid(st->db);
	return s;
}

static enum gh_status insert_member(struct gh_store *st,
				    const struct candidate *c,
				    struct gh_err *err)
{
	sqlite3_stmt *stmt;
	bool row;
	enum gh_status s;

	s = gh_sql_prepare(st,
			   "INSERT INTO baseline_member (baseline, n, run) "
			   "SELECT ?1, count(*), ?2 FROM baseline_member "
			   "WHERE baseline = ?1",
			   &stmt, err);
	if (s != GH_OK)
		return s;
	sqlite3_bind_int64(stmt, 1, c->baseline);
	sqlite3_bind_int64(stmt, 2, c->run);
	s = gh_sql_step(st, stmt, &row, err);
	sqlite3_finalize(stmt);
	return s;
}

static enum gh_status add_member(struct gh_store *st, struct candidate *c,
				 struct gh_err *err)
{
	bool sealed = false;
	enum gh_status s;

	s = gh_baseline_find(st, c->name, &c->baseline, &sealed, err);
	if (s == GH_OK && sealed)
		return refuse(err, c, "it is sealed and never changes");
	if (s == GH_OK)
		s = check_candidate(st, c, err);
	if (s == GH_OK && c->baseline == 0)
		s = create_baseline(st, c, err);
	return s == GH_OK ? insert_member(st, c, err) : s;
}

/* Names are shown on screens and in file names of reports. */
static bool is_baseline_name(const char *name)
{
	const size_t n = strlen(name);

	for (size_t i = 0; i < n; i++) {
		if (name[i] < 0x20 || name[i] > 0x7E)
			return false;
	}
	return n > 0 && n < sizeof((struct gh_baseline *)0)->name;
}

enum gh_status gh_store_baseline_add(struct gh_store *st, const char *name,
				     int64_t run, struct gh_err *err)
{
	struct gh_run_info info, first;
	struct candidate c = {
		.name = name, .run = run, .info = &info, .first = &first
	};
	enum gh_status s;

	if (!is_baseline_name(name))
		return gh_fail(err, GH_ARG,
			       "a baseline's name has 1 to 63 plain "
			       "characters");
	s = gh_sql_begin(st, err);
	if (s != GH_OK)
		return s;
	return gh_sql_end(st, add_member(st, &c, err), err);
}
