/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * compare - two runs side by side, the part that differs most first. Only
 * numbers: the verdict of a run is its report's.
 */
#include "cli/compare.h" /* gh_compare_load */
#include "cli/options.h" /* gh_cli_word */
#include "cli/people.h"	 /* gh_show_doc */
#include "cli/say.h"	 /* gh_say_failure */

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct gh_option options[] = {
	{ "csv", NULL, "every metric as comma-separated values", GH_OPT_FLAG },
	{ "all", NULL, "every metric, not only what differs", GH_OPT_FLAG },
	{ 0 }
};

enum {
	PART,
	METRIC,
	VALUE_A,
	VALUE_B,
	CHANGE,
	PERCENT,
	UNIT,
	NOISE,
	RATIO,
	BEYOND,
	WHY,
	COLUMNS
};

static const struct gh_column columns[COLUMNS] = {
	[PART] = { "part", "part", GH_CELL_TEXT },
	[METRIC] = { "metric", "metric", GH_CELL_TEXT },
	[VALUE_A] = { "a", "A", GH_CELL_NUMBER },
	[VALUE_B] = { "b", "B", GH_CELL_NUMBER },
	[CHANGE] = { "change", "change", GH_CELL_NUMBER },
	[PERCENT] = { "change_percent", "%", GH_CELL_NUMBER },
	[UNIT] = { "unit", "unit", GH_CELL_TEXT },
	[NOISE] = { "noise", "noise", GH_CELL_NUMBER },
	[RATIO] = { "ratio", NULL, GH_CELL_NUMBER },
	[BEYOND] = { "beyond_noise", "beyond", GH_CELL_BOOL },
	[WHY] = { "why_not", "why not", GH_CELL_TEXT },
};

static bool is_colour(const struct gh_metric *metric)
{
	return metric && metric->kind == GH_METRIC_COLOUR;
}

static void add(struct gh_table *t, const struct gh_compare_row *row)
{
	const struct gh_compare_value *any = row->a ? row->a : row->b;
	struct gh_cell *c = gh_table_add(t);

	gh_copy_text(c[PART].text, sizeof c->text, any->part);
	gh_copy_text(c[METRIC].text, sizeof c->text, any->id);
	gh_copy_text(c[WHY].text, sizeof c->text, row->why);
	if (any->metric)
		gh_copy_text(c[UNIT].text, sizeof c->text,
			     gh_unit_text(any->metric->unit));
	/* Three numbers have no column; what they differ by has. */
	if (!is_colour(any->metric)) {
		c[VALUE_A].number = row->a ? row->a->v[0] : NAN;
		c[VALUE_B].number = row->b ? row->b->v[0] : NAN;
	}
	c[CHANGE].number = row->change;
	if (fabs(c[VALUE_A].number) > 0)
		c[PERCENT].number = 100 * row->change / fabs(c[VALUE_A].number);
	c[NOISE].number = row->noise;
	c[RATIO].number = row->ratio;
	if (isfinite(row->ratio))
		c[BEYOND].number = row->ratio > 1;
}

/* For people: what differs beyond noise, and the worst of every part. */
static bool is_shown(const struct gh_compare_row *rows, size_t i)
{
	const struct gh_compare_value *v = rows[i].a ? rows[i].a : rows[i].b;
	const struct gh_compare_value *before;

	if (i == 0 || rows[i].ratio > 1)
		return true;
	before = rows[i - 1].a ? rows[i - 1].a : rows[i - 1].b;
	return strcmp(before->part, v->part) != 0;
}

static void add_side(struct gh_doc *doc, const char *letter,
		     const struct gh_compare_side *s)
{
	char when[24] = "";

	if (s->started_s > 0)
		gh_wall_text(s->started_s, when, sizeof when);
	gh_doc_above(doc, "%s: %s%s%s%s%s%s", letter, s->name,
		     s->serial[0] ? ", " : "", s->serial, when[0] ? ", " : "",
		     when, s->simulated ? ", SIMULATED" : "");
	gh_doc_text_fact(doc, letter[0] == 'A' ? "a" : "b", s->name);
}

enum { FIELDS = GH_JUDGE_KEYS };
static const struct gh_column field_columns[] = {
	{ "field", "not comparable", GH_CELL_TEXT },
	{ "a", "A", GH_CELL_TEXT },
	{ "b", "B", GH_CELL_TEXT },
};

/* Fills `differs`; *why is what rows say of it, NULL where all is equal. */
static void find_differences(const struct gh_compare_side *a,
			     const struct gh_compare_side *b,
			     struct gh_table *differs, char *why, size_t cap)
{
	struct gh_compare_field f;

	for (unsigned i = 0;
	     i < FIELDS && gh_compare_differs(&a->key, &b->key, i, &f); i++) {
		struct gh_cell *c = gh_table_add(differs);

		gh_copy_text(c[0].text, sizeof c->text, f.name);
		gh_copy_text(c[1].text, sizeof c->text, f.a);
		gh_copy_text(c[2].text, sizeof c->text, f.b);
		if (i == 0)
			snprintf(why, cap, "%s differs", f.name);
	}
}

static bool show(struct gh_cli *cli, const struct gh_compare_side *a,
		 const struct gh_compare_side *b)
{
	const bool all = gh_cli_on(cli, "all") || gh_cli_on(cli, "json") ||
			 gh_cli_on(cli, "csv");
	struct gh_table t = { .name = "metrics",
			      .none = "no values",
			      .columns = columns,
			      .n_columns = COLUMNS };
	struct gh_table differs = { .name = "differs",
				    .columns = field_columns,
				    .n_columns = 3 };
	struct gh_doc *doc = calloc(1, sizeof *doc);
	struct gh_compare_row *rows = NULL;
	char why[80] = "";
	size_t n = 0, beyond = 0;
	bool ok = doc && gh_table_init(&differs, FIELDS);

	if (ok) {
		find_differences(a, b, &differs, why, sizeof why);
		rows = gh_compare_rows(a, b, why[0] ? why : NULL, &n);
	}
	ok = ok && rows && gh_table_init(&t, n);
	for (size_t i = 0; ok && i < n; i++) {
		beyond += rows[i].ratio > 1;
		if (all || is_shown(rows, i))
			add(&t, &rows[i]);
	}
	if (ok) {
		add_side(doc, "A", a);
		add_side(doc, "B", b);
		gh_doc_fact(doc, "comparable", GH_CELL_BOOL, !why[0]);
		gh_doc_fact(doc, "beyond", GH_CELL_COUNT, (double)beyond);
		gh_doc_below(doc, "%zu of %zu metrics differ beyond noise%s%s",
			     beyond, n, why[0] ? "; not comparable: " : "",
			     why);
		doc->tables[0] = &t;
		doc->tables[1] = &differs;
		doc->n_tables = 2;
		ok = gh_show_doc(cli, doc, true);
	}
	gh_table_finish(&t);
	gh_table_finish(&differs);
	free(rows);
	free(doc);
	return ok;
}

static enum gh_status compare(struct gh_cli *cli, struct gh_store *st,
			      const char *serial, struct gh_err *err)
{
	struct gh_compare_side a, b = { .n = 0 };
	enum gh_status status =
		gh_compare_load(st, gh_cli_word(cli, 0), serial, &a, err);

	if (status == GH_OK)
		status = gh_compare_load(st, gh_cli_word(cli, 1), serial, &b,
					 err);
	if (status == GH_OK && !show(cli, &a, &b))
		status = gh_fail(err, GH_NOMEM, "no memory for the list");
	gh_compare_free(&a);
	gh_compare_free(&b);
	return status;
}

static int run(struct gh_cli *cli)
{
	struct gh_err err = { 0 };
	struct gh_rig *rig = NULL;
	struct gh_store *st;
	enum gh_status status = GH_OK;

	if (!gh_cli_word(cli, 1))
		status = gh_fail(&err, GH_ARG,
				 "compare: expected two runs, or a run and a "
				 "baseline");
	if (status == GH_OK)
		status = gh_cli_rig(cli, &rig, &err);
	if (status == GH_OK)
		status = gh_cli_store(cli, GH_STORE_READ, &st, &err);
	if (status == GH_OK) {
		status = compare(cli, st, rig ? rig->serial : NULL, &err);
		gh_store_close(st);
	}
	free(rig);
	return status == GH_OK ? GH_EXIT_OK : gh_say_failure(cli, &err);
}

const struct gh_verb gh_verb_compare = {
	.name = "compare",
	.summary = "two runs, or a run and a baseline, side by side",
	.usage = "A B   (a run number, last, or a baseline's name)",
	.max_words = 2,
	.options = options,
	.run = run,
};
