/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/uno/simavr_fixes.h" /* struct uno_fixes */

#include <avr_extint.h>
#include <avr_timer.h>
#include <avr_twi.h>
#include <avr_uart.h>
#include <string.h>

bool uno_fix_off(struct uno_fixes *fixes, const char *name)
{
	const struct {
		const char *name;
		bool *on;
	} table[] = { { "timer", &fixes->timer },
		      { "twi", &fixes->twi },
		      { "extint", &fixes->extint },
		      { "uart", &fixes->uart } };

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (strcmp(table[i].name, name) == 0) {
			*table[i].on = false;
			return true;
		}
	return false;
}

static void fix_timer(avr_io_t *io)
{
	avr_timer_t *timer = (avr_timer_t *)io;
	const avr_timer_wgm_t fast = AVR_TIMER_WGM_ICFASTPWM();

	if (timer->name == '1')
		timer->wgm_op[14] = fast;
}

void uno_fix(avr_t *avr, const struct uno_fixes *fixes)
{
	for (avr_io_t *io = avr->io_port; io; io = io->next) {
		if (fixes->timer && strcmp(io->kind, "timer") == 0)
			fix_timer(io);
		if (fixes->twi && strcmp(io->kind, "twi") == 0)
			((avr_twi_t *)io)->twi.raise_sticky = 0;
	}
	for (uint8_t n = 0; fixes->extint && n < 2; n++)
		avr_extint_set_strict_lvl_trig(avr, n, 0);
}

void uno_fix_uart(avr_t *avr, struct uno_fixes *fixes)
{
	for (avr_io_t *io = avr->io_port; fixes->uart && io; io = io->next) {
		avr_uart_t *uart = (avr_uart_t *)io;

		if (strcmp(io->kind, "uart") != 0 ||
		    uart->cycles_per_byte == fixes->uart_cycles)
			continue;
		uart->cycles_per_byte = uart->cycles_per_byte * 10 / 11;
		fixes->uart_cycles = (uint32_t)uart->cycles_per_byte;
	}
}
