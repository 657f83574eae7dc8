/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * board_kind - the electronics between a controller and the plant: what a
 * board hears of a joint, and how its servos hear of it. "lumina" has bus
 * servos that speak a thousand times a second and sensors that see what there
 * is. "uno" and "mega" are the probe boards of src/firmware/avr: hobby servos
 * that get a pulse every 20 ms, pots on a converter of ten bits, shunts. So a
 * sculpture can be compared with the same one on an emulated board.
 */
#ifndef GH_SIM_BOARD_KIND_H
#define GH_SIM_BOARD_KIND_H

#include "base/part.h" /* enum gh_quantity */

#include <stdbool.h>
#include <stdint.h>

/* How a quantity gets from the plant to the core. */
enum gh_sim_way {
	GH_SIM_CONVERTED, /* by the board's converter: the mean between reads */
	GH_SIM_SHUNT,	  /* by a chip, in step with the servo frame */
	GH_SIM_COLOUR	  /* by a chip: the value now */
};

struct gh_sim_kind_sensor {
	enum gh_quantity what;
	enum gh_sim_way way;
	double step, from; /* of its converter, and where that begins */
	double lo, hi;	   /* it shows nothing beyond */
	bool of_joint;	   /* else of core or supply */
};

enum { GH_SIM_KIND_SENSORS = 8 };

struct gh_sim_board_kind {
	const char *name;
	/* What the board has; n 0: all that the plant has, as it is. */
	struct gh_sim_kind_sensor sensors[GH_SIM_KIND_SENSORS];
	unsigned n_sensors;
	int64_t frame_us; /* between pulses; 0: servos hear at once */
	int64_t start_us; /* the first frame, after a power-up */
	int64_t turn_us;  /* between two commands to one servo */
	int64_t look_us;  /* between two conversions of one input */
	int64_t late_us;  /* a tick is read so long after its time */
	/* In each frame a shunt chip converts, and is read in the next one; the
	 * last joint's first. */
	int64_t shunt_from_us, shunt_gap_us, shunt_us, shunt_read_us;
	int64_t colour_read_us; /* between two readings of its chip */
	uint16_t max_rate_hz, light_max_rate_hz;
	uint32_t max_sample_rate;
	uint16_t lamp_max; /* level of the brightest lamp */
};

/* NULL: the first, "lumina". NULL is returned for a name that is not there. */
const struct gh_sim_board_kind *gh_sim_board_kind(const char *name);
/* How that kind measures a quantity; NULL: it does not. */
const struct gh_sim_kind_sensor *gh_sim_kind_sensor(
	const struct gh_sim_board_kind *kind, enum gh_quantity what,
	bool of_joint);

#endif
