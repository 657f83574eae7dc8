/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * single - one part by itself as the command line runs it: `sweep`, `identify`
 * and `core` share it. Through the same arming, watchdog proof, envelope, safe
 * end and stop socket as a check.
 */
#ifndef GH_CLI_SINGLE_H
#define GH_CLI_SINGLE_H

#include "cli/flow.h" /* struct gh_single_ask */
#include "cli/verb.h" /* struct gh_cli */

/* Rows of the options table of those that may move. */
#define GH_SINGLE_OPTIONS                                                      \
	{ "allow-motion", NULL, "let this joint move", GH_OPT_FLAG },          \
		{ "clear", NULL, "clear a latched stop that you have seen",    \
		  GH_OPT_FLAG },                                               \
		{ "record", "FILE", "keep the raw wire", GH_OPT_TEXT },        \
	{                                                                      \
		"repeat", "N", "so often: a sweep once, a wiggle 3 times",     \
			GH_OPT_COUNT                                           \
	}

/*
 * Runs it and shows what was seen; part NULL: the core. Returns the exit code:
 * 0 seen, 2 the safe state was not read back, 3 not answered or not known, 64
 * such a part cannot be asked so, 130 stopped (a look that was held: 0).
 */
int gh_single_run(struct gh_cli *cli, const char *part,
		  const struct gh_single_ask *ask);

/* Shows what was seen, as above; f stays the caller's. */
int gh_single_show(struct gh_cli *cli, const struct gh_single_ask *ask,
		   const struct gh_flow *f);

#endif
