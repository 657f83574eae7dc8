/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * flow - one check from rig file to stored verdict, the same for the command
 * line and the terminal screen. It joins what may not know each other: engine,
 * probes, judge and store. It prints nothing: the sink hears the progress, the
 * view is the result.
 *
 * A run is stored from the moment a controller answered; what failed before
 * (no such port, silent, another device) is an UNSURE view without a run. What
 * the database will not take goes into a file that `import` takes later.
 */
#ifndef GH_CLI_FLOW_H
#define GH_CLI_FLOW_H

#include "base/clock.h"	  /* struct gh_clock */
#include "base/status.h"  /* enum gh_status */
#include "engine/event.h" /* struct gh_run_view, struct gh_sink */
#include "engine/plan.h"  /* struct gh_plan */
#include "engine/run.h"	  /* struct gh_ears */
#include "link/replay.h"  /* struct gh_replay */
#include "report/single.h" /* struct gh_single_view */

#include <stdbool.h>

/* A named length of a check. */
struct gh_profile {
	const char *name;
	double seconds;
	const char *stands_for; /* another one's name, NULL: it is its own */
	bool unattended; /* moves only where an enable input can stop it */
};
extern const struct gh_profile gh_profiles[]; /* NULL name ends */

/* One part by itself in place of a check: nothing is judged or stored. */
struct gh_single_ask {
	enum gh_single_kind kind;
	unsigned repeats;
	unsigned speed_deg_s; /* of GH_SINGLE_SWEEP; 0: as fast as it may */
	const char *look;     /* of GH_SINGLE_LOOK; NULL: look_at */
	int look_at;	      /* its place in the rig file */
	bool curve; /* of GH_SINGLE_SWEEP: current over angle too */
	bool up;    /* of GH_SINGLE_JOG: to the high end */
};

struct gh_flow_request {
	const char *rig_file;
	const char *port;     /* P or LINK=P; NULL: the rig file's */
	const char *db;
	const char *profile;  /* NULL: places */
	double budget_s;      /* 0: the profile's */
	const char *only;     /* part, NULL: all, or the core of a single */
	const struct gh_single_ask *single; /* NULL: a check */
	const char *baseline; /* name, NULL: the newest sealed one */
	bool allow_motion;
	bool near; /* somebody stays there: one joint at a time, slowly */
	bool house_open; /* an audience: no looks, no breath, no spotlight */
	bool guided;	 /* a person is there to press what a note says */
	bool clear_latch; /* the operator saw the latched stop */
	const struct gh_clock *clock;
	const char *record;	  /* file for the raw wire, NULL: none */
	/* The open port, which stays the caller's; NULL: it is opened. */
	struct gh_link *link;
	const char *boot; /* as in struct gh_run_config */
	struct gh_tap tap; /* every sample of the run */
	struct gh_replay *replay; /* in place of port and rig file, or NULL */
	struct gh_sink sink; /* RUN_END is sent when the verdict stands */
	struct gh_ears ears; /* beside these, the stop socket is heard */
};

struct gh_flow; /* opaque: one check and all it holds */

/*
 * Runs the check. GH_OK: there is a verdict to view, whatever happened; the
 * caller frees it with gh_flow_destroy. Anything else: nothing was opened that
 * moves and there is no view (wrong command, rig file, baseline name, or a
 * database that another check is at), or GH_PROTO: a replay that took another
 * way.
 */
enum gh_status gh_flow_check(const struct gh_flow_request *req,
			     struct gh_flow **out,
			     struct gh_err *err) GH_MUST_CHECK;

/*
 * Judges a stored run anew: same recording, stored rig file, probes of this
 * version; baseline the run's own one, or by name. Stores nothing.
 */
enum gh_status gh_flow_anew(const char *db, int64_t run, const char *baseline,
			    const struct gh_clock *clock, struct gh_flow **out,
			    struct gh_err *err) GH_MUST_CHECK;

void gh_flow_destroy(struct gh_flow *f); /* NULL is fine */

/*
 * The port --port means, NULL: the one of the rig file. "LINK=PORT" names the
 * link; a port itself has no such prefix.
 */
const char *gh_flow_port(const struct gh_rig *rig, const char *port);

/* Lives as long as the flow. */
const struct gh_run_view *gh_flow_view(const struct gh_flow *f);
/*
 * What a recording of a single one calls its profile ("sweep.2.10"); false:
 * that is the profile of a check.
 */
bool gh_flow_single_ask(const char *profile, struct gh_single_ask *out);

/* The same of a single one, which has no run view; NULL: of a check. */
const struct gh_single_view *gh_flow_single_view(const struct gh_flow *f);

/* Why the run did not complete; code GH_OK: it did. */
const struct gh_err *gh_flow_trouble(const struct gh_flow *f);

/*
 * Why the result is not in the store, NULL when it is (or never was to be).
 * Then *file is where it was written instead, "" when that failed too.
 */
const struct gh_err *gh_flow_unstored(const struct gh_flow *f,
				      const char **file);

/* Why the recording is not whole, NULL when it is or was not asked for. */
const struct gh_err *gh_flow_unrecorded(const struct gh_flow *f);

/* What the controller said of its state at the end, "" when never opened. */
const char *gh_flow_safe_text(const struct gh_flow *f);

/*
 * What a check would do, from the rig file alone. On the heap: free(). Refuses
 * what gh_flow_check would refuse of profile, budget and part.
 */
enum gh_status gh_flow_plan(const struct gh_flow_request *req,
			    struct gh_rig **rig, struct gh_plan **plan,
			    struct gh_err *err) GH_MUST_CHECK;

#endif
