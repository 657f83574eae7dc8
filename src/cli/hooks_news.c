/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hooks_news - what there is to tell of a run, and whether it is news. */
#include "cli/hooks.h" /* what is defined here */

#include "base/text.h"	   /* gh_copy_text */
#include "report/phrase.h" /* gh_phrase_sorted */
#include "report/report.h" /* gh_report_text */

#include <stdlib.h>
#include <string.h>

#define DAY_S ((int64_t)86400)
/* A nightly timer is late by minutes; it must not skip a day for that. */
#define SLACK_S ((int64_t)3600)

enum {
	INTERVAL_MOST = 32, /* days */
	RUNS_MOST = 20000   /* of one streak: 50 years of nights */
};

void gh_hook_standing_of(const int64_t *started_s, size_t n, bool changed,
			 struct gh_hook_standing *out)
{
	int64_t days = 1, last;

	*out = (struct gh_hook_standing){ .changed = changed,
					  .told = 1,
					  .next_days = 1 };
	if (n == 0)
		return;
	out->first_s = last = started_s[n - 1];
	for (size_t i = n - 1; i > 0; i--) {
		const int64_t at = started_s[i - 1];

		out->reminder = at - last >= days * DAY_S - SLACK_S;
		if (!out->reminder)
			continue;
		out->told++;
		last = at;
		days = days < INTERVAL_MOST ? 2 * days : INTERVAL_MOST;
	}
	days -= (started_s[0] - last) / DAY_S;
	out->next_days = days > 0 ? (unsigned)days : 0;
}

static void ask_store(const struct gh_cli *cli, const char *db, int64_t run,
		      struct gh_hook_standing *out)
{
	int64_t *times = calloc(RUNS_MOST, sizeof *times);
	struct gh_store *st = NULL;
	struct gh_err err = { 0 };
	enum gh_status s = GH_NOMEM;
	bool changed = true;
	size_t n = 0;

	if (times)
		s = gh_store_open(&st, db, GH_STORE_READ, &err);
	if (s == GH_OK)
		s = gh_store_standing(st, run, times, RUNS_MOST, &n, &changed,
				      &err);
	if (s != GH_OK)
		fprintf(cli->err,
			"ghostlight: hooks: what was said before is not "
			"known (%s)\n",
			times ? err.msg : "out of memory");
	gh_hook_standing_of(times, s == GH_OK ? n : 0,
			    s != GH_OK || n == 0 || changed, out);
	gh_store_close(st);
	free(times);
}

static void list_parts(const struct gh_run_view *view, char *out, size_t cap)
{
	unsigned order[GH_JUDGE_PARTS];
	const unsigned n = gh_phrase_sorted(view, order);
	size_t used = 0;

	out[0] = '\0';
	for (unsigned i = 0; i < n; i++) {
		const enum gh_verdict v = view->result->parts[order[i]].state;

		if (v == GH_VERDICT_READY || v == GH_VERDICT_NOT_RUN)
			continue;
		used += (size_t)snprintf(out + used, cap - used, "%s%s",
					 used ? " " : "",
					 view->parts[order[i]].name);
		if (used >= cap)
			return;
	}
}

static char *draw(const struct gh_run_view *view)
{
	const struct gh_report_style style = { false };
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	if (!out)
		return NULL;
	gh_report_text(view, &style, out);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

void gh_hooks_note(const struct gh_cli *cli, const struct gh_run_view *view,
		   const char *db, struct gh_hook_news *out)
{
	const enum gh_verdict v = view->result->verdict;
	const bool well = v == GH_VERDICT_READY || v == GH_VERDICT_WATCH;

	*out = (struct gh_hook_news){ .verdict = v,
				      .exit_code = view->exit_code,
				      .run = view->run,
				      .started_s = view->started_s,
				      .simulated = view->simulated };
	gh_copy_text(out->why, sizeof out->why, view->result->why);
	gh_copy_text(out->rig, sizeof out->rig, view->rig);
	gh_copy_text(out->serial, sizeof out->serial, view->serial);
	gh_copy_text(out->profile, sizeof out->profile, view->profile);
	list_parts(view, out->parts, sizeof out->parts);
	out->report = draw(view);
	/* Nothing is known of a run that is not stored: it is news. */
	if (view->run > 0)
		ask_store(cli, db, view->run, &out->standing);
	else
		gh_hook_standing_of(NULL, 0, true, &out->standing);
	out->due[GH_HOOK_VERDICT] = true;
	out->due[GH_HOOK_CHANGE] = out->standing.changed;
	out->due[GH_HOOK_REMINDER] =
		out->standing.reminder && v != GH_VERDICT_READY;
	out->due[GH_HOOK_HEARTBEAT] =
		well && view->run > 0 && strcmp(view->end, "complete") == 0;
}

void gh_hooks_note_test(struct gh_hook_news *out)
{
	*out = (struct gh_hook_news){ .verdict = GH_VERDICT_UNSURE,
				      .exit_code = GH_EXIT_UNSURE };
	gh_hook_standing_of(NULL, 0, false, &out->standing);
	gh_copy_text(out->why, sizeof out->why,
		     "a test of the hooks: nothing was measured");
	out->due[GH_HOOK_TEST] = true;
}

void gh_hooks_forget(struct gh_hook_news *news)
{
	free(news->report);
	news->report = NULL;
}
