/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pool - what sibling parts say together: their sessions, how unlike their
 * variances are, what warmth does to them and how well the tool repeats itself
 * (measurement.md sections 6 and 9).
 */
#ifndef GH_JUDGE_POOL_H
#define GH_JUDGE_POOL_H

#include "judge/conditions.h" /* struct gh_conditions */
#include "judge/stats.h"      /* struct gh_variance */

enum {
	/* From here on siblings carry a limit without a declared prior. */
	GH_SIBLINGS_ENOUGH = 4
};

/* What all findings of a run share. */
struct gh_setting {
	const struct gh_judge_in *in;
	struct gh_conditions conditions;
};

/* Relative metrics: in shares of each sibling's own mean. */
struct gh_pool {
	struct gh_variance own, all; /* of one run in a new session */
	unsigned siblings;
	double prior_freedom; /* that the siblings' variances lend each other */
	double within;	  /* variance of runs within a session */
	double repeat_sd; /* of one repeat, NAN: nothing to tell by */
	struct gh_shift_now now; /* what the conditions do to this part */
};

void gh_pool_find(const struct gh_setting *s, const struct gh_measure *measure,
		  struct gh_pool *out);

#endif
