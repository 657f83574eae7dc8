/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plan_ends - what comes after all else, with the lamps dark: one joint at a
 * time gently to either end of its range and home again, each span a program
 * of its own because nobody knows where a guarded one ends; then, where it is
 * safe, all arms without torque; then the remote in a person's hand.
 */
#include "engine/plan_layout.h" /* struct layout */

#include <math.h>

/* Gently: the slow sweep, or what a proximity move may, if that is less. */
#define END_RAD_S 0.4
/* Back from the end and to it again: the second repeat. */
#define BACK_RAD 0.15
/* A limit is kept in whole urad on the controller: this far inside of it. */
#define INSET_RAD 0.001
#define EASE_LEAST_US 300000
/* measurement.md section 2. */
#define REST_US 500000
/* From wherever an arm has sunk to, gently home: guess, half a range. */
#define RISE_US 6000000
#define PRESS_US 10000000
/* A button that loses every other press gets away with it 1 time in 64. */
#define PRESSES 6

struct walk {
	struct layout *lay;
	unsigned joint;
	gh_us at;
	double angle_rad;
};

static void go(struct walk *w, enum gh_exercise exercise, int arg,
	       unsigned repeat, double to_rad, gh_us length)
{
	const struct gh_span span = {
		.part = w->lay->req->rig->joints[w->joint].part,
		.exercise = exercise,
		.repeat = repeat,
		.arg = arg,
		.begin = w->at,
		.end = w->at + length,
		.shape =
			exercise == GH_EX_END ? GH_SHAPE_LINEAR : GH_SHAPE_EASE,
		.from_rad = w->angle_rad,
		.to_rad = to_rad,
	};

	plan_put(w->lay, &span);
	w->at += length + w->lay->req->program_us;
	w->angle_rad = to_rad;
}

static void to_end(struct walk *w, int arg, unsigned repeat, double end_rad)
{
	const struct gh_rig *rig = w->lay->req->rig;
	const struct gh_rig_joint *j = &rig->joints[w->joint];
	const double reach = fmax(gh_rig_reach_m(rig, j->arm, j->order), 0.05);
	const double speed =
		fmin(fmin(END_RAD_S, w->lay->ceiling_rad_s),
		     w->lay->req->speed_share * GH_PROXIMITY_SPEED_M_S / reach);

	go(w, GH_EX_END, arg, repeat, end_rad,
	   (gh_us)(fabs(end_rad - w->angle_rad) / speed * GH_US_PER_S));
}

static void ease(struct walk *w, double to_rad)
{
	go(w, GH_EX_TRAVEL, 0, 0, to_rad,
	   plan_ease_length(w->lay, (int)w->joint, fabs(to_rad - w->angle_rad),
			    EASE_LEAST_US));
}

static void both_ends(struct walk *w)
{
	const struct gh_rig_joint *j = &w->lay->req->rig->joints[w->joint];
	const double end[2] = { j->lo_rad + INSET_RAD, j->hi_rad - INSET_RAD };

	for (int e = 0; e < 2; e++) {
		to_end(w, e, 0, end[e]);
		ease(w, end[e] - copysign(BACK_RAD, end[e]));
		to_end(w, e, 1, end[e]);
		ease(w, 0.0);
	}
}

static gh_us lay_ends(struct layout *lay, gh_us at)
{
	for (unsigned j = 0; j < lay->req->rig->n_joints; j++) {
		struct walk w = { lay, j, at, 0.0 };

		if (!((lay->plan->joints & lay->req->ends) >> j & 1))
			continue;
		both_ends(&w);
		at = w.at;
	}
	return at;
}

/* All arms at once hang as they like, and are taken home from there. */
static gh_us lay_rest(struct layout *lay, gh_us at)
{
	for (unsigned j = 0; j < lay->req->rig->n_joints; j++) {
		const struct gh_span span = {
			.part = lay->req->rig->joints[j].part,
			.exercise = GH_EX_REST,
			.begin = at,
			.end = at + REST_US,
		};

		if (lay->plan->joints >> j & 1)
			plan_put(lay, &span);
	}
	return at + REST_US + RISE_US;
}

static void lay_press(struct layout *lay, gh_us at)
{
	const int remote = gh_rig_first_part(lay->req->rig, GH_PART_REMOTE);
	const struct gh_span span = { .part = remote,
				      .exercise = GH_EX_PRESS,
				      .arg = PRESSES,
				      .begin = at,
				      .end = at + PRESS_US };

	if (!lay->req->guided || remote == GH_RIG_NONE ||
	    !plan_sees(lay, (unsigned)remote))
		return;
	plan_put(lay, &span);
	plan_phase(lay, "the remote's button", at, span.end);
}

static gh_us last_end(const struct gh_plan *plan)
{
	gh_us last = 0;

	for (size_t i = 0; i < plan->n; i++)
		last = plan->span[i].end > last ? plan->span[i].end : last;
	return last;
}

void plan_lay_ends(struct layout *lay)
{
	const struct plan_recipe *r = lay->recipe;
	struct gh_plan *plan = lay->plan;
	const bool ends = r->ends && (plan->joints & lay->req->ends) != 0;
	const bool rest = r->rest && lay->req->can_rest && plan->joints != 0;
	gh_us at = last_end(plan) + lay->req->program_us;

	if (ends || rest)
		plan->ends_begin = at;
	if (ends)
		at = lay_ends(lay, at);
	if (rest)
		at = lay_rest(lay, at);
	if (ends || rest) {
		plan->ends_end = at;
		plan_phase(lay, "gently to the ends of travel",
			   plan->ends_begin, at);
	}
	if (r->press)
		lay_press(lay, at);
}
