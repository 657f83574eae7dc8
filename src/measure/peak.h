/* SPDX-License-Identifier: GPL-3.0-or-later */
/* peak - where along an axis something is brightest. */
#ifndef GH_MEASURE_PEAK_H
#define GH_MEASURE_PEAK_H

#include <stddef.h>

/*
 * Top of the least-squares parabola through the brightest of n samples and its
 * two neighbours on either side, in x's unit; x is monotonic but for noise. The
 * peak of a flash that is only a few samples wide lies between them. NAN: the
 * brightest lies at an end, where there may be a brighter one beyond, or the
 * parabola has no top near it.
 */
double gh_peak(const double *x, const double *y, size_t n);

#endif
