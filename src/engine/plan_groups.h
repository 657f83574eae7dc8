/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plan_groups - what a check can add to the shortest one or leave out: groups
 * of exercises, what each is good for, and which of them are worth the time
 * that is left.
 */
#ifndef GH_ENGINE_PLAN_GROUPS_H
#define GH_ENGINE_PLAN_GROUPS_H

#include "base/clock.h"	     /* gh_us */
#include "base/part.h"	     /* enum gh_part_kind */
#include "engine/exercise.h" /* enum gh_exercise */

#include <stdint.h>

enum gh_plan_group {
	GH_GROUP_SLOW,	    /* sweeps at 0.4 rad/s beside those at 0.8 */
	GH_GROUP_REVERSALS, /* slow reversals about home */
	GH_GROUP_STEPS,
	GH_GROUP_HOLD,	/* still under load */
	GH_GROUP_ENDS,	/* gently to both ends of the range */
	GH_GROUP_CREEP, /* sweeps at 0.2 rad/s */
	GH_GROUP_RUSH,	/* sweeps at 1.6 rad/s */
	GH_GROUP_AGAIN, /* a third repeat of the sweeps, six reversals */
	GH_GROUP_LIGHT, /* four repeats of all light */
	GH_GROUP_REST,	/* torque off */
	GH_GROUP_SOAK,	/* a minute under load: how warm it gets */
	GH_GROUP_PRESS, /* a person presses the remote */
	GH_GROUP_COUNT
};

/* What history says of a group. */
struct gh_plan_past {
	double risk; /* faults a day of the kinds that only it would find */
	double age_days; /* since it was last done; INFINITY: never */
};

struct gh_plan_option {
	enum gh_plan_group group;
	gh_us cost_us;
	struct gh_plan_past past;
};

/*
 * Sorts: the largest chance of a fault not yet seen, 1 - exp(-risk x age), per
 * second of cost comes first; equal ones keep the order of the enum. Pure.
 */
void gh_plan_rank(struct gh_plan_option *options, unsigned n);

/* What is assumed of a sculpture without a history. */
struct gh_plan_past gh_plan_no_past(enum gh_plan_group group);

/* "ends of travel"; never NULL. */
const char *gh_plan_group_name(enum gh_plan_group group);
/* The exercise that no other group has, GH_EX_COUNT: there is none. */
enum gh_exercise gh_plan_group_exercise(enum gh_plan_group group);
/* The kind of part that it exercises. */
enum gh_part_kind gh_plan_group_kind(enum gh_plan_group group);

#endif
