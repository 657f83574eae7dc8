/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lamp - four colours by pulse width at 7.8 kHz, far above what a photodiode
 * amplifier or an eye follows. Timer 0 runs whether it dims or not.
 */
#ifndef FW_AVR_LAMP_H
#define FW_AVR_LAMP_H

#include <stdint.h>

enum { FW_LAMP_COLOURS = 4, FW_LAMP_MAX = 255 };

void fw_lamp_init(void);
void fw_lamp_glow(const uint16_t level[FW_LAMP_COLOURS]);

#endif
