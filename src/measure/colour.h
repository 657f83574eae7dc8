/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * colour - from what a three-colour sensor reads to XYZ. One nominal matrix
 * serves every sensor, so the result is good for comparing a lamp with itself
 * a week ago behind the same window, and never for cd/m2 or for comparing two
 * sculptures (measurement.md section 4.1).
 */
#ifndef GH_MEASURE_COLOUR_H
#define GH_MEASURE_COLOUR_H

#include <stdbool.h>

/* rgb: dark-subtracted, linear. xyz: same scale, never negative. */
void gh_colour_xyz(const double rgb[3], double xyz[3]);

/* CIE 1931 x, y and CIE 1976 u', v'; NAN for black. */
void gh_colour_xy(const double xyz[3], double xy[2]);
void gh_colour_uv(const double xyz[3], double uv[2]);

/* White of daylight, CIE 1931 x, y. */
extern const double gh_colour_d65[2];

/* A colour in words: which spectral colour tints white, and how strongly. */
struct gh_hue {
	/* Dominant wavelength; negative: the complementary one, for purples. */
	double nm;
	double purity; /* 0 white, 1 on the locus or the purple line */
	/*
	 * False near the ends of the spectrum, where a hair of colour is many
	 * nanometres or turns the sign.
	 */
	bool is_sharp;
};

/*
 * The ray from white through xy to the locus of the CIE 1931 2-degree
 * observer (measurement.md section 4.2). All NAN and not sharp for NAN and for
 * white itself.
 */
struct gh_hue gh_colour_dominant(const double xy[2], const double white[2]);

#endif
