/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Motion programs: exact to 1 urad on the controller's clock, together, within
 * the limits, and nothing left moving when a program goes wrong.
 */
#include "test_firmware_board.h"

#include <math.h>
#include <stdlib.h>

static struct bench bench;
static uint32_t lease;

/* Section 3.6 in floating point. */
static double ideal(const struct record *r, double from, double t_us)
{
	double s = t_us / r->duration_us, way = r->target_urad - from;

	if (r->shape == FW_HOLD)
		return from;
	if (r->shape == FW_LINEAR)
		return from + s * way;
	return from + (3 * s * s - 2 * s * s * s) * way;
}

static const struct record program[] = {
	{ FW_LINEAR, 0, 0, 700001, 654321 },
	{ FW_EASE, 0, 0, 1234567, -777777 },
	{ FW_HOLD, 0, 0, 50000, 999999 },
	{ FW_EASE, 0, 0, 1500003, 1000000 },
	{ FW_LINEAR, 0, 0, 333333, 990000 },
	{ FW_EASE, FW_LAST, 0, 1000003, 0 },
};

enum { SEGMENTS = sizeof(program) / sizeof(program[0]) };

/* Looked at every 1009 us, so at no round moment of any segment. */
static void follows_exactly_from(uint32_t begin_us)
{
	double from = 0, worst = 0, off;
	uint32_t start, at;

	lease = bench_ready(&bench, begin_us, 1);
	bench_upload(&bench, lease, 0, 0, program, SEGMENTS);
	start = at = bench.now_us + 5000;
	bench_start(&bench, lease, start);
	for (int k = 0; k < SEGMENTS; k++) {
		const struct record *r = &program[k];

		while (bench.now_us - at + 1009u < r->duration_us ||
		       (int32_t)(bench.now_us - at) < 0) {
			bench_at(&bench, bench.now_us + 1009);
			bench_beat(&bench, lease);
			if ((int32_t)(bench.now_us - at) < 0)
				continue;
			off = fabs(ideal(r, from, bench.now_us - at) -
				   bench.driven[0]);
			worst = fmax(worst, off);
		}
		from = r->shape == FW_HOLD ? from : r->target_urad;
		at += r->duration_us;
	}
	assert_true(worst <= 1.0);
	bench_live(&bench, lease, 20000);
	assert_int_equal(bench.core.state, FW_ARMED);
	assert_int_equal(bench.driven[0], 0);
}

static void follows_exactly(void **state)
{
	(void)state;
	follows_exactly_from(0);
	follows_exactly_from(UINT32_MAX - 2000000);
}

/* The arithmetic alone, at random. */
static void curves_are_exact(void **state)
{
	(void)state;
	srand(1);
	for (int i = 0; i < 20000; i++) {
		struct record r = { (uint8_t)(rand() % 3), 0, 0, 0, 0 };
		struct fw_segment s = { 0 };
		int32_t from = rand() % 6000000 - 3000000;
		uint32_t t;

		r.duration_us = 1000 + (uint32_t)rand() % 59999000;
		r.target_urad = rand() % 6000000 - 3000000;
		t = (uint32_t)rand() % r.duration_us;
		s.shape = r.shape;
		s.duration_us = r.duration_us;
		s.target_urad = r.target_urad;
		assert_true(fabs(ideal(&r, from, t) -
				 fw_curve_at(&s, from, t)) <= 1.0);
	}
}

/* The bound itself holds; one unit less does not. */
static void limits_are_exact(void **state)
{
	static const struct fw_limits l = { -1000000, 1000000, 2000000,
					    20000000, 3000,    700 };
	static const struct {
		uint8_t shape;
		uint32_t duration_us;
		int32_t target;
		uint8_t broken;
	} cases[] = {
		{ FW_LINEAR, 500000, 1000000, 0 },
		{ FW_LINEAR, 499999, 1000000, FW_LIMIT_SPEED },
		{ FW_LINEAR, 500000, -1000001, FW_LIMIT_RANGE },
		{ FW_LINEAR, 1000000, 1000001, FW_LIMIT_RANGE },
		{ FW_EASE, 750000, 1000000, 0 },
		{ FW_EASE, 749999, 1000000, FW_LIMIT_SPEED },
		/* 6 * 0.003 / 0.03^2 = 20 */
		{ FW_EASE, 30000, 3000, 0 },
		{ FW_EASE, 29999, 3000, FW_LIMIT_ACCEL },
		{ FW_EASE, 30000, -3001, FW_LIMIT_ACCEL },
		{ FW_HOLD, 1000, 5000000, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fw_segment s = { cases[i].duration_us, cases[i].target,
					0, cases[i].shape, 0 };

		assert_int_equal(fw_curve_check(&s, 0, &l), cases[i].broken);
	}
}

/* From where the segment before ends, not from where the axis is. */
static void limits_follow_the_plan(void **state)
{
	struct record r[2] = { { FW_LINEAR, 0, 0, 1000000, 900000 },
			       { FW_LINEAR, FW_LAST, 0, 500000, -200000 } };
	struct pack k;

	(void)state;
	lease = bench_ready(&bench, 0, 1);
	k = segments(lease, 0, 0, r, 2);
	bench_refused(&bench, 0x0D, k.p, k.n, FW_LIMIT, FW_LIMIT_SPEED);
	assert_int_equal(bench.core.axis[0].next, 0);
	r[1].target_urad = 0;
	bench_upload(&bench, lease, 0, 0, r, 2);
}

static void common_start(void **state)
{
	struct record r = { FW_LINEAR, FW_LAST, 0, 1000000, 500000 };
	uint32_t start;

	(void)state;
	lease = bench_ready(&bench, UINT32_MAX - 30000, 3);
	bench_upload(&bench, lease, 0, 0, &r, 1);
	bench_run(&bench, 20000, 1000);
	r.target_urad = -500000;
	bench_upload(&bench, lease, 2, 0, &r, 1);
	start = bench.now_us + 50000;
	bench_start(&bench, lease, start);
	bench_start(&bench, lease, start);
	assert_int_equal(bench.core.state, FW_RUNNING);
	bench_live(&bench, lease, 50000);
	assert_int_equal(bench.driven[0], 0);
	for (int i = 0; i < 900; i++) {
		bench_live(&bench, lease, 1000);
		assert_int_equal(bench.driven[0], 500 * (i + 1));
		assert_int_equal(bench.driven[2], -500 * (i + 1));
	}
	assert_int_equal(bench.driven[1], 0);
}

/* Lowered limits that all of it keeps; a stop under way comes first. */
static void looked_at_again(void **state)
{
	struct record r[2] = { { FW_LINEAR, 0, 0, 1000000, 300000 },
			       { FW_LINEAR, FW_LAST, 0, 1000000, 0 } };
	struct pack k = { { 0 }, 0 };

	(void)state;
	lease = bench_ready(&bench, 0, 1);
	bench_upload(&bench, lease, 0, 0, r, 2);
	memcpy(k.p, bench_done(&bench, 0x10, "\0", 1).p, 21);
	k.n = 9;
	put(&k, 300000, 4); /* the very speed */
	bench_done(&bench, 0x11, k.p, 21);
	bench_start(&bench, lease, bench.now_us);
	bench_live(&bench, lease, 500000);
	assert_int_equal(bench.driven[0], 150000);
	k = lease_and(lease, 0);
	bench_done(&bench, 0x0F, k.p, 4);
	bench_upload(&bench, lease, 0, 0, &r[1], 1);
	k = lease_and(lease, bench.now_us);
	bench_refused(&bench, 0x0E, k.p, k.n, FW_IS_BUSY, FW_ARMED);
	bench_refused(&bench, 0x12, k.p, 9, FW_IS_BUSY, FW_ARMED);
	bench_live(&bench, lease, 50000);
	bench_start(&bench, lease, bench.now_us);
	bench_live(&bench, lease, 1001000);
	assert_int_equal(bench.driven[0], 0);
}

static void start_errors(void **state)
{
	struct record r = { FW_LINEAR, FW_LAST, 0, 1000000, 500000 };
	struct pack k;

	(void)state;
	lease = bench_ready(&bench, 20000000, 1);
	k = lease_and(lease, bench.now_us + 1000);
	bench_refused(&bench, 0x0E, k.p, k.n, FW_IS_BUSY, FW_ARMED);
	bench_upload(&bench, lease, 0, 0, &r, 1);
	k = lease_and(lease, bench.now_us - 5000);
	bench_refused(&bench, 0x0E, k.p, k.n, FW_LATE, 5);
	k = lease_and(lease, bench.now_us + 10000001);
	bench_refused(&bench, 0x0E, k.p, k.n, FW_BAD_FIELD, 4);
	bench_start(&bench, lease, bench.now_us + 10000000);
}

static void underrun(void **state)
{
	struct record r = { FW_LINEAR, 0, 0, 100000, 100000 };

	(void)state;
	lease = bench_ready(&bench, 0, 2);
	bench_upload(&bench, lease, 0, 0, &r, 1);
	r.duration_us = 1000000;
	bench_upload(&bench, lease, 1, 0, &r, 1);
	bench_start(&bench, lease, bench.now_us);
	bench_live(&bench, lease, 99000);
	assert_int_equal(bench.core.state, FW_RUNNING);
	bench_live(&bench, lease, 1000);
	assert_int_equal(bench.core.state, FW_LATCHED);
	assert_int_equal(bench.core.cause, FW_CAUSE_UNDERRUN);
	assert_true(fw_motion_stopping(&bench.core));
	bench_run(&bench, 200000, 1000);
	assert_false(fw_motion_stopping(&bench.core));
	/* 1 rad/s at 20 rad/s2 goes 0.025 rad further */
	assert_in_range(bench.driven[0], 124990, 125001);
}

/* Uploaded while running: as smooth as if it had been there before. */
static void refill(void **state)
{
	struct record r = { FW_LINEAR, 0, 0, 50000, 0 };
	uint16_t first = 0;

	(void)state;
	lease = bench_ready(&bench, 0, 1);
	for (; first < 4; first++) {
		r.target_urad = (first + 1) * 1000;
		bench_upload(&bench, lease, 0, first, &r, 1);
	}
	bench_start(&bench, lease, bench.now_us);
	for (; first < 100; first++) {
		bench_live(&bench, lease, 50000);
		assert_int_equal(bench.driven[0], (first - 3) * 1000);
		r.target_urad = (first + 1) * 1000;
		r.flags = first == 99 ? FW_LAST : 0;
		bench_upload(&bench, lease, 0, first, &r, 1);
	}
	bench_live(&bench, lease, 201000);
	assert_int_equal(bench.core.state, FW_ARMED);
	assert_int_equal(bench.driven[0], 100000);
	assert_int_equal(bench.core.axis[0].next, 100);
}

static void repeats_and_order(void **state)
{
	struct record r[9];
	struct pack k;
	struct seen f;

	(void)state;
	for (int i = 0; i < 9; i++)
		r[i] = (struct record){ FW_LINEAR, 0, 0, 100000,
					1000 * (i + 1) };
	lease = bench_ready(&bench, 0, 1);
	bench_upload(&bench, lease, 0, 0, r, 3);
	/* the reply was lost; two more came along */
	k = segments(lease, 0, 0, r, 5);
	f = bench_done(&bench, 0x0D, k.p, k.n);
	assert_int_equal(f.p[1], 3);
	assert_int_equal(fw_u16(f.p + 2), 5);
	assert_int_equal(fw_u32(f.p + 4), bench_crc(k.p + 8, 60));
	k = segments(lease, 0, 6, r + 6, 1);
	bench_refused(&bench, 0x0D, k.p, k.n, FW_ORDER, 5);
	k = segments(lease, 0, 5, r + 5, 4);
	bench_refused(&bench, 0x0D, k.p, k.n, FW_RING_FULL, 3);
	bench_upload(&bench, lease, 0, 5, r + 5, 3);
	k = segments(lease, 0, 8, r, 0);
	f = bench_done(&bench, 0x0D, k.p, k.n);
	assert_int_equal(f.p[1], 0);
}

/* Two samples above the guard: hold, say where, forget up to LAST. */
static void guarded(void **state)
{
	struct record r[4] = {
		{ FW_LINEAR, FW_GUARDED, 500, 1000000, 500000 },
		{ FW_LINEAR, 0, 0, 1000000, 0 },
		{ FW_HOLD, FW_LAST, 0, 1000, 0 },
		{ FW_EASE, FW_LAST, 0, 3000000, -100000 },
	};
	const struct fw_event *e;

	(void)state;
	lease = bench_ready(&bench, 0, 1);
	bench_upload(&bench, lease, 0, 0, r, 2);
	bench_start(&bench, lease, bench.now_us);
	bench_live(&bench, lease, 100000);
	bench.raw[0] = 490;
	bench.raw[1] = 501;
	bench_live(&bench, lease, 24000);
	bench.raw[1] = 0;
	assert_int_equal(bench.core.axis[0].mode, FW_STOPPING);
	bench_live(&bench, lease, 100000);
	assert_in_range(bench.driven[0], 60000, 70000);
	assert_int_equal(bench.core.state, FW_RUNNING);
	/* what is still to come of this program is dropped, the next kept */
	bench_upload(&bench, lease, 0, 2, r + 2, 2);
	bench_live(&bench, lease, 2000);
	assert_int_equal(bench.core.state, FW_ARMED);
	assert_int_equal(bench.core.axis[0].count, 1);
	assert_int_equal(bench.core.axis[0].next, 4);
	e = &bench.core.event[bench.core.event_head];
	assert_int_equal(e->code, FW_EV_GUARD);
	assert_int_equal(e->arg, 0);
	assert_int_equal(e->value, 49000); /* measured, not commanded */
}

/* The guard's eye fails on the way: two looks at nothing are enough. */
static void guarded_blind(void **state)
{
	struct record r[2] = {
		{ FW_LINEAR, FW_GUARDED, 500, 1000000, 500000 },
		{ FW_LINEAR, FW_LAST, 0, 1000000, 0 },
	};

	(void)state;
	for (uint8_t flags = 0; flags <= FW_GUARDED; flags += FW_GUARDED) {
		lease = bench_ready(&bench, 0, 1);
		r[0].flags = flags;
		r[0].guard_ma = flags ? 500 : 0;
		bench_upload(&bench, lease, 0, 0, r, 2);
		bench_start(&bench, lease, bench.now_us);
		bench_live(&bench, lease, 100000);
		bench.raw[1] = FW_RAW_INVALID;
		bench_live(&bench, lease, 12000); /* one look */
		bench.raw[1] = 100;
		bench_live(&bench, lease, 40000);
		assert_int_equal(bench.core.axis[0].mode, FW_MOVING);
		bench.raw[1] = FW_RAW_INVALID;
		bench_live(&bench, lease, 26000);
		/* where nothing guards, nothing ends either */
		assert_int_equal(bench.core.axis[0].mode,
				 flags ? FW_STOPPING : FW_MOVING);
		bench_live(&bench, lease, 100000);
		assert_int_equal(bench.core.state,
				 flags ? FW_ARMED : FW_RUNNING);
	}
}

static void flush_and_disarm(void **state)
{
	struct record r = { FW_LINEAR, FW_LAST, 0, 500000, 900000 };
	struct pack k;
	struct seen f;

	(void)state;
	for (int type = 0x0A; type <= 0x0F; type += 5) {
		lease = bench_ready(&bench, 0, 1);
		bench_upload(&bench, lease, 0, 0, &r, 1);
		bench_start(&bench, lease, bench.now_us);
		bench_live(&bench, lease, 50000);
		k = lease_and(lease, 0);
		f = bench_done(&bench, (uint8_t)type, k.p, 4);
		assert_int_equal(f.p[0], type == 0x0A ? FW_IDLE : FW_ARMED);
		assert_int_equal(f.p[14], 8);
		assert_int_equal(f.p[15], 2);
		bench_live(&bench, lease, 200000);
		f = bench_done(&bench, 0x03, NULL, 0);
		assert_int_equal(f.p[0], type == 0x0A ? FW_IDLE : FW_ARMED);
		assert_int_equal(f.p[15], 0);
		assert_in_range(bench.driven[0], 170990, 171001);
	}
	assert_int_equal(bench.core.axis[0].next, 0);
}

static void torque_off_and_on(void **state)
{
	struct pack k;

	(void)state;
	lease = bench_ready(&bench, 0, 2);
	k = lease_and(lease, 2);
	bench_done(&bench, 0x12, k.p, 9);
	assert_true(bench.torque[0]);
	assert_false(bench.torque[1]);
	bench.raw[2] = -300; /* it sank */
	k.p[8] = 1;
	bench_done(&bench, 0x12, k.p, 9);
	assert_true(bench.torque[1]);
	assert_int_equal(bench.driven[1], -30000);
	/* what is on already is not touched: it would begin elsewhere */
	bench.raw[2] = 300;
	bench_done(&bench, 0x12, k.p, 9);
	assert_int_equal(bench.driven[1], -30000);
	k.p[8] = 2;
	bench_refused(&bench, 0x12, k.p, 9, FW_BAD_FIELD, 8);
	k = lease_and(lease, 4);
	bench_refused(&bench, 0x12, k.p, 9, FW_BAD_FIELD, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(follows_exactly),
		cmocka_unit_test(curves_are_exact),
		cmocka_unit_test(limits_are_exact),
		cmocka_unit_test(limits_follow_the_plan),
		cmocka_unit_test(common_start),
		cmocka_unit_test(looked_at_again),
		cmocka_unit_test(start_errors),
		cmocka_unit_test(underrun),
		cmocka_unit_test(refill),
		cmocka_unit_test(repeats_and_order),
		cmocka_unit_test(guarded),
		cmocka_unit_test(guarded_blind),
		cmocka_unit_test(flush_and_disarm),
		cmocka_unit_test(torque_off_and_on),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
