/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * baseline_seal - freezes a baseline under a person's name. The seal is the
 * hash of everything a comparison can read from it, as text: the members, what
 * must be equal, and every value by the bits of its double.
 */
#include "base/sha256.h"   /* gh_sha256_* */
#include "store/private.h" /* struct gh_store */

#include <string.h>

/*
 * What is hashed, ?1 the baseline. An imported one keeps the name and the
 * numbers under which it was sealed.
 */
static const char *const parts_of_seal[] = {
	"SELECT 'baseline', ifnull(o.name, b.name), b.serial FROM baseline b "
	"LEFT JOIN baseline_origin o USING (baseline) WHERE b.baseline = ?",
	"SELECT 'run', m.n, ifnull(o.number, m.run), "
	"ifnull(o.session, r.session) FROM baseline_member m "
	"JOIN run r USING (run) LEFT JOIN origin o USING (run) "
	"WHERE m.baseline = ? ORDER BY m.n",
	"SELECT 'key', m.n, k.n, k.name, k.value FROM baseline_member m "
	"JOIN run_key k USING (run) WHERE m.baseline = ? "
	"ORDER BY m.n, k.n",
};

#define VALUE_ROWS                                                             \
	"FROM baseline_member m JOIN measure x USING (run) "                   \
	"WHERE m.baseline = ? AND x.reason = 'NONE' ORDER BY m.n, x.n"

/* The newest is sealed with; those before, when no repeat was read, verify. */
static const char *const values_of_seal[] = {
	"SELECT 'value', m.n, x.part, x.id, x.version, x.v0, x.v1, x.v2, "
	"x.rep00, x.rep01, x.rep02, x.rep10, x.rep11, x.rep12 " VALUE_ROWS,
	"SELECT 'value', m.n, x.part, x.id, x.version, x.v0, x.v1, "
	"x.v2 " VALUE_ROWS,
};

static enum gh_status hash_baseline(struct gh_store *st, int64_t baseline,
				    const char *values,
				    char out[GH_SHA256_HEX_CAP],
				    struct gh_err *err)
{
	struct gh_sha256 h;
	enum gh_status s = GH_OK;

	gh_sha256_init(&h);
	for (size_t i = 0; s == GH_OK && i < GH_ARRAY_SIZE(parts_of_seal); i++)
		s = gh_hash_rows(st, parts_of_seal[i], baseline, &h, err);
	if (s == GH_OK)
		s = gh_hash_rows(st, values, baseline, &h, err);
	gh_sha256_finish(&h, out);
	return s;
}

/* ---- Sealing ---------------------------------------------------------------*/

struct seal {
	const char *name, *by, *why;
	int64_t wall_s;
};

static enum gh_status insert_seal(struct gh_store *st, int64_t baseline,
				  const struct seal *seal, const char *sha256,
				  struct gh_err *err)
{
	sqlite3_stmt *stmt;
	bool row;
	enum gh_status s;

	s = gh_sql_prepare(st,
			   "INSERT INTO baseline_seal "
			   "(baseline, by, why, sealed_s, sha256) "
			   "VALUES (?, ?, ?, ?, ?)",
			   &stmt, err);
	if (s != GH_OK)
		return s;
	sqlite3_bind_int64(stmt, 1, baseline);
	sqlite3_bind_text(stmt, 2, seal->by, -1, SQLITE_STATIC);
	sqlite3_bind_text(stmt, 3, seal->why, -1, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 4, seal->wall_s);
	sqlite3_bind_text(stmt, 5, sha256, -1, SQLITE_STATIC);
	s = gh_sql_step(st, stmt, &row, err);
	sqlite3_finalize(stmt);
	return s;
}

static enum gh_status put_seal(struct gh_store *st, const struct seal *seal,
			       struct gh_err *err)
{
	char sha256[GH_SHA256_HEX_CAP];
	int64_t id = 0;
	bool sealed = false;
	enum gh_status s = gh_baseline_find(st, seal->name, &id, &sealed, err);

	if (s == GH_OK && id == 0)
		return gh_fail(err, GH_ARG, "there is no baseline '%.63s'",
			       seal->name);
	if (s == GH_OK && sealed)
		return gh_fail(err, GH_ARG, "baseline '%s' is sealed already",
			       seal->name);
	if (s == GH_OK)
		s = hash_baseline(st, id, values_of_seal[0], sha256, err);
	if (s == GH_OK)
		s = insert_seal(st, id, seal, sha256, err);
	return s == GH_OK ? gh_chain_add(st, GH_CHAIN_BASELINE, id, err) : s;
}

enum gh_status gh_store_baseline_seal(struct gh_store *st, const char *name,
				      const char *by, const char *why,
				      int64_t wall_s, struct gh_err *err)
{
	const struct seal seal = { name, by, why, wall_s };
	enum gh_status s;

	if (!by[0] || !why[0])
		return gh_fail(err, GH_ARG,
			       "a seal says by whom and why: baseline '%.63s'",
			       name);
	s = gh_sql_begin(st, err);
	if (s != GH_OK)
		return s;
	return gh_sql_end(st, put_seal(st, &seal, err), err);
}

/* ---- Checking the seals ----------------------------------------------------*/

static enum gh_status verify_one(struct gh_store *st, sqlite3_stmt *stmt,
				 struct gh_err *err)
{
	const int64_t baseline = sqlite3_column_int64(stmt, 0);
	char now[GH_SHA256_HEX_CAP], sealed[GH_SHA256_HEX_CAP], name[64];
	enum gh_status s = GH_OK;

	gh_column_text(stmt, 1, name, sizeof name);
	gh_column_text(stmt, 2, sealed, sizeof sealed);
	for (size_t i = 0; i < GH_ARRAY_SIZE(values_of_seal); i++) {
		s = hash_baseline(st, baseline, values_of_seal[i], now, err);
		if (s != GH_OK || strcmp(now, sealed) == 0)
			return s;
	}
	return gh_fail(err, GH_STORE,
		       "%s: baseline '%s' is not what was sealed",
		       gh_path_shown(st->path), name);
}

enum gh_status gh_baseline_verify(struct gh_store *st, struct gh_err *err)
{
	sqlite3_stmt *stmt = NULL;
	bool row = true;
	enum gh_status s;

	s = gh_sql_prepare(st,
			   "SELECT baseline, name, sha256 FROM baseline_list "
			   "WHERE sealed",
			   &stmt, err);
	while (s == GH_OK) {
		s = gh_sql_step(st, stmt, &row, err);
		if (s != GH_OK || !row)
			break;
		s = verify_one(st, stmt, err);
	}
	sqlite3_finalize(stmt);
	return s;
}
