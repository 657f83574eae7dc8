/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * judge - measures + baseline + limits in, findings, diagnoses and one verdict
 * out. Pure: the same input gives the same output on any machine, at any time.
 * Statistics: measurement.md sections 6 and 7; faults: section 5.
 */
#ifndef GH_JUDGE_JUDGE_H
#define GH_JUDGE_JUDGE_H

#include "base/part.h"	  /* enum gh_part_kind */
#include "base/text.h"	  /* GH_NAME_CAP */
#include "judge/metric.h" /* struct gh_measure */

#include <stddef.h>
#include <stdint.h>

enum {
	GH_JUDGE_PARTS = 64,
	/* The largest rig under all probes (test_probe_contract counts 1264) and
	 * room for half as many again that are not written yet. */
	GH_JUDGE_FINDINGS = 3072,
	GH_JUDGE_DIAGNOSES = 32,
	GH_JUDGE_EVIDENCE = 4,
	GH_JUDGE_KEYS = 16,
	GH_JUDGE_ACCEPTS = 64
};

/* Worst counted finding wins: READY < WATCH < UNSURE < HOLD. */
enum gh_verdict {
	GH_VERDICT_READY,
	GH_VERDICT_WATCH,
	GH_VERDICT_UNSURE,
	GH_VERDICT_HOLD,
	GH_VERDICT_NOT_RUN /* of a part only, never of a run */
};

enum gh_state {
	GH_STATE_PASS,
	GH_STATE_WATCH,
	GH_STATE_KNOWN,
	GH_STATE_FAIL,
	GH_STATE_UNKNOWN,
	GH_STATE_SKIPPED
};

/* What the judge must know of the rig, by the rig's part indexes. */
struct gh_judge_part {
	char name[GH_NAME_CAP];
	enum gh_part_kind kind;
	/* Arm index, -1: none. Its joints and the crystals they sweep. */
	int chain;
	unsigned order; /* 0 = nearest the body */
	bool look_by_eye;
	bool in_profile;
};

/*
 * The validity key: facts that must be equal for a comparison to mean
 * anything (measurement.md section 6). Order is fixed by the engine.
 */
struct gh_key {
	struct {
		char name[24];
		char value[72];
	} field[GH_JUDGE_KEYS];
	unsigned n;
};

/* One metric of one part in one member run of the baseline. */
struct gh_base_value {
	char part[GH_NAME_CAP];
	char id[GH_METRIC_ID_CAP];
	unsigned version;
	unsigned run;	  /* 0..runs-1 */
	unsigned session; /* 0..sessions-1 */
	double v[3];
	double rep[2][3]; /* the run's two repeats apart, NAN: not there */
};

struct gh_baseline {
	int64_t id; /* of the store, 0: there is none */
	char name[64];
	char sha256[65]; /* of its frozen content */
	bool sealed;
	unsigned runs, sessions;
	struct gh_key key;
	const struct gh_base_value *values; /* sorted by id, then part */
	size_t n_values;
};

/*
 * A fail that somebody answers for (interface.md section 2.5). One per metric:
 * accepting a whole part or fault writes one for each failed finding.
 */
struct gh_accept {
	char part[GH_NAME_CAP];
	char id[GH_METRIC_ID_CAP];
	char fault[GH_NAME_CAP]; /* what it was called then, "": not named */
	double value;		 /* the finding's value when it was accepted */
	char by[GH_NAME_CAP];
	char reason[64];
	int64_t until_s; /* UTC; from then on it fails again */
};

/* What became of an acceptance in this run. */
enum gh_accept_fate {
	GH_ACCEPT_UNSEEN, /* not measured or not judged: still in force */
	GH_ACCEPT_KNOWN,
	GH_ACCEPT_WORSE,
	GH_ACCEPT_EXPIRED,
	GH_ACCEPT_RECOVERED /* said in this run; give it no more */
};
const char *gh_accept_fate_name(enum gh_accept_fate fate); /* "known" */

struct gh_judge_in {
	const struct gh_judge_part *parts;
	unsigned n_parts;
	const struct gh_measure *measures;
	size_t n_measures;
	const struct gh_key *key;
	const struct gh_baseline *baseline; /* NULL: there is none */
	/* Set when the run did not reach its end; parts not measured then
	 * carry GH_REASON_INTERRUPTED. */
	bool interrupted;
	/* The controller's safe state could not be read back: HOLD. */
	bool unsafe_end;
	const struct gh_accept *accepts; /* in force before this run */
	size_t n_accepts;		 /* at most GH_JUDGE_ACCEPTS */
	int64_t now_s;			 /* UTC of the run, for their expiry */
};

struct gh_finding {
	const struct gh_metric *metric;
	char id[GH_METRIC_ID_CAP];
	int part;
	enum gh_state state;
	enum gh_reason reason;
	/* For a colour: Delta-E00 against the baseline mean; expected 0. */
	double value, expected;	   /* expected NAN: no baseline */
	double limit_lo, limit_hi; /* NAN: open */
	double notices; /* smallest change seen with 90 % power, NAN: none */
	bool hard;	/* a hard limit decided */
	unsigned beyond, repeats; /* "2 of 2" */
	enum gh_unit unit;	  /* of value and limits (dE00 for colours) */
	double v[3], base[3];	  /* colours: XYZ now and in the baseline */
	char note[GH_NOTE_CAP];
};

struct gh_diagnosis {
	const char *fault; /* a stable name of measurement.md section 5.2 */
	int part;
	double confidence; /* 0..1: share of its signature that is there */
	char evidence[GH_JUDGE_EVIDENCE][GH_NOTE_CAP];
	unsigned n_evidence;
	const char *title;  /* "arm hangs limp" */
	const char *action; /* what the crew does next */
	/* What it is easily taken for and how to tell, NULL: nothing. */
	const char *other;
	/* Its verdict alone: HOLD, or UNSURE for a sensor fault. */
	enum gh_verdict severity;
};

/* A part that was not checked and why, in words. */
struct gh_not_listed {
	char part[GH_NAME_CAP];
	char reason[GH_NOTE_CAP];
};

struct gh_part_result {
	enum gh_verdict state; /* NOT_RUN where nothing counted */
	enum gh_reason reason; /* of UNSURE and NOT_RUN */
	int diagnosis;	       /* index that explains it, -1 */
	int worst;	       /* index of its worst finding, -1 */
	unsigned n_pass, n_watch, n_fail, n_unknown, n_skipped;
};

struct gh_result {
	enum gh_verdict verdict;
	struct gh_finding findings[GH_JUDGE_FINDINGS];
	size_t n_findings;
	struct gh_diagnosis diagnoses[GH_JUDGE_DIAGNOSES];
	size_t n_diagnoses;
	struct gh_part_result parts[GH_JUDGE_PARTS];
	unsigned n_parts;
	unsigned n_gates; /* statistical gates measured: Bonferroni's m */
	bool comparable;
	char why_not[4][GH_NOTE_CAP]; /* why the baseline does not compare */
	unsigned n_why_not;
	char why[GH_NOTE_CAP]; /* one line for the verdict */
	enum gh_accept_fate fates[GH_JUDGE_ACCEPTS]; /* one per acceptance */
};

/*
 * Judges a whole run. *out is written completely. The struct is large (about
 * 600 kB): keep it on the heap.
 */
void gh_judge_run(const struct gh_judge_in *in, struct gh_result *out);

/* READY 0, WATCH 1, HOLD 2, UNSURE 3 (design.md section 5). */
int gh_verdict_exit_code(enum gh_verdict v);
const char *gh_verdict_name(enum gh_verdict v); /* "HOLD", "NOT RUN" */
const char *gh_state_name(enum gh_state s);	/* "fail" */

/*
 * The faults the diagnosis can name, for the test that holds it against the
 * simulator's list; NULL at the end.
 */
extern const char *const gh_diagnosis_faults[];

#endif
