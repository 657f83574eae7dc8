/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * paths - where things lie when nobody says so, and why (interface.md section
 * 7). Nothing is created here but the folders asked for with `make`.
 */
#ifndef GH_CLI_PATHS_H
#define GH_CLI_PATHS_H

#include "base/status.h" /* enum gh_status */
#include "cli/verb.h"	 /* struct gh_cli */

#define GH_PATH_CAP 512

struct gh_path {
	char path[GH_PATH_CAP]; /* "" when there is none */
	char why[64];
};

/* --db, or $XDG_DATA_HOME/ghostlight/ghostlight.db. */
void gh_path_db(const struct gh_cli *cli, struct gh_path *out);
/* --rig, or default.rig in the personal or the system's configuration. */
void gh_path_rig(const struct gh_cli *cli, struct gh_path *out);
/* $XDG_STATE_HOME/ghostlight. */
void gh_path_state(struct gh_path *out);
/* $XDG_CONFIG_HOME/ghostlight/hooks.d: the hooks of one person. */
void gh_path_hooks(struct gh_path *out);
/* Folder of the stop sockets: $XDG_RUNTIME_DIR/ghostlight or in the state. */
void gh_path_sockets(struct gh_path *out);

/* Creates the folder of `file` and what is missing above it, 0700. */
enum gh_status gh_path_make_folder(const char *file,
				   struct gh_err *err) GH_MUST_CHECK;

#endif
