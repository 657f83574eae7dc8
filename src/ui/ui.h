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
 *		if (did == GH_UI_START)
 *			gh_run() with .sink = { gh_ui_event, ui } and gh_ears
 *			whose fds() is gh_ui_fds and whose hear() turns
 *			gh_ui_hear() into GH_EAR_STOP; judge, store; then
 *			gh_ui_show(ui, &view), or gh_ui_say(ui, err.msg)
 *		if (did == GH_UI_OPEN)
 *			the answer that gh_ui_order() wants; gh_ui_doc()
 *		if (did == GH_UI_SUBMIT)
 *			store gh_ui_form(); gh_ui_form_done(), gh_ui_say()
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

/*
 * A run that was picked from a list; gh_ui_doc then shows its screen. is_last:
 * no other followed it. Borrowed as gh_ui_show borrows.
 */
void gh_ui_pick(struct gh_ui *ui, const struct gh_run_view *view, bool is_last);

/* What led to the run that is shown; borrowed until the next show or pick. */
void gh_ui_strips(struct gh_ui *ui, const struct gh_ui_strips *strips);

/* The run came to no verdict: why, on the home screen. Copied. */
void gh_ui_say(struct gh_ui *ui, const char *text);

/* What a screen wants to be filled with, after OPEN; lives until the next. */
const struct gh_ui_order *gh_ui_order(const struct gh_ui *ui);

/*
 * The answer to it: its screen is shown. Borrowed until the next call or the
 * end. NULL: there is none, the screen stays; gh_ui_say tells why.
 */
void gh_ui_doc(struct gh_ui *ui, const struct gh_doc *doc);

/*
 * Of an order of GH_PAGE_ASK: what would start; its dialog opens, hearing
 * nothing that was typed ahead.
 */
void gh_ui_ask(struct gh_ui *ui, const struct gh_ui_task *task);

/* What was started; of a check, gh_ui_profile tells which. */
const struct gh_ui_task *gh_ui_task(const struct gh_ui *ui);

/* One part by itself is over: see gh_model_seen; doc as of gh_ui_doc. */
void gh_ui_seen(struct gh_ui *ui, const struct gh_doc *doc, const char *text);

/* Which page is on. */
enum gh_page gh_ui_page(const struct gh_ui *ui);

/*
 * For the live page, which listens to the link itself: one look at keys and
 * time without waiting, as gh_ui_wait answers; NONE: go on.
 */
enum gh_ui_action gh_ui_look(struct gh_ui *ui);
/* And its values as they are now; borrowed like those of gh_ui_doc. */
void gh_ui_live(struct gh_ui *ui, const struct gh_doc *doc);
/* Its port is closed and will not be opened again: why, NULL: was told. */
void gh_ui_lost(struct gh_ui *ui, const char *text);
/* What was typed, after SUBMIT. */
const struct gh_ui_form *gh_ui_form(const struct gh_ui *ui);

/*
 * It was stored: the page below is there again. True: that one wants a fresh
 * answer, as after OPEN. Without this call the form stays as it is.
 */
bool gh_ui_form_done(struct gh_ui *ui);

/* The verdict that is shown as it reads now; the screen stays. As gh_ui_show.
 */
void gh_ui_refresh(struct gh_ui *ui, const struct gh_run_view *view);

/* Which of gh_ui_about.plan was started. */
unsigned gh_ui_profile(const struct gh_ui *ui);

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

/*
 * The terminal is gone, which its own SIGHUP may tell a moment later or, when
 * it is not the controlling one, never.
 */
bool gh_ui_hung_up(const struct gh_ui *ui);

/*
 * At rest: START (from then on the ui counts as running until show or
 * say), OPEN, SUBMIT, QUIT, or NONE after a signal or the wake descriptor.
 */
enum gh_ui_action gh_ui_wait(struct gh_ui *ui);

#endif
