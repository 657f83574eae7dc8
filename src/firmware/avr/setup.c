/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The set-up a board is delivered with. Change it here and flash again: it
 * cannot be changed over the wire. schemas/board_uno.rig and board_mega.rig
 * say the same.
 */
#include "firmware/avr/nvm.h" /* struct fw_nvm */

#include "firmware/avr/pins.h" /* FW_BOARD */

#include <avr/eeprom.h>

/* A value in deg as urad. */
#define DEG(d) ((int32_t)((d)*17453.292519943295))

/*
 * A hobby servo: 544 and 2400 us are the ends of the Arduino servo library,
 * 180 degrees; its pot gives 0.5 to 4.5 V over them.
 */
#define SERVO(name, range_deg, accel_deg_s2)                                   \
	{                                                                      \
		.part = name,                                                  \
		.limits = { DEG(-range_deg),   DEG(range_deg), DEG(120),       \
			    DEG(accel_deg_s2), 2000,	       700 },          \
		.lo_urad = DEG(-90), .hi_urad = DEG(90), .lo_us = 544,         \
		.hi_us = 2400, .lo_mv = 500, .hi_mv = 4500,                    \
		.shunt_uohm = 100000, .mv_per_a = 1000                         \
	}

const struct fw_nvm fw_nvm EEMEM = {
	.spare = { 0xFF, 0xFF, 0xFF, 0xFF },
	.boots = { [0 ... FW_BOOT_SLOTS - 1] = UINT32_MAX },
	.setup = {
		.version = FW_SETUP_VERSION,
		.board = FW_BOARD,
		.n_joints = FW_ACTUATORS,
		.vref_mv = 5000,
#if FW_BOARD == 1
		.joint = {
			SERVO("resilience.shoulder", 60, 300),
			SERVO("resilience.elbow", 60, 300),
		},
#else
		.joint = {
			SERVO("hope.shoulder", 60, 2000),
			SERVO("hope.elbow", 60, 2000),
			SERVO("hope.wrist", 50, 2000),
			SERVO("resilience.shoulder", 60, 2000),
			SERVO("resilience.elbow", 60, 2000),
			SERVO("resilience.wrist", 50, 2000),
		},
		/* 12 V through 3:1; below 9 V servos lose their way. */
		.supply = "supply.servo",
		.supply_full_mv = 20000,
		.supply_low_mv = 9000,
#endif
		.core = "core",
	},
};
