/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * probe - what a file under probes/ is: a pure function from a recording to
 * the metrics of one part. It moves nothing, waits for nothing and knows no
 * baseline, so it runs as well on last year's stored recording.
 *
 * The runner calls it once for the whole recording and once for each of the
 * two repeats; gh_probe_spans() hides that.
 */
#ifndef GH_ENGINE_PROBE_H
#define GH_ENGINE_PROBE_H

#include "base/arena.h"	      /* struct gh_arena */
#include "engine/recording.h" /* struct gh_recording */
#include "judge/metric.h"     /* struct gh_metric, struct gh_measure */

/* What suspect.c found of every sensor: asked once, not by every probe. */
struct gh_doubts {
	struct gh_doubt {
		bool is_known;
		enum gh_reason reason;
		char note[GH_NOTE_CAP];
	} of[GH_RIG_PARTS][GH_Q_COUNT];
};

struct gh_probe_in {
	const struct gh_recording *rec;
	int part;	      /* the subject */
	int repeat;	      /* GH_REPEAT_ALL, 0 or 1 */
	struct gh_arena *tmp; /* reset by the runner before every call */
	struct gh_doubts *doubts; /* the runner's */
};

/* Where a probe puts its values; opaque. */
struct gh_probe_out;

struct gh_probe {
	const char *name, *title; /* name: [a-z0-9_]+, equals the file name */
	enum gh_part_kind kind;	  /* run() is called per part of this kind */
	const struct gh_metric *metrics; /* {0}-terminated */
	/*
	 * Called only when at least one metric's needs are there. Metrics it
	 * does not put become unknown NOT_COMPUTABLE with err's message.
	 */
	enum gh_status (*run)(const struct gh_probe_in *in,
			      struct gh_probe_out *out, struct gh_err *err);
};

extern const struct gh_probe *const gh_probes[]; /* generated, NULL ends */

/* Value of metrics[metric]. NAN becomes unknown NOT_COMPUTABLE. */
void gh_probe_put(struct gh_probe_out *out, unsigned metric, double value);
/*
 * Value of an instance ("twilight_blue" for "core.colour_*", "" for a metric
 * without). Only a colour has v[1] and v[2]; a rate has its seconds in v[1].
 */
void gh_probe_put_instance(struct gh_probe_out *out, unsigned metric,
			   const char *instance, const double v[3]);
/* The metric cannot be known, and why: SENSOR_SUSPECT, SATURATED, ... */
void gh_probe_unknown(struct gh_probe_out *out, unsigned metric,
		      enum gh_reason reason, const char *fmt, ...)
	GH_PRINTF(4, 5);

/* All metrics of the probe, whatever was put before. */
void gh_probe_refuse_all(struct gh_probe_out *out, enum gh_reason reason,
			 const char *note);
/* Of one instance. */
void gh_probe_unknown_instance(struct gh_probe_out *out, unsigned metric,
			       const char *instance, enum gh_reason reason,
			       const char *fmt, ...) GH_PRINTF(5, 6);
/* Words to go with a value that was put: what was seen instead, and where. */
void gh_probe_note(struct gh_probe_out *out, unsigned metric, const char *fmt,
		   ...) GH_PRINTF(3, 4);

/*
 * What is wrong with that sensor of the subject (suspect.c), NONE: nothing.
 * SENSOR_SUSPECT: it reads nothing but zeros, or nothing valid, while a witness
 * shows that it must; SENSOR_STALE: it stands still at another value, or shows
 * the light of before. Then note says so. The whole recording decides, so that
 * the repeats agree. The metrics that need the sensor are then unknown with
 * that reason, never a fault of the part.
 */
enum gh_reason gh_probe_is_suspect(const struct gh_probe_in *in,
				   enum gh_quantity what,
				   char note[GH_NOTE_CAP]);

/* Which sensor a metric of the probe's table rests on. */
struct gh_rests_on {
	enum gh_quantity what;
	unsigned metric;
};

/* Makes every metric that rests on a suspect sensor unknown. */
void gh_probe_doubt(const struct gh_probe_in *in, struct gh_probe_out *out,
		    const struct gh_rests_on *rests_on, size_t n);

/* gh_recording_spans() of the subject and of this call's repeat. */
size_t gh_probe_spans(const struct gh_probe_in *in, enum gh_exercise exercise,
		      struct gh_span *out, size_t cap);
/* From the first to the last of those spans; false: there is none. */
bool gh_probe_hull(const struct gh_probe_in *in, enum gh_exercise exercise,
		   gh_us *begin, gh_us *end);
/* gh_recording_series() of the subject's quantity. */
struct gh_series gh_probe_series(const struct gh_probe_in *in,
				 enum gh_quantity what, gh_us begin, gh_us end);
/* gh_recording_blocks() of it. */
struct gh_series gh_probe_blocks(const struct gh_probe_in *in,
				 enum gh_quantity what, gh_us begin, gh_us end,
				 gh_us width_us);

/*
 * Runs every probe of the table over the recording. wanted: bit per exercise
 * that the plan contained (a metric whose exercise was not planned is
 * NOT_IN_PROFILE, one planned and not done NOT_MEASURED). Returns how many
 * measures were written, at most cap. Same recording, same measures.
 * GH_PROBES_STARVED: memory ran out, and some are not what they would be.
 */
#define GH_PROBES_STARVED SIZE_MAX
size_t gh_probes_run(const struct gh_probe *const *probes,
		     const struct gh_recording *rec, uint32_t wanted,
		     struct gh_measure *out, size_t cap);

#endif
