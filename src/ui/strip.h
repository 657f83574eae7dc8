/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * strip - how a part did in the runs that led to the one that is shown: a
 * column each, the shown run on the right. `history PART --json` says the same.
 */
#ifndef GH_UI_STRIP_H
#define GH_UI_STRIP_H

#include "judge/judge.h" /* enum gh_verdict, GH_JUDGE_PARTS */
#include "ui/canvas.h"	 /* struct gh_canvas */

#include <stdbool.h>

enum { GH_UI_STRIP = 14 };

struct gh_ui_strips {
	struct gh_ui_past {
		bool there; /* the run has this part */
		enum gh_verdict state;
		double ratio; /* of its limit, NAN: not told */
	} of[GH_JUDGE_PARTS][GH_UI_STRIP]; /* as the parts of the view */
};

/*
 * READY is as high as the part came near its limit, in thirds; WATCH and HOLD
 * are higher. UNSURE is a "?", and nothing stands where it was not run.
 */
const char *gh_strip_glyph(const struct gh_ui_past *past, bool utf8);

/* GH_UI_STRIP columns at x. */
void gh_strip_draw(struct gh_canvas *c, int x, int y, enum gh_ink ink,
		   const struct gh_ui_past past[GH_UI_STRIP]);

#endif
