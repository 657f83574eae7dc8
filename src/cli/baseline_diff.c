/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * baseline_diff - the mean of every metric in two baselines side by side. Only
 * numbers: whether a difference matters is the judge's business.
 */
#include "cli/baseline.h" /* gh_baseline_diff */
#include "cli/options.h"  /* gh_cli_word */
#include "cli/say.h"	  /* gh_say_failure */
#include "cli/show.h"	  /* gh_cli_store */

#include <math.h>
#include <string.h>

enum { PART, METRIC, MEAN_A, MEAN_B, CHANGE, COLUMNS };

static const struct gh_column columns[COLUMNS] = {
	[PART] = { "part", "part", GH_CELL_TEXT },
	[METRIC] = { "metric", "metric", GH_CELL_TEXT },
	[MEAN_A] = { "a", "A", GH_CELL_NUMBER },
	[MEAN_B] = { "b", "B", GH_CELL_NUMBER },
	[CHANGE] = { "change_percent", "change %", GH_CELL_NUMBER },
};

static bool same(const struct gh_base_value *a, const struct gh_base_value *b)
{
	return strcmp(a->part, b->part) == 0 && strcmp(a->id, b->id) == 0;
}

/* Values are sorted by id and part: the run of equals from `from` on. */
static size_t group_end(const struct gh_baseline *b, size_t from)
{
	size_t end = from;

	while (end < b->n_values && same(&b->values[from], &b->values[end]))
		end++;
	return end;
}

static double mean(const struct gh_baseline *b, size_t from, size_t end)
{
	double sum = 0.0;

	for (size_t i = from; i < end; i++)
		sum += b->values[i].v[0];
	return end > from ? sum / (double)(end - from) : NAN;
}

static double mean_of(const struct gh_baseline *b,
		      const struct gh_base_value *like)
{
	for (size_t i = 0; i < b->n_values; i++)
		if (same(&b->values[i], like))
			return mean(b, i, group_end(b, i));
	return NAN;
}

static bool fill(struct gh_table *t, const struct gh_baseline *a,
		 const struct gh_baseline *b)
{
	if (!gh_table_init(t, a->n_values))
		return false;
	for (size_t i = 0; i < a->n_values; i = group_end(a, i)) {
		const struct gh_base_value *v = &a->values[i];
		struct gh_cell *c = gh_table_add(t);

		snprintf(c[PART].text, sizeof c->text, "%s", v->part);
		snprintf(c[METRIC].text, sizeof c->text, "%s", v->id);
		c[MEAN_A].number = mean(a, i, group_end(a, i));
		c[MEAN_B].number = mean_of(b, v);
		if (fabs(c[MEAN_A].number) > 0.0)
			c[CHANGE].number =
				100.0 * (c[MEAN_B].number - c[MEAN_A].number) /
				fabs(c[MEAN_A].number);
	}
	return true;
}

static enum gh_status get(struct gh_store *st, const char *name,
			  struct gh_baseline *out, struct gh_err *err)
{
	enum gh_status status =
		gh_store_baseline_get(st, name, NULL, 0, out, err);

	if (status == GH_NODATA)
		return gh_fail(err, GH_ARG, "no baseline is called \"%.60s\"",
			       name);
	return status;
}

static enum gh_status diff(struct gh_cli *cli, struct gh_store *st,
			   const char *const names[2], struct gh_err *err)
{
	struct gh_baseline a = { 0 }, b = { 0 };
	struct gh_table t = { .name = "metrics",
			      .none = "no values in common",
			      .columns = columns,
			      .n_columns = COLUMNS };
	enum gh_status status = get(st, names[0], &a, err);

	if (status == GH_OK)
		status = get(st, names[1], &b, err);
	if (status == GH_OK && !(fill(&t, &a, &b) && gh_show_table(cli, &t)))
		status = gh_fail(err, GH_NOMEM, "no memory for the list");
	gh_table_finish(&t);
	gh_baseline_free(&a);
	gh_baseline_free(&b);
	return status;
}

int gh_baseline_diff(struct gh_cli *cli)
{
	const char *const names[2] = { gh_cli_word(cli, 1),
				       gh_cli_word(cli, 2) };
	struct gh_store *st;
	struct gh_err err = { 0 };
	enum gh_status status;

	if (!names[0] || !names[1]) {
		(void)!gh_fail(&err, GH_ARG,
			       "baseline diff: expected two names");
		return gh_say_failure(cli, &err);
	}
	if (gh_cli_store(cli, GH_STORE_READ, &st, &err) != GH_OK)
		return gh_say_failure(cli, &err);
	status = diff(cli, st, names, &err);
	gh_store_close(st);
	return status == GH_OK ? GH_EXIT_OK : gh_say_failure(cli, &err);
}
