/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * control_path - where the stop socket of a port or a serial number lies.
 */
#ifndef GH_CLI_CONTROL_PATH_H
#define GH_CLI_CONTROL_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/un.h>

/*
 * "FOLDER/KIND-SLUG.sock" into *out; false when the name is empty or too long
 * for a socket. create: makes the folder, and refuses one that others could
 * write to.
 */
bool gh_control_path(const char *kind, const char *name, bool create,
		     struct sockaddr_un *out);

#endif
