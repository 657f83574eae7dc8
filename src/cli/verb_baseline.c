/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * baseline - named, known-good sets of runs; sealing one makes it final.
 */
#include "cli/baseline.h" /* gh_baseline_list */
#include "cli/checking.h" /* GH_CHECK_OPTIONS */
#include "cli/options.h"  /* gh_cli_word */
#include "cli/say.h"	  /* gh_say_failure */

#include <string.h>

static const struct gh_option options[] = {
	{ "name", "NAME", "which baseline", GH_OPT_TEXT },
	{ "run", "RUN", "add: this stored run (a number or last)",
	  GH_OPT_TEXT },
	{ "check", NULL, "add: make a check and add it", GH_OPT_FLAG },
	{ "by", "WHO", "seal: who says that it is good", GH_OPT_TEXT },
	{ "why", "TEXT", "seal: why", GH_OPT_TEXT },
	GH_CHECK_OPTIONS,
	{ 0 }
};

static const struct {
	const char *word;
	int (*run)(struct gh_cli *cli);
} acts[] = {
	{ "list", gh_baseline_list }, { "show", gh_baseline_show },
	{ "diff", gh_baseline_diff }, { "add", gh_baseline_add },
	{ "seal", gh_baseline_seal },
};

enum gh_status gh_baseline_name(const struct gh_cli *cli, unsigned word,
				const char **name, struct gh_err *err)
{
	const char *given = gh_cli_text(cli, "name");

	if (!given)
		given = gh_cli_word(cli, word);
	if (!given)
		return gh_fail(err, GH_ARG,
			       "baseline %s: --name NAME is missing",
			       cli->words[0]);
	*name = given;
	return GH_OK;
}

static int run(struct gh_cli *cli)
{
	const char *word = gh_cli_word(cli, 0);
	struct gh_err err = { 0 };

	if (!word)
		return gh_baseline_list(cli);
	for (size_t i = 0; i < GH_ARRAY_SIZE(acts); i++)
		if (strcmp(acts[i].word, word) == 0)
			return acts[i].run(cli);
	(void)!gh_fail(&err, GH_ARG,
		       "baseline: expected list, show, diff, add or seal, "
		       "found \"%.40s\"",
		       word);
	return gh_say_failure(cli, &err);
}

const struct gh_verb gh_verb_baseline = {
	.name = "baseline",
	.summary = "known-good sets of runs: list, show, diff, add, seal",
	.usage = "list | show NAME | diff A B | add | seal",
	.first = "list|show|diff|add|seal",
	.moves = true,
	.max_words = 3,
	.options = options,
	.run = run,
};
