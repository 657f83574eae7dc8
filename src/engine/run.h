/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * run - one check on one controller: open, plan, arm, exercise, record, and
 * leave the controller in its safe state whatever happened. One thread, one
 * wait. It measures; it does not judge and does not store.
 */
#ifndef GH_ENGINE_RUN_H
#define GH_ENGINE_RUN_H

#include "base/clock.h"	      /* struct gh_clock */
#include "base/status.h"      /* enum gh_status */
#include "driver/driver.h"    /* struct gh_driver */
#include "engine/event.h"     /* struct gh_sink */
#include "engine/plan.h"      /* struct gh_plan */
#include "engine/plan_single.h" /* struct gh_single */
#include "engine/recording.h" /* struct gh_recording */
#include "link/link.h"	      /* struct gh_link */
#include "rig/rig.h"	      /* struct gh_rig */

#include <stdbool.h>

/* What the operator may say while a run is on. */
enum gh_ear_word { GH_EAR_NOTHING, GH_EAR_STOP };

/*
 * Descriptors the run polls beside the link: keyboard, signals, the stop
 * socket. hear() is called when one of them is ready, and at least every
 * 20 ms, so that a screen can also repaint there. fds NULL: after every wait.
 */
struct gh_ears {
	size_t (*fds)(void *self, struct pollfd *out, size_t cap);
	enum gh_ear_word (*hear)(void *self);
	void *self;
};

/*
 * Beside the loop while joints may move: begin() before they are armed, end()
 * when the safe state was read back. Written to fd, `stop` stops them: a signal
 * handler may keep it. n 0: this controller has no such bytes. begin NULL:
 * none.
 */
struct gh_watchman {
	void (*begin)(void *self, int fd, const uint8_t *stop, size_t n);
	void (*end)(void *self);
	void *self;
};

/* Every sample as it comes, for who looks on; NULL: nobody. */
struct gh_tap {
	void (*sample)(void *self, const struct gh_sample *sample);
	void *self;
};

struct gh_run_config {
	const struct gh_rig *rig;
	const struct gh_driver *driver;
	struct gh_link *link;
	const struct gh_clock *clock;
	gh_us begun;	 /* host time the deadline and the permission count from */
	int64_t begun_s; /* the same by the calendar, 0: not known */
	gh_us budget_us; /* whole check, controller time */
	bool allow_motion;
	bool near;	 /* somebody is there: one joint at a time, slowly */
	bool house_open; /* an audience: no looks, no breath, no spotlight */
	bool guided;	 /* a person is there who does what a NOTE asks */
	/* By enum gh_plan_group, GH_GROUP_COUNT of them; NULL: not known. */
	const struct gh_plan_past *past;
	const struct gh_single *single; /* in place of a check; NULL: a check */
	bool clear_latch; /* the operator saw the latched stop */
	/* The one the permission was given for; NULL: whichever answers. */
	const char *boot;
	int only;	  /* index of the one part to exercise, -1: all */
	struct gh_sink sink;
	struct gh_ears ears;
	struct gh_watchman watchman;
	struct gh_tap tap;
};

enum gh_run_how {
	GH_RUN_HOW_COMPLETE,
	GH_RUN_HOW_DEADLINE, /* cut by the clock: a verdict all the same */
	GH_RUN_HOW_STOPPED,
	GH_RUN_HOW_FAILED
};

struct gh_run_outcome {
	enum gh_run_how how;
	struct gh_recording *rec; /* NULL when nothing could be recorded */
	struct gh_plan *plan;	  /* NULL when none was made */
	struct gh_err err;	  /* why it did not complete */
	bool opened;		  /* the controller answered */
	bool safe_seen;		  /* its safe state was read back at the end */
	char safe_text[96];	  /* what was read back, or why not */
	/* From what ended it to the stop frame on the wire, ms; NAN: none was sent. */
	double stop_ms;
	double rest_ms; /* and until the safe state was read back, NAN: never */
	uint32_t joints;	  /* rig joints that were exercised */
	uint32_t silent;	  /* joints that did not answer identity */
	double duration_s;	  /* host time */
	double motion_s;	  /* that something moved, controller time */
};

/*
 * Runs the check. Always returns with the controller in its safe state, or
 * with safe_seen false and the reason. The outcome is filled in any case; free
 * it with gh_run_finish. The link stays open and is the caller's.
 */
void gh_run(const struct gh_run_config *config, struct gh_run_outcome *out);
void gh_run_finish(struct gh_run_outcome *out);

/*
 * Set-up and end reserves of a budget, s: what is left of 60 s is motion
 * (measurement.md section 2: 3.5 s and 2 s).
 */
#define GH_SETUP_RESERVE_S 3.5
#define GH_END_RESERVE_S 2.0

/*
 * Arms are taken up at most so long after it was permitted, reliability.md
 * section 3 rule 1; the permission is used up with the run.
 */
#define GH_PERMIT_US (600 * (gh_us)GH_US_PER_S)

/* A program before its motion: the upload of one segment, and time for it to be
 * asked for once more. After it: its event, and the last samples of it. */
#define GH_PROGRAM_LEAD_US 100000
#define GH_PROGRAM_TAIL_US 60000

#endif
