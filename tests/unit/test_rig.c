/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Good rig files arrive whole, those of schemas/ among them; test_rig_errors
 * has the bad ones. Runs in the root of the checkout.
 */
#include "rig/rig.h" /* what is tested */

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIXTURE(name) "tests/fixtures/rig/" name
#define RAD(deg) ((deg)*3.14159265358979323846 / 180.0)

static struct gh_rig rig; /* large, so static */

static void near(double got, double want)
{
	assert_true(got > want - 1e-9 && got < want + 1e-9);
}

static void must_read(const char *path)
{
	struct gh_err err = { .msg = "" };

	if (gh_rig_read(&rig, path, &err) != GH_OK)
		fail_msg("%s", err.msg);
}

static void reads_every_field(void **state)
{
	const struct gh_rig_joint *b;
	int part;

	(void)state;
	must_read(FIXTURE("small.rig"));
	assert_string_equal(rig.name, "Small");
	assert_string_equal(rig.serial, "");
	assert_string_equal(rig.file, FIXTURE("small.rig"));
	assert_int_equal(strlen(rig.sha256), 64);
	near(rig.tip_speed_max_m_s, 0.8);
	near(rig.supply_nominal_v, 12);
	assert_int_equal(rig.n_links, 2);
	assert_string_equal(rig.links[1].driver, "firmata");
	assert_int_equal(rig.links[1].baud, 57600);
	assert_int_equal(rig.links[0].baud, 0);
	part = gh_rig_find_part(&rig, "one.b");
	assert_int_equal(rig.parts[part].kind, GH_PART_JOINT);
	assert_int_equal(rig.parts[part].line, 24);
	b = &rig.joints[rig.parts[part].joint];
	assert_int_equal(b->part, part);
	assert_int_equal(b->arm, 0);
	assert_int_equal(b->order, 1);
	near(b->lo_rad, RAD(-80));
	near(b->hi_rad, RAD(40));
	near(b->speed_max_rad_s, RAD(90));
	near(b->accel_max_rad_s2, RAD(400));
	near(b->current_max_a, 2.5);
	near(b->track_abort_rad, RAD(6));
	assert_true(b->may_drop);
	assert_false(rig.joints[0].may_drop);
	near(rig.joints[0].track_abort_rad, RAD(12));
	near(rig.joints[0].mass_kg, 0.2);
	assert_int_equal(rig.arms[0].group, 0);
	assert_int_equal(rig.arms[1].group, GH_RIG_NONE);
	assert_string_equal(rig.looks[0].name, "dawn_pink");
	near(rig.looks[0].rgbw[1], 0.45);
}

static void parts_keep_the_order_of_the_file(void **state)
{
	static const char *const want[] = {
		"one.a",	"one.b",     "two.a", "core",
		"supply.servo", "crystal.1", "link",  "controller",
	};

	(void)state;
	must_read(FIXTURE("small.rig"));
	assert_int_equal(rig.n_parts, GH_ARRAY_SIZE(want));
	for (size_t i = 0; i < GH_ARRAY_SIZE(want); i++)
		assert_string_equal(rig.parts[i].name, want[i]);
	assert_int_equal(gh_rig_first_part(&rig, GH_PART_JOINT), 0);
	assert_int_equal(gh_rig_first_part(&rig, GH_PART_CORE), 3);
	assert_int_equal(gh_rig_first_part(&rig, GH_PART_CHROME), GH_RIG_NONE);
	assert_int_equal(gh_rig_find_part(&rig, "nobody"), GH_RIG_NONE);
	assert_true(rig.parts[5].look_by_eye);
	assert_int_equal(rig.parts[5].link, GH_RIG_NONE);
	assert_int_equal(rig.parts[7].kind, GH_PART_CONTROLLER);
	assert_int_equal(rig.parts[7].link, 0);
}

static void wires_name_part_and_quantity(void **state)
{
	(void)state;
	must_read(FIXTURE("small.rig"));
	assert_int_equal(rig.n_wires, 3);
	assert_string_equal(rig.wires[0].part, "two.a");
	assert_int_equal(rig.wires[0].what, GH_Q_COMMAND);
	assert_string_equal(rig.wires[0].how, "servo pin=9");
	assert_int_equal(rig.wires[0].line, 52);
	assert_int_equal(rig.wire_link[0], 1);
	assert_string_equal(rig.wires[1].part, "core");
	assert_int_equal(rig.wires[1].what, GH_Q_COMMAND);
	assert_int_equal(rig.wires[2].what, GH_Q_COLOUR_CLEAR);
}

static void lumina_is_as_designed(void **state)
{
	static const double range_deg[] = { 80, 80, 60 };

	(void)state;
	must_read("schemas/lumina.rig");
	assert_int_equal(rig.n_arms, 4);
	assert_int_equal(rig.n_joints, 12);
	assert_int_equal(rig.n_looks, 2);
	assert_int_equal(rig.n_parts, 12 + 2 + 8 + 6 + 4 + 2 + 2);
	for (unsigned i = 0; i < 12; i++) {
		assert_int_equal(rig.joints[i].order, i % 3);
		near(rig.joints[i].hi_rad, RAD(range_deg[i % 3]));
		near(rig.joints[i].lo_rad, -rig.joints[i].hi_rad);
	}
	for (int arm = 0; arm < 4; arm++) {
		near(gh_rig_reach_m(&rig, arm, 0), 0.60);
		near(gh_rig_reach_m(&rig, arm, 1), 0.35);
		near(gh_rig_reach_m(&rig, arm, 2), 0.15);
		near(gh_rig_reach_m(&rig, arm, 3), 0.0);
	}
	near(rig.tip_speed_max_m_s, GH_TIP_SPEED_MAX_M_S);
}

static void the_whole_lumina_has_a_sensor_everywhere(void **state)
{
	static const char *const shoulders[] = { "hope.shoulder",
						 "dawn.shoulder" };
	double last_rad = -1;

	(void)state;
	must_read("schemas/lumina.rig");
	assert_int_equal(rig.n_parts, 12 + 2 + 8 + 6 + 4 + 2 + 2);
	assert_string_equal(rig.looks[rig.breath_from].name, "twilight_blue");
	assert_string_equal(rig.looks[rig.breath_to].name, "dawn_pink");
	near(rig.breath_period_s, 2);
	for (unsigned i = 0; i < rig.n_parts; i++) {
		assert_false(rig.parts[i].look_by_eye);
		assert_int_equal(rig.parts[i].link, 0);
	}
	for (int i = 0; i < 6; i++) {
		const struct gh_rig_part *c =
			&rig.parts[gh_rig_first_part(&rig, GH_PART_CRYSTAL) +
				   i];
		const int joint = rig.joints[c->swept_by].part;

		assert_string_equal(rig.parts[joint].name, shoulders[i / 3]);
		last_rad = i % 3 ? last_rad : -0.65;
		assert_true(c->window_lo_rad > last_rad);
		assert_true(c->window_hi_rad > c->window_lo_rad);
		assert_true(c->window_hi_rad < 0.65);
		last_rad = c->window_hi_rad;
	}
	near(rig.parts[gh_rig_find_part(&rig, "remote")].floor_db, -85);
}

static void keys_and_looks_come_in_any_order(void **state)
{
	static const char text[] =
		"[rig]\nname = x\nschema = 1\n[link l]\ndriver = lumina\n"
		"[part c]\nwindow = -9 -4.5 deg\njoint = j\nlink = l\n"
		"kind = crystal\n"
		"[part r]\nfloor = -85.5 dB\nlink = l\nkind = remote\n"
		"[core k]\nbreath = dusk dawn 3.5 s\nlink = l\n"
		"look.dawn = 1 0 0 0\nlook.dusk = 0 0 1 0\n"
		"[arm a]\njoints = j\n"
		"[joint j]\nlink = l\nrange = -9 9 deg\nspeed = 9 deg/s\n"
		"accel = 9 deg/s2\ncurrent = 1 A\nlength = 0.1 m\nmass = 0 kg\n";
	struct gh_err err = { .msg = "" };

	(void)state;
	if (gh_rig_parse(&rig, "s.rig", text, sizeof text - 1, &err) != GH_OK)
		fail_msg("%s", err.msg);
	assert_int_equal(rig.parts[0].swept_by, 0);
	near(rig.parts[0].window_lo_rad, RAD(-9));
	near(rig.parts[0].window_hi_rad, RAD(-4.5));
	near(rig.parts[1].floor_db, -85.5);
	assert_int_equal(rig.breath_from, 1);
	assert_int_equal(rig.breath_to, 0);
	near(rig.breath_period_s, 3.5);
	near(rig.joints[0].lo_rad, RAD(-9));
	near(rig.joints[0].hi_rad, RAD(9));
}

static void what_is_not_said_is_not_there(void **state)
{
	(void)state;
	must_read("tests/fixtures/rig/lumina_eye.rig");
	near(rig.breath_period_s, 0);
	for (unsigned i = 0; i < rig.n_parts; i++) {
		assert_int_equal(rig.parts[i].swept_by, GH_RIG_NONE);
		near(rig.parts[i].floor_db, 0);
	}
}

static void uno_is_wired(void **state)
{
	(void)state;
	must_read("schemas/uno.rig");
	assert_int_equal(rig.n_joints, 2);
	assert_int_equal(rig.n_wires, 9);
	assert_string_equal(rig.links[0].driver, "firmata");
	assert_string_equal(rig.wires[5].how, "ina219 addr=0x41 shunt_ohm=0.1");
	near(gh_rig_reach_m(&rig, 0, 0), 0.45);
}

static void other_editors_are_fine(void **state)
{
	(void)state;
	must_read(FIXTURE("dos.rig"));
	assert_string_equal(rig.name, "Dos");
	assert_string_equal(rig.links[0].driver, "lumina");
	near(rig.tip_speed_max_m_s, GH_PROXIMITY_SPEED_M_S);
	must_read(FIXTURE("bom.rig"));
	assert_string_equal(rig.name, "Bom #2");
}

/* Silence is no permission: not in a rig of ours either. */
static void unattended_must_be_said(void **state)
{
	static const char head[] = "[rig]\nname = A\nschema = 1\n";
	static const char *const said[] = { "", "unattended = no\n",
					    "unattended = yes\n" };
	struct gh_err err = { 0 };
	char text[200];

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(said); i++) {
		const int n = snprintf(text, sizeof text,
				       "%s%s[link m]\ndriver = lumina\n", head,
				       said[i]);

		assert_int_equal(gh_rig_parse(&rig, "a.rig", text, (size_t)n,
					      &err),
				 GH_OK);
		assert_int_equal(rig.unattended, i == 2);
	}
	must_read("schemas/lumina.rig");
	assert_false(rig.unattended);
}

static void a_link_is_known_by_its_adapter(void **state)
{
	static const char more[] = "[link other]\ndriver = lumina\n"
				   "usb = 2A03:0043\n"
				   "usb_serial = 5573 \\x1B %s\n"
				   "port = /dev/serial/by-path/x\n";
	static char text[20000];
	struct gh_err err = { .msg = "" };
	const struct gh_rig_link *link;
	FILE *f = fopen(FIXTURE("small.rig"), "r");
	size_t n;

	(void)state;
	assert_non_null(f);
	n = fread(text, 1, sizeof text - sizeof more, f);
	fclose(f);
	memcpy(text + n, more, sizeof more - 1);
	if (gh_rig_parse(&rig, "s.rig", text, n + sizeof more - 1, &err) !=
	    GH_OK)
		fail_msg("%s", err.msg);
	assert_int_equal(rig.links[0].usb_vid, 0);
	assert_string_equal(rig.links[0].usb_serial, "");
	link = &rig.links[2];
	assert_int_equal(link->usb_vid, 0x2a03);
	assert_int_equal(link->usb_pid, 0x0043);
	assert_string_equal(link->usb_serial, "5573 \\x1B %s");
	assert_string_equal(link->port, "/dev/serial/by-path/x");
}

static void files_that_cannot_be_read(void **state)
{
	static const char fifo[] = "/tmp/gh_test_rig.fifo";
	struct gh_err err;

	(void)state;
	assert_int_equal(gh_rig_read(&rig, "no/such.rig", &err), GH_IO);
	assert_string_equal(err.msg, "cannot open no/such.rig: No such file or "
				     "directory");
	assert_int_equal(gh_rig_read(&rig, "schemas", &err), GH_IO);
	assert_string_equal(err.msg, "schemas is not a regular file");
	unlink(fifo);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	assert_int_equal(gh_rig_read(&rig, fifo, &err), GH_IO);
	unlink(fifo);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_every_field),
		cmocka_unit_test(parts_keep_the_order_of_the_file),
		cmocka_unit_test(wires_name_part_and_quantity),
		cmocka_unit_test(lumina_is_as_designed),
		cmocka_unit_test(the_whole_lumina_has_a_sensor_everywhere),
		cmocka_unit_test(keys_and_looks_come_in_any_order),
		cmocka_unit_test(what_is_not_said_is_not_there),
		cmocka_unit_test(uno_is_wired),
		cmocka_unit_test(other_editors_are_fine),
		cmocka_unit_test(unattended_must_be_said),
		cmocka_unit_test(a_link_is_known_by_its_adapter),
		cmocka_unit_test(files_that_cannot_be_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
