/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * reference - what the baseline lets us expect of one metric of one part: its
 * mean, the spread of one more healthy run, and the least change that matters.
 * Session variance is pooled over sibling parts, because three sessions of one
 * joint alone say almost nothing (measurement.md section 6).
 */
#ifndef GH_JUDGE_REFERENCE_H
#define GH_JUDGE_REFERENCE_H

#include "judge/judge.h" /* struct gh_measure */
#include "judge/pool.h"	 /* struct gh_setting */

enum {
	/* measurement.md section 6, "Policy" */
	GH_MIN_RUNS_HARD = 3,
	GH_MIN_RUNS = 5,
	GH_MIN_SESSIONS = 3,
	GH_MIN_RUNS_FULL = 8, /* full claims */
};

struct gh_reference {
	/* NONE: all below is there; else why statistics cannot be done. */
	enum gh_reason reason;
	unsigned other_version; /* of INCOMPARABLE */
	unsigned runs, sessions;
	double mean[3]; /* NAN: no member run has it */
	double white[3]; /* of colours */
	double prediction_sd; /* of (this run - mean), when healthy */
	double df;
	double u;    /* repeatability SD of tonight's value, 0: not known */
	double rate; /* of rates: their upper 95 % limit */
	double least; /* practical minimum change */
};

void gh_reference_find(const struct gh_setting *setting,
		       const struct gh_measure *measure,
		       struct gh_reference *out);

/* Delta-E00 of a colour against the reference's mean. */
double gh_reference_delta_e(const struct gh_reference *ref,
			    const double xyz[3]);

#endif
