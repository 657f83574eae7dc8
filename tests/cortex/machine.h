/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * machine - what main.c needs of the chip: one file per machine implements it,
 * with its vector table. Interrupts wake the processor at least every
 * millisecond and with every byte received.
 */
#ifndef CORTEX_MACHINE_H
#define CORTEX_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

/* The first words of flash: exception k is at[k - 1]. */
enum { CORTEX_SYSTICK = 14, CORTEX_IRQ_0 = 15, CORTEX_VECTORS = 47 };
struct cortex_vectors {
	const void *stack;
	void (*at[CORTEX_VECTORS])(void);
};

/* cortex.ld */
extern const char cortex_stack[];

/* A register of the chip. */
static inline volatile uint32_t *cortex_reg(uint32_t address)
{
	return (volatile uint32_t *)address;
}

/* ---- main.c ---- */

/* After reset: memory, then the main loop. */
void cortex_reset(void);
/* For the interrupt of the receiver: a byte came in. */
void cortex_received(uint8_t byte);
/* A fault: stands still, so that the test sees silence. */
void cortex_hang(void);

/* ---- the machine's file ---- */

/* Clock, UART at the first rate, interrupts. */
void machine_start(void);
/* Microseconds since then, wrapping; called at least once a minute. */
uint32_t machine_us(void);
/* The transmitter takes another byte. */
bool machine_ready(void);
/* Only when ready. */
void machine_send(uint8_t byte);
/* protocol.md section 6: 0 to 3. */
void machine_rate(uint8_t rate);

#endif
