/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * curses - the terminal: copies canvases out, hands keys in, and gives the
 * terminal back as it was, also when the program crashes. curses writes into
 * a file of ours; from there the bytes are passed on as the terminal takes
 * them, so that a stalled terminal never stalls a run.
 */
#ifndef GH_UI_CURSES_H
#define GH_UI_CURSES_H

#include "base/status.h" /* enum gh_status */
#include "ui/canvas.h"	 /* struct gh_canvas */
#include "ui/theme.h"	 /* enum gh_theme */

#include <stdbool.h>

struct gh_term;

/*
 * One terminal at a time: curses and the crash handlers are global. `name` is
 * TERM's value. GH_UNSUP with the reason: this terminal cannot show screens;
 * nothing was written to it then. Sets LC_CTYPE from the environment.
 */
enum gh_status gh_term_open(struct gh_term **out, const char *name, int in_fd,
			    int out_fd, struct gh_err *err) GH_MUST_CHECK;

/* Restores the terminal; NULL is fine. Waits for nothing. */
void gh_term_close(struct gh_term *t);

bool gh_term_is_utf8(const struct gh_term *t);
void gh_term_size(struct gh_term *t, int *w, int *h);
/* The window has changed since gh_term_size was asked. */
bool gh_term_is_resized(void);

/* GH_KEY_NONE when there is none; never waits. */
int gh_term_key(struct gh_term *t);

/*
 * Clicks come as GH_KEY_MOUSE from now on, or no more. False: this terminal
 * tells none.
 */
bool gh_term_set_mouse(struct gh_term *t, bool on);

/* Where the last of them was; false: it was no press of the left button. */
bool gh_term_click(struct gh_term *t, int *x, int *y);

/* Drops what was typed so far. */
void gh_term_flush_keys(struct gh_term *t);

/* Copies the canvas out; false when the last one is still under way. */
bool gh_term_paint(struct gh_term *t, const struct gh_canvas *c,
		   enum gh_theme theme);

/* Passes on what the terminal takes now; true when nothing is left. */
bool gh_term_drain(struct gh_term *t);

/* The descriptor that gh_term_drain writes to. */
int gh_term_out_fd(const struct gh_term *t);

#endif
