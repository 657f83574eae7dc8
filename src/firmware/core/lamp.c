/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lamp - levels that ramp. Light is not motion: no lease, and a stop leaves
 * it alone, so that nobody stands in the dark beside a stopped sculpture. It
 * ends with the host, as nobody else would put it out.
 */
#include "firmware/core/parts.h" /* struct fw_core, fw_refuse */

#include <string.h>

static uint16_t between(uint16_t from, uint16_t to, uint32_t share)
{
	if (to < from)
		return (uint16_t)(from -
				  fw_times((uint32_t)(from - to), share));
	return (uint16_t)(from + fw_times((uint32_t)(to - from), share));
}

static void glow(struct fw_core *c, uint8_t i)
{
	struct fw_glow *g = &c->lamp[i];
	uint32_t t = c->now_us - g->since_us;
	bool done = t >= g->ramp_us;
	uint32_t share = done ? 0 : fw_share(t, g->ramp_us);

	for (uint8_t k = 0; k < 4; k++)
		g->now[k] =
			done ? g->to[k] : between(g->from[k], g->to[k], share);
	if (done)
		g->ramp_us = 0;
	c->board->glow(c->board->self, i, g->now);
}

void fw_lamp_poll(struct fw_core *c)
{
	for (uint8_t i = 0; i < c->board->info.n_lamps; i++)
		if (c->lamp[i].ramp_us)
			glow(c, i);
}

void fw_lamps_dark(struct fw_core *c)
{
	memset(c->lamp, 0, sizeof(c->lamp));
	/* The shortest ramp, from 0 to 0: fw_lamp_poll hands it to the board. */
	for (uint8_t i = 0; i < FW_LAMPS; i++)
		c->lamp[i].ramp_us = 1;
}

uint8_t fw_do_lamp(struct fw_core *c, const uint8_t *p)
{
	struct fw_lamp lamp;
	struct fw_glow *g;
	uint8_t at = 3;

	if (p[0] >= c->board->info.n_lamps)
		return fw_refuse(c, FW_BAD_FIELD, 0);
	g = &c->lamp[p[0]];
	c->board->lamp(c->board->self, p[0], &lamp);
	for (uint8_t k = 0; k < 4; k++, at += 2)
		if (fw_u16(p + at) > (k < lamp.channels ? lamp.level_max : 0))
			return fw_refuse(c, FW_BAD_FIELD, at);
	for (uint8_t k = 4; k-- > 0;) {
		at -= 2;
		g->from[k] = g->now[k];
		g->to[k] = fw_u16(p + at);
	}
	g->since_us = c->now_us;
	g->ramp_us = (uint32_t)fw_u16(p + 1) * 1000u;
	glow(c, p[0]);
	fw_reply(c);
	fw_tx_u8(&c->tx, p[0]);
	fw_tx_end(&c->tx);
	return FW_OK;
}
