/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * simulate - becomes ghostlight-sim, a program of its own: a verdict must
 * never come from a simulator inside the checker by accident.
 */
#include "base/status.h" /* struct gh_err */
#include "cli/paths.h"	 /* GH_PATH_CAP */
#include "cli/say.h"	 /* gh_say_failure */
#include "cli/simulator.h" /* gh_simulator_path */

#include <errno.h>
#include <unistd.h>

static int run(struct gh_cli *cli)
{
	char path[GH_PATH_CAP];
	struct gh_err err = { 0 };
	/* The word "simulate" becomes the other program's name. */
	char **args = cli->rest - 1;
	char name[] = GH_SIMULATOR;

	args[0] = name;
	fflush(cli->out);
	if (gh_simulator_path(path, sizeof path))
		execv(path, args);
	else
		execvp(GH_SIMULATOR, args);
	(void)!gh_fail_sys(&err, GH_IO, errno,
			   "cannot start " GH_SIMULATOR
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
