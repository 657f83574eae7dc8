/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/order.h"

#include <math.h>

#define SAMPLES_MIN 8 /* assumed */

double gh_order(const double *q, const double *r, const double *way, size_t n,
		double cycles)
{
	double re[2] = { 0.0, 0.0 }, im[2] = { 0.0, 0.0 };
	size_t count[2] = { 0, 0 };
	double sum = 0.0;

	for (size_t i = 0; i < n; i++) {
		const int w = way[i] > 0.0;

		re[w] += r[i] * cos(cycles * q[i]);
		im[w] += r[i] * sin(cycles * q[i]);
		count[w]++;
	}
	for (int w = 0; w < 2; w++) {
		if (count[w] < SAMPLES_MIN)
			return NAN;
		sum += hypot(re[w], im[w]) / (double)count[w];
	}
	return sum; /* half of twice each */
}
