/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/plan_single.h"

#include "engine/plan_layout.h" /* struct layout, the pieces */

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Below three flashes a second nobody is hurt by them (WCAG 2.3.1). */
#define BLINK_US 500000
#define BLINK_LEVEL 0.5
/* Without a length in the rig file: a hand's width; as homing has it. */
#define REACH_MIN_M 0.05
/* Two speeds tell dry friction from grease; a check has the same ratio. */
#define SLOW_SHARE 0.5

/* A triangle and a moment of rest, of one joint. */
static const struct plan_recipe sweep_recipe = { .name = "sweep",
						 .amplitude_rad = 0.7,
						 .still_us = 500000 };
static const struct plan_recipe wiggle_recipe = { .name = "identify" };
static const struct plan_recipe jog_recipe = { .name = "jog" };
static const struct plan_recipe light_recipe = { .name = "core",
						 .light_repeats = 1 };

double gh_plan_proximity_rad_s(const struct gh_rig *rig, unsigned joint)
{
	const struct gh_rig_joint *j = &rig->joints[joint];
	const double reach =
		fmax(gh_rig_reach_m(rig, j->arm, j->order), REACH_MIN_M);

	return fmin(gh_plan_tip_ceiling_m_s(rig, true) / reach,
		    plan_joint_rad_s(rig, joint));
}

static const struct gh_rig_part *part_of(const struct layout *lay,
					 const struct gh_single *what)
{
	return &lay->req->rig->parts[what->part];
}

static bool has_lamp(const struct layout *lay, int part)
{
	return lay->req->lamps >> part & 1;
}

static enum gh_status no_lamp(const struct gh_rig_part *part,
			      struct gh_err *err)
{
	return gh_fail(err, GH_UNSUP, "the controller has no lamp for %s",
		       part->name);
}

/* ---- Joints -------------------------------------------------------------- */

static enum gh_status lay_sweep(struct layout *lay,
				const struct gh_single *what,
				struct gh_err *err)
{
	const struct gh_rig_part *part = part_of(lay, what);
	double v;

	if (part->joint == GH_RIG_NONE)
		return gh_fail(err, GH_ARG,
			       "%s is a %s: only a joint can be swept",
			       part->name, gh_part_kind_name(part->kind));
	v = lay->ceiling_rad_s;
	if (what->speed_rad_s > 0.0)
		v = fmin(v, what->speed_rad_s);
	lay->speed_rad_s[lay->n_speeds++] = SLOW_SHARE * v;
	lay->speed_rad_s[lay->n_speeds++] = v;
	plan_lay_joints(lay);
	if (lay->plan->joints == 0)
		return gh_fail(err, GH_ARG,
			       "%s: its range in %.60s is too small for a "
			       "sweep",
			       part->name, lay->req->rig->file);
	return GH_OK;
}

/*
 * The whole range as one span. Where the joint hangs is known when it is armed;
 * the run moves the rest of the span from there. No wiggle: who jogs looks.
 */
static enum gh_status lay_jog(struct layout *lay, const struct gh_single *what,
			      struct gh_err *err)
{
	const struct gh_rig_part *part = part_of(lay, what);
	const struct gh_rig_joint *j;
	struct gh_span span = { .part = what->part,
				.exercise = GH_EX_TRAVEL,
				.shape = GH_SHAPE_LINEAR };

	if (part->joint == GH_RIG_NONE)
		return gh_fail(err, GH_ARG,
			       "%s is a %s: only a joint can be moved",
			       part->name, gh_part_kind_name(part->kind));
	j = &lay->req->rig->joints[part->joint];
	span.from_rad = j->lo_rad + GH_JOG_MARGIN_RAD;
	span.to_rad = j->hi_rad - GH_JOG_MARGIN_RAD;
	if (!(span.to_rad > span.from_rad))
		return gh_fail(err, GH_ARG,
			       "%s: its range in %.60s is too small to move it",
			       part->name, lay->req->rig->file);
	span.end = (gh_us)ceil((span.to_rad - span.from_rad) /
			       lay->ceiling_rad_s * GH_US_PER_S);
	if (!what->up) {
		span.to_rad = span.from_rad;
		span.from_rad = j->hi_rad - GH_JOG_MARGIN_RAD;
	}
	lay->plan->joints = lay->req->joints;
	plan_put(lay, &span);
	plan_phase(lay, "moving", 0, span.end);
	return GH_OK;
}

/* ---- Lamps --------------------------------------------------------------- */

static enum gh_status lay_blinks(struct layout *lay,
				 const struct gh_single *what,
				 struct gh_err *err)
{
	static const double dark[4] = { 0.0, 0.0, 0.0, 0.0 };
	static const double lit[4] = { BLINK_LEVEL, BLINK_LEVEL, BLINK_LEVEL,
				       BLINK_LEVEL };
	struct torch t = { lay, what->part, 0, 0 };

	if (!has_lamp(lay, what->part))
		return no_lamp(part_of(lay, what), err);
	plan_shine(&t, GH_EX_DARK, 0, dark, BLINK_US);
	for (unsigned i = 0; i < what->repeats; i++) {
		plan_shine(&t, GH_EX_SPOT, 0, lit, BLINK_US);
		plan_shine(&t, GH_EX_DARK, 0, dark, BLINK_US);
	}
	plan_phase(lay, "blinking", 0, t.at);
	return GH_OK;
}

static enum gh_status lay_identify(struct layout *lay,
				   const struct gh_single *what,
				   struct gh_err *err)
{
	const struct gh_rig_part *part = part_of(lay, what);
	const uint32_t blinking = 1u << GH_PART_CORE | 1u << GH_PART_CHROME |
				  1u << GH_PART_SPOTLIGHT;

	if (blinking >> part->kind & 1)
		return lay_blinks(lay, what, err);
	if (part->joint == GH_RIG_NONE)
		return gh_fail(err, GH_ARG,
			       "%s is a %s: it neither moves nor shines by "
			       "itself",
			       part->name, gh_part_kind_name(part->kind));
	plan_wiggle(lay, what->repeats);
	return GH_OK;
}

static enum gh_status lay_lights(struct layout *lay,
				 const struct gh_single *what,
				 struct gh_err *err)
{
	if (!has_lamp(lay, what->part))
		return no_lamp(part_of(lay, what), err);
	if (!lay->req->has_core)
		return gh_fail(err, GH_UNSUP,
			       "no sensor sees %s: `core --look NAME` shows it "
			       "to a person",
			       part_of(lay, what)->name);
	plan_lay_lights(lay);
	return GH_OK;
}

static enum gh_status lay_look(struct layout *lay, const struct gh_single *what,
			       struct gh_err *err)
{
	const struct gh_rig_look *look = &lay->req->rig->looks[what->look];
	struct torch t = { lay, what->part, 0, 0 };

	if (!has_lamp(lay, what->part))
		return no_lamp(part_of(lay, what), err);
	plan_shine(&t, GH_EX_LOOK, what->look, look->rgbw,
		   (gh_us)(GH_SINGLE_LOOK_S * GH_US_PER_S));
	plan_phase(lay, look->name, 0, t.at);
	return GH_OK;
}

/* ---- All ----------------------------------------------------------------- */

static const struct {
	const struct plan_recipe *recipe;
	enum gh_status (*lay)(struct layout *, const struct gh_single *,
			      struct gh_err *);
} kinds[] = {
	[GH_SINGLE_SWEEP] = { &sweep_recipe, lay_sweep },
	[GH_SINGLE_IDENTIFY] = { &wiggle_recipe, lay_identify },
	[GH_SINGLE_LIGHTS] = { &light_recipe, lay_lights },
	[GH_SINGLE_LOOK] = { &light_recipe, lay_look },
	[GH_SINGLE_JOG] = { &jog_recipe, lay_jog },
};

static void write_key(struct gh_plan *plan, const struct layout *lay)
{
	snprintf(plan->key, sizeof plan->key, "%s %.3f rad/s joints %x",
		 plan->recipe,
		 lay->n_speeds > 0 ? lay->speed_rad_s[lay->n_speeds - 1] : 0.0,
		 plan->joints);
}

enum gh_status gh_plan_single(struct gh_plan *out,
			      const struct gh_plan_request *req,
			      const struct gh_single *what, struct gh_err *err)
{
	struct plan_recipe recipe = *kinds[what->kind].recipe;
	struct layout lay = { .plan = out, .req = req, .recipe = &recipe };
	const struct gh_rig_part *part = &req->rig->parts[what->part];
	enum gh_status st;

	memset(out, 0, sizeof *out);
	recipe.repeats = what->repeats;
	out->recipe = recipe.name;
	if (part->joint != GH_RIG_NONE)
		lay.ceiling_rad_s = req->speed_share *
				    gh_plan_proximity_rad_s(
					    req->rig, (unsigned)part->joint);
	if (part->joint != GH_RIG_NONE && !req->move)
		return gh_fail(err, GH_ARG,
			       "%s moves an arm: give --allow-motion when "
			       "nobody is near",
			       part->name);
	st = kinds[what->kind].lay(&lay, what, err);
	if (st != GH_OK)
		return st;
	plan_finish(&lay);
	write_key(out, &lay);
	if (lay.overflow || out->total > (gh_us)(GH_SINGLE_MAX_S * GH_US_PER_S))
		return gh_fail(err, GH_ARG,
			       "%s: that takes longer than %.0f min: fewer "
			       "repeats, or faster",
			       part->name, GH_SINGLE_MAX_S / 60.0);
	return GH_OK;
}
