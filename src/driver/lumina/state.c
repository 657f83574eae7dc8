/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * state - what the controller says about itself: STATUS (the reply to seven
 * requests), HEARTBEAT's short form and the link counters.
 */
#include "driver/lumina/dev.h" /* struct gh_dev */

#include <stdlib.h>
#include <string.h>

enum { STATUS_FIXED = 12, STATUS_EACH = 6, INPUT_ENABLE_OFF = 1 };

/* A latch or a disarm ends the lease: there is nothing to beat for. */
static bool take_state(struct gh_dev *dev, unsigned state, unsigned cause)
{
	if (state > GH_MOTION_LATCHED)
		return false;
	dev->status.state = (enum gh_motion_state)state;
	dev->status.cause = gh_lum_cause_name(cause);
	dev->cause = cause;
	if (state == GH_MOTION_IDLE || state == GH_MOTION_LATCHED)
		dev->lease = 0;
	return true;
}

/* One actuator's six bytes; true while it is being moved or slowed down. */
static bool take_actuator(struct gh_dev *dev, unsigned i, const uint8_t *p)
{
	dev->program[i].free = p[2];
	dev->status.position_rad[i] = (double)gh_lum_i16(p + 4) * 1e-4;
	return (p[3] & 3u) != 0;
}

bool gh_lum_on_status(struct gh_dev *dev, const struct gh_lum_call *call)
{
	const uint8_t *p = call->reply.payload;
	const unsigned n = dev->info.n_actuators;
	bool moving = false;

	if (call->reply.len != STATUS_FIXED + (size_t)STATUS_EACH * n ||
	    p[3] != n || !take_state(dev, p[0], p[1]))
		return false;
	dev->status.enabled = !(p[2] & INPUT_ENABLE_OFF);
	for (unsigned i = 0; i < n; i++)
		if (take_actuator(dev, i,
				  p + STATUS_FIXED + (size_t)STATUS_EACH * i))
			moving = true;
	dev->status.at_rest = !moving && p[0] != GH_MOTION_RUNNING;
	dev->status_at = call->answered_at;
	return true;
}

bool gh_lum_on_beat(struct gh_dev *dev, const struct gh_lum_call *call)
{
	const uint8_t *p = call->reply.payload;

	if (call->tries == 1)
		gh_lum_time_add(dev, call->sent_at, call->answered_at,
				gh_lum_u32(p + 2));
	return take_state(dev, p[0], p[1]);
}

/* The counters run since boot, the statistics since we opened. */
bool gh_lum_on_linkstats(struct gh_dev *dev, const struct gh_lum_call *call)
{
	const uint8_t *p = call->reply.payload;
	uint32_t *base = dev->link_base;

	if (!dev->link_based)
		for (size_t i = 0; i < 3; i++)
			base[i] = gh_lum_u32(p + 4 + 4 * i);
	dev->link_based = true;
	dev->stats.device_bad = gh_lum_u32(p + 4) - base[0];
	dev->stats.device_overruns = gh_lum_u32(p + 8) - base[1];
	dev->stats.device_dropped = gh_lum_u32(p + 12) - base[2];
	dev->stats.longest_loop_us = gh_lum_u32(p + 20);
	return true;
}

enum gh_status gh_lum_ask_status(struct gh_dev *dev, struct gh_err *err)
{
	return gh_lum_ask(dev, GH_LUM_STATUS, NULL, 0, NULL, err);
}

enum gh_status gh_lum_status(struct gh_dev *dev, struct gh_dev_status *out,
			     struct gh_err *err)
{
	enum gh_status st;

	gh_lum_post(dev, GH_LUM_LINKSTATS, NULL, 0);
	st = gh_lum_ask_status(dev, err);
	if (st == GH_OK)
		*out = dev->status;
	return st;
}

static int by_size(const void *a, const void *b)
{
	const gh_us x = *(const gh_us *)a, y = *(const gh_us *)b;

	return (x > y) - (x < y);
}

static double rtt_p99_ms(const struct gh_dev *dev)
{
	const size_t n = dev->rtt_n < GH_LUM_RTTS ? dev->rtt_n : GH_LUM_RTTS;
	gh_us sorted[GH_LUM_RTTS];
	size_t at;

	if (n == 0)
		return 0.0;
	memcpy(sorted, dev->rtt, n * sizeof *sorted);
	qsort(sorted, n, sizeof *sorted, by_size);
	at = (n - 1) * 99 / 100;
	return (double)sorted[at] / GH_US_PER_MS;
}

void gh_lum_stats(struct gh_dev *dev, struct gh_dev_stats *out)
{
	*out = dev->stats;
	out->frames_good = dev->rx.good;
	out->frames_bad = dev->rx.bad + dev->stats.frames_bad;
	out->rtt_p99_ms = rtt_p99_ms(dev);
	out->counts_loss = true;
}
