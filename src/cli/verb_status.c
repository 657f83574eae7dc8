/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * status - the last verdict and its age, from the store alone. A verdict wears
 * out: READY and WATCH become UNSURE when they are too old, HOLD stays.
 */
#include "base/text.h"	  /* gh_copy_text */
#include "cli/options.h"  /* gh_cli_number */
#include "cli/paths.h"	  /* gh_path_db */
#include "cli/say.h"	  /* gh_say_failure */
#include "cli/show.h"	  /* gh_cli_store */
#include "cli/version.h"  /* gh_version */
#include "cli/view.h"	  /* gh_stored_get */
#include "report/phrase.h" /* gh_phrase_duration */

#include <stdlib.h>
#include <unistd.h>

/* interface.md section 2, rule 3. */
#define MAX_AGE_S (4.0 * 3600)

static const struct gh_option options[] = {
	{ "max-age", "TIME", "older verdicts are UNSURE (4h)", GH_OPT_SECONDS },
	{ 0 }
};

static void grow_old(struct gh_stored *s, double age_s, double max_s)
{
	char age[32], max[32], was[GH_NOTE_CAP];
	const enum gh_verdict v = s->result.verdict;

	if (age_s <= max_s)
		return;
	gh_phrase_duration(age, sizeof age, age_s);
	gh_phrase_duration(max, sizeof max, max_s);
	gh_copy_text(was, sizeof was, s->result.why);
	if (v == GH_VERDICT_HOLD) {
		snprintf(s->result.why, sizeof s->result.why,
			 "old, %.20s: %.80s", age, was);
		return;
	}
	s->result.verdict = GH_VERDICT_UNSURE;
	snprintf(s->result.why, sizeof s->result.why,
		 "too old: it said %s %s ago, at most %s count",
		 gh_verdict_name(v), age, max);
}

static bool print(struct gh_cli *cli, const struct gh_run_view *view)
{
	const struct gh_report_style style = gh_show_style(cli);

	if (gh_cli_on(cli, "json"))
		return gh_report_json(view, cli->out);
	if (gh_cli_on(cli, "plain") || gh_cli_on(cli, "quiet"))
		fprintf(cli->out, "%s %s\n",
			gh_verdict_name(view->result->verdict),
			view->result->why);
	else
		gh_report_status(view, &style, cli->out);
	return true;
}

static int show(struct gh_cli *cli, struct gh_stored *s)
{
	const int64_t now_s = gh_wall_s(cli->clock);

	grow_old(s, (double)(now_s - s->info.started_s),
		 gh_cli_number(cli, "max-age", MAX_AGE_S));
	s->view.now_s = now_s;
	s->view.exit_code = gh_verdict_exit_code(s->result.verdict);
	return print(cli, &s->view) ? s->view.exit_code : GH_EXIT_INTERNAL;
}

/* Nobody has checked yet, which is an answer as well: UNSURE. */
static int none(struct gh_cli *cli, const char *why)
{
	struct gh_stored *s = calloc(1, sizeof *s);
	int code = GH_EXIT_INTERNAL;

	if (!s)
		return code;
	gh_copy_text(s->info.version, sizeof s->info.version, gh_version());
	s->result.verdict = GH_VERDICT_UNSURE;
	gh_copy_text(s->result.why, sizeof s->result.why, why);
	gh_view_of(&s->view, &s->info, s->parts, 0, &s->result);
	if (print(cli, &s->view))
		code = s->view.exit_code;
	free(s);
	return code;
}

static int last(struct gh_cli *cli, struct gh_store *st, const char *serial)
{
	struct gh_stored *s;
	struct gh_err err = { 0 };
	int64_t run = 0;
	int code;

	if (gh_stored_find(st, "last", serial, &run, &err) != GH_OK)
		return err.code == GH_NODATA
			       ? none(cli, "no check has been made yet")
			       : gh_say_failure(cli, &err);
	if (gh_stored_get(st, run, &s, &err) != GH_OK)
		return gh_say_failure(cli, &err);
	code = show(cli, s);
	free(s);
	return code;
}

static int run(struct gh_cli *cli)
{
	struct gh_path db;
	struct gh_store *st;
	struct gh_rig *rig;
	struct gh_err err = { 0 };
	int code;

	gh_path_db(cli, &db);
	if (gh_cli_rig(cli, &rig, &err) != GH_OK)
		return gh_say_failure(cli, &err);
	if (db.path[0] && access(db.path, F_OK) != 0) {
		free(rig);
		return none(cli, "no check has been made yet: no database");
	}
	code = gh_cli_store(cli, GH_STORE_READ, &st, &err) == GH_OK
		       ? 0
		       : gh_say_failure(cli, &err);
	if (code == 0) {
		code = last(cli, st, rig ? rig->serial : NULL);
		gh_store_close(st);
	}
	free(rig);
	return code;
}

const struct gh_verb gh_verb_status = {
	.name = "status",
	.summary = "the last verdict and its age; opens no hardware",
	.usage = "",
	.options = options,
	.run = run,
};
