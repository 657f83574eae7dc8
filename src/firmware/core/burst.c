/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * burst - one channel, as fast as flicker needs it, straight to the wire: a
 * small board has no memory for a second of it.
 */
#include "firmware/core/parts.h" /* struct fw_core, fw_refuse */

#include <stddef.h>

#define US_PER_S 1000000u
/* Values taken over in one turn of the main loop: it has other work. */
enum { PER_TURN = 8 };

static uint8_t check_burst(struct fw_core *c, const uint8_t *p)
{
	uint16_t rate = fw_u16(p + 1);
	struct fw_channel ch;

	if (p[0] >= c->board->info.n_channels)
		return fw_refuse(c, FW_BAD_FIELD, 0);
	c->board->channel(c->board->self, p[0], &ch);
	if (rate < 1000 || rate > 10000 || rate > ch.max_rate_hz)
		return fw_refuse(c, FW_BAD_FIELD, 1);
	if (fw_u16(p + 3) == 0)
		return fw_refuse(c, FW_BAD_FIELD, 3);
	return FW_OK;
}

/* The host did not get the reply and asks again. */
static bool is_repeat(const struct fw_core *c, const uint8_t *p)
{
	const struct fw_burst *b = &c->burst;

	return b->seq == c->seq && b->channel == p[0] &&
	       b->rate_hz == fw_u16(p + 1) && b->count == fw_u16(p + 3);
}

static void begin(struct fw_core *c, const uint8_t *p)
{
	const struct fw_board *board = c->board;
	struct fw_burst *b = &c->burst;

	b->channel = p[0];
	b->rate_hz = fw_u16(p + 1);
	b->count = fw_u16(p + 3);
	b->period_us = (US_PER_S + b->rate_hz / 2u) / b->rate_hz;
	if (board->burst != NULL)
		b->period_us =
			board->burst(board->self, b->channel, b->period_us);
	b->next_us = c->now_us;
	b->next = 0;
	b->n = 0;
	b->seq = c->seq;
	b->active = true;
}

uint8_t fw_do_burst(struct fw_core *c, const uint8_t *p)
{
	struct fw_burst *b = &c->burst;
	uint8_t code;

	if (b->active && !is_repeat(c, p))
		return fw_refuse(c, FW_IS_BUSY, c->state);
	code = check_burst(c, p);
	if (code != FW_OK)
		return code;
	if (!b->active)
		begin(c, p);
	fw_reply(c);
	fw_tx_u8(&c->tx, b->channel);
	fw_tx_u32(&c->tx, b->period_us);
	fw_tx_u16(&c->tx, b->count);
	fw_tx_end(&c->tx);
	return FW_OK;
}

static void send(struct fw_core *c)
{
	struct fw_burst *b = &c->burst;

	fw_tx_begin(&c->tx, FW_TYPE_BURST, c->burst_seq++);
	fw_tx_u8(&c->tx, b->channel);
	fw_tx_u8(&c->tx, b->n);
	fw_tx_u16(&c->tx, b->first);
	for (uint8_t k = 0; k < b->n; k++)
		fw_tx_u16(&c->tx, (uint16_t)b->raw[k]);
	if (!fw_tx_end(&c->tx))
		c->stats.dropped += b->n;
	b->n = 0;
}

/* Samples that were missed count: their numbers are left out. */
static void add(struct fw_core *c, int16_t raw, uint32_t missed)
{
	struct fw_burst *b = &c->burst;

	if (missed && b->n)
		send(c);
	c->stats.dropped += missed;
	b->next = (uint16_t)(b->next + missed);
	if (b->n == 0)
		b->first = b->next;
	b->raw[b->n++] = raw;
	b->next++;
	if (b->n == FW_BURST_MAX || b->next == b->count)
		send(c);
	if (b->next == b->count)
		fw_burst_end(c);
}

/* What the board has measured by itself meanwhile. */
static void collect(struct fw_core *c)
{
	struct fw_burst *b = &c->burst;
	uint16_t number;
	uint8_t most = PER_TURN;
	int16_t raw;

	/* Not all there are: sending takes time, in which more come. */
	while (most-- > 0 && b->active &&
	       c->board->burst_take(c->board->self, &raw, &number)) {
		if (number < b->count) {
			add(c, raw, (uint16_t)(number - b->next));
			continue;
		}
		/* The last ones were lost. */
		c->stats.dropped += (uint16_t)(b->count - b->next);
		if (b->n)
			send(c);
		fw_burst_end(c);
	}
}

static void measure(struct fw_core *c)
{
	struct fw_burst *b = &c->burst;
	uint32_t left = (uint32_t)(b->count - b->next - 1);
	uint32_t missed;

	if (!fw_reached(c->now_us, b->next_us))
		return;
	missed = fw_skip(c->now_us, &b->next_us, b->period_us);
	b->next_us += b->period_us;
	add(c, fw_sense(c, b->channel), missed > left ? left : missed);
}

void fw_burst_poll(struct fw_core *c)
{
	if (!c->burst.active)
		return;
	if (c->board->burst != NULL)
		collect(c);
	else
		measure(c);
}

void fw_burst_end(struct fw_core *c)
{
	if (c->burst.active && c->board->burst != NULL)
		c->board->burst(c->board->self, c->burst.channel, 0);
	c->burst.active = false;
}
