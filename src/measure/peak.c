/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/peak.h"

#include "measure/ols.h" /* gh_ols */

#include <math.h>

enum { SIDE = 2, POINTS = 2 * SIDE + 1, TERMS = 3 };

static size_t brightest(const double *y, size_t n)
{
	size_t top = 0;

	for (size_t i = 1; i < n; i++)
		if (y[i] > y[top])
			top = i;
	return top;
}

double gh_peak(const double *x, const double *y, size_t n)
{
	double rows[POINTS * TERMS], rest[POINTS], wide = 0.0;
	struct gh_fit fit;
	size_t top;
	double off;

	if (n < POINTS)
		return NAN;
	top = brightest(y, n);
	if (top < SIDE || top + SIDE >= n)
		return NAN;
	for (size_t i = 0; i < POINTS; i++)
		wide = fmax(wide, fabs(x[top - SIDE + i] - x[top]));
	/* In units of the width, so that the columns are of one size. */
	for (size_t i = 0; i < POINTS; i++) {
		const double u = (x[top - SIDE + i] - x[top]) / wide;

		rows[TERMS * i] = 1.0;
		rows[TERMS * i + 1] = u;
		rows[TERMS * i + 2] = u * u;
	}
	if (!(wide > 0.0) ||
	    !gh_ols(rows, y + top - SIDE, POINTS, TERMS, &fit, rest))
		return NAN;
	off = -fit.b[1] / (2.0 * fit.b[2]);
	return fit.b[2] < 0.0 && fabs(off) <= 1.0 ? x[top] + off * wide : NAN;
}
