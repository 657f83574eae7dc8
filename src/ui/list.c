/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/list.h"

#include "report/phrase.h" /* gh_phrase_sign */
#include "ui/rows.h"  /* gh_rows_filter */
#include "ui/words.h" /* gh_words_* */

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { X0 = 3, CELL = 160 };

/* The first is what most answers are about. */
static const struct gh_table *table_of(const struct gh_ui_model *m)
{
	const unsigned at = m->page == GH_PAGE_TREND ? 1 : 0;

	return m->doc && m->doc->n_tables > at ? m->doc->tables[at] : NULL;
}

/* ---- Which rows -----------------------------------------------------------*/

bool gh_list_matches(const struct gh_table *t, size_t row, const char *word)
{
	char text[CELL];

	if (word[0] == '\0')
		return true;
	for (unsigned i = 0; i < t->n_columns; i++) {
		gh_cell_text(gh_table_cell(t, row, i), t->columns[i].kind, text,
			     sizeof text);
		if (gh_words_has(text, word))
			return true;
	}
	return false;
}

unsigned gh_list_rows(const struct gh_ui_model *m)
{
	const struct gh_table *t = table_of(m);
	unsigned n = 0;

	for (size_t r = 0; t && r < t->n_rows; r++)
		n += gh_list_matches(t, r, m->filter);
	return n;
}

/* Row of the table that the nth shown one is; -1: there is none. */
static long nth(const struct gh_ui_model *m, unsigned n)
{
	const struct gh_table *t = table_of(m);

	for (size_t r = 0; t && r < t->n_rows; r++)
		if (gh_list_matches(t, r, m->filter) && n-- == 0)
			return (long)r;
	return -1;
}

const char *gh_list_cell(const struct gh_table *t, size_t row, const char *key)
{
	enum gh_cell_kind kind;
	const struct gh_cell *c = gh_table_find(t, row, key, &kind);

	return c ? c->text : "";
}

static bool cell_text(const struct gh_table *t, long row, const char *key,
		      char *out, size_t cap)
{
	enum gh_cell_kind kind;
	const struct gh_cell *cell =
		row < 0 ? NULL : gh_table_find(t, (size_t)row, key, &kind);

	out[0] = '\0';
	if (cell)
		gh_cell_text(cell, kind, out, cap);
	return cell != NULL;
}

bool gh_list_text(const struct gh_ui_model *m, const char *key, char *out,
		  size_t cap)
{
	return cell_text(table_of(m), nth(m, m->cursor), key, out, cap);
}

/* ---- Drawing --------------------------------------------------------------*/

static int width_of_rest(const struct gh_canvas *c,
			 const struct gh_list_column *columns)
{
	int left = c->w - X0 - 1;

	for (; columns->key; columns++)
		if (columns->width > 0 && c->w >= columns->least)
			left -= columns->width + 1;
	return left > 0 ? left : 0;
}

static const char *title_of(const struct gh_table *t, const char *key)
{
	for (unsigned i = 0; i < t->n_columns; i++)
		if (strcmp(t->columns[i].key, key) == 0)
			return t->columns[i].title ? t->columns[i].title : key;
	return key;
}

/* One cell at x; returns the column after it and the gap. */
static int draw_cell(struct gh_canvas *c, int x, int y, int width,
		     enum gh_ink ink, const char *text, bool is_verdict)
{
	const int v = is_verdict ? gh_words_verdict(text) : -1;

	if (v >= 0)
		gh_canvas_text(c, x, y, gh_words_ink((enum gh_verdict)v),
			       "%s %s", gh_phrase_sign((enum gh_verdict)v),
			       text);
	else if (is_verdict && strcmp(text, "KNOWN") == 0)
		gh_canvas_text(c, x, y, GH_INK_WATCH, "(k) KNOWN");
	else
		gh_canvas_cut(c, x, y, width, ink, text);
	return x + width + 1;
}

/* "[===....]" */
static void draw_bar(struct gh_canvas *c, int x, int y, int width,
		     enum gh_ink ink, const struct gh_cell *cell)
{
	const int room = width - 2;
	const double share = cell ? cell->number : NAN;

	/* Also where there is none. */
	if (!(share >= 0.0 && share <= 1.0))
		return;
	gh_canvas_put(c, x, y, ink, "[");
	for (int i = 0; i < room; i++)
		gh_canvas_put(c, x + 1 + i, y, ink,
			      i < (int)lround(share * room) ? "=" : ".");
	gh_canvas_put(c, x + 1 + room, y, ink, "]");
}

/* row -1: the titles. */
static void draw_row(struct gh_canvas *c, int y, const struct gh_table *t,
		     long row, const struct gh_list_column *columns,
		     const char *verdict, enum gh_ink ink)
{
	const int rest = width_of_rest(c, columns);
	enum gh_cell_kind kind;
	char text[CELL];
	int x = X0;

	for (; columns->key; columns++) {
		const int width = columns->width > 0 ? columns->width : rest;

		if (c->w < columns->least)
			continue;
		if (row >= 0 && strcmp(columns->key, GH_LIST_SHARE) == 0) {
			draw_bar(c, x, y, width, ink,
				 gh_table_find(t, (size_t)row, columns->key,
					       &kind));
			x += width + 1;
			continue;
		}
		if (row < 0)
			gh_copy_text(text, sizeof text,
				     title_of(t, columns->key));
		else
			cell_text(t, row, columns->key, text, sizeof text);
		x = draw_cell(c, x, y, width, ink, text,
			      verdict && row >= 0 &&
				      strcmp(verdict, columns->key) == 0);
	}
}

/* The run that another one is to be compared with. */
static void mark_row(const struct gh_ui_model *m, struct gh_canvas *c, int y,
		     const struct gh_table *t, long row)
{
	char run[GH_UI_WORD];

	if (m->marked[0] && cell_text(t, row, "run", run, sizeof run) &&
	    strcmp(run, m->marked) == 0)
		gh_canvas_text(c, 2, y, GH_INK_TITLE, "A");
}

static int draw_lines(struct gh_canvas *c, int y, int end,
		      const char lines[][GH_DOC_LINE], unsigned n)
{
	for (unsigned i = 0; i < n && y < end; i++, y++)
		gh_canvas_cut(c, 2, y, c->w - 3, GH_INK_DIM, lines[i]);
	return y;
}

static int draw_filter(const struct gh_ui_model *m, struct gh_canvas *c, int y)
{
	const struct gh_table *t = table_of(m);

	if (!m->filtering && !m->filter[0])
		return y;
	gh_rows_filter(m, c, 2, y, gh_list_rows(m), t ? t->n_rows : 0);
	return y + 1;
}

static int draw_table(const struct gh_ui_model *m, struct gh_canvas *c, int y,
		      int end, const struct gh_list_column *columns,
		      const char *verdict)
{
	const struct gh_table *t = table_of(m);
	const unsigned fit = end > y + 1 ? (unsigned)(end - y - 1) : 0;
	const unsigned first = m->cursor >= fit ? m->cursor - fit + 1 : 0;

	draw_row(c, y++, t, -1, columns, NULL, GH_INK_DIM);
	for (unsigned i = first; i < first + fit; i++) {
		const long row = nth(m, i);

		if (row < 0)
			break;
		draw_row(c, y, t, row, columns, verdict,
			 i == m->cursor ? GH_INK_SELECT : GH_INK_PLAIN);
		mark_row(m, c, y, t, row);
		gh_canvas_list(c, y, i);
		if (i == m->cursor)
			gh_canvas_select(c, 1, y);
		y++;
	}
	return y;
}

/* What an empty list wants; the verb's own words name no keys. */
static const char *hint_of(enum gh_page page)
{
	static const struct {
		enum gh_page page;
		const char *text;
	} hints[] = {
		{ GH_PAGE_BASELINES,
		  "a begins one with the run that is shown. It counts when it "
		  "has five runs over three power-ups and s has sealed it." },
		{ GH_PAGE_NOTES,
		  "n writes one: at home, on a verdict, a part or in the "
		  "history." },
		{ GH_PAGE_HISTORY,
		  "The first check makes one: press 1 at home." },
	};

	for (size_t i = 0; i < GH_ARRAY_SIZE(hints); i++)
		if (hints[i].page == page)
			return hints[i].text;
	return "";
}

int gh_list_table(const struct gh_ui_model *m, struct gh_canvas *c, int y,
		  int end, const struct gh_list_column *columns,
		  const char *verdict)
{
	const struct gh_table *t = table_of(m);

	if (y < end)
		y = draw_filter(m, c, y);
	if (t && t->n_rows > 0 && y + 1 < end)
		return draw_table(m, c, y, end, columns, verdict);
	if (!t || t->n_rows > 0 || y >= end)
		return y;
	gh_canvas_cut(c, 2, y++, c->w - 3, GH_INK_PLAIN, t->none);
	return y + gh_canvas_wrap(c, 2, y, c->w - 3, end - y, hint_of(m->page));
}

int gh_list_rest(const struct gh_table *t, struct gh_canvas *c, int y, int end,
		 const struct gh_list_column *columns, const char *verdict)
{
	for (long row = -1; row < (long)t->n_rows && y < end; row++)
		draw_row(c, y++, t, row, columns, row < 0 ? NULL : verdict,
			 row < 0 ? GH_INK_DIM : GH_INK_PLAIN);
	return y;
}

int gh_list_draw_below(const struct gh_ui_model *m, struct gh_canvas *c, int y,
		       int end)
{
	return m->doc ? draw_lines(c, y, end, m->doc->below, m->doc->n_below)
		      : y;
}

int gh_list_draw(const struct gh_ui_model *m, struct gh_canvas *c, int y,
		 int end, const struct gh_list_column *columns,
		 const char *verdict)
{
	int below = 0;

	if (!m->doc)
		return y;
	/* A small window leaves them out where the rows need the room. */
	if (c->h >= 24)
		below = (int)m->doc->n_below;
	if (c->h >= 24)
		y = draw_lines(c, y, end, m->doc->above, m->doc->n_above);
	y = gh_list_table(m, c, y, end - below, columns, verdict);
	return gh_list_draw_below(m, c, y, end);
}
