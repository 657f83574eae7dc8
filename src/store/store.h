/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * store - the only code that knows SQLite. Runs, recordings, metrics, findings
 * and baselines; insert-only. It knows no engine: src/cli joins the two.
 *
 * A run is a `run` row (inserted before anything moves) and a `run_end` row
 * (inserted with all that was measured, in one transaction, at rest). A run
 * without its end was cut short: the next gh_store_begin_run inserts
 * `interrupted` for it. Nothing is ever updated or deleted. Only runs that
 * ended are given back.
 */
#ifndef GH_STORE_STORE_H
#define GH_STORE_STORE_H

#include "base/clock.h"	 /* struct gh_clock */
#include "base/status.h" /* enum gh_status */
#include "base/text.h"	 /* GH_NAME_CAP */
#include "judge/judge.h" /* struct gh_result, struct gh_baseline */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gh_store;

enum gh_store_mode { GH_STORE_READ, GH_STORE_WRITE };

/*
 * Opens, and in WRITE mode creates or migrates, the database. Hostile files
 * are expected: defensive mode, no trusted schema, no extensions. GH_STORE
 * with one line for: not a database, written by a newer ghostlight, somebody
 * else's database, read-only, no such file (READ), locked, full.
 */
enum gh_status gh_store_open(struct gh_store **out, const char *path,
			     enum gh_store_mode mode,
			     struct gh_err *err) GH_MUST_CHECK;
void gh_store_close(struct gh_store *st); /* NULL is fine */

/*
 * Milliseconds of n commits of one row each in a scratch database, made with
 * the store's settings in that folder and removed again. Same errors as open.
 * Between two of them is_enough(self) is asked, NULL: nobody is; true breaks it
 * off with GH_CANCELLED.
 */
enum gh_status gh_store_commit_times(const char *folder,
				     const struct gh_clock *clk, double *ms,
				     unsigned n, bool (*is_enough)(void *self),
				     void *self,
				     struct gh_err *err) GH_MUST_CHECK;

enum gh_run_end {
	GH_RUN_COMPLETE,
	GH_RUN_STOPPED,	   /* by the operator or a signal */
	GH_RUN_FAILED,	   /* lost link, abort, ... */
	GH_RUN_INTERRUPTED /* the program died */
};
const char *gh_run_end_name(enum gh_run_end end); /* "complete" */

#define GH_PORT_REPLAY "replay:"

/* What is known when a run begins, and what its end adds. */
struct gh_run_info {
	int64_t run; /* id, given by gh_store_begin_run */
	char rig[GH_NAME_CAP], serial[GH_NAME_CAP], rig_sha256[65];
	char profile[24];
	char only[GH_NAME_CAP]; /* --only PART, "" else */
	char version[16];	/* of ghostlight */
	char port[128]; /* GH_PORT_REPLAY and a file's name: a replay */
	int64_t started_s; /* wall */
	double deadline_s;
	/* known once the controller answered */
	char driver[GH_NAME_CAP], model[32], firmware[24], device[40], boot[24];
	bool simulated;
	unsigned time_scale;
	bool motion_allowed;
	/* known at the end */
	enum gh_run_end end;
	double duration_s, motion_s;
	char error[224]; /* why it did not complete, "" else */
	char advice[96];
	struct gh_key key;
	uint32_t exercises; /* planned: bits of engine/exercise.h */
	/* baseline it was judged against */
	int64_t baseline;
	char baseline_name[64], baseline_sha256[65];
	unsigned baseline_runs, baseline_sessions;
	bool baseline_comparable;
	/* session number of this run: see gh_store_begin_run */
	unsigned session;
	/* ids of the acceptances the judge was given, in its order; borrowed,
	 * for gh_store_end_run alone (store/remark.h) */
	const int64_t *accepts;
	size_t n_accepts;
};

/* Recording parts as plain rows. */
struct gh_store_channel {
	unsigned channel;
	char part[GH_NAME_CAP];
	enum gh_quantity what;
	bool measured;
	double scale, rate_hz;
	int64_t step_us; /* 0: irregular */
	int lo, hi;
	unsigned link;
};

/* n samples of one channel without a gap. times NULL: t0 + i * step. */
struct gh_store_chunk {
	unsigned channel;
	int64_t t0_us, step_us;
	size_t n;
	const int16_t *raw;
	const int64_t *times_us; /* irregular channels only */
};

struct gh_store_span {
	char part[GH_NAME_CAP];
	int exercise, repeat, arg, shape;
	int64_t begin_us, end_us;
	double from_rad, to_rad, drive[4];
};

struct gh_store_fact {
	char name[GH_NAME_CAP];
	char value[64];
};

struct gh_store_recording {
	const char *rig_text; /* the frozen stage: the rig file's bytes */
	size_t rig_bytes;
	const struct gh_store_channel *channels;
	size_t n_channels;
	const struct gh_store_chunk *chunks;
	size_t n_chunks;
	const struct gh_store_span *spans;
	size_t n_spans;
	const struct gh_store_fact *facts;
	size_t n_facts;
};

/*
 * The facts of a run without the rest of its recording; a run that has not
 * ended, or has none, gives none. *out is on the heap: free() it.
 */
enum gh_status gh_store_get_facts(struct gh_store *st, int64_t run,
				  struct gh_store_fact **out, size_t *n,
				  struct gh_err *err) GH_MUST_CHECK;

enum { GH_NOT_LISTED = 256 };

/*
 * Inserts the run row and commits it; info->run and info->session are set. All
 * of info that the controller says must be there: gh_store_end_run stores only
 * what is known at the end. The session is the last run's of the same serial
 * when its boot id is the same, else one more (measurement.md section 6; 30
 * minutes apart unless simulated), or one more because of a transport or repair
 * remark since (not for a simulated one). Without a boot id, 30 minutes later
 * or over another port is another session. An open run of before gets its end
 * `interrupted`. From here to gh_store_end_run PATH.lock is held. GH_BUSY:
 * another process holds it, nothing was done.
 */
enum gh_status gh_store_begin_run(struct gh_store *st, struct gh_run_info *info,
				  struct gh_err *err) GH_MUST_CHECK;

/* Where a run is or would have been stored: enough to know it again. */
struct gh_run_place {
	char store[33]; /* the database's name; "": it could not be read */
	int64_t number; /* of the run there; 0 with "" */
	unsigned session;
};

/* What gh_store_begin_run would give this run now; changes nothing. */
enum gh_status gh_store_place(struct gh_store *st,
			      const struct gh_run_info *info,
			      struct gh_run_place *out,
			      struct gh_err *err) GH_MUST_CHECK;

/* What gh_store_end_run takes, in one piece; all of it borrowed. */
struct gh_run_content {
	const struct gh_run_info *info;
	const struct gh_store_recording *rec; /* NULL: none */
	const struct gh_judge_part *parts;
	unsigned n_parts;
	const struct gh_measure *measures;
	size_t n_measures;
	const struct gh_result *result; /* NULL: never judged */
	const struct gh_not_listed *not_checked;
	size_t n_not_checked;
};

/*
 * Everything of the run and its end, in one transaction; when it fails
 * nothing of it is stored. measures may carry reasons; part names are taken
 * from parts[]. rec and result may be NULL (a run that was never judged). After
 * a failure it may be tried again with the same info.
 */
enum gh_status gh_store_end_run(
	struct gh_store *st, const struct gh_run_info *info,
	const struct gh_store_recording *rec, const struct gh_judge_part *parts,
	unsigned n_parts, const struct gh_measure *measures, size_t n_measures,
	const struct gh_result *result, const struct gh_not_listed *not_checked,
	size_t n_not_checked, struct gh_err *err) GH_MUST_CHECK;

/*
 * Run ids start at 1. serial NULL or "": any. An imported run is the last one
 * only where there is none of our own. GH_NODATA: no such run.
 */
enum gh_status gh_store_last_run(struct gh_store *st, const char *serial,
				 int64_t *run,
				 struct gh_err *err) GH_MUST_CHECK;
enum gh_status gh_store_get_run(struct gh_store *st, int64_t run,
				struct gh_run_info *out,
				struct gh_err *err) GH_MUST_CHECK;

/* Looks up a metric's row by id ("core.colour_x" finds "core.colour_*"). */
typedef const struct gh_metric *gh_metric_find(const char *id);

/*
 * What was said of that run, as it was said: parts (at most GH_JUDGE_PARTS),
 * findings, diagnoses, verdict, not checked. *out is completely written; its
 * texts live until the store is closed. not_checked has GH_NOT_LISTED places.
 * GH_NODATA: no such run, or it was never judged.
 */
enum gh_status gh_store_get_result(struct gh_store *st, int64_t run,
				   gh_metric_find *find,
				   struct gh_judge_part *parts,
				   unsigned *n_parts, struct gh_result *out,
				   struct gh_not_listed *not_checked,
				   size_t *n_not_checked,
				   struct gh_err *err) GH_MUST_CHECK;

/*
 * The recording, to be judged anew. Owned by the caller afterwards:
 * gh_store_recording_free. Pointers inside are heap arrays.
 */
enum gh_status gh_store_get_recording(struct gh_store *st, int64_t run,
				      struct gh_store_recording *out,
				      struct gh_err *err) GH_MUST_CHECK;
/*
 * The same of one part alone: all channels, so that their numbers stay, but
 * samples and spans of this part's; a thirtieth of the work.
 */
enum gh_status gh_store_get_part(struct gh_store *st, int64_t run,
				 const char *part,
				 struct gh_store_recording *out,
				 struct gh_err *err) GH_MUST_CHECK;
void gh_store_recording_free(struct gh_store_recording *rec);

/* Which runs; all that is set must fit. */
struct gh_history_ask {
	const char *serial; /* NULL or "": any */
	const char *part;   /* that have it; NULL: any */
	int64_t since_s;    /* that began then or later */
};

/* The finding that a part's state comes from; id "": none, NAN: no number. */
struct gh_worst {
	char id[GH_METRIC_ID_CAP];
	double value, expected, limit_lo, limit_hi;
};

/*
 * One line of the history, the last one begun first; at most cap. A run that
 * was never judged has GH_VERDICT_NOT_RUN.
 */
struct gh_history_row {
	struct gh_run_info info;
	enum gh_verdict verdict;
	char why[GH_NOTE_CAP];
	enum gh_verdict state; /* of the part asked for */
	struct gh_worst worst;
};
enum gh_status gh_store_history(struct gh_store *st,
				const struct gh_history_ask *ask,
				struct gh_history_row *out, size_t cap,
				size_t *n, struct gh_err *err) GH_MUST_CHECK;

/*
 * The run before that one, of the same sculpture, profile and --only, real or
 * simulated as it is; replays are left out. GH_NODATA: there is none.
 */
enum gh_status gh_store_before(struct gh_store *st, int64_t run, int64_t *out,
			       struct gh_err *err) GH_MUST_CHECK;

/*
 * How the parts did in a run and in those before it, of the same sculpture and
 * all real or all simulated as that run is; replays are left out. Newest first,
 * `runs` of them at most, at most cap rows.
 */
struct gh_past_row {
	unsigned back; /* 0: in the run itself, 1: in the one before */
	int64_t run;
	char part[GH_NAME_CAP];
	enum gh_verdict state;
	struct gh_worst worst;
};
enum gh_status gh_store_past(struct gh_store *st, int64_t run, unsigned runs,
			     struct gh_past_row *out, size_t cap, size_t *n,
			     struct gh_err *err) GH_MUST_CHECK;

/*
 * Seconds of motion in all runs of that serial that began then or later and
 * ended, the simulated or the real ones.
 */
enum gh_status gh_store_motion_s(struct gh_store *st, const char *serial,
				 bool simulated, int64_t since_s, double *out,
				 struct gh_err *err) GH_MUST_CHECK;

/*
 * When the runs began that say the same as `run`, newest first and without a
 * gap, `run` itself included: the same states of the parts that are not READY
 * and the same faults, in runs of the same serial, profile and --only, real or
 * simulated, measured here. *changed: the run before them said something else
 * (a run that has none before it is held against one where all was well). At
 * most cap.
 */
enum gh_status gh_store_standing(struct gh_store *st, int64_t run,
				 int64_t *started_s, size_t cap, size_t *n,
				 bool *changed,
				 struct gh_err *err) GH_MUST_CHECK;

/* Baselines. A name is unique; a sealed one never changes. */
struct gh_baseline_info {
	int64_t id;
	char name[64], by[64], why[128], sha256[65], serial[GH_NAME_CAP];
	bool sealed;
	int64_t sealed_s;
	unsigned runs, sessions;
};

/*
 * Adds a run. Refused (GH_ARG, one line): sealed, run unknown, not complete,
 * its time was up (fact "interrupted"), never judged, already in, a HOLD in it,
 * another rig or another validity key than the members before it (names the
 * field).
 */
enum gh_status gh_store_baseline_add(struct gh_store *st, const char *name,
				     int64_t run,
				     struct gh_err *err) GH_MUST_CHECK;
enum gh_status gh_store_baseline_seal(struct gh_store *st, const char *name,
				      const char *by, const char *why,
				      int64_t wall_s,
				      struct gh_err *err) GH_MUST_CHECK;
/* The newest `cap` of all, in the order of their making; *n: how many. */
enum gh_status gh_store_baseline_list(struct gh_store *st,
				      struct gh_baseline_info *out, size_t cap,
				      size_t *n,
				      struct gh_err *err) GH_MUST_CHECK;
/*
 * One of them by name, or (name NULL) the one of this serial that was sealed
 * last, imported ones after all others. GH_NODATA: there is none.
 */
enum gh_status gh_store_baseline_find(struct gh_store *st, const char *name,
				      const char *serial,
				      struct gh_baseline_info *out,
				      struct gh_err *err) GH_MUST_CHECK;
/* Run ids of the members, in the order added. */
enum gh_status gh_store_baseline_runs(struct gh_store *st, const char *name,
				      int64_t *out, size_t cap, size_t *n,
				      struct gh_err *err) GH_MUST_CHECK;

/*
 * The baseline to judge `run` against, which gh_store_baseline_find finds.
 * Never contains a value of `run` itself. *out owns its values:
 * gh_baseline_free. GH_NODATA: there is none.
 */
enum gh_status gh_store_baseline_get(struct gh_store *st, const char *name,
				     const char *serial, int64_t run,
				     struct gh_baseline *out,
				     struct gh_err *err) GH_MUST_CHECK;

void gh_baseline_free(struct gh_baseline *b);

/* "PRAGMA quick_check" and every seal; GH_STORE says what is broken. */
enum gh_status gh_store_check(struct gh_store *st,
			      struct gh_err *err) GH_MUST_CHECK;

#endif
