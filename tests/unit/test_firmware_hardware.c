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

static void other_bus(void **state)
{
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bursts),
		cmocka_unit_test(paced_bursts),
		cmocka_unit_test(other_bus),
		cmocka_unit_test(slow_bus),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
