/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/accept.h"

#include "base/clock.h"	   /* gh_wall_text */
#include "base/number.h"   /* gh_number_text */
#include "base/status.h"   /* GH_ARRAY_SIZE */
#include "judge/members.h" /* gh_members_relative */
#include "judge/stats.h"   /* gh_deviation */

#include <math.h>
#include <stdio.h>
#include <string.h>

/*
 * Two runs of one unchanged fault differ by more than this many SDs of a
 * difference once in 740 nights: assumed to be rare enough.
 */
#define WORSE_SDS 3.0

enum { DATE_CHARS = 10 };

/* Signed distance from what is well: the baseline, else the broken limit. */
static double distance(const struct gh_finding *f, double value)
{
	if (isfinite(f->expected))
		return gh_deviation(f->metric->kind, value, f->expected);
	return f->value < f->limit_lo ? value - f->limit_lo
				      : value - f->limit_hi;
}

/* What is the sum of events, and the rate of those. */
static const struct {
	const char *id, *rate;
} sums[] = {
	{ "pulse.sputter_dark", "pulse.sputter_rate" },
};

/* What one event more adds to the finding; NAN: it counts no events. */
static double grain(const struct gh_result *res, const struct gh_trial *trials,
		    size_t at)
{
	const struct gh_finding *f = &res->findings[at];
	const char *rate = NULL;

	if (f->metric->kind == GH_METRIC_RATE)
		return 1 / trials[at].seconds;
	for (size_t i = 0; i < GH_ARRAY_SIZE(sums); i++)
		if (strcmp(sums[i].id, f->id) == 0)
			rate = sums[i].rate;
	for (size_t i = 0; i < res->n_findings && rate != NULL; i++) {
		const struct gh_finding *r = &res->findings[i];

		if (r->part == f->part && strcmp(r->id, rate) == 0)
			return f->value / (r->value * trials[i].seconds);
	}
	return NAN;
}

/* SD of the difference of two runs of one fault, then and now. */
static double noise_sd(const struct gh_result *res,
		       const struct gh_trial *trials, size_t at, double then)
{
	const struct gh_finding *f = &res->findings[at];
	const double event = grain(res, trials, at);
	const double sd = sqrt(2) * trials[at].ref.prediction_sd;

	/* Poisson: the variance of a count is its mean. */
	if (isfinite(event))
		return sqrt(2 * fmax(then, f->value) * event);
	/* A share of the mean scatters more the larger the value is. */
	if (gh_members_relative(f->metric) && fabs(f->expected) > 0)
		return sd * fmax(1, fabs(then / f->expected));
	return sd;
}

static double noise(const struct gh_result *res, const struct gh_trial *trials,
		    size_t at, double then)
{
	const struct gh_metric *metric = res->findings[at].metric;
	const double own_least =
		fmax(metric->min_share * fabs(then), metric->min_abs);

	/* fmax passes over what is not known. */
	return fmax(fmax(own_least, trials[at].ref.least),
		    WORSE_SDS * noise_sd(res, trials, at, then));
}

static bool is_worse(const struct gh_result *res, const struct gh_trial *trials,
		     size_t at, const struct gh_accept *a)
{
	const struct gh_finding *f = &res->findings[at];
	const double then = distance(f, a->value);
	const double now = distance(f, f->value);

	/* On the other side it is another fault. */
	return !isfinite(then) || signbit(then) != signbit(now) ||
	       fabs(now) > fabs(then) + noise(res, trials, at, a->value);
}

static enum gh_accept_fate fate_of(const struct gh_judge_in *in,
				   const struct gh_result *res,
				   const struct gh_trial *trials, size_t at,
				   const struct gh_accept *a)
{
	switch (res->findings[at].state) {
	case GH_STATE_PASS:
		return GH_ACCEPT_RECOVERED;
	case GH_STATE_WATCH: /* better, but not well */
		return in->now_s < a->until_s ? GH_ACCEPT_KNOWN
					      : GH_ACCEPT_EXPIRED;
	case GH_STATE_FAIL:
	case GH_STATE_KNOWN: /* by another acceptance of the same */
		break;
	case GH_STATE_UNKNOWN:
	case GH_STATE_SKIPPED:
		return GH_ACCEPT_UNSEEN;
	}
	if (in->now_s >= a->until_s)
		return GH_ACCEPT_EXPIRED;
	return is_worse(res, trials, at, a) ? GH_ACCEPT_WORSE : GH_ACCEPT_KNOWN;
}

static void say(struct gh_finding *f, const struct gh_accept *a,
		enum gh_accept_fate fate)
{
	char until[24], value[GH_NUMBER_CAP];

	gh_wall_text(a->until_s, until, sizeof until);
	gh_number_text(a->value, f->unit, value, sizeof value);
	switch (fate) {
	case GH_ACCEPT_KNOWN:
		snprintf(f->note, sizeof f->note, "%.31s until %.*s: %.60s",
			 a->by, DATE_CHARS, until, a->reason);
		break;
	case GH_ACCEPT_WORSE:
		snprintf(f->note, sizeof f->note,
			 "worse than the %s that %.31s accepted", value, a->by);
		break;
	case GH_ACCEPT_EXPIRED:
		snprintf(f->note, sizeof f->note,
			 "accepted by %.31s until %.*s, which is over", a->by,
			 DATE_CHARS, until);
		break;
	case GH_ACCEPT_RECOVERED:
		snprintf(f->note, sizeof f->note,
			 "recovered: was %s, accepted by %.31s", value, a->by);
		break;
	case GH_ACCEPT_UNSEEN:
		break;
	}
}

static enum gh_accept_fate apply(const struct gh_judge_in *in,
				 struct gh_result *res,
				 const struct gh_trial *trials, size_t at,
				 const struct gh_accept *a)
{
	struct gh_finding *f = &res->findings[at];
	const enum gh_accept_fate fate = fate_of(in, res, trials, at, a);

	/* One acceptance in force is enough, and has said so. */
	if (f->state == GH_STATE_KNOWN)
		return fate;
	if (f->state != GH_STATE_WATCH)
		say(f, a, fate);
	if (f->state == GH_STATE_FAIL && fate == GH_ACCEPT_KNOWN)
		f->state = GH_STATE_KNOWN;
	return fate;
}

static void apply_all(const struct gh_judge_in *in,
		      const struct gh_trial *trials, struct gh_result *res)
{
	for (size_t k = 0; k < in->n_accepts; k++) {
		const struct gh_accept *a = &in->accepts[k];

		res->fates[k] = GH_ACCEPT_UNSEEN;
		for (size_t i = 0; i < res->n_findings; i++) {
			const struct gh_finding *f = &res->findings[i];

			if (strcmp(in->parts[f->part].name, a->part) == 0 &&
			    strcmp(f->id, a->id) == 0)
				res->fates[k] = apply(in, res, trials, i, a);
		}
	}
}

/* Its part still fails: that holds the show, whatever it explains. */
static bool is_accepted(const struct gh_result *res,
			const struct gh_explained *to, int diagnosis)
{
	unsigned known = 0;

	for (size_t i = 0; i < res->n_findings; i++) {
		const struct gh_finding *f = &res->findings[i];

		if (to[i].by != diagnosis ||
		    f->part != res->diagnoses[diagnosis].part)
			continue;
		if (f->state == GH_STATE_FAIL)
			return false;
		known += f->state == GH_STATE_KNOWN;
	}
	return known > 0;
}

static bool is_elsewhere(const struct gh_result *res,
			 const struct gh_explained *to, size_t i)
{
	return to[i].by >= 0 &&
	       res->findings[i].part != res->diagnoses[to[i].by].part;
}

/* Returns how many findings are as they were before it explained them. */
static size_t lay_open(const struct gh_judge_in *in, struct gh_result *res,
		       const struct gh_explained *to, int diagnosis)
{
	const int part = res->diagnoses[diagnosis].part;
	size_t n = 0;

	for (size_t i = 0; i < res->n_findings; i++) {
		struct gh_finding *f = &res->findings[i];

		if (to[i].by != diagnosis || to[i].is_scaled ||
		    gh_diagnose_is_unsettled(to[i].state, to[i].reason) ||
		    !is_elsewhere(res, to, i))
			continue;
		f->state = to[i].state;
		f->reason = to[i].reason;
		f->hard = to[i].hard;
		snprintf(f->note, sizeof f->note,
			 "not covered by what was accepted of %s",
			 in->parts[part].name);
		n++;
	}
	return n;
}

bool gh_accepts_judge(const struct gh_judge_in *in,
		      const struct gh_trial *trials, struct gh_result *res,
		      struct gh_explained to[GH_JUDGE_FINDINGS])
{
	size_t opened = 0;

	apply_all(in, trials, res);
	for (int d = 0; d < (int)res->n_diagnoses; d++)
		if (is_accepted(res, to, d))
			opened += lay_open(in, res, to, d);
	if (opened == 0)
		return false;
	/* Those that an acceptance covers are judged by their own values. */
	apply_all(in, trials, res);
	for (size_t i = 0; i < res->n_findings; i++)
		if (is_elsewhere(res, to, i) &&
		    (res->findings[i].state == GH_STATE_FAIL ||
		     res->findings[i].state == GH_STATE_UNKNOWN))
			to[i].by = -1;
	return true;
}
