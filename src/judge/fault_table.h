/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fault_table - what each fault looks like in the metrics (measurement.md
 * section 5.1), what it also disturbs elsewhere, and what the crew does about
 * it. All knowledge about faults is here; diagnose.c only counts.
 */
#ifndef GH_JUDGE_FAULT_TABLE_H
#define GH_JUDGE_FAULT_TABLE_H

#include "base/part.h"	 /* enum gh_part_kind */

#include <stdbool.h>

enum { GH_SIGNS = 8, GH_SIGNATURES = 2 };

enum gh_change {
	GH_CHANGE_UP,
	GH_CHANGE_DOWN,
	GH_CHANGE_ANY,
	GH_CHANGE_SAME,	    /* was judged and passed */
	GH_CHANGE_NOT_UP,   /* or is not there */
	GH_CHANGE_NOT_DOWN, /* or is not there */
	GH_CHANGE_NONE,	    /* did not change, or is not there */
	GH_CHANGE_SILENT    /* should have been measured and was not */
};

enum gh_scope {
	GH_SCOPE_OWN,
	GH_SCOPE_CHAIN,	 /* the other joints of the same arm */
	GH_SCOPE_JOINTS, /* as a sign: every joint; as an effect: any */
	GH_SCOPE_RIG	 /* any part */
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

struct gh_fault_row {
	const char *name;
	enum gh_part_kind kind;
	/* Tier 0 faults disturb the whole rig and are looked for first. */
	int tier;
	const char *title;
	const char *action;
	/* Either of them; signs end at one without an id, unless full. */
	struct gh_sign signs[GH_SIGNATURES][GH_SIGNS];
	const struct gh_effect *effects; /* ended by one without an id */
};

/* A sensor that contradicts its fellows, and what it then says nothing of. */
struct gh_suspicion {
	enum gh_part_kind kind;
	const char *sensor; /* for people */
	const char *because;
	struct gh_sign signs[GH_SIGNS];
	/* All of these must have changed by the same factor; NULL: none. */
	const char *alike[4];
	const char *const *suspects; /* NULL at the end */
};

/* Ended by a row without a name, resp. without a sensor. */
extern const struct gh_fault_row gh_fault_rows[];
extern const struct gh_suspicion gh_suspicions[];

#define GH_SENSOR_FAULT "sensor_dead"
#define GH_SENSOR_TITLE "sensor suspect"
#define GH_SENSOR_ACTION                                                       \
	"Check this sensor's plug and window, then check again."

#endif
