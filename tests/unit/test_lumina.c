/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dialogues of the lumina driver in virtual time: meeting a controller. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "driver/driver.h"	   /* struct gh_driver */
#include "driver/lumina/message.h" /* GH_LUM_* */
#include "fakes/toy_controller.h"  /* struct toy */

#include <string.h>

extern const struct gh_driver gh_driver_lumina;

static const struct gh_driver *const drv = &gh_driver_lumina;
static struct toy toy;
static struct gh_err err;

static int fresh(void **state)
{
	(void)state;
	toy_init(&toy);
	memset(&err, 0, sizeof err);
	return 0;
}

static enum gh_status try_open(struct gh_dev **dev)
{
	*dev = NULL;
	return drv->open(dev, &toy.wire.link, &toy.wire.clock, NULL, 0, &err);
}

static struct gh_dev *open_toy(void)
{
	struct gh_dev *dev;

	if (try_open(&dev) != GH_OK)
		fail_msg("open: %s", err.msg);
	return dev;
}

static void identify_says_hello_and_nothing_else(void **state)
{
	static const uint8_t want[] = { 0,    0x0F, 0x01, 0x01, 0x47, 0x48,
					0x4C, 0x54, 0x01, 0x41, 0x41, 0x51,
					0x6B, 0x17, 0x2D, 0x7C, 0x00 };
	struct gh_dev_info info = { .n_channels = 0 };

	(void)state;
	assert_int_equal(drv->identify(&toy.wire.link, &toy.wire.clock, &info,
				       &err),
			 GH_OK);
	assert_int_equal(toy.wire.sent_n, sizeof want);
	assert_memory_equal(toy.wire.sent, want, sizeof want);
	assert_int_equal(toy.wire.baud, 115200);
	assert_string_equal(info.model, "ghostlight");
	assert_string_equal(info.firmware, "1.0.0");
	assert_string_equal(info.id, "0102030405060708");
	assert_string_equal(info.boot, "11223344");
	assert_string_equal(info.reset_cause, "power-on");
	assert_true(info.simulated);
}

static void a_script_of_bytes_is_enough_for_identify(void **state)
{
	static struct script_link s;
	static const struct script_step steps[] = {
		{ SCRIPT_EXPECT, "00", 0 },
		{ SCRIPT_EXPECT,
		  "0F 01 01 47 48 4C 54 01 41 41 51 6B 17 2D 7C 00", 0 },
		/* ERROR 1 for a HELLO: something that is no controller. */
		{ SCRIPT_GONE, NULL, 0 },
		{ SCRIPT_END, NULL, 0 },
	};
	struct gh_dev_info info;

	(void)state;
	script_link_init(&s, steps);
	assert_int_equal(drv->identify(&s.link, &s.clock, &info, &err),
			 GH_GONE);
	assert_true(script_link_done(&s));
}

static void silence_is_a_timeout_after_3_s(void **state)
{
	struct gh_dev_info info;
	const gh_us before = toy.wire.now;

	(void)state;
	toy.mute = true;
	assert_int_equal(drv->identify(&toy.wire.link, &toy.wire.clock, &info,
				       &err),
			 GH_TIMEOUT);
	assert_in_range(toy.wire.now - before, 2900000, 3200000);
	assert_int_equal(toy.count[GH_LUM_HELLO], 12);
}

static void garbage_at_full_speed_ends(void **state)
{
	struct gh_dev_info info;
	enum gh_status st;

	(void)state;
	toy.mute = true;
	toy.wire.babble = 1 << 20;
	st = drv->identify(&toy.wire.link, &toy.wire.clock, &info, &err);
	assert_true(st == GH_UNSUP || st == GH_TIMEOUT || st == GH_PROTO);
	assert_string_not_equal(err.msg, "");
	/* At the speed of a wire, it ends by the clock. */
	fresh(NULL);
	toy.mute = true;
	toy.wire.babble = 1 << 20;
	toy.wire.babble_us = 87;
	st = drv->identify(&toy.wire.link, &toy.wire.clock, &info, &err);
	assert_int_equal(st, GH_UNSUP);
}

static void open_learns_everything(void **state)
{
	struct gh_dev *dev;
	const struct gh_dev_info *info;
	const gh_us before = toy.wire.now;

	(void)state;
	dev = open_toy();
	info = drv->info(dev);
	assert_int_equal(info->n_channels, 2);
	assert_string_equal(info->channels[1].part, "demo.joint");
	assert_int_equal(info->channels[1].what, GH_Q_CURRENT);
	assert_int_equal(info->channels[1].den, 1000);
	assert_true(info->actuators[0].speed_rad_s > 1.99);
	assert_true(info->actuators[0].temperature_c > 69.9);
	assert_int_equal(info->lamps[0].channels, 4);
	assert_int_equal(info->watchdog_ms, 100);
	assert_int_equal(toy.wire.baud, 1000000);
	assert_true(toy.wire.now - before < GH_US_PER_S);
	drv->close(dev);
}

static void the_wire_may_be_cut_anywhere(void **state)
{
	(void)state;
	toy.wire.read_most = 1;
	drv->close(open_toy());
}

static void replies_may_come_twice(void **state)
{
	(void)state;
	toy.twice = true;
	drv->close(open_toy());
}

static void lost_replies_are_asked_again(void **state)
{
	struct gh_dev_stats stats;
	struct gh_dev *dev;

	(void)state;
	for (size_t i = 1; i < 0x20; i++)
		toy.drop[i] = 2;
	dev = open_toy();
	drv->stats(dev, &stats);
	assert_true(toy.count[GH_LUM_STATUS] >= 3);
	drv->close(dev);
}

static void a_late_reply_is_not_taken_for_another(void **state)
{
	struct gh_dev_status status;
	struct gh_dev *dev = open_toy();

	(void)state;
	/* 70 ms: after the first repetition, before the second. */
	toy.delay[GH_LUM_STATUS] = 70000;
	assert_int_equal(drv->status(dev, &status, &err), GH_OK);
	toy.delay[GH_LUM_STATUS] = 0;
	toy.state = 3;
	toy.cause = 1;
	assert_int_equal(drv->status(dev, &status, &err), GH_OK);
	assert_int_equal(status.state, GH_MOTION_LATCHED);
	assert_string_equal(status.cause, "STOP");
	drv->close(dev);
}

static void six_lost_replies_are_a_timeout(void **state)
{
	struct gh_dev_status status;
	struct gh_dev *dev = open_toy();
	gh_us before = toy.wire.now;

	(void)state;
	toy.drop[GH_LUM_STATUS] = 6;
	assert_int_equal(drv->status(dev, &status, &err), GH_TIMEOUT);
	assert_non_null(strstr(err.msg, "STATUS"));
	assert_in_range(toy.wire.now - before, 350000, 380000);
	drv->close(dev);
}

static void every_refusal_is_plain(void **state)
{
	static const enum gh_status want[] = {
		[0] = GH_PROTO,	 [1] = GH_UNSUP,   [2] = GH_PROTO,
		[3] = GH_PROTO,	 [4] = GH_UNSAFE,  [5] = GH_UNSAFE,
		[6] = GH_UNSAFE, [7] = GH_UNSAFE,  [8] = GH_BUSY,
		[9] = GH_PROTO,	 [10] = GH_BUSY,   [11] = GH_IO,
		[12] = GH_UNSUP, [13] = GH_UNSAFE, [14] = GH_UNSAFE,
		[15] = GH_PROTO,
	};
	const double level[4] = { 0, 0, 0, 0 };
	struct gh_dev *dev = open_toy();

	(void)state;
	for (unsigned code = 1; code < GH_ARRAY_SIZE(want); code++) {
		toy.refuse[GH_LUM_LAMP] = (uint8_t)code;
		assert_int_equal(drv->glow(dev, 0, level, 0, &err), want[code]);
		assert_non_null(strstr(err.msg, "LAMP refused"));
		assert_true(strlen(err.msg) > strlen("LAMP refused: "));
	}
	drv->close(dev);
}

/* Whatever one byte of a reply says, there is an answer and no crash. */
static void try_every_byte(uint8_t type, size_t len)
{
	static const uint8_t values[] = { 0, 1, 0x20, 0x7F, 0x80, 0xFF };
	struct gh_dev *dev;

	for (size_t at = 0; at < len; at++)
		for (size_t v = 0; v < GH_ARRAY_SIZE(values); v++) {
			fresh(NULL);
			toy.reply_patch_type = type;
			toy.reply_patch_at = (long)at;
			toy.reply_patch_value = values[v];
			if (try_open(&dev) == GH_OK)
				drv->close(dev);
			else
				assert_string_not_equal(err.msg, "");
		}
	for (size_t cut = 0; cut < len; cut++) {
		fresh(NULL);
		toy.reply_patch_type = type;
		toy.reply_cut = (long)cut;
		assert_int_not_equal(try_open(&dev), GH_OK);
		assert_string_not_equal(err.msg, "");
	}
}

static void hostile_replies_are_refused(void **state)
{
	(void)state;
	try_every_byte(GH_LUM_HELLO, 50);
	try_every_byte(GH_LUM_DESCRIBE, 17);
	try_every_byte(GH_LUM_ACTUATOR, 21);
	try_every_byte(GH_LUM_STATUS, 18);
	try_every_byte(GH_LUM_CLOCK, 8);
	try_every_byte(GH_LUM_SET_BAUD, 1);
}

static void a_changed_dictionary_is_noticed(void **state)
{
	struct gh_dev *dev;

	(void)state;
	/* max_rate_hz, low byte: a legal value, another hash. */
	toy.reply_patch_type = GH_LUM_HELLO;
	toy.reply_patch_at = 16;
	toy.reply_patch_value = 0x5A;
	assert_int_equal(try_open(&dev), GH_PROTO);
	assert_non_null(strstr(err.msg, "hash"));
}

static void only_a_simulated_world_may_be_faster(void **state)
{
	struct gh_dev *dev;

	(void)state;
	toy.reply_patch_type = GH_LUM_HELLO;
	toy.reply_patch_at = 3;
	toy.reply_patch_value = 8;
	drv->close(open_toy());
	fresh(NULL);
	toy.real = true;
	drv->close(open_toy());
	toy.reply_patch_type = GH_LUM_HELLO;
	toy.reply_patch_at = 3;
	toy.reply_patch_value = 8;
	assert_int_equal(try_open(&dev), GH_PROTO);
	assert_non_null(strstr(err.msg, "time scale"));
}

static void another_major_is_refused_in_plain_words(void **state)
{
	struct gh_dev *dev;

	(void)state;
	toy.reply_patch_type = GH_LUM_HELLO;
	toy.reply_patch_at = 0;
	toy.reply_patch_value = 2;
	assert_int_equal(try_open(&dev), GH_UNSUP);
	assert_non_null(strstr(err.msg, "lumina 2.0"));
}

static void wiring_is_refused_with_its_line(void **state)
{
	static const struct gh_wire wire = { .part = "core", .line = 7 };
	static const struct gh_wiring wiring = { "x.rig", &wire, 1 };
	struct gh_dev *dev;

	(void)state;
	assert_int_equal(drv->open(&dev, &toy.wire.link, &toy.wire.clock,
				   &wiring, 0, &err),
			 GH_ARG);
	assert_non_null(strstr(err.msg, "x.rig:7"));
}

#define CASE(f) cmocka_unit_test_setup(f, fresh)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(identify_says_hello_and_nothing_else),
		CASE(a_script_of_bytes_is_enough_for_identify),
		CASE(silence_is_a_timeout_after_3_s),
		CASE(garbage_at_full_speed_ends),
		CASE(open_learns_everything),
		CASE(the_wire_may_be_cut_anywhere),
		CASE(replies_may_come_twice),
		CASE(lost_replies_are_asked_again),
		CASE(a_late_reply_is_not_taken_for_another),
		CASE(six_lost_replies_are_a_timeout),
		CASE(every_refusal_is_plain),
		CASE(hostile_replies_are_refused),
		CASE(a_changed_dictionary_is_noticed),
		CASE(only_a_simulated_world_may_be_faster),
		CASE(another_major_is_refused_in_plain_words),
		CASE(wiring_is_refused_with_its_line),
	};

	return cmocka_run_group_tests_name("lumina", tests, NULL, NULL);
}
