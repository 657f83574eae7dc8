/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plant_replay - a recorded trajectory of ../shared/data, driven open loop
 * through the plant's own friction and motor with published parameters.
 */
#ifndef GH_TESTS_PLANT_REPLAY_H
#define GH_TESTS_PLANT_REPLAY_H

#include "sim/plant_friction.h" /* gh_friction_step */
#include "sim/plant_motor.h"	/* gh_motor_duty */
#include "unit/tsv.h"

#define G_M_S2 9.80665

/* One servo on a bench: all that the equations of section 1.1 need. */
struct servo {
	struct gh_friction friction;
	struct gh_motor motor;
	double armature_kgm2, offset_rad;
	double stiffness_nm_rad, damping_nms_rad; /* of the STS form */
};

/* A missing parameter is one that the model does not have. */
static inline double given(const struct tsv *t, size_t row, const char *column)
{
	const double x = tsv_number(t, row, column);

	return isnan(x) ? 0 : x;
}

static inline struct gh_friction friction_of(const struct tsv *t, size_t row)
{
	return (struct gh_friction){
		.model = gh_friction_model(tsv_cell(t, row, "model")),
		.coulomb_nm = given(t, row, "friction_base"),
		.viscous_nms = given(t, row, "friction_viscous"),
		.stribeck_nm = given(t, row, "friction_stribeck"),
		.stribeck_rad_s = given(t, row, "dtheta_stribeck"),
		.stribeck_power = given(t, row, "alpha"),
		.load_share = given(t, row, "load_friction_base"),
		.load_stribeck = given(t, row, "load_friction_stribeck"),
		.motor_share = given(t, row, "load_friction_motor"),
		.external_share = given(t, row, "load_friction_external"),
		.motor_stribeck = given(t, row, "load_friction_motor_stribeck"),
		.external_stribeck =
			given(t, row, "load_friction_external_stribeck"),
		.motor_per_nm = given(t, row, "load_friction_motor_quad"),
		.external_per_nm = given(t, row, "load_friction_external_quad"),
	};
}

static inline bool published(const char *set, const char *model,
			     struct servo *out)
{
	struct tsv t;
	bool found = false;

	if (!tsv_read(&t, "servo_parameters.tsv"))
		return false;
	for (size_t row = 0; row < t.n_rows && !found; row++) {
		if (strcmp(tsv_cell(&t, row, "set"), set) != 0 ||
		    strcmp(tsv_cell(&t, row, "model"), model) != 0)
			continue;
		*out = (struct servo){
			.friction = friction_of(&t, row),
			.motor = { .kt_nm_a = given(&t, row, "kt"),
				   .ohm = given(&t, row, "R"),
				   .duty_max = 1 },
			.armature_kgm2 = given(&t, row, "armature") +
					 given(&t, row, "inertia"),
			.offset_rad = given(&t, row, "q_offset"),
			.stiffness_nm_rad = given(&t, row, "stiffness"),
			.damping_nms_rad = given(&t, row, "damping"),
		};
		found = out->friction.model != NULL;
	}
	tsv_free(&t);
	return found;
}

/* A recording, and where a replay of it has got to. */
struct replay {
	struct tsv log;
	double kp, supply_v, mass_kg, length_m;
	double rad, rad_s, t_s;
	size_t row; /* the last one not later than t_s */
};

static inline double number_of(const struct tsv *t, const char *key)
{
	const char *value = tsv_key(t, key);

	return value ? strtod(value, NULL) : NAN;
}

static inline bool replay_open(struct replay *r, const char *name)
{
	*r = (struct replay){ 0 };
	if (!tsv_read(&r->log, name))
		return false;
	r->kp = number_of(&r->log, "kp");
	r->supply_v = number_of(&r->log, "vin_v");
	r->mass_kg = number_of(&r->log, "mass_kg");
	r->length_m = number_of(&r->log, "length_m");
	r->t_s = tsv_number(&r->log, 0, "t_s");
	r->rad = tsv_number(&r->log, 0, "pos_rad");
	r->rad_s = tsv_number(&r->log, 0, "speed_rad_s");
	return true;
}

/* The recorded goal now, straight between its samples. */
static inline double goal_now(const struct replay *r)
{
	const double t0 = tsv_number(&r->log, r->row, "t_s");
	const double t1 = tsv_number(&r->log, r->row + 1, "t_s");
	const double g0 = tsv_number(&r->log, r->row, "goal_rad");
	const double g1 = tsv_number(&r->log, r->row + 1, "goal_rad");

	return g0 + (g1 - g0) * (r->t_s - t0) / (t1 - t0);
}

/* Torque of the motor for a position error; none with the torque off. */
static inline double motor_nm(const struct servo *s, const struct replay *r,
			      double error_rad)
{
	double volts;

	if (tsv_number(&r->log, r->row, "torque_on") < 0.5)
		return 0;
	if (s->stiffness_nm_rad > 0)
		return s->stiffness_nm_rad * error_rad -
		       s->damping_nms_rad * r->rad_s;
	volts = r->supply_v * gh_motor_duty(&s->motor, error_rad);
	return s->motor.kt_nm_a * gh_motor_amps(&s->motor, volts, r->rad_s);
}

static inline void replay_step(struct replay *r, const struct servo *s,
			       double dt_s)
{
	const double inertia_kgm2 =
		r->mass_kg * r->length_m * r->length_m + s->armature_kgm2;
	const double motor = motor_nm(s, r, goal_now(r) - r->rad);
	const double load = -r->mass_kg * G_M_S2 * r->length_m *
			    sin(r->rad + s->offset_rad);
	const double limit =
		s->friction.model->limit(&s->friction, r->rad_s, motor, load);
	const double before = r->rad_s;

	r->rad_s = gh_friction_step(before, motor + load, limit, inertia_kgm2,
				    dt_s);
	r->rad += r->rad_s * dt_s + (r->rad_s - before) * dt_s / 2;
	r->t_s += dt_s;
}

/* Mean absolute position error over the whole file, open loop. */
static inline double replay_error(struct replay *r, const struct servo *s)
{
	double sum = 0;

	for (size_t row = 0; row < r->log.n_rows; row++) {
		const double at_s = tsv_number(&r->log, row, "t_s");

		while (r->t_s < at_s - 0.0005)
			replay_step(r, s, 0.001);
		sum += fabs(r->rad - tsv_number(&r->log, row, "pos_rad"));
		r->row = row;
	}
	return sum / (double)r->log.n_rows;
}

#endif
