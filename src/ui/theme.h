/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * theme - how each ink looks, as fixed tables. Word, outline, position and
 * brightness carry the meaning; colour comes last and may be missing.
 */
#ifndef GH_UI_THEME_H
#define GH_UI_THEME_H

#include "ui/canvas.h" /* enum gh_ink */

#include <stdbool.h>

enum gh_theme {
	GH_THEME_DARK,
	GH_THEME_LIGHT,
	GH_THEME_BLACKOUT, /* in the wings: one red, nothing else lit */
	GH_THEME_MONO,
	GH_THEME_COUNT
};

/* -1: the terminal's own colour. Indexes only: init_color is never used. */
struct gh_look {
	short fg256, bg256, fg8, bg8;
	bool bold, dim, reverse;
};

/* Never NULL. */
const struct gh_look *gh_theme_look(enum gh_theme theme, enum gh_ink ink);

/* "dark"; never NULL. */
const char *gh_theme_name(enum gh_theme theme);

/* By name; -1 when there is none. */
int gh_theme_find(const char *name);

#endif
