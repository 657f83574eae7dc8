/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the controller says of the session: each reply byte by byte, and the
 * events with what ended it. A host decides by these whether it is safe.
 */
#include "test_firmware_board.h"

enum { START = 7000000 };

static struct bench bench;
static uint32_t lease;

/* The n-th event from the end. */
static struct fw_event event(unsigned n)
{
	const struct fw_core *c = &bench.core;

	assert_true(c->event_count > n);
	return c->event[(c->event_head + c->event_count - 1u - n) % FW_EVENTS];
}

static void is_event(unsigned n, unsigned code, unsigned arg, int32_t value)
{
	const struct fw_event e = event(n);

	assert_int_equal(e.code, code);
	assert_int_equal(e.arg, arg);
	assert_int_equal(e.value, value);
	assert_int_equal(e.t_us, bench.core.now_us);
}

static void arm_says_the_lease(void **state)
{
	struct seen f;

	(void)state;
	bench_init(&bench, START, 1);
	bench_open(&bench);
	f = bench_done(&bench, 0x09, "\5\0\0", 4);
	assert_int_equal(f.n, 6);
	assert_int_equal(fw_u32(f.p), bench.core.lease);
	assert_int_equal(fw_u16(f.p + 4), 100);
}

static void a_beat_says_state_and_time(void **state)
{
	struct pack k;
	struct seen f;

	(void)state;
	lease = bench_ready(&bench, START, 1);
	bench_run(&bench, 30000, 1000);
	k = lease_and(lease, 0);
	f = bench_done(&bench, 0x0B, k.p, 4);
	assert_int_equal(f.n, 6);
	assert_int_equal(f.p[0], FW_ARMED);
	assert_int_equal(f.p[1], FW_CAUSE_NONE);
	assert_int_equal(fw_u32(f.p + 2), START + 30000);
}

static void status_says_all(void **state)
{
	const struct record r = { FW_LINEAR, 0, 0, 1000000, 100000 };
	struct seen f;

	(void)state;
	lease = bench_ready(&bench, START, 3);
	bench_upload(&bench, lease, 1, 0, &r, 1);
	f = bench_done(&bench, 0x03, NULL, 0);
	assert_int_equal(f.n, 12 + 6 * 3);
	assert_int_equal(f.p[0], FW_ARMED);
	assert_int_equal(f.p[3], 3);
	assert_int_equal(fw_u32(f.p + 4), START);
	assert_int_equal(fw_u32(f.p + 8), 7); /* torque */
	assert_int_equal(fw_u16(f.p + 12), 0);
	assert_int_equal(f.p[14], 8);
	assert_int_equal(fw_u16(f.p + 18), 1);
	assert_int_equal(f.p[20], 7);
	assert_int_equal(f.p[21], 0);
	bench_start(&bench, lease, bench.now_us);
	bench_live(&bench, lease, 50000);
	f = bench_done(&bench, 0x03, NULL, 0);
	assert_int_equal(f.p[0], FW_RUNNING);
	assert_int_equal(f.p[15], 0);
	assert_int_equal(f.p[21], 1);
	assert_int_equal(fw_u16(f.p + 22), 50);
}

/* A lease that ended is no lease, in every way it can end. */
static void no_lease_outlives_its_session(void **state)
{
	struct pack k;

	(void)state;
	lease = bench_ready(&bench, START, 1);
	k = lease_and(lease, 0);
	bench_done(&bench, 0x0A, k.p, 4);
	assert_int_equal(bench.core.lease, 0);
	bench_arm(&bench, 5);
	bench_done(&bench, 0x02, NULL, 0);
	assert_int_equal(bench.core.lease, 0);
	is_event(0, FW_EV_LATCHED, FW_CAUSE_STOP, -1);
	bench_done(&bench, 0x0C, NULL, 0);
	assert_int_equal(bench_done(&bench, 0x03, NULL, 0).p[1], FW_CAUSE_NONE);
}

/* How long the host was silent, in wall time. */
static void a_lost_lease_says_how_long(void **state)
{
	(void)state;
	for (uint8_t scale = 1; scale <= 10; scale += 9) {
		bench_init(&bench, START, 1);
		bench.board.info.time_scale = scale;
		bench_open(&bench);
		bench_arm(&bench, 5);
		bench_at(&bench, START + 123000u * scale);
		is_event(1, FW_EV_LEASE_LOST, 0, 123);
		is_event(0, FW_EV_LATCHED, FW_CAUSE_WATCHDOG, -1);
	}
}

static void the_enable_input_is_told(void **state)
{
	(void)state;
	bench_init(&bench, START, 1);
	bench.board.enabled = bench_enabled;
	bench_open(&bench);
	bench_arm(&bench, 5);
	bench.off = true;
	bench_at(&bench, START + 1000);
	is_event(1, FW_EV_ENABLE, 0, 0);
	is_event(0, FW_EV_LATCHED, FW_CAUSE_INHIBIT, -1);
	bench.off = false;
	bench_at(&bench, START + 2000);
	is_event(0, FW_EV_ENABLE, 1, 0);
}

/* ARM begins programs anew: what DISARM left is not counted on. */
static void programs_begin_with_the_lease(void **state)
{
	const struct record r = { FW_LINEAR, FW_LAST, 0, 1000000, 100000 };
	struct pack k;
	struct seen f;

	(void)state;
	lease = bench_ready(&bench, START, 1);
	bench_upload(&bench, lease, 0, 0, &r, 1);
	k = lease_and(lease, 0);
	bench_done(&bench, 0x0A, k.p, 4);
	lease = bench_arm(&bench, 6);
	k = segments(lease, 0, 0, &r, 1);
	f = bench_done(&bench, 0x0D, k.p, k.n);
	assert_int_equal(fw_u16(f.p + 2), 1);
	assert_int_equal(fw_u32(f.p + 4), bench_crc(k.p + 8, 12));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arm_says_the_lease),
		cmocka_unit_test(a_beat_says_state_and_time),
		cmocka_unit_test(status_says_all),
		cmocka_unit_test(no_lease_outlives_its_session),
		cmocka_unit_test(a_lost_lease_says_how_long),
		cmocka_unit_test(the_enable_input_is_told),
		cmocka_unit_test(programs_begin_with_the_lease),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
