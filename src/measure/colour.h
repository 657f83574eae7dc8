/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * colour - from what a three-colour sensor reads to XYZ. One nominal matrix
 * serves every sensor, so the result is good for comparing a lamp with itself
 * a week ago behind the same window, and never for cd/m2 or for comparing two
 * sculptures (measurement.md section 4.1).
 */
#ifndef GH_MEASURE_COLOUR_H
#define GH_MEASURE_COLOUR_H

/* rgb: dark-subtracted, linear. xyz: same scale, never negative. */
void gh_colour_xyz(const double rgb[3], double xyz[3]);

/* CIE 1931 x, y and CIE 1976 u', v'; NAN for black. */
void gh_colour_xy(const double xyz[3], double xy[2]);
void gh_colour_uv(const double xyz[3], double uv[2]);

#endif
