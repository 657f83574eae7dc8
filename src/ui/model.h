/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * model - all that the screens know, as plain data. Keys and events change it,
 * views read it; time is a field, so that a test can hold it still.
 */
#ifndef GH_UI_MODEL_H
#define GH_UI_MODEL_H

#include "base/clock.h"	  /* gh_us */
#include "base/text.h"	  /* GH_NAME_CAP */
#include "engine/event.h" /* struct gh_event, struct gh_run_view */
#include "judge/judge.h"  /* enum gh_verdict */
#include "report/doc.h"	  /* struct gh_doc */
#include "ui/form.h"	  /* struct gh_ui_form */
#include "ui/strip.h"	  /* struct gh_ui_strips */
#include "ui/hold.h"	  /* struct gh_hold */
#include "ui/theme.h"	  /* enum gh_theme */

#include <stdbool.h>

/* Below this a window shows the too-small screen. */
enum { GH_UI_MIN_W = 40, GH_UI_MIN_H = 12 };

/* An old READY or WATCH counts no more: interface.md section 2, rule 3. */
#define GH_UI_MAX_AGE_S INT64_C(14400)

enum { GH_UI_PHASES = 24 };

enum gh_page {
	GH_PAGE_HOME,
	GH_PAGE_ASK,	 /* the dialog before motion */
	GH_PAGE_RUNNING, /* and until the verdict is there */
	GH_PAGE_VERDICT,
	GH_PAGE_DETAIL,
	GH_PAGE_HELP,
	GH_PAGE_DOCTOR,	 /* from the cable to the answer */
	GH_PAGE_LAMPS,	 /* signs, words and inks of this terminal */
	GH_PAGE_FORM,
	GH_PAGE_NOTES,
	GH_PAGE_BASELINES,
	GH_PAGE_BASELINE, /* what is in one */
	GH_PAGE_DIFF,	  /* of two of them */
	GH_PAGE_PART,	 /* one part; words: its name, the run */
	GH_PAGE_HISTORY, /* runs, or a part in them */
	GH_PAGE_COMPARE, /* two runs, or a run and a baseline */
	GH_PAGE_TREND,	 /* a metric over time */
	GH_PAGE_LIVE,	 /* what stands still, as it goes on */
	GH_PAGE_SEEN,	 /* what one part by itself showed */
	GH_PAGE_SMALL, /* never stored: the window decides */
	GH_PAGE_COUNT
};

enum gh_ui_action {
	GH_UI_NONE,
	GH_UI_REDRAW,
	GH_UI_FLUSH, /* redraw, and drop keys typed so far */
	GH_UI_START,  /* `y` was given to gh_ui_model.start */
	GH_UI_OPEN,   /* a page wants its answer, gh_ui_order() */
	GH_UI_SUBMIT, /* gh_ui_model.form is to be stored */
	GH_UI_STOP,
	GH_UI_QUIT
};

/* places, five, fifteen, half: the keys 1 to 4 */
enum { GH_UI_PROFILES = 4 };

/* What a check of one profile would do. */
struct gh_ui_plan {
	char name[GH_NAME_CAP];
	unsigned joints;
	double reach_deg;  /* largest sweep of a joint, 0: not known */
	double seconds;	   /* of the whole check */
	char refusal[224]; /* why no check can be made, "": it can */
};

/* First use: what a verdict needs, in that order. */
enum { GH_UI_FIRST = 4 };
struct gh_ui_first {
	const char *title; /* "rig file", static; NULL: there is no more */
	bool there;
	char found[160], todo[160]; /* todo "": nothing */
};

/* What the dialog asks for. */
enum gh_ui_move {
	GH_MOVE_CHECK,	  /* of gh_ui_model.profile */
	GH_MOVE_SWEEP,	  /* a joint there and back */
	GH_MOVE_IDENTIFY, /* it wiggles, or a lamp blinks */
	GH_MOVE_LOOK,	  /* the core shows a look */
	GH_MOVE_JOG	  /* a joint, by the arrow keys */
};

/* One part by itself: what would start, in words that the dialog says. */
struct gh_ui_task {
	enum gh_ui_move move;
	char part[GH_NAME_CAP];
	char look[GH_NAME_CAP]; /* of LOOK, and its place in the rig file */
	unsigned look_at;
	bool is_joint; /* else a lamp: nothing moves */
	double reach_deg, seconds;
	double lo_deg, hi_deg, deg_s; /* of JOG */
	int way;		      /* of JOG: -1 down, 1 up */
};

/* What does not come from a run: the dialog and the home line need it. */
struct gh_ui_about {
	char rig[GH_NAME_CAP], port[64], baseline[64];
	int64_t baseline_s; /* wall time it was sealed, 0: not known */
	/* Checks moved it so long on the day that began then; 0: not known. */
	double moved_s;
	int64_t moved_day_s;
	struct gh_ui_plan plan[GH_UI_PROFILES];
	struct gh_ui_first first[GH_UI_FIRST]; /* while nothing is stored */
	bool simulated;
	char latched[40]; /* cause of a stop that `y` clears, "": none */
};

/* What a page is to be filled with: words for the verb behind it. */
enum { GH_UI_WORDS = 4, GH_UI_WORD = 128 };
struct gh_ui_order {
	enum gh_page page;
	char word[GH_UI_WORDS][GH_UI_WORD]; /* "": not given */
};

/* Where Esc leads: at most so many screens deep (interface.md 4.1). */
enum { GH_UI_TRAIL = 4 };
struct gh_ui_step {
	struct gh_ui_order order;
	unsigned cursor;
	int part;
};

struct gh_ui_phase {
	char text[48];
	double seconds;
};

struct gh_ui_model {
	int w, h;
	bool utf8, utf8_able;
	bool mouse; /* wanted: the terminal's own selecting is off then */
	enum gh_theme theme;
	gh_us now;	/* monotonic */
	int64_t wall_s; /* for ages */
	gh_us key_at;	/* of the last key */

	enum gh_page page;
	struct gh_ui_step trail[GH_UI_TRAIL];
	unsigned n_trail;
	struct gh_ui_order order;  /* of the page that is shown */
	struct gh_ui_order wanted; /* of the one that was asked for */
	bool going_back;	   /* the page wanted is on the trail */
	const struct gh_doc *doc; /* answer of the page, NULL: none yet */
	struct gh_ui_form form; /* of GH_PAGE_FORM */
	char who[GH_UI_NAME];	/* as typed into the last one */
	bool filtering;	 /* keys go into the filter */
	char filter[48]; /* rows without it are not shown */
	struct gh_ui_task task; /* what the dialog or run is about */
	unsigned profile;	/* 0 to 3: of a check */
	struct gh_hold hold;	/* it moves only while this lasts */
	struct gh_ui_task consent; /* JOG: it may be moved by its keys ... */
	gh_us consent_until;	   /* ... until then; 0: it may not */
	gh_us asked_at;			/* when the dialog opened */
	const struct gh_run_view *view; /* the last verdict, NULL: none yet */
	bool is_past; /* no: it is a run out of the history */
	const struct gh_ui_strips *strips; /* of the view; NULL: not known */
	char marked[GH_UI_WORD]; /* run of the history to compare with, "" */
	struct gh_ui_about about;
	char message[320]; /* above the keys; long ones take more lines */
	unsigned cursor;   /* row that is selected */
	int part;	   /* detail shows this part, -1: all */

	bool running;  /* from `y` until the verdict or gh_model_say */
	bool moving;   /* the run said so */
	bool busy;     /* an answer takes seconds; SPACE breaks it off */
	bool stopping; /* SPACE was heard */
	bool let_go;   /* or the key was not held any more */
	bool quit_asked, quit_after;
	double elapsed_s, left_s, share;
	unsigned phase, phases;
	struct gh_ui_phase done[GH_UI_PHASES];
	unsigned n_done;
	struct gh_ui_phase current; /* seconds: when it began */
	char next[48];		    /* phase, "" none that is known */
	unsigned time_scale;	    /* of this run; 0: not known */
	char note[160];
	char error[160];
};

void gh_model_init(struct gh_ui_model *m);

/* The page on the screen: the stored one, or the too-small screen. */
enum gh_page gh_model_page(const struct gh_ui_model *m);

/* A new window size; a dialog that does not fit any more is cancelled. */
void gh_model_resize(struct gh_ui_model *m, int w, int h);

/* The dialog opens; Cancel comes back here. */
void gh_model_ask(struct gh_ui_model *m, const struct gh_ui_task *task);

/* Moves only while a key is held: all but a check. */
bool gh_model_is_held(const struct gh_ui_model *m);

/* `y` was confirmed: from here on SPACE is heard and the bar is up. */
void gh_model_start(struct gh_ui_model *m);

void gh_model_event(struct gh_ui_model *m, const struct gh_event *ev);

/*
 * A verdict to show: the page of a run that just ended, else news at home.
 * NULL takes the old one away and changes nothing else, also in a run.
 */
void gh_model_show(struct gh_ui_model *m, const struct gh_run_view *view);

/* The same run as it reads now, or its remarks do; the screen stays. */
void gh_model_refresh(struct gh_ui_model *m, const struct gh_run_view *view);
/*
 * A run that was picked from a list; its screen comes with gh_model_doc. What
 * it says counts no more unless it is the last one.
 */
void gh_model_pick(struct gh_ui_model *m, const struct gh_run_view *view,
		   bool is_last);

/* A run that came to no verdict, or anything else worth a line. */
void gh_model_say(struct gh_ui_model *m, const char *text);

/*
 * The answer that m->order asked for: its page is shown. NULL: there is none,
 * the screen stays where it was.
 */
void gh_model_doc(struct gh_ui_model *m, const struct gh_doc *doc);

/*
 * One part by itself is over: what was seen as a page, or, doc NULL, the line
 * alone where the question was asked.
 */
void gh_model_seen(struct gh_ui_model *m, const struct gh_doc *doc,
		   const char *text);

/*
 * The port of the live page is closed: it is left, and consent with it. text
 * NULL: the line is there already.
 */
void gh_model_lost(struct gh_ui_model *m, const char *text);

/* The screen is another one now; Esc comes back here. */
void gh_model_enter(struct gh_ui_model *m, enum gh_page page);
/* And comes back, to where the cursor was. */
void gh_model_leave(struct gh_ui_model *m);

/* What a check of the chosen profile would do. */
const struct gh_ui_plan *gh_model_plan(const struct gh_ui_model *m);

/* Pages that show gh_ui_model.doc. */
bool gh_page_has_doc(enum gh_page page);

/* Of these, those whose answer takes seconds: gh_ui_model.busy. */
bool gh_page_is_slow(enum gh_page page);

/* True while anything may move: then the STOP bar is on every screen. */
bool gh_model_may_move(const struct gh_ui_model *m);

/*
 * The verdict as it counts now: READY or WATCH of an old run, or of one that
 * another followed, is UNSURE.
 */
enum gh_verdict gh_model_verdict(const struct gh_ui_model *m);
bool gh_model_is_old(const struct gh_ui_model *m);

/* The screen is about a run and its dialog, not about the last verdict. */
bool gh_model_looks_ahead(const struct gh_ui_model *m);

/*
 * SIMULATED must then be on every screen: of a run and its dialog what it is
 * about to be, else what the verdict was.
 */
bool gh_model_is_simulated(const struct gh_ui_model *m);

/* Rows that the cursor can be on: those that the filter lets through. */
unsigned gh_model_rows(const struct gh_ui_model *m);

/* The part in that row of home, -1: none. */
int gh_model_part_at(const struct gh_ui_model *m, unsigned row);

/*
 * In the dark the key bar is lit only for a while after a key; the STOP bar
 * always.
 */
#define GH_UI_BAR_US (10 * (gh_us)GH_US_PER_S)
bool gh_model_bar_is_on(const struct gh_ui_model *m);

#endif
