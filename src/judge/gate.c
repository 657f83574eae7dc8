/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/gate.h"

#include "base/number.h" /* gh_number_text */
#include "judge/stats.h" /* gh_half_width, gh_poisson_tail */

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdio.h>

/* Largest useful limit in practical minima: measurement.md 7.4, assumed. */
#define USEFUL_LIMIT 3.0
/* 90 % of the normal distribution lie below: measurement.md 7.6. */
#define POWER_90 1.2816
/* Guard band in repeatability SDs, 95 % one-sided: measurement.md 7.2. */
#define GUARD 1.645
/* Events that nobody waits for: 10 000 s of 100 a second. */
#define EVENTS_MAX 1000000

static bool is_rate(const struct gh_finding *f)
{
	return f->metric->kind == GH_METRIC_RATE;
}

double gh_trial_away(const struct gh_finding *f, const struct gh_trial *t)
{
	return gh_finding_one_sided(f) ? fmax(t->delta, 0) : fabs(t->delta);
}

/* The fewest events that a healthy run shows with at most this chance. */
static double events_beyond(const struct gh_trial *t, double alpha)
{
	const double mean = t->ref.rate * t->seconds;
	double lo = 0, hi = 1;

	while (hi < EVENTS_MAX && gh_poisson_tail(hi, mean) > alpha)
		hi *= 2;
	while (hi - lo > 1) {
		const double mid = floor((lo + hi) / 2);

		if (gh_poisson_tail(mid, mean) > alpha)
			lo = mid;
		else
			hi = mid;
	}
	return hi;
}

double gh_gate_half(const struct gh_finding *f, const struct gh_trial *t,
		    double alpha)
{
	if (is_rate(f))
		return events_beyond(t, alpha) / t->seconds - f->expected;
	/* One-sided: the whole of alpha is on that side. */
	return gh_half_width(t->ref.prediction_sd, t->ref.df,
			     gh_finding_one_sided(f) ? 2 * alpha : alpha);
}

void gh_gate_set_limits(struct gh_finding *f, double half)
{
	if (!gh_finding_one_sided(f))
		f->limit_lo = fmax(f->limit_lo, f->expected - half);
	f->limit_hi = fmin(f->limit_hi, f->expected + half);
}

double gh_gate_room(const struct gh_finding *f)
{
	const double from = isfinite(f->expected) ? f->expected : f->value;

	/* fmin passes over a side that has no limit. */
	return fmin(f->limit_hi - from, from - f->limit_lo);
}

/* A fault of this size is found nine times in ten, over the limit's own. */
static double power_shift(const struct gh_finding *f, const struct gh_trial *t)
{
	double events;

	if (!is_rate(f))
		return POWER_90 * t->ref.prediction_sd;
	events = fmax(round(f->limit_hi * t->seconds), 1);
	return (gsl_cdf_gamma_Pinv(0.9, events, 1) - events) / t->seconds;
}

/* Counts of rare events are coarse, but their limit is exact. */
static bool is_too_noisy(const struct gh_finding *f, const struct gh_trial *t)
{
	return !is_rate(f) && t->ref.least > 0 &&
	       gh_gate_room(f) > USEFUL_LIMIT * t->ref.least;
}

static void say_noise(struct gh_finding *f, double least)
{
	char shows[GH_NUMBER_CAP], matters[GH_NUMBER_CAP];

	gh_number_text(gh_gate_room(f), f->unit, shows, sizeof shows);
	gh_number_text(least, f->unit, matters, sizeof matters);
	snprintf(f->note, sizeof f->note,
		 "only a change of %s would show, %s matters", shows, matters);
}

void gh_gate_pass(struct gh_finding *f, const struct gh_trial *t, double band)
{
	if (is_too_noisy(f, t)) {
		gh_finding_set_unjudged(f, GH_REASON_TOO_NOISY);
		say_noise(f, t->ref.least);
		return;
	}
	f->notices = gh_gate_room(f) + band + power_shift(f, t);
}

static double repeat_delta(const struct gh_finding *f, const struct gh_trial *t,
			   const double v[3])
{
	if (f->metric->kind != GH_METRIC_COLOUR)
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

/* What both repeats give together is the third reading, and is beyond. */
static void settle_beyond(struct gh_finding *f)
{
	if (f->repeats < 2)
		gh_finding_set_unjudged(f, GH_REASON_NOT_CONFIRMED);
	else if (f->beyond < f->repeats)
		f->state = GH_STATE_WATCH;
	else
		f->state = GH_STATE_FAIL;
}

void gh_gate_judge(const struct gh_terms *terms,
		   const struct gh_measure *measure, struct gh_finding *f,
		   const struct gh_trial *t)
{
	const double half =
		fmax(gh_gate_half(f, t, terms->alpha), t->ref.least);
	const double band = GUARD * t->ref.u;
	const double away = gh_trial_away(f, t);

	gh_gate_set_limits(f, half);
	count_repeats(measure, f, t, half);
	if (away > 0 && away >= half + band)
		settle_beyond(f);
	else if (away > 0 && away > half - band && band > 0)
		gh_finding_set_unjudged(f, GH_REASON_GUARD_BAND);
	else
		gh_gate_pass(f, t, band);
}
