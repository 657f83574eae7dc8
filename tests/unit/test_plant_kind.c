/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The makes of servo that a plant can have: their numbers are the published
 * ones, and a plant made of them carries a load as statics says.
 */
#include "sim/plant_kind.h"

#include "unit/plant_faulty.h" /* near */
#include "unit/plant_replay.h" /* published */

/* Six figures are kept of the published ones. */
#define ROUNDED 1e-5

static void same(const char *servo, double got, double want)
{
	near(servo, got, want, ROUNDED * fabs(want));
}

static void numbers_are_the_published_ones(void **state)
{
	(void)state;
	for (const struct gh_servo_kind *k = gh_servo_kinds + 1; k->name; k++) {
		const bool is_sts = strcmp(k->name, "sts3215") == 0;
		const char *set = is_sts ? "feetech_sts3215_7_4V" : k->name;
		const struct gh_friction *f = &k->friction;
		struct servo s = { 0 };

		if (!published(set, k->model, &s))
			skip();
		same(k->name, k->kt_nm_a, s.motor.kt_nm_a);
		same(k->name, k->ohm, s.motor.ohm);
		same(k->name, k->rotor_kgm2, s.armature_kgm2);
		same(k->name, f->coulomb_nm, s.friction.coulomb_nm);
		same(k->name, f->viscous_nms, s.friction.viscous_nms);
		same(k->name, f->stribeck_nm, s.friction.stribeck_nm);
		same(k->name, f->stribeck_rad_s, s.friction.stribeck_rad_s);
		same(k->name, f->stribeck_power, s.friction.stribeck_power);
		same(k->name, f->motor_share, s.friction.motor_share);
		same(k->name, f->external_share, s.friction.external_share);
		same(k->name, f->motor_stribeck, s.friction.motor_stribeck);
		same(k->name, f->external_stribeck,
		     s.friction.external_stribeck);
		same(k->name, f->motor_per_nm, s.friction.motor_per_nm);
		same(k->name, f->external_per_nm, s.friction.external_per_nm);
	}
}

static void names_are_found(void **state)
{
	(void)state;
	assert_ptr_equal(gh_servo_kind("reference"), &gh_servo_kinds[0]);
	assert_non_null(gh_servo_kind("xl330"));
	assert_null(gh_servo_kind("mx-64"));
}

/*
 * Mean motor torque of lifting and lowering over the load, for friction that
 * grows by K with the motor's torque and by E with the load: lifting takes
 * (1 + E)/(1 - K), lowering (1 - E)/(1 + K).
 */
static double lifts_as_much(const struct gh_joint *j, double rad_s)
{
	const struct gh_friction *f = &j->friction;
	const double starting = f->stribeck_rad_s > 0
					? exp(-pow(rad_s / f->stribeck_rad_s,
						   f->stribeck_power))
					: 0;
	const double scale = j->friction_scale;
	const double k =
		scale * (f->motor_share + starting * f->motor_stribeck);
	const double e =
		scale * (f->external_share + starting * f->external_stribeck);

	return ((1 + e) / (1 - k) + (1 - e) / (1 + k)) / 2;
}

/*
 * A tenth of what the servo stalls at hangs on it; up and down, slowly. 20 %:
 * the bearing's own drag is that much of the smallest servo's load.
 */
static void each_carries_its_load(void **state)
{
	(void)state;
	for (const struct gh_servo_kind *k = gh_servo_kinds; k->name; k++) {
		const double supply_v = k->kt_nm_a > 1.5 ? 12 : 7.4;
		const double stall_nm = k->kt_nm_a * supply_v / k->ohm;
		struct gh_plant_config c =
			single(0.2, stall_nm / 10 / GH_PLANT_G_M_S2 / 0.1);
		struct gh_plant *p;
		struct sweep s;
		double want_nm;

		c.servo = k;
		c.supply_v = supply_v;
		p = gh_plant_create(&c, FAULTY_SEED, 1);
		sweep_ready(p, 1);
		s = sweep_joint(p, 1, 0, 0.4, 2, sin_of_chain);
		want_nm = stall_nm / 10 * lifts_as_much(&p->joints[0], 0.4);
		near(k->name, s.load_a * p->joints[0].kt_nm_a, want_nm,
		     0.2 * want_nm);
		assert_true(s.up_a > 0 && s.down_a < 0);
		assert_true(s.track_rad < 0.25);
		gh_plant_destroy(p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_the_published_ones),
		cmocka_unit_test(names_are_found),
		cmocka_unit_test(each_carries_its_load),
	};

	return cmocka_run_group_tests_name("plant_kind", tests, NULL, NULL);
}
