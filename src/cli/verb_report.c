/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * report - a stored run as it was said then; `check --from RUN` judges anew.
 */
#include "cli/options.h" /* gh_cli_word */
#include "cli/say.h"	 /* gh_say_failure */
#include "cli/show.h"	 /* gh_show_view */
#include "cli/view.h"	 /* gh_stored_get */

#include <stdlib.h>

/* That a page could be shown is success, unless the verdict was asked for. */
static int exit_of(const struct gh_cli *cli, int shown)
{
	const bool asked =
		gh_cli_on(cli, "nagios") || gh_cli_on(cli, "fail-on");

	return asked || shown == GH_EXIT_INTERNAL ? shown : GH_EXIT_OK;
}

/* The texts of a stored run belong to the store: it stays open meanwhile. */
static enum gh_status show(struct gh_cli *cli, struct gh_store *st,
			   const struct gh_rig *rig, int *code,
			   struct gh_err *err)
{
	const char *word = gh_cli_word(cli, 0);
	struct gh_stored *s;
	int64_t run = 0;
	enum gh_status status = gh_stored_find(
		st, word ? word : "last", rig ? rig->serial : NULL, &run, err);

	if (status == GH_OK)
		status = gh_stored_get(st, run, &s, err);
	if (status != GH_OK)
		return status;
	/* The age is for people; the JSON says the same for ever. */
	if (!gh_cli_on(cli, "json"))
		s->view.now_s = gh_wall_s(cli->clock);
	*code = exit_of(cli, gh_show_view(cli, &s->view));
	free(s);
	return status;
}

static int run(struct gh_cli *cli)
{
	struct gh_store *store;
	struct gh_rig *rig;
	struct gh_err err = { 0 };
	int code = GH_EXIT_OK;
	enum gh_status st = gh_cli_rig(cli, &rig, &err);

	if (st != GH_OK)
		return gh_say_failure(cli, &err);
	st = gh_cli_store(cli, GH_STORE_READ, &store, &err);
	if (st == GH_OK) {
		st = show(cli, store, rig, &code, &err);
		gh_store_close(store);
	}
	free(rig);
	return st == GH_OK ? code : gh_say_failure(cli, &err);
}

const struct gh_verb gh_verb_report = {
	.name = "report",
	.summary = "one page about a stored run, as it was said then",
	.usage = "[RUN|last]",
	.max_words = 1,
	.verdict = true,
	.run = run,
};
