/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/finding.h"

#include "base/text.h"	  /* gh_copy_text */
#include "judge/colour.h" /* gh_colour_delta_uv */

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Largest useful limit in practical minima: measurement.md 7.4, assumed. */
#define USEFUL_LIMIT 3.0
/* 90 % of the normal distribution lie below: measurement.md 7.6. */
#define POWER_90 1.2816

bool gh_metric_is_statistical(const struct gh_metric *metric)
{
	const bool has_hard =
		isfinite(metric->hard.lo) || isfinite(metric->hard.hi);

	return metric->min_share > 0 || metric->min_abs > 0 || !has_hard;
}

static bool is_colour(const struct gh_finding *f)
{
	return f->metric->kind == GH_METRIC_COLOUR;
}

static void begin(const struct gh_measure *measure, struct gh_finding *f,
		  struct gh_trial *t)
{
	*f = (struct gh_finding){
		.metric = measure->metric,
		.part = measure->part,
		.state = GH_STATE_PASS,
		.value = measure->v[0],
		.expected = NAN,
		.limit_lo = NAN,
		.limit_hi = NAN,
		.notices = NAN,
		.unit = measure->metric->unit,
	};
	if (is_colour(f)) {
		f->unit = GH_UNIT_DELTA_E;
		f->value = NAN;
	}
	for (int c = 0; c < 3; c++) {
		f->v[c] = measure->v[c];
		f->base[c] = NAN;
	}
	gh_copy_text(f->id, sizeof f->id, measure->id);
	gh_copy_text(f->note, sizeof f->note, measure->note);
	memset(t, 0, sizeof *t);
	t->delta = t->p = NAN;
}

/*
 * A gate that cannot be judged leaves the part unsure. A watched metric never
 * does, unless an instrument is at fault: then others may be wrong too.
 */
static void set_unjudged(struct gh_finding *f, enum gh_reason reason)
{
	const bool instrument = reason == GH_REASON_SENSOR_SUSPECT ||
				reason == GH_REASON_SATURATED;

	f->reason = reason;
	f->state =
		f->metric->role == GH_ROLE_GATE ||
				(instrument && f->metric->role == GH_ROLE_WATCH)
			? GH_STATE_UNKNOWN
			: GH_STATE_SKIPPED;
}

/* It was never to be measured here: weighs nothing, whatever the role. */
static bool is_skip(enum gh_reason reason)
{
	return reason == GH_REASON_NO_SENSOR || reason == GH_REASON_TOO_SLOW ||
	       reason == GH_REASON_COMMANDED_ONLY ||
	       reason == GH_REASON_NOT_IN_PROFILE ||
	       reason == GH_REASON_LOOK_BY_EYE;
}

/* True when there is no number to judge. */
static bool is_absent(const struct gh_terms *terms,
		      const struct gh_measure *measure, struct gh_finding *f)
{
	enum gh_reason reason = measure->reason;
	const int width = is_colour(f) ? 3 : 1;

	for (int c = 0; c < width && reason == GH_REASON_NONE; c++)
		if (!isfinite(measure->v[c]))
			reason = GH_REASON_NOT_COMPUTABLE;
	if (reason == GH_REASON_NOT_MEASURED && terms->in->interrupted)
		reason = GH_REASON_INTERRUPTED;
	if (reason == GH_REASON_NONE)
		return false;
	f->value = NAN;
	set_unjudged(f, reason);
	if (is_skip(reason))
		f->state = GH_STATE_SKIPPED;
	return true;
}

static void find_reference(const struct gh_terms *terms,
			   const struct gh_measure *measure,
			   struct gh_finding *f, struct gh_reference *ref)
{
	gh_reference_find(terms->in, measure, ref);
	if (ref->reason == GH_REASON_INCOMPARABLE)
		snprintf(f->note, sizeof f->note,
			 "metric version: baseline %u, now %u",
			 ref->other_version, measure->metric->version);
	if (terms->incomparable == NULL || ref->runs == 0)
		return;
	/* Not even a share of a mean that means something else. */
	*ref = (struct gh_reference){ .reason = GH_REASON_INCOMPARABLE,
				      .mean = { NAN, NAN, NAN } };
	gh_copy_text(f->note, sizeof f->note, terms->incomparable);
}

static void describe_colour(struct gh_finding *f,
			    const struct gh_measure *measure)
{
	const double duv = gh_colour_delta_uv(measure->v, f->base);

	if (isfinite(duv) && f->note[0] == '\0')
		snprintf(f->note, sizeof f->note, "du'v' %.4f", duv);
}

/* Fills in value, expected and delta once the reference is known. */
static void compare(struct gh_finding *f, const struct gh_measure *measure,
		    struct gh_trial *t)
{
	const struct gh_reference *ref = &t->ref;

	if (!isfinite(ref->mean[0]))
		return;
	memcpy(f->base, ref->mean, sizeof f->base);
	if (is_colour(f)) {
		f->value = t->delta = gh_reference_delta_e(ref, measure->v);
		f->expected = 0;
		describe_colour(f, measure);
		return;
	}
	t->delta = gh_deviation(f->metric->kind, f->value, ref->mean[0]);
	f->expected = f->value - t->delta;
}

/* The floor in force: its own and the share of the baseline's mean. */
static double hard_floor(const struct gh_metric *metric,
			 const struct gh_reference *ref)
{
	if (ref->runs < GH_MIN_RUNS_HARD || !(ref->mean[0] > 0))
		return metric->hard.lo;
	return fmax(metric->hard.lo, metric->hard.lo_share * ref->mean[0]);
}

/* One recording is many samples: a broken hard limit needs no repeat. */
static bool breaks_hard_limit(const struct gh_measure *measure,
			      struct gh_finding *f,
			      const struct gh_reference *ref)
{
	const double lo = hard_floor(f->metric, ref);
	const double hi = f->metric->hard.hi;

	if (is_colour(f))
		return false;
	f->limit_lo = lo;
	f->limit_hi = hi;
	f->hard = f->value < lo || f->value > hi;
	if (!f->hard)
		return false;
	f->state = GH_STATE_FAIL;
	for (int r = 0; r < 2; r++) {
		const double again = measure->rep[r][0];

		f->repeats += isfinite(again);
		f->beyond += f->value < lo ? again < lo : again > hi;
	}
	if (f->repeats == 0)
		f->repeats = f->beyond = 1;
	return true;
}

static double repeat_delta(const struct gh_finding *f, const struct gh_trial *t,
			   const double v[3])
{
	if (!is_colour(f))
		return gh_deviation(f->metric->kind, v[0], t->ref.mean[0]);
	return isfinite(v[0]) && isfinite(v[1]) && isfinite(v[2])
		       ? gh_reference_delta_e(&t->ref, v)
		       : NAN;
}

static void count_repeats(const struct gh_measure *measure,
			  struct gh_finding *f, const struct gh_trial *t,
			  double half)
{
	f->repeats = f->beyond = 0;
	for (int r = 0; r < 2; r++) {
		const double d = repeat_delta(f, t, measure->rep[r]);

		f->repeats += isfinite(d);
		f->beyond += fabs(d) >= half && fabs(d) > 0 &&
			     signbit(d) == signbit(t->delta);
	}
}

/* Colours can only move away: the whole of alpha is on one side. */
static double statistical_half(const struct gh_finding *f,
			       const struct gh_trial *t, double alpha)
{
	return gh_half_width(t->ref.prediction_sd, t->ref.df,
			     is_colour(f) ? 2 * alpha : alpha);
}

/* The hard limits set before stay where they are the tighter ones. */
static void set_limits(struct gh_finding *f, double half)
{
	if (!is_colour(f))
		f->limit_lo = fmax(f->limit_lo, f->expected - half);
	f->limit_hi = fmin(f->limit_hi, f->expected + half);
}

/* The nearer limit; a hard one may make up for a noisy baseline. */
static double reach(const struct gh_finding *f)
{
	return fmin(f->limit_hi - f->expected, f->expected - f->limit_lo);
}

static bool is_too_noisy(const struct gh_finding *f, const struct gh_trial *t)
{
	return t->ref.least > 0 && reach(f) > USEFUL_LIMIT * t->ref.least;
}

static void say_noise(struct gh_finding *f, const struct gh_trial *t)
{
	snprintf(f->note, sizeof f->note,
		 "only a change of %.3g would show, %.3g matters", reach(f),
		 t->ref.least);
}

static void judge_gate(const struct gh_terms *terms,
		       const struct gh_measure *measure, struct gh_finding *f,
		       struct gh_trial *t)
{
	const double half =
		fmax(statistical_half(f, t, terms->alpha), t->ref.least);

	set_limits(f, half);
	count_repeats(measure, f, t, half);
	if (fabs(t->delta) >= half && fabs(t->delta) > 0) {
		f->state = GH_STATE_FAIL;
		if (f->repeats < 2 || f->beyond < f->repeats)
			set_unjudged(f, GH_REASON_NOT_CONFIRMED);
	} else if (is_too_noisy(f, t)) {
		set_unjudged(f, GH_REASON_TOO_NOISY);
		say_noise(f, t);
	} else {
		f->notices = reach(f) + POWER_90 * t->ref.prediction_sd;
	}
}

static void set_p(const struct gh_finding *f, struct gh_trial *t)
{
	t->p = gh_p_value(t->delta, t->ref.prediction_sd, t->ref.df);
	if (is_colour(f))
		t->p /= 2;
}

void gh_finding_judge(const struct gh_terms *terms,
		      const struct gh_measure *measure, struct gh_finding *f,
		      struct gh_trial *t)
{
	begin(measure, f, t);
	if (is_absent(terms, measure, f))
		return;
	find_reference(terms, measure, f, &t->ref);
	compare(f, measure, t);
	if (f->metric->role == GH_ROLE_SHOWN ||
	    breaks_hard_limit(measure, f, &t->ref) ||
	    !gh_metric_is_statistical(f->metric))
		return;
	if (t->ref.reason != GH_REASON_NONE) {
		set_unjudged(f, t->ref.reason);
	} else if (!isfinite(t->delta)) {
		set_unjudged(f, GH_REASON_NOT_COMPUTABLE);
	} else {
		if (f->metric->role == GH_ROLE_GATE)
			judge_gate(terms, measure, f, t);
		if (f->state == GH_STATE_PASS)
			set_p(f, t);
	}
}

/* The limit that the list as a whole came to, so that all numbers agree. */
static void judge_watched(struct gh_finding *f, const struct gh_trial *t,
			  double cut)
{
	set_limits(f, fmax(statistical_half(f, t, cut), t->ref.least));
	if (f->state == GH_STATE_WATCH)
		return;
	if (is_too_noisy(f, t)) {
		set_unjudged(f, GH_REASON_TOO_NOISY);
		say_noise(f, t);
		return;
	}
	f->notices = reach(f) + POWER_90 * t->ref.prediction_sd;
}

void gh_findings_watch(struct gh_finding *f, struct gh_trial *t, size_t n)
{
	/* measurement.md 7.5 */
	const double q = 0.01;
	double p[GH_JUDGE_FINDINGS] = { 0 }, cut;
	size_t listed = 0;

	for (size_t i = 0; i < n; i++)
		if (isfinite(t[i].p))
			p[listed++] = t[i].p;
	cut = gh_bh_cut(p, listed, q);
	for (size_t i = 0; i < n; i++) {
		if (!isfinite(t[i].p))
			continue;
		if (t[i].p <= cut && fabs(t[i].delta) > 0 &&
		    fabs(t[i].delta) >= t[i].ref.least) {
			f[i].state = GH_STATE_WATCH;
			f[i].notices = NAN;
		}
		if (f[i].metric->role == GH_ROLE_WATCH)
			judge_watched(&f[i], &t[i], cut);
	}
}
