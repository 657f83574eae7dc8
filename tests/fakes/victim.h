/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * victim - where on a rehearsed sculpture a fault of the simulator's list is
 * tried, and what must be said of it (measurement.md section 5.2).
 */
#ifndef GH_TESTS_FAKES_VICTIM_H
#define GH_TESTS_FAKES_VICTIM_H

#include "fakes/rehearsal.h" /* struct gh_rehearsal */
#include "sim/fault.h"	     /* struct gh_fault */

/* The turns after which every kind of sensor was a victim once. */
enum { GH_VICTIM_SENSORS = 11 };

struct gh_victim {
	char spec[96];	   /* after the '@': a part, a sensor, two joints */
	const char *part;  /* of the rig */
	const char *other; /* the second of two; either may be named */
};

/* The turn-th part that can have it, round and round; false: there is none. */
bool gh_victim_pick(const struct gh_rehearsal *r, const struct gh_fault *f,
		    unsigned turn, struct gh_victim *out);

/* "HOLD", or "UNSURE" where the sensor is broken and not the part. */
const char *gh_victim_expected(const struct gh_fault *f);

/* The part that is named for it in the last check; else the first. */
const char *gh_victim_named(const struct gh_rehearsal *r,
			    const struct gh_fault *f,
			    const struct gh_victim *v);

/*
 * Whether the last check names it there. What an angle repeats may be the zero
 * at which its joint rests: then stale and dead say the same.
 */
bool gh_victim_is_named(const struct gh_rehearsal *r, const struct gh_fault *f,
			const struct gh_victim *v);

#endif
