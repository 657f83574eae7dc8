/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * view_lamps - `ghostlight lamp-test`: every sign and word in its ink, and the
 * one under the cursor as large as two metres need it. Whoever works in the
 * dark finds out here which of them this terminal cannot show.
 */
#include "ui/frame.h"	/* gh_frame_* */
#include "ui/letters.h" /* gh_letters, gh_letters_sign */
#include "ui/list.h"	/* gh_list_cell */
#include "ui/view.h"	/* struct gh_view */
#include "ui/words.h"	/* gh_words_ink, gh_words_verdict */

#include <string.h>

enum { X = 3, WORD_X = 7, MEANS_X = 34 };

/* -1: it is no verdict's. */
static int verdict_of(const struct gh_table *t, size_t row)
{
	return gh_words_verdict(gh_list_cell(t, row, "verdict"));
}

static enum gh_ink ink_of(const struct gh_table *t, size_t row)
{
	const int v = verdict_of(t, row);

	if (v >= 0)
		return gh_words_ink((enum gh_verdict)v);
	return strcmp(gh_list_cell(t, row, "word"), "STOP") == 0
		       ? GH_INK_STOP
		       : GH_INK_SELECT;
}

static void draw_row(const struct gh_ui_model *m, struct gh_canvas *c, int y,
		     const struct gh_table *t, size_t row)
{
	const enum gh_ink ink = ink_of(t, row);

	if (row == m->cursor) {
		gh_canvas_text(c, 1, y, GH_INK_TITLE, ">");
		c->cursor_x = 1;
		c->cursor_y = y;
	}
	gh_canvas_cut(c, X, y, 3, ink, gh_list_cell(t, row, "sign"));
	gh_canvas_text(c, X + 3, y, ink, " ");
	gh_canvas_cut(c, WORD_X, y, MEANS_X - WORD_X - 2, ink,
		      gh_list_cell(t, row, "word"));
	if (c->w >= 80)
		gh_canvas_cut(c, MEANS_X, y, c->w - MEANS_X - 1, GH_INK_PLAIN,
			      gh_list_cell(t, row, "means"));
}

static void draw_large(struct gh_canvas *c, int y, int end, enum gh_verdict v)
{
	const char *word = gh_verdict_name(v);
	const int twice = X + gh_letters_width(word, 2) + GH_SIGN_W + 2;
	const int px = twice < c->w ? 2 : 1;

	if (v == GH_VERDICT_NOT_RUN || y + GH_LETTER_H > end)
		return;
	gh_letters(c, X, y, px, 1, gh_words_ink(v), word);
	gh_letters_sign(c, c->w - GH_SIGN_W - 1, y, v, gh_words_ink(v));
}

static void draw_lamps(const struct gh_ui_model *m, struct gh_canvas *c)
{
	const int bottom = gh_frame_bottom(m, c);
	const bool small = gh_frame_size(c) == GH_FRAME_SMALL;
	const int end = small ? bottom : bottom - GH_LETTER_H - 1;
	const struct gh_table *t;
	size_t first = 0;
	int y = 2, v;

	if (!m->doc || m->doc->n_tables == 0)
		return;
	t = m->doc->tables[0];
	gh_canvas_text(c, 1, 1, GH_INK_TITLE, "lamp test, theme %s",
		       gh_theme_name(m->theme));
	if ((int)m->cursor >= end - y)
		first = m->cursor - (size_t)(end - y) + 1;
	for (size_t i = first; i < t->n_rows && y < end; i++) {
		gh_canvas_list(c, y, i);
		draw_row(m, c, y++, t, i);
	}
	v = m->cursor < t->n_rows ? verdict_of(t, m->cursor) : -1;
	if (v >= 0 && !small)
		draw_large(c, y + 1, bottom, (enum gh_verdict)v);
}

const struct gh_view gh_view_lamps = {
	.name = "lamps",
	.page = GH_PAGE_LAMPS,
	.draw = draw_lamps,
};
