/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The runner: asks for every metric of every part whether what it needs was
 * recorded, calls the probe for the whole recording and for its two halves,
 * and turns what was put, or not put, into one measure each.
 */
#include "engine/probe.h"

#include "base/text.h"	    /* gh_copy_text */
#include "measure/memory.h" /* gh_memory_watch */

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Rows of one probe and instances of all of them: contract, tested. */
enum { SLOTS = 64 };

/* The whole recording, then its repeats. */
enum { CALLS = 3 };
static const int repeat_of[CALLS] = { GH_REPEAT_ALL, 0, 1 };

struct slot {
	unsigned metric;
	char instance[GH_NAME_CAP]; /* "" for plain metrics */
	bool is_set;
	enum gh_reason reason;
	double v[3];
	char note[GH_NOTE_CAP];
};

struct gh_probe_out {
	const struct gh_metric *metrics;
	unsigned n_metrics;
	struct slot slots[SLOTS];
	unsigned n;
};

/* What one run of the runner carries around. */
struct job {
	const struct gh_recording *rec;
	uint32_t wanted;
	const struct gh_probe *const *probes;
	struct gh_arena tmp; /* of a call */
	struct gh_doubts *doubts;
	struct gh_probe_out out[CALLS];
	struct gh_err err;
	struct gh_measure *measures;
	size_t n, cap;
};

static const double nowhere[3] = { NAN, NAN, NAN };

static struct slot *slot_of(struct gh_probe_out *out, unsigned metric,
			    const char *instance)
{
	struct slot *s;

	assert(metric < out->n_metrics);
	for (unsigned i = 0; i < out->n; i++)
		if (out->slots[i].metric == metric &&
		    strcmp(out->slots[i].instance, instance) == 0)
			return &out->slots[i];
	assert(out->n < SLOTS);
	s = &out->slots[out->n++];
	memset(s, 0, sizeof *s);
	s->metric = metric;
	(void)gh_copy_text(s->instance, sizeof s->instance, instance);
	return s;
}

static void fill(struct slot *s, const double *v, unsigned n)
{
	bool is_finite = true;

	s->is_set = true;
	memcpy(s->v, nowhere, sizeof s->v);
	for (unsigned i = 0; i < n; i++) {
		s->v[i] = v[i];
		is_finite = is_finite && isfinite(v[i]);
	}
	s->reason = is_finite ? GH_REASON_NONE : GH_REASON_NOT_COMPUTABLE;
}

void gh_probe_put(struct gh_probe_out *out, unsigned metric, double value)
{
	fill(slot_of(out, metric, ""), &value, 1);
}

void gh_probe_put_instance(struct gh_probe_out *out, unsigned metric,
			   const char *instance, const double v[3])
{
	static const unsigned widths[] = {
		[GH_METRIC_SCALAR] = 1,
		[GH_METRIC_CIRCULAR] = 1,
		[GH_METRIC_RATE] = 2,
		[GH_METRIC_COLOUR] = 3,
	};

	fill(slot_of(out, metric, instance), v,
	     widths[out->metrics[metric].kind]);
}

void gh_probe_note(struct gh_probe_out *out, unsigned metric, const char *fmt,
		   ...)
{
	struct slot *s = slot_of(out, metric, "");
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(s->note, sizeof s->note, fmt, args);
	va_end(args);
}

static void refuse(struct slot *s, enum gh_reason reason, const char *fmt,
		   va_list args)
{
	assert(reason != GH_REASON_NONE);
	s->is_set = true;
	s->reason = reason;
	(void)vsnprintf(s->note, sizeof s->note, fmt, args);
}

void gh_probe_unknown(struct gh_probe_out *out, unsigned metric,
		      enum gh_reason reason, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	refuse(slot_of(out, metric, ""), reason, fmt, args);
	va_end(args);
}

void gh_probe_refuse_all(struct gh_probe_out *out, enum gh_reason reason,
			 const char *note)
{
	for (unsigned i = 0; i < out->n_metrics; i++)
		gh_probe_unknown(out, i, reason, "%s", note);
}

void gh_probe_unknown_instance(struct gh_probe_out *out, unsigned metric,
			       const char *instance, enum gh_reason reason,
			       const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	refuse(slot_of(out, metric, instance), reason, fmt, args);
	va_end(args);
}

size_t gh_probe_spans(const struct gh_probe_in *in, enum gh_exercise exercise,
		      struct gh_span *out, size_t cap)
{
	return gh_recording_spans(in->rec, in->part, exercise, in->repeat, out,
				  cap);
}

bool gh_probe_hull(const struct gh_probe_in *in, enum gh_exercise exercise,
		   gh_us *begin, gh_us *end)
{
	struct gh_span *spans =
		gh_arena_room(in->tmp, GH_REC_SPANS, sizeof *spans);
	const size_t n = gh_probe_spans(in, exercise, spans, GH_REC_SPANS);

	if (n == 0)
		return false;
	*begin = spans[0].begin;
	*end = spans[n - 1].end;
	return true;
}

struct gh_series gh_probe_series(const struct gh_probe_in *in,
				 enum gh_quantity what, gh_us begin, gh_us end)
{
	const int channel = gh_recording_find(in->rec, in->part, what);

	return gh_recording_series(in->rec, channel, begin, end, in->tmp);
}

struct gh_series gh_probe_blocks(const struct gh_probe_in *in,
				 enum gh_quantity what, gh_us begin, gh_us end,
				 gh_us width_us)
{
	const int channel = gh_recording_find(in->rec, in->part, what);

	return gh_recording_blocks(in->rec, channel, begin, end, width_us,
				   in->tmp);
}

/* Irregular channels have the rate at which samples really came. */
static double rate_hz(const struct gh_recording *rec, unsigned channel)
{
	const double known = gh_recording_channel(rec, channel)->rate_hz;
	const size_t n = gh_recording_count(rec, channel);
	gh_us first, last;
	int16_t raw;

	if (known > 0.0 || n < 2)
		return known;
	gh_recording_raw(rec, channel, 0, &first, &raw);
	gh_recording_raw(rec, channel, n - 1, &last, &raw);
	return (double)(n - 1) * GH_US_PER_S / (double)(last - first);
}

static enum gh_reason check_channel(const struct gh_recording *rec, int part,
				    enum gh_quantity what,
				    const struct gh_needs *needs)
{
	const int channel = gh_recording_find(rec, part, what);

	if (channel < 0) {
		/* A hobby servo tells no angle, but it was told one. */
		const bool is_told =
			what == GH_Q_POSITION &&
			gh_recording_find(rec, part, GH_Q_COMMAND) >= 0;

		return is_told ? GH_REASON_COMMANDED_ONLY : GH_REASON_NO_SENSOR;
	}
	if (needs->measured &&
	    !gh_recording_channel(rec, (unsigned)channel)->measured)
		return GH_REASON_COMMANDED_ONLY;
	if (needs->min_rate_hz > 0.0 &&
	    rate_hz(rec, (unsigned)channel) < needs->min_rate_hz)
		return GH_REASON_TOO_SLOW;
	return GH_REASON_NONE;
}

/*
 * A supply, a link and a controller do nothing themselves: for them the
 * exercise of any part will do.
 */
static bool is_exercised(enum gh_part_kind kind)
{
	return kind != GH_PART_SUPPLY && kind != GH_PART_LINK &&
	       kind != GH_PART_CONTROLLER;
}

static enum gh_reason check_exercise(const struct job *job, int part,
				     enum gh_exercise exercise)
{
	const struct gh_rig *rig = gh_recording_rig(job->rec);
	const int whose = is_exercised(rig->parts[part].kind) ? part : -1;
	struct gh_span span;

	if ((job->wanted & 1u << exercise) == 0)
		return GH_REASON_NOT_IN_PROFILE;
	if (gh_recording_spans(job->rec, whose, exercise, GH_REPEAT_ALL, &span,
			       1) == 0)
		return GH_REASON_NOT_MEASURED;
	return GH_REASON_NONE;
}

/* NONE when all is there; else the first thing that is not. */
static enum gh_reason check_needs(const struct job *job, int part,
				  const struct gh_needs *needs)
{
	enum gh_reason reason = GH_REASON_NONE;

	for (unsigned q = 0; q < GH_Q_COUNT && reason == GH_REASON_NONE; q++)
		if (needs->quantities & 1u << q)
			reason = check_channel(job->rec, part,
					       (enum gh_quantity)q, needs);
	for (unsigned e = 0; e < GH_EX_COUNT && reason == GH_REASON_NONE; e++)
		if (needs->exercises & 1u << e)
			reason = check_exercise(job, part, (enum gh_exercise)e);
	return reason;
}

/* "core.colour_*" and "dawn_pink" make "core.colour_dawn_pink". */
static void make_id(char *out, size_t cap, const char *id, const char *instance)
{
	const char *star = strchr(id, '*');

	if (!star || instance[0] == '\0') {
		(void)gh_copy_text(out, cap, id);
		return;
	}
	(void)snprintf(out, cap, "%.*s%s%s", (int)(star - id), id, instance,
		       star + 1);
}

static const struct slot *find_slot(const struct gh_probe_out *out,
				    unsigned metric, const char *instance)
{
	for (unsigned i = 0; i < out->n; i++)
		if (out->slots[i].metric == metric && out->slots[i].is_set &&
		    strcmp(out->slots[i].instance, instance) == 0)
			return &out->slots[i];
	return NULL;
}

static struct gh_measure *add_measure(struct job *job, int part,
				      const struct gh_metric *metric,
				      const char *instance,
				      enum gh_reason reason)
{
	struct gh_measure *m;

	if (job->n == job->cap)
		return NULL;
	m = &job->measures[job->n++];
	memset(m, 0, sizeof *m);
	m->metric = metric;
	m->part = part;
	m->reason = reason;
	make_id(m->id, sizeof m->id, metric->id, instance);
	memcpy(m->v, nowhere, sizeof m->v);
	for (unsigned r = 0; r < CALLS - 1; r++)
		memcpy(m->rep[r], nowhere, sizeof m->rep[r]);
	return m;
}

static void add_value(struct job *job, int part, const struct slot *whole)
{
	const struct gh_metric *metric = &job->out[0].metrics[whole->metric];
	struct gh_measure *m =
		add_measure(job, part, metric, whole->instance, whole->reason);

	if (!m)
		return;
	(void)gh_copy_text(m->note, sizeof m->note, whole->note);
	if (whole->reason != GH_REASON_NONE)
		return;
	memcpy(m->v, whole->v, sizeof m->v);
	for (unsigned r = 1; r < CALLS; r++) {
		const struct slot *s =
			find_slot(&job->out[r], whole->metric, whole->instance);

		if (s && s->reason == GH_REASON_NONE)
			memcpy(m->rep[r - 1], s->v, sizeof s->v);
	}
}

/* All measures of one metric: one, or one per instance that was put. */
static void collect(struct job *job, int part, unsigned metric)
{
	const struct gh_probe_out *whole = &job->out[0];
	struct gh_measure *m;
	bool is_put = false;

	for (unsigned i = 0; i < whole->n; i++) {
		if (whole->slots[i].metric != metric || !whole->slots[i].is_set)
			continue;
		add_value(job, part, &whole->slots[i]);
		is_put = true;
	}
	if (is_put)
		return;
	m = add_measure(job, part, &whole->metrics[metric], "",
			GH_REASON_NOT_COMPUTABLE);
	if (m)
		(void)gh_copy_text(m->note, sizeof m->note, job->err.msg);
}

static void call_probe(struct job *job, const struct gh_probe *probe, int part)
{
	for (unsigned c = 0; c < CALLS; c++) {
		const struct gh_probe_in in = {
			.rec = job->rec,
			.part = part,
			.repeat = repeat_of[c],
			.tmp = &job->tmp,
			.doubts = job->doubts,
		};
		struct gh_err err = { .code = GH_OK };

		gh_arena_reset(&job->tmp);
		/* A failure leaves metrics unput; that says it all. */
		(void)probe->run(&in, &job->out[c], &err);
		if (c == 0)
			job->err = err;
	}
}

static void run_part(struct job *job, const struct gh_probe *probe, int part)
{
	enum gh_reason reasons[SLOTS];
	unsigned n = 0, able = 0;

	for (; probe->metrics[n].id; n++) {
		assert(n < SLOTS);
		reasons[n] = check_needs(job, part, &probe->metrics[n].needs);
		able += reasons[n] == GH_REASON_NONE;
	}
	for (unsigned c = 0; c < CALLS; c++) {
		job->out[c].metrics = probe->metrics;
		job->out[c].n_metrics = n;
		job->out[c].n = 0;
	}
	if (able > 0)
		call_probe(job, probe, part);
	for (unsigned i = 0; i < n; i++) {
		if (reasons[i] == GH_REASON_NONE)
			collect(job, part, i);
		else
			(void)add_measure(job, part, &probe->metrics[i], "",
					  reasons[i]);
	}
}

static void run_all(void *self)
{
	struct job *job = self;
	const struct gh_rig *rig = gh_recording_rig(job->rec);

	for (const struct gh_probe *const *p = job->probes; *p; p++)
		for (unsigned i = 0; i < rig->n_parts; i++)
			if (rig->parts[i].kind == (*p)->kind &&
			    !rig->parts[i].look_by_eye)
				run_part(job, *p, (int)i);
}

size_t gh_probes_run(const struct gh_probe *const *probes,
		     const struct gh_recording *rec, uint32_t wanted,
		     struct gh_measure *out, size_t cap)
{
	struct job job = {
		.probes = probes,
		.rec = rec,
		.wanted = wanted,
		.measures = out,
		.cap = cap,
		.doubts = calloc(1, sizeof *job.doubts),
	};
	bool whole;

	gh_memory_watch();
	whole = job.doubts && gh_arena_try(&job.tmp, run_all, &job) &&
		!gh_memory_ran_out();
	gh_arena_finish(&job.tmp);
	free(job.doubts);
	return whole ? job.n : GH_PROBES_STARVED;
}
