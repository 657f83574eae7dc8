/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Messages that no StandardFirmata sends, or not then: nothing of them is
 * believed, no buffer is left, and what was known stays as it was.
 */
#include "driver/chips/chip.h"	/* struct gh_chip */
#include "driver/firmata/dev.h" /* struct gh_dev */
#include "unit/test_firmata.h"	/* struct fake */

extern const struct gh_chip gh_chip_tcs34725;

static struct gh_dev board;

static struct fm_message message(const void *bytes, size_t n)
{
	return (struct fm_message){ .kind = FM_MSG_SYSEX,
				    .data = bytes,
				    .n = n };
}

/* Pins: (mode, bits)* 7F, and nothing else. */
static void capabilities(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
		unsigned pins; /* 0: refused */
	} cases[] = {
		{ "\x04\x0e\x7f", 3, 1 },
		{ "\x7f\x7f\x04\x0e\x7f", 5, 3 },
		{ "", 0, 0 },
		{ "\x04\x0e", 2, 0 },
		{ "\x04\x7f", 2, 0 },
		{ "\x04", 1, 0 },
		{ "\x7f\x04\x0e", 3, 0 },
		{ "\x70\x0e\x7f", 3, 1 },
	};
	char many[FM_PINS + 1];
	struct fm_message m;

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(cases); i++) {
		memset(&board, 0, sizeof board);
		m = message(cases[i].bytes, cases[i].n);
		gh_firmata_on_capability(&board, &m);
		assert_int_equal(board.n_pins, cases[i].pins);
		assert_int_equal(board.has_capability, cases[i].pins > 0);
		assert_int_equal(board.in.bad, cases[i].pins == 0);
	}
	assert_int_equal(board.pins[0].modes, 0); /* mode 70 is none we know */
	memset(many, 0x7f, sizeof many);
	memset(&board, 0, sizeof board);
	m = message(many, FM_PINS);
	gh_firmata_on_capability(&board, &m);
	assert_int_equal(board.n_pins, FM_PINS);
	m = message(many, FM_PINS + 1);
	gh_firmata_on_capability(&board, &m);
	assert_int_equal(board.n_pins, 0);
}

static void maps(void **state)
{
	struct fm_message m = message("\x7f\x00\x05", 3);

	(void)state;
	memset(&board, 0, sizeof board);
	board.n_pins = 3;
	gh_firmata_on_map(&board, &m);
	assert_true(board.has_map);
	assert_int_equal(board.pins[0].analog, -1);
	assert_int_equal(board.pins[1].analog, 0);
	assert_int_equal(board.pins[2].analog, 5);
	board.n_pins = 2;
	gh_firmata_on_map(&board, &m);
	assert_false(board.has_map);
	board.n_pins = 0;
	m.n = 0;
	gh_firmata_on_map(&board, &m);
	assert_false(board.has_map);
	assert_int_equal(board.in.bad, 2);
}

/* Once it is open nothing of that changes any more; a name alone is no boot. */
static void an_open_board_stays(void **state)
{
	struct fm_message m = message("\x7f", 1);

	(void)state;
	memset(&board, 0, sizeof board);
	board.ready = true;
	board.n_pins = 1;
	board.pins[0].modes = 5;
	gh_firmata_on_capability(&board, &m);
	gh_firmata_on_map(&board, &m);
	assert_int_equal(board.pins[0].modes, 5);
	assert_false(board.has_capability || board.has_map);
	m = message("\2", 1);
	gh_firmata_on_name(&board, &m);
	assert_false(board.has_name);
	m = message("\2\5x\0", 4);
	gh_firmata_on_name(&board, &m);
	assert_false(board.rebooted);
	board.has_version = true;
	gh_firmata_on_name(&board, &m);
	assert_true(board.rebooted);
	assert_string_equal(board.info.model, "x");
}

static void pin_states(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
		unsigned value;
		bool known;
	} cases[] = {
		{ "\1\4\x10", 3, 0x10, true },
		{ "\1\4\x7f\x7f", 4, 0x3fff, true },
		{ "\1\4\x7f\x7f\x7f\x7f\x7f", 7, 0x1fffff, true },
		{ "\1\4", 2, 0, true },
		{ "\1", 1, 0, false },
		{ "\2\4\x10", 3, 0, false },
	};

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(cases); i++) {
		const struct fm_message m = message(cases[i].bytes, cases[i].n);

		memset(&board, 0, sizeof board);
		board.n_pins = 2;
		gh_firmata_on_state(&board, &m);
		assert_int_equal(board.states[1].known, cases[i].known);
		assert_int_equal(board.states[1].value, cases[i].value);
		assert_false(board.states[2].known);
	}
}

/* ---- The other bus ---------------------------------------------------------*/

/* The shoulder's INA219 is asked for two bytes of register 1. */
static struct gh_dev *asked(struct fake *f)
{
	f->dev->bus.pending = 0;
	f->dev->bus.reg = 1;
	f->dev->bus.n = 2;
	f->dev->bus.poisoned = false;
	f->dev->bus.last_n = 0;
	f->dev->bus.chips[0].step = FM_CHIP_READ;
	f->dev->bus.chips[0].lost = false;
	f->dev->bus.chips[0].failures = 0;
	return f->dev;
}

static void replies_nobody_asked_for(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
	} cases[] = {
		{ "\x40", 1 },		     /* no register */
		{ "\x41\0\1\0\2\0\3\0", 8 }, /* another chip */
		{ "\x40\0\2\0\2\0\3\0", 8 }, /* another register */
	};
	struct fake *f = fake_create();

	(void)state;
	assert_int_equal(fake_open(f, &fake_wiring), GH_OK);
	for (size_t i = 0; i < GH_ARRAY_SIZE(cases); i++) {
		const struct fm_message m = message(cases[i].bytes, cases[i].n);
		struct gh_dev *dev = asked(f);
		const uint64_t bad = dev->in.bad;

		gh_firmata_on_i2c(dev, &m);
		assert_int_equal(dev->bus.pending, 0);
		assert_int_equal(dev->in.bad, bad + 1);
		assert_int_equal(dev->bus.chips[0].failures, 0);
		dev->bus.pending = -1;
		gh_firmata_on_i2c(dev, &m);
		assert_int_equal(dev->in.bad, bad + 2);
	}
	fake_destroy(f);
}

static void replies_of_a_wrong_length(void **state)
{
	static const struct {
		size_t n;
		unsigned failures;
	} cases[] = { { 8, 0 }, { 6, 1 }, { 10, 1 }, { 9, 1 } };
	struct fake *f = fake_create();

	(void)state;
	assert_int_equal(fake_open(f, &fake_wiring), GH_OK);
	for (size_t i = 0; i < GH_ARRAY_SIZE(cases); i++) {
		const struct fm_message m =
			message("\x40\0\1\0\2\0\3\0\4\0", cases[i].n);
		struct gh_dev *dev = asked(f);

		gh_firmata_on_i2c(dev, &m);
		assert_int_equal(dev->bus.pending, -1);
		assert_int_equal(dev->bus.chips[0].failures, cases[i].failures);
	}
	fake_destroy(f);
}

/* ---- More than there is room for -------------------------------------------*/

static void events_and_bytes_are_bounded(void **state)
{
	const uint8_t bytes[64] = { 0 };

	(void)state;
	memset(&board, 0, sizeof board);
	while (board.out_n + sizeof bytes <= FM_OUT_BYTES)
		gh_firmata_send(&board, bytes, sizeof bytes);
	assert_false(board.out_full);
	gh_firmata_send(&board, bytes, sizeof bytes);
	assert_true(board.out_full);
	assert_true(board.out_n <= FM_OUT_BYTES);
	gh_firmata_timed(&board, -1);
	gh_firmata_timed(&board, 1000000);
	assert_int_equal(board.rtt[0], 1);
	assert_int_equal(board.rtt[FM_RTT_BINS - 1], 1);
}

/* The oldest events and the newest samples are those that are kept. */
static void what_nobody_takes_is_bounded(void **state)
{
	struct fake *f = fake_create();
	struct gh_dev_event e;
	unsigned taken = 0;

	(void)state;
	assert_int_equal(fake_open(f, &fake_wiring), GH_OK);
	fake_stream_all(f);
	for (int i = 0; i < FM_EVENTS + 5; i++)
		gh_firmata_event(f->dev, GH_DEV_EV_SENSOR, i, 0.0, "%d", i);
	while (gh_driver_firmata.event(f->dev, &e))
		assert_int_equal(e.arg, taken++);
	assert_int_equal(taken, FM_EVENTS);
	for (int i = 0; i < FM_SAMPLES + 7; i++)
		gh_firmata_emit(f->dev, CH_LIGHT, 1000 - i, (int16_t)i);
	assert_int_equal(f->dev->stats.samples_lost, 7);
	assert_int_equal(f->dev->sample_n, FM_SAMPLES);
	/* and no time goes back */
	for (size_t i = 0; i < FM_SAMPLES; i++)
		assert_int_equal(f->dev->samples[i].at, 1000);
	fake_destroy(f);
}

static void streams_of_nobody(void **state)
{
	static const uint16_t channel[2] = { 0, CH_ALL };
	struct fake *f = fake_create();
	const struct gh_driver *drv = &gh_driver_firmata;

	(void)state;
	assert_int_equal(fake_open(f, &fake_wiring), GH_OK);
	assert_int_equal(drv->stream(f->dev, GH_STREAMS, channel, 1, 10, NULL,
				     &f->err),
			 GH_ARG);
	assert_int_equal(drv->stream(f->dev, 0, channel, GH_STREAM_CHANNELS + 1,
				     10, NULL, &f->err),
			 GH_ARG);
	assert_int_equal(drv->stream(f->dev, 0, channel, 2, 10, NULL, &f->err),
			 GH_ARG);
	assert_int_equal(drv->stream(f->dev, 0, channel, 1, 0, NULL, &f->err),
			 GH_ARG);
	assert_int_equal(drv->stream(f->dev, 0, channel, 1, 10, NULL, &f->err),
			 GH_OK);
	fake_destroy(f);
}

/* ---- The colour chip -------------------------------------------------------*/

/* Not a colour before it says so, nor more light than it can count. */
static void colours_that_are_none(void **state)
{
	static const double longest[2] = { 614.4, 60.0 };
	static const double shortest[2] = { 2.4, 3.0 };
	struct gh_chip_plan p;
	int16_t raw[GH_CHIP_VALUES];
	uint8_t bytes[9] = { 1, 0xff, 0xff, 2, 0, 4, 0, 6, 0 };

	(void)state;
	gh_chip_tcs34725.plan(&p, 0x29, longest);
	assert_int_equal(p.num, 2); /* 65535 counts do not fit 16 bits */
	assert_int_equal(p.den, 65535);
	assert_int_equal(p.hi, INT16_MAX);
	assert_int_equal(p.writes[2].bytes[1], 3);
	assert_true(gh_chip_tcs34725.decode(bytes, &p, raw));
	assert_int_equal(raw[3], 32767);
	assert_int_equal(raw[0], 1);
	bytes[0] = 0;
	assert_false(gh_chip_tcs34725.decode(bytes, &p, raw));
	bytes[0] = 1;
	gh_chip_tcs34725.plan(&p, 0x29, shortest);
	assert_int_equal(p.num, 1);
	assert_int_equal(p.den, 1024);
	assert_int_equal(p.writes[2].bytes[1], 1);
	assert_false(gh_chip_tcs34725.decode(bytes, &p, raw));
	bytes[1] = 0;
	bytes[2] = 4;
	assert_true(gh_chip_tcs34725.decode(bytes, &p, raw));
	assert_int_equal(raw[3], 1024);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(capabilities),
		cmocka_unit_test(maps),
		cmocka_unit_test(an_open_board_stays),
		cmocka_unit_test(pin_states),
		cmocka_unit_test(replies_nobody_asked_for),
		cmocka_unit_test(replies_of_a_wrong_length),
		cmocka_unit_test(events_and_bytes_are_bounded),
		cmocka_unit_test(what_nobody_takes_is_bounded),
		cmocka_unit_test(streams_of_nobody),
		cmocka_unit_test(colours_that_are_none),
	};

	return cmocka_run_group_tests_name("firmata hostile", tests, NULL,
					   NULL);
}
