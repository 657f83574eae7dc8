/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plan_choose - what fits the time. Recipes are data, richest first, and the
 * first that fits is taken; a longer check is the richest one and groups of
 * exercises beside it. Where a history says what is likely to be found, a short
 * check too is put together from groups.
 */
#include "engine/plan_layout.h" /* struct plan_recipe, plan_lay_out */

enum { AT_0_2 = 1, AT_0_4 = 2, AT_0_8 = 4, AT_1_6 = 8 };

/*
 * What is left out first when time is short: the step and two reversals, then
 * the slow sweep, then everything but one sweep. Two repeats stay as long as
 * possible, since without the second nothing can be confirmed.
 */
static const struct plan_recipe recipes[] = {
	{ .name = "full",
	  .speeds = AT_0_4 | AT_0_8,
	  .repeats = 2,
	  .reversals = 3,
	  .step = true,
	  .hold = true,
	  .light_repeats = 2,
	  .amplitude_rad = 0.7,
	  .still_us = 1000000 },
	{ .name = "short",
	  .speeds = AT_0_4 | AT_0_8,
	  .repeats = 2,
	  .reversals = 1,
	  .hold = true,
	  .light_repeats = 2,
	  .amplitude_rad = 0.7,
	  .still_us = 1000000 },
	{ .name = "quick",
	  .speeds = AT_0_8,
	  .repeats = 2,
	  .reversals = 1,
	  .hold = true,
	  .light_repeats = 2,
	  .amplitude_rad = 0.7,
	  .still_us = 500000 },
	{ .name = "brief",
	  .speeds = AT_0_8,
	  .repeats = 2,
	  .light_repeats = 2,
	  .amplitude_rad = 0.5,
	  .still_us = 500000 },
	{ .name = "flash",
	  .speeds = AT_0_8,
	  .repeats = 1,
	  .light_repeats = 1,
	  .sparing = true,
	  .amplitude_rad = 0.5,
	  .still_us = 500000 },
};

/* What a short check that goes by its history starts from. */
#define LEAN (&recipes[3])

/* Lights only: no permission to move, or nothing that can. */
static const struct plan_recipe stills[] = {
	{ .name = "still", .light_repeats = 2 },
	{ .name = "glance", .light_repeats = 1, .sparing = true },
};

/* A check of less is one of the recipes, with or without time left over. */
#define LONG_PLAN_US ((gh_us)120 * GH_US_PER_S)
/* measurement.md section 2: the servo's thermal slope needs some time. */
#define SOAK_US ((gh_us)30 * GH_US_PER_S)

static const uint32_t lean_groups = 1u << GH_GROUP_SLOW |
				    1u << GH_GROUP_REVERSALS |
				    1u << GH_GROUP_STEPS | 1u << GH_GROUP_HOLD;

/*
 * What a long check always has where it fits, so that two of them can be
 * compared and find the same faults; a person who is there is asked.
 */
static const uint32_t long_groups = 1u << GH_GROUP_ENDS | 1u << GH_GROUP_CREEP |
				    1u << GH_GROUP_RUSH | 1u << GH_GROUP_PRESS;

static void add_group(struct plan_recipe *r, enum gh_plan_group group)
{
	switch (group) {
	case GH_GROUP_SLOW:
		r->speeds |= AT_0_4;
		break;
	case GH_GROUP_REVERSALS:
		r->reversals = 3;
		break;
	case GH_GROUP_STEPS:
		r->step = true;
		break;
	case GH_GROUP_HOLD:
		r->hold = true;
		break;
	case GH_GROUP_ENDS:
		r->ends = true;
		break;
	case GH_GROUP_CREEP:
		r->speeds |= AT_0_2;
		break;
	case GH_GROUP_RUSH:
		r->speeds |= AT_1_6;
		break;
	case GH_GROUP_AGAIN:
		r->repeats = 3;
		r->reversals = 6;
		break;
	case GH_GROUP_LIGHT:
		r->light_repeats = 4;
		break;
	case GH_GROUP_REST:
		r->rest = true;
		break;
	case GH_GROUP_SOAK:
		r->hold_us = SOAK_US;
		break;
	case GH_GROUP_PRESS:
		r->press = true;
		break;
	case GH_GROUP_COUNT:
		break;
	}
}

static struct plan_recipe with_groups(const struct plan_recipe *base,
				      uint32_t groups)
{
	struct plan_recipe r = *base;

	for (unsigned g = 0; g < GH_GROUP_COUNT; g++)
		if (groups >> g & 1)
			add_group(&r, (enum gh_plan_group)g);
	return r;
}

/*
 * The groups of `among` that this sculpture can do beside the base, and what
 * each costs: laid out with it and without.
 */
static unsigned list_options(struct gh_plan *plan,
			     const struct gh_plan_request *req,
			     const struct plan_recipe *base, uint32_t among,
			     struct gh_plan_option *out)
{
	unsigned n = 0;
	gh_us total;
	size_t spans;

	(void)plan_lay_out(plan, req, base);
	total = plan->total;
	spans = plan->n;
	for (unsigned g = 0; g < GH_GROUP_COUNT; g++) {
		const struct plan_recipe with = with_groups(base, 1u << g);

		if (!(among >> g & 1) || !plan_lay_out(plan, req, &with) ||
		    (plan->total == total && plan->n == spans))
			continue;
		out[n++] = (struct gh_plan_option){
			(enum gh_plan_group)g, plan->total - total,
			req->past ? req->past[g]
				  : gh_plan_no_past((enum gh_plan_group)g)
		};
	}
	return n;
}

static bool fits(struct gh_plan *plan, const struct gh_plan_request *req,
		 const struct plan_recipe *recipe)
{
	return plan_lay_out(plan, req, recipe) && plan->total <= req->motion_us;
}

/*
 * The base and, best first, what fits beside it; two groups together may cost
 * more than both alone, so each is laid out. False: even the base is too long.
 */
static bool extend(struct gh_plan *plan, const struct gh_plan_request *req,
		   const struct plan_recipe *base, uint32_t among)
{
	struct gh_plan_option options[GH_GROUP_COUNT];
	const unsigned n = list_options(plan, req, base, among, options);
	struct plan_recipe r = *base;
	uint32_t done = 0, left_out = 0;

	if (!fits(plan, req, base))
		return false;
	gh_plan_rank(options, n);
	for (unsigned i = 0; i < n; i++) {
		const uint32_t bit = 1u << options[i].group;
		const struct plan_recipe more = with_groups(&r, bit);

		if (!fits(plan, req, &more)) {
			left_out |= bit;
			continue;
		}
		r = more;
		done |= bit;
	}
	(void)plan_lay_out(plan, req, &r);
	plan->groups = done;
	plan->left_out = left_out;
	return true;
}

/* Beside what it always has, or whatever fits of that. */
static bool choose_long(struct gh_plan *plan, const struct gh_plan_request *req,
			const struct plan_recipe *list)
{
	const struct plan_recipe usual = with_groups(list, long_groups);

	if (!extend(plan, req, &usual, ~(lean_groups | long_groups)))
		return extend(plan, req, list, ~lean_groups);
	plan->groups |= long_groups;
	return true;
}

/* The first recipe that fits; what the sculpture could do beside is listed. */
static bool first_recipe(struct gh_plan *plan,
			 const struct gh_plan_request *req,
			 const struct plan_recipe *list, size_t n)
{
	struct gh_plan_option options[GH_GROUP_COUNT];
	uint32_t left_out = 0;
	unsigned n_options;
	size_t i = 0;

	while (i < n && !fits(plan, req, &list[i]))
		i++;
	if (i == n)
		return false;
	n_options = list_options(plan, req, &list[i], ~0u, options);
	for (unsigned k = 0; k < n_options; k++)
		left_out |= 1u << options[k].group;
	(void)plan_lay_out(plan, req, &list[i]);
	plan->left_out = left_out;
	return true;
}

enum gh_status plan_choose(struct gh_plan *plan,
			   const struct gh_plan_request *req,
			   struct gh_err *err)
{
	const bool moves = req->move && req->joints != 0;
	const struct plan_recipe *list = moves ? recipes : stills;
	const size_t n = moves ? GH_ARRAY_SIZE(recipes) : GH_ARRAY_SIZE(stills);

	if (req->motion_us >= LONG_PLAN_US && choose_long(plan, req, list))
		return GH_OK;
	if (moves && req->past && !fits(plan, req, list) &&
	    extend(plan, req, LEAN, lean_groups))
		return GH_OK;
	if (first_recipe(plan, req, list, n))
		return GH_OK;
	return gh_fail(
		err, GH_ARG,
		"no time for a check: %.1f s are left to measure in, the "
		"shortest plan needs %.1f s; give a longer --budget",
		(double)req->motion_us / GH_US_PER_S,
		(double)plan->total / GH_US_PER_S);
}
