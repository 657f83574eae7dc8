/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ui_forms - which verb stores what was typed into a form, so that nothing can
 * be stored here that the command line would refuse.
 */
#ifndef GH_CLI_UI_FORMS_H
#define GH_CLI_UI_FORMS_H

#include "cli/verb.h" /* struct gh_cli */
#include "ui/form.h"  /* struct gh_ui_form */

/* True: stored. said: what the verb told of it, or why not. */
bool gh_ui_form_store(const struct gh_cli *cli, const struct gh_ui_form *form,
		      char *said, size_t cap);

#endif
