/* SPDX-License-Identifier: GPL-3.0-or-later */
/* standing - what runs have in common: what they say, and how much they move. */
#include "store/private.h" /* struct gh_store */

#include <string.h>

enum { SAID_CAP = 8192 };

enum gh_status gh_store_motion_s(struct gh_store *st, const char *serial,
				 bool simulated, int64_t since_s, double *out,
				 struct gh_err *err)
{
	sqlite3_stmt *stmt;
	bool row = false;
	enum gh_status s;

	s = gh_sql_prepare(st,
			   "SELECT total(motion_s) FROM ended_run WHERE "
			   "serial = ?1 AND simulated = ?2 AND started_s >= ?3",
			   &stmt, err);
	if (s != GH_OK)
		return s;
	sqlite3_bind_text(stmt, 1, serial, -1, SQLITE_STATIC);
	sqlite3_bind_int(stmt, 2, simulated);
	sqlite3_bind_int64(stmt, 3, since_s);
	s = gh_sql_step(st, stmt, &row, err);
	if (s == GH_OK)
		*out = row ? sqlite3_column_double(stmt, 0) : 0.0;
	sqlite3_finalize(stmt);
	return s;
}

/*
 * Newest first: when it began, and all it said in one text. A replay measured
 * a wire log and says nothing of the sculpture; imported runs came later than
 * their numbers say.
 */
static const char said_sql[] =
	"SELECT r.started_s, "
	"ifnull((SELECT group_concat(name || '=' || state) FROM (SELECT "
	"p.name, s.state FROM part_result s JOIN part p USING (run, n) WHERE "
	"s.run = r.run AND s.state NOT IN ('READY', 'NOT RUN') ORDER BY "
	"p.name)), '') || ';' || "
	"ifnull((SELECT group_concat(part || ':' || fault) FROM (SELECT "
	"ifnull(part, '') AS part, ifnull(fault, '') AS fault FROM diagnosis "
	"WHERE run = r.run ORDER BY part, fault)), '') "
	"FROM run t JOIN ended_run r ON r.serial = t.serial AND "
	"r.profile = t.profile AND r.only_part = t.only_part AND "
	"r.simulated = t.simulated WHERE t.run = ?1 AND r.run <= t.run AND "
	"(r.run = t.run OR r.run NOT IN (SELECT run FROM origin)) AND "
	"r.port NOT LIKE '" GH_PORT_REPLAY "%' ORDER BY r.run DESC";

static enum gh_status walk(struct gh_store *st, sqlite3_stmt *stmt,
			   int64_t *started_s, size_t cap, size_t *n,
			   bool *changed, struct gh_err *err)
{
	char said[SAID_CAP] = ";", other[SAID_CAP] = ";";
	bool row = true;

	*n = 0;
	while (*n < cap) {
		const enum gh_status s = gh_sql_step(st, stmt, &row, err);

		if (s != GH_OK)
			return s;
		if (!row)
			break;
		gh_column_text(stmt, 1, *n ? other : said, SAID_CAP);
		if (*n && strcmp(said, other) != 0)
			break;
		started_s[(*n)++] = sqlite3_column_int64(stmt, 0);
	}
	/* Without one before, the first run is news unless all is well. */
	*changed = *n == 1 &&
		   (row ? strcmp(said, other) != 0 : strcmp(said, ";") != 0);
	return GH_OK;
}

enum gh_status gh_store_standing(struct gh_store *st, int64_t run,
				 int64_t *started_s, size_t cap, size_t *n,
				 bool *changed, struct gh_err *err)
{
	sqlite3_stmt *stmt;
	enum gh_status s = gh_sql_prepare(st, said_sql, &stmt, err);

	if (s != GH_OK)
		return s;
	sqlite3_bind_int64(stmt, 1, run);
	s = walk(st, stmt, started_s, cap, n, changed, err);
	sqlite3_finalize(stmt);
	return s;
}
