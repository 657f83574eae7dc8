/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ARM MPS2 board with the Cortex-M3 of AN385 at 25 MHz. Registers: Cortex-M
 * System Design Kit Technical Reference Manual, chapter 4 (APB components).
 */
#include "machine.h"

enum { CLOCK = 0x40000000, UART = 0x40004000, MHZ = 25 };
enum { RX_IRQ = 0 };
#define NVIC_ENABLE 0xE000E100u
#define SYSTICK 0xE000E010u

enum { DATA = 0, STATE = 4, CONTROL = 8, INT_CLEAR = 0xC, BAUD_DIVIDER = 0x10 };
enum { TX_FULL = 1 };
enum { TX_ON = 1, RX_ON = 2, RX_INT = 8, RX_INT_CLEAR = 2 };
enum { VALUE = 4, RELOAD = 8 };

static void set(uint32_t base, uint32_t offset, uint32_t value)
{
	*cortex_reg(base + offset) = value;
}

static uint32_t get(uint32_t base, uint32_t offset)
{
	return *cortex_reg(base + offset);
}

static void on_byte(void)
{
	set(UART, INT_CLEAR, RX_INT_CLEAR);
	cortex_received((uint8_t)get(UART, DATA));
}

static void on_tick(void)
{
}

const struct cortex_vectors cortex_vectors
	__attribute__((section(".vectors"), used)) = {
		.stack = cortex_stack,
		.at = { [0] = cortex_reset,
			[1] = cortex_hang,
			[2] = cortex_hang,
			[CORTEX_SYSTICK] = on_tick,
			[CORTEX_IRQ_0 + RX_IRQ] = on_byte },
	};

void machine_rate(uint8_t rate)
{
	static const uint16_t divider[] = { 217, 100, 50, 25 };

	set(UART, BAUD_DIVIDER, divider[rate]);
}

void machine_start(void)
{
	set(CLOCK, RELOAD, UINT32_MAX);
	set(CLOCK, VALUE, UINT32_MAX);
	set(CLOCK, 0, 1);
	machine_rate(0);
	set(UART, CONTROL, TX_ON | RX_ON | RX_INT);
	set(SYSTICK, 4, MHZ * 1000 - 1); /* every millisecond */
	set(SYSTICK, 8, 0);
	set(SYSTICK, 0, 7); /* processor clock, interrupt, on */
	*cortex_reg(NVIC_ENABLE) = 1u << RX_IRQ;
}

/* It counts down, 172 s from wrap to wrap. */
uint32_t machine_us(void)
{
	static uint32_t us, seen = UINT32_MAX;
	const uint32_t passed = (seen - get(CLOCK, VALUE)) / MHZ;

	us += passed;
	seen -= passed * MHZ;
	return us;
}

bool machine_ready(void)
{
	return !(get(UART, STATE) & TX_FULL);
}

void machine_send(uint8_t byte)
{
	set(UART, DATA, byte);
}
