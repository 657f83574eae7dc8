/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Programs that were right when they came: the limits, the angle or a guard
 * changed meanwhile, and they are looked at again or dropped up to their end.
 */
#include "test_firmware_board.h"

enum { START = 7000000 };

static struct bench bench;
static uint32_t lease;

static const struct record push = { FW_LINEAR, FW_GUARDED, 500, 1000000,
				    500000 };
static const struct record back = { FW_LINEAR, 0, 0, 1000000, 0 };

static void refused(const struct record *r, uint8_t n, uint16_t first,
		    unsigned limit)
{
	const struct pack k = segments(lease, 0, first, r, n);

	bench_refused(&bench, 0x0D, k.p, k.n, FW_LIMIT, limit);
}

static void start_refused(unsigned limit)
{
	const struct pack k = lease_and(lease, bench.now_us);

	bench_refused(&bench, 0x0E, k.p, k.n, FW_LIMIT, limit);
	assert_int_equal(bench.core.state, FW_ARMED);
}

static void lower_speed(uint32_t urad_s)
{
	struct pack k = { { 0 }, 0 };

	memcpy(k.p, bench_done(&bench, 0x10, "\0", 1).p, 21);
	k.n = 9;
	put(&k, urad_s, 4);
	bench_done(&bench, 0x11, k.p, 21);
}

static void torque(bool on)
{
	struct pack k = lease_and(lease, 1);

	k.p[8] = on;
	bench_done(&bench, 0x12, k.p, 9);
}

/* Until its guard has tripped and it stands. */
static void trip(void)
{
	bench_start(&bench, lease, bench.now_us);
	bench_live(&bench, lease, 100000);
	bench.raw[1] = 501;
	bench_live(&bench, lease, 24000);
	bench.raw[1] = 0;
	bench_live(&bench, lease, 100000);
	assert_int_equal(bench.core.axis[0].mode, FW_HOLDING);
}

/* What comes after a trip is dropped unseen up to its end, and no further. */
static void the_rest_is_dropped(void **state)
{
	const struct record rest[3] = {
		{ FW_LINEAR, 0, 0, 1000, 2000000 },
		{ FW_LINEAR, FW_LAST, 0, 1000, -2000000 },
		{ FW_LINEAR, FW_LAST, 0, 1000000, 2000000 },
	};
	struct record good[3];

	(void)state;
	memcpy(good, rest, sizeof good);
	good[2].target_urad = 60000;
	for (int at_once = 0; at_once < 2; at_once++) {
		lease = bench_ready(&bench, START, 1);
		bench_upload(&bench, lease, 0, 0, &push, 1);
		bench_upload(&bench, lease, 0, 1, &back, 1);
		trip();
		refused(rest, 3, 2, FW_LIMIT_RANGE);
		if (at_once) {
			bench_upload(&bench, lease, 0, 2, good, 3);
		} else {
			bench_upload(&bench, lease, 0, 2, good, 1);
			bench_upload(&bench, lease, 0, 3, good + 1, 1);
			refused(rest + 2, 1, 4, FW_LIMIT_RANGE);
			bench_upload(&bench, lease, 0, 4, good + 2, 1);
		}
		assert_int_equal(bench.core.axis[0].count, 1);
		bench_live(&bench, lease, 2000);
		assert_int_equal(bench.core.state, FW_ARMED);
		bench_start(&bench, lease, bench.now_us);
		bench_live(&bench, lease, 1001000);
		assert_int_equal(bench.driven[0], 60000);
	}
}

/* Flushed, nothing of it is to come any more. */
static void a_flush_ends_the_dropping(void **state)
{
	const struct record r = { FW_LINEAR, FW_LAST, 0, 1000000, 60000 };
	struct pack k;

	(void)state;
	lease = bench_ready(&bench, START, 1);
	bench_upload(&bench, lease, 0, 0, &push, 1);
	bench_upload(&bench, lease, 0, 1, &back, 1);
	trip();
	k = lease_and(lease, 0);
	bench_done(&bench, 0x0F, k.p, 4);
	bench_upload(&bench, lease, 0, 0, &r, 1);
	assert_int_equal(bench.core.axis[0].count, 1);
}

/* The next program was right from where the last one would have ended. */
static void the_next_one_begins_elsewhere(void **state)
{
	struct record r[3] = { push,
			       { FW_LINEAR, FW_LAST, 0, 1000000, 900000 },
			       { FW_LINEAR, FW_LAST, 0, 100000, 1000000 } };

	(void)state;
	lease = bench_ready(&bench, START, 1);
	bench_upload(&bench, lease, 0, 0, r, 3);
	trip();
	assert_int_equal(bench.core.axis[0].count, 1);
	bench_live(&bench, lease, 2000);
	start_refused(FW_LIMIT_SPEED);
}

/* Lowered between two uploads: the first one does not slip through. */
static void lowered_between_uploads(void **state)
{
	struct record r[3] = { { FW_LINEAR, 0, 0, 1000000, 300000 },
			       { FW_LINEAR, 0, 0, 1000000, 350000 },
			       { FW_LINEAR, FW_LAST, 0, 1000000, 300000 } };

	(void)state;
	lease = bench_ready(&bench, START, 1);
	bench_upload(&bench, lease, 0, 0, r, 1);
	lower_speed(299999);
	bench_upload(&bench, lease, 0, 1, r + 1, 2);
	start_refused(FW_LIMIT_SPEED);
}

/* It sank while it was limp: the way is longer now. */
static void limp_in_between(void **state)
{
	const struct record r = { FW_LINEAR, FW_LAST, 0, 1000000, 900000 };

	(void)state;
	lease = bench_ready(&bench, START, 1);
	lower_speed(1000000);
	bench_upload(&bench, lease, 0, 0, &r, 1);
	torque(false);
	bench.raw[0] = -1001;
	torque(true);
	assert_int_equal(bench.driven[0], -100100);
	start_refused(FW_LIMIT_SPEED);
	torque(false);
	bench.raw[0] = -1000;
	torque(true);
	bench_start(&bench, lease, bench.now_us);
	bench_live(&bench, lease, 1001000);
	assert_int_equal(bench.driven[0], 900000);
}

/* The third of three, behind the end of the ring's memory. */
static void each_segment_is_looked_at(void **state)
{
	struct record step = { FW_LINEAR, 0, 0, 10000, 0 };
	const struct record r[3] = { { FW_LINEAR, 0, 0, 1000000, 200000 },
				     { FW_LINEAR, 0, 0, 1000000, 400000 },
				     { FW_LINEAR, FW_LAST, 0, 1000000,
				       700000 } };
	uint16_t n;

	(void)state;
	lease = bench_ready(&bench, START, 1);
	for (n = 0; n < FW_RING - 2; n += 2) {
		step.flags = 0;
		bench_upload(&bench, lease, 0, n, &step, 1);
		step.flags = FW_LAST;
		bench_upload(&bench, lease, 0, (uint16_t)(n + 1), &step, 1);
		bench_start(&bench, lease, bench.now_us);
		bench_live(&bench, lease, 21000);
		assert_int_equal(bench.core.state, FW_ARMED);
	}
	assert_int_equal(bench.core.axis[0].head, FW_RING - 2);
	bench_upload(&bench, lease, 0, n, r, 3);
	lower_speed(250000);
	start_refused(FW_LIMIT_SPEED);
}

/* What waits in the ring is gone, and the plan begins where it stands. */
static void a_flush_at_rest(void **state)
{
	const struct record far = { FW_LINEAR, 0, 0, 1000000, 900000 };
	const struct record near = { FW_LINEAR, FW_LAST, 0, 100000, -100000 };
	struct pack k;
	struct seen f;

	(void)state;
	lease = bench_ready(&bench, START, 1);
	bench_upload(&bench, lease, 0, 0, &far, 1);
	f = bench_done(&bench, 0x03, NULL, 0);
	assert_int_equal(f.p[14], 7);
	k = lease_and(lease, 0);
	f = bench_done(&bench, 0x0F, k.p, 4);
	assert_int_equal(f.p[14], 8);
	bench_upload(&bench, lease, 0, 0, &near, 1);
}

/* While it decelerates, from where that will end: 171 mrad. */
static void a_plan_from_a_stop(void **state)
{
	const struct record fast = { FW_LINEAR, FW_LAST, 0, 500000, 900000 };
	struct record r = { FW_LINEAR, FW_LAST, 0, 10000, 191010 };
	struct pack k;

	(void)state;
	lease = bench_ready(&bench, START, 1);
	bench_upload(&bench, lease, 0, 0, &fast, 1);
	bench_start(&bench, lease, bench.now_us);
	bench_live(&bench, lease, 50000);
	k = lease_and(lease, 0);
	bench_done(&bench, 0x0F, k.p, 4);
	refused(&r, 1, 0, FW_LIMIT_SPEED);
	r.target_urad = 190990;
	bench_upload(&bench, lease, 0, 0, &r, 1);
	bench_live(&bench, lease, 100000);
	bench_start(&bench, lease, bench.now_us);
}

/* The same start as before the flush is another one. */
static void the_same_start_again(void **state)
{
	const struct record r = { FW_LINEAR, FW_LAST, 0, 1000000, 500000 };
	const uint32_t ahead = 50000;
	uint32_t start;
	struct pack k;

	(void)state;
	lease = bench_ready(&bench, START, 1);
	bench_upload(&bench, lease, 0, 0, &r, 1);
	start = bench.now_us + ahead;
	bench_start(&bench, lease, start);
	k = lease_and(lease, 0);
	bench_done(&bench, 0x0F, k.p, 4);
	bench_upload(&bench, lease, 0, 0, &r, 1);
	bench_start(&bench, lease, start);
	assert_int_equal(bench.core.state, FW_RUNNING);
	bench_live(&bench, lease, ahead + 100000);
	assert_int_equal(bench.driven[0], 50000);
}

/* The longest segment there may be, and how late is late. */
static void bounds_are_exact(void **state)
{
	struct record r = { FW_LINEAR, FW_LAST, 0, 60000000, 500000 };
	struct pack k;

	(void)state;
	lease = bench_ready(&bench, START, 1);
	bench_upload(&bench, lease, 0, 0, &r, 1);
	k = lease_and(lease, bench.now_us - 1);
	bench_refused(&bench, 0x0E, k.p, k.n, FW_LATE, 0);
	k = lease_and(lease, bench.now_us - 999000);
	bench_refused(&bench, 0x0E, k.p, k.n, FW_LATE, 999);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_rest_is_dropped),
		cmocka_unit_test(a_flush_ends_the_dropping),
		cmocka_unit_test(the_next_one_begins_elsewhere),
		cmocka_unit_test(lowered_between_uploads),
		cmocka_unit_test(limp_in_between),
		cmocka_unit_test(each_segment_is_looked_at),
		cmocka_unit_test(a_flush_at_rest),
		cmocka_unit_test(a_plan_from_a_stop),
		cmocka_unit_test(the_same_start_again),
		cmocka_unit_test(bounds_are_exact),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
