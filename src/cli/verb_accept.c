/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * accept - somebody answers for a part that failed: it is KNOWN, and WATCH,
 * until a date. Nothing else makes a fail known.
 */
#include "base/clock.h"	 /* gh_wall_parse */
#include "cli/options.h" /* gh_cli_word */
#include "cli/people.h"	 /* gh_people_remark */
#include "cli/say.h"	 /* gh_say_failure */
#include "cli/view.h"	 /* gh_stored_find */

#include <stdlib.h>

static const struct gh_option options[] = {
	{ "reason", "TEXT", "why the show goes on with it", GH_OPT_TEXT },
	{ "by", "WHO", "who answers for it", GH_OPT_TEXT },
	{ "until", "DATE", "first day it fails again: 2026-12-24, UTC",
	  GH_OPT_TEXT },
	{ 0 }
};

static enum gh_status need(const struct gh_cli *cli, const char *option,
			   const char **text, struct gh_err *err)
{
	*text = gh_cli_text(cli, option);
	if (*text)
		return GH_OK;
	return gh_fail(err, GH_ARG,
		       "accept: --%s is missing; it takes --reason, --by and "
		       "--until",
		       option);
}

/* All that needs no store. */
static enum gh_status fill(const struct gh_cli *cli, struct gh_remark *r,
			   struct gh_err *err)
{
	const char *reason, *by, *until = NULL;
	enum gh_status st = need(cli, "reason", &reason, err);

	if (st == GH_OK)
		st = need(cli, "by", &by, err);
	if (st == GH_OK)
		st = need(cli, "until", &until, err);
	if (st == GH_OK && !gh_cli_word(cli, 1))
		st = gh_fail(err, GH_ARG, "accept: expected a run and a part");
	if (st == GH_OK && until && !gh_wall_parse(until, &r->until_s))
		st = gh_fail(err, GH_ARG,
			     "--until: expected a date such as 2026-12-24, "
			     "found \"%.40s\"",
			     until);
	r->kind = GH_REMARK_ACCEPT;
	r->at_s = gh_wall_s(cli->clock);
	if (st == GH_OK)
		st = gh_people_text(r->text, sizeof r->text, "--reason", reason,
				    err);
	if (st == GH_OK)
		st = gh_people_text(r->by, sizeof r->by, "--by", by, err);
	if (st == GH_OK)
		st = gh_people_text(r->part, sizeof r->part, "part",
				    gh_cli_word(cli, 1), err);
	return st;
}

static enum gh_status accept(struct gh_cli *cli, struct gh_remark *r, size_t *n,
			     struct gh_err *err)
{
	struct gh_store *st;
	struct gh_rig *rig;
	enum gh_status status = gh_cli_rig(cli, &rig, err);

	if (status != GH_OK)
		return status;
	status = gh_cli_store(cli, GH_STORE_WRITE, &st, err);
	if (status != GH_OK) {
		free(rig);
		return status;
	}
	status = gh_stored_find(st, gh_cli_word(cli, 0),
				rig ? rig->serial : NULL, &r->run, err);
	if (status == GH_OK)
		status = gh_store_accept(st, r, n, err);
	gh_store_close(st);
	free(rig);
	return status;
}

static bool show(struct gh_cli *cli, const struct gh_remark *r, size_t n)
{
	struct gh_doc *doc = calloc(1, sizeof *doc);
	char until[24];
	bool ok;

	if (!doc)
		return false;
	gh_wall_text(r->until_s, until, sizeof until);
	gh_doc_above(doc,
		     "%s: %zu failed finding%s of run %lld accepted until "
		     "%.10s by %s",
		     r->part, n, n == 1 ? "" : "s", (long long)r->run, until,
		     r->by);
	gh_doc_fact(doc, "id", GH_CELL_COUNT, (double)r->id);
	gh_doc_fact(doc, "run", GH_CELL_COUNT, (double)r->run);
	gh_doc_text_fact(doc, "part", r->part);
	gh_doc_fact(doc, "findings", GH_CELL_COUNT, (double)n);
	gh_doc_text_fact(doc, "by", r->by);
	gh_doc_text_fact(doc, "reason", r->text);
	gh_doc_text_fact(doc, "until", until);
	ok = gh_show_doc(cli, doc, false);
	free(doc);
	return ok;
}

static int run(struct gh_cli *cli)
{
	struct gh_remark r = { .id = 0 };
	struct gh_err err = { 0 };
	size_t n = 0;
	enum gh_status st = fill(cli, &r, &err);

	if (st == GH_OK)
		st = accept(cli, &r, &n, &err);
	if (st != GH_OK)
		return gh_say_failure(cli, &err);
	return show(cli, &r, n) ? GH_EXIT_OK : gh_say_no_memory(cli);
}

const struct gh_verb gh_verb_accept = {
	.name = "accept",
	.summary = "answer for a part that failed: KNOWN until a date",
	.usage = "RUN|last PART --reason TEXT --by WHO --until DATE",
	.max_words = 2,
	.options = options,
	.run = run,
};
