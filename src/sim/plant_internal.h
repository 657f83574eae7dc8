/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plant_internal - the state of a plant, shared by the plant_*.c files, by
 * fault.c (which only turns the dials marked "fault") and by the plant's own
 * tests. Nobody else includes it.
 *
 * The drive train of a joint, body outwards:
 *   rotor, seen through the gears (motor_*) -> lash spring -> output shaft
 *   with the encoder (shaft_*) -> horn, which a limp joint slips on
 *   (slip_rad) and a loose one rattles on (play_rad) -> arm.
 */
#ifndef GH_SIM_PLANT_INTERNAL_H
#define GH_SIM_PLANT_INTERNAL_H

#include "sim/plant.h"		/* struct gh_plant_config */
#include "sim/plant_friction.h" /* struct gh_friction */
#include "sim/plant_kind.h"	/* struct gh_servo_kind */
#include "sim/plant_optics.h"	/* struct gh_optics */
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
/* How far a check sweeps (section 2): where the gears carry most. */
#define GH_PLANT_SWEEP_RAD 0.7
/* Load bearing, section 1.4. */
#define GH_PLANT_BEARING_NM 0.005

enum {
	GH_PLANT_LIGHTS = 5, /* colour red, green, blue, clear; photodiode */
	/* four per joint, two of the supply, five of the core; one of the
	 * spotlight, three of the remote */
	GH_PLANT_SENSORS = 4 * GH_PLANT_JOINTS + 2 + GH_PLANT_LIGHTS +
			   GH_PLANT_FIBRES + GH_PLANT_CRYSTALS +
			   GH_PLANT_CHROMES + 1 + 3,
};

/* Spreads, 1 SD: measurement.md section 1.3 (assumed there). */
#define GH_PLANT_UNIT_SD 0.10
#define GH_PLANT_SEATING_SD 0.015
#define GH_PLANT_RUN_SHARE (1.0 / 3.0)
/* No session has this number: what it seeds depends on the unit alone. */
#define GH_PLANT_ANY_SESSION UINT64_MAX
/* Assumed: every LED at full drive lights the sensors to this share. */
#define GH_PLANT_FULL_WHITE_SHARE 0.6

/* A driver that loses contact for a moment, at random times. */
struct gh_sputter {
	double per_s;	 /* fault */
	int64_t next_us; /* of the next one, 0: not drawn yet */
	int64_t until_us;
	struct gh_rng rng;
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
	const struct gh_servo_kind *kind;

	/* how it was built: unit and session */
	struct gh_friction friction;
	double friction_scale; /* unit and session, without drift */
	double friction_drift; /* relative, wanders: run to run */
	double kt_nm_a;
	double winding_ohm; /* at 20 degC */
	double shaft_inertia_kgm2, arm_inertia_kgm2;
	double peak_load_nm;  /* its links held straight out */
	double sweep_load_nm; /* most of them while all its arm sweeps */

	/* what the controller asks */
	double target_rad;
	bool has_torque;

	/* motion */
	double motor_rad, motor_rad_s;
	double skip_rad; /* rotor ahead of the teeth it lost */
	double shaft_rad, shaft_rad_s;
	double slip_rad; /* arm minus shaft: not 0 only when limp */
	double play_rad, arm_rad_s; /* of the arm on a loose horn */
	double gear_nm;		    /* through the gears, last step */
	double load_nm;		    /* gravity that reaches the shaft */
	double encoder_rad;	    /* last reading of the servo, 1 kHz */
	struct gh_rng encoder_rng;

	/* electricity and heat */
	bool is_alive;
	bool is_answering; /* alive and its reply arrives, drawn each ms */
	double duty, amps, bus_amps;
	double charge_as; /* integral of what its current register counts */
	double heat_j;	  /* in the winding since the last slow tick */
	double hot_ohm;	  /* winding now */
	double winding_c, case_c;

	/* faults, healthy values in gh_plant_create */
	double limp_share;
	double dry_factor;
	double binding_nm;
	double lash_rad;
	double horn_rad;       /* arm minus shaft from the start */
	double loose_rad;      /* play of the arm on the horn */
	double zero_rad;       /* encoder minus shaft */
	double stripped_share; /* of sweep_load_nm that the gears let go */
	double tooth_nm;       /* ripple of friction */
	double weak_share;     /* of kt */
	double short_rad;      /* an obstacle before the high end */
	double limit_rad;      /* a stored limit before the high end */
	double mute_share;     /* of replies */
	double hot_k, excess_k; /* the case, some time on: and now */
	double jump_rad;	/* of the encoder, over a scratch */
	struct gh_outage outage;
	struct gh_rng fault_rng; /* of mute_share and jump_rad */
};

/* Arm against the shaft of its servo. */
static inline double gh_joint_offset(const struct gh_joint *j)
{
	return j->slip_rad + (j->horn_rad + j->play_rad);
}

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

	/* the same of what leaks in, over full white */
	double leaking, leak_gathering, leak_gathered;

	/* how the optics sit: [0] colour sensor, [1] photodiode */
	double seating[2], seating_drift[2];
	/* what each sensor makes of each lamp channel, and of ambient light */
	double sees[GH_PLANT_LIGHTS][GH_PLANT_LAMP_CHANNELS];
	double sees_blue[GH_PLANT_LIGHTS][GH_PLANT_LAMP_CHANNELS]; /* of it */
	double sees_ambient[GH_PLANT_LIGHTS];

	double lost[GH_PLANT_LAMP_CHANNELS]; /* fault: share of one channel */
	double dim;			     /* fault: share of all */
	double yellow; /* fault: share of blue light, lost in the window */
	double leak;   /* fault: stage light at the sensors, over white */
	struct gh_sputter sputter;
};

struct gh_sensor_kind;

struct gh_sensor {
	const struct gh_sensor_kind *kind;
	const char *part;
	unsigned index; /* which joint, or which light */
	double gain;	/* fault: 1, or less when dying */
	double stale_s; /* fault: between fresh values, 0: each is fresh */
	double shown;	/* the last one, and when it was fresh */
	int64_t shown_us;
	bool has_shown;
	/* of the last read, for sensors that average */
	double seen_charge_as, seen_mean_a;
	int64_t seen_us;
	struct gh_rng rng;
};

struct gh_plant {
	struct gh_plant_config config;
	struct gh_joint joints[GH_PLANT_JOINTS];
	/* Which servo hangs on a joint's wire; its sensors have their own. */
	unsigned obeys[GH_PLANT_JOINTS];
	struct gh_arm arms[GH_PLANT_JOINTS];
	unsigned n_arms;
	struct gh_supply supply;
	struct gh_core core;
	struct gh_optics optics;
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

/* plant_servo.c: what a servo's own electronics do, 1 kHz and each step. */
void gh_plant_encoders(struct gh_plant *p);
void gh_plant_replies(struct gh_plant *p);
void gh_plant_drive(struct gh_plant *p);
/* Exchanges the wires that tell those two servos where to be. */
void gh_plant_swap(struct gh_plant *p, unsigned a, unsigned b);

/* plant_motion.c */
void gh_plant_motion(struct gh_plant *p, double dt_s);

/* plant_power.c */
void gh_plant_outages(struct gh_plant *p);
void gh_plant_power(struct gh_plant *p, double dt_s);
void gh_plant_heat(struct gh_plant *p, double dt_s);

/* 1 +- sd; a wild draw does not make a motor that runs backwards. */
double gh_plant_about_one(struct gh_rng *r, double sd);
/* Ornstein-Uhlenbeck: remembers `memory` of x and keeps an SD of sd. */
void gh_plant_wander(struct gh_rng *r, double *x, double sd, double memory);

/* plant_light.c */
void gh_plant_wire_core(struct gh_core *core);
void gh_plant_seed_sputter(struct gh_core *core, uint64_t seed,
			   unsigned session);
void gh_plant_glow(struct gh_plant *p);
void gh_plant_lamp_heat(struct gh_core *core, double dt_s);
/* What light sensor `which` (0..4) sees, share of full scale, no noise. */
double gh_plant_seen(const struct gh_core *core, unsigned which);
/* What a photodiode like the core's would see of its light now, seated as
 * designed, in the dark, behind what lets this share of blue light pass. */
double gh_plant_core_light(const struct gh_core *core, double blue);
/* The same of all LEDs as built at full drive, cold and without faults. */
double gh_plant_full_drive(const struct gh_core *core);

/* plant_sense.c: fills p->sensors. */
void gh_plant_wire_sensors(struct gh_plant *p, uint64_t seed, unsigned session);
void gh_plant_seed_sensors(struct gh_plant *p, uint64_t seed, unsigned session);

#endif
