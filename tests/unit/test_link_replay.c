/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wire logs played back as a link, and the list of ports. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "link/link.h" /* the code under test */

#include <stdio.h>
#include <string.h>

static void write_log(char *name, size_t cap, const char *text)
{
	FILE *f;

	snprintf(name, cap, "replay:%s/wire.log",
		 getenv("TMPDIR") ? getenv("TMPDIR") : ".");
	f = fopen(name + 7, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void a_wire_log_answers_in_order(void **state)
{
	struct gh_link *link = NULL;
	struct gh_err err = { 0 };
	char name[256], buf[16];
	size_t n;

	(void)state;
	write_log(name, sizeof name,
		  "# a comment\n10 < 01 02\n20 > AA BB\n\n30 < 0304\n");
	assert_int_equal(gh_link_open(&link, name, 0, &err), GH_OK);
	assert_int_equal(gh_link_read(link, buf, 16, &n, &err), GH_OK);
	assert_int_equal(n, 2);
	assert_int_equal(gh_link_read(link, buf, 16, &n, &err), GH_OK);
	assert_int_equal(n, 0);
	assert_int_equal(gh_link_write(link, "\xAA", 1, &n, &err), GH_OK);
	assert_int_equal(gh_link_read(link, buf, 16, &n, &err), GH_OK);
	assert_int_equal(n, 0);
	assert_int_equal(gh_link_write(link, "\xBB", 1, &n, &err), GH_OK);
	assert_int_equal(gh_link_read(link, buf, 1, &n, &err), GH_OK);
	assert_int_equal(n, 1);
	assert_int_equal(gh_link_read(link, buf, 16, &n, &err), GH_OK);
	assert_int_equal(buf[0], 4);
	assert_int_equal(gh_link_read(link, buf, 16, &n, &err), GH_GONE);
	assert_int_equal(gh_link_fds(link, NULL, 0), 0);
	gh_link_close(link);
	remove(name + 7);
}

static void a_bad_wire_log_names_its_line(void **state)
{
	static const char *const bad[] = {
		"1 < 01\nx < 02\n",
		"1 < 01\n2 ? 02\n",
		"1 < 01\n2 < 0\n",
		"1 < 01\n2 < zz\n",
	};
	struct gh_link *link = NULL;
	struct gh_err err = { 0 };
	char name[256];

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(bad); i++) {
		write_log(name, sizeof name, bad[i]);
		assert_int_equal(gh_link_open(&link, name, 0, &err), GH_ARG);
		assert_non_null(strstr(err.msg, ":2:"));
	}
	remove(name + 7);
	assert_int_equal(gh_link_open(&link, "replay:/nowhere", 0, &err),
			 GH_IO);
}

static void ports_are_listed_without_any(void **state)
{
	struct gh_port ports[8];
	struct gh_err err = { 0 };
	size_t n = 99;

	(void)state;
	assert_int_equal(gh_ports(ports, 8, &n, &err), GH_OK);
	for (size_t i = 0; i < n && i < 8; i++)
		assert_string_not_equal(ports[i].name, "");
	assert_int_equal(gh_ports(NULL, 0, &n, &err), GH_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_wire_log_answers_in_order),
		cmocka_unit_test(a_bad_wire_log_names_its_line),
		cmocka_unit_test(ports_are_listed_without_any),
	};

	return cmocka_run_group_tests_name("link replay", tests, NULL, NULL);
}
