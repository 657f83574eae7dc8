/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * metric - what a number about the sculpture is called, what it needs, and
 * what change of it would matter. Probes declare metrics in tables; the judge
 * reads nothing else about them. Ids and figures: measurement.md sections 3, 4.
 */
#ifndef GH_JUDGE_METRIC_H
#define GH_JUDGE_METRIC_H

#include "base/part.h" /* enum gh_unit */

#include <stdbool.h>
#include <stdint.h>

#define GH_METRIC_ID_CAP 48
#define GH_NOTE_CAP 112

enum gh_role {
	GH_ROLE_GATE,  /* beyond its limits: HOLD */
	GH_ROLE_WATCH, /* beyond its limits: WATCH; hard limits still HOLD */
	GH_ROLE_SHOWN  /* a number for people, never judged */
};

enum gh_metric_kind {
	GH_METRIC_SCALAR,
	GH_METRIC_CIRCULAR, /* degrees, wraps at 360 */
	/* Events per second in v[0], seconds looked at in v[1]: Poisson. */
	GH_METRIC_RATE,
	GH_METRIC_COLOUR    /* XYZ in v[0..2]; judged as Delta-E00 */
};

/* How the spread of siblings is pooled. */
enum gh_spread {
	GH_SPREAD_RELATIVE, /* share of each sibling's own mean */
	GH_SPREAD_ABSOLUTE  /* in the metric's unit */
};

/* What a metric needs to exist; exercises and quantities are 1u << enum. */
struct gh_needs {
	uint32_t exercises;  /* of engine/exercise.h, all of them */
	uint32_t quantities; /* on this part, all of them */
	double min_rate_hz;  /* 0: any */
	bool measured;	     /* commanded-only channels do not do */
};

/* Hard limits need no statistics. NAN: none on that side. */
struct gh_hard {
	double lo, hi;	 /* in the unit */
	double lo_share; /* of the baseline mean */
};

#define GH_NO_HARD                                                             \
	{                                                                      \
		NAN, NAN, NAN                                                  \
	}

struct gh_metric {
	/* "joint.coulomb"; a '*' stands for the instance ("core.colour_*"). */
	const char *id;
	unsigned version; /* another formula is another version */
	enum gh_unit unit;
	const char *meaning; /* in words, at most 40 characters */
	enum gh_role role;
	enum gh_metric_kind kind;
	enum gh_spread spread;
	/* Practical minimum change: the larger of both (measurement.md). */
	double min_share, min_abs;
	double prior; /* SD assumed without siblings; share or unit by spread */
	double resolution; /* floor of the SD: resolution / sqrt(12) */
	bool less_is_well; /* below the baseline is no fault: one-sided */
	struct gh_hard hard;
	struct gh_needs needs;
};

/* Why something is unknown, skipped or not counted. */
#define GH_REASON_TABLE(X)                                                     \
	X(NONE, "")                                                            \
	X(NOT_MEASURED, "not measured in this run")                            \
	X(NO_BASELINE, "no baseline to compare with")                          \
	X(INCOMPARABLE, "not comparable with the baseline")                    \
	X(TOO_FEW_RUNS, "the baseline has too few runs")                       \
	X(ONE_SESSION, "the baseline has too few sessions")                    \
	X(OUTSIDE_TEMPERATURE, "temperature outside the baseline's range")     \
	X(OUTSIDE_SUPPLY, "supply outside the baseline's range")               \
	X(GUARD_BAND, "too near the limit to tell")                            \
	X(NOT_CONFIRMED, "seen once, not confirmed")                           \
	X(SENSOR_SUSPECT, "its sensor is suspect")                             \
	X(SATURATED, "its sensor is saturated")                                \
	X(TOO_NOISY, "the baseline is too noisy to judge it")                  \
	X(INTERRUPTED, "the run was interrupted")                              \
	X(NO_SENSOR, "no such sensor")                                         \
	X(TOO_SLOW, "its channel is too slow")                                 \
	X(COMMANDED_ONLY, "only the command is known")                         \
	X(LOOK_BY_EYE, "look by eye")                                          \
	X(NOT_IN_PROFILE, "not in this profile")                               \
	X(NO_CONSENT, "motion was not allowed")                                \
	X(NOT_COMPUTABLE, "the recording does not allow it")                   \
	X(SENSOR_STALE, "its sensor repeats old values")                       \
	X(AMBIENT, "room light outshines it")

#define X(id, text) GH_REASON_##id,
enum gh_reason { GH_REASON_TABLE(X) GH_REASON_COUNT };
#undef X

/* "SENSOR_SUSPECT"; never NULL. */
const char *gh_reason_name(enum gh_reason reason);
/* "its sensor is suspect"; never NULL. */
const char *gh_reason_text(enum gh_reason reason);

/* One metric of one part as one run measured it. */
struct gh_measure {
	const struct gh_metric *metric;
	char id[GH_METRIC_ID_CAP]; /* with the instance filled in */
	int part;		   /* index into the rig's parts */
	/*
	 * GH_REASON_NONE: v holds the value. NO_SENSOR, TOO_SLOW,
	 * COMMANDED_ONLY, NOT_IN_PROFILE: skipped. Others: unknown.
	 */
	enum gh_reason reason;
	double v[3];		/* v[0] for scalars, XYZ for colours */
	double rep[2][3];	/* the two repeats apart, NAN where not there */
	char note[GH_NOTE_CAP]; /* why unknown, in words; device text never */
};

#endif
