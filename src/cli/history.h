/* SPDX-License-Identifier: GPL-3.0-or-later */
/* history - what verb_history.c and history_*.c share. */
#ifndef GH_CLI_HISTORY_H
#define GH_CLI_HISTORY_H

#include "cli/people.h"	  /* gh_show_doc */
#include "store/series.h" /* struct gh_series_row */

enum { GH_HISTORY_RUNS = 10000 }; /* 27 years of nights */

/* One metric of one part over time, with what happened meanwhile. */
struct gh_history {
	const char *part, *id;
	const struct gh_metric *metric; /* NULL: not of this version */
	struct gh_series_row *rows;	/* oldest first */
	size_t n;
	/* The rows of the newest formula, as numbers; y of a colour is Y. */
	double *days, *y;
	size_t first; /* of rows that are in them */
	struct gh_worst limits; /* of the newest run; NAN: none */
};

/* Angles are unwound about the first one; of a colour it is Y. */
double gh_history_value(const struct gh_history *h, size_t i);
/* Of those values: Y has none. */
enum gh_unit gh_history_unit(const struct gh_history *h);

/* What happened between or in the runs, oldest first; *n of them, heap. */
struct gh_history_event {
	int64_t at_s, run; /* run: the first one after it, 0: none yet */
	const char *kind;
	char text[160];
};
enum gh_status gh_history_events(struct gh_store *st,
				 const struct gh_history *h,
				 struct gh_history_event **out, size_t *n,
				 struct gh_err *err) GH_MUST_CHECK;

/*
 * The values over time, with what happened and the limits of the newest run.
 * Runs that another baseline or another formula judged are series of their own,
 * the oldest of them one series with gaps. change: row where the level jumped,
 * as far as that stands out, else h->n. False: no memory. gh_plot_finish(p).
 */
bool gh_history_plot(struct gh_plot *p, const struct gh_history *h,
		     const struct gh_history_event *events, size_t n_events,
		     size_t change);

/* `history PART --metric ID`; an exit code. */
int gh_history_metric(struct gh_cli *cli, struct gh_store *st,
		      const struct gh_history_ask *ask);

#endif
