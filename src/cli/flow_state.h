/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * flow_state - private to the flow: what one check holds. flow.c has the order
 * of things, flow_request.c what may be asked, flow_judge.c from recording to
 * result, flow_port.c the port, flow_store.c the way into the store,
 * flow_anew.c the way back, flow_wire.c what the bytes pass through.
 */
#ifndef GH_CLI_FLOW_STATE_H
#define GH_CLI_FLOW_STATE_H

#include "base/priority.h" /* struct gh_priority */
#include "cli/archive.h" /* struct gh_archive_end */
#include "cli/control.h" /* struct gh_control */
#include "cli/flow.h"	 /* struct gh_flow_request */
#include "cli/paths.h"	 /* GH_PATH_CAP */
#include "link/record.h" /* struct gh_record */
#include "store/store.h" /* struct gh_run_info */

struct gh_flow {
	struct gh_flow_request req;
	struct gh_rig *rig;
	char *rig_text;
	size_t rig_bytes;
	int only; /* index of the one part, -1: all */
	struct gh_single single; /* where req.single is */
	struct gh_single_view *single_view;
	gh_us begun;

	struct gh_store *store;
	struct gh_link *link;
	struct gh_record *record; /* NULL: not asked for, or written */
	const struct gh_clock
		*real_clock; /* also where a recorder has its own */
	struct gh_port was;  /* the port that was opened, where it is listed */
	bool has_was;
	bool back; /* it was unplugged in the run, and answered again */
	bool reached; /* a controller answered: there is a run */
	const struct gh_driver *driver;
	struct gh_control control;
	struct gh_priority priority; /* as it was before joints moved */
	struct gh_run_info info;
	struct gh_run_outcome ran;
	struct gh_archive_end end;
	struct gh_run_safety safety; /* what of it the view shows */

	struct gh_judge_part parts[GH_JUDGE_PARTS];
	unsigned n_parts;
	struct gh_measure *measures; /* GH_JUDGE_FINDINGS */
	size_t n_measures;
	struct gh_baseline baseline;
	bool has_baseline;
	/* who answers for what, in the judge's order, and the store's ids */
	struct gh_accept accepts[GH_JUDGE_ACCEPTS];
	int64_t accept_ids[GH_JUDGE_ACCEPTS];
	size_t n_accepts;
	struct gh_result *result;
	struct gh_not_listed not_checked[GH_NOT_LISTED];
	size_t n_not_checked;
	struct gh_run_view view;
	char chain[65]; /* of the run, once it is stored */

	/* why the database takes nothing, and which run it would have been */
	struct gh_err refused;
	struct gh_run_place place;

	struct gh_err trouble;	  /* why the run did not complete */
	struct gh_err unstored;	  /* why it is not in the store */
	struct gh_err unrecorded; /* why --record is not whole */
	bool replays_real;	  /* the wire log is of a real controller */
	char fallback[GH_PATH_CAP];
};

/* --- flow_request.c --- */
/* Memory, rig file, part, profile: everything that needs no device. */
enum gh_status flow_prepare(struct gh_flow *f, struct gh_err *err);
/* The length of the check in seconds. */
/* The profile is one of those that run while nobody is there. */
bool flow_is_unattended(const struct gh_flow_request *req);
enum gh_status flow_budget(const struct gh_flow_request *req, double *seconds,
			   struct gh_err *err);

/* --- flow_single.c --- */
/* What req->single means for this rig; only: the part that was named, -1. */
enum gh_status flow_single_aim(const struct gh_flow_request *req,
			       const struct gh_rig *rig, int only,
			       struct gh_single *out, struct gh_err *err);
/* What was asked as the profile of a recording: see gh_flow_single_ask. */
void flow_single_profile(const struct gh_flow *f, char *out, size_t cap);
/* Opens the database to read the baseline, where there is one. */
void flow_single_store(struct gh_flow *f);
/* Fills single_view from what was recorded. */
enum gh_status flow_single_conclude(struct gh_flow *f, struct gh_err *err);

/* --- flow_single_seen.c --- */
/*
 * Who answered a wiggle or a blink (nothing for those who were not asked), and
 * the current over the angle of a sweep, both ways, where that was asked for.
 */
enum gh_status flow_single_look(const struct gh_flow *f,
				struct gh_single_view *view,
				struct gh_err *err);

/* --- flow_watchman.c --- */
/* What the real time asks for while joints may move; none where it is not. */
struct gh_watchman flow_watchman(struct gh_flow *f);

/* --- flow_past.c --- */
/*
 * What the stored runs of this sculpture say of each group of exercises. False:
 * nothing is to be chosen by it: `places` is always the same minute.
 */
bool flow_past(struct gh_flow *f, struct gh_plan_past *out);

/* --- flow_judge.c --- */
void flow_list_parts(struct gh_flow *f);
/* Runs the probes over ran.rec with the exercises of info. */
enum gh_status flow_measure(struct gh_flow *f, const struct gh_recording *rec,
			    struct gh_err *err);
/*
 * What should have been measured, read or compared and could not be: then the
 * run has failed, and its result says so, rather than one that lacks it.
 */
void flow_note_loss(struct gh_flow *f, enum gh_status st,
		    const struct gh_err *err);
void flow_make_key(struct gh_flow *f);
/*
 * Baseline by name, NULL: the newest sealed one of this serial. GH_ARG: nobody
 * signed it yet, so it says nothing about a known-good piece.
 */
enum gh_status flow_find_baseline(struct gh_flow *f, const char *name,
				  struct gh_err *err);
/*
 * What people answer for: those the judge was given in a stored run, 0: those
 * in force now for this sculpture.
 */
enum gh_status flow_find_accepts(struct gh_flow *f, int64_t run,
				 struct gh_err *err);
/* Judges and fills result, not_checked and view. */
void flow_judge(struct gh_flow *f);

/* --- flow_wire.c --- */
/* Begins the recording that was asked for; from here its clock is the flow's. */
enum gh_status flow_record(struct gh_flow *f, struct gh_err *err);
/* Opens the port, recorded when it is to be, or the recording. */
enum gh_status flow_open_link(struct gh_flow *f, struct gh_err *err);
/* A port that the request brought stays open. */
void flow_close_link(struct gh_flow *f);
/* The operator: those of the request and the stop socket, or the recorded. */
size_t flow_ears(struct gh_flow *f, struct pollfd *out, size_t cap);
enum gh_ear_word flow_hear(struct gh_flow *f);
/* GH_PROTO: this version took another way than the recorded one. */
enum gh_status flow_replayed(struct gh_flow *f, struct gh_err *err);
/* Closes the link and writes the recording; fills `unrecorded`. */
void flow_record_end(struct gh_flow *f);

/* --- flow_port.c --- */
/*
 * info.port: what --port names, else what the rig file does (find_port.h, with
 * its errors).
 */
enum gh_status flow_choose_port(struct gh_flow *f, struct gh_err *err);
/* Once it is open: where it is plugged in, to know it again. */
void flow_remember_port(struct gh_flow *f);
/* After the run: when it was unplugged, whether it is back and how it is. */
void flow_look_again(struct gh_flow *f);
/*
 * Unplugged for good, and yet not unsafe: nothing had moved, or the watchdog
 * was proved in this very session. That is UNSURE, not HOLD. A controller that
 * is back and does not say that it is safe has no such excuse.
 */
bool flow_is_guarded(const struct gh_flow *f);

/* --- flow.c --- */
void flow_tell(const struct gh_flow *f, enum gh_event_kind kind,
	       const char *text);

/* --- flow_store.c --- */
/*
 * The database, to write. One that cannot be used is no reason not to look at
 * the sculpture: it is told, `refused` is filled and what can be read of it is.
 * Anything but GH_OK: a baseline that was asked for cannot be read, or a
 * replay, which can be made again.
 */
enum gh_status flow_open_store(struct gh_flow *f, struct gh_err *err);
/* The run row; GH_BUSY: another check is at it. Else as flow_open_store. */
enum gh_status flow_begin(struct gh_flow *f, struct gh_err *err);
/* The end of the run into the store, else all of it into a file. */
void flow_store(struct gh_flow *f);

#endif
