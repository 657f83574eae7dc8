/* SPDX-License-Identifier: GPL-3.0-or-later */
/* posix_openpt and its like are XSI; without this they are not declared. */
#define _XOPEN_SOURCE 700 /* NOLINT(bugprone-reserved-identifier) */

#include "sim/pty.h"

#include "base/text.h" /* gh_copy_text */

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

static void make_raw(int fd)
{
	struct termios t;

	if (tcgetattr(fd, &t) != 0)
		return;
	t.c_iflag = 0;
	t.c_oflag = 0;
	t.c_lflag = 0;
	t.c_cflag = CS8 | CREAD | CLOCAL;
	t.c_cc[VMIN] = 1;
	t.c_cc[VTIME] = 0;
	tcsetattr(fd, TCSANOW, &t);
}

static enum gh_status open_slave(struct gh_sim_pty *pty, struct gh_err *err)
{
	const char *name;

	if (grantpt(pty->master) != 0 || unlockpt(pty->master) != 0)
		return gh_fail_sys(err, GH_IO, errno, "pty: cannot unlock");
	name = ptsname(pty->master);
	if (name == NULL || !gh_copy_text(pty->name, sizeof(pty->name), name))
		return gh_fail(err, GH_IO, "pty: it has no name");
	pty->slave = open(pty->name, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (pty->slave < 0)
		return gh_fail_sys(err, GH_IO, errno, "%s", pty->name);
	make_raw(pty->slave);
	if (fcntl(pty->master, F_SETFL, O_NONBLOCK) != 0 ||
	    fcntl(pty->master, F_SETFD, FD_CLOEXEC) != 0)
		return gh_fail_sys(err, GH_IO, errno, "%s", pty->name);
	return GH_OK;
}

static enum gh_status make_link(struct gh_sim_pty *pty, const char *link,
				struct gh_err *err)
{
	struct stat st;

	if (strlen(link) >= sizeof(pty->link))
		return gh_fail(err, GH_ARG, "link name: longer than %zu bytes",
			       sizeof(pty->link) - 1);
	if (lstat(link, &st) == 0 && S_ISLNK(st.st_mode))
		unlink(link);
	if (symlink(pty->name, link) != 0)
		return gh_fail_sys(err, GH_ARG, errno, "link name %s", link);
	gh_copy_text(pty->link, sizeof(pty->link), link);
	return GH_OK;
}

enum gh_status gh_sim_pty_open(struct gh_sim_pty *pty, const char *link,
			       struct gh_err *err)
{
	enum gh_status st;

	memset(pty, 0, sizeof(*pty));
	pty->slave = -1;
	pty->master = posix_openpt(O_RDWR | O_NOCTTY);
	if (pty->master < 0)
		return gh_fail_sys(err, GH_IO, errno, "no pseudo-terminal");
	st = open_slave(pty, err);
	if (st == GH_OK && link != NULL)
		st = make_link(pty, link, err);
	if (st != GH_OK)
		gh_sim_pty_close(pty);
	return st;
}

void gh_sim_pty_close(struct gh_sim_pty *pty)
{
	if (pty->link[0] != '\0')
		unlink(pty->link);
	if (pty->slave >= 0)
		close(pty->slave);
	if (pty->master >= 0)
		close(pty->master);
	pty->link[0] = '\0';
	pty->slave = -1;
	pty->master = -1;
}

size_t gh_sim_pty_read(struct gh_sim_pty *pty, void *buf, size_t cap)
{
	ssize_t n = cap ? read(pty->master, buf, cap) : 0;

	return n > 0 ? (size_t)n : 0;
}

void gh_sim_pty_write(struct gh_sim_pty *pty, const void *buf, size_t n)
{
	ssize_t put = n ? write(pty->master, buf, n) : 0;

	pty->dropped += n - (put > 0 ? (size_t)put : 0);
}

/* Exclusive, but nobody holds the lock that hosts take: it was left behind. */
void gh_sim_pty_release(const struct gh_sim_pty *pty)
{
	int exclusive = 0;

	if (ioctl(pty->slave, TIOCGEXCL, &exclusive) != 0 || !exclusive)
		return;
	if (flock(pty->slave, LOCK_EX | LOCK_NB) != 0)
		return;
	ioctl(pty->slave, TIOCNXCL);
	flock(pty->slave, LOCK_UN);
}
