/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Curves of one part out of recordings made by formula: what friction, weight,
 * a rub, play and a breath went in must lie where it was put.
 */
#include "cli/curve.h"		  /* what is tested */
#include "fakes/fake_recording.h" /* gh_fake_record */

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define DEG_PER_RAD 57.29577951308232
#define RATE_HZ 200.0

static struct gh_arena tmp;

static void read_curve(const struct gh_fake *fake, gh_curve_read *read,
		       int part, struct gh_curve *out)
{
	struct gh_recording *rec = gh_fake_record(fake);

	read(rec, part, &tmp, out);
	gh_arena_reset(&tmp);
	gh_recording_destroy(rec);
}

static unsigned bin_of(const struct gh_curve *c, double x)
{
	return (unsigned)lround((x - c->x0) / c->step);
}

static void near(double got, double want, double within)
{
	if (!(fabs(got - want) <= within))
		fail_msg("%.5f, not %.5f +- %g", got, want, within);
}

/* The slower of two speeds, so that grease adds least. */
static void current_is_friction_and_weight(void **state)
{
	struct gh_fake fake;
	struct gh_curve c;
	double drag;

	(void)state;
	gh_fake_init(&fake, 1, RATE_HZ);
	fake.noise_a = 0.0;
	read_curve(&fake, gh_curve_current, 0, &c);
	drag = fake.joint[0].coulomb_a + 0.4 * fake.joint[0].viscous;
	for (int deg = -25; deg <= 25; deg += 10) {
		const unsigned b = bin_of(&c, deg);
		const double at = c.x0 + b * c.step;
		const double weight = gh_fake_gravity_a(&fake, 0) *
				      fake.joint[0].load *
				      sin(at / DEG_PER_RAD);

		near((c.y[0][b] - c.y[1][b]) / 2, drag, 0.002);
		near((c.y[0][b] + c.y[1][b]) / 2,
		     weight + fake.joint[0].offset_a, 0.004);
	}
	/* 80 degrees are swept; what nobody passed is a gap. */
	assert_true(isnan(c.y[0][bin_of(&c, 60)]));
	assert_in_range(c.n, 45, 60);
}

static void a_rub_lies_where_it_was_put(void **state)
{
	const double at = 0.3 * DEG_PER_RAD;
	struct gh_fake fake;
	struct gh_curve healthy, rubs;

	(void)state;
	gh_fake_init(&fake, 1, RATE_HZ);
	fake.noise_a = 0.0;
	read_curve(&fake, gh_curve_current, 0, &healthy);
	fake.joint[0].bind_a = 0.2;
	read_curve(&fake, gh_curve_current, 0, &rubs);
	for (unsigned way = 0; way < 2; way++) {
		const double there = rubs.y[way][bin_of(&rubs, at)] -
				     healthy.y[way][bin_of(&rubs, at)];
		const double away = rubs.y[way][bin_of(&rubs, at - 20)] -
				    healthy.y[way][bin_of(&rubs, at - 20)];

		/* It brakes both ways. */
		near(way == 0 ? there : -there, 0.19, 0.02);
		near(away, 0.0, 0.002);
	}
}

static void play_opens_the_loop(void **state)
{
	const double play_deg = 0.02 * DEG_PER_RAD;
	struct gh_fake fake;
	struct gh_curve c;

	(void)state;
	gh_fake_init(&fake, 1, RATE_HZ);
	fake.noise_a = 0.0;
	fake.joint[0].lag_s = 0.0;
	fake.joint[0].play_rad = 0.0;
	fake.joint[0].travel = 1.0;
	read_curve(&fake, gh_curve_loop, 0, &c);
	near(c.y[1][bin_of(&c, 0.5)] - c.y[0][bin_of(&c, 0.5)], 0.0, 0.01);
	fake.joint[0].play_rad = 0.02;
	read_curve(&fake, gh_curve_loop, 0, &c);
	near(c.y[1][bin_of(&c, 0.5)] - c.y[0][bin_of(&c, 0.5)], play_deg, 0.15);
	/* 3.4 degrees each way. */
	assert_true(isnan(c.y[0][bin_of(&c, 4.5)]));
}

/* Half the swing is half the height; dropouts show in the lowest alone. */
static void a_breath_is_as_high_as_it_was(void **state)
{
	struct gh_curve whole, half, drops;
	double rise = 0, rise_half = 0, lowest = 0;
	struct gh_fake fake;
	unsigned last = 0;

	(void)state;
	gh_fake_init(&fake, 1, RATE_HZ);
	read_curve(&fake, gh_curve_breath, GH_FAKE_CORE, &whole);
	fake.lights.breath = 0.5;
	read_curve(&fake, gh_curve_breath, GH_FAKE_CORE, &half);
	fake.lights.breath = 1.0;
	fake.lights.sputter_hz = 5.0;
	read_curve(&fake, gh_curve_breath, GH_FAKE_CORE, &drops);
	assert_true(whole.n > 10);
	for (unsigned b = 0; b < GH_CURVE_BINS; b++) {
		if (isnan(whole.y[0][b]))
			continue;
		last = b;
		rise = fmax(rise, fabs(whole.y[0][b] - whole.y[0][0]));
		rise_half = fmax(rise_half, fabs(half.y[0][b] - half.y[0][0]));
		lowest = fmax(lowest, drops.y[0][b] - drops.y[1][b]);
		assert_true(whole.y[1][b] <= whole.y[0][b] + 1e-12);
	}
	assert_int_equal(whole.n, last + 1);
	near(rise_half / rise, 0.5, 0.1);
	assert_true(lowest > 0.1 * rise);
}

static void what_is_not_there_is_a_gap(void **state)
{
	struct gh_fake fake;
	struct gh_curve c;

	(void)state;
	gh_fake_init(&fake, 1, RATE_HZ);
	read_curve(&fake, gh_curve_current, GH_FAKE_CORE, &c);
	assert_int_equal(c.n, 0);
	read_curve(&fake, gh_curve_breath, 0, &c);
	assert_int_equal(c.n, 0);
	fake.joint[0].has_no_position = true;
	read_curve(&fake, gh_curve_current, 0, &c);
	assert_int_equal(c.n, 0);
	read_curve(&fake, gh_curve_loop, 0, &c);
	assert_int_equal(c.n, 0);
	assert_true(isnan(c.y[0][0]) && isnan(c.y[1][GH_CURVE_BINS - 1]));
}

static void runs_lie_over_each_other(void **state)
{
	struct gh_curve one = { .x0 = 0, .step = 1, .n = GH_CURVE_BINS };
	static struct gh_curves all;

	(void)state;
	for (int run = 1; run <= 3; run++) {
		for (unsigned b = 0; b < GH_CURVE_BINS; b++) {
			one.y[0][b] = run * (b + 1.0);
			one.y[1][b] = b == 7 && run > 1 ? 5.0 : (double)NAN;
		}
		gh_curves_add(&all, &one);
	}
	near(gh_curves_mean(&all, 0, 9), 20.0, 1e-12);
	near(all.lo[0][9], 10.0, 1e-12);
	near(all.hi[0][9], 30.0, 1e-12);
	assert_int_equal(all.n[1][7], 2);
	near(gh_curves_mean(&all, 1, 7), 5.0, 1e-12);
	assert_true(isnan(gh_curves_mean(&all, 1, 8)));
}

static int finish(void **state)
{
	(void)state;
	gh_arena_finish(&tmp);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(current_is_friction_and_weight),
		cmocka_unit_test(a_rub_lies_where_it_was_put),
		cmocka_unit_test(play_opens_the_loop),
		cmocka_unit_test(a_breath_is_as_high_as_it_was),
		cmocka_unit_test(what_is_not_there_is_a_gap),
		cmocka_unit_test(runs_lie_over_each_other),
	};

	return cmocka_run_group_tests(tests, NULL, finish);
}
