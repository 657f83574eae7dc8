/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * stats - the few formulas of measurement.md section 6: what the runs of a
 * baseline say about the spread of one more run in a new session, and how far
 * that run may then lie from their mean.
 */
#ifndef GH_JUDGE_STATS_H
#define GH_JUDGE_STATS_H

#include "judge/members.h" /* struct gh_members */

#include <stddef.h>

/* Where the members of one part lie and in what they are measured. */
struct gh_centre {
	enum gh_metric_kind kind;
	double mean;
	double unit; /* deviations are divided by this: 1, or the mean */
	/* What is known to move each row, in units; NULL: nothing. Mean 0. */
	const double *shift;
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

/* value - mean, the short way round for circular metrics. */
double gh_deviation(enum gh_metric_kind kind, double value, double mean);

/* One-way analysis over the sessions of one part, added to the pool. */
void gh_anova_add(struct gh_anova *a, const struct gh_members *m,
		  const struct gh_centre *c);

/* Session and run variance together; df 0 when the pool is empty. */
struct gh_variance gh_anova_variance(const struct gh_anova *a);

/* The prior SD counts as d0 degrees of freedom; d0 0 leaves v as it is. */
struct gh_variance gh_moderate(struct gh_variance v, double d0, double prior);

/*
 * Log variances of siblings, metric by metric: how much more they scatter than
 * their few degrees of freedom alone would make them.
 */
struct gh_log_variances {
	double ss, df; /* about the mean of each metric's siblings */
	double chance; /* sum of trigamma(d/2), what chance alone gives */
	double n;
};

/* One metric's siblings; variances of nothing (0) are left out. */
void gh_log_variances_add(struct gh_log_variances *l,
			  const struct gh_variance *v, size_t n);

/*
 * Prior degrees of freedom d0 of a scaled inverse chi-square: G. K. Smyth,
 * Linear models and empirical Bayes methods ..., 2004, section 6.2. INFINITY
 * when the siblings differ by no more than chance.
 */
double gh_prior_freedom(const struct gh_log_variances *l);

/* The x with trigamma(x) = y, y > 0: Smyth 2004, appendix. */
double gh_trigamma_inverse(double y);

/*
 * A sibling's own variance moderated by the pool's, with the prior degrees of
 * freedom; never more freedom than the pool has.
 */
struct gh_variance gh_moderate_by_pool(struct gh_variance own, double d0,
				       struct gh_variance pool);

/* Chance of at least n events where the mean is `mean`. */
double gh_poisson_tail(double n, double mean);

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
