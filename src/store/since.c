/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/since.h"
#include "store/private.h" /* struct gh_store */

#include <string.h>

enum gh_status gh_store_last_judged(struct gh_store *st, const char *serial,
				    int64_t *run, struct gh_err *err)
{
	const enum gh_status s = gh_last(st, serial, true, run, err);

	return s == GH_NODATA ? gh_store_last_run(st, serial, run, err) : s;
}

/* By the index: the runs of ten years before it are not looked at. */
static const char later_sql[] =
	"SELECT l.run, l.boot <> '' AND r.boot <> '' AND l.boot <> r.boot, "
	"l.port <> r.port, l.firmware <> '' AND l.firmware <> r.firmware, "
	"l.firmware FROM run r LEFT JOIN origin o ON o.run = r.run AND "
	"o.store = (SELECT store FROM self) JOIN run l ON l.serial = r.serial "
	"AND l.run >= ifnull(o.number, r.run) AND (l.run > ifnull(o.number, "
	"r.run) OR l.started_s > r.started_s) AND l.simulated = r.simulated "
	"AND l.port NOT GLOB '" GH_PORT_REPLAY "*' AND l.run NOT IN (SELECT "
	"run FROM origin) "
	"WHERE r.run = ?1 ORDER BY l.run DESC LIMIT 1";

static enum gh_status find_later(struct gh_store *st, int64_t run,
				 struct gh_since *out, struct gh_err *err)
{
	sqlite3_stmt *stmt;
	bool row = false;
	enum gh_status s = gh_sql_prepare(st, later_sql, &stmt, err);

	if (s != GH_OK)
		return s;
	sqlite3_bind_int64(stmt, 1, run);
	s = gh_sql_step(st, stmt, &row, err);
	if (s == GH_OK && row) {
		out->later = sqlite3_column_int64(stmt, 0);
		out->rebooted = sqlite3_column_int(stmt, 1) != 0;
		out->replugged = sqlite3_column_int(stmt, 2) != 0;
		out->reflashed = sqlite3_column_int(stmt, 3) != 0;
		gh_column_text(stmt, 4, out->firmware, sizeof out->firmware);
	}
	sqlite3_finalize(stmt);
	return s;
}

static enum gh_status find_mark(struct gh_store *st, int64_t run,
				struct gh_since *out, struct gh_err *err)
{
	const struct gh_place to = { &gh_table_remark, &out->mark,
				     sizeof out->mark, 1 };
	struct gh_sql_text q = { .used = 0 };
	sqlite3_stmt *stmt;
	size_t n = 0;
	enum gh_status s;

	gh_sql_add(&q, "SELECT ");
	gh_sql_add_columns(&q, &gh_table_remark);
	gh_sql_add(&q, " FROM remark_list WHERE kind IN ('transport', "
		       "'repair') AND (after_run >= ?1 OR at_s >= (SELECT "
		       "started_s FROM run JOIN origin USING (run) WHERE run "
		       "= ?1 AND store = (SELECT store FROM self))) AND "
		       "(serial = '' OR "
		       "serial = (SELECT serial FROM run WHERE run = ?1)) "
		       "ORDER BY remark DESC LIMIT 1");
	s = gh_sql_prepare(st, q.text, &stmt, err);
	if (s != GH_OK)
		return s;
	sqlite3_bind_int64(stmt, 1, run);
	s = gh_rows_read(st, stmt, &to, NULL, &n, err);
	out->marked = n > 0;
	return s;
}

enum gh_status gh_store_since(struct gh_store *st, int64_t run,
			      struct gh_since *out, struct gh_err *err)
{
	enum gh_status s;

	memset(out, 0, sizeof *out);
	s = find_later(st, run, out, err);
	return s == GH_OK ? find_mark(st, run, out, err) : s;
}
