/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/paths.h"

#include "base/text.h"	 /* gh_copy_text */
#include "cli/options.h" /* gh_cli_text */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SYSTEM_RIG "/etc/ghostlight/default.rig"

/* $VARIABLE/ghostlight/FILE, else $HOME/FOLDER/ghostlight/FILE. */
static bool xdg(struct gh_path *out, const char *variable, const char *folder,
		const char *file)
{
	const char *base = getenv(variable);
	const char *home = getenv("HOME");

	out->path[0] = '\0';
	if (base && base[0] == '/') {
		snprintf(out->path, sizeof out->path, "%s/ghostlight%s", base,
			 file);
		snprintf(out->why, sizeof out->why, "from %s", variable);
	} else if (home && home[0] == '/') {
		snprintf(out->path, sizeof out->path, "%s/%s/ghostlight%s",
			 home, folder, file);
		snprintf(out->why, sizeof out->why, "%s is not set", variable);
	} else {
		snprintf(out->why, sizeof out->why,
			 "neither %s nor HOME is set", variable);
	}
	return out->path[0] != '\0';
}

static bool from_option(const struct gh_cli *cli, struct gh_path *out,
			const char *option)
{
	const char *given = gh_cli_text(cli, option);

	if (!given)
		return false;
	gh_copy_text(out->path, sizeof out->path, given);
	snprintf(out->why, sizeof out->why, "given with --%s", option);
	return true;
}

void gh_path_db(const struct gh_cli *cli, struct gh_path *out)
{
	if (!from_option(cli, out, "db"))
		xdg(out, "XDG_DATA_HOME", ".local/share", "/ghostlight.db");
}

void gh_path_rig(const struct gh_cli *cli, struct gh_path *out)
{
	if (from_option(cli, out, "rig"))
		return;
	if (xdg(out, "XDG_CONFIG_HOME", ".config", "/default.rig") &&
	    access(out->path, F_OK) == 0)
		return;
	if (access(SYSTEM_RIG, F_OK) == 0) {
		gh_copy_text(out->path, sizeof out->path, SYSTEM_RIG);
		gh_copy_text(out->why, sizeof out->why, "of this computer");
		return;
	}
	gh_copy_text(out->why, sizeof out->why, "no --rig, no default.rig");
	out->path[0] = '\0';
}

void gh_path_state(struct gh_path *out)
{
	xdg(out, "XDG_STATE_HOME", ".local/state", "");
}

void gh_path_hooks(struct gh_path *out)
{
	xdg(out, "XDG_CONFIG_HOME", ".config", "/hooks.d");
}

void gh_path_sockets(struct gh_path *out)
{
	const char *run = getenv("XDG_RUNTIME_DIR");
	const char *tmp = getenv("TMPDIR");

	if (run && run[0] == '/') {
		snprintf(out->path, sizeof out->path, "%s/ghostlight", run);
		gh_copy_text(out->why, sizeof out->why, "from XDG_RUNTIME_DIR");
		return;
	}
	if (xdg(out, "XDG_STATE_HOME", ".local/state", "/run"))
		return;
	snprintf(out->path, sizeof out->path, "%s/ghostlight-%ld",
		 tmp && tmp[0] == '/' ? tmp : "/tmp", (long)getuid());
	gh_copy_text(out->why, sizeof out->why, "no home, no XDG_RUNTIME_DIR");
}

enum gh_status gh_path_make_folder(const char *file, struct gh_err *err)
{
	char part[GH_PATH_CAP];

	if (!gh_copy_text(part, sizeof part, file))
		return gh_fail(err, GH_ARG, "path too long: %.60s...", file);
	for (char *s = strchr(part + 1, '/'); s; s = strchr(s + 1, '/')) {
		*s = '\0';
		if (mkdir(part, 0700) != 0 && errno != EEXIST)
			return gh_fail_sys(err, GH_STORE, errno,
					   "cannot create the folder %.120s",
					   part);
		*s = '/';
	}
	return GH_OK;
}
