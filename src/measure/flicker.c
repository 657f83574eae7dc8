/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/flicker.h"

#include "measure/stats.h" /* gh_mean, gh_quantile */

#include <gsl/gsl_fft_real.h>
#include <math.h>
#include <stdlib.h>

#define SMOOTH_S 50e-6
#define SVM_LO_HZ 80.0
#define SVM_HI_HZ 2000.0
#define SVM_POWER 3.7

size_t gh_flicker_smooth(double *v, size_t n, double rate_hz)
{
	const size_t width = (size_t)(SMOOTH_S * rate_hz + 0.5);
	double sum = 0.0;

	if (width < 2 || n < width)
		return n;
	for (size_t i = 0; i < n; i++) {
		const double next = v[i];

		sum += next;
		if (i + 1 < width)
			continue;
		/* v[i + 1 - width] is read for the last time here. */
		const double first = v[i + 1 - width];

		v[i + 1 - width] = sum / (double)width;
		sum -= first;
	}
	return n - width + 1;
}

double gh_flicker_modulation(double *v, size_t n, double tail)
{
	const double hi = gh_quantile(v, n, 1.0 - tail);
	const double lo = gh_quantile(v, n, tail);

	return hi + lo > 0.0 ? 100.0 * (hi - lo) / (hi + lo) : NAN;
}

double gh_flicker_index(const double *v, size_t n)
{
	const double mean = gh_mean(v, n);
	double above = 0.0;

	if (!(mean > 0.0))
		return NAN;
	for (size_t i = 0; i < n; i++)
		above += fmax(v[i] - mean, 0.0);
	return above / (mean * (double)n);
}

/* Amplitude at which a sine of that frequency is just visible, over DC. */
static double threshold(double hz)
{
	return 2.865e-5 * pow(hz, 1.543) + 0.225;
}

/* v: a real transform in GSL's half-complex order. */
static double visibility(const double *v, size_t n, double rate_hz)
{
	const double dc = v[0];
	double sum = 0.0;

	for (size_t k = 1; 2 * k < n; k++) {
		const double hz = (double)k * rate_hz / (double)n;

		/* A hair of tolerance: 2 kHz is in, whatever the rounding. */
		if (hz < SVM_LO_HZ - 1e-6 || hz > SVM_HI_HZ + 1e-6)
			continue;
		sum += pow(2.0 * hypot(v[2 * k - 1], v[2 * k]) / dc /
				   threshold(hz),
			   SVM_POWER);
	}
	return dc > 0.0 ? pow(sum, 1.0 / SVM_POWER) : NAN;
}

double gh_flicker_svm(double *v, size_t n, double rate_hz)
{
	const size_t whole = (size_t)(rate_hz * GH_FLICKER_SVM_S + 0.5);
	gsl_fft_real_wavetable *table;
	gsl_fft_real_workspace *space;
	double svm = NAN;

	if (rate_hz < GH_FLICKER_SVM_HZ || n < whole)
		return NAN;
	table = gsl_fft_real_wavetable_alloc(whole);
	space = gsl_fft_real_workspace_alloc(whole);
	if (table && space &&
	    !gsl_fft_real_transform(v, 1, whole, table, space))
		svm = visibility(v, whole, rate_hz);
	gsl_fft_real_wavetable_free(table);
	gsl_fft_real_workspace_free(space);
	return svm;
}
