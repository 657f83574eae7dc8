/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * rehearsal - whole checks in virtual time: engine, driver, firmware, plant,
 * probes and judge, without port, store or screen. One individual is rehearsed
 * (a baseline of several runs and power-ups) and then checked as often as a
 * test likes.
 */
#ifndef GH_TESTS_FAKES_REHEARSAL_H
#define GH_TESTS_FAKES_REHEARSAL_H

#include "engine/run.h"
#include "fakes/world.h"
#include "judge/judge.h"

#include <jansson.h>

struct gh_rehearsal {
	const struct gh_rig *rig;
	uint64_t seed;
	/* As opened: lumina, 60 s, gh_world_open. A caller may change them. */
	const struct gh_driver *driver;
	gh_us budget_us;
	bool guided; /* somebody presses the remote when asked */
	/* Which run of a power-up: other noise, and later in the day. */
	unsigned run;
	void (*open_world)(struct gh_rehearsal *r, struct gh_world *w,
			   unsigned session, const char *const *faults,
			   size_t n_faults);
	void *own; /* the caller's, for open_world */
	struct gh_judge_part parts[GH_JUDGE_PARTS];
	unsigned n_parts;
	struct gh_measure *measures;
	size_t n_measures;
	struct gh_base_value *values;
	size_t n_values;
	struct gh_baseline baseline;
	struct gh_result *result; /* of the last check */
	json_t *json;
	struct gh_run_outcome ran; /* recording freed; the rest of it stays */
	char recording[65];	   /* sha256 of what was recorded */
};

/* No baseline yet. */
void gh_rehearsal_open(struct gh_rehearsal *r, const struct gh_rig *rig,
		       uint64_t seed);
void gh_rehearsal_close(struct gh_rehearsal *r);

/*
 * `runs` healthy runs over `sessions` power-ups become the baseline; leaves
 * r->run at 0.
 */
void gh_rehearsal_baseline(struct gh_rehearsal *r, unsigned runs,
			   unsigned sessions);

/*
 * One check of power-up `session`; its result is in r->result, and in r->json
 * as `check --json` prints it.
 */
void gh_rehearsal_check(struct gh_rehearsal *r, unsigned session,
			const char *const *faults, size_t n_faults);

/* The named fault at that part in r->json, or NULL; borrowed. */
json_t *gh_rehearsal_found(const struct gh_rehearsal *r, const char *fault,
			   const char *part);

/* The verdict's word and how many faults are named, from r->json. */
const char *gh_rehearsal_verdict(const struct gh_rehearsal *r);
size_t gh_rehearsal_faults(const struct gh_rehearsal *r);

/* Verdict, diagnoses and what is not a pass, for a test that failed. */
void gh_rehearsal_print(const struct gh_rehearsal *r);

#endif
