/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * shelf - where a verb's answer is put when a screen asked for it instead of
 * the command line: the screen shows what --json would have written.
 */
#ifndef GH_CLI_SHELF_H
#define GH_CLI_SHELF_H

#include "cli/verb.h"	/* struct gh_cli */
#include "report/doc.h" /* struct gh_doc */

struct gh_shelf {
	struct gh_doc *doc; /* heap, NULL: the verb gave none */
	char said[512];	    /* what it told on stderr, else on stdout */
};

/*
 * Runs a verb with these arguments, the program's --rig, --db, --port and
 * --baseline where the verb takes them, and keeps its answer instead of
 * printing it. Returns its exit code; GH_EXIT_INTERNAL with a text for no
 * memory. argv: NULL at the end, without the verb; borrowed.
 */
int gh_shelf_run(const struct gh_cli *cli, const char *verb,
		 const char *const *argv, struct gh_shelf *out);
void gh_shelf_clear(struct gh_shelf *s);

/* For gh_show_*: keeps a copy; false: no memory. */
bool gh_shelf_put(struct gh_shelf *s, const struct gh_doc *doc);

#endif
