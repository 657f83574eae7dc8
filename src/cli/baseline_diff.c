/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * baseline_diff - the mean of every metric in two baselines side by side. Only
 * numbers: whether a difference matters is the judge's business.
 */
#include "cli/baseline.h" /* gh_baseline_diff */
#include "cli/compare.h"  /* gh_compare_rows */
#include "cli/options.h"  /* gh_cli_word */
#include "cli/say.h"	  /* gh_say_failure */
#include "cli/show.h"	  /* gh_show_table */

#include <stdlib.h>

static enum gh_status load(struct gh_store *st, const char *name,
			   struct gh_compare_side *out, struct gh_err *err)
{
	const enum gh_status status = gh_compare_baseline(st, name, out, err);

	return status == GH_NODATA
		       ? gh_fail(err, GH_ARG, "no baseline is called \"%.60s\"",
				 name)
		       : status;
}

static bool show(struct gh_cli *cli, const struct gh_compare_side *a,
		 const struct gh_compare_side *b)
{
	struct gh_table t = gh_compare_table(false);
	size_t n = 0;
	struct gh_compare_row *rows = gh_compare_rows(a, b, NULL, &n);
	bool ok = rows && gh_table_init(&t, n);

	for (size_t i = 0; ok && i < n; i++)
		gh_compare_put(&t, &rows[i]);
	ok = ok && gh_show_table(cli, &t);
	gh_table_finish(&t);
	free(rows);
	return ok;
}

static enum gh_status diff(struct gh_cli *cli, struct gh_store *st,
			   const char *const names[2], struct gh_err *err)
{
	struct gh_compare_side a = { .n = 0 }, b = { .n = 0 };
	enum gh_status status = load(st, names[0], &a, err);

	if (status == GH_OK)
		status = load(st, names[1], &b, err);
	if (status == GH_OK && !show(cli, &a, &b))
		status = gh_fail(err, GH_NOMEM, "no memory for the list");
	gh_compare_free(&a);
	gh_compare_free(&b);
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
