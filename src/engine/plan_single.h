/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plan_single - one part by itself: a sweep, a wiggle, a blink, a look. No
 * check: what moves does so one joint at a time and at proximity speed, for
 * somebody may stand beside it (reliability.md section 3).
 */
#ifndef GH_ENGINE_PLAN_SINGLE_H
#define GH_ENGINE_PLAN_SINGLE_H

#include "engine/plan.h" /* struct gh_plan_request */

enum gh_single_kind {
	GH_SINGLE_SWEEP,    /* a joint: who is who, then a triangle */
	GH_SINGLE_IDENTIFY, /* a wiggle where it hangs, or a blink */
	GH_SINGLE_LIGHTS,   /* every channel and look of the core */
	GH_SINGLE_LOOK,	    /* one look of the core, held */
	GH_SINGLE_JOG	    /* a joint from where it hangs to an end of its
			       range, for a person who ends it before */
};

struct gh_single {
	enum gh_single_kind kind;
	int part;
	unsigned repeats;	/* sweeps there and back, wiggles, blinks */
	double speed_rad_s;	/* of a sweep: at most this; 0: the ceiling */
	int look;		/* of LOOK: index into the rig's looks */
	bool up;		/* of JOG: to the high end */
};

/* A look is held no longer: a lamp that somebody forgot is a warm one. */
#define GH_SINGLE_LOOK_S 600.0

/*
 * A jog ends so far inside the range: a controller rounds targets to urad and
 * refuses one outside, and a servo rings over its end (guess: half a degree).
 */
#define GH_JOG_MARGIN_RAD 0.0087

/* None takes longer than the longest check. */
#define GH_SINGLE_MAX_S 1800.0

/*
 * Lays it out. req says what the controller has, already narrowed to the part
 * (gh_plan_narrow). GH_ARG: such a part cannot be asked so, it would move and
 * req->move is off, its range is too small, or it would take longer than
 * GH_SINGLE_MAX_S. GH_UNSUP: no lamp for
 * it, or of LIGHTS no sensor.
 */
enum gh_status gh_plan_single(struct gh_plan *out,
			      const struct gh_plan_request *req,
			      const struct gh_single *what,
			      struct gh_err *err) GH_MUST_CHECK;

/*
 * Proximity speed of a joint, rad/s: the tip of its arm at most
 * GH_PROXIMITY_SPEED_M_S or the rig's tip_speed, the joint itself just below
 * the rig's limit.
 */
double gh_plan_proximity_rad_s(const struct gh_rig *rig, unsigned joint);

#endif
