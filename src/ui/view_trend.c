/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * view_trend - one metric of one part over all runs, its slope, whether and
 * when it jumped, and what happened meanwhile: `history PART --metric ID`.
 */
#include "ui/frame.h" /* gh_frame_bottom, gh_frame_size */
#include "ui/list.h"  /* gh_list_table */
#include "ui/plot.h"  /* gh_plot_draw */
#include "ui/view.h"  /* struct gh_view */

static const struct gh_list_column columns[] = {
	{ "at", 20, 0 },
	{ "run", 10, 80 },
	{ "kind", 10, 80 },
	{ "text", 0, 0 },
	{ 0 },
};

/* Rows for the events with their titles, and for the lines before them. */
static const struct {
	int events, lines;
} rows[] = {
	[GH_FRAME_SMALL] = { 0, 1 },
	[GH_FRAME_NORMAL] = { 4, 3 },
	[GH_FRAME_WIDE] = { 10, 4 },
};

static void draw_trend(const struct gh_ui_model *m, struct gh_canvas *c)
{
	const enum gh_frame_size size = gh_frame_size(c);
	const int bottom = gh_frame_bottom(m, c);
	const int events = bottom - rows[size].events;
	const int lines = events - rows[size].lines;
	const struct gh_plot_area area = { 1, 1, c->w - 2, lines - 1 };

	if (!m->doc)
		return;
	if (m->doc->n_plots > 0)
		gh_plot_draw(m->doc->plots[0], c, &area);
	gh_list_draw_below(m, c, lines, events);
	if (rows[size].events > 0)
		gh_list_table(m, c, events, bottom, columns, NULL);
}

const struct gh_view gh_view_trend = {
	.name = "trend",
	.page = GH_PAGE_TREND,
	.draw = draw_trend,
};
