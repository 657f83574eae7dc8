/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The formulas behind the limits, against published and hand-made numbers. */
#include "judge/stats.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>

#include <cmocka.h>

static void near(double value, double expected, double tolerance)
{
	if (!(fabs(value - expected) <= tolerance))
		fail_msg("%.12g, expected %.12g", value, expected);
}

static void t_quantiles(void **state)
{
	(void)state;
	near(gh_half_width(1, 9, 0.05), 2.2621571628, 1e-9);
	/* limits t sqrt(1+1/n) of measurement.md section 6 */
	near(gh_half_width(gh_prediction_sd(1, 3), 2, 0.001), 36.49, .005);
	near(gh_half_width(gh_prediction_sd(1, 5), 4, 0.05), 3.041, 5e-4);
	near(gh_half_width(gh_prediction_sd(1, 10), 9, 0.01), 3.408, 5e-4);
	near(gh_half_width(gh_prediction_sd(1, 30), 29, 0.001), 3.720, 5e-4);
	/* 150 gates, 1 %, d0 = 4 */
	near(gh_half_width(gh_prediction_sd(1, 5), 8, 0.01 / 150), 8.260, .001);
	near(gh_half_width(gh_prediction_sd(1, 8), 11, 0.01 / 150), 6.582,
	     .001);
	near(gh_half_width(gh_prediction_sd(1, 10), 13, 0.01 / 150), 6.035,
	     .001);
}

/* Where Bonferroni takes us, the quantile must still invert the tail. */
static void quantile_inverts_tail(void **state)
{
	(void)state;
	for (double df = 1; df < 200; df *= 1.37)
		for (double a = 1e-7; a < 0.5; a *= 3) {
			const double t = gh_half_width(1, df, a);

			near(gh_p_value(t, 1, df) / a, 1, 1e-6);
		}
}

static struct gh_base_value row(double v, unsigned session)
{
	struct gh_base_value r = { .version = 1, .session = session };

	r.v[0] = v;
	return r;
}

/*
 * Sessions (1, 3), (4, 6), (7, 9): mean 5, session means 2 5 8.
 * SSb = 2 (9 + 0 + 9) = 36, MSb = 18; SSw = 3 x 2 = 6, MSw = 2; n0 = 2.
 * s^2 = 18/2 + (1 - 1/2) 2 = 10; d = 100/(81/2 + 1/3) = 2.44898.
 */
static void anova_by_hand(void **state)
{
	const struct gh_base_value rows[] = { row(1, 0), row(3, 0), row(4, 1),
					      row(6, 1), row(7, 2), row(9, 2) };
	const struct gh_members m = { rows, 6, 1, 1 };
	const struct gh_centre c = { GH_METRIC_SCALAR, 5, 1, NULL };
	struct gh_anova a = { 0, 0, 0, 0, 0 };
	struct gh_variance v;

	(void)state;
	gh_anova_add(&a, &m, &c);
	near(a.ss_between, 36, 1e-12);
	near(a.ss_within, 6, 1e-12);
	v = gh_anova_variance(&a);
	near(v.var, 10, 1e-12);
	near(v.df, 100 / (81.0 / 2 + 1.0 / 3), 1e-9);
	/* A twin of ten times the size, measured in its own mean. */
	gh_anova_add(&a, &m, &c);
	v = gh_anova_variance(&a);
	near(v.var, 10, 1e-12);
	near(v.df, 2 * 100 / (81.0 / 2 + 1.0 / 3), 1e-9);
}

/* n = 5 in sessions of 1, 1, 3: n0 = (5 - 11/5)/2 = 1.4. */
static void unbalanced_sessions(void **state)
{
	const struct gh_base_value rows[] = { row(1, 0), row(2, 1), row(3, 2),
					      row(4, 2), row(5, 2) };
	const struct gh_members m = { rows, 5, 1, 1 };
	const struct gh_centre c = { GH_METRIC_SCALAR, 3, 1, NULL };
	struct gh_anova a = { 0, 0, 0, 0, 0 };

	(void)state;
	gh_anova_add(&a, &m, &c);
	near(a.n0_weighted / a.df_between, 1.4, 1e-12);
	/* SSb = 4 + 1 + 3 = 8, MSb = 4; SSw = 2, MSw = 1 */
	near(gh_anova_variance(&a).var, 4 / 1.4 + (1 - 1 / 1.4) * 1, 1e-12);
}

static void never_below_within(void **state)
{
	const struct gh_base_value rows[] = { row(-1, 0), row(1, 0),
					      row(-1, 1), row(1, 1),
					      row(-1, 2), row(1, 2) };
	const struct gh_members m = { rows, 6, 1, 1 };
	const struct gh_centre c = { GH_METRIC_SCALAR, 0, 1, NULL };
	struct gh_anova a = { 0, 0, 0, 0, 0 };

	(void)state;
	gh_anova_add(&a, &m, &c);
	near(gh_anova_variance(&a).var, 2, 1e-12);
}

/* NIST NumAcc4: a naive sum of squares loses all digits here. */
static void large_mean_small_spread(void **state)
{
	static struct gh_base_value rows[1001];
	const struct gh_members m = { rows, 1001, 1, 1 };
	const struct gh_centre c = { GH_METRIC_SCALAR, 0, 1, NULL };
	struct gh_anova a = { 0, 0, 0, 0, 0 };

	(void)state;
	rows[0] = row(1e7 + .2, 0);
	for (int i = 1; i < 1001; i++)
		rows[i] = row(1e7 + (i % 2 ? .1 : .3), 0);
	gh_anova_add(&a, &m, &c);
	near(sqrt(gh_anova_variance(&a).var), .1, 1e-8);
}

static void other_versions_do_not_count(void **state)
{
	struct gh_base_value rows[] = { row(1, 0), row(2, 0), row(900, 0) };
	const struct gh_members m = { rows, 3, 1, 1 };

	(void)state;
	rows[1].v[0] = NAN;
	rows[2].version = 2;
	assert_true(gh_member_counts(&m, 0));
	assert_false(gh_member_counts(&m, 1));
	assert_false(gh_member_counts(&m, 2));
}

static void moderation(void **state)
{
	const struct gh_variance own = { 9, 2 };
	const struct gh_variance v = gh_moderate(own, 4, 1);

	(void)state;
	near(v.var, (4 * 1 + 2 * 9) / 6.0, 1e-12);
	near(v.df, 6, 1e-12);
	near(gh_moderate(own, 0, 1).var, 9, 0);
}

/* trigamma(1/2) = pi^2/2, trigamma(1) = pi^2/6, trigamma(2) = pi^2/6 - 1. */
#define PI_2 9.8696044010893586

static void trigamma_goes_back(void **state)
{
	(void)state;
	near(gh_trigamma_inverse(PI_2 / 2), 0.5, 1e-9);
	near(gh_trigamma_inverse(PI_2 / 6), 1, 1e-9);
	near(gh_trigamma_inverse(PI_2 / 6 - 1), 2, 1e-9);
	/* Its own limits, where the series is as good as exact. */
	near(gh_trigamma_inverse(1e-8) * 1e-8, 1, 1e-7);
	near(gh_trigamma_inverse(1e8) * 1e4, 1, 1e-7);
	near(gh_trigamma_inverse(1.1e-6) * 1.1e-6, 1, 1e-5);
}

/*
 * Two variances a factor exp(2a) apart, 4 degrees of freedom each: surplus
 * 2 a^2 - trigamma(2); it is trigamma(1), so d0 = 2, where 2 a^2 = pi^2/3 - 1.
 */
static void prior_freedom_by_hand(void **state)
{
	const double a = sqrt((PI_2 / 3 - 1) / 2);
	const struct gh_variance two[3] = { { 9 * exp(a), 4 },
					    { 0, 4 }, /* does not count */
					    { 9 * exp(-a), 4 } };
	const struct gh_variance same[2] = { { 9, 4 }, { 9, 4 } };
	struct gh_log_variances l = { .df = 0 };

	(void)state;
	gh_log_variances_add(&l, two, 3);
	near(l.df, 1, 0);
	near(gh_prior_freedom(&l), 2, 1e-8);
	l = (struct gh_log_variances){ .df = 0 };
	gh_log_variances_add(&l, same, 2);
	assert_true(isinf(gh_prior_freedom(&l)));
	l = (struct gh_log_variances){ .df = 0 };
	assert_true(isinf(gh_prior_freedom(&l)));
}

/* splitmix64, and a chi-square of an even number of degrees of freedom */
static double chi2(uint64_t *seed, int df)
{
	double sum = 0;

	for (int i = 0; i < df; i += 2) {
		uint64_t z = *seed += 0x9E3779B97F4A7C15u;

		z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
		z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
		z ^= z >> 31;
		sum -= 2 * log(((double)(z >> 11) + 0.5) / 9007199254740992.0);
	}
	return sum;
}

/* Drawn as the model says, d0 = 6: 200 metrics of 12 siblings find it again. */
static void prior_freedom_is_found(void **state)
{
	struct gh_log_variances l = { .df = 0 };
	uint64_t seed = 20260918;

	(void)state;
	for (int metric = 0; metric < 200; metric++) {
		struct gh_variance v[12];

		for (int i = 0; i < 12; i++) {
			const double truth = 6 / chi2(&seed, 6);

			v[i].df = 4;
			v[i].var = exp(metric) * truth * chi2(&seed, 4) / 4;
		}
		gh_log_variances_add(&l, v, 12);
	}
	near(gh_prior_freedom(&l), 6, 1);
}

static void moderation_by_siblings(void **state)
{
	const struct gh_variance own = { 9, 2 }, pool = { 1, 24 };
	struct gh_variance v = gh_moderate_by_pool(own, 4, pool);

	(void)state;
	near(v.var, (4 * 1 + 2 * 9) / 6.0, 1e-12);
	near(v.df, 6, 0);
	v = gh_moderate_by_pool(own, 1e6, pool);
	near(v.df, 24, 0); /* as limma caps it */
	v = gh_moderate_by_pool(own, INFINITY, pool);
	near(v.var, 1, 0);
	near(v.df, 24, 0);
}

/* 1 - e^-m for one event, less m e^-m for two. */
static void rare_events(void **state)
{
	(void)state;
	near(gh_poisson_tail(0, 0.6), 1, 0);
	near(gh_poisson_tail(1, 0.6), 1 - exp(-0.6), 1e-12);
	near(gh_poisson_tail(2, 0.6), 1 - 1.6 * exp(-0.6), 1e-12);
}

static void degrees_go_round(void **state)
{
	(void)state;
	near(gh_deviation(GH_METRIC_CIRCULAR, 359, 2), -3, 1e-12);
	near(gh_deviation(GH_METRIC_CIRCULAR, -179, 179), 2, 1e-12);
	near(gh_deviation(GH_METRIC_SCALAR, 359, 2), 357, 1e-12);
}

/* Benjamini and Hochberg 1995, m = 15: q = .05 rejects 4. */
static void benjamini_hochberg(void **state)
{
	static const double p[15] = { .4262, .0001, .0298, .0019, 1.0,
				      .0201, .0278, .0004, .0344, .0459,
				      .3240, .0095, .5719, .6528, .7590 };
	const double cut = gh_bh_cut(p, 15, .05);
	int rejected = 0;

	(void)state;
	for (int i = 0; i < 15; i++)
		rejected += p[i] <= cut;
	assert_int_equal(rejected, 4);
	near(cut, 4 * .05 / 15, 1e-12);
	/* None: what the smallest would have had to be. */
	near(gh_bh_cut(p + 8, 7, .01), .01 / 7, 1e-12);
	near(gh_bh_cut(p, 0, .01), 0, 0);
}

static void identical_readings(void **state)
{
	(void)state;
	near(gh_p_value(0, 0, 5), 1, 0);
	near(gh_p_value(1e-9, 0, 5), 0, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_quantiles),
		cmocka_unit_test(quantile_inverts_tail),
		cmocka_unit_test(anova_by_hand),
		cmocka_unit_test(unbalanced_sessions),
		cmocka_unit_test(never_below_within),
		cmocka_unit_test(large_mean_small_spread),
		cmocka_unit_test(other_versions_do_not_count),
		cmocka_unit_test(moderation),
		cmocka_unit_test(trigamma_goes_back),
		cmocka_unit_test(prior_freedom_by_hand),
		cmocka_unit_test(prior_freedom_is_found),
		cmocka_unit_test(moderation_by_siblings),
		cmocka_unit_test(rare_events),
		cmocka_unit_test(degrees_go_round),
		cmocka_unit_test(benjamini_hochberg),
		cmocka_unit_test(identical_readings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
