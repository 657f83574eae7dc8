/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * view_ask - the dialog before motion. It says what will move, how far and how
 * long; Cancel comes first and is what Enter means.
 */
#include "ui/frame.h" /* gh_frame_why */
#include "ui/view.h"  /* struct gh_view */
#include "ui/words.h" /* gh_words_ink */

#include <stdio.h>

static void describe(const struct gh_ui_model *m, char *out, size_t cap)
{
	const struct gh_ui_about *a = &m->about;
	char reach[48] = "";

	if (a->reach_deg > 0)
		snprintf(reach, sizeof reach, ", up to %.0f degrees",
			 a->reach_deg);
	snprintf(out, cap,
		 "Check %s: its %u joints wiggle one by one, then sweep "
		 "together%s. The lights change too. It takes %.0f seconds.",
		 a->rig[0] ? a->rig : "the sculpture", a->joints, reach,
		 a->seconds);
}

static void draw_ask(const struct gh_ui_model *m, struct gh_canvas *c)
{
	const bool small = gh_frame_size(c) == GH_FRAME_SMALL;
	const int x = small ? 1 : 4, wide = c->w - 2 * x;
	char text[256];
	int y = small ? 1 : 3;

	describe(m, text, sizeof text);
	y += gh_canvas_wrap(c, x, y, wide, 4, text);
	y += !small;
	if (m->view) {
		const enum gh_verdict v = gh_model_verdict(m);

		gh_frame_verdict(c, x, y, v, false);
		gh_frame_why(m, text, sizeof text);
		gh_canvas_cut(c, x + 12, y++, wide - 12, GH_INK_PLAIN, text);
		y += !small;
	}
	if (m->about.latched[0])
		gh_canvas_text(c, x, y++, GH_INK_TITLE,
			       "A stop is latched (%.15s); y clears it.",
			       m->about.latched);
	gh_canvas_text(c, x, y++, GH_INK_TITLE, "Nobody near the arms?");
	y += !small;
	gh_canvas_text(c, x, y, GH_INK_SELECT, "> Cancel  (Enter, Esc) ");
	c->cursor_x = x;
	c->cursor_y = y;
	gh_canvas_text(c, x, y + 1, GH_INK_PLAIN, "  Move    (y)");
}

const struct gh_view gh_view_ask = {
	.name = "ask",
	.page = GH_PAGE_ASK,
	.keys = "SPACE stop   Enter, Esc cancel   y move",
	.few_keys = "SPACE stop  Enter, Esc cancel  y move",
	.draw = draw_ask,
};
