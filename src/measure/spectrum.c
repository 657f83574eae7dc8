/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/spectrum.h"

#include "measure/stats.h" /* gh_mean */

#include <assert.h>
#include <gsl/gsl_fft_real.h>
#include <math.h>
#include <stdbool.h>

#define READINGS_MIN 8 /* assumed */
/* Sixteen points a bin: what SPARC does too (measurement.md section 3.1). */
#define PEAK_PAD 4

struct gh_spectrum gh_spectrum(const double *x, size_t n, double rate_hz,
			       unsigned pad, struct gh_arena *tmp)
{
	struct gh_spectrum s;
	size_t length = 1;
	double *work;

	assert(n > 0);
	while (length < n)
		length *= 2;
	length <<= pad;
	work = gh_arena_take(tmp, length, sizeof *work);
	for (size_t i = 0; i < n; i++)
		work[i] = x[i];
	/* A power of two: it cannot fail. */
	(void)gsl_fft_real_radix2_transform(work, 1, length);
	s.n = length / 2 + 1;
	s.step_hz = rate_hz / (double)length;
	s.size = gh_arena_take(tmp, s.n, sizeof *s.size);
	for (size_t i = 0; i < s.n; i++) {
		const bool is_real = i == 0 || 2 * i == length;

		s.size[i] = is_real ? fabs(work[i])
				    : hypot(work[i], work[length - i]);
	}
	return s;
}

/* How far beside the middle of three points their parabola peaks, -0.5..0.5. */
static double off_middle(double before, double middle, double after)
{
	const double bend = before - 2.0 * middle + after;

	return bend < 0.0 ? 0.5 * (before - after) / bend : 0.0;
}

double gh_peak_hz(const double *x, size_t n, double rate_hz,
		  struct gh_arena *tmp)
{
	const double mean = gh_mean(x, n);
	double *swing = gh_arena_take(tmp, n, sizeof *swing);
	struct gh_spectrum s;
	size_t top = 1;

	if (n < READINGS_MIN)
		return NAN;
	for (size_t i = 0; i < n; i++)
		swing[i] = x[i] - mean;
	s = gh_spectrum(swing, n, rate_hz, PEAK_PAD, tmp);
	for (size_t i = 1; i + 1 < s.n; i++)
		if (s.size[i] > s.size[top])
			top = i;
	if (!(s.size[top] > 0.0))
		return NAN;
	return s.step_hz *
	       ((double)top +
		off_middle(s.size[top - 1], s.size[top], s.size[top + 1]));
}
