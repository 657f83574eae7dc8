/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/show.h"

#include "cli/options.h" /* gh_cli_on */
#include "cli/paths.h"	 /* gh_path_db */

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is_set(const char *variable)
{
	const char *value = getenv(variable);

	return value && value[0] != '\0';
}

struct gh_report_style gh_show_style(const struct gh_cli *cli)
{
	const char *asked = gh_cli_text(cli, "color");
	struct gh_report_style style = { false };

	if (asked && strcmp(asked, "auto") != 0)
		style.colour = strcmp(asked, "always") == 0;
	else if (!is_set("NO_COLOR"))
		style.colour = is_set("CLICOLOR_FORCE") ||
			       isatty(fileno(cli->out)) != 0;
	return style;
}

bool gh_show_view(const struct gh_cli *cli, const struct gh_run_view *view)
{
	const struct gh_report_style style = gh_show_style(cli);

	if (gh_cli_on(cli, "json"))
		return gh_report_json(view, cli->out);
	if (gh_cli_on(cli, "quiet"))
		gh_report_verdict_line(view, cli->out);
	else if (gh_cli_on(cli, "plain"))
		gh_report_plain(view, cli->out);
	else
		gh_report_text(view, &style, cli->out);
	return true;
}

bool gh_show_table(const struct gh_cli *cli, const struct gh_table *table)
{
	if (gh_cli_on(cli, "json"))
		return gh_table_json(table, cli->out);
	gh_table_text(table, cli->out);
	return true;
}

enum gh_status gh_cli_store(const struct gh_cli *cli, enum gh_store_mode mode,
			    struct gh_store **out, struct gh_err *err)
{
	struct gh_path db;

	gh_path_db(cli, &db);
	if (!db.path[0])
		return gh_fail(err, GH_ARG, "no database: give --db FILE (%s)",
			       db.why);
	return gh_store_open(out, db.path, mode, err);
}

enum gh_status gh_cli_rig(const struct gh_cli *cli, struct gh_rig **out,
			  struct gh_err *err)
{
	const char *file = gh_cli_text(cli, "rig");
	enum gh_status st;

	*out = NULL;
	if (!file)
		return GH_OK;
	*out = calloc(1, sizeof **out);
	if (!*out)
		return gh_fail(err, GH_NOMEM, "no memory for a rig");
	st = gh_rig_read(*out, file, err);
	if (st == GH_OK)
		return GH_OK;
	free(*out);
	*out = NULL;
	err->code = GH_ARG;
	return GH_ARG;
}
