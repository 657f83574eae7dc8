/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * single - one part looked at by itself (`sweep`, `identify`, `core`), as
 * people and machines read it. Values and what they were in the baseline, for
 * information: a look at one part is no check and has no verdict.
 */
#ifndef GH_REPORT_SINGLE_H
#define GH_REPORT_SINGLE_H

#include "judge/judge.h" /* struct gh_finding */
#include "report/doc.h"	 /* struct gh_doc */

#include <stdbool.h>
#include <stdio.h>

enum { GH_SINGLE_FINDINGS = 96, GH_SINGLE_BINS = 256 };

enum gh_single_answer {
	GH_ANSWER_NOT_ASKED,
	GH_ANSWER_YES,
	GH_ANSWER_NO,
	GH_ANSWER_UNSEEN /* nothing measures it */
};

/* The current at one angle, in each direction; NAN: not passed so. */
struct gh_single_bin {
	double deg;
	double there_a, back_a;
};

struct gh_single_view {
	const char *probe; /* "sweep" */
	const char *part, *rig, *serial, *port;
	bool simulated;
	const char *end;   /* "complete", "stopped", "failed" */
	const char *error; /* "" or why it did not complete */
	bool unsafe_end;   /* the safe state was not read back */
	double duration_s, motion_s;
	enum gh_single_answer answer;
	char said[GH_NOTE_CAP];	   /* who answered and how, "" not asked */
	const char *baseline;	   /* name, "" when nothing is compared */
	char against[GH_NOTE_CAP]; /* with what, or why with nothing */
	/* value, expected (the baseline's mean, NAN: none), unit, reason, note;
	 * colours: v and base. State and limits mean nothing here. */
	struct gh_finding findings[GH_SINGLE_FINDINGS];
	size_t n_findings;
	struct gh_single_bin curve[GH_SINGLE_BINS]; /* by angle */
	size_t n_curve;
};

void gh_single_text(const struct gh_single_view *view, FILE *out);

/*
 * The same as tables and a plot, for a screen; on the heap, of its own
 * (gh_doc_free). NULL: no memory.
 */
struct gh_doc *gh_single_doc(const struct gh_single_view *view);

/* One JSON object (schemas/single.schema.json); false: no memory. */
bool gh_single_json(const struct gh_single_view *view, FILE *out);

#endif
