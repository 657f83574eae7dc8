/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/paths.h" /* gh_path_db */
#include "cli/say.h"   /* gh_say_no_memory */
#include "cli/show.h"  /* gh_show_table */

static const struct gh_column columns[] = {
	{ "what", "what", GH_CELL_TEXT },
	{ "path", "path", GH_CELL_TEXT },
	{ "why", "why", GH_CELL_TEXT },
};

static void add(struct gh_table *t, const char *what, const struct gh_path *p)
{
	struct gh_cell *c = gh_table_add(t);

	gh_cell_put(&c[0], what);
	gh_cell_put(&c[1], p->path[0] ? p->path : "-");
	gh_cell_put(&c[2], p->why);
}

static int run(struct gh_cli *cli)
{
	struct gh_table t = {
		.name = "paths", .none = "", .columns = columns, .n_columns = 3
	};
	struct gh_path path;
	bool ok = gh_table_init(&t, 5);

	if (!ok)
		return gh_say_no_memory(cli);
	gh_path_db(cli, &path);
	add(&t, "database", &path);
	gh_path_rig(cli, &path);
	add(&t, "rig file", &path);
	gh_path_sockets(&path);
	add(&t, "stop sockets", &path);
	gh_path_state(&path);
	add(&t, "unstored results", &path);
	gh_path_hooks(&path);
	add(&t, "hooks", &path);
	ok = gh_show_table(cli, &t);
	gh_table_finish(&t);
	return ok ? GH_EXIT_OK : gh_say_no_memory(cli);
}

const struct gh_verb gh_verb_paths = {
	.name = "paths",
	.summary = "every path in use and why",
	.usage = "",
	.run = run,
};
