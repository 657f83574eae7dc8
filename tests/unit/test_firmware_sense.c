/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the controller watches by itself, to the digit: current, temperature,
 * the guard of a segment and the supply; and what it does not take for a
 * measurement.
 */
#include "test_firmware_board.h"

static struct bench bench;
static uint32_t lease;

enum { LOOK_US = 12000 };

/* Bit k: channel k only echoes what was commanded. */
static unsigned echoes;

static void echo_channel(void *self, uint8_t i, struct fw_channel *out)
{
	bench_channel(self, i, out);
	out->measured = !(echoes >> i & 1);
}

static void ready(unsigned echo, uint8_t channels)
{
	bench_init(&bench, 7000000, 1);
	bench.board.info.n_channels = channels;
	bench.board.channel = echo_channel;
	echoes = echo;
	fw_init(&bench.core, &bench.board, 7000000);
	bench_open(&bench);
	lease = bench_arm(&bench, 5);
}

/* Runs until the channel was read once more. */
static void one_look(uint8_t channel, int16_t raw)
{
	const unsigned before = bench.reads[channel];

	bench.raw[channel] = raw;
	while (bench.reads[channel] == before)
		bench_live(&bench, lease, 1000);
	assert_int_equal(bench.reads[channel], before + 1);
}

static const struct fw_event *last_event(void)
{
	const struct fw_core *c = &bench.core;

	assert_true(c->event_count > 0);
	return &c->event[(c->event_head + c->event_count - 1) % FW_EVENTS];
}

/* At the limit for ever; above it at the second look in a row. */
static void two_looks_above_the_limit(void **state)
{
	static const struct {
		uint8_t channel;
		int16_t limit, above;
		enum fw_cause cause;
		enum fw_event_code code;
	} cases[] = {
		{ 1, 3000, 3001, FW_CAUSE_OVER_CURRENT, FW_EV_OVER_CURRENT },
		{ 1, -3000, -3001, FW_CAUSE_OVER_CURRENT, FW_EV_OVER_CURRENT },
		{ 1, 3000, -32767, FW_CAUSE_OVER_CURRENT, FW_EV_OVER_CURRENT },
		{ 2, 700, 701, FW_CAUSE_OVER_TEMPERATURE,
		  FW_EV_OVER_TEMPERATURE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const uint8_t ch = cases[i].channel;
		const struct fw_event *e;

		ready(0, 3);
		for (int k = 0; k < 5; k++)
			one_look(ch, cases[i].limit);
		one_look(ch, cases[i].above);
		one_look(ch, cases[i].limit);
		one_look(ch, cases[i].above);
		assert_int_equal(bench.core.state, FW_ARMED);
		one_look(ch, cases[i].above);
		assert_int_equal(bench.core.state, FW_LATCHED);
		assert_int_equal(bench.core.cause, cases[i].cause);
		e = last_event();
		assert_int_equal(e->code, FW_EV_LATCHED);
		assert_int_equal(e->arg, cases[i].cause);
		assert_int_equal(e->value, 0); /* the axis */
		assert_int_equal(e[-1].code, cases[i].code);
		assert_int_equal(e[-1].value, cases[i].above < 0
						      ? -cases[i].above
						      : cases[i].above);
	}
}

/* It is said once, and again when it was cleared and is still so. */
static void a_latch_is_said_once(void **state)
{
	unsigned n;

	(void)state;
	ready(0, 2);
	one_look(1, 3001);
	one_look(1, 3001);
	assert_int_equal(bench.core.cause, FW_CAUSE_OVER_CURRENT);
	n = bench.core.event_number;
	for (int k = 0; k < 5; k++)
		one_look(1, 3001);
	assert_int_equal(bench.core.event_number, n);
	bench_done(&bench, 0x0C, NULL, 0);
	one_look(1, 3001);
	assert_int_equal(bench.core.cause, FW_CAUSE_OVER_CURRENT);
	assert_int_equal(bench.core.event_number, n + 2);
}

/* Without torque nothing can be stopped; a reading of long ago is none. */
static void limp_is_not_watched(void **state)
{
	struct pack k;

	(void)state;
	ready(0, 2);
	k = lease_and(lease, 1);
	bench_done(&bench, 0x12, k.p, 9);
	bench.raw[1] = 3001;
	bench.reads[1] = 0;
	bench_live(&bench, lease, 100000);
	assert_int_equal(bench.reads[1], 0);
	bench_done(&bench, 0x08, "\0\x64\0\1\1", 5); /* a stream reads it */
	bench_live(&bench, lease, 100000);
	assert_true(bench.reads[1] >= 9);
	assert_int_equal(bench.core.state, FW_ARMED);
}

/* An actuator is read every 12 ms, less often than a stream at 100 Hz. */
static void streams_are_not_disturbed(void **state)
{
	(void)state;
	ready(0, 2);
	bench.reads[1] = 0;
	bench_live(&bench, lease, 10 * LOOK_US);
	assert_int_equal(bench.reads[1], 10);
	bench_done(&bench, 0x08, "\0\x64\0\1\1", 5);
	bench_live(&bench, lease, 1000);
	bench.reads[1] = 0;
	bench_live(&bench, lease, 100000);
	assert_int_equal(bench.reads[1], 10);
}

/* The fake current of a board without a sensor guards nothing. */
static void an_echo_is_no_measurement(void **state)
{
	const struct record r = { FW_LINEAR, FW_GUARDED, 500, 1000, 0 };
	struct pack k;

	(void)state;
	ready(2, 2);
	bench.raw[1] = 32767;
	bench_live(&bench, lease, 100000);
	assert_int_equal(bench.core.state, FW_ARMED);
	assert_int_equal(bench.reads[1], 0);
	k = segments(lease, 0, 0, &r, 1);
	bench_refused(&bench, 0x0D, k.p, k.n, FW_UNSUPPORTED, 0);
}

/* A channel of another part belongs to nobody, whatever it reads. */
static void other_channel(void *self, uint8_t i, struct fw_channel *out)
{
	bench_channel(self, i, out);
	if (i == 1)
		strcpy(out->part, "lamp supply");
}

static void a_current_of_nobody(void **state)
{
	(void)state;
	bench_init(&bench, 7000000, 1);
	bench.board.channel = other_channel;
	fw_init(&bench.core, &bench.board, 7000000);
	bench_open(&bench);
	lease = bench_arm(&bench, 5);
	bench.raw[1] = 32767;
	bench_done(&bench, 0x08, "\0\x64\0\1\1", 5);
	bench.reads[1] = 0;
	bench_live(&bench, lease, 100000);
	assert_in_range(bench.reads[1], 10, 11); /* the stream alone */
	assert_int_equal(bench.core.state, FW_ARMED);
}

/* 3/7 mA a digit: the limit of 3000 mA is 7000, an angle 3/70000 rad. */
static void odd_channel(void *self, uint8_t i, struct fw_channel *out)
{
	bench_channel(self, i, out);
	out->num *= 3;
	out->den *= 7;
}

static void units_are_fractions(void **state)
{
	(void)state;
	bench_init(&bench, 7000000, 1);
	bench.board.channel = odd_channel;
	bench.raw[0] = 7001;
	fw_init(&bench.core, &bench.board, 7000000);
	bench_open(&bench);
	lease = bench_arm(&bench, 5);
	assert_int_equal(bench.driven[0], 300042);
	for (int k = 0; k < 3; k++)
		one_look(1, 7000);
	assert_int_equal(bench.core.state, FW_ARMED);
	one_look(1, 7001);
	one_look(1, 7001);
	assert_int_equal(bench.core.state, FW_LATCHED);
	assert_int_equal(last_event()[-1].value, 3000);
}

static void strong_actuator(void *self, uint8_t i, struct fw_actuator *out)
{
	bench_actuator(self, i, out);
	out->limits.current_ma = 40000;
}

/* A limit above what the sensor shows is the most it shows, not less. */
static void a_limit_beyond_the_sensor(void **state)
{
	(void)state;
	bench_init(&bench, 7000000, 1);
	bench.board.actuator = strong_actuator;
	fw_init(&bench.core, &bench.board, 7000000);
	bench_open(&bench);
	lease = bench_arm(&bench, 5);
	for (int k = 0; k < 5; k++)
		one_look(1, 32767);
	assert_int_equal(bench.core.state, FW_ARMED);
	assert_int_equal(bench.core.axis[0].limit_raw[FW_CURRENT], INT16_MAX);
}

/* ---- Guards ----------------------------------------------------------------*/

static const struct record push[] = {
	{ FW_LINEAR, FW_GUARDED, 2500, 1000000, 500000 },
	{ FW_LINEAR, FW_LAST, 0, 1000000, 0 },
};

static void begin_push(void)
{
	bench_upload(&bench, lease, 0, 0, push, 2);
	bench_start(&bench, lease, bench.now_us);
	bench_live(&bench, lease, 2000);
}

static void two_looks_above_the_guard(void **state)
{
	(void)state;
	ready(0, 2);
	begin_push();
	for (int k = 0; k < 5; k++)
		one_look(1, 2500);
	one_look(1, 2501);
	one_look(1, 2500);
	one_look(1, -2501);
	assert_int_equal(bench.core.axis[0].mode, FW_MOVING);
	one_look(1, -2501);
	assert_int_equal(bench.core.axis[0].mode, FW_STOPPING);
	assert_int_equal(last_event()->code, FW_EV_GUARD);
}

/* A look above it in one segment and one in the next are not two. */
static void guards_begin_anew(void **state)
{
	struct record r[3] = { push[0], push[0], push[1] };

	(void)state;
	ready(0, 2);
	r[0].duration_us = 300000;
	r[1].target_urad = 600000;
	bench_upload(&bench, lease, 0, 0, r, 3);
	bench_start(&bench, lease, bench.now_us);
	/* a look each 12 ms: one before the end of it, one behind */
	while (bench.core.axis[0].since_us + 300000 - bench.now_us >
	       2 * LOOK_US)
		one_look(1, 0);
	one_look(1, 2501);
	assert_int_equal(bench.core.axis[0].head, 0);
	one_look(1, 2501);
	assert_int_equal(bench.core.axis[0].head, 1);
	assert_int_equal(bench.core.axis[0].mode, FW_MOVING);
	one_look(1, 2501);
	assert_int_equal(bench.core.axis[0].mode, FW_STOPPING);
}

/* Where no angle is measured, or just then not: where it was told to be. */
static void a_guard_says_where(void **state)
{
	static const struct {
		unsigned echo;
		int16_t raw;
		int32_t lo, hi;
	} cases[] = {
		{ 0, 12000, 1200000, 1200000 },
		{ 0, 70, 7000, 7000 },
		{ 0, FW_RAW_INVALID, 10000, 15000 },
		{ 1, 70, 10000, 15000 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct fw_event *e;

		ready(cases[i].echo, 2);
		begin_push();
		bench.raw[0] = cases[i].raw;
		one_look(1, 2501);
		one_look(1, 2501);
		assert_int_equal(bench.core.axis[0].mode, FW_STOPPING);
		e = last_event();
		while (e->code != FW_EV_GUARD)
			e--;
		assert_in_range(e->value, cases[i].lo, cases[i].hi);
	}
}

/* ---- The supply ------------------------------------------------------------*/

static void supply(void **state)
{
	unsigned n;

	(void)state;
	bench_init(&bench, 7000000, 1);
	bench.board.low_supply_mv = bench_low;
	bench_open(&bench);
	bench.low_mv = 4300;
	bench_run(&bench, 50000, 1000);
	assert_int_equal(bench.core.state, FW_IDLE); /* nothing is driven */
	bench.low_mv = 0;
	lease = bench_arm(&bench, 5);
	bench_live(&bench, lease, 50000);
	assert_int_equal(bench.core.state, FW_ARMED);
	bench.low_mv = 4301;
	bench_live(&bench, lease, 1000);
	assert_int_equal(bench.core.cause, FW_CAUSE_BROWN_OUT);
	assert_int_equal(last_event()[-1].code, FW_EV_BROWN_OUT);
	assert_int_equal(last_event()[-1].value, 4301);
	assert_int_equal(last_event()[-1].arg, 0);
	assert_int_equal(last_event()->value, -1);
	n = bench.core.event_number;
	bench_run(&bench, 50000, 1000);
	assert_int_equal(bench.core.event_number, n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_looks_above_the_limit),
		cmocka_unit_test(a_latch_is_said_once),
		cmocka_unit_test(limp_is_not_watched),
		cmocka_unit_test(streams_are_not_disturbed),
		cmocka_unit_test(an_echo_is_no_measurement),
		cmocka_unit_test(a_current_of_nobody),
		cmocka_unit_test(units_are_fractions),
		cmocka_unit_test(a_limit_beyond_the_sensor),
		cmocka_unit_test(two_looks_above_the_guard),
		cmocka_unit_test(guards_begin_anew),
		cmocka_unit_test(a_guard_says_where),
		cmocka_unit_test(supply),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
