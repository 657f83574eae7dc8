/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/response.h"

#include "measure/stats.h" /* gh_mean */

#include <math.h>

/* Band and tail: measurement.md section 3, joint.settle and joint.sserr. */
#define BAND_SHARE 0.02
#define TAIL_S 0.3
#define SAMPLES_MIN 10

struct gh_step gh_step_response(const double *t, const double *q, size_t n,
				double length_s, double from, double to)
{
	struct gh_step out = { NAN, NAN, NAN };
	const double size = to - from;
	double rest, peak = 0.0;
	size_t tail = n;

	while (tail > 0 && t[tail - 1] >= length_s - TAIL_S)
		tail--;
	if (n < SAMPLES_MIN || tail == n || fabs(size) <= 0.0)
		return out;
	rest = gh_mean(q + tail, n - tail);
	out.settle_s = 0.0;
	for (size_t i = 0; i < n; i++) {
		peak = fmax(peak, (q[i] - to) / size);
		if (fabs(q[i] - rest) > BAND_SHARE * fabs(size))
			out.settle_s = t[i];
	}
	out.overshoot = peak;
	out.error_rad = to - rest;
	return out;
}

double gh_first_motion(const double *t, const double *q, size_t n, double start,
		       double far, double way)
{
	for (size_t i = 0; i < n; i++)
		if ((q[i] - start) * (way > 0.0 ? 1.0 : -1.0) >= far)
			return t[i];
	return NAN;
}
