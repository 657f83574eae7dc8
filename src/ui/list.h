/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * list - the answer of a verb as a screen: lines above, one table of it with a
 * cursor and a filter, lines below. The cells are those of its --json.
 */
#ifndef GH_UI_LIST_H
#define GH_UI_LIST_H

#include "ui/canvas.h" /* struct gh_canvas */
#include "ui/model.h"  /* struct gh_ui_model */

/* Under this key a number of 0 to 1 is drawn as a bar. */
#define GH_LIST_SHARE "share"

/* A column as this screen wants it; those not named are not shown. */
struct gh_list_column {
	const char *key; /* of the table */
	int width;	 /* columns; 0: what the others leave */
	int least;	 /* the narrowest window that has it */
};

/* A row with the word in any of its cells, whatever the case; "": every row. */
bool gh_list_matches(const struct gh_table *t, size_t row, const char *word);

/* Rows of the page's table of m->doc that the filter lets through. */
unsigned gh_list_rows(const struct gh_ui_model *m);

/* The text of a cell; "": there is no such column. */
const char *gh_list_cell(const struct gh_table *t, size_t row, const char *key);

/*
 * The cell of that key in the selected row, as text; false: no row or no such
 * column, and out is "".
 */
bool gh_list_text(const struct gh_ui_model *m, const char *key, char *out,
		  size_t cap);

/*
 * Draws rows y to end - 1: the lines above the table, titles, rows around the
 * cursor, the lines below. verdict: key of the column with READY, HOLD ...,
 * which gets its sign and ink; NULL: none. columns: {0} at the end. Returns the
 * first row that is free.
 */
int gh_list_draw(const struct gh_ui_model *m, struct gh_canvas *c, int y,
		 int end, const struct gh_list_column *columns,
		 const char *verdict);

/* The filter and the table alone, in rows y to end - 1; the first free row. */
int gh_list_table(const struct gh_ui_model *m, struct gh_canvas *c, int y,
		  int end, const struct gh_list_column *columns,
		  const char *verdict);

/* Another table of the answer, without a cursor; the first free row. */
int gh_list_rest(const struct gh_table *t, struct gh_canvas *c, int y, int end,
		 const struct gh_list_column *columns, const char *verdict);

/* The lines below the table; the first free row. */
int gh_list_draw_below(const struct gh_ui_model *m, struct gh_canvas *c, int y,
		       int end);

#endif
