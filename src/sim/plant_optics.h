/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plant_optics - the parts of a plant that only shine and are looked at:
 * fibres, crystals, chrome, the spotlight; and the remote. For plant_*.c,
 * fault*.c and the plant's own tests, by way of plant_internal.h.
 */
#ifndef GH_SIM_PLANT_OPTICS_H
#define GH_SIM_PLANT_OPTICS_H

#include "sim/plant.h" /* GH_PLANT_FIBRES */
#include "sim/rng.h"   /* struct gh_rng */

#include <stdint.h>

enum { GH_CHROME_RED, GH_CHROME_BLUE, GH_CHROME_LEDS };

/* How a diode sits at what it sees: factors around 1, and what wanders. */
struct gh_seat {
	double built, today; /* unit, session */
	double drift;	     /* relative */
};

/* Lit by the core, seen by a photodiode at its end. */
struct gh_fibre {
	struct gh_seat seat;
	double blue;	/* what passes of blue light against the rest */
	double ambient; /* that gets in, over that at the core */
	double lost, yellow; /* fault: share of all light, of blue light */
	double let_in; /* fault, in place of light: share of the lit level */
};

/* On an arm under the spotlight; crystals of one joint share a photodiode. */
struct gh_crystal {
	const struct gh_plant_crystal *cfg;
	struct gh_seat seat;
	double diffuse, peak;	/* share of full scale under the spotlight */
	double at_rad;		/* arm angle of the peak */
	double dull, shift_rad; /* fault: share of the peak; its angle */
};

/* A red and a blue LED and a photodiode at a mirror. */
struct gh_chrome {
	struct gh_seat seat;
	double drive[GH_CHROME_LEDS];
	double bright[GH_CHROME_LEDS]; /* unit and session, 1 as designed */
	double dirty, tarnish; /* fault: shares of reflectance */
};

struct gh_spotlight {
	double drive;
	double bright; /* unit and session, 1 as designed */
	double drift;  /* relative */
	struct gh_seat seat; /* of its reference photodiode */
};

/* What the controller knows of it came with its last telegram. */
struct gh_remote {
	double rest_v;	  /* its battery, without load */
	double signal_db; /* where it lies today */
	unsigned presses; /* heard since boot */
	double told_v, told_db;
	int64_t told_us; /* when */
	bool is_calling; /* a press wants a telegram */
	struct gh_rng air_rng, press_rng;
	double lost_v, lost_db, missed_share; /* faults */
};

struct gh_optics {
	struct gh_fibre fibres[GH_PLANT_FIBRES];
	struct gh_crystal crystals[GH_PLANT_CRYSTALS];
	struct gh_chrome chromes[GH_PLANT_CHROMES];
	struct gh_spotlight spot;
	struct gh_remote remote;
	struct gh_rng drift_rng;
};

/* plant_optics.c: this individual, as this power-up found it. */
void gh_plant_optics_build(struct gh_plant *p, uint64_t seed, unsigned session);
/* Where what wanders starts; and how it goes on, as gh_plant_wander. */
void gh_plant_optics_seed(struct gh_plant *p, uint64_t seed, unsigned session);
void gh_plant_optics_drift(struct gh_plant *p, double memory);

/* What each photodiode sees now, share of full scale, no noise. */
double gh_plant_fibre_light(const struct gh_plant *p, unsigned fibre);
double gh_plant_crystal_light(const struct gh_plant *p, unsigned crystal);
double gh_plant_chrome_light(const struct gh_plant *p, unsigned chrome);
double gh_plant_spot_light(const struct gh_plant *p);
/* What that fibre would show of a core at full drive, as built. */
double gh_plant_fibre_lit(const struct gh_plant *p, unsigned fibre);

/* plant_remote.c */
void gh_plant_remote_build(struct gh_plant *p, uint64_t seed, unsigned session);
void gh_plant_remote_seed(struct gh_plant *p, uint64_t seed, unsigned session);
/* Once per slow tick. */
void gh_plant_remote_tick(struct gh_plant *p);

#endif
