/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Faults between the motor and the arm: horn, zero, teeth, motor and ends. The
 * expected figures are mechanics on one arm of 0.3 kg and 0.4 m.
 */
#include "unit/plant_faulty.h" /* faulty, near */

#define M_G_L (0.3 * GH_PLANT_G_M_S2 * 0.2)
#define END_RAD 1.4 /* of single() */

static struct gh_plant_config loaded(void)
{
	return single(0.4, 0.3);
}

static struct gh_plant *one(const char *spec)
{
	struct gh_plant_config c = loaded();

	return faulty(&c, spec);
}

/* Goes there within a second and stays until `s` are over. */
static void hold(struct gh_plant *p, double rad, unsigned s)
{
	const double from_rad = p->joints[0].target_rad;

	torque_all(p);
	for (unsigned i = 1; i <= 100; i++) {
		gh_plant_servo(p, 0, from_rad + (rad - from_rad) * i / 100);
		gh_plant_step(p, 10000);
	}
	gh_plant_step(p, (s - 1) * 1000000);
}

static double reads(struct gh_plant *p)
{
	return sense(p, "arm.one", GH_Q_POSITION);
}

/* Mean over a second. */
static double amps(struct gh_plant *p)
{
	(void)sense(p, "arm.one", GH_Q_CURRENT);
	gh_plant_step(p, 1000000);
	return sense(p, "arm.one", GH_Q_CURRENT);
}

static struct sweep sweep_one(const char *spec)
{
	struct gh_plant *p = one(spec);
	struct sweep s;

	sweep_ready(p, 1);
	s = sweep_joint(p, 1, 0, 0.4, 2, sin_of_chain);
	gh_plant_destroy(p);
	return s;
}

static void slipped_horn_turns_the_load_and_not_the_ends(void **state)
{
	struct gh_plant *p = one("horn_slipped@arm.one=14.4");
	const double slip_rad = 14.4 * GH_PLANT_DEG;

	(void)state;
	near("arm at rest", gh_plant_true_arm_angle(p, 0), slip_rad, 1e-9);
	hold(p, 0.5, 3);
	near("reading", reads(p), 0.5, 0.04);
	near("load", p->joints[0].load_nm,
	     M_G_L * sin(gh_plant_true_angle(p, 0) + slip_rad), 1e-3);
	hold(p, 2, 4);
	near("high end", reads(p), END_RAD, 0.003);
	hold(p, -2, 6);
	near("low end", reads(p), -END_RAD, 0.003);
	gh_plant_destroy(p);
}

static void shifted_zero_moves_ends_and_load_alike(void **state)
{
	struct gh_plant *p = one("zero_shifted@arm.one=noticeable");
	const double zero_rad = 5 * GH_PLANT_DEG;

	(void)state;
	hold(p, 0.5, 3);
	near("shaft", gh_plant_true_angle(p, 0), 0.5 - zero_rad, 0.04);
	near("reading", reads(p), gh_plant_true_angle(p, 0) + zero_rad, 0.003);
	near("load", p->joints[0].load_nm,
	     M_G_L * sin(gh_plant_true_angle(p, 0)), 1e-3);
	hold(p, 2, 4);
	near("high end", reads(p), END_RAD + zero_rad, 0.003);
	hold(p, -2, 6);
	near("low end", reads(p), -END_RAD + zero_rad, 0.003);
	gh_plant_destroy(p);
}

/* How far the target goes back until the encoder follows: joint.dead. */
static double dead_rad(const char *spec)
{
	struct gh_plant *p = one(spec);
	double turned_rad, gone_rad = 0;

	hold(p, -0.06, 2);
	for (double rad = -0.06; rad < 0.06; rad += 0.0006) {
		gh_plant_servo(p, 0, rad);
		gh_plant_step(p, 10000);
	}
	turned_rad = reads(p);
	while (turned_rad - reads(p) < 1.5 * GH_PLANT_COUNT_RAD) {
		gone_rad += 0.0006;
		gh_plant_servo(p, 0, 0.06 - gone_rad);
		gh_plant_step(p, 10000);
	}
	gh_plant_destroy(p);
	return gone_rad;
}

static void encoder_is_blind_to_a_loose_horn(void **state)
{
	const double well = dead_rad(NULL);

	(void)state;
	near("loose horn", dead_rad("loose_horn@arm.one"), well, 0.15 * well);
	/* and would see more friction */
	assert_true(dead_rad("dry_joint@arm.one") > 1.15 * well);
}

static void loose_horn_takes_from_the_weight(void **state)
{
	const struct sweep well = sweep_one(NULL);
	const struct sweep ill = sweep_one("loose_horn@arm.one");

	(void)state;
	assert_true(ill.residual_a > 1.5 * well.residual_a);
	/* The arm hangs back by 4 deg: less lever, so less weight. */
	assert_true(ill.load_a < 0.96 * well.load_a);
	assert_true(ill.load_a > 0.7 * well.load_a);
	near("friction", ill.friction_a, well.friction_a,
	     0.15 * well.friction_a);
}

static void loose_arm_hangs_half_its_play_behind(void **state)
{
	struct gh_plant *p = one("loose_horn@arm.one");

	(void)state;
	for (int side = -1; side <= 1; side += 2) {
		hold(p, 0.6 * side, 4);
		near("behind", gh_plant_true_arm_angle(p, 0),
		     gh_plant_true_angle(p, 0) - side * 4 * GH_PLANT_DEG,
		     0.003);
		near("load", p->joints[0].load_nm,
		     M_G_L * sin(gh_plant_true_arm_angle(p, 0)), 0.01);
	}
	gh_plant_destroy(p);
}

static void loose_horn_needs_no_finer_steps(void **state)
{
	struct sweep s[2];

	(void)state;
	for (unsigned fine = 0; fine < 2; fine++) {
		struct gh_plant *p = one("loose_horn@arm.one");

		p->step_us = fine ? 100 : 500;
		sweep_ready(p, 1);
		s[fine] = sweep_joint(p, 1, 0, 0.8, 2, sin_of_chain);
		gh_plant_destroy(p);
	}
	near("load", s[0].load_a, s[1].load_a, 0.01 * s[1].load_a);
	near("friction", s[0].friction_a, s[1].friction_a,
	     0.02 * s[1].friction_a);
	near("residual", s[0].residual_a, s[1].residual_a,
	     0.1 * s[1].residual_a);
}

static void stripped_gears_spin_without_load(void **state)
{
	struct gh_plant *p = one("gear_stripped@arm.one");

	(void)state;
	hold(p, 0.6, 4);
	near("arm", gh_plant_true_angle(p, 0), 0, 0.02);
	/* Free running: friction at full speed, not a stall's six amperes. */
	assert_true(p->joints[0].motor_rad > 2);
	assert_true(amps(p) < 0.3);
	gh_plant_destroy(p);
}

static void worn_gears_let_go_at_their_load(void **state)
{
	struct gh_plant *p = one("gear_stripped@arm.one=0.4");
	const double most_nm = 0.6 * M_G_L * sin(GH_PLANT_SWEEP_RAD);

	(void)state;
	near("load of a sweep", p->joints[0].sweep_load_nm,
	     M_G_L * sin(GH_PLANT_SWEEP_RAD), 1e-9);
	hold(p, 0.3, 3);
	near("below it", reads(p), 0.3, 0.03);
	hold(p, 0.7, 5);
	near("at it", gh_plant_true_angle(p, 0), asin(most_nm / M_G_L), 0.02);
	gh_plant_destroy(p);
}

/* Amplitude of the direction-signed current at `order` cycles a turn. */
static double order_a(const char *spec, double order)
{
	struct gh_plant_config c = single(0.2, 0);
	struct gh_plant *p = faulty(&c, spec);
	/* Whole periods of 40 and of 20 a turn: 0.628 rad. */
	const double half_rad = 0.1 * GH_PLANT_PI, rad_s = 0.2;
	double re = 0, im = 0;
	unsigned n = 0;

	torque_all(p);
	for (double rad = 0; rad > -0.7; rad -= 0.002) {
		gh_plant_servo(p, 0, rad);
		gh_plant_step(p, 10000);
	}
	for (double rad = -0.7; rad < 0.7; rad += rad_s * 0.01) {
		double q, i;

		gh_plant_servo(p, 0, rad);
		gh_plant_step(p, 10000);
		q = gh_plant_true_angle(p, 0);
		i = sense(p, "arm.one", GH_Q_CURRENT);
		if (fabs(q) >= half_rad)
			continue;
		re += i * cos(order * q);
		im -= i * sin(order * q);
		n++;
	}
	gh_plant_destroy(p);
	return 2 * hypot(re, im) / n;
}

static void damaged_teeth_tick_forty_times_a_turn(void **state)
{
	struct gh_plant *p = one(NULL);
	const double kt = p->joints[0].kt_nm_a;
	const double tick_a = order_a("tooth_damage@arm.one", 40);

	(void)state;
	gh_plant_destroy(p);
	near("at 40", tick_a, 0.1 / kt, 0.15 * 0.1 / kt);
	near("at 20", order_a("tooth_damage@arm.one", 20), 0, 0.1 * tick_a);
	near("healthy", order_a(NULL, 40), 0, 0.05 * tick_a);
	near("noticeable", order_a("tooth_damage@arm.one=noticeable", 40),
	     0.03 / kt, 0.15 * 0.03 / kt);
}

static void weak_motor_needs_more_for_everything(void **state)
{
	const struct sweep well = sweep_one(NULL);
	const struct sweep ill = sweep_one("weak_motor@arm.one");
	const double more = 1 / (1 - 0.4);

	(void)state;
	near("load", ill.load_a / well.load_a, more, 0.02);
	near("friction", ill.friction_a / well.friction_a, more, 0.05);
	near("play", ill.lost_rad, well.lost_rad, 0.1 * well.lost_rad);
}

static void obstacle_stops_the_arm_and_costs_current(void **state)
{
	struct gh_plant *p = one("short_travel@arm.one=noticeable");
	const double end_rad = END_RAD - 10 * GH_PLANT_DEG;

	(void)state;
	hold(p, END_RAD, 4);
	near("high end", reads(p), end_rad, 0.003);
	assert_true(amps(p) > 3);
	hold(p, -2, 6);
	near("low end", reads(p), -END_RAD, 0.003);
	gh_plant_destroy(p);
}

static void stored_limit_stops_it_for_nothing(void **state)
{
	struct gh_plant *p = one("wrong_limits@arm.one=noticeable");
	const double end_rad = END_RAD - 10 * GH_PLANT_DEG;
	const double holds_a = M_G_L * sin(end_rad) / p->joints[0].kt_nm_a;

	(void)state;
	hold(p, END_RAD, 4);
	near("high end", reads(p), end_rad, 0.03);
	near("holding", amps(p), holds_a, 0.35 * holds_a);
	hold(p, -2, 6);
	near("low end", reads(p), -END_RAD, 0.003);
	hold(p, 0.6, 6);
	near("inside", reads(p), 0.6, 0.04);
	gh_plant_destroy(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slipped_horn_turns_the_load_and_not_the_ends),
		cmocka_unit_test(shifted_zero_moves_ends_and_load_alike),
		cmocka_unit_test(encoder_is_blind_to_a_loose_horn),
		cmocka_unit_test(loose_horn_takes_from_the_weight),
		cmocka_unit_test(loose_arm_hangs_half_its_play_behind),
		cmocka_unit_test(loose_horn_needs_no_finer_steps),
		cmocka_unit_test(stripped_gears_spin_without_load),
		cmocka_unit_test(worn_gears_let_go_at_their_load),
		cmocka_unit_test(damaged_teeth_tick_forty_times_a_turn),
		cmocka_unit_test(weak_motor_needs_more_for_everything),
		cmocka_unit_test(obstacle_stops_the_arm_and_costs_current),
		cmocka_unit_test(stored_limit_stops_it_for_nothing),
	};

	return cmocka_run_group_tests_name("plant_train", tests, NULL, NULL);
}
