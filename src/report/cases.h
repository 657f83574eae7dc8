/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cases - a run as a list of test cases, the way TAP, JUnit and the event
 * stream want it: one per finding, and one more wherever the findings alone
 * would look better than what was said. No form may say better than the
 * verdict.
 */
#ifndef GH_REPORT_CASES_H
#define GH_REPORT_CASES_H

#include "engine/event.h"  /* struct gh_run_view */
#include "report/phrase.h" /* GH_PHRASE_CAP */

/* Suite of what belongs to no part. */
#define GH_CASES_OWN "ghostlight"

enum { GH_CASES_RUN = -1 /* in the place of a part: the run's own cases */ };

struct gh_case {
	int part;	  /* index, GH_CASES_RUN: of the run itself */
	const char *suite; /* part name as in the rig file, or GH_CASES_OWN */
	const char *name; /* metric id; "part" or "verdict" for the extra one */
	enum gh_state state;
	const struct gh_finding *finding; /* NULL: the extra one */
	const struct gh_accept *accept;	  /* of a known one, NULL: not told */
	char text[GH_PHRASE_CAP]; /* figures, or the reason; may be "" */
};

typedef void gh_case_each(void *self, const struct gh_case *c);

/*
 * Calls each for every case of a part, or of the run itself; returns how many.
 * each NULL: only counts.
 */
unsigned gh_cases_of(const struct gh_run_view *view, int part,
		     gh_case_each *each, void *self);

/* All parts in the rig's order, the run's own last. */
unsigned gh_cases(const struct gh_run_view *view, gh_case_each *each,
		  void *self);

/*
 * "WATCH 14.8 dE, limit 8.0 dE"; of one that somebody answers for "known until
 * 2026-12-01, A. Smith: new lens ordered; 871 mA".
 */
void gh_case_phrase(char *out, size_t cap, const struct gh_case *c);

#endif
