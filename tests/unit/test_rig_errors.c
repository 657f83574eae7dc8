/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is wrong in a rig file is said with its line. Each bad file is the good
 * fixture with one thing changed, so that a message can only come from that
 * change. Runs in the root of the checkout.
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

#define FIXTURE(name) "tests/fixtures/rig/" name
#define TEXT_CAP 20000

static struct gh_rig rig; /* large, so static */
static char good[TEXT_CAP];
static char text[TEXT_CAP];

static int load_good(void **state)
{
	FILE *f = fopen(FIXTURE("small.rig"), "r");
	size_t n;

	(void)state;
	assert_non_null(f);
	n = fread(good, 1, sizeof good - 1, f);
	good[n] = '\0';
	fclose(f);
	return n > 0 ? 0 : -1;
}

/* The fixture with one change. */
static void change(const char *find, const char *put)
{
	const char *at = strstr(good, find);

	assert_non_null(at);
	snprintf(text, sizeof text, "%.*s%s%s", (int)(at - good), good, put,
		 at + strlen(find));
}

static void expect_error(const char *bytes, size_t n, const char *want)
{
	struct gh_err err = { .msg = "" };

	memset(&rig, 0x5A, sizeof rig);
	assert_int_equal(gh_rig_parse(&rig, "s.rig", bytes, n, &err), GH_ARG);
	assert_int_equal(err.code, GH_ARG);
	assert_string_equal(err.msg, want);
	for (size_t i = 0; i < sizeof rig; i++)
		assert_int_equal(((const unsigned char *)&rig)[i], 0x5A);
	assert_int_equal(gh_rig_parse(&rig, "s.rig", bytes, n, NULL), GH_ARG);
}

static const struct {
	const char *find, *put, *want;
} bad[] = {
	/* sections */
	{ "[rig]\n", "[rgi]\n",
	  "s.rig:2: unknown section [rgi], did you mean \"rig\"?" },
	{ "[rig]\n", "[zzzzzz]\n", "s.rig:2: unknown section [zzzzzz]" },
	{ "[rig]\n", "[rig x]\n",
	  "s.rig:2: rig x: expected [rig] without a name" },
	{ "[rig]\n", "a = b\n[rig]\n",
	  "s.rig:2: \"a\" stands before the first [section]" },
	{ "[rig]\n", "[joint Hope]\n",
	  "s.rig:2: joint Hope: expected [joint NAME], NAME of 1 to 31 "
	  "characters a-z 0-9 _ ." },
	{ "[core core]", "[core]",
	  "s.rig:42: core: expected [core NAME], NAME of 1 to 31 characters "
	  "a-z 0-9 _ ." },
	{ "[joint one.b]", "[joint one.b",
	  "s.rig:24: expected [section] or [kind name] alone on the line" },
	{ "[joint one.b]", "[joint one.b] x",
	  "s.rig:24: expected [section] or [kind name] alone on the line" },
	{ "[joint one.b]",
	  "[joint                                            one.b]",
	  "s.rig:24: expected [section] or [kind name] alone on the line" },
	{ "[link main]", "[rig]",
	  "s.rig:6: rig: this name is already used on line 2" },
	/* duplicates, also of sections without keys */
	{ "[joint one.b]", "[joint one.a]",
	  "s.rig:24: joint one.a: this name is already used on line 16" },
	{ "[core core]", "[core two.a]",
	  "s.rig:42: core two.a: this name is already used on line 34" },
	{ "[link side]", "[link main]",
	  "s.rig:8: link main: this name is already used on line 6" },
	{ "[arm two]", "[arm one]",
	  "s.rig:14: arm one: this name is already used on line 11" },
	{ "[core core]", "[core controller]",
	  "s.rig:42: core controller: every rig has this part by itself: use "
	  "another name" },
	{ "mass = 0.20 kg", "mass = 0.20 kg\nmass = 0.20 kg",
	  "s.rig:24: joint one.a: mass: this key is given twice" },
	{ "[wiring side]", "[part late]\n[wiring side]",
	  "s.rig:51: part late: missing key \"kind\"" },
	/* keys */
	{ "length = 0.25 m", "lenght = 0.25 m",
	  "s.rig:22: joint one.a: unknown key \"lenght\", did you mean "
	  "\"length\"?" },
	{ "length = 0.25 m", "colour = red",
	  "s.rig:22: joint one.a: unknown key \"colour\"" },
	{ "length = 0.25 m\n", "",
	  "s.rig:16: joint one.a: missing key \"length\"" },
	{ "driver = lumina", "driver = lumina\nusb = 2341",
	  "s.rig:8: link main: usb: expected VID:PID like \"2341:0043\" (see "
	  "`ghostlight devices`), found \"2341\"" },
	{ "driver = lumina", "driver = lumina\nusb = 2341:004g",
	  "s.rig:8: link main: usb: expected VID:PID like \"2341:0043\" (see "
	  "`ghostlight devices`), found \"2341:004g\"" },
	{ "driver = lumina", "driver = lumina\nusb = 0000:0043",
	  "s.rig:8: link main: usb: expected VID:PID like \"2341:0043\" (see "
	  "`ghostlight devices`), found \"0000:0043\"" },
	{ "driver = lumina", "driver = lumina\nusb_serail = x",
	  "s.rig:8: link main: unknown key \"usb_serail\", did you mean "
	  "\"usb_serial\"?" },
	{ "driver = lumina\n", "",
	  "s.rig:6: link main: missing key "
	  "\"driver\"" },
	{ "name = Small\n", "", "s.rig:2: rig: missing key \"name\"" },
	{ "kind = crystal\n", "",
	  "s.rig:48: part crystal.1: missing key \"kind\"" },
	{ "nominal = 12 V\n", "",
	  "s.rig:45: supply.servo: missing key "
	  "\"nominal\"" },
	{ "length = 0.25 m", "length", "s.rig:22: expected KEY = VALUE" },
	{ "addr=0x29\n", "addr=0x29\njunk", "s.rig:55: expected KEY = VALUE" },
	{ "length = 0.25 m", "l\xC3\xA4nge = 0.25 m",
	  "s.rig:22: outside comments only plain ASCII is allowed" },
	/* numbers and units */
	{ "length = 0.25 m", "length = 0.25 inch",
	  "s.rig:22: joint one.a: length: expected a number in m, found "
	  "\"0.25 inch\"" },
	{ "length = 0.25 m", "length = 0.25",
	  "s.rig:22: joint one.a: length: expected a number in m, found "
	  "\"0.25\"" },
	{ "length = 0.25 m", "length = 0,25 m",
	  "s.rig:22: joint one.a: length: expected a number in m, found "
	  "\"0,25 m\"" },
	{ "length = 0.25 m", "length =",
	  "s.rig:22: joint one.a: length: expected a number in m, found "
	  "\"\"" },
	{ "length = 0.25 m", "length = nan m",
	  "s.rig:22: joint one.a: length: expected a number in m, found "
	  "\"nan m\"" },
	{ "length = 0.25 m", "length = 0 m",
	  "s.rig:22: joint one.a: length: expected 0.001 to 5 m, found "
	  "\"0 m\"" },
	{ "speed = 90 deg/s\n", "speed = 90 rad/s\n",
	  "s.rig:19: joint one.a: speed: expected a number in deg/s, found "
	  "\"90 rad/s\"" },
	{ "speed = 90 deg/s\n", "speed = -90 deg/s\n",
	  "s.rig:19: joint one.a: speed: expected 1 to 360 deg/s, found "
	  "\"-90 deg/s\"" },
	{ "accel = 400 deg/s2", "accel = 400 deg/s",
	  "s.rig:20: joint one.a: accel: expected a number in deg/s2, found "
	  "\"400 deg/s\"" },
	{ "current = 2.5 A", "current = 2.5 mA",
	  "s.rig:21: joint one.a: current: expected a number in A, found "
	  "\"2.5 mA\"" },
	{ "mass = 0.20 kg", "mass = 200 g",
	  "s.rig:23: joint one.a: mass: expected a number in kg, found "
	  "\"200 g\"" },
	{ "tip_speed = 0.8 m/s", "tip_speed = 1.01 m/s",
	  "s.rig:5: rig: tip_speed: expected 0.01 to 1 m/s, found "
	  "\"1.01 m/s\"" },
	{ "schema = 1", "schema = 2",
	  "s.rig:4: rig: schema: expected a whole number from 1 to 1, found "
	  "\"2\"" },
	{ "baud = 57600", "baud = fast",
	  "s.rig:10: link side: baud: expected a whole number from 300 to "
	  "3000000, found \"fast\"" },
	{ "range = -80 80 deg", "range = 80 -80 deg",
	  "s.rig:18: joint one.a: range: the first number must be below the "
	  "second, found \"80 -80 deg\"" },
	{ "range = -80 80 deg", "range = 80 80 deg",
	  "s.rig:18: joint one.a: range: the first number must be below the "
	  "second, found \"80 80 deg\"" },
	{ "range = -80 80 deg", "range = -80 80",
	  "s.rig:18: joint one.a: range: expected two numbers in deg like "
	  "\"-80 80 deg\", found \"-80 80\"" },
	{ "range = -80 80 deg", "range = 80 deg",
	  "s.rig:18: joint one.a: range: expected two numbers in deg like "
	  "\"-80 80 deg\", found \"80 deg\"" },
	{ "range = -80 80 deg", "range = -80 400 deg",
	  "s.rig:18: joint one.a: range: expected -360 to 360 deg, found "
	  "\"-80 400 deg\"" },
	{ "nominal = 12 V\n",
	  "nominal = 12 V\n[supply logic]\nlink = main\nnominal = 5 V\n",
	  "s.rig:50: supply logic: nominal: only one supply of a rig has a "
	  "nominal voltage; line 47 gave it" },
	/* words */
	{ "may_drop = yes", "may_drop = maybe",
	  "s.rig:32: joint one.b: may_drop: expected yes or no, found "
	  "\"maybe\"" },
	{ "tip_speed = 0.8 m/s", "unattended = 1",
	  "s.rig:5: rig: unattended: expected yes or no, found \"1\"" },
	{ "driver = lumina", "driver = two words",
	  "s.rig:7: link main: driver: expected one word of a-z 0-9 _ ., "
	  "found \"two words\"" },
	{ "name = Small", "name = A name far too long for one line of 40",
	  "s.rig:3: rig: name: expected 1 to 31 characters, found \"A name "
	  "far too long for one line of 40\"" },
	{ "group = left", "group = Left!",
	  "s.rig:13: arm one: group: expected one word of a-z 0-9 _ ., found "
	  "\"Left!\"" },
	{ "kind = crystal", "kind = joint",
	  "s.rig:49: part crystal.1: kind: expected fibre, crystal, chrome, "
	  "spotlight or remote, found \"joint\"" },
	{ "eye = yes", "eye = no",
	  "s.rig:48: crystal.1: expected link = NAME, or eye = yes when a "
	  "person looks" },
	/* looks */
	{ "0.9 0.45 0.55 0", "0.9 0.45 1.55 0",
	  "s.rig:44: core core: look.dawn_pink: expected four drives from 0 to "
	  "1 (red green blue white), found \"0.9 0.45 1.55 0\"" },
	{ "0.9 0.45 0.55 0", "0.9 0.45 0.55",
	  "s.rig:44: core core: look.dawn_pink: expected four drives from 0 to "
	  "1 (red green blue white), found \"0.9 0.45 0.55\"" },
	{ "0.9 0.45 0.55 0", "0.9 0.45 0.55 0 0",
	  "s.rig:44: core core: look.dawn_pink: expected four drives from 0 to "
	  "1 (red green blue white), found \"0.9 0.45 0.55 0 0\"" },
	{ "0.9 0.45 0.55 0", "0 0 0 -0.1",
	  "s.rig:44: core core: look.dawn_pink: expected four drives from 0 to "
	  "1 (red green blue white), found \"0 0 0 -0.1\"" },
	{ "0.55 0\n", "0.55 0\nlook.dawn_pink = 0 0 0 0\n",
	  "s.rig:45: core core: look.dawn_pink: this look is given twice" },
	{ "look.dawn_pink", "look.Dawn",
	  "s.rig:44: core core: look.Dawn: expected look.NAME, NAME of 1 to 31 "
	  "characters a-z 0-9 _ ." },
	/* breath */
	{ "0.55 0\n", "0.55 0\nbreath = dawn_pink dusk\n",
	  "s.rig:45: core core: breath: expected a number in s, found \"\"" },
	{ "0.55 0\n", "0.55 0\nbreath = dawn_pink dusk 2\n",
	  "s.rig:45: core core: breath: expected a number in s, found \"2\"" },
	{ "0.55 0\n", "0.55 0\nbreath = dawn_pink dusk 0.1 s\n",
	  "s.rig:45: core core: breath: expected 0.2 to 60 s, found \"0.1 "
	  "s\"" },
	{ "0.55 0\n", "0.55 0\nbreath = 2 s\n",
	  "s.rig:45: core core: breath: expected a number in s, found \"\"" },
	{ "0.55 0\n", "0.55 0\nbreath = Dusk dawn_pink 2 s\n",
	  "s.rig:45: core core: breath: expected two looks and the seconds "
	  "there and back like \"dusk dawn 2 s\", found \"Dusk dawn_pink 2 "
	  "s\"" },
	{ "0.55 0\n", "0.55 0\nbreath = dawn_pink dawn_pin 2 s\n",
	  "s.rig:45: core core: breath: there is no look.dawn_pin, did you "
	  "mean \"dawn_pink\"?" },
	{ "0.55 0\n", "0.55 0\nbreath = dawn_pink dawn_pink 2 s\n",
	  "s.rig:45: core core: breath: expected two different looks, found "
	  "\"dawn_pink\" twice" },
	{ "look.dawn_pink",
	  "breath = a b 2 s\n[core other]\nlink = main\nbreath = a b 2 s\n"
	  "look.dawn_pink",
	  "s.rig:47: core other: breath: only one core of a rig breathes; line "
	  "44 says how" },
	/* crystals and the remote */
	{ "eye = yes", "link = main",
	  "s.rig:48: part crystal.1: missing key \"joint\"" },
	{ "eye = yes", "link = main\njoint = one.b",
	  "s.rig:48: part crystal.1: missing key \"window\"" },
	{ "eye = yes", "link = main\nwindow = 0 9 deg",
	  "s.rig:48: part crystal.1: missing key \"joint\"" },
	{ "eye = yes", "eye = yes\njoint = one.b",
	  "s.rig:48: crystal.1: missing key \"window\"" },
	{ "eye = yes", "eye = yes\nwindow = 0 9 deg",
	  "s.rig:48: crystal.1: missing key \"joint\"" },
	{ "eye = yes", "link = main\njoint = one.bb\nwindow = 0 9 deg",
	  "s.rig:51: part crystal.1: joint: there is no [joint one.bb], did "
	  "you mean \"one.b\"?" },
	{ "eye = yes", "link = main\njoint = core\nwindow = 0 9 deg",
	  "s.rig:51: part crystal.1: joint: there is no [joint core]" },
	{ "eye = yes", "link = main\njoint = one.b\nwindow = 9 0 deg",
	  "s.rig:52: part crystal.1: window: the first number must be below "
	  "the second, found \"9 0 deg\"" },
	{ "eye = yes", "link = main\njoint = one.b\nwindow = 9 40.1 deg",
	  "s.rig:48: crystal.1: the window is outside the range of one.b" },
	{ "eye = yes", "link = main\njoint = one.b\nwindow = -80.1 0 deg",
	  "s.rig:48: crystal.1: the window is outside the range of one.b" },
	{ "kind = crystal", "kind = fibre\njoint = one.b",
	  "s.rig:48: part crystal.1: a fibre has no key \"joint\"" },
	{ "kind = crystal", "kind = chrome\nwindow = 0 9 deg",
	  "s.rig:48: part crystal.1: a chrome has no key \"window\"" },
	{ "kind = crystal", "floor = -85 dB\nkind = crystal",
	  "s.rig:48: part crystal.1: a crystal has no key \"floor\"" },
	{ "kind = crystal", "kind = remote\nfloor = 85 dB",
	  "s.rig:50: part crystal.1: floor: expected -130 to -20 dB, found "
	  "\"85 dB\"" },
	{ "kind = crystal", "kind = remote\nfloor = -85 dBm",
	  "s.rig:50: part crystal.1: floor: expected a number in dB, found "
	  "\"-85 dBm\"" },
	/* what is named must exist */
	{ "link = side\nrange", "link = sid\nrange",
	  "s.rig:35: joint two.a: link: there is no [link sid], did you mean "
	  "\"side\"?" },
	{ "[wiring side]", "[wiring other]",
	  "s.rig:51: wiring other: there is no [link other]" },
	{ "joints = one.a one.b", "joints = one.a one.bb",
	  "s.rig:12: arm one: joints: there is no [joint one.bb], did you mean "
	  "\"one.b\"?" },
	{ "joints = one.a one.b", "joints = one.a core",
	  "s.rig:12: arm one: joints: there is no [joint core]" },
	{ "joints = one.a one.b", "joints = one.a one.a",
	  "s.rig:12: arm one: joints: one.a is named twice" },
	{ "joints = one.a one.b", "joints =",
	  "s.rig:12: arm one: joints: expected joints, body outwards" },
	{ "joints = two.a", "joints = two.a one.b",
	  "s.rig:15: arm two: joints: one.b already belongs to arm one (line "
	  "11)" },
	{ "joints = one.a one.b", "joints = one.a",
	  "s.rig:24: one.b: this joint belongs to no [arm]" },
	{ "range = -10 10 deg", "range = 0 10 deg",
	  "s.rig:34: two.a: the range must contain 0, where the arm is at "
	  "home" },
	{ "range = -10 10 deg", "range = -10 -1 deg",
	  "s.rig:34: two.a: the range must contain 0, where the arm is at "
	  "home" },
	/* wires */
	{ "core.lamp = pwm red=3", "cora.lamp = pwm",
	  "s.rig:53: wiring side: there is no part \"cora\", did you mean "
	  "\"core\"?" },
	{ "core.lamp = pwm red=3", "core.lmap = pwm",
	  "s.rig:53: wiring side: unknown quantity \"lmap\", did you mean "
	  "\"lamp\"?" },
	{ "core.lamp = pwm red=3", "core = pwm",
	  "s.rig:53: wiring side: expected PART.QUANTITY, found \"core\"" },
	{ "core.lamp = pwm red=3", "core.command = pwm",
	  "s.rig:53: wiring side: a core has no command" },
	{ "core.lamp = pwm red=3", "core.presses = counter",
	  "s.rig:53: wiring side: a core has no presses" },
	{ "two.a.command", "two.a.lamp",
	  "s.rig:52: wiring side: a joint has no lamp" },
	{ "core.lamp = pwm red=3", "core.lamp =",
	  "s.rig:53: wiring side: core.lamp: expected 1 to 127 characters" },
	{ "core.lamp = pwm red=3", "two.a.command = servo pin=10",
	  "s.rig:53: wiring side: two.a.command: already wired on line 52" },
};

static void each_mistake_has_its_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(bad); i++) {
		change(bad[i].find, bad[i].put);
		expect_error(text, strlen(text), bad[i].want);
	}
}

static void sections_that_must_be_there(void **state)
{
	static const char no_rig[] = "[link main]\ndriver = lumina\n";
	static const char no_link[] = "[rig]\nname = x\nschema = 1\n";

	(void)state;
	expect_error("", 0, "s.rig:1: missing section [rig]");
	expect_error(no_rig, strlen(no_rig), "s.rig:1: missing section [rig]");
	expect_error(no_link, strlen(no_link),
		     "s.rig:1: missing section [link NAME]");
}

/* `n` times "[head NNN]\nbody" behind the smallest good file (6 lines). */
static size_t repeat(const char *head, const char *body, unsigned n)
{
	size_t used = (size_t)snprintf(text, sizeof text,
				       "[rig]\nname = x\nschema = 1\n"
				       "tip_speed = 1 m/s\n[link m]\n"
				       "driver = d\n");

	for (unsigned i = 0; i < n && used < sizeof text; i++)
		used += (size_t)snprintf(text + used, sizeof text - used,
					 "[%s n%u]\n%s", head, i, body);
	assert_true(used < sizeof text);
	return used;
}

static void arrays_do_not_run_over(void **state)
{
	static const char eye[] = "kind = fibre\neye = yes\n";
	size_t n = repeat("part", eye, GH_RIG_PARTS - 2);

	(void)state;
	assert_int_equal(gh_rig_parse(&rig, "s.rig", text, n, NULL), GH_OK);
	assert_int_equal(rig.n_parts, GH_RIG_PARTS);
	expect_error(text, repeat("part", eye, GH_RIG_PARTS - 1),
		     "s.rig:193: part n62: more than 62 parts in one rig");
	expect_error(text, repeat("joint", "", GH_RIG_JOINTS + 1),
		     "s.rig:31: joint n24: more than 24 joints in one rig");
	expect_error(text, repeat("arm", "", GH_RIG_ARMS + 1),
		     "s.rig:15: arm n8: more than 8 arms in one rig");
	expect_error(text, repeat("link", "", GH_RIG_LINKS),
		     "s.rig:10: link n3: more than 4 links in one rig");
}

static void long_lists_do_not_run_over(void **state)
{
	static const char joint[] =
		"link = m\nrange = 0 9 deg\nspeed = 9 deg/s\n"
		"accel = 9 deg/s2\ncurrent = 1 A\nlength = 1 m\nmass = 0 kg\n";
	size_t n = repeat("joint", joint, GH_RIG_CHAIN + 1);

	(void)state;
	n += (size_t)snprintf(text + n, sizeof text - n,
			      "[arm a]\njoints = n0 n1 n2 n3 n4 n5 n6\n");
	expect_error(text, n,
		     "s.rig:64: arm a: joints: more than 6 joints in one arm");
	n = repeat("core", "link = m\n", 1);
	for (unsigned i = 0; i <= GH_RIG_LOOKS; i++)
		n += (size_t)snprintf(text + n, sizeof text - n,
				      "look.l%u = 0 0 0 0\n", i);
	expect_error(text, n,
		     "s.rig:17: core n0: look.l8: more than 8 looks in one "
		     "rig");
	n = repeat("part", "kind = fibre\nlink = m\n", 54);
	n += (size_t)snprintf(text + n, sizeof text - n, "[wiring m]\n");
	for (unsigned i = 0; i <= GH_RIG_WIRES; i++)
		n += (size_t)snprintf(
			text + n, sizeof text - n, "n%u.%s = x\n", i / 3,
			(const char *const[]){ "light", "colour",
					       "current" }[i % 3]);
	expect_error(text, n,
		     "s.rig:330: wiring m: n53.colour: more than 160 wires in "
		     "one rig");
}

static void hostile_bytes_are_refused(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
		const char *want;
	} cases[] = {
		{ "[rig]\nna\0me", 11, "s.rig:2: control character 0x00" },
		{ "\n\n\x1B[2J", 6, "s.rig:3: control character 0x1B" },
		{ "# \x7F", 3, "s.rig:1: control character 0x7F" },
		{ "# \xC2\x9B", 4, "s.rig:1: control character 0x9B" },
		{ "# \xFF", 3, "s.rig:1: byte 0xFF is not UTF-8 text" },
		{ "# \xC0\xAF", 4, "s.rig:1: byte 0xC0 is not UTF-8 text" },
		{ "# \xE2\x82", 4, "s.rig:1: byte 0xE2 is not UTF-8 text" },
		{ "# \xED\xA0\x80", 5, "s.rig:1: byte 0xED is not UTF-8 text" },
		{ "# \xF5\x80\x80\x80", 6,
		  "s.rig:1: byte 0xF5 is not UTF-8 text" },
	};

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(cases); i++)
		expect_error(cases[i].bytes, cases[i].n, cases[i].want);
}

static void long_lines_are_never_cut(void **state)
{
	static const char head[] = "[rig]\nname = ";
	const size_t big = (size_t)1 << 20;
	char *line = malloc(big + 1);

	(void)state;
	assert_non_null(line);
	memset(line, 'a', big + 1);
	line[0] = '\n';
	expect_error(line, big, "s.rig:2: line longer than 400 bytes");
	expect_error(line, big + 1,
		     "s.rig: more than 1048576 bytes: no rig file");
	line[1] = '#';
	line[401] = '\n';
	expect_error(line, 402, "s.rig:1: missing section [rig]");
	for (size_t i = 0; i < sizeof head - 1; i++)
		line[i] = head[i];
	expect_error(line, 6 + 197, "s.rig:1: missing section [link NAME]");
	expect_error(line, 6 + 198,
		     "s.rig:2: too long even without its comment");
	free(line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_mistake_has_its_line),
		cmocka_unit_test(sections_that_must_be_there),
		cmocka_unit_test(arrays_do_not_run_over),
		cmocka_unit_test(long_lists_do_not_run_over),
		cmocka_unit_test(hostile_bytes_are_refused),
		cmocka_unit_test(long_lines_are_never_cut),
	};

	return cmocka_run_group_tests(tests, load_good, NULL);
}
