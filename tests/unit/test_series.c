/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Trend, change point and moving average against published series: the Nile
 * (G. W. Cobb, Biometrika 65 (1978) 243), NIST's EWMA page, and the average run
 * length that the limit is set for.
 */
#include "measure/series.h" /* what is tested */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void near_to(double is, double expected, double by)
{
	if (!(fabs(is - expected) <= by))
		fail_msg("%.9g, expected %.9g +- %g", is, expected, by);
}

/* Yearly flow at Aswan, 1871 to 1970; the old dam was begun in 1898. */
static const double nile[100] = {
	1120, 1160, 963,  1210, 1160, 1160, 813,  1230, 1370, 1140, 995,  935,
	1110, 994,  1020, 960,	1180, 799,  958,  1140, 1100, 1210, 1150, 1250,
	1260, 1220, 1030, 1100, 774,  840,  874,  694,	940,  833,  701,  916,
	692,  1020, 1050, 969,	831,  726,  456,  824,	702,  1120, 1100, 832,
	764,  821,  768,  845,	864,  862,  698,  845,	744,  796,  1040, 759,
	781,  865,  845,  944,	984,  897,  822,  1010, 771,  676,  649,  846,
	812,  742,  801,  1040, 860,  874,  848,  890,	744,  749,  838,  1050,
	918,  986,  797,  923,	975,  815,  1020, 906,	901,  1170, 912,  746,
	919,  718,  714,  740
};

static void the_nile_changed_in_1899(void **state)
{
	struct gh_change c;

	(void)state;
	assert_true(gh_series_change(nile, 100, &c));
	assert_int_equal(1871 + c.at, 1899);
	near_to(c.before, 1097.75, 1e-9);
	near_to(c.after, 849.9722222, 1e-6);
	assert_true(c.p < 1e-9);
}

static void noise_has_no_change(void **state)
{
	double y[60];
	struct gh_change c;
	uint32_t x = 12345;

	(void)state;
	for (int i = 0; i < 60; i++) {
		x = x * 1664525u + 1013904223u;
		y[i] = x / 4294967296.0;
	}
	assert_true(gh_series_change(y, 60, &c));
	assert_true(c.p > 0.05 && c.p <= 1.0);
	/* one outlier is no change: three points at least on each side */
	y[59] = 100;
	assert_true(gh_series_change(y, 60, &c));
	assert_true(c.at <= 57);
	assert_false(gh_series_change(y, 6, &c));
	for (int i = 0; i < 60; i++)
		y[i] = 7;
	assert_false(gh_series_change(y, 60, &c));
}

static void a_clean_step_has_p_0(void **state)
{
	const double y[] = { 1, 1, 1, 1, 2, 2, 2, 2 };
	struct gh_change c;

	(void)state;
	assert_true(gh_series_change(y, 8, &c));
	assert_int_equal(c.at, 4);
	near_to(c.explains, 1, 1e-12);
	assert_true(c.p < 1e-12);
}

static void a_slope_is_found(void **state)
{
	double days[40], y[40];
	struct gh_trend t;

	(void)state;
	for (int i = 0; i < 40; i++) {
		days[i] = 20000 + i;
		y[i] = 5 + 0.25 * i + ((i * 7) % 5 - 2) * 0.1;
	}
	assert_true(gh_series_trend(days, y, 40, &t));
	near_to(t.per_day, 0.25, 0.002);
	assert_true(t.lo < 0.25 && 0.25 < t.hi && t.hi - t.lo < 0.02);
	assert_true(t.p < 1e-12 && t.explains > 0.99);
	assert_false(gh_series_trend(days, y, 4, &t));
	for (int i = 0; i < 40; i++)
		days[i] = 20000 + i / 80.0;
	assert_false(gh_series_trend(days, y, 40, &t));
}

/*
 * NIST 6.3.2.4 with lambda 0.3 has other limits; the recursion is the same.
 * Here: hand-computed with lambda 0.2 from the mean of the first eight.
 */
static void the_average_follows(void **state)
{
	double y[30];
	struct gh_ewma e;
	double z = 0;

	(void)state;
	for (int i = 0; i < 30; i++)
		y[i] = i < 20 ? 10 + (i % 2 ? 0.1 : -0.1) : 10.8;
	assert_true(gh_series_ewma(y, 30, &e));
	assert_int_equal(e.start, 8);
	near_to(e.mean, 10, 1e-12);
	for (int i = 8; i < 30; i++)
		z = 0.2 * (y[i] - 10) + 0.8 * z;
	near_to(e.z, 10 + z, 1e-12);
	/* 19 ranges of 0.2, one of 0.7, nine of 0 */
	near_to(e.sd, (19 * 0.2 + 0.7) / 29 / 1.128, 1e-12);
	near_to(e.hi - e.mean,
		GH_EWMA_L * e.sd *
			sqrt(0.2 / 1.8 * (1 - pow(0.8, 44)) +
			     pow(1 - pow(0.8, 22), 2) / 8),
		1e-9);
	assert_true(e.out && e.ever);
	assert_true(e.first >= 20 && e.first < 28);
	assert_false(gh_series_ewma(y, 8, &e));
	assert_true(gh_series_ewma(y, 20, &e));
	assert_false(e.ever);
}

/* ---- The limit: average run length by a Markov chain of m states -----------*/

enum { STATES = 121 };

/* Gaussian elimination with the largest pivot. */
static void solve(double (*a)[STATES + 1])
{
	for (int k = 0; k < STATES; k++) {
		int p = k;

		for (int r = k + 1; r < STATES; r++)
			if (fabs(a[r][k]) > fabs(a[p][k]))
				p = r;
		for (int q = k; q <= STATES; q++) {
			const double keep = a[k][q];

			a[k][q] = a[p][q];
			a[p][q] = keep;
		}
		for (int r = 0; r < STATES; r++) {
			const double f = r == k ? 0 : a[r][k] / a[k][k];

			for (int q = k; q <= STATES; q++)
				a[r][q] -= f * a[k][q];
		}
	}
}

static double run_length(double limit)
{
	const double l = GH_EWMA_LAMBDA, h = limit * sqrt(l / (2 - l));
	const double w = 2 * h / STATES;
	double(*a)[STATES + 1] = calloc(STATES, sizeof *a);
	double found;

	assert_non_null(a);
	for (int i = 0; i < STATES; i++) {
		const double from = (1 - l) * (-h + w * (i + 0.5));

		for (int j = 0; j < STATES; j++) {
			const double to = -h + w * (j + 0.5);

			a[i][j] = (i == j) -
				  gsl_cdf_ugaussian_P((to + w / 2 - from) / l) +
				  gsl_cdf_ugaussian_P((to - w / 2 - from) / l);
		}
		a[i][STATES] = 1;
	}
	solve(a);
	found = a[STATES / 2][STATES] / a[STATES / 2][STATES / 2];
	free(a);
	return found;
}

static void the_limit_is_one_in_100000(void **state)
{
	(void)state;
	/* the published one first, so that the chain itself is right */
	near_to(run_length(2.962), 499.7, 1.0);
	near_to(run_length(3.83), 10000, 300);
	near_to(run_length(GH_EWMA_L), 100000, 3000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_nile_changed_in_1899),
		cmocka_unit_test(noise_has_no_change),
		cmocka_unit_test(a_clean_step_has_p_0),
		cmocka_unit_test(a_slope_is_found),
		cmocka_unit_test(the_average_follows),
		cmocka_unit_test(the_limit_is_one_in_100000),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
