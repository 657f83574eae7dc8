/* SPDX-License-Identifier: GPL-3.0-or-later */
/* table - many structs to rows and back, by their gh_table. */
#include "store/private.h" /* struct gh_table */

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void gh_sql_add(struct gh_sql_text *q, const char *more)
{
	const size_t n = strlen(more);

	/* Only texts of our own come here; the longest has 1.9 kB. */
	assert(q->used + n < sizeof q->text);
	memcpy(q->text + q->used, more, n + 1);
	q->used += n;
}

void gh_sql_add_columns(struct gh_sql_text *q, const struct gh_table *t)
{
	for (int i = 0; i < t->n; i++) {
		gh_sql_add(q, i ? ", " : "");
		gh_sql_add(q, t->columns[i].name);
	}
}

static int count_keys(const struct gh_table *t)
{
	int n = 0;

	while (n < GH_TABLE_KEYS && t->keys[n])
		n++;
	return n;
}

static void add_insert(struct gh_sql_text *q, const struct gh_table *t)
{
	const int n_keys = count_keys(t);

	gh_sql_add(q, "INSERT INTO ");
	gh_sql_add(q, t->name);
	gh_sql_add(q, " (");
	for (int i = 0; i < n_keys; i++) {
		gh_sql_add(q, t->keys[i]);
		gh_sql_add(q, ", ");
	}
	gh_sql_add_columns(q, t);
	gh_sql_add(q, ") VALUES (?");
	for (int i = 1; i < n_keys + t->n; i++)
		gh_sql_add(q, ", ?");
	gh_sql_add(q, ")");
}

enum gh_status gh_writer_open(struct gh_writer *w, struct gh_store *st,
			      const struct gh_table *t,
			      const struct gh_part_list *parts,
			      struct gh_err *err)
{
	struct gh_sql_text q = { .used = 0 };

	*w = (struct gh_writer){ .st = st, .table = t, .parts = parts };
	w->n_keys = count_keys(t);
	add_insert(&q, t);
	return gh_sql_prepare(st, q.text, &w->stmt, err);
}

enum gh_status gh_writer_put(struct gh_writer *w, const int64_t *keys,
			     const void *object, struct gh_err *err)
{
	bool row;
	enum gh_status s;

	assert(w->n_keys <= GH_TABLE_KEYS);
	for (int i = 0; i < w->n_keys; i++)
		sqlite3_bind_int64(w->stmt, i + 1, keys[i]);
	if (!gh_columns_bind(w->stmt, w->n_keys + 1, w->table, w->parts,
			     object))
		return gh_fail(err, GH_NOMEM, "%s: out of memory for '%s'",
			       gh_path_shown(w->st->path), w->table->name);
	s = gh_sql_step(w->st, w->stmt, &row, err);
	sqlite3_reset(w->stmt);
	return s;
}

void gh_writer_close(struct gh_writer *w)
{
	sqlite3_finalize(w->stmt);
}

enum gh_status gh_table_write(struct gh_store *st, int64_t run,
			      const struct gh_array *rows,
			      const struct gh_part_list *parts,
			      struct gh_err *err)
{
	const char *base = rows->base;
	struct gh_writer w;
	enum gh_status s;

	if (rows->n == 0)
		return GH_OK;
	s = gh_writer_open(&w, st, rows->table, parts, err);
	for (size_t i = 0; s == GH_OK && i < rows->n; i++) {
		const int64_t keys[GH_TABLE_KEYS] = { run, (int64_t)i };

		s = gh_writer_put(&w, keys, base + i * rows->stride, err);
	}
	gh_writer_close(&w);
	return s;
}

/* SELECT what FROM t WHERE the first keys are these */
static enum gh_status select_by(struct gh_store *st, const struct gh_table *t,
				const char *what, const int64_t *keys,
				int n_keys, sqlite3_stmt **out,
				struct gh_err *err)
{
	struct gh_sql_text q = { .used = 0 };
	enum gh_status s;

	gh_sql_add(&q, "SELECT ");
	gh_sql_add(&q, what ? what : "");
	if (!what)
		gh_sql_add_columns(&q, t);
	gh_sql_add(&q, " FROM ");
	gh_sql_add(&q, t->name);
	for (int i = 0; i < n_keys; i++) {
		gh_sql_add(&q, i ? " AND " : " WHERE ");
		gh_sql_add(&q, t->keys[i]);
		gh_sql_add(&q, " = ?");
	}
	if (!what && n_keys < count_keys(t)) {
		gh_sql_add(&q, " ORDER BY ");
		gh_sql_add(&q, t->keys[n_keys]);
	}
	s = gh_sql_prepare(st, q.text, out, err);
	for (int i = 0; s == GH_OK && i < n_keys; i++)
		sqlite3_bind_int64(*out, i + 1, keys[i]);
	return s;
}

enum gh_status gh_rows_read(struct gh_store *st, sqlite3_stmt *stmt,
			    const struct gh_place *to,
			    const struct gh_part_list *parts, size_t *n,
			    struct gh_err *err)
{
	char *base = to->base;
	bool row = true;
	enum gh_status s = GH_OK;

	*n = 0;
	while (s == GH_OK) {
		s = gh_sql_step(st, stmt, &row, err);
		if (s != GH_OK || !row)
			break;
		if (*n == to->cap) {
			s = gh_sql_damaged(st, to->table->name, err);
			break;
		}
		s = gh_columns_read(st, stmt, 0, to->table, parts,
				    base + *n * to->stride, err);
		*n += 1; /* also a row read in half: its memory is its own */
	}
	sqlite3_finalize(stmt);
	return s;
}

enum gh_status gh_table_read(struct gh_store *st, const int64_t *keys,
			     int n_keys, const struct gh_place *to,
			     const struct gh_part_list *parts, size_t *n,
			     struct gh_err *err)
{
	sqlite3_stmt *stmt = NULL;
	enum gh_status s;

	*n = 0;
	s = select_by(st, to->table, NULL, keys, n_keys, &stmt, err);
	return s == GH_OK ? gh_rows_read(st, stmt, to, parts, n, err) : s;
}

static enum gh_status count_rows(struct gh_store *st, int64_t run,
				 const struct gh_table *t, size_t *n,
				 struct gh_err *err)
{
	sqlite3_stmt *stmt = NULL;
	bool row;
	enum gh_status s;

	s = select_by(st, t, "count(*)", &run, 1, &stmt, err);
	if (s == GH_OK)
		s = gh_sql_step(st, stmt, &row, err);
	if (s == GH_OK)
		*n = (size_t)sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return s;
}

enum gh_status gh_table_room(struct gh_store *st, int64_t run,
			     struct gh_place *to, struct gh_err *err)
{
	const enum gh_status s = count_rows(st, run, to->table, &to->cap, err);

	to->base = NULL;
	if (s != GH_OK || to->cap == 0)
		return s;
	to->base = calloc(to->cap, to->stride);
	return to->base ? GH_OK
			: gh_fail(err, GH_NOMEM, "%s: out of memory for '%s'",
				  gh_path_shown(st->path), to->table->name);
}
