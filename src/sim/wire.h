/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * wire - the serial line between host and simulated controller: bytes take
 * their time, frames get lost or damaged, a slow link keeps replies a while.
 * All times are the controller's; nothing here reads a clock.
 */
#ifndef GH_SIM_WIRE_H
#define GH_SIM_WIRE_H

#include "sim/fault.h" /* struct gh_wire_fault */
#include "sim/rng.h"   /* struct gh_rng */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fw_tx;

#define GH_SIM_NEVER INT64_MAX

enum {
	/* What a USB-serial chip and the kernel keep. Powers of two. */
	GH_SIM_QUEUE = 8192,
	/* What is under way on a slow link: 150 ms of the fastest wire. */
	GH_SIM_LATE = 16384,
};

struct gh_sim_queue {
	uint8_t bytes[GH_SIM_QUEUE];
	size_t head, tail; /* count on, masked when used */
};

/* Bytes that are held back, and when each is let go. */
struct gh_sim_late {
	uint8_t bytes[GH_SIM_LATE];
	int64_t due_us[GH_SIM_LATE];
	size_t head, tail;
};

/* One direction: what it does to frames, and when it is free again. */
struct gh_sim_lane {
	struct gh_rng rng;
	bool inside; /* of a frame */
	bool losing;
	int flip_in; /* bytes until one is damaged, -1: none */
	int64_t free_ns;
};

struct gh_sim_wire {
	struct gh_wire_fault fault;
	struct gh_sim_queue to_core, to_host;
	struct gh_sim_late late;     /* on their way to to_host */
	struct gh_sim_lane up, down; /* to the controller, to the host */
	int in_flight;		     /* byte on its way to the host, -1: none */
	int64_t byte_ns;	     /* time of one byte */
};

/* Its random sequences; everything else starts at 0. */
void gh_sim_wire_seed(struct gh_sim_wire *w, uint64_t seed, unsigned session);
/* Forgets what is on it towards the controller, and half a frame from it. */
void gh_sim_wire_cut(struct gh_sim_wire *w);
void gh_sim_wire_rate(struct gh_sim_wire *w, int64_t bits_per_s);

/* The host's side. Each returns how many bytes it took or gave. */
size_t gh_sim_wire_write(struct gh_sim_wire *w, const uint8_t *bytes, size_t n,
			 int64_t now_us);
size_t gh_sim_wire_read(struct gh_sim_wire *w, uint8_t *bytes, size_t cap);
/* When the next byte for the host is there; GH_SIM_NEVER: none under way. */
int64_t gh_sim_wire_readable_us(const struct gh_sim_wire *w, int64_t now_us);

/* When the next byte reaches the controller; GH_SIM_NEVER: none under way. */
int64_t gh_sim_wire_due_us(const struct gh_sim_wire *w);
/* That byte; false: it got lost. */
bool gh_sim_wire_take(struct gh_sim_wire *w, uint8_t *byte);

/* All that the controller's UART sends until then; the next starts now. */
void gh_sim_wire_drain(struct gh_sim_wire *w, struct fw_tx *tx, int64_t now_us,
		       int64_t until_us);
/* What a slow link kept until now; and until when it keeps the next byte. */
void gh_sim_wire_let_go(struct gh_sim_wire *w, int64_t now_us);
int64_t gh_sim_wire_late_us(const struct gh_sim_wire *w);

#endif
