/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * angle - radians inside, degrees for people. POSIX 2008 without XSI has no
 * M_PI.
 */
#ifndef GH_MEASURE_ANGLE_H
#define GH_MEASURE_ANGLE_H

#define GH_DEG_PER_RAD 57.29577951308232

static inline double gh_deg(double rad)
{
	return rad * GH_DEG_PER_RAD;
}

#endif
