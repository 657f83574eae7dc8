/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * view_seen - what one part by itself showed, beside the baseline: the answer
 * of `ghostlight sweep`, `identify` and `core`. No verdict.
 */
#include "ui/frame.h" /* gh_frame_bottom */
#include "ui/list.h"  /* gh_list_draw */
#include "ui/plot.h"  /* gh_plot_draw */
#include "ui/view.h"  /* struct gh_view */

/* Rows that the numbers keep. */
enum { LIST_LEAST = 9 };

static const struct gh_list_column columns[] = {
	{ "words", 0, 0 },    { "value", 10, 0 },  { "baseline", 10, 80 },
	{ "change", 10, 80 }, { "note", 30, 120 }, { 0 },
};

/* The curve below, where there is room for both; returns where it begins. */
static int draw_curve(const struct gh_ui_model *m, struct gh_canvas *c,
		      int bottom)
{
	const int h = (bottom - 2) / 2;
	const struct gh_plot_area area = { 1, bottom - h, c->w - 2, h };

	if (!m->doc || m->doc->n_plots == 0 || h < GH_PLOT_MIN_H ||
	    bottom - h < LIST_LEAST)
		return bottom;
	gh_plot_draw(m->doc->plots[0], c, &area);
	return area.y;
}

static void draw_seen(const struct gh_ui_model *m, struct gh_canvas *c)
{
	const int end = draw_curve(m, c, gh_frame_bottom(m, c));

	gh_canvas_text(c, 1, 1, GH_INK_TITLE, "seen: no verdict, not stored");
	gh_list_draw(m, c, 2, end, columns, NULL);
}

const struct gh_view gh_view_seen = {
	.name = "seen",
	.page = GH_PAGE_SEEN,
	.draw = draw_seen,
};
