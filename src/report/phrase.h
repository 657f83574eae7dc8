/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * phrase - findings in words and figures that the crew reads: signs, part names
 * without dots, numbers as gh_number_text has them, signed changes. Every form
 * of report takes its words from here.
 */
#ifndef GH_REPORT_PHRASE_H
#define GH_REPORT_PHRASE_H

#include "engine/event.h" /* struct gh_run_view */

#include <stddef.h>

enum { GH_PHRASE_CAP = 240 };

/* "[#]", "/!\", " o ", " ? ": readable without colour. */
const char *gh_phrase_sign(enum gh_verdict v);

/* "resilience elbow" from "resilience.elbow". */
void gh_phrase_part(char *out, size_t cap, const char *name);

/* "load carried", or "colour of a look (dawn pink)" for an instance. */
void gh_phrase_metric(char *out, size_t cap, const struct gh_finding *f);

/* The verdict word a finding counts as: "HOLD", "NOT RUN". */
const char *gh_phrase_state(enum gh_state state);

/*
 * "871 mA, baseline 618 mA, +41 %, limit +25 %, 2 of 2"; a finding without a
 * value says its reason and note instead.
 */
void gh_phrase_figures(char *out, size_t cap, const struct gh_finding *f);

/*
 * "dry friction 15.2 mA (16 %)": the smallest change of a finding that passed
 * which would have been noticed; it must have one.
 */
void gh_phrase_notices(char *out, size_t cap, const struct gh_finding *f);

/*
 * "arm hangs limp: tighten the horn screw" of a part that has a diagnosis; a
 * neighbour that suffers from it says "see resilience elbow".
 */
void gh_phrase_cause(char *out, size_t cap, const struct gh_run_view *view,
		     unsigned part);

/* "58 s", "4 min", "5 h", "12 days"; of a time to come "0 s". */
void gh_phrase_duration(char *out, size_t cap, double seconds);

/* "1 hold, 1 watch, 6 ready, 2 not run"; counts parts. */
void gh_phrase_count(char *out, size_t cap, const struct gh_run_view *view);

/* Parts of the view, worst first, in the rig's order among equals. */
unsigned gh_phrase_sorted(const struct gh_run_view *view,
			  unsigned order[GH_JUDGE_PARTS]);

/* Findings of one part that weigh, worst first; at most cap. */
unsigned gh_phrase_findings(const struct gh_result *r, unsigned part,
			    const struct gh_finding **out, unsigned cap);

#endif
