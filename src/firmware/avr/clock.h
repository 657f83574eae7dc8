/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * clock - timer 1 counts half microseconds and turns over every 20 ms: it is
 * the controller's clock and makes the servo pulses at the same time.
 */
#ifndef FW_AVR_CLOCK_H
#define FW_AVR_CLOCK_H

#include <stdint.h>

#define FW_FRAME_US 20000u

void fw_clock_init(void);

/* Microseconds since fw_clock_init, exact. Not from an interrupt. */
uint32_t fw_clock_us(void);

#endif
