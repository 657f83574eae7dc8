/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Requests that move nothing: lengths and fields of every type, HELLO, the
 * dictionary, streams, rates, lamps, statistics.
 */
#include "test_firmware_board.h"

#include <stdlib.h>

static struct bench bench;

static void start(uint8_t axes)
{
	bench_init(&bench, 0, axes);
	bench_open(&bench);
}

/* Payload length of each request with all counts 0; 00 is no request. */
static const uint8_t lengths[] = { 0, 8, 0, 0, 2, 0,  1, 0,  4, 4, 4, 4,
				   0, 8, 8, 4, 1, 21, 9, 11, 5, 3, 2 };

static void every_length_of_every_type(void **state)
{
	uint8_t p[40] = { 0 };

	(void)state;
	for (uint8_t type = 0; type < 0x40; type++)
		for (uint8_t n = 0; n < 40; n++) {
			struct seen f;

			start(1);
			f = bench_ask(&bench, type, p, n);
			if (type == 0 || type > 0x16)
				assert_int_equal(f.p[1], FW_UNKNOWN_TYPE);
			else if (n != lengths[type])
				assert_true(f.p[1] == FW_BAD_LENGTH &&
					    fw_u16(f.p + 2) == n);
			else if (f.type == 0xFF)
				assert_true(f.p[1] != FW_BAD_LENGTH);
		}
}

/* Counts inside the payload make it longer: STREAM, SEGMENTS, I2C. */
static void counted_lengths(void **state)
{
	static const struct {
		uint8_t type, fixed, count_at, each;
	} counted[] = { { 0x08, 4, 3, 1 },
			{ 0x0D, 8, 5, 12 },
			{ 0x15, 3, 1, 1 } };

	(void)state;
	start(1);
	for (size_t i = 0; i < 3; i++)
		for (uint8_t k = 1; k < 10; k++) {
			uint8_t p[200] = { 0 };
			size_t n =
				counted[i].fixed + (size_t)k * counted[i].each;

			p[counted[i].count_at] = k;
			bench_refused(&bench, counted[i].type, p, n - 1,
				      FW_BAD_LENGTH, (unsigned)n - 1);
			bench_refused(&bench, counted[i].type, p, n + 1,
				      FW_BAD_LENGTH, (unsigned)n + 1);
		}
}

/* Ours to ignore: an echo of what controllers send must not start a chat. */
static void other_types(void **state)
{
	(void)state;
	start(1);
	bench.n_sent = 0;
	for (int type = 0x40; type <= 0xFF; type++)
		bench_send(&bench, (uint8_t)type, NULL, 0);
	assert_int_equal(bench.n_sent, 0);
}

struct field {
	uint8_t type, n, detail;
	uint8_t p[12];
};

/* ERROR 3 BAD_FIELD, the offset of the field. */
static const struct field fields[] = {
	{ 0x01, 8, 0, "GHLX\1AAQ" },
	{ 0x04, 2, 0, { 3, 0 } },
	{ 0x04, 2, 1, { 0, 2 } },
	{ 0x04, 2, 1, { 1, 1 } },
	{ 0x04, 2, 1, { 2, 1 } },
	{ 0x06, 1, 0, { 4 } },
	{ 0x06, 1, 0, { 255 } },
	{ 0x08, 5, 0, { 2, 100, 0, 1, 0 } },
	{ 0x08, 4, 3, { 0, 100, 0, 0 } },
	{ 0x08, 5, 3, { 0, 0, 0, 1, 0 } },
	{ 0x08, 6, 5, { 0, 100, 0, 2, 0, 2 } },
	{ 0x08, 5, 1, { 0, 0xE9, 3, 1, 0 } },
	{ 0x10, 1, 0, { 1 } },
	{ 0x13, 11, 0, { 1 } },
	{ 0x13, 11, 5, { 0, 0, 0, 0, 0, 0, 0x10 } },
	{ 0x14, 5, 0, { 2, 0xE8, 3, 1, 0 } },
	{ 0x14, 5, 1, { 0, 0xE7, 3, 1, 0 } },
	{ 0x14, 5, 1, { 0, 0xE9, 3, 1, 0 } },
	{ 0x14, 5, 3, { 0, 0xE8, 3, 0, 0 } },
};

static void bad_fields(void **state)
{
	(void)state;
	start(1);
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		bench_refused(&bench, fields[i].type, fields[i].p, fields[i].n,
			      FW_BAD_FIELD, fields[i].detail);
}

static void bad_records(void **state)
{
	struct record r = { 3, 0, 0, 1000, 0 };
	uint32_t lease;
	struct pack k;

	(void)state;
	start(1);
	lease = bench_arm(&bench, 1);
	k = segments(lease, 1, 0, &r, 1);
	bench_refused(&bench, 0x0D, k.p, k.n, FW_BAD_FIELD, 4);
	k = segments(lease, 0, 0, &r, 1);
	bench_refused(&bench, 0x0D, k.p, k.n, FW_BAD_FIELD, 8);
	r = (struct record){ FW_HOLD, 0, 0, 999, 0 };
	k = segments(lease, 0, 0, &r, 1);
	bench_refused(&bench, 0x0D, k.p, k.n, FW_BAD_FIELD, 12);
	r.duration_us = 60000001;
	k = segments(lease, 0, 0, &r, 1);
	bench_refused(&bench, 0x0D, k.p, k.n, FW_BAD_FIELD, 12);
	bench.core.axis[0].channel[FW_CURRENT] = FW_NO_CHANNEL;
	r = (struct record){ FW_HOLD, FW_GUARDED, 0, 1000, 0 };
	k = segments(lease, 0, 0, &r, 1);
	bench_refused(&bench, 0x0D, k.p, k.n, FW_UNSUPPORTED, 0);
}

static void hello_of_another_major(void **state)
{
	struct seen a, b;

	(void)state;
	start(1);
	a = bench_done(&bench, 0x01, "GHLT\1AAQ", 8);
	b = bench_done(&bench, 0x01, "GHLT\7xyz", 8);
	assert_int_equal(a.n, b.n);
	assert_memory_equal(a.p, b.p, a.n);
}

static void dictionary(void **state)
{
	static const uint8_t counts[] = { 6, 3, 1 };
	uint8_t all[1024];
	size_t n = 0;
	struct seen f;

	(void)state;
	start(3);
	for (uint8_t kind = 0; kind < 3; kind++)
		for (uint8_t i = 0; i < counts[kind]; i++) {
			uint8_t p[] = { kind, i };

			f = bench_done(&bench, 0x04, p, 2);
			assert_int_equal(f.p[2], counts[kind]);
			memcpy(all + n, f.p, f.n);
			n += f.n;
		}
	f = bench_done(&bench, 0x01, "GHLT\1AAQ", 8);
	assert_int_equal(fw_u32(f.p + 16), bench_crc(all, n));
}

/* Frames of stream 0: numbers without gaps, times on the grid. */
static unsigned count_ticks(struct bench *b, uint32_t period_us, uint32_t *next,
			    uint8_t n)
{
	struct seen f;
	unsigned ticks = 0;

	while (bench_next(b, &f)) {
		if (f.type != FW_TYPE_SAMPLES)
			continue;
		assert_int_equal(fw_u32(f.p + 2), *next);
		assert_int_equal(fw_u32(f.p + 6), *next * period_us);
		assert_int_equal(f.n, 10 + 2 * n * f.p[1]);
		*next += f.p[1];
		ticks += f.p[1];
	}
	return ticks;
}

static void streams(void **state)
{
	static const uint16_t rates[] = { 1, 7, 50, 100, 333, 1000 };
	uint32_t next;

	(void)state;
	for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		struct pack k = { { 0 }, 0 };
		struct seen f;

		bench_init(&bench, 0, 1);
		bench_bytes(&bench, (const uint8_t *)"", 1);
		put(&k, 0, 1);
		put(&k, rates[i], 2);
		put(&k, 2, 1);
		put(&k, 0x0001, 2);
		f = bench_done(&bench, 0x08, k.p, k.n);
		bench.n_sent = bench.taken = 0;
		for (int t = 0; t < 2000; t++) {
			uint32_t in = fw_due(&bench.core, bench.now_us);

			if (bench.now_us + in > 1999999)
				break;
			bench_at(&bench, bench.now_us + in);
		}
		bench_at(&bench, 2000000 - 1);
		next = 0;
		count_ticks(&bench, fw_u32(f.p + 2), &next, 2);
		assert_in_range(next, 2 * rates[i] - rates[i] / 40 - 1,
				2 * rates[i] + 1);
		assert_int_equal(bench.core.stats.dropped, 0);
	}
}

/* A loop that came 35 ms late: ticks missing, numbers say which. */
static void late_ticks(void **state)
{
	struct seen f;

	(void)state;
	start(1);
	bench_done(&bench, 0x08, "\0\x64\0\1\0", 5);
	bench_at(&bench, 0);
	bench.n_sent = bench.taken = 0;
	bench_at(&bench, 35000);
	assert_true(bench_next(&bench, &f));
	assert_int_equal(f.p[1], 1);
	assert_int_equal(fw_u32(f.p + 2), 0);
	assert_int_equal(bench.core.stats.dropped, 2);
	bench_at(&bench, 60000);
	assert_true(bench_next(&bench, &f));
	assert_int_equal(fw_u32(f.p + 2), 3);
	assert_int_equal(fw_u32(f.p + 6), 30000);
}

static void too_many_samples(void **state)
{
	(void)state;
	start(1);
	bench.board.info.max_sample_rate = 2500;
	bench_done(&bench, 0x08, "\0\xE8\3\2\0\1", 6);
	bench_refused(&bench, 0x08, "\1\xE8\3\1\0", 5, FW_BAD_FIELD, 1);
	bench_done(&bench, 0x08, "\0\xE8\3\2\0\1", 6);
	bench_done(&bench, 0x08, "\1\xF4\1\1\0", 5);
}

/* Nobody takes bytes away: samples are lost and counted, replies are not. */
static void full_wire(void **state)
{
	uint8_t wire[16];

	(void)state;
	start(1);
	bench_done(&bench, 0x08, "\0\xE8\3\2\0\1", 6);
	for (int i = 0; i < 3000; i++)
		fw_poll(&bench.core, bench.now_us += 1000);
	assert_true(bench.core.stats.dropped > 3000);
	bench_collect(&bench);
	bench.now_us += 1;
	bench_bytes(&bench, wire, bench_encode(wire, 0x05, 9, NULL, 0));
	bench_done(&bench, 0x05, NULL, 0);
}

static void rates(void **state)
{
	(void)state;
	start(1);
	bench.rate = -1;
	bench.busy_wire = true;
	bench_done(&bench, 0x06, "\3", 1);
	bench_run(&bench, 5000, 1000);
	assert_int_equal(bench.rate, -1);
	bench.busy_wire = false;
	bench_run(&bench, 1000, 1000);
	assert_int_equal(bench.rate, 3);
	bench_run(&bench, 499000, 1000);
	assert_int_equal(bench.rate, 3);
	bench_run(&bench, 1000, 1000);
	assert_int_equal(bench.rate, 0);
	/* and now it is confirmed */
	bench_done(&bench, 0x06, "\2", 1);
	bench_run(&bench, 100000, 1000);
	bench_done(&bench, 0x05, NULL, 0);
	bench_run(&bench, 2000000, 1000);
	assert_int_equal(bench.rate, 2);
}

/* Nobody looks at what is said meanwhile. */
static void pass(uint32_t us)
{
	for (uint32_t t = 0; t < us; t += 100000) {
		bench_run(&bench, 100000, 1000);
		bench.n_sent = bench.taken = 0;
	}
}

/* Section 6: whoever set the rate is silent for 5 s, and streams still run. */
static void deserted(uint8_t scale, enum fw_state then)
{
	bench_init(&bench, 0, 1);
	bench.board.info.time_scale = scale;
	bench_open(&bench);
	bench_done(&bench, 0x06, "\3", 1);
	bench_done(&bench, 0x08, "\0\x64\0\1\0", 5);
	bench_run(&bench, 100000, 1000);
	assert_int_equal(bench.rate, 3);
	bench_done(&bench, 0x05, NULL, 0);
	if (then == FW_LATCHED)
		bench_done(&bench, 0x02, NULL, 0);
	pass(5000000u * scale - 100000);
	bench_run(&bench, 99000, 1000);
	assert_int_equal(bench.rate, 3);
	assert_true(fw_busy(&bench.core));
	bench_run(&bench, 1000, 1000);
	assert_int_equal(bench.rate, 0);
	bench_run(&bench, 1000, 1000); /* the lamps */
	assert_false(fw_busy(&bench.core));
	assert_int_equal(bench.core.state, then);
}

static void deserted_rates(void **state)
{
	uint32_t lease;

	(void)state;
	deserted(1, FW_IDLE);
	deserted(1, FW_LATCHED);
	deserted(3, FW_IDLE);
	/* whoever asks keeps it, and so does a lease until its watchdog */
	start(1);
	bench_done(&bench, 0x06, "\3", 1);
	bench_run(&bench, 1000, 1000);
	for (int i = 0; i < 4; i++) {
		bench_done(&bench, 0x05, NULL, 0);
		pass(4900000);
	}
	lease = bench_arm(&bench, 1);
	for (int i = 0; i < 6; i++) {
		bench_live(&bench, lease, 1000000);
		bench.n_sent = bench.taken = 0;
	}
	assert_int_equal(bench.rate, 3);
}

/* At the first rate too: no light and no stream outlives its host. */
static void deserted_lamps(void **state)
{
	static const uint8_t lit[11] = { 0, 0, 0, 0xE8, 3 };

	(void)state;
	start(1);
	bench.rate = -1;
	bench_done(&bench, 0x08, "\0\x64\0\1\0", 5);
	bench_done(&bench, 0x13, lit, sizeof(lit));
	pass(4900000);
	assert_int_equal(bench.level[0], 1000);
	bench_run(&bench, 102000, 1000);
	assert_int_equal(bench.level[0], 0);
	assert_false(fw_busy(&bench.core));
	assert_int_equal(bench.rate, -1);
	/* once: what nobody waits for wakes nobody */
	bench_done(&bench, 0x16, "\1\0", 2);
	pass(6000000);
	assert_int_equal(fw_due(&bench.core, bench.now_us), FW_NEVER);
	/* a host that comes back is served as ever, and watched again */
	bench_done(&bench, 0x13, lit, sizeof(lit));
	pass(4000000);
	assert_int_equal(bench.level[0], 1000);
	pass(1100000);
	assert_int_equal(bench.level[0], 0);
}

static void lamps(void **state)
{
	(void)state;
	start(1);
	bench_done(&bench, 0x13, "\0\0\0\xE8\3\0\0\0\0\0\0", 11);
	assert_int_equal(bench.level[0], 1000);
	bench_done(&bench, 0x13, "\0\x64\0\0\0\xE8\3\0\0\0\0", 11);
	bench_run(&bench, 50000, 1000);
	assert_int_equal(bench.level[0], 500);
	assert_int_equal(bench.level[1], 500);
	bench_done(&bench, 0x02, NULL, 0);
	bench_run(&bench, 50000, 1000);
	assert_int_equal(bench.level[0], 0);
	assert_int_equal(bench.level[1], 1000);
}

static void statistics(void **state)
{
	struct seen f;
	uint32_t lease;

	(void)state;
	start(1);
	lease = bench_arm(&bench, 1);
	bench_run(&bench, 30000, 1000);
	bench_beat(&bench, lease);
	bench_run(&bench, 7000, 7000);
	bench_bytes(&bench, (const uint8_t *)"\3\1", 3);
	fw_overrun(&bench.core, 5);
	f = bench_done(&bench, 0x07, NULL, 0);
	assert_int_equal(fw_u32(f.p), 4);
	assert_int_equal(fw_u32(f.p + 4), 1);
	assert_int_equal(fw_u32(f.p + 8), 5);
	assert_int_equal(fw_u32(f.p + 16), 30000);
	assert_int_equal(fw_u32(f.p + 20), 7000);
}

static void clock_wraps(void **state)
{
	struct seen f;

	(void)state;
	bench_init(&bench, UINT32_MAX - 500000, 1);
	bench_bytes(&bench, (const uint8_t *)"", 1);
	f = bench_done(&bench, 0x05, NULL, 0);
	assert_int_equal(fw_u32(f.p + 4), 4294);
	bench_run(&bench, 3000000, 100000);
	f = bench_done(&bench, 0x05, NULL, 0);
	assert_int_equal(fw_u32(f.p), 3000000 - 500001);
	assert_int_equal(fw_u32(f.p + 4), 4297);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_length_of_every_type),
		cmocka_unit_test(counted_lengths),
		cmocka_unit_test(other_types),
		cmocka_unit_test(bad_fields),
		cmocka_unit_test(bad_records),
		cmocka_unit_test(hello_of_another_major),
		cmocka_unit_test(dictionary),
		cmocka_unit_test(streams),
		cmocka_unit_test(late_ticks),
		cmocka_unit_test(too_many_samples),
		cmocka_unit_test(full_wire),
		cmocka_unit_test(rates),
		cmocka_unit_test(deserted_rates),
		cmocka_unit_test(deserted_lamps),
		cmocka_unit_test(lamps),
		cmocka_unit_test(statistics),
		cmocka_unit_test(clock_wraps),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
