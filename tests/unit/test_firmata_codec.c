/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The vectors of the protocol notes (seen on the 2.4 image), what the driver
 * makes of a board's answers at the start, and hostile bytes.
 */
#include "driver/firmata/codec.h" /* gh_firmata_parse */
#include "unit/test_firmata.h"	  /* struct fake */

static size_t parse(struct fm_parser *p, const uint8_t *bytes, size_t n,
		    struct fm_message *last)
{
	size_t found = 0;

	for (size_t i = 0; i < n; i++)
		found += gh_firmata_parse(p, bytes[i], last);
	return found;
}

#define PARSE(p, m, ...)                                                       \
	parse(p, (const uint8_t[]){ __VA_ARGS__ },                             \
	      sizeof((const uint8_t[]){ __VA_ARGS__ }), m)

static void version_and_analog(void **state)
{
	struct fm_parser p = { 0 };
	struct fm_message m;

	(void)state;
	assert_int_equal(PARSE(&p, &m, 0xf9, 0x02, 0x04), 1);
	assert_int_equal(m.kind, FM_MSG_VERSION);
	assert_int_equal(m.data[0], 2);
	assert_int_equal(m.data[1], 4);
	assert_int_equal(PARSE(&p, &m, 0xe0, 0x66, 0x00), 1);
	assert_int_equal(m.kind, FM_MSG_ANALOG);
	assert_int_equal(m.id, 0);
	assert_int_equal(m.value, 102);
	assert_int_equal(PARSE(&p, &m, 0xe3, 0x13, 0x04), 1);
	assert_int_equal(m.id, 3);
	assert_int_equal(m.value, 531);
	assert_int_equal(p.good, 3);
	assert_int_equal(p.bad, 0);
}

static void pin_state_and_i2c(void **state)
{
	struct fm_parser p = { 0 };
	struct fm_message m;
	uint8_t bytes[8];

	(void)state;
	assert_int_equal(PARSE(&p, &m, 0xf0, 0x6e, 0x09, 0x04, 0x5a, 0xf7), 1);
	assert_int_equal(m.id, FM_PIN_STATE);
	assert_int_equal(m.n, 3);
	assert_int_equal(m.data[2], 90);
	assert_int_equal(PARSE(&p, &m, 0xf0, 0x77, 0x40, 0x00, 0x02, 0x00, 0x1f,
			       0x00, 0x42, 0x00, 0xf7),
			 1);
	assert_int_equal(m.id, FM_I2C_REPLY);
	assert_int_equal(gh_firmata_join(m.data, m.n, bytes, sizeof(bytes)), 4);
	assert_memory_equal(bytes, ((const uint8_t[]){ 0x40, 2, 0x1f, 0x42 }),
			    4);
	/* register B2 = A0 + 12 of the 2.5.9 vector */
	assert_int_equal(PARSE(&p, &m, 0xf0, 0x77, 0x29, 0x00, 0x32, 0x01, 0x44,
			       0x00, 0xf7),
			 1);
	gh_firmata_join(m.data, m.n, bytes, sizeof(bytes));
	assert_memory_equal(bytes, ((const uint8_t[]){ 0x29, 0xb2, 0x44 }), 3);
}

static void requests_as_bytes(void **state)
{
	const uint8_t read[] = { 0xf0, 0x76, 0x29, 0x08, 0x32,
				 0x01, 0x01, 0x00, 0xf7 };
	struct fm_frame f;

	(void)state;
	gh_firmata_begin(&f, FM_I2C_REQUEST);
	gh_firmata_byte(&f, 0x29);
	gh_firmata_byte(&f, 0x08);
	gh_firmata_pair(&f, 0xb2);
	gh_firmata_pair(&f, 1);
	gh_firmata_end(&f);
	assert_int_equal(f.n, sizeof(read));
	assert_memory_equal(f.bytes, read, sizeof(read));
}

static void cut_and_overlong_messages_are_dropped(void **state)
{
	struct fm_parser p = { 0 };
	struct fm_message m;

	(void)state;
	assert_int_equal(PARSE(&p, &m, 0x11, 0xe0, 0x11, 0xe0, 0x66, 0x00), 1);
	assert_int_equal(p.bad, 2);
	assert_int_equal(PARSE(&p, &m, 0xf0, 0x71, 0xf0, 0x71, 0xf7), 1);
	assert_int_equal(p.bad, 3);
	assert_int_equal(PARSE(&p, &m, 0xf0, 0xf7, 0xf7, 0xc0, 0xff), 0);
	assert_int_equal(p.bad, 7);
	assert_int_equal(PARSE(&p, &m, 0xf0), 0);
	for (size_t i = 0; i < 3 * FM_SYSEX_CAP; i++)
		assert_false(gh_firmata_parse(&p, 0x33, &m));
	assert_int_equal(PARSE(&p, &m, 0xf7), 0);
	assert_int_equal(p.bad, 8);
	assert_int_equal(PARSE(&p, &m, 0xf9, 2, 4), 1);
}

static void open_learns_the_board(void **state)
{
	struct fake *f = fake_create();
	const struct gh_dev_info *info;

	(void)state;
	assert_int_equal(fake_open(f, &fake_wiring), GH_OK);
	info = gh_driver_firmata.info(f->dev);
	assert_string_equal(info->model, "StandardFirmata.ino");
	assert_string_equal(info->firmware, "2.4");
	assert_string_equal(info->id, "");
	assert_string_equal(info->boot, "");
	assert_int_equal(info->watchdog_ms, 0);
	assert_false(info->has_clock);
	assert_int_equal(info->time_scale, 1);
	assert_int_equal(info->n_channels, CH_ALL);
	assert_int_equal(info->n_actuators, 2);
	assert_int_equal(info->n_lamps, 1);
	assert_int_equal(info->lamps[0].channels, 4);
	assert_false(info->channels[CH_SHOULDER_CMD].measured);
	assert_true(info->channels[CH_SHOULDER_POS].measured);
	assert_int_equal(f->attaches, 0);
	for (unsigned i = 0; i < 6; i++)
		assert_false(f->report[i]);
	fake_destroy(f);
}

static void a_booting_board_is_waited_for(void **state)
{
	struct fake *f = fake_create();
	struct gh_dev_info info;

	(void)state;
	f->link.is_pty = false;
	f->mute = true;
	f->boots_at = f->now + 1946000; /* as seen in simavr */
	assert_int_equal(gh_driver_firmata.identify(&f->link, &f->clock, &info,
						    &f->err),
			 GH_OK);
	/* nothing at all was said to the boot loader */
	assert_int_equal(f->tx_n, 0);
	assert_string_equal(info.model, "StandardFirmata.ino");
	fake_destroy(f);
}

static void silence_and_strangers(void **state)
{
	struct fake *f = fake_create();
	struct gh_dev_info info;
	const gh_us begun = f->now;

	(void)state;
	f->mute = true;
	assert_int_equal(gh_driver_firmata.identify(&f->link, &f->clock, &info,
						    &f->err),
			 GH_TIMEOUT);
	assert_in_range(f->now - begun, 4900000, 6000000);
	for (size_t i = 0; i < f->tx_n; i++)
		assert_int_equal(f->tx[i], 0xf9);
	fake_say(f, (const uint8_t[]){ 1, 2, 3, 0x80, 0xfd, 9, 0 }, 7);
	assert_int_equal(gh_driver_firmata.identify(&f->link, &f->clock, &info,
						    &f->err),
			 GH_UNSUP);
	fake_destroy(f);
}

static void a_hostile_name_is_made_safe(void **state)
{
	struct fake *f = fake_create();
	struct gh_dev_info info;

	(void)state;
	f->no_name = true;
	fake_version(f);
	fake_text(f, 0x79, "\033]0;x\007\n");
	assert_int_equal(gh_driver_firmata.identify(&f->link, &f->clock, &info,
						    &f->err),
			 GH_OK);
	assert_string_equal(info.model, "\\x1B]0;x\\x07\\x0A");
	fake_destroy(f);
}

static void lies_about_pins_are_caught(void **state)
{
	struct fake *f = fake_create();

	(void)state;
	f->no_servo = true;
	assert_int_equal(fake_open(f, &fake_wiring), GH_ARG);
	assert_non_null(strstr(f->err.msg, "uno.rig:40: arm.shoulder: pin 9"));
	f->no_servo = false;
	f->broken_map = true;
	assert_int_equal(fake_open(f, &fake_wiring), GH_PROTO);
	fake_destroy(f);
}

/* A small generator: the same bytes in every run. */
static uint32_t next(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 16;
}

static void garbage_at_the_start(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed <= 200; seed++) {
		struct fake *f = fake_create();
		uint32_t r = seed;
		enum gh_status st;

		for (unsigned i = 0; i < 700; i++)
			fake_byte(f, next(&r) & 0xff);
		fake_byte(f, 0xf7);
		st = fake_open(f, &fake_wiring);
		assert_true(st == GH_OK || st == GH_UNSUP || st == GH_PROTO ||
			    st == GH_ARG);
		fake_destroy(f);
	}
}

static void garbage_while_streaming(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed <= 60; seed++) {
		struct fake *f = fake_create();
		struct heard h = { 0 };
		struct gh_dev_event ev;
		uint32_t r = seed;

		assert_int_equal(fake_open(f, &fake_wiring), GH_OK);
		fake_stream_all(f);
		for (unsigned turn = 0; turn < 100; turn++) {
			for (unsigned i = 0; i < 40; i++)
				fake_byte(f, (next(&r) & 1 ? 0x80 : 0) |
						     (next(&r) & 0x7f));
			if (fake_spin(f, 10000, &h) != GH_OK)
				assert_int_equal(f->err.code, GH_RESET);
		}
		while (gh_driver_firmata.event(f->dev, &ev))
			assert_true(strlen(ev.text) < sizeof(ev.text));
		fake_destroy(f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(version_and_analog),
		cmocka_unit_test(pin_state_and_i2c),
		cmocka_unit_test(requests_as_bytes),
		cmocka_unit_test(cut_and_overlong_messages_are_dropped),
		cmocka_unit_test(open_learns_the_board),
		cmocka_unit_test(a_booting_board_is_waited_for),
		cmocka_unit_test(silence_and_strangers),
		cmocka_unit_test(a_hostile_name_is_made_safe),
		cmocka_unit_test(lies_about_pins_are_caught),
		cmocka_unit_test(garbage_at_the_start),
		cmocka_unit_test(garbage_while_streaming),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
