/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plant_friction - how much torque a gear train can resist: the published
 * models M1 to M6 and the reference plant's own (measurement.md sections 1.1
 * and 1.4; Rhoban/bam). A model is one row of a table and one function.
 */
#ifndef GH_SIM_PLANT_FRICTION_H
#define GH_SIM_PLANT_FRICTION_H

struct gh_friction;

struct gh_friction_model {
	const char *name;
	/*
	 * Largest resistive torque, N m, never negative: speed in rad/s, torque
	 * of the motor and of the outside world (the gears) in N m.
	 */
	double (*limit)(const struct gh_friction *f, double speed, double motor,
			double external);
};

/* The parameters of all models; a model reads those it knows. */
struct gh_friction {
	const struct gh_friction_model *model;
	double coulomb_nm;     /* Kc */
	double stribeck_nm;    /* Kcs, extra when starting */
	double stribeck_rad_s; /* ws */
	double stribeck_power; /* alpha */
	double viscous_nms;    /* Kv, N m s/rad */
	double load_share;     /* Kl, of the torque in the gears */
	double load_stribeck;  /* Kls, the same when starting */
	/* what the motor and the load press, apart: M5, M6 */
	double motor_share, external_share;	  /* Km, Ke */
	double motor_stribeck, external_stribeck; /* Kms, Kes */
	double motor_per_nm, external_per_nm;	  /* Km2, Ke2, 1/(N m) */
};

/* {0}-terminated. */
extern const struct gh_friction_model gh_friction_models[];

/* NULL when no model has that name. */
const struct gh_friction_model *gh_friction_model(const char *name);

/*
 * One step of speed under `torque` with at most `limit` of friction. Friction
 * stops a body but never turns it round, so a resting joint does not chatter.
 */
double gh_friction_step(double speed, double torque, double limit,
			double inertia_kgm2, double dt_s);

#endif
