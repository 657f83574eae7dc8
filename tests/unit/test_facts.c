/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the machine knows of a port, read from a copy of its folders: names,
 * udev's records, rules that are masked, programs that run, the console.
 */
#include "link/facts.h" /* gh_port_facts */

#include "base/text.h" /* gh_copy_text */

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* The only character device that every user finds everywhere. */
#define DEVICE "/dev/null"

static char root[64], number[32];

static const struct gh_port ch340 = {
	.usb_vid = 0x1a86, .usb_pid = 0x7523, .usb_bus = 1, .usb_address = 5
};

static void make_folders(const char *path)
{
	char part[256];

	gh_copy_text(part, sizeof part, path);
	for (char *s = strchr(part + 1, '/'); s; s = strchr(s + 1, '/')) {
		*s = '\0';
		(void)mkdir(part, 0700);
		*s = '/';
	}
}

static void put(const char *name, const char *text)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof path, "%s%s", root, name);
	make_folders(path);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void put_link(const char *name, const char *to)
{
	char path[256];

	snprintf(path, sizeof path, "%s%s", root, name);
	make_folders(path);
	assert_int_equal(symlink(to, path), 0);
}

/* A machine with /dev/ttyUSB0, which really is DEVICE. */
static int make_machine(void **state)
{
	char name[128];
	struct stat s;

	(void)state;
	snprintf(root, sizeof root, "/tmp/gh-facts-XXXXXX");
	assert_non_null(mkdtemp(root));
	assert_int_equal(stat(DEVICE, &s), 0);
	snprintf(number, sizeof number, "%u:%u", major(s.st_rdev),
		 minor(s.st_rdev));
	put_link("/dev/ttyUSB0", DEVICE);
	put("/sys/class/tty/ttyUSB0/dev", number);
	snprintf(name, sizeof name, "/sys/dev/char/%s", number);
	put_link(name, "../../devices/usb1/1-1/tty/ttyUSB0");
	return 0;
}

static int remove_machine(void **state)
{
	char command[96];

	(void)state;
	snprintf(command, sizeof command, "rm -rf %s", root);
	return system(command);
}

static void look(struct gh_port_facts *f)
{
	gh_port_facts(root, "/dev/ttyUSB0", &ch340, f);
}

static void put_record(const char *device, const char *text)
{
	char name[96];

	snprintf(name, sizeof name, "/run/udev/data/c%s", device);
	put(name, text);
}

static void a_port_is_named(void **state)
{
	struct gh_port_facts f;

	(void)state;
	look(&f);
	assert_true(f.exists && f.is_device && f.listed && f.may_open);
	assert_string_equal(f.node, "/dev/ttyUSB0");
	assert_string_equal(f.link, "");
	put_link("/dev/serial/by-id/usb-QinHeng-if00", DEVICE);
	look(&f);
	assert_string_equal(f.link, "/dev/serial/by-id/usb-QinHeng-if00");
	put_link("/dev/ghostlight", DEVICE);
	look(&f);
	assert_string_equal(f.link, "/dev/ghostlight");
	gh_port_facts(root, "/dev/ghostlight", &ch340, &f);
	assert_string_equal(f.node, "/dev/ttyUSB0");
}

static void what_is_no_port_is_told_apart(void **state)
{
	struct gh_port_facts f;

	(void)state;
	gh_port_facts(root, "/dev/ttyUSB1", NULL, &f);
	assert_false(f.exists);
	put("/dev/file", "x");
	gh_port_facts(root, "/dev/file", NULL, &f);
	assert_true(f.exists && !f.is_device);
}

static void udevs_record_has_three_answers(void **state)
{
	struct gh_port_facts f;

	(void)state;
	look(&f);
	assert_int_equal(f.our_rule, GH_UNKNOWN);
	assert_int_equal(f.mm_ignores, GH_UNKNOWN);
	put_record(number, "E:ID_BUS=usb\nE:ID_GHOSTLIGHT=0\n");
	look(&f);
	assert_int_equal(f.our_rule, GH_KNOWN_NO);
	assert_int_equal(f.mm_ignores, GH_KNOWN_NO);
	put_record(number, "E:ID_GHOSTLIGHT=1\nE:ID_MM_PORT_IGNORE=1\n");
	look(&f);
	assert_int_equal(f.our_rule, GH_KNOWN_YES);
	assert_int_equal(f.mm_ignores, GH_KNOWN_YES);
}

static void modem_manager_may_be_told_on_the_usb_device(void **state)
{
	struct gh_port_facts f;

	(void)state;
	put_record(number, "E:ID_BUS=usb\n");
	put_record("189:4", "E:ID_MM_DEVICE_IGNORE=1\n");
	look(&f);
	assert_int_equal(f.mm_ignores, GH_KNOWN_YES);
}

static void the_console_is_found_by_its_number(void **state)
{
	struct gh_port_facts f;

	(void)state;
	put("/sys/class/tty/console/active", "tty0 ttyS1\n");
	put("/sys/class/tty/ttyS1/dev", "4:65\n");
	look(&f);
	assert_false(f.is_console);
	put("/sys/class/tty/console/active", "tty0 ttyUSB0\n");
	look(&f);
	assert_true(f.is_console);
}

static void rules_count_where_udev_reads_them(void **state)
{
	struct gh_host_facts h;

	(void)state;
	gh_host_facts(root, NULL, &h);
	assert_string_equal(h.rules, "");
	assert_false(h.udev_runs);
	put("/opt/lib/udev/rules.d/60-ghostlight.rules", "# here\n");
	gh_host_facts(root, NULL, &h);
	assert_string_equal(h.rules, "");
	put("/usr/local/lib/udev/rules.d/60-ghostlight.rules", "# here\n");
	put("/run/udev/control", "");
	gh_host_facts(root, NULL, &h);
	assert_string_equal(h.rules, "/usr/local/lib/udev/rules.d");
	assert_true(h.udev_runs);
	put_link("/etc/udev/rules.d/60-ghostlight.rules", "/dev/null");
	gh_host_facts(root, NULL, &h);
	assert_string_equal(h.rules, "");
}

static void thieves_are_seen_by_name_and_id(void **state)
{
	struct gh_host_facts h;

	(void)state;
	put("/proc/11/comm", "ModemManager\n");
	put("/proc/12/comm", "brltty\n");
	put("/proc/self/comm", "brltty\n");
	put("/usr/lib/udev/rules.d/85-brltty.rules",
	    "# ENV{PRODUCT}==\"1a86/7523/*\", GOTO=\"x\"\n");
	gh_host_facts(root, &ch340, &h);
	assert_true(h.modem_manager && h.brltty);
	assert_string_equal(h.brltty_rules, "");
	put("/usr/lib/udev/rules.d/85-brltty.rules",
	    "ENV{PRODUCT}==\"1A86/7523/*\", GOTO=\"x\"\n");
	gh_host_facts(root, &ch340, &h);
	assert_string_equal(h.brltty_rules,
			    "/usr/lib/udev/rules.d/85-brltty.rules");
	put_link("/etc/udev/rules.d/85-brltty.rules", "/dev/null");
	gh_host_facts(root, &ch340, &h);
	assert_string_equal(h.brltty_rules, "");
}

static void an_adapter_without_a_port_is_found(void **state)
{
	struct gh_port p;

	(void)state;
	assert_false(gh_adapter_without_port(root, &p));
	put("/sys/bus/usb/devices/1-2/idVendor", "046d\n");
	put("/sys/bus/usb/devices/1-2/idProduct", "c31c\n");
	assert_false(gh_adapter_without_port(root, &p));
	put("/sys/bus/usb/devices/1-1/idVendor", "1a86\n");
	put("/sys/bus/usb/devices/1-1/idProduct", "7523\n");
	put("/sys/bus/usb/devices/1-1/serial", "\033[2J\n");
	assert_true(gh_adapter_without_port(root, &p));
	assert_int_equal(p.usb_pid, 0x7523);
	assert_string_equal(p.usb_serial, "\\x1B[2J");
	assert_string_equal(gh_adapter_module(p.usb_vid, p.usb_pid), "ch341");
	put("/sys/bus/usb/devices/1-1:1.0/ttyUSB0/port_number", "0");
	assert_false(gh_adapter_without_port(root, &p));
}

/* Does one line of the rules name that device? */
static bool rules_have(const char *rules, int vid, int pid)
{
	char want[32], product[8];
	const char *line, *found;

	snprintf(want, sizeof want, "ATTRS{idVendor}==\"%04x\"", (unsigned)vid);
	snprintf(product, sizeof product, "%04x", (unsigned)pid);
	line = strstr(rules, want);
	if (!line)
		return false;
	line += strlen(want);
	found = strstr(line, product);
	return found && found < line + strcspn(line, "\n");
}

static void the_rule_file_has_the_boards_and_no_other(void **state)
{
	static char rules[8192];
	unsigned boards = 0;
	size_t n;
	FILE *f = fopen("scripts/udev/60-ghostlight.rules", "r");

	(void)state;
	assert_non_null(f);
	n = fread(rules, 1, sizeof rules - 1, f);
	fclose(f);
	rules[n] = '\0';
	for (int i = 0; i < 0x20000; i++) {
		const int vid = i < 0x10000 ? 0x2341 : 0x2a03;
		const int pid = i & 0xffff;
		const bool board = gh_is_board(vid, pid);

		if (board != rules_have(rules, vid, pid))
			fail_msg("%04x:%04x", (unsigned)vid, (unsigned)pid);
		boards += board;
	}
	assert_int_equal(boards, 12);
	assert_false(gh_is_board(0x0403, 0x6001));
	assert_null(strstr(rules, "ATTRS{idVendor}==\"0403\""));
}

static void who_is_in_the_group_stands_in_etc(void **state)
{
	struct gh_port_facts f;
	char text[160];
	struct stat s;

	(void)state;
	assert_int_equal(stat(DEVICE, &s), 0);
	look(&f);
	snprintf(text, sizeof text, "%u", (unsigned)s.st_gid);
	assert_string_equal(f.group, text);
	assert_false(f.in_login);
	snprintf(text, sizeof text, "other:x:%u:ada\nserial\033:x:%u:bob,ada\n",
		 (unsigned)s.st_gid + 1, (unsigned)s.st_gid);
	put("/etc/group", text);
	look(&f);
	assert_string_equal(f.group, "serial\\x1B");
	assert_false(f.in_login);
	snprintf(text, sizeof text, "ada:x:%u:%u::/:/bin/sh\n",
		 (unsigned)getuid(), (unsigned)s.st_gid + 1);
	put("/etc/passwd", text);
	look(&f);
	assert_true(f.in_login);
	snprintf(text, sizeof text, "eve:x:%u:%u::/:/bin/sh\n",
		 (unsigned)getuid(), (unsigned)s.st_gid + 1);
	put("/etc/passwd", text);
	look(&f);
	assert_false(f.in_login);
}

int main(void)
{
#define ON_MACHINE(test)                                                       \
	cmocka_unit_test_setup_teardown(test, make_machine, remove_machine)
	const struct CMUnitTest tests[] = {
		ON_MACHINE(a_port_is_named),
		ON_MACHINE(who_is_in_the_group_stands_in_etc),
		ON_MACHINE(what_is_no_port_is_told_apart),
		ON_MACHINE(udevs_record_has_three_answers),
		ON_MACHINE(modem_manager_may_be_told_on_the_usb_device),
		ON_MACHINE(the_console_is_found_by_its_number),
		ON_MACHINE(rules_count_where_udev_reads_them),
		ON_MACHINE(thieves_are_seen_by_name_and_id),
		ON_MACHINE(an_adapter_without_a_port_is_found),
		cmocka_unit_test(the_rule_file_has_the_boards_and_no_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
