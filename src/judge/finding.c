/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/finding.h"

#include "base/text.h"	       /* gh_copy_text */
#include "judge/colour.h"      /* gh_colour_delta_uv */
#include "judge/gate.h"	       /* gh_gate_judge, gh_gate_half */
#include "judge/members.h"     /* gh_members_find */
#include "judge/fault_table.h" /* gh_sensor_fault_of */

#include <math.h>
#include <stdio.h>
#include <string.h>

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

double gh_limit_ratio(double value, double expected, double limit_lo,
		      double limit_hi)
{
	const double change = value - expected;
	const double limit = change < 0 ? limit_lo : limit_hi;
	const double room = fabs(limit - expected);

	return room > 0 ? fabs(change) / room : (double)NAN;
}

double gh_finding_limit(const struct gh_finding *f)
{
	if (isnan(f->limit_lo))
		return f->limit_hi;
	if (isnan(f->limit_hi))
		return f->limit_lo;
	return fabs(f->value - f->limit_lo) < fabs(f->value - f->limit_hi)
		       ? f->limit_lo
		       : f->limit_hi;
}

bool gh_finding_one_sided(const struct gh_finding *f)
{
	return is_colour(f) || f->metric->kind == GH_METRIC_RATE ||
	       f->metric->less_is_well;
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
	t->seconds = measure->v[1];
}

void gh_finding_set_unjudged(struct gh_finding *f, enum gh_reason reason)
{
	const bool instrument = gh_sensor_fault_of(reason) != NULL;

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

static bool is_number(const struct gh_measure *measure)
{
	switch (measure->metric->kind) {
	case GH_METRIC_COLOUR:
		return isfinite(measure->v[0]) && isfinite(measure->v[1]) &&
		       isfinite(measure->v[2]);
	case GH_METRIC_RATE:
		return isfinite(measure->v[0]) && measure->v[1] > 0;
	case GH_METRIC_SCALAR:
	case GH_METRIC_CIRCULAR:
		break;
	}
	return isfinite(measure->v[0]);
}

/*
 * Nor could it be told in any run of the baseline, where its siblings' could:
 * an arm that weighs nothing hangs nowhere, tonight as ever.
 */
static bool was_never_told(const struct gh_terms *terms,
			   const struct gh_measure *measure)
{
	const struct gh_judge_in *in = terms->in;
	unsigned siblings = 0;

	if (in->baseline == NULL || terms->incomparable != NULL)
		return false;
	for (int i = 0; i < (int)in->n_parts; i++) {
		const struct gh_members m =
			gh_members_find(in->baseline, measure->id,
					in->parts[i].name, measure->metric);

		if (i == measure->part && m.n > 0)
			return false;
		siblings += m.n > 0;
	}
	return siblings > 0;
}

/* True when there is no number to judge. */
static bool is_absent(const struct gh_terms *terms,
		      const struct gh_measure *measure, struct gh_finding *f)
{
	enum gh_reason reason = measure->reason;

	if (reason == GH_REASON_NONE && !is_number(measure))
		reason = GH_REASON_NOT_COMPUTABLE;
	if (reason == GH_REASON_NOT_MEASURED && terms->in->interrupted)
		reason = GH_REASON_INTERRUPTED;
	if (reason == GH_REASON_NONE)
		return false;
	f->value = NAN;
	gh_finding_set_unjudged(f, reason);
	if (is_skip(reason) || (reason == GH_REASON_NOT_COMPUTABLE &&
				was_never_told(terms, measure)))
		f->state = GH_STATE_SKIPPED;
	return true;
}

static void find_reference(const struct gh_terms *terms,
			   const struct gh_measure *measure,
			   struct gh_finding *f, struct gh_reference *ref)
{
	gh_reference_find(terms->setting, measure, ref);
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

/* Its numbers stand, but a colder room has no limit to hold them against. */
static void check_conditions(const struct gh_terms *terms, struct gh_finding *f,
			     struct gh_reference *ref)
{
	const enum gh_part_kind kind = terms->in->parts[f->part].kind;
	char note[GH_NOTE_CAP];
	enum gh_reason outside;

	if (ref->reason != GH_REASON_NONE)
		return;
	outside =
		gh_conditions_outside(&terms->setting->conditions, kind, note);
	if (outside == GH_REASON_NONE)
		return;
	ref->reason = outside;
	gh_copy_text(f->note, sizeof f->note, note);
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
	/* A share of next to nothing is a share of noise. */
	if (ref->mean[0] * (1 - metric->hard.lo_share) < ref->least)
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

static void set_p(const struct gh_finding *f, struct gh_trial *t)
{
	if (f->metric->kind == GH_METRIC_RATE)
		t->p = gh_poisson_tail(round(f->value * t->seconds),
				       t->ref.rate * t->seconds);
	else
		t->p = gh_p_value(t->delta, t->ref.prediction_sd, t->ref.df);
	if (f->metric->less_is_well && t->delta < 0)
		t->p = 1;
	else if (is_colour(f) || f->metric->less_is_well)
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
	    breaks_hard_limit(measure, f, &t->ref))
		return;
	if (!gh_metric_is_statistical(f->metric)) {
		f->notices = gh_gate_room(f);
		return;
	}
	check_conditions(terms, f, &t->ref);
	if (t->ref.reason != GH_REASON_NONE) {
		gh_finding_set_unjudged(f, t->ref.reason);
	} else if (!isfinite(t->delta)) {
		gh_finding_set_unjudged(f, GH_REASON_NOT_COMPUTABLE);
	} else {
		if (f->metric->role == GH_ROLE_GATE)
			gh_gate_judge(terms, measure, f, t);
		if (f->state == GH_STATE_PASS)
			set_p(f, t);
	}
}

/* The limit that the list as a whole came to, so that all numbers agree. */
static void judge_watched(struct gh_finding *f, const struct gh_trial *t,
			  double cut)
{
	gh_gate_set_limits(f, fmax(gh_gate_half(f, t, cut), t->ref.least));
	if (f->state != GH_STATE_WATCH)
		gh_gate_pass(f, t, 0);
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
		if (t[i].p <= cut && gh_trial_away(&f[i], &t[i]) > 0 &&
		    gh_trial_away(&f[i], &t[i]) >= t[i].ref.least) {
			f[i].state = GH_STATE_WATCH;
			f[i].notices = NAN;
		}
		if (f[i].metric->role == GH_ROLE_WATCH)
			judge_watched(&f[i], &t[i], cut);
	}
}
