/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * stats - the few formulas of measurement.md section 6: what the runs of a
 * baseline say about the spread of one more run in a new session, and how far
 * that run may then lie from their mean.
 */
#ifndef GH_JUDGE_STATS_H
#define GH_JUDGE_STATS_H

#include "judge/judge.h" /* struct gh_base_value, enum gh_metric_kind */

#include <stddef.h>

/* The rows of one metric of one part; rows of another version do not count. */
struct gh_members {
	const struct gh_base_value *row;
	size_t n;
	unsigned version;
	int width; /* 3 for colours, else 1: how much of v is meant */
};

/* Where the members of one part lie and in what they are measured. */
struct gh_centre {
	enum gh_metric_kind kind;
	double mean;
	double unit; /* deviations are divided by this: 1, or the mean */
};

/* Sums of squares, to be filled from one part after the other. */
struct gh_anova {
	double ss_between, df_between;
	double ss_within, df_within;
	double n0_weighted; /* runs per session, times df_between */
};

/* Variance of one run in a new session and the freedom behind it. */
struct gh_variance {
	double var, df;
};

/* Right version, finite numbers. */
bool gh_member_counts(const struct gh_members *m, size_t i);

/* value - mean, the short way round for circular metrics. */
double gh_deviation(enum gh_metric_kind kind, double value, double mean);

/* One-way analysis over the sessions of one part, added to the pool. */
void gh_anova_add(struct gh_anova *a, const struct gh_members *m,
		  const struct gh_centre *c);

/* Session and run variance together; df 0 when the pool is empty. */
struct gh_variance gh_anova_variance(const struct gh_anova *a);

/* The prior SD counts as d0 degrees of freedom; d0 0 leaves v as it is. */
struct gh_variance gh_moderate(struct gh_variance v, double d0, double prior);

/* SD of (new run - mean over sessions). */
double gh_prediction_sd(double sd, unsigned sessions);

/* Half-width that a healthy run leaves with probability alpha, both sides. */
double gh_half_width(double prediction_sd, double df, double alpha);

/* Chance of a deviation at least this large either way. */
double gh_p_value(double deviation, double prediction_sd, double df);

/*
 * Benjamini-Hochberg: the largest p that still counts as a finding; p/n of q
 * when none does, which is the limit the smallest one missed.
 */
double gh_bh_cut(const double *p, size_t n, double q);

#endif
