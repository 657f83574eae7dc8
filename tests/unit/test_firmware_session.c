/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who may move what: the state machine as a table, the lease, the watchdog,
 * STOP, limits that latch, the enable input, and events.
 */
#include "test_firmware_board.h"

static struct bench bench;
static uint32_t lease;

/* Long enough that nothing ends during a test. */
static const struct record slow = { FW_LINEAR, FW_LAST, 0, 10000000, 900000 };

static void bring_to(struct bench *b, enum fw_state state)
{
	bench_init(b, 1000000, 1);
	bench_open(b);
	lease = 77;
	if (state == FW_IDLE)
		return;
	lease = bench_arm(b, 5);
	if (state == FW_RUNNING) {
		bench_upload(b, lease, 0, 0, &slow, 1);
		bench_start(b, lease, b->now_us);
		bench_run(b, 5000, 1000);
	}
	if (state == FW_LATCHED)
		bench_done(b, 0x02, NULL, 0);
	assert_int_equal(b->core.state, state);
}

enum { N = 255 }; /* "is answered as done" */

struct row {
	uint8_t type, length;
	/* error expected in IDLE, ARMED, RUNNING, LATCHED; N: done */
	uint8_t error[4];
	/* state afterwards */
	uint8_t then[4];
};

#define STAYS                                                                  \
	{                                                                      \
		FW_IDLE, FW_ARMED, FW_RUNNING, FW_LATCHED                      \
	}

/* Section 2 and 3.6, line by line. Payload: the lease, then `rest`. */
static const struct row rows[] = {
	{ 0x02,
	  0,
	  { N, N, N, N },
	  { FW_LATCHED, FW_LATCHED, FW_LATCHED, FW_LATCHED } },
	{ 0x03, 0, { N, N, N, N }, STAYS },
	{ 0x05, 0, { N, N, N, N }, STAYS },
	{ 0x07, 0, { N, N, N, N }, STAYS },
	{ 0x0A,
	  4,
	  { FW_NOT_ARMED, N, N, FW_IS_LATCHED },
	  { FW_IDLE, FW_IDLE, FW_IDLE, FW_LATCHED } },
	{ 0x0B, 4, { FW_NOT_ARMED, N, N, FW_IS_LATCHED }, STAYS },
	{ 0x0C, 0, { N, N, N, N }, { FW_IDLE, FW_ARMED, FW_RUNNING, FW_IDLE } },
	{ 0x0D, 8, { FW_NOT_ARMED, N, N, FW_IS_LATCHED }, STAYS },
	{ 0x0E,
	  8,
	  { FW_NOT_ARMED, FW_IS_BUSY, FW_IS_BUSY, FW_IS_LATCHED },
	  STAYS },
	{ 0x0F,
	  4,
	  { FW_NOT_ARMED, N, N, FW_IS_LATCHED },
	  { FW_IDLE, FW_ARMED, FW_ARMED, FW_LATCHED } },
	{ 0x12, 9, { FW_NOT_ARMED, N, FW_IS_BUSY, FW_IS_LATCHED }, STAYS },
};

static void state_table(void **state)
{
	(void)state;
	for (size_t r = 0; r < sizeof(rows) / sizeof(rows[0]); r++)
		for (int s = FW_IDLE; s <= FW_LATCHED; s++) {
			struct pack k = { { 0 }, 0 };
			struct seen f;

			bring_to(&bench, (enum fw_state)s);
			put(&k, lease, 4);
			f = bench_ask(&bench, rows[r].type, k.p,
				      rows[r].length);
			if (rows[r].error[s] == N)
				assert_int_equal(f.type, rows[r].type | 0x80);
			else
				assert_int_equal(f.p[1], rows[r].error[s]);
			assert_int_equal(bench.core.state, rows[r].then[s]);
		}
}

static void wrong_lease(void **state)
{
	static const uint8_t leased[][2] = { { 0x0A, 4 }, { 0x0B, 4 },
					     { 0x0D, 8 }, { 0x0E, 8 },
					     { 0x0F, 4 }, { 0x12, 9 } };

	(void)state;
	for (size_t i = 0; i < sizeof(leased) / sizeof(leased[0]); i++) {
		struct pack k = { { 0 }, 0 };

		bring_to(&bench, FW_RUNNING);
		put(&k, lease + 1, 4);
		bench_refused(&bench, leased[i][0], k.p, leased[i][1],
			      FW_BAD_LEASE, 0);
		assert_int_equal(bench.core.state, FW_RUNNING);
	}
}

static void arming(void **state)
{
	struct pack k = { { 0 }, 0 };
	uint32_t again;

	(void)state;
	bench_init(&bench, 0, 2);
	bench_open(&bench);
	bench_refused(&bench, 0x09, k.p, 4, FW_BAD_FIELD, 0);
	bench.raw[0] = 1234;
	assert_false(bench.torque[0]);
	lease = bench_arm(&bench, 5);
	assert_int_not_equal(lease, 0);
	assert_true(bench.torque[0] && bench.torque[1]);
	assert_int_equal(bench.driven[0], 123400);
	assert_int_equal(bench_arm(&bench, 5), lease);
	put(&k, 6, 4);
	bench_refused(&bench, 0x09, k.p, 4, FW_IS_BUSY, FW_ARMED);
	k = lease_and(lease, 0);
	bench_done(&bench, 0x0A, k.p, 4);
	again = bench_arm(&bench, 5);
	assert_int_not_equal(again, lease);
	bench_done(&bench, 0x02, NULL, 0);
	bench_refused(&bench, 0x09, k.p, 4, FW_IS_LATCHED, FW_CAUSE_STOP);
}

/* Leases of before the reset are known: none comes twice, 0 never. */
static void leases_count_on(void **state)
{
	struct pack k;

	(void)state;
	bench_init(&bench, 0, 1);
	bench.board.info.lease_before = UINT32_MAX - 1;
	fw_init(&bench.core, &bench.board, 0);
	bench_open(&bench);
	lease = bench_arm(&bench, 5);
	assert_int_equal(lease, UINT32_MAX);
	k = lease_and(lease, 0);
	bench_done(&bench, 0x0A, k.p, 4);
	assert_int_equal(bench_arm(&bench, 5), 1);
}

/* At 100 ms, not before; other traffic does not renew it. */
static void watchdog_trips(enum fw_state from, uint32_t start_us)
{
	bench_init(&bench, start_us, 1);
	bench_open(&bench);
	lease = bench_arm(&bench, 5);
	if (from == FW_RUNNING) {
		bench_upload(&bench, lease, 0, 0, &slow, 1);
		bench_start(&bench, lease, bench.now_us);
	}
	bench_run(&bench, 30000, 1000);
	bench_beat(&bench, lease);
	for (int i = 0; i < 99; i++) {
		bench_at(&bench, bench.now_us + 1000);
		bench_done(&bench, 0x05, NULL, 0);
	}
	bench_at(&bench, bench.now_us + 999);
	assert_int_equal(bench.core.state, from);
	assert_int_equal(fw_due(&bench.core, bench.now_us) > 1, 0);
	bench_at(&bench, bench.now_us + 1);
	assert_int_equal(bench.core.state, FW_LATCHED);
	assert_int_equal(bench.core.cause, FW_CAUSE_WATCHDOG);
}

static void watchdog(void **state)
{
	(void)state;
	watchdog_trips(FW_ARMED, 0);
	watchdog_trips(FW_RUNNING, 0);
	/* across the wrap of the clock */
	watchdog_trips(FW_ARMED, UINT32_MAX - 60000);
	watchdog_trips(FW_RUNNING, UINT32_MAX - 60000);
}

/* Ten times faster than the wall: a second of controller time. */
static void watchdog_in_wall_time(void **state)
{
	(void)state;
	bench_init(&bench, 0, 1);
	bench.board.info.time_scale = 10;
	bench_open(&bench);
	lease = bench_arm(&bench, 5);
	bench_run(&bench, 999000, 1000);
	assert_int_equal(bench.core.state, FW_ARMED);
	bench_run(&bench, 1000, 1000);
	assert_int_equal(bench.core.state, FW_LATCHED);
}

static void first_cause_stays(void **state)
{
	struct seen f;

	(void)state;
	bring_to(&bench, FW_ARMED);
	bench_run(&bench, 100000, 1000);
	assert_int_equal(bench.core.cause, FW_CAUSE_WATCHDOG);
	f = bench_done(&bench, 0x02, NULL, 0);
	assert_int_equal(f.p[1], FW_CAUSE_WATCHDOG);
}

static void stop_decelerates_and_holds(void **state)
{
	struct record fast = { FW_LINEAR, FW_LAST, 0, 500000, 900000 };
	struct seen f;
	int32_t was, v, v_was = 1800;

	(void)state;
	bench_init(&bench, 0, 1);
	bench_open(&bench);
	lease = bench_arm(&bench, 5);
	bench_upload(&bench, lease, 0, 0, &fast, 1);
	bench_start(&bench, lease, bench.now_us);
	bench_run(&bench, 50000, 1000);
	f = bench_done(&bench, 0x02, NULL, 0);
	assert_int_equal(f.p[15], 2);
	bench_refused(&bench, 0x0C, NULL, 0, FW_IS_BUSY, FW_LATCHED);
	for (int i = 0; i < 200; i++) {
		was = bench.driven[0];
		bench_run(&bench, 1000, 1000);
		v = bench.driven[0] - was; /* urad per ms */
		assert_true(v >= 0 && v <= v_was + 1);
		assert_true(v_was - v <= 21); /* 20 urad per ms per ms */
		v_was = v;
	}
	/* 90 000 + v^2 / 2a with v = 1.8 rad/s */
	assert_in_range(bench.driven[0], 171000 - 2, 171000 + 2);
	f = bench_done(&bench, 0x03, NULL, 0);
	assert_int_equal(f.p[15], 0);
	assert_true(bench.torque[0]);
	bench_done(&bench, 0x0C, NULL, 0);
}

static void over_current(void **state)
{
	(void)state;
	bring_to(&bench, FW_RUNNING);
	bench.raw[1] = 3001;
	bench_live(&bench, lease, 12000); /* one look */
	bench.raw[1] = 100;
	bench_live(&bench, lease, 40000);
	assert_int_equal(bench.core.state, FW_RUNNING);
	bench.raw[1] = -3001; /* the sign does not matter */
	bench_live(&bench, lease, 30000);
	assert_int_equal(bench.core.state, FW_LATCHED);
	assert_int_equal(bench.core.cause, FW_CAUSE_OVER_CURRENT);
}

static void over_temperature(void **state)
{
	(void)state;
	bench_init(&bench, 0, 1);
	bench.board.info.n_channels = 3;
	fw_init(&bench.core, &bench.board, 0);
	bench_open(&bench);
	lease = bench_arm(&bench, 5);
	bench.raw[2] = 700;
	bench_live(&bench, lease, 50000);
	assert_int_equal(bench.core.state, FW_ARMED);
	bench.raw[2] = 701;
	bench_live(&bench, lease, 30000);
	assert_int_equal(bench.core.cause, FW_CAUSE_OVER_TEMPERATURE);
}

static void enable_input(void **state)
{
	struct seen f;

	(void)state;
	bench_init(&bench, 0, 1);
	bench.board.enabled = bench_enabled;
	bench_open(&bench);
	lease = bench_arm(&bench, 5);
	bench.off = true;
	bench_run(&bench, 10000, 1000);
	assert_int_equal(bench.core.cause, FW_CAUSE_INHIBIT);
	f = bench_done(&bench, 0x03, NULL, 0);
	assert_int_equal(f.p[2], 1);
	bench_done(&bench, 0x0C, NULL, 0);
	bench_refused(&bench, 0x09, "\1\0\0", 4, FW_INHIBITED, 0);
	bench.off = false;
	bench_run(&bench, 10000, 1000);
	bench_arm(&bench, 9);
}

static void brown_out(void **state)
{
	(void)state;
	bench_init(&bench, 0, 1);
	bench.board.low_supply_mv = bench_low;
	bench_open(&bench);
	lease = bench_arm(&bench, 5);
	bench_run(&bench, 10000, 1000);
	bench.low_mv = 4300;
	bench_run(&bench, 1000, 1000);
	assert_int_equal(bench.core.cause, FW_CAUSE_BROWN_OUT);
}

/* Section 1.2: two things wrong at once, the earlier check answers. */
static void checks_in_order(void **state)
{
	struct record far = { FW_LINEAR, 0, 0, 10000000, 9000000 };
	struct record r[9] = { slow, slow, slow, slow, slow,
			       slow, slow, slow, far };
	struct pack k = { { 0 }, 0 };

	(void)state;
	bring_to(&bench, FW_RUNNING);
	bench_refused(&bench, 0x09, k.p, 4, FW_IS_BUSY, FW_RUNNING);
	k.p[0] = 9; /* no such actuator, no such channel */
	bench_refused(&bench, 0x11, k.p, 21, FW_IS_BUSY, FW_RUNNING);
	bench_refused(&bench, 0x14, k.p, 5, FW_BAD_FIELD, 0);
	bench_done(&bench, 0x14, "\0\xE8\3\1\1", 5);
	bench_refused(&bench, 0x14, k.p, 5, FW_IS_BUSY, FW_RUNNING);
	k = lease_and(lease, 0);
	k.p[8] = 2;
	bench_refused(&bench, 0x12, k.p, 9, FW_IS_BUSY, FW_RUNNING);
	bench_refused(&bench, 0x0E, k.p, 8, FW_IS_BUSY, FW_RUNNING);
	k.p[0] ^= 1;
	bench_refused(&bench, 0x12, k.p, 9, FW_BAD_LEASE, 0);
	bring_to(&bench, FW_ARMED);
	k = segments(lease, 0, 0, r, 9);
	bench_refused(&bench, 0x0D, k.p, k.n, FW_RING_FULL, 8);
	r[8].shape = 7;
	k = segments(lease, 0, 0, r, 9);
	bench_refused(&bench, 0x0D, k.p, k.n, FW_BAD_FIELD, 8 + 8 * 12);
	k = segments(lease, 0, 1, r, 9);
	bench_refused(&bench, 0x0D, k.p, k.n, FW_ORDER, 0);
}

static bool next_event(struct bench *b, struct seen *f)
{
	while (bench_next(b, f))
		if (f->type == FW_TYPE_EVENT)
			return true;
	return false;
}

/* The boot event once; after the first frame again, every 100 ms. */
static void events_repeat(void **state)
{
	struct seen f;
	unsigned n = 0;

	(void)state;
	bench_init(&bench, 0, 1);
	bench_run(&bench, 1000000, 1000);
	while (next_event(&bench, &f))
		n++;
	assert_int_equal(n, 1);
	assert_int_equal(f.p[2], FW_EV_BOOT);
	assert_int_equal(fw_u32(f.p + 8), 0x11223344);
	bench_bytes(&bench, (const uint8_t *)"", 1);
	bench_done(&bench, 0x05, NULL, 0);
	bench_run(&bench, 1000000, 1000);
	for (n = 0; next_event(&bench, &f); n++)
		assert_int_equal(fw_u16(f.p), 1);
	assert_int_equal(n, 10); /* the first 100 ms after that frame */
	bench_done(&bench, 0x16, "\2", 2);
	assert_int_equal(bench.core.event_count, 1);
	bench_done(&bench, 0x16, "\1", 2);
	assert_int_equal(bench.core.event_count, 0);
	bench_done(&bench, 0x16, "\1", 2);
}

static void events_overflow(void **state)
{
	struct seen f;

	(void)state;
	bench_init(&bench, 0, 1);
	bench_open(&bench);
	for (int i = 0; i < FW_EVENTS + 3; i++) {
		bench_done(&bench, 0x02, NULL, 0);
		bench_done(&bench, 0x0C, NULL, 0);
	}
	assert_int_equal(bench.core.event_count, FW_EVENTS);
	assert_int_equal(bench.core.event_number, 1 + FW_EVENTS + 3);
	bench_at(&bench, bench.now_us);
	assert_true(next_event(&bench, &f));
	assert_int_equal(fw_u16(f.p), 2);
}

static void silent_sensor(void **state)
{
	struct seen f;

	(void)state;
	bring_to(&bench, FW_ARMED);
	bench.raw[1] = FW_RAW_INVALID;
	bench.n_sent = bench.taken = 0;
	bench_live(&bench, lease, 39000);
	bench.raw[1] = 0;
	assert_int_equal(bench.core.state, FW_ARMED);
	assert_int_equal(bench.core.event_count, 1);
	bench_live(&bench, lease, 39000);
	assert_int_equal(bench.core.event_count, 2);
	bench_done(&bench, 0x16, "\2", 2);
	bench_at(&bench, bench.now_us);
	assert_true(next_event(&bench, &f));
	assert_int_equal(f.p[2], FW_EV_SENSOR);
	assert_int_equal(f.p[3], 1);
	assert_int_equal(f.p[8], 1);
}

/* Torque on would make it jump, so it does not come on. */
static void no_angle_no_torque(void **state)
{
	uint8_t on[9] = { 0, 0, 0, 0, 1, 0, 0, 0, 1 };

	(void)state;
	bring_to(&bench, FW_IDLE);
	bench.raw[0] = FW_RAW_INVALID;
	lease = bench_arm(&bench, 5);
	assert_int_equal(bench.core.state, FW_ARMED);
	assert_int_equal(bench.core.torque & 1, 0);
	memcpy(on, &lease, 4);
	bench_done(&bench, 0x12, on, sizeof on);
	assert_int_equal(bench.core.torque & 1, 0);
	bench.raw[0] = 1000;
	bench_done(&bench, 0x12, on, sizeof on);
	assert_int_equal(bench.core.torque & 1, 1);
	assert_int_equal(bench.core.axis[0].at_urad, 100000);
	/* one that holds goes on holding */
	bench.raw[0] = FW_RAW_INVALID;
	bench_done(&bench, 0x02, NULL, 0);
	bench_done(&bench, 0x0C, NULL, 0);
	bench_arm(&bench, 6);
	assert_int_equal(bench.core.torque & 1, 1);
	assert_int_equal(bench.core.axis[0].at_urad, 100000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(state_table),
		cmocka_unit_test(wrong_lease),
		cmocka_unit_test(arming),
		cmocka_unit_test(leases_count_on),
		cmocka_unit_test(watchdog),
		cmocka_unit_test(watchdog_in_wall_time),
		cmocka_unit_test(first_cause_stays),
		cmocka_unit_test(stop_decelerates_and_holds),
		cmocka_unit_test(over_current),
		cmocka_unit_test(over_temperature),
		cmocka_unit_test(enable_input),
		cmocka_unit_test(brown_out),
		cmocka_unit_test(checks_in_order),
		cmocka_unit_test(events_repeat),
		cmocka_unit_test(events_overflow),
		cmocka_unit_test(silent_sensor),
		cmocka_unit_test(no_angle_no_torque),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
