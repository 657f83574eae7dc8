/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/write_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_MOST = 1024, NAME_MOST = 256 };

/* ---- For whom --------------------------------------------------------------*/

/* The user's umask; without gh_files_private the process has it itself. */
static mode_t asked;
static bool is_private;

void gh_files_private(void)
{
	asked = umask(S_IRWXG | S_IRWXO);
	is_private = true;
}

void gh_files_as_asked(bool on)
{
	if (is_private)
		umask(on ? asked : S_IRWXG | S_IRWXO);
}

/* ---- Whole or not at all ---------------------------------------------------*/

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

/* Where a file lies: its open folder, so that no link in it moves it later. */
struct spot {
	int folder;
	const char *name; /* in that folder; of the path that was given */
	char tmp[NAME_MOST];
};

static bool find_spot(const char *path, struct spot *s)
{
	const char *slash = strrchr(path, '/');
	char folder[PATH_MOST];
	const int n = slash ? (int)(slash - path) + 1 : 0;

	s->name = path + n;
	errno = ENAMETOOLONG;
	/* Beside it, and not what a glob for the file would find. */
	if (n >= PATH_MOST - 1 ||
	    snprintf(s->tmp, sizeof s->tmp, "%s.%ld.tmp", s->name,
		     (long)getpid()) >= (int)sizeof s->tmp)
		return false;
	snprintf(folder, sizeof folder, "%.*s.", n, path);
	s->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return s->folder >= 0;
}

/* There is no whole or half of a device or a pipe, and no place beside it. */
static bool write_through(const struct spot *s,
			  bool (*draw)(const void *what, FILE *out),
			  const void *what)
{
	const int fd = openat(s->folder, s->name,
			      O_WRONLY | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC);

	return fd >= 0 && fill(fd, draw, what);
}

/* The name is on the disk too; some file systems know no such thing. */
static bool sync_folder(int folder)
{
	return fsync(folder) == 0 || errno == EINVAL;
}

static bool write_whole(const struct spot *s, mode_t mode,
			bool (*draw)(const void *what, FILE *out),
			const void *what)
{
	bool good;
	int fd, sys;

	/* Never through a link that somebody else put there. */
	unlinkat(s->folder, s->tmp, 0);
	fd = openat(s->folder, s->tmp,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
	if (fd < 0)
		return false;
	good = !is_private || fchmod(fd, mode & ~asked) == 0;
	good = fill(fd, draw, what) && good &&
	       renameat(s->folder, s->tmp, s->folder, s->name) == 0;
	if (good)
		return sync_folder(s->folder);
	sys = errno;
	unlinkat(s->folder, s->tmp, 0);
	errno = sys;
	return false;
}

enum gh_status gh_write_file(const char *path, mode_t mode,
			     bool (*draw)(const void *what, FILE *out),
			     const void *what, struct gh_err *err)
{
	struct stat there;
	struct spot s;
	bool good;
	int sys;

	if (!find_spot(path, &s))
		return gh_fail_sys(err, GH_STORE, errno, "cannot write %.120s",
				   path);
	if (fstatat(s.folder, s.name, &there, AT_SYMLINK_NOFOLLOW) != 0 ||
	    S_ISREG(there.st_mode))
		good = write_whole(&s, mode, draw, what);
	else if (S_ISCHR(there.st_mode) || S_ISFIFO(there.st_mode))
		good = write_through(&s, draw, what);
	else {
		close(s.folder);
		return gh_fail(err, GH_STORE,
			       "%.120s is a link or a folder, not a file",
			       path);
	}
	sys = errno;
	close(s.folder);
	return good ? GH_OK
		    : gh_fail_sys(err, GH_STORE, sys, "cannot write %.120s",
				  path);
}
