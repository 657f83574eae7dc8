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
	GH_PAGE_SMALL, /* never stored: the window decides */
	GH_PAGE_COUNT
};

enum gh_ui_action {
	GH_UI_NONE,
	GH_UI_REDRAW,
	GH_UI_FLUSH, /* redraw, and drop keys typed so far */
	GH_UI_START_PLACES,
	GH_UI_STOP,
	GH_UI_QUIT
};

/* What does not come from a run: the dialog and the home line need it. */
struct gh_ui_about {
	char rig[GH_NAME_CAP], port[64], baseline[64];
	int64_t baseline_s; /* wall time it was sealed, 0: not known */
	unsigned joints;
	double reach_deg; /* largest sweep of a joint, 0: not known */
	double seconds;	  /* of the whole check */
	bool simulated;
	char latched[40];  /* cause of a stop that `y` clears, "": none */
	char refusal[224]; /* why no check can be made, "": it can */
};

struct gh_ui_phase {
	char text[48];
	double seconds;
};

struct gh_ui_model {
	int w, h;
	bool utf8, utf8_able;
	enum gh_theme theme;
	gh_us now;	/* monotonic */
	int64_t wall_s; /* for ages */
	gh_us key_at;	/* of the last key */

	enum gh_page page, back;
	gh_us asked_at;			/* when the dialog opened */
	const struct gh_run_view *view; /* the last verdict, NULL: none yet */
	struct gh_ui_about about;
	char message[320]; /* above the keys; long ones take more lines */
	unsigned cursor;   /* on home: row of parts; in detail: of findings */
	int part;	   /* detail shows this part, -1: all */

	bool running;  /* from `y` until the verdict or gh_model_say */
	bool moving;   /* the run said so */
	bool stopping; /* SPACE was heard */
	bool quit_asked, quit_after;
	double elapsed_s, left_s, share;
	unsigned phase, phases;
	struct gh_ui_phase done[GH_UI_PHASES];
	unsigned n_done;
	struct gh_ui_phase current; /* seconds: when it began */
	char note[160];
	char error[160];
};

void gh_model_init(struct gh_ui_model *m);

/* The page on the screen: the stored one, or the too-small screen. */
enum gh_page gh_model_page(const struct gh_ui_model *m);

/* A new window size; a dialog that does not fit any more is cancelled. */
void gh_model_resize(struct gh_ui_model *m, int w, int h);

/* `y` was confirmed: from here on SPACE is heard and the bar is up. */
void gh_model_start(struct gh_ui_model *m);

void gh_model_event(struct gh_ui_model *m, const struct gh_event *ev);

/*
 * A verdict to show: the page of a run that just ended, else news at home.
 * NULL takes the old one away and changes nothing else, also in a run.
 */
void gh_model_show(struct gh_ui_model *m, const struct gh_run_view *view);

/* A run that came to no verdict, or anything else worth a line at home. */
void gh_model_say(struct gh_ui_model *m, const char *text);

/* True while anything may move: then the STOP bar is on every screen. */
bool gh_model_may_move(const struct gh_ui_model *m);

/* The verdict as it counts now: an old READY or WATCH is UNSURE. */
enum gh_verdict gh_model_verdict(const struct gh_ui_model *m);
bool gh_model_is_old(const struct gh_ui_model *m);

/* The screen is about a run and its dialog, not about the last verdict. */
bool gh_model_looks_ahead(const struct gh_ui_model *m);

/*
 * SIMULATED must then be on every screen: of a run and its dialog what it is
 * about to be, else what the verdict was.
 */
bool gh_model_is_simulated(const struct gh_ui_model *m);

/* Rows that the cursor can be on. */
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
