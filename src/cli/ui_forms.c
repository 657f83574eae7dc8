/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/ui_forms.h"

#include "cli/shelf.h"	  /* gh_shelf_run */
#include "cli/ui_pages.h" /* gh_ui_args */

#include <string.h>

/* "%0" to "%2" are the fields, "%3" run, "%4" part, "%5" name. */
static const struct {
	const char *verb;
	const char *args[GH_UI_ARGS];
} stores[GH_UI_FORM_COUNT] = {
	[GH_UI_FORM_NOTE] = { "note",
			      { "--run", "%3", "--part", "%4", "--by", "%1",
				"--", "%0" } },
	[GH_UI_FORM_ACCEPT] = { "accept",
				{ "--reason", "%0", "--by", "%1", "--until",
				  "%2", "--", "%3", "%4" } },
	[GH_UI_FORM_ADD] = { "baseline",
			     { "add", "--name", "%0", "--run", "%3" } },
	[GH_UI_FORM_SEAL] = { "baseline",
			      { "seal", "--name", "%5", "--by", "%0", "--why",
				"%1" } },
};

/* What to try on a command line is of no use in a form. */
static void drop_advice(char *said)
{
	char *advice = strstr(said, " Try: ");

	if (advice)
		*advice = '\0';
}

bool gh_ui_form_store(const struct gh_cli *cli, const struct gh_ui_form *form,
		      char *said, size_t cap)
{
	const char *const words[] = { form->field[0], form->field[1],
				      form->field[2], form->run,
				      form->part,     form->name };
	const char *argv[GH_UI_ARGS + 1];
	struct gh_shelf answer = { NULL, "" };
	int code;

	gh_ui_args(stores[form->kind].args, words, argv);
	code = gh_shelf_run(cli, stores[form->kind].verb, argv, &answer);
	gh_copy_text(said, cap,
		     answer.doc && answer.doc->n_above > 0
			     ? answer.doc->above[0]
			     : answer.said);
	gh_shelf_clear(&answer);
	if (code == GH_EXIT_USAGE)
		drop_advice(said);
	return code == GH_EXIT_OK;
}
