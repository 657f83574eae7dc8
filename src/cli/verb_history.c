/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/options.h" /* gh_cli_text */
#include "cli/say.h"	 /* gh_say_failure */
#include "cli/show.h"	 /* gh_show_table */

#include <stdlib.h>
#include <string.h>

enum { LIMIT = 20, LIMIT_MAX = 10000 };

static const struct gh_option options[] = {
	{ "metric", "ID", "its value in every run: joint.coulomb",
	  GH_OPT_TEXT },
	{ "limit", "N", "the last N runs (20)", GH_OPT_COUNT },
	{ 0 }
};

enum {
	RUN,
	WHEN,
	SERIAL,
	PROFILE,
	END,
	VERDICT,
	VALUE,
	SIMULATED,
	SESSION,
	FIRMWARE,
	WHY,
	COLUMNS
};

static const struct gh_column columns[COLUMNS] = {
	[RUN] = { "run", "run", GH_CELL_COUNT },
	[WHEN] = { "started", "when", GH_CELL_TEXT },
	[SERIAL] = { "serial", "serial", GH_CELL_TEXT },
	[PROFILE] = { "profile", "profile", GH_CELL_TEXT },
	[END] = { "end", "end", GH_CELL_TEXT },
	[VERDICT] = { "verdict", "verdict", GH_CELL_TEXT },
	[VALUE] = { "value", "value", GH_CELL_NUMBER },
	[SIMULATED] = { "simulated", "simulated", GH_CELL_BOOL },
	[SESSION] = { "session", NULL, GH_CELL_COUNT },
	[FIRMWARE] = { "firmware", NULL, GH_CELL_TEXT },
	[WHY] = { "why", NULL, GH_CELL_TEXT },
};

static void put(struct gh_cell *cell, const char *text)
{
	snprintf(cell->text, sizeof cell->text, "%s", text);
}

static void add(struct gh_table *t, const struct gh_history_row *row)
{
	struct gh_cell *c = gh_table_add(t);

	c[RUN].number = (double)row->info.run;
	gh_wall_text(row->info.started_s, c[WHEN].text, sizeof c[WHEN].text);
	put(&c[SERIAL], row->info.serial);
	put(&c[PROFILE], row->info.profile);
	put(&c[END], gh_run_end_name(row->info.end));
	put(&c[VERDICT], gh_verdict_name(row->verdict));
	c[VALUE].number = row->value;
	c[SIMULATED].number = row->info.simulated;
	c[SESSION].number = row->info.session;
	put(&c[FIRMWARE], row->info.firmware);
	put(&c[WHY], row->why);
}

static int print(struct gh_cli *cli, const struct gh_history_row *rows,
		 size_t n, bool with_value)
{
	struct gh_column shown[COLUMNS];
	struct gh_table t = { .name = "history",
			      .none = "no runs yet",
			      .columns = shown,
			      .n_columns = COLUMNS };
	bool ok = gh_table_init(&t, n);

	memcpy(shown, columns, sizeof shown);
	if (!with_value)
		shown[VALUE].title = NULL;
	for (size_t i = 0; ok && i < n; i++)
		add(&t, &rows[i]);
	ok = ok && gh_show_table(cli, &t);
	gh_table_finish(&t);
	return ok ? GH_EXIT_OK : GH_EXIT_INTERNAL;
}

static int run(struct gh_cli *cli)
{
	const char *part = gh_cli_word(cli, 0);
	const char *metric = gh_cli_text(cli, "metric");
	size_t limit = (size_t)gh_cli_number(cli, "limit", LIMIT), n = 0;
	struct gh_history_row *rows;
	struct gh_store *st;
	struct gh_err err = { 0 };
	int code;

	if (limit > LIMIT_MAX)
		limit = LIMIT_MAX;
	if (metric && !part) {
		(void)!gh_fail(&err, GH_ARG,
			       "--metric needs the part: ghostlight history "
			       "PART --metric ID");
		return gh_say_failure(cli, &err);
	}
	if (gh_cli_store(cli, GH_STORE_READ, &st, &err) != GH_OK)
		return gh_say_failure(cli, &err);
	rows = calloc(limit, sizeof *rows);
	if (!rows)
		code = GH_EXIT_INTERNAL;
	else if (gh_store_history(st, part, metric, rows, limit, &n, &err) !=
		 GH_OK)
		code = gh_say_failure(cli, &err);
	else
		code = print(cli, rows, n < limit ? n : limit, metric != NULL);
	free(rows);
	gh_store_close(st);
	return code;
}

const struct gh_verb gh_verb_history = {
	.name = "history",
	.summary = "earlier runs, newest first; a metric of a part over time",
	.usage = "[PART]",
	.max_words = 1,
	.options = options,
	.run = run,
};
