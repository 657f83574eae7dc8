/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * reference - what the baseline lets us expect of one metric of one part: its
 * mean, the spread of one more healthy run, and the least change that matters.
 * Session variance is pooled over sibling parts, because three sessions of one
 * joint alone say almost nothing (measurement.md section 6).
 */
#ifndef GH_JUDGE_REFERENCE_H
#define GH_JUDGE_REFERENCE_H

#include "judge/judge.h" /* struct gh_judge_in, struct gh_baseline */
#include "judge/stats.h" /* struct gh_members */

enum {
	/* measurement.md section 6, "Policy" */
	GH_MIN_RUNS_HARD = 3,
	GH_MIN_RUNS = 5,
	GH_MIN_SESSIONS = 3,
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
	double least; /* practical minimum change */
};

/* The rows of a metric (id: with its instance) of a part. */
struct gh_members gh_members_find(const struct gh_baseline *b, const char *id,
				  const char *part,
				  const struct gh_metric *metric);

void gh_reference_find(const struct gh_judge_in *in,
		       const struct gh_measure *measure,
		       struct gh_reference *out);

/* Delta-E00 of a colour against the reference's mean. */
double gh_reference_delta_e(const struct gh_reference *ref,
			    const double xyz[3]);

#endif
