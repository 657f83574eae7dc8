/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fixes - what simavr 1.6 gets wrong and how its public structs are corrected,
 * each with a switch to see what happens without it.
 *
 * timer   Modes 14 and 15 are declared as phase correct PWM (timer 1 of the
 *         328P; mode 15 on the 2560 as well): a pin driven by OCR1x stays where
 *         it is. Declared as fast PWM here. (Pulses that the servo library
 *         makes in an ISR are not affected.)
 * twi     TWINT is sticky: a polling TWI driver never sees it clear.
 * extint  INT0 to INT7 start in level mode: a low pin makes the port be polled
 *         for ever (1.6 times real time on the Uno, 6.0 without).
 * uart    Eleven bits are counted for 8N1: a byte takes 10 % too long. Corrected
 *         at each change of the rate, from the registers.
 * adc     Eight inputs are kept where the 2560 has sixteen; the upper ones read
 *         whatever follows in memory. Each of them takes the place of the one
 *         eight below it: only the input that is being converted is ever set.
 */
#ifndef GH_TESTS_BOARDS_FIXES_H
#define GH_TESTS_BOARDS_FIXES_H

#include <avr_uart.h>
#include <sim_avr.h>
#include <stdbool.h>

enum gh_fix {
	GH_FIX_TIMER = 1,
	GH_FIX_TWI = 2,
	GH_FIX_EXTINT = 4,
	GH_FIX_UART = 8,
	GH_FIX_ADC = 16,
	GH_FIX_ALL = 31
};

/* One of the five words above, 0: no such fix. */
unsigned gh_fix_of(const char *name);

/* Once, before the firmware runs; `fixes` is a sum of enum gh_fix. */
void gh_fix(avr_t *avr, unsigned fixes);

/* The port's own UART 0, and the cycles one byte of 8N1 takes on it now. */
avr_uart_t *gh_fix_uart_of(avr_t *avr);
unsigned gh_fix_byte_cycles(const avr_uart_t *uart);

#endif
