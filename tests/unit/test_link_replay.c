/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Wire logs: every kind of line, and damaged and hostile files; and the list
 * of ports. Whole runs are in test_replay.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "link/link.h"	 /* gh_ports */
#include "link/replay.h" /* what is tested */

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIRST "ghostlight wire log 1\nversion 9.9\n"
#define TIMES "wall 1767225600\nclock 1000\n"
#define SHA "c00ae0a63348054ecc8343f23278fe13bfa5c44255e208ff6102ffc2d7910a53"
#define RIG "rig " SHA " 3\n= 7269\n= 67\n"
#define HEAD FIRST TIMES RIG "wire\n"

static char file[256];

static void write_file(const char *text, size_t n)
{
	FILE *f;

	snprintf(file, sizeof file, "%.200s/log-%ld.wire",
		 getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp", (long)getpid());
	f = fopen(file, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, n, f), n);
	fclose(f);
}

static struct gh_replay *load(const char *text)
{
	struct gh_replay *r = NULL;
	struct gh_err err = { 0 };

	write_file(text, strlen(text));
	if (gh_replay_load(&r, file, &err) != GH_OK)
		fail_msg("%s", err.msg);
	remove(file);
	return r;
}

static struct gh_link *open_link(struct gh_replay *r)
{
	struct gh_link *link = NULL;
	struct gh_err err = { 0 };

	if (gh_replay_link(r, &link, &err) != GH_OK)
		fail_msg("%s", err.msg);
	return link;
}

static void the_head_says_what_was_asked_for(void **state)
{
	struct gh_replay *r =
		load(FIRST TIMES
		     "# a comment\nprofile places\nbudget 20.5\n"
		     "only one.a\nallow-motion\nclear\nhouse-open\nguided\n" RIG
		     "wire\n.\n");
	const struct gh_wirelog_head *head = gh_replay_head(r);

	(void)state;
	assert_string_equal(head->version, "9.9");
	assert_int_equal(head->wall_s, 1767225600);
	assert_int_equal(head->clock, 1000);
	assert_string_equal(head->profile, "places");
	assert_string_equal(head->only, "one.a");
	assert_true(head->budget_s > 20.4 && head->budget_s < 20.6);
	assert_true(head->allow_motion && head->clear_latch);
	assert_true(head->house_open && head->guided);
	assert_int_equal(head->rig_bytes, 3);
	assert_memory_equal(head->rig_text, "rig", 3);
	assert_false(gh_replay_is_cut(r));
	gh_replay_free(r);
}

/* Each line in its place, each at its time. */
static void every_line_has_its_turn(void **state)
{
	struct gh_replay *r = load(HEAD "300 n 2\no wire /dev/ttyUSB0\n"
					"b 500000\n> aabb\n/ cc\n40 t\n"
					"<\n< 0102\n9 e\ns\n7 i\n5 r\n"
					"!< GONE it is gone\n.\n");
	const struct gh_clock *clk = gh_replay_clock(r);
	struct pollfd ear;
	struct gh_link *link;
	struct gh_err err = { 0 };
	unsigned char buf[8];
	size_t n;

	(void)state;
	assert_int_equal(gh_now(clk), 1000);
	assert_int_equal(gh_now(clk), 1000);
	assert_int_equal(gh_now(clk), 1300);
	assert_int_equal(gh_wall_s(clk), 1767225600);
	link = open_link(r);
	assert_string_equal(link->port, "/dev/ttyUSB0");
	assert_true(link->is_pty);
	assert_false(gh_replay_was_pty(r));
	assert_int_equal(gh_link_set_baud(link, 500000, &err), GH_OK);
	assert_int_equal(gh_link_read(link, buf, 8, &n, &err), GH_OK);
	assert_int_equal(n, 0);
	assert_int_equal(gh_link_write(link, "\xaa\xbb", 2, &n, &err), GH_OK);
	assert_int_equal(n, 2);
	assert_int_equal(gh_link_write(link, "\xcc\xdd", 2, &n, &err), GH_OK);
	assert_int_equal(n, 1);
	assert_int_equal(gh_wait(clk, NULL, 0, 0), 0);
	assert_int_equal(gh_now(clk), 1340);
	assert_int_equal(gh_link_read(link, buf, 8, &n, &err), GH_OK);
	assert_int_equal(n, 0);
	assert_int_equal(gh_link_read(link, buf, 8, &n, &err), GH_OK);
	assert_int_equal(n, 2);
	assert_memory_equal(buf, "\1\2", 2);
	assert_false(gh_replay_hear(r));
	assert_int_equal(gh_replay_ears(&ear, 1), 1);
	assert_int_equal(gh_wait(clk, &ear, 1, 0), 1);
	assert_int_equal(ear.revents, POLLIN);
	assert_true(gh_replay_hear(r));
	assert_false(gh_replay_hear(r));
	assert_int_equal(gh_wait(clk, NULL, 0, 0), -1);
	assert_int_equal(gh_wait(clk, NULL, 0, 0), 1);
	assert_int_equal(gh_link_read(link, buf, 8, &n, &err), GH_GONE);
	assert_string_equal(err.msg, "it is gone");
	assert_int_equal(gh_now(clk), 1361);
	assert_null(gh_replay_differs(r));
	gh_link_close(link);
	gh_replay_free(r);
}

/* What the tool does at the one line of the log, which is something else. */
static void difference_at(const char *line, char does, const char *said)
{
	char text[1024];
	struct gh_replay *r;
	struct gh_link *link;
	struct gh_err err = { 0 };
	size_t n;

	snprintf(text, sizeof text, "%so pty p\n> 01\n%s\n.\n", HEAD, line);
	r = load(text);
	link = open_link(r);
	assert_int_equal(gh_link_write(link, "\1", 1, &n, &err), GH_OK);
	if (does == 'w')
		(void)gh_wait(gh_replay_clock(r), NULL, 0, 5000);
	else if (does == 'b')
		(void)!gh_link_set_baud(link, 115200, &err);
	else
		(void)!gh_link_write(link, "\2\3", 2, &n, &err);
	assert_non_null(gh_replay_differs(r));
	assert_int_equal(gh_replay_differs(r)->code, GH_PROTO);
	assert_non_null(strstr(gh_replay_differs(r)->msg, said));
	assert_non_null(strstr(gh_replay_differs(r)->msg, ":11: at "));
	/* From there on nothing answers, and time still goes on. */
	assert_int_equal(gh_link_write(link, "\2", 1, &n, &err), GH_GONE);
	assert_int_equal(gh_link_read(link, text, 8, &n, &err), GH_GONE);
	assert_int_equal(gh_wait(gh_replay_clock(r), NULL, 0, 90000), 0);
	assert_true(gh_now(gh_replay_clock(r)) >= 90000);
	gh_link_close(link);
	gh_replay_free(r);
}

static void a_difference_says_what_and_where(void **state)
{
	(void)state;
	difference_at("> 0204", 's', "byte 2 sent: this version says 03");
	difference_at("> 02", 's', "this version says 03, version 9.9 said no");
	difference_at("> 020304", 's', "says no more, version 9.9 said 04");
	difference_at("/ 0203", 's', "says no more, version 9.9 said no more");
	difference_at("10 t", 's',
		      "this version says 0203, version 9.9 waited");
	difference_at("> 02", 'w', "this version waits, version 9.9 wrote");
	difference_at("< 02", 'w', "this version waits, version 9.9 read");
	difference_at("s", 'w', "9.9 heard the operator's stop");
	difference_at("b 9600", 'b', "changes the rate");
}

static const struct {
	const char *text, *said;
} damaged[] = {
	{ "", "no wire log, or it ends inside its head" },
	{ "\n", ":1: no wire log" },
	{ "ghostlight wire log 2\n", ":1: no wire log" },
	{ FIRST "wall x\n", ":3:" },
	{ FIRST "wall 999999999999999\n", ":3:" },
	{ FIRST TIMES "budget -1\n", ":5:" },
	{ FIRST TIMES "budget nan\n", ":5:" },
	{ FIRST TIMES "only 0123456789012345678901234567890123\n", ":5:" },
	{ FIRST TIMES "only \x1b[2J\n", ":5:" },
	{ FIRST TIMES "profile \x1b[2J\n", ":5:" },
	{ FIRST TIMES "rig \x1b[2J 3\n", ":5:" },
	{ FIRST TIMES "colour red\n", ":5:" },
	{ FIRST TIMES "= 00\n", ":5:" },
	{ FIRST TIMES "rig " SHA " 99999999\n", ":5:" },
	{ FIRST TIMES "rig 00 3\n= 7269676767\n", ":6:" },
	{ FIRST TIMES RIG RIG, ":8:" },
	{ FIRST TIMES "wire\n", "lacks clock" },
	{ FIRST RIG "wire\n", "lacks clock" },
	{ FIRST TIMES "rig " SHA " 3\n= 726968\nwire\n", "damaged" },
	{ FIRST TIMES "rig " SHA " 3\n= 7269\nwire\n", "damaged" },
	{ FIRST TIMES RIG, "ends inside its head" },
	{ HEAD "x\n", ":9:" },
	{ HEAD "10\n", ":9:" },
	{ HEAD "10 <\n", ":9:" },
	{ HEAD "t\n", ":9:" },
	{ HEAD "10 t t\n", ":9:" },
	{ HEAD "10 n\n", ":9:" },
	{ HEAD "10 n -1\n", ":9:" },
	{ HEAD "99999999999 t\n", ":9:" },
	{ HEAD "-1 t\n", ":9:" },
	{ HEAD "999999999999999999999999 t\n", ":9:" },
	{ HEAD "< 0\n", ":9:" },
	{ HEAD "< 0G\n", ":9:" },
	{ HEAD "< 0A\n", ":9:" },
	{ HEAD "<00\n", ":9:" },
	{ HEAD "b\n", ":9:" },
	{ HEAD "b 9600 x\n", ":9:" },
	{ HEAD "o tty /dev/x\n", ":9:" },
	{ HEAD "! GONE\n", ":9:" },
	{ HEAD "!< NONSENSE x\n", ":9:" },
	{ HEAD "!< OK x\n", ":9:" },
	{ HEAD "s s\n", ":9:" },
	{ HEAD ".\n10 t\n", ":10:" },
};

static void a_damaged_log_names_its_line(void **state)
{
	struct gh_replay *r = NULL;
	struct gh_err err;

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(damaged); i++) {
		write_file(damaged[i].text, strlen(damaged[i].text));
		err = (struct gh_err){ 0 };
		if (gh_replay_load(&r, file, &err) != GH_ARG ||
		    !strstr(err.msg, damaged[i].said))
			fail_msg("%zu: %s (expected %s)", i, err.msg,
				 damaged[i].said);
	}
	remove(file);
}

/* A line too long, and more hours than a check has. */
static void endless_logs_are_refused(void **state)
{
	const size_t n = 2 * GH_WIRELOG_LINE;
	char *text = malloc(n);
	struct gh_replay *r = NULL;
	struct gh_err err = { 0 };
	size_t used;

	(void)state;
	assert_non_null(text);
	used = (size_t)snprintf(text, n, "%s< ", HEAD);
	memset(text + used, '0', 2 * GH_WIRELOG_BURST + 2);
	used += 2 * GH_WIRELOG_BURST + 2;
	text[used++] = '\n';
	write_file(text, used);
	assert_int_equal(gh_replay_load(&r, file, &err), GH_ARG);
	assert_non_null(strstr(err.msg, ":9:"));
	used = (size_t)snprintf(text, n, "%s", HEAD);
	for (unsigned i = 0; i < 5; i++)
		used += (size_t)snprintf(text + used, n - used,
					 "3600000000 t\n");
	write_file(text, used);
	assert_int_equal(gh_replay_load(&r, file, &err), GH_ARG);
	assert_non_null(strstr(err.msg, ":13:"));
	remove(file);
	free(text);
}

static void what_is_no_file_is_refused(void **state)
{
	struct gh_replay *r = NULL;
	struct gh_err err = { 0 };

	(void)state;
	write_file("", 0);
	remove(file);
	assert_int_equal(gh_replay_load(&r, file, &err), GH_ARG);
	assert_int_equal(gh_replay_load(&r, "/tmp", &err), GH_ARG);
	assert_int_equal(gh_replay_load(&r, "/dev/zero", &err), GH_ARG);
	assert_int_equal(mkfifo(file, 0600), 0);
	assert_int_equal(gh_replay_load(&r, file, &err), GH_ARG);
	remove(file);
}

/* Port names and messages of a log reach terminals. */
static void texts_of_a_log_are_made_safe(void **state)
{
	struct gh_replay *r = load(HEAD "o pty /dev/\x1b[2J\n"
					"!< IO \x1b]0;x\x07\n.\n");
	struct gh_link *link = open_link(r);
	struct gh_err err = { 0 };
	char buf[8];
	size_t n;

	(void)state;
	assert_string_equal(link->port, "/dev/\\x1B[2J");
	assert_int_equal(gh_link_read(link, buf, 8, &n, &err), GH_IO);
	assert_string_equal(err.msg, "?]0;x?");
	gh_link_close(link);
	gh_replay_free(r);
}

static void a_port_that_was_not_opened_is_not_again(void **state)
{
	struct gh_replay *r = load(HEAD "!o BUSY held by minicom\n.\n");
	struct gh_link *link = NULL;
	struct gh_err err = { 0 };

	(void)state;
	assert_int_equal(gh_replay_link(r, &link, &err), GH_BUSY);
	assert_string_equal(err.msg, "held by minicom");
	gh_replay_free(r);
	r = load(HEAD);
	assert_true(gh_replay_is_cut(r));
	assert_int_equal(gh_replay_link(r, &link, &err), GH_NODATA);
	assert_null(link);
	gh_replay_free(r);
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
		cmocka_unit_test(the_head_says_what_was_asked_for),
		cmocka_unit_test(every_line_has_its_turn),
		cmocka_unit_test(a_difference_says_what_and_where),
		cmocka_unit_test(a_damaged_log_names_its_line),
		cmocka_unit_test(endless_logs_are_refused),
		cmocka_unit_test(what_is_no_file_is_refused),
		cmocka_unit_test(texts_of_a_log_are_made_safe),
		cmocka_unit_test(a_port_that_was_not_opened_is_not_again),
		cmocka_unit_test(ports_are_listed_without_any),
	};

	return cmocka_run_group_tests_name("wire log", tests, NULL, NULL);
}
