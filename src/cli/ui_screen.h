/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ui_screen - private to verb `ui`: the screens while they are open, and what
 * they are told of the next check.
 */
#ifndef GH_CLI_UI_SCREEN_H
#define GH_CLI_UI_SCREEN_H

#include "cli/flow.h"  /* struct gh_flow_request */
#include "cli/paths.h" /* struct gh_path */
#include "cli/shelf.h" /* struct gh_shelf */
#include "cli/simulator.h" /* struct gh_simulator */
#include "cli/view.h"  /* struct gh_stored */
#include "ui/ui.h"     /* struct gh_ui, struct gh_ui_about */

/* The verdict on the screen and what it lies in: a store, or a flow. */
struct gh_ui_shown {
	struct gh_store *store;
	struct gh_stored *stored;
	struct gh_flow *flow;
	bool is_last; /* of those that were judged */
	struct gh_ui_strips *strips; /* heap; NULL: not known */
};

struct gh_ui_screen {
	struct gh_cli *cli;
	struct gh_path rig, db;
	struct gh_flow_request request;
	char serial[GH_NAME_CAP]; /* "": no rig file could be read */
	char rig_sha256[65];	  /* of what the dialog tells */
	struct gh_ui *ui;
	struct gh_ui_about about;
	struct gh_ui_shown shown;
	struct gh_shelf page; /* the answer on the screen */
	struct gh_ui_live *live; /* NULL: not opened yet */
	struct gh_doc *seen;  /* what one part by itself showed last */
	char latched[40]; /* the controller's stop, as the last run left it */
	struct gh_simulator simulator; /* that was asked for, if one was */
	bool signalled;
	struct gh_err unsafe; /* the last run was not seen to end safely */
	int unsafe_code;
};

/* Which profile each of the keys 1 to 4 starts. */
extern const char *const gh_ui_profiles[GH_UI_PROFILES];

/* An error and what to try, as the screen's message. */
void gh_ui_say_failure(struct gh_ui_screen *s, const struct gh_err *err);

/*
 * Opens the store and reads a run; 0: the last one, GH_NODATA: there is none.
 * The last one reads as it counts now (cli/expiry.h). Forget *out in any case.
 */
enum gh_status gh_ui_shown_load(const struct gh_ui_screen *s, int64_t run,
				struct gh_ui_shown *out,
				struct gh_err *err) GH_MUST_CHECK;
void gh_ui_shown_forget(struct gh_ui_shown *old);

/* What it says; NULL: nothing is shown. */
const struct gh_run_view *gh_ui_shown_view(const struct gh_ui_shown *shown);

/* Shows it as the last verdict, takes it over and forgets the one before. */
void gh_ui_shown_put(struct gh_ui_screen *s, const struct gh_ui_shown *next);

/* The last run. No database yet is no failure: nobody has checked. */
void gh_ui_shown_last(struct gh_ui_screen *s);

/* A run that was picked from a list. */
void gh_ui_shown_pick(struct gh_ui_screen *s, int64_t run);

/*
 * The same run with what has been said of it since, and the baseline as it is
 * now. What cannot be read stays as it is shown: it was stored all the same.
 */
void gh_ui_shown_again(struct gh_ui_screen *s);

/*
 * What led to a stored run, for the strips of home. It takes a look at every
 * run, so the verdict is painted before.
 */
enum gh_status gh_ui_load_strips(struct gh_ui_shown *shown,
				 struct gh_err *err) GH_MUST_CHECK;

/*
 * From the rig file alone. A file that cannot be read is told at once, and
 * the key for a check then gives it as its reason.
 */
void gh_ui_describe(struct gh_ui_screen *s);
/* gh_ui_about.first, after the others. */
void gh_ui_describe_first(struct gh_ui_screen *s);
void gh_ui_describe_baseline(struct gh_ui_screen *s, struct gh_store *store);

/* The widest stretch that one joint travels in a plan. */
double gh_ui_reach_deg(const struct gh_plan *plan);

/* Again, but for what comes out of the database; the screen is told. */
void gh_ui_describe_again(struct gh_ui_screen *s);

/* Consent was given to what the dialog told, not to a file edited since. */
bool gh_ui_is_as_told(struct gh_ui_screen *s);
/* The next dialog tells of a latched stop, and the `y` given there clears it. */
void gh_ui_note_latch(struct gh_ui_screen *s, const struct gh_flow *f);
/* What is left behind unsafe or latched is told again at the end. */
void gh_ui_note_unsafe(struct gh_ui_screen *s, const struct gh_flow *f);

/* The run on the screen as a page of text beside the database; says where. */
void gh_ui_print(struct gh_ui_screen *s);

/* --- ui_task.c: one part by itself --- */
/* What an order of GH_PAGE_ASK would start: its dialog, or why not. */
void gh_ui_question(struct gh_ui_screen *s);
/* Runs what the dialog was about; what it showed is a page. */
void gh_ui_run_task(struct gh_ui_screen *s);
/*
 * The same with a port that is open already, for a jog: link and boot as in
 * struct gh_flow_request. Returns why it ended: GH_OK the end of its way,
 * GH_CANCELLED it was let go, anything else is told and the port is to be
 * closed.
 */
enum gh_status gh_ui_run_jog(struct gh_ui_screen *s, struct gh_link *link,
			     const char *boot, const struct gh_tap *tap,
			     const struct gh_ears *ears);

/* --- ui_live.c --- */
/* What the live page shows; NULL: no memory. */
const struct gh_doc *gh_ui_live_doc(struct gh_ui_screen *s);
void gh_ui_live_free(struct gh_ui_live *l); /* NULL is fine */
/*
 * The live page from the opening of its port to the closing; what the operator
 * wants then.
 */
enum gh_ui_action gh_ui_run_live(struct gh_ui_screen *s);

#endif
