/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * series - one number over many runs: does it creep, did it jump, has it left
 * where it was? measurement.md section 7.7; none of this judges a run.
 */
#ifndef GH_MEASURE_SERIES_H
#define GH_MEASURE_SERIES_H

#include <stdbool.h>
#include <stddef.h>

/*
 * EWMA: lambda and the limit for one false alarm in 100 000 points, by the
 * Markov chain of Brook and Evans, Biometrika 59 (1972) 539; test_series
 * computes it anew.
 */
#define GH_EWMA_LAMBDA 0.2
#define GH_EWMA_L 4.384

enum {
	GH_SERIES_START =
		8, /* points that say where it was: section 6 policy */
	GH_SERIES_LEAST = 5, /* fewer have no trend worth a line */
	GH_SERIES_SIDE = 3   /* points on either side of a change */
};

struct gh_trend {
	double per_day, lo, hi; /* slope, 95 % confidence interval */
	double p;		/* of a slope of 0 */
	double explains;	/* share of the variance, 0..1 */
};

/*
 * Least squares over days; the error is widened by the lag-1 autocorrelation
 * (gh_ols). False: fewer than GH_SERIES_LEAST points, or all on one day.
 */
bool gh_series_trend(const double *days, const double *y, size_t n,
		     struct gh_trend *out);

struct gh_change {
	size_t at;	      /* the first point after it */
	double before, after; /* means */
	double p; /* Bonferroni over all places it could have been */
	double explains;
};

/*
 * One change of the mean: the split with the largest two-sample t (Hawkins,
 * JASA 72 (1977) 180), each side GH_SERIES_SIDE points or more. It takes the
 * points for independent. False: too few points or no spread at all.
 */
bool gh_series_change(const double *y, size_t n, struct gh_change *out);

struct gh_ewma {
	size_t start;	  /* points of the beginning, never alarmed */
	double mean, sd;  /* of the beginning; by the mean moving range */
	double z, lo, hi; /* now, and its limits now */
	bool out;	  /* now beyond them */
	bool ever;	  /* at first beyond them at: */
	size_t first;
};

/*
 * mean from the first GH_SERIES_START points; sd is the mean moving range of
 * all / 1.128 (NIST 6.3.2.2), which a jump hardly moves. The limits also carry
 * the error of that mean. False: not more points than the beginning.
 */
bool gh_series_ewma(const double *y, size_t n, struct gh_ewma *out);

#endif
