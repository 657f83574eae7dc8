/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * form - which form of the verdict was asked for, who reads standard error,
 * and the exit code that goes with both.
 */
#ifndef GH_CLI_FORM_H
#define GH_CLI_FORM_H

#include "cli/verb.h"	  /* struct gh_cli */
#include "engine/event.h" /* struct gh_run_view */

enum gh_form {
	GH_FORM_PAGE,
	GH_FORM_PLAIN,
	GH_FORM_QUIET,
	GH_FORM_JSON,
	GH_FORM_JSONL,
	GH_FORM_TAP,
	GH_FORM_NAGIOS
};

/* Of a verb without a verdict: page, plain, quiet or JSON. */
enum gh_form gh_form_of(const struct gh_cli *cli);

/* A value option of the verdict's forms; NULL: not given, or not the verb's. */
const char *gh_form_text(const struct gh_cli *cli, const char *option);

/*
 * The exit code of a shown run: the view's own, but a WATCH that --fail-on does
 * not mind is 0.
 */
int gh_form_exit(const struct gh_cli *cli, const struct gh_run_view *view);

/* A monitoring plug-in has four exit codes: all others are UNKNOWN. */
int gh_form_exit_of_plugin(int code);

/* Standard error is the journal's (JOURNAL_STREAM): lines may say how urgent
 * they are, and progress would only fill it. */
bool gh_form_is_journal(const struct gh_cli *cli);
/* "<2>": HOLD is critical, UNSURE an error, WATCH a warning. */
const char *gh_form_urgency(enum gh_verdict v);

/* Nobody looks at progress: --quiet, a plug-in, or the journal. */
bool gh_form_is_silent(const struct gh_cli *cli);

#endif
