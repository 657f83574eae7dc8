/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plan_layout - private to the planner: one recipe being laid out on the time
 * line, joints in plan_joints.c, lamps in plan_lights.c.
 */
#ifndef GH_ENGINE_PLAN_LAYOUT_H
#define GH_ENGINE_PLAN_LAYOUT_H

#include "engine/plan.h" /* struct gh_plan */

struct plan_recipe {
	const char *name;
	unsigned first_speed, n_speeds; /* of the planner's speed table */
	unsigned repeats;		/* of the triangle */
	unsigned reversals;
	bool step, hold;
	unsigned light_repeats;
	double amplitude_rad;
	gh_us still_us; /* of each of the two stills at the end */
};

struct layout {
	struct gh_plan *plan;
	const struct gh_plan_request *req;
	const struct plan_recipe *recipe;
	double speed_rad_s[4], ceiling_rad_s;
	unsigned n_speeds;
	bool overflow;
};

/* Appends a span and moves *at to its end. */
void plan_put(struct layout *lay, const struct gh_span *span);

/* Phase [begin, end) with a title for the screen. */
void plan_phase(struct layout *lay, const char *title, gh_us begin, gh_us end);

void plan_lay_joints(struct layout *lay);
void plan_lay_lights(struct layout *lay);

/* Sorts by part and time, sums up total and exercises. */
void plan_finish(struct layout *lay);

#endif
