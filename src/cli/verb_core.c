/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * core - the core's channels and looks as its sensors see them, or one look for
 * people to see. Nothing moves.
 */
#include "cli/options.h" /* gh_cli_text */
#include "cli/single.h"	 /* gh_single_run */

static const struct gh_option options[] = {
	{ "record", "FILE", "keep the raw wire", GH_OPT_TEXT },
	{ "look", "NAME", "hold it until Ctrl-C (at most 10 min), then dark",
	  GH_OPT_TEXT },
	{ 0 }
};

static int run(struct gh_cli *cli)
{
	const char *look = gh_cli_text(cli, "look");
	const struct gh_single_ask ask = {
		.kind = look ? GH_SINGLE_LOOK : GH_SINGLE_LIGHTS,
		.repeats = 1,
		.look = look,
	};

	return gh_single_run(cli, NULL, &ask);
}

const struct gh_verb gh_verb_core = {
	.name = "core",
	.summary = "every channel and look of the core; no verdict, not stored",
	.usage = "",
	.options = options,
	.run = run,
};
