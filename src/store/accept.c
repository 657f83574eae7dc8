/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * accept - somebody answers for a fail until a date. What the judge makes of
 * it in each later run is stored with that run; once the part has recovered
 * the acceptance is spent.
 */
#include "store/private.h" /* struct gh_store */
#include "store/remark.h"  /* what is defined here */

#include <string.h>

static enum gh_status refuse(const struct gh_remark *r, struct gh_err *err,
			     const char *why)
{
	return gh_fail(err, GH_ARG, "%s in run %lld cannot be accepted: %s",
		       r->part, (long long)r->run, why);
}

enum gh_status gh_accept_check(const struct gh_remark *r, struct gh_err *err)
{
	const struct gh_accept *a = NULL;

	if (!r->text[0] || !r->by[0])
		return refuse(r, err, "it takes a reason and who answers");
	if (strlen(r->text) >= sizeof a->reason)
		return refuse(r, err, "the reason is longer than 63 bytes");
	if (r->until_s <= r->at_s)
		return refuse(r, err, "its last day is over already");
	if (r->until_s - r->at_s > GH_ACCEPT_DAYS * 86400LL)
		return refuse(r, err, "its last day is more than a year away");
	return GH_OK;
}

/* One row for each failed finding of the part; the fault as it was named. */
static enum gh_status insert(struct gh_store *st, const struct gh_remark *r,
			     size_t *n, struct gh_err *err)
{
	sqlite3_stmt *stmt;
	bool row;
	enum gh_status s;

	s = gh_sql_prepare(
		st,
		"INSERT INTO accept (remark, id, fault, value, until_s) "
		"SELECT ?1, f.id, ifnull((SELECT d.fault FROM part p JOIN "
		"part_result q USING (run, n) JOIN diagnosis d ON d.run = "
		"p.run AND d.n = q.diagnosis WHERE p.run = f.run AND p.name = "
		"f.part), ''), f.value, ?2 FROM finding f WHERE f.run = ?3 "
		"AND f.part = ?4 AND f.state IN ('fail', 'known') ORDER BY f.n",
		&stmt, err);
	if (s != GH_OK)
		return s;
	sqlite3_bind_int64(stmt, 1, r->id);
	sqlite3_bind_int64(stmt, 2, r->until_s);
	sqlite3_bind_int64(stmt, 3, r->run);
	sqlite3_bind_text(stmt, 4, r->part, -1, SQLITE_STATIC);
	s = gh_sql_step(st, stmt, &row, err);
	sqlite3_finalize(stmt);
	if (s != GH_OK)
		return s;
	*n = (size_t)sqlite3_changes(st->db);
	return *n > 0 ? GH_OK : refuse(r, err, "nothing of it failed");
}

enum gh_status gh_store_accept(struct gh_store *st, struct gh_remark *r,
			       size_t *n, struct gh_err *err)
{
	enum gh_status s = gh_accept_check(r, err);

	*n = 0;
	if (s == GH_OK)
		s = gh_sql_begin(st, err);
	if (s != GH_OK)
		return s;
	s = gh_remark_put(st, r, err);
	if (s == GH_OK)
		s = insert(st, r, n, err);
	if (s == GH_OK)
		s = gh_chain_add(st, GH_CHAIN_REMARK, r->id, err);
	return gh_sql_end(st, s, err);
}

enum gh_status gh_store_accepts(struct gh_store *st, const char *serial,
				struct gh_accepted *out, size_t cap, size_t *n,
				struct gh_err *err)
{
	const struct gh_place to = { &gh_table_accepted, out, sizeof *out,
				     cap };
	sqlite3_stmt *stmt;
	enum gh_status s;

	*n = 0;
	s = gh_sql_prepare(st,
			   "SELECT accept, run, part, id, fault, value, by, "
			   "reason, until_s, 'unseen' FROM accept_in_force "
			   "WHERE serial = ?1 ORDER BY accept DESC LIMIT ?2",
			   &stmt, err);
	if (s != GH_OK)
		return s;
	sqlite3_bind_text(stmt, 1, serial, -1, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 2, (int64_t)cap);
	return gh_rows_read(st, stmt, &to, NULL, n, err);
}

enum gh_status gh_store_accepts_of(struct gh_store *st, int64_t run,
				   struct gh_accepted *out, size_t cap,
				   size_t *n, struct gh_err *err)
{
	const struct gh_place to = { &gh_table_accepted, out, sizeof *out,
				     cap };
	sqlite3_stmt *stmt;
	enum gh_status s;

	*n = 0;
	s = gh_sql_prepare(st,
			   "SELECT accept, r.run, r.part, k.id, k.fault, "
			   "k.value, r.by, r.text, k.until_s, s.fate FROM "
			   "accept_seen s JOIN accept k USING (accept) JOIN "
			   "remark r USING (remark) WHERE s.run = ? "
			   "ORDER BY s.n",
			   &stmt, err);
	if (s != GH_OK)
		return s;
	sqlite3_bind_int64(stmt, 1, run);
	return gh_rows_read(st, stmt, &to, NULL, n, err);
}

enum gh_status gh_fates_write(struct gh_store *st,
			      const struct gh_run_info *info,
			      const struct gh_result *result,
			      struct gh_err *err)
{
	struct gh_accepted row;
	struct gh_writer w;
	enum gh_status s = gh_writer_open(&w, st, &gh_table_fate, NULL, err);

	memset(&row, 0, sizeof row);
	for (size_t i = 0; s == GH_OK && i < info->n_accepts; i++) {
		const int64_t keys[] = { info->run, (int64_t)i };

		row.id = info->accepts[i];
		row.fate = result->fates[i];
		s = gh_writer_put(&w, keys, &row, err);
	}
	gh_writer_close(&w);
	return s;
}
