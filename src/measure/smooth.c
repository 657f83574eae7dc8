/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/smooth.h"

#include "measure/spectrum.h" /* gh_spectrum */

#include <math.h>

/* measurement.md section 3.1 */
#define PAD 4
#define CUT_HZ 10.0
#define CUT_SHARE 0.05

double gh_sparc(const double *speed, size_t n, double rate_hz,
		struct gh_arena *tmp)
{
	struct gh_spectrum s;
	size_t first, last = 0;
	double top = 0.0, length = 0.0, step;

	if (n == 0)
		return NAN;
	s = gh_spectrum(speed, n, rate_hz, PAD, tmp);
	for (size_t i = 0; i < s.n; i++)
		top = fmax(top, s.size[i]);
	if (!(top > 0.0))
		return NAN;
	first = s.n;
	for (size_t i = 0; i < s.n && (double)i * s.step_hz <= CUT_HZ; i++) {
		if (s.size[i] / top < CUT_SHARE)
			continue;
		first = first < i ? first : i;
		last = i;
	}
	if (first >= last)
		return NAN;
	step = 1.0 / (double)(last - first);
	for (size_t i = first; i < last; i++)
		length += hypot(step, (s.size[i + 1] - s.size[i]) / top);
	return -length;
}

double gh_dlj(const double *speed, size_t n, double rate_hz)
{
	const double dt_s = 1.0 / rate_hz;
	const double whole_s = (double)n * dt_s;
	double sum = 0.0, top = 0.0;

	for (size_t i = 0; i < n; i++)
		top = fmax(top, fabs(speed[i]));
	if (n < 3 || !(top > 0.0))
		return NAN;
	for (size_t i = 2; i < n; i++) {
		const double jerk =
			(speed[i] - 2.0 * speed[i - 1] + speed[i - 2]) /
			(dt_s * dt_s);

		sum += jerk * jerk;
	}
	return -(whole_s * whole_s * whole_s) / (top * top) * sum * dt_s;
}

double gh_ldlj(const double *speed, size_t n, double rate_hz)
{
	const double jerk = fabs(gh_dlj(speed, n, rate_hz));

	return jerk > 0.0 ? -log(jerk) : NAN;
}
