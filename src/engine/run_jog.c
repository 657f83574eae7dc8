/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * run_jog - one joint from where it hangs towards an end of its range, at the
 * speed of its plan. Whoever moves it so ends it by the ears, as every run is
 * stopped; nobody who holds on gets further than the range.
 */
#include "engine/run_state.h" /* struct run */

#include <math.h>

/* The longest segment of schemas/protocol.md section 3.6; then it is asked
 * for anew. */
#define LONGEST_US 60000000
/* Nearer the end than this there is nothing left to move: as homing has it. */
#define ARRIVED_RAD 0.003

/* The end of the plan's way, inside what the controller itself allows. */
static double end_rad(const struct run *r, const struct gh_span *way,
		      unsigned joint)
{
	const struct gh_dev_actuator *a =
		&r->info->actuators[r->actuator[joint]];

	return fmax(fmin(way->to_rad, a->hi_rad - GH_JOG_MARGIN_RAD),
		    a->lo_rad + GH_JOG_MARGIN_RAD);
}

enum gh_status run_jog(struct run *r)
{
	const struct gh_rig_part *part =
		&r->cfg->rig->parts[r->cfg->single->part];
	const unsigned j = (unsigned)part->joint;
	const struct gh_span *way = &r->plan->span[0];
	const double rad_s = fabs(way->to_rad - way->from_rad) * GH_US_PER_S /
			     (double)(way->end - way->begin);
	const double from = r->cursor[j].offset_rad;
	const double whole = end_rad(r, way, j) - from;
	const double most = rad_s * LONGEST_US / GH_US_PER_S;
	const double far = fmin(fabs(whole), most);
	struct gh_segment seg = { GH_SHAPE_LINEAR, 0, 0.0, true, 0.0 };
	enum gh_status st;

	/* Also of one that hangs beyond it: that only comes back in. */
	if (fabs(whole) < ARRIVED_RAD ||
	    signbit(whole) != signbit(way->to_rad - way->from_rad))
		return gh_fail(&r->err, GH_ARG,
			       "%s is at this end of its range (%.0f deg)",
			       part->name, from * 180.0 / 3.14159265358979);
	seg.target_rad = from + copysign(far, whole);
	seg.duration_us = (gh_us)ceil(far / rad_s * GH_US_PER_S);
	r->move[j] = (struct run_move){ .seg = seg, .from_rad = from };
	r->moves = 1u << j;
	st = r->cfg->driver->queue(r->dev, (unsigned)r->actuator[j], &seg, 1,
				   &r->err);
	return st == GH_OK ? run_follow_moves(r, seg.duration_us) : st;
}
