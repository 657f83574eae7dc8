/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ui - the terminal screens as one object: events and verdicts in, what the
 * operator wants out. It never opens a port and never judges; src/cli joins:
 *
 *	gh_ui_open(&ui, clock, theme, ascii, &err)  GH_UNSUP: print as `status`
 *	gh_ui_about(ui, &about)			    rig, port, joints, seconds
 *	gh_ui_wake_on(ui, signal_fd)		    then wait returns NONE
 *	gh_ui_show(ui, &stored)			    last verdict, if there is one
 *	while ((did = gh_ui_wait(ui)) != GH_UI_QUIT)
 *		if (did == GH_UI_NONE)		    look at the signal flag
 *		if (did == GH_UI_START_PLACES)
 *			gh_run() with .sink = { gh_ui_event, ui } and gh_ears
 *			whose fds() is gh_ui_fds and whose hear() turns
 *			gh_ui_hear() into GH_EAR_STOP; judge, store; then
 *			gh_ui_show(ui, &view), or gh_ui_say(ui, err.msg)
 *	gh_ui_close(ui)
 *
 * While it is open nobody else may write to the terminal.
 */
#ifndef GH_UI_UI_H
#define GH_UI_UI_H

#include "base/clock.h"	  /* struct gh_clock */
#include "base/status.h"  /* enum gh_status */
#include "engine/event.h" /* struct gh_event, struct gh_run_view */
#include "ui/model.h"	  /* enum gh_ui_action, struct gh_ui_about */
#include "ui/theme.h"	  /* enum gh_theme */

#include <stdbool.h>
#include <stddef.h>

struct gh_ui;

/*
 * Takes stdin and stdout. GH_UNSUP with the reason when they are no terminal
 * or TERM shows no screens: nothing was written then. clock is borrowed.
 */
enum gh_status gh_ui_open(struct gh_ui **out, const struct gh_clock *clock,
			  enum gh_theme theme, bool ascii,
			  struct gh_err *err) GH_MUST_CHECK;

/* The same on other descriptors and terminal type; for tests. */
enum gh_status gh_ui_open_on(struct gh_ui **out, const struct gh_clock *clock,
			     const char *term, const int fds[2],
			     struct gh_err *err) GH_MUST_CHECK;

/* Restores the terminal; NULL is fine. */
void gh_ui_close(struct gh_ui *ui);

/* What the dialog and the home line say; copied. */
void gh_ui_about(struct gh_ui *ui, const struct gh_ui_about *about);

/* gh_ui_wait returns GH_UI_NONE as soon as fd is readable; -1: none. */
void gh_ui_wake_on(struct gh_ui *ui, int fd);

/*
 * The verdict to show: of the run that just ended as a page of its own, else
 * at home. Borrowed with all it points to until the next call or the end. NULL
 * only takes the last one away.
 */
void gh_ui_show(struct gh_ui *ui, const struct gh_run_view *view);

/* The run came to no verdict: why, on the home screen. Copied. */
void gh_ui_say(struct gh_ui *ui, const char *text);

/* For struct gh_sink: self is the ui. */
void gh_ui_event(void *self, const struct gh_event *ev);

/* For struct gh_ears: keyboard, and the terminal while it has bytes to take. */
size_t gh_ui_fds(struct gh_ui *ui, struct pollfd *out, size_t cap);

/*
 * To be called after every wait of a run: reads keys, repaints at most ten
 * times a second, waits for nothing. True from the moment the operator asked
 * to stop, or the terminal is gone, until the run is over.
 */
bool gh_ui_hear(struct gh_ui *ui);

/* True when the operator asked to stop in this run; false after show or say. */
bool gh_ui_is_stopping(const struct gh_ui *ui);

/*
 * At rest: START_PLACES (from then on the ui counts as running until show or
 * say), QUIT, or NONE after a signal or the wake descriptor.
 */
enum gh_ui_action gh_ui_wait(struct gh_ui *ui);

#endif
