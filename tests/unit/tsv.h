/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tsv - reads a table of ../shared/data (its README.md says what is in it):
 * lines "# key<TAB>value", one row of column names, rows of cells, NA for a
 * missing value. $GH_SHARED names another place.
 */
#ifndef GH_TESTS_TSV_H
#define GH_TESTS_TSV_H

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TSV_COLUMNS = 40, TSV_KEYS = 12 };

struct tsv {
	char *text; /* the file, cut into strings; owned */
	const char *keys[TSV_KEYS], *values[TSV_KEYS];
	size_t n_keys;
	const char *names[TSV_COLUMNS];
	size_t n_columns;
	const char **cells; /* row after row; owned */
	size_t n_rows;
};

static inline FILE *tsv_file(const char *name)
{
	const char *shared = getenv("GH_SHARED");
	char path[512];

	snprintf(path, sizeof path, "%s/data/%s", shared ? shared : "../shared",
		 name);
	return fopen(path, "r");
}

static inline char *tsv_slurp(FILE *f)
{
	size_t n = 0, cap = 1 << 16;
	char *text = malloc(cap);

	while (text) {
		n += fread(text + n, 1, cap - n - 1, f);
		if (n < cap - 1)
			break;
		cap *= 2;
		text = realloc(text, cap);
	}
	if (text)
		text[n] = '\0';
	return text;
}

/* Cuts a line at its tabs; how many pieces there were, at most cap. */
static inline size_t tsv_cut(char *line, const char **out, size_t cap)
{
	size_t n = 0;

	for (char *tab = line; tab && n < cap; line = tab) {
		tab = strchr(line, '\t');
		if (tab)
			*tab++ = '\0';
		out[n++] = line;
	}
	return n;
}

static inline void tsv_line(struct tsv *t, char *line)
{
	const char *two[2];

	if (strncmp(line, "# ", 2) == 0) {
		if (t->n_keys < TSV_KEYS && tsv_cut(line + 2, two, 2) == 2) {
			t->keys[t->n_keys] = two[0];
			t->values[t->n_keys++] = two[1];
		}
	} else if (t->n_columns == 0) {
		t->n_columns = tsv_cut(line, t->names, TSV_COLUMNS);
	} else if (tsv_cut(line, &t->cells[t->n_rows * t->n_columns],
			   t->n_columns) == t->n_columns) {
		t->n_rows++;
	}
}

/* False, and nothing to free: the file is not there. */
static inline bool tsv_read(struct tsv *t, const char *name)
{
	FILE *f = tsv_file(name);
	size_t lines = 0;

	*t = (struct tsv){ 0 };
	if (!f)
		return false;
	t->text = tsv_slurp(f);
	(void)fclose(f);
	for (const char *c = t->text; c && *c; c++)
		lines += *c == '\n';
	t->cells = calloc((lines + 1) * TSV_COLUMNS, sizeof *t->cells);
	for (char *line = t->text, *end; t->cells && line; line = end) {
		end = strchr(line, '\n');
		if (end)
			*end++ = '\0';
		tsv_line(t, line);
	}
	return t->cells != NULL;
}

static inline void tsv_free(struct tsv *t)
{
	free(t->cells);
	free(t->text);
}

/* -1: no such column. */
static inline int tsv_column(const struct tsv *t, const char *name)
{
	for (size_t c = 0; c < t->n_columns; c++)
		if (strcmp(t->names[c], name) == 0)
			return (int)c;
	return -1;
}

/* NULL: no such key. */
static inline const char *tsv_key(const struct tsv *t, const char *name)
{
	for (size_t k = 0; k < t->n_keys; k++)
		if (strcmp(t->keys[k], name) == 0)
			return t->values[k];
	return NULL;
}

static inline const char *tsv_cell(const struct tsv *t, size_t row,
				   const char *column)
{
	const int c = tsv_column(t, column);

	return c < 0 ? "NA" : t->cells[row * t->n_columns + (size_t)c];
}

/* NAN: missing. */
static inline double tsv_number(const struct tsv *t, size_t row,
				const char *column)
{
	const char *cell = tsv_cell(t, row, column);

	return strcmp(cell, "NA") == 0 ? NAN : strtod(cell, NULL);
}

#endif
