/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fakes/noisy_link.h"

#include <math.h>
#include <string.h>

#define MASK ((uint32_t)NOISY_LANE_CAP - 1)
#define FOR_EVER (1u << 30)
enum { STREAM_UP = 1, STREAM_DOWN = 2 };

/*
 * Flips: from one damaged frame in thousands to next to no whole one. 62 bytes
 * are what an FTDI adapter puts into a full-speed packet; 20 ms are more than
 * its latency timer; 40 ms are just not the silence after which a frame is
 * forgotten, 200 ms are (schemas/protocol.md section 1.1). How often the others
 * strike is assumed: most frames arrive.
 */
const struct noisy_fault noisy_faults[NOISY_FAULTS] = {
	{ "clean", NOISY_CLEAN, 0.0, 0, 0 },
	{ "flip 1e-6", NOISY_FLIP, 1e-6, 0, 0 },
	{ "flip 1e-5", NOISY_FLIP, 1e-5, 0, 0 },
	{ "flip 1e-4", NOISY_FLIP, 1e-4, 0, 0 },
	{ "flip 1e-3", NOISY_FLIP, 1e-3, 0, 0 },
	{ "flip 1e-2", NOISY_FLIP, 1e-2, 0, 0 },
	{ "loss", NOISY_LOSS, 1e-3, 62, 0 },
	{ "insertion", NOISY_INSERT, 1e-3, 8, 0 },
	{ "duplication", NOISY_REPEAT, 1e-3, 62, 0 },
	{ "delay", NOISY_DELAY, 1e-3, 0, 20000 },
	{ "stall", NOISY_STALL, 2e-4, 0, 200000 },
	{ "split", NOISY_SPLIT, 1.0, 0, 40000 },
	{ "babble", NOISY_INSERT, 1e-4, 4096, 0 },
	{ "hang-up", NOISY_LOSS, 1e-3, FOR_EVER, 0 },
};

static const struct noisy_fault *const clean = &noisy_faults[0];

/* ---- One direction ------------------------------------------------------- */

static uint64_t draw_gap(struct noisy_lane *l)
{
	const double rate = l->fault->rate;

	if (rate >= 1.0)
		return 0;
	return (uint64_t)(gh_rng_waiting(&l->rng) / -log1p(-rate));
}

static unsigned draw_run(struct noisy_lane *l)
{
	const unsigned most = l->fault->run;

	if (most == FOR_EVER)
		return most;
	return 1 + (unsigned)(gh_rng_next(&l->rng) % most);
}

static bool is_struck(struct noisy_lane *l)
{
	if (l->next_in > 0) {
		l->next_in--;
		return false;
	}
	l->next_in = draw_gap(l);
	l->struck++;
	return true;
}

static void push(struct noisy_lane *l, uint8_t byte, gh_us due)
{
	if (due < l->last)
		due = l->last;
	if (l->head - l->tail == NOISY_LANE_CAP)
		return;
	l->last = due;
	l->due[l->head & MASK] = due;
	l->bytes[l->head++ & MASK] = byte;
}

static void lose(struct noisy_lane *l, uint8_t byte, gh_us at)
{
	if (l->losing == 0 && is_struck(l))
		l->losing = draw_run(l);
	if (l->losing == 0)
		push(l, byte, at);
	else if (l->losing != FOR_EVER)
		l->losing--;
}

static void insert(struct noisy_lane *l, uint8_t byte, gh_us at)
{
	unsigned n = is_struck(l) ? draw_run(l) : 0;

	while (n-- > 0)
		push(l, (uint8_t)gh_rng_next(&l->rng), at);
	push(l, byte, at);
}

static void repeat(struct noisy_lane *l, uint8_t byte, gh_us at)
{
	unsigned n = 0;
	uint32_t from;

	push(l, byte, at);
	if (is_struck(l))
		n = draw_run(l);
	from = l->head - n;
	for (unsigned i = 0; i < n; i++)
		push(l, l->bytes[(from + i) & MASK], at);
}

static void flip(struct noisy_lane *l, uint8_t byte, gh_us at)
{
	while (l->next_in < 8) {
		byte ^= (uint8_t)(1u << l->next_in);
		l->next_in += 1 + draw_gap(l);
		l->struck++;
	}
	l->next_in -= 8;
	push(l, byte, at);
}

static void delay(struct noisy_lane *l, uint8_t byte, gh_us at)
{
	if (is_struck(l))
		l->lag =
			(gh_us)(gh_rng_uniform(&l->rng) * (double)l->fault->us);
	push(l, byte, at + l->lag);
}

static void stall(struct noisy_lane *l, uint8_t byte, gh_us at)
{
	if (is_struck(l))
		l->held_until = at + l->fault->us;
	push(l, byte, at < l->held_until ? l->held_until : at);
}

static void split(struct noisy_lane *l, uint8_t byte, gh_us at)
{
	const gh_us next = l->last + l->fault->us;

	l->struck++;
	push(l, byte, at < next ? next : at);
}

static void (*const suffer[])(struct noisy_lane *, uint8_t, gh_us) = {
	[NOISY_CLEAN] = push,	 [NOISY_LOSS] = lose,	[NOISY_INSERT] = insert,
	[NOISY_REPEAT] = repeat, [NOISY_FLIP] = flip,	[NOISY_DELAY] = delay,
	[NOISY_STALL] = stall,	 [NOISY_SPLIT] = split,
};

void noisy_lane_strike(struct noisy_lane *l, const struct noisy_fault *fault)
{
	if (l->fault == fault)
		return;
	l->fault = fault;
	l->losing = 0;
	l->lag = l->held_until = 0;
	l->next_in = fault->kind == NOISY_CLEAN ? 0 : draw_gap(l);
}

void noisy_lane_init(struct noisy_lane *l, const struct noisy_fault *fault,
		     uint64_t seed, uint64_t stream)
{
	memset(l, 0, sizeof *l);
	gh_rng_seed(&l->rng, seed, 0, stream);
	noisy_lane_strike(l, fault);
}

void noisy_lane_put(struct noisy_lane *l, const uint8_t *bytes, size_t n,
		    gh_us at)
{
	for (size_t i = 0; i < n; i++)
		suffer[l->fault->kind](l, bytes[i], at);
}

size_t noisy_lane_take(struct noisy_lane *l, uint8_t *out, size_t cap,
		       gh_us now)
{
	size_t n = 0;

	if (l->fault->kind == NOISY_SPLIT && cap > 1)
		cap = 1;
	while (n < cap && noisy_lane_due(l) <= now)
		out[n++] = l->bytes[l->tail++ & MASK];
	return n;
}

gh_us noisy_lane_due(const struct noisy_lane *l)
{
	return l->head == l->tail ? GH_US_NEVER : l->due[l->tail & MASK];
}

/* ---- Between a world's link and its controller --------------------------- */

static const struct noisy_fault *fault_of(const struct noisy_link *n, gh_us at)
{
	return at >= n->from && at < n->until ? n->fault : clean;
}

/* What the controller said until now enters the lane. */
static void listen(struct noisy_link *n, gh_us now)
{
	uint8_t buf[1024];
	size_t got;

	noisy_lane_strike(&n->up, fault_of(n, now));
	while ((got = n->ops->read(n->self, buf, sizeof buf)) > 0)
		noisy_lane_put(&n->up, buf, got, now);
}

static void hand_over(struct noisy_link *n, gh_us now)
{
	uint8_t byte;

	while (noisy_lane_take(&n->down, &byte, 1, now) > 0)
		(void)n->ops->write(n->self, &byte, 1);
}

static void noisy_advance(void *self, gh_us until)
{
	struct noisy_link *n = self;

	for (;;) {
		const gh_us due = noisy_lane_due(&n->down);
		const gh_us to = due < until ? due : until;

		n->ops->advance(n->self, to);
		listen(n, to);
		if (due > until)
			return;
		hand_over(n, to);
	}
}

static size_t noisy_write(void *self, const void *bytes, size_t n)
{
	struct noisy_link *l = self;

	noisy_lane_strike(&l->down, fault_of(l, l->world->now));
	if (l->down.fault->kind == NOISY_SPLIT && n > 1)
		n = 1;
	noisy_lane_put(&l->down, bytes, n, l->world->now);
	hand_over(l, l->world->now);
	return n;
}

static size_t noisy_read(void *self, void *buf, size_t cap)
{
	struct noisy_link *n = self;

	listen(n, n->world->now);
	return noisy_lane_take(&n->up, buf, cap, n->world->now);
}

static gh_us noisy_readable_at(void *self)
{
	struct noisy_link *n = self;
	const gh_us lane = noisy_lane_due(&n->up);
	const gh_us next = n->ops->readable_at(n->self);

	return lane < next ? lane : next;
}

static void noisy_reboot(void *self)
{
	struct noisy_link *n = self;

	n->ops->reboot(n->self);
}

static void noisy_set_baud(void *self, long baud)
{
	struct noisy_link *n = self;

	if (n->ops->set_baud)
		n->ops->set_baud(n->self, baud);
}

static void noisy_destroy(void *self)
{
	struct noisy_link *n = self;

	if (n->at_end)
		n->at_end(n);
	n->ops->destroy(n->self);
}

static const struct gh_world_ops noisy_ops = {
	.advance = noisy_advance,
	.write = noisy_write,
	.read = noisy_read,
	.readable_at = noisy_readable_at,
	.reboot = noisy_reboot,
	.set_baud = noisy_set_baud,
	.destroy = noisy_destroy,
};

void noisy_link_attach(struct noisy_link *n, struct gh_world *w,
		       const struct noisy_fault *fault, uint64_t seed)
{
	n->fault = fault;
	n->from = 0;
	n->until = GH_US_NEVER;
	noisy_lane_init(&n->up, fault, seed, STREAM_UP);
	noisy_lane_init(&n->down, fault, seed, STREAM_DOWN);
	n->at_end = NULL;
	n->world = w;
	n->ops = w->ops;
	n->self = w->self;
	w->ops = &noisy_ops;
	w->self = n;
}
