/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The controller of the worked dialogue (protocol.md section 7) on a board
 * of a few variables, and a host's end of the wire with a codec of its own.
 */
#ifndef TEST_FIRMWARE_BOARD_H
#define TEST_FIRMWARE_BOARD_H

#include "firmware/core/core.h"	 /* struct fw_core */
#include "firmware/core/parts.h" /* error and event numbers */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { AXES_MAX = 3, SENT_MAX = 16384 };

struct bench {
	struct fw_board board;
	struct fw_core core;
	uint32_t now_us;
	int16_t raw[2 * AXES_MAX + 1];
	unsigned reads[2 * AXES_MAX + 1];
	int32_t driven[AXES_MAX];
	bool torque[AXES_MAX];
	uint16_t level[4];
	bool off, busy_wire, chip_answers, chip_is_slow;
	uint8_t chip_bytes[32];
	int rate;
	uint16_t low_mv;
	uint8_t seq;
	uint8_t sent[SENT_MAX]; /* what the controller said, with delimiters */
	size_t n_sent, taken;
};

/* One decoded frame. */
struct seen {
	uint8_t type, seq, n;
	uint8_t p[FW_FRAME_MAX];
};

/* Channels 2k and 2k+1: position and current of axis k. The last: 25.0. */
static inline void bench_channel(void *self, uint8_t i, struct fw_channel *out)
{
	const struct bench *b = self;
	bool hot = i == 2 * b->board.info.n_actuators;
	bool current = !hot && (i & 1);

	memset(out, 0, sizeof(*out));
	out->quantity = hot ? 4 : current ? 2 : 1;
	out->unit = hot ? 6 : current ? 4 : 1;
	out->measured = 1;
	out->num = 1;
	out->den = hot ? 10 : current ? 1000 : 10000;
	out->lo = -32767;
	out->hi = 32767;
	out->max_rate_hz = hot ? 10000 : 1000;
	strcpy(out->part, i < 2 || hot ? "demo.joint" : "other.joint");
	if (i >= 4 && !hot)
		strcpy(out->part, "third.joint");
}

static inline void bench_actuator(void *self, uint8_t i,
				  struct fw_actuator *out)
{
	static const char *const names[AXES_MAX] = { "demo.joint",
						     "other.joint",
						     "third.joint" };

	(void)self;
	memset(out, 0, sizeof(*out));
	out->limits = (struct fw_limits){ -1000000, 1000000, 2000000,
					  20000000, 3000,    700 };
	strcpy(out->part, names[i]);
}

static inline void bench_lamp(void *self, uint8_t i, struct fw_lamp *out)
{
	(void)self;
	(void)i;
	memset(out, 0, sizeof(*out));
	out->channels = 4;
	out->level_max = 4095;
	strcpy(out->part, "core");
}

static inline int16_t bench_read(void *self, uint8_t i)
{
	struct bench *b = self;

	b->reads[i]++;
	return b->raw[i];
}

static inline void bench_drive(void *self, uint8_t i, int32_t urad)
{
	((struct bench *)self)->driven[i] = urad;
}

static inline void bench_torque(void *self, uint8_t i, bool on)
{
	((struct bench *)self)->torque[i] = on;
}

static inline void bench_glow(void *self, uint8_t i, const uint16_t level[4])
{
	(void)i;
	memcpy(((struct bench *)self)->level, level, 8);
}

static inline bool bench_tx_idle(void *self)
{
	return !((struct bench *)self)->busy_wire;
}

static inline void bench_set_rate(void *self, uint8_t rate)
{
	((struct bench *)self)->rate = rate;
}

static inline bool bench_enabled(void *self)
{
	return !((struct bench *)self)->off;
}

static inline uint16_t bench_low(void *self)
{
	return ((struct bench *)self)->low_mv;
}

static inline bool bench_i2c(void *self, uint8_t address, const uint8_t *out,
			     uint8_t n_out, uint8_t n_in)
{
	struct bench *b = self;

	(void)address;
	for (uint8_t k = 0; k < n_in; k++)
		b->chip_bytes[k] = n_out ? (uint8_t)(out[0] + k) : k;
	return true;
}

static inline enum fw_i2c bench_i2c_take(void *self, const uint8_t **in)
{
	struct bench *b = self;

	if (b->chip_is_slow)
		return FW_I2C_BUSY;
	*in = b->chip_bytes;
	return b->chip_answers ? FW_I2C_DONE : FW_I2C_FAILED;
}

static inline void bench_init(struct bench *b, uint32_t now_us, uint8_t axes)
{
	memset(b, 0, sizeof(*b));
	b->board = (struct fw_board){
		.self = b,
		.info = { .device_id = { 1, 2, 3, 4, 5, 6, 7, 8 },
			  .boot_id = 0x11223344,
			  .flags = FW_SIMULATED,
			  .time_scale = 1,
			  .reset_cause = 1,
			  .rates = 0x0F,
			  .n_channels = (uint8_t)(2 * axes),
			  .n_actuators = axes,
			  .n_lamps = 1,
			  .n_streams = 2,
			  .ring = 8,
			  .window_bytes = 512,
			  .window_requests = 4,
			  .max_sample_rate = 60000 },
		.channel = bench_channel,
		.actuator = bench_actuator,
		.lamp = bench_lamp,
		.read = bench_read,
		.drive = bench_drive,
		.torque = bench_torque,
		.glow = bench_glow,
		.tx_idle = bench_tx_idle,
		.set_rate = bench_set_rate,
	};
	b->now_us = now_us;
	fw_init(&b->core, &b->board, now_us);
	fw_poll(&b->core, now_us);
}

/* Takes what the controller has to say off its queue. */
static inline void bench_collect(struct bench *b)
{
	int16_t byte;

	while ((byte = fw_tx_take(&b->core.tx)) >= 0) {
		assert_true(b->n_sent < SENT_MAX);
		b->sent[b->n_sent++] = (uint8_t)byte;
	}
}

static inline void bench_at(struct bench *b, uint32_t now_us)
{
	b->now_us = now_us;
	fw_poll(&b->core, now_us);
	bench_collect(b);
}

/* Runs on, looking every millisecond or `by`. */
static inline void bench_run(struct bench *b, uint32_t us, uint32_t by)
{
	for (uint32_t t = 0; t < us; t += by)
		bench_at(b, b->now_us + by);
}

static inline void bench_bytes(struct bench *b, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		fw_rx(&b->core, p[i], b->now_us);
	bench_collect(b);
}

/* Bit by bit, unlike the core's table. */
static inline uint32_t bench_crc(const uint8_t *p, size_t n)
{
	uint32_t crc = 0xFFFFFFFF;

	while (n--) {
		crc ^= *p++;
		for (int k = 0; k < 8; k++)
			crc = crc & 1 ? crc >> 1 ^ 0x82F63B78 : crc >> 1;
	}
	return ~crc;
}

/* Block by block: how far is the next zero? */
static inline size_t bench_cobs(uint8_t *out, const uint8_t *p, size_t n)
{
	size_t o = 0, i = 0;
	bool open = true;

	while (i < n || open) {
		size_t k = 0;

		while (i + k < n && p[i + k] != 0 && k < 254)
			k++;
		out[o++] = (uint8_t)(k + 1);
		memcpy(out + o, p + i, k);
		o += k;
		i += k;
		open = k < 254 && i < n;
		i += open;
	}
	out[o++] = 0;
	return o;
}

static inline size_t bench_encode(uint8_t *out, uint8_t type, uint8_t seq,
				  const void *p, size_t n)
{
	uint8_t raw[300] = { type, seq };
	uint32_t crc;

	if (n)
		memcpy(raw + 2, p, n);
	crc = bench_crc(raw, n + 2);
	for (int k = 0; k < 4; k++)
		raw[n + 2 + (size_t)k] = (uint8_t)(crc >> 8 * k);
	return bench_cobs(out, raw, n + 6);
}

/* The next frame the controller sent; false: none. */
static inline bool bench_next(struct bench *b, struct seen *f)
{
	struct fw_cobs_state s = { 0, false };
	uint8_t raw[FW_FRAME_MAX + 8], out;
	size_t n = 0;

	while (b->taken < b->n_sent) {
		enum fw_cobs got = fw_cobs_take(&s, b->sent[b->taken++], &out);

		if (got == FW_COBS_BYTE)
			raw[n++] = out;
		if (got != FW_COBS_END || n == 0)
			continue;
		assert_true(n >= 6 && n <= FW_FRAME_MAX);
		assert_int_equal(bench_crc(raw, n - 4), fw_u32(raw + n - 4));
		f->type = raw[0];
		f->seq = raw[1];
		f->n = (uint8_t)(n - 6);
		memcpy(f->p, raw + 2, n - 6);
		return true;
	}
	return false;
}

static inline void bench_send(struct bench *b, uint8_t type, const void *p,
			      size_t n)
{
	uint8_t wire[320];

	bench_bytes(b, wire, bench_encode(wire, type, ++b->seq, p, n));
}

/* Sends and finds the answer among what came: one. */
static inline struct seen bench_ask(struct bench *b, uint8_t type,
				    const void *p, size_t n)
{
	struct seen f = { 0 }, more;

	b->taken = b->n_sent = 0;
	bench_send(b, type, p, n);
	while (bench_next(b, &f))
		if (f.type >= 0x80)
			break;
	assert_true(f.type >= 0x80);
	assert_int_equal(f.seq, b->seq);
	while (bench_next(b, &more))
		assert_true(more.type < 0x80);
	return f;
}

/* The answer must be ERROR code with detail. */
static inline void bench_refused(struct bench *b, uint8_t type, const void *p,
				 size_t n, unsigned code, unsigned detail)
{
	struct seen f = bench_ask(b, type, p, n);

	assert_int_equal(f.type, 0xFF);
	assert_int_equal(f.p[0], type);
	assert_int_equal(f.p[1], code);
	assert_int_equal(fw_u16(f.p + 2), detail);
}

static inline struct seen bench_done(struct bench *b, uint8_t type,
				     const void *p, size_t n)
{
	struct seen f = bench_ask(b, type, p, n);

	if (f.type == 0xFF)
		print_message("type %02X: error %u, detail %u\n", type, f.p[1],
			      fw_u16(f.p + 2));
	assert_int_equal(f.type, type | 0x80);
	return f;
}

/* Little-endian payloads, a field at a time. */
struct pack {
	uint8_t p[300];
	size_t n;
};

static inline void put(struct pack *k, uint32_t v, int bytes)
{
	while (bytes--) {
		k->p[k->n++] = (uint8_t)v;
		v >>= 8;
	}
}

/* Wakes the receiver, and acknowledges the boot event. */
static inline void bench_open(struct bench *b)
{
	const uint8_t zero = 0;

	bench_bytes(b, &zero, 1);
	bench_done(b, 0x16, "\1", 2);
}

static inline uint32_t bench_arm(struct bench *b, uint32_t nonce)
{
	struct pack k = { { 0 }, 0 };

	put(&k, nonce, 4);
	return fw_u32(bench_done(b, 0x09, k.p, k.n).p);
}

/* A controller that is ready to move; returns the lease. */
static inline uint32_t bench_ready(struct bench *b, uint32_t now_us,
				   uint8_t axes)
{
	bench_init(b, now_us, axes);
	bench_open(b);
	return bench_arm(b, 5);
}

static inline void bench_beat(struct bench *b, uint32_t lease)
{
	struct pack k = { { 0 }, 0 };

	put(&k, lease, 4);
	bench_done(b, 0x0B, k.p, k.n);
}

/* Runs on with a heartbeat every 40 ms. */
static inline void bench_live(struct bench *b, uint32_t lease, uint32_t us)
{
	uint32_t end = b->now_us + us, beat = b->now_us;

	while (b->now_us != end) {
		uint32_t left = end - b->now_us;

		bench_at(b, b->now_us + (left < 1000 ? left : 1000));
		if (b->now_us - beat < 40000 && b->now_us != end)
			continue;
		beat = b->now_us;
		if (fw_is_leased(&b->core))
			bench_beat(b, lease);
	}
}

struct record {
	uint8_t shape, flags;
	uint16_t guard_ma;
	uint32_t duration_us;
	int32_t target_urad;
};

static inline struct pack segments(uint32_t lease, uint8_t axis, uint16_t first,
				   const struct record *r, uint8_t n)
{
	struct pack k = { { 0 }, 0 };

	put(&k, lease, 4);
	put(&k, axis, 1);
	put(&k, n, 1);
	put(&k, first, 2);
	for (uint8_t i = 0; i < n; i++) {
		put(&k, r[i].shape, 1);
		put(&k, r[i].flags, 1);
		put(&k, r[i].guard_ma, 2);
		put(&k, r[i].duration_us, 4);
		put(&k, (uint32_t)r[i].target_urad, 4);
	}
	return k;
}

static inline void bench_upload(struct bench *b, uint32_t lease, uint8_t axis,
				uint16_t first, const struct record *r,
				uint8_t n)
{
	struct pack k = segments(lease, axis, first, r, n);

	bench_done(b, 0x0D, k.p, k.n);
}

static inline struct pack lease_and(uint32_t lease, uint32_t v)
{
	struct pack k = { { 0 }, 0 };

	put(&k, lease, 4);
	put(&k, v, 4);
	return k;
}

static inline void bench_start(struct bench *b, uint32_t lease,
			       uint32_t start_us)
{
	struct pack k = lease_and(lease, start_us);

	bench_done(b, 0x0E, k.p, k.n);
}

#endif
