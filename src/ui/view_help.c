/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * view_help - the keys and the words, in as many columns as there is room for;
 * what does not fit is below: Enter, or j and k.
 */
#include "ui/help.h" /* gh_help_line, gh_help_place */
#include "ui/view.h" /* struct gh_view */

static void draw_help(const struct gh_ui_model *m, struct gh_canvas *c)
{
	struct gh_help_place at = { 0 };
	struct gh_help_line line;

	for (unsigned i = m->cursor; gh_help_line(m, i, &line); i++) {
		int x;

		if (!gh_help_place(m, &line, &at))
			return;
		x = at.x - GH_HELP_KEY;
		gh_canvas_text(c, x, at.y, GH_INK_TITLE, "%s", line.key);
		gh_canvas_wrap(c, line.key[0] ? at.x : x, at.y, at.width,
			       at.rows, line.text);
		if (line.title)
			gh_canvas_paint(c, x, at.y, at.width, GH_INK_TITLE);
	}
}

const struct gh_view gh_view_help = {
	.name = "help",
	.page = GH_PAGE_HELP,
	.draw = draw_help,
};
