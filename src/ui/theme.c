/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/theme.h"

#include <string.h>

/*
 * Indexes of the xterm 256 and the ANSI 8 palette; contrasts on black: 208
 * 8.72, 33 5.91, 196 5.25, 160 3.89, 172 7.36; of the console's eight magenta
 * 3.29, but red 2.71 (tests/unit/test_ui_theme.c). A verdict is never a full
 * field of red or green.
 */
static const struct gh_look looks[GH_THEME_COUNT][GH_INK_COUNT] = {
	[GH_THEME_DARK] = {
		[GH_INK_PLAIN] = { -1, -1, -1, -1, false, false, false },
		[GH_INK_DIM] = { 245, -1, -1, -1, false, true, false },
		[GH_INK_TITLE] = { -1, -1, -1, -1, true, false, false },
		[GH_INK_READY] = { 33, -1, 6, -1, true, false, false },
		[GH_INK_WATCH] = { 208, -1, 3, -1, true, false, false },
		[GH_INK_HOLD] = { 196, -1, 5, -1, true, false, false },
		[GH_INK_UNSURE] = { 252, -1, 7, -1, true, false, false },
		[GH_INK_SELECT] = { -1, -1, -1, -1, false, false, true },
		[GH_INK_BAR] = { -1, -1, -1, -1, false, false, false },
		[GH_INK_STOP] = { -1, -1, -1, -1, true, false, true },
	},
	/* On white: 24 7.03, 130 4.71, 124 7.44, 241 6.10 (computed). */
	[GH_THEME_LIGHT] = {
		[GH_INK_PLAIN] = { 16, 231, 0, 7, false, false, false },
		[GH_INK_DIM] = { 241, 231, 0, 7, false, false, false },
		[GH_INK_TITLE] = { 16, 231, 0, 7, true, false, false },
		[GH_INK_READY] = { 24, 231, 4, 7, true, false, false },
		[GH_INK_WATCH] = { 130, 231, 0, 7, true, false, false },
		[GH_INK_HOLD] = { 124, 231, 1, 7, true, false, false },
		[GH_INK_UNSURE] = { 16, 231, 0, 7, true, false, false },
		[GH_INK_SELECT] = { 16, 231, 0, 7, false, false, true },
		[GH_INK_BAR] = { 16, 231, 0, 7, false, false, false },
		[GH_INK_STOP] = { 16, 231, 0, 7, true, false, true },
	},
	/* Of the console's eight: brown, 4.01 on black. */
	[GH_THEME_BLACKOUT] = {
		[GH_INK_PLAIN] = { 172, 16, 3, 0, false, false, false },
		[GH_INK_DIM] = { 172, 16, 3, 0, false, false, false },
		[GH_INK_TITLE] = { 172, 16, 3, 0, false, false, false },
		[GH_INK_READY] = { 160, 16, 3, 0, false, false, false },
		[GH_INK_WATCH] = { 160, 16, 3, 0, false, false, false },
		[GH_INK_HOLD] = { 160, 16, 3, 0, false, false, false },
		[GH_INK_UNSURE] = { 160, 16, 3, 0, false, false, false },
		[GH_INK_SELECT] = { 172, 16, 3, 0, false, false, true },
		[GH_INK_BAR] = { 172, 16, 3, 0, false, false, false },
		[GH_INK_STOP] = { 172, 16, 3, 0, false, false, true },
	},
	[GH_THEME_MONO] = {
		[GH_INK_PLAIN] = { -1, -1, -1, -1, false, false, false },
		[GH_INK_DIM] = { -1, -1, -1, -1, false, false, false },
		[GH_INK_TITLE] = { -1, -1, -1, -1, true, false, false },
		[GH_INK_READY] = { -1, -1, -1, -1, false, false, false },
		[GH_INK_WATCH] = { -1, -1, -1, -1, true, false, false },
		[GH_INK_HOLD] = { -1, -1, -1, -1, true, false, false },
		[GH_INK_UNSURE] = { -1, -1, -1, -1, true, false, false },
		[GH_INK_SELECT] = { -1, -1, -1, -1, false, false, true },
		[GH_INK_BAR] = { -1, -1, -1, -1, false, false, false },
		[GH_INK_STOP] = { -1, -1, -1, -1, true, false, true },
	},
};

static const char *const names[GH_THEME_COUNT] = {
	[GH_THEME_DARK] = "dark",
	[GH_THEME_LIGHT] = "light",
	[GH_THEME_BLACKOUT] = "blackout",
	[GH_THEME_MONO] = "mono",
};

const struct gh_look *gh_theme_look(enum gh_theme theme, enum gh_ink ink)
{
	if ((unsigned)theme >= GH_THEME_COUNT)
		theme = GH_THEME_MONO;
	if ((unsigned)ink >= GH_INK_COUNT)
		ink = GH_INK_PLAIN;
	return &looks[theme][ink];
}

const char *gh_theme_name(enum gh_theme theme)
{
	return (unsigned)theme < GH_THEME_COUNT ? names[theme] : "?";
}

int gh_theme_find(const char *name)
{
	for (int i = 0; i < GH_THEME_COUNT; i++)
		if (strcmp(names[i], name) == 0)
			return i;
	return -1;
}
