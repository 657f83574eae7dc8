/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lock - one program per port. Neither lock is enough alone: others may not
 * look at flock, and root opens a port in exclusive mode all the same
 * (measured, bench.md d). A busy port is only annoying when nobody says who
 * holds it.
 */
#include "link/kinds.h" /* gh_link_lock, gh_link_holder */

#include "base/text.h" /* gh_safe_text, gh_is_digit */

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_CAP = 300 };

/* How sure it is that a process is the one: a lock is more than a file. */
enum hold { HOLDS_NOT, HOLDS_OPEN, HOLDS_LOCK };

/* The kernel lists the locks of a descriptor in its fdinfo. */
static bool has_lock(long pid, const char *fd)
{
	char path[PATH_CAP], text[1024];
	size_t n;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%ld/fdinfo/%.16s", pid, fd);
	f = fopen(path, "re");
	if (!f)
		return false;
	n = fread(text, 1, sizeof text - 1, f);
	fclose(f);
	text[n] = '\0';
	return strstr(text, "FLOCK") != NULL;
}

/* Does that process have the device open? Links we may not read say no. */
static enum hold holds(long pid, dev_t device)
{
	char path[PATH_CAP];
	struct dirent *e;
	struct stat s;
	enum hold found = HOLDS_NOT;
	DIR *dir;

	snprintf(path, sizeof path, "/proc/%ld/fd", pid);
	dir = opendir(path);
	if (!dir)
		return HOLDS_NOT;
	/* cppcheck-suppress readdirCalled ; there is one thread */
	while (found != HOLDS_LOCK && (e = readdir(dir))) {
		if (!gh_is_digit(e->d_name[0]) ||
		    fstatat(dirfd(dir), e->d_name, &s, 0) != 0 ||
		    !S_ISCHR(s.st_mode) || s.st_rdev != device)
			continue;
		found = has_lock(pid, e->d_name) ? HOLDS_LOCK : HOLDS_OPEN;
	}
	closedir(dir);
	return found;
}

static void command_of(long pid, char *out, size_t cap)
{
	char path[PATH_CAP], raw[64] = "?";
	size_t n;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%ld/comm", pid);
	f = fopen(path, "re");
	if (!f) {
		gh_copy_text(out, cap, raw);
		return;
	}
	n = fread(raw, 1, sizeof raw, f);
	fclose(f);
	while (n > 0 && raw[n - 1] == '\n')
		n--;
	gh_safe_text(out, cap, raw, n);
}

/* Whoever has it locked, else whoever has it open, else 0. */
static long find_holder(dev_t device)
{
	enum hold best = HOLDS_NOT;
	struct dirent *e;
	long pid, found = 0;
	DIR *proc = opendir("/proc");

	if (!proc)
		return 0;
	/* cppcheck-suppress readdirCalled ; there is one thread */
	while (best != HOLDS_LOCK && (e = readdir(proc))) {
		enum hold h;

		if (!gh_parse_long(e->d_name, &pid) || pid == getpid())
			continue;
		h = holds(pid, device);
		if (h <= best)
			continue;
		best = h;
		found = pid;
	}
	closedir(proc);
	return found;
}

bool gh_link_find_holder(dev_t device, char *out, size_t cap)
{
	const long pid = find_holder(device);
	char command[32];

	if (pid == 0)
		return false;
	command_of(pid, command, sizeof command);
	snprintf(out, cap, "held by %s (process %ld)", command, pid);
	return true;
}

void gh_link_holder(dev_t device, char *out, size_t cap)
{
	if (!gh_link_find_holder(device, out, cap))
		gh_copy_text(out, cap, "held by another program");
}

static enum gh_status busy(int fd, const char *name, struct gh_err *err)
{
	struct stat s;
	char holder[96] = "held by another program";

	if (fstat(fd, &s) == 0)
		gh_link_holder(s.st_rdev, holder, sizeof holder);
	return gh_fail(err, GH_BUSY, "%s: busy, %s: close that first", name,
		       holder);
}

enum gh_status gh_link_lock(int fd, const char *name, bool is_pty,
			    struct gh_err *err)
{
	int exclusive = 0;

	if (flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
		return busy(fd, name, err);
	if (ioctl(fd, TIOCGEXCL, &exclusive) == 0 && exclusive != 0)
		return busy(fd, name, err);
	if (!is_pty && ioctl(fd, TIOCEXCL) != 0)
		return gh_fail_sys(err, GH_IO, errno,
				   "%s: cannot be taken for us alone", name);
	return GH_OK;
}
