/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * LOWER_LIMITS: what is lowered holds from then on, nothing is ever raised, and
 * no stop under way grows longer.
 */
#include "test_firmware_board.h"

static struct bench bench;
static uint32_t lease;

static void lowered_limits(void **state)
{
	struct pack k = { { 0 }, 0 };
	struct record r = { FW_LINEAR, FW_LAST, 0, 1000000, 500000 };
	struct seen f;

	(void)state;
	lease = bench_ready(&bench, 0, 1);
	bench_upload(&bench, lease, 0, 0, &r, 1);
	put(&k, 0, 1);
	put(&k, (uint32_t)-400000, 4);
	put(&k, 400000, 4);
	put(&k, 1000000, 4);
	put(&k, 10000000, 4);
	put(&k, 1000, 2);
	put(&k, 600, 2);
	f = bench_done(&bench, 0x11, k.p, k.n);
	assert_memory_equal(f.p, k.p, 21);
	f = bench_done(&bench, 0x10, k.p, 1);
	assert_memory_equal(f.p, k.p, 21);
	/* what waits in the ring is looked at again */
	k = lease_and(lease, bench.now_us + 1000);
	bench_refused(&bench, 0x0E, k.p, k.n, FW_LIMIT, FW_LIMIT_RANGE);
	k = segments(lease, 0, 1, &r, 1);
	bench_refused(&bench, 0x0D, k.p, k.n, FW_LIMIT, FW_LIMIT_RANGE);
	bench.raw[1] = 1001;
	bench_live(&bench, lease, 30000);
	assert_int_equal(bench.core.cause, FW_CAUSE_OVER_CURRENT);
}

/* A stop keeps the deceleration it began with, whatever is asked meanwhile. */
static void limits_wait_for_rest(void **state)
{
	struct record r = { FW_LINEAR, FW_LAST, 0, 500000, 900000 };
	struct pack k;
	int32_t at;

	(void)state;
	lease = bench_ready(&bench, 0, 1);
	k = (struct pack){ .n = 21 };
	memcpy(k.p, bench_done(&bench, 0x10, "\0", 1).p, 21);
	k.n = 13;
	put(&k, 2000000, 4); /* a tenth of the acceleration */
	k.n = 21;
	bench_upload(&bench, lease, 0, 0, &r, 1);
	bench_start(&bench, lease, bench.now_us);
	bench_live(&bench, lease, 250000);
	bench_done(&bench, 0x02, NULL, 0);
	at = bench.driven[0];
	bench_run(&bench, 10000, 1000);
	bench_refused(&bench, 0x11, k.p, k.n, FW_IS_BUSY, FW_LATCHED);
	/* 1.8 rad/s at 20 rad/s2: 90 ms and 81 mrad */
	bench_run(&bench, 90000, 1000);
	assert_false(fw_motion_stopping(&bench.core));
	assert_in_range(bench.driven[0] - at, 79000, 83000);
	assert_memory_equal(bench_done(&bench, 0x11, k.p, k.n).p, k.p, 21);
}

/* Each field a little above what is in force. */
static void limits_never_rise(void **state)
{
	static const struct {
		int at, bytes;
		uint32_t value;
	} raised[] = { { 1, 4, (uint32_t)-1000001 },
		       { 5, 4, 1000001 },
		       { 9, 4, 2000001 },
		       { 13, 4, 20000001 },
		       { 17, 2, 3001 },
		       { 19, 2, 701 } };
	struct seen f;

	(void)state;
	lease = bench_ready(&bench, 0, 1);
	f = bench_done(&bench, 0x10, "\0", 1);
	for (size_t i = 0; i < sizeof(raised) / sizeof(raised[0]); i++) {
		struct pack k = { { 0 }, (size_t)raised[i].at };

		memcpy(k.p, f.p, 21);
		put(&k, raised[i].value, raised[i].bytes);
		bench_refused(&bench, 0x11, k.p, 21, FW_LIMIT, FW_LIMIT_RAISED);
		memset(k.p + 13, 0, 4);
		memcpy(k.p + 1, f.p + 1, 12);
		bench_refused(&bench, 0x11, k.p, 21, FW_BAD_FIELD, 13);
	}
	assert_memory_equal(bench_done(&bench, 0x10, "\0", 1).p, f.p, 21);
}

/* STATUS has 16 bits of 0.1 mrad: beyond them it says the most there is. */
static void far_angles(void **state)
{
	static const struct {
		int32_t urad;
		int16_t said;
	} cases[] = {
		{ 3276700, 32767 },
		{ 3276749, 32767 },
		{ 3276750, 32767 },
		{ 4000000, 32767 },
		{ -3276700, -32767 },
		{ -3276750, -32767 },
		{ -4000000, -32767 },
		{ 49, 0 },
		{ 50, 1 },
		{ -49, 0 },
		{ -50, -1 },
		{ 12345, 123 },
	};

	(void)state;
	bench_ready(&bench, 0, 1);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct seen f;

		bench.core.axis[0].at_urad = cases[i].urad;
		f = bench_done(&bench, 0x03, NULL, 0);
		assert_int_equal((int16_t)fw_u16(f.p + 16), cases[i].said);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lowered_limits),
		cmocka_unit_test(limits_wait_for_rest),
		cmocka_unit_test(limits_never_rise),
		cmocka_unit_test(far_angles),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
