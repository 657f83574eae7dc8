/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * view_live - what the sculpture says while it stands, ten times a second:
 * `ghostlight watch --all`. One joint of it moves while an arrow key is held.
 */
#include "report/phrase.h" /* gh_phrase_part */
#include "ui/frame.h" /* gh_frame_bottom */
#include "ui/list.h"  /* gh_list_draw */
#include "ui/view.h"  /* struct gh_view */

static const struct gh_list_column columns[] = {
	{ "part", 0, 0 },     { "quantity", 12, 0 },
	{ "present", 10, 0 }, { "lowest", 9, 80 },
	{ "highest", 9, 80 }, { GH_LIST_SHARE, 6, 80 },
	{ "age_s", 5, 80 },   { 0 },
};

static void draw_live(const struct gh_ui_model *m, struct gh_canvas *c)
{
	char part[GH_NAME_CAP];

	gh_phrase_part(part, sizeof part, m->task.part);
	if (m->running)
		gh_canvas_text(c, 1, 1, GH_INK_TITLE, "live   %s %s%s",
			       m->moving ? "moving" : "arming", part,
			       m->stopping ? ": stopping" : "");
	else if (m->now < m->consent_until)
		gh_canvas_text(c, 1, 1, GH_INK_TITLE,
			       "live   Left and Right move %s", part);
	else
		gh_canvas_text(c, 1, 1, GH_INK_TITLE,
			       "live   nothing is moved");
	gh_list_draw(m, c, 2, gh_frame_bottom(m, c), columns, NULL);
}

const struct gh_view gh_view_live = {
	.name = "live",
	.page = GH_PAGE_LIVE,
	.draw = draw_live,
};
