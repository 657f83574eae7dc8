/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plant - the physics of one sculpture: servos with friction, gears with play,
 * links that hang on each other, a supply that sags, lamps, what they light, a
 * remote, and the sensors that look at them. A pure step function: no time but
 * what gh_plant_step is given, no randomness but what the seed and the session
 * give. It knows nothing of probes, metrics or protocols.
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

enum {
	GH_PLANT_JOINTS = 24,
	GH_PLANT_LAMP_CHANNELS = 4,
	GH_PLANT_FIBRES = 32,
	GH_PLANT_CRYSTALS = 32,
	GH_PLANT_CHROMES = 6,
};

struct gh_plant_joint {
	char name[GH_NAME_CAP]; /* part name, "resilience.elbow" */
	int chain;		/* joints of one arm share it */
	unsigned order;		/* 0 = nearest the body */
	double length_m,
		mass_kg;       /* link behind the joint, mass at mid-length */
	double lo_rad, hi_rad; /* mechanical range */
};

/* A crystal flashes while its joint's arm sweeps the window. */
struct gh_plant_crystal {
	char name[GH_NAME_CAP];
	unsigned joint; /* below n_joints */
	double lo_rad, hi_rad;
};

struct gh_servo_kind;

struct gh_plant_config {
	struct gh_plant_joint joints[GH_PLANT_JOINTS];
	unsigned n_joints;
	bool has_core;
	char core[GH_NAME_CAP];	  /* part names */
	char supply[GH_NAME_CAP]; /* servo supply */
	double supply_v;	  /* nominal, 12 */
	char spotlight[GH_NAME_CAP], remote[GH_NAME_CAP]; /* "": none */
	char fibres[GH_PLANT_FIBRES][GH_NAME_CAP];
	struct gh_plant_crystal crystals[GH_PLANT_CRYSTALS];
	char chromes[GH_PLANT_CHROMES][GH_NAME_CAP];
	unsigned n_fibres, n_crystals, n_chromes;

	/* What its servos are like; all 0: those of the reference plant. */
	const struct gh_servo_kind *servo; /* of plant_kind.h */
	bool current_at_bus;   /* measured before the bridge, not behind */
	bool current_unsigned; /* 16 bits whose sign gets lost: -5 is 65531 */
	double refresh_s;      /* between fresh values of their sensors */
	bool grease_warms;     /* friction falls as a servo's case warms */
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
void gh_plant_lamp(struct gh_plant *p, const double rgbw[4]); /* the core's */
/* The spotlight has white only, the pair at a chrome part red and blue. */
void gh_plant_spotlight(struct gh_plant *p, double white);
void gh_plant_chrome(struct gh_plant *p, unsigned chrome, double red,
		     double blue);

/* Somebody presses the remote's button; what it counts begins at 0. */
void gh_plant_press(struct gh_plant *p);
void gh_plant_forget_presses(struct gh_plant *p);

/*
 * Sensors. A sensor is found once by part name and quantity (-1: this plant
 * has none such) and read whenever the board samples it. Values are in the
 * quantity's unit (rad, A, V, degC, share of full scale, dB) with the sensor's
 * own noise and quantisation. Current is the mean since the last read of that
 * sensor, as a shunt amplifier with a filter gives it; light is the value now.
 */
int gh_plant_sensor(const struct gh_plant *p, const char *part,
		    enum gh_quantity what);
double gh_plant_sense(struct gh_plant *p, int sensor);

/* Number of sensors, and what the i-th is (for a board's own table). */
size_t gh_plant_sensors(const struct gh_plant *p);
void gh_plant_sensor_info(const struct gh_plant *p, size_t i, const char **part,
			  enum gh_quantity *what);

/* Without power, or for the while that its wire loses replies, it does not. */
bool gh_plant_servo_answers(const struct gh_plant *p, unsigned joint);

/* True state for tests of the plant itself; never shown to a controller. */
double gh_plant_true_angle(const struct gh_plant *p, unsigned joint);
double gh_plant_true_arm_angle(const struct gh_plant *p, unsigned joint);
double gh_plant_true_supply_v(const struct gh_plant *p);

#endif
