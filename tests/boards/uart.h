/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * uart - the emulated UART's two lines, byte by byte at their own rates. The
 * receiver is a real one: two bytes and the shift register; what comes when
 * they are full is lost and sets the overrun flag. A host at another rate is
 * heard, and hears, what its bits look like at the wrong pace.
 */
#ifndef GH_TESTS_BOARDS_UART_H
#define GH_TESTS_BOARDS_UART_H

#include <avr_uart.h>
#include <sim_avr.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a USB-serial chip and the kernel keep; a power of two. */
enum { GH_UART_QUEUE = 8192 };

struct gh_uart_byte {
	avr_cycle_count_t at; /* when its stop bit is over */
	uint8_t byte;
};

struct gh_uart {
	avr_t *avr;
	avr_uart_t *uart;
	avr_irq_t *input;
	struct gh_uart_byte to_host[GH_UART_QUEUE];
	uint8_t to_board[GH_UART_QUEUE];
	size_t host_in, host_out, board_in, board_out; /* count on */
	avr_cycle_count_t sent;	  /* the board's last byte is over */
	avr_cycle_count_t heard;  /* the host's next byte is over, 0: none */
	bool doomed;		  /* that byte found the receiver full */
	unsigned host_bit_cycles; /* of a host at a rate of its own, 0: none */
	/* Bytes: sent by the board, lost in its receiver, read by nobody. */
	uint64_t spoken, overruns, unread;
};

/* Attaches to UART 0 and silences simavr's own output and polling. */
void gh_uart_init(struct gh_uart *w, avr_t *avr);

/* The board was reset: the line is idle and simavr forgot the timers. */
void gh_uart_reset(struct gh_uart *w);

/* 0: whatever rate the board speaks. */
void gh_uart_host_baud(struct gh_uart *w, long baud);

/* Returns how many bytes the host's queue took. */
size_t gh_uart_write(struct gh_uart *w, const void *bytes, size_t n);
/* Bytes that come faster than any line could bring them: noise, a burst. */
void gh_uart_jam(struct gh_uart *w, const void *bytes, size_t n);
/* Those whose stop bit is over by now. */
size_t gh_uart_read(struct gh_uart *w, void *buf, size_t cap);
/* False: nothing is under way to the host. */
bool gh_uart_next(const struct gh_uart *w, avr_cycle_count_t *at);

#endif
