/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plan - which exercises fit the time, laid out on one time line for all
 * joints and lamps together (measurement.md section 2). A plan is only spans:
 * times count from the start of the motion, in controller time.
 */
#ifndef GH_ENGINE_PLAN_H
#define GH_ENGINE_PLAN_H

#include "base/status.h"	/* enum gh_status */
#include "engine/exercise.h"	/* struct gh_span */
#include "engine/plan_groups.h" /* struct gh_plan_past */
#include "rig/rig.h"	     /* struct gh_rig */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { GH_PLAN_SPANS = 3000, GH_PLAN_PHASES = 12 };

struct gh_plan_phase {
	const char *title; /* "slow and fast sweeps" */
	gh_us begin, end;
};

struct gh_plan_request {
	const struct gh_rig *rig;
	uint32_t joints;    /* bit per rig joint that can be moved */
	bool move;	    /* the operator allows motion */
	bool has_core;	    /* a lamp and a sensor that sees it */
	uint64_t seen;	    /* bit per rig part with a sensor, beside these */
	uint64_t lamps;	    /* bit per rig part that the controller lights */
	bool near; /* somebody is there: one joint at a time, slowly */
	bool house_open;    /* an audience: no looks, no breath, no spotlight */
	double position_hz; /* sampling of the joints */
	double speed_share; /* 1, or 0.5 for host steps */
	gh_us motion_us;    /* longest time from first to last move */
	uint32_t ends;	    /* joints that can be guarded by their current */
	bool can_rest;	    /* torque can be cut, and every arm may hang */
	bool guided;	    /* a person is there who presses the remote */
	gh_us program_us;   /* what one more program costs beside its motion */
	/* GH_GROUP_COUNT of them by group; NULL: nothing is known. */
	const struct gh_plan_past *past;
};

struct gh_plan {
	struct gh_span span[GH_PLAN_SPANS];
	size_t n;
	struct gh_plan_phase phase[GH_PLAN_PHASES];
	unsigned n_phases;
	gh_us identity_end; /* until here one joint at a time; 0: none */
	gh_us total;
	/* Joint by joint to its ends, each span a program; 0: not at all. */
	gh_us ends_begin, ends_end;
	uint32_t groups;    /* bits of enum gh_plan_group it contains */
	uint32_t left_out;  /* those that could be done in more time */
	uint32_t exercises; /* bits of enum gh_exercise it contains */
	uint32_t joints;    /* that it moves */
	bool near;	    /* one at a time */
	const char *recipe; /* "full", "short", "quick", "flash", "still" */
	char key[72];	    /* recipe and final speeds, for the validity key */
};

/*
 * The richest recipe that fits req->motion_us; from two minutes up with the
 * groups of exercises that are worth the time (plan_groups.h). Speeds are
 * lowered until the tip of every chain stays inside the rig's ceiling, the
 * amplitude is never below 0.5 rad: a joint whose range is smaller is not
 * swept. GH_ARG when not even the shortest recipe fits (says how long it
 * needs). *out is about 200 kB: keep it on the heap.
 */
enum gh_status gh_plan_make(struct gh_plan *out,
			    const struct gh_plan_request *req,
			    struct gh_err *err) GH_MUST_CHECK;

/*
 * Narrows a request for everything to one part and what must move or shine for
 * it: a fibre needs the core, a crystal the joint that sweeps it and the
 * spotlight. only -1: all stays.
 */
void gh_plan_narrow(struct gh_plan_request *req, int only);

/*
 * True when the joint moves in this wave, 0 to n_joints - 1. Arms of one
 * collision group each have a wave of their own, all others are in wave 0;
 * near: every joint has its own.
 */
bool gh_plan_in_wave(const struct gh_rig *rig, bool near, unsigned joint,
		     unsigned wave);

/* The fastest a tip may go: a person is near, or the stage is clear. */
double gh_plan_tip_ceiling_m_s(const struct gh_rig *rig, bool near);

/* Largest tip speed of any chain while the plan runs, m/s, by summed radii. */
double gh_plan_tip_speed_m_s(const struct gh_plan *plan,
			     const struct gh_rig *rig);

#endif
