/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * chips - the sensor chips on the two-wire bus, read in turn: a TCS34725 and,
 * on the Uno, an INA219 per joint. A chip that stops answering has no reading.
 */
#ifndef FW_AVR_CHIPS_H
#define FW_AVR_CHIPS_H

#include <stdbool.h>
#include <stdint.h>

/* Counts of the TCS34725 at full scale: 10 cycles of 2.4 ms. */
enum { FW_COLOUR_FULL = 10240 };
enum { FW_SHUNT_MAX = 32000 }; /* 320 mV in steps of 10 uV */

void fw_chips_poll(uint32_t now_us);

/* FW_RAW_INVALID: the chip is silent. Colours: red, green, blue, clear. */
int16_t fw_chips_colour(uint8_t colour);
int16_t fw_chips_shunt(uint8_t joint);

/* The bus for somebody else's transfer; as struct fw_board's i2c. */
bool fw_chips_guest(uint8_t address, const uint8_t *out, uint8_t n_out,
		    uint8_t n_in);

#endif
