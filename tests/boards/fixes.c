/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "boards/fixes.h" /* enum gh_fix */

#include "base/status.h" /* GH_ARRAY_SIZE */

#include <avr_adc.h>
#include <avr_extint.h>
#include <avr_timer.h>
#include <avr_twi.h>
#include <string.h>

enum { BITS_8N1 = 10, INPUTS_KEPT = 8, MUX_MODES = 64 };

unsigned gh_fix_of(const char *name)
{
	static const char *const names[] = { "timer", "twi", "extint", "uart",
					     "adc" };

	for (unsigned i = 0; i < GH_ARRAY_SIZE(names); i++)
		if (strcmp(names[i], name) == 0)
			return 1u << i;
	return 0;
}

static void fix_timer(avr_io_t *io)
{
	avr_timer_t *t = (avr_timer_t *)io;
	const avr_timer_wgm_t by_icr = AVR_TIMER_WGM_ICFASTPWM();
	const avr_timer_wgm_t by_ocr = { .kind = avr_timer_wgm_fast_pwm,
					 .top = avr_timer_wgm_reg_ocra };

	if (t->wgm_op[0].size != 16)
		return;
	t->wgm_op[14] = by_icr;
	t->wgm_op[15] = by_ocr;
}

static void fix_twi(avr_io_t *io)
{
	((avr_twi_t *)io)->twi.raise_sticky = 0;
}

static void fix_adc(avr_io_t *io)
{
	avr_adc_t *adc = (avr_adc_t *)io;

	for (unsigned i = 0; i < MUX_MODES; i++)
		if (adc->muxmode[i].kind == ADC_MUX_SINGLE)
			adc->muxmode[i].src %= INPUTS_KEPT;
}

static void fix_extint(avr_io_t *io)
{
	const avr_extint_t *ext = (const avr_extint_t *)io;

	for (uint8_t n = 0; n < EXTINT_COUNT; n++)
		if (ext->eint[n].port_ioctl)
			avr_extint_set_strict_lvl_trig(io->avr, n, 0);
}

unsigned gh_fix_byte_cycles(const avr_uart_t *uart)
{
	const uint8_t *data = uart->io.avr->data;
	const unsigned ubrr =
		data[uart->ubrrl.reg] | (data[uart->ubrrh.reg] & 0x0fu) << 8;
	const bool twice = data[uart->u2x.reg] & 1u << uart->u2x.bit;

	return BITS_8N1 * (ubrr + 1) * (twice ? 8 : 16);
}

static void on_rate(avr_irq_t *irq, uint32_t value, void *param)
{
	avr_uart_t *uart = param;

	(void)irq;
	(void)value;
	uart->cycles_per_byte = gh_fix_byte_cycles(uart);
}

/* The figure is computed when the low byte of the rate is written. */
static void fix_uart(avr_io_t *io)
{
	avr_uart_t *uart = (avr_uart_t *)io;

	avr_irq_register_notify(avr_iomem_getirq(io->avr, uart->ubrrl.reg, NULL,
						 AVR_IOMEM_IRQ_ALL),
				on_rate, uart);
}

void gh_fix(avr_t *avr, unsigned fixes)
{
	static const struct {
		unsigned fix;
		const char *kind;
		void (*mend)(avr_io_t *io);
	} table[] = { { GH_FIX_TIMER, "timer", fix_timer },
		      { GH_FIX_TWI, "twi", fix_twi },
		      { GH_FIX_EXTINT, "extint", fix_extint },
		      { GH_FIX_UART, "uart", fix_uart },
		      { GH_FIX_ADC, "adc", fix_adc } };

	for (avr_io_t *io = avr->io_port; io; io = io->next)
		for (size_t i = 0; i < GH_ARRAY_SIZE(table); i++)
			if (fixes & table[i].fix &&
			    strcmp(io->kind, table[i].kind) == 0)
				table[i].mend(io);
}

avr_uart_t *gh_fix_uart_of(avr_t *avr)
{
	for (avr_io_t *io = avr->io_port; io; io = io->next)
		if (strcmp(io->kind, "uart") == 0 &&
		    ((avr_uart_t *)io)->name == '0')
			return (avr_uart_t *)io;
	return NULL;
}
