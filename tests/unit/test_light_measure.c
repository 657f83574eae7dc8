/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hue, flicker, breath and peak against the oracles of measurement.md 10. */
#include "measure/breath.h"
#include "measure/colour.h"
#include "measure/flicker.h"
#include "measure/peak.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define PI 3.14159265358979323846
#define LOCUS_FILE "../shared/data/cie1931_2deg_1nm.tsv"

static void near(double got, double want, double within)
{
	if (!(fabs(got - want) <= within))
		fail_msg("%.9f, not %.9f +- %g", got, want, within);
}

/* ---- hue ------------------------------------------------------------------ */

static void dominant_wavelengths(void **state)
{
	static const double orange[2] = { .54369557, .32107944 };
	static const double purple[2] = { .37605506, .24452225 };
	struct gh_hue hue = gh_colour_dominant(orange, gh_colour_d65);

	(void)state;
	near(hue.nm, 616.0, 0.5);
	assert_true(hue.is_sharp);
	hue = gh_colour_dominant(purple, gh_colour_d65);
	near(hue.nm, -509.0, 0.5);
	assert_true(hue.purity > 0.0 && hue.purity < 1.0);
}

static void white_has_no_hue(void **state)
{
	static const double nowhere[2] = { NAN, NAN };
	const struct gh_hue hue =
		gh_colour_dominant(gh_colour_d65, gh_colour_d65);

	(void)state;
	assert_true(isnan(hue.nm) && isnan(hue.purity) && !hue.is_sharp);
	assert_true(isnan(gh_colour_dominant(nowhere, gh_colour_d65).nm));
}

/* Half way from white to a spectral colour: that colour, purity one half. */
static void the_published_locus(void **state)
{
	FILE *f = fopen(LOCUS_FILE, "r");
	char line[256];
	int tried = 0;

	(void)state;
	if (f == NULL)
		skip();
	while (fgets(line, sizeof line, f) != NULL) {
		double nm, bar[3], xy[2];
		struct gh_hue hue;

		if (sscanf(line, "%lf %lf %lf %lf", &nm, &bar[0], &bar[1],
			   &bar[2]) != 4 ||
		    nm < 445 || nm > 640)
			continue;
		gh_colour_xy(bar, xy);
		for (int i = 0; i < 2; i++)
			xy[i] = (xy[i] + gh_colour_d65[i]) / 2;
		hue = gh_colour_dominant(xy, gh_colour_d65);
		near(hue.nm, nm, 0.05);
		near(hue.purity, 0.5, 0.001);
		assert_true(hue.is_sharp);
		tried++;
	}
	fclose(f);
	assert_int_equal(tried, 196);
}

/* ---- flicker --------------------------------------------------------------- */

enum { SECOND = 100000 };

static double wave[SECOND];

/* One second of 1 + m sin at f. */
static void make_sine(double m, double hz)
{
	for (int i = 0; i < SECOND; i++)
		wave[i] = 1.0 + m * sin(2 * PI * hz * i / SECOND);
}

/* On for the first `duty` of each period. */
static void make_pwm(double duty, int hz)
{
	for (int i = 0; i < SECOND; i++)
		wave[i] = (i * hz) % SECOND < duty * SECOND ? 1.0 : 0.0;
}

static void flicker_index(void **state)
{
	(void)state;
	make_sine(1.0, 100.0);
	near(gh_flicker_index(wave, SECOND), .318310, 2e-5);
	make_sine(0.3, 100.0);
	near(gh_flicker_index(wave, SECOND), .3 / PI, 1e-5);
	for (int i = 0; i < SECOND; i++)
		wave[i] = fabs(sin(2 * PI * 50.0 * i / SECOND));
	near(gh_flicker_index(wave, SECOND), .210514, 2e-5);
	make_pwm(0.25, 100);
	near(gh_flicker_index(wave, SECOND), 0.75, 1e-9);
	near(gh_flicker_modulation(wave, SECOND, 0.0), 100.0, 1e-9);
	near(gh_flicker_modulation(wave, SECOND, 0.005), 100.0, 1e-9);
	wave[0] = 0.0;
	assert_true(isnan(gh_flicker_index(wave, 1)));
	assert_true(isnan(gh_flicker_modulation(wave, 1, 0.0)));
}

static void stroboscopic_visibility(void **state)
{
	/* threshold(f): section 10; a sine of that depth is just visible */
	static const double just[][2] = { { 100, .2599 },
					  { 120, .2713 },
					  { 200, .3268 },
					  { 400, .5216 },
					  { 1000, 1.4443 } };
	static const double pwm[][2] = { { 100, 4.9026 },
					 { 500, 1.9789 },
					 { 1000, .8815 } };

	(void)state;
	for (int i = 0; i < 5; i++) {
		make_sine(just[i][1], just[i][0]);
		near(gh_flicker_svm(wave, SECOND, SECOND), 1.0, 3e-4);
	}
	make_sine(1.0, 100.0);
	near(gh_flicker_svm(wave, SECOND, SECOND), 3.847, 5e-4);
	for (int i = 0; i < 3; i++) {
		make_pwm(0.5, (int)pwm[i][0]);
		near(gh_flicker_svm(wave, SECOND, SECOND), pwm[i][1],
		     2e-3 * pwm[i][1]);
	}
	make_sine(1.0, 60.0); /* people see that themselves */
	near(gh_flicker_svm(wave, SECOND, SECOND), 0.0, 1e-6);
	assert_true(isnan(gh_flicker_svm(wave, SECOND, 3999.0)));
	assert_true(isnan(gh_flicker_svm(wave, SECOND - 1, SECOND)));
}

static void smoothing(void **state)
{
	double v[6] = { 1, 3, 5, 7, 9, 11 };

	(void)state;
	assert_int_equal(gh_flicker_smooth(v, 6, 19000.0), 6);
	near(v[0], 1.0, 0.0);
	assert_int_equal(gh_flicker_smooth(v, 6, 60000.0), 4);
	near(v[0], 3.0, 1e-12);
	near(v[3], 9.0, 1e-12);
}

/* ---- breath ---------------------------------------------------------------- */

enum { BREATH_MS = 7500, RAMPS = 5 };

static double t_s[BREATH_MS], light[BREATH_MS], room[2 * BREATH_MS];

/* A look that stands, then two breaths between 0.2 and 0.5, 1.7 s a half. */
static const struct gh_ramp ramps[RAMPS] = {
	{ 0.2, 0.6, 0.2, 0.2 },	  { 0.6, 2.3, 0.2, 0.5 },
	{ 2.301, 4.0, 0.5, 0.2 }, { 4.0, 5.7, 0.2, 0.5 },
	{ 5.7, 7.4, 0.5, 0.2 },
};

static size_t breathe(double gain, double late_s, double offset)
{
	size_t n = 0;

	for (int i = 600; i < 7400; i++) {
		const double e = gh_ramps_at(ramps, RAMPS, 0.001 * i - late_s);

		t_s[n] = 0.001 * i;
		light[n++] = gain * e + offset;
	}
	return n;
}

static void ramps_stand_in_between(void **state)
{
	(void)state;
	assert_true(isnan(gh_ramps_at(ramps, RAMPS, 0.1)));
	near(gh_ramps_at(ramps, RAMPS, 0.3), 0.2, 1e-12);
	near(gh_ramps_at(ramps, RAMPS, 1.45), 0.35, 1e-12);
	near(gh_ramps_at(ramps, RAMPS, 2.3005), 0.5, 1e-12);
	near(gh_ramps_at(ramps, RAMPS, 7.6), 0.2, 1e-12);
	assert_true(isnan(gh_ramps_at(ramps, RAMPS, 7.7)));
}

static void a_breath_is_found_again(void **state)
{
	static const double late[] = { -0.03, 0.0, 0.0137, 0.12, 0.31 };
	struct gh_breath fit;

	(void)state;
	for (int i = 0; i < 5; i++) {
		const size_t n = breathe(0.8, late[i], 0.01);

		assert_true(
			gh_breath_fit(ramps, RAMPS, t_s, light, n, room, &fit));
		near(fit.delay_s, late[i], 2e-4);
		near(fit.gain, 0.8, 1e-3);
		near(fit.offset, 0.01, 1e-3);
		near(fit.resid, 0.0, 1e-3);
	}
}

static void dropouts_do_not_bend_the_fit(void **state)
{
	const size_t n = breathe(1.0, 0.02, 0.0);
	struct gh_breath fit;
	struct gh_sputter s;

	(void)state;
	/* 20 ms to 30 %, five times a second: a tenth of the time. */
	for (size_t i = 0; i < n; i++)
		light[i] *= i % 200 < 20 ? 0.3 : 1.0;
	assert_true(gh_breath_fit(ramps, RAMPS, t_s, light, n, room, &fit));
	near(fit.gain, 1.0, 0.01);
	near(fit.delay_s, 0.02, 0.002);
	near(fit.resid, 0.7 * sqrt(0.1), 0.04);
	s = gh_breath_sputter(ramps, RAMPS, &fit, t_s, light, n);
	assert_int_equal(s.events, 34);
	near(s.seconds, 6.8, 0.01);
	near(s.dark_s, 0.68, 1e-6);
	near(s.longest_s, 0.02, 1e-6);
}

/* r < 0.7 for >= 1 ms begins an event, 0.85 ends it. */
static void what_a_dropout_is(void **state)
{
	static const struct gh_ramp flat = { 0.0, 10.0, 1.0, 1.0 };
	static const struct gh_breath fit = { .gain = 1.0 };
	static const double shapes[][4] = { { 0.71, 0.71, 0.71, 0.71 },
					    { 0.69, 0.71, 0.80, 0.84 },
					    { 0.69, 0.86, 0.69, 0.86 } };
	static const unsigned events[] = { 0, 1, 2 };
	static const double dark[] = { 0.0, 0.002, 0.001 };
	struct gh_sputter s;

	(void)state;
	for (int k = 0; k < 3; k++) {
		for (int i = 0; i < 200; i++) {
			t_s[i] = 0.0005 * i;
			light[i] = i >= 100 && i < 108
					   ? shapes[k][(i - 100) / 2]
					   : 1.0;
		}
		s = gh_breath_sputter(&flat, 1, &fit, t_s, light, 200);
		assert_int_equal(s.events, events[k]);
		near(s.dark_s, k == 1 ? 0.004 : 2 * dark[k], 1e-9);
	}
	/* half a millisecond is none; a hole in time ends one */
	light[100] = 0.3;
	for (int i = 101; i < 108; i++)
		light[i] = 1.0;
	s = gh_breath_sputter(&flat, 1, &fit, t_s, light, 200);
	assert_int_equal(s.events, 0);
	for (int i = 100; i < 200; i++) {
		light[i] = 0.3;
		t_s[i] += i < 150 ? 0.0 : 1.0;
	}
	s = gh_breath_sputter(&flat, 1, &fit, t_s, light, 200);
	assert_int_equal(s.events, 2);
	near(s.longest_s, 0.025, 1e-9);
}

static void too_little_to_fit(void **state)
{
	static const struct gh_ramp flat = { 0.0, 8.0, 0.3, 0.3 };
	const size_t n = breathe(1.0, 0.0, 0.0);
	struct gh_breath fit;

	(void)state;
	assert_false(gh_breath_fit(&flat, 1, t_s, light, n, room, &fit));
	assert_false(gh_breath_fit(ramps, RAMPS, t_s, light, 10, room, &fit));
	assert_false(gh_breath_fit(ramps, 0, t_s, light, n, room, &fit));
}

/* ---- peak ------------------------------------------------------------------ */

static void a_peak_between_samples(void **state)
{
	double x[9], y[9];

	(void)state;
	for (int i = 0; i < 9; i++) {
		x[i] = 0.1 * i;
		y[i] = 5.0 - pow(x[i] - 0.43, 2);
	}
	near(gh_peak(x, y, 9), 0.43, 1e-9);
	for (int i = 0; i < 9; i++)
		x[i] = -x[i]; /* the other way */
	near(gh_peak(x, y, 9), -0.43, 1e-9);
	assert_true(isnan(gh_peak(x, y, 4)));
	y[8] = 6.0; /* brightest at the end: nobody knows */
	assert_true(isnan(gh_peak(x, y, 9)));
	for (int i = 0; i < 9; i++)
		y[i] = 1.0;
	assert_true(isnan(gh_peak(x, y, 9)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dominant_wavelengths),
		cmocka_unit_test(white_has_no_hue),
		cmocka_unit_test(the_published_locus),
		cmocka_unit_test(flicker_index),
		cmocka_unit_test(stroboscopic_visibility),
		cmocka_unit_test(smoothing),
		cmocka_unit_test(ramps_stand_in_between),
		cmocka_unit_test(a_breath_is_found_again),
		cmocka_unit_test(dropouts_do_not_bend_the_fit),
		cmocka_unit_test(what_a_dropout_is),
		cmocka_unit_test(too_little_to_fit),
		cmocka_unit_test(a_peak_between_samples),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
