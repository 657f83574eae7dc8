/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * column - one field of a struct to one column and back, by type. What a file
 * says is checked here: a word that is none of ours, a part that the run does
 * not have or a block of odd size is a damaged file.
 */
#include "store/private.h" /* struct gh_column */

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One field: where it lies and what is needed to understand it. */
struct field {
	struct gh_store *st;
	sqlite3_stmt *stmt;
	int i; /* parameter or column */
	const struct gh_column *c;
	const struct gh_part_list *parts;
	const char *object; /* the struct; bind reads it */
	char *into;	    /* the same, read fills it */
	bool *starved;	    /* set where read got no memory */
};

/* Of what a read asked for. */
static bool has_memory(const struct field *f, const void *given)
{
	*f->starved = !given;
	return given != NULL;
}

/* The enums that are stored have no negative value and the size of an int. */
_Static_assert(sizeof(enum gh_reason) == sizeof(unsigned), "enum size");

/* A type cannot stand in parentheses. NOLINTBEGIN(bugprone-macro-parentheses) */
#define GET(type, name)                                                        \
	type name;                                                             \
	memcpy(&name, f->object + f->c->at, sizeof name)
/* NOLINTEND(bugprone-macro-parentheses) */
#define SET(value) memcpy(f->into + f->c->at, &(value), sizeof(value))

/* ---- Struct to row ---------------------------------------------------------*/

static int bind_text(const struct field *f)
{
	return sqlite3_bind_text(f->stmt, f->i, f->object + f->c->at, -1,
				 SQLITE_STATIC);
}

static int bind_ptr(const struct field *f)
{
	GET(const char *, text);
	return sqlite3_bind_text(f->stmt, f->i, text, -1, SQLITE_STATIC);
}

static int bind_int(const struct field *f)
{
	GET(int, value);
	return sqlite3_bind_int(f->stmt, f->i, value);
}

static int bind_uint(const struct field *f)
{
	GET(unsigned, value);
	return sqlite3_bind_int64(f->stmt, f->i, value);
}

static int bind_i64(const struct field *f)
{
	GET(int64_t, value);
	return sqlite3_bind_int64(f->stmt, f->i, value);
}

static int bind_bool(const struct field *f)
{
	GET(bool, value);
	return sqlite3_bind_int(f->stmt, f->i, value);
}

static int bind_real(const struct field *f)
{
	GET(double, value);
	return sqlite3_bind_double(f->stmt, f->i, value);
}

static int bind_word(const struct field *f)
{
	GET(unsigned, value);
	return sqlite3_bind_text(f->stmt, f->i, f->c->words->name(value), -1,
				 SQLITE_STATIC);
}

static int bind_part(const struct field *f)
{
	GET(int, part);
	if (part < 0 || (unsigned)part >= f->parts->n)
		return sqlite3_bind_null(f->stmt, f->i);
	return sqlite3_bind_text(f->stmt, f->i, f->parts->parts[part].name, -1,
				 SQLITE_STATIC);
}

static size_t count_of(const struct field *f)
{
	size_t n;

	memcpy(&n, f->object + f->c->cap, sizeof n);
	return n;
}

/* Blocks are little-endian on every machine. */
static void put_le(unsigned char *out, uint64_t value, size_t bytes)
{
	for (size_t b = 0; b < bytes; b++)
		out[b] = (unsigned char)(value >> (8 * b));
}

static uint64_t get_le(const unsigned char *in, size_t bytes)
{
	uint64_t value = 0;

	for (size_t b = 0; b < bytes; b++)
		value |= (uint64_t)in[b] << (8 * b);
	return value;
}

static int bind_raw(const struct field *f)
{
	const size_t n = count_of(f);
	unsigned char *block = sqlite3_malloc64(n * 2 + 1);
	GET(const int16_t *, raw);

	if (!block)
		return SQLITE_NOMEM;
	for (size_t k = 0; k < n; k++)
		put_le(block + 2 * k, (uint16_t)raw[k], 2);
	return sqlite3_bind_blob64(f->stmt, f->i, block, n * 2, sqlite3_free);
}

static int bind_times(const struct field *f)
{
	const size_t n = count_of(f);
	unsigned char *block;
	GET(const int64_t *, times);

	if (!times)
		return sqlite3_bind_null(f->stmt, f->i);
	block = sqlite3_malloc64(n * 8 + 1);
	if (!block)
		return SQLITE_NOMEM;
	for (size_t k = 0; k < n; k++)
		put_le(block + 8 * k, (uint64_t)times[k], 8);
	return sqlite3_bind_blob64(f->stmt, f->i, block, n * 8, sqlite3_free);
}

/* ---- Row to struct; false: damaged ---------------------------------------*/

static bool read_text(const struct field *f)
{
	gh_column_text(f->stmt, f->i, f->into + f->c->at, f->c->cap);
	return true;
}

static bool read_ptr(const struct field *f)
{
	char text[256];
	const char *kept = NULL;

	if (sqlite3_column_type(f->stmt, f->i) != SQLITE_NULL) {
		gh_column_text(f->stmt, f->i, text, sizeof text);
		kept = gh_store_text(f->st, text);
		if (!has_memory(f, kept))
			return false;
	}
	SET(kept);
	return true;
}

static bool read_int(const struct field *f)
{
	const int64_t wide = sqlite3_column_int64(f->stmt, f->i);
	const int value = (int)wide;

	SET(value);
	return wide >= INT_MIN && wide <= INT_MAX;
}

static bool read_uint(const struct field *f)
{
	const int64_t wide = sqlite3_column_int64(f->stmt, f->i);
	const unsigned value = (unsigned)wide;

	SET(value);
	return wide >= 0 && wide <= UINT_MAX;
}

static bool read_i64(const struct field *f)
{
	const int64_t value = sqlite3_column_int64(f->stmt, f->i);

	SET(value);
	return true;
}

static bool read_bool(const struct field *f)
{
	const bool value = sqlite3_column_int(f->stmt, f->i) != 0;

	SET(value);
	return true;
}

static bool read_real(const struct field *f)
{
	double value = NAN;

	if (sqlite3_column_type(f->stmt, f->i) != SQLITE_NULL)
		value = sqlite3_column_double(f->stmt, f->i);
	SET(value);
	return true;
}

static bool read_word(const struct field *f)
{
	char text[64];

	gh_column_text(f->stmt, f->i, text, sizeof text);
	for (unsigned value = 0; value < f->c->words->n; value++) {
		if (strcmp(f->c->words->name(value), text) == 0) {
			SET(value);
			return true;
		}
	}
	return false;
}

static bool read_part(const struct field *f)
{
	char name[GH_NAME_CAP];
	int part = -1;

	if (sqlite3_column_type(f->stmt, f->i) != SQLITE_NULL) {
		gh_column_text(f->stmt, f->i, name, sizeof name);
		part = (int)f->parts->n - 1;
		while (part >= 0 &&
		       strcmp(f->parts->parts[part].name, name) != 0)
			part--;
		if (part < 0)
			return false;
	}
	SET(part);
	return true;
}

/* n + 1 so that an empty block is not NULL */
static bool read_raw(const struct field *f)
{
	const unsigned char *block = sqlite3_column_blob(f->stmt, f->i);
	const size_t bytes = (size_t)sqlite3_column_bytes(f->stmt, f->i);
	const size_t n = bytes / 2;
	int16_t *raw = calloc(n + 1, sizeof *raw);

	if (!has_memory(f, raw))
		return false;
	for (size_t k = 0; k < n; k++)
		raw[k] = (int16_t)(uint16_t)get_le(block + 2 * k, 2);
	SET(raw);
	memcpy(f->into + f->c->cap, &n, sizeof n);
	return bytes % 2 == 0;
}

/* Its column comes after the values', which say how many there are. */
static bool read_times(const struct field *f)
{
	const unsigned char *block = sqlite3_column_blob(f->stmt, f->i);
	const size_t bytes = (size_t)sqlite3_column_bytes(f->stmt, f->i);
	const size_t n = count_of(f);
	int64_t *times;

	if (sqlite3_column_type(f->stmt, f->i) == SQLITE_NULL)
		return true;
	if (bytes != n * 8)
		return false;
	times = calloc(n + 1, sizeof *times);
	if (!has_memory(f, times))
		return false;
	for (size_t k = 0; k < n; k++)
		times[k] = (int64_t)get_le(block + 8 * k, 8);
	SET(times);
	return true;
}

static const struct {
	int (*bind)(const struct field *f);
	bool (*read)(const struct field *f);
} types[GH_COL_TYPES] = {
	[GH_COL_TEXT] = { bind_text, read_text },
	[GH_COL_PTR] = { bind_ptr, read_ptr },
	[GH_COL_INT] = { bind_int, read_int },
	[GH_COL_UINT] = { bind_uint, read_uint },
	[GH_COL_I64] = { bind_i64, read_i64 },
	[GH_COL_BOOL] = { bind_bool, read_bool },
	[GH_COL_REAL] = { bind_real, read_real },
	[GH_COL_WORD] = { bind_word, read_word },
	[GH_COL_PART] = { bind_part, read_part },
	[GH_COL_RAW] = { bind_raw, read_raw },
	[GH_COL_TIMES] = { bind_times, read_times },
};

enum gh_status gh_columns_read(struct gh_store *st, sqlite3_stmt *stmt,
			       int first, const struct gh_table *t,
			       const struct gh_part_list *parts, void *object,
			       struct gh_err *err)
{
	bool starved = false;
	struct field f = {
		.st = st, .stmt = stmt, .parts = parts, .starved = &starved
	};

	f.object = f.into = object;
	for (int i = 0; i < t->n; i++) {
		f.c = &t->columns[i];
		f.i = first + i;
		if (types[f.c->type].read(&f))
			continue;
		if (starved)
			return gh_fail(err, GH_NOMEM,
				       "%s: out of memory for '%s'",
				       gh_path_shown(st->path), t->name);
		if (sqlite3_errcode(st->db) == SQLITE_NOMEM)
			return gh_sql_fail(st, err);
		return gh_sql_damaged(st, t->name, err);
	}
	return GH_OK;
}

bool gh_columns_bind(sqlite3_stmt *stmt, int first, const struct gh_table *t,
		     const struct gh_part_list *parts, const void *object)
{
	struct field f = { .stmt = stmt, .parts = parts, .object = object };

	for (int i = 0; i < t->n; i++) {
		f.c = &t->columns[i];
		f.i = first + i;
		if (types[f.c->type].bind(&f) != SQLITE_OK)
			return false;
	}
	return true;
}
