/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Faults of a servo's encoder, heat and cable, stale sensors, and what else a
 * servo's registers may be like.
 */
#include "sim/plant_motor.h"   /* gh_motor_bus_amps */
#include "unit/plant_faulty.h" /* make, near */

static const char *const elbow = "resilience.elbow";
static const char *const wrist = "resilience.wrist";

/* Slowly from where it was asked to be. */
static void ramp(struct gh_plant *p, unsigned joint, double rad)
{
	const double from_rad = p->joints[joint].target_rad;

	torque_all(p);
	for (unsigned i = 1; i <= 200; i++) {
		gh_plant_servo(p, joint, from_rad + (rad - from_rad) * i / 200);
		gh_plant_step(p, 10000);
	}
}

/* Share of 1 ms looks without an answer, once the joint is where it is. */
static double silence(struct gh_plant *p, unsigned joint)
{
	unsigned lost = 0;

	for (unsigned i = 0; i < 5000; i++) {
		gh_plant_step(p, 1000);
		lost += !gh_plant_servo_answers(p, joint);
	}
	return lost / 5000.0;
}

static void broken_wire_breaks_in_one_pose(void **state)
{
	struct gh_plant *p = make("broken_wire@resilience.elbow=noticeable");

	(void)state;
	ramp(p, ELBOW, 0.3);
	near("bent", silence(p, ELBOW), 0.3, 0.05);
	near("its neighbour", silence(p, WRIST), 0, 1e-9);
	near("it follows", gh_plant_true_angle(p, ELBOW), 0.3, 0.03);
	ramp(p, ELBOW, 0.3 + 12 * GH_PLANT_DEG);
	near("above", silence(p, ELBOW), 0, 1e-9);
	ramp(p, ELBOW, -0.3);
	near("below", silence(p, ELBOW), 0, 1e-9);
	gh_plant_destroy(p);
}

static void torn_wire_is_silent_everywhere_but_moves(void **state)
{
	struct gh_plant *p = make("broken_wire@resilience.elbow");

	(void)state;
	ramp(p, ELBOW, -0.5);
	near("silence", silence(p, ELBOW), 1, 1e-9);
	near("it follows", gh_plant_true_angle(p, ELBOW), -0.5, 0.04);
	near("reading", sense(p, elbow, GH_Q_POSITION), 0, 1e-15);
	assert_true(sense(p, wrist, GH_Q_VOLTAGE) > 11);
	gh_plant_destroy(p);
}

/* Its sensors keep their own wires: that is how a check finds it. */
static void swapped_cables_move_the_other_joint(void **state)
{
	struct gh_plant *p =
		make("swapped_cable@resilience.elbow:resilience.wrist");

	(void)state;
	ramp(p, ELBOW, 0.5);
	near("the elbow", gh_plant_true_angle(p, ELBOW), 0, 0.04);
	near("the wrist", gh_plant_true_angle(p, WRIST), 0.5, 0.04);
	near("elbow reads", sense(p, elbow, GH_Q_POSITION), 0, 0.04);
	near("wrist reads", sense(p, wrist, GH_Q_POSITION), 0.5, 0.04);
	gh_plant_torque(p, ELBOW, false);
	gh_plant_step(p, 100000);
	(void)sense(p, elbow, GH_Q_CURRENT);
	(void)sense(p, wrist, GH_Q_CURRENT);
	gh_plant_step(p, 100000);
	assert_false(p->joints[WRIST].has_torque);
	assert_true(p->joints[ELBOW].has_torque);
	near("current of the limp one", sense(p, wrist, GH_Q_CURRENT), 0, 0.02);
	near("a third", sense(p, "hope.wrist", GH_Q_POSITION), 0, 0.01);
	gh_plant_destroy(p);
}

static void cables_swapped_twice_are_right_again(void **state)
{
	struct gh_plant *a = make(NULL), *b = make(NULL);

	(void)state;
	apply(b, "swapped_cable@hope.elbow:dawn.wrist");
	apply(b, "swapped_cable@dawn.wrist:hope.elbow");
	ramp(a, 1, 0.4);
	ramp(b, 1, 0.4);
	for (size_t s = 0; s < gh_plant_sensors(a); s++)
		near("sensor", gh_plant_sense(b, (int)s),
		     gh_plant_sense(a, (int)s), 1e-15);
	gh_plant_destroy(a);
	gh_plant_destroy(b);
}

static void swapped_cable_wants_two_joints(void **state)
{
	static const char *const wrong[] = {
		"swapped_cable@resilience.elbow",
		"swapped_cable@resilience.elbow:",
		"swapped_cable@:resilience.elbow",
		"swapped_cable@resilience.elbow:resilience.elbow",
		"swapped_cable@resilience.elbow:core",
		"swapped_cable@core:resilience.elbow",
		"swapped_cable@resilience.elbow:resilience.wrist:hope.elbow",
	};
	struct gh_plant *p = make(NULL);
	struct gh_err err;

	(void)state;
	for (unsigned i = 0; i < GH_ARRAY_SIZE(wrong); i++) {
		err.msg[0] = '\0';
		if (gh_fault_apply(p, NULL, wrong[i], &err) != GH_ARG ||
		    !strstr(err.msg, "no joint:joint"))
			fail_msg("%s: \"%s\"", wrong[i], err.msg);
	}
	for (unsigned i = 0; i < p->config.n_joints; i++)
		assert_int_equal(p->obeys[i], i);
	gh_plant_destroy(p);
}

/* Case of the elbow, and current that holds it, after a minute of holding. */
static void minute_of_holding(const char *spec, double *case_c, double *amps)
{
	struct gh_plant *p = make(spec);

	ramp(p, ELBOW, 0.5);
	gh_plant_step(p, 57000000);
	(void)sense(p, elbow, GH_Q_CURRENT);
	gh_plant_step(p, 1000000);
	*amps = sense(p, elbow, GH_Q_CURRENT);
	*case_c = sense(p, elbow, GH_Q_TEMPERATURE);
	gh_plant_destroy(p);
}

static void overheating_is_kelvin_after_a_minute(void **state)
{
	static const struct {
		const char *spec;
		double kelvin;
	} sizes[] = { { "overheating@resilience.elbow=barely", 6 },
		      { "overheating@resilience.elbow=noticeable", 15 },
		      { "overheating@resilience.elbow", 35 } };
	double well_c, well_a, ill_c, ill_a;

	(void)state;
	minute_of_holding(NULL, &well_c, &well_a);
	for (unsigned i = 0; i < GH_ARRAY_SIZE(sizes); i++) {
		minute_of_holding(sizes[i].spec, &ill_c, &ill_a);
		near("warmer", ill_c - well_c, sizes[i].kelvin,
		     0.03 * sizes[i].kelvin + 0.2);
		near("current", ill_a, well_a, 0.1 * well_a);
	}
}

static void overheating_needs_torque(void **state)
{
	struct gh_plant *p = make("overheating@resilience.elbow");

	(void)state;
	gh_plant_step(p, 60000000);
	near("idle", sense(p, elbow, GH_Q_TEMPERATURE), p->ambient_c, 1);
	gh_plant_destroy(p);
}

/* Reading less truth over the way there, in steps of a degree or less. */
static void encoder_walk(const char *spec, double *at_most, double *at_rest_sd,
			 double *elsewhere)
{
	struct gh_plant *p = make(spec);
	double sum = 0, squares = 0;

	*at_most = *elsewhere = 0;
	torque_all(p);
	for (double rad = 0; rad < 0.6; rad += 0.001) {
		double off;

		gh_plant_servo(p, ELBOW, rad);
		gh_plant_step(p, 10000);
		off = p->joints[ELBOW].encoder_rad -
		      gh_plant_true_angle(p, ELBOW);
		*at_most = fmax(*at_most, off);
		if (fabs(gh_plant_true_angle(p, ELBOW) - 0.225) > 0.03)
			*elsewhere += off / 540;
	}
	for (unsigned i = 0; i < 2000; i++) {
		double q;

		gh_plant_step(p, 10000);
		q = sense(p, elbow, GH_Q_POSITION);
		sum += q;
		squares += q * q;
	}
	*at_rest_sd = sqrt(squares / 2000 - sum / 2000 * sum / 2000);
	gh_plant_destroy(p);
}

static void encoder_fault_jumps_at_one_angle(void **state)
{
	const double jump_rad = 5 * GH_PLANT_DEG;
	double at_most, sd, elsewhere, well_most, well_sd, well_elsewhere;

	(void)state;
	encoder_walk(NULL, &well_most, &well_sd, &well_elsewhere);
	encoder_walk("encoder_fault@resilience.elbow", &at_most, &sd,
		     &elsewhere);
	assert_true(well_most < 2 * GH_PLANT_COUNT_RAD);
	near("jump", at_most, jump_rad, 0.35 * jump_rad);
	near("elsewhere", elsewhere, well_elsewhere, 0.02 * jump_rad);
	assert_true(sd > 0.05 * jump_rad && sd < 0.3 * jump_rad);
	assert_true(well_sd < GH_PLANT_COUNT_RAD);
}

/* How often 10 ms readings change in ten seconds of a moving joint. */
static unsigned changes(const char *spec, const char *part, enum gh_quantity q)
{
	struct gh_plant *p = make(spec);
	const double rgbw[4] = { 0.5, 0.5, 0.5, 0.5 };
	double last = 1e9;
	unsigned n = 0;

	torque_all(p);
	gh_plant_lamp(p, rgbw);
	for (unsigned i = 0; i < 1000; i++) {
		double now;

		gh_plant_servo(p, ELBOW, 0.6 * sin(i * 0.01));
		gh_plant_step(p, 10000);
		now = sense(p, part, q);
		n += fabs(now - last) > 0;
		last = now;
	}
	gh_plant_destroy(p);
	return n;
}

static void stale_sensors_repeat_themselves(void **state)
{
	static const struct {
		const char *sensor, *part;
		enum gh_quantity what;
		unsigned fresh; /* most of 1000 looks at least */
	} sensors[] = {
		{ "resilience.elbow.position", elbow, GH_Q_POSITION, 500 },
		{ "resilience.elbow.current", elbow, GH_Q_CURRENT, 500 },
		{ "core.colour", "core", GH_Q_COLOUR_CLEAR, 80 },
		{ "core.light", "core", GH_Q_LIGHT, 500 },
		{ "supply.servo.voltage", "supply.servo", GH_Q_VOLTAGE, 200 },
	};
	char spec[96];

	(void)state;
	for (unsigned i = 0; i < GH_ARRAY_SIZE(sensors); i++) {
		const char *part = sensors[i].part;

		assert_true(changes(NULL, part, sensors[i].what) >
			    sensors[i].fresh);
		snprintf(spec, sizeof spec, "sensor_stale@%s=noticeable",
			 sensors[i].sensor);
		assert_in_range(changes(spec, part, sensors[i].what), 3, 11);
		snprintf(spec, sizeof spec, "sensor_stale@%s",
			 sensors[i].sensor);
		assert_int_equal(changes(spec, part, sensors[i].what), 1);
	}
	assert_true(changes("sensor_stale@resilience.elbow.current", elbow,
			    GH_Q_POSITION) > 500);
}

/* The joint "arm.one" of a plant whose servos are so. */
static struct gh_plant *kind_of(const struct gh_plant_config *how)
{
	struct gh_plant_config c = single(0.4, 0.3);

	c.current_at_bus = how->current_at_bus;
	c.current_unsigned = how->current_unsigned;
	c.refresh_s = how->refresh_s;
	c.grease_warms = how->grease_warms;
	return gh_plant_create(&c, FAULTY_SEED, 1);
}

/* Mean current of a second's hold. */
static double hold_amps(const struct gh_plant_config *how, double rad)
{
	struct gh_plant *p = kind_of(how);
	double amps;

	ramp(p, 0, rad);
	(void)sense(p, "arm.one", GH_Q_CURRENT);
	gh_plant_step(p, 1000000);
	amps = sense(p, "arm.one", GH_Q_CURRENT);
	gh_plant_destroy(p);
	return amps;
}

static void bus_current_is_duty_times_the_winding(void **state)
{
	const struct gh_plant_config plain = { 0 };
	const struct gh_plant_config bus = { .current_at_bus = true };
	const double winding_a = hold_amps(&plain, 1.0);
	/* At rest volts are ohms times amps. */
	const double duty = winding_a * 2.03 / 12;

	(void)state;
	near("duty 1", gh_motor_bus_amps(-1, 0.7), 0.7, 1e-12);
	near("signs", gh_motor_bus_amps(0.5, -0.8), -0.4, 1e-12);
	assert_true(winding_a > 0.15);
	near("held", hold_amps(&bus, 1.0), duty * winding_a, 0.006);
}

static void unsigned_current_loses_its_sign(void **state)
{
	const struct gh_plant_config plain = { 0 };
	const struct gh_plant_config raw = { .current_unsigned = true };
	const double down_a = hold_amps(&plain, -1.0);

	(void)state;
	assert_true(down_a < -0.1);
	/* -5 reads as 65531: amperes where there are none */
	near("down", hold_amps(&raw, -1.0), down_a + 65536 * 2.69e-3, 1e-6);
	near("up", hold_amps(&raw, 1.0), hold_amps(&plain, 1.0), 1e-12);
}

static void slow_registers_repeat_themselves(void **state)
{
	const struct gh_plant_config slow = { .refresh_s = 0.1 };
	struct gh_plant *p = kind_of(&slow);
	double last = 1e9;
	unsigned n = 0;

	(void)state;
	torque_all(p);
	for (unsigned i = 0; i < 500; i++) {
		double now;

		gh_plant_servo(p, 0, 0.001 * i);
		gh_plant_step(p, 10000);
		now = sense(p, "arm.one", GH_Q_POSITION);
		n += fabs(now - last) > 0;
		last = now;
	}
	assert_in_range(n, 45, 51);
	gh_plant_destroy(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(broken_wire_breaks_in_one_pose),
		cmocka_unit_test(torn_wire_is_silent_everywhere_but_moves),
		cmocka_unit_test(swapped_cables_move_the_other_joint),
		cmocka_unit_test(cables_swapped_twice_are_right_again),
		cmocka_unit_test(swapped_cable_wants_two_joints),
		cmocka_unit_test(overheating_is_kelvin_after_a_minute),
		cmocka_unit_test(overheating_needs_torque),
		cmocka_unit_test(encoder_fault_jumps_at_one_angle),
		cmocka_unit_test(stale_sensors_repeat_themselves),
		cmocka_unit_test(bus_current_is_duty_times_the_winding),
		cmocka_unit_test(unsigned_current_loses_its_sign),
		cmocka_unit_test(slow_registers_repeat_themselves),
	};

	return cmocka_run_group_tests_name("plant_bus", tests, NULL, NULL);
}
