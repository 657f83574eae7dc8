/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/colour.h"

#include <lcms2.h>
#include <math.h>

struct gh_lab gh_colour_lab(const double xyz[3], const double white[3])
{
	const cmsCIEXYZ light = { xyz[0], xyz[1], xyz[2] };
	const cmsCIEXYZ reference = { white[0], white[1], white[2] };
	cmsCIELab lab;

	cmsXYZ2Lab(&reference, &lab, &light);
	return (struct gh_lab){ lab.L, lab.a, lab.b };
}

double gh_colour_delta_e(struct gh_lab p, struct gh_lab q)
{
	const cmsCIELab one = { p.l, p.a, p.b };
	const cmsCIELab two = { q.l, q.a, q.b };

	return cmsCIE2000DeltaE(&one, &two, 1, 1, 1);
}

double gh_colour_delta_uv(const double p[3], const double q[3])
{
	const double sum_p = p[0] + 15 * p[1] + 3 * p[2];
	const double sum_q = q[0] + 15 * q[1] + 3 * q[2];

	if (!(sum_p > 0) || !(sum_q > 0))
		return NAN;
	return hypot(4 * p[0] / sum_p - 4 * q[0] / sum_q,
		     9 * p[1] / sum_p - 9 * q[1] / sum_q);
}
