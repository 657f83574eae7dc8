/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * simulate - becomes ghostlight-sim, a program of its own: a verdict must
 * never come from a simulator inside the checker by accident.
 */
#include "base/status.h" /* struct gh_err */
#include "cli/paths.h"	 /* GH_PATH_CAP */
#include "cli/say.h"	 /* gh_say_failure */

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define SIMULATOR "ghostlight-sim"

/* In the folder of this program; false when that is not known. */
static bool beside(char *out, size_t cap)
{
	const ssize_t n = readlink("/proc/self/exe", out, cap);
	char *slash;

	if (n <= 0 || (size_t)n >= cap)
		return false;
	out[n] = '\0';
	slash = strrchr(out, '/');
	if (!slash || (size_t)(slash - out) + sizeof SIMULATOR + 1 > cap)
		return false;
	memcpy(slash + 1, SIMULATOR, sizeof SIMULATOR);
	return access(out, X_OK) == 0;
}

static int run(struct gh_cli *cli)
{
	char path[GH_PATH_CAP];
	struct gh_err err = { 0 };
	/* The word "simulate" becomes the other program's name. */
	char **args = cli->rest - 1;
	char name[] = SIMULATOR;

	args[0] = name;
	fflush(cli->out);
	if (beside(path, sizeof path))
		execv(path, args);
	else
		execvp(SIMULATOR, args);
	(void)!gh_fail_sys(&err, GH_IO, errno,
			   "cannot start " SIMULATOR
			   ": expected it beside this program or in PATH");
	gh_say_error(cli, &err);
	return GH_EXIT_INTERNAL;
}

const struct gh_verb gh_verb_simulate = {
	.name = "simulate",
	.summary = "starts ghostlight-sim with the same options",
	.usage = "[options of ghostlight-sim]",
	.passes = true,
	.run = run,
};
