/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/series.h"

#include "measure/memory.h" /* gh_memory_note */
#include "measure/ols.h"    /* gh_ols */
#include "measure/stats.h"  /* gh_mean */

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

#define RANGE_TO_SD 1.128 /* d2 for two, NIST 6.3.2.2 */
#define CONFIDENCE 0.95

static double sum_of_squares(const double *y, size_t n)
{
	const double mean = gh_mean(y, n);
	double sum = 0.0;

	for (size_t i = 0; i < n; i++)
		sum += (y[i] - mean) * (y[i] - mean);
	return sum;
}

/* ---- Trend -----------------------------------------------------------------*/

static void fill_trend(const struct gh_fit *fit, const double *y, size_t n,
		       struct gh_trend *out)
{
	const double df = (double)n - 2;
	const double t = gsl_cdf_tdist_Pinv(0.5 + CONFIDENCE / 2, df);
	const double all = sum_of_squares(y, n);
	const double left = fit->s_e * fit->s_e * df;
	const double slope = fit->b[1], se = fit->se[1];

	*out = (struct gh_trend){
		.per_day = slope,
		.lo = slope - t * se,
		.hi = slope + t * se,
		.p = se > 0 ? 2 * gsl_cdf_tdist_Q(fabs(slope) / se, df)
			    : (fabs(slope) > 0 ? 0 : 1),
		.explains = all > 0 ? fmax(0, 1 - left / all) : 0,
	};
}

bool gh_series_trend(const double *days, const double *y, size_t n,
		     struct gh_trend *out)
{
	double *room, *rows, *residual;
	struct gh_fit fit;
	double span = 0.0;
	bool ok;

	for (size_t i = 1; i < n; i++)
		span = fmax(span, fabs(days[i] - days[0]));
	if (n < GH_SERIES_LEAST || span < 1.0)
		return false;
	room = calloc(3 * n, sizeof *room);
	if (!room) {
		gh_memory_note();
		return false;
	}
	rows = room;
	residual = room + 2 * n;
	for (size_t i = 0; i < n; i++) {
		rows[2 * i] = 1.0;
		/* In spans, so that the columns are of one size. */
		rows[2 * i + 1] = (days[i] - days[0]) / span;
	}
	ok = gh_ols(rows, y, n, 2, &fit, residual);
	free(room);
	if (!ok)
		return false;
	fit.b[1] /= span;
	fit.se[1] /= span;
	fill_trend(&fit, y, n, out);
	return true;
}

/* ---- Change point ----------------------------------------------------------*/

bool gh_series_change(const double *y, size_t n, struct gh_change *out)
{
	const double mean = gh_mean(y, n), all = sum_of_squares(y, n);
	double sum = 0.0, best = -1.0, left = 0.0, df, t;
	size_t places = 0;

	if (n < 2 * GH_SERIES_SIDE + 1 || !(all > 0))
		return false;
	for (size_t k = 1; k < n; k++) {
		const double a = (double)k, b = (double)(n - k);
		double between;

		sum += y[k - 1] - mean;
		if (k < GH_SERIES_SIDE || n - k < GH_SERIES_SIDE)
			continue;
		places++;
		between = sum * sum * (1 / a + 1 / b);
		if (between <= best)
			continue;
		best = between;
		out->at = k;
		out->before = mean + sum / a;
		out->after = mean - sum / b;
	}
	df = (double)n - 2;
	left = fmax(all - best, 0);
	t = sqrt(best / (left / df));
	out->explains = best / all;
	out->p = left > 0 ? fmin(1, (double)places * 2 * gsl_cdf_tdist_Q(t, df))
			  : 0;
	return true;
}

/* ---- EWMA ------------------------------------------------------------------*/

/* SD of z - mean after i points: its own, and that of the mean of `start`. */
static double spread(const struct gh_ewma *e, size_t i)
{
	const double l = GH_EWMA_LAMBDA;
	const double faded = pow(1 - l, (double)i);
	const double own = l / (2 - l) * (1 - faded * faded);

	return e->sd * sqrt(own + (1 - faded) * (1 - faded) / (double)e->start);
}

static double moving_range(const double *y, size_t n)
{
	double sum = 0.0;

	for (size_t i = 1; i < n; i++)
		sum += fabs(y[i] - y[i - 1]);
	return sum / (double)(n - 1);
}

bool gh_series_ewma(const double *y, size_t n, struct gh_ewma *out)
{
	struct gh_ewma e = { .start = GH_SERIES_START };

	if (n <= e.start)
		return false;
	e.mean = e.z = gh_mean(y, e.start);
	e.sd = moving_range(y, n) / RANGE_TO_SD;
	for (size_t i = e.start; i < n; i++) {
		const double h = GH_EWMA_L * spread(&e, i - e.start + 1);

		e.z = GH_EWMA_LAMBDA * y[i] + (1 - GH_EWMA_LAMBDA) * e.z;
		e.lo = e.mean - h;
		e.hi = e.mean + h;
		e.out = e.z < e.lo || e.z > e.hi;
		if (e.out && !e.ever)
			e.first = i;
		e.ever = e.ever || e.out;
	}
	*out = e;
	return true;
}
