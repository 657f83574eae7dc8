/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the simulated controller has for a sculpture with a sensor at every
 * part: channels, lamps, their scales and what they drive; and what it does
 * not have for parts that a person looks at. Runs in the root of the checkout.
 */
#include "rig/rig.h"	/* gh_rig_read */
#include "sim/board.h"	/* struct gh_sim_board */
#include "sim/device.h" /* struct gh_sim_device */

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { LIGHT = GH_Q_LIGHT, UNIT_SHARE = 7, UNIT_DB = 24, UNIT_TALLY = 12 };

static struct gh_rig rig; /* large, so static */
static struct gh_sim_board board;

static void open_board(const char *path, const char *kind)
{
	struct gh_err err = { .msg = "" };

	if (gh_rig_read(&rig, path, &err) != GH_OK ||
	    gh_sim_board_init(&board, gh_sim_board_kind(kind), &rig, 1, 1,
			      &err) != GH_OK)
		fail_msg("%s", err.msg);
}

/* The channel's number, or -1. */
static int channel(const char *part, unsigned quantity)
{
	for (uint8_t i = 0; i < board.fw.info.n_channels; i++) {
		struct fw_channel ch;

		board.fw.channel(&board, i, &ch);
		if (ch.quantity == quantity && strcmp(ch.part, part) == 0)
			return i;
	}
	return -1;
}

static int lamp(const char *part)
{
	for (uint8_t i = 0; i < board.fw.info.n_lamps; i++) {
		struct fw_lamp l;

		board.fw.lamp(&board, i, &l);
		if (strcmp(l.part, part) == 0)
			return i;
	}
	return -1;
}

/* A moment later, in the channel's unit. */
static double read_unit(const char *part, unsigned quantity)
{
	const int i = channel(part, quantity);
	struct fw_channel ch;

	assert_true(i >= 0);
	board.now_us += 100000;
	board.fw.channel(&board, (uint8_t)i, &ch);
	return (double)board.fw.read(&board, (uint8_t)i) * ch.num / ch.den;
}

static void glow(const char *part, unsigned k, uint16_t level)
{
	uint16_t levels[4] = { 0 };

	assert_true(lamp(part) >= 0);
	levels[k] = level;
	board.fw.glow(&board, (uint8_t)lamp(part), levels);
}

static void every_part_has_its_channels(void **state)
{
	static const struct {
		const char *part;
		unsigned quantity, unit;
	} want[] = {
		{ "fibre.1", LIGHT, UNIT_SHARE },
		{ "fibre.8", LIGHT, UNIT_SHARE },
		{ "crystal.1", LIGHT, UNIT_SHARE },
		{ "crystal.6", LIGHT, UNIT_SHARE },
		{ "chrome.hope", LIGHT, UNIT_SHARE },
		{ "chrome.dawn", LIGHT, UNIT_SHARE },
		{ "spotlight", LIGHT, UNIT_SHARE },
		{ "remote", GH_Q_VOLTAGE, 5 },
		{ "remote", GH_Q_SIGNAL, UNIT_DB },
		{ "remote", GH_Q_PRESSES, UNIT_TALLY },
	};

	(void)state;
	open_board("schemas/lumina.rig", NULL);
	assert_int_equal(board.fw.info.n_channels,
			 12 * 4 + 5 + 2 + 8 + 6 + 4 + 1 + 3);
	for (size_t i = 0; i < GH_ARRAY_SIZE(want); i++) {
		const int at = channel(want[i].part, want[i].quantity);
		struct fw_channel ch;

		assert_true(at >= 0);
		board.fw.channel(&board, (uint8_t)at, &ch);
		assert_int_equal(ch.unit, want[i].unit);
		assert_int_equal(ch.measured, 1);
		assert_true(ch.max_rate_hz >= 100);
		assert_true(ch.den > 0 && ch.lo < ch.hi);
	}
	gh_sim_board_finish(&board);
}

static void every_light_has_its_lamp(void **state)
{
	static const struct {
		const char *part;
		unsigned channels, k;
		double least; /* more than in the dark, full scale 1 */
	} want[] = {
		{ "core", 4, 3, 0.1 },	      { "spotlight", 4, 3, 0.3 },
		{ "chrome.hope", 3, 0, 0.2 }, { "chrome.hope", 3, 2, 0.15 },
		{ "chrome.dawn", 3, 0, 0.2 }, { "chrome.memory", 3, 2, 0.15 },
	};

	(void)state;
	open_board("schemas/lumina.rig", NULL);
	assert_int_equal(board.fw.info.n_lamps, 6);
	for (size_t i = 0; i < GH_ARRAY_SIZE(want); i++) {
		const double dark = read_unit(want[i].part, LIGHT);
		struct fw_lamp l;

		board.fw.lamp(&board, (uint8_t)lamp(want[i].part), &l);
		assert_int_equal(l.channels, want[i].channels);
		glow(want[i].part, want[i].k, l.level_max);
		assert_true(read_unit(want[i].part, LIGHT) >
			    dark + want[i].least);
		glow(want[i].part, want[i].k, 0);
		assert_true(read_unit(want[i].part, LIGHT) < dark + 0.01);
	}
	gh_sim_board_finish(&board);
}

static void a_lamp_lights_its_own_part(void **state)
{
	double fibre, crystal;

	(void)state;
	open_board("schemas/lumina.rig", NULL);
	fibre = read_unit("fibre.1", LIGHT);
	crystal = read_unit("crystal.1", LIGHT);
	glow("core", 0, 4095);
	assert_true(read_unit("fibre.1", LIGHT) > fibre + 0.05);
	assert_true(read_unit("crystal.1", LIGHT) < crystal + 0.01);
	glow("core", 0, 0);
	glow("spotlight", 3, 4095);
	assert_true(read_unit("fibre.1", LIGHT) < fibre + 0.01);
	assert_true(read_unit("crystal.1", LIGHT) > crystal + 0.08);
	gh_sim_board_reset(&board);
	assert_true(read_unit("crystal.1", LIGHT) < crystal + 0.01);
	gh_sim_board_finish(&board);
}

static void the_remote_speaks(void **state)
{
	double db;

	(void)state;
	open_board("schemas/lumina.rig", NULL);
	db = read_unit("remote", GH_Q_SIGNAL);
	assert_true(db < -45 && db > -70);
	assert_true(read_unit("remote", GH_Q_VOLTAGE) > 2.8);
	gh_plant_press(board.plant);
	gh_plant_press(board.plant);
	assert_true((int)read_unit("remote", GH_Q_PRESSES) == 2);
	gh_sim_board_reset(&board);
	assert_true((int)read_unit("remote", GH_Q_PRESSES) == 0);
	gh_sim_board_finish(&board);
}

static void what_a_person_looks_at_has_no_channel(void **state)
{
	(void)state;
	open_board("tests/fixtures/rig/lumina_eye.rig", NULL);
	assert_int_equal(board.fw.info.n_channels, 12 * 4 + 5 + 2);
	assert_int_equal(board.fw.info.n_lamps, 1);
	gh_sim_board_finish(&board);
}

static void probe_boards_have_none_of_it(void **state)
{
	(void)state;
	open_board("schemas/lumina.rig", "mega");
	assert_int_equal(channel("fibre.1", LIGHT), -1);
	assert_int_equal(channel("remote", GH_Q_VOLTAGE), -1);
	assert_int_equal(board.fw.info.n_lamps, 1);
	gh_sim_board_finish(&board);
}

static void too_many_parts_are_refused(void **state)
{
	struct gh_err err = { .msg = "" };
	struct gh_err none = { .msg = "" };

	(void)state;
	assert_int_equal(gh_rig_read(&rig, "schemas/lumina.rig", &none), GH_OK);
	/* eight fibres become chrome */
	for (unsigned i = 0; i < rig.n_parts; i++)
		if (rig.parts[i].kind == GH_PART_FIBRE)
			rig.parts[i].kind = GH_PART_CHROME;
	assert_int_equal(gh_sim_board_init(&board, gh_sim_board_kind(NULL),
					   &rig, 1, 1, &err),
			 GH_ARG);
	assert_non_null(strstr(err.msg, "room for 6 chrome"));
	gh_sim_board_finish(&board);
}

/* Each second from the first one on. */
static void a_stagehand_presses_six_times_in_ten_seconds(void **state)
{
	struct gh_err err = { .msg = "" };
	struct gh_sim_setup setup = { .rig = &rig,
				      .seed = 1,
				      .session = 1,
				      .time_scale = 1,
				      .stagehand = true };
	struct gh_sim_device *d = NULL;
	struct gh_plant *p;
	int presses;

	(void)state;
	assert_int_equal(gh_rig_read(&rig, "schemas/lumina.rig", &err), GH_OK);
	assert_int_equal(gh_sim_device_create(&d, &setup, &err), GH_OK);
	p = gh_sim_device_plant(d);
	presses = gh_plant_sensor(p, "remote", GH_Q_PRESSES);
	for (int n = 1; n <= 6; n++) {
		gh_sim_device_advance(d, n * INT64_C(1600000) + 1000);
		assert_int_equal((int)gh_plant_sense(p, presses), n);
	}
	gh_sim_device_press(d);
	assert_int_equal((int)gh_plant_sense(p, presses), 7);
	gh_sim_device_destroy(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_part_has_its_channels),
		cmocka_unit_test(every_light_has_its_lamp),
		cmocka_unit_test(a_lamp_lights_its_own_part),
		cmocka_unit_test(the_remote_speaks),
		cmocka_unit_test(what_a_person_looks_at_has_no_channel),
		cmocka_unit_test(probe_boards_have_none_of_it),
		cmocka_unit_test(too_many_parts_are_refused),
		cmocka_unit_test(a_stagehand_presses_six_times_in_ten_seconds),
	};

	return cmocka_run_group_tests_name("board_whole", tests, NULL, NULL);
}
