/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Joint probes against recordings made by formula: what was put in must come
 * out, and what is broken must show in its own metric.
 */
#include "engine/probe.h"
#include "fakes/fake_recording.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "unit/test_probes_kit.h"

static void a_healthy_chain_gives_back_what_went_in(void **state)
{
	struct gh_fake fake;

	(void)state;
	gh_fake_init(&fake, 3, 100.0);
	/* So that the shoulder carries 0.4147 A: measurement.md section 3. */
	fake.kt_nm_a *= gh_fake_gravity_a(&fake, 0) / 0.4147;
	measure(&fake);
	near(0, "joint.gravity", 0.4147, 0.002);
	for (int j = 0; j < 3; j++) {
		near(j, "joint.gravity", gh_fake_gravity_a(&fake, (unsigned)j),
		     0.003);
		near(j, "joint.coulomb", 0.06, 0.002);
		near(j, "joint.viscous", 0.03, 0.003);
		near(j, "joint.residual", 0.005, 0.0005);
		near(j, "joint.follow", 1.0, 0.002);
		near(j, "joint.lag", 0.03, 0.0005);
		assert_true(value(j, "joint.bind") < 0.006);
		near(j, "joint.dead", 0.35, 0.15);
	}
	near(0, "joint.gravity_phase", 0.0, 0.7);
}

static void it_works_alone_and_at_other_rates(void **state)
{
	static const double rates[] = { 20.0, 50.0, 250.0, 1000.0 };

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(rates); i++) {
		struct gh_fake fake;

		gh_fake_init(&fake, 1, rates[i]);
		measure(&fake);
		near(0, "joint.coulomb", 0.06, 0.003);
		near(0, "joint.gravity", gh_fake_gravity_a(&fake, 0), 0.004);
		near(0, "joint.track", 0.956, 0.04);
	}
}

static void both_repeats_are_there(void **state)
{
	const struct gh_measure *m;
	struct gh_fake fake;

	(void)state;
	gh_fake_init(&fake, 2, 100.0);
	measure(&fake);
	m = find(0, "joint.coulomb");
	assert_true(fabs(m->rep[0][0] - 0.06) < 0.003);
	assert_true(fabs(m->rep[1][0] - 0.06) < 0.003);
	assert_true(fabs(m->rep[1][0] - m->rep[0][0]) > 0.0);
}

static void a_limp_arm_loses_its_weight_only(void **state)
{
	struct gh_fake fake;

	(void)state;
	gh_fake_init(&fake, 3, 100.0);
	fake.joint[1].load = 0.0;
	measure(&fake);
	assert_true(value(1, "joint.gravity") < 0.01);
	near(1, "joint.coulomb", 0.06, 0.002);
	near(1, "joint.follow", 1.0, 0.002);
	near(0, "joint.gravity", gh_fake_gravity_a(&fake, 0), 0.003);
}

static void a_slipped_horn_turns_the_phase(void **state)
{
	struct gh_fake fake;

	(void)state;
	gh_fake_init(&fake, 3, 100.0);
	fake.joint[0].slip_rad = 14.4 / 57.2957795;
	measure(&fake);
	near(0, "joint.gravity_phase", 14.4, 1.0);
	near(0, "joint.gravity", gh_fake_gravity_a(&fake, 0), 0.01);
}

static void a_light_arm_hangs_nowhere(void **state)
{
	struct gh_fake fake;

	(void)state;
	gh_fake_init(&fake, 1, 100.0);
	fake.joint[0].load = 0.025 / gh_fake_gravity_a(&fake, 0);
	measure(&fake);
	near(0, "joint.gravity_phase", 0.0, 10.0); /* known, but rough */
	fake.joint[0].load /= 2.0;
	measure(&fake);
	near(0, "joint.gravity", 0.0125, 0.001);
	unknown(0, "joint.gravity_phase", GH_REASON_NOT_COMPUTABLE);
}

static void a_binding_spot_is_found_where_it_is(void **state)
{
	struct gh_fake fake;

	(void)state;
	gh_fake_init(&fake, 3, 100.0);
	fake.joint[1].bind_a = 0.05;
	measure(&fake);
	near(1, "joint.bind", 0.047, 0.01);
	near(1, "joint.bind_at", 0.3 * 57.2957795, 1.5);
	assert_true(value(0, "joint.bind") < 0.01);
}

static void dry_friction_is_not_grease(void **state)
{
	struct gh_fake fake;

	(void)state;
	gh_fake_init(&fake, 3, 100.0);
	fake.joint[0].coulomb_a = 0.09;
	fake.joint[2].viscous = 0.06;
	measure(&fake);
	near(0, "joint.coulomb", 0.09, 0.002);
	near(0, "joint.viscous", 0.03, 0.003);
	near(2, "joint.coulomb", 0.06, 0.002);
	near(2, "joint.viscous", 0.06, 0.003);
}

static void play_shows_at_the_turn(void **state)
{
	struct gh_fake fake;
	double before;

	(void)state;
	gh_fake_init(&fake, 3, 100.0);
	measure(&fake);
	before = value(1, "joint.dead");
	fake.joint[1].play_rad = 2.0 / 57.2957795;
	fake.joint[1].jump_a = 0.04;
	measure(&fake);
	near(1, "joint.dead", before + 2.0, 0.2);
	near(1, "joint.loop", 2.0, 0.2);
	near(1, "joint.jump", 0.04, 0.008);
	near(0, "joint.jump", 0.0, 0.006);
}

static void steps_and_holds(void **state)
{
	struct gh_fake fake;

	(void)state;
	gh_fake_init(&fake, 1, 100.0);
	fake.joint[0].overshoot = 0.2;
	fake.joint[0].hunt_rad = 0.01;
	measure(&fake);
	near(0, "joint.overshoot", 20.0, 2.0);
	near(0, "joint.settle", 0.31, 0.06);
	near(0, "joint.sserr", 0.0, 0.1);
	near(0, "joint.hunt", 0.01 / sqrt(2.0) * 57.2957795, 0.05);
}

static void half_the_travel_is_half_the_following(void **state)
{
	struct gh_fake fake;

	(void)state;
	gh_fake_init(&fake, 1, 100.0);
	fake.joint[0].travel = 0.4;
	measure(&fake);
	near(0, "joint.follow", 0.4, 0.005);
}

static void a_dead_sensor_is_no_fault_of_the_joint(void **state)
{
	const struct gh_measure *m;
	struct gh_fake fake;

	(void)state;
	gh_fake_init(&fake, 3, 100.0);
	fake.joint[1].is_current_stuck = true;
	fake.joint[2].is_position_stuck = true;
	measure(&fake);
	unknown(1, "joint.coulomb", GH_REASON_SENSOR_SUSPECT);
	unknown(1, "joint.gravity", GH_REASON_SENSOR_SUSPECT);
	unknown(1, "servo.hold", GH_REASON_SENSOR_SUSPECT);
	near(1, "joint.follow", 1.0, 0.002);
	m = find(1, "joint.gravity");
	assert_non_null(strstr(m->note, "grace.elbow current sensor"));
	unknown(2, "joint.follow", GH_REASON_SENSOR_SUSPECT);
	unknown(2, "joint.dead", GH_REASON_SENSOR_SUSPECT);
	unknown(2, "joint.gravity", GH_REASON_SENSOR_SUSPECT);
	m = find(2, "joint.follow");
	assert_non_null(strstr(m->note, "grace.wrist position sensor"));
	assert_true(value(2, "servo.hold") > 0.0);
	unknown(2, "joint.identity", GH_REASON_SENSOR_SUSPECT);
	near(1, "joint.identity", 1.0, 0.0);
}

static void one_speed_leaves_grease_out(void **state)
{
	struct gh_fake fake;

	(void)state;
	gh_fake_init(&fake, 1, 100.0);
	fake.one_speed = true;
	measure(&fake);
	unknown(0, "joint.viscous", GH_REASON_NOT_IN_PROFILE);
	near(0, "joint.coulomb", 0.06 + 0.8 * 0.03, 0.003);
}

static void hobby_servos_are_skipped_not_judged(void **state)
{
	struct gh_fake fake;

	(void)state;
	gh_fake_init(&fake, 2, 100.0);
	fake.joint[0].has_no_position = true;
	fake.joint[1].is_commanded_only = true;
	measure(&fake);
	unknown(0, "joint.follow", GH_REASON_COMMANDED_ONLY);
	unknown(1, "joint.follow", GH_REASON_COMMANDED_ONLY);
	unknown(0, "joint.coulomb", GH_REASON_COMMANDED_ONLY);
	assert_true(value(0, "servo.hold") > 0.0);
	unknown(0, "joint.identity", GH_REASON_COMMANDED_ONLY);
}

static void too_slow_a_channel_is_said(void **state)
{
	struct gh_fake fake;

	(void)state;
	gh_fake_init(&fake, 1, 10.0);
	measure(&fake);
	unknown(0, "joint.coulomb", GH_REASON_TOO_SLOW);
}

static void an_elbow_unseen_is_taken_at_its_word(void **state)
{
	struct gh_fake fake;

	(void)state;
	gh_fake_init(&fake, 3, 100.0);
	fake.joint[1].has_no_position = true;
	fake.joint[1].lag_s = 0.0;
	measure(&fake);
	near(0, "joint.gravity", gh_fake_gravity_a(&fake, 0), 0.004);
	near(2, "joint.coulomb", 0.06, 0.003);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_healthy_chain_gives_back_what_went_in),
		cmocka_unit_test(it_works_alone_and_at_other_rates),
		cmocka_unit_test(both_repeats_are_there),
		cmocka_unit_test(a_limp_arm_loses_its_weight_only),
		cmocka_unit_test(a_slipped_horn_turns_the_phase),
		cmocka_unit_test(a_light_arm_hangs_nowhere),
		cmocka_unit_test(a_binding_spot_is_found_where_it_is),
		cmocka_unit_test(dry_friction_is_not_grease),
		cmocka_unit_test(play_shows_at_the_turn),
		cmocka_unit_test(steps_and_holds),
		cmocka_unit_test(half_the_travel_is_half_the_following),
		cmocka_unit_test(a_dead_sensor_is_no_fault_of_the_joint),
		cmocka_unit_test(one_speed_leaves_grease_out),
		cmocka_unit_test(hobby_servos_are_skipped_not_judged),
		cmocka_unit_test(too_slow_a_channel_is_said),
		cmocka_unit_test(an_elbow_unseen_is_taken_at_its_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
