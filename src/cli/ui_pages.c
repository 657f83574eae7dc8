/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/ui_pages.h"

#include "base/text.h" /* gh_make_human */
#include "cli/paths.h" /* gh_path_db */

#include <assert.h>
#include <string.h>
#include <unistd.h>

/* "%0" to "%3" are the words of the order. */
static const struct {
	enum gh_page page;
	const char *verb;
	const char *args[GH_UI_ARGS];
	/* What it shows out of the database; NULL: it needs none. */
	const char *stored;
} fills[] = {
	{ GH_PAGE_HISTORY, "history", { "%0", "--limit", "200" }, "runs" },
	{ GH_PAGE_DOCTOR, "doctor", { NULL }, NULL },
	{ GH_PAGE_LAMPS, "lamp-test", { NULL }, NULL },
	{ GH_PAGE_NOTES, "note", { NULL }, "notes" },
	{ GH_PAGE_BASELINES, "baseline", { "list" }, "baselines" },
	{ GH_PAGE_BASELINE, "baseline", { "show", "--", "%0" }, "baselines" },
	{ GH_PAGE_DIFF, "baseline", { "diff", "--", "%0", "%1" }, "baselines" },
	{ GH_PAGE_PART, "part", { "--run", "%1", "--", "%0" }, "parts" },
	{ GH_PAGE_COMPARE, "compare", { "%0", "%1", "%2" }, "runs" },
	{ GH_PAGE_TREND, "history", { "%0", "--metric", "%1" }, "runs" },
};

static const char *word_of(const char *const *words, const char *arg)
{
	return arg[0] == '%' ? words[arg[1] - '0'] : arg;
}

void gh_ui_args(const char *const *args, const char *const *words,
		const char **out)
{
	size_t n = 0;

	for (; *args; args++) {
		const char *word = word_of(words, *args);
		const bool is_option = strncmp(*args, "--", 2) == 0;

		if (is_option && args[1] && !word_of(words, args[1])[0])
			args++;
		else if (word[0])
			out[n++] = word;
	}
	out[n] = NULL;
}

/* The first check makes it: until then there is nothing that a list could say. */
static bool has_database(const struct gh_cli *cli, const char *what,
			 struct gh_shelf *out)
{
	struct gh_path db;

	gh_path_db(cli, &db);
	if (db.path[0] && access(db.path, F_OK) == 0)
		return true;
	gh_make_human(db.path);
	snprintf(
		out->said, sizeof out->said,
		"No %s yet: there is no database (%.300s). The first check makes "
		"it: press 1 at home.",
		what, db.path[0] ? db.path : db.why);
	return false;
}

bool gh_ui_page_fill(const struct gh_cli *cli, const struct gh_ui_order *order,
		     struct gh_shelf *out)
{
	const char *const words[] = { order->word[0], order->word[1],
				      order->word[2], order->word[3] };
	const char *argv[GH_UI_ARGS + 1];

	for (size_t i = 0; i < GH_ARRAY_SIZE(fills); i++) {
		if (fills[i].page != order->page)
			continue;
		if (fills[i].stored && !has_database(cli, fills[i].stored, out))
			return false;
		gh_ui_args(fills[i].args, words, argv);
		gh_shelf_run(cli, fills[i].verb, argv, out);
		return out->doc != NULL;
	}
	assert(!"a page without a verb");
	return false;
}
