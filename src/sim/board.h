/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * board - the controller's pins: binds the firmware's board interface to the
 * plant. It has what the rig file lists, as far as the plant has a sensor for
 * it. The plant is stepped when somebody reads or drives it, to exactly that
 * moment, so an idle sculpture costs nothing between looks.
 */
#ifndef GH_SIM_BOARD_H
#define GH_SIM_BOARD_H

#include "firmware/core/board.h" /* struct fw_board */
#include "base/status.h"	 /* enum gh_status */
#include "rig/rig.h"		 /* struct gh_rig */
#include "sim/electronics.h"	 /* struct gh_sim_electronics */
#include "sim/plant.h"		 /* struct gh_plant */

#include <stdbool.h>
#include <stdint.h>

enum { GH_SIM_CHANNELS = 128, GH_SIM_LAMPS = 8 };

struct gh_sim_lamp {
	struct fw_lamp about;
	void (*set)(struct gh_plant *p, unsigned which, const double rgbw[4]);
	unsigned which; /* of its kind */
};

struct gh_sim_channel {
	struct fw_channel about;
	int sensor; /* of the plant */
	int joint;  /* whose servo must be alive to answer, or -1 */
	int input;  /* of the electronics, -1: the sensor itself */
};

/* Caller's memory; holds only the plant, which gh_sim_board_finish frees. */
struct gh_sim_board {
	struct fw_board fw; /* tx_idle and set_rate are the device's */
	struct gh_plant *plant;
	struct gh_plant_config config;
	struct gh_sim_electronics electronics;
	struct gh_sim_channel channels[GH_SIM_CHANNELS];
	struct fw_actuator actuators[GH_RIG_JOINTS];
	struct gh_sim_lamp lamps[GH_SIM_LAMPS];
	int64_t now_us;	  /* set by the device before it calls the core */
	int64_t plant_us; /* how far the plant has come */
};

/* GH_ARG: the rig has more than the core carries. GH_NOMEM. */
enum gh_status gh_sim_board_init(struct gh_sim_board *b,
				 const struct gh_sim_board_kind *kind,
				 const struct gh_rig *rig, uint64_t seed,
				 unsigned session,
				 struct gh_err *err) GH_MUST_CHECK;
void gh_sim_board_finish(struct gh_sim_board *b);

/*
 * board_rig.c: fills config and actuators. Probe boards have no sensors for
 * fibres, crystals, chrome, spotlight and remote. GH_ARG: too many of them.
 */
enum gh_status gh_sim_board_configure(struct gh_sim_board *b,
				      const struct gh_sim_board_kind *kind,
				      const struct gh_rig *rig,
				      struct gh_err *err) GH_MUST_CHECK;

/* Steps the plant to now_us. */
void gh_sim_board_catch_up(struct gh_sim_board *b);

/* The controller loses power: torque off, lamps dark. */
void gh_sim_board_reset(struct gh_sim_board *b);

#endif
