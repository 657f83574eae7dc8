/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pins - where each thing hangs on the two boards. Arduino's numbers are in
 * the comments; README draws the wiring.
 */
#ifndef FW_AVR_PINS_H
#define FW_AVR_PINS_H

#include <avr/io.h>

/* FW_BOARD: 1 Uno, 2 Mega. */

#if defined(__AVR_ATmega328P__)

#define FW_BOARD 1
/* A0 and A1 pots, A2 photodiode; currents come from chips. */
enum { AIN_POT = 0, AIN_POT_END = 2, AIN_LIGHT = 2, AIN_COUNT = 3 };
#define TWI_PORT PORTC
#define TWI_DDR DDRC
#define TWI_PIN PINC
enum { TWI_SDA = PC4, TWI_SCL = PC5 };
/* 7 */
#define ENABLE_PORT PORTD
#define ENABLE_PIN PIND
enum { ENABLE_BIT = PD7 };

#elif defined(__AVR_ATmega2560__)

#define FW_BOARD 2
/* A0..A5 pots, A6..A11 currents, A12 photodiode, A13 servo supply. */
enum { AIN_POT = 0, AIN_POT_END = 6, AIN_CURRENT = 6 };
enum { AIN_LIGHT = 12, AIN_SUPPLY, AIN_COUNT };
#define TWI_PORT PORTD
#define TWI_DDR DDRD
#define TWI_PIN PIND
enum { TWI_SDA = PD1, TWI_SCL = PD0 };
/* 22 */
#define ENABLE_PORT PORTA
#define ENABLE_PIN PINA
enum { ENABLE_BIT = PA0 };

#else
#error "no pins for this chip"
#endif

/* The UART's receiver ring; window_bytes of HELLO leaves room for a STOP. */
enum { FW_RX_CAP = 128, FW_WINDOW_BYTES = 112 };

#endif
