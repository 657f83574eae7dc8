/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/reference.h"

#include "judge/colour.h"  /* gh_colour_lab, gh_colour_delta_e */
#include "judge/members.h" /* gh_members_find */

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <string.h>

/*
 * How much a declared prior weighs, in degrees of freedom. Alone in the rig: a
 * prior stands for what 12 siblings over 3 sessions would give (24 between
 * sessions, some within); assumed, until a gauge study replaces it. With a few
 * siblings, or alone with 6 sessions: moderated variance with d0 = 4,
 * measurement.md section 6.
 */
#define PRIOR_DF_ALONE 30.0
/* What 12 siblings have over 3 sessions; where they are four, as chrome is, the
 * prior stands for what is missing, or all would be TOO_NOISY by chance. */
#define POOL_DF 24.0
#define PRIOR_DF_FEW 4.0
#define SESSIONS_OF_ITS_OWN 6
#define SIBLINGS_FEW 2

/*
 * Where no look is called "white", the brightest look is taken to be as bright
 * as 0.6 of a D65 white; a guess that only scales Delta-E00, and scales it the
 * same tonight as in the baseline.
 */
#define BRIGHTEST_LOOK 0.6
static const double d65[3] = { 0.9505, 1.0, 1.089 };

static double prior_weight(const struct gh_metric *metric, unsigned siblings,
			   double pool_df, unsigned sessions)
{
	if (!(metric->prior > 0))
		return 0;
	if (siblings >= GH_SIBLINGS_ENOUGH)
		return fmax(0.0, POOL_DF - pool_df);
	if (siblings >= SIBLINGS_FEW || sessions >= SESSIONS_OF_ITS_OWN)
		return PRIOR_DF_FEW;
	return PRIOR_DF_ALONE;
}

/* A baseline of identical readings is not infinitely sharp. */
static void set_spread(struct gh_reference *out, const struct gh_metric *metric,
		       struct gh_variance v, double unit)
{
	const double floor_sd = metric->resolution / sqrt(12);
	const double sd = fmax(sqrt(v.var) * unit, floor_sd);

	out->prediction_sd = gh_prediction_sd(sd, out->sessions);
	out->df = v.df;
}

/* What the conditions do tonight belongs to what is expected. */
static void set_expected(struct gh_reference *out, const struct gh_pool *pool,
			 double unit)
{
	out->mean[0] += pool->now.shift * unit;
	out->prediction_sd *=
		sqrt(1 + pool->now.leverage / (1 + 1.0 / out->sessions));
}

/*
 * SD of the value, of j repeats. Without repeats the scatter of runs within a
 * session stands for it: they hold the repeat's error, and more.
 */
static void set_repeatability(struct gh_reference *out,
			      const struct gh_pool *pool,
			      const struct gh_measure *measure, double unit)
{
	unsigned repeats = 0;

	for (int r = 0; r < 2; r++)
		repeats += isfinite(measure->rep[r][0]);
	out->u = pool->repeat_sd * unit / sqrt(repeats > 0 ? repeats : 1);
	if (!isfinite(out->u))
		out->u = sqrt(pool->within) * unit;
}

static void find_scalar_spread(const struct gh_setting *setting,
			       const struct gh_measure *measure,
			       struct gh_reference *out)
{
	const struct gh_metric *metric = measure->metric;
	const double unit =
		gh_members_relative(metric) ? fabs(out->mean[0]) : 1;
	struct gh_variance v;
	struct gh_pool pool;
	double d0;

	gh_pool_find(setting, measure, &pool);
	d0 = prior_weight(metric, pool.siblings, pool.all.df, out->sessions);
	v = gh_moderate(pool.all, d0, metric->prior);
	if (pool.siblings >= GH_SIBLINGS_ENOUGH)
		v = gh_moderate_by_pool(pool.own, pool.prior_freedom + d0, v);
	set_spread(out, metric, v, unit);
	set_repeatability(out, &pool, measure, unit);
	set_expected(out, &pool, unit);
}

/* Upper 95 % limit of a rate; of none seen in T0 it is 3/T0. */
static void find_rate(const struct gh_members *m, struct gh_reference *out)
{
	double events = 0, seconds = 0;

	for (size_t i = 0; i < m->n; i++) {
		if (!gh_member_counts(m, i) || !(m->row[i].v[1] > 0))
			continue;
		events += round(m->row[i].v[0] * m->row[i].v[1]);
		seconds += m->row[i].v[1];
	}
	if (seconds > 0)
		out->rate = gsl_cdf_chisq_Pinv(0.95, 2 * events + 2) /
			    (2 * seconds);
	else
		out->reason = GH_REASON_NO_BASELINE;
}

double gh_reference_delta_e(const struct gh_reference *ref, const double xyz[3])
{
	return gh_colour_delta_e(gh_colour_lab(xyz, ref->white),
				 gh_colour_lab(ref->mean, ref->white));
}

/* Of two repeats; the distance between them is a radius, on the safe side. */
static double colour_repeatability(const struct gh_members *m,
				   const struct gh_reference *ref)
{
	double n = 0, squares = 0;

	for (size_t i = 0; i < m->n; i++) {
		const double d = gh_colour_delta_e(
			gh_colour_lab(m->row[i].rep[0], ref->white),
			gh_colour_lab(m->row[i].rep[1], ref->white));

		if (!gh_member_counts(m, i) || !isfinite(d))
			continue;
		n++;
		squares += d * d;
	}
	return n > 0 ? sqrt(squares / n / 2 / 2) : 0;
}

/*
 * A core has no siblings. The radius of its runs about their mean stands for
 * the deviation; the sessions are the independent ones, so they set df.
 */
static void find_colour_spread(const struct gh_members *m,
			       const struct gh_metric *metric,
			       struct gh_reference *out)
{
	struct gh_variance v = { 0, out->sessions - 1 };

	for (size_t i = 0; i < m->n; i++) {
		double d;

		if (!gh_member_counts(m, i))
			continue;
		d = gh_reference_delta_e(out, m->row[i].v);
		v.var += d * d / (out->runs - 1);
	}
	v = gh_moderate(v, prior_weight(metric, 1, v.df, out->sessions),
			metric->prior);
	set_spread(out, metric, v, 1);
	out->u = colour_repeatability(m, out);
}

static bool is_white(const char *id)
{
	const char *end = strrchr(id, '_');

	return end != NULL && strcmp(end, "_white") == 0;
}

/* Of this part's looks: its own white, else D65 above the brightest. */
static void find_white(const struct gh_baseline *b, const char *part,
		       const struct gh_measure *measure, double white[3])
{
	const size_t prefix = strcspn(measure->metric->id, "*");
	double brightest = 0;

	for (size_t i = 0; i < b->n_values;) {
		const char *id = b->values[i].id;
		const struct gh_members m =
			gh_members_find(b, id, part, measure->metric);
		const double y = gh_members_mean(&m, GH_METRIC_COLOUR, 1);

		while (i < b->n_values && strcmp(b->values[i].id, id) == 0)
			i++;
		if (strncmp(id, measure->metric->id, prefix) != 0 || !(y > 0))
			continue;
		if (is_white(id)) {
			for (int c = 0; c < 3; c++)
				white[c] = gh_members_mean(&m, GH_METRIC_COLOUR,
							   c);
			return;
		}
		brightest = fmax(brightest, y);
	}
	for (int c = 0; c < 3; c++)
		white[c] = d65[c] * brightest / BRIGHTEST_LOOK;
}

static enum gh_reason runs_policy(const struct gh_reference *ref)
{
	if (ref->runs < GH_MIN_RUNS)
		return GH_REASON_TOO_FEW_RUNS;
	return ref->sessions < GH_MIN_SESSIONS ? GH_REASON_ONE_SESSION
					       : GH_REASON_NONE;
}

static void set_nothing_known(struct gh_reference *out)
{
	*out = (struct gh_reference){
		.reason = GH_REASON_NO_BASELINE,
		.mean = { NAN, NAN, NAN },
		.prediction_sd = NAN,
		.df = NAN,
		.least = NAN,
	};
}

static void find_spread(const struct gh_setting *setting,
			const struct gh_measure *measure,
			const struct gh_members *m, struct gh_reference *out)
{
	if (measure->metric->kind == GH_METRIC_COLOUR)
		find_colour_spread(m, measure->metric, out);
	else if (measure->metric->kind == GH_METRIC_RATE)
		find_rate(m, out);
	else
		find_scalar_spread(setting, measure, out);
}

void gh_reference_find(const struct gh_setting *setting,
		       const struct gh_measure *measure,
		       struct gh_reference *out)
{
	const struct gh_judge_in *in = setting->in;
	const struct gh_metric *metric = measure->metric;
	const char *part = in->parts[measure->part].name;
	struct gh_members m;

	set_nothing_known(out);
	if (in->baseline == NULL || in->baseline->id == 0)
		return;
	m = gh_members_find(in->baseline, measure->id, part, metric);
	out->runs = gh_members_count(&m);
	out->sessions = gh_members_sessions(&m);
	if (m.n > 0 && m.row[0].version != metric->version) {
		out->reason = GH_REASON_INCOMPARABLE;
		out->other_version = m.row[0].version;
	}
	if (out->runs == 0)
		return;
	for (int c = 0; c < 3; c++)
		out->mean[c] = gh_members_mean(&m, metric->kind, c);
	out->least =
		fmax(metric->min_share * fabs(out->mean[0]), metric->min_abs);
	out->reason = runs_policy(out);
	if (metric->kind == GH_METRIC_COLOUR) {
		out->least = metric->min_abs;
		find_white(in->baseline, part, measure, out->white);
	}
	if (out->reason == GH_REASON_NONE)
		find_spread(setting, measure, &m, out);
}
