/* SPDX-License-Identifier: GPL-3.0-or-later */
/* view_baselines - what checks can be compared with: `ghostlight baseline`. */
#include "ui/frame.h" /* gh_frame_bottom */
#include "ui/list.h"  /* gh_list_draw */
#include "ui/view.h"  /* struct gh_view */

static const struct gh_list_column columns[] = {
	{ "name", 20, 0 }, { "sealed", 6, 0 },
	{ "runs", 4, 0 },  { "sessions", 8, 80 },
	{ "by", 12, 80 },  { "sealed_at", 20, 120 },
	{ "why", 0, 80 },  { 0 },
};

static void draw_baselines(const struct gh_ui_model *m, struct gh_canvas *c)
{
	gh_canvas_text(c, 1, 1, GH_INK_TITLE, "baselines");
	gh_list_draw(m, c, 2, gh_frame_bottom(m, c), columns, NULL);
}

const struct gh_view gh_view_baselines = {
	.name = "baselines",
	.page = GH_PAGE_BASELINES,
	.draw = draw_baselines,
};
