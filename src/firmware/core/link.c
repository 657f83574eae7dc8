/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * link - the wire itself: rate, statistics, clock, and the chips behind the
 * controller's other bus.
 */
#include "firmware/core/parts.h" /* struct fw_core, fw_refuse */

#include <stddef.h>

#define I2C_MAX 32
enum { TYPE_I2C = 0x15 };

/* The reply leaves at the old rate; then the new one is on trial. */
static void change_rate(struct fw_core *c)
{
	const struct fw_board *b = c->board;

	if (!fw_tx_empty(&c->tx) || !b->tx_idle(b->self))
		return;
	c->rate = c->rate_wanted;
	b->set_rate(b->self, c->rate);
	c->rate_trial = c->rate != 0;
	c->rate_us = c->now_us;
}

static bool is_over(const struct fw_core *c, uint32_t since_us, uint16_t ms)
{
	return c->now_us - since_us >= fw_wall_us(c, ms);
}

static FW_APART void fall_back(struct fw_core *c)
{
	c->rate_trial = false;
	c->rate = 0;
	c->rate_wanted = 0;
	c->board->set_rate(c->board->self, 0);
}

/*
 * Of a host that died the streams may still run and the lamps burn; its
 * successor asks slowly.
 */
static void watch_host(struct fw_core *c)
{
	if (!c->attended || fw_is_leased(c) ||
	    !is_over(c, c->heard_us, FW_DESERTED_WALL_MS))
		return;
	c->attended = false;
	fw_stream_end(c);
	fw_burst_end(c);
	fw_lamps_dark(c);
	if (c->rate != 0)
		fall_back(c);
}

uint8_t fw_do_set_baud(struct fw_core *c, const uint8_t *p)
{
	if (p[0] > 7 || !(c->board->info.rates >> p[0] & 1))
		return fw_refuse(c, FW_BAD_FIELD, 0);
	c->rate_wanted = p[0];
	fw_reply(c);
	fw_tx_u8(&c->tx, p[0]);
	fw_tx_end(&c->tx);
	return FW_OK;
}

uint8_t fw_do_status(struct fw_core *c, const uint8_t *p)
{
	(void)c;
	(void)p;
	return FW_OK;
}

uint8_t fw_do_clock(struct fw_core *c, const uint8_t *p)
{
	(void)p;
	fw_reply(c);
	fw_tx_u32(&c->tx, c->now_us);
	fw_tx_u32(&c->tx, c->uptime_s);
	fw_tx_end(&c->tx);
	return FW_OK;
}

uint8_t fw_do_linkstats(struct fw_core *c, const uint8_t *p)
{
	(void)p;
	fw_reply(c);
	fw_tx_u32(&c->tx, c->stats.good);
	fw_tx_u32(&c->tx, c->stats.bad);
	fw_tx_u32(&c->tx, c->stats.overruns);
	fw_tx_u32(&c->tx, c->stats.dropped);
	fw_tx_u32(&c->tx, c->stats.longest_gap_us);
	fw_tx_u32(&c->tx, c->stats.longest_loop_us);
	fw_tx_end(&c->tx);
	return FW_OK;
}

/* The reply to a transfer that has ended. */
static void answer_i2c(struct fw_core *c)
{
	const uint8_t *in = NULL;
	enum fw_i2c state = c->board->i2c_take(c->board->self, &in);

	if (state == FW_I2C_BUSY)
		return;
	c->i2c_pending = false;
	if (state != FW_I2C_DONE) {
		fw_put_error(c, TYPE_I2C, c->i2c_seq, FW_NACK, c->i2c_address);
		return;
	}
	fw_tx_begin(&c->tx, TYPE_I2C | 0x80, c->i2c_seq);
	fw_tx_u8(&c->tx, c->i2c_address);
	fw_tx_u8(&c->tx, c->i2c_n);
	fw_tx_bytes(&c->tx, in, c->i2c_n);
	fw_tx_end(&c->tx);
}

/* A slow bus holds nothing up: the reply comes when the transfer is over. */
uint8_t fw_do_i2c(struct fw_core *c, const uint8_t *p)
{
	const struct fw_board *b = c->board;

	if (b->i2c == NULL)
		return fw_refuse(c, FW_UNSUPPORTED, 0);
	if (c->i2c_pending && c->i2c_seq == c->seq)
		return FW_OK;
	if (c->i2c_pending)
		return fw_refuse(c, FW_IS_BUSY, c->state);
	if (p[0] > 0x7F)
		return fw_refuse(c, FW_BAD_FIELD, 0);
	if (p[1] > I2C_MAX)
		return fw_refuse(c, FW_BAD_FIELD, 1);
	if (p[2] > I2C_MAX)
		return fw_refuse(c, FW_BAD_FIELD, 2);
	if (!b->i2c(b->self, p[0], p + 3, p[1], p[2]))
		return fw_refuse(c, FW_IS_BUSY, c->state);
	c->i2c_pending = true;
	c->i2c_seq = c->seq;
	c->i2c_address = p[0];
	c->i2c_n = p[2];
	answer_i2c(c);
	return FW_OK;
}

void fw_link_poll(struct fw_core *c)
{
	if (c->rate_wanted != c->rate)
		change_rate(c);
	if (c->rate_trial && is_over(c, c->rate_us, FW_TRIAL_WALL_MS))
		fall_back(c);
	if (c->i2c_pending)
		answer_i2c(c);
	watch_host(c);
}
