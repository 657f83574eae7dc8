/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/plan_groups.h"

#include <math.h>
#include <stdlib.h>

/*
 * a_year: faults a year, on a piece that nobody knows yet, that this group
 * alone would show. Guess: wear and knocks of a tour come first.
 */
static const struct row {
	const char *name;
	enum gh_part_kind kind;
	enum gh_exercise own;
	double a_year;
} rows[GH_GROUP_COUNT] = {
	[GH_GROUP_SLOW] = { "slow sweeps", GH_PART_JOINT, GH_EX_COUNT, 2.0 },
	[GH_GROUP_REVERSALS] = { "slow reversals", GH_PART_JOINT,
				 GH_EX_REVERSAL, 2.0 },
	[GH_GROUP_STEPS] = { "steps", GH_PART_JOINT, GH_EX_STEP, 0.5 },
	[GH_GROUP_HOLD] = { "loaded hold", GH_PART_JOINT, GH_EX_HOLD, 1.0 },
	[GH_GROUP_ENDS] = { "ends of travel", GH_PART_JOINT, GH_EX_END, 2.0 },
	[GH_GROUP_CREEP] = { "creeping sweeps", GH_PART_JOINT, GH_EX_COUNT,
			     1.0 },
	[GH_GROUP_RUSH] = { "fast sweeps", GH_PART_JOINT, GH_EX_COUNT, 0.2 },
	[GH_GROUP_AGAIN] = { "further repeats", GH_PART_JOINT, GH_EX_COUNT,
			     0.3 },
	[GH_GROUP_LIGHT] = { "light a second time", GH_PART_CORE, GH_EX_COUNT,
			     0.5 },
	[GH_GROUP_REST] = { "rest without torque", GH_PART_JOINT, GH_EX_REST,
			    0.1 },
	[GH_GROUP_SOAK] = { "a minute under load", GH_PART_JOINT, GH_EX_COUNT,
			    0.3 },
	[GH_GROUP_PRESS] = { "presses of the remote", GH_PART_REMOTE,
			     GH_EX_PRESS, 1.0 },
};

/* Not looked at for this long, in days: a week on tour, guess. */
#define AGE_DAYS 7.0
#define DAYS_A_YEAR 365.25

struct gh_plan_past gh_plan_no_past(enum gh_plan_group group)
{
	return (struct gh_plan_past){ rows[group].a_year / DAYS_A_YEAR,
				      AGE_DAYS };
}

const char *gh_plan_group_name(enum gh_plan_group group)
{
	return rows[group].name;
}

enum gh_exercise gh_plan_group_exercise(enum gh_plan_group group)
{
	return rows[group].own;
}

enum gh_part_kind gh_plan_group_kind(enum gh_plan_group group)
{
	return rows[group].kind;
}

/* Chance of an unseen fault per second. */
static double worth(const struct gh_plan_option *o)
{
	const double cost_s = fmax((double)o->cost_us, 1000.0) / GH_US_PER_S;
	const double expected =
		o->past.risk > 0.0 ? o->past.risk * o->past.age_days : 0.0;

	return -expm1(-expected) / cost_s;
}

static int by_worth(const void *a, const void *b)
{
	const struct gh_plan_option *x = a, *y = b;

	if (worth(x) > worth(y))
		return -1;
	if (worth(x) < worth(y))
		return 1;
	return (int)x->group - (int)y->group;
}

void gh_plan_rank(struct gh_plan_option *options, unsigned n)
{
	qsort(options, n, sizeof options[0], by_worth);
}
