/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Probes of servo, core, supply, link and controller on fake recordings. */
#include "engine/probe.h"
#include "fakes/fake_recording.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "unit/test_probes_kit.h"

static void a_servo_standing(void **state)
{
	struct gh_fake fake;

	(void)state;
	gh_fake_init(&fake, 3, 100.0);
	fake.joint[1].supply_v = 11.2;
	fake.joint[2].warm_k = 8.0;
	measure(&fake);
	near(0, "servo.hold",
	     0.012 + gh_fake_gravity_a(&fake, 0) * sin(0.5) * 1.5, 0.12);
	near(0, "servo.rest", 0.012, 0.002);
	near(0, "servo.vmin", 11.85, 0.04);
	near(1, "servo.vdrop", 0.7, 0.02);
	near(0, "servo.vdrop", -0.35, 0.4);
	near(2, "servo.dtemp", 7.5, 0.6);
	near(0, "servo.dtemp", 0.0, 0.01);
	near(0, "servo.lost", 0.0, 0.0);
	near(0, "servo.gap", 11.0, 2.0);
	assert_int_equal(find(0, "servo.break")->reason, GH_REASON_NONE);
}

static void lost_replies_are_counted(void **state)
{
	struct gh_fake fake;

	(void)state;
	gh_fake_init(&fake, 2, 100.0);
	fake.joint[0].lost_share = 0.02;
	fake.has_gap = true;
	measure(&fake);
	near(0, "servo.lost", 20000.0, 300.0);
	near(1, "servo.lost", 0.0, 0.0);
	near(1, "servo.gap", 510.0, 12.0);
	near(0, "joint.coulomb", 0.06, 0.003);
}

static void a_lone_servo_has_no_siblings(void **state)
{
	struct gh_fake fake;

	(void)state;
	gh_fake_init(&fake, 1, 100.0);
	measure(&fake);
	unknown(0, "servo.vdrop", GH_REASON_NO_SENSOR);
}

static void a_dead_servo_answers_nothing(void **state)
{
	struct gh_fake fake;

	(void)state;
	gh_fake_init(&fake, 2, 100.0);
	fake.joint[0].lost_share = 1.0;
	measure(&fake);
	near(0, "servo.lost", 1e6, 0.0);
	unknown(0, "joint.follow", GH_REASON_NOT_COMPUTABLE);
	unknown(0, "joint.coulomb", GH_REASON_NOT_COMPUTABLE);
}

static void the_core_shines(void **state)
{
	struct gh_fake fake;
	const struct gh_measure *m;

	(void)state;
	gh_fake_init(&fake, 1, 100.0);
	measure(&fake);
	near(GH_FAKE_CORE, "core.level_red", 0.10, 1e-4);
	near(GH_FAKE_CORE, "core.level_green", 0.12, 1e-4);
	near(GH_FAKE_CORE, "core.level_blue", 0.09, 1e-4);
	near(GH_FAKE_CORE, "core.level_white", 0.20, 1e-4);
	near(GH_FAKE_CORE, "core.superposition", 1.0, 0.001);
	near(GH_FAKE_CORE, "core.light", 0.20, 1e-4);
	near(GH_FAKE_CORE, "core.sensor_ratio", 1.0, 0.001);
	near(GH_FAKE_CORE, "core.dark", 0.01 / 0.21, 0.001);
	m = find(GH_FAKE_CORE, "core.colour_dawn_pink");
	assert_int_equal(m->reason, GH_REASON_NONE);
	assert_true(m->v[0] > 0.0 && m->v[1] > 0.0 && m->v[2] > 0.0);
	assert_true(fabs(m->rep[0][0] - m->v[0]) < 1e-3);
	m = find(GH_FAKE_CORE, "core.colour_twilight_blue");
	assert_true(m->v[2] > 3.0 * m->v[1]);
}

static void lost_blue_is_blue_alone(void **state)
{
	struct gh_fake fake;
	double before;

	(void)state;
	gh_fake_init(&fake, 1, 100.0);
	measure(&fake);
	before = find(GH_FAKE_CORE, "core.colour_dawn_pink")->v[2];
	fake.lamp[2] = 0.0;
	measure(&fake);
	near(GH_FAKE_CORE, "core.level_blue", 0.0, 1e-4);
	near(GH_FAKE_CORE, "core.level_red", 0.10, 1e-4);
	near(GH_FAKE_CORE, "core.sensor_ratio", 1.0, 0.001);
	assert_true(find(GH_FAKE_CORE, "core.colour_dawn_pink")->v[2] <
		    before / 3.0);
}

static void a_dark_core_is_dark_not_blind(void **state)
{
	struct gh_fake fake;

	(void)state;
	gh_fake_init(&fake, 1, 100.0);
	memset(fake.lamp, 0, sizeof fake.lamp);
	measure(&fake);
	near(GH_FAKE_CORE, "core.level_red", 0.0, 1e-4);
	near(GH_FAKE_CORE, "core.level_white", 0.0, 1e-4);
	near(GH_FAKE_CORE, "core.light", 0.0, 1e-4);
}

static void a_blind_sensor_is_not_a_dark_core(void **state)
{
	struct gh_fake fake;

	(void)state;
	gh_fake_init(&fake, 1, 100.0);
	fake.is_colour_stuck = true;
	measure(&fake);
	unknown(GH_FAKE_CORE, "core.level_red", GH_REASON_SENSOR_SUSPECT);
	unknown(GH_FAKE_CORE, "core.colour_noon", GH_REASON_SENSOR_SUSPECT);
	unknown(GH_FAKE_CORE, "core.sensor_ratio", GH_REASON_SENSOR_SUSPECT);
	near(GH_FAKE_CORE, "core.light", 0.20, 1e-4);
	assert_non_null(strstr(find(GH_FAKE_CORE, "core.level_red")->note,
			       "core colour sensor"));
	fake.is_colour_stuck = false;
	fake.is_light_stuck = true;
	measure(&fake);
	unknown(GH_FAKE_CORE, "core.light", GH_REASON_SENSOR_SUSPECT);
	near(GH_FAKE_CORE, "core.level_red", 0.10, 1e-4);
}

/* The angle answers and the current monitor does not: no lost servo. */
static void a_dead_monitor_is_not_a_dead_servo(void **state)
{
	struct gh_fake fake;

	(void)state;
	gh_fake_init(&fake, 3, 100.0);
	fake.joint[1].has_dead_monitor = true;
	measure(&fake);
	near(1, "servo.lost", 0.0, 1e-9);
	unknown(1, "servo.hold", GH_REASON_SENSOR_SUSPECT);
	unknown(1, "joint.gravity", GH_REASON_SENSOR_SUSPECT);
	assert_non_null(strstr(find(1, "servo.hold")->note, "current sensor"));
	near(0, "servo.lost", 0.0, 1e-9);
}

static void a_tired_sensor_shows_in_the_ratio(void **state)
{
	struct gh_fake fake;

	(void)state;
	gh_fake_init(&fake, 1, 100.0);
	fake.colour_gain = 0.7;
	measure(&fake);
	near(GH_FAKE_CORE, "core.sensor_ratio", 0.7, 0.001);
	near(GH_FAKE_CORE, "core.light", 0.20, 1e-4);
}

static void room_light_and_saturation(void **state)
{
	struct gh_fake fake;

	(void)state;
	gh_fake_init(&fake, 1, 100.0);
	fake.room = 0.2;
	measure(&fake);
	near(GH_FAKE_CORE, "core.dark", 0.5, 0.01);
	unknown(GH_FAKE_CORE, "core.level_red", GH_REASON_AMBIENT);
	unknown(GH_FAKE_CORE, "core.colour_noon", GH_REASON_AMBIENT);
	gh_fake_init(&fake, 1, 100.0);
	fake.lamp[0] = 0.97;
	measure(&fake);
	unknown(GH_FAKE_CORE, "core.level_red", GH_REASON_SATURATED);
	unknown(GH_FAKE_CORE, "core.colour_noon", GH_REASON_SATURATED);
	near(GH_FAKE_CORE, "core.level_green", 0.12, 1e-4);
	/* a photodiode at its stop: no measure of the other eye */
	gh_fake_init(&fake, 1, 100.0);
	fake.light_gain = 4.9;
	measure(&fake);
	unknown(GH_FAKE_CORE, "core.light", GH_REASON_SATURATED);
	unknown(GH_FAKE_CORE, "core.sensor_ratio", GH_REASON_SATURATED);
}

static void the_supply_sags(void **state)
{
	struct gh_fake fake;

	(void)state;
	gh_fake_init(&fake, 3, 100.0);
	measure(&fake);
	near(GH_FAKE_SUPPLY, "supply.rsource", 0.12, 0.002);
	near(GH_FAKE_SUPPLY, "supply.idle", 0.25 + 3 * 0.012, 0.004);
	near(GH_FAKE_SUPPLY, "supply.vrest", 12.0 - 0.12 * 0.286, 0.003);
	assert_true(find(GH_FAKE_SUPPLY, "supply.vmin")->v[0] < 11.93);
	fake.source_ohm = 0.27;
	measure(&fake);
	near(GH_FAKE_SUPPLY, "supply.rsource", 0.27, 0.003);
}

static void the_wrong_joint_answers(void **state)
{
	struct gh_fake fake;
	const struct gh_measure *m;

	(void)state;
	gh_fake_init(&fake, 3, 100.0);
	measure(&fake);
	near(0, "joint.identity", 1.0, 0.0);
	assert_true(value(0, "joint.answer") > 2.0);
	fake.joint[0].obeys = 1;
	fake.joint[1].obeys = 0;
	measure(&fake);
	near(0, "joint.identity", 0.0, 0.0);
	near(1, "joint.identity", 0.0, 0.0);
	near(2, "joint.identity", 1.0, 0.0);
	m = find(1, "joint.identity");
	assert_string_equal(m->note, "asked grace.elbow, grace.shoulder moved");
	/* all stand still: nobody knows whose name it was */
	gh_fake_init(&fake, 1, 100.0);
	fake.joint[0].travel = 0.0;
	measure(&fake);
	unknown(0, "joint.identity", GH_REASON_NOT_COMPUTABLE);
	near(0, "joint.answer", 0.0, 0.2);
}

/* Its wiggle begins at 250 ms; its samples go on, as where the host was away. */
static void stopped_in_mid_wiggle_no_gears_slip(void **state)
{
	static const gh_us cuts[] = { 252000, 375000, 420000 };
	struct gh_recording *rec;
	struct gh_fake fake;

	(void)state;
	gh_fake_init(&fake, 1, 100.0);
	for (size_t i = 0; i < GH_ARRAY_SIZE(cuts); i++) {
		rec = gh_fake_record(&fake);
		gh_recording_cut(rec, cuts[i]);
		measure_recording(rec);
		unknown(0, "joint.answer", GH_REASON_NOT_COMPUTABLE);
	}
}

static void counters_pass_through(void **state)
{
	struct gh_recording *rec;
	struct gh_rec_facts *f;
	struct gh_fake fake;

	(void)state;
	gh_fake_init(&fake, 1, 100.0);
	rec = gh_fake_record(&fake);
	f = gh_recording_facts(rec);
	f->frames_bad = 2;
	f->frames_good = 19998;
	f->samples_lost = 100;
	f->samples = 99900;
	f->resets = 1;
	n_measures = gh_probes_run(gh_probes, rec, gh_fake_wanted(), measures,
				   MEASURES);
	near(GH_FAKE_LINK, "link.bad", 1000.0, 1e-6);
	near(GH_FAKE_LINK, "link.rtt_p99", 6.0, 0.0);
	near(GH_FAKE_CONTROLLER, "controller.resets", 1.0, 0.0);
	near(GH_FAKE_CONTROLLER, "controller.loop_max", 900.0, 0.0);
	f->counts_loss = false;
	f->rtt_p99_ms = 0.0;
	f->longest_loop_us = 0.0;
	n_measures = gh_probes_run(gh_probes, rec, gh_fake_wanted(), measures,
				   MEASURES);
	near(GH_FAKE_LINK, "link.bad", 100.0, 1e-6);
	unknown(GH_FAKE_LINK, "link.rtt_p99", GH_REASON_NO_SENSOR);
	unknown(GH_FAKE_CONTROLLER, "controller.loop_max", GH_REASON_NO_SENSOR);
	gh_recording_destroy(rec);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_servo_standing),
		cmocka_unit_test(lost_replies_are_counted),
		cmocka_unit_test(a_lone_servo_has_no_siblings),
		cmocka_unit_test(a_dead_servo_answers_nothing),
		cmocka_unit_test(the_core_shines),
		cmocka_unit_test(lost_blue_is_blue_alone),
		cmocka_unit_test(a_dark_core_is_dark_not_blind),
		cmocka_unit_test(a_blind_sensor_is_not_a_dark_core),
		cmocka_unit_test(a_dead_monitor_is_not_a_dead_servo),
		cmocka_unit_test(a_tired_sensor_shows_in_the_ratio),
		cmocka_unit_test(room_light_and_saturation),
		cmocka_unit_test(the_supply_sags),
		cmocka_unit_test(the_wrong_joint_answers),
		cmocka_unit_test(stopped_in_mid_wiggle_no_gears_slip),
		cmocka_unit_test(counters_pass_through),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
