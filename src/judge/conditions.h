/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * conditions - how warm the sculpture was and what its supply gave, in this run
 * and in each run of the baseline: outside the baseline's range nothing can be
 * said, inside it what they do to a metric is taken out where the baseline
 * shows it (measurement.md section 6, "Temperature and supply").
 */
#ifndef GH_JUDGE_CONDITIONS_H
#define GH_JUDGE_CONDITIONS_H

#include "judge/judge.h"   /* struct gh_judge_in */
#include "judge/members.h" /* struct gh_members */

#include <stdbool.h>

enum gh_condition_id { GH_WARMTH, GH_VOLTS, GH_CONDITIONS };

/* Runs of a baseline that conditions are known of; more are not corrected. */
enum { GH_CONDITION_RUNS = 512 };

struct gh_condition {
	double now; /* degC, V; NAN: nobody measured it */
	double of_run[GH_CONDITION_RUNS];
	double lo, hi; /* of the baseline; NAN: not measured there */
	bool spans;    /* far enough apart to fit a slope */
};

struct gh_conditions {
	struct gh_condition c[GH_CONDITIONS];
};

/* A median over the parts that measure them: one hot servo is no hot room. */
void gh_conditions_find(const struct gh_judge_in *in,
			struct gh_conditions *out);

/*
 * OUTSIDE_TEMPERATURE, OUTSIDE_SUPPLY or NONE for a part of this kind. note
 * says where and what was expected.
 */
enum gh_reason gh_conditions_outside(const struct gh_conditions *c,
				     enum gh_part_kind kind,
				     char note[GH_NOTE_CAP]);

/* Least squares over all siblings: change in units per degC and per V. */
struct gh_slopes {
	double xx[GH_CONDITIONS][GH_CONDITIONS], xy[GH_CONDITIONS];
	double b[GH_CONDITIONS];
	unsigned fitted; /* how many of b are not 0 by decree */
};

/* Adds the rows' deviations from their own means, in units (y). */
void gh_slopes_add(struct gh_slopes *s, const struct gh_conditions *c,
		   const struct gh_members *m, const double *y);
void gh_slopes_fit(struct gh_slopes *s, const struct gh_conditions *c);

/* What the slopes say of each row, about their mean. */
void gh_slopes_shift(const struct gh_slopes *s, const struct gh_conditions *c,
		     const struct gh_members *m, double *shift);

struct gh_shift_now {
	double shift;	 /* expected now, in units, against the members' mean */
	double leverage; /* (T - Tbar)^2/S_TT and the like: added to 1 + 1/n */
};

struct gh_shift_now gh_slopes_now(const struct gh_slopes *s,
				  const struct gh_conditions *c,
				  const struct gh_members *m);

#endif
