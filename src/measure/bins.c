/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/bins.h"

#include "measure/stats.h" /* gh_median */

#include <math.h>
#include <stdbool.h>
#include <string.h>

/* A median over fewer places is no background: assumed. */
#define PLACES_MIN 8

/*
 * Bins on either side that make a place's surroundings: 0.2 rad of 25 mrad
 * bins, twice the width of a rub of 0.03 rad sigma. Assumed.
 */
#define AROUND ((size_t)8)

enum { BACK, FORTH, WAYS };

struct profile {
	double lo, width;
	double sum[WAYS][GH_RUB_BINS];
	unsigned n[WAYS][GH_RUB_BINS];
};

size_t gh_blocks(double *t, double *v, size_t n, double width_s)
{
	size_t blocks = 0;

	for (size_t i = 0, end; i < n; i = end) {
		/* Half a microsecond: times are whole ones, in doubles. */
		const double index = floor((t[i] + 5e-7) / width_s);
		const double next_s = (index + 1.0) * width_s - 5e-7;
		double t_sum = 0.0, v_sum = 0.0;

		for (end = i; end < n && (end == i || t[end] < next_s); end++) {
			t_sum += t[end];
			v_sum += v[end];
		}
		t[blocks] = t_sum / (double)(end - i);
		v[blocks++] = v_sum / (double)(end - i);
	}
	return blocks;
}

double gh_interpolate(const double *t, const double *v, size_t n, double at)
{
	size_t lo = 0, hi = n, guess;

	if (n == 0)
		return NAN;
	if (at <= t[0])
		return v[0];
	if (at >= t[n - 1])
		return v[n - 1];
	/* Nearly all are evenly spaced: there, or else on that side. */
	guess = (size_t)((at - t[0]) / (t[n - 1] - t[0]) * (double)(n - 1));
	if (at < t[guess])
		hi = guess;
	else
		lo = guess;
	if (at < t[lo + 1])
		hi = lo + 1;
	while (hi - lo > 1) {
		const size_t mid = lo + (hi - lo) / 2;

		if (t[mid] <= at)
			lo = mid;
		else
			hi = mid;
	}
	return v[lo] + (v[lo + 1] - v[lo]) * (at - t[lo]) / (t[lo + 1] - t[lo]);
}

static void sort_in(struct profile *p, const double *q, const double *r,
		    const double *forth, size_t n)
{
	p->lo = n > 0 ? q[0] : 0.0;
	for (size_t i = 1; i < n; i++)
		p->lo = fmin(p->lo, q[i]);
	for (size_t i = 0; i < n; i++) {
		const double bin = floor((q[i] - p->lo) / p->width);
		const int way = forth[i] > 0.0 ? FORTH : BACK;

		if (!(bin >= 0.0 && bin < GH_RUB_BINS))
			continue;
		p->sum[way][(size_t)bin] += r[i];
		p->n[way][(size_t)bin]++;
	}
}

static bool mean_at(const struct profile *p, int way, int bin, double *out)
{
	if (bin < 0 || bin >= GH_RUB_BINS || p->n[way][bin] == 0)
		return false;
	*out = p->sum[way][bin] / p->n[way][bin];
	return true;
}

/* Drag both ways at that place; NAN when it was not passed both ways. */
static double both_ways(const struct profile *p, int bin)
{
	double best = NAN, forth, back;

	if (!mean_at(p, FORTH, bin, &forth))
		return NAN;
	for (int off = -1; off <= 1; off++)
		if (mean_at(p, BACK, bin + off, &back))
			best = fmax(best, fmin(forth, back));
	return best; /* fmax ignores the first NAN */
}

/* Places one after another; where nothing was passed there is none. */
struct places {
	size_t n;
	double at[GH_RUB_BINS], drag[GH_RUB_BINS];
};

static void list_places(const struct profile *p, struct places *out)
{
	out->n = 0;
	for (int bin = 0; bin < GH_RUB_BINS; bin++) {
		const double drag = both_ways(p, bin);

		if (isnan(drag))
			continue;
		out->at[out->n] = p->lo + (bin + 0.5) * p->width;
		out->drag[out->n++] = drag;
	}
}

/* Drag at place i over the median of its surroundings. */
static double height_at(const struct places *p, size_t i)
{
	const size_t first = i < AROUND ? 0 : i - AROUND;
	const size_t last = i + AROUND < p->n ? i + AROUND + 1 : p->n;
	double around[2 * AROUND + 1];

	memcpy(around, p->drag + first, (last - first) * sizeof *around);
	return p->drag[i] - gh_median(around, last - first);
}

struct gh_rub gh_find_rub(const double *q, const double *r, const double *forth,
			  size_t n, double width)
{
	struct gh_rub rub = { .height = NAN, .at = NAN };
	struct profile p = { .width = width };
	struct places places;

	sort_in(&p, q, r, forth, n);
	list_places(&p, &places);
	if (places.n < PLACES_MIN)
		return rub;
	for (size_t i = 0; i < places.n; i++) {
		const double height = height_at(&places, i);

		if (i > 0 && height <= rub.height)
			continue;
		rub.height = height;
		rub.at = places.at[i];
	}
	return rub;
}
