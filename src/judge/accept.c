/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/accept.h"

#include "base/clock.h"	   /* gh_wall_text */
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

/* A share of the mean scatters more the larger the value is. */
static double noise(const struct gh_finding *f, const struct gh_trial *t,
		    double then)
{
	const struct gh_metric *metric = f->metric;
	const double own_least =
		fmax(metric->min_share * fabs(then), metric->min_abs);
	double sd = sqrt(2) * t->ref.prediction_sd;

	if (gh_members_relative(metric) && fabs(f->expected) > 0)
		sd *= fmax(1, fabs(then / f->expected));
	/* fmax passes over what is not known. */
	return fmax(fmax(own_least, t->ref.least), WORSE_SDS * sd);
}

static bool is_worse(const struct gh_finding *f, const struct gh_trial *t,
		     const struct gh_accept *a)
{
	const double then = distance(f, a->value);
	const double now = distance(f, f->value);

	/* On the other side it is another fault. */
	return !isfinite(then) || signbit(then) != signbit(now) ||
	       fabs(now) > fabs(then) + noise(f, t, a->value);
}

static enum gh_accept_fate fate_of(const struct gh_judge_in *in,
				   const struct gh_finding *f,
				   const struct gh_trial *t,
				   const struct gh_accept *a)
{
	switch (f->state) {
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
	return is_worse(f, t, a) ? GH_ACCEPT_WORSE : GH_ACCEPT_KNOWN;
}

static void say(struct gh_finding *f, const struct gh_accept *a,
		enum gh_accept_fate fate)
{
	char until[24];

	gh_wall_text(a->until_s, until, sizeof until);
	switch (fate) {
	case GH_ACCEPT_KNOWN:
		snprintf(f->note, sizeof f->note, "%.31s until %.*s: %.60s",
			 a->by, DATE_CHARS, until, a->reason);
		break;
	case GH_ACCEPT_WORSE:
		snprintf(f->note, sizeof f->note,
			 "worse than the %.3g that %.31s accepted", a->value,
			 a->by);
		break;
	case GH_ACCEPT_EXPIRED:
		snprintf(f->note, sizeof f->note,
			 "accepted by %.31s until %.*s, which is over", a->by,
			 DATE_CHARS, until);
		break;
	case GH_ACCEPT_RECOVERED:
		snprintf(f->note, sizeof f->note,
			 "recovered: was %.3g, accepted by %.31s", a->value,
			 a->by);
		break;
	case GH_ACCEPT_UNSEEN:
		break;
	}
}

static enum gh_accept_fate apply(const struct gh_judge_in *in,
				 struct gh_finding *f, const struct gh_trial *t,
				 const struct gh_accept *a)
{
	const enum gh_accept_fate fate = fate_of(in, f, t, a);

	/* One acceptance in force is enough, and has said so. */
	if (f->state == GH_STATE_KNOWN)
		return fate;
	if (f->state != GH_STATE_WATCH)
		say(f, a, fate);
	if (f->state == GH_STATE_FAIL && fate == GH_ACCEPT_KNOWN)
		f->state = GH_STATE_KNOWN;
	return fate;
}

void gh_accepts_judge(const struct gh_judge_in *in,
		      const struct gh_trial *trials, struct gh_result *res)
{
	for (size_t k = 0; k < in->n_accepts; k++) {
		const struct gh_accept *a = &in->accepts[k];

		res->fates[k] = GH_ACCEPT_UNSEEN;
		for (size_t i = 0; i < res->n_findings; i++) {
			struct gh_finding *f = &res->findings[i];

			if (strcmp(in->parts[f->part].name, a->part) == 0 &&
			    strcmp(f->id, a->id) == 0)
				res->fates[k] = apply(in, f, &trials[i], a);
		}
	}
}
