/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plan - one recipe on the time line: how fast, then joints, lamps and ends.
 * Two arms of one collision group never sweep together: the later one waits for
 * the earlier to be home again.
 */
#include "engine/plan.h"

#include "engine/plan_layout.h" /* struct layout, the pieces */
#include "engine/plan_single.h" /* gh_plan_proximity_rad_s */

#include <math.h>
#include <stdio.h>
#include <string.h>

/* measurement.md section 2: planned speeds of the triangle, rad/s. */
static const double sweep_speeds[] = { 0.2, 0.4, 0.8, 1.6 };

/* Summed radii of the joints of an arm that may move together. */
static double summed_reach_m(const struct gh_rig *rig, unsigned arm,
			     uint32_t joints)
{
	double sum = 0.0;

	for (unsigned k = 0; k < rig->arms[arm].n; k++)
		if (joints >> rig->arms[arm].joint[k] & 1)
			sum += gh_rig_reach_m(rig, (int)arm, k);
	return sum;
}

double plan_joint_rad_s(const struct gh_rig *rig, unsigned joint)
{
	return PLAN_SPEED_SHARE * rig->joints[joint].speed_max_rad_s;
}

/* Of two ceilings the one that holds, reliability.md section 3. */
double gh_plan_tip_ceiling_m_s(const struct gh_rig *rig, bool near)
{
	return near ? fmin(GH_PROXIMITY_SPEED_M_S, rig->tip_speed_max_m_s)
		    : rig->tip_speed_max_m_s;
}

static double near_ceiling_rad_s(const struct gh_plan_request *req)
{
	double lowest = INFINITY;

	for (unsigned j = 0; j < req->rig->n_joints; j++)
		if (req->joints >> j & 1)
			lowest = fmin(lowest,
				      gh_plan_proximity_rad_s(req->rig, j));
	return lowest * req->speed_share;
}

/* Common speed, rad/s, at which no tip exceeds the ceiling. */
static double speed_ceiling_rad_s(const struct gh_plan_request *req)
{
	double lowest = INFINITY;

	if (req->near)
		return near_ceiling_rad_s(req);
	for (unsigned a = 0; a < req->rig->n_arms; a++) {
		const double reach = summed_reach_m(req->rig, a, req->joints);

		if (reach > 0.0)
			lowest = fmin(lowest,
				      gh_plan_tip_ceiling_m_s(req->rig, false) /
					      reach);
	}
	for (unsigned j = 0; j < req->rig->n_joints; j++)
		if (req->joints >> j & 1)
			lowest = fmin(lowest, plan_joint_rad_s(req->rig, j));
	return lowest * req->speed_share;
}

static double reach_m(const struct gh_rig *rig, int joint)
{
	return gh_rig_reach_m(rig, rig->joints[joint].arm,
			      rig->joints[joint].order);
}

double gh_plan_tip_speed_m_s(const struct gh_plan *plan,
			     const struct gh_rig *rig)
{
	double fastest[GH_RIG_ARMS] = { 0 };
	double worst = 0.0;

	for (size_t i = 0; i < plan->n; i++) {
		const struct gh_span *s = &plan->span[i];
		const struct gh_rig_part *part = &rig->parts[s->part];
		const double peak = s->shape == GH_SHAPE_EASE ? 1.5 : 1.0;
		double speed;

		if (part->joint < 0 || s->exercise == GH_EX_IDENTITY)
			continue;
		speed = peak * fabs(s->to_rad - s->from_rad) * GH_US_PER_S /
			(double)(s->end - s->begin);
		fastest[rig->joints[part->joint].arm] =
			fmax(fastest[rig->joints[part->joint].arm], speed);
		if (plan->near)
			worst = fmax(worst, speed * reach_m(rig, part->joint));
	}
	for (unsigned a = 0; a < rig->n_arms && !plan->near; a++)
		worst = fmax(worst,
			     fastest[a] * summed_reach_m(rig, a, plan->joints));
	return worst;
}

static void write_key(struct gh_plan *plan, const struct layout *lay)
{
	int used = snprintf(plan->key, sizeof plan->key, "%s", plan->recipe);

	for (unsigned i = 0; i < lay->n_speeds; i++)
		used += snprintf(plan->key + used,
				 sizeof plan->key - (size_t)used, " %.3f",
				 lay->speed_rad_s[i]);
	snprintf(plan->key + used, sizeof plan->key - (size_t)used,
		 " rad/s joints %x%s%s", plan->joints,
		 lay->req->house_open ? " house open" : "",
		 lay->req->near ? " near" : "");
}

static void choose_speeds(struct layout *lay, double ceiling)
{
	lay->n_speeds = 0;
	for (unsigned i = 0; i < GH_ARRAY_SIZE(sweep_speeds); i++) {
		const double v = fmin(sweep_speeds[i], ceiling);

		/* Two equal speeds tell friction from grease no better. */
		if ((lay->recipe->speeds >> i & 1) &&
		    (lay->n_speeds == 0 ||
		     v > 1.25 * lay->speed_rad_s[lay->n_speeds - 1]))
			lay->speed_rad_s[lay->n_speeds++] = v;
	}
	lay->ceiling_rad_s = ceiling;
}

bool plan_lay_out(struct gh_plan *plan, const struct gh_plan_request *req,
		  const struct plan_recipe *recipe)
{
	struct layout lay = { .plan = plan, .req = req, .recipe = recipe };

	memset(plan, 0, sizeof *plan);
	plan->recipe = recipe->name;
	plan->near = req->near;
	choose_speeds(&lay, speed_ceiling_rad_s(req));
	plan_lay_joints(&lay);
	plan_lay_lights(&lay);
	plan_lay_ends(&lay);
	plan_finish(&lay);
	write_key(plan, &lay);
	return !lay.overflow;
}

/* What a kind of part needs beside itself. */
static const struct need {
	bool core, spotlight, arm;
} needs[GH_PART_KIND_COUNT] = {
	[GH_PART_JOINT] = { .arm = true },
	[GH_PART_CORE] = { .core = true },
	[GH_PART_FIBRE] = { .core = true },
	[GH_PART_CRYSTAL] = { .spotlight = true, .arm = true },
};

void gh_plan_narrow(struct gh_plan_request *req, int only)
{
	const struct gh_rig_part *part = &req->rig->parts[only < 0 ? 0 : only];
	const struct need *need = &needs[part->kind];
	const int spot = gh_rig_first_part(req->rig, GH_PART_SPOTLIGHT);
	const int joint =
		part->joint != GH_RIG_NONE ? part->joint : part->swept_by;
	uint64_t parts = (uint64_t)1 << (only < 0 ? 0 : only);

	if (only < 0)
		return;
	if (need->spotlight && spot != GH_RIG_NONE)
		parts |= (uint64_t)1 << spot;
	req->joints &= need->arm && joint >= 0 ? 1u << joint : 0;
	req->has_core = req->has_core && need->core;
	req->seen &= parts;
	req->lamps &= parts;
}

enum gh_status gh_plan_make(struct gh_plan *out,
			    const struct gh_plan_request *req,
			    struct gh_err *err)
{
	return plan_choose(out, req, err);
}
