/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/status.h" /* struct gh_err */
#include "cli/options.h" /* gh_cli_word */
#include "cli/say.h"	 /* gh_say_failure */
#include "cli/usage.h"	 /* gh_usage_verb */
#include "cli/version.h" /* gh_version */

static const struct gh_option options[] = {
	{ "version", NULL, "print the version", GH_OPT_FLAG },
	{ "mdoc", NULL, "the verbs as sections of a manual page", GH_OPT_FLAG },
	{ 0 }
};

static int run(struct gh_cli *cli)
{
	const char *word = gh_cli_word(cli, 0);
	struct gh_err err = { 0 };
	const struct gh_verb *verb;

	if (gh_cli_on(cli, "version")) {
		fprintf(cli->out, "ghostlight %s\n", gh_version());
		return GH_EXIT_OK;
	}
	if (gh_cli_on(cli, "mdoc")) {
		gh_usage_mdoc(cli->out);
		return GH_EXIT_OK;
	}
	if (!word) {
		gh_usage_all(cli->out);
		return GH_EXIT_OK;
	}
	verb = gh_verb_find(word);
	if (!verb) {
		(void)!gh_verb_unknown(word, &err);
		return gh_say_failure(cli, &err);
	}
	gh_usage_verb(cli->out, verb);
	return GH_EXIT_OK;
}

const struct gh_verb gh_verb_help = {
	.name = "help",
	.summary = "what the verbs are, or all about one",
	.usage = "[VERB]",
	.first = GH_FIRST_VERB,
	.max_words = 1,
	.options = options,
	.run = run,
};
