/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * wires - what the rig file's wiring lines say of a board that cannot describe
 * itself: which pin is which servo, lamp, pot or chip, and how to scale it.
 *
 *   PART.command  = servo pin=9 min_us=544 max_us=2400 lo_deg=-90 hi_deg=90
 *                   [park_deg=D]  where it hangs without power, for a servo
 *                   whose position nothing measures
 *   PART.position = analog pin=0 vref=5 lo_v=0.5 hi_v=4.5 lo_deg=-90 hi_deg=90
 *   PART.light    = analog pin=2 vref=5
 *   PART.current  = ina219 addr=0x40 shunt_ohm=0.1
 *   core.colour   = tcs34725 addr=0x29 [integration_ms=24] [gain=1]
 *   core.lamp     = pwm red=3 green=5 blue=6 [white=11]
 *
 * analog pin= is the analog channel (0 is A0), servo and pwm pins are the
 * board's own numbers.
 */
#ifndef GH_DRIVER_FIRMATA_WIRES_H
#define GH_DRIVER_FIRMATA_WIRES_H

#include "base/status.h"       /* enum gh_status */
#include "base/wiring.h"       /* struct gh_wiring */
#include "driver/chips/chip.h" /* struct gh_chip_plan */
#include "driver/driver.h"     /* GH_DEV_ACTUATORS, struct gh_dev_channel */

enum { FM_ANALOGS = 16, FM_CHIPS = 16, FM_PINS = 128 };

struct fm_servo {
	unsigned pin;
	int min_us, max_us; /* pulse at lo_rad, at hi_rad */
	double at_min_rad, at_max_rad;
	bool has_park;
	double park_rad;
	int pot;   /* index into analogs, -1: nothing measures it */
	int shunt; /* index into chips, -1: nothing measures its current */
	uint16_t channel; /* the command's echo */
	const struct gh_wire *wire;
};

struct fm_analog {
	unsigned input; /* analog channel */
	bool is_pot;
	double vref_v, lo_v, hi_v, at_lo_rad, at_hi_rad;
	uint16_t channel;
	const struct gh_wire *wire;
};

struct fm_lamp {
	unsigned pin[4];
	unsigned n;
	const struct gh_wire *wire;
};

struct fm_chip {
	const struct gh_chip *kind;
	struct gh_chip_plan plan;
	uint8_t addr;
	uint16_t channel; /* the first of kind->n_values */
	const struct gh_wire *wire;
};

struct fm_board {
	const char *file;
	struct fm_servo servos[GH_DEV_ACTUATORS];
	struct fm_analog analogs[FM_ANALOGS];
	struct fm_lamp lamps[GH_DEV_LAMPS];
	struct fm_chip chips[FM_CHIPS];
	unsigned n_servos, n_analogs, n_lamps, n_chips;
	struct gh_dev_channel channels[GH_DEV_CHANNELS];
	unsigned n_channels;
};

/*
 * Fills *out; the wires must outlive it. GH_ARG with FILE:LINE, what was
 * expected and what was found.
 */
enum gh_status gh_firmata_wires(struct fm_board *out,
				const struct gh_wiring *wiring,
				struct gh_err *err) GH_MUST_CHECK;

#endif
