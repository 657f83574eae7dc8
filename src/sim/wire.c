/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/wire.h"

#include "firmware/core/core.h" /* fw_tx_take */

#define NS_PER_US 1000
/* Random sequences of this file; the device and the plant have others. */
enum { STREAM_UP = 0x1F, STREAM_DOWN = 0x20 };
enum { QUEUE_MASK = GH_SIM_QUEUE - 1, LATE_MASK = GH_SIM_LATE - 1 };

static size_t queued(const struct gh_sim_queue *q)
{
	return q->head - q->tail;
}

static bool enqueue(struct gh_sim_queue *q, uint8_t byte)
{
	if (queued(q) == GH_SIM_QUEUE)
		return false;
	q->bytes[q->head++ & QUEUE_MASK] = byte;
	return true;
}

static uint8_t dequeue(struct gh_sim_queue *q)
{
	return q->bytes[q->tail++ & QUEUE_MASK];
}

void gh_sim_wire_seed(struct gh_sim_wire *w, uint64_t seed, unsigned session)
{
	gh_rng_seed(&w->up.rng, seed, session, STREAM_UP);
	gh_rng_seed(&w->down.rng, seed, session, STREAM_DOWN);
}

void gh_sim_wire_cut(struct gh_sim_wire *w)
{
	w->to_core.tail = w->to_core.head;
	w->in_flight = -1;
	w->up.inside = false;
	w->down.inside = false;
}

void gh_sim_wire_rate(struct gh_sim_wire *w, int64_t bits_per_s)
{
	w->byte_ns = 10 * INT64_C(1000000000) / bits_per_s;
}

/*
 * A frame's fate is drawn with its first byte: half of the faulty ones vanish
 * whole, half have one byte wrong. False: this byte does not arrive.
 */
static bool suffer(struct gh_sim_wire *w, struct gh_sim_lane *l, uint8_t *byte)
{
	if (!l->inside) {
		bool bad = gh_rng_uniform(&l->rng) * 1e6 < w->fault.lost_ppm;
		bool lose = gh_rng_next(&l->rng) & 1;
		int at = (int)(gh_rng_next(&l->rng) % 16);

		l->inside = *byte != 0;
		l->losing = bad && lose && l->inside;
		l->flip_in = bad && !lose && l->inside ? at : -1;
	}
	if (*byte == 0)
		l->inside = false;
	if (l->losing)
		return false;
	if (l->flip_in-- == 0)
		*byte ^= 0x55;
	return true;
}

/* The lane is free when a byte that is sent at `at` has arrived. */
static void send_byte(const struct gh_sim_wire *w, struct gh_sim_lane *l,
		      int64_t at)
{
	int64_t from = l->free_ns > at ? l->free_ns : at;

	l->free_ns = from + w->byte_ns;
}

/* A byte that has left the wire; a slow link keeps it a while. */
static void deliver(struct gh_sim_wire *w, uint8_t byte, int64_t at_us)
{
	struct gh_sim_late *l = &w->late;
	const int64_t due_us = at_us + (int64_t)(w->fault.slow_ms * 1e3);

	if (l->head == l->tail && due_us <= at_us) {
		(void)enqueue(&w->to_host, byte);
		return;
	}
	if (l->head - l->tail == GH_SIM_LATE)
		return;
	l->bytes[l->head & LATE_MASK] = byte;
	l->due_us[l->head++ & LATE_MASK] = due_us;
}

int64_t gh_sim_wire_late_us(const struct gh_sim_wire *w)
{
	const struct gh_sim_late *l = &w->late;

	return l->head == l->tail ? GH_SIM_NEVER
				  : l->due_us[l->tail & LATE_MASK];
}

void gh_sim_wire_let_go(struct gh_sim_wire *w, int64_t now_us)
{
	struct gh_sim_late *l = &w->late;

	while (gh_sim_wire_late_us(w) <= now_us)
		(void)enqueue(&w->to_host, l->bytes[l->tail++ & LATE_MASK]);
}

void gh_sim_wire_drain(struct gh_sim_wire *w, struct fw_tx *tx, int64_t now_us,
		       int64_t until_us)
{
	int64_t until_ns = until_us * NS_PER_US;

	for (;;) {
		uint8_t byte;
		int16_t next;

		if (w->in_flight >= 0) {
			if (w->down.free_ns > until_ns)
				return;
			byte = (uint8_t)w->in_flight;
			w->in_flight = -1;
			if (suffer(w, &w->down, &byte))
				deliver(w, byte, w->down.free_ns / NS_PER_US);
		}
		next = fw_tx_take(tx);
		if (next < 0)
			return;
		w->in_flight = next;
		send_byte(w, &w->down, now_us * NS_PER_US);
	}
}

bool gh_sim_wire_take(struct gh_sim_wire *w, uint8_t *byte)
{
	bool arrived;

	*byte = dequeue(&w->to_core);
	arrived = suffer(w, &w->up, byte);
	if (queued(&w->to_core))
		send_byte(w, &w->up, 0);
	return arrived;
}

static int64_t up_to_us(int64_t ns)
{
	return (ns + NS_PER_US - 1) / NS_PER_US;
}

int64_t gh_sim_wire_due_us(const struct gh_sim_wire *w)
{
	return queued(&w->to_core) ? up_to_us(w->up.free_ns) : GH_SIM_NEVER;
}

int64_t gh_sim_wire_readable_us(const struct gh_sim_wire *w, int64_t now_us)
{
	if (queued(&w->to_host))
		return now_us;
	if (w->late.head != w->late.tail)
		return gh_sim_wire_late_us(w);
	if (w->in_flight < 0)
		return GH_SIM_NEVER;
	return up_to_us(w->down.free_ns) + (int64_t)(w->fault.slow_ms * 1e3);
}

size_t gh_sim_wire_write(struct gh_sim_wire *w, const uint8_t *bytes, size_t n,
			 int64_t now_us)
{
	const bool was_empty = queued(&w->to_core) == 0;
	size_t took = 0;

	while (took < n && enqueue(&w->to_core, bytes[took]))
		took++;
	if (was_empty && took)
		send_byte(w, &w->up, now_us * NS_PER_US);
	return took;
}

size_t gh_sim_wire_read(struct gh_sim_wire *w, uint8_t *bytes, size_t cap)
{
	size_t n = 0;

	while (n < cap && queued(&w->to_host))
		bytes[n++] = dequeue(&w->to_host);
	return n;
}
