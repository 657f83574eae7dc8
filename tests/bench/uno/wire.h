/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * wire - the emulated UART on a pty. The slave side stays open here, so that
 * clients may come and go. Opening it resets nothing: there is no DTR.
 */
#ifndef GH_BENCH_UNO_WIRE_H
#define GH_BENCH_UNO_WIRE_H

#include <sim_avr.h>
#include <stdbool.h>

struct uno_wire {
	int master, slave;
	char name[64];
	avr_irq_t *input;
	bool has_spoken; /* the firmware has sent a byte */
	bool is_full;	 /* the emulated UART takes no more */
};

/* False with errno set when there is no pty. */
bool uno_wire_open(struct uno_wire *w, avr_t *avr);
void uno_wire_close(struct uno_wire *w);
/* Hands what clients wrote to the UART. */
void uno_wire_step(struct uno_wire *w);

#endif
