/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * board - the pins of the emulated Uno bound to the plant: servo pulses on 9
 * and 10, pots on A0 and A1, a photodiode on A2, the lamp's four colours on
 * 3, 5, 6 and 11, chips on the I2C. The binding is that of schemas/uno.rig.
 */
#ifndef GH_BENCH_UNO_BOARD_H
#define GH_BENCH_UNO_BOARD_H

#include "bench/uno/chips.h" /* struct uno_chip */
#include "sim/plant.h"	     /* struct gh_plant */

#include <sim_avr.h>

enum { UNO_JOINTS = 2, UNO_LIGHTS = 4, UNO_MHZ = 16 };

struct uno_pulse {
	avr_cycle_count_t rose;
	avr_cycle_count_t seen; /* when the last good pulse ended, 0 never */
	double width_us;
};

struct uno_board {
	avr_t *avr;
	struct gh_plant *plant;
	struct uno_pulse pulses[UNO_JOINTS];
	int position[UNO_JOINTS], current[UNO_JOINTS]; /* sensors, -1 none */
	int light, colour[UNO_LIGHTS];
	struct uno_chip shunts[UNO_JOINTS], eye;
	bool has_eye;
};

/* The plant's first two joints are the board's; names come from the config. */
void uno_board_init(struct uno_board *b, avr_t *avr, struct gh_plant *plant,
		    const struct gh_plant_config *config, bool has_eye);

/* One step of the world: outputs to the plant, the plant, plant to inputs. */
void uno_board_step(struct uno_board *b, int64_t dt_us);

#endif
