/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hash - rows as text into a SHA-256, the same on every machine: a line a row,
 * fields end with a tab, a real number is the bits of its double. In the exact
 * form a field says its type and length as well, so that no two rows that
 * differ read alike; seals and bundles are older and have the plain one.
 */
#include "base/sha256.h"   /* gh_sha256_* */
#include "store/private.h" /* struct gh_store */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void hash_text(struct gh_sha256 *h, const char *text)
{
	gh_sha256_update(h, text, strlen(text));
}

/* Its length first: then no byte of it can pass for a tab. */
static void hash_counted(struct gh_sha256 *h, const void *bytes, size_t n)
{
	char text[32];

	snprintf(text, sizeof text, "%zu:", n);
	hash_text(h, text);
	if (bytes)
		gh_sha256_update(h, bytes, n);
}

/* NULL: no memory for it, which the loop below asks SQLite for. */
static void hash_plain_text(struct gh_sha256 *h, const unsigned char *text)
{
	if (text)
		hash_text(h, (const char *)text);
}

static void hash_field(struct gh_sha256 *h, sqlite3_stmt *stmt, int i)
{
	const double real = sqlite3_column_double(stmt, i);
	char text[32] = "-";
	const void *bytes;
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
		hash_plain_text(h, sqlite3_column_text(stmt, i));
		text[0] = '\0';
		break;
	case SQLITE_BLOB:
		bytes = sqlite3_column_blob(stmt, i);
		hash_counted(h, bytes, (size_t)sqlite3_column_bytes(stmt, i));
		text[0] = '\0';
		break;
	default:
		break;
	}
	hash_text(h, text);
	hash_text(h, "\t");
}

/* All of it: a text may have a NUL in the middle. */
static void hash_exact_text(struct gh_sha256 *h, sqlite3_stmt *stmt, int i)
{
	const unsigned char *bytes = sqlite3_column_text(stmt, i);

	hash_counted(h, bytes, (size_t)sqlite3_column_bytes(stmt, i));
	hash_text(h, "\t");
}

static void hash_exact(struct gh_sha256 *h, sqlite3_stmt *stmt, int i)
{
	static const char *const types[] = { [SQLITE_INTEGER] = "i",
					     [SQLITE_FLOAT] = "r",
					     [SQLITE_TEXT] = "t",
					     [SQLITE_BLOB] = "b",
					     [SQLITE_NULL] = "n" };
	const int type = sqlite3_column_type(stmt, i);

	hash_text(h, types[type]);
	if (type == SQLITE_TEXT)
		hash_exact_text(h, stmt, i);
	else
		hash_field(h, stmt, i);
}

typedef void put_field(struct gh_sha256 *h, sqlite3_stmt *stmt, int i);

static enum gh_status hash_rows(struct gh_store *st, const char *sql,
				int64_t arg, put_field *put,
				struct gh_sha256 *h, struct gh_err *err)
{
	sqlite3_stmt *stmt;
	bool row = true;
	enum gh_status s = gh_sql_prepare(st, sql, &stmt, err);

	if (s != GH_OK)
		return s;
	if (sqlite3_bind_parameter_count(stmt) > 0)
		sqlite3_bind_int64(stmt, 1, arg);
	while (s == GH_OK) {
		s = gh_sql_step(st, stmt, &row, err);
		if (s != GH_OK || !row)
			break;
		for (int i = 0; i < sqlite3_column_count(stmt); i++)
			put(h, stmt, i);
		hash_text(h, "\n");
		if (sqlite3_errcode(st->db) == SQLITE_NOMEM)
			s = gh_sql_fail(st, err);
	}
	sqlite3_finalize(stmt);
	return s;
}

enum gh_status gh_hash_rows(struct gh_store *st, const char *sql, int64_t arg,
			    struct gh_sha256 *h, struct gh_err *err)
{
	return hash_rows(st, sql, arg, hash_field, h, err);
}

enum gh_status gh_hash_exact(struct gh_store *st, const char *sql, int64_t arg,
			     struct gh_sha256 *h, struct gh_err *err)
{
	return hash_rows(st, sql, arg, hash_exact, h, err);
}
