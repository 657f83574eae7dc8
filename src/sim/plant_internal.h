/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plant_internal - the state of a plant, shared by the plant_*.c files, by
 * fault.c (which only turns the dials marked "fault") and by the plant's own
 * tests. Nobody else includes it.
 *
 * The drive train of a joint, body outwards:
 *   rotor, seen through the gears (motor_*) -> lash spring -> output shaft
 *   with the encoder (shaft_*) -> horn, which a limp joint slips on
 *   (slip_rad) -> arm.
 */
#ifndef GH_SIM_PLANT_INTERNAL_H
#define GH_SIM_PLANT_INTERNAL_H

#include "sim/plant.h"		/* struct gh_plant_config */
#include "sim/plant_friction.h" /* struct gh_friction */
#include "sim/rng.h"		/* struct gh_rng */

#define GH_PLANT_PI 3.14159265358979323846
#define GH_PLANT_DEG (GH_PLANT_PI / 180.0)
#define GH_PLANT_G_M_S2 9.80665
/* 12 bit over a turn: 0.088 deg (measurement.md section 1.3). */
#define GH_PLANT_COUNT_RAD (2 * GH_PLANT_PI / 4096)
/* With lash (measurement.md section 1.1); a test compares with 100. */
#define GH_PLANT_STEP_US 500
/* The servo reads its encoder at 1 kHz (section 1.4). */
#define GH_PLANT_SERVO_US 1000
/* Heat and drift move in minutes; ten looks a second are plenty. */
#define GH_PLANT_SLOW_US 100000

enum {
	GH_PLANT_LIGHTS = 5, /* colour red, green, blue, clear; photodiode */
	/* four per joint, two of the supply, five of the core */
	GH_PLANT_SENSORS = 4 * GH_PLANT_JOINTS + 2 + GH_PLANT_LIGHTS,
};

/* A power line that comes and goes: fault no_power. */
struct gh_outage {
	double share;	   /* fault: of the time without power */
	int64_t change_us; /* when the line changes next */
	bool is_out;
	struct gh_rng rng;
};

struct gh_joint {
	const struct gh_plant_joint *cfg;

	/* how it was built: unit and session */
	struct gh_friction friction;
	double friction_scale; /* unit and session, without drift */
	double friction_drift; /* relative, wanders: run to run */
	double kt_nm_a;
	double winding_ohm; /* at 20 degC */
	double shaft_inertia_kgm2, arm_inertia_kgm2;
	double peak_load_nm; /* its links held straight out */

	/* what the controller asks */
	double target_rad;
	bool has_torque;

	/* motion */
	double motor_rad, motor_rad_s;
	double shaft_rad, shaft_rad_s;
	double slip_rad;    /* arm minus shaft: not 0 only when limp */
	double load_nm;	    /* gravity that reaches the shaft */
	double encoder_rad; /* last reading of the servo, 1 kHz */
	struct gh_rng encoder_rng;

	/* electricity and heat */
	bool is_alive;
	double amps, bus_amps;
	double charge_as; /* integral of amps since power-up */
	double heat_j;	  /* in the winding since the last slow tick */
	double hot_ohm;	  /* winding now */
	double winding_c, case_c;

	/* faults, healthy values in gh_plant_create */
	double limp_share;
	double dry_factor;
	double binding_nm;
	double lash_rad;
	struct gh_outage outage;
};

/* The joints of one arm, body outwards. */
struct gh_arm {
	int chain;
	unsigned joint[GH_PLANT_JOINTS];
	unsigned n;
};

struct gh_supply {
	double emf_v;	  /* unit and session */
	double drift;	  /* relative, follows drift_aim: mains do not jump */
	double drift_aim; /* relative, wanders */
	double amps;	  /* through the source, after the capacitors */
	double bus_v;	  /* at the servos */
	double charge_as; /* integral of amps since power-up */
	double extra_ohm; /* fault */
	struct gh_outage outage;
};

struct gh_core {
	double drive[GH_PLANT_LAMP_CHANNELS]; /* what the controller asks */
	double built[GH_PLANT_LAMP_CHANNELS]; /* unit spread of each LED */
	double glow[GH_PLANT_LAMP_CHANNELS];  /* light now, 1 = as designed */
	double warm_k;			      /* LEDs above ambient */
	double ambient;			      /* share of full white */

	/* the colour sensor integrates, then holds until the next is ready */
	double gathering[GH_PLANT_LAMP_CHANNELS];
	double gathered[GH_PLANT_LAMP_CHANNELS];
	int64_t gather_us;

	/* how the optics sit: [0] colour sensor, [1] photodiode */
	double seating[2], seating_drift[2];
	/* what each sensor makes of each lamp channel, and of ambient light */
	double sees[GH_PLANT_LIGHTS][GH_PLANT_LAMP_CHANNELS];
	double sees_ambient[GH_PLANT_LIGHTS];

	double lost[GH_PLANT_LAMP_CHANNELS]; /* fault: share of one channel */
	double dim;			     /* fault: share of all */
};

struct gh_sensor_kind;

struct gh_sensor {
	const struct gh_sensor_kind *kind;
	const char *part;
	unsigned index; /* which joint, or which light */
	double gain;	/* fault: 1, or less when dying */
	/* of the last read, for sensors that average */
	double seen_charge_as, seen_mean_a;
	int64_t seen_us;
	struct gh_rng rng;
};

struct gh_plant {
	struct gh_plant_config config;
	struct gh_joint joints[GH_PLANT_JOINTS];
	struct gh_arm arms[GH_PLANT_JOINTS];
	unsigned n_arms;
	struct gh_supply supply;
	struct gh_core core;
	struct gh_sensor sensors[GH_PLANT_SENSORS];
	size_t n_sensors;
	double ambient_c;
	double common_drift; /* of all servos' friction */
	struct gh_rng drift_rng;
	int64_t now_us, pending_us;
	int64_t step_us; /* GH_PLANT_STEP_US; tests refine it */
};

/* plant_build.c: this individual, as this power-up found it. */
void gh_plant_build(struct gh_plant *p, uint64_t seed, unsigned session);
/* Where what wanders starts, and how it goes on. */
void gh_plant_seed_drift(struct gh_plant *p, uint64_t seed, unsigned session);
/* Moves everything that wanders from run to run; once per slow tick. */
void gh_plant_drift(struct gh_plant *p);

/* plant_motion.c */
void gh_plant_encoders(struct gh_plant *p);
void gh_plant_motion(struct gh_plant *p, double dt_s);

/* plant_power.c */
void gh_plant_outages(struct gh_plant *p);
void gh_plant_power(struct gh_plant *p, double dt_s);
void gh_plant_heat(struct gh_plant *p, double dt_s);

/* plant_light.c */
void gh_plant_optics(struct gh_core *core);
void gh_plant_glow(struct gh_plant *p);
void gh_plant_lamp_heat(struct gh_core *core, double dt_s);
/* What light sensor `which` (0..4) sees, share of full scale, no noise. */
double gh_plant_seen(const struct gh_core *core, unsigned which);

/* plant_sense.c: fills p->sensors. */
void gh_plant_wire_sensors(struct gh_plant *p, uint64_t seed, unsigned session);
void gh_plant_seed_sensors(struct gh_plant *p, uint64_t seed, unsigned session);

#endif
