/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pins - the pins of the emulated boards bound to the plant. Both have servos
 * on timer outputs (544 to 2400 us for -90 to 90 degrees), pots of 0.5 to 4.5 V
 * over that turn on a 5 V reference, a photodiode (5 V = all), a lamp of four
 * PWM pins, a TCS34725 at 29 and an enable input that low closes.
 *
 * A pulse that a timer makes has the width that stood in OCRnx as the frame
 * began: the chip buffers it, simavr takes each write at once.
 *
 *	    Uno				    Mega
 * servos   PB1, PB2 (pins 9, 10)	    PB5 PB6 PB7, PH3 PH4 PH5
 * pots	    A0, A1			    A0..A5
 * current  INA219 at 40, 41 (0.1 ohm)	    A6..A11, 2.5 V and 1 V per A
 * light    A2				    A12
 * supply   none			    A13, a quarter of it
 * lamp	    PD3 PD5 PD6 PB3		    PE3 PE4 PE5 PG5
 * enable   PD7				    PA0
 */
#ifndef GH_TESTS_BOARDS_PINS_H
#define GH_TESTS_BOARDS_PINS_H

#include "base/clock.h"	  /* gh_us */
#include "boards/chips.h" /* struct gh_twi */
#include "sim/plant.h"	  /* struct gh_plant */

#include <sim_avr.h>

enum { GH_PINS_JOINTS = 6, GH_PINS_LIGHTS = 4, GH_PINS_MHZ = 16 };

enum gh_board_kind { GH_BOARD_UNO, GH_BOARD_MEGA };

/* Told of each servo pulse as it ends, and of each conversion's start. */
struct gh_pins_ears {
	void (*pulse)(void *self, unsigned joint, double at_us,
		      double width_us);
	void (*convert)(void *self, unsigned input, double at_us);
	void *self;
};

struct gh_pins_pulse {
	struct gh_pins *pins;
	unsigned joint;
	unsigned counts; /* of the compare register, whole */
	avr_cycle_count_t rose, seen; /* seen: the last good one ended */
	double latched_us;
};

struct gh_pins {
	avr_t *avr;
	enum gh_board_kind kind;
	struct gh_plant *plant;
	unsigned n_joints;
	struct gh_pins_pulse pulses[GH_PINS_JOINTS];
	int position[GH_PINS_JOINTS], current[GH_PINS_JOINTS]; /* -1 none */
	int light, supply, colour[GH_PINS_LIGHTS];
	struct gh_twi shunts[2], eye;
	avr_cycle_count_t plant_at; /* how far the plant has come */
	struct gh_pins_ears ears;
};

const char *gh_pins_mcu(enum gh_board_kind kind);
unsigned gh_pins_joints(enum gh_board_kind kind);

/*
 * The plant's first joints are the board's; names come from the config. The
 * enable input is closed. has_eye false: no chip answers at 29.
 */
void gh_pins_init(struct gh_pins *p, avr_t *avr, enum gh_board_kind kind,
		  struct gh_plant *plant, const struct gh_plant_config *config,
		  bool has_eye, const struct gh_pins_ears *ears);

/* The enable input is closed; to be said again after a reset. */
void gh_pins_enable(struct gh_pins *p);

/* The plant comes to where the processor is. */
void gh_pins_catch_up(struct gh_pins *p);

/* Once a millisecond: lamp, servos that let go, chips, the plant. */
void gh_pins_step(struct gh_pins *p, gh_us dt_us);

#endif
