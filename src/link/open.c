/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * open - chooses the backend by the path and hands all calls through. What the
 * machine lists under /sys/class/tty belongs to libserialport; what it does not
 * (ptys above all) has no USB side and is opened raw.
 */
/* realpath is POSIX; glibc shows it only with this switch of its own. */
/* NOLINTNEXTLINE(bugprone-reserved-identifier) */
#define _XOPEN_SOURCE 700

#include "link/kinds.h" /* the backends */
#include "link/link.h"  /* gh_link_open, gh_link_read, ... */

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum gh_status gh_link_open_failed(const char *name, int sys,
				   struct gh_err *err)
{
	if (sys == ENOENT || sys == ENODEV || sys == ENXIO)
		return gh_fail_sys(err, GH_IO, sys,
				   "%s: no such port: is it plugged in? "
				   "`ghostlight devices` lists what is there",
				   name);
	if (sys == EACCES || sys == EPERM)
		return gh_fail_sys(err, GH_IO, sys,
				   "%s: not permitted: join its group (sudo "
				   "adduser $USER dialout) and log in again",
				   name);
	return gh_fail_sys(err, GH_IO, sys, "%s: cannot be opened", name);
}

/* "/dev/serial/by-id/..." is a link; the machine knows the last name. */
static bool listed_by_kernel(const char *path)
{
	const char *base = strrchr(path, '/');
	char sys[64];

	if (strncmp(path, "/dev/", 5) != 0 || base != path + 4)
		return false;
	if (snprintf(sys, sizeof sys, "/sys/class/tty/%.40s", base + 1) < 0)
		return false;
	return access(sys, F_OK) == 0;
}

enum gh_status gh_link_open(struct gh_link **out, const char *port, long baud,
			    struct gh_err *err)
{
	char *path = realpath(port, NULL);
	enum gh_status st;

	if (!path)
		return gh_link_open_failed(port, errno, err);
	if (listed_by_kernel(path))
		st = gh_link_serial_open(out, path, port, baud, err);
	else
		st = gh_link_tty_open(out, path, port, baud, err);
	free(path);
	return st;
}

void gh_link_close(struct gh_link *link)
{
	if (link)
		link->ops->close(link);
}

enum gh_status gh_link_read(struct gh_link *link, void *buf, size_t cap,
			    size_t *got, struct gh_err *err)
{
	size_t n = 0;
	const enum gh_status st = link->ops->read(link, buf, cap, &n, err);

	if (st != GH_OK)
		return st;
	assert(n <= cap);
	link->bytes_in += n;
	*got = n;
	return GH_OK;
}

enum gh_status gh_link_write(struct gh_link *link, const void *buf, size_t len,
			     size_t *put, struct gh_err *err)
{
	size_t n = 0;
	const enum gh_status st = link->ops->write(link, buf, len, &n, err);

	if (st != GH_OK)
		return st;
	assert(n <= len);
	link->bytes_out += n;
	*put = n;
	return GH_OK;
}

enum gh_status gh_link_set_baud(struct gh_link *link, long baud,
				struct gh_err *err)
{
	return link->ops->set_baud(link, baud, err);
}

size_t gh_link_fds(const struct gh_link *link, struct pollfd *out, size_t cap)
{
	return link->ops->fds(link, out, cap);
}
