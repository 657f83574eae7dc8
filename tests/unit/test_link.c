/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Links over real ptys: bytes, hang-up, locks, refusals. The libserialport
 * backend runs here too: it refuses ptys, so the three calls by which it finds
 * that out (ioctl, readlink, __lxstat) are answered by this file while
 * `pretend` is on (bench.md d).
 */
#define _GNU_SOURCE /* syscall; posix_openpt */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "link/kinds.h" /* gh_link_serial_open */
#include "link/link.h"	/* the code under test */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static bool pretend;

int __lxstat(int version, const char *path, struct stat *out);

int __lxstat(int version, const char *path, struct stat *out)
{
	(void)version;
	if (pretend && strncmp(path, "/sys/class/tty/pts/", 19) == 0) {
		memset(out, 0, sizeof *out);
		out->st_mode = S_IFLNK;
		return 0;
	}
	return fstatat(AT_FDCWD, path, out, AT_SYMLINK_NOFOLLOW);
}

ssize_t readlink(const char *restrict path, char *restrict out, size_t cap)
{
	static const char device[] = "../../devices/pnp0/00:01/tty/ttyS9";

	if (pretend && strncmp(path, "/sys/class/tty/pts/", 19) == 0) {
		memcpy(out, device, sizeof device);
		return sizeof device - 1;
	}
	return syscall(SYS_readlinkat, AT_FDCWD, path, out, cap);
}

int ioctl(int fd, unsigned long request, ...)
{
	va_list args;
	void *arg;

	va_start(args, request);
	arg = va_arg(args, void *);
	va_end(args);
	if (pretend && request == TIOCMGET) {
		*(int *)arg = TIOCM_CTS | TIOCM_DSR;
		return 0;
	}
	if (pretend &&
	    (request == TIOCMSET || request == TIOCMBIS || request == TIOCMBIC))
		return 0;
	return (int)syscall(SYS_ioctl, fd, request, arg);
}

/* ---- A pty and how to open its other end --------------------------------- */

typedef enum gh_status opener(struct gh_link **, const char *, struct gh_err *);

struct pty {
	int master;
	char port[64];
	opener *open;
};

static enum gh_status as_tty(struct gh_link **out, const char *port,
			     struct gh_err *err)
{
	return gh_link_open(out, port, 115200, err);
}

static enum gh_status as_serial(struct gh_link **out, const char *port,
				struct gh_err *err)
{
	return gh_link_serial_open(out, port, port, 115200, err);
}

static int make_pty(void **state, opener *open_link)
{
	static struct pty p;

	p.open = open_link;
	p.master = posix_openpt(O_RDWR | O_NOCTTY);
	if (p.master < 0 || grantpt(p.master) != 0 || unlockpt(p.master) != 0)
		return -1;
	snprintf(p.port, sizeof p.port, "%.60s", ptsname(p.master));
	*state = &p;
	return 0;
}

static int tty_pty(void **state)
{
	pretend = false;
	return make_pty(state, as_tty);
}

static int serial_pty(void **state)
{
	pretend = true;
	return make_pty(state, as_serial);
}

static int close_pty(void **state)
{
	struct pty *p = *state;

	pretend = false;
	if (p->master >= 0)
		close(p->master);
	return 0;
}

static struct gh_link *must_open(const struct pty *p)
{
	struct gh_link *link = NULL;
	struct gh_err err = { 0 };

	if (p->open(&link, p->port, &err) != GH_OK)
		fail_msg("%s", err.msg);
	return link;
}

/* Waits for what the kernel still has to carry over. */
static enum gh_status read_soon(struct gh_link *link, char *buf, size_t cap,
				size_t *got)
{
	const gh_us until = gh_now(gh_clock_real()) + GH_US_PER_S;
	struct pollfd fds[2];
	struct gh_err err;
	enum gh_status st;

	do {
		const size_t n = gh_link_fds(link, fds, 2);

		gh_wait(gh_clock_real(), fds, n, until);
		st = gh_link_read(link, buf, cap, got, &err);
	} while (st == GH_OK && *got == 0 && gh_now(gh_clock_real()) < until);
	return st;
}

/* ---- What both kinds must do --------------------------------------------- */

static void bytes_pass_unchanged(void **state)
{
	static const char all[] = "\0\1\3\4\n\r\x11\x13\x7f\xff"
				  "end";
	const struct pty *p = *state;
	struct gh_link *link = must_open(p);
	struct gh_err err;
	char buf[64];
	size_t n = 0;

	assert_int_equal(gh_link_write(link, all, sizeof all, &n, &err), GH_OK);
	assert_int_equal(n, sizeof all);
	assert_int_equal(read(p->master, buf, sizeof buf), sizeof all);
	assert_memory_equal(buf, all, sizeof all);
	assert_int_equal(write(p->master, all, sizeof all), sizeof all);
	assert_int_equal(read_soon(link, buf, sizeof buf, &n), GH_OK);
	assert_int_equal(n, sizeof all);
	assert_memory_equal(buf, all, sizeof all);
	assert_int_equal(link->bytes_in, sizeof all);
	assert_int_equal(link->bytes_out, sizeof all);
	gh_link_close(link);
}

static void nothing_now_is_not_gone(void **state)
{
	struct gh_link *link = must_open(*state);
	struct gh_err err;
	char buf[8];
	size_t n = 9;

	for (int i = 0; i < 3; i++) {
		assert_int_equal(gh_link_read(link, buf, 8, &n, &err), GH_OK);
		assert_int_equal(n, 0);
	}
	gh_link_close(link);
}

static void a_hang_up_is_gone(void **state)
{
	struct pty *p = *state;
	struct gh_link *link = must_open(p);
	struct gh_err err = { 0 };
	char buf[8];
	size_t n;

	close(p->master);
	p->master = -1;
	assert_int_equal(read_soon(link, buf, sizeof buf, &n), GH_GONE);
	assert_non_null(strstr(err.msg[0] ? err.msg : p->port, p->port));
	assert_int_equal(gh_link_write(link, "x", 1, &n, &err), GH_GONE);
	gh_link_close(link);
}

/* Poll itself tells, at once: a wait for data is no wait for a time-out. */
static void a_hang_up_wakes_the_wait(void **state)
{
	struct pty *p = *state;
	struct gh_link *link = must_open(p);
	const gh_us begun = gh_now(gh_clock_real());
	struct pollfd fds[2];
	size_t n;

	close(p->master);
	p->master = -1;
	n = gh_link_fds(link, fds, 2);
	assert_int_equal(n, 1);
	assert_int_equal(
		gh_wait(gh_clock_real(), fds, n, begun + 10 * GH_US_PER_S), 1);
	assert_true(fds[0].revents & (POLLHUP | POLLERR));
	assert_true(gh_now(gh_clock_real()) - begun < 5 * GH_US_PER_S);
	gh_link_close(link);
}

static void a_full_queue_takes_nothing(void **state)
{
	static const char block[4096];
	struct gh_link *link = must_open(*state);
	struct gh_err err;
	size_t total = 0, n = 1;

	while (n > 0 && total < 1u << 20) {
		assert_int_equal(gh_link_write(link, block, sizeof block, &n,
					       &err),
				 GH_OK);
		total += n;
	}
	assert_int_equal(n, 0);
	/* ... and closing does not wait for who does not read. */
	gh_link_close(link);
}

static void a_second_open_is_busy(void **state)
{
	const struct pty *p = *state;
	struct gh_link *first = must_open(p), *second = NULL;
	struct gh_err err = { 0 };

	assert_int_equal(p->open(&second, p->port, &err), GH_BUSY);
	assert_null(second);
	assert_non_null(strstr(err.msg, p->port));
	gh_link_close(first);
	gh_link_close(must_open(p));
}

/* Locks the port, says so, and waits for the other end to be closed. */
static void hold_port(const char *port, int pair)
{
	const int fd = open(port, O_RDWR | O_NOCTTY);
	char byte;

	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) != 0 ||
	    write(pair, "x", 1) != 1)
		_exit(1);
	while (read(pair, &byte, 1) > 0)
		;
	_exit(0);
}

static void the_holder_is_named(void **state)
{
	const struct pty *p = *state;
	struct gh_link *link = NULL;
	struct gh_err err = { 0 };
	char number[32], byte;
	int pair[2];
	pid_t child;

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	child = fork();
	if (child == 0) {
		close(pair[0]);
		hold_port(p->port, pair[1]);
	}
	close(pair[1]);
	assert_int_equal(read(pair[0], &byte, 1), 1);
	assert_int_equal(p->open(&link, p->port, &err), GH_BUSY);
	snprintf(number, sizeof number, "%ld", (long)child);
	assert_non_null(strstr(err.msg, number));
	assert_non_null(strstr(err.msg, "test_link"));
	close(pair[0]);
	waitpid(child, NULL, 0);
}

static void exclusive_mode_of_others_is_respected(void **state)
{
	const struct pty *p = *state;
	const int other = open(p->port, O_RDWR | O_NOCTTY);
	struct gh_link *link = NULL;
	struct gh_err err = { 0 };

	assert_true(other >= 0);
	assert_int_equal(ioctl(other, TIOCEXCL, NULL), 0);
	assert_int_equal(p->open(&link, p->port, &err), GH_BUSY);
	ioctl(other, TIOCNXCL, NULL);
	close(other);
}

/* ---- The raw tty alone --------------------------------------------------- */

static void a_pty_is_recognised(void **state)
{
	struct gh_link *link = must_open(*state);
	struct gh_err err;

	assert_true(link->is_pty);
	assert_string_equal(link->ops->scheme, "tty");
	assert_int_equal(gh_link_set_baud(link, 250000, &err), GH_OK);
	gh_link_close(link);
}

static void settings_are_put_back(void **state)
{
	const struct pty *p = *state;
	struct termios before, after;
	struct gh_link *link;

	assert_int_equal(tcgetattr(p->master, &before), 0);
	link = must_open(p);
	assert_int_equal(tcgetattr(p->master, &after), 0);
	assert_int_equal(after.c_lflag & (tcflag_t)(ECHO | ICANON), 0);
	gh_link_close(link);
	assert_int_equal(tcgetattr(p->master, &after), 0);
	assert_int_equal(before.c_lflag, after.c_lflag);
	assert_int_equal(before.c_iflag, after.c_iflag);
}

/* ---- libserialport alone ------------------------------------------------- */

/* Its own defaults leave flow control as the last program left it. */
static void no_flow_control_is_left_on(void **state)
{
	const struct pty *p = *state;
	struct termios t;
	struct gh_link *link;

	assert_int_equal(tcgetattr(p->master, &t), 0);
	t.c_iflag |= IXON | IXOFF | IXANY;
	t.c_cflag |= (tcflag_t)CSTOPB | PARENB;
	assert_int_equal(tcsetattr(p->master, TCSANOW, &t), 0);
	link = must_open(p);
	assert_int_equal(tcgetattr(p->master, &t), 0);
	assert_int_equal(t.c_iflag & (tcflag_t)(IXON | IXOFF | IXANY), 0);
	assert_int_equal(t.c_cflag & (tcflag_t)(CSTOPB | PARENB), 0);
	assert_int_equal(t.c_cflag & (tcflag_t)CSIZE, CS8);
	assert_int_equal(t.c_lflag & (tcflag_t)(ECHO | ICANON | ISIG), 0);
	gh_link_close(link);
}

/* Its select() would write beyond its set. */
static void too_high_a_descriptor_is_refused(void **state)
{
	const struct pty *p = *state;
	struct rlimit before, more;
	struct gh_link *link = NULL;
	struct gh_err err = { 0 };
	int last = 0;

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	more = before;
	more.rlim_cur = 1200;
	if (before.rlim_max < more.rlim_cur ||
	    setrlimit(RLIMIT_NOFILE, &more) != 0)
		skip();
	while (last >= 0 && last < 1023)
		last = dup(p->master);
	assert_int_equal(last, 1023);
	assert_int_equal(p->open(&link, p->port, &err), GH_IO);
	assert_non_null(strstr(err.msg, "too many files"));
	for (int fd = 3; fd <= 1023; fd++)
		if (fd != p->master)
			close(fd);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	gh_link_close(must_open(p));
}

static void refusal(const char *port, const char *expected)
{
	struct gh_link *link = NULL;
	struct gh_err err = { 0 };

	assert_int_equal(gh_link_open(&link, port, 115200, &err), GH_IO);
	assert_null(link);
	if (!strstr(err.msg, expected))
		fail_msg("'%s' says nothing of '%s'", err.msg, expected);
	assert_null(strchr(err.msg, '\n'));
}

static void refusals_say_what_to_try(void **state)
{
	char file[256];
	FILE *f;

	(void)state;
	refusal("/dev/ttyUSB99", "no such port");
	refusal("/dev/null", "not a terminal");
	refusal("/etc/passwd", "not a terminal");
	snprintf(file, sizeof file, "%s/not-a-port",
		 getenv("TMPDIR") ? getenv("TMPDIR") : ".");
	f = fopen(file, "w");
	assert_non_null(f);
	fclose(f);
	refusal(file, "not a terminal");
	remove(file);
}

/* As another user, in a child: root may open everything. */
static void a_port_of_others_names_the_group(void **state)
{
	const struct pty *p = *state;
	struct gh_err err = { 0 };
	struct gh_link *link = NULL;
	int status = 0;
	pid_t child;

	if (chmod(p->port, 0600) != 0 || getuid() != 0) {
		print_message("# needs root, to be somebody else\n");
		skip();
	}
	child = fork();
	if (child == 0) {
		if (setgid(65534) != 0 || setuid(65534) != 0)
			_exit(3);
		_exit(p->open(&link, p->port, &err) == GH_IO &&
				      strstr(err.msg, "dialout")
			      ? 0
			      : 1);
	}
	waitpid(child, &status, 0);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void closing_nothing_is_fine(void **state)
{
	(void)state;
	gh_link_close(NULL);
}

#define TTY(f) cmocka_unit_test_setup_teardown(f, tty_pty, close_pty)
#define SERIAL(f)                                                              \
	{                                                                      \
		"serial " #f, f, serial_pty, close_pty, NULL                   \
	}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TTY(bytes_pass_unchanged),
		TTY(nothing_now_is_not_gone),
		TTY(a_hang_up_is_gone),
		TTY(a_hang_up_wakes_the_wait),
		TTY(a_full_queue_takes_nothing),
		TTY(a_second_open_is_busy),
		TTY(the_holder_is_named),
		TTY(exclusive_mode_of_others_is_respected),
		TTY(a_pty_is_recognised),
		TTY(settings_are_put_back),
		TTY(a_port_of_others_names_the_group),
		SERIAL(bytes_pass_unchanged),
		SERIAL(nothing_now_is_not_gone),
		SERIAL(a_hang_up_is_gone),
		SERIAL(a_hang_up_wakes_the_wait),
		SERIAL(a_full_queue_takes_nothing),
		SERIAL(a_second_open_is_busy),
		SERIAL(exclusive_mode_of_others_is_respected),
		SERIAL(no_flow_control_is_left_on),
		SERIAL(too_high_a_descriptor_is_refused),
		cmocka_unit_test(refusals_say_what_to_try),
		cmocka_unit_test(closing_nothing_is_fine),
	};

	return cmocka_run_group_tests_name("link", tests, NULL, NULL);
}
