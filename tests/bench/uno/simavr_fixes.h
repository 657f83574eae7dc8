/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * simavr_fixes - four defects of simavr 1.6 and how its public structs are
 * corrected, each with a switch to see what happens without it.
 *
 * 1 timer    Modes 14 and 15 of timer 1 are declared as phase correct PWM: a
 *            pin driven by OCR1x stays where it is. Declared as fast PWM here.
 *            (Pulses that the servo library makes in an ISR are not affected.)
 * 2 twi      TWINT is sticky: a polling TWI driver never sees it clear.
 * 3 extint   INT0 and INT1 start in level mode: a low pin 2 or 3 makes the
 *            port be polled for ever (1.6 times real time, 6.0 without).
 * 4 uart     Eleven bits are counted for 8N1: a byte takes 10 % too long. The
 *            figure is computed anew at each change of the rate, so this one
 *            is applied again and again.
 */
#ifndef GH_BENCH_UNO_SIMAVR_FIXES_H
#define GH_BENCH_UNO_SIMAVR_FIXES_H

#include <sim_avr.h>
#include <stdbool.h>

struct uno_fixes {
	bool timer, twi, extint, uart;
	uint32_t uart_cycles; /* own: what was last corrected */
};

/* Name is one of the four words above; false: no such fix. */
bool uno_fix_off(struct uno_fixes *fixes, const char *name);

/* Once, after the firmware is loaded. */
void uno_fix(avr_t *avr, const struct uno_fixes *fixes);

/* Often: fix 4. */
void uno_fix_uart(avr_t *avr, struct uno_fixes *fixes);

#endif
