/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * response - how a joint answers a command in time: the swing after a step and
 * the play at a reversal. Times count from the start of the span, s.
 */
#ifndef GH_MEASURE_RESPONSE_H
#define GH_MEASURE_RESPONSE_H

#include <stddef.h>

struct gh_step {
	double overshoot; /* peak beyond the target over the step, >= 0 */
	double settle_s;  /* last time outside +-2 % of the step */
	double error_rad; /* target minus the mean of the last 0.3 s */
};

/*
 * A step from `from` to `to` at time 0, watched for length_s. All NAN when
 * there are fewer than 10 samples or none in the last 0.3 s. The band is about
 * where the joint comes to rest, since a proportional loop stops short.
 */
struct gh_step gh_step_response(const double *t, const double *q, size_t n,
				double length_s, double from, double to);

/*
 * First time at which q is `far` or more away from where it started, towards
 * the sign of `way`; NAN when it never is.
 */
double gh_first_motion(const double *t, const double *q, size_t n, double start,
		       double far, double way);

#endif
