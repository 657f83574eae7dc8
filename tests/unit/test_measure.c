/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Statistics against NIST's certified values and published oracles
 * (measurement.md sections 4 and 12), fits and bins against known mixtures.
 */
#include "base/status.h"
#include "measure/angle.h"
#include "measure/bins.h"
#include "measure/chain.h"
#include "measure/colour.h"
#include "measure/ols.h"
#include "measure/response.h"
#include "measure/stats.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NIST_FILE "../shared/data/nist_univariate.tsv"

static void near(double got, double want, double within)
{
	if (!(fabs(got - want) <= within))
		fail_msg("%.15g is not %.15g +- %g", got, want, within);
}

static size_t read_nist(const char *set, double *out, size_t cap)
{
	FILE *f = fopen(NIST_FILE, "r");
	char line[128], name[32];
	size_t n = 0;
	double value;

	if (!f)
		return 0;
	while (n < cap && fgets(line, sizeof line, f))
		if (sscanf(line, "%31s %*d %lf", name, &value) == 2 &&
		    strcmp(name, set) == 0)
			out[n++] = value;
	(void)fclose(f);
	return n;
}

static void nist_files(void **state)
{
	static const struct {
		const char *set;
		size_t n;
		double mean, sd, lag1;
	} want[] = {
		{ "lew", 200, -177.435, 277.332168044316, -.307304800605679 },
		{ "lottery", 218, 518.958715596330, 291.699727470969,
		  -.120948622967393 },
		{ "mavro", 50, 2.001856, .000429123454003053,
		  .937989183438248 },
		{ "michelson", 100, 299.8524, .0790105478190518,
		  .535199668621283 },
	};
	double x[512];

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(want); i++) {
		const size_t n = read_nist(want[i].set, x, 512);

		if (n == 0)
			skip();
		assert_int_equal(n, want[i].n);
		near(gh_mean(x, n), want[i].mean, fabs(want[i].mean) * 1e-12);
		near(gh_sd(x, n), want[i].sd, want[i].sd * 1e-9);
		near(gh_lag1(x, n), want[i].lag1, 1e-9);
	}
}

static void nist_hard_ones(void **state)
{
	static const double base[] = { 1.0, 1e6, 1e7 };
	double x[1001] = { 10000001, 10000003, 10000002 };

	(void)state;
	near(gh_mean(x, 3), 10000002, 1e-8);
	near(gh_sd(x, 3), 1.0, 1e-12);
	near(gh_lag1(x, 3), -0.5, 1e-12);
	for (size_t b = 0; b < GH_ARRAY_SIZE(base); b++) {
		for (int i = 0; i < 1001; i++)
			x[i] = base[b] + (i == 0 ? 0.2 : i % 2 ? 0.1 : 0.3);
		near(gh_mean(x, 1001), base[b] + 0.2, base[b] * 1e-14);
		near(gh_sd(x, 1001), 0.1, 2e-9);
		near(gh_lag1(x, 1001), -0.999, 1e-6);
	}
}

static void robust_ones(void **state)
{
	double x[] = { 199.31, 199.53, 200.19, 200.82,
		       201.92, 201.95, 202.18, 245.57 };
	const double far = x[7];
	double y[8], median;

	(void)state;
	memcpy(y, x, sizeof y);
	median = gh_median(y, 8);
	/* uranium, measurement.md section 12 */
	near(0.6745 * (far - median) / gh_mad(x, 8), 29.9627, 1e-3);
	near(gh_quantile(y, 8, 0.0), 199.31, 0.0);
	near(gh_quantile(y, 8, 1.0), 245.57, 0.0);
	assert_true(isnan(gh_mean(x, 0)) && isnan(gh_median(x, 0)));
	assert_true(isnan(gh_sd(x, 1)) && isnan(gh_rms(x, 0)));
	assert_true(isnan(gh_mean_abs(x, 0)) && isnan(gh_lag1(x, 1)));
}

static void a_fit_finds_its_coefficients(void **state)
{
	enum { N = 400 };
	static double rows[N * 3], y[N], e[N];
	unsigned random = 7;
	struct gh_fit fit;

	(void)state;
	for (int i = 0; i < N; i++) {
		double noise = -6.0;

		for (int k = 0; k < 12; k++) {
			random = random * 1664525u + 1013904223u;
			noise += (random >> 8) / 16777216.0;
		}
		rows[i * 3] = 1.0;
		rows[i * 3 + 1] = i % 2 ? 1.0 : -1.0;
		rows[i * 3 + 2] = sin(i * 0.1);
		y[i] = 2.0 - 3.0 * rows[i * 3 + 1] + 0.5 * rows[i * 3 + 2] +
		       0.1 * noise;
	}
	assert_true(gh_ols(rows, y, N, 3, &fit, e));
	near(fit.b[0], 2.0, 0.02);
	near(fit.b[1], -3.0, 0.02);
	near(fit.b[2], 0.5, 0.03);
	near(fit.s_e, 0.1, 0.01);
	near(fit.se[0], 0.005, 0.001);
	near(gh_sd(e, N), fit.s_e, 0.001);
	/* Two equal columns, or no more rows than terms: no fit. */
	for (int i = 0; i < N; i++)
		rows[i * 3 + 2] = rows[i * 3 + 1];
	assert_false(gh_ols(rows, y, N, 3, &fit, e));
	assert_false(gh_ols(rows, y, 3, 3, &fit, e));
}

static void a_slow_rest_widens_the_errors(void **state)
{
	enum { N = 200 };
	static double rows[N], y[N], e[N];
	struct gh_fit fit;

	(void)state;
	for (int i = 0; i < N; i++) {
		rows[i] = 1.0;
		y[i] = i / 20 % 2 ? 1.0 : -1.0;
	}
	assert_true(gh_ols(rows, y, N, 1, &fit, e));
	assert_true(fit.rho > 0.85);
	assert_true(fit.se[0] > 3.0 * fit.s_e / sqrt(N));
}

static void a_chain_adds_its_angles(void **state)
{
	static const double length[] = { 0.6, 0.35, 0.15 };
	static const double mass[] = { 0.12, 0.08, 0.05 };
	static const double none[] = { 0.0, 0.0, 0.0 };
	static const double q[] = { 0.3, -0.2, 0.5 };
	const double w0 = 0.6 * (0.06 + 0.13), w1 = 0.35 * (0.04 + 0.05);
	const double w2 = 0.15 * 0.025, sum = w0 + w1 + w2;
	struct gh_chain chain;
	double s, c;

	(void)state;
	gh_chain_init(&chain, length, mass, 3, 0);
	near(chain.w[0], w0 / sum, 1e-12);
	gh_chain_load(&chain, q, &s, &c);
	near(s, (w0 * sin(0.3) + w1 * sin(0.1) + w2 * sin(0.6)) / sum, 1e-12);
	near(c, (w0 * cos(0.3) + w1 * cos(0.1) + w2 * cos(0.6)) / sum, 1e-12);
	gh_chain_init(&chain, length, mass, 3, 2);
	gh_chain_load(&chain, q, &s, &c);
	near(s, sin(0.6), 1e-12);
	gh_chain_init(&chain, none, none, 3, 1);
	gh_chain_load(&chain, q, &s, &c);
	near(s, sin(0.1), 1e-12);
}

static void blocks_and_lines(void **state)
{
	double t[] = { 0.0, 0.005, 0.01, 0.015, 0.05 };
	double v[] = { 1.0, 3.0, 5.0, 7.0, 9.0 };

	(void)state;
	assert_int_equal(gh_blocks(t, v, 5, 0.01), 3);
	near(v[0], 2.0, 0.0);
	near(v[1], 6.0, 0.0);
	near(v[2], 9.0, 0.0);
	near(t[1], 0.0125, 1e-12);
	near(gh_interpolate(t, v, 3, 0.0075), 4.0, 1e-9);
	near(gh_interpolate(t, v, 3, -1.0), 2.0, 0.0);
	near(gh_interpolate(t, v, 3, 1.0), 9.0, 0.0);
	assert_true(isnan(gh_interpolate(t, v, 0, 1.0)));
	assert_int_equal(gh_blocks(t, v, 0, 0.01), 0);
}

static void a_rub_brakes_both_ways(void **state)
{
	enum { N = 400 };
	static double q[N], r[N], way[N];
	struct gh_rub rub;

	(void)state;
	for (int i = 0; i < N; i++) {
		way[i] = i < N / 2 ? 1.0 : -1.0;
		q[i] = -0.6 + 1.2 * (i % (N / 2)) / (N / 2);
		r[i] = fabs(q[i] - 0.3) < 0.02 ? 0.1 : 0.0;
		/* a bump one way only is weight, not a rub */
		if (i < N / 2 && fabs(q[i] + 0.3) < 0.02)
			r[i] = 0.5;
	}
	rub = gh_find_rub(q, r, way, N, 0.025);
	near(rub.at, 0.3, 0.025);
	near(rub.height, 0.1, 0.03);
	assert_true(isnan(gh_find_rub(q, r, way, 3, 0.025).height));
	assert_true(isnan(gh_find_rub(q, r, way, 0, 0.025).height));
}

static void steps_and_first_motion(void **state)
{
	static double t[150], q[150];
	struct gh_step s;

	(void)state;
	for (int i = 0; i < 150; i++) {
		t[i] = i * 0.01;
		q[i] = 0.19 - 0.19 * exp(-t[i] * 10) * cos(t[i] * 30);
	}
	s = gh_step_response(t, q, 150, 1.5, 0.0, 0.2);
	near(s.error_rad, 0.01, 1e-4);
	near(s.overshoot, 0.28, 0.03);
	near(s.settle_s, 0.35, 0.1);
	assert_true(isnan(gh_step_response(t, q, 5, 1.5, 0, 0.2).overshoot));
	assert_true(isnan(gh_step_response(t, q, 150, 9.0, 0, 0.2).settle_s));
	near(gh_first_motion(t, q, 150, 0.0, 0.1, 1.0), 0.03, 0.011);
	assert_true(isnan(gh_first_motion(t, q, 150, 0.0, 0.1, -1.0)));
}

static void colours(void **state)
{
	static const double lamps[][3] = { { 0.73, 0.03, 0.0 },
					   { 0.09, 0.68, 0.11 },
					   { 0.0, 0.14, 0.46 } };
	static const double d65[] = { .3127 / .3290, 1.0,
				      (1 - .3127 - .3290) / .3290 };
	double xyz[3], xy[2];

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(lamps); i++) {
		gh_colour_xyz(lamps[i], xyz);
		for (int k = 0; k < 3; k++)
			assert_true(xyz[k] >= 0.0);
	}
	gh_colour_xy(xyz, xy);
	assert_true(xy[0] < 0.2 && xy[1] < 0.15); /* blue */
	gh_colour_xy(d65, xy);
	near(xy[0], 0.3127, 1e-9);
	near(xy[1], 0.3290, 1e-9);
	gh_colour_uv(d65, xy);
	near(xy[0], 0.19783, 1e-5);
	near(xy[1], 0.46832, 1e-5);
	gh_colour_xy((const double[3]){ 0.0, 0.0, 0.0 }, xy);
	assert_true(isnan(xy[0]));
	near(gh_deg(1.0), 57.2957795, 1e-7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nist_files),
		cmocka_unit_test(nist_hard_ones),
		cmocka_unit_test(robust_ones),
		cmocka_unit_test(a_fit_finds_its_coefficients),
		cmocka_unit_test(a_slow_rest_widens_the_errors),
		cmocka_unit_test(a_chain_adds_its_angles),
		cmocka_unit_test(blocks_and_lines),
		cmocka_unit_test(a_rub_brakes_both_ways),
		cmocka_unit_test(steps_and_first_motion),
		cmocka_unit_test(colours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
