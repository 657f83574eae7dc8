/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * view_small - the window is too small for anything else. It waits, says what
 * it needs, and SPACE still stops.
 */
#include "ui/frame.h" /* gh_frame_* */
#include "ui/view.h"  /* struct gh_view */
#include "ui/words.h" /* gh_words_ink */

/* Last rows first: they are the ones that must be there. */
static void draw_small(const struct gh_ui_model *m, struct gh_canvas *c)
{
	const bool stop = gh_model_may_move(m);
	const enum gh_verdict v = gh_model_verdict(m);
	char why[160];

	if (!stop && m->view) {
		gh_frame_why(m, why, sizeof why);
		gh_canvas_text(c, 0, 0, gh_words_ink(v), "%s",
			       gh_verdict_name(v));
		gh_canvas_cut(c, 8, 0, c->w - 8, GH_INK_PLAIN, why);
	}
	if (c->h >= 4)
		gh_canvas_text(c, 0, 1, GH_INK_PLAIN,
			       "window %dx%d, needs %dx%d", m->w, m->h,
			       GH_UI_MIN_W, GH_UI_MIN_H);
	if (c->h >= 3 && gh_model_is_simulated(m))
		gh_canvas_text(c, 0, c->h - 2, GH_INK_TITLE, "SIMULATED");
	if (c->h >= 5)
		gh_canvas_cut(c, 0, c->h - 3, c->w, GH_INK_TITLE, m->message);
	gh_canvas_paint(c, 0, c->h - 1, c->w, stop ? GH_INK_STOP : GH_INK_BAR);
	gh_canvas_text(c, 0, c->h - 1, stop ? GH_INK_STOP : GH_INK_BAR, "%s",
		       stop			 ? "SPACE = STOP"
		       : m->page == GH_PAGE_FORM ? "SPACE stop   a form is open"
						 : "SPACE stop   q quit");
}

const struct gh_view gh_view_small = {
	.name = "small",
	.page = GH_PAGE_SMALL,
	.draw = draw_small,
	.bare = true,
};
