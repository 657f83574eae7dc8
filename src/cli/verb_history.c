/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/history.h"   /* gh_history_metric */
#include "cli/options.h"   /* gh_cli_text */
#include "cli/paths.h"	   /* gh_path_db */
#include "cli/say.h"	   /* gh_say_failure */
#include "judge/finding.h" /* gh_limit_ratio */

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LIMIT = 20, LIMIT_MAX = 10000 };

static const struct gh_option options[] = {
	{ "metric", "ID", "of PART over time, with trend: joint.coulomb",
	  GH_OPT_TEXT },
	{ "since", "DATE", "not before that day: 2026-12-24", GH_OPT_TEXT },
	{ "limit", "N", "the last N runs (20)", GH_OPT_COUNT },
	{ "csv", NULL, "comma-separated values", GH_OPT_FLAG },
	{ 0 }
};

enum {
	RUN,
	WHEN,
	SERIAL,
	PROFILE,
	END,
	VERDICT,
	SIMULATED,
	SESSION,
	FIRMWARE,
	WHY,
	STATE,
	METRIC,
	RATIO,
	COLUMNS
};

static const struct gh_column columns[COLUMNS] = {
	[RUN] = { "run", "run", GH_CELL_COUNT },
	[WHEN] = { "started", "when", GH_CELL_TEXT },
	[SERIAL] = { "serial", "serial", GH_CELL_TEXT },
	[PROFILE] = { "profile", "profile", GH_CELL_TEXT },
	[END] = { "end", "end", GH_CELL_TEXT },
	[VERDICT] = { "verdict", "verdict", GH_CELL_TEXT },
	[SIMULATED] = { "simulated", "simulated", GH_CELL_BOOL },
	[SESSION] = { "session", NULL, GH_CELL_COUNT },
	[FIRMWARE] = { "firmware", NULL, GH_CELL_TEXT },
	[WHY] = { "why", NULL, GH_CELL_TEXT },
	[STATE] = { "state", "part", GH_CELL_TEXT },
	/* The finding that the state comes from; 1 is at its limit. */
	[METRIC] = { "metric", NULL, GH_CELL_TEXT },
	[RATIO] = { "ratio", NULL, GH_CELL_NUMBER },
};

static void add_part(struct gh_cell *c, const struct gh_history_row *row)
{
	const struct gh_worst *w = &row->worst;

	gh_cell_put(&c[STATE], gh_verdict_name(row->state));
	gh_cell_put(&c[METRIC], w->id);
	c[RATIO].number =
		gh_limit_ratio(w->value, w->expected, w->limit_lo, w->limit_hi);
}

/* Without a part there are no columns for its state. */
static void add(struct gh_table *t, const struct gh_history_row *row)
{
	struct gh_cell *c = gh_table_add(t);

	c[RUN].number = (double)row->info.run;
	gh_wall_text(row->info.started_s, c[WHEN].text, sizeof c[WHEN].text);
	gh_cell_put(&c[SERIAL], row->info.serial);
	gh_cell_put(&c[PROFILE], row->info.profile);
	gh_cell_put(&c[END], gh_run_end_name(row->info.end));
	gh_cell_put(&c[VERDICT], gh_verdict_name(row->verdict));
	c[SIMULATED].number = row->info.simulated;
	c[SESSION].number = row->info.session;
	gh_cell_put(&c[FIRMWARE], row->info.firmware);
	gh_cell_put(&c[WHY], row->why);
	if (t->n_columns > STATE)
		add_part(c, row);
}

static bool print(struct gh_cli *cli, const struct gh_history_row *rows,
		  size_t n)
{
	struct gh_table t = { .name = "history",
			      .none = "no such runs yet",
			      .columns = columns,
			      .n_columns =
				      gh_cli_word(cli, 0) ? COLUMNS : STATE };
	struct gh_doc *doc = calloc(1, sizeof *doc);
	bool ok = doc && gh_table_init(&t, n);

	for (size_t i = 0; ok && i < n; i++)
		add(&t, &rows[i]);
	if (ok) {
		doc->tables[0] = &t;
		doc->n_tables = 1;
		ok = gh_show_doc(cli, doc, true);
	}
	gh_table_finish(&t);
	free(doc);
	return ok;
}

static int list(struct gh_cli *cli, struct gh_store *st,
		const struct gh_history_ask *ask)
{
	size_t limit = (size_t)gh_cli_number(cli, "limit", LIMIT), n = 0;
	struct gh_history_row *rows;
	struct gh_err err = { 0 };
	enum gh_status status = GH_OK;

	if (limit > LIMIT_MAX)
		limit = LIMIT_MAX;
	rows = calloc(limit, sizeof *rows);
	if (rows)
		status = gh_store_history(st, ask, rows, limit, &n, &err);
	if (status == GH_OK && !(rows && print(cli, rows, n)))
		status = gh_fail(&err, GH_NOMEM, "no memory for the list");
	free(rows);
	return status == GH_OK ? GH_EXIT_OK : gh_say_failure(cli, &err);
}

/* No database yet is not an error: nobody has checked anything. */
static bool is_empty_home(const struct gh_cli *cli)
{
	struct gh_path db;

	gh_path_db(cli, &db);
	return db.path[0] && access(db.path, F_OK) != 0;
}

static enum gh_status read_ask(const struct gh_cli *cli,
			       struct gh_history_ask *ask, struct gh_err *err)
{
	const char *since = gh_cli_text(cli, "since");

	ask->part = gh_cli_word(cli, 0);
	if (gh_cli_on(cli, "metric") && !ask->part)
		return gh_fail(err, GH_ARG,
			       "--metric needs the part: ghostlight history "
			       "PART --metric ID");
	if (since && !gh_wall_parse(since, &ask->since_s))
		return gh_fail(err, GH_ARG,
			       "--since: expected a date such as 2026-12-24, "
			       "found \"%.40s\"",
			       since);
	return GH_OK;
}

static int run(struct gh_cli *cli)
{
	struct gh_history_ask ask = { .since_s = 0 };
	struct gh_rig *rig = NULL;
	struct gh_store *st;
	struct gh_err err = { 0 };
	enum gh_status status = read_ask(cli, &ask, &err);
	int code;

	if (status == GH_OK)
		status = gh_cli_rig(cli, &rig, &err);
	if (status == GH_OK && is_empty_home(cli)) {
		free(rig);
		return print(cli, NULL, 0) ? GH_EXIT_OK : gh_say_no_memory(cli);
	}
	if (status == GH_OK)
		status = gh_cli_store(cli, GH_STORE_READ, &st, &err);
	if (status != GH_OK) {
		free(rig);
		return gh_say_failure(cli, &err);
	}
	ask.serial = rig ? rig->serial : NULL;
	code = gh_cli_on(cli, "metric") ? gh_history_metric(cli, st, &ask)
					: list(cli, st, &ask);
	gh_store_close(st);
	free(rig);
	return code;
}

const struct gh_verb gh_verb_history = {
	.name = "history",
	.summary = "earlier runs, newest first; a metric of a part over time",
	.usage = "[PART [--metric ID]]",
	.max_words = 1,
	.options = options,
	.run = run,
};
