/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lumina - the driver for controllers that speak ghostlight's own protocol. It
 * is written from schemas/protocol.md alone and shares no code with the
 * firmware, so that an error of one cannot hide an error of the other.
 */
#include "driver/lumina/dev.h" /* struct gh_dev and all its parts */

#include <stdlib.h>
#include <string.h>

#define FIRST_BAUD 115200L /* section 1: what every controller speaks first */
/* Readings before the first fit; the best of four has no queue before it. */
#define CLOCK_READINGS 4

static void init(struct gh_dev *dev, struct gh_link *link,
		 const struct gh_clock *clk)
{
	const gh_us now = gh_now(clk);

	dev->link = link;
	dev->clk = clk;
	dev->window_requests = 1;
	dev->window_bytes = GH_LUM_WIRE_MAX;
	dev->give_up = GH_US_NEVER;
	dev->opened_at = GH_US_NEVER;
	dev->heard_at = dev->byte_at = dev->pumped_at = now;
	dev->quiet_from = dev->clock_at = now;
	dev->status.cause = "";
	/* A lease of a host that died must not be continued by accident. */
	dev->nonce = (uint32_t)now;
}

static enum gh_status identify(struct gh_link *link, const struct gh_clock *clk,
			       struct gh_dev_info *out, struct gh_err *err)
{
	struct gh_dev *dev = calloc(1, sizeof *dev);
	enum gh_status st;

	if (!dev)
		return gh_fail(err, GH_NOMEM, "no memory to ask %s",
			       link->port);
	init(dev, link, clk);
	st = gh_lum_hello(dev, false, err);
	if (st == GH_OK)
		*out = dev->info;
	free(dev);
	return st;
}

static bool is_own(const uint8_t *bytes, size_t n)
{
	struct gh_lum_rx rx = { .n = 0 };
	struct gh_lum_frame frame;

	for (size_t i = 0; i < n; i++)
		if (gh_lum_rx_byte(&rx, bytes[i], &frame))
			return true;
	return false;
}

static enum gh_status read_clock(struct gh_dev *dev, struct gh_err *err)
{
	enum gh_status st = GH_OK;

	for (unsigned i = 0; i < CLOCK_READINGS && st == GH_OK; i++)
		st = gh_lum_ask(dev, GH_LUM_CLOCK, NULL, 0, NULL, err);
	return st;
}

/* Section 5, steps 1 and 2: who, what, how fast, which state, what time. */
static enum gh_status meet(struct gh_dev *dev, long baud, struct gh_err *err)
{
	struct gh_dev_status status;
	enum gh_status st = gh_lum_hello(dev, true, err);

	if (st == GH_OK)
		st = gh_lum_describe(dev, err);
	if (st == GH_OK)
		st = gh_lum_best_rate(dev, baud, err);
	if (st == GH_OK)
		st = read_clock(dev, err);
	if (st == GH_OK)
		st = gh_lum_read_limits(dev, err);
	if (st == GH_OK)
		st = gh_lum_status(dev, &status, err);
	if (st == GH_OK && dev->failed != GH_OK)
		st = gh_fail(err, dev->failed, "%s", dev->why);
	return st;
}

static void close_dev(struct gh_dev *dev)
{
	if (!dev)
		return;
	free(dev->ring);
	free(dev);
}

static enum gh_status refuse_wiring(const struct gh_wiring *wiring,
				    struct gh_err *err)
{
	return gh_fail(err, GH_ARG,
		       "%s:%d: a lumina controller describes itself, it takes "
		       "no wiring",
		       wiring->file, wiring->wires[0].line);
}

/* Of the bytes of the wire, those left beside beats and requests: guess. */
#define WIRE_SHARE 0.8
/* 2, and its share of the envelope of a frame of 20 ms: measured, at most. */
#define BYTES_PER_SAMPLE 2.5
#define BITS_PER_BYTE 10.0

static void note_wire(struct gh_dev *dev)
{
	dev->info.streams = dev->streams;
	dev->info.guards = true;
	if (!dev->native_usb)
		dev->info.wire_sample_rate = (double)dev->baud * WIRE_SHARE /
					     BITS_PER_BYTE / BYTES_PER_SAMPLE;
}

static enum gh_status open_dev(struct gh_dev **out, struct gh_link *link,
			       const struct gh_clock *clk,
			       const struct gh_wiring *wiring, long baud,
			       struct gh_err *err)
{
	struct gh_dev *dev;
	enum gh_status st;

	if (wiring && wiring->n > 0)
		return refuse_wiring(wiring, err);
	dev = calloc(1, sizeof *dev);
	if (dev)
		dev->ring = calloc(GH_LUM_RING, sizeof *dev->ring);
	if (!dev || !dev->ring) {
		close_dev(dev);
		return gh_fail(err, GH_NOMEM, "no memory for the samples");
	}
	init(dev, link, clk);
	st = meet(dev, baud, err);
	if (st != GH_OK) {
		close_dev(dev);
		return st;
	}
	note_wire(dev);
	dev->opened_at = gh_lum_device_now(dev);
	dev->stats.requests = dev->stats.timeouts = dev->stats.retries = 0;
	*out = dev;
	return GH_OK;
}

static const struct gh_dev_info *info(const struct gh_dev *dev)
{
	return &dev->info;
}

const struct gh_driver gh_driver_lumina = {
	.name = "lumina",
	.summary = "ghostlight's own protocol: ghostlight-sim, the Arduino "
		   "firmware",
	.default_baud = FIRST_BAUD,
	.identify = identify,
	.is_own = is_own,
	.open = open_dev,
	.close = close_dev,
	.info = info,
	.stream = gh_lum_stream,
	.glow = gh_lum_glow,
	.arm = gh_lum_arm,
	.limit = gh_lum_limit,
	.room = gh_lum_room,
	.queue = gh_lum_queue,
	.run = gh_lum_run,
	.torque = gh_lum_torque,
	.device_now = gh_lum_device_now,
	.pump = gh_lum_pump,
	.patient = gh_lum_patient,
	.event = gh_lum_event,
	.status = gh_lum_status,
	.stats = gh_lum_stats,
	.stop = gh_lum_stop,
	.stop_bytes = gh_lum_stop_bytes,
	.safe = gh_lum_safe,
};
