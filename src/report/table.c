/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/table.h"

#include "base/number.h"       /* gh_number_text */
#include "base/text.h"	       /* gh_make_human */
#include "report/json.h"       /* gh_json_text */
#include "report/table_json.h" /* gh_table_rows_json */

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS_MAX = 32 };

bool gh_table_init(struct gh_table *t, size_t rows)
{
	t->n_rows = 0;
	/* One more: calloc of nothing may answer NULL. */
	t->cells = calloc(rows * t->n_columns + 1, sizeof *t->cells);
	return t->cells != NULL;
}

void gh_table_finish(struct gh_table *t)
{
	free(t->cells);
	t->cells = NULL;
	t->n_rows = 0;
}

struct gh_cell *gh_table_add(struct gh_table *t)
{
	struct gh_cell *row = &t->cells[t->n_rows++ * t->n_columns];

	for (unsigned c = 0; c < t->n_columns; c++)
		row[c].number = NAN;
	return row;
}

void gh_cell_put(struct gh_cell *cell, const char *text)
{
	gh_copy_text(cell->text, sizeof cell->text, text);
}

void gh_cell_value(struct gh_cell *cell, double value, enum gh_unit unit)
{
	cell->number = value;
	cell->unit = unit;
}

const struct gh_cell *gh_table_cell(const struct gh_table *t, size_t row,
				    unsigned column)
{
	return &t->cells[row * t->n_columns + column];
}

void gh_cell_text(const struct gh_cell *cell, enum gh_cell_kind kind, char *out,
		  size_t cap)
{
	if (kind == GH_CELL_TEXT) {
		snprintf(out, cap, "%s", cell->text);
		gh_make_human(out);
	} else if (!isfinite(cell->number))
		snprintf(out, cap, "-");
	else if (kind == GH_CELL_BOOL)
		snprintf(out, cap, "%s", cell->number > 0.5 ? "yes" : "no");
	else if (kind == GH_CELL_COUNT)
		snprintf(out, cap, "%.0f", cell->number);
	else if (kind == GH_CELL_VALUE)
		gh_number_text(cell->number, cell->unit, out, cap);
	else
		snprintf(out, cap, "%.4g", cell->number);
}

static int width_of(const struct gh_table *t, unsigned column)
{
	size_t width = strlen(t->columns[column].title);
	char text[sizeof t->cells->text];

	for (size_t r = 0; r < t->n_rows; r++) {
		gh_cell_text(gh_table_cell(t, r, column),
			     t->columns[column].kind, text, sizeof text);
		if (strlen(text) > width)
			width = strlen(text);
	}
	return (int)width;
}

static bool is_last(const struct gh_table *t, unsigned column)
{
	while (++column < t->n_columns)
		if (t->columns[column].title)
			return false;
	return true;
}

/* Row -1 is the titles. The last column is as long as it is. */
static void print_row(const struct gh_table *t, const int *widths, long row,
		      FILE *out)
{
	char text[sizeof t->cells->text];

	for (unsigned c = 0; c < t->n_columns; c++) {
		const struct gh_column *col = &t->columns[c];

		if (!col->title)
			continue;
		if (row < 0)
			snprintf(text, sizeof text, "%s", col->title);
		else
			gh_cell_text(gh_table_cell(t, (size_t)row, c),
				     col->kind, text, sizeof text);
		if (is_last(t, c))
			fprintf(out, "%s\n", text);
		else
			fprintf(out, "%-*s  ", widths[c], text);
	}
}

void gh_table_text(const struct gh_table *t, FILE *out)
{
	int widths[COLUMNS_MAX] = { 0 };

	assert(t->n_columns <= COLUMNS_MAX);
	if (t->n_rows == 0) {
		fprintf(out, "%s\n", t->none);
		return;
	}
	for (unsigned c = 0; c < t->n_columns; c++)
		widths[c] = t->columns[c].title ? width_of(t, c) : 0;
	for (long r = -1; r < (long)t->n_rows; r++)
		print_row(t, widths, r, out);
}

json_t *gh_cell_json(const struct gh_cell *cell, enum gh_cell_kind kind)
{
	if (kind == GH_CELL_TEXT)
		return gh_json_text(cell->text);
	if (!isfinite(cell->number))
		return json_null();
	if (kind == GH_CELL_BOOL)
		return json_boolean(cell->number > 0.5);
	if (kind == GH_CELL_COUNT)
		return json_integer((json_int_t)cell->number);
	return json_real(cell->number);
}

static json_t *row_json(const struct gh_table *t, size_t row)
{
	json_t *object = json_object();

	for (unsigned c = 0; object && c < t->n_columns; c++)
		gh_json_set(&object, t->columns[c].key,
			    gh_cell_json(gh_table_cell(t, row, c),
					 t->columns[c].kind));
	return object;
}

json_t *gh_table_rows_json(const struct gh_table *t)
{
	json_t *list = json_array();

	for (size_t r = 0; list && r < t->n_rows; r++)
		gh_json_push(&list, row_json(t, r));
	return list;
}

bool gh_table_json(const struct gh_table *t, FILE *out)
{
	json_t *root;
	bool ok;

	root = json_pack("{s:i, s:s, s:o}", "schema", 1, "tool", "ghostlight",
			 t->name, gh_table_rows_json(t));
	ok = root && json_dumpf(root, out, JSON_INDENT(1)) == 0 &&
	     fputc('\n', out) != EOF;
	json_decref(root);
	return ok;
}

bool gh_table_json_line(const struct gh_table *t, size_t row, FILE *out)
{
	json_t *object = row_json(t, row);
	const bool ok =
		object &&
		json_object_set_new(object, "schema", json_integer(1)) == 0 &&
		json_dumpf(object, out, JSON_COMPACT) == 0 &&
		fputc('\n', out) != EOF && fflush(out) == 0;

	json_decref(object);
	return ok;
}
