/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/strip.h"

#include "base/status.h" /* GH_ARRAY_SIZE */

enum { THIRDS = 3, WATCH = THIRDS, HOLD, STEPS };

static const char *const steps[STEPS][2] = {
	{ "_", "\xe2\x96\x81" },	  { ".", "\xe2\x96\x82" },
	{ "-", "\xe2\x96\x83" },	  [WATCH] = { "=", "\xe2\x96\x85" },
	[HOLD] = { "#", "\xe2\x96\x88" },
};

/* A READY without a ratio is no nearer than nothing. */
static int third(double ratio)
{
	int step = 0;

	while (step < THIRDS - 1 && ratio * THIRDS >= step + 1)
		step++;
	return step;
}

const char *gh_strip_glyph(const struct gh_ui_past *past, bool utf8)
{
	if (!past->there)
		return " ";
	switch (past->state) {
	case GH_VERDICT_READY:
		return steps[third(past->ratio)][utf8];
	case GH_VERDICT_WATCH:
		return steps[WATCH][utf8];
	case GH_VERDICT_HOLD:
		return steps[HOLD][utf8];
	case GH_VERDICT_UNSURE:
		return "?";
	case GH_VERDICT_NOT_RUN:
		break;
	}
	return " ";
}

void gh_strip_draw(struct gh_canvas *c, int x, int y, enum gh_ink ink,
		   const struct gh_ui_past past[GH_UI_STRIP])
{
	for (int i = 0; i < GH_UI_STRIP; i++)
		gh_canvas_put(c, x + i, y, ink,
			      gh_strip_glyph(&past[i], c->utf8));
}
