/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Stops where they are hardest: after the end of a segment that nobody looked
 * at, at the ends of the range and outside of it, on a board without an angle.
 */
#include "test_firmware_board.h"

#include <stdlib.h>

static struct bench bench;
static uint32_t lease;

static void run_one(const struct record *r, uint32_t us)
{
	bench_upload(&bench, lease, 0, 0, r, 1);
	bench_start(&bench, lease, bench.now_us);
	bench_live(&bench, lease, us);
}

/* The loop is late: the stop comes before anybody saw the segment end. */
static void stop_after_the_end(void **state)
{
	const struct record ease = { FW_EASE, FW_LAST, 0, 100000, 30000 };
	const struct record line = { FW_LINEAR, FW_LAST, 0, 100000, 100000 };
	struct seen f;

	(void)state;
	for (int late = 0; late <= 5000; late += 5000) {
		lease = bench_ready(&bench, 7000000, 1);
		run_one(&ease, 99000);
		bench.now_us += 1000u + (uint32_t)late;
		f = bench_done(&bench, 0x02, NULL, 0);
		assert_int_equal(f.p[15], 0);
		assert_int_equal(fw_u16(f.p + 16), 300);
		bench_run(&bench, 100000, 1000);
		assert_int_equal(bench.driven[0], 30000);
		/* a line ends at full speed: 1 rad/s takes 25 mrad more */
		lease = bench_ready(&bench, 7000000, 1);
		run_one(&line, 99000);
		bench.now_us += 1000u + (uint32_t)late;
		f = bench_done(&bench, 0x02, NULL, 0);
		assert_int_equal(f.p[15], 2);
		bench_run(&bench, 100000, 1000);
		assert_in_range(bench.driven[0], 124990, 125001);
	}
}

/* 6 x (1 - x) of its mean speed, at 20 rad/s2. */
static void stop_on_an_ease(void **state)
{
	static const struct {
		uint32_t us;
		int32_t lo, hi; /* where it comes to rest */
	} cases[] = { { 250000, 86020, 86040 },
		      { 500000, 264050, 264070 },
		      { 750000, 429760, 429800 } };
	const struct record r = { FW_EASE, FW_LAST, 0, 1000000, 500000 };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		lease = bench_ready(&bench, 7000000, 1);
		run_one(&r, cases[i].us);
		bench_done(&bench, 0x02, NULL, 0);
		bench_run(&bench, 100000, 1000);
		assert_in_range(bench.driven[0], cases[i].lo, cases[i].hi);
	}
}

/* Nothing moves in a hold: there is nothing to wait for. */
static void stop_in_a_hold(void **state)
{
	const struct record r = { FW_HOLD, FW_LAST, 0, 1000000, 500000 };
	struct seen f;

	(void)state;
	lease = bench_ready(&bench, 7000000, 1);
	run_one(&r, 100000);
	f = bench_done(&bench, 0x02, NULL, 0);
	assert_int_equal(f.p[15], 0);
	assert_int_equal(f.p[14], 8);
	bench_done(&bench, 0x0C, NULL, 0);
	assert_int_equal(bench.driven[0], 0);
}

/* What waits for its start has nothing to decelerate. */
static void stop_before_the_start(void **state)
{
	const struct record r = { FW_LINEAR, FW_LAST, 0, 100000, 100000 };
	struct seen f;

	(void)state;
	lease = bench_ready(&bench, 7000000, 1);
	bench_upload(&bench, lease, 0, 0, &r, 1);
	bench_start(&bench, lease, bench.now_us + 50000);
	bench_live(&bench, lease, 49000);
	assert_int_equal(bench.core.axis[0].mode, FW_WAITING);
	f = bench_done(&bench, 0x02, NULL, 0);
	assert_int_equal(f.p[15], 0);
	assert_int_equal(bench.core.axis[0].mode, FW_HOLDING);
	bench_run(&bench, 300000, 1000);
	assert_int_equal(bench.driven[0], 0);
	bench_done(&bench, 0x0C, NULL, 0);
}

/* At 2 rad/s 50 mrad before the end, a stop takes 100 mrad. */
static void stop_at_the_end_of_the_range(void **state)
{
	(void)state;
	for (int sign = -1; sign <= 1; sign += 2) {
		const struct record r = { FW_LINEAR, FW_LAST, 0, 500000,
					  sign * 1000000 };

		lease = bench_ready(&bench, 7000000, 1);
		run_one(&r, 475000);
		assert_int_equal(bench.driven[0], sign * 950000);
		bench_done(&bench, 0x02, NULL, 0);
		for (int i = 0; i < 200; i++) {
			bench_run(&bench, 1000, 1000);
			assert_true(abs(bench.driven[0]) <= 1000000);
		}
		assert_int_equal(bench.driven[0], sign * 1000000);
		assert_false(fw_motion_stopping(&bench.core));
	}
}

/* It was found outside and is on its way in: it is not thrown to the limit. */
static void stop_outside_the_range(void **state)
{
	(void)state;
	for (int sign = -1; sign <= 1; sign += 2) {
		const struct record r = { FW_LINEAR, FW_LAST, 0, 400000,
					  sign * 900000 };
		int32_t was, step;

		bench_init(&bench, 7000000, 1);
		bench.raw[0] = (int16_t)(sign * 12000);
		bench_open(&bench);
		lease = bench_arm(&bench, 5);
		assert_int_equal(bench.driven[0], sign * 1200000);
		run_one(&r, 200000);
		assert_int_equal(bench.driven[0], sign * 1050000);
		bench_done(&bench, 0x02, NULL, 0);
		for (int i = 0; i < 100; i++) {
			was = bench.driven[0];
			bench_run(&bench, 1000, 1000);
			step = sign * (was - bench.driven[0]);
			assert_in_range(step, 0, 751);
		}
		/* 0.75 rad/s at 20 rad/s2: 14 mrad */
		assert_in_range(abs(bench.driven[0]), 1035000, 1037000);
	}
}

/* However low the host has set it: a stop is over within a minute. */
static void a_stop_takes_a_minute_at_most(void **state)
{
	bool rest;

	(void)state;
	assert_int_equal(fw_curve_stop(600000, 1, 59000000, &rest), 17993289);
	assert_false(rest);
	assert_int_equal(fw_curve_stop(600000, 1, 60000000, &rest), 17998200);
	assert_true(rest);
	assert_int_equal(fw_curve_stop(-600000, 1, UINT32_MAX, &rest),
			 -17998200);
	assert_true(rest);
	assert_int_equal(fw_curve_stop(0, 1, 0, &rest), 0);
	assert_true(rest);
	/* the very microsecond: 1 rad/s at 20 rad/s2 */
	fw_curve_stop(1000000, 20000000, 49999, &rest);
	assert_false(rest);
	assert_int_equal(fw_curve_stop(1000000, 20000000, 50000, &rest), 25000);
	assert_true(rest);
}

/* Nothing says where it is: it begins where it was told last. */
static void without_an_angle(void **state)
{
	const struct record guarded = { FW_LINEAR, FW_GUARDED, 500, 100000,
					100000 };
	const struct record r = { FW_LINEAR, FW_LAST, 0, 100000, 100000 };
	struct pack k;

	(void)state;
	bench_init(&bench, 7000000, 1);
	bench.board.info.n_channels = 0;
	fw_init(&bench.core, &bench.board, 7000000);
	bench_open(&bench);
	lease = bench_arm(&bench, 5);
	assert_true(bench.torque[0]);
	k = segments(lease, 0, 0, &guarded, 1);
	bench_refused(&bench, 0x0D, k.p, k.n, FW_UNSUPPORTED, 0);
	run_one(&r, 150000);
	assert_int_equal(bench.driven[0], 100000);
	k = lease_and(lease, 1);
	bench_done(&bench, 0x12, k.p, 9);
	assert_false(bench.torque[0]);
	k.p[8] = 1;
	bench_done(&bench, 0x12, k.p, 9);
	assert_true(bench.torque[0]);
	assert_int_equal(bench.driven[0], 100000);
	assert_int_equal(bench.reads[0] + bench.reads[1], 0);
	/* and nothing to look at is no reason to turn all the time */
	bench_live(&bench, lease, 5000);
	assert_true(fw_due(&bench.core, bench.now_us) >= 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stop_after_the_end),
		cmocka_unit_test(stop_on_an_ease),
		cmocka_unit_test(stop_in_a_hold),
		cmocka_unit_test(stop_before_the_start),
		cmocka_unit_test(stop_at_the_end_of_the_range),
		cmocka_unit_test(stop_outside_the_range),
		cmocka_unit_test(a_stop_takes_a_minute_at_most),
		cmocka_unit_test(without_an_angle),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
