/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * electronics - what a board of some kind does between core and plant by
 * itself: pulses to servos, conversions, chips. Times are the board's, us.
 */
#ifndef GH_SIM_ELECTRONICS_H
#define GH_SIM_ELECTRONICS_H

#include "rig/rig.h"	    /* GH_RIG_JOINTS */
#include "sim/board_kind.h" /* struct gh_sim_board_kind */
#include "sim/plant.h"	    /* struct gh_plant */

#include <stdbool.h>
#include <stdint.h>

enum { GH_SIM_INPUTS = 2 * GH_RIG_JOINTS + 16 };

/* One input of the board, and what it has seen since it was read. */
struct gh_sim_input {
	const struct gh_sim_kind_sensor *about;
	int sensor; /* of the plant */
	unsigned joint;
	double sum, last, next;
	unsigned n;
};

struct gh_sim_pulse {
	double asked_rad;  /* by the core, */
	int64_t taken_us;  /* its last turn; */
	double wanted_rad; /* when it was that axis's turn; */
	double sent_rad;   /* as the frame began */
	int64_t end_us;	   /* of the pulse, in its frame */
	int64_t seen_us;   /* when the last one ended */
	bool is_wanted, is_sent;
};

/* The state of such a board between core and plant; all zero at first. */
struct gh_sim_electronics {
	const struct gh_sim_board_kind *kind;
	struct gh_plant *plant;
	unsigned n_joints, n_inputs;
	struct gh_sim_pulse pulses[GH_RIG_JOINTS];
	struct gh_sim_input inputs[GH_SIM_INPUTS];
};

void gh_sim_electronics_init(struct gh_sim_electronics *e,
			     const struct gh_sim_board_kind *kind,
			     struct gh_plant *plant, unsigned n_joints);
/* One more input; returns its number. */
unsigned gh_sim_electronics_add(struct gh_sim_electronics *e,
				const struct gh_sim_kind_sensor *about,
				int sensor, unsigned joint);

/* Steps the plant, and all that the board does by itself meanwhile. */
void gh_sim_electronics_step(struct gh_sim_electronics *e, int64_t from_us,
			     int64_t until_us);

void gh_sim_electronics_drive(struct gh_sim_electronics *e, unsigned joint,
			      int64_t now_us, double rad);
void gh_sim_electronics_torque(struct gh_sim_electronics *e, unsigned joint,
			       bool on);
/* In the quantity's unit. */
double gh_sim_electronics_read(struct gh_sim_electronics *e, unsigned input);

#endif
