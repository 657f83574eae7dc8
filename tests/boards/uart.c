/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "boards/uart.h"

#include "boards/fixes.h" /* gh_fix_byte_cycles */

#include <math.h>
#include <string.h>

DEFINE_FIFO(uint16_t, uart_fifo);

/* Two bytes and the one in the shift register. */
#define RECEIVER 3
/* 8N1 is understood up to half a bit in ten; two sides share that. */
#define TOLERANCE 0.045

enum { FRAME_BITS = 10, MASK = GH_UART_QUEUE - 1, GARBLED_MAX = 16 };

static void rx_arm(struct gh_uart *w);

static unsigned host_byte_cycles(const struct gh_uart *w)
{
	return w->host_bit_cycles ? FRAME_BITS * w->host_bit_cycles
				  : gh_fix_byte_cycles(w->uart);
}

/* Bits of the receiver per bit of the sender; 1.0 where they agree. */
static double mismatch(double sender_cycles, double receiver_cycles)
{
	const double ratio = receiver_cycles / sender_cycles;

	return fabs(ratio - 1.0) <= TOLERANCE ? 1.0 : ratio;
}

/* The line at a time in the sender's bits: start, eight bits, idle. */
static bool level(uint8_t byte, double t)
{
	const int bit = (int)floor(t);

	if (bit < 1)
		return false;
	return bit > 8 || byte >> (bit - 1) & 1;
}

/*
 * What a receiver makes of one byte when its own bits last `ratio` of the
 * sender's: every falling edge that it finds idle starts a byte.
 */
static unsigned garble(uint8_t byte, double ratio, uint8_t out[GARBLED_MAX])
{
	unsigned n = 0;
	double t = 0.0;

	while (t < FRAME_BITS - 1 && n < GARBLED_MAX) {
		uint8_t got = 0;

		for (unsigned k = 0; k < 8; k++)
			if (level(byte, t + (1.5 + k) * ratio))
				got |= (uint8_t)(1u << k);
		out[n++] = got;
		t += 9.5 * ratio;
		while (t < FRAME_BITS && !level(byte, t))
			t += 0.05; /* no edge in the middle of a low */
		while (t < FRAME_BITS && level(byte, t))
			t += 0.05;
	}
	return n;
}

static unsigned through(double sender_cycles, double receiver_cycles,
			uint8_t byte, uint8_t out[GARBLED_MAX])
{
	const double ratio = mismatch(sender_cycles, receiver_cycles);

	if (ratio < 1.0 || ratio > 1.0)
		return garble(byte, ratio, out);
	out[0] = byte;
	return 1;
}

static unsigned held(const struct gh_uart *w)
{
	return (unsigned)(w->uart->input.write - w->uart->input.read) &
	       (uart_fifo_fifo_size - 1);
}

/* simavr would show the byte one byte time later: it is complete now. */
static void receive(struct gh_uart *w, uint8_t byte)
{
	const avr_cycle_count_t pace = w->uart->cycles_per_byte;

	if (w->doomed || held(w) >= RECEIVER) {
		w->doomed = false;
		w->overruns++;
		avr_regbit_set(w->avr, w->uart->dor);
		return;
	}
	w->uart->cycles_per_byte = 1;
	avr_raise_irq(w->input, byte);
	w->uart->cycles_per_byte = pace;
}

static avr_cycle_count_t on_byte(avr_t *avr, avr_cycle_count_t when,
				 void *param)
{
	struct gh_uart *w = param;
	uint8_t bytes[GARBLED_MAX];
	const unsigned n =
		through(host_byte_cycles(w), gh_fix_byte_cycles(w->uart),
			w->to_board[w->board_out++ & MASK], bytes);

	(void)avr;
	(void)when;
	for (unsigned i = 0; i < n; i++)
		receive(w, bytes[i]);
	rx_arm(w);
	return 0;
}

/* The next byte's start bit is on the line. */
static void rx_arm(struct gh_uart *w)
{
	const avr_cycle_count_t now = w->avr->cycle;
	const avr_cycle_count_t from = w->heard > now ? w->heard : now;

	w->doomed = false;
	if (w->board_in == w->board_out)
		return;
	w->doomed = held(w) >= RECEIVER;
	w->heard = from + host_byte_cycles(w);
	avr_cycle_timer_register(w->avr, w->heard - now, on_byte, w);
}

/*
 * UDR was read. The flag goes with the byte, and the interrupt is a level: it
 * stays while there are bytes, which simavr looks at once a byte time.
 */
static void on_taken(avr_irq_t *irq, uint32_t value, void *param)
{
	struct gh_uart *w = param;

	(void)irq;
	(void)value;
	if (w->avr->data[w->uart->dor.reg] & 1u << w->uart->dor.bit)
		avr_regbit_clear(w->avr, w->uart->dor);
	if (held(w))
		avr_raise_interrupt(w->avr, &w->uart->rxc);
}

static void on_output(avr_irq_t *irq, uint32_t value, void *param)
{
	struct gh_uart *w = param;
	const avr_cycle_count_t now = w->avr->cycle;
	const avr_cycle_count_t from = w->sent > now ? w->sent : now;
	uint8_t bytes[GARBLED_MAX];
	const unsigned n = through(gh_fix_byte_cycles(w->uart),
				   host_byte_cycles(w), (uint8_t)value, bytes);

	(void)irq;
	w->spoken++;
	w->sent = from + gh_fix_byte_cycles(w->uart);
	for (unsigned i = 0; i < n; i++) {
		if (w->host_in - w->host_out == GH_UART_QUEUE) {
			w->unread++;
			continue;
		}
		w->to_host[w->host_in++ & MASK] =
			(struct gh_uart_byte){ w->sent, bytes[i] };
	}
}

void gh_uart_init(struct gh_uart *w, avr_t *avr)
{
	const uint32_t ctl = AVR_IOCTL_UART_GETIRQ('0');
	uint32_t flags = 0;

	memset(w, 0, sizeof *w);
	w->avr = avr;
	w->uart = gh_fix_uart_of(avr);
	avr_ioctl(avr, AVR_IOCTL_UART_GET_FLAGS('0'), &flags);
	flags &= ~(uint32_t)(AVR_UART_FLAG_STDIO | AVR_UART_FLAG_POLL_SLEEP);
	avr_ioctl(avr, AVR_IOCTL_UART_SET_FLAGS('0'), &flags);
	w->input = avr_io_getirq(avr, ctl, UART_IRQ_INPUT);
	avr_irq_register_notify(avr_io_getirq(avr, ctl, UART_IRQ_OUTPUT),
				on_output, w);
	avr_irq_register_notify(avr_io_getirq(avr, ctl, UART_IRQ_OUT_XON),
				on_taken, w);
}

void gh_uart_reset(struct gh_uart *w)
{
	w->board_out = w->board_in;
	w->heard = w->sent = 0;
	w->doomed = false;
}

void gh_uart_host_baud(struct gh_uart *w, long baud)
{
	w->host_bit_cycles =
		baud > 0 ? (unsigned)((w->avr->frequency + (uint32_t)baud / 2) /
				      (uint32_t)baud)
			 : 0;
}

size_t gh_uart_write(struct gh_uart *w, const void *bytes, size_t n)
{
	const uint8_t *p = bytes;
	const bool was_idle = w->board_in == w->board_out;
	size_t took = 0;

	while (took < n && w->board_in - w->board_out < GH_UART_QUEUE)
		w->to_board[w->board_in++ & MASK] = p[took++];
	if (was_idle)
		rx_arm(w);
	return took;
}

void gh_uart_jam(struct gh_uart *w, const void *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		receive(w, ((const uint8_t *)bytes)[i]);
}

size_t gh_uart_read(struct gh_uart *w, void *buf, size_t cap)
{
	uint8_t *p = buf;
	avr_cycle_count_t at;
	size_t n = 0;

	while (n < cap && gh_uart_next(w, &at) && at <= w->avr->cycle)
		p[n++] = w->to_host[w->host_out++ & MASK].byte;
	return n;
}

bool gh_uart_next(const struct gh_uart *w, avr_cycle_count_t *at)
{
	if (w->host_in == w->host_out)
		return false;
	*at = w->to_host[w->host_out & MASK].at;
	return true;
}
