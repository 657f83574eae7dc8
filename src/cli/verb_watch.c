/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * watch - follows what the sculpture says while it stands still, until a
 * signal.
 */
#include "cli/checking.h" /* gh_checking_ears */
#include "cli/options.h"  /* gh_cli_number */
#include "cli/say.h"	  /* gh_say_failure */
#include "cli/signals.h"  /* gh_signals_start */
#include "cli/watching.h" /* struct gh_watching */

#include <stdlib.h>
#include <unistd.h>

#define EVERY_S 1.0
#define EVERY_LEAST_US ((gh_us)10000)

/* Home, and away with what was below: no library for so little. */
#define OVER "\033[H\033[J"

static const struct gh_option options[] = {
	{ "every", "TIME", "a block of rows so often; 1s when not given",
	  GH_OPT_SECONDS },
	{ "all", NULL, "every channel that is measured, angles too",
	  GH_OPT_FLAG },
	{ "jsonl", NULL, "a JSON object a line, as --json", GH_OPT_FLAG },
	{ 0 }
};

/* Written over the block before, on a terminal. */
static bool is_over(const struct gh_cli *cli, bool json)
{
	return !json && !gh_cli_on(cli, "plain") && isatty(fileno(cli->out));
}

/* Until the ears, the link or the reader ends it. */
static enum gh_status follow(struct gh_watching *w, struct gh_table *rows,
			     struct gh_err *err)
{
	const struct gh_cli *cli = w->cli;
	const gh_us every =
		(gh_us)(gh_cli_number(cli, "every", EVERY_S) * GH_US_PER_S);
	const bool json = gh_cli_on(cli, "json") || gh_cli_on(cli, "jsonl");
	const bool over = is_over(cli, json);
	gh_us due = w->block.begun;
	enum gh_status st;

	for (;;) {
		due += every > EVERY_LEAST_US ? every : EVERY_LEAST_US;
		st = gh_watching_until(w, due, err);
		if (st != GH_OK)
			return st;
		gh_watching_rows(w, rows);
		/* Who reads no more is told by main(), once. */
		if ((over && fputs(OVER, cli->out) < 0) ||
		    !gh_watch_say(rows, json, cli->out))
			return GH_OK;
	}
}

static enum gh_status watch(struct gh_watching *w, struct gh_err *err)
{
	struct gh_table rows = gh_watch_table;
	enum gh_status st = gh_watching_open(w, err);

	if (st == GH_OK && !gh_table_init(&rows, GH_WATCH_ROWS))
		st = gh_fail(err, GH_NOMEM, "no memory for the rows");
	if (st == GH_OK)
		st = gh_watching_begin(w, err);
	if (st == GH_OK)
		st = follow(w, &rows, err);
	gh_watching_end(w);
	gh_watching_close(w);
	gh_table_finish(&rows);
	return st;
}

static int run(struct gh_cli *cli)
{
	struct gh_watching *w = calloc(1, sizeof *w);
	struct gh_err err = { 0 };
	enum gh_status st;
	int code = GH_EXIT_OK;

	if (!w)
		return gh_say_no_memory(cli);
	w->cli = cli;
	w->ears = gh_checking_ears(cli);
	w->block.all = gh_cli_on(cli, "all");
	st = gh_signals_start(&err);
	if (st == GH_OK)
		st = watch(w, &err);
	gh_signals_finish();
	/* Ctrl-C is how a watch ends. */
	if (st != GH_OK && st != GH_CANCELLED)
		code = gh_say_failure(cli, &err);
	free(w);
	return code;
}

const struct gh_verb gh_verb_watch = {
	.name = "watch",
	.summary = "follow supply, currents, light and remote; nothing moves",
	.usage = "",
	.options = options,
	.run = run,
};
