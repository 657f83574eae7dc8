/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The controller on an Uno or a Mega: one loop that never waits, fed by
 * interrupts. The watchdog timer is fed here and nowhere else, so that a loop
 * or a clock that stands still resets the board, which lets every servo go.
 */
#include "firmware/avr/adc.h"	/* fw_adc_init */
#include "firmware/avr/board.h" /* fw_board_init */
#include "firmware/avr/chips.h" /* fw_chips_poll */
#include "firmware/avr/clock.h" /* fw_clock_us */
#include "firmware/avr/lamp.h"	/* fw_lamp_init */
#include "firmware/avr/nvm.h"	/* fw_nvm_boot */
#include "firmware/avr/pins.h"	/* FW_RX_CAP */
#include "firmware/avr/servo.h" /* fw_servo_init */
#include "firmware/avr/twi.h"	/* fw_twi_init */
#include "firmware/avr/uart.h"	/* fw_uart_get */
#include "firmware/core/core.h" /* fw_poll */

#include <avr/interrupt.h>
#include <avr/wdt.h>

/* Leases of one boot that cannot be mistaken for those of another. */
#define LEASE_BITS 12

/* HELLO's numbers, by the bits of MCUSR; what comes first counts. */
static const FW_FLASH struct {
	uint8_t bit, cause;
} causes[] = { { PORF, 1 }, { BORF, 4 }, { WDRF, 3 }, { EXTRF, 2 } };

static uint8_t mcusr __attribute__((section(".noinit")));

/* Before anything else: after a watchdog reset the watchdog still runs. */
void fw_note_reset(void) __attribute__((naked, used, section(".init3")));
void fw_note_reset(void)
{
	mcusr = MCUSR;
	MCUSR = 0;
	wdt_disable();
}

/* A boot loader that clears MCUSR leaves nothing to tell: 0. */
static uint8_t reset_cause(void)
{
	for (uint8_t i = 0; i < sizeof(causes) / sizeof(causes[0]); i++)
		if (mcusr & 1 << causes[i].bit)
			return causes[i].cause;
	return 0;
}

static void start(void)
{
	struct fw_info *info = &fw_board.info;

	fw_clock_init();
	fw_servo_init();
	fw_lamp_init();
	fw_adc_init();
	fw_twi_init();
	fw_uart_init();
	/* Every input has a reading when the EEPROM has been read and written. */
	sei();
	fw_board_init();
	info->boot_id = fw_nvm_boot();
	info->lease_before = info->boot_id << LEASE_BITS;
	info->reset_cause = reset_cause();
	wdt_enable(WDTO_120MS);
	fw_init(&fw_the_core, &fw_board, fw_clock_us());
}

/*
 * One frame at most: its answer may take a while, and time goes on. And no more
 * than the ring held: a host that sends no delimiter would keep us here.
 */
static void receive(void)
{
	uint8_t most = FW_RX_CAP;
	int16_t byte;

	do {
		byte = fw_uart_get();
		if (byte >= 0)
			fw_rx(&fw_the_core, (uint8_t)byte, fw_clock_us());
	} while (byte > 0 && --most != 0);
}

/*
 * Feeds the watchdog while the controller's clock goes on: if that stood still
 * the loop could turn as it liked and would see no heartbeat late. Without its
 * interrupt the clock repeats one frame, 20 ms.
 */
static uint32_t feed(uint32_t fed_us, uint32_t now_us)
{
	if ((int32_t)(now_us - fed_us) < 2 * (int32_t)FW_FRAME_US)
		return fed_us;
	wdt_reset();
	return now_us;
}

int main(void)
{
	uint32_t fed_us;

	start();
	fed_us = fw_clock_us();
	for (;;) {
		fed_us = feed(fed_us, fw_clock_us());
		fw_overrun(&fw_the_core, fw_uart_lost());
		receive();
		fw_poll(&fw_the_core, fw_clock_us());
		fw_uart_send();
		fw_servo_poll();
		fw_chips_poll(fw_clock_us());
	}
}
