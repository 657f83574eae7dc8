/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/reference.h"

#include "judge/colour.h" /* gh_colour_lab, gh_colour_delta_e */

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
#define PRIOR_DF_FEW 4.0
#define SESSIONS_OF_ITS_OWN 6
#define SIBLINGS_ENOUGH 4
#define SIBLINGS_FEW 2

/*
 * Where no look is called "white", the brightest look is taken to be as bright
 * as 0.6 of a D65 white; a guess that only scales Delta-E00, and scales it the
 * same tonight as in the baseline.
 */
#define BRIGHTEST_LOOK 0.6
static const double d65[3] = { 0.9505, 1.0, 1.089 };

struct pool {
	struct gh_anova anova;
	unsigned siblings;
};

static int row_order(const struct gh_base_value *row, const char *id,
		     const char *part)
{
	const int by_id = strcmp(row->id, id);

	return by_id != 0 ? by_id : strcmp(row->part, part);
}

/* The first row that is not before (id, part). */
static size_t first_row(const struct gh_baseline *b, const char *id,
			const char *part)
{
	size_t low = 0, high = b->n_values;

	while (low < high) {
		const size_t mid = low + (high - low) / 2;

		if (row_order(&b->values[mid], id, part) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

struct gh_members gh_members_find(const struct gh_baseline *b, const char *id,
				  const char *part,
				  const struct gh_metric *metric)
{
	struct gh_members m = {
		.version = metric->version,
		.width = metric->kind == GH_METRIC_COLOUR ? 3 : 1,
	};
	size_t at = first_row(b, id, part);

	if (at < b->n_values)
		m.row = &b->values[at];
	while (at < b->n_values && row_order(&b->values[at], id, part) == 0) {
		m.n++;
		at++;
	}
	return m;
}

static unsigned count_members(const struct gh_members *m)
{
	unsigned n = 0;

	for (size_t i = 0; i < m->n; i++)
		n += gh_member_counts(m, i);
	return n;
}

/* A session counts with its first member. */
static unsigned count_sessions(const struct gh_members *m)
{
	unsigned k = 0;

	for (size_t i = 0; i < m->n; i++) {
		bool seen = !gh_member_counts(m, i);

		for (size_t j = 0; j < i && !seen; j++)
			seen = gh_member_counts(m, j) &&
			       m->row[j].session == m->row[i].session;
		k += !seen;
	}
	return k;
}

/* Component c; circular means go through the unit circle. */
static double mean_of(const struct gh_members *m, enum gh_metric_kind kind,
		      int c)
{
	const double rad = 3.14159265358979323846 / 180;
	double n = 0, sum = 0, sine = 0, cosine = 0;

	for (size_t i = 0; i < m->n; i++) {
		const double v = m->row[i].v[c];

		if (!gh_member_counts(m, i))
			continue;
		n++;
		sum += v;
		sine += sin(v * rad);
		cosine += cos(v * rad);
	}
	if (!(n > 0))
		return NAN;
	return kind == GH_METRIC_CIRCULAR ? atan2(sine, cosine) / rad : sum / n;
}

/* A circular mean has no share: zero degrees is a direction like any other. */
static bool is_relative(const struct gh_metric *metric)
{
	return metric->spread == GH_SPREAD_RELATIVE &&
	       metric->kind == GH_METRIC_SCALAR;
}

static void add_sibling(struct pool *pool, const struct gh_metric *metric,
			const struct gh_members *m)
{
	struct gh_centre c = { metric->kind, 0, 1 };

	if (count_members(m) < 2)
		return;
	c.mean = mean_of(m, metric->kind, 0);
	if (is_relative(metric))
		c.unit = fabs(c.mean);
	if (!(c.unit > 0))
		return;
	gh_anova_add(&pool->anova, m, &c);
	pool->siblings++;
}

static struct pool pool_siblings(const struct gh_judge_in *in,
				 const struct gh_measure *measure)
{
	const enum gh_part_kind kind = in->parts[measure->part].kind;
	struct pool pool = { { 0, 0, 0, 0, 0 }, 0 };

	for (unsigned i = 0; i < in->n_parts; i++) {
		struct gh_members m;

		if (in->parts[i].kind != kind)
			continue;
		m = gh_members_find(in->baseline, measure->id,
				    in->parts[i].name, measure->metric);
		add_sibling(&pool, measure->metric, &m);
	}
	return pool;
}

static double prior_weight(const struct gh_metric *metric, unsigned siblings,
			   unsigned sessions)
{
	if (!(metric->prior > 0) || siblings >= SIBLINGS_ENOUGH)
		return 0;
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

static void find_scalar_spread(const struct gh_judge_in *in,
			       const struct gh_measure *measure,
			       struct gh_reference *out)
{
	const struct pool pool = pool_siblings(in, measure);
	const double d0 =
		prior_weight(measure->metric, pool.siblings, out->sessions);
	const struct gh_variance v = gh_moderate(gh_anova_variance(&pool.anova),
						 d0, measure->metric->prior);

	set_spread(out, measure->metric, v,
		   is_relative(measure->metric) ? fabs(out->mean[0]) : 1);
}

double gh_reference_delta_e(const struct gh_reference *ref, const double xyz[3])
{
	return gh_colour_delta_e(gh_colour_lab(xyz, ref->white),
				 gh_colour_lab(ref->mean, ref->white));
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
	v = gh_moderate(v, prior_weight(metric, 1, out->sessions),
			metric->prior);
	set_spread(out, metric, v, 1);
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
		const double y = mean_of(&m, GH_METRIC_COLOUR, 1);

		while (i < b->n_values && strcmp(b->values[i].id, id) == 0)
			i++;
		if (strncmp(id, measure->metric->id, prefix) != 0 || !(y > 0))
			continue;
		if (is_white(id)) {
			for (int c = 0; c < 3; c++)
				white[c] = mean_of(&m, GH_METRIC_COLOUR, c);
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

void gh_reference_find(const struct gh_judge_in *in,
		       const struct gh_measure *measure,
		       struct gh_reference *out)
{
	const struct gh_metric *metric = measure->metric;
	const char *part = in->parts[measure->part].name;
	struct gh_members m;

	set_nothing_known(out);
	if (in->baseline == NULL || in->baseline->id == 0)
		return;
	m = gh_members_find(in->baseline, measure->id, part, metric);
	out->runs = count_members(&m);
	out->sessions = count_sessions(&m);
	if (m.n > 0 && m.row[0].version != metric->version) {
		out->reason = GH_REASON_INCOMPARABLE;
		out->other_version = m.row[0].version;
	}
	if (out->runs == 0)
		return;
	for (int c = 0; c < 3; c++)
		out->mean[c] = mean_of(&m, metric->kind, c);
	out->least =
		fmax(metric->min_share * fabs(out->mean[0]), metric->min_abs);
	out->reason = runs_policy(out);
	if (metric->kind == GH_METRIC_COLOUR) {
		out->least = metric->min_abs;
		find_white(in->baseline, part, measure, out->white);
		if (out->reason == GH_REASON_NONE)
			find_colour_spread(&m, metric, out);
	} else if (out->reason == GH_REASON_NONE) {
		find_scalar_spread(in, measure, out);
	}
}
