/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The plant against what mechanics says: friction, weight, play, stops, drift
 * and sensors. The expected figures are computed here from the textbook, not
 * read from the plant, except for the unit spread that the seed gave it.
 *
 * Cost, measured on the build machine: 12 joints, 60 s of motion, 0.5 ms
 * steps, sensors at 100 Hz: 0.18 s of CPU (0.72 s at 0.1 ms). Not asserted.
 */
#include "sim/plant.h"

#include "sim/plant_friction.h" /* gh_friction_step */
#include "sim/rng.h"		/* gh_rng_normal */
#include "unit/plant_lumina.h"	/* lumina, sweep_joint */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define GRAVITY 9.80665

static void assert_near(double got, double want, double tolerance)
{
	if (fabs(got - want) > tolerance)
		fail_msg("got %.6g, expected %.6g +- %.3g", got, want,
			 tolerance);
}

static void rng_has_mean_0_and_sd_1(void **state)
{
	double sum = 0, square = 0;
	struct gh_rng a, b;

	(void)state;
	gh_rng_seed(&a, 1, 2, 3);
	gh_rng_seed(&b, 1, 2, 4);
	assert_true(gh_rng_next(&a) != gh_rng_next(&b));
	for (unsigned i = 0; i < 40000; i++) {
		const double x = gh_rng_normal(&a);

		sum += x;
		square += x * x;
	}
	assert_near(sum / 40000, 0, 0.02);
	assert_near(square / 40000, 1, 0.03);
}

static void friction_stops_and_never_turns_round(void **state)
{
	(void)state;
	/* slow body, much friction: at rest after this step, not reversed */
	assert_near(gh_friction_step(0.01, 0, 1, 0.02, 0.001), 0, 1e-15);
	/* resting body, push below the limit: stays */
	assert_near(gh_friction_step(0, 0.5, 1, 0.02, 0.001), 0, 1e-15);
	/* above it: only the excess accelerates */
	assert_near(gh_friction_step(0, 1.5, 1, 0.02, 0.001), 0.025, 1e-12);
	assert_near(gh_friction_step(0, -1.5, 1, 0.02, 0.001), -0.025, 1e-12);
}

static void reference_friction_has_a_breakaway_peak(void **state)
{
	const struct gh_friction f = {
		.model = gh_friction_model("reference"),
		.coulomb_nm = 0.1,
		.stribeck_nm = 0.02,
		.stribeck_rad_s = 1.75,
		.stribeck_power = 1.14,
		.viscous_nms = 0.05,
		.load_share = 0.1,
	};

	(void)state;
	assert_null(gh_friction_model("m7"));
	assert_near(f.model->limit(&f, 0, 0, 0), 0.12, 1e-12);
	assert_near(f.model->limit(&f, -1.75, 0, 0),
		    0.1 + 0.0875 + 0.02 * exp(-1), 1e-12);
	assert_near(f.model->limit(&f, 0, 0, -0.5), 0.17, 1e-12);
}

/* Half the difference of up and down at two speeds gives Kc and Kv. */
static void sweeps_recover_coulomb_and_viscous(void **state)
{
	struct gh_plant_config c = single(0.2, 0);
	struct gh_plant *p = gh_plant_create(&c, 5, 1);
	struct gh_joint *j = &p->joints[0];
	struct sweep slow, fast;
	double slow_nm, fast_nm;

	(void)state;
	j->friction.model = gh_friction_model("m1");
	sweep_ready(p, 1);
	slow = sweep_joint(p, 1, 0, 0.4, 3, sin_of_chain);
	fast = sweep_joint(p, 1, 0, 1.6, 6, sin_of_chain);
	slow_nm = (slow.up_a - slow.down_a) / 2 * j->kt_nm_a;
	fast_nm = (fast.up_a - fast.down_a) / 2 * j->kt_nm_a;
	/* 0.105 N m: gears and bearing. 3 %: it drifts by 1 % while we look. */
	assert_near((slow_nm - (fast_nm - slow_nm) / 3) / j->friction_scale,
		    0.105, 0.105 * 0.03);
	assert_near((fast_nm - slow_nm) / 1.2 / j->friction_scale, 0.0507,
		    0.0507 * 0.05);
	gh_plant_destroy(p);
}

static void one_link_weighs_m_g_l(void **state)
{
	struct gh_plant_config c = single(0.4, 0.3);
	struct gh_plant *p = gh_plant_create(&c, 6, 1);
	struct sweep s;

	(void)state;
	sweep_ready(p, 1);
	s = sweep_joint(p, 1, 0, 0.4, 2, sin_of_chain);
	assert_near(s.load_a, 0.3 * GRAVITY * 0.2 / p->joints[0].kt_nm_a,
		    0.01 * s.load_a);
	gh_plant_destroy(p);
}

/* Torque about the shoulder of "resilience", from coordinates. */
static double shoulder_torque(const struct gh_plant *p, unsigned joint)
{
	static const double length[] = { 0.25, 0.20, 0.15 };
	static const double mass[] = { 0.20, 0.15, 0.08 };
	double x = 0, tilt = 0, nm = 0;

	for (unsigned k = 0; k < 3; k++) {
		tilt += gh_plant_true_angle(p, joint + k);
		nm += mass[k] * GRAVITY * (x + length[k] / 2 * sin(tilt));
		x += length[k] * sin(tilt);
	}
	return nm;
}

static void shoulder_carries_the_whole_chain(void **state)
{
	struct gh_plant_config c = lumina();
	struct gh_plant *p = gh_plant_create(&c, 7, 1);
	const double kt = p->joints[SHOULDER].kt_nm_a;
	struct sweep s;

	(void)state;
	sweep_ready(p, 7u << SHOULDER);
	s = sweep_joint(p, 7u << SHOULDER, SHOULDER, 0.4, 1, shoulder_torque);
	assert_near(s.load_a, 1 / kt, 0.01 / kt);
	/* A pose that is not straight: elbow up, wrist down. */
	gh_plant_servo(p, ELBOW, 0.6);
	gh_plant_servo(p, WRIST, -0.5);
	gh_plant_step(p, 1000000);
	s = sweep_joint(p, 1u << SHOULDER, SHOULDER, 0.4, 1, shoulder_torque);
	assert_near(s.load_a, 1 / kt, 0.02 / kt);
	gh_plant_destroy(p);
}

static void joints_may_come_in_any_order(void **state)
{
	struct gh_plant_config c = lumina();
	const struct gh_plant_joint tip = c.joints[WRIST];
	struct gh_plant *p;

	(void)state;
	c.joints[WRIST] = c.joints[SHOULDER];
	c.joints[SHOULDER] = tip;
	p = gh_plant_create(&c, 7, 1);
	assert_near(p->joints[WRIST].peak_load_nm, 1.1719, 1e-3);
	assert_near(p->joints[SHOULDER].peak_load_nm, 0.0588, 1e-3);
	gh_plant_destroy(p);
}

static void play_is_a_quarter_of_a_degree(void **state)
{
	struct gh_plant_config c = single(0.2, 0);
	struct gh_plant *p = gh_plant_create(&c, 8, 1);
	struct sweep s;

	(void)state;
	sweep_ready(p, 1);
	s = sweep_joint(p, 1, 0, 0.4, 2, sin_of_chain);
	/* The bearing winds the gears up by 2 * 0.005 / 300 rad = 0.002 deg */
	assert_near(s.lost_rad / GH_PLANT_DEG, 0.252, 0.01);
	gh_plant_destroy(p);
}

static void stops_hold(void **state)
{
	struct gh_plant_config c = lumina();
	struct gh_plant *p = gh_plant_create(&c, 9, 1);

	(void)state;
	torque_all(p);
	gh_plant_servo(p, WRIST, 1.3);
	gh_plant_step(p, 2000000);
	assert_near(gh_plant_true_angle(p, WRIST), 60 * GH_PLANT_DEG, 1e-9);
	assert_true(sense(p, "resilience.wrist", GH_Q_CURRENT) > 0.5);
	gh_plant_destroy(p);
}

static void without_torque_the_arm_falls(void **state)
{
	struct gh_plant_config c = lumina();
	struct gh_plant *p = gh_plant_create(&c, 10, 1);
	const char *name = c.joints[SHOULDER].name;

	(void)state;
	torque_all(p);
	gh_plant_servo(p, SHOULDER, 1.0);
	gh_plant_step(p, 2000000);
	assert_near(gh_plant_true_angle(p, SHOULDER), 1.0, 0.05);
	gh_plant_torque(p, SHOULDER, false);
	gh_plant_step(p, 5000000);
	/* Rests where friction carries its weight: about 0.11 rad. */
	assert_near(gh_plant_true_angle(p, SHOULDER), 0, 0.2);
	(void)sense(p, name, GH_Q_CURRENT);
	gh_plant_step(p, 1000000);
	assert_near(sense(p, name, GH_Q_CURRENT), 0, 0.02);
	gh_plant_destroy(p);
}

/* 0.5 ms steps must say what 0.1 ms steps say. */
static void finer_steps_change_little(void **state)
{
	struct gh_plant_config c = lumina();
	static const unsigned watched[] = { SHOULDER, ELBOW, WRIST };
	struct sweep s[2];

	(void)state;
	for (unsigned i = 0; i < GH_ARRAY_SIZE(watched); i++) {
		for (unsigned fine = 0; fine < 2; fine++) {
			struct gh_plant *p = gh_plant_create(&c, 11, 1);

			p->step_us = fine ? 100 : 500;
			sweep_ready(p, 0xfff);
			s[fine] = sweep_joint(p, 0xfff, watched[i], 0.8, 3,
					      sin_of_chain);
			gh_plant_destroy(p);
		}
		/* A tenth of the 3 % that friction spreads between sessions. */
		assert_near(s[0].up_a, s[1].up_a, 0.003 * s[1].up_a);
		assert_near(s[0].down_a, s[1].down_a, -0.003 * s[1].down_a);
		assert_near(s[0].load_a, s[1].load_a, 0.005 * s[1].load_a);
		assert_near(s[0].track_rad, s[1].track_rad,
			    0.003 * s[1].track_rad);
	}
}

static void holding_a_load_warms_the_servo(void **state)
{
	struct gh_plant_config c = single(0.4, 0.6);
	struct gh_plant *p = gh_plant_create(&c, 3, 1);
	double cold_c, warm_c;

	(void)state;
	cold_c = sense(p, "arm.one", GH_Q_TEMPERATURE);
	assert_near(cold_c, 21, 8);
	torque_all(p);
	gh_plant_servo(p, 0, 1.2);
	gh_plant_step(p, 120000000);
	warm_c = sense(p, "arm.one", GH_Q_TEMPERATURE);
	assert_true(warm_c > cold_c + 0.3 && warm_c < cold_c + 10);
	assert_true(p->joints[0].hot_ohm > p->joints[0].winding_ohm);
	gh_plant_destroy(p);
}

static void supply_falls_by_its_own_resistance(void **state)
{
	struct gh_plant_config c = lumina();
	struct gh_plant *p = gh_plant_create(&c, 4, 1);
	double idle_v, idle_a, busy_v, busy_a;

	(void)state;
	gh_plant_step(p, 100000);
	(void)sense(p, "supply.servo", GH_Q_CURRENT);
	gh_plant_step(p, 100000);
	idle_a = sense(p, "supply.servo", GH_Q_CURRENT);
	idle_v = gh_plant_true_supply_v(p);
	assert_near(idle_a, 12 * 0.03, 0.02);
	torque_all(p);
	for (unsigned j = 0; j < 12; j++)
		gh_plant_servo(p, j, 5); /* all against their stops */
	gh_plant_step(p, 1000000);
	(void)sense(p, "supply.servo", GH_Q_CURRENT);
	gh_plant_step(p, 10000);
	busy_a = sense(p, "supply.servo", GH_Q_CURRENT);
	busy_v = gh_plant_true_supply_v(p);
	assert_true(busy_a > 20);
	assert_near((idle_v - busy_v) / (busy_a - idle_a), 0.05, 0.002);
	assert_near(sense(p, "supply.servo", GH_Q_VOLTAGE), busy_v, 0.03);
	gh_plant_destroy(p);
}

static void another_run_is_the_same_individual(void **state)
{
	struct gh_plant_config c = lumina();
	struct gh_plant *one = gh_plant_create(&c, 4, 1);
	struct gh_plant *two = gh_plant_create(&c, 4, 1);
	unsigned alike = 0;

	(void)state;
	gh_plant_another_run(two, 77);
	for (unsigned i = 0; i < c.n_joints; i++) {
		const struct gh_joint *a = &one->joints[i],
				      *b = &two->joints[i];

		assert_near(a->friction_scale, b->friction_scale, 1e-15);
		assert_near(a->kt_nm_a, b->kt_nm_a, 1e-15);
		alike += fabs(a->friction_drift - b->friction_drift) < 1e-12;
	}
	assert_int_equal(alike, 0);
	assert_true(fabs(one->supply.drift - two->supply.drift) > 1e-12);
	assert_near(one->supply.emf_v, two->supply.emf_v, 1e-15);
	assert_near(one->core.ambient, two->core.ambient, 1e-15);
	assert_true(gh_rng_next(&one->sensors[0].rng) !=
		    gh_rng_next(&two->sensors[0].rng));
	gh_plant_destroy(one);
	gh_plant_destroy(two);
}

static void nothing_may_be_missing(void **state)
{
	struct gh_plant_config c = { .supply_v = 12 };
	struct gh_plant *p = gh_plant_create(&c, 1, 1);

	(void)state;
	gh_plant_step(p, 1000000);
	assert_int_equal(gh_plant_sensors(p), 0);
	gh_plant_destroy(p);
	gh_plant_destroy(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rng_has_mean_0_and_sd_1),
		cmocka_unit_test(friction_stops_and_never_turns_round),
		cmocka_unit_test(reference_friction_has_a_breakaway_peak),
		cmocka_unit_test(sweeps_recover_coulomb_and_viscous),
		cmocka_unit_test(one_link_weighs_m_g_l),
		cmocka_unit_test(shoulder_carries_the_whole_chain),
		cmocka_unit_test(joints_may_come_in_any_order),
		cmocka_unit_test(play_is_a_quarter_of_a_degree),
		cmocka_unit_test(stops_hold),
		cmocka_unit_test(without_torque_the_arm_falls),
		cmocka_unit_test(finer_steps_change_little),
		cmocka_unit_test(holding_a_load_warms_the_servo),
		cmocka_unit_test(supply_falls_by_its_own_resistance),
		cmocka_unit_test(another_run_is_the_same_individual),
		cmocka_unit_test(nothing_may_be_missing),
	};

	return cmocka_run_group_tests_name("plant", tests, NULL, NULL);
}
