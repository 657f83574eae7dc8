/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * status - the last verdict and its age, from the store alone; a verdict wears
 * out (cli/expiry.h).
 */
#include "cli/expiry.h"    /* gh_expiry_apply */
#include "cli/last.h"	   /* gh_last_open */
#include "cli/options.h"   /* gh_cli_number */
#include "cli/say.h"	   /* gh_say_failure */
#include "cli/show.h"	   /* gh_show_status */

/* interface.md section 2, rule 3. */
#define MAX_AGE_S (4.0 * 3600)

static const struct gh_option options[] = {
	{ "max-age", "TIME", "older verdicts are UNSURE (4h)", GH_OPT_SECONDS },
	{ 0 }
};

static int show(struct gh_cli *cli, struct gh_last *last, struct gh_err *err)
{
	struct gh_stored *s = last->stored;
	const int64_t now_s = gh_wall_s(cli->clock);
	struct gh_since since;

	if (gh_store_since(last->store, s->info.run, &since, err) != GH_OK)
		return gh_say_failure(cli, err);
	gh_expiry_apply(s, &since, now_s,
			gh_cli_number(cli, "max-age", MAX_AGE_S));
	s->view.now_s = now_s;
	s->view.exit_code = gh_verdict_exit_code(s->result.verdict);
	return gh_show_status(cli, &s->view);
}

static int run(struct gh_cli *cli)
{
	struct gh_last last;
	struct gh_err err = { 0 };
	int code;

	if (gh_last_open(cli, &last, &err) != GH_OK)
		return gh_say_failure(cli, &err);
	code = last.found ? show(cli, &last, &err)
			  : gh_show_status(cli, &last.stored->view);
	gh_last_close(&last);
	return code;
}

const struct gh_verb gh_verb_status = {
	.name = "status",
	.summary = "the last verdict and its age; opens no hardware",
	.usage = "",
	.options = options,
	.verdict = true,
	.run = run,
};
