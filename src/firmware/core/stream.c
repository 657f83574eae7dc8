/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * stream - channels read at a fixed rate and sent in frames. A tick that the
 * controller came too late for is left out and shows as a gap in the numbers:
 * a value read later is not the value of that time.
 */
#include "firmware/core/parts.h" /* struct fw_core, fw_refuse */

#include <string.h>

#define US_PER_S 1000000u
/* Kept free for replies: the longest one, STATUS, and its framing. */
#define REPLY_ROOM (8 + 12 + 6 * FW_ACTUATORS)

static uint32_t load(const struct fw_stream *s)
{
	return s->period_us ? (uint32_t)s->rate_hz * s->n : 0;
}

/* Would stream i at this rate with n channels be more than can be sent? */
static bool too_much(const struct fw_core *c, uint8_t i, uint16_t rate,
		     uint8_t n)
{
	uint32_t sum = (uint32_t)rate * n;

	for (uint8_t k = 0; k < c->board->info.n_streams; k++)
		sum += k == i ? 0 : load(&c->stream[k]);
	return sum > c->board->info.max_sample_rate;
}

static uint8_t check_stream(struct fw_core *c, const uint8_t *p)
{
	uint16_t rate = fw_u16(p + 1);
	struct fw_channel ch;

	if (p[0] >= c->board->info.n_streams)
		return fw_refuse(c, FW_BAD_FIELD, 0);
	if (p[3] > FW_STREAM_CHANNELS || (rate != 0) != (p[3] != 0))
		return fw_refuse(c, FW_BAD_FIELD, 3);
	for (uint8_t k = 0; k < p[3]; k++) {
		if (p[4 + k] >= c->board->info.n_channels)
			return fw_refuse(c, FW_BAD_FIELD, (uint16_t)(4 + k));
		c->board->channel(c->board->self, p[4 + k], &ch);
		if (rate > ch.max_rate_hz)
			return fw_refuse(c, FW_BAD_FIELD, 1);
	}
	if (too_much(c, p[0], rate, p[3]))
		return fw_refuse(c, FW_BAD_FIELD, 1);
	return FW_OK;
}

uint8_t fw_do_stream(struct fw_core *c, const uint8_t *p)
{
	uint16_t rate = fw_u16(p + 1);
	uint8_t code = check_stream(c, p);
	struct fw_stream *s;

	if (code != FW_OK)
		return code;
	s = &c->stream[p[0]];
	s->rate_hz = rate;
	s->period_us = rate ? (US_PER_S + rate / 2u) / rate : 0;
	s->next_us = c->board->stream_from
			     ? c->board->stream_from(c->board->self, c->now_us)
			     : c->now_us;
	s->tick = 0;
	s->ticks = 0;
	s->n = p[3];
	memcpy(s->channel, p + 4, p[3]);
	fw_reply(c);
	fw_tx_u8(&c->tx, p[0]);
	fw_tx_u8(&c->tx, s->n);
	fw_tx_u32(&c->tx, s->period_us);
	fw_tx_end(&c->tx);
	return FW_OK;
}

void fw_stream_end(struct fw_core *c)
{
	for (uint8_t i = 0; i < c->board->info.n_streams; i++)
		c->stream[i].period_us = 0;
}

/* While a burst runs it goes first: room for one of its frames is kept too. */
static bool has_room(const struct fw_core *c, uint16_t values)
{
	uint16_t keep = REPLY_ROOM;

	if (c->burst.active)
		keep = (uint16_t)(keep + 2 * FW_BURST_MAX + 12);
	return fw_tx_room(&c->tx) >= keep + 2 * values + 18;
}

static void send(struct fw_core *c, uint8_t i)
{
	struct fw_stream *s = &c->stream[i];
	uint16_t values = (uint16_t)(s->n * s->ticks);

	if (has_room(c, values)) {
		fw_tx_begin(&c->tx, FW_TYPE_SAMPLES, c->samples_seq++);
		fw_tx_u8(&c->tx, i);
		fw_tx_u8(&c->tx, s->ticks);
		fw_tx_u32(&c->tx, s->first);
		fw_tx_u32(&c->tx, s->first_us);
		for (uint16_t k = 0; k < values; k++)
			fw_tx_u16(&c->tx, (uint16_t)s->raw[k]);
		fw_tx_end(&c->tx);
	} else {
		c->stats.dropped += values;
	}
	s->ticks = 0;
}

uint32_t fw_skip(uint32_t now_us, uint32_t *next_us, uint32_t period_us)
{
	uint32_t n = (now_us - *next_us) / period_us;

	*next_us += n * period_us;
	return n;
}

static void take_tick(struct fw_core *c, struct fw_stream *s)
{
	uint16_t at = (uint16_t)(s->n * s->ticks);

	if (s->ticks == 0) {
		s->first = s->tick;
		s->first_us = s->next_us;
	}
	for (uint8_t k = 0; k < s->n; k++)
		s->raw[at + k] = fw_sense(c, s->channel[k]);
	s->ticks++;
	s->tick++;
	s->next_us += s->period_us;
}

static void poll_stream(struct fw_core *c, uint8_t i)
{
	struct fw_stream *s = &c->stream[i];
	uint32_t missed;

	if (s->ticks && fw_reached(c->now_us, s->first_us + FW_SAMPLES_US))
		send(c, i);
	if (!fw_reached(c->now_us, s->next_us))
		return;
	missed = fw_skip(c->now_us, &s->next_us, s->period_us);
	if (missed && s->ticks)
		send(c, i);
	s->tick += missed;
	c->stats.dropped += missed * s->n;
	take_tick(c, s);
	if (((uint16_t)s->ticks + 1u) * s->n * 2u > FW_SAMPLES_MAX)
		send(c, i);
}

void fw_stream_poll(struct fw_core *c)
{
	for (uint8_t i = 0; i < c->board->info.n_streams; i++)
		if (c->stream[i].period_us)
			poll_stream(c, i);
}
