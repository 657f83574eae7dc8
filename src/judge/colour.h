/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * colour - how far apart two lights look, over lcms2. XYZ may have any scale:
 * the white says which; all figures are relative to the baseline's white and
 * never absolute (measurement.md section 4.2).
 */
#ifndef GH_JUDGE_COLOUR_H
#define GH_JUDGE_COLOUR_H

struct gh_lab {
	double l, a, b;
};

/* CIE 1976 L*a*b* of xyz seen against white (same scale, Y above 0). */
struct gh_lab gh_colour_lab(const double xyz[3], const double white[3]);

/* CIEDE2000 with kL = kC = kH = 1. */
double gh_colour_delta_e(struct gh_lab p, struct gh_lab q);

/* Distance in CIE 1976 u'v'; NAN when one of them is no light at all. */
double gh_colour_delta_uv(const double p[3], const double q[3]);

#endif
