/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/stats.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>

double gh_mean(const double *x, size_t n)
{
	double sum = 0.0, left = 0.0, mean;

	if (n == 0)
		return NAN;
	for (size_t i = 0; i < n; i++)
		sum += x[i];
	mean = sum / (double)n;
	/* What rounding left over: zero in exact arithmetic. */
	for (size_t i = 0; i < n; i++)
		left += x[i] - mean;
	return mean + left / (double)n;
}

double gh_mean_abs(const double *x, size_t n)
{
	double sum = 0.0;

	for (size_t i = 0; i < n; i++)
		sum += fabs(x[i]);
	return n > 0 ? sum / (double)n : NAN;
}

double gh_rms(const double *x, size_t n)
{
	double sum = 0.0;

	for (size_t i = 0; i < n; i++)
		sum += x[i] * x[i];
	return n > 0 ? sqrt(sum / (double)n) : NAN;
}

double gh_sd(const double *x, size_t n)
{
	const double mean = gh_mean(x, n);
	double sum = 0.0, left = 0.0;

	if (n < 2)
		return NAN;
	for (size_t i = 0; i < n; i++) {
		const double d = x[i] - mean;

		sum += d * d;
		left += d;
	}
	return sqrt((sum - left * left / (double)n) / (double)(n - 1));
}

double gh_lag1(const double *x, size_t n)
{
	const double mean = gh_mean(x, n);
	double own = 0.0, next = 0.0;

	if (n < 2)
		return NAN;
	for (size_t i = 0; i < n; i++) {
		own += (x[i] - mean) * (x[i] - mean);
		if (i + 1 < n)
			next += (x[i] - mean) * (x[i + 1] - mean);
	}
	return own > 0.0 ? next / own : 0.0;
}

double gh_median(double *x, size_t n)
{
	return gh_quantile(x, n, 0.5);
}

double gh_quantile(double *x, size_t n, double p)
{
	if (n == 0)
		return NAN;
	gsl_sort(x, 1, n);
	return gsl_stats_quantile_from_sorted_data(x, 1, n, p);
}

double gh_mad(double *x, size_t n)
{
	const double centre = gh_median(x, n);

	for (size_t i = 0; i < n; i++)
		x[i] = fabs(x[i] - centre);
	return gh_median(x, n);
}
