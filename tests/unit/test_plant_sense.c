/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who differs from whom (individuals, sessions, runs, nobody else), and how
 * the plant's sensors show what is there.
 */
#include "sim/plant.h"

#include "unit/plant_lumina.h" /* lumina, sense */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void assert_near(double got, double want, double tolerance)
{
	if (fabs(got - want) > tolerance)
		fail_msg("got %.6g, expected %.6g +- %.3g", got, want,
			 tolerance);
}

/* Reads all sensors for a second of motion into out[]; returns how many. */
static size_t record(struct gh_plant *p, int64_t slice_us, double *out)
{
	size_t n = 0;

	torque_all(p);
	for (unsigned t = 0; t < 20; t++) {
		const double rgbw[4] = { 0.1 * t / 20, 0.5, 0.2, 0 };

		gh_plant_lamp(p, rgbw);
		for (unsigned j = 0; j < p->config.n_joints; j++)
			gh_plant_servo(p, j, 0.02 * t);
		for (int64_t at = 0; at < 50000; at += slice_us)
			gh_plant_step(p, slice_us);
		for (size_t s = 0; s < gh_plant_sensors(p); s++)
			out[n++] = gh_plant_sense(p, (int)s);
	}
	return n;
}

static double recording_a[20 * GH_PLANT_SENSORS];
static double recording_b[20 * GH_PLANT_SENSORS];

static size_t differences(uint64_t seed, unsigned session, int64_t slice_us)
{
	struct gh_plant_config c = lumina();
	struct gh_plant *a = gh_plant_create(&c, 1, 1);
	struct gh_plant *b = gh_plant_create(&c, seed, session);
	const size_t n = record(a, 50000, recording_a);
	size_t different = 0;

	assert_int_equal(n, record(b, slice_us, recording_b));
	for (size_t i = 0; i < n; i++)
		different += memcmp(&recording_a[i], &recording_b[i],
				    sizeof *recording_a) != 0;
	gh_plant_destroy(a);
	gh_plant_destroy(b);
	return different;
}

static void same_seed_same_bytes(void **state)
{
	(void)state;
	assert_int_equal(differences(1, 1, 50000), 0);
	/* however the time is cut, even below the inner step */
	assert_int_equal(differences(1, 1, 1000), 0);
	assert_int_equal(differences(1, 1, 250), 0);
	assert_true(differences(1, 2, 50000) > 300);
	assert_true(differences(2, 1, 50000) > 300);
}

static void sensors_do_not_disturb_each_other(void **state)
{
	struct gh_plant_config c = lumina();
	struct gh_plant *a = gh_plant_create(&c, 1, 1);
	struct gh_plant *b = gh_plant_create(&c, 1, 1);

	(void)state;
	gh_plant_step(a, 30000);
	gh_plant_step(b, 30000);
	(void)sense(a, "core", GH_Q_LIGHT);
	(void)sense(a, "supply.servo", GH_Q_CURRENT);
	assert_near(sense(a, "core", GH_Q_COLOUR_RED),
		    sense(b, "core", GH_Q_COLOUR_RED), 0);
	gh_plant_destroy(a);
	gh_plant_destroy(b);
}

/* rms relative difference of all joints' friction current. */
static double friction_apart(const double a[], const double b[])
{
	double sum = 0;

	for (unsigned j = 0; j < 12; j++)
		sum += (a[j] / b[j] - 1) * (a[j] / b[j] - 1);
	return sqrt(sum / 12);
}

static void friction_of(struct gh_plant *p, double out[])
{
	double up[12] = { 0 }, down[12] = { 0 };

	for (unsigned t = 0; t < 2 * 350; t++) {
		const double at = t < 350 ? t : 700 - t;

		for (unsigned j = 0; j < 12; j++)
			gh_plant_servo(p, j, -SWEEP_RAD + 0.004 * at);
		gh_plant_step(p, SWEEP_TICK_US);
		for (unsigned j = 0; j < 12; j++)
			*(t < 350 ? &up[j] : &down[j]) +=
				sense(p, p->config.joints[j].name,
				      GH_Q_CURRENT) /
				350;
	}
	for (unsigned j = 0; j < 12; j++)
		out[j] = (up[j] - down[j]) / 2;
}

static void seeds_differ_more_than_sessions_than_runs(void **state)
{
	static const struct {
		uint64_t seed;
		unsigned session;
	} who[] = { { 21, 1 }, { 21, 2 }, { 22, 1 } };
	struct gh_plant_config c = lumina();
	double first[3][12], again[12], seeds, sessions, runs;

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		struct gh_plant *p =
			gh_plant_create(&c, who[i].seed, who[i].session);

		sweep_ready(p, 0xfff);
		friction_of(p, first[i]);
		gh_plant_step(p, 60000000);
		if (i == 0)
			friction_of(p, again);
		gh_plant_destroy(p);
	}
	runs = friction_apart(first[0], again);
	sessions = friction_apart(first[0], first[1]);
	seeds = friction_apart(first[0], first[2]);
	/* 1.4 times 1, 3 and 14 %: friction and kt both spread 10 % */
	assert_in_range((uint64_t)(runs * 1e4), 30, 350);
	assert_in_range((uint64_t)(sessions * 1e4), 150, 800);
	assert_in_range((uint64_t)(seeds * 1e4), 900, 4000);
	assert_true(runs < sessions && sessions < seeds);
}

static void sensors_are_found_by_part_and_quantity(void **state)
{
	struct gh_plant_config c = lumina();
	struct gh_plant *p = gh_plant_create(&c, 1, 1);
	enum gh_quantity what;
	const char *part;
	int s;

	(void)state;
	assert_int_equal(gh_plant_sensors(p), 4 * 12 + 2 + 5);
	s = gh_plant_sensor(p, "dawn.wrist", GH_Q_TEMPERATURE);
	assert_true(s >= 0);
	gh_plant_sensor_info(p, (size_t)s, &part, &what);
	assert_string_equal(part, "dawn.wrist");
	assert_int_equal(what, GH_Q_TEMPERATURE);
	assert_int_equal(gh_plant_sensor(p, "dawn.wrist", GH_Q_LIGHT), -1);
	assert_int_equal(gh_plant_sensor(p, "fibre.1", GH_Q_LIGHT), -1);
	gh_plant_destroy(p);
}

static void readings_come_in_steps_with_noise(void **state)
{
	struct gh_plant_config c = single(0.2, 0);
	struct gh_plant *p = gh_plant_create(&c, 3, 1);
	double sum = 0, square = 0;

	(void)state;
	for (unsigned i = 0; i < 2000; i++) {
		double amps, counts;

		gh_plant_step(p, 1000);
		amps = sense(p, "arm.one", GH_Q_CURRENT);
		counts =
			sense(p, "arm.one", GH_Q_POSITION) / GH_PLANT_COUNT_RAD;
		assert_near(counts, round(counts), 1e-9);
		assert_near(amps / 2.69e-3, round(amps / 2.69e-3), 1e-9);
		sum += amps;
		square += amps * amps;
	}
	assert_near(sum / 2000, 0, 5e-4);
	/* 5 mA and the rounding to 2.69 mA steps */
	assert_near(sqrt(square / 2000), 5.06e-3, 3e-4);
	gh_plant_destroy(p);
}

static void current_is_the_mean_since_the_last_look(void **state)
{
	struct gh_plant_config c = single(0.4, 0.3);
	struct gh_plant *p = gh_plant_create(&c, 3, 1);
	double charge_as;

	(void)state;
	torque_all(p);
	gh_plant_servo(p, 0, 0.5);
	gh_plant_step(p, 1000);
	(void)sense(p, "arm.one", GH_Q_CURRENT);
	charge_as = p->joints[0].charge_as;
	gh_plant_step(p, 200000);
	charge_as = p->joints[0].charge_as - charge_as;
	assert_near(sense(p, "arm.one", GH_Q_CURRENT), charge_as / 0.2, 0.025);
	gh_plant_destroy(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_seed_same_bytes),
		cmocka_unit_test(sensors_do_not_disturb_each_other),
		cmocka_unit_test(seeds_differ_more_than_sessions_than_runs),
		cmocka_unit_test(sensors_are_found_by_part_and_quantity),
		cmocka_unit_test(readings_come_in_steps_with_noise),
		cmocka_unit_test(current_is_the_mean_since_the_last_look),
	};

	return cmocka_run_group_tests_name("plant_sense", tests, NULL, NULL);
}
