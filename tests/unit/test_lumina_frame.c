/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The envelope against published vectors (protocols.md section 10). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "driver/lumina/frame.h"   /* the code under test */
#include "driver/lumina/message.h" /* GH_LUM_HELLO */
#include "fakes/script_link.h"	   /* script_hex */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void crc_vectors(void **state)
{
	uint8_t b[32];

	(void)state;
	assert_int_equal(gh_lum_crc(0, "123456789", 9), 0xE3069283u);
	memset(b, 0, 32);
	assert_int_equal(gh_lum_crc(0, b, 32), 0x8A9136AAu);
	memset(b, 0xFF, 32);
	assert_int_equal(gh_lum_crc(0, b, 32), 0x62A8AB43u);
	for (int i = 0; i < 32; i++)
		b[i] = (uint8_t)i;
	assert_int_equal(gh_lum_crc(0, b, 32), 0x46DD794Eu);
	/* In two parts it is the same sum. */
	assert_int_equal(gh_lum_crc(gh_lum_crc(0, b, 7), b + 7, 25),
			 0x46DD794Eu);
	for (int i = 0; i < 32; i++)
		b[i] = (uint8_t)(31 - i);
	assert_int_equal(gh_lum_crc(0, b, 32), 0x113FDB5Cu);
}

static void check_cobs(const uint8_t *plain, size_t n, const uint8_t *coded,
		       size_t coded_n)
{
	uint8_t out[1024];
	size_t back;

	assert_int_equal(gh_lum_cobs_encode(out, plain, n), coded_n);
	assert_memory_equal(out, coded, coded_n);
	assert_true(gh_lum_cobs_decode(out, &back, coded, coded_n));
	assert_int_equal(back, n);
	assert_memory_equal(out, plain, n);
}

static void cobs_short_vectors(void **state)
{
	static const char *const v[][2] = {
		{ "45 00 00 2C 4C 79 00 00 40 06 4F 37",
		  "02 45 01 04 2C 4C 79 01 05 40 06 4F 37" },
		{ "00", "01 01" },
		{ "00 00", "01 01 01" },
		{ "00 00 00", "01 01 01 01" },
		{ "00 11 00", "01 02 11 01" },
		{ "11 22 00 33", "03 11 22 02 33" },
		{ "11 22 33 44", "05 11 22 33 44" },
		{ "11 00 00 00", "02 11 01 01 01" },
		{ "", "01" },
		{ "31 32 33 34 35 00 36 37 38 39",
		  "06 31 32 33 34 35 05 36 37 38 39" },
		{ "31 32 33 34 35 36 37 38 39 83 92 06 E3",
		  "0E 31 32 33 34 35 36 37 38 39 83 92 06 E3" },
	};
	uint8_t plain[64], coded[64];

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(v); i++) {
		const size_t n = script_hex(v[i][0], plain, sizeof plain);

		check_cobs(plain, n, coded,
			   script_hex(v[i][1], coded, sizeof coded));
	}
}

static void cobs_long_vectors(void **state)
{
	uint8_t p[700], c[700];
	size_t back;

	(void)state;
	for (int i = 0; i < 256; i++)
		p[i] = (uint8_t)i;
	c[0] = 0xFF;
	memcpy(c + 1, p + 1, 254);
	check_cobs(p + 1, 254, c, 255);
	/* The decoder also takes the trailing code byte of others. */
	c[255] = 1;
	assert_true(gh_lum_cobs_decode(p + 300, &back, c, 256));
	assert_int_equal(back, 254);
	c[255] = 2;
	c[256] = 0xFF;
	check_cobs(p + 1, 255, c, 257);
	memmove(c + 1, c, 255);
	c[0] = 1;
	check_cobs(p, 255, c, 256);
	memset(p, 1, 680);
	p[679] = 0;
	memset(c, 1, 683);
	c[0] = c[255] = 0xFF;
	c[510] = 0xAC;
	check_cobs(p, 680, c, 683);
}

static void cobs_refuses_a_code_past_the_end(void **state)
{
	static const uint8_t bad[] = { 0x05, 1, 2, 3 };
	uint8_t out[8];
	size_t n;

	(void)state;
	assert_false(gh_lum_cobs_decode(out, &n, bad, sizeof bad));
	/* nor a zero, which is never within: as code, or as data */
	assert_false(gh_lum_cobs_decode(out, &n, (const uint8_t *)"\2x\0", 3));
	assert_false(gh_lum_cobs_decode(out, &n, (const uint8_t *)"\3x\0", 3));
}

/* Half a frame and then nothing: a boot's is noise, a later one is counted. */
static void silence_ends_half_a_frame(void **state)
{
	struct gh_lum_rx rx = { .n = 0 };
	struct gh_lum_frame f;

	(void)state;
	for (unsigned synced = 0; synced < 2; synced++) {
		assert_false(gh_lum_rx_byte(&rx, 'B', &f));
		gh_lum_rx_silence(&rx);
		assert_int_equal(rx.bad, synced);
		gh_lum_rx_silence(&rx);
		assert_int_equal(rx.bad, synced);
		assert_int_equal(rx.noise, synced + 1);
		assert_false(gh_lum_rx_byte(&rx, 0, &f));
	}
}

static void hello_is_the_constant_frame(void **state)
{
	static const uint8_t payload[8] = { 'G', 'H',  'L',  'T',
					    1,	 0x41, 0x41, 0x51 };
	uint8_t want[16], got[GH_LUM_WIRE_MAX];

	(void)state;
	script_hex("0F 01 01 47 48 4C 54 01 41 41 51 6B 17 2D 7C 00", want, 16);
	assert_int_equal(gh_lum_encode(got, GH_LUM_HELLO, 1, payload, 8), 16);
	assert_memory_equal(got, want, 16);
}

static unsigned feed(struct gh_lum_rx *rx, const uint8_t *p, size_t n,
		     struct gh_lum_frame *f)
{
	unsigned frames = 0;

	for (size_t i = 0; i < n; i++)
		frames += gh_lum_rx_byte(rx, p[i], f);
	return frames;
}

static void noise_before_the_first_delimiter_is_silent(void **state)
{
	static const char boot[] = "Booting v1.2\r\n";
	struct gh_lum_rx rx = { .n = 0 };
	struct gh_lum_frame f;
	uint8_t w[GH_LUM_WIRE_MAX];
	const size_t n = gh_lum_encode(w, 0x83, 7, "abc", 3);

	(void)state;
	assert_int_equal(feed(&rx, (const uint8_t *)boot, 14, &f), 0);
	assert_int_equal(feed(&rx, (const uint8_t *)"\0\0\0", 3, &f), 0);
	assert_int_equal(rx.bad, 0);
	assert_int_equal(feed(&rx, w, n, &f), 1);
	assert_int_equal(f.seq, 7);
	assert_int_equal(f.len, 3);
	/* From now on a torn frame counts. */
	assert_int_equal(feed(&rx, (const uint8_t *)"xyz\0", 4, &f), 0);
	assert_int_equal(rx.bad, 1);
}

static void every_length_round_trips(void **state)
{
	uint8_t payload[GH_LUM_PAYLOAD_MAX], w[GH_LUM_WIRE_MAX];
	struct gh_lum_rx rx = { .n = 0 };
	struct gh_lum_frame f;

	(void)state;
	for (size_t len = 0; len <= sizeof payload; len++) {
		size_t n;

		for (size_t i = 0; i < len; i++)
			payload[i] = (uint8_t)(len % 3 ? rand() : 0x55);
		n = gh_lum_encode(w, 0x40, (uint8_t)len, payload, len);
		assert_true(n <= GH_LUM_WIRE_MAX);
		assert_null(memchr(w, 0, n - 1));
		assert_int_equal(feed(&rx, w, n, &f), 1);
		assert_int_equal(f.len, len);
		assert_memory_equal(f.payload, payload, len);
	}
}

static void no_damaged_frame_is_taken(void **state)
{
	uint8_t w[GH_LUM_WIRE_MAX], d[GH_LUM_WIRE_MAX];
	const size_t n = gh_lum_encode(w, 0x83, 9, "some payload \0 here", 19);

	(void)state;
	for (size_t bit = 0; bit < (n - 1) * 8; bit++) {
		struct gh_lum_rx rx = { .synced = true };
		struct gh_lum_frame f;

		memcpy(d, w, n);
		d[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_int_equal(feed(&rx, d, n, &f), 0);
		assert_true(rx.bad >= 1);
	}
	/* A lost byte anywhere, too. */
	for (size_t i = 0; i + 1 < n; i++) {
		struct gh_lum_rx rx = { .synced = true };
		struct gh_lum_frame f;

		assert_int_equal(feed(&rx, w, i, &f) +
					 feed(&rx, w + i + 1, n - i - 1, &f),
				 0);
	}
}

static void an_endless_frame_is_bounded(void **state)
{
	struct gh_lum_rx rx = { .synced = true };
	struct gh_lum_frame f;

	(void)state;
	for (int i = 0; i < 100000; i++)
		assert_false(gh_lum_rx_byte(&rx, 0x55, &f));
	assert_false(gh_lum_rx_byte(&rx, 0, &f));
	assert_int_equal(rx.bad, 1);
}

/* ---- The worked dialogue of schemas/protocol.md section 7 ---------------- */

static FILE *open_dialogue(void)
{
	FILE *f = fopen("schemas/protocol.md", "r");
	char line[2048];

	while (f && fgets(line, sizeof line, f))
		if (strncmp(line, "```dialogue", 11) == 0)
			return f;
	if (f)
		fclose(f);
	return NULL;
}

static void check_dialogue_line(const char *line, uint8_t *seq, uint8_t *type)
{
	struct gh_lum_rx rx = { .synced = true };
	struct gh_lum_frame f;
	uint8_t bytes[GH_LUM_WIRE_MAX], again[GH_LUM_WIRE_MAX];
	const size_t n = script_hex(line + 1 + strspn(line + 1, " "), bytes,
				    sizeof bytes);

	if (n == 1 && bytes[0] == 0)
		return; /* a flush */
	if (feed(&rx, bytes, n, &f) != 1)
		fail_msg("no good frame: %s", line);
	assert_int_equal(gh_lum_encode(again, f.type, f.seq, f.payload, f.len),
			 n);
	assert_memory_equal(again, bytes, n);
	if (line[0] == '>') {
		assert_true(f.type < 0x40);
		*seq = f.seq;
		*type = f.type;
	} else if (f.type >= GH_LUM_REPLY) {
		assert_int_equal(f.seq, *seq);
		assert_true(f.type == GH_LUM_ERROR ||
			    f.type == (*type | GH_LUM_REPLY));
	}
}

static void the_worked_dialogue_is_well_formed(void **state)
{
	FILE *f = open_dialogue();
	uint8_t seq = 0, type = 0;
	unsigned frames = 0;
	char line[2048];

	(void)state;
	while (f && fgets(line, sizeof line, f) && line[0] != '`') {
		if (line[0] != '>' && line[0] != '<')
			continue;
		check_dialogue_line(line, &seq, &type);
		frames++;
	}
	if (f)
		fclose(f);
	if (frames == 0) {
		print_message("# protocol.md section 7 has no frames yet\n");
		skip();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(crc_vectors),
		cmocka_unit_test(cobs_short_vectors),
		cmocka_unit_test(cobs_long_vectors),
		cmocka_unit_test(cobs_refuses_a_code_past_the_end),
		cmocka_unit_test(silence_ends_half_a_frame),
		cmocka_unit_test(hello_is_the_constant_frame),
		cmocka_unit_test(noise_before_the_first_delimiter_is_silent),
		cmocka_unit_test(every_length_round_trips),
		cmocka_unit_test(no_damaged_frame_is_taken),
		cmocka_unit_test(an_endless_frame_is_bounded),
		cmocka_unit_test(the_worked_dialogue_is_well_formed),
	};

	return cmocka_run_group_tests_name("lumina frame", tests, NULL, NULL);
}
