/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * view - one screen. A new one is one new file view_NAME.c with a
 * `const struct gh_view gh_view_NAME`; the table gh_views[] is generated.
 */
#ifndef GH_UI_VIEW_H
#define GH_UI_VIEW_H

#include "ui/canvas.h" /* struct gh_canvas */
#include "ui/model.h"  /* struct gh_ui_model, enum gh_page */

struct gh_view {
	const char *name; /* equals the file name */
	enum gh_page page;
	/* Draws between the header, row 0, and gh_frame_bottom(). */
	void (*draw)(const struct gh_ui_model *m, struct gh_canvas *c);
	bool bare; /* no header, bars of its own */
};

extern const struct gh_view *const gh_views[]; /* NULL at the end */

/* The view that the model shows now; never NULL. */
const struct gh_view *gh_view_now(const struct gh_ui_model *m);

/* The whole screen: what curses.c copies out and the goldens hold. */
void gh_view_draw(const struct gh_ui_model *m, struct gh_canvas *c);

#endif
