/* SPDX-License-Identifier: GPL-3.0-or-later */
/* view_baseline - what is in one: `ghostlight baseline show NAME`. */
#include "ui/frame.h" /* gh_frame_bottom */
#include "ui/list.h"  /* gh_list_draw */
#include "ui/view.h"  /* struct gh_view */

static const struct gh_list_column columns[] = {
	{ "run", 5, 0 },	{ "started", 20, 0 },  { "session", 7, 0 },
	{ "simulated", 9, 80 }, { "firmware", 0, 80 }, { 0 },
};

static void draw_baseline(const struct gh_ui_model *m, struct gh_canvas *c)
{
	gh_canvas_text(c, 1, 1, GH_INK_TITLE, "baseline \"%s\"",
		       m->order.word[0]);
	gh_list_draw(m, c, 2, gh_frame_bottom(m, c), columns, NULL);
}

const struct gh_view gh_view_baseline = {
	.name = "baseline",
	.page = GH_PAGE_BASELINE,
	.draw = draw_baseline,
};
