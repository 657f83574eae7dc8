/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * merge - from the attached database "src" into ours. The temporary table pick
 * says which run of there is which run here. Rows of a run come before its
 * end, as they always do: after it nothing can be added.
 */
#include "store/merge.h" /* what is defined here */

#include <string.h>

/* ---- Which runs ------------------------------------------------------------*/

/*
 * Every run that is asked for and those of sealed baselines, with where it
 * comes from: as it says itself, else from the database it lies in.
 */
static const char pick_sql[] =
	"INSERT INTO temp.pick (old, store, number, session, sha256) "
	"SELECT r.run, ifnull(o.store, (SELECT store FROM src.self)), "
	"ifnull(o.number, r.run), ifnull(o.session, r.session), o.sha256 "
	"FROM src.run r JOIN src.run_end USING (run) "
	"LEFT JOIN src.origin o USING (run) "
	"WHERE (?2 IS NULL OR r.serial = ?2) AND (r.started_s >= ?1 OR r.run "
	"IN (SELECT m.run FROM src.baseline_member m JOIN src.baseline_seal "
	"USING (baseline))) ORDER BY r.run";

static enum gh_status fill_pick(struct gh_store *st,
				const struct gh_bundle_ask *ask,
				struct gh_err *err)
{
	sqlite3_stmt *stmt;
	bool row;
	enum gh_status s;

	s = gh_sql_exec(st,
			"CREATE TEMP TABLE pick (old INTEGER PRIMARY KEY, "
			"store TEXT, number INTEGER, session INTEGER, "
			"sha256 TEXT, new INTEGER, is_new INTEGER DEFAULT 0)",
			err);
	if (s == GH_OK)
		s = gh_sql_prepare(st, pick_sql, &stmt, err);
	if (s != GH_OK)
		return s;
	sqlite3_bind_int64(stmt, 1, ask->since_s);
	sqlite3_bind_text(stmt, 2, ask->serial, -1, SQLITE_STATIC);
	s = gh_sql_step(st, stmt, &row, err);
	sqlite3_finalize(stmt);
	return s;
}

/* A hash in pick for the run of that number, in the given column's row. */
static enum gh_status set_hash(struct gh_store *st, int64_t old,
			       const char *sha256, struct gh_err *err)
{
	sqlite3_stmt *stmt;
	bool row;
	enum gh_status s;

	s = gh_sql_prepare(st,
			   "UPDATE temp.pick SET sha256 = ?2 "
			   "WHERE old = ?1",
			   &stmt, err);
	if (s != GH_OK)
		return s;
	sqlite3_bind_int64(stmt, 1, old);
	sqlite3_bind_text(stmt, 2, sha256, -1, SQLITE_STATIC);
	s = gh_sql_step(st, stmt, &row, err);
	sqlite3_finalize(stmt);
	return s;
}

/* Runs that were measured there have no hash yet. */
static enum gh_status hash_picked(struct gh_store *st, struct gh_err *err)
{
	char sha256[GH_SHA256_HEX_CAP];
	int64_t old = 0;
	enum gh_status s;

	do {
		s = gh_sql_number(st,
				  "SELECT ifnull(min(old), 0) FROM temp.pick "
				  "WHERE old > ?1 AND sha256 IS NULL",
				  old, &old, err);
		if (s != GH_OK || old == 0)
			return s;
		s = gh_run_hash(st, "src", old, false, sha256, err);
		if (s == GH_OK)
			s = set_hash(st, old, sha256, err);
	} while (s == GH_OK);
	return s;
}

/*
 * Is a run that says it was measured here really here? A copy of this file may
 * have gone on with numbers of its own: only the same content is the same run.
 */
static enum gh_status find_own(struct gh_store *st, struct gh_err *err)
{
	char now[GH_SHA256_HEX_CAP];
	sqlite3_stmt *stmt;
	bool row = true;
	enum gh_status s;

	s = gh_sql_prepare(st,
			   "SELECT p.number, p.sha256, p.old FROM temp.pick p "
			   "JOIN main.self m ON m.store = p.store JOIN "
			   "main.run_end e ON e.run = p.number",
			   &stmt, err);
	while (s == GH_OK) {
		s = gh_sql_step(st, stmt, &row, err);
		if (s != GH_OK || !row)
			break;
		s = gh_run_hash(st, "main", sqlite3_column_int64(stmt, 0),
				false, now, err);
		if (s == GH_OK &&
		    strcmp(now, (const char *)sqlite3_column_text(stmt, 1)) ==
			    0)
			s = gh_sql_number(st,
					  "UPDATE temp.pick SET new = number "
					  "WHERE old = ?",
					  sqlite3_column_int64(stmt, 2),
					  &(int64_t){ 0 }, err);
	}
	sqlite3_finalize(stmt);
	return s;
}

static enum gh_status find_known(struct gh_store *st, struct gh_err *err)
{
	enum gh_status s = find_own(st, err);

	if (s == GH_OK)
		s = gh_sql_exec(st,
				"UPDATE temp.pick SET new = (SELECT o.run "
				"FROM main.origin o WHERE o.store = pick.store "
				"AND o.number = pick.number AND o.sha256 = "
				"pick.sha256) WHERE new IS NULL",
				err);
	/* Their numbers follow ours, in their order. */
	if (s == GH_OK)
		s = gh_sql_exec(st,
				"UPDATE temp.pick SET is_new = 1, new = x.n + "
				"(SELECT ifnull(max(run), 0) FROM main.run) "
				"FROM (SELECT old AS o, row_number() OVER "
				"(ORDER BY old) AS n FROM temp.pick WHERE new "
				"IS NULL) x WHERE old = x.o",
				err);
	return s;
}

static enum gh_status count(struct gh_store *st, struct gh_bundle_count *out,
			    struct gh_err *err)
{
	int64_t fresh = 0, known = 0;
	enum gh_status s;

	s = gh_sql_number(st, "SELECT count(*) FROM temp.pick WHERE is_new", 0,
			  &fresh, err);
	if (s == GH_OK)
		s = gh_sql_number(st,
				  "SELECT count(*) FROM temp.pick WHERE NOT "
				  "is_new",
				  0, &known, err);
	out->runs = (unsigned)fresh;
	out->known = (unsigned)known;
	return s;
}

enum gh_status gh_merge_pick(struct gh_store *st,
			     const struct gh_bundle_ask *ask,
			     struct gh_bundle_count *out, struct gh_err *err)
{
	enum gh_status s = fill_pick(st, ask, err);

	if (s == GH_OK)
		s = hash_picked(st, err);
	if (s == GH_OK)
		s = find_known(st, err);
	return s == GH_OK ? count(st, out, err) : s;
}

/* ---- Copying ---------------------------------------------------------------*/

/*
 * A session of there is one session here: that of a run of it which came
 * before, else the next free ones of its sculpture, in their order. A run of
 * ours that comes in late has its own, unless another power-up took it.
 */
static const char run_sql[] =
	"WITH s AS (SELECT p.store AS store, p.session AS session, r.serial "
	"AS serial, max(r.boot) AS boot FROM temp.pick p JOIN src.run r ON "
	"r.run = p.old WHERE p.is_new GROUP BY 1, 2, 3), known AS (SELECT s.*, "
	"CASE WHEN s.store = (SELECT store FROM main.self) AND NOT EXISTS "
	"(SELECT 1 FROM main.run x WHERE x.serial = s.serial AND x.session = "
	"s.session AND x.boot <> s.boot) THEN s.session ELSE "
	"(SELECT max(x.session) FROM "
	"main.origin o JOIN main.run x USING (run) WHERE o.store = s.store AND "
	"o.session = s.session AND x.serial = s.serial) END AS here FROM s), "
	"mapped AS (SELECT k.store, k.session, k.serial, ifnull(k.here, "
	"(SELECT ifnull(max(session), 0) FROM main.run x WHERE x.serial = "
	"k.serial) + dense_rank() OVER (PARTITION BY k.serial, k.here IS NULL "
	"ORDER BY k.store, k.session)) AS here FROM known k) "
	"INSERT INTO main.run (run, session, rig, serial, rig_sha256, profile, "
	"only_part, version, port, started_s, deadline_s, driver, model, "
	"firmware, device, boot, simulated, time_scale, motion_allowed) "
	"SELECT p.new, m.here, r.rig, r.serial, r.rig_sha256, r.profile, "
	"r.only_part, r.version, r.port, r.started_s, r.deadline_s, r.driver, "
	"r.model, r.firmware, r.device, r.boot, r.simulated, r.time_scale, "
	"r.motion_allowed FROM temp.pick p JOIN src.run r ON r.run = p.old "
	"JOIN mapped m ON m.store = p.store AND m.session = p.session AND "
	"m.serial = r.serial WHERE p.is_new ORDER BY p.new";

static const char raw_sql[] =
	"INSERT INTO main.stage (sha256, text) SELECT sha256, text FROM "
	"src.stage WHERE sha256 IN (SELECT stage FROM src.recording JOIN "
	"temp.pick ON old = run WHERE is_new) AND sha256 NOT IN "
	"(SELECT sha256 FROM main.stage);"
	"INSERT INTO main.recording (run, stage) SELECT p.new, r.stage FROM "
	"temp.pick p JOIN src.recording r ON r.run = p.old WHERE p.is_new";

/* Remarks about runs that stay behind stay behind as well. */
static const char people_sql[] =
	"CREATE TEMP TABLE said AS SELECT r.remark AS remark, r.uid AS uid "
	"FROM src.remark r WHERE (r.run IS NULL OR r.run IN (SELECT old FROM "
	"temp.pick)) AND r.uid NOT IN (SELECT uid FROM main.remark) AND "
	"(r.serial = '' OR r.serial IN (SELECT x.serial FROM src.run x JOIN "
	"temp.pick ON old = x.run));"
	"INSERT INTO main.remark (uid, kind, at_s, after_run, serial, run, "
	"part, by, text) SELECT r.uid, r.kind, r.at_s, ifnull((SELECT "
	"max(new) FROM temp.pick WHERE old <= r.after_run), 0), r.serial, "
	"(SELECT new FROM temp.pick WHERE old = r.run), r.part, r.by, r.text "
	"FROM src.remark r JOIN temp.said USING (remark) ORDER BY r.remark;"
	"INSERT INTO main.content (sha256, bytes) SELECT sha256, bytes FROM "
	"src.content WHERE sha256 IN (SELECT a.sha256 FROM src.attachment a "
	"JOIN temp.said USING (remark)) AND sha256 NOT IN (SELECT sha256 FROM "
	"main.content);"
	"INSERT INTO main.attachment (remark, name, media, sha256) SELECT "
	"m.remark, a.name, a.media, a.sha256 FROM src.attachment a JOIN "
	"temp.said s USING (remark) JOIN main.remark m ON m.uid = s.uid;"
	"INSERT INTO main.accept (remark, id, fault, value, until_s) SELECT "
	"m.remark, k.id, k.fault, k.value, k.until_s FROM src.accept k JOIN "
	"temp.said s USING (remark) JOIN main.remark m ON m.uid = s.uid "
	"ORDER BY k.accept;"
	"INSERT INTO main.accept_seen (run, n, accept, fate) SELECT p.new, "
	"e.n, l.accept, e.fate FROM temp.pick p JOIN src.accept_seen e ON "
	"e.run = p.old JOIN src.accept k ON k.accept = e.accept JOIN "
	"src.remark r ON r.remark = k.remark JOIN main.remark m ON m.uid = "
	"r.uid JOIN main.accept l ON l.remark = m.remark AND l.id = k.id "
	"WHERE p.is_new";

static const char baseline_sql[] =
	"CREATE TEMP TABLE sealed AS SELECT b.baseline AS old, b.name AS name, "
	"b.serial AS serial, ifnull(o.store, (SELECT store FROM src.self)) AS "
	"store, ifnull(o.name, b.name) AS was, (SELECT ifnull(max(baseline), "
	"0) FROM main.baseline) + row_number() OVER (ORDER BY b.baseline) AS "
	"new FROM src.baseline b JOIN src.baseline_seal s USING (baseline) "
	"LEFT JOIN src.baseline_origin o USING (baseline) WHERE s.sha256 NOT "
	"IN (SELECT sha256 FROM main.baseline_seal) AND NOT EXISTS (SELECT 1 "
	"FROM src.baseline_member m WHERE m.baseline = b.baseline AND m.run "
	"NOT IN (SELECT old FROM temp.pick));"
	"INSERT INTO main.baseline (baseline, name, serial) SELECT new, CASE "
	"WHEN was IN (SELECT name FROM main.baseline) THEN substr(was, 1, 50) "
	"|| '@' || substr(store, 1, 8) ELSE was END, serial FROM temp.sealed;"
	"INSERT INTO main.baseline_member (baseline, n, run) SELECT s.new, "
	"m.n, p.new FROM temp.sealed s JOIN src.baseline_member m ON "
	"m.baseline = s.old JOIN temp.pick p ON p.old = m.run;"
	"INSERT INTO main.baseline_origin (baseline, store, name) SELECT new, "
	"store, was FROM temp.sealed;"
	"INSERT INTO main.baseline_seal (baseline, by, why, sealed_s, sha256) "
	"SELECT s.new, b.by, b.why, b.sealed_s, b.sha256 FROM temp.sealed s "
	"JOIN src.baseline_seal b ON b.baseline = s.old";

/* INSERT INTO main.t (run, keys, columns) SELECT p.new, ... */
static enum gh_status copy_table(struct gh_store *st, const struct gh_table *t,
				 struct gh_err *err)
{
	struct gh_sql_text q = { .used = 0 };
	struct gh_sql_text columns = { .used = 0 };

	for (int i = 1; i < GH_TABLE_KEYS && t->keys[i]; i++) {
		gh_sql_add(&columns, t->keys[i]);
		gh_sql_add(&columns, ", ");
	}
	gh_sql_add_columns(&columns, t);
	gh_sql_add(&q, "INSERT INTO main.");
	gh_sql_add(&q, t->name);
	gh_sql_add(&q, " (run, ");
	gh_sql_add(&q, columns.text);
	gh_sql_add(&q, ") SELECT p.new, ");
	gh_sql_add(&q, columns.text);
	gh_sql_add(&q, " FROM temp.pick p CROSS JOIN src.");
	gh_sql_add(&q, t->name);
	gh_sql_add(&q, " s ON s.run = p.old WHERE p.is_new ORDER BY p.new");
	return gh_sql_exec(st, q.text, err);
}

static enum gh_status copy_origins(struct gh_store *st, int64_t now_s,
				   struct gh_err *err)
{
	sqlite3_stmt *stmt;
	bool row;
	enum gh_status s;

	s = gh_sql_prepare(st,
			   "INSERT INTO main.origin (run, store, number, "
			   "session, sha256, imported_s) SELECT new, store, "
			   "number, session, sha256, ? FROM temp.pick WHERE "
			   "is_new",
			   &stmt, err);
	if (s != GH_OK)
		return s;
	sqlite3_bind_int64(stmt, 1, now_s);
	s = gh_sql_step(st, stmt, &row, err);
	sqlite3_finalize(stmt);
	return s;
}

static enum gh_status copy_runs(struct gh_store *st,
				const struct gh_bundle_ask *ask,
				struct gh_err *err)
{
	enum gh_status s = gh_sql_exec(st, run_sql, err);

	if (s == GH_OK && ask->with_recordings)
		s = gh_sql_exec(st, raw_sql, err);
	for (size_t i = 0; s == GH_OK && gh_run_tables[i].table; i++)
		if (!gh_run_tables[i].raw || ask->with_recordings)
			s = copy_table(st, gh_run_tables[i].table, err);
	return s == GH_OK ? copy_origins(st, ask->now_s, err) : s;
}

enum gh_status gh_merge_copy(struct gh_store *st,
			     const struct gh_bundle_ask *ask,
			     struct gh_bundle_count *out, struct gh_err *err)
{
	int64_t remarks = 0, baselines = 0;
	/* A remark names a run whose end comes after it. */
	enum gh_status s =
		gh_sql_exec(st, "PRAGMA defer_foreign_keys = ON", err);

	if (s == GH_OK)
		s = copy_runs(st, ask, err);
	if (s == GH_OK)
		s = gh_sql_exec(st, people_sql, err);
	if (s == GH_OK)
		s = copy_table(st, &gh_table_run_end, err);
	if (s == GH_OK)
		s = gh_sql_exec(st, baseline_sql, err);
	if (s == GH_OK)
		s = gh_sql_number(st, "SELECT count(*) FROM temp.said", 0,
				  &remarks, err);
	if (s == GH_OK)
		s = gh_sql_number(st, "SELECT count(*) FROM temp.sealed", 0,
				  &baselines, err);
	out->remarks = (unsigned)remarks;
	out->baselines = (unsigned)baselines;
	return s;
}
