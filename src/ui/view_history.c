/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * view_history - the runs so far, newest first: `ghostlight history`; with a
 * part, how it did in them, and by which finding.
 */
#include "ui/frame.h" /* gh_frame_bottom */
#include "ui/list.h"  /* gh_list_draw */
#include "ui/view.h"  /* struct gh_view */

static const struct gh_list_column run_columns[] = {
	{ "run", 5, 0 },      { "verdict", 11, 0 },
	{ "started", 20, 0 }, { "profile", 10, 80 },
	{ "end", 12, 120 },   { "simulated", 9, 120 },
	{ "why", 0, 80 },     { 0 },
};
static const struct gh_list_column part_columns[] = {
	{ "run", 5, 0 },
	{ "state", 11, 0 },
	{ "started", 20, 0 },
	{ "ratio", 8, 80 },
	{ "metric", 0, 80 },
	{ "profile", 10, 100 },
	{ 0 },
};

static void draw_history(const struct gh_ui_model *m, struct gh_canvas *c)
{
	const char *part = m->order.word[0];
	const int x = gh_canvas_text(c, 1, 1, GH_INK_TITLE, "history%s%.31s",
				     part[0] ? " of " : "", part);

	if (m->marked[0])
		gh_canvas_text(c, x + 2, 1, GH_INK_PLAIN, "A is run %s: c on B",
			       m->marked);
	gh_list_draw(m, c, 2, gh_frame_bottom(m, c),
		     part[0] ? part_columns : run_columns,
		     part[0] ? "state" : "verdict");
}

const struct gh_view gh_view_history = {
	.name = "history",
	.page = GH_PAGE_HISTORY,
	.draw = draw_history,
};
