/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * gate - a number against the limits that its baseline gives: beyond, inside,
 * or too near to tell (measurement.md section 7, 2 to 4 and 6).
 */
#ifndef GH_JUDGE_GATE_H
#define GH_JUDGE_GATE_H

#include "judge/finding.h" /* struct gh_terms, struct gh_trial */

/* Distance from what is expected; of one-sided metrics below it: 0. */
double gh_trial_away(const struct gh_finding *f, const struct gh_trial *t);

/* Half-width that a healthy run leaves with probability alpha. */
double gh_gate_half(const struct gh_finding *f, const struct gh_trial *t,
		    double alpha);

/* The hard limits set before stay where they are the tighter ones. */
void gh_gate_set_limits(struct gh_finding *f, double half);

/* From what is expected, or else from the value, to the nearer limit. */
double gh_gate_room(const struct gh_finding *f);

/*
 * Inside its limits: a pass that says what it would have noticed, guard band
 * included, or TOO_NOISY.
 */
void gh_gate_pass(struct gh_finding *f, const struct gh_trial *t, double band);

void gh_gate_judge(const struct gh_terms *terms,
		   const struct gh_measure *measure, struct gh_finding *f,
		   const struct gh_trial *t);

#endif
