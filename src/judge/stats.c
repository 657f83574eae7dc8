/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/stats.h"

#include <assert.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_psi.h>
#include <math.h>

#define FULL_TURN_DEG 360.0

struct session {
	double n, mean, ss;
};

double gh_deviation(enum gh_metric_kind kind, double value, double mean)
{
	return kind == GH_METRIC_CIRCULAR
		       ? remainder(value - mean, FULL_TURN_DEG)
		       : value - mean;
}

/* Welford's update: a naive sum of squares fails NIST's NumAcc3 and 4. */
static struct session session_sums(const struct gh_members *m,
				   const struct gh_centre *c, unsigned session)
{
	struct session s = { 0, 0, 0 };

	for (size_t i = 0; i < m->n; i++) {
		double x, step;

		if (m->row[i].session != session || !gh_member_counts(m, i))
			continue;
		x = gh_deviation(c->kind, m->row[i].v[0], c->mean) / c->unit;
		if (c->shift != NULL)
			x -= c->shift[i];
		step = x - s.mean;
		s.n++;
		s.mean += step / s.n;
		s.ss += step * (x - s.mean);
	}
	return s;
}

static unsigned session_end(const struct gh_members *m)
{
	unsigned end = 0;

	for (size_t i = 0; i < m->n; i++)
		if (m->row[i].session >= end)
			end = m->row[i].session + 1;
	return end;
}

void gh_anova_add(struct gh_anova *a, const struct gh_members *m,
		  const struct gh_centre *c)
{
	const unsigned end = session_end(m);
	double n = 0, n_squared = 0, k = 0, between = 0, within = 0;

	for (unsigned i = 0; i < end; i++) {
		const struct session s = session_sums(m, c, i);

		n += s.n;
		n_squared += s.n * s.n;
		k += s.n > 0;
		between += s.n * s.mean * s.mean;
		within += s.ss;
	}
	a->ss_within += within;
	a->df_within += n - k;
	if (k < 2)
		return;
	a->ss_between += between;
	a->df_between += k - 1;
	/* n0 = (n - sum n_i^2/n)/(k-1), weighted by k-1 in the pool */
	a->n0_weighted += n - n_squared / n;
}

struct gh_variance gh_anova_variance(const struct gh_anova *a)
{
	const double within =
		a->df_within > 0 ? a->ss_within / a->df_within : 0;
	double n0, session_part, run_part, var, freedom;

	if (!(a->df_between > 0))
		return (struct gh_variance){ within, a->df_within };
	n0 = a->n0_weighted / a->df_between;
	session_part = a->ss_between / a->df_between / n0;
	run_part = (1 - 1 / n0) * within;
	var = session_part + run_part;
	/* Satterthwaite */
	freedom = session_part * session_part / a->df_between;
	if (a->df_within > 0)
		freedom += run_part * run_part / a->df_within;
	return (struct gh_variance){
		.var = fmax(var, within),
		.df = freedom > 0 ? var * var / freedom
				  : a->df_between + a->df_within,
	};
}

struct gh_variance gh_moderate(struct gh_variance v, double d0, double prior)
{
	const double df = v.df + d0;

	if (!(d0 > 0))
		return v;
	return (struct gh_variance){
		.var = (d0 * prior * prior + v.df * v.var) / df,
		.df = df,
	};
}

/* e of Smyth 2004: ln s^2 without the bias of its degrees of freedom. */
static double unbiased_log(const struct gh_variance *v)
{
	return log(v->var) - gsl_sf_psi(v->df / 2) + log(v->df / 2);
}

static bool has_log(const struct gh_variance *v)
{
	return v->var > 0 && v->df > 0;
}

void gh_log_variances_add(struct gh_log_variances *l,
			  const struct gh_variance *v, size_t n)
{
	double count = 0, mean = 0, ss = 0, chance = 0;

	for (size_t i = 0; i < n; i++) {
		double step;

		if (!has_log(&v[i]))
			continue;
		step = unbiased_log(&v[i]) - mean;
		mean += step / ++count;
		ss += step * (unbiased_log(&v[i]) - mean);
		chance += gsl_sf_psi_1(v[i].df / 2);
	}
	if (count < 2)
		return;
	l->ss += ss;
	l->df += count - 1;
	l->chance += chance;
	l->n += count;
}

double gh_trigamma_inverse(double y)
{
	double x = 0.5 + 1 / y;

	assert(y > 0);
	/* Where trigamma(x) is 1/x^2, and where it is 1/x: Smyth's limits. */
	if (y > 1e7)
		return 1 / sqrt(y);
	if (y < 1e-6)
		return 1 / y;
	/* Convex: Newton on 1/trigamma comes from one side, in a few steps. */
	for (int i = 0; i < 50; i++) {
		const double now = gsl_sf_psi_1(x);
		const double step = now * (1 - now / y) / gsl_sf_psi_n(2, x);

		x += step;
		if (fabs(step) < 1e-10 * x)
			break;
	}
	return x;
}

double gh_prior_freedom(const struct gh_log_variances *l)
{
	double surplus;

	if (!(l->df > 0))
		return INFINITY;
	surplus = l->ss / l->df - l->chance / l->n;
	return surplus > 0 ? 2 * gh_trigamma_inverse(surplus) : INFINITY;
}

struct gh_variance gh_moderate_by_pool(struct gh_variance own, double d0,
				       struct gh_variance pool)
{
	struct gh_variance v = pool;

	if (isfinite(d0))
		v = gh_moderate(own, d0, sqrt(pool.var));
	v.df = fmin(v.df, pool.df);
	return v;
}

double gh_poisson_tail(double n, double mean)
{
	assert(n >= 0 && mean > 0);
	/* P(X >= n) = P(n, mean), the lower incomplete gamma ratio. */
	return n > 0 ? gsl_cdf_gamma_P(mean, n, 1) : 1;
}

double gh_prediction_sd(double sd, unsigned sessions)
{
	assert(sessions > 0);
	return sd * sqrt(1 + 1.0 / sessions);
}

double gh_half_width(double prediction_sd, double df, double alpha)
{
	return gsl_cdf_tdist_Qinv(alpha / 2, fmax(df, 1)) * prediction_sd;
}

double gh_p_value(double deviation, double prediction_sd, double df)
{
	if (!(prediction_sd > 0))
		return fabs(deviation) > 0 ? 0 : 1;
	return 2 *
	       gsl_cdf_tdist_Q(fabs(deviation) / prediction_sd, fmax(df, 1));
}

/*
 * Rank counting instead of sorting: the list has at most a few hundred rows,
 * and nothing has to be copied.
 */
double gh_bh_cut(const double *p, size_t n, double q)
{
	double cut = n > 0 ? q / (double)n : 0;

	for (size_t i = 0; i < n; i++) {
		size_t rank = 0;
		double line;

		for (size_t j = 0; j < n; j++)
			rank += p[j] <= p[i];
		line = (double)rank * q / (double)n;
		if (p[i] <= line && line > cut)
			cut = line;
	}
	return cut;
}
