/* SPDX-License-Identifier: GPL-3.0-or-later */
/* view_diff - two baselines side by side: `ghostlight baseline diff A B`. */
#include "ui/frame.h" /* gh_frame_bottom */
#include "ui/list.h"  /* gh_list_draw */
#include "ui/view.h"  /* struct gh_view */

static const struct gh_list_column columns[] = {
	{ "part", 19, 0 },
	{ "metric", 0, 80 },
	{ "a", 10, 80 },
	{ "b", 10, 80 },
	{ "change", 10, 100 },
	{ "change_percent", 9, 0 },
	{ 0 },
};

static void draw_diff(const struct gh_ui_model *m, struct gh_canvas *c)
{
	gh_canvas_text(c, 1, 1, GH_INK_TITLE,
		       "baselines: A is \"%s\", B \"%s\"", m->order.word[0],
		       m->order.word[1]);
	gh_list_draw(m, c, 2, gh_frame_bottom(m, c), columns, NULL);
}

const struct gh_view gh_view_diff = {
	.name = "diff",
	.page = GH_PAGE_DIFF,
	.draw = draw_diff,
};
