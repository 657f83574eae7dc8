/* SPDX-License-Identifier: GPL-3.0-or-later */
/* realpath is POSIX; glibc shows it only with this switch of its own. */
/* NOLINTNEXTLINE(bugprone-reserved-identifier) */
#define _XOPEN_SOURCE 700

#include "cli/control_path.h"

#include "base/text.h" /* gh_copy_text */
#include "cli/paths.h" /* gh_path_sockets */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_plain(char c)
{
	return gh_is_digit(c) || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z');
}

/* "/dev/pts/3" is "dev-pts-3". */
static void make_slug(char *out, size_t cap, const char *name)
{
	size_t n = 0;

	for (; *name && n + 1 < cap; name++) {
		if (is_plain(*name))
			out[n++] = *name;
		else if (n > 0 && out[n - 1] != '-')
			out[n++] = '-';
	}
	out[n] = '\0';
}

/* Ours, a folder, and closed to everybody else. */
static bool is_private(const char *folder)
{
	struct stat st;

	return lstat(folder, &st) == 0 && S_ISDIR(st.st_mode) &&
	       st.st_uid == getuid() && (st.st_mode & 077) == 0;
}

/* One port has many names (/dev/serial/by-id/...): the last one counts. */
static void slug_of(char *out, size_t cap, const char *kind, const char *name)
{
	char *real = strcmp(kind, "port") == 0 ? realpath(name, NULL) : NULL;

	make_slug(out, cap, real ? real : name);
	free(real);
}

bool gh_control_path(const char *kind, const char *name, bool create,
		     struct sockaddr_un *out)
{
	struct gh_path folder;
	char file[GH_PATH_CAP + 80], slug[48];
	struct gh_err err;

	if (!name || !name[0])
		return false;
	gh_path_sockets(&folder);
	slug_of(slug, sizeof slug, kind, name);
	snprintf(file, sizeof file, "%s/%s-%s.sock", folder.path, kind, slug);
	if (create && (gh_path_make_folder(file, &err) != GH_OK))
		return false;
	memset(out, 0, sizeof *out);
	out->sun_family = AF_UNIX;
	return is_private(folder.path) &&
	       gh_copy_text(out->sun_path, sizeof out->sun_path, file);
}
