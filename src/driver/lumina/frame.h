/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * frame - the envelope of the lumina protocol, host side: CRC-32C, COBS and
 * the receiver that finds frames in a stream of bytes. Written from
 * schemas/protocol.md section 1.1 alone; the firmware has its own.
 */
#ifndef GH_DRIVER_LUMINA_FRAME_H
#define GH_DRIVER_LUMINA_FRAME_H

#include "base/clock.h" /* gh_us */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	GH_LUM_WIRE_MAX = 254, /* encoded, with the delimiter */
	GH_LUM_BODY_MAX = 250, /* type, seq, payload, crc */
	GH_LUM_PAYLOAD_MAX = 244,
	GH_LUM_ENVELOPE = 8 /* type, seq, crc, one COBS code, delimiter */
};

struct gh_lum_frame {
	uint8_t type, seq;
	size_t len;
	uint8_t payload[GH_LUM_PAYLOAD_MAX];
};

/* Goes on from crc, the value returned so far; 0 to begin. */
uint32_t gh_lum_crc(uint32_t crc, const void *data, size_t n);

/* Without delimiter; out has room for n + n/254 + 1 bytes. Returns how many. */
size_t gh_lum_cobs_encode(uint8_t *out, const uint8_t *in, size_t n);
/*
 * `in` without its delimiter; out has room for n bytes. False: a zero inside
 * or a code that points past the end.
 */
bool gh_lum_cobs_decode(uint8_t *out, size_t *n_out, const uint8_t *in,
			size_t n);

/* One whole frame with its delimiter; len <= GH_LUM_PAYLOAD_MAX. */
size_t gh_lum_encode(uint8_t out[GH_LUM_WIRE_MAX], uint8_t type, uint8_t seq,
		     const void *payload, size_t len);

/* The receiver. All 0 is a fresh one: the first frame may be noise. */
struct gh_lum_rx {
	uint8_t buf[GH_LUM_WIRE_MAX];
	size_t n;
	bool synced;   /* a delimiter has been seen */
	bool overlong; /* the frame being received can only be wrong */
	uint64_t good, bad, noise; /* noise: bytes that made no frame */
};

/* Takes one byte; true when it completed a good frame, then in *out. */
bool gh_lum_rx_byte(struct gh_lum_rx *rx, uint8_t byte,
		    struct gh_lum_frame *out);
/* The line was silent for 50 ms: a partial frame is forgotten. */
void gh_lum_rx_silence(struct gh_lum_rx *rx);

/* Little-endian fields of a payload. */
static inline uint16_t gh_lum_u16(const uint8_t *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static inline int16_t gh_lum_i16(const uint8_t *p)
{
	return (int16_t)gh_lum_u16(p);
}

static inline uint32_t gh_lum_u32(const uint8_t *p)
{
	return gh_lum_u16(p) | (uint32_t)gh_lum_u16(p + 2) << 16;
}

static inline int32_t gh_lum_i32(const uint8_t *p)
{
	return (int32_t)gh_lum_u32(p);
}

static inline void gh_lum_put16(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)v;
	p[1] = (uint8_t)(v >> 8);
}

static inline void gh_lum_put32(uint8_t *p, uint32_t v)
{
	gh_lum_put16(p, (uint16_t)v);
	gh_lum_put16(p + 2, (uint16_t)(v >> 16));
}

#endif
