/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tty - raw termios, for ptys and for what libserialport cannot open
 * (bench.md d: it wants /sys/class/tty and TIOCMGET, a pty has neither).
 */
#include "link/kinds.h" /* gh_link_tty_open, gh_link_lock */

#include "base/text.h" /* gh_copy_text */

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <termios.h>
#include <unistd.h>

/* Linux Documentation/admin-guide/devices.txt: Unix98 pty slaves. */
enum { PTY_MAJOR_FIRST = 136, PTY_MAJOR_LAST = 143 };

struct tty {
	struct gh_link link;
	int fd;
	struct termios before; /* put back on close */
};

static struct tty *tty_of(struct gh_link *link)
{
	return (struct tty *)link;
}

static void tty_close(struct gh_link *link)
{
	struct tty *t = tty_of(link);
	const int keeper = gh_link_keeper_start(t->fd);

	(void)tcsetattr(t->fd, TCSANOW, &t->before);
	if (!link->is_pty)
		(void)ioctl(t->fd, TIOCNXCL);
	close(t->fd);
	gh_link_keeper_release(keeper);
	free(t);
}

static size_t tty_fds(const struct gh_link *link, struct pollfd *out,
		      size_t cap)
{
	if (cap == 0)
		return 0;
	out[0] = (struct pollfd){ ((const struct tty *)link)->fd, POLLIN, 0 };
	return 1;
}

static bool is_later(int sys)
{
	return sys == EAGAIN || sys == EWOULDBLOCK || sys == EINTR;
}

static enum gh_status gone(const struct gh_link *link, struct gh_err *err)
{
	return gh_fail(err, GH_GONE, "%s: hung up", link->port);
}

/* VMIN is 1, so an empty read is EAGAIN while the line lives, 0 when not. */
static enum gh_status tty_read(struct gh_link *link, void *buf, size_t cap,
			       size_t *got, struct gh_err *err)
{
	const ssize_t n = read(tty_of(link)->fd, buf, cap);

	if (n < 0 && is_later(errno)) {
		*got = 0;
		return GH_OK;
	}
	if (n <= 0)
		return gone(link, err);
	*got = (size_t)n;
	return GH_OK;
}

static enum gh_status tty_write(struct gh_link *link, const void *buf,
				size_t len, size_t *put, struct gh_err *err)
{
	const ssize_t n = write(tty_of(link)->fd, buf, len);

	if (n < 0 && !is_later(errno))
		return gone(link, err);
	*put = n < 0 ? 0 : (size_t)n;
	return GH_OK;
}

static const struct {
	long baud;
	speed_t speed;
} speeds[] = {
	{ 9600, B9600 },     { 57600, B57600 },	    { 115200, B115200 },
	{ 230400, B230400 }, { 460800, B460800 },   { 500000, B500000 },
	{ 921600, B921600 }, { 1000000, B1000000 },
};

static enum gh_status tty_set_baud(struct gh_link *link, long baud,
				   struct gh_err *err)
{
	const int fd = tty_of(link)->fd;
	struct termios t;

	/* A pty has no rate: bytes pass as fast as they are read. */
	if (link->is_pty)
		return GH_OK;
	if (tcgetattr(fd, &t) != 0)
		return gone(link, err);
	for (size_t i = 0; i < GH_ARRAY_SIZE(speeds); i++) {
		if (speeds[i].baud != baud)
			continue;
		(void)cfsetispeed(&t, speeds[i].speed);
		(void)cfsetospeed(&t, speeds[i].speed);
		if (tcsetattr(fd, TCSANOW, &t) == 0)
			return GH_OK;
		break;
	}
	return gh_fail(err, GH_UNSUP, "%s: cannot do %ld Bd", link->port, baud);
}

static const struct gh_link_ops tty_ops = {
	.scheme = "tty",
	.close = tty_close,
	.fds = tty_fds,
	.read = tty_read,
	.write = tty_write,
	.set_baud = tty_set_baud,
};

/* 8N1, no flow control, no line editing, nothing translated. */
static bool make_raw(int fd, struct termios *before)
{
	struct termios t;

	if (tcgetattr(fd, &t) != 0)
		return false;
	*before = t;
	t.c_iflag = 0;
	t.c_oflag = 0;
	t.c_lflag = 0;
	t.c_cflag = CS8 | CREAD | CLOCAL;
	(void)cfsetispeed(&t, B115200);
	(void)cfsetospeed(&t, B115200);
	t.c_cc[VMIN] = 1;
	t.c_cc[VTIME] = 0;
	return tcsetattr(fd, TCSANOW, &t) == 0;
}

static bool is_pty(dev_t device)
{
	const unsigned kind = major(device);

	return kind >= PTY_MAJOR_FIRST && kind <= PTY_MAJOR_LAST;
}

static enum gh_status not_a_terminal(const char *name, struct gh_err *err)
{
	return gh_fail(err, GH_IO,
		       "%s: not a terminal: give a port such as /dev/ttyUSB0",
		       name);
}

static enum gh_status open_failed(const char *name, dev_t device, int sys,
				  struct gh_err *err)
{
	char holder[96];

	if (sys == ENOTTY)
		return not_a_terminal(name, err);
	if (sys != EBUSY)
		return gh_link_open_failed(name, sys, err);
	gh_link_holder(device, holder, sizeof holder);
	return gh_fail(err, GH_BUSY, "%s: busy, %s: close that first", name,
		       holder);
}

/* What can fail once the file is open; the caller closes it then. */
static enum gh_status prepare(struct tty *t, const char *name, long baud,
			      struct gh_err *err)
{
	enum gh_status st;

	if (!isatty(t->fd))
		return not_a_terminal(name, err);
	st = gh_link_lock(t->fd, name, t->link.is_pty, err);
	if (st != GH_OK)
		return st;
	if (!make_raw(t->fd, &t->before))
		return gh_fail_sys(err, GH_IO, errno, "%s: not to be set up",
				   name);
	return tty_set_baud(&t->link, baud, err);
}

enum gh_status gh_link_tty_open(struct gh_link **out, const char *port,
				const char *name, long baud, struct gh_err *err)
{
	struct stat s;
	struct tty *t;
	enum gh_status st;
	int fd;

	/* Looked at first: opening a FIFO or a tape has side effects. */
	if (stat(port, &s) != 0)
		return gh_link_open_failed(name, errno, err);
	if (!S_ISCHR(s.st_mode))
		return not_a_terminal(name, err);
	fd = open(port, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return open_failed(name, s.st_rdev, errno, err);
	t = calloc(1, sizeof *t);
	if (!t) {
		close(fd);
		return gh_fail(err, GH_NOMEM, "%s: no memory", name);
	}
	t->link.ops = &tty_ops;
	t->link.is_pty = is_pty(s.st_rdev);
	gh_copy_text(t->link.port, sizeof t->link.port, name);
	t->fd = fd;
	st = prepare(t, name, baud, err);
	if (st != GH_OK) {
		close(fd);
		free(t);
		return st;
	}
	*out = &t->link;
	return GH_OK;
}
