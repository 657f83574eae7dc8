/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * watch - what a firmware costs, seen from outside: how deep its stack went
 * (RAM is painted before it starts), how long it slept, and for interrupts the
 * worst wait for a handler and the longest one, in cycles. It also notices
 * resets: a watchdog's happens inside simavr.
 */
#ifndef GH_TESTS_BOARDS_WATCH_H
#define GH_TESTS_BOARDS_WATCH_H

#include <sim_avr.h>
#include <stdbool.h>

enum { GH_WATCH_VECTORS = 64 };

struct gh_watch_vector {
	struct gh_watch *watch;
	avr_int_vector_t *vector;
	avr_cycle_count_t pending, running; /* since when, 0: is not */
};

struct gh_watch {
	avr_t *avr;
	struct gh_watch_vector vectors[GH_WATCH_VECTORS];
	avr_cycle_count_t slept;
	void (*core_reset)(avr_t *avr);
	bool begun;	/* a handler has run */
	bool was_reset; /* to be cleared by who has seen it */
	unsigned latency, latency_vector, handler, handler_vector;
};

/* Before the firmware runs, after it is loaded. */
void gh_watch_init(struct gh_watch *w, avr_t *avr);

/* RAM used from below (data), and from above (stack). */
void gh_watch_ram(const struct gh_watch *w, unsigned *static_bytes,
		  unsigned *stack_bytes);

#endif
