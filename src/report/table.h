/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * table - lists (history, baselines, devices, paths) as text in columns or as
 * JSON, from the same cells.
 */
#ifndef GH_REPORT_TABLE_H
#define GH_REPORT_TABLE_H

#include "base/part.h" /* enum gh_unit */

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum gh_cell_kind {
	GH_CELL_TEXT,
	GH_CELL_NUMBER,
	GH_CELL_VALUE, /* of a unit: people read 871 mA, machines 0.871 */
	GH_CELL_COUNT,
	GH_CELL_BOOL
};

struct gh_column {
	const char *key;   /* in JSON */
	const char *title; /* in text, NULL: not shown there */
	enum gh_cell_kind kind;
};

struct gh_cell {
	char text[240]; /* TEXT; a command of doctor is never cut */
	double number;	/* others; NAN is empty and null */
	enum gh_unit unit; /* VALUE */
};

struct gh_table {
	const char *name; /* of the list in JSON */
	const char *none; /* what to say when it is empty */
	const struct gh_column *columns;
	unsigned n_columns;
	struct gh_cell *cells; /* n_rows * n_columns, row by row */
	size_t n_rows;
};

/* Cells for so many rows on the heap; false: no memory. */
bool gh_table_init(struct gh_table *t, size_t rows);
void gh_table_finish(struct gh_table *t);

/* Appends a row of empty cells and returns its first. */
struct gh_cell *gh_table_add(struct gh_table *t);

const struct gh_cell *gh_table_cell(const struct gh_table *t, size_t row,
				    unsigned column);

/* Fill one: a text that is too long is cut. */
void gh_cell_put(struct gh_cell *cell, const char *text);
void gh_cell_value(struct gh_cell *cell, double value, enum gh_unit unit);

/* As it stands in a column; "-" for a number that is none. */
void gh_cell_text(const struct gh_cell *cell, enum gh_cell_kind kind, char *out,
		  size_t cap);

void gh_table_text(const struct gh_table *t, FILE *out);
/* {"schema":1,"tool":"ghostlight",NAME:[{...}]}; false: no memory. */
bool gh_table_json(const struct gh_table *t, FILE *out);

/* The row as one line of JSON Lines; false: no memory or not written. */
bool gh_table_json_line(const struct gh_table *t, size_t row, FILE *out);

#endif
