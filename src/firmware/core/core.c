/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * core - bytes in, things that have come due, and when the next one will.
 */
#include "firmware/core/core.h"

#include "firmware/core/crc.h"	 /* fw_crc_run */
#include "firmware/core/parts.h" /* the parts polled here */

#include <string.h>

#define US_PER_S 1000000u

#ifdef __AVR__
/* Not a common symbol: its size then shows in the object file. */
struct fw_core fw_the_core __attribute__((nocommon));
#endif

static void load_limits(struct fw_core *c)
{
	struct fw_actuator a;

	for (uint8_t i = 0; i < c->board->info.n_actuators; i++) {
		c->board->actuator(c->board->self, i, &a);
		c->axis[i].limits = a.limits;
		c->axis[i].crc = FW_CRC_START;
	}
}

void fw_init(struct fw_core *c, const struct fw_board *board, uint32_t now_us)
{
	memset(c, 0, sizeof(*c));
	c->board = board;
	c->now_us = now_us;
	c->uptime_s = now_us / US_PER_S;
	c->second_us = c->uptime_s * US_PER_S;
	c->lease_last = board->info.lease_before;
	c->motion_us = now_us;
	load_limits(c);
	fw_sense_init(c);
	c->dictionary = fw_dictionary(c);
	/* Whatever the boot loader said ends here. */
	fw_tx_delimiter(&c->tx);
	fw_event_put(c, FW_EV_BOOT, board->info.reset_cause,
		     (int32_t)board->info.boot_id);
}

static void take_frame(struct fw_core *c)
{
	uint32_t gap = c->now_us - c->heard_us;

	c->stats.good++;
	if (fw_is_leased(c) && gap > c->stats.longest_gap_us)
		c->stats.longest_gap_us = gap;
	/* From now on the boot event is repeated. */
	if (!c->heard)
		c->event_us = c->now_us;
	c->heard = true;
	c->attended = true;
	c->heard_us = c->now_us;
	c->rate_trial = false;
	fw_request(c, c->rx.frame, (uint8_t)(c->rx.n - 4));
}

static bool is_whole(const struct fw_rx *rx)
{
	uint8_t n;

	if (rx->broken || rx->n < 6)
		return false;
	n = (uint8_t)(rx->n - 4);
	return fw_u32(rx->frame + n) ==
	       (uint32_t)~fw_crc_run(FW_CRC_START, rx->frame, n);
}

/* The first delimiter ends the noise of power-up, which is nobody's frame. */
static void end_frame(struct fw_core *c, bool whole)
{
	struct fw_rx *rx = &c->rx;
	bool ours = rx->synced && rx->dirty;

	rx->synced = true;
	rx->dirty = false;
	if (ours && whole && is_whole(rx))
		take_frame(c);
	else if (ours)
		c->stats.bad++;
	rx->n = 0;
	rx->broken = false;
}

static void forget_partial(struct fw_core *c)
{
	struct fw_rx *rx = &c->rx;
	uint32_t silent_us = c->now_us - rx->last_us;

	/* The first comparison is the cheap one: this is done for every byte. */
	if (!rx->dirty || silent_us < FW_PARTIAL_WALL_MS * 1000u ||
	    silent_us < fw_wall_us(c, FW_PARTIAL_WALL_MS))
		return;
	if (rx->synced)
		c->stats.bad++;
	memset(&rx->cobs, 0, sizeof(rx->cobs));
	rx->dirty = false;
	rx->broken = false;
	rx->n = 0;
}

static void keep(struct fw_rx *rx, uint8_t byte)
{
	if (rx->n < FW_FRAME_MAX)
		rx->frame[rx->n++] = byte;
	else
		rx->broken = true;
}

void fw_rx(struct fw_core *c, uint8_t byte, uint32_t now_us)
{
	struct fw_rx *rx = &c->rx;
	enum fw_cobs got;
	uint8_t out;

	c->now_us = now_us;
	forget_partial(c);
	rx->last_us = now_us;
	rx->dirty = rx->dirty || byte != 0;
	got = fw_cobs_take(&rx->cobs, byte, &out);
	if (got == FW_COBS_BYTE)
		keep(rx, out);
	else if (got != FW_COBS_NONE)
		end_frame(c, got == FW_COBS_END);
}

void fw_overrun(struct fw_core *c, uint32_t n)
{
	c->stats.overruns += n;
}

bool fw_busy(const struct fw_core *c)
{
	if (fw_is_leased(c) || c->burst.active || fw_motion_stopping(c))
		return true;
	for (uint8_t i = 0; i < c->board->info.n_streams; i++)
		if (c->stream[i].period_us)
			return true;
	for (uint8_t i = 0; i < c->board->info.n_lamps; i++)
		if (c->lamp[i].ramp_us)
			return true;
	return false;
}

static void keep_time(struct fw_core *c, uint32_t now_us)
{
	uint32_t turn = now_us - c->now_us;

	/* While nothing is under way the loop may sleep: that is no turn. */
	if (fw_busy(c) && turn > c->stats.longest_loop_us)
		c->stats.longest_loop_us = turn;
	c->now_us = now_us;
	while (c->now_us - c->second_us >= US_PER_S) {
		c->second_us += US_PER_S;
		c->uptime_s++;
	}
}

/* Motion before the watchdog: a stop then begins at the angle of now. */
void fw_poll(struct fw_core *c, uint32_t now_us)
{
	keep_time(c, now_us);
	forget_partial(c);
	fw_motion_poll(c);
	fw_session_poll(c);
	fw_lamp_poll(c);
	/* Nothing unasked may delay the last byte before a change of rate. */
	if (c->rate_wanted == c->rate) {
		fw_burst_poll(c);
		fw_stream_poll(c);
		fw_event_poll(c);
	}
	fw_sense_poll(c);
	fw_link_poll(c);
}
