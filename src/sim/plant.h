/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plant - the physics of one sculpture: servos with friction, gears with play,
 * links that hang on each other, a supply that sags, a lamp and the sensors
 * that look at them. A pure step function: no time but what gh_plant_step is
 * given, no randomness but what the seed and the session give. It knows
 * nothing of probes, metrics or protocols.
 *
 * seed    = the individual: how this one was built (unit spread).
 * session = one power-up: temperature, seating of optics, supply, grease.
 * Models and figures: measurement.md sections 1.1 to 1.4.
 */
#ifndef GH_SIM_PLANT_H
#define GH_SIM_PLANT_H

#include "base/part.h"	 /* enum gh_quantity */
#include "base/status.h" /* enum gh_status */
#include "base/text.h"	 /* GH_NAME_CAP */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { GH_PLANT_JOINTS = 24, GH_PLANT_LAMP_CHANNELS = 4 };

struct gh_plant_joint {
	char name[GH_NAME_CAP]; /* part name, "resilience.elbow" */
	int chain;		/* joints of one arm share it */
	unsigned order;		/* 0 = nearest the body */
	double length_m,
		mass_kg;       /* link behind the joint, mass at mid-length */
	double lo_rad, hi_rad; /* mechanical range */
};

struct gh_plant_config {
	struct gh_plant_joint joints[GH_PLANT_JOINTS];
	unsigned n_joints;
	bool has_core;
	char core[GH_NAME_CAP];	  /* part names */
	char supply[GH_NAME_CAP]; /* servo supply */
	double supply_v;	  /* nominal, 12 */
};

struct gh_plant;

/*
 * Builds the individual `seed` as it wakes in power-up `session`, arms hanging
 * straight (q = 0), torque off, lamps dark. NULL when memory is out.
 */
struct gh_plant *gh_plant_create(const struct gh_plant_config *config,
				 uint64_t seed, unsigned session);
void gh_plant_destroy(struct gh_plant *p); /* NULL is fine */

/*
 * Another run of the same power-up, right after gh_plant_create: what wanders
 * within a power-up (friction, seating, supply) and the noise of encoders and
 * sensors are drawn anew by `run`; the individual and its faults stay.
 */
void gh_plant_another_run(struct gh_plant *p, uint64_t run);

/* Advances by dt (any positive length; inner steps are the plant's own). */
void gh_plant_step(struct gh_plant *p, int64_t dt_us);

/* What the controller drives. Takes effect in the next step. */
void gh_plant_servo(struct gh_plant *p, unsigned joint, double target_rad);
void gh_plant_torque(struct gh_plant *p, unsigned joint, bool on);
void gh_plant_lamp(struct gh_plant *p, const double rgbw[4]);

/*
 * Sensors. A sensor is found once by part name and quantity (-1: this plant
 * has none such) and read whenever the board samples it. Values are in the
 * quantity's unit (rad, A, V, degC, share of full scale) with the sensor's own
 * noise and quantisation. Current is the mean since the last read of that
 * sensor, as a shunt amplifier with a filter gives it; light is the value now.
 */
int gh_plant_sensor(const struct gh_plant *p, const char *part,
		    enum gh_quantity what);
double gh_plant_sense(struct gh_plant *p, int sensor);

/* Number of sensors, and what the i-th is (for a board's own table). */
size_t gh_plant_sensors(const struct gh_plant *p);
void gh_plant_sensor_info(const struct gh_plant *p, size_t i, const char **part,
			  enum gh_quantity *what);

/* A servo without power draws nothing, does not move and does not answer. */
bool gh_plant_servo_alive(const struct gh_plant *p, unsigned joint);

/* True state for tests of the plant itself; never shown to a controller. */
double gh_plant_true_angle(const struct gh_plant *p, unsigned joint);
double gh_plant_true_arm_angle(const struct gh_plant *p, unsigned joint);
double gh_plant_true_supply_v(const struct gh_plant *p);

#endif
