/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/colour.h"

#include <math.h>

/*
 * Takes LEDs of 615, 525 and 465 nm, as a TCS34725 sees them with the lowest
 * crosstalk its data sheet allows, to their CIE 1931 XYZ. The maker's matrix
 * (protocols.md section 6) is meant for white light and gives blue LEDs a
 * negative X; more unmixing would do the same to red and green ones.
 */
static const double matrix[3][3] = {
	{ 0.853, 0.068, 0.373 },
	{ 0.401, 1.080, -0.011 },
	{ 0.000, -0.196, 2.338 },
};

void gh_colour_xyz(const double rgb[3], double xyz[3])
{
	for (int i = 0; i < 3; i++) {
		double sum = 0.0;

		for (int k = 0; k < 3; k++)
			sum += matrix[i][k] * rgb[k];
		xyz[i] = isnan(sum) ? NAN : fmax(sum, 0.0);
	}
}

/* out = num / den unless den is nothing. */
static void divide(double a, double b, double den, double out[2])
{
	out[0] = den > 0.0 ? a / den : NAN;
	out[1] = den > 0.0 ? b / den : NAN;
}

void gh_colour_xy(const double xyz[3], double xy[2])
{
	divide(xyz[0], xyz[1], xyz[0] + xyz[1] + xyz[2], xy);
}

void gh_colour_uv(const double xyz[3], double uv[2])
{
	divide(4.0 * xyz[0], 9.0 * xyz[1],
	       xyz[0] + 15.0 * xyz[1] + 3.0 * xyz[2], uv);
}
