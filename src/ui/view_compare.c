/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * view_compare - two runs, or a run and a baseline, the part that differs most
 * first: `ghostlight compare A B`. Below, the row under the cursor in full.
 */
#include "ui/frame.h" /* gh_frame_bottom */
#include "ui/list.h"  /* gh_list_draw */
#include "ui/view.h"  /* struct gh_view */

#include <stdio.h>

static const struct gh_list_column columns[] = {
	{ "part", 16, 0 },
	{ "metric", 0, 0 },
	{ "a", 9, 80 },
	{ "b", 9, 80 },
	{ "change", 9, 80 },
	{ "noise", 9, 100 },
	{ "change_percent", 9, 110 },
	{ "finding", 8, 0 },
	{ 0 },
};

enum { FOOT_H = 3, CELL = 160 };

/* "core core.dark: 0.029 to 0.033, change 0.004, noise 0.080" */
static void say_row(const struct gh_ui_model *m, char *out, size_t cap)
{
	static const struct {
		const char *before, *key;
	} says[] = { { "", "part" },
		     { " ", "metric" },
		     { ": ", "a" },
		     { " to ", "b" },
		     { ", change ", "change" },
		     { ", noise ", "noise" },
		     { ", ", "finding" } };
	char cell[CELL];
	size_t used = 0;

	for (size_t i = 0; i < GH_ARRAY_SIZE(says); i++) {
		gh_list_text(m, says[i].key, cell, sizeof cell);
		used += (size_t)snprintf(out + used, cap - used, "%s%s",
					 says[i].before, cell);
	}
}

static void draw_foot(const struct gh_ui_model *m, struct gh_canvas *c, int y)
{
	char text[9 * CELL], why[CELL];

	gh_canvas_hline(c, y);
	if (!gh_list_text(m, "why_not", why, sizeof why))
		return;
	say_row(m, text, sizeof text);
	y += 1 + gh_canvas_wrap(c, 2, y + 1, c->w - 3, 2, text);
	if (why[0] && y < gh_frame_bottom(m, c))
		gh_canvas_cut(c, 2, y, c->w - 3, GH_INK_DIM, why);
}

static void draw_compare(const struct gh_ui_model *m, struct gh_canvas *c)
{
	const int foot = gh_frame_bottom(m, c) - FOOT_H;

	gh_canvas_text(c, 1, 1, GH_INK_TITLE, "compare %s with %s%s",
		       m->order.word[0], m->order.word[1],
		       m->order.word[2][0] ? ", every metric" : "");
	gh_list_draw(m, c, 2, foot, columns, NULL);
	draw_foot(m, c, foot);
}

const struct gh_view gh_view_compare = {
	.name = "compare",
	.page = GH_PAGE_COMPARE,
	.draw = draw_compare,
};
