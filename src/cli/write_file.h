/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * write_file - a file that is there whole or not at all: written beside its
 * place, brought to the disk, then renamed.
 */
#ifndef GH_CLI_WRITE_FILE_H
#define GH_CLI_WRITE_FILE_H

#include "base/status.h" /* enum gh_status */

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

/*
 * draw writes the content and says whether it could. mode: before the umask.
 * GH_STORE names the file and the reason; the old file, if any, is then as it
 * was. A device or a pipe is written into and stays; a link is never followed.
 */
enum gh_status gh_write_file(const char *path, mode_t mode,
			     bool (*draw)(const void *what, FILE *out),
			     const void *what,
			     struct gh_err *err) GH_MUST_CHECK;

#endif
