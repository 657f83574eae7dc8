/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * view_notes - what people wrote down, the newest last: `ghostlight note`.
 * Below, the one under the cursor in full.
 */
#include "ui/frame.h" /* gh_frame_bottom */
#include "ui/list.h"  /* gh_list_draw */
#include "ui/view.h"  /* struct gh_view */

#include <stdio.h>

enum { FOOT_H = 5, SMALL_FOOT_H = 4, CELL = 160 };

static const struct gh_list_column columns[] = {
	{ "at", 20, 80 },     { "kind", 10, 0 },
	{ "run", 5, 120 },    { "part", 19, 80 },
	{ "until", 20, 120 }, { "by", 10, 120 },
	{ "text", 0, 0 },     { 0 },
};

/* What a line below tells, and the word before it. */
static const struct {
	const char *key, *before;
} told[] = {
	{ "by", "by " },       { "run", "run " },   { "part", "" },
	{ "until", "until " }, { "file", "file " },
};

static void say_about(const struct gh_ui_model *m, char *out, size_t cap)
{
	char cell[CELL];
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < GH_ARRAY_SIZE(told); i++) {
		int n;

		gh_list_text(m, told[i].key, cell, sizeof cell);
		if (!cell[0] || (cell[0] == '-' && !cell[1]))
			continue;
		n = snprintf(out + used, cap - used, "%s%s%s", used ? ", " : "",
			     told[i].before, cell);
		used += n > 0 ? (size_t)n : 0;
		if (used >= cap)
			return;
	}
}

static void draw_foot(const struct gh_ui_model *m, struct gh_canvas *c, int y,
		      int end)
{
	char text[256];

	gh_canvas_hline(c, y++);
	say_about(m, text, sizeof text);
	gh_canvas_cut(c, 2, y++, c->w - 3, GH_INK_TITLE, text);
	gh_list_text(m, "text", text, CELL);
	gh_canvas_wrap(c, 2, y, c->w - 3, end - y, text);
}

static void draw_notes(const struct gh_ui_model *m, struct gh_canvas *c)
{
	const int bottom = gh_frame_bottom(m, c);
	const bool small = gh_frame_size(c) == GH_FRAME_SMALL;
	const int foot = bottom - (small ? SMALL_FOOT_H : FOOT_H);

	gh_canvas_text(c, 1, 1, GH_INK_TITLE, "notes");
	gh_list_draw(m, c, 2, foot, columns, NULL);
	if (m->cursor < gh_model_rows(m))
		draw_foot(m, c, foot, bottom);
}

const struct gh_view gh_view_notes = {
	.name = "notes",
	.page = GH_PAGE_NOTES,
	.draw = draw_notes,
};
