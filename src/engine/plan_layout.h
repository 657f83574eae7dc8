/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plan_layout - private to the planner: one recipe being laid out on the time
 * line, joints in plan_joints.c, lamps in plan_lights.c, when which lamp may
 * shine in plan_blocks.c.
 */
#ifndef GH_ENGINE_PLAN_LAYOUT_H
#define GH_ENGINE_PLAN_LAYOUT_H

#include "engine/plan.h" /* struct gh_plan */

/*
 * Of a joint's limit, so much is planned: a controller keeps the limit in whole
 * urad/s and rounds targets and durations to urad and us, so a plan at the
 * limit itself is refused. At 1 deg/s, the least a rig can allow, that cut is 1
 * in 17 000, and 1 urad of a reversal of 0.06 rad 1 in 60 000.
 */
#define PLAN_SPEED_SHARE 0.999

struct plan_recipe {
	const char *name;
	unsigned speeds;  /* bit per row of the planner's speed table */
	unsigned repeats;		/* of the triangle */
	unsigned reversals;
	bool step, hold;
	unsigned light_repeats;
	bool sparing; /* light that finds no room is left out, the core's first
		       * repeat excepted */
	double amplitude_rad;
	gh_us still_us; /* of each of the two stills at the end */
	gh_us hold_us;	/* of each of the two holds, 0: as usual */
	bool ends, rest, press;
};

struct plan_window {
	gh_us begin, end;
};

/* While the spotlight is lit, and when which crystal is swept under it. */
struct plan_lit {
	gh_us begin, middle, end; /* middle: here repeat 1 begins */
	unsigned n;
	struct plan_pass {
		int part;
		gh_us begin, middle, end;
	} crystal[GH_RIG_PARTS];
};

struct layout {
	struct gh_plan *plan;
	const struct gh_plan_request *req;
	const struct plan_recipe *recipe;
	double speed_rad_s[4], ceiling_rad_s;
	unsigned n_speeds;
	bool overflow;
	/* What the lamps must know of the joints, of the last wave. */
	unsigned waves;
	struct plan_window sweeps, reversals, still_at_load;
	gh_us home_at; /* from here all arms are still at home */
};

/* One lamp, or one that looks on, being written. */
struct torch {
	struct layout *lay;
	int part;
	gh_us at;
	unsigned repeat;
};

/* Appends a span of that length and moves on. */
void plan_shine(struct torch *t, enum gh_exercise exercise, int arg,
		const double drive[4], gh_us length);

/* Appends a span and moves *at to its end. */
void plan_put(struct layout *lay, const struct gh_span *span);

/* Phase [begin, end) with a title for the screen. */
void plan_phase(struct layout *lay, const char *title, gh_us begin, gh_us end);

void plan_lay_joints(struct layout *lay);
/* So often each wiggles where it hangs, and nothing else. */
void plan_wiggle(struct layout *lay, unsigned times);
void plan_lay_lights(struct layout *lay);
/* After all else: joint by joint to its ends, torque off, the remote. */
void plan_lay_ends(struct layout *lay);

/* The fastest this joint may be planned by its own limit, rad/s. */
double plan_joint_rad_s(const struct gh_rig *rig, unsigned joint);

/* Lays one recipe out; false when it does not fit the arrays. */
bool plan_lay_out(struct gh_plan *plan, const struct gh_plan_request *req,
		  const struct plan_recipe *recipe);
/*
 * The recipe for the time there is: what of the groups is worth it is added.
 * Leaves it in *plan, with groups and left_out.
 */
enum gh_status plan_choose(struct gh_plan *plan,
			   const struct gh_plan_request *req,
			   struct gh_err *err);

/* An easing move of that length of a joint, at least `least`. */
gh_us plan_ease_length(const struct layout *lay, int joint, double distance,
		       gh_us least);

/* Where the last move ends; 0: nothing moves. */
gh_us plan_motion_end(const struct layout *lay);

/* ---- plan_lights.c: blocks of light ---- */

/* True when part i has a sensor that the plan may use. */
bool plan_sees(const struct layout *lay, unsigned i);

bool plan_breathes(const struct layout *lay);
bool plan_is_chrome(const struct layout *lay, unsigned i);
/* How long the arms must be still for the second pulse; 0: there is none. */
gh_us plan_still_pulse(const struct layout *lay);

gh_us plan_core_length(const struct layout *lay);
void plan_draw_core(struct layout *lay, gh_us at, unsigned repeat);
/* With the steady look before it and the dark after it. */
gh_us plan_pulse_length(const struct layout *lay, unsigned repeat);
gh_us plan_pulse_lead(void);
void plan_draw_pulse(struct layout *lay, gh_us at, unsigned repeat);
gh_us plan_chrome_length(void);
void plan_draw_chrome(struct layout *lay, gh_us at, unsigned repeat);
gh_us plan_spot_alone_length(void);
void plan_draw_spot_alone(struct layout *lay, gh_us at, unsigned repeat);
struct plan_window plan_spot_window(const struct plan_lit *lit);
void plan_draw_spot(struct layout *lay, const struct plan_lit *lit);

/* Sorts by part and time, sums up total and exercises. */
void plan_finish(struct layout *lay);

#endif
