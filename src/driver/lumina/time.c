/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * time - the controller's clock as seen from here. A reading is good when its
 * round trip was short, so of each second the shortest is kept; offset comes
 * from the best of all, drift from a line through them once they span enough.
 */
#include "driver/lumina/dev.h" /* struct gh_lum_time */

/* Below this span the jitter of a reading (about 1 ms) hides any drift. */
#define DRIFT_SPAN_US ((gh_us)4 * GH_US_PER_S)
/* Ceramic resonators are good to 0.5 %; twice that is a wrong reading. */
#define DRIFT_MOST 0.01

/* The 64-bit time nearest to `about` whose low half is t. */
static gh_us nearest(gh_us about, uint32_t t)
{
	return about + (int32_t)(t - (uint32_t)about);
}

gh_us gh_lum_device_now(const struct gh_dev *dev)
{
	const struct gh_lum_time *c = &dev->time;

	if (!c->set)
		return 0;
	return c->device +
	       (gh_us)((double)(gh_now(dev->clk) - c->host) * c->rate);
}

gh_us gh_lum_unwrap(const struct gh_dev *dev, uint32_t t)
{
	return dev->time.set ? nearest(gh_lum_device_now(dev), t) : (gh_us)t;
}

static size_t best_tick(const struct gh_lum_time *c)
{
	size_t best = 0;

	for (size_t i = 1; i < c->n; i++)
		if (c->tick[i].rtt <= c->tick[best].rtt)
			best = i;
	return best;
}

/* Least squares through all readings, relative to the first. */
static double slope(const struct gh_lum_time *c)
{
	double x = 0.0, y = 0.0, xx = 0.0, xy = 0.0;

	for (size_t i = 0; i < c->n; i++) {
		const double h = (double)(c->tick[i].host - c->tick[0].host);
		const double d =
			(double)(c->tick[i].device - c->tick[0].device);

		x += h;
		y += d;
		xx += h * h;
		xy += h * d;
	}
	return ((double)c->n * xy - x * y) / ((double)c->n * xx - x * x);
}

static void fit(struct gh_lum_time *c, double scale)
{
	const struct gh_lum_tick *best = &c->tick[best_tick(c)];

	c->host = best->host;
	c->device = best->device;
	c->rate = scale;
	if (c->tick[c->n - 1].host - c->tick[0].host < DRIFT_SPAN_US)
		return;
	c->rate = slope(c);
	if (!(c->rate > scale * (1.0 - DRIFT_MOST)))
		c->rate = scale * (1.0 - DRIFT_MOST);
	if (c->rate > scale * (1.0 + DRIFT_MOST))
		c->rate = scale * (1.0 + DRIFT_MOST);
}

/* The tick of this second: a new one when the last is a second old. */
static void keep(struct gh_lum_time *c, struct gh_lum_tick tick)
{
	struct gh_lum_tick *last = c->n > 0 ? &c->tick[c->n - 1] : NULL;

	if (last && tick.host - last->host < GH_US_PER_S) {
		if (tick.rtt < last->rtt)
			*last = tick;
		return;
	}
	if (c->n == GH_LUM_TICKS) {
		for (size_t i = 1; i < c->n; i++)
			c->tick[i - 1] = c->tick[i];
		c->n--;
	}
	c->tick[c->n++] = tick;
}

void gh_lum_time_add(struct gh_dev *dev, gh_us sent, gh_us received, uint32_t t)
{
	struct gh_lum_time *c = &dev->time;
	const struct gh_lum_tick tick = {
		.host = sent + (received - sent) / 2,
		.device = gh_lum_unwrap(dev, t),
		.rtt = received - sent,
	};

	keep(c, tick);
	c->set = true;
	fit(c, (double)dev->info.time_scale);
}

bool gh_lum_on_clock(struct gh_dev *dev, const struct gh_lum_call *call)
{
	struct gh_lum_time *c = &dev->time;
	const uint32_t t = gh_lum_u32(call->reply.payload);
	const uint32_t uptime_s = gh_lum_u32(call->reply.payload + 4);

	if (c->set && uptime_s < c->uptime_s) {
		gh_lum_break(dev, GH_RESET,
			     "the controller restarted: its uptime went back");
		return true;
	}
	if (!c->set) {
		/* The uptime says how often the counter has wrapped. */
		c->host = gh_now(dev->clk);
		c->device = nearest((gh_us)uptime_s * GH_US_PER_S, t);
		c->rate = (double)dev->info.time_scale;
		c->set = true;
	}
	c->uptime_s = uptime_s;
	if (call->tries == 1)
		gh_lum_time_add(dev, call->sent_at, call->answered_at, t);
	return true;
}
