/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sweep - one joint there and back, slowly, and what its current says: for the
 * person who has just turned a screw. No check: nothing is judged or stored.
 */
#include "cli/options.h" /* gh_cli_word */
#include "cli/say.h"	 /* gh_say_failure */
#include "cli/single.h"	 /* gh_single_run */

static const struct gh_option options[] = {
	GH_SINGLE_OPTIONS,
	{ "speed", "DEG_S", "only lowers the 250 mm/s at the tip",
	  GH_OPT_COUNT },
	{ "curve", NULL, "the current over the angle, both ways", GH_OPT_FLAG },
	{ 0 }
};

static int run(struct gh_cli *cli)
{
	const struct gh_single_ask ask = {
		.kind = GH_SINGLE_SWEEP,
		.repeats = (unsigned)gh_cli_number(cli, "repeat", 1),
		.speed_deg_s = (unsigned)gh_cli_number(cli, "speed", 0),
		.curve = gh_cli_on(cli, "curve"),
	};
	struct gh_err err = { 0 };

	if (gh_cli_word(cli, 0))
		return gh_single_run(cli, gh_cli_word(cli, 0), &ask);
	(void)!gh_fail(&err, GH_ARG, "sweep: which joint?");
	return gh_say_failure(cli, &err);
}

const struct gh_verb gh_verb_sweep = {
	.name = "sweep",
	.summary = "one joint there and back, slowly; no verdict, not stored",
	.usage = "PART",
	.moves = true,
	.max_words = 1,
	.options = options,
	.run = run,
};
