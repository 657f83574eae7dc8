/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/pool.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Differences of repeats that give their SD to a third: assumed enough. */
#define PAIRS_ENOUGH 5

/* What differs by less, in units, differs by the rounding of a double. */
#define ROUNDING 1e-9

/*
 * Prior degrees of freedom are never taken to be fewer. Twelve siblings of 2
 * degrees of freedom each estimate d0 so badly that by chance limits of joints
 * that are all alike become useless. Drawn at random, 600 runs of 12 joints
 * with 4 gates in 3 sessions, UNSURE (TOO_NOISY) and false HOLD: joints all
 * alike 72 and 0 with at least 4 (one standard error in favour of alike),
 * 1 and 0 with 12; joints as unlike as d0 = 8 216 and 4, 30 and 4.
 */
#define FREEDOM_LEAST 12.0

/* One part's rows with what is needed to compare them with the others'. */
struct sibling {
	unsigned part;
	struct gh_members m;
	struct gh_centre c;
};

struct siblings {
	struct sibling of[GH_JUDGE_PARTS];
	unsigned n;
};

/* Differences between the two repeats of a run. */
struct pairs {
	double n, mean, ss;
};

static bool make_sibling(const struct gh_judge_in *in, unsigned part,
			 const struct gh_measure *measure, struct sibling *out)
{
	const struct gh_metric *metric = measure->metric;

	*out = (struct sibling){
		.part = part,
		.m = gh_members_find(in->baseline, measure->id,
				     in->parts[part].name, metric),
		.c = { metric->kind, 0, 1, NULL },
	};
	if (gh_members_count(&out->m) < 2)
		return false;
	out->c.mean = gh_members_mean(&out->m, metric->kind, 0);
	/* One that has next to nothing of it scatters by shares of noise. */
	if (gh_members_relative(metric) && metric->min_share > 0 &&
	    fabs(out->c.mean) < metric->min_abs)
		return false;
	if (gh_members_relative(metric))
		out->c.unit = fabs(out->c.mean);
	return out->c.unit > 0;
}

static void find_siblings(const struct gh_judge_in *in,
			  const struct gh_measure *measure,
			  struct siblings *out)
{
	out->n = 0;
	for (unsigned i = 0; i < in->n_parts; i++)
		if (in->parts[i].kind == in->parts[measure->part].kind)
			out->n +=
				make_sibling(in, i, measure, &out->of[out->n]);
}

/* Rows that no correction is known for stay as they are. */
static bool has_room(const struct sibling *s)
{
	return s->m.n <= GH_CONDITION_RUNS;
}

static void add_slopes(const struct gh_conditions *c, const struct sibling *s,
		       struct gh_slopes *slopes)
{
	double y[GH_CONDITION_RUNS];

	if (!has_room(s))
		return;
	for (size_t i = 0; i < s->m.n; i++)
		y[i] = gh_deviation(s->c.kind, s->m.row[i].v[0], s->c.mean) /
		       s->c.unit;
	gh_slopes_add(slopes, c, &s->m, y);
}

static void add_variance(const struct gh_conditions *c,
			 const struct gh_slopes *slopes,
			 const struct sibling *s, struct gh_anova *a)
{
	double shift[GH_CONDITION_RUNS];
	struct gh_centre centre = s->c;

	if (slopes->fitted > 0 && has_room(s)) {
		gh_slopes_shift(slopes, c, &s->m, shift);
		centre.shift = shift;
	}
	gh_anova_add(a, &s->m, &centre);
}

static struct gh_variance own_variance(const struct gh_conditions *c,
				       const struct gh_slopes *slopes,
				       const struct sibling *s)
{
	struct gh_anova a = { 0, 0, 0, 0, 0 };

	add_variance(c, slopes, s, &a);
	return gh_anova_variance(&a);
}

static void fit_slopes(const struct gh_conditions *c,
		       const struct siblings *all, struct gh_slopes *slopes)
{
	memset(slopes, 0, sizeof *slopes);
	for (unsigned i = 0; i < all->n; i++)
		add_slopes(c, &all->of[i], slopes);
	gh_slopes_fit(slopes, c);
}

/* ---- Repeats ---- */

static void add_pair(struct pairs *p, const struct gh_centre *c,
		     const double first[3], const double second[3])
{
	const double d = gh_deviation(c->kind, second[0], first[0]) / c->unit;
	double step;

	if (!isfinite(d))
		return;
	step = d - p->mean;
	p->n++;
	p->mean += step / p->n;
	p->ss += step * (d - p->mean);
}

static void add_pairs_of_baseline(struct pairs *p, const struct sibling *s)
{
	for (size_t i = 0; i < s->m.n; i++)
		if (gh_member_counts(&s->m, i))
			add_pair(p, &s->c, s->m.row[i].rep[0],
				 s->m.row[i].rep[1]);
}

/* This run's own, where the baseline kept none: a fault may be among them. */
static void add_pairs_of_run(struct pairs *p, const struct gh_judge_in *in,
			     const char *id, const struct sibling *s)
{
	for (size_t i = 0; i < in->n_measures; i++) {
		const struct gh_measure *m = &in->measures[i];

		if (m->part == (int)s->part && strcmp(m->id, id) == 0)
			add_pair(p, &s->c, m->rep[0], m->rep[1]);
	}
}

/*
 * That the second repeat is always warmer moves baseline and run alike: only
 * the scatter about the mean difference counts. Two repeats: variance halved.
 */
static double repeat_sd(const struct gh_judge_in *in, const char *id,
			const struct siblings *all)
{
	struct pairs kept = { 0, 0, 0 }, run = { 0, 0, 0 };
	const struct pairs *p = &kept;

	for (unsigned i = 0; i < all->n; i++)
		add_pairs_of_baseline(&kept, &all->of[i]);
	if (kept.n < PAIRS_ENOUGH) {
		for (unsigned i = 0; i < all->n; i++)
			add_pairs_of_run(&run, in, id, &all->of[i]);
		p = &run;
	}
	return p->n < PAIRS_ENOUGH ? NAN : sqrt(p->ss / (p->n - 1) / 2);
}

/* ---- All together ---- */

/* One at its resolution tells nothing of how unlike siblings are. */
static struct gh_variance above_floor(const struct gh_metric *metric,
				      const struct sibling *s,
				      struct gh_variance v)
{
	const double floor_sd =
		fmax(metric->resolution / sqrt(12) / s->c.unit, ROUNDING);

	if (v.var <= floor_sd * floor_sd)
		v.var = 0;
	return v;
}

static double prior_freedom(const struct gh_conditions *c,
			    const struct gh_slopes *slopes,
			    const struct siblings *all,
			    const struct gh_metric *metric)
{
	struct gh_log_variances l = { .df = 0 };
	struct gh_variance v[GH_JUDGE_PARTS];

	for (unsigned i = 0; i < all->n; i++)
		v[i] = above_floor(metric, &all->of[i],
				   own_variance(c, slopes, &all->of[i]));
	gh_log_variances_add(&l, v, all->n);
	return fmax(gh_prior_freedom(&l), FREEDOM_LEAST);
}

static void add_all(const struct gh_conditions *c,
		    const struct gh_slopes *slopes, const struct siblings *all,
		    struct gh_pool *out)
{
	struct gh_anova a = { 0, 0, 0, 0, 0 };

	for (unsigned i = 0; i < all->n; i++)
		add_variance(c, slopes, &all->of[i], &a);
	out->siblings = all->n;
	out->within = a.df_within > 0 ? a.ss_within / a.df_within : 0;
	out->all = gh_anova_variance(&a);
	if (slopes->fitted > 0)
		out->all.df = fmax(out->all.df - slopes->fitted, 1);
}

void gh_pool_find(const struct gh_setting *s, const struct gh_measure *measure,
		  struct gh_pool *out)
{
	const struct gh_conditions *c = &s->conditions;
	struct gh_slopes slopes;
	struct siblings all;

	memset(out, 0, sizeof *out);
	find_siblings(s->in, measure, &all);
	fit_slopes(c, &all, &slopes);
	add_all(c, &slopes, &all, out);
	out->prior_freedom = prior_freedom(c, &slopes, &all, measure->metric);
	out->repeat_sd = repeat_sd(s->in, measure->id, &all);
	for (unsigned i = 0; i < all.n; i++) {
		if (all.of[i].part != (unsigned)measure->part)
			continue;
		out->own = own_variance(c, &slopes, &all.of[i]);
		out->now = gh_slopes_now(&slopes, c, &all.of[i].m);
	}
}
