/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * baseline_get - a baseline as the judge wants it. The run under test is never
 * among its own references: compared with itself anything looks healthy.
 */
#include "store/private.h" /* struct gh_store */

#include <stdlib.h>
#include <string.h>

/* The members that count, numbered from 0; sessions too. ?1 baseline, ?2 run */
#define MEMBERS                                                                \
	"WITH member AS (SELECT m.run AS run, "                                \
	"row_number() OVER (ORDER BY m.n) - 1 AS r, "                          \
	"dense_rank() OVER (ORDER BY run.session) - 1 AS s "                   \
	"FROM baseline_member m JOIN run ON run.run = m.run "                  \
	"WHERE m.baseline = ?1 AND m.run <> ?2) "

#define VALUES                                                                 \
	"FROM member JOIN measure x ON x.run = member.run "                    \
	"WHERE x.reason = 'NONE' "

static enum gh_status prepare(struct gh_store *st, const char *sql,
			      int64_t baseline, int64_t run, sqlite3_stmt **out,
			      struct gh_err *err)
{
	const enum gh_status s = gh_sql_prepare(st, sql, out, err);

	if (s == GH_OK) {
		sqlite3_bind_int64(*out, 1, baseline);
		sqlite3_bind_int64(*out, 2, run);
	}
	return s;
}

static enum gh_status find(struct gh_store *st, const char *name,
			   const char *serial, struct gh_baseline *b,
			   struct gh_err *err)
{
	struct gh_baseline_info info;
	const enum gh_status s =
		gh_store_baseline_find(st, name, serial, &info, err);

	if (s != GH_OK)
		return s;
	b->id = info.id;
	b->sealed = info.sealed;
	gh_copy_text(b->name, sizeof b->name, info.name);
	gh_copy_text(b->sha256, sizeof b->sha256, info.sha256);
	return GH_OK;
}

/* How many members and sessions, and the key they all share. */
static enum gh_status count_members(struct gh_store *st, int64_t run,
				    struct gh_baseline *b, struct gh_err *err)
{
	sqlite3_stmt *stmt;
	int64_t first = 0;
	bool row = false;
	enum gh_status s;

	s = prepare(st,
		    MEMBERS "SELECT count(*), ifnull(max(s) + 1, 0), "
			    "ifnull(min(run), 0) FROM member",
		    b->id, run, &stmt, err);
	if (s != GH_OK)
		return s;
	s = gh_sql_step(st, stmt, &row, err);
	if (s == GH_OK && row) {
		b->runs = (unsigned)sqlite3_column_int64(stmt, 0);
		b->sessions = (unsigned)sqlite3_column_int64(stmt, 1);
		first = sqlite3_column_int64(stmt, 2);
	}
	sqlite3_finalize(stmt);
	return s == GH_OK ? gh_key_read(st, first, &b->key, err) : s;
}

static enum gh_status allocate(struct gh_store *st, int64_t run,
			       const struct gh_baseline *b,
			       struct gh_base_value **out, size_t *cap,
			       struct gh_err *err)
{
	sqlite3_stmt *stmt;
	bool row = false;
	enum gh_status s;

	s = prepare(st, MEMBERS "SELECT count(*) " VALUES, b->id, run, &stmt,
		    err);
	if (s != GH_OK)
		return s;
	s = gh_sql_step(st, stmt, &row, err);
	if (s == GH_OK)
		*cap = (size_t)sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	if (s != GH_OK)
		return s;
	*out = calloc(*cap + 1, sizeof **out);
	if (!*out)
		return gh_fail(err, GH_NOMEM, "%s: out of memory",
			       gh_path_shown(st->path));
	return GH_OK;
}

/* Sorted as strcmp() sorts: the judge searches in them. */
static enum gh_status read_values(struct gh_store *st, int64_t run,
				  struct gh_baseline *b,
				  struct gh_base_value *values, size_t cap,
				  struct gh_err *err)
{
	sqlite3_stmt *stmt = NULL;
	bool row = true;
	enum gh_status s;

	/* The columns of gh_table_base_value */
	s = prepare(st,
		    MEMBERS "SELECT x.part, x.id, x.version, member.r, "
			    "member.s, x.v0, x.v1, x.v2, x.rep00, x.rep01, "
			    "x.rep02, x.rep10, x.rep11, x.rep12 " VALUES
			    "ORDER BY x.id, x.part, member.r",
		    b->id, run, &stmt, err);
	while (s == GH_OK) {
		s = gh_sql_step(st, stmt, &row, err);
		if (s != GH_OK || !row || b->n_values == cap)
			break;
		s = gh_columns_read(st, stmt, 0, &gh_table_base_value, NULL,
				    &values[b->n_values++], err);
	}
	sqlite3_finalize(stmt);
	return s;
}

enum gh_status gh_store_baseline_get(struct gh_store *st, const char *name,
				     const char *serial, int64_t run,
				     struct gh_baseline *out,
				     struct gh_err *err)
{
	struct gh_base_value *values = NULL;
	struct gh_baseline b;
	size_t cap = 0;
	enum gh_status s;

	memset(&b, 0, sizeof b);
	s = find(st, name, serial, &b, err);
	if (s == GH_OK)
		s = count_members(st, run, &b, err);
	if (s == GH_OK)
		s = allocate(st, run, &b, &values, &cap, err);
	if (s == GH_OK)
		s = read_values(st, run, &b, values, cap, err);
	if (s != GH_OK) {
		free(values);
		return s;
	}
	b.values = values;
	*out = b;
	return GH_OK;
}

void gh_baseline_free(struct gh_baseline *b)
{
	union {
		const void *given;
		void *ours;
	} u = { b->values };

	free(u.ours);
	memset(b, 0, sizeof *b);
}
