/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * twi - one transfer at a time on the two-wire bus, by interrupt: write some
 * bytes, then read some. Nobody waits for a chip: a transfer that takes too
 * long is ended from the main loop, and the bus is freed.
 */
#ifndef FW_AVR_TWI_H
#define FW_AVR_TWI_H

#include "firmware/core/board.h" /* enum fw_i2c */

#include <stdbool.h>
#include <stdint.h>

enum { FW_TWI_MAX = 32 }; /* bytes each way */

void fw_twi_init(void);

/* False: another transfer is under way, or its result was not taken. */
bool fw_twi_begin(uint8_t address, const uint8_t *out, uint8_t n_out,
		  uint8_t n_in);
/* DONE and FAILED free the bus for the next transfer. */
enum fw_i2c fw_twi_take(void);
/* What was read, until the next transfer begins. */
const uint8_t *fw_twi_bytes(void);

/* Ends what takes too long: from the main loop. */
void fw_twi_poll(uint32_t now_us);

#endif
