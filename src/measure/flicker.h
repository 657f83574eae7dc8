/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * flicker - how unsteady a steady light is (measurement.md section 4.4). The
 * dark must be off: without that a lamp can "flicker" by more than 100 %.
 */
#ifndef GH_MEASURE_FLICKER_H
#define GH_MEASURE_FLICKER_H

#include <stddef.h>

/*
 * Moving mean over 50 us, in place; only where the whole window lies inside.
 * Single-sample noise would double the figures. Returns how many are left: all
 * of them where the rate is too low for a window of two samples.
 */
size_t gh_flicker_smooth(double *v, size_t n, double rate_hz);

/*
 * 100 (max - min) / (max + min), %, of the quantiles `tail` and 1 - tail. NAN
 * for n 0 and for no light. Sorts v.
 */
double gh_flicker_modulation(double *v, size_t n, double tail);

/* Area above the mean over the whole area; NAN for no light. */
double gh_flicker_index(const double *v, size_t n);

/* What the eye makes of rotating and moving things: 1 is just visible. */
#define GH_FLICKER_SVM_HZ 4000.0
#define GH_FLICKER_SVM_S 1.0

/*
 * Stroboscopic visibility of the first second, 80 Hz to 2 kHz. NAN below 4 kHz,
 * for less than a second and for no light. v is spoiled. Coefficients from
 * secondary copies of IEC TR 63158, unverified.
 */
double gh_flicker_svm(double *v, size_t n, double rate_hz);

#endif
