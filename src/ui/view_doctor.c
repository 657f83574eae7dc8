/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * view_doctor - `ghostlight doctor`: the chain from the cable to the answer,
 * each step with what was found, a broken one with the command that mends it.
 * The step under the cursor is there in full.
 */
#include "report/phrase.h" /* gh_phrase_sign */
#include "ui/frame.h" /* gh_frame_* */
#include "ui/list.h"  /* gh_list_cell */
#include "ui/view.h"  /* struct gh_view */
#include "ui/words.h" /* gh_words_ink */

#include <string.h>

enum { X = 2, TITLE_W = 26, FOUND_X = X + 4 + TITLE_W + 1, MEND_X = 10 };
enum { FOUND_ROWS = 2, MEND_ROWS = 2 };

/* The signs of the verdicts, as `doctor` prints them. */
static const struct {
	const char *state, *mend;
	enum gh_verdict sign;
} states[] = {
	{ "ok", "", GH_VERDICT_READY },
	{ "advice", "try:", GH_VERDICT_WATCH },
	{ "broken", "fix now:", GH_VERDICT_HOLD },
	{ "not checked yet", "try:", GH_VERDICT_UNSURE },
};

static size_t state_of(const struct gh_table *t, size_t row)
{
	const char *state = gh_list_cell(t, row, "state");
	size_t i = 0;

	while (i + 1 < GH_ARRAY_SIZE(states) &&
	       strcmp(states[i].state, state) != 0)
		i++;
	return i;
}

/* A command longer than its row goes on in the next one. */
static int draw_mend(struct gh_canvas *c, int y, const char *label,
		     const char *mend)
{
	gh_canvas_text(c, c->w < 80 ? 1 : MEND_X, y, GH_INK_TITLE, "%s", label);
	return gh_canvas_wrap(c, c->w < 80 ? 10 : MEND_X + 10, y,
			      c->w - (c->w < 80 ? 11 : MEND_X + 11), MEND_ROWS,
			      mend);
}

/* Rows it takes with its command below it. */
static int rows_of(const struct gh_canvas *c, const struct gh_table *t,
		   size_t row)
{
	const char *mend = gh_list_cell(t, row, "mend");
	int more;

	if (c->w < 80 || states[state_of(t, row)].sign != GH_VERDICT_HOLD ||
	    !mend[0])
		return 1;
	more = gh_canvas_rows(mend, c->w - MEND_X - 11);
	return 1 + (more < MEND_ROWS ? more : MEND_ROWS);
}

static void draw_step(const struct gh_ui_model *m, struct gh_canvas *c, int y,
		      const struct gh_table *t, size_t row)
{
	const size_t state = state_of(t, row);
	const enum gh_verdict v = states[state].sign;

	gh_canvas_text(c, X, y, gh_words_ink(v), "%s", gh_phrase_sign(v));
	gh_canvas_cut(c, X + 4, y, c->w < 80 ? c->w - X - 5 : TITLE_W,
		      GH_INK_PLAIN, gh_list_cell(t, row, "title"));
	if (c->w >= 80)
		gh_canvas_cut(c, FOUND_X, y, c->w - FOUND_X - 1, GH_INK_PLAIN,
			      gh_list_cell(t, row, "found"));
	if (rows_of(c, t, row) > 1)
		draw_mend(c, y + 1, states[state].mend,
			  gh_list_cell(t, row, "mend"));
	if (row == m->cursor)
		gh_canvas_select(c, 0, y);
}

/* As far up as the step under the cursor allows. */
static size_t first_shown(const struct gh_ui_model *m,
			  const struct gh_canvas *c, const struct gh_table *t,
			  int room)
{
	size_t first = m->cursor < t->n_rows ? m->cursor : 0;
	int used = t->n_rows > 0 ? rows_of(c, t, first) : 0;

	while (first > 0 && used + rows_of(c, t, first - 1) <= room)
		used += rows_of(c, t, --first);
	return first;
}

static void draw_steps(const struct gh_ui_model *m, struct gh_canvas *c, int y,
		       int end, const struct gh_table *t)
{
	for (size_t i = first_shown(m, c, t, end - y); i < t->n_rows; i++) {
		if (y + rows_of(c, t, i) > end)
			return;
		draw_step(m, c, y, t, i);
		gh_canvas_list(c, y, i);
		y += rows_of(c, t, i);
	}
}

/* The step under the cursor, uncut, and what all of it is not. */
static void draw_foot(const struct gh_ui_model *m, struct gh_canvas *c, int y,
		      const struct gh_table *t)
{
	const char *mend = gh_list_cell(t, m->cursor, "mend");

	gh_canvas_wrap(c, 1, y, c->w - 2, FOUND_ROWS,
		       gh_list_cell(t, m->cursor, "found"));
	y += FOUND_ROWS;
	/* Below its step already. */
	if (mend[0] && rows_of(c, t, m->cursor) == 1)
		draw_mend(c, y, states[state_of(t, m->cursor)].mend, mend);
	if (m->doc->n_below > 0)
		gh_canvas_cut(c, 1, y + MEND_ROWS, c->w - 2, GH_INK_TITLE,
			      m->doc->below[0]);
}

static void draw_head(const struct gh_ui_model *m, struct gh_canvas *c)
{
	const char *outcome = m->doc->n_above > 0 ? m->doc->above[0] : "";
	const char *tried = m->doc->n_above > 1 ? m->doc->above[1] : "";
	const int at = c->w - 1 - (int)strlen(tried);

	gh_canvas_cut(c, 1, 1, c->w - 2, GH_INK_TITLE, outcome);
	if (c->w >= 80)
		gh_canvas_text(c, at, 1, GH_INK_DIM, "%s", tried);
}

static void draw_doctor(const struct gh_ui_model *m, struct gh_canvas *c)
{
	const bool small = gh_frame_size(c) == GH_FRAME_SMALL;
	const int foot = gh_frame_bottom(m, c) - FOUND_ROWS - MEND_ROWS - 1;
	const struct gh_table *t;

	if (!m->doc || m->doc->n_tables == 0)
		return;
	t = m->doc->tables[0];
	draw_head(m, c);
	if (small) {
		draw_steps(m, c, 2, foot, t);
	} else {
		gh_canvas_hline(c, 2);
		draw_steps(m, c, 3, foot - 1, t);
		gh_canvas_hline(c, foot - 1);
	}
	draw_foot(m, c, foot, t);
}

const struct gh_view gh_view_doctor = {
	.name = "doctor",
	.page = GH_PAGE_DOCTOR,
	.draw = draw_doctor,
};
