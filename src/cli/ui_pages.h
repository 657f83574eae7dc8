/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ui_pages - which verb fills which screen. A screen has no other source, so
 * whatever it shows is what the verb's --json says.
 */
#ifndef GH_CLI_UI_PAGES_H
#define GH_CLI_UI_PAGES_H

#include "cli/shelf.h" /* struct gh_shelf */
#include "ui/model.h"  /* struct gh_ui_order */

enum { GH_UI_ARGS = 12 };

/*
 * Arguments of a verb from a template: "%0" is words[0] and so on; one that is
 * empty is left out, and the option before it. out holds GH_UI_ARGS + 1.
 */
void gh_ui_args(const char *const *args, const char *const *words,
		const char **out);

/*
 * The answer to an order of a page with a doc. True: out->doc is there. False:
 * out->said tells why not. Clear *out with gh_shelf_clear.
 */
bool gh_ui_page_fill(const struct gh_cli *cli, const struct gh_ui_order *order,
		     struct gh_shelf *out);

#endif
