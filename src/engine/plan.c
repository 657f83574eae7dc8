/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plan - recipes are data, richest first; the first that fits the time is laid
 * out. Two arms of one collision group never sweep together: the later one
 * waits for the earlier to be home again.
 */
#include "engine/plan.h"

#include "engine/plan_layout.h" /* struct layout, the pieces */

#include <math.h>
#include <stdio.h>
#include <string.h>

/* measurement.md section 2: planned speeds of the triangle, rad/s. */
static const double sweep_speeds[] = { 0.4, 0.8 };

/*
 * What is left out first when time is short: the step and two reversals, then
 * the slow sweep, then everything but one sweep. Two repeats stay as long as
 * possible, since without the second nothing can be confirmed.
 */
static const struct plan_recipe recipes[] = {
	{ "full", 0, 2, 2, 3, true, true, 2, 0.7, 1000000 },
	{ "short", 0, 2, 2, 1, false, true, 2, 0.7, 1000000 },
	{ "quick", 1, 1, 2, 1, false, true, 2, 0.7, 500000 },
	{ "brief", 1, 1, 2, 0, false, false, 2, 0.5, 500000 },
	{ "flash", 1, 1, 1, 0, false, false, 1, 0.5, 500000 },
};

/* Lights only: no permission to move, or nothing that can. */
static const struct plan_recipe still = { .name = "still", .light_repeats = 2 };

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

/* Common speed, rad/s, at which no tip exceeds the rig's ceiling. */
static double speed_ceiling_rad_s(const struct gh_plan_request *req)
{
	double lowest = INFINITY;

	for (unsigned a = 0; a < req->rig->n_arms; a++) {
		const double reach = summed_reach_m(req->rig, a, req->joints);

		if (reach > 0.0)
			lowest = fmin(lowest,
				      req->rig->tip_speed_max_m_s / reach);
	}
	for (unsigned j = 0; j < req->rig->n_joints; j++)
		if (req->joints >> j & 1)
			lowest = fmin(lowest,
				      req->rig->joints[j].speed_max_rad_s);
	return lowest * req->speed_share;
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
	}
	for (unsigned a = 0; a < rig->n_arms; a++)
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
		 " rad/s joints %x", plan->joints);
}

static void choose_speeds(struct layout *lay, const struct plan_recipe *recipe,
			  double ceiling)
{
	lay->n_speeds = 0;
	for (unsigned i = 0; i < recipe->n_speeds; i++) {
		const double v =
			fmin(sweep_speeds[recipe->first_speed + i], ceiling);

		/* Two equal speeds tell friction from grease no better. */
		if (lay->n_speeds == 0 ||
		    v > 1.25 * lay->speed_rad_s[lay->n_speeds - 1])
			lay->speed_rad_s[lay->n_speeds++] = v;
	}
	lay->ceiling_rad_s = ceiling;
}

/* Lays one recipe out; false when it does not fit the arrays. */
static bool lay_out(struct gh_plan *plan, const struct gh_plan_request *req,
		    const struct plan_recipe *recipe)
{
	struct layout lay = { .plan = plan, .req = req, .recipe = recipe };

	memset(plan, 0, sizeof *plan);
	plan->recipe = recipe->name;
	choose_speeds(&lay, recipe, speed_ceiling_rad_s(req));
	plan_lay_joints(&lay);
	plan_lay_lights(&lay);
	plan_finish(&lay);
	write_key(plan, &lay);
	return !lay.overflow;
}

enum gh_status gh_plan_make(struct gh_plan *out,
			    const struct gh_plan_request *req,
			    struct gh_err *err)
{
	const bool moves = req->move && req->joints != 0;
	const struct plan_recipe *list = moves ? recipes : &still;
	const size_t n = moves ? GH_ARRAY_SIZE(recipes) : 1;

	for (size_t i = 0; i < n; i++)
		if (lay_out(out, req, &list[i]) && out->total <= req->motion_us)
			return GH_OK;
	return gh_fail(
		err, GH_ARG,
		"no time for a check: %.1f s are left to measure in, the "
		"shortest plan needs %.1f s; give a longer --budget",
		(double)req->motion_us / GH_US_PER_S,
		(double)out->total / GH_US_PER_S);
}
