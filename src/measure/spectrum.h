/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * spectrum - what a list of evenly spaced readings is made of, by frequency.
 */
#ifndef GH_MEASURE_SPECTRUM_H
#define GH_MEASURE_SPECTRUM_H

#include "base/arena.h" /* struct gh_arena */

#include <stddef.h>

/* Amplitudes of an FFT, bins 0..n-1, bin i at i * step_hz. */
struct gh_spectrum {
	size_t n; /* one more than half of the FFT's length */
	double step_hz;
	double *size; /* not normalised; from tmp */
};

/*
 * n readings at rate_hz, filled up with zeros to 2^(ceil(log2 n) + pad). n must
 * be at least 1; nothing is windowed and no mean is taken off.
 */
struct gh_spectrum gh_spectrum(const double *x, size_t n, double rate_hz,
			       unsigned pad, struct gh_arena *tmp);

/*
 * Frequency at which x about its mean swings most, Hz, between the bins by a
 * parabola. NAN for fewer than 8 readings or a list that does not vary.
 */
double gh_peak_hz(const double *x, size_t n, double rate_hz,
		  struct gh_arena *tmp);

#endif
