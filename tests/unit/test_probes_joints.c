/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The joint's rarer troubles on recordings written down sample by sample: ends
 * that come early, a broken tooth, an encoder that leaps, a wire that breaks in
 * one pose, heat, and a supply that ripples.
 */
#include "engine/probe.h"
#include "fakes/fake_recording.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define DEG 57.29577951308232
#define STEP_US 10000

enum { MEASURES = 512 };
enum { Q, AMPS, WARM, SUPPLY_V, SUPPLY_A, CHANNELS };

/* What is wrong with the joint; all 0: nothing. */
struct trouble {
	double tooth_a;	      /* drag at 40 a turn */
	double leap_rad;      /* of the reading between 0.2 and 0.25 rad */
	double glitch_rad;    /* of one single reading */
	double lost_share;    /* of replies within 10 deg of +0.3 rad */
	double lost_anywhere; /* of all replies */
	double stop_rad;      /* something stands there, 0: nothing does */
	double written_rad;   /* a limit is stored there, 0: none */
	double hot_k;	      /* warmer at the end */
	double ripple_v;      /* amplitude at 25 Hz */
	bool was_never_read;  /* its current */
};

struct act {
	enum gh_exercise exercise;
	double to_rad, seconds;
	unsigned repeat;
	int arg;
};

static const struct act script[] = {
	{ GH_EX_TRAVEL, -0.7, 2.0, 0, 0 },
	{ GH_EX_SWEEP, 0.7, 3.5, 0, 0 },
	{ GH_EX_DWELL, 0.7, 0.3, 0, 0 },
	{ GH_EX_SWEEP, -0.7, 3.5, 0, 0 },
	{ GH_EX_DWELL, -0.7, 0.3, 0, 0 },
	{ GH_EX_SWEEP, 0.7, 1.75, 0, 0 },
	{ GH_EX_DWELL, 0.7, 0.3, 0, 0 },
	{ GH_EX_SWEEP, -0.7, 1.75, 0, 0 },
	{ GH_EX_DWELL, -0.7, 0.3, 0, 0 },
	{ GH_EX_SWEEP, 0.7, 3.5, 1, 0 },
	{ GH_EX_DWELL, 0.7, 0.3, 1, 0 },
	{ GH_EX_SWEEP, -0.7, 3.5, 1, 0 },
	{ GH_EX_DWELL, -0.7, 0.3, 1, 0 },
	{ GH_EX_SWEEP, 0.7, 1.75, 1, 0 },
	{ GH_EX_DWELL, 0.7, 0.3, 1, 0 },
	{ GH_EX_SWEEP, -0.7, 1.75, 1, 0 },
	{ GH_EX_DWELL, -0.7, 0.3, 1, 0 },
	{ GH_EX_TRAVEL, 0.0, 2.0, 0, 0 },
	{ GH_EX_REVERSAL, 0.06, 1.0, 0, 0 },
	{ GH_EX_REVERSAL, -0.06, 2.0, 0, 0 },
	{ GH_EX_REVERSAL, 0.0, 1.0, 0, 0 },
	{ GH_EX_REVERSAL, 0.06, 1.0, 1, 0 },
	{ GH_EX_REVERSAL, -0.06, 2.0, 1, 0 },
	{ GH_EX_REVERSAL, 0.0, 1.0, 1, 0 },
	{ GH_EX_STEP, 0.2, 0.2, 0, 0 },
	{ GH_EX_STEP, 0.0, 0.2, 1, 0 },
	{ GH_EX_END, 1.2, 3.0, 0, 1 },
	{ GH_EX_TRAVEL, 0.0, 1.0, 0, 0 },
	{ GH_EX_END, -1.1, 3.0, 0, 0 },
	{ GH_EX_TRAVEL, 0.0, 1.0, 0, 0 },
	{ GH_EX_END, 1.2, 3.0, 1, 1 },
	{ GH_EX_TRAVEL, 0.0, 1.0, 1, 0 },
	{ GH_EX_END, -1.1, 3.0, 1, 0 },
	{ GH_EX_TRAVEL, 0.0, 1.0, 1, 0 },
	{ GH_EX_REST, 0.0, 0.5, 0, 0 },
	{ GH_EX_REST, 0.0, 0.5, 1, 0 },
};

static struct gh_measure measures[MEASURES];
static size_t n_measures;

static const struct gh_measure *find(int part, const char *id)
{
	for (size_t i = 0; i < n_measures; i++)
		if (measures[i].part == part && strcmp(measures[i].id, id) == 0)
			return &measures[i];
	fail_msg("no measure %s", id);
	return NULL;
}

static double value_of(int part, const char *id)
{
	const struct gh_measure *m = find(part, id);

	if (m->reason != GH_REASON_NONE)
		fail_msg("%s: %s (%s)", id, gh_reason_name(m->reason), m->note);
	return m->v[0];
}

static double value(const char *id)
{
	return value_of(0, id);
}

static void near(const char *id, double want, double within)
{
	const double got = value(id);

	if (!(fabs(got - want) <= within))
		fail_msg("%s is %.6f, not %.6f +- %g", id, got, want, within);
}

static double random_share(void)
{
	static unsigned random = 1;

	random = random * 1664525u + 1013904223u;
	return (double)(random >> 8) / 16777216.0;
}

static void put(struct gh_recording *rec, unsigned channel, gh_us t, double v)
{
	const double scale = gh_recording_channel(rec, channel)->scale;
	const int16_t raw =
		isnan(v) ? GH_REC_INVALID : (int16_t)lround(v / scale);

	assert_true(gh_recording_add(rec, channel, t, raw));
}

/* One sample of everything, where the joint really is. */
static void sample(struct gh_recording *rec, const struct trouble *bad,
		   const struct gh_span *span, gh_us t)
{
	const double v = (span->to_rad - span->from_rad) * GH_US_PER_S /
			 (double)(span->end - span->begin);
	const double told = gh_span_command(span, t);
	const double way = (v > 0.0) - (v < 0.0);
	double q = told, amps, seen, s = (double)t / GH_US_PER_S;
	bool is_lost = random_share() < bad->lost_anywhere;

	if (bad->stop_rad > 0.0)
		q = fmin(q, bad->stop_rad);
	if (bad->written_rad > 0.0)
		q = fmin(q, bad->written_rad);
	amps = (0.06 + bad->tooth_a * cos(40.0 * q)) * way + 0.3 * sin(q);
	if (bad->stop_rad > 0.0)
		amps += 4.0 * (told - q);
	seen = q + 0.0005 * (random_share() - 0.5);
	if (q > 0.2 && q < 0.25)
		seen += bad->leap_rad;
	if (t == 8000000)
		seen += bad->glitch_rad;
	if (fabs(told - 0.3) < 10.0 / DEG)
		is_lost = is_lost || random_share() < bad->lost_share;
	put(rec, Q, t, is_lost ? NAN : seen);
	put(rec, AMPS, t, is_lost ? NAN : bad->was_never_read ? 0.0 : amps);
	put(rec, WARM, t, 25.0 + bad->hot_k * s / 50.0);
	put(rec, SUPPLY_A, t, 0.5 + fabs(amps));
	put(rec, SUPPLY_V, t,
	    12.0 + bad->ripple_v * sin(2.0 * 3.14159265358979 * 25.0 * s));
}

static struct gh_recording *create(struct gh_fake *fake)
{
	static const struct {
		int part;
		enum gh_quantity what;
		double scale;
	} rows[CHANNELS] = {
		[Q] = { 0, GH_Q_POSITION, 1e-4 },
		[AMPS] = { 0, GH_Q_CURRENT, 1e-4 },
		[WARM] = { 0, GH_Q_TEMPERATURE, 0.01 },
		[SUPPLY_V] = { GH_FAKE_SUPPLY, GH_Q_VOLTAGE, 0.001 },
		[SUPPLY_A] = { GH_FAKE_SUPPLY, GH_Q_CURRENT, 0.001 },
	};
	struct gh_rec_channel about[CHANNELS];

	gh_fake_init(fake, 1, 100.0);
	for (unsigned c = 0; c < CHANNELS; c++)
		about[c] = (struct gh_rec_channel){ .part = rows[c].part,
						    .what = rows[c].what,
						    .measured = true,
						    .scale = rows[c].scale,
						    .rate_hz = 100.0,
						    .step_us = STEP_US,
						    .lo = -32767,
						    .hi = 32767 };
	return gh_recording_create(&fake->rig, about, CHANNELS, 80.0);
}

static void measure(const struct trouble *bad)
{
	struct gh_fake fake;
	struct gh_recording *rec = create(&fake);
	struct gh_span span = { .part = 0 };
	gh_us t = 0;

	assert_non_null(rec);
	for (size_t i = 0; i < GH_ARRAY_SIZE(script); i++) {
		span.exercise = script[i].exercise;
		span.repeat = script[i].repeat;
		span.arg = script[i].arg;
		span.begin = span.end;
		span.end += llround(script[i].seconds * GH_US_PER_S);
		span.from_rad = span.to_rad;
		span.to_rad = script[i].to_rad;
		span.shape = GH_SHAPE_LINEAR;
		for (; t < span.end; t += STEP_US)
			sample(rec, bad, &span, t);
		assert_true(gh_recording_add_span(rec, &span));
	}
	n_measures = gh_probes_run(gh_probes, rec, gh_fake_wanted(), measures,
				   MEASURES);
	gh_recording_destroy(rec);
}

static void a_healthy_joint(void **state)
{
	(void)state;
	measure(&(struct trouble){ .ripple_v = 0.01 });
	near("joint.end_high", 1.2 * DEG, 0.7);
	near("joint.end_low", -1.1 * DEG, 0.7);
	near("joint.end_current", 0.06 + 0.3 * sin(1.18), 0.01);
	near("joint.order_40", 0.0, 0.001);
	near("joint.encoder_jump", 0.0, 0.05);
	near("servo.lost_at", 0.0, 0.0);
	near("servo.stiction", 1.0, 0.05);
	assert_true(value("joint.sparc") > -2.5);
	assert_true(value("joint.sparc") < -1.0);
	assert_true(value("joint.ldlj") < -4.0);
	assert_int_equal(find(0, "joint.hunt_hz")->reason,
			 GH_REASON_NOT_MEASURED);
	/* 10 mV of amplitude; the mean over 100 ms takes none of 25 Hz. */
	assert_true(fabs(value_of(GH_FAKE_SUPPLY, "supply.ripple") - 0.0071) <
		    0.0008);
	assert_true(fabs(value_of(GH_FAKE_SUPPLY, "supply.rest") - 0.5) < 0.01);
	/* One step with the weight, one against it: 0.587 and 0.527 A. */
	assert_true(fabs(value_of(GH_FAKE_SUPPLY, "supply.inrush") - 0.557) <
		    0.01);
	assert_true(isfinite(find(0, "joint.end_high")->rep[1][0]));
}

/* Both come 20 deg early; only one of them is pushed against. */
static void an_obstacle_is_no_stored_limit(void **state)
{
	(void)state;
	measure(&(struct trouble){ .stop_rad = 1.2 - 20.0 / DEG });
	near("joint.end_high", 1.2 * DEG - 20.0, 0.1);
	near("joint.end_low", -1.1 * DEG, 0.7);
	assert_true(value("joint.end_current") > 0.6);
	measure(&(struct trouble){ .written_rad = 1.2 - 20.0 / DEG });
	near("joint.end_high", 1.2 * DEG - 20.0, 0.1);
	assert_true(value("joint.end_current") < 0.34);
}

static void a_tooth_comes_round(void **state)
{
	(void)state;
	measure(&(struct trouble){ .tooth_a = 0.02 });
	near("joint.order_40", 0.02, 0.001);
	near("joint.coulomb", 0.06, 0.002);
	assert_true(value("joint.residual") > 0.012);
}

static void an_encoder_leaps_at_every_passage(void **state)
{
	(void)state;
	measure(&(struct trouble){ .leap_rad = 1.0 / DEG });
	near("joint.encoder_jump", 1.0, 0.05);
	/* 11.5 to 14.3 deg, plus the leap itself */
	assert_non_null(strstr(find(0, "joint.encoder_jump")->note,
			       "most often near 1"));
	/* Once is a bad reading, not a worn track. */
	measure(&(struct trouble){ .glitch_rad = 5.0 / DEG });
	near("joint.encoder_jump", 0.0, 0.05);
}

static void a_wire_breaks_in_one_pose(void **state)
{
	(void)state;
	measure(&(struct trouble){ .lost_share = 0.3 });
	assert_true(value("servo.lost_at") > 0.5);
	assert_true(value("servo.lost") > 10000.0);
	measure(&(struct trouble){ .lost_anywhere = 0.05 });
	assert_true(value("servo.lost_at") < 0.2);
	near("servo.lost", 50000.0, 8000.0);
	/* All are lost: there is no pose in which it answers. */
	measure(&(struct trouble){ .lost_anywhere = 2.0 });
	near("servo.lost", 1e6, 0.0);
	near("servo.lost_at", 0.0, 1e-9);
}

static void heat_is_held_against_the_current(void **state)
{
	double mild;

	(void)state;
	measure(&(struct trouble){ .hot_k = 10.0 });
	mild = value("servo.heat");
	assert_true(value("servo.dtemp") > 8.0);
	measure(&(struct trouble){ .hot_k = 20.0 });
	near("servo.heat", 2.0 * mild, 0.01 * mild);
	measure(&(struct trouble){ .hot_k = 3.0 });
	assert_int_equal(find(0, "servo.heat")->reason,
			 GH_REASON_NOT_COMPUTABLE);
	measure(&(struct trouble){ .hot_k = 10.0, .was_never_read = true });
	assert_int_equal(find(0, "servo.heat")->reason,
			 GH_REASON_SENSOR_SUSPECT);
	assert_int_equal(find(0, "servo.stiction")->reason,
			 GH_REASON_SENSOR_SUSPECT);
	assert_int_equal(find(0, "joint.end_current")->reason,
			 GH_REASON_SENSOR_SUSPECT);
	/* The current says where it was stopped. */
	assert_int_equal(find(0, "joint.end_high")->reason,
			 GH_REASON_SENSOR_SUSPECT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_healthy_joint),
		cmocka_unit_test(an_obstacle_is_no_stored_limit),
		cmocka_unit_test(a_tooth_comes_round),
		cmocka_unit_test(an_encoder_leaps_at_every_passage),
		cmocka_unit_test(a_wire_breaks_in_one_pose),
		cmocka_unit_test(heat_is_held_against_the_current),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
