/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * stats - the plain statistics of a list of numbers. All give NAN where the
 * list is too short to have the figure.
 */
#ifndef GH_MEASURE_STATS_H
#define GH_MEASURE_STATS_H

#include <stddef.h>

double gh_mean(const double *x, size_t n);
/* Of the absolute values. */
double gh_mean_abs(const double *x, size_t n);
/* Root of the mean square about zero. */
double gh_rms(const double *x, size_t n);
/* Sample standard deviation (n - 1), two passes: survives NumAcc4. */
double gh_sd(const double *x, size_t n);
/* Lag-1 autocorrelation as NIST defines it. 0 for constant lists. */
double gh_lag1(const double *x, size_t n);

/* These sort x in place. */
double gh_median(double *x, size_t n);
/* p in 0..1, type 7 (linear between order statistics). */
double gh_quantile(double *x, size_t n, double p);
/* Median of |x - median|, as it is: times 1.4826 is an SD. x is spoiled. */
double gh_mad(double *x, size_t n);

#endif
