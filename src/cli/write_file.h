/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * write_file - a file that is there whole or not at all: written beside its
 * place, brought to the disk, then renamed. And for whom files are.
 */
#ifndef GH_CLI_WRITE_FILE_H
#define GH_CLI_WRITE_FILE_H

#include "base/status.h" /* enum gh_status */

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

/*
 * From now on what this program makes is for its owner alone (umask 077), but
 * for what gh_write_file makes for others. Once, at the start.
 */
void gh_files_private(void);
/* While another program is started: its files are as the user asked. */
void gh_files_as_asked(bool on);

/*
 * draw writes the content and says whether it could. mode: before the user's
 * umask. GH_STORE names the file and the reason; the old file, if any, is then
 * as it was. A device or a pipe is written into and stays; a link is never
 * followed.
 */
enum gh_status gh_write_file(const char *path, mode_t mode,
			     bool (*draw)(const void *what, FILE *out),
			     const void *what,
			     struct gh_err *err) GH_MUST_CHECK;

#endif
