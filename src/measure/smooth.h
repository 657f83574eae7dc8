/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * smooth - how fluid a movement is, in the two figures that people who study
 * movement use: SPARC, the length of the speed's spectrum, and LDLJ, the
 * logarithm of its jerk. Both are 1 and negative; nearer to 0 is smoother
 * (measurement.md section 3.1; siva82kb/smoothness).
 */
#ifndef GH_MEASURE_SMOOTH_H
#define GH_MEASURE_SMOOTH_H

#include "base/arena.h" /* struct gh_arena */

#include <stddef.h>

/*
 * speed: n readings at rate_hz of one movement, from rest to rest. NAN when all
 * are zero or n is 0.
 */
double gh_sparc(const double *speed, size_t n, double rate_hz,
		struct gh_arena *tmp);

/* Dimensionless jerk; NAN for fewer than 3 readings or no speed. */
double gh_dlj(const double *speed, size_t n, double rate_hz);
/* -ln |gh_dlj()|; NAN where that is, and for a movement without jerk. */
double gh_ldlj(const double *speed, size_t n, double rate_hz);

#endif
