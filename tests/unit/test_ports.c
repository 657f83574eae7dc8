/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which port is which: the table of ids, what /sys tells (a folder made here
 * stands for it), the order of the list, who is missing from it, and the
 * matcher that finds the one a rig file means.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "link/kinds.h" /* gh_port_look, gh_port_order */
#include "link/match.h" /* gh_port_match */
#include "link/watch.h" /* gh_ports_missing */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct gh_port usb(const char *name, int vid, int pid,
			  const char *serial)
{
	struct gh_port p = { .usb_vid = vid,
			     .usb_pid = pid,
			     .usb_bus = 1,
			     .usb_address = 5,
			     .latency_timer_ms = -1 };

	snprintf(p.name, sizeof p.name, "%s", name);
	snprintf(p.usb_serial, sizeof p.usb_serial, "%s", serial);
	return p;
}

/* ---- Ids ----------------------------------------------------------------- */

static void ids_are_known(void **state)
{
	(void)state;
	assert_string_equal(gh_usb_what(0x2341, 0x0043), "Arduino Uno");
	assert_string_equal(gh_usb_what(0x2a03, 0x0042), "Arduino Mega 2560");
	assert_string_equal(gh_usb_what(0x0403, 0x6001), "FTDI FT232R adapter");
	assert_string_equal(gh_usb_what(0x1a86, 0x7523), "CH340 adapter");
	assert_string_equal(gh_usb_what(0x2e8a, 0xf00d), "Raspberry Pi Pico W");
	assert_string_equal(gh_usb_what(0x2e8a, 0x000a), "Raspberry Pi Pico");
}

static void other_ids_have_no_name(void **state)
{
	(void)state;
	assert_string_equal(gh_usb_what(0x2341, 0x0044), "");
	assert_string_equal(gh_usb_what(0x1209, 0x0001), "");
	assert_string_equal(gh_usb_what(-1, -1), "");
	assert_string_equal(gh_usb_what(0, 0), "");
}

/* ---- What /sys tells ----------------------------------------------------- */

static char sys_root[64];

static void make(const char *folder)
{
	char path[512];

	for (const char *at = folder; at; at = strchr(at + 1, '/')) {
		const char *end = strchr(at + 1, '/');
		const int n =
			(int)(end ? end - folder : (ptrdiff_t)strlen(folder));

		snprintf(path, sizeof path, "%s/%.*s", sys_root, n, folder);
		(void)mkdir(path, 0700);
	}
}

static void make_link(const char *target, const char *name)
{
	char path[512], to[512];

	snprintf(path, sizeof path, "%s/%s", sys_root, name);
	snprintf(to, sizeof to, "%s/%s", sys_root, target);
	assert_int_equal(symlink(to, path), 0);
}

static void make_file(const char *name, const char *text)
{
	char path[512];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", sys_root, name);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

#define UNO "devices/pci0000:00/0000:00:14.0/usb1/1-1.4/1-1.4:1.0"
#define FTDI "devices/pci0000:00/0000:00:14.0/usb1/1-2/1-2:1.1/ttyUSB1"

static int fake_sys(void **state)
{
	(void)state;
	snprintf(sys_root, sizeof sys_root, "/tmp/gh-sys-XXXXXX");
	if (!mkdtemp(sys_root))
		return -1;
	make("class/tty/ttyACM0");
	make("class/tty/ttyUSB1");
	make("class/tty/ttyS0");
	make("bus/usb/drivers/cdc_acm");
	make("bus/usb-serial/drivers/ftdi_sio");
	make("bus/usb-serial/devices");
	make("devices/pnp0/00:04");
	make(UNO);
	make(FTDI);
	make_link(UNO, "class/tty/ttyACM0/device");
	make_link("bus/usb/drivers/cdc_acm", UNO "/driver");
	make_link(FTDI, "class/tty/ttyUSB1/device");
	make_link("bus/usb-serial/drivers/ftdi_sio", FTDI "/driver");
	make_link(FTDI, "bus/usb-serial/devices/ttyUSB1");
	make_link("devices/pnp0/00:04", "class/tty/ttyS0/device");
	make_file(FTDI "/latency_timer", "16\n");
	make_file(FTDI "/port_number", "0\n");
	return 0;
}

static int remove_sys(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof command, "rm -r '%s'", sys_root);
	return system(command);
}

static void an_acm_port_has_a_path_and_a_driver(void **state)
{
	struct gh_port p = usb("/dev/ttyACM0", 0x2341, 0x0043, "557");

	(void)state;
	gh_port_look(sys_root, &p);
	assert_string_equal(p.usb_path, "1-1.4:1.0");
	assert_string_equal(p.kernel_driver, "cdc_acm");
	assert_int_equal(p.latency_timer_ms, -1);
}

static void an_ftdi_port_has_a_latency_timer(void **state)
{
	struct gh_port p = usb("/dev/ttyUSB1", 0x0403, 0x6010, "");

	(void)state;
	gh_port_look(sys_root, &p);
	assert_string_equal(p.usb_path, "1-2:1.1");
	assert_string_equal(p.kernel_driver, "ftdi_sio");
	assert_int_equal(p.latency_timer_ms, 16);
}

static void ports_of_one_interface_are_told_apart(void **state)
{
	struct gh_port p = usb("/dev/ttyUSB1", 0x0403, 0x6010, "");

	(void)state;
	make_file(FTDI "/port_number", "3\n");
	gh_port_look(sys_root, &p);
	assert_string_equal(p.usb_path, "1-2:1.1/3");
	make_file(FTDI "/port_number", "0\n");
}

static void a_nonsense_timer_is_none(void **state)
{
	static const char *const bad[] = { "", "abc\n", "-4\n", "99999999\n",
					   "16 ms\n" };
	struct gh_port p = usb("/dev/ttyUSB1", 0x0403, 0x6010, "");

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(bad); i++) {
		make_file(FTDI "/latency_timer", bad[i]);
		p.latency_timer_ms = 7;
		gh_port_look(sys_root, &p);
		assert_int_equal(p.latency_timer_ms, -1);
	}
	make_file(FTDI "/latency_timer", "16\n");
}

static void a_board_port_has_no_usb_path(void **state)
{
	struct gh_port p = usb("/dev/ttyS0", -1, -1, "");

	(void)state;
	gh_port_look(sys_root, &p);
	assert_string_equal(p.usb_path, "");
	assert_string_equal(p.kernel_driver, "");
}

static void a_port_that_left_is_no_trouble(void **state)
{
	struct gh_port p = usb("/dev/ttyUSB77", 1, 1, "");

	(void)state;
	gh_port_look(sys_root, &p);
	gh_port_look("/nowhere", &p);
	assert_string_equal(p.usb_path, "");
	assert_int_equal(p.latency_timer_ms, -1);
}

/* ---- The list ------------------------------------------------------------ */

static void the_list_is_sorted_as_people_count(void **state)
{
	struct gh_port p[] = {
		usb("/dev/ttyS0", -1, -1, ""),	 usb("/dev/ttyUSB10", 1, 1, ""),
		usb("/dev/ttyUSB2", 1, 1, ""),	 usb("/dev/ttyACM1", 1, 1, ""),
		usb("/dev/ttyAMA0", -1, -1, ""),
	};
	static const char *const want[] = { "/dev/ttyACM1", "/dev/ttyUSB2",
					    "/dev/ttyUSB10", "/dev/ttyAMA0",
					    "/dev/ttyS0" };

	(void)state;
	qsort(p, GH_ARRAY_SIZE(p), sizeof *p, gh_port_order);
	for (size_t i = 0; i < GH_ARRAY_SIZE(p); i++)
		assert_string_equal(p[i].name, want[i]);
}

static void the_real_list_can_be_read(void **state)
{
	static struct gh_port p[64];
	struct gh_err err = { 0 };
	size_t n = 99;

	(void)state;
	assert_int_equal(gh_ports(p, 64, &n, &err), GH_OK);
	assert_true(n <= 64);
	for (size_t i = 1; i < n; i++)
		assert_true(gh_port_order(&p[i - 1], &p[i]) < 0);
}

static void who_is_missing_is_told(void **state)
{
	struct gh_port before[] = { usb("/dev/ttyACM0", 1, 1, "a"),
				    usb("/dev/ttyACM1", 1, 1, "b") };
	struct gh_port after[] = { usb("/dev/ttyACM1", 1, 1, "b"),
				   usb("/dev/ttyACM2", 1, 1, "a") };
	const struct gh_port *out[2];

	(void)state;
	assert_int_equal(gh_ports_missing(before, 2, after, 2, out), 1);
	assert_string_equal(out[0]->name, "/dev/ttyACM0");
	assert_int_equal(gh_ports_missing(after, 2, before, 2, out), 1);
	assert_string_equal(out[0]->name, "/dev/ttyACM2");
	assert_int_equal(gh_ports_missing(before, 2, before, 2, out), 0);
	/* Out and in again between two looks, with the same name. */
	after[0].usb_address = 6;
	assert_int_equal(gh_ports_missing(before, 2, after, 2, out), 2);
	assert_int_equal(gh_ports_missing(before, 0, after, 2, out), 0);
}

static void a_watch_knows_what_is_there(void **state)
{
	struct gh_watch *w;
	struct gh_port port;
	struct gh_err err = { 0 };
	bool arrived;
	size_t n;

	(void)state;
	assert_int_equal(gh_watch_open(&w, 1000, &err), GH_OK);
	assert_true(strstr(gh_watch_how(w), "every second") != NULL);
	assert_int_equal(gh_watch_due(w), 1000 + GH_US_PER_S);
	gh_watch_ports(w, &n);
	assert_int_equal(gh_watch_look(w, 2000000, &err), GH_OK);
	assert_false(gh_watch_next(w, &port, &arrived));
	assert_int_equal(gh_watch_due(w), 3000000);
	gh_watch_expect(w);
	assert_int_equal(gh_watch_look(w, 2000001, &err), GH_OK);
	assert_int_equal(gh_watch_due(w), 2100001);
	gh_watch_close(w);
	gh_watch_close(NULL);
}

/* ---- The matcher --------------------------------------------------------- */

static struct gh_port all[5];
static struct gh_port_candidate found[5];

static int some_ports(void **state)
{
	(void)state;
	all[0] = usb("/dev/ttyACM0", 0x2341, 0x0043, "111");
	all[1] = usb("/dev/ttyACM1", 0x2341, 0x0043, "557");
	all[2] = usb("/dev/ttyUSB0", 0x0403, 0x6010, "FT1");
	all[3] = usb("/dev/ttyUSB1", 0x0403, 0x6010, "FT1");
	all[4] = usb("/dev/ttyS0", -1, -1, "");
	return 0;
}

static size_t match(int vid, int pid, const char *serial, const char *device)
{
	const struct gh_port_want want = { vid, pid, serial, device };

	memset(found, 0x5A, sizeof found);
	return gh_port_match(&want, all, 5, found);
}

static void id_and_serial_find_one(void **state)
{
	(void)state;
	assert_int_equal(match(0x2341, 0x0043, "557", ""), 1);
	assert_string_equal(found[0].port->name, "/dev/ttyACM1");
	assert_string_equal(found[0].why, "usb 2341:0043 serial 557");
	assert_int_equal(found[1].fit, GH_PORT_OTHER);
	assert_string_equal(found[1].why, "serial 111, expected 557");
	assert_string_equal(found[2].why, "usb 0403:6010, expected 2341:0043");
	assert_string_equal(found[4].why, "no USB port");
}

static void a_serial_alone_finds_one(void **state)
{
	(void)state;
	assert_int_equal(match(0, 0, "111", ""), 1);
	assert_string_equal(found[0].port->name, "/dev/ttyACM0");
	assert_string_equal(found[0].why, "serial 111");
}

static void an_id_alone_may_fit_several(void **state)
{
	(void)state;
	assert_int_equal(match(0x2341, 0x0043, "", ""), 2);
	assert_string_equal(found[0].port->name, "/dev/ttyACM0");
	assert_string_equal(found[1].port->name, "/dev/ttyACM1");
	assert_int_equal(found[2].fit, GH_PORT_OTHER);
}

static void both_halves_of_a_dual_port_fit(void **state)
{
	(void)state;
	assert_int_equal(match(0x0403, 0x6010, "FT1", ""), 2);
	/* ... and the lasting name decides. */
	assert_int_equal(match(0x0403, 0x6010, "FT1", "/dev/ttyUSB1"), 1);
	assert_string_equal(found[0].port->name, "/dev/ttyUSB1");
	assert_int_equal(found[0].fit, GH_PORT_BEST);
	assert_int_equal(found[1].fit, GH_PORT_FITS);
}

static void a_name_never_beats_the_identity(void **state)
{
	(void)state;
	assert_int_equal(match(0x2341, 0x0043, "557", "/dev/ttyUSB0"), 1);
	assert_string_equal(found[0].port->name, "/dev/ttyACM1");
	assert_int_equal(match(0x2341, 0x9999, "", "/dev/ttyUSB0"), 0);
}

static void nothing_said_finds_nothing(void **state)
{
	(void)state;
	assert_int_equal(match(0, 0, "", ""), 0);
	assert_int_equal(match(0, 0, "", "/dev/ttyACM0"), 0);
	assert_string_equal(found[0].why, "nothing names it");
	assert_int_equal(match(0, 0, "11", ""), 0);
	assert_int_equal(match(0, 0, "1111", ""), 0);
	all[0].usb_serial[0] = '\0';
	assert_int_equal(match(0, 0, "111", ""), 0);
	assert_string_equal(found[0].why, "no serial number, expected 111");
}

static void hostile_serials_stay_inside(void **state)
{
	char longest[65];

	(void)state;
	memset(longest, '\\', 64);
	longest[64] = '\0';
	memcpy(all[0].usb_serial, longest, sizeof longest);
	assert_int_equal(match(0x2341, 0x0043, longest, ""), 1);
	memset(longest, '%', 64);
	assert_int_equal(match(0x2341, 0x0043, longest, ""), 0);
	for (size_t i = 0; i < 5; i++)
		assert_non_null(memchr(found[i].why, 0, sizeof found[i].why));
}

static void what_all_fits_fills_no_more(void **state)
{
	struct gh_port same[2] = { all[0], all[0] };
	struct gh_port_candidate three[3];
	const struct gh_port_want want = { 0x2341, 0x0043, "", "" };

	(void)state;
	memset(three, 0x5A, sizeof three);
	assert_int_equal(gh_port_match(&want, same, 2, three), 2);
	for (size_t i = 0; i < sizeof *three; i++)
		assert_int_equal(((unsigned char *)&three[2])[i], 0x5A);
}

static void counted_names_are_known(void **state)
{
	(void)state;
	assert_true(gh_port_is_counted("/dev/ttyUSB0"));
	assert_true(gh_port_is_counted("/dev/ttyACM12"));
	assert_false(gh_port_is_counted("/dev/serial/by-id/usb-x-if00"));
	assert_false(gh_port_is_counted("/dev/ttyS0"));
	assert_false(gh_port_is_counted("/dev/pts/1"));
}

#define IN_SYS(test) cmocka_unit_test_setup_teardown(test, fake_sys, remove_sys)
#define MATCHING(test) cmocka_unit_test_setup(test, some_ports)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_are_known),
		cmocka_unit_test(other_ids_have_no_name),
		IN_SYS(an_acm_port_has_a_path_and_a_driver),
		IN_SYS(an_ftdi_port_has_a_latency_timer),
		IN_SYS(ports_of_one_interface_are_told_apart),
		IN_SYS(a_nonsense_timer_is_none),
		IN_SYS(a_board_port_has_no_usb_path),
		IN_SYS(a_port_that_left_is_no_trouble),
		cmocka_unit_test(the_list_is_sorted_as_people_count),
		cmocka_unit_test(the_real_list_can_be_read),
		cmocka_unit_test(who_is_missing_is_told),
		cmocka_unit_test(a_watch_knows_what_is_there),
		MATCHING(id_and_serial_find_one),
		MATCHING(a_serial_alone_finds_one),
		MATCHING(an_id_alone_may_fit_several),
		MATCHING(both_halves_of_a_dual_port_fit),
		MATCHING(a_name_never_beats_the_identity),
		MATCHING(nothing_said_finds_nothing),
		MATCHING(hostile_serials_stay_inside),
		MATCHING(what_all_fits_fills_no_more),
		cmocka_unit_test(counted_names_are_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
