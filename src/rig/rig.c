/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * rig - reading the file, and the questions others ask of a finished rig.
 */
#include "rig/rig.h"

#include "rig/scan.h" /* GH_RIG_FILE_BYTES */

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* One byte more than allowed, so that a file too long is seen as that. */
#define READ_CAP ((size_t)GH_RIG_FILE_BYTES + 1)

static enum gh_status read_all(int fd, const char *path, char *buf, size_t *n,
			       struct gh_err *err)
{
	ssize_t got;

	*n = 0;
	do {
		got = read(fd, buf + *n, READ_CAP - *n);
		if (got > 0)
			*n += (size_t)got;
	} while ((got > 0 && *n < READ_CAP) || (got < 0 && errno == EINTR));
	if (got < 0)
		return gh_fail_sys(err, GH_IO, errno, "cannot read %.120s",
				   path);
	return GH_OK;
}

/* O_NONBLOCK: opening a FIFO by mistake must not wait for a writer. */
static enum gh_status open_regular(int *fd, const char *path,
				   struct gh_err *err)
{
	const int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	if (file < 0)
		return gh_fail_sys(err, GH_IO, errno, "cannot open %.120s",
				   path);
	if (fstat(file, &st) != 0 || !S_ISREG(st.st_mode)) {
		close(file);
		return gh_fail(err, GH_IO, "%.120s is not a regular file",
			       path);
	}
	*fd = file;
	return GH_OK;
}

enum gh_status gh_rig_read(struct gh_rig *out, const char *path,
			   struct gh_err *err)
{
	enum gh_status st;
	char *buf;
	size_t n;
	int fd = -1;

	st = open_regular(&fd, path, err);
	if (st != GH_OK)
		return st;
	buf = malloc(READ_CAP);
	if (!buf) {
		st = gh_fail(err, GH_NOMEM, "%.120s: out of memory", path);
		goto out_close;
	}
	st = read_all(fd, path, buf, &n, err);
	if (st == GH_OK)
		st = gh_rig_parse(out, path, buf, n, err);
	free(buf);
out_close:
	close(fd);
	return st;
}

int gh_rig_find_part(const struct gh_rig *rig, const char *name)
{
	for (unsigned i = 0; i < rig->n_parts; i++)
		if (strcmp(rig->parts[i].name, name) == 0)
			return (int)i;
	return GH_RIG_NONE;
}

int gh_rig_first_part(const struct gh_rig *rig, enum gh_part_kind kind)
{
	for (unsigned i = 0; i < rig->n_parts; i++)
		if (rig->parts[i].kind == kind)
			return (int)i;
	return GH_RIG_NONE;
}

double gh_rig_reach_m(const struct gh_rig *rig, int arm, unsigned k)
{
	double reach_m = 0.0;

	assert(arm >= 0 && (unsigned)arm < rig->n_arms);
	for (unsigned i = k; i < rig->arms[arm].n; i++)
		reach_m += rig->joints[rig->arms[arm].joint[i]].length_m;
	return reach_m;
}
