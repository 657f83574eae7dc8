/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * view_help - the keys and the words. The most needed lines come first, since
 * a small window shows only those.
 */
#include "ui/frame.h" /* gh_frame_* */
#include "ui/view.h"  /* struct gh_view */

static const struct {
	const char *key, *text;
} lines[] = {
	{ "SPACE", "STOP: stop moving and hold" },
	{ "1", "places check, asks first" },
	{ "Enter d", "details, worst first" },
	{ "v", "the verdict, big" },
	{ "j k", "or arrows: move the cursor" },
	{ "Esc", "back" },
	{ "t", "theme: dark light blackout mono" },
	{ "u", "ASCII or UTF-8" },
	{ "q", "quit" },
	{ "", "" },
	{ " o ", "READY: inside all limits" },
	{ "/!\\", "WATCH: near a limit or drifting; or known" },
	{ " ? ", "UNSURE: not measured, too old, or not comparable" },
	{ "[#]", "HOLD: beyond a limit; do not run this part" },
	{ "(k)", "KNOWN: accepted by somebody, until a date" },
	{ "", "" },
	{ "", "STOP is no safety device: cut the power at its switch if "
	      "in doubt." },
};

static void draw_help(const struct gh_ui_model *m, struct gh_canvas *c)
{
	const int bottom = gh_frame_bottom(m, c);
	const int top = gh_frame_size(c) == GH_FRAME_SMALL ? 1 : 2;

	for (int i = 0; i < (int)GH_ARRAY_SIZE(lines); i++) {
		if (top + i >= bottom)
			break;
		gh_canvas_text(c, 1, top + i, GH_INK_TITLE, "%s", lines[i].key);
		gh_canvas_cut(c, lines[i].key[0] ? 10 : 1, top + i, c->w - 11,
			      GH_INK_PLAIN, lines[i].text);
	}
}

const struct gh_view gh_view_help = {
	.name = "help",
	.page = GH_PAGE_HELP,
	.keys = "SPACE stop   Esc back   t theme   u ASCII or UTF-8   q quit",
	.few_keys = "SPACE stop  Esc back  t theme  q quit",
	.draw = draw_help,
};
