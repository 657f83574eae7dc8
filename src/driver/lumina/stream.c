/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * stream - samples: asking for them, unpacking them into a ring that was
 * allocated when the device was opened, and handing them out. What was lost is
 * counted by the streams' own numbers, never guessed from the time.
 */
#include "driver/lumina/dev.h" /* struct gh_dev */

#include <math.h>
#include <string.h>

enum { SAMPLES_FIXED = 10 /* bytes before the values */ };

#define CLOCK_EVERY_US GH_US_PER_S
/* Free places and state while armed; scaled, since segments end sooner. */
#define STATUS_EVERY_US 100000
#define STATUS_LEAST_US 10000
/* A pause between two pumps beyond this is the host's, not the link's. */
#define HOST_LATE_US 50000

/* ---- Asking -------------------------------------------------------------- */

bool gh_lum_on_stream(struct gh_dev *dev, const struct gh_lum_call *call)
{
	const uint8_t *p = call->reply.payload;
	struct gh_lum_stream *s = &dev->stream[p[0] % GH_STREAMS];

	if (p[0] >= GH_STREAMS || p[1] != s->wanted)
		return false;
	if (s->wanted > 0 && gh_lum_u32(p + 2) == 0)
		return false;
	s->n = s->wanted;
	s->on = s->n > 0;
	memcpy(s->channel, s->asked, sizeof s->channel);
	s->next = 0;
	s->period_us = gh_lum_u32(p + 2);
	s->may_restart = call->tries > 1;
	dev->quiet_from = gh_now(dev->clk);
	return true;
}

enum gh_status gh_lum_stream(struct gh_dev *dev, unsigned stream,
			     const uint16_t *channels, unsigned n,
			     double rate_hz, double *actual_hz,
			     struct gh_err *err)
{
	uint8_t p[4 + GH_STREAM_CHANNELS];
	struct gh_lum_frame reply;
	enum gh_status st;

	if (stream >= dev->streams || n > GH_STREAM_CHANNELS)
		return gh_fail(err, GH_ARG,
			       "stream %u of %u channels: the controller has "
			       "%u streams of at most %d",
			       stream, n, dev->streams, GH_STREAM_CHANNELS);
	if (n > 0 && !(rate_hz >= 1.0 && rate_hz <= 65535.0))
		return gh_fail(err, GH_ARG, "stream rate %g Hz", rate_hz);
	p[0] = (uint8_t)stream;
	gh_lum_put16(p + 1, n > 0 ? (uint16_t)lround(rate_hz) : 0);
	p[3] = (uint8_t)n;
	for (unsigned i = 0; i < n; i++) {
		if (channels[i] >= dev->info.n_channels)
			return gh_fail(err, GH_ARG, "no channel %u",
				       channels[i]);
		p[4 + i] = (uint8_t)channels[i];
		dev->stream[stream].asked[i] = channels[i];
	}
	/* What still comes of the old stream has another shape. */
	dev->stream[stream].on = false;
	dev->stream[stream].wanted = n;
	st = gh_lum_ask(dev, GH_LUM_STREAM, p, 4 + n, &reply, err);
	if (st == GH_OK && actual_hz)
		*actual_hz = n > 0 ? 1e6 / gh_lum_u32(reply.payload + 2) : 0.0;
	return st;
}

/* ---- Taking in ----------------------------------------------------------- */

static void put_sample(struct gh_dev *dev, gh_us at, uint16_t channel,
		       int16_t raw)
{
	const size_t i = (dev->ring_head + dev->ring_n) % GH_LUM_RING;

	if (dev->ring_n == GH_LUM_RING) {
		dev->stats.samples_lost++;
		return;
	}
	dev->ring[i] = (struct gh_sample){ at, channel, raw };
	dev->ring_n++;
	dev->stats.samples++;
}

static void unpack(struct gh_dev *dev, const struct gh_lum_stream *s,
		   const uint8_t *p)
{
	const gh_us t = gh_lum_unwrap(dev, gh_lum_u32(p + 6));
	const uint8_t *raw = p + SAMPLES_FIXED;

	for (unsigned tick = 0; tick < p[1]; tick++) {
		const gh_us at = t + (gh_us)tick * s->period_us;

		for (unsigned i = 0; i < s->n; i++, raw += 2)
			put_sample(dev, at, s->channel[i], gh_lum_i16(raw));
	}
}

/* False: a frame that came twice, or late. */
static bool in_order(struct gh_dev *dev, struct gh_lum_stream *s,
		     uint32_t first)
{
	const uint32_t gap = first - s->next;

	if (gap > INT32_MAX) {
		if (!s->may_restart || first != 0)
			return false;
		s->may_restart = false;
		return true;
	}
	dev->stats.samples_lost += (uint64_t)gap * s->n;
	return true;
}

void gh_lum_on_samples(struct gh_dev *dev, const struct gh_lum_frame *f)
{
	const uint8_t *p = f->payload;
	struct gh_lum_stream *s;
	uint32_t first;

	if (f->len < SAMPLES_FIXED) {
		dev->stats.frames_bad++;
		return;
	}
	/* A stream of an earlier session, or one that is being changed. */
	if (p[0] >= GH_STREAMS || !dev->stream[p[0]].on)
		return;
	s = &dev->stream[p[0]];
	if (p[1] == 0 || f->len != SAMPLES_FIXED + 2u * s->n * p[1]) {
		dev->stats.frames_bad++;
		gh_lum_break(dev, GH_PROTO,
			     "a SAMPLES frame does not fit its stream");
		return;
	}
	first = gh_lum_u32(p + 2);
	if (!in_order(dev, s, first))
		return;
	s->next = first + p[1];
	unpack(dev, s, p);
}

/* ---- Handing out --------------------------------------------------------- */

bool gh_lum_streaming(const struct gh_dev *dev)
{
	for (size_t i = 0; i < GH_STREAMS; i++)
		if (dev->stream[i].on)
			return true;
	return false;
}

size_t gh_lum_take(struct gh_dev *dev, struct gh_sample *out, size_t cap)
{
	size_t n = 0;

	while (n < cap && dev->ring_n > 0) {
		out[n++] = dev->ring[dev->ring_head];
		dev->ring_head = (dev->ring_head + 1) % GH_LUM_RING;
		dev->ring_n--;
	}
	return n;
}

static gh_us status_interval(const struct gh_dev *dev)
{
	const gh_us us = STATUS_EVERY_US / dev->info.time_scale;

	return us > STATUS_LEAST_US ? us : STATUS_LEAST_US;
}

/*
 * Questions that keep clock, state and free places fresh; nobody waits. False:
 * there was none to ask.
 */
static bool ask_what_is_due(struct gh_dev *dev, gh_us now, gh_us silent)
{
	const gh_us asked_at = dev->clock_at - CLOCK_EVERY_US;
	const bool ping = gh_lum_streaming(dev) && silent > GH_LUM_PING_US &&
			  now - asked_at > GH_LUM_PING_US;
	const bool clock = now >= dev->clock_at || ping;
	const bool status = dev->lease != 0 && now >= dev->ask_at;

	if (clock) {
		dev->clock_at = now + CLOCK_EVERY_US;
		gh_lum_post(dev, GH_LUM_CLOCK, NULL, 0);
	}
	if (status) {
		dev->ask_at = now + status_interval(dev);
		gh_lum_post(dev, GH_LUM_STATUS, NULL, 0);
	}
	return clock || status;
}

/* How long the link has been silent, without the time nobody listened. */
static gh_us silence(struct gh_dev *dev, gh_us now)
{
	gh_us from = dev->heard_at;

	if (now - dev->pumped_at > HOST_LATE_US)
		dev->quiet_from = now;
	dev->pumped_at = now;
	if (from < dev->quiet_from)
		from = dev->quiet_from;
	return now - from;
}

static enum gh_status trouble(const struct gh_dev *dev, gh_us silent,
			      struct gh_err *err)
{
	if (dev->failed != GH_OK)
		return gh_fail(err, dev->failed, "%s: %s", dev->link->port,
			       dev->why);
	if (gh_lum_streaming(dev) && silent > GH_LUM_STALE_US)
		return gh_fail(err, GH_STALE, "%s: nothing heard for %lld ms",
			       dev->link->port,
			       (long long)(silent / GH_US_PER_MS));
	return GH_OK;
}

enum gh_status gh_lum_pump(struct gh_dev *dev, struct gh_sample *out,
			   size_t cap, size_t *got, struct gh_err *err)
{
	enum gh_status st = gh_lum_serve(dev, err);
	const gh_us now = gh_now(dev->clk);
	const gh_us silent = silence(dev, now);
	size_t n;

	if (gh_lum_streaming(dev) && silent > dev->stats.longest_gap_us)
		dev->stats.longest_gap_us = silent;
	if (st == GH_OK && ask_what_is_due(dev, now, silent))
		st = gh_lum_serve(dev, err);
	/* What arrived before the trouble is handed out before it. */
	n = gh_lum_take(dev, out, cap);
	if (st == GH_OK)
		st = trouble(dev, silent, err);
	if (n == 0 && st != GH_OK)
		return st;
	*got = n;
	return GH_OK;
}
