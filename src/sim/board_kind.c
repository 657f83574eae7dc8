/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/board_kind.h"

#include "base/status.h" /* GH_ARRAY_SIZE */

#include <stddef.h>
#include <string.h>

#define PI 3.14159265358979323846
/* Ten bits of 5 V; a pot has 0.5 to 4.5 V over the half turn. */
#define COUNTS 1024.0
#define POT_STEP (PI / 4.0 * 5.0 / COUNTS)
#define POT_FROM (-PI / 2.0 - POT_STEP * COUNTS / 10.0)
/* An amplifier of 1 V/A with 2.5 V at 0 A. */
#define AMPERE_STEP (5.0 / COUNTS)
#define AMPERE_FROM (-2.5)
/* The supply through 3:1. */
#define SUPPLY_STEP (20.0 / COUNTS)
/* INA219 with 0.1 ohm: 10 uV, and 3.2 A at most. */
#define SHUNT_STEP 1e-4
#define SHUNT_MAX_A 3.2
/* Axes take turns, each FW_MOTION_US and a turn of the loop: as the
 * emulated Uno's pulses show. */
#define AXIS_US INT64_C(1190)
/* Timer 1 starts so long after reset: from the emulated Uno's pulses. */
#define START_US 607
/* A loop under way delays it: as the joints' lag shows. */
#define LATE_US 100
/* One conversion of the chip's ADC, as src/firmware/avr sets it. */
#define SLOT_US INT64_C(128)
/* TCS34725, ten cycles; read every 27 of 1024 us. */
#define COLOUR_STEP (1.0 / 10240)
#define COLOUR_READ_US (INT64_C(27) * 1024)

#define POT                                                                    \
	{                                                                      \
		GH_Q_POSITION, GH_SIM_CONVERTED, POT_STEP, POT_FROM, -7, 7,    \
			true                                                   \
	}
#define LIGHT                                                                  \
	{                                                                      \
		GH_Q_LIGHT, GH_SIM_CONVERTED, 1 / COUNTS, 0, 0, 1, false       \
	}
#define COLOUR(q)                                                              \
	{                                                                      \
		q, GH_SIM_COLOUR, COLOUR_STEP, 0, 0, 1, false                  \
	}
#define EYE                                                                    \
	COLOUR(GH_Q_COLOUR_RED), COLOUR(GH_Q_COLOUR_GREEN),                    \
		COLOUR(GH_Q_COLOUR_BLUE), COLOUR(GH_Q_COLOUR_CLEAR)

/*
 * Times as src/firmware/avr has them: the inputs of the converter take turns
 * (three, fourteen); a shunt chip is told to convert as a frame begins (32
 * samples of 532 us).
 */
static const struct gh_sim_board_kind kinds[] = {
	{ .name = "lumina", .max_sample_rate = 45000, .lamp_max = 4095 },
	{ .name = "uno",
	  .sensors = { POT,
		       { GH_Q_CURRENT, GH_SIM_SHUNT, SHUNT_STEP, 0,
			 -SHUNT_MAX_A, SHUNT_MAX_A, true },
		       EYE,
		       LIGHT },
	  .n_sensors = 7,
	  .frame_us = 20000,
	  .start_us = START_US,
	  .turn_us = 2 * AXIS_US,
	  .look_us = 3 * SLOT_US,
	  .late_us = LATE_US,
	  .shunt_from_us = 190,
	  .shunt_gap_us = 160,
	  .shunt_us = 17020,
	  .shunt_read_us = 4500,
	  .colour_read_us = COLOUR_READ_US,
	  .max_rate_hz = 200,
	  .light_max_rate_hz = 7800,
	  .max_sample_rate = 1800,
	  .lamp_max = 255 },
	{ .name = "mega",
	  .sensors = { POT,
		       { GH_Q_CURRENT, GH_SIM_CONVERTED, AMPERE_STEP,
			 AMPERE_FROM, -2.5, 2.5, true },
		       EYE,
		       LIGHT,
		       { GH_Q_VOLTAGE, GH_SIM_CONVERTED, SUPPLY_STEP, 0, 0, 20,
			 false } },
	  .n_sensors = 8,
	  .frame_us = 20000,
	  .start_us = START_US,
	  .turn_us = 6 * AXIS_US,
	  .look_us = 14 * SLOT_US,
	  .late_us = LATE_US,
	  .colour_read_us = COLOUR_READ_US,
	  .max_rate_hz = 200,
	  .light_max_rate_hz = 7800,
	  .max_sample_rate = 3600,
	  .lamp_max = 255 },
};

const struct gh_sim_board_kind *gh_sim_board_kind(const char *name)
{
	for (size_t i = 0; i < GH_ARRAY_SIZE(kinds); i++)
		if (!name || strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	return NULL;
}

const struct gh_sim_kind_sensor *gh_sim_kind_sensor(
	const struct gh_sim_board_kind *kind, enum gh_quantity what,
	bool of_joint)
{
	for (unsigned i = 0; i < kind->n_sensors; i++)
		if (kind->sensors[i].what == what &&
		    kind->sensors[i].of_joint == of_joint)
			return &kind->sensors[i];
	return NULL;
}
