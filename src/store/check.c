/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check - is the file whole, and are sealed baselines what was sealed? */
#include "store/private.h" /* struct gh_store */

#include <string.h>

/*
 * SQLite's check reports a page that there was no memory for among the damage.
 * Seen of 3.40; the second wording has no code, so the disk may be to blame.
 */
static bool is_not_looked_at(const char *said)
{
	static const char *const words[] = {
		"unable to get the page. error code=7",
		"failed to get page",
	};

	for (size_t i = 0; i < GH_ARRAY_SIZE(words); i++)
		if (strstr(said, words[i]))
			return true;
	return false;
}

enum gh_status gh_pages_check(struct gh_store *st, const char *pragma,
			      char *said, size_t cap, struct gh_err *err)
{
	sqlite3_stmt *stmt;
	bool row = false;
	enum gh_status s = gh_sql_prepare(st, pragma, &stmt, err);

	said[0] = '\0';
	if (s != GH_OK)
		return s;
	s = gh_sql_step(st, stmt, &row, err);
	if (s == GH_OK && row)
		gh_column_text(stmt, 0, said, cap);
	sqlite3_finalize(stmt);
	if (s == GH_OK && is_not_looked_at(said))
		return gh_fail(
			err, GH_NOMEM,
			"%s: a page was not looked at: no memory for it, "
			"or the disk does not give it",
			gh_path_shown(st->path));
	return s;
}

static enum gh_status quick_check(struct gh_store *st, struct gh_err *err)
{
	char said[96];
	enum gh_status s = gh_pages_check(st, "PRAGMA quick_check(1)", said,
					  sizeof said, err);

	if (s == GH_OK && strcmp(said, "ok") != 0)
		return gh_fail(err, GH_STORE, "%s: damaged: %s",
			       gh_path_shown(st->path), said);
	return s;
}

enum gh_status gh_store_check(struct gh_store *st, struct gh_err *err)
{
	enum gh_status s = quick_check(st, err);

	return s == GH_OK ? gh_baseline_verify(st, err) : s;
}
