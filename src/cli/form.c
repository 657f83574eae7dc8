/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/form.h"

#include "cli/options.h" /* gh_cli_on */

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* The first one that was given counts. */
static const struct {
	const char *option;
	enum gh_form form;
	bool of_verdict;
} forms[] = {
	{ "json", GH_FORM_JSON, false },   { "jsonl", GH_FORM_JSONL, true },
	{ "tap", GH_FORM_TAP, true },	   { "nagios", GH_FORM_NAGIOS, true },
	{ "quiet", GH_FORM_QUIET, false }, { "plain", GH_FORM_PLAIN, false },
};

enum gh_form gh_form_of(const struct gh_cli *cli)
{
	/* Before there is a verb, and of arguments for another program. */
	if (!cli->verb || cli->verb->passes)
		return GH_FORM_PAGE;
	for (size_t i = 0; i < GH_ARRAY_SIZE(forms); i++)
		if ((cli->verb->verdict || !forms[i].of_verdict) &&
		    gh_cli_on(cli, forms[i].option))
			return forms[i].form;
	return GH_FORM_PAGE;
}

const char *gh_form_text(const struct gh_cli *cli, const char *option)
{
	return cli->verb->verdict ? gh_cli_text(cli, option) : NULL;
}

/* Is what is wrong with this part the very fault somebody answers for? */
static bool is_answered(const struct gh_run_view *view, unsigned part)
{
	const struct gh_result *r = view->result;
	const int n = r->parts[part].diagnosis;
	const struct gh_diagnosis *d = n >= 0 ? &r->diagnoses[n] : NULL;
	const char *own = view->parts[part].name, *cause = own;

	if (d && d->part >= 0 && (unsigned)d->part < view->n_parts)
		cause = view->parts[d->part].name;
	for (unsigned i = 0; i < view->n_accepts; i++) {
		const struct gh_accept *a = &view->accepts[i];

		if (r->fates[i] == GH_ACCEPT_KNOWN &&
		    strcmp(a->fault, d ? d->fault : "") == 0 &&
		    (strcmp(a->part, own) == 0 || strcmp(a->part, cause) == 0))
			return true;
	}
	return false;
}

/*
 * WATCH only because of what somebody answers for, in the part itself or in
 * one that suffers from it.
 */
static bool is_all_known(const struct gh_run_view *view)
{
	const struct gh_result *r = view->result;
	bool known[GH_JUDGE_PARTS] = { false };

	for (size_t i = 0; i < r->n_findings; i++) {
		const struct gh_finding *f = &r->findings[i];
		const bool of_part = f->part >= 0 && f->part < GH_JUDGE_PARTS;

		if (f->state == GH_STATE_WATCH &&
		    !(of_part && is_answered(view, (unsigned)f->part)))
			return false;
		if (f->state == GH_STATE_KNOWN && of_part)
			known[f->part] = true;
	}
	for (unsigned p = 0; p < view->n_parts; p++)
		if (r->parts[p].state == GH_VERDICT_WATCH && !known[p] &&
		    !is_answered(view, p))
			return false;
	return true;
}

int gh_form_exit(const struct gh_cli *cli, const struct gh_run_view *view)
{
	const char *minds = gh_form_text(cli, "fail-on");

	if (!minds || view->exit_code != GH_EXIT_WATCH)
		return view->exit_code;
	if (strcmp(minds, "hold") == 0)
		return GH_EXIT_OK;
	return strcmp(minds, "new") == 0 && is_all_known(view) ? GH_EXIT_OK
							       : GH_EXIT_WATCH;
}

int gh_form_exit_of_plugin(int code)
{
	return code > GH_EXIT_UNSURE ? GH_EXIT_UNSURE : code;
}

bool gh_form_is_journal(const struct gh_cli *cli)
{
	const char *stream = getenv("JOURNAL_STREAM");
	char mine[64];
	struct stat at;

	if (!stream || fstat(fileno(cli->err), &at) != 0)
		return false;
	snprintf(mine, sizeof mine, "%llu:%llu", (unsigned long long)at.st_dev,
		 (unsigned long long)at.st_ino);
	return strcmp(stream, mine) == 0;
}

const char *gh_form_urgency(enum gh_verdict v)
{
	static const char *const urgency[] = {
		[GH_VERDICT_READY] = "<6>",   [GH_VERDICT_WATCH] = "<4>",
		[GH_VERDICT_UNSURE] = "<3>",  [GH_VERDICT_HOLD] = "<2>",
		[GH_VERDICT_NOT_RUN] = "<3>",
	};

	return urgency[v];
}

bool gh_form_is_silent(const struct gh_cli *cli)
{
	return gh_cli_on(cli, "quiet") || gh_form_of(cli) == GH_FORM_NAGIOS ||
	       gh_form_is_journal(cli);
}
