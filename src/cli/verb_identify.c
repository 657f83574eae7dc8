/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * identify - which one is it? A joint wiggles 1.5 deg each way where it hangs,
 * a lamp blinks; whoever answers in its place is named. Light needs no consent.
 */
#include "cli/options.h" /* gh_cli_word */
#include "cli/say.h"	 /* gh_say_failure */
#include "cli/single.h"	 /* gh_single_run */

/* Often enough to look up from the laptop. */
#define WIGGLES 3

static const struct gh_option options[] = { GH_SINGLE_OPTIONS, { 0 } };

static int run(struct gh_cli *cli)
{
	const struct gh_single_ask ask = {
		.kind = GH_SINGLE_IDENTIFY,
		.repeats = (unsigned)gh_cli_number(cli, "repeat", WIGGLES),
	};
	struct gh_err err = { 0 };

	if (gh_cli_word(cli, 0))
		return gh_single_run(cli, gh_cli_word(cli, 0), &ask);
	(void)!gh_fail(&err, GH_ARG, "identify: which part?");
	return gh_say_failure(cli, &err);
}

const struct gh_verb gh_verb_identify = {
	.name = "identify",
	.summary = "wiggle one joint, or blink one lamp, and say who answered",
	.usage = "PART",
	.moves = true,
	.max_words = 1,
	.options = options,
	.run = run,
};
