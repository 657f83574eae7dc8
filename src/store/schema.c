/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * schema - are the tables, views and triggers of a file those that we make, to
 * the letter? A view or a trigger more could do anything.
 */
#include "store/merge.h" /* gh_store_create */

#include <string.h>

/* As one hash; SQLite's own statistics differ from file to file. */
static enum gh_status hash_schema(struct gh_store *st, const char *db,
				  char out[GH_SHA256_HEX_CAP],
				  struct gh_err *err)
{
	struct gh_sql_text q = { .used = 0 };
	struct gh_sha256 h;
	enum gh_status s;

	gh_sql_add(&q, "SELECT type, name, tbl_name, sql FROM ");
	gh_sql_add(&q, db);
	gh_sql_add(&q, ".sqlite_schema WHERE name NOT IN ('sqlite_stat1', "
		       "'sqlite_stat4') ORDER BY type, name");
	gh_sha256_init(&h);
	s = gh_hash_rows(st, q.text, 0, &h, err);
	gh_sha256_finish(&h, out);
	return s;
}

/* What a file of this version has, from one made in memory. */
static enum gh_status expected_schema(const char *more,
				      char out[GH_SHA256_HEX_CAP],
				      struct gh_err *err)
{
	struct gh_store *st;
	enum gh_status s = gh_store_create(&st, ":memory:", err);

	if (s != GH_OK)
		return s;
	s = gh_sql_exec(st, more, err);
	if (s == GH_OK)
		s = hash_schema(st, "main", out, err);
	gh_store_close(st);
	return s;
}

enum gh_status gh_schema_check(struct gh_store *st, const char *db,
			       const char *more, bool *ours, struct gh_err *err)
{
	char is[GH_SHA256_HEX_CAP] = "", expected[GH_SHA256_HEX_CAP];
	enum gh_status s = expected_schema(more, expected, err);

	if (s == GH_OK)
		s = hash_schema(st, db, is, err);
	*ours = s == GH_OK && strcmp(is, expected) == 0;
	return s;
}
