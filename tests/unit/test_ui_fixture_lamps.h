/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lamp test as the verb answers it: no row of it is invented. */
#ifndef TEST_UI_FIXTURE_LAMPS_H
#define TEST_UI_FIXTURE_LAMPS_H

#include "cli/shelf.h" /* gh_shelf_run */
#include "ui/model.h"  /* struct gh_ui_model */

static void fixture_lamps(struct gh_ui_model *m)
{
	static const char *const no_args[] = { NULL };
	static struct gh_shelf shelf;
	const struct gh_cli cli = { .program = "ghostlight" };

	if (!shelf.doc)
		gh_shelf_run(&cli, "lamp-test", no_args, &shelf);
	m->doc = shelf.doc;
	m->cursor = 3;
}

#endif
