/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fault_table - what each fault looks like in the metrics (measurement.md
 * section 5.1), what it also disturbs elsewhere, and what the crew does about
 * it. All knowledge about faults is here; diagnose.c only counts.
 */
#ifndef GH_JUDGE_FAULT_TABLE_H
#define GH_JUDGE_FAULT_TABLE_H

#include "base/part.h"	  /* enum gh_part_kind */
#include "judge/metric.h" /* enum gh_reason */

#include <stdbool.h>

enum { GH_SIGNS = 10, GH_SIGNATURES = 3 };

enum gh_change {
	GH_CHANGE_UP,
	GH_CHANGE_DOWN,
	GH_CHANGE_ANY,
	GH_CHANGE_SAME,	    /* was judged and passed */
	GH_CHANGE_NOT_UP,   /* or is not there */
	GH_CHANGE_NOT_DOWN, /* or is not there */
	GH_CHANGE_NONE,	    /* did not change, or is not there */
	GH_CHANGE_SILENT,   /* should have been measured and was not */
	GH_CHANGE_GONE,	    /* not a fifth of what it was: nothing comes */
	/* A good part of the way to its limit: tells like from like. */
	GH_CHANGE_LEANS_UP,
	GH_CHANGE_LEANS_DOWN,
	/* Most of the way to its limit: chance decides whether it is beyond. */
	GH_CHANGE_NEARLY_DOWN,
	GH_CHANGE_NOT_NEARLY_DOWN, /* or is not there */
	GH_CHANGE_STEADY /* passed and leans nowhere */
};

enum gh_scope {
	GH_SCOPE_OWN,
	GH_SCOPE_CHAIN,	 /* what else belongs to the same arm */
	GH_SCOPE_JOINTS, /* as a sign: every joint; as an effect: any */
	GH_SCOPE_RIG	 /* as a sign: some part; as an effect: any */
};

/* How much of a signature a sign is. */
enum gh_weight {
	GH_WEIGHT_NEEDED,
	GH_WEIGHT_SUPPORT /* raises the confidence only */
};

struct gh_sign {
	const char *id; /* may end in '*' */
	enum gh_change change;
	enum gh_scope scope;
	enum gh_weight weight;
};

/* Findings that this fault accounts for. */
struct gh_effect {
	const char *id; /* may end in '*' */
	enum gh_scope scope;
	bool hard; /* explains broken hard limits elsewhere too */
};

/* Effects elsewhere that are at most so many times the complaint itself. */
struct gh_scaled {
	const char *id; /* may end in '*'; NULL: none */
	const char *of; /* the complaint; same unit */
	double times;
};

struct gh_fault_row {
	const char *name;
	enum gh_part_kind kind;
	/* Tier 0 faults disturb the whole rig and are looked for first. */
	int tier;
	const char *title;
	const char *action;
	/* What it is easily taken for and how to tell, NULL: nothing. */
	const char *other;
	/* Either of them; signs end at one without an id, unless full. */
	struct gh_sign signs[GH_SIGNATURES][GH_SIGNS];
	const struct gh_effect *effects; /* ended by one without an id */
	struct gh_scaled scaled;	 /* narrows effects */
};

/* A sensor that contradicts its fellows, and what it then says nothing of. */
struct gh_suspicion {
	enum gh_part_kind kind;
	const char *fault;  /* "sensor_dead", ... */
	const char *sensor; /* for people */
	const char *because;
	struct gh_sign signs[GH_SIGNS];
	/* All of these must have changed by the same factor; NULL: none. */
	const char *alike[4];
	const char *const *suspects; /* NULL at the end */
};

/* What a probe that refuses a metric for this reason has found wrong. */
struct gh_sensor_fault {
	enum gh_reason reason;
	const char *fault, *title, *action;
};

/* Groups ended by NULL; rows by one without a name, resp. without a sensor. */
extern const struct gh_fault_row *const gh_fault_groups[];
extern const struct gh_suspicion gh_suspicions[];

/* NULL when the reason accuses no sensor. */
const struct gh_sensor_fault *gh_sensor_fault_of(enum gh_reason reason);
/* By its name; asserted to be there. */
const struct gh_sensor_fault *gh_sensor_fault_find(const char *fault);

/* Rows of signatures, for the files that hold the table. */
#define GH_NEEDS(id, change)                                                   \
	{                                                                      \
		id, GH_CHANGE_##change, GH_SCOPE_OWN, GH_WEIGHT_NEEDED         \
	}
#define GH_HELPS(id, change)                                                   \
	{                                                                      \
		id, GH_CHANGE_##change, GH_SCOPE_OWN, GH_WEIGHT_SUPPORT        \
	}
#define GH_ALL_NEED(id, change)                                                \
	{                                                                      \
		id, GH_CHANGE_##change, GH_SCOPE_JOINTS, GH_WEIGHT_NEEDED      \
	}
#define GH_ALL_HELP(id, change)                                                \
	{                                                                      \
		id, GH_CHANGE_##change, GH_SCOPE_JOINTS, GH_WEIGHT_SUPPORT     \
	}
#define GH_RIG_HELPS(id, change)                                               \
	{                                                                      \
		id, GH_CHANGE_##change, GH_SCOPE_RIG, GH_WEIGHT_SUPPORT        \
	}
/* The end of a list of effects. */
#define GH_EFFECTS_END                                                         \
	{                                                                      \
		NULL, GH_SCOPE_OWN, false                                      \
	}

extern const struct gh_fault_row gh_faults_joint[], gh_faults_light[],
	gh_faults_rig[];

#endif
