/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * baseline_list - what baselines there are, and what is in one.
 */
#include "cli/baseline.h" /* gh_baseline_list */
#include "cli/people.h"	  /* gh_show_doc */
#include "cli/say.h"	  /* gh_say_failure */
#include "cli/show.h"	  /* gh_cli_store */

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BASELINES = 256, RUNS = 1024 };

enum { NAME, SEALED, MEMBERS, SESSIONS, BY, WHY, WHEN, HASH, COLUMNS };

static const struct gh_column columns[COLUMNS] = {
	[NAME] = { "name", "name", GH_CELL_TEXT },
	[SEALED] = { "sealed", "sealed", GH_CELL_BOOL },
	[MEMBERS] = { "runs", "runs", GH_CELL_COUNT },
	[SESSIONS] = { "sessions", "sessions", GH_CELL_COUNT },
	[BY] = { "by", "by", GH_CELL_TEXT },
	[WHY] = { "why", "why", GH_CELL_TEXT },
	[WHEN] = { "sealed_at", NULL, GH_CELL_TEXT },
	[HASH] = { "sha256", NULL, GH_CELL_TEXT },
};

static void add(struct gh_table *t, const struct gh_baseline_info *b)
{
	struct gh_cell *c = gh_table_add(t);

	gh_cell_put(&c[NAME], b->name);
	gh_cell_put(&c[BY], b->by);
	gh_cell_put(&c[WHY], b->why);
	gh_cell_put(&c[HASH], b->sha256);
	c[SEALED].number = b->sealed;
	c[MEMBERS].number = b->runs;
	c[SESSIONS].number = b->sessions;
	if (b->sealed)
		gh_wall_text(b->sealed_s, c[WHEN].text, sizeof c->text);
}

static int print_list(struct gh_cli *cli, const struct gh_baseline_info *rows,
		      size_t n)
{
	struct gh_table t = { .name = "baselines",
			      .none = "no baselines yet",
			      .columns = columns,
			      .n_columns = COLUMNS };
	bool ok = gh_table_init(&t, n);

	for (size_t i = 0; ok && i < n; i++)
		add(&t, &rows[i]);
	ok = ok && gh_show_table(cli, &t);
	gh_table_finish(&t);
	return ok ? GH_EXIT_OK : gh_say_no_memory(cli);
}

int gh_baseline_list(struct gh_cli *cli)
{
	struct gh_baseline_info *rows;
	struct gh_store *st;
	struct gh_err err = { 0 };
	size_t n = 0;
	int code;

	if (gh_cli_store(cli, GH_STORE_READ, &st, &err) != GH_OK)
		return gh_say_failure(cli, &err);
	rows = calloc(BASELINES, sizeof *rows);
	if (!rows)
		code = gh_say_no_memory(cli);
	else if (gh_store_baseline_list(st, rows, BASELINES, &n, &err) != GH_OK)
		code = gh_say_failure(cli, &err);
	else
		code = print_list(cli, rows, n);
	free(rows);
	gh_store_close(st);
	return code;
}

/* ---- show ---- */

static const struct gh_column run_columns[] = {
	{ "run", "run", GH_CELL_COUNT },
	{ "started", "when", GH_CELL_TEXT },
	{ "session", "session", GH_CELL_COUNT },
	{ "simulated", "simulated", GH_CELL_BOOL },
	{ "firmware", "firmware", GH_CELL_TEXT },
};

static enum gh_status add_runs(struct gh_store *st, struct gh_table *t,
			       const int64_t *runs, size_t n,
			       struct gh_err *err)
{
	struct gh_run_info *info = calloc(1, sizeof *info);
	enum gh_status status = GH_OK;

	if (!info)
		return gh_fail(err, GH_NOMEM, "no memory for a run");
	for (size_t i = 0; status == GH_OK && i < n; i++) {
		struct gh_cell *c;

		status = gh_store_get_run(st, runs[i], info, err);
		if (status != GH_OK)
			break;
		c = gh_table_add(t);
		c[0].number = (double)runs[i];
		gh_wall_text(info->started_s, c[1].text, sizeof c[1].text);
		c[2].number = info->session;
		c[3].number = info->simulated;
		gh_cell_put(&c[4], info->firmware);
	}
	free(info);
	return status;
}

/* Its row of the list above the runs that are in it. */
static void tell(struct gh_doc *doc, const struct gh_baseline_info *b)
{
	char at[24] = "";

	if (b->sealed)
		gh_wall_text(b->sealed_s, at, sizeof at);
	gh_doc_text_fact(doc, "name", b->name);
	gh_doc_fact(doc, "sealed", GH_CELL_BOOL, b->sealed);
	gh_doc_fact(doc, "sessions", GH_CELL_COUNT, b->sessions);
	gh_doc_text_fact(doc, "by", b->by);
	gh_doc_text_fact(doc, "why", b->why);
	gh_doc_text_fact(doc, "sealed_at", at);
	gh_doc_text_fact(doc, "sha256", b->sha256);
	if (b->sealed)
		gh_doc_above(doc, "\"%s\", sealed %.10s by %.31s: %.60s",
			     b->name, at, b->by, b->why);
	else
		gh_doc_above(doc, "\"%s\", not sealed yet: runs can be added",
			     b->name);
}

static enum gh_status show_runs(struct gh_cli *cli, struct gh_store *st,
				const char *name, const struct gh_table *t,
				struct gh_err *err)
{
	struct gh_doc *doc = calloc(1, sizeof *doc);
	struct gh_baseline_info b;
	enum gh_status status;

	if (!doc)
		return gh_fail(err, GH_NOMEM, "no memory for the list");
	status = gh_store_baseline_find(st, name, NULL, &b, err);
	if (status != GH_OK)
		goto out_free;
	tell(doc, &b);
	doc->tables[doc->n_tables++] = t;
	if (!gh_show_doc(cli, doc, false))
		status = gh_fail(err, GH_NOMEM, "no memory for the list");
out_free:
	free(doc);
	return status;
}

static enum gh_status show(struct gh_cli *cli, struct gh_store *st,
			   const char *name, struct gh_err *err)
{
	struct gh_table t = { .name = "runs",
			      .none = "no runs in it yet",
			      .columns = run_columns,
			      .n_columns = GH_ARRAY_SIZE(run_columns) };
	int64_t *runs = calloc(RUNS, sizeof *runs);
	enum gh_status status;
	size_t n = 0;

	if (!runs || !gh_table_init(&t, RUNS)) {
		free(runs);
		return gh_fail(err, GH_NOMEM, "no memory for the list");
	}
	status = gh_store_baseline_runs(st, name, runs, RUNS, &n, err);
	if (status == GH_NODATA)
		status = err->code = GH_ARG;
	if (status == GH_OK)
		status = add_runs(st, &t, runs, n < RUNS ? n : RUNS, err);
	if (status == GH_OK)
		status = show_runs(cli, st, name, &t, err);
	gh_table_finish(&t);
	free(runs);
	return status;
}

int gh_baseline_show(struct gh_cli *cli)
{
	const char *name;
	struct gh_store *st;
	struct gh_err err = { 0 };
	enum gh_status status;

	if (gh_baseline_name(cli, 1, &name, &err) != GH_OK ||
	    gh_cli_store(cli, GH_STORE_READ, &st, &err) != GH_OK)
		return gh_say_failure(cli, &err);
	status = show(cli, st, name, &err);
	gh_store_close(st);
	return status == GH_OK ? GH_EXIT_OK : gh_say_failure(cli, &err);
}
