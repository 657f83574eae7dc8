/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * uart - bytes in through a small ring, bytes out straight from the core's
 * queue, both by interrupt.
 */
#ifndef FW_AVR_UART_H
#define FW_AVR_UART_H

#include <stdbool.h>
#include <stdint.h>

/* Bit n: rate n of SET_BAUD. At 1 MBd a Mega lost a byte in 10 000: not it. */
enum { FW_UART_RATES = 0x07 };

void fw_uart_init(void);
void fw_uart_rate(uint8_t rate);

/* The next byte received, or -1. */
int16_t fw_uart_get(void);
/* Bytes lost since the last call. */
uint8_t fw_uart_lost(void);

/* The core's queue may have something: send it. */
void fw_uart_send(void);
/* The last byte has left the wire. */
bool fw_uart_idle(void);

#endif
