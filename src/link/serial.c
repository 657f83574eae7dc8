/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * serial - real ports, over libserialport 0.1.1 and around its traps (bench.md
 * d): it locks nothing, its reads cannot tell silence from an unplugged cable,
 * its close may take half a minute. So only its non-blocking calls are used.
 * Opening raises DTR: an Arduino-like board resets now.
 */
#include "link/kinds.h" /* gh_link_serial_open, gh_link_lock */

#include "base/text.h" /* gh_copy_text */

#include <errno.h>
#include <fcntl.h>
#include <libserialport.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

enum { FD_MOST = 1024 /* its select() knows no more */ };

struct serial {
	struct gh_link link;
	struct sp_port *port;
	int fd;
};

static struct serial *serial_of(struct gh_link *link)
{
	return (struct serial *)link;
}

static void serial_close(struct gh_link *link)
{
	struct serial *s = serial_of(link);
	const int keeper = gh_link_keeper_start(s->fd);

	(void)ioctl(s->fd, TIOCNXCL);
	(void)sp_close(s->port);
	gh_link_keeper_release(keeper);
	sp_free_port(s->port);
	free(s);
}

static size_t serial_fds(const struct gh_link *link, struct pollfd *out,
			 size_t cap)
{
	if (cap == 0)
		return 0;
	out[0] =
		(struct pollfd){ ((const struct serial *)link)->fd, POLLIN, 0 };
	return 1;
}

static enum gh_status gone(const struct gh_link *link, struct gh_err *err)
{
	return gh_fail(err, GH_GONE, "%s: unplugged or hung up", link->port);
}

/* Never inferred from a read: poll tells, or a count that cannot be had. */
static bool is_hung_up(struct serial *s)
{
	struct pollfd fd = { s->fd, POLLIN, 0 };

	if (gh_wait(gh_clock_real(), &fd, 1, 0) <= 0)
		return false;
	if (fd.revents & (POLLHUP | POLLERR | POLLNVAL))
		return true;
	return (fd.revents & POLLIN) && sp_input_waiting(s->port) < 0;
}

static enum gh_status serial_read(struct gh_link *link, void *buf, size_t cap,
				  size_t *got, struct gh_err *err)
{
	struct serial *s = serial_of(link);
	const int n = (int)sp_nonblocking_read(s->port, buf, cap);

	if (n > 0) {
		*got = (size_t)n;
		return GH_OK;
	}
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		return gone(link, err);
	if (is_hung_up(s))
		return gone(link, err);
	*got = 0;
	return GH_OK;
}

/* A full queue is -2 with EAGAIN in 0.1.1 and 0 in later ones. */
static enum gh_status serial_write(struct gh_link *link, const void *buf,
				   size_t len, size_t *put, struct gh_err *err)
{
	const int n =
		(int)sp_nonblocking_write(serial_of(link)->port, buf, len);

	if (n < 0 && errno != EAGAIN && errno != EINTR)
		return gone(link, err);
	*put = n < 0 ? 0 : (size_t)n;
	return GH_OK;
}

static enum gh_status serial_set_baud(struct gh_link *link, long baud,
				      struct gh_err *err)
{
	if (sp_set_baudrate(serial_of(link)->port, (int)baud) == SP_OK)
		return GH_OK;
	return gh_fail(err, GH_UNSUP, "%s: cannot do %ld Bd", link->port, baud);
}

static const struct gh_link_ops serial_ops = {
	.scheme = "serial",
	.close = serial_close,
	.fds = serial_fds,
	.read = serial_read,
	.write = serial_write,
	.set_baud = serial_set_baud,
};

/* Every field: 0.1.1 leaves xon_xoff uninitialised. */
static bool configure(struct sp_port *port, long baud)
{
	struct sp_port_config *c;
	bool ok;

	if (sp_new_config(&c) != SP_OK)
		return false;
	ok = sp_set_config_baudrate(c, (int)baud) == SP_OK &&
	     sp_set_config_bits(c, 8) == SP_OK &&
	     sp_set_config_parity(c, SP_PARITY_NONE) == SP_OK &&
	     sp_set_config_stopbits(c, 1) == SP_OK &&
	     sp_set_config_rts(c, SP_RTS_ON) == SP_OK &&
	     sp_set_config_cts(c, SP_CTS_IGNORE) == SP_OK &&
	     sp_set_config_dtr(c, SP_DTR_ON) == SP_OK &&
	     sp_set_config_dsr(c, SP_DSR_IGNORE) == SP_OK &&
	     sp_set_config_xon_xoff(c, SP_XONXOFF_DISABLED) == SP_OK &&
	     sp_set_config(port, c) == SP_OK;
	sp_free_config(c);
	return ok;
}

/* The port is open: lock it before a single byte or setting. */
static enum gh_status prepare(struct serial *s, long baud, struct gh_err *err)
{
	const char *name = s->link.port;
	enum gh_status st;

	if (sp_get_port_handle(s->port, &s->fd) != SP_OK || s->fd < 0 ||
	    s->fd >= FD_MOST)
		return gh_fail(err, GH_IO, "%s: too many files are open", name);
	(void)fcntl(s->fd, F_SETFD, FD_CLOEXEC);
	st = gh_link_lock(s->fd, name, false, err);
	if (st != GH_OK)
		return st;
	if (!configure(s->port, baud))
		return gh_fail(err, GH_IO, "%s: cannot be set to %ld Bd 8N1",
			       name, baud);
	return GH_OK;
}

static enum gh_status open_failed(const char *port, const char *name, int sys,
				  struct gh_err *err)
{
	char holder[96] = "held by another program";
	struct stat s;

	if (sys == ENOTTY)
		return gh_fail(err, GH_IO,
			       "%s: not a serial port: give one such as "
			       "/dev/ttyUSB0",
			       name);
	if (sys != EBUSY)
		return gh_link_open_failed(name, sys, err);
	if (stat(port, &s) == 0)
		gh_link_holder(s.st_rdev, holder, sizeof holder);
	return gh_fail(err, GH_BUSY, "%s: busy, %s: close that first", name,
		       holder);
}

enum gh_status gh_link_serial_open(struct gh_link **out, const char *port,
				   const char *name, long baud,
				   struct gh_err *err)
{
	struct serial *s = calloc(1, sizeof *s);
	enum gh_status st;

	if (!s)
		return gh_fail(err, GH_NOMEM, "%s: no memory", name);
	s->link.ops = &serial_ops;
	gh_copy_text(s->link.port, sizeof s->link.port, name);
	errno = 0;
	if (sp_get_port_by_name(port, &s->port) != SP_OK) {
		st = gh_link_open_failed(name, errno != 0 ? errno : ENOENT,
					 err);
		goto out_free;
	}
	if (sp_open(s->port, SP_MODE_READ_WRITE) != SP_OK) {
		st = open_failed(port, name, errno, err);
		goto out_free_port;
	}
	st = prepare(s, baud, err);
	if (st == GH_OK) {
		*out = &s->link;
		return GH_OK;
	}
	(void)sp_close(s->port);
out_free_port:
	sp_free_port(s->port);
out_free:
	free(s);
	return st;
}
