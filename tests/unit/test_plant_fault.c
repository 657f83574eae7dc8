/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Faults of motion, supply and light against the same individual without them:
 * the sign and size they must have, and what they must leave alone. Those of
 * the drive train are in test_plant_train.c, of a servo in test_plant_bus.c.
 */
#include "unit/plant_faulty.h" /* make, apply */

#define ARM (7u << SHOULDER)

/* The arm "resilience" sweeps as one; `joint` is watched. */
static struct sweep sweep_with(const char *spec, unsigned joint)
{
	struct gh_plant *p = make(spec);
	struct sweep s;

	sweep_ready(p, ARM);
	s = sweep_joint(p, ARM, joint, 0.4, 2, sin_of_chain);
	gh_plant_destroy(p);
	return s;
}

static void limp_takes_the_weight_off_the_servo(void **state)
{
	const struct sweep well = sweep_with(NULL, ELBOW);
	const struct sweep ill = sweep_with("limp@resilience.elbow", ELBOW);

	(void)state;
	assert_true(well.load_a > 0.1);
	assert_true(fabs(ill.load_a) < 0.03 * well.load_a);
	/* and position tracks all the better: nobody sees it there */
	assert_true(ill.track_rad <= well.track_rad);
	assert_true(fabs(ill.friction_a / well.friction_a - 1) < 0.25);
}

static void limp_elbow_eases_its_shoulder_but_still_hangs_on_it(void **state)
{
	const struct sweep well = sweep_with(NULL, SHOULDER);
	const struct sweep ill = sweep_with("limp@resilience.elbow", SHOULDER);
	const struct sweep other = sweep_with("limp@hope.elbow", SHOULDER);
	struct gh_plant *p = make(NULL);
	const double kt = p->joints[SHOULDER].kt_nm_a;

	(void)state;
	gh_plant_destroy(p);
	assert_true(ill.load_a < 0.7 * well.load_a);
	/* 0.2 kg at half of 0.25 m, 0.23 kg at the elbow */
	assert_true(fabs(ill.load_a * kt / (9.80665 * 0.0825) - 1) < 0.03);
	assert_true(fabs(other.load_a / well.load_a - 1) < 1e-6);
}

static void limp_arm_hangs_straight_down(void **state)
{
	struct gh_plant *p = make("limp@resilience.elbow");

	(void)state;
	torque_all(p);
	gh_plant_servo(p, SHOULDER, 0.6);
	gh_plant_servo(p, ELBOW, 0.4);
	gh_plant_step(p, 3000000);
	assert_true(fabs(gh_plant_true_angle(p, ELBOW) - 0.4) < 0.02);
	assert_true(fabs(gh_plant_true_arm_angle(p, ELBOW) +
			 gh_plant_true_angle(p, SHOULDER)) < 0.01);
	gh_plant_destroy(p);
}

static void half_limp_slips_where_the_load_is_largest(void **state)
{
	struct gh_plant *p = make("limp@resilience.shoulder=noticeable");
	double at_small, at_large;

	(void)state;
	torque_all(p);
	gh_plant_servo(p, SHOULDER, 0.3);
	gh_plant_step(p, 3000000);
	at_small = p->joints[SHOULDER].slip_rad;
	gh_plant_servo(p, SHOULDER, 1.2);
	gh_plant_step(p, 3000000);
	at_large = p->joints[SHOULDER].slip_rad;
	assert_true(fabs(at_small) < 1e-12);
	/* half the torque of the straight arm: it stays at 30 deg */
	assert_true(fabs(gh_plant_true_arm_angle(p, SHOULDER) -
			 30 * GH_PLANT_DEG) < 0.03);
	assert_true(at_large < -0.5);
	gh_plant_destroy(p);
}

static void dry_joint_doubles_friction_and_nothing_else(void **state)
{
	const struct sweep well = sweep_with(NULL, ELBOW);
	const struct sweep ill =
		sweep_with("dry_joint@resilience.elbow", ELBOW);
	const struct sweep bare =
		sweep_with("dry_joint@resilience.elbow=barely", ELBOW);

	(void)state;
	assert_true(fabs(ill.friction_a / well.friction_a - 2) < 0.06);
	assert_true(fabs(bare.friction_a / well.friction_a - 1.15) < 0.03);
	assert_true(fabs(ill.load_a / well.load_a - 1) < 0.05);
}

static void binding_spot_peaks_at_its_angle(void **state)
{
	const struct sweep well = sweep_with(NULL, WRIST);
	const struct sweep ill =
		sweep_with("binding_spot@resilience.wrist", WRIST);
	struct gh_plant *p = make(NULL);
	const double peak_a = 0.25 / p->joints[WRIST].kt_nm_a;

	(void)state;
	gh_plant_destroy(p);
	assert_true(fabs(ill.max_bind_at_rad - 0.3) < 0.03);
	assert_true(ill.max_bind_a - well.max_bind_a > 0.6 * peak_a);
	assert_true(ill.max_bind_a - well.max_bind_a < 1.2 * peak_a);
}

/* Without a load the shaft floats over the whole play. */
static void backlash_is_as_wide_as_its_size(void **state)
{
	static const struct {
		const char *spec;
		double deg;
	} sizes[] = {
		{ "backlash@arm.one=barely", 0.5 },
		{ "backlash@arm.one=noticeable", 1 },
		{ "backlash@arm.one", 2 },
		{ "backlash@arm.one=3.5", 3.5 },
	};
	struct gh_plant_config c = single(0.2, 0);

	(void)state;
	for (unsigned i = 0; i < GH_ARRAY_SIZE(sizes); i++) {
		struct gh_plant *p = gh_plant_create(&c, 32, 1);
		struct sweep s;

		apply(p, sizes[i].spec);
		sweep_ready(p, 1);
		s = sweep_joint(p, 1, 0, 0.4, 2, sin_of_chain);
		/* gear wind-up when the faces meet: some hundredths */
		assert_true(s.lost_rad / GH_PLANT_DEG > sizes[i].deg - 0.01);
		assert_true(s.lost_rad / GH_PLANT_DEG < sizes[i].deg + 0.08);
		gh_plant_destroy(p);
	}
}

static void backlash_raises_the_residual(void **state)
{
	const struct sweep well = sweep_with(NULL, WRIST);
	const struct sweep ill = sweep_with("backlash@resilience.wrist", WRIST);

	(void)state;
	assert_true(ill.residual_a > 1.3 * well.residual_a);
	assert_true(ill.lost_rad > 4 * well.lost_rad);
}

static void joint_without_power_is_silent(void **state)
{
	struct gh_plant *p = make("no_power@resilience.elbow");

	(void)state;
	torque_all(p);
	gh_plant_servo(p, ELBOW, 0.5);
	gh_plant_servo(p, WRIST, 0.5);
	gh_plant_step(p, 2000000);
	assert_false(gh_plant_servo_answers(p, ELBOW));
	assert_true(gh_plant_servo_answers(p, WRIST));
	for (int q = GH_Q_POSITION; q <= GH_Q_TEMPERATURE; q++)
		assert_true(fabs(sense(p, "resilience.elbow",
				       (enum gh_quantity)q)) < 1e-15);
	assert_true(gh_plant_true_angle(p, ELBOW) < 0.4);
	assert_true(fabs(gh_plant_true_angle(p, WRIST) - 0.5) < 0.02);
	gh_plant_destroy(p);
}

/* Share of 1 ms looks at which a joint is dead, over a minute. */
static double dead_share(const char *spec, unsigned joint)
{
	struct gh_plant *p = make(spec);
	unsigned dead = 0;

	for (unsigned i = 0; i < 60000; i++) {
		gh_plant_step(p, 1000);
		dead += !gh_plant_servo_answers(p, joint);
	}
	gh_plant_destroy(p);
	return dead / 60000.0;
}

static void lesser_outages_come_in_bursts(void **state)
{
	const double own = dead_share("no_power@resilience.elbow=0.2", ELBOW);
	const double other = dead_share("no_power@resilience.elbow=0.2", WRIST);
	const double all = dead_share("no_power@supply.servo=0.2", WRIST);

	(void)state;
	assert_true(own > 0.1 && own < 0.3);
	assert_true(all > 0.1 && all < 0.3);
	assert_true(other < 1e-9);
}

static void supply_without_power_stills_everything(void **state)
{
	struct gh_plant *p = make("no_power@supply.servo");

	(void)state;
	torque_all(p);
	gh_plant_servo(p, WRIST, 0.5);
	gh_plant_step(p, 1000000);
	assert_true(gh_plant_true_supply_v(p) < 1e-9);
	assert_true(sense(p, "supply.servo", GH_Q_VOLTAGE) < 0.05);
	assert_false(gh_plant_servo_answers(p, 0));
	assert_true(fabs(gh_plant_true_angle(p, WRIST)) < 0.01);
	gh_plant_destroy(p);
}

/* Minus the slope of volts on amps between idle and all against the stops. */
static double source_ohm(const char *spec)
{
	struct gh_plant *p = make(spec);
	double v[2], a[2];

	for (unsigned busy = 0; busy < 2; busy++) {
		for (unsigned j = 0; busy && j < 12; j++)
			gh_plant_servo(p, j, j % 3 ? 0 : 1.6);
		torque_all(p);
		gh_plant_step(p, 2000000);
		(void)sense(p, "supply.servo", GH_Q_CURRENT);
		gh_plant_step(p, 5000);
		a[busy] = sense(p, "supply.servo", GH_Q_CURRENT);
		v[busy] = sense(p, "supply.servo", GH_Q_VOLTAGE);
	}
	gh_plant_destroy(p);
	return (v[0] - v[1]) / (a[1] - a[0]);
}

static void supply_sag_is_ohms(void **state)
{
	(void)state;
	assert_true(fabs(source_ohm(NULL) - 0.05) < 0.01);
	assert_true(fabs(source_ohm("supply_sag@supply.servo=barely") - 0.10) <
		    0.01);
	assert_true(fabs(source_ohm("supply_sag@supply.servo") - 0.45) < 0.02);
}

static const enum gh_quantity colours[] = { GH_Q_COLOUR_RED, GH_Q_COLOUR_GREEN,
					    GH_Q_COLOUR_BLUE,
					    GH_Q_COLOUR_CLEAR };

/* Four colour channels and the diode under a look. */
static void look(const char *spec, const double rgbw[4], double out[5])
{
	struct gh_plant *p = make(spec);

	gh_plant_lamp(p, rgbw);
	gh_plant_step(p, 200000);
	for (unsigned c = 0; c < 4; c++)
		out[c] = sense(p, "core", colours[c]);
	out[4] = sense(p, "core", GH_Q_LIGHT);
	gh_plant_destroy(p);
}

static void blue_lost_turns_dawn_pink_yellow(void **state)
{
	static const double dawn_pink[4] = { 0.9, 0.45, 0.55, 0 };
	double well[5], ill[5];

	(void)state;
	look(NULL, dawn_pink, well);
	look("blue_lost@core", dawn_pink, ill);
	/* Yellow: blue gone, red and green as they were but for the overlap. */
	assert_true(ill[2] / (ill[0] + ill[1]) <
		    0.4 * well[2] / (well[0] + well[1]));
	assert_true(fabs(ill[0] / well[0] - 1) < 0.02);
	assert_true(ill[1] > 0.7 * well[1]);
}

static void a_lost_channel_is_only_its_own(void **state)
{
	static const char *const specs[] = { "red_lost@core=0.5",
					     "green_lost@core=0.5",
					     "blue_lost@core=0.5",
					     "white_lost@core=0.5" };

	(void)state;
	for (unsigned lit = 0; lit < 4; lit++) {
		double one[4] = { 0 }, well[5], ill[5];

		one[lit] = 1;
		look(NULL, one, well);
		for (unsigned f = 0; f < 4; f++) {
			const double want = f == lit ? 0.5 : 1;

			look(specs[f], one, ill);
			/* 0.04: the ambient light does not fall with it */
			assert_true(fabs(ill[3] / well[3] - want) < 0.04);
		}
	}
}

static void core_dim_dims_all_alike(void **state)
{
	static const double white[4] = { 1, 1, 1, 1 };
	double well[5], ill[5];

	(void)state;
	look(NULL, white, well);
	look("core_dim@core=0.25", white, ill);
	for (unsigned c = 0; c < 5; c++)
		assert_true(fabs(ill[c] / well[c] - 0.75) < 0.01);
}

static void dead_colour_sensor_says_nothing_at_all(void **state)
{
	static const double white[4] = { 1, 1, 1, 1 };
	double well[5], ill[5], weak[5];

	(void)state;
	look(NULL, white, well);
	look("sensor_dead@core.colour", white, ill);
	look("sensor_dead@core.colour=barely", white, weak);
	for (unsigned c = 0; c < 4; c++) {
		assert_true(fabs(ill[c]) < 1e-15);
		assert_true(fabs(weak[c] / well[c] - 0.7) < 0.01);
	}
	assert_true(fabs(ill[4] - well[4]) < 1e-12);
}

static void dead_servo_sensor_leaves_the_servo_alone(void **state)
{
	struct gh_plant *p = make("sensor_dead@resilience.elbow.current");

	(void)state;
	torque_all(p);
	gh_plant_servo(p, ELBOW, 0.5);
	for (unsigned i = 0; i < 50; i++) {
		gh_plant_step(p, 20000);
		assert_true(fabs(sense(p, "resilience.elbow", GH_Q_CURRENT)) <
			    1e-15);
	}
	assert_true(fabs(sense(p, "resilience.elbow", GH_Q_POSITION) - 0.5) <
		    0.02);
	assert_true(sense(p, "resilience.elbow", GH_Q_VOLTAGE) > 11);
	gh_plant_destroy(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(limp_takes_the_weight_off_the_servo),
		cmocka_unit_test(
			limp_elbow_eases_its_shoulder_but_still_hangs_on_it),
		cmocka_unit_test(limp_arm_hangs_straight_down),
		cmocka_unit_test(half_limp_slips_where_the_load_is_largest),
		cmocka_unit_test(dry_joint_doubles_friction_and_nothing_else),
		cmocka_unit_test(binding_spot_peaks_at_its_angle),
		cmocka_unit_test(backlash_is_as_wide_as_its_size),
		cmocka_unit_test(backlash_raises_the_residual),
		cmocka_unit_test(joint_without_power_is_silent),
		cmocka_unit_test(lesser_outages_come_in_bursts),
		cmocka_unit_test(supply_without_power_stills_everything),
		cmocka_unit_test(supply_sag_is_ohms),
		cmocka_unit_test(blue_lost_turns_dawn_pink_yellow),
		cmocka_unit_test(a_lost_channel_is_only_its_own),
		cmocka_unit_test(core_dim_dims_all_alike),
		cmocka_unit_test(dead_colour_sensor_says_nothing_at_all),
		cmocka_unit_test(dead_servo_sensor_leaves_the_servo_alone),
	};

	return cmocka_run_group_tests_name("plant_fault", tests, NULL, NULL);
}
