/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bundle_hash - the content of a run as one number that does not depend on
 * the database it lies in: no run number of ours goes into it.
 */
#include "store/merge.h" /* what is defined here */

#include <string.h>

const struct gh_run_table gh_run_tables[] = {
	{ &gh_table_run_key, false },
	{ &gh_table_part, false },
	{ &gh_table_measure, false },
	{ &gh_table_part_result, false },
	{ &gh_table_finding, false },
	{ &gh_table_diagnosis, false },
	{ &gh_table_evidence, false },
	{ &gh_table_not_checked, false },
	{ &gh_table_verdict, false },
	{ &gh_table_why_not, false },
	{ &gh_table_fact, false },
	{ &gh_table_channel, true },
	{ &gh_table_chunk, true },
	{ &gh_table_span, true },
	{ NULL, false },
};

/* "'name', key, ..., column, ..." and where they come from. */
static void add_select(struct gh_sql_text *q, const char *db,
		       const struct gh_table *t)
{
	gh_sql_add(q, "SELECT '");
	gh_sql_add(q, t->name);
	gh_sql_add(q, "', ");
	for (int i = 1; i < GH_TABLE_KEYS && t->keys[i]; i++) {
		gh_sql_add(q, t->keys[i]);
		gh_sql_add(q, ", ");
	}
	gh_sql_add_columns(q, t);
	gh_sql_add(q, " FROM ");
	gh_sql_add(q, db);
	gh_sql_add(q, ".");
	gh_sql_add(q, t->name);
	gh_sql_add(q, " WHERE run = ?1");
	for (int i = 1; i < GH_TABLE_KEYS && t->keys[i]; i++) {
		gh_sql_add(q, i == 1 ? " ORDER BY " : ", ");
		gh_sql_add(q, t->keys[i]);
	}
}

/* Where rows go and whose they are. */
struct sink {
	struct gh_store *st;
	const char *db;
	gh_rows_hash *rows;
	struct gh_sha256 *h;
};

static enum gh_status hash_table(const struct sink *to,
				 const struct gh_table *t, int64_t run,
				 struct gh_err *err)
{
	struct gh_sql_text q = { .used = 0 };

	add_select(&q, to->db, t);
	return to->rows(to->st, q.text, run, to->h, err);
}

/* One statement with DB for each %: the name of the database. */
static enum gh_status hash_sql(const struct sink *to, const char *sql,
			       int64_t run, struct gh_err *err)
{
	struct gh_sql_text q = { .used = 0 };
	char piece[512];

	while (*sql) {
		const size_t n = strcspn(sql, "%");

		memcpy(piece, sql, n);
		piece[n] = '\0';
		gh_sql_add(&q, piece);
		sql += n;
		if (*sql) {
			gh_sql_add(&q, to->db);
			sql++;
		}
	}
	return to->rows(to->st, q.text, run, to->h, err);
}

static const char head_sql[] =
	"SELECT 'run', ifnull((SELECT o.session FROM %.origin o WHERE o.run = "
	"?1), session), rig, serial, rig_sha256, profile, only_part, version, "
	"port, started_s, deadline_s, driver, model, firmware, device, boot, "
	"simulated, time_scale, motion_allowed FROM %.run WHERE run = ?1";
static const char stage_sql[] =
	"SELECT 'recording', stage FROM %.recording WHERE run = ?1";

enum gh_status gh_run_rows(struct gh_store *st, const char *db, int64_t run,
			   bool raw, gh_rows_hash *rows, struct gh_sha256 *h,
			   struct gh_err *err)
{
	const struct sink to = { st, db, rows, h };
	enum gh_status s = hash_sql(&to, raw ? stage_sql : head_sql, run, err);

	if (s == GH_OK && !raw)
		s = hash_table(&to, &gh_table_run_end, run, err);
	for (size_t i = 0; s == GH_OK && gh_run_tables[i].table; i++)
		if (gh_run_tables[i].raw == raw)
			s = hash_table(&to, gh_run_tables[i].table, run, err);
	return s;
}

enum gh_status gh_run_hash(struct gh_store *st, const char *db, int64_t run,
			   bool raw, char out[GH_SHA256_HEX_CAP],
			   struct gh_err *err)
{
	struct gh_sha256 h;
	enum gh_status s;

	gh_sha256_init(&h);
	s = gh_run_rows(st, db, run, raw, gh_hash_rows, &h, err);
	gh_sha256_finish(&h, out);
	return s;
}

static const char *const people_sql[] = {
	"SELECT 'remark', uid, kind, at_s, after_run, serial, run, part, by, "
	"text FROM %.remark ORDER BY remark",
	"SELECT 'attachment', r.uid, a.name, a.media, a.sha256 FROM "
	"%.attachment a JOIN %.remark r USING (remark) ORDER BY remark",
	"SELECT 'accept', r.uid, k.id, k.fault, k.value, k.until_s FROM "
	"%.accept k JOIN %.remark r USING (remark) ORDER BY accept",
	"SELECT 'seen', s.run, s.n, r.uid, k.id, s.fate FROM %.accept_seen s "
	"JOIN %.accept k USING (accept) JOIN %.remark r USING (remark) "
	"ORDER BY s.run, s.n",
	"SELECT 'baseline', b.baseline, b.name, b.serial, o.store, o.name, "
	"s.by, s.why, s.sealed_s, s.sha256 FROM %.baseline b JOIN "
	"%.baseline_origin o USING (baseline) JOIN %.baseline_seal s USING "
	"(baseline) ORDER BY b.baseline",
	"SELECT 'member', baseline, n, run FROM %.baseline_member "
	"ORDER BY baseline, n",
	"SELECT 'origin', run, store, number, session, sha256 FROM %.origin "
	"ORDER BY run",
};

enum gh_status gh_people_hash(struct gh_store *st, const char *db,
			      char out[GH_SHA256_HEX_CAP], struct gh_err *err)
{
	struct gh_sha256 h;
	const struct sink to = { st, db, gh_hash_rows, &h };
	enum gh_status s = GH_OK;

	gh_sha256_init(&h);
	for (size_t i = 0; s == GH_OK && i < GH_ARRAY_SIZE(people_sql); i++)
		s = hash_sql(&to, people_sql[i], 0, err);
	gh_sha256_finish(&h, out);
	return s;
}
