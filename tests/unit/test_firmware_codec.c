/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Framing and checks: the published vectors of CRC-32C and COBS, frames of
 * every length, and what a receiver does with noise.
 */
#include "test_firmware_board.h"

#include "firmware/core/crc.h" /* fw_crc_run */

#include <stdlib.h>

static struct bench bench;

static uint32_t crc_of(const uint8_t *p, uint16_t n)
{
	return ~fw_crc_run(FW_CRC_START, p, n);
}

/* RFC 3720 appendix B.4, and the check value of the catalogue. */
static void crc_vectors(void **state)
{
	uint8_t p[32];

	(void)state;
	assert_int_equal(crc_of((const uint8_t *)"123456789", 9), 0xE3069283);
	memset(p, 0, sizeof(p));
	assert_int_equal(crc_of(p, 32), 0x8A9136AA);
	memset(p, 0xFF, sizeof(p));
	assert_int_equal(crc_of(p, 32), 0x62A8AB43);
	for (uint8_t i = 0; i < 32; i++)
		p[i] = i;
	assert_int_equal(crc_of(p, 32), 0x46DD794E);
	for (uint8_t i = 0; i < 32; i++)
		p[i] = (uint8_t)(31 - i);
	assert_int_equal(crc_of(p, 32), 0x113FDB5C);
}

static size_t encode(struct fw_tx *tx, const uint8_t *p, size_t n, uint8_t *out)
{
	size_t len = 0;
	int16_t byte;

	fw_tx_open(tx);
	for (size_t i = 0; i < n; i++)
		fw_tx_raw(tx, p[i]);
	assert_true(fw_tx_close(tx));
	while ((byte = fw_tx_take(tx)) >= 0)
		out[len++] = (uint8_t)byte;
	return len;
}

static size_t decode(const uint8_t *p, size_t n, uint8_t *out)
{
	struct fw_cobs_state s = { 0, false };
	size_t len = 0;

	for (size_t i = 0; i < n; i++) {
		uint8_t byte;
		enum fw_cobs got = fw_cobs_take(&s, p[i], &byte);

		assert_int_not_equal(got, FW_COBS_BROKEN);
		if (got == FW_COBS_BYTE)
			out[len++] = byte;
	}
	return len;
}

struct vector {
	size_t n, coded_n;
	uint8_t plain[16], coded[20];
};

/* nanocobs after the original paper, and cobs-c; protocols.md section 10. */
static const struct vector vectors[] = {
	{ 12,
	  14,
	  { 0x45, 0, 0, 0x2C, 0x4C, 0x79, 0, 0, 0x40, 6, 0x4F, 0x37 },
	  { 2, 0x45, 1, 4, 0x2C, 0x4C, 0x79, 1, 5, 0x40, 6, 0x4F, 0x37, 0 } },
	{ 0, 2, { 0 }, { 1, 0 } },
	{ 1, 3, { 0 }, { 1, 1, 0 } },
	{ 2, 4, { 0 }, { 1, 1, 1, 0 } },
	{ 3, 5, { 0 }, { 1, 1, 1, 1, 0 } },
	{ 3, 5, { 0, 0x11, 0 }, { 1, 2, 0x11, 1, 0 } },
	{ 4, 6, { 0x11, 0x22, 0, 0x33 }, { 3, 0x11, 0x22, 2, 0x33, 0 } },
	{ 4, 6, { 0x11, 0x22, 0x33, 0x44 }, { 5, 0x11, 0x22, 0x33, 0x44, 0 } },
	{ 4, 6, { 0x11, 0, 0, 0 }, { 2, 0x11, 1, 1, 1, 0 } },
	{ 10, 12,
	  "12345\0"
	  "6789",
	  "\6"
	  "12345\5"
	  "6789" },
	{ 13, 15, "123456789\x83\x92\x06\xE3",
	  "\x0E"
	  "123456789\x83\x92\x06\xE3" },
};

static void cobs_vectors(void **state)
{
	static struct fw_tx tx;
	uint8_t out[64];

	(void)state;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		const struct vector *v = &vectors[i];

		assert_int_equal(encode(&tx, v->plain, v->n, out), v->coded_n);
		assert_memory_equal(out, v->coded, v->coded_n);
		assert_int_equal(decode(v->coded, v->coded_n, out), v->n);
		assert_memory_equal(out, v->plain, v->n);
	}
}

/* A run of 254 gains no code byte at its end; one byte more starts anew. */
static void cobs_long_runs(void **state)
{
	static struct fw_tx tx;
	uint8_t p[700], out[700], back[700];

	(void)state;
	for (int i = 0; i < 255; i++)
		p[i] = (uint8_t)(i + 1);
	assert_int_equal(encode(&tx, p, 254, out), 256);
	assert_int_equal(out[0], 0xFF);
	assert_int_equal(out[255], 0);
	assert_int_equal(encode(&tx, p, 255, out), 258);
	assert_memory_equal(out + 255, "\2\xFF", 3);
	memset(p, 1, 679);
	p[679] = 0;
	assert_int_equal(encode(&tx, p, 680, out), 684);
	assert_int_equal(out[510], 0xAC);
	assert_memory_equal(out + 682, "\1", 2);
	assert_int_equal(decode(out, 684, back), 680);
	assert_memory_equal(back, p, 680);
}

/* The other form, FF 01..FE 01 00, is understood too. */
static void cobs_other_form(void **state)
{
	uint8_t p[257], out[300];

	(void)state;
	p[0] = 0xFF;
	for (int i = 1; i < 255; i++)
		p[i] = (uint8_t)i;
	p[255] = 1;
	p[256] = 0;
	assert_int_equal(decode(p, 257, out), 254);
}

static void cobs_past_the_delimiter(void **state)
{
	struct fw_cobs_state s = { 0, false };
	uint8_t out;

	(void)state;
	fw_cobs_take(&s, 5, &out);
	fw_cobs_take(&s, 1, &out);
	assert_int_equal(fw_cobs_take(&s, 0, &out), FW_COBS_BROKEN);
	assert_int_equal(fw_cobs_take(&s, 0, &out), FW_COBS_END);
}

static struct seen hello(struct bench *b)
{
	return bench_done(b, 0x01, "GHLT\1AAQ", 8);
}

static void every_length(void **state)
{
	uint8_t p[FW_PAYLOAD_MAX];

	(void)state;
	bench_init(&bench, 0, 1);
	bench_open(&bench);
	for (size_t n = 0; n <= FW_PAYLOAD_MAX; n++) {
		for (size_t i = 0; i < n; i++)
			p[i] = (uint8_t)(i * n);
		bench_refused(&bench, 0x3F, p, n, FW_UNKNOWN_TYPE, 0);
	}
	assert_int_equal(bench.core.stats.bad, 0);
}

static void too_long(void **state)
{
	uint8_t p[FW_PAYLOAD_MAX + 1] = { 0 };

	(void)state;
	bench_init(&bench, 0, 1);
	bench_open(&bench);
	bench.taken = bench.n_sent = 0;
	bench_send(&bench, 0x3F, p, sizeof(p));
	assert_int_equal(bench.n_sent, 0);
	assert_int_equal(bench.core.stats.bad, 1);
	hello(&bench);
}

/* Every single bit flipped: no answer, one more damaged frame. */
static void damage(void **state)
{
	static const uint8_t good[] = { 0x0F, 1,    1,	  0x47, 0x48, 0x4C,
					0x54, 1,    0x41, 0x41, 0x51, 0x6B,
					0x17, 0x2D, 0x7C, 0 };
	uint8_t p[sizeof(good)];

	(void)state;
	bench_init(&bench, 0, 1);
	bench_open(&bench);
	bench.n_sent = 0;
	for (size_t bit = 0; bit < 8 * (sizeof(good) - 1); bit++) {
		memcpy(p, good, sizeof(p));
		p[bit / 8] ^= (uint8_t)(1u << bit % 8);
		bench_bytes(&bench, p, sizeof(p));
	}
	assert_int_equal(bench.n_sent, 0);
	assert_true(bench.core.stats.bad >= 8 * (sizeof(good) - 1));
	bench_bytes(&bench, good, sizeof(good));
	assert_true(bench.n_sent > 0);
}

static void noise_before_the_first_delimiter(void **state)
{
	uint8_t wire[64];
	size_t n = bench_encode(wire, 0x03, 1, NULL, 0);

	(void)state;
	bench_init(&bench, 0, 1);
	bench_collect(&bench);
	bench.n_sent = 0;
	bench_bytes(&bench, (const uint8_t *)"Optiboot ready\r\n", 16);
	bench_bytes(&bench, wire, n);
	assert_int_equal(bench.n_sent, 0);
	assert_int_equal(bench.core.stats.bad, 0);
	hello(&bench);
}

static void empty_frames(void **state)
{
	uint8_t zeros[32] = { 0 };

	(void)state;
	bench_init(&bench, 0, 1);
	bench_bytes(&bench, zeros, sizeof(zeros));
	assert_int_equal(bench.core.stats.bad, 0);
	assert_int_equal(bench.core.stats.good, 0);
	hello(&bench);
}

static void babble(void **state)
{
	uint32_t x = 12345;

	(void)state;
	bench_init(&bench, 0, 2);
	bench_open(&bench);
	for (int k = 0; k < 400000; k++) {
		uint8_t byte;

		x = x * 1664525 + 1013904223;
		byte = (uint8_t)(x >> 24);
		fw_rx(&bench.core, byte, bench.now_us += 11);
		if (k % 64 == 0)
			bench_at(&bench, bench.now_us);
		bench.n_sent = 0;
	}
	bench_bytes(&bench, (const uint8_t *)"", 1);
	hello(&bench);
	assert_int_equal(bench.core.state, FW_IDLE);
}

static void partial_frames(void **state)
{
	(void)state;
	bench_init(&bench, 0, 1);
	bench_open(&bench);
	bench_bytes(&bench, (const uint8_t *)"\x0F\x01\x01\x47", 4);
	bench_at(&bench, 49999);
	assert_int_equal(bench.core.stats.bad, 0);
	bench_at(&bench, 50000);
	assert_int_equal(bench.core.stats.bad, 1);
	bench_at(&bench, 500000);
	assert_int_equal(bench.core.stats.bad, 1);
	hello(&bench);
	/* ten times faster than the wall: half a second of its own */
	bench_init(&bench, 0, 1);
	bench.board.info.time_scale = 10;
	bench_open(&bench);
	bench_bytes(&bench, (const uint8_t *)"\x0F\x01\x01\x47", 4);
	bench_at(&bench, 499999);
	assert_int_equal(bench.core.stats.bad, 0);
	bench_at(&bench, 500000);
	assert_int_equal(bench.core.stats.bad, 1);
	/* what a boot loader left unended is nobody's frame */
	bench_init(&bench, 0, 1);
	bench_bytes(&bench, (const uint8_t *)"Optiboot", 8);
	bench_at(&bench, 50000);
	assert_int_equal(bench.core.stats.bad, 0);
	bench_open(&bench);
	hello(&bench);
}

/* A frame that does not fit the queue is taken back whole. */
static void full_queue(void **state)
{
	static struct fw_tx tx;
	unsigned frames = 0, zeros = 0;
	int16_t byte;

	(void)state;
	for (int i = 0; i < 100; i++) {
		fw_tx_begin(&tx, 0x40, (uint8_t)i);
		for (int k = 0; k < 50; k++)
			fw_tx_u8(&tx, (uint8_t)(k % 3));
		frames += fw_tx_end(&tx);
	}
	assert_true(frames > 10 && frames < 100);
	while ((byte = fw_tx_take(&tx)) >= 0)
		zeros += byte == 0;
	assert_int_equal(zeros, frames);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(crc_vectors),
		cmocka_unit_test(cobs_vectors),
		cmocka_unit_test(cobs_long_runs),
		cmocka_unit_test(cobs_other_form),
		cmocka_unit_test(cobs_past_the_delimiter),
		cmocka_unit_test(every_length),
		cmocka_unit_test(too_long),
		cmocka_unit_test(damage),
		cmocka_unit_test(noise_before_the_first_delimiter),
		cmocka_unit_test(empty_frames),
		cmocka_unit_test(babble),
		cmocka_unit_test(partial_frames),
		cmocka_unit_test(full_queue),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
