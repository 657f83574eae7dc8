/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * baseline_seal - freezes a baseline under a person's name. The seal is the
 * hash of everything a comparison can read from it, as text: the members, what
 * must be equal, and every value by the bits of its double.
 */
#include "base/sha256.h"   /* gh_sha256_* */
#include "store/private.h" /* struct gh_store */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* What is hashed: one line a row, fields as the types say, ?1 the baseline. */
static const char *const parts_of_seal[] = {
	"SELECT 'baseline', name, serial FROM baseline "
	"WHERE baseline = ?",
	"SELECT 'run', m.n, m.run, r.session FROM baseline_member m "
	"JOIN run r USING (run) WHERE m.baseline = ? ORDER BY m.n",
	"SELECT 'key', m.n, k.n, k.name, k.value FROM baseline_member m "
	"JOIN run_key k USING (run) WHERE m.baseline = ? "
	"ORDER BY m.n, k.n",
	"SELECT 'value', m.n, x.part, x.id, x.version, x.v0, x.v1, x.v2 "
	"FROM baseline_member m JOIN measure x USING (run) "
	"WHERE m.baseline = ? AND x.reason = 'NONE' ORDER BY m.n, x.n",
};

static void hash_text(struct gh_sha256 *h, const char *text)
{
	gh_sha256_update(h, text, strlen(text));
}

/* The same on every machine: no locale, no rounding. */
static void hash_field(struct gh_sha256 *h, sqlite3_stmt *stmt, int i)
{
	const double real = sqlite3_column_double(stmt, i);
	char text[32] = "-";
	uint64_t bits;

	switch (sqlite3_column_type(stmt, i)) {
	case SQLITE_FLOAT:
		memcpy(&bits, &real, sizeof bits);
		snprintf(text, sizeof text, "%016" PRIx64, bits);
		break;
	case SQLITE_INTEGER:
		snprintf(text, sizeof text, "%lld",
			 (long long)sqlite3_column_int64(stmt, i));
		break;
	case SQLITE_TEXT:
		hash_text(h, (const char *)sqlite3_column_text(stmt, i));
		hash_text(h, "\t");
		return;
	default:
		break;
	}
	hash_text(h, text);
	hash_text(h, "\t");
}

static enum gh_status hash_rows(struct gh_store *st, const char *sql,
				int64_t baseline, struct gh_sha256 *h,
				struct gh_err *err)
{
	sqlite3_stmt *stmt;
	bool row = true;
	enum gh_status s = gh_sql_prepare(st, sql, &stmt, err);

	if (s != GH_OK)
		return s;
	sqlite3_bind_int64(stmt, 1, baseline);
	while (s == GH_OK) {
		s = gh_sql_step(st, stmt, &row, err);
		if (s != GH_OK || !row)
			break;
		for (int i = 0; i < sqlite3_column_count(stmt); i++)
			hash_field(h, stmt, i);
		hash_text(h, "\n");
	}
	sqlite3_finalize(stmt);
	return s;
}

static enum gh_status hash_baseline(struct gh_store *st, int64_t baseline,
				    char out[GH_SHA256_HEX_CAP],
				    struct gh_err *err)
{
	struct gh_sha256 h;
	enum gh_status s = GH_OK;

	gh_sha256_init(&h);
	for (size_t i = 0; s == GH_OK && i < GH_ARRAY_SIZE(parts_of_seal); i++)
		s = hash_rows(st, parts_of_seal[i], baseline, &h, err);
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
		s = hash_baseline(st, id, sha256, err);
	return s == GH_OK ? insert_seal(st, id, seal, sha256, err) : s;
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
	char now[GH_SHA256_HEX_CAP], sealed[GH_SHA256_HEX_CAP], name[64];
	enum gh_status s;

	gh_column_text(stmt, 1, name, sizeof name);
	gh_column_text(stmt, 2, sealed, sizeof sealed);
	s = hash_baseline(st, sqlite3_column_int64(stmt, 0), now, err);
	if (s == GH_OK && strcmp(now, sealed) != 0)
		return gh_fail(err, GH_STORE,
			       "%s: baseline '%s' is not what was sealed",
			       gh_path_shown(st->path), name);
	return s;
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
