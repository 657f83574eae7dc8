/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * timeout: 240
 * Our firmware on both boards, frame by frame: what it says of itself, what a
 * real receiver loses, hosts at another rate, and STOP whatever else is going
 * on. protocol.md.
 */
#include "boards/session.h" /* struct gh_board_session */

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define REPLY_US 20000 /* section 1.2 */
#define LATCHED 3
#define CAUSE_STOP 1

static struct gh_board_session s;
static struct gh_lum_frame reply;

static void start(void **state)
{
	const enum gh_board_kind *kind = *state;

	gh_session_start(&s, *kind, NULL);
}

static int end(void **state)
{
	(void)state;
	gh_session_end(&s);
	return 0;
}

/* The reply must be there 20 ms after the request is; both take their time. */
static void ask(uint8_t type, const void *payload, size_t len)
{
	const long byte_us = 10 * 1000000 / gh_board_baud(s.board) + 1;
	const gh_us most = REPLY_US + 2 * GH_LUM_WIRE_MAX * byte_us;

	if (!gh_session_ask(&s, type, payload, len, most, &reply))
		fail_msg("%s: no answer", gh_lum_type_name(type));
}

static void must_be(uint8_t type)
{
	if (reply.type == GH_LUM_ERROR)
		fail_msg("%s: error %u, detail %u",
			 gh_lum_type_name(reply.payload[0]), reply.payload[1],
			 gh_lum_u16(reply.payload + 2));
	assert_int_equal(reply.type, type + GH_LUM_REPLY);
}

static void must_be_refused(uint8_t code, uint16_t detail)
{
	assert_int_equal(reply.type, GH_LUM_ERROR);
	assert_int_equal(reply.payload[1], code);
	assert_int_equal(gh_lum_u16(reply.payload + 2), detail);
}

static void hello(void)
{
	static const uint8_t magic[8] = { 'G', 'H', 'L', 'T', 1 };

	ask(GH_LUM_HELLO, magic, sizeof magic);
	must_be(GH_LUM_HELLO);
}

static uint32_t linkstat(unsigned field)
{
	ask(GH_LUM_LINKSTATS, NULL, 0);
	must_be(GH_LUM_LINKSTATS);
	return gh_lum_u32(reply.payload + 4 * field);
}

static void put_u32(uint8_t *p, uint32_t v)
{
	for (unsigned i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> 8 * i);
}

static uint32_t arm(void)
{
	uint8_t nonce[4];

	put_u32(nonce, 0xCAFEF00D);
	ask(GH_LUM_ARM, nonce, 4);
	must_be(GH_LUM_ARM);
	return gh_lum_u32(reply.payload);
}

static void stop_latches(void)
{
	ask(GH_LUM_STOP, NULL, 0);
	must_be(GH_LUM_STOP);
	assert_int_equal(reply.payload[0], LATCHED);
	assert_int_equal(reply.payload[1], CAUSE_STOP);
}

static void each_boot_has_a_number_of_its_own(void **state)
{
	static struct gh_board_eeprom kept;
	const enum gh_board_kind *kind = *state;
	uint8_t device[2][8];
	uint32_t boot[2];

	memset(&kept, 0, sizeof kept);
	for (unsigned i = 0; i < 2; i++) {
		const struct gh_board_setup setup = {
			.kind = *kind,
			.firmware = gh_board_firmware(*kind),
			.rig = &s.rig,
			.eeprom = &kept,
		};

		gh_session_start(&s, *kind, NULL);
		gh_board_destroy(s.board);
		if (gh_board_create(&s.board, &setup, &s.err) != GH_OK)
			fail_msg("%s", s.err.msg);
		s.w.self = s.board;
		assert_true(gh_board_boot(s.board, 500000));
		hello();
		boot[i] = gh_lum_u32(reply.payload + 4);
		memcpy(device[i], reply.payload + 8, 8);
		gh_session_end(&s);
	}
	assert_memory_equal(device[0], device[1], 8);
	assert_int_not_equal(boot[0], boot[1]);
}

static void another_rate_is_not_understood(void **state)
{
	static const uint8_t magic[8] = { 'G', 'H', 'L', 'T', 1 };
	static const long rates[] = { 9600, 57600, 230400, 500000, 1000000 };

	start(state);
	for (size_t i = 0; i < GH_ARRAY_SIZE(rates); i++) {
		gh_board_host_baud(s.board, rates[i]);
		assert_false(gh_session_ask(&s, GH_LUM_HELLO, magic,
					    sizeof magic, 200000, &reply));
	}
	gh_board_host_baud(s.board, 115200);
	memset(&s.rx, 0, sizeof s.rx);
	gh_board_advance(s.board, gh_board_now(s.board) + 60000);
	hello();
}

/* Three bytes fit into a receiver; each of the rest is counted somewhere. */
static void an_overrun_is_counted_and_survived(void **state)
{
	uint8_t noise[40];
	struct gh_board_facts facts;
	uint32_t bad;

	start(state);
	hello();
	assert_int_equal(linkstat(2), 0);
	bad = linkstat(1);
	memset(noise, 0x55, sizeof noise);
	gh_board_jam(s.board, noise, sizeof noise);
	gh_board_facts(s.board, &facts);
	assert_int_equal(facts.overruns, sizeof noise - 3);
	gh_board_advance(s.board, gh_board_now(s.board) + 1000);
	hello();
	assert_true(linkstat(2) > 0);
	assert_true(linkstat(1) > bad);
}

/* Whatever a host babbles at the line's own rate is taken and dropped. */
static void a_flood_at_line_rate_is_survived(void **state)
{
	uint8_t noise[4096];
	struct gh_board_facts facts;
	uint32_t x = 12345;

	start(state);
	hello();
	for (size_t i = 0; i < sizeof noise; i++) {
		x = x * 1664525 + 1013904223;
		noise[i] = (uint8_t)(x >> 24);
	}
	assert_int_equal(gh_board_write(s.board, noise, sizeof noise),
			 sizeof noise);
	gh_board_advance(s.board, gh_board_now(s.board) + 500000);
	hello();
	gh_board_facts(s.board, &facts);
	assert_int_equal(facts.resets, 0);
	assert_int_equal(facts.overruns == 0, linkstat(2) == 0);
	assert_true(linkstat(1) > 0);
}

static void stop_comes_through_a_half_sent_upload(void **state)
{
	uint8_t segments[32] = { 0 }, wire[GH_LUM_WIRE_MAX];
	size_t n;

	start(state);
	hello();
	put_u32(segments, arm());
	segments[5] = 2;
	n = gh_lum_encode(wire, GH_LUM_SEGMENTS, 99, segments, sizeof segments);
	assert_int_equal(gh_board_write(s.board, wire, n - 5), n - 5);
	stop_latches();
	ask(GH_LUM_STATUS, NULL, 0);
	must_be(GH_LUM_STATUS);
	/* Nothing of the upload was taken. */
	assert_int_equal(gh_lum_u16(reply.payload + 12), 0);
}

/* The first channel that is fast enough. */
static uint8_t fast_channel(void)
{
	for (uint8_t i = 0; i < 64; i++) {
		const uint8_t which[2] = { 0, i };

		ask(GH_LUM_DESCRIBE, which, 2);
		must_be(GH_LUM_DESCRIBE);
		if (gh_lum_u16(reply.payload + 18) >= 1000)
			return i;
	}
	return 0;
}

/* How many burst frames come in that time; events are told again and again. */
static unsigned burst_frames(gh_us length)
{
	const gh_us until = gh_board_now(s.board) + length;
	struct gh_lum_frame f;
	unsigned seen = 0;

	while (gh_session_hear(&s, until - gh_board_now(s.board), &f))
		seen += f.type == 0x42;
	return seen;
}

static void stop_comes_through_a_burst(void **state)
{
	uint8_t burst[5] = { 0, 0xE8, 0x03, 0xD0, 0x07 }; /* 1 kHz, 2000 */

	start(state);
	hello();
	burst[0] = fast_channel();
	ask(GH_LUM_BURST, burst, sizeof burst);
	must_be(GH_LUM_BURST);
	assert_true(burst_frames(400000) >= 2);
	stop_latches();
	/* One frame may have been under way. */
	assert_true(burst_frames(300000) <= 1);
}

static void limits_can_only_be_lowered(void **state)
{
	static const uint8_t first = 0;
	uint8_t limits[21];

	start(state);
	hello();
	ask(GH_LUM_ACTUATOR, &first, 1);
	must_be(GH_LUM_ACTUATOR);
	assert_int_equal(reply.len, sizeof limits);
	memcpy(limits, reply.payload, sizeof limits);
	put_u32(limits + 5, gh_lum_u32(limits + 5) + 1000);
	ask(GH_LUM_LOWER_LIMITS, limits, sizeof limits);
	must_be_refused(7, 6);
	put_u32(limits + 5, gh_lum_u32(limits + 5) - 2000);
	ask(GH_LUM_LOWER_LIMITS, limits, sizeof limits);
	must_be(GH_LUM_LOWER_LIMITS);
}

static void held_in_reset_it_is_silent(void **state)
{
	static const uint8_t magic[8] = { 'G', 'H', 'L', 'T', 1 };

	start(state);
	hello();
	gh_board_hold(s.board, true);
	assert_false(gh_session_ask(&s, GH_LUM_HELLO, magic, sizeof magic,
				    200000, &reply));
	gh_board_hold(s.board, false);
	gh_board_advance(s.board, gh_board_now(s.board) + 100000);
	hello();
	assert_int_equal(reply.payload[25], 2);
}

int main(void)
{
	static enum gh_board_kind kinds[] = { GH_BOARD_UNO, GH_BOARD_MEGA };
	static const struct {
		const char *name;
		CMUnitTestFunction run;
	} cases[] = {
		{ "boot id", each_boot_has_a_number_of_its_own },
		{ "another rate", another_rate_is_not_understood },
		{ "overrun", an_overrun_is_counted_and_survived },
		{ "flood", a_flood_at_line_rate_is_survived },
		{ "stop in an upload", stop_comes_through_a_half_sent_upload },
		{ "stop in a burst", stop_comes_through_a_burst },
		{ "limits", limits_can_only_be_lowered },
		{ "reset held", held_in_reset_it_is_silent },
	};
	struct CMUnitTest tests[2 * GH_ARRAY_SIZE(cases)] = { 0 };

	for (size_t i = 0; i < GH_ARRAY_SIZE(tests); i++)
		tests[i] = (struct CMUnitTest){ cases[i / 2].name,
						cases[i / 2].run, NULL, end,
						&kinds[i % 2] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
