/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * view_home - the last verdict, its age and reason, and the parts worst first.
 * It is there at once: nothing waits for the port.
 */
#include "report/phrase.h" /* gh_phrase_duration */
#include "ui/first.h"	   /* gh_first_draw */
#include "ui/frame.h"	   /* gh_frame_* */
#include "ui/rows.h"	   /* gh_rows_parts */
#include "ui/view.h"	   /* struct gh_view */
#include "ui/words.h"	   /* gh_words_part_row */

#include <stdio.h>
#include <string.h>

/* Columns of the table; `least` is the narrowest window that has it. */
static const struct column {
	const char *title;
	size_t field;
	int x, width, least;
} columns[] = {
	{ "now", offsetof(struct gh_row, now), 35, 9, 80 },
	{ "baseline", offsetof(struct gh_row, base), 45, 9, 80 },
	{ "change", offsetof(struct gh_row, change), 55, 9, 80 },
	{ "limit", offsetof(struct gh_row, limit), 65, 10, 120 },
};

enum { PART_X = 3, PART_W = 19, STATE_X = 23, METRIC_X = 76 };

/* The last columns of a wide enough window. */
static int strip_x(const struct gh_canvas *c)
{
	return c->w - 1 - GH_UI_STRIP;
}

static void draw_columns(struct gh_canvas *c, int y, const struct gh_row *row,
			 enum gh_ink ink)
{
	for (size_t i = 0; i < GH_ARRAY_SIZE(columns); i++) {
		const struct column *col = &columns[i];

		if (c->w >= col->least)
			gh_canvas_cut(c, col->x, y, col->width, ink,
				      row ? (const char *)row + col->field
					  : col->title);
	}
}

static void draw_head(struct gh_canvas *c, int y)
{
	gh_canvas_text(c, PART_X, y, GH_INK_DIM, "part");
	gh_canvas_text(c, STATE_X, y, GH_INK_DIM, "state");
	draw_columns(c, y, NULL, GH_INK_DIM);
	if (c->w >= 120)
		gh_canvas_text(c, METRIC_X, y, GH_INK_DIM, "what");
	if (c->w >= 80)
		gh_canvas_text(c, strip_x(c), y, GH_INK_DIM, "last %d runs",
			       GH_UI_STRIP);
}

static void draw_row(const struct gh_ui_model *m, struct gh_canvas *c, int y,
		     int part, bool selected)
{
	const enum gh_ink ink = selected ? GH_INK_SELECT : GH_INK_PLAIN;
	struct gh_row own, *row = &own;

	gh_words_part_row(m->view, (size_t)part, row);
	gh_canvas_cut(c, PART_X, y, PART_W, ink, row->part);
	gh_frame_state(m, c, STATE_X, y, row, part);
	if (row->has_values)
		draw_columns(c, y, row, ink);
	else if (c->w >= 80)
		gh_canvas_cut(c, columns[0].x, y, 29, ink, row->why);
	if (c->w >= 120)
		gh_canvas_cut(c, METRIC_X, y, strip_x(c) - METRIC_X - 1, ink,
			      row->metric);
	if (c->w >= 80 && m->strips)
		gh_strip_draw(c, strip_x(c), y, ink, m->strips->of[part]);
	if (selected)
		gh_canvas_select(c, 1, y);
}

static void draw_rows(const struct gh_ui_model *m, struct gh_canvas *c, int y,
		      int end)
{
	uint16_t order[GH_JUDGE_PARTS];
	const size_t n = gh_rows_parts(m, order);
	const size_t fit = end > y ? (size_t)(end - y) : 0;
	const size_t first = m->cursor >= fit ? m->cursor - fit + 1 : 0;

	for (size_t i = first; i < n && i < first + fit; i++) {
		draw_row(m, c, y + (int)(i - first), order[i], i == m->cursor);
		gh_canvas_list(c, y + (int)(i - first), i);
	}
}

static void draw_counts(const struct gh_ui_model *m, struct gh_canvas *c, int y)
{
	static const enum gh_verdict shown[] = {
		GH_VERDICT_HOLD, GH_VERDICT_UNSURE, GH_VERDICT_WATCH,
		GH_VERDICT_READY, GH_VERDICT_NOT_RUN
	};
	int x = PART_X;

	for (size_t s = 0; s < GH_ARRAY_SIZE(shown); s++) {
		unsigned n = 0;

		for (unsigned i = 0; i < m->view->result->n_parts; i++)
			n += m->view->result->parts[i].state == shown[s];
		x = gh_canvas_text(c, x, y, GH_INK_PLAIN, "%u %s   ", n,
				   gh_verdict_name(shown[s]));
	}
	if (c->w >= 80 && m->view->motion_s > 0)
		gh_canvas_text(c, x, y, GH_INK_DIM, "it moved %.0f s",
			       m->view->motion_s);
}

/* Label and text; both in the first five rows. */
static void draw_line(struct gh_canvas *c, int y, const char *label,
		      const char *text)
{
	gh_canvas_text(c, 2, y, GH_INK_DIM, "%s", label);
	gh_canvas_cut(c, 17, y, c->w - 18, GH_INK_PLAIN, text);
}

static void draw_top(const struct gh_ui_model *m, struct gh_canvas *c)
{
	char why[160], when[96];
	int x;

	gh_canvas_hline(c, 1);
	gh_canvas_text(c, 2, 2, GH_INK_DIM, "%s",
		       m->is_past ? "EARLIER RUN" : "LAST VERDICT");
	x = gh_frame_verdict(c, 17, 2, gh_model_verdict(m), false);
	gh_frame_when(m, when, sizeof when);
	gh_canvas_cut(c, x + 3, 2, c->w - x - 4, GH_INK_PLAIN, when);
	gh_frame_why(m, why, sizeof why);
	draw_line(c, 3, "WHY", why);
	draw_line(c, 4, "DO", gh_frame_action(m));
	gh_canvas_hline(c, 5);
}

static void draw_small_top(const struct gh_ui_model *m, struct gh_canvas *c)
{
	char text[160];
	int x = gh_frame_verdict(c, 1, 1, gh_model_verdict(m), false);

	if (m->view) {
		gh_phrase_duration(text, sizeof text,
				   (double)(m->wall_s - m->view->started_s));
		x = gh_canvas_text(c, x + 2, 1, GH_INK_PLAIN, "%s ago", text);
	}
	if (m->view && m->is_past)
		gh_canvas_text(c, x + 2, 1, GH_INK_TITLE, "run %lld",
			       (long long)m->view->run);
	gh_frame_why(m, text, sizeof text);
	gh_canvas_cut(c, 1, 2, c->w - 2, GH_INK_PLAIN, text);
	gh_canvas_cut(c, 1, 3, c->w - 2, GH_INK_PLAIN, gh_frame_action(m));
	gh_canvas_hline(c, 4);
}

static void draw_home(const struct gh_ui_model *m, struct gh_canvas *c)
{
	const int bottom = gh_frame_bottom(m, c);
	const bool small = gh_frame_size(c) == GH_FRAME_SMALL;

	if (small)
		draw_small_top(m, c);
	else
		draw_top(m, c);
	if (!m->view || !m->view->result) {
		gh_first_draw(m, c, small ? 5 : 7, bottom);
		return;
	}
	gh_rows_filter(m, c, 2, small ? 4 : 5, gh_model_rows(m),
		       m->view->result->n_parts);
	if (small) {
		draw_rows(m, c, 5, bottom);
		return;
	}
	draw_head(c, 6);
	draw_rows(m, c, 7, bottom - 2);
	gh_canvas_hline(c, bottom - 2);
	draw_counts(m, c, bottom - 1);
}

const struct gh_view gh_view_home = {
	.name = "home",
	.page = GH_PAGE_HOME,
	.draw = draw_home,
};
