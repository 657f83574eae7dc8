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

		gh_cell_put(&c[0], f.name);
		gh_cell_put(&c[1], f.a);
		gh_cell_put(&c[2], f.b);
		if (i == 0)
			snprintf(why, cap, "%s differs", f.name);
	}
}

static bool show(struct gh_cli *cli, const struct gh_compare_side *a,
		 const struct gh_compare_side *b)
{
	const bool all = gh_cli_on(cli, "all") || gh_cli_on(cli, "json") ||
			 gh_cli_on(cli, "csv");
	struct gh_table t = gh_compare_table(true);
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
			gh_compare_put(&t, &rows[i]);
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
	const char *words[2] = { gh_cli_word(cli, 0), gh_cli_word(cli, 1) };
	struct gh_compare_side a = { .n = 0 }, b = { .n = 0 };
	char before[24];
	enum gh_status status =
		gh_compare_previous(st, words, serial, before, err);

	if (status == GH_OK)
		status = gh_compare_load(st, words[0], serial, &a, err);
	if (status == GH_OK)
		status = gh_compare_load(st, words[1], serial, &b, err);
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
	.usage = "A B   (run number, last, previous, or a baseline's name)",
	.max_words = 2,
	.options = options,
	.run = run,
};
