/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The largest board there can be: every actuator is moved, watched and stopped
 * like the first one, every channel is looked at, and no other one is touched.
 */
#include "test_firmware_board.h"

enum { AXES = FW_ACTUATORS, CHANNELS = FW_CHANNELS, START = 7000000 };

static struct bench bench;
static uint32_t lease;
static int32_t many[AXES];
static uint32_t torque;
static int16_t raw[CHANNELS];

/* 2k and 2k + 1: angle and current of actuator k; the rest are nobody's. */
static void many_channel(void *self, uint8_t i, struct fw_channel *out)
{
	bench_channel(self, i & 1, out);
	snprintf(out->part, sizeof out->part, "%s.%u",
		 i < 2 * AXES ? "joint" : "spare", i / 2u);
}

static void many_actuator(void *self, uint8_t i, struct fw_actuator *out)
{
	bench_actuator(self, 0, out);
	snprintf(out->part, sizeof out->part, "joint.%u", i);
}

static int16_t many_read(void *self, uint8_t i)
{
	(void)self;
	return raw[i];
}

static void many_drive(void *self, uint8_t i, int32_t urad)
{
	(void)self;
	many[i] = urad;
}

static void many_torque(void *self, uint8_t i, bool on)
{
	(void)self;
	torque = on ? torque | 1u << i : torque & ~(1u << i);
}

static void ready(void)
{
	memset(raw, 0, sizeof raw);
	memset(many, 0, sizeof many);
	torque = 0;
	bench_init(&bench, START, 1);
	bench.board.info.n_channels = CHANNELS;
	bench.board.info.n_actuators = AXES;
	bench.board.channel = many_channel;
	bench.board.actuator = many_actuator;
	bench.board.read = many_read;
	bench.board.drive = many_drive;
	bench.board.torque = many_torque;
	fw_init(&bench.core, &bench.board, START);
	bench_open(&bench);
	lease = bench_arm(&bench, 5);
}

static struct fw_event last_event(void)
{
	const struct fw_core *c = &bench.core;

	assert_true(c->event_count > 0);
	return c->event[(c->event_head + c->event_count - 1) % FW_EVENTS];
}

/* The last one stops a little later than all others: only then it is over. */
static void all_move_and_end_together(void **state)
{
	struct record r = { FW_LINEAR, FW_LAST, 0, 500000, 500000 };

	(void)state;
	ready();
	for (uint8_t i = 0; i < AXES; i++) {
		r.duration_us = i + 1 < AXES ? 500000 : 510000;
		r.target_urad = i + 1 < AXES ? 500000 : 510000;
		bench_upload(&bench, lease, i, 0, &r, 1);
	}
	bench_start(&bench, lease, bench.now_us);
	for (int ms = 1; ms <= 500; ms++) {
		bench_live(&bench, lease, 1000);
		for (int i = 0; i < AXES; i++)
			assert_int_equal(many[i], 1000 * ms);
		assert_true(fw_due(&bench.core, bench.now_us) > 0);
	}
	assert_int_equal(bench.core.state, FW_RUNNING);
	bench_live(&bench, lease, 10000);
	assert_int_equal(bench.core.state, FW_ARMED);
	assert_int_equal(many[AXES - 1], 510000);
	assert_int_equal(last_event().code, FW_EV_PROGRAM_END);
	assert_int_equal(last_event().arg, 0);
	assert_int_equal(last_event().value, 0);
}

static void all_stop_together(void **state)
{
	const struct record r = { FW_LINEAR, FW_LAST, 0, 500000, 500000 };
	struct seen f;

	(void)state;
	ready();
	for (uint8_t i = 0; i < AXES; i++)
		bench_upload(&bench, lease, i, 0, &r, 1);
	bench_start(&bench, lease, bench.now_us);
	bench_live(&bench, lease, 200000);
	f = bench_done(&bench, 0x02, NULL, 0);
	assert_int_equal(f.n, 12 + 6 * AXES);
	for (int i = 0; i < AXES; i++) {
		assert_int_equal(f.p[12 + 6 * i + 2], 8);
		assert_int_equal(f.p[12 + 6 * i + 3], 2);
		assert_int_equal(fw_u16(f.p + 12 + 6 * i + 4), 2000);
	}
	bench_refused(&bench, 0x0C, NULL, 0, FW_IS_BUSY, FW_LATCHED);
	bench_run(&bench, 100000, 1000);
	for (int i = 0; i < AXES; i++)
		assert_in_range(many[i], 224990, 225001);
	bench_done(&bench, 0x0C, NULL, 0);
}

/* Only the last one has a program, only it is slow to stop. */
static void the_last_one_counts(void **state)
{
	const struct record r = { FW_LINEAR, 0, 0, 500000, 500000 };
	struct pack k;

	(void)state;
	ready();
	bench_upload(&bench, lease, AXES - 1, 0, &r, 1);
	bench_start(&bench, lease, bench.now_us);
	bench_live(&bench, lease, 250000);
	assert_int_equal(many[AXES - 1], 250000);
	assert_int_equal(many[0], 0);
	bench_live(&bench, lease, 251000);
	assert_int_equal(bench.core.cause, FW_CAUSE_UNDERRUN);
	assert_int_equal(last_event().value, AXES - 1);
	bench_refused(&bench, 0x0C, NULL, 0, FW_IS_BUSY, FW_LATCHED);
	bench_run(&bench, 100000, 1000);
	bench_done(&bench, 0x0C, NULL, 0);
	lease = bench_arm(&bench, 6);
	k = segments(lease, AXES - 1, 1, &r, 1);
	bench_refused(&bench, 0x0D, k.p, k.n, FW_ORDER, 0);
	k = segments(lease, AXES, 0, &r, 1);
	bench_refused(&bench, 0x0D, k.p, k.n, FW_BAD_FIELD, 4);
}

/* A request says which actuator it was for, and what is free there. */
static void replies_name_the_actuator(void **state)
{
	const struct record r = { FW_LINEAR, 0, 0, 500000, 500000 };

	(void)state;
	ready();
	for (uint8_t i = 0; i < AXES; i++) {
		struct pack k = segments(lease, i, 0, &r, 1);
		struct seen f = bench_done(&bench, 0x0D, k.p, k.n);

		assert_int_equal(f.n, 8);
		assert_int_equal(f.p[0], i);
		assert_int_equal(f.p[1], 7);
		assert_int_equal(fw_u16(f.p + 2), 1);
		assert_int_equal(fw_u32(f.p + 4), bench_crc(k.p + 8, 12));
	}
}

/* Limits lowered behind the upload are seen at each of them. */
static void each_is_looked_at_again(void **state)
{
	const struct record r = { FW_LINEAR, FW_LAST, 0, 500000, 500000 };

	(void)state;
	for (uint8_t i = 0; i < AXES; i += AXES - 1) {
		struct pack k = { { 0 }, 0 };

		ready();
		for (uint8_t j = 0; j < AXES; j++)
			bench_upload(&bench, lease, j, 0, &r, 1);
		memcpy(k.p, bench_done(&bench, 0x10, &i, 1).p, 21);
		k.n = 9;
		put(&k, 999999, 4);
		bench_done(&bench, 0x11, k.p, 21);
		k = lease_and(lease, bench.now_us);
		bench_refused(&bench, 0x0E, k.p, k.n, FW_LIMIT, FW_LIMIT_SPEED);
	}
}

static void each_current_is_watched(void **state)
{
	(void)state;
	for (int i = 0; i < AXES; i++) {
		ready();
		raw[2 * i + 1] = 3001;
		bench_live(&bench, lease, 30000);
		assert_int_equal(bench.core.cause, FW_CAUSE_OVER_CURRENT);
		assert_int_equal(last_event().value, i);
	}
}

/* Of one that is limp it is not, though all others have torque. */
static void a_limp_one_is_not_watched(void **state)
{
	(void)state;
	for (int i = 0; i < AXES; i++) {
		struct pack k;

		ready();
		k = lease_and(lease, 1u << i);
		bench_done(&bench, 0x12, k.p, 9);
		assert_int_equal(torque, ((1u << AXES) - 1) & ~(1u << i));
		raw[2 * i + 1] = 3001;
		bench_live(&bench, lease, 30000);
		assert_int_equal(bench.core.state, FW_ARMED);
		raw[2 * i + 1] = 0;
	}
}

/* Each falls silent by itself, and is back by itself. */
static void each_channel_is_missed(void **state)
{
	uint8_t one[5] = { 0, 0xE8, 3, 1, 0 };

	(void)state;
	ready();
	for (int i = 0; i < CHANNELS; i++) {
		one[4] = (uint8_t)i;
		bench_done(&bench, 0x08, one, sizeof one);
		for (int back = 0; back < 2; back++) {
			const unsigned before = bench.core.event_number;

			raw[i] = back ? 0 : FW_RAW_INVALID;
			bench_live(&bench, lease, 15000);
			assert_int_equal(bench.core.event_number, before + 1);
			assert_int_equal(last_event().code, FW_EV_SENSOR);
			assert_int_equal(last_event().arg, i);
			assert_int_equal(last_event().value, back);
			bench.core.event_count = 0; /* as acknowledged */
		}
	}
}

static void flushed_ones_begin_anew(void **state)
{
	const struct record r = { FW_LINEAR, FW_LAST, 0, 500000, 500000 };
	struct pack k;

	(void)state;
	ready();
	for (uint8_t i = 0; i < AXES; i++)
		bench_upload(&bench, lease, i, 0, &r, 1);
	k = lease_and(lease, 0);
	bench_done(&bench, 0x0F, k.p, 4);
	for (uint8_t i = 0; i < AXES; i++) {
		struct seen f;

		k = segments(lease, i, 0, &r, 1);
		f = bench_done(&bench, 0x0D, k.p, k.n);
		assert_int_equal(f.p[1], 7);
		assert_int_equal(fw_u32(f.p + 4), bench_crc(k.p + 8, 12));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_move_and_end_together),
		cmocka_unit_test(all_stop_together),
		cmocka_unit_test(the_last_one_counts),
		cmocka_unit_test(replies_name_the_actuator),
		cmocka_unit_test(each_is_looked_at_again),
		cmocka_unit_test(each_current_is_watched),
		cmocka_unit_test(a_limp_one_is_not_watched),
		cmocka_unit_test(each_channel_is_missed),
		cmocka_unit_test(flushed_ones_begin_anew),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
