/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hello - who answers, and at which rate we talk. The request is one constant
 * frame that is inert for other families; opening a port may have reset the
 * board, so it is asked again every 250 ms for 3 s (schemas/protocol.md 1).
 */
#include "driver/lumina/dev.h" /* struct gh_dev */

#include <limits.h>
#include <stdio.h>
#include <string.h>

#define HELLO_EVERY_US 250000 /* section 1 */
#define HELLO_TRIES 12	      /* 3 s of it */
#define SLOW_BAUD 115200L
#define FALL_BACK_US 500000 /* section 6 */
/* 115200 Bd brings 35 kB in 3 s: more noise than this is no controller. */
#define BABBLE_BYTES 262144
#define MAJOR 1
#define HELLO_FIXED 40 /* bytes before the name */
#define NAME_MOST 24
/* Smallest window that lets one STREAM request of 48 channels through. */
#define WINDOW_LEAST 64
#define RING_LEAST 4

static const long rate_baud[] = { 115200, 250000, 500000, 1000000 };

/* A host that died left the controller at its rate: these are tried too. */
static const long try_baud[HELLO_TRIES] = {
	115200, 115200, 115200, 1000000, 500000, 250000,
	115200, 115200, 115200, 115200,	 115200, 115200,
};

/* ---- Fields -------------------------------------------------------------- */

static enum gh_status bad_field(struct gh_err *err, const char *field,
				unsigned value)
{
	return gh_fail(err, GH_PROTO, "HELLO: %s %u is out of range", field,
		       value);
}

static enum gh_status check(const uint8_t *p, struct gh_err *err)
{
	const struct {
		const char *name;
		unsigned value, least, most;
	} fields[] = {
		{ "time scale", p[3], 1, 255 },
		{ "number of channels", p[20], 0, GH_DEV_CHANNELS },
		{ "number of actuators", p[21], 0, GH_DEV_ACTUATORS },
		{ "number of lamps", p[22], 0, GH_DEV_LAMPS },
		{ "ring length", p[24], RING_LEAST, 255 },
		{ "window in bytes", gh_lum_u16(p + 26), WINDOW_LEAST, 65535 },
		{ "window in requests", p[28], 1, 255 },
		{ "rates", p[29] & 1u, 1, 1 },
		/* Beats come every 25 ms; beyond 1 s nothing is guarded. */
		{ "watchdog in ms", gh_lum_u16(p + 30), 50, 1000 },
		{ "name length", p[39], 0, NAME_MOST },
	};

	for (size_t i = 0; i < GH_ARRAY_SIZE(fields); i++)
		if (fields[i].value < fields[i].least ||
		    fields[i].value > fields[i].most)
			return bad_field(err, fields[i].name, fields[i].value);
	/* Every speed of the plan would be that many times as fast. */
	if (p[3] != 1 && !(p[2] & 1u))
		return bad_field(err, "time scale of a real controller", p[3]);
	return GH_OK;
}

static void take_info(struct gh_dev_info *info, const uint8_t *p)
{
	size_t used = 0;

	gh_safe_text(info->model, sizeof info->model, p + HELLO_FIXED, p[39]);
	snprintf(info->firmware, sizeof info->firmware, "%u.%u.%u", p[36],
		 p[37], p[38]);
	for (size_t i = 0; i < 8; i++)
		used += (size_t)snprintf(info->id + used,
					 sizeof info->id - used, "%02x",
					 p[8 + i]);
	snprintf(info->boot, sizeof info->boot, "%08x",
		 (unsigned)gh_lum_u32(p + 4));
	snprintf(info->dictionary, sizeof info->dictionary, "%08x",
		 (unsigned)gh_lum_u32(p + 16));
	info->reset_cause = gh_lum_reset_name(p[25]);
	info->simulated = p[2] & 1u;
	info->time_scale = p[3];
	info->watchdog_ms = gh_lum_u16(p + 30);
	info->has_enable = p[2] & 4u;
	info->has_clock = true;
	info->max_sample_rate = (double)gh_lum_u32(p + 32);
	info->n_channels = p[20];
	info->n_actuators = p[21];
	info->n_lamps = p[22];
}

static void take_rest(struct gh_dev *dev, const uint8_t *p)
{
	dev->native_usb = p[2] & 2u;
	dev->boot_id = gh_lum_u32(p + 4);
	dev->dictionary = gh_lum_u32(p + 16);
	dev->streams = p[23] < GH_STREAMS ? p[23] : GH_STREAMS;
	dev->ring_size = p[24];
	dev->window_bytes = gh_lum_u16(p + 26);
	dev->window_requests = p[28];
	dev->rates = p[29];
}

static enum gh_status take_hello(struct gh_dev *dev,
				 const struct gh_lum_frame *f,
				 struct gh_err *err)
{
	const uint8_t *p = f->payload;
	enum gh_status st;

	if (f->len >= 2 && p[0] != MAJOR)
		return gh_fail(err, GH_UNSUP,
			       "the controller speaks lumina %u.%u, this "
			       "program speaks %d.x: update the older one",
			       p[0], p[1], MAJOR);
	if (f->len < HELLO_FIXED || f->len != (size_t)HELLO_FIXED + p[39])
		return gh_fail(err, GH_PROTO,
			       "HELLO: a reply of %zu bytes does not fit its "
			       "name length",
			       f->len);
	st = check(p, err);
	if (st != GH_OK)
		return st;
	take_info(&dev->info, p);
	take_rest(dev, p);
	return GH_OK;
}

/* ---- Asking -------------------------------------------------------------- */

/* 00 first: what a boot loader printed must not swallow the request. */
static enum gh_status knock(struct gh_dev *dev, struct gh_lum_frame *reply,
			    struct gh_err *err)
{
	static const uint8_t request[8] = { 'G', 'H',  'L',  'T',
					    1,	 0x41, 0x41, 0x51 };
	static const uint8_t flush = 0;
	struct gh_lum_call *call;
	enum gh_status st = gh_lum_write_now(dev, &flush, 1, err);

	if (st != GH_OK)
		return st;
	call = gh_lum_begin(dev, GH_LUM_HELLO, request, sizeof request);
	if (!call)
		return gh_fail(err, GH_BUSY, "%s: too many requests under way",
			       dev->link->port);
	call->tries_max = 1;
	call->try_us = HELLO_EVERY_US;
	return gh_lum_finish(dev, call, reply, err);
}

static enum gh_status nobody(const struct gh_dev *dev, struct gh_err *err)
{
	if (dev->rx.bad + dev->rx.noise == 0)
		return gh_fail(err, GH_TIMEOUT,
			       "%s: nothing answers (asked for 3 s)",
			       dev->link->port);
	return gh_fail(err, GH_UNSUP,
		       "%s: something answers, but not in the lumina protocol "
		       "(%llu bytes made no frame)",
		       dev->link->port, (unsigned long long)dev->rx.noise);
}

enum gh_status gh_lum_hello(struct gh_dev *dev, bool any_rate,
			    struct gh_err *err)
{
	struct gh_lum_frame reply = { .len = 0 };

	for (size_t i = 0; i < HELLO_TRIES; i++) {
		const long baud = any_rate ? try_baud[i] : SLOW_BAUD;
		enum gh_status st = GH_OK;

		if (baud != dev->baud)
			st = gh_lum_set_rate(dev, baud, err);
		/* A port that cannot do this rate: the others remain. */
		if (st != GH_OK && baud != SLOW_BAUD)
			continue;
		if (st == GH_OK)
			st = knock(dev, &reply, err);
		if (st == GH_OK)
			return take_hello(dev, &reply, err);
		if (st != GH_TIMEOUT)
			return st;
		if (dev->rx.noise > BABBLE_BYTES)
			break;
	}
	return nobody(dev, err);
}

bool gh_lum_rebooted(struct gh_dev *dev)
{
	struct gh_lum_frame reply = { .len = 0 };

	return knock(dev, &reply, NULL) == GH_OK && reply.len >= HELLO_FIXED &&
	       gh_lum_u32(reply.payload + 4) != dev->boot_id;
}

/* ---- Rate ---------------------------------------------------------------- */

static unsigned best_rate(uint8_t rates, long wanted)
{
	unsigned best = 0;

	for (unsigned i = 0; i < GH_ARRAY_SIZE(rate_baud); i++)
		if (((unsigned)rates >> i & 1u) != 0 && rate_baud[i] <= wanted)
			best = i;
	return best;
}

/* The new rate did not work: both sides go back, section 6. */
static enum gh_status go_back(struct gh_dev *dev, gh_us changed_at,
			      struct gh_err *err)
{
	enum gh_status st = gh_lum_pause(dev, changed_at + FALL_BACK_US, err);

	if (st == GH_OK)
		st = gh_lum_set_rate(dev, SLOW_BAUD, err);
	if (st == GH_OK)
		st = gh_lum_ask(dev, GH_LUM_CLOCK, NULL, 0, NULL, err);
	return st;
}

enum gh_status gh_lum_best_rate(struct gh_dev *dev, long wanted,
				struct gh_err *err)
{
	const uint8_t rate =
		(uint8_t)best_rate(dev->rates, wanted > 0 ? wanted : LONG_MAX);
	struct gh_lum_frame reply = { .len = 0 };
	enum gh_status st;
	gh_us changed_at;

	if (dev->native_usb || rate_baud[rate] == dev->baud)
		return GH_OK;
	st = gh_lum_ask(dev, GH_LUM_SET_BAUD, &rate, 1, &reply, err);
	if (st != GH_OK)
		return st;
	if (reply.payload[0] != rate)
		return gh_fail(err, GH_PROTO, "SET_BAUD: asked for %u, got %u",
			       rate, reply.payload[0]);
	changed_at = gh_now(dev->clk);
	st = gh_lum_set_rate(dev, rate_baud[rate], err);
	if (st == GH_OK)
		st = gh_lum_ask(dev, GH_LUM_CLOCK, NULL, 0, NULL, err);
	return st == GH_OK || st == GH_GONE ? st
					    : go_back(dev, changed_at, err);
}
