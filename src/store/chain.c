/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * chain - the hash of everything that was stored of a run, a remark or a
 * sealed baseline, and the link that is added for it. Nothing of it depends on
 * its own number: that is a part of the link.
 */
#include "store/merge.h" /* gh_run_rows */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { ROWS = 5 };

/*
 * What is hashed of each, ?1 its number. Of a run that is beside what a bundle
 * hashes (gh_run_rows): where it lies, the bytes of its rig file, what became
 * of the acceptances, and where it came from.
 */
static const struct {
	const char *name;
	const char *rows[ROWS];
} kinds[GH_CHAIN_KINDS] = {
	[GH_CHAIN_RUN] = { "run",
			   { "SELECT 'here', session FROM run WHERE run = ?",
			     "SELECT 'stage', s.text FROM recording r LEFT "
			     "JOIN stage s ON s.sha256 = r.stage WHERE "
			     "r.run = ?",
			     "SELECT 'seen', n, accept, fate FROM accept_seen "
			     "WHERE run = ? ORDER BY n",
			     "SELECT 'origin', store, number, session, "
			     "sha256, imported_s FROM origin WHERE run = ?" } },
	[GH_CHAIN_REMARK] = { "remark",
			      { "SELECT 'remark', uid, kind, at_s, after_run, "
				"serial, run, part, by, text FROM remark "
				"WHERE remark = ?",
				"SELECT 'attachment', a.name, a.media, "
				"a.sha256, c.bytes FROM attachment a LEFT "
				"JOIN content c USING (sha256) WHERE "
				"a.remark = ?",
				"SELECT 'accept', accept, id, fault, value, "
				"until_s FROM accept WHERE remark = ? "
				"ORDER BY accept" } },
	[GH_CHAIN_BASELINE] = { "baseline",
				{ "SELECT 'baseline', name, serial FROM "
				  "baseline WHERE baseline = ?",
				  "SELECT 'origin', store, name FROM "
				  "baseline_origin WHERE baseline = ?",
				  "SELECT 'member', n, run FROM "
				  "baseline_member WHERE baseline = ? "
				  "ORDER BY n",
				  "SELECT 'seal', by, why, sealed_s, sha256 "
				  "FROM baseline_seal WHERE baseline = ?" } },
};

const char *gh_chain_kind_name(enum gh_chain_kind kind)
{
	return (size_t)kind < GH_ARRAY_SIZE(kinds) ? kinds[kind].name : "";
}

enum gh_status gh_chain_content(struct gh_store *st, enum gh_chain_kind kind,
				int64_t number, char *out, struct gh_err *err)
{
	struct gh_sha256 h;
	enum gh_status s = GH_OK;

	gh_sha256_init(&h);
	for (int raw = 0; s == GH_OK && kind == GH_CHAIN_RUN && raw < 2; raw++)
		s = gh_run_rows(st, "main", number, raw, gh_hash_exact, &h,
				err);
	for (size_t i = 0; s == GH_OK && i < ROWS && kinds[kind].rows[i]; i++)
		s = gh_hash_exact(st, kinds[kind].rows[i], number, &h, err);
	gh_sha256_finish(&h, out);
	return s;
}

enum gh_status gh_chain_genesis(struct gh_store *st, char *out,
				struct gh_err *err)
{
	struct gh_sha256 h;
	enum gh_status s;

	gh_sha256_init(&h);
	s = gh_hash_exact(st,
			  "SELECT 'ghostlight chain 1', store, run, remark, "
			  "baseline FROM self, chain_start",
			  0, &h, err);
	gh_sha256_finish(&h, out);
	return s;
}

void gh_chain_hash(const struct gh_chain_link *l, const char *prev, char *out)
{
	char line[256];
	const int n = snprintf(line, sizeof line,
			       "%" PRId64 "\t%s\t%" PRId64 "\t%s\t%s\n",
			       l->link, gh_chain_kind_name(l->kind), l->number,
			       l->content, prev);

	gh_sha256_hex(line, (size_t)n, out);
}

/* ---- Adding ----------------------------------------------------------------*/

/* The number of the next link, and the hash that it follows. */
static enum gh_status find_end(struct gh_store *st, int64_t *next, char *prev,
			       struct gh_err *err)
{
	sqlite3_stmt *stmt;
	bool row = false;
	enum gh_status s;

	s = gh_sql_prepare(st,
			   "SELECT link, sha256 FROM chain "
			   "ORDER BY link DESC LIMIT 1",
			   &stmt, err);
	if (s != GH_OK)
		return s;
	s = gh_sql_step(st, stmt, &row, err);
	*next = row ? sqlite3_column_int64(stmt, 0) : 0;
	/* Of a hostile file: the chain then refuses the row. */
	*next += *next < INT64_MAX;
	if (row)
		gh_column_text(stmt, 1, prev, GH_SHA256_HEX_CAP);
	sqlite3_finalize(stmt);
	return s == GH_OK && !row ? gh_chain_genesis(st, prev, err) : s;
}

static enum gh_status insert(struct gh_store *st, const struct gh_chain_link *l,
			     struct gh_err *err)
{
	sqlite3_stmt *stmt;
	bool row;
	enum gh_status s;

	s = gh_sql_prepare(st,
			   "INSERT INTO chain (link, kind, number, content, "
			   "sha256) VALUES (?, ?, ?, ?, ?)",
			   &stmt, err);
	if (s != GH_OK)
		return s;
	sqlite3_bind_int64(stmt, 1, l->link);
	sqlite3_bind_text(stmt, 2, gh_chain_kind_name(l->kind), -1,
			  SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 3, l->number);
	sqlite3_bind_text(stmt, 4, l->content, -1, SQLITE_STATIC);
	sqlite3_bind_text(stmt, 5, l->sha256, -1, SQLITE_STATIC);
	s = gh_sql_step(st, stmt, &row, err);
	sqlite3_finalize(stmt);
	return s;
}

enum gh_status gh_chain_add(struct gh_store *st, enum gh_chain_kind kind,
			    int64_t number, struct gh_err *err)
{
	struct gh_chain_link l = { .kind = kind, .number = number };
	char prev[GH_SHA256_HEX_CAP];
	enum gh_status s = find_end(st, &l.link, prev, err);

	if (s == GH_OK)
		s = gh_chain_content(st, kind, number, l.content, err);
	if (s != GH_OK)
		return s;
	gh_chain_hash(&l, prev, l.sha256);
	return insert(st, &l, err);
}

enum gh_status gh_chain_add_all(struct gh_store *st, enum gh_chain_kind kind,
				const char *sql, struct gh_err *err)
{
	sqlite3_stmt *stmt = NULL;
	bool row = true;
	enum gh_status s = gh_sql_prepare(st, sql, &stmt, err);

	while (s == GH_OK) {
		s = gh_sql_step(st, stmt, &row, err);
		if (s != GH_OK || !row)
			break;
		s = gh_chain_add(st, kind, sqlite3_column_int64(stmt, 0), err);
	}
	sqlite3_finalize(stmt);
	return s;
}

/* ---- Looking ---------------------------------------------------------------*/

enum gh_status gh_store_chain_of(struct gh_store *st, int64_t run, char out[65],
				 struct gh_err *err)
{
	sqlite3_stmt *stmt;
	bool row = false;
	enum gh_status s;

	out[0] = '\0';
	s = gh_sql_prepare(st,
			   "SELECT sha256 FROM chain WHERE kind = 'run' "
			   "AND number = ?",
			   &stmt, err);
	if (s != GH_OK)
		return s;
	sqlite3_bind_int64(stmt, 1, run);
	s = gh_sql_step(st, stmt, &row, err);
	if (s == GH_OK && row)
		gh_column_text(stmt, 0, out, GH_SHA256_HEX_CAP);
	sqlite3_finalize(stmt);
	return s;
}
