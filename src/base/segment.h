/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * segment - one piece of a joint's commanded path, and the definition of every
 * shape (schemas/protocol.md section 3.6 has the formulas). Planner, drivers
 * and probes share it, so that a probe knows the command without noise.
 */
#ifndef GH_BASE_SEGMENT_H
#define GH_BASE_SEGMENT_H

#include "base/clock.h" /* gh_us */

#include <stdbool.h>

enum gh_shape { GH_SHAPE_HOLD, GH_SHAPE_LINEAR, GH_SHAPE_EASE };

struct gh_segment {
	enum gh_shape shape;
	gh_us duration_us; /* controller time */
	double target_rad; /* ignored for HOLD */
	bool last;	   /* the program of this actuator ends here */
	/*
	 * More current than this, twice in a row, ends the segment and the
	 * program: the controller slows down and holds. 0: no such guard.
	 */
	double guard_a;
};

/* Angle at time t since the segment's start; it starts at from_rad. */
double gh_segment_at(const struct gh_segment *seg, double from_rad, gh_us t);

#endif
