/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BBC micro:bit: nRF51822, Cortex-M0 at 16 MHz. Registers: nRF51 Series
 * Reference Manual v3.0, chapters 18 (timer) and 29 (UART).
 */
#include "machine.h"

enum { UART = 0x40002000, CLOCK = 0x40008000, TICK = 0x40009000 };
enum { UART_IRQ = 2, TICK_IRQ = 9 };
#define NVIC_ENABLE 0xE000E100u

enum {
	START_RX = 0x000,
	START_TX = 0x008,
	RX_READY = 0x108,
	TX_READY = 0x11C,
	ENABLE = 0x500,
	PIN_TX = 0x50C,
	PIN_RX = 0x514,
	RXD = 0x518,
	TXD = 0x51C,
	BAUD = 0x524
};

enum {
	START = 0x000,
	CAPTURE_0 = 0x040,
	COMPARE_0 = 0x140,
	SHORTCUTS = 0x200,
	INT_SET = 0x304, /* of both */
	BITS = 0x508,
	PRESCALER = 0x510,
	CC_0 = 0x540
};

static bool sending;

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
	set(UART, RX_READY, 0);
	cortex_received((uint8_t)get(UART, RXD));
}

static void on_tick(void)
{
	set(TICK, COMPARE_0, 0);
}

const struct cortex_vectors cortex_vectors
	__attribute__((section(".vectors"), used)) = {
		.stack = cortex_stack,
		.at = { [0] = cortex_reset,
			[1] = cortex_hang,
			[2] = cortex_hang,
			[CORTEX_IRQ_0 + UART_IRQ] = on_byte,
			[CORTEX_IRQ_0 + TICK_IRQ] = on_tick },
	};

/* bit/s * 2^32 / 16 MHz, low 12 bits cut (the table of the manual). */
void machine_rate(uint8_t rate)
{
	static const uint32_t baud[] = { 0x01D7E000, 0x04000000, 0x08000000,
					 0x10000000 };

	set(UART, BAUD, baud[rate]);
}

void machine_start(void)
{
	set(CLOCK, BITS, 3);	  /* 32 bits */
	set(CLOCK, PRESCALER, 4); /* 16 MHz / 2^4: microseconds */
	set(CLOCK, START, 1);
	set(TICK, PRESCALER, 4);
	set(TICK, CC_0, 1000);
	set(TICK, SHORTCUTS, 1); /* starts again when it gets there */
	set(TICK, INT_SET, 1u << 16);
	set(TICK, START, 1);
	set(UART, PIN_TX, 24);
	set(UART, PIN_RX, 25);
	machine_rate(0);
	set(UART, ENABLE, 4);
	set(UART, INT_SET, 1u << 2);
	set(UART, START_TX, 1);
	set(UART, START_RX, 1);
	*cortex_reg(NVIC_ENABLE) = 1u << UART_IRQ | 1u << TICK_IRQ;
}

uint32_t machine_us(void)
{
	set(CLOCK, CAPTURE_0, 1);
	return get(CLOCK, CC_0);
}

bool machine_ready(void)
{
	return !sending || get(UART, TX_READY);
}

void machine_send(uint8_t byte)
{
	set(UART, TX_READY, 0);
	sending = true;
	set(UART, TXD, byte);
}
