/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Smoothness against the figures of its published reference (measurement.md
 * section 3.1), spectra and orders against mixtures that are known.
 */
#include "base/arena.h"
#include "measure/order.h"
#include "measure/smooth.h"
#include "measure/spectrum.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define PI 3.14159265358979323846

enum { BELL = 200, LONG = 1000 };

static void near(double got, double want, double within)
{
	if (!(fabs(got - want) <= within))
		fail_msg("%.12g is not %.12g +- %g", got, want, within);
}

/* t = -1:0.01:0.99, v = exp(-5 t^2) */
static void fill_bell(double *v)
{
	for (int i = 0; i < BELL; i++) {
		const double t = -1.0 + i * 0.01;

		v[i] = exp(-5.0 * t * t);
	}
}

static void the_published_bell(void **state)
{
	struct gh_arena tmp = { NULL };
	double v[BELL];

	(void)state;
	fill_bell(v);
	near(gh_sparc(v, BELL, 100.0, &tmp), -1.4140312617, 1e-10);
	near(gh_dlj(v, BELL, 100.0), -335.74683703, 1e-8);
	near(gh_ldlj(v, BELL, 100.0), -5.8163574148, 1e-10);
	gh_arena_finish(&tmp);
}

/* Size and duration say nothing of smoothness; a second push does. */
static void neither_size_nor_duration_counts(void **state)
{
	struct gh_arena tmp = { NULL };
	double v[BELL], twice[BELL];

	(void)state;
	fill_bell(v);
	for (int i = 0; i < BELL; i++)
		twice[i] = 7.0 * v[i];
	near(gh_sparc(twice, BELL, 100.0, &tmp), -1.4140312617, 1e-9);
	near(gh_ldlj(twice, BELL, 50.0), -5.8163574148, 1e-9);
	for (int i = 0; i < BELL; i++)
		twice[i] = v[i] * (1.0 - 0.5 * cos(2.0 * PI * 3.0 * i / 100.0));
	assert_true(gh_sparc(twice, BELL, 100.0, &tmp) < -1.6);
	assert_true(gh_ldlj(twice, BELL, 100.0) < -7.0);
	gh_arena_finish(&tmp);
}

static void nothing_is_not_smooth(void **state)
{
	struct gh_arena tmp = { NULL };
	const double none[16] = { 0.0 };
	const double even[3] = { 1.0, 1.0, 1.0 };

	(void)state;
	assert_true(isnan(gh_sparc(none, 16, 100.0, &tmp)));
	assert_true(isnan(gh_sparc(none, 0, 100.0, &tmp)));
	assert_true(isnan(gh_dlj(none, 16, 100.0)));
	assert_true(isnan(gh_ldlj(even, 3, 100.0)));
	assert_true(isnan(gh_dlj(even, 2, 100.0)));
	gh_arena_finish(&tmp);
}

static void a_tone_stands_where_it_is(void **state)
{
	static const double hz[] = { 2.0, 3.3, 11.7, 40.0 };
	struct gh_arena tmp = { NULL };
	double x[BELL];

	(void)state;
	for (size_t k = 0; k < sizeof hz / sizeof hz[0]; k++) {
		for (int i = 0; i < BELL; i++)
			x[i] = 5.0 + 0.3 * sin(2.0 * PI * hz[k] * i / 100.0);
		near(gh_peak_hz(x, BELL, 100.0, &tmp), hz[k], 0.1);
	}
	assert_true(isnan(gh_peak_hz(x, 7, 100.0, &tmp)));
	for (int i = 0; i < BELL; i++)
		x[i] = 5.0;
	assert_true(isnan(gh_peak_hz(x, BELL, 100.0, &tmp)));
	gh_arena_finish(&tmp);
}

/* Parseval: what a spectrum holds is what went in. */
static void a_spectrum_loses_nothing(void **state)
{
	struct gh_arena tmp = { NULL };
	struct gh_spectrum s;
	double v[BELL], in = 0.0, out = 0.0;

	(void)state;
	fill_bell(v);
	s = gh_spectrum(v, BELL, 100.0, 4, &tmp);
	assert_int_equal(s.n, 4096 / 2 + 1);
	near(s.step_hz, 100.0 / 4096, 1e-12);
	for (int i = 0; i < BELL; i++)
		in += v[i] * v[i];
	for (size_t i = 0; i < s.n; i++)
		out += (i == 0 || i + 1 == s.n ? 1.0 : 2.0) * s.size[i] *
		       s.size[i];
	near(out / 4096.0, in, 1e-9 * in);
	gh_arena_finish(&tmp);
}

/* Three whole periods forth and three back, with a tooth at 40 a turn. */
static void a_tooth_is_counted(void **state)
{
	static double q[LONG], r[LONG], way[LONG];

	(void)state;
	for (int i = 0; i < LONG; i++) {
		const int k = i % (LONG / 2);

		way[i] = i < LONG / 2 ? 1.0 : -1.0;
		q[i] = way[i] * (3.0 * 2.0 * PI / 40.0) *
		       ((double)k / (LONG / 2) - 0.5);
		r[i] = 0.02 * cos(40.0 * q[i] + 0.7) + 0.1;
	}
	near(gh_order(q, r, way, LONG, 40.0), 0.02, 1e-9);
	near(gh_order(q, r, way, LONG, 80.0), 0.0, 1e-9);
	/* One that pushes forth and brakes back is there all the same. */
	for (int i = LONG / 2; i < LONG; i++)
		r[i] = 0.1 - 0.02 * cos(40.0 * q[i] + 0.7);
	near(gh_order(q, r, way, LONG, 40.0), 0.02, 1e-9);
	assert_true(isnan(gh_order(q, r, way, LONG / 2, 40.0)));
	assert_true(isnan(gh_order(q, r, way, 0, 40.0)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_published_bell),
		cmocka_unit_test(neither_size_nor_duration_counts),
		cmocka_unit_test(nothing_is_not_smooth),
		cmocka_unit_test(a_tone_stands_where_it_is),
		cmocka_unit_test(a_spectrum_loses_nothing),
		cmocka_unit_test(a_tooth_is_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
