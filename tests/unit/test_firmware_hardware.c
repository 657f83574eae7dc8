/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a board does by itself while the core goes on: bursts that its hardware
 * paces, and transfers on the other bus.
 */
#include "test_firmware_board.h"

static struct bench bench;

static void start(uint8_t axes)
{
	bench_init(&bench, 0, axes);
	bench_open(&bench);
}

static void bursts(void **state)
{
	struct seen f;
	unsigned n = 0;

	(void)state;
	bench_init(&bench, 0, 1);
	bench.board.info.n_channels = 3;
	fw_init(&bench.core, &bench.board, 0);
	bench_open(&bench);
	f = bench_done(&bench, 0x14, "\2\x10\x27\xE8\3", 5);
	assert_int_equal(fw_u32(f.p + 1), 100);
	assert_int_equal(fw_u16(f.p + 5), 1000);
	bench.seq--; /* the same request again, and another one */
	bench_done(&bench, 0x14, "\2\x10\x27\xE8\3", 5);
	bench_refused(&bench, 0x14, "\2\x10\x27\xE8\3", 5, FW_IS_BUSY, 0);
	bench.n_sent = bench.taken = 0;
	bench_at(&bench, 0);
	bench_run(&bench, 110000, 100);
	while (bench_next(&bench, &f)) {
		if (f.type != FW_TYPE_BURST)
			continue;
		assert_int_equal(fw_u16(f.p + 2), n);
		assert_int_equal(f.n, 4 + 2 * f.p[1]);
		n += f.p[1];
	}
	assert_int_equal(n, 1000);
	assert_false(bench.core.burst.active);
	bench_done(&bench, 0x14, "\2\x10\x27\xE8\3", 5);
	bench_done(&bench, 0x02, NULL, 0);
	assert_false(bench.core.burst.active);
}

/* A board that paces bursts itself: sample k has the value k. */
static struct {
	uint32_t period_us; /* 0: at rest */
	uint16_t next, ready;
} pacer;

static uint32_t pacer_begin(void *self, uint8_t channel, uint32_t period_us)
{
	(void)self;
	assert_int_equal(channel, 2);
	pacer.period_us = period_us ? 128 : 0;
	pacer.next = 0;
	return pacer.period_us;
}

static bool pacer_take(void *self, int16_t *raw, uint16_t *number)
{
	(void)self;
	if (pacer.next == pacer.ready)
		return false;
	*number = pacer.next++;
	*raw = (int16_t)*number;
	return true;
}

static void start_paced(uint16_t ready)
{
	struct seen f;

	bench_init(&bench, 0, 1);
	bench.board.info.n_channels = 3;
	bench.board.burst = pacer_begin;
	bench.board.burst_take = pacer_take;
	fw_init(&bench.core, &bench.board, 0);
	bench_open(&bench);
	pacer.ready = ready;
	f = bench_done(&bench, 0x14, "\2\xA0\x0F\x64\0", 5);
	assert_int_equal(fw_u32(f.p + 1), 128);
	bench.n_sent = bench.taken = 0;
}

/* Counts the values of burst frames; *gaps: numbers left out. */
static unsigned burst_values(unsigned *gaps)
{
	unsigned n = 0, expected = 0;
	struct seen f;

	*gaps = 0;
	while (bench_next(&bench, &f)) {
		unsigned first = fw_u16(f.p + 2);

		if (f.type != FW_TYPE_BURST)
			continue;
		*gaps += first - expected;
		expected = first + f.p[1];
		n += f.p[1];
		for (unsigned k = 0; k < f.p[1]; k++)
			assert_int_equal(fw_u16(f.p + 4 + 2 * k), first + k);
	}
	return n;
}

/* Each field of a repeated request has to be the same. */
static void bursts_that_differ(void **state)
{
	static const char *const other[] = { "\0\xE8\3\x64\0", "\1\xE7\3\x64\0",
					     "\1\xE8\3\x65\0" };

	(void)state;
	start(1);
	bench_done(&bench, 0x14, "\1\xE8\3\x64\0", 5);
	for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++) {
		bench.seq--;
		bench_refused(&bench, 0x14, other[i], 5, FW_IS_BUSY, 0);
	}
	bench.seq--;
	bench_done(&bench, 0x14, "\1\xE8\3\x64\0", 5);
	bench_refused(&bench, 0x14, "\1\xE8\3\x64\0", 5, FW_IS_BUSY, 0);
}

/* Nobody takes bytes away: what does not fit is lost and counted. */
static void bursts_on_a_full_wire(void **state)
{
	(void)state;
	start(1);
	bench_done(&bench, 0x14, "\1\xE8\3\xD0\7", 5); /* 2000 at 1 kHz */
	for (int i = 0; i < 2001; i++)
		fw_poll(&bench.core, bench.now_us += 1000);
	assert_false(bench.core.burst.active);
	assert_in_range(bench.core.stats.dropped, 1400, 1600);
	bench.n_sent = bench.taken = 0;
	bench_collect(&bench);
	bench_done(&bench, 0x05, NULL, 0);
}

/* All that was measured is on its way, and the rest never comes. */
static void the_end_of_a_burst_is_lost(void **state)
{
	unsigned gaps;

	(void)state;
	start_paced(0);
	pacer.next = 100;
	pacer.ready = 101;
	bench_run(&bench, 2000, 1000);
	assert_false(bench.core.burst.active);
	assert_int_equal(bench.core.stats.dropped, 100);
	assert_int_equal(burst_values(&gaps), 0);
}

static void paced_bursts(void **state)
{
	unsigned gaps;

	(void)state;
	start_paced(1000);
	bench_run(&bench, 40000, 1000);
	assert_int_equal(burst_values(&gaps), 100);
	assert_int_equal(gaps, 0);
	assert_int_equal(pacer.period_us, 0);
	/* 30 numbers are lost in the middle, then more than there were */
	start_paced(40);
	bench_run(&bench, 10000, 1000);
	pacer.next = 70;
	pacer.ready = 90;
	bench_run(&bench, 10000, 1000);
	pacer.next = 200;
	pacer.ready = 201;
	bench_run(&bench, 2000, 1000);
	assert_false(bench.core.burst.active);
	assert_int_equal(pacer.period_us, 0);
	assert_int_equal(bench.core.stats.dropped, 40);
	assert_int_equal(burst_values(&gaps), 60);
	assert_int_equal(gaps, 30);
	start_paced(10);
	bench_done(&bench, 0x02, NULL, 0);
	assert_int_equal(pacer.period_us, 0);
}

/* Somebody else, a sensor of the board's own, has the bus just now. */
static bool taken_i2c(void *self, uint8_t address, const uint8_t *out,
		      uint8_t n_out, uint8_t n_in)
{
	(void)self;
	(void)address;
	(void)out;
	(void)n_out;
	(void)n_in;
	return false;
}

static void other_bus(void **state)
{
	uint8_t long_write[3 + 33];
	struct seen f;

	(void)state;
	start(1);
	bench_refused(&bench, 0x15, "\x29\1\2\x92", 4, FW_UNSUPPORTED, 0);
	bench.board.i2c = bench_i2c;
	bench.board.i2c_take = bench_i2c_take;
	bench_refused(&bench, 0x15, "\x29\1\2\x92", 4, FW_NACK, 0x29);
	bench.chip_answers = true;
	f = bench_done(&bench, 0x15, "\x29\1\2\x92", 4);
	assert_int_equal(f.n, 4);
	assert_memory_equal(f.p, "\x29\2\x92\x93", 4);
	bench_refused(&bench, 0x15, "\x80\0\2", 3, FW_BAD_FIELD, 0);
	bench_refused(&bench, 0x15, "\x29\0\x21", 3, FW_BAD_FIELD, 2);
	memset(long_write, 0, sizeof long_write);
	long_write[1] = 33;
	bench_refused(&bench, 0x15, long_write, sizeof long_write, FW_BAD_FIELD,
		      1);
	bench.board.i2c = taken_i2c;
	bench_refused(&bench, 0x15, "\x29\1\2\x92", 4, FW_IS_BUSY, 0);
	assert_false(bench.core.i2c_pending);
}

/* The reply comes when the bus is done; until then others are answered. */
static void slow_bus(void **state)
{
	struct seen f;
	uint8_t seq;

	(void)state;
	start(1);
	bench.board.i2c = bench_i2c;
	bench.board.i2c_take = bench_i2c_take;
	bench.chip_is_slow = bench.chip_answers = true;
	bench_send(&bench, 0x15, "\x29\1\2\x92", 4);
	seq = bench.seq;
	bench_done(&bench, 0x05, NULL, 0);
	bench_refused(&bench, 0x15, "\x29\1\2\x92", 4, FW_IS_BUSY, 0);
	bench.seq = (uint8_t)(seq - 1); /* repeated: still one reply */
	bench_send(&bench, 0x15, "\x29\1\2\x92", 4);
	bench.taken = bench.n_sent = 0;
	bench.chip_is_slow = false;
	bench_run(&bench, 3000, 1000);
	assert_true(bench_next(&bench, &f));
	assert_int_equal(f.type, 0x95);
	assert_int_equal(f.seq, seq);
	assert_memory_equal(f.p, "\x29\2\x92\x93", 4);
	assert_false(bench_next(&bench, &f));
}

/* ---- Streams ---------------------------------------------------------------*/

static uint32_t in_three_ms(void *self, uint32_t now_us)
{
	(void)self;
	return now_us + 3000;
}

/* The board says when it has time for a stream. */
static void streams_begin_when_it_suits(void **state)
{
	struct seen f;

	(void)state;
	start(1);
	bench.board.stream_from = in_three_ms;
	bench_done(&bench, 0x08, "\0\xE8\3\1\0", 5);
	bench.reads[0] = 0;
	bench_run(&bench, 2000, 1000);
	assert_int_equal(bench.reads[0], 0);
	bench.n_sent = bench.taken = 0;
	bench_run(&bench, 30000, 1000);
	do
		assert_true(bench_next(&bench, &f));
	while (f.type != FW_TYPE_SAMPLES);
	assert_int_equal(fw_u32(f.p + 6), 3000);
}

/* Late with nothing in hand: the first tick that is sent is the later one. */
static void nothing_in_hand(void **state)
{
	struct seen f;

	(void)state;
	start(1);
	bench_done(&bench, 0x08, "\0\x64\0\1\0", 5);
	bench.n_sent = bench.taken = 0;
	bench_at(&bench, 45000);
	assert_int_equal(bench.core.stats.dropped, 4);
	bench_at(&bench, 64000);
	assert_true(bench_next(&bench, &f));
	assert_int_equal(f.p[1], 1);
	assert_int_equal(fw_u32(f.p + 2), 4);
	assert_int_equal(fw_u32(f.p + 6), 40000);
}

static void wide_channel(void *self, uint8_t i, struct fw_channel *out)
{
	bench_channel(self, i & 1, out);
}

static int16_t wide_read(void *self, uint8_t i)
{
	(void)self;
	return i;
}

/* 48 channels: two ticks of them fill a frame, which then does not wait. */
static void frames_that_are_full(void **state)
{
	struct pack k = { { 0 }, 0 };
	struct seen f;

	(void)state;
	bench_init(&bench, 0, 1);
	bench.board.info.n_channels = 49;
	bench.board.channel = wide_channel;
	bench.board.read = wide_read;
	fw_init(&bench.core, &bench.board, 0);
	bench_open(&bench);
	put(&k, 0, 1);
	put(&k, 1000, 2);
	put(&k, 49, 1);
	for (uint32_t i = 0; i < 49; i++)
		put(&k, i, 1);
	bench_refused(&bench, 0x08, k.p, k.n, FW_BAD_FIELD, 3);
	k.p[3] = 48;
	bench_done(&bench, 0x08, k.p, k.n - 1);
	bench.n_sent = bench.taken = 0;
	bench_at(&bench, 0);
	bench_at(&bench, 1000);
	assert_true(bench_next(&bench, &f));
	assert_int_equal(f.type, FW_TYPE_SAMPLES);
	assert_int_equal(f.p[1], 2);
	assert_int_equal(f.n, 10 + 2 * 2 * 48);
	assert_int_equal(fw_u16(f.p + 10 + 2 * 47), 47);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bursts),
		cmocka_unit_test(bursts_that_differ),
		cmocka_unit_test(bursts_on_a_full_wire),
		cmocka_unit_test(the_end_of_a_burst_is_lost),
		cmocka_unit_test(paced_bursts),
		cmocka_unit_test(other_bus),
		cmocka_unit_test(slow_bus),
		cmocka_unit_test(streams_begin_when_it_suits),
		cmocka_unit_test(nothing_in_hand),
		cmocka_unit_test(frames_that_are_full),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
