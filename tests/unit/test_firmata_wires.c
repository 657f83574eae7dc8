/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wrong wiring lines: each is refused with FILE:LINE and the reason. */
#include "driver/firmata/wires.h" /* gh_firmata_wires */

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct fm_board board;

static enum gh_status wire(enum gh_quantity what, const char *how,
			   struct gh_err *err)
{
	struct gh_wire w = { .part = "arm.elbow", .what = what, .line = 17 };
	const struct gh_wiring wiring = { "my.rig", &w, 1 };

	assert_true(strlen(how) < sizeof(w.how));
	strcpy(w.how, how);
	return gh_firmata_wires(&board, &wiring, err);
}

static void each_error_has_its_place(void **state)
{
	static const struct {
		enum gh_quantity what;
		const char *how, *reason;
	} table[] = {
		{ GH_Q_COMMAND, "", "expected servo" },
		{ GH_Q_COMMAND, "relay pin=3", "found relay" },
		{ GH_Q_COMMAND, "servo pin=9", "missing: min_us" },
		{ GH_Q_COMMAND, "servo pin", "expected KEY=VALUE" },
		{ GH_Q_COMMAND, "servo pin=9 pin=10", "given twice: pin" },
		{ GH_Q_COMMAND, "servo pin=x", "not a number: x" },
		{ GH_Q_COMMAND, "servo pin=", "not a number" },
		{ GH_Q_COMMAND, "servo pin=400", "pin must be 0 to 127" },
		{ GH_Q_COMMAND, "servo pin=9.5", "whole number" },
		{ GH_Q_COMMAND, "servo colour=9", "no such option: colour" },
		{ GH_Q_COMMAND,
		  "servo pin=9 min_us=2400 max_us=544 lo_deg=-90 hi_deg=90",
		  "min_us must be less" },
		{ GH_Q_COMMAND,
		  "servo pin=9 min_us=544 max_us=2400 lo_deg=90 hi_deg=90",
		  "the same angle" },
		{ GH_Q_POSITION, "analog pin=0 vref=5", "missing: lo_v" },
		{ GH_Q_POSITION,
		  "analog pin=0 vref=3.3 lo_v=0.5 hi_v=4.5 lo_deg=0 hi_deg=90",
		  "hi_v <= vref" },
		{ GH_Q_POSITION,
		  "servo pin=9 min_us=544 max_us=2400 lo_deg=-90 hi_deg=90",
		  "cannot be wired as servo" },
		{ GH_Q_LIGHT, "analog pin=0", "missing: vref" },
		{ GH_Q_CURRENT, "ina219 shunt_ohm=0.1", "missing: addr" },
		{ GH_Q_CURRENT, "ina219 addr=0x40", "missing: shunt_ohm" },
		{ GH_Q_CURRENT, "tcs34725 addr=0x29", "does not measure" },
		{ GH_Q_COLOUR_CLEAR, "tcs34725 addr=0x99", "addr must be" },
		{ GH_Q_COMMAND, "pwm green=3", "missing: red" },
		{ GH_Q_COMMAND, "pwm red=3 blue=5", "a colour is left out" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct gh_err err = { 0 };

		if (wire(table[i].what, table[i].how, &err) != GH_ARG)
			fail_msg("accepted: %s", table[i].how);
		if (strncmp(err.msg, "my.rig:17: arm.elbow.", 21) != 0 ||
		    !strstr(err.msg, table[i].reason))
			fail_msg("%s: %s", table[i].how, err.msg);
	}
}

static void an_address_has_one_chip(void **state)
{
	static const struct gh_wire wires[] = {
		{ "a", GH_Q_CURRENT, "ina219 addr=0x40 shunt_ohm=0.1", 5 },
		{ "b", GH_Q_CURRENT, "ina219 addr=64 shunt_ohm=0.1", 6 },
	};
	const struct gh_wiring wiring = { "my.rig", wires, 2 };
	struct gh_err err;

	(void)state;
	assert_int_equal(gh_firmata_wires(&board, &wiring, &err), GH_ARG);
	assert_non_null(strstr(err.msg, "my.rig:6: b."));
}

static void a_good_line_is_understood(void **state)
{
	struct gh_err err;

	(void)state;
	assert_int_equal(wire(GH_Q_COMMAND,
			      "servo  pin=9\tmin_us=1000 max_us=2000 "
			      "lo_deg=60 hi_deg=-60 park_deg=5 ",
			      &err),
			 GH_OK);
	assert_int_equal(board.n_servos, 1);
	assert_int_equal(board.servos[0].pin, 9);
	assert_true(board.servos[0].has_park);
	assert_float_equal(board.servos[0].park_rad, 0.0872665, 1e-6);
	assert_int_equal(board.channels[0].lo, -10472);
	assert_int_equal(board.channels[0].hi, 10472);
}

static void no_wiring_at_all(void **state)
{
	struct gh_err err;

	(void)state;
	assert_int_equal(gh_firmata_wires(&board, NULL, &err), GH_OK);
	assert_int_equal(board.n_channels, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_error_has_its_place),
		cmocka_unit_test(an_address_has_one_chip),
		cmocka_unit_test(a_good_line_is_understood),
		cmocka_unit_test(no_wiring_at_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
