/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plant_kind - what a servo is by its make: motor, loop, rotor and friction.
 */
#ifndef GH_SIM_PLANT_KIND_H
#define GH_SIM_PLANT_KIND_H

#include "sim/plant_friction.h" /* struct gh_friction */

struct gh_servo_kind {
	const char *name;
	double kt_nm_a, ohm;
	double rotor_kgm2; /* seen through the gears */
	double duty_per_rad, duty_max;
	const char *model;	     /* of friction */
	struct gh_friction friction; /* its model is not set here */
};

/* {0}-terminated; the first is the reference plant's. */
extern const struct gh_servo_kind gh_servo_kinds[];

/* NULL when no servo has that name. */
const struct gh_servo_kind *gh_servo_kind(const char *name);

#endif
