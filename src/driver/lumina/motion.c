/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * motion - segments into the controller's rings, the common start, and lamps.
 * Every upload is acknowledged with a checksum over all that was accepted.
 */
#include "driver/lumina/dev.h" /* struct gh_dev */

#include <math.h>

enum { SEG_BYTES = 12, SEG_FIXED = 8, SEG_LAST = 1, SEG_GUARDED = 2 };

/* Section 3.6. */
#define SEG_LEAST_US 1000
#define SEG_MOST_US 60000000

static enum gh_status need_lease(const struct gh_dev *dev, const char *what,
				 struct gh_err *err)
{
	if (dev->lease != 0)
		return GH_OK;
	if (dev->status.state == GH_MOTION_LATCHED)
		return gh_fail(err, GH_UNSAFE,
			       "%s: the controller has stopped (%s)", what,
			       dev->status.cause);
	return gh_fail(err, GH_UNSAFE, "%s: not armed", what);
}

static enum gh_status encode_segment(uint8_t *p, const struct gh_segment *s,
				     struct gh_err *err)
{
	const double urad =
		s->shape == GH_SHAPE_HOLD ? 0.0 : s->target_rad * 1e6;

	if (s->duration_us < SEG_LEAST_US || s->duration_us > SEG_MOST_US)
		return gh_fail(err, GH_ARG, "a segment of %lld us",
			       (long long)s->duration_us);
	if (!(fabs(urad) <= INT32_MAX))
		return gh_fail(err, GH_ARG, "a segment to %g rad",
			       s->target_rad);
	p[0] = (uint8_t)s->shape;
	if (!(s->guard_a >= 0.0 && s->guard_a * 1e3 <= UINT16_MAX))
		return gh_fail(err, GH_ARG, "a guard of %g A", s->guard_a);
	p[1] = (uint8_t)((s->last ? SEG_LAST : 0) |
			 (s->guard_a > 0.0 ? SEG_GUARDED : 0));
	gh_lum_put16(p + 2, (uint16_t)lround(s->guard_a * 1e3));
	gh_lum_put32(p + 4, (uint32_t)s->duration_us);
	gh_lum_put32(p + 8, (uint32_t)(int32_t)lround(urad));
	return GH_OK;
}

/* As many segments as one frame may carry to this controller. */
static unsigned per_frame(const struct gh_dev *dev)
{
	size_t bytes = dev->window_bytes < GH_LUM_WIRE_MAX ? dev->window_bytes
							   : GH_LUM_WIRE_MAX;

	bytes -= GH_LUM_ENVELOPE + SEG_FIXED;
	return (unsigned)(bytes / SEG_BYTES);
}

static enum gh_status acknowledged(struct gh_dev *dev, unsigned actuator,
				   uint16_t next, uint32_t crc,
				   const struct gh_lum_frame *f,
				   struct gh_err *err)
{
	struct gh_lum_program *prog = &dev->program[actuator];
	const uint8_t *p = f->payload;

	if (p[0] != actuator || gh_lum_u16(p + 2) != next ||
	    gh_lum_u32(p + 4) != crc)
		return gh_fail(err, GH_PROTO,
			       "SEGMENTS: %s holds %u segments with sum %08x, "
			       "sent %u with %08x",
			       dev->info.actuators[actuator].part,
			       gh_lum_u16(p + 2), (unsigned)gh_lum_u32(p + 4),
			       next, (unsigned)crc);
	prog->free = p[1];
	prog->next = next;
	prog->crc = crc;
	return GH_OK;
}

static enum gh_status upload(struct gh_dev *dev, unsigned actuator,
			     const struct gh_segment *seg, unsigned n,
			     struct gh_err *err)
{
	const struct gh_lum_program *prog = &dev->program[actuator];
	uint8_t p[GH_LUM_PAYLOAD_MAX];
	struct gh_lum_frame reply;
	enum gh_status st;
	uint32_t crc;

	gh_lum_put32(p, dev->lease);
	p[4] = (uint8_t)actuator;
	p[5] = (uint8_t)n;
	gh_lum_put16(p + 6, prog->next);
	for (unsigned i = 0; i < n; i++) {
		st = encode_segment(p + SEG_FIXED + (size_t)SEG_BYTES * i,
				    &seg[i], err);
		if (st != GH_OK)
			return st;
	}
	crc = gh_lum_crc(prog->crc, p + SEG_FIXED, (size_t)SEG_BYTES * n);
	st = gh_lum_ask(dev, GH_LUM_SEGMENTS, p,
			SEG_FIXED + (size_t)SEG_BYTES * n, &reply, err);
	if (st != GH_OK)
		return st;
	return acknowledged(dev, actuator, (uint16_t)(prog->next + n), crc,
			    &reply, err);
}

unsigned gh_lum_room(const struct gh_dev *dev, unsigned actuator)
{
	return actuator < dev->info.n_actuators ? dev->program[actuator].free
						: 0;
}

enum gh_status gh_lum_queue(struct gh_dev *dev, unsigned actuator,
			    const struct gh_segment *seg, unsigned n,
			    struct gh_err *err)
{
	const unsigned most = per_frame(dev);
	enum gh_status st = need_lease(dev, "segments", err);

	if (st == GH_OK && actuator >= dev->info.n_actuators)
		return gh_fail(err, GH_ARG, "no actuator %u", actuator);
	if (st == GH_OK && n > gh_lum_room(dev, actuator))
		st = gh_lum_ask_status(dev, err);
	if (st == GH_OK && n > gh_lum_room(dev, actuator))
		return gh_fail(err, GH_BUSY, "%s: %u segments, room for %u",
			       dev->info.actuators[actuator].part, n,
			       gh_lum_room(dev, actuator));
	while (st == GH_OK && n > 0) {
		const unsigned now = n < most ? n : most;

		st = upload(dev, actuator, seg, now, err);
		seg += now;
		n -= now;
	}
	return st;
}

enum gh_status gh_lum_run(struct gh_dev *dev, gh_us start, struct gh_err *err)
{
	uint8_t p[8];
	enum gh_status st = need_lease(dev, "run", err);

	if (st != GH_OK)
		return st;
	gh_lum_put32(p, dev->lease);
	gh_lum_put32(p + 4, (uint32_t)start);
	return gh_lum_ask(dev, GH_LUM_RUN, p, sizeof p, NULL, err);
}

enum gh_status gh_lum_glow(struct gh_dev *dev, unsigned lamp,
			   const double level[4], gh_us ramp_us,
			   struct gh_err *err)
{
	uint8_t p[11] = { (uint8_t)lamp };
	const gh_us ramp_ms = ramp_us / GH_US_PER_MS;

	if (lamp >= dev->info.n_lamps || ramp_ms < 0 || ramp_ms > UINT16_MAX)
		return gh_fail(err, GH_ARG, "lamp %u, ramp %lld ms", lamp,
			       (long long)ramp_ms);
	gh_lum_put16(p + 1, (uint16_t)ramp_ms);
	for (unsigned i = 0; i < dev->info.lamps[lamp].channels; i++) {
		if (!(level[i] >= 0.0 && level[i] <= 1.0))
			return gh_fail(err, GH_ARG, "lamp level %g", level[i]);
		gh_lum_put16(p + 3 + (size_t)2 * i,
			     (uint16_t)lround(level[i] * dev->level_max[lamp]));
	}
	return gh_lum_ask(dev, GH_LUM_LAMP, p, sizeof p, NULL, err);
}
