/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * finding - one measure against its hard limits and its baseline. First every
 * measure is tried alone; then the watched ones are looked at together,
 * because the more one watches, the more looks odd by chance.
 */
#ifndef GH_JUDGE_FINDING_H
#define GH_JUDGE_FINDING_H

#include "judge/judge.h"     /* struct gh_finding, struct gh_judge_in */
#include "judge/reference.h" /* struct gh_reference */

#include <stddef.h>

/* What holds for the whole run. */
struct gh_terms {
	const struct gh_judge_in *in;
	const struct gh_setting *setting;
	double alpha; /* false alarms of one gate, both sides together */
	const char *incomparable; /* why, NULL: baseline and run compare */
};

/* What is only needed until the run is judged. */
struct gh_trial {
	struct gh_reference ref;
	double delta; /* value - expected, the short way round */
	double seconds; /* looked at, of rates */
	double p;     /* NAN: statistics did not look at it */
};

/*
 * One-sided metrics: a colour cannot come nearer, a rate not below nothing, and
 * of some less is well.
 */
bool gh_finding_one_sided(const struct gh_finding *f);

/*
 * The change over the limit on the side it went to: 1 is at the limit. NAN
 * where there is no value or no limit.
 */
double gh_limit_ratio(double value, double expected, double limit_lo,
		      double limit_hi);

/* The limit that was crossed, or the nearer one; NAN: there is none. */
double gh_finding_limit(const struct gh_finding *f);

/* Gates that statistics decide: the hard-only ones raise no false alarm. */
bool gh_metric_is_statistical(const struct gh_metric *metric);

/*
 * A gate that cannot be judged leaves the part unsure. A watched metric never
 * does, unless an instrument is at fault: then others may be wrong too.
 */
void gh_finding_set_unjudged(struct gh_finding *f, enum gh_reason reason);

/* Terms and measure decide all of f and t but the watching. */
void gh_finding_judge(const struct gh_terms *terms,
		      const struct gh_measure *measure, struct gh_finding *f,
		      struct gh_trial *t);

/* Watched metrics and gates that passed, by Benjamini-Hochberg. */
void gh_findings_watch(struct gh_finding *f, struct gh_trial *t, size_t n);

#endif
