/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fakes/toy_controller.h"

#include "driver/lumina/message.h" /* GH_LUM_* */

#include <string.h>

enum { IDLE, ARMED, RUNNING, LATCHED };

#define WATCHDOG_US 100000

struct out {
	uint8_t p[GH_LUM_PAYLOAD_MAX];
	size_t n;
};

static void u8(struct out *o, unsigned v)
{
	o->p[o->n++] = (uint8_t)v;
}

static void u16(struct out *o, unsigned v)
{
	gh_lum_put16(o->p + o->n, (uint16_t)v);
	o->n += 2;
}

static void u32(struct out *o, uint32_t v)
{
	gh_lum_put32(o->p + o->n, v);
	o->n += 4;
}

static void text(struct out *o, const char *s)
{
	u8(o, (unsigned)strlen(s));
	memcpy(o->p + o->n, s, strlen(s));
	o->n += strlen(s);
}

/* The clock began 16 s before it wraps, to meet every test on its way. */
uint32_t toy_time(const struct toy *t)
{
	return (uint32_t)(t->wire.now + 4280000000);
}

/* ---- Self-description: the controller of protocol.md section 7 ------------ */

static bool describe(struct out *o, unsigned kind, unsigned i)
{
	const unsigned count[3] = { 2, 1, 1 };

	if (kind > 2 || i >= count[kind])
		return false;
	u8(o, kind);
	u8(o, i);
	u8(o, count[kind]);
	if (kind == 0) {
		u8(o, i == 0 ? 1 : 2);
		u8(o, i == 0 ? 1 : 4);
		u8(o, 1);
		u32(o, 1);
		u32(o, i == 0 ? 10000 : 1000);
		u16(o, (uint16_t)-32767);
		u16(o, 32767);
		u16(o, 1000);
		text(o, "demo.joint");
	} else if (kind == 1) {
		u32(o, (uint32_t)-1000000);
		u32(o, 1000000);
		u32(o, 2000000);
		u32(o, 20000000);
		u16(o, 3000);
		u16(o, 700);
		text(o, "demo.joint");
	} else {
		u8(o, 4);
		u16(o, 4095);
		text(o, "core");
	}
	return true;
}

static uint32_t dictionary(void)
{
	static const uint8_t all[4][2] = {
		{ 0, 0 }, { 0, 1 }, { 1, 0 }, { 2, 0 }
	};
	uint32_t crc = 0;

	for (size_t i = 0; i < 4; i++) {
		struct out o = { .n = 0 };

		describe(&o, all[i][0], all[i][1]);
		crc = gh_lum_crc(crc, o.p, o.n);
	}
	return crc;
}

static void hello(struct toy *t, struct out *o)
{
	static const uint8_t id[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };

	u8(o, 1);
	u8(o, 0);
	u8(o, !t->real);
	u8(o, 1);
	u32(o, t->boot_id);
	memcpy(o->p + o->n, id, 8);
	o->n += 8;
	u32(o, dictionary());
	u8(o, 2);
	u8(o, 1);
	u8(o, 1);
	u8(o, 2);
	u8(o, 8);
	u8(o, 1);
	u16(o, 512);
	u8(o, 4);
	u8(o, 0x0F);
	u16(o, WATCHDOG_US / 1000);
	u32(o, 60000);
	u8(o, 1);
	u8(o, 0);
	u8(o, 0);
	text(o, "ghostlight");
}

static void status(struct toy *t, struct out *o)
{
	u8(o, t->state);
	u8(o, t->cause);
	u8(o, t->enable_off);
	u8(o, 1);
	u32(o, toy_time(t));
	u32(o, 1);
	u16(o, 0);
	u8(o, 8);
	u8(o, t->moving);
	u16(o, 0);
}

/* ---- Requests ------------------------------------------------------------ */

static void watch(struct toy *t)
{
	if (t->no_watchdog || (t->state != ARMED && t->state != RUNNING) ||
	    t->wire.now - t->beat_at < WATCHDOG_US)
		return;
	t->state = LATCHED;
	t->cause = t->watchdog_cause ? t->watchdog_cause : 2;
}

static void arm(struct toy *t, struct out *o)
{
	t->lease = ++t->leases;
	t->state = ARMED;
	t->beat_at = t->wire.now;
	u32(o, t->lease);
	u16(o, WATCHDOG_US / 1000);
}

static void segments(const struct gh_lum_frame *f, struct out *o)
{
	u8(o, f->payload[4]);
	u8(o, 7);
	u16(o, gh_lum_u16(f->payload + 6) + f->payload[5]);
	u32(o, gh_lum_crc(0, f->payload + 8, f->len - 8));
}

static void start_stream(struct toy *t, const struct gh_lum_frame *f,
			 struct out *o)
{
	t->stream_n = f->payload[3];
	u8(o, f->payload[0]);
	u8(o, f->payload[3]);
	u32(o, 10000);
}

static void change_state(struct toy *t, uint8_t type)
{
	if (type == GH_LUM_STOP && t->state != LATCHED) {
		t->state = LATCHED;
		t->cause = 1;
	} else if (type == GH_LUM_CLEAR || type == GH_LUM_DISARM) {
		t->state = IDLE;
		t->cause = 0;
	} else if (type == GH_LUM_RUN) {
		t->state = RUNNING;
	} else if (type == GH_LUM_FLUSH) {
		t->state = ARMED;
	}
}

static void short_reply(struct toy *t, const struct gh_lum_frame *f,
			struct out *o)
{
	switch (f->type) {
	case GH_LUM_CLOCK:
		u32(o, toy_time(t));
		u32(o, (uint32_t)((t->wire.now + 4280000000) / 1000000));
		break;
	case GH_LUM_LINKSTATS:
		for (int i = 0; i < 6; i++)
			u32(o, (uint32_t)t->count[GH_LUM_LINKSTATS]);
		break;
	case GH_LUM_HEARTBEAT:
		t->beat_at = t->wire.now;
		u8(o, t->state);
		u8(o, t->cause);
		u32(o, toy_time(t));
		break;
	case GH_LUM_ACTUATOR:
		u8(o, 0);
		u32(o, (uint32_t)-1000000);
		u32(o, 1000000);
		u32(o, 2000000);
		u32(o, 20000000);
		u16(o, 3000);
		u16(o, 700);
		break;
	case GH_LUM_LOWER_LIMITS:
		memcpy(o->p, f->payload, f->len);
		o->n = f->len;
		break;
	case GH_LUM_SET_BAUD:
	case GH_LUM_LAMP:
		u8(o, f->payload[0]);
		break;
	case GH_LUM_EVENT_ACK:
		u16(o, gh_lum_u16(f->payload));
		break;
	default:
		change_state(t, f->type);
		status(t, o);
		break;
	}
}

static void reply_to(struct toy *t, const struct gh_lum_frame *f, struct out *o)
{
	switch (f->type) {
	case GH_LUM_HELLO:
		hello(t, o);
		break;
	case GH_LUM_DESCRIBE:
		describe(o, f->payload[0], f->payload[1]);
		break;
	case GH_LUM_STREAM:
		start_stream(t, f, o);
		break;
	case GH_LUM_ARM:
		arm(t, o);
		break;
	case GH_LUM_SEGMENTS:
		segments(f, o);
		break;
	default:
		short_reply(t, f, o);
		break;
	}
}

static void answer(void *self, const uint8_t *bytes, size_t n)
{
	struct toy *t = self;
	struct gh_lum_rx rx = { .n = 0 };
	struct gh_lum_frame f;
	struct out o = { .n = 0 };
	uint8_t wire[GH_LUM_WIRE_MAX];
	unsigned type;
	bool good = false;
	size_t len;

	for (size_t i = 0; i < n; i++)
		good = gh_lum_rx_byte(&rx, bytes[i], &f) || good;
	if (!good)
		return;
	watch(t);
	t->count[f.type]++;
	type = f.type | GH_LUM_REPLY;
	if (t->refuse[f.type]) {
		type = GH_LUM_ERROR;
		u8(&o, f.type);
		u8(&o, t->refuse[f.type]);
		u16(&o, 2);
	} else {
		reply_to(t, &f, &o);
	}
	if (f.type == t->reply_patch_type && t->reply_patch_at >= 0)
		o.p[t->reply_patch_at] = t->reply_patch_value;
	if (f.type == t->reply_patch_type && t->reply_cut >= 0)
		o.n = (size_t)t->reply_cut;
	if (t->spoil)
		t->spoil(t, &f, o.p, &o.n);
	if (t->mute)
		return;
	if (t->drop[f.type] > 0) {
		t->drop[f.type]--;
		return;
	}
	len = gh_lum_encode(wire, (uint8_t)type, f.seq, o.p, o.n);
	for (int i = 0; i <= t->twice; i++)
		script_link_feed(&t->wire, wire, len,
				 t->latency_us + t->delay[f.type]);
}

void toy_init(struct toy *t)
{
	memset(t, 0, offsetof(struct toy, wire));
	script_link_init(&t->wire, NULL);
	t->wire.answer = answer;
	t->wire.self = t;
	t->latency_us = 2000;
	t->boot_id = 0x11223344;
	t->reply_patch_at = t->reply_cut = -1;
}

void toy_send(struct toy *t, uint8_t type, const void *payload, size_t len)
{
	uint8_t wire[GH_LUM_WIRE_MAX];

	script_link_feed(&t->wire, wire,
			 gh_lum_encode(wire, type, 0, payload, len), 0);
}

void toy_event(struct toy *t, uint16_t number, uint8_t code, uint8_t arg,
	       int32_t value)
{
	struct out o = { .n = 0 };

	u16(&o, number);
	u8(&o, code);
	u8(&o, arg);
	u32(&o, toy_time(t));
	u32(&o, (uint32_t)value);
	toy_send(t, GH_LUM_EVENT, o.p, o.n);
}

void toy_samples(struct toy *t, uint32_t first, uint8_t ticks)
{
	struct out o = { .n = 0 };

	u8(&o, 0);
	u8(&o, ticks);
	u32(&o, first);
	u32(&o, toy_time(t));
	for (unsigned i = 0; i < (unsigned)ticks * t->stream_n; i++)
		u16(&o, i);
	toy_send(t, GH_LUM_SAMPLES, o.p, o.n);
}
