/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lock - PATH.lock is held while a run is open. A run row without its end is
 * "interrupted" only when nobody holds the lock; the kernel lets go of it when
 * a process dies, however it dies. The file itself stays, empty.
 */
#include "store/private.h" /* struct gh_store */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static int open_lock_file(const struct gh_store *st)
{
	const size_t n = strlen(st->path) + sizeof ".lock";
	char *name = malloc(n);
	int fd;

	if (!name) {
		errno = ENOMEM;
		return -1;
	}
	snprintf(name, n, "%s.lock", st->path);
	fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	free(name);
	return fd;
}

enum gh_status gh_store_lock(struct gh_store *st, struct gh_err *err)
{
	const char *path = gh_path_shown(st->path);
	int fd;

	if (st->lock_fd >= 0)
		return GH_OK;
	fd = open_lock_file(st);
	if (fd < 0)
		return gh_fail_sys(err, GH_STORE, errno, "%s.lock", path);
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		close(fd);
		return gh_fail(err, GH_BUSY,
			       "another ghostlight is running a check on this "
			       "database: %s",
			       path);
	}
	st->lock_fd = fd;
	return GH_OK;
}

void gh_store_unlock(struct gh_store *st)
{
	if (st->lock_fd < 0)
		return;
	/* Said aloud: a forked child may still hold a copy of the fd. */
	flock(st->lock_fd, LOCK_UN);
	close(st->lock_fd);
	st->lock_fd = -1;
}
