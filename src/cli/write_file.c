/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/write_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_MOST = 1024 };

static bool fill(int fd, bool (*draw)(const void *what, FILE *out),
		 const void *what)
{
	FILE *out = fdopen(fd, "w");
	bool ok;

	if (!out) {
		close(fd);
		return false;
	}
	errno = 0;
	ok = draw(what, out) && fflush(out) == 0 && !ferror(out) &&
	     (fsync(fd) == 0 || errno == EINVAL /* a pipe or a device */);
	return fclose(out) == 0 && ok;
}

/* There is no whole or half of a device or a pipe, and no place beside it. */
static enum gh_status write_through(const char *path,
				    bool (*draw)(const void *what, FILE *out),
				    const void *what, struct gh_err *err)
{
	const int fd = open(path, O_WRONLY | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC);

	if (fd >= 0 && fill(fd, draw, what))
		return GH_OK;
	return gh_fail_sys(err, GH_STORE, errno, "cannot write %.120s", path);
}

enum gh_status gh_write_file(const char *path, mode_t mode,
			     bool (*draw)(const void *what, FILE *out),
			     const void *what, struct gh_err *err)
{
	char tmp[PATH_MOST];
	struct stat there;
	int fd, sys;

	if (lstat(path, &there) == 0 && !S_ISREG(there.st_mode)) {
		if (S_ISCHR(there.st_mode) || S_ISFIFO(there.st_mode))
			return write_through(path, draw, what, err);
		return gh_fail(err, GH_STORE,
			       "%.120s is a link or a folder, not a file",
			       path);
	}
	/* In the same folder, and not what a glob for the file would find. */
	if (snprintf(tmp, sizeof tmp, "%s.%ld.tmp", path, (long)getpid()) >=
	    (int)sizeof tmp)
		return gh_fail(err, GH_STORE, "path too long: %.60s...", path);
	/* Never through a link that somebody else put there. */
	unlink(tmp);
	fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	if (fd >= 0 && fill(fd, draw, what) && rename(tmp, path) == 0)
		return GH_OK;
	sys = errno;
	if (fd >= 0)
		unlink(tmp);
	return gh_fail_sys(err, GH_STORE, sys, "cannot write %.120s", path);
}
