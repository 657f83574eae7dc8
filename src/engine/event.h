/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * event - what happened, as plain values: all that reports and screens see of
 * a run while it goes on, and the view of a run that is over.
 */
#ifndef GH_ENGINE_EVENT_H
#define GH_ENGINE_EVENT_H

#include "base/clock.h"	 /* gh_us */
#include "base/remark.h" /* struct gh_remark */
#include "base/status.h" /* struct gh_err */
#include "base/text.h"	 /* GH_NAME_CAP */
#include "judge/judge.h" /* struct gh_result */

#include <stdbool.h>

enum gh_event_kind {
	GH_EV_RUN_BEGIN, /* text: what is about to be done */
	GH_EV_PHASE,	 /* text: the phase now ("slow and fast sweeps") */
	GH_EV_PROGRESS,	 /* about ten a second */
	GH_EV_NOTE,	 /* text: worth telling, nothing wrong */
	GH_EV_ERROR,	 /* text: why the run ends early */
	GH_EV_RUN_END	 /* always the last */
};

struct gh_event {
	enum gh_event_kind kind;
	double elapsed_s, left_s; /* left: until the verdict, never negative */
	double share;		  /* 0..1 of the plan that is done */
	unsigned phase, phases;
	bool moving; /* anything may move now */
	unsigned time_scale; /* of a simulated controller; 0, 1: real time */
	const char *text;
	const char *next; /* the phase after this one, NULL or "": none */
};

struct gh_sink {
	void (*event)(void *self, const struct gh_event *ev);
	void *self;
};

/* How a run was kept safe and how it ended, as it was read back. */
struct gh_run_safety {
	unsigned watchdog_ms;	   /* 0: the controller has none */
	double watchdog_proved_ms; /* seen to trip after that; 0: not proved */
	/* From what ended it to the stop frame on the wire; NAN: none was sent. */
	double stop_ms;
	double rest_ms; /* and until the safe state was read back; NAN: never */
	bool safe_seen;
	char safe_state[64]; /* what was read back, or why not */
};

/* One run as people and machines are shown it; borrowed pointers. */
struct gh_run_view {
	int64_t run; /* id in the store, 0: not stored */
	const char *chain; /* hash of its link there; NULL, "": none */
	const char *version, *rig, *serial, *profile, *only, *port;
	const char *driver, *model, *firmware;
	bool simulated;
	unsigned time_scale;
	const char *end;   /* "complete", "stopped", "failed", ... */
	const char *error; /* "" or why it did not complete */
	const char *advice;
	int64_t started_s, now_s; /* wall */
	double duration_s, motion_s, deadline_s;
	/* NULL: not known, of a version that did not keep it. */
	const struct gh_run_safety *safety;
	const char *baseline; /* name, "" none */
	unsigned baseline_runs, baseline_sessions;
	const struct gh_judge_part *parts;
	unsigned n_parts;
	const struct gh_result *result;
	const struct gh_not_listed *not_checked;
	unsigned n_not_checked;
	/* Who answers for what is known; a known finding without one is told
	 * without its owner. */
	const struct gh_accept *accepts;
	unsigned n_accepts;
	/* What people said of the run, or between it and the next. */
	const struct gh_remark *remarks;
	unsigned n_remarks;
	int64_t judged_anew_from; /* --from RUN, 0 else */
	int exit_code;
};

#endif
