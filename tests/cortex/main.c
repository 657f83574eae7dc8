/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The firmware core on a Cortex-M: start-up, the receiver's queue and the main
 * loop. A test reads and writes `probe` as a debugger would: which board this
 * is, and its clock when it stands still.
 */
#include "fake.h"		/* fake_board */
#include "firmware/core/core.h" /* struct fw_core */
#include "machine.h"

#include <string.h>

/* Twice the window that the board announces. */
enum { RX_CAP = 1024, RX_MASK = RX_CAP - 1 };
/* Sleeping is worth it when more than the machine's tick is left. */
enum { NAP_US = 1000 };

/* Never cleared: the test sets the first three words before the reset. */
struct probe {
	uint32_t piece; /* enum fake_piece; DIALOGUE: the clock stands still */
	uint32_t boot_id;
	uint32_t clock_us;  /* the clock that stands still */
	uint32_t polled_us; /* all that was due then is done and sent */
	uint32_t received;  /* so many bytes are done, their answers sent */
};
static volatile struct probe probe __attribute__((section(".probe"), used));

static struct {
	volatile uint8_t bytes[RX_CAP];
	volatile uint16_t head, tail; /* count on, masked when used */
	volatile uint32_t lost;
} rx;

static struct fw_board board;
static struct fw_core core;

/* ---- Start-up ------------------------------------------------------------ */

extern char cortex_data[], cortex_data_end[], cortex_bss[], cortex_bss_end[];
extern const char cortex_data_load[];

void cortex_hang(void)
{
	for (;;)
		__asm__ volatile("wfi");
}

/* ---- The wire ------------------------------------------------------------ */

void cortex_received(uint8_t byte)
{
	if ((uint16_t)(rx.head - rx.tail) == RX_CAP)
		rx.lost++;
	else
		rx.bytes[rx.head++ & RX_MASK] = byte;
}

static bool wire_idle(void *self)
{
	(void)self;
	return machine_ready();
}

static void wire_rate(void *self, uint8_t rate)
{
	(void)self;
	machine_rate(rate);
}

static void send_all(void)
{
	for (int16_t byte; (byte = fw_tx_take(&core.tx)) >= 0;) {
		while (!machine_ready())
			continue;
		machine_send((uint8_t)byte);
	}
}

/* ---- The main loop ------------------------------------------------------- */

static uint32_t now_us(void)
{
	return probe.piece == FAKE_DIALOGUE ? probe.clock_us : machine_us();
}

static void take_lost(void)
{
	static uint32_t told;
	const uint32_t lost = rx.lost;

	if (lost == told)
		return;
	fw_overrun(&core, lost - told);
	told = lost;
}

/* With interrupts masked: a byte that comes now still wakes it. */
static void nap(uint32_t now)
{
	__asm__ volatile("cpsid i");
	if (rx.head == rx.tail && fw_due(&core, now) > NAP_US)
		__asm__ volatile("wfi");
	__asm__ volatile("cpsie i");
}

static void turn(void)
{
	const uint32_t now = now_us();
	uint32_t n = 0;

	/* One frame at most, then what is due has its turn. */
	for (; n < FW_FRAME_MAX && rx.head != rx.tail; n++)
		fw_rx(&core, rx.bytes[rx.tail++ & RX_MASK], now);
	take_lost();
	fw_poll(&core, now);
	send_all();
	probe.received += n;
	probe.polled_us = now;
	if (n == 0)
		nap(now);
}

void cortex_reset(void)
{
	memcpy(cortex_data, cortex_data_load,
	       (size_t)(cortex_data_end - cortex_data));
	memset(cortex_bss, 0, (size_t)(cortex_bss_end - cortex_bss));
	machine_start();
	fake_board(&board, (enum fake_piece)probe.piece);
	board.info.boot_id = probe.boot_id;
	board.tx_idle = wire_idle;
	board.set_rate = wire_rate;
	fw_init(&core, &board, now_us());
	for (;;)
		turn();
}
