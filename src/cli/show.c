/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/show.h"

#include "cli/form.h"	    /* gh_form_of */
#include "cli/options.h"    /* gh_cli_on */
#include "cli/paths.h"	    /* gh_path_db */
#include "cli/say.h"	    /* gh_say_no_memory */
#include "cli/shelf.h"	    /* gh_shelf_put */
#include "cli/write_file.h" /* gh_write_file */
#include "report/formats.h" /* gh_report_tap */

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool gh_shown(const struct gh_cli *cli, bool ok)
{
	return ok || ferror(cli->out);
}

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

static bool draw_junit(const void *view, FILE *out)
{
	gh_report_junit(view, out);
	return true;
}

static bool write_junit(const struct gh_cli *cli,
			const struct gh_run_view *view)
{
	const char *file = gh_form_text(cli, "junit");
	struct gh_err err = { 0 };

	if (!file || gh_write_file(file, 0666, draw_junit, view, &err) == GH_OK)
		return true;
	fprintf(cli->err, "ghostlight: --junit: %s\n", err.msg);
	return false;
}

static void draw_page(const struct gh_cli *cli, const struct gh_run_view *view)
{
	const struct gh_report_style style = gh_show_style(cli);

	gh_report_text(view, &style, cli->out);
}

static void draw_status(const struct gh_cli *cli,
			const struct gh_run_view *view)
{
	const struct gh_report_style style = gh_show_style(cli);

	gh_report_status(view, &style, cli->out);
}

static void draw_short(const struct gh_run_view *view, FILE *out)
{
	fprintf(out, "%s %s\n", gh_verdict_name(view->result->verdict),
		view->result->why);
}

/* A mail that systemd makes of the journal has its first line as subject. */
static void tell_journal(const struct gh_cli *cli,
			 const struct gh_run_view *view)
{
	if (gh_form_is_journal(cli))
		fprintf(cli->err, "%s%s %s%s\n",
			gh_form_urgency(view->result->verdict),
			gh_verdict_name(view->result->verdict),
			view->simulated ? "SIMULATED " : "", view->result->why);
}

struct pages {
	void (*page)(const struct gh_cli *cli, const struct gh_run_view *view);
	void (*plain)(const struct gh_run_view *view, FILE *out);
	void (*quiet)(const struct gh_run_view *view, FILE *out);
};

static bool draw(const struct gh_cli *cli, const struct gh_run_view *view,
		 const struct pages *pages)
{
	switch (gh_form_of(cli)) {
	case GH_FORM_PAGE:
		pages->page(cli, view);
		return true;
	case GH_FORM_PLAIN:
		pages->plain(view, cli->out);
		return true;
	case GH_FORM_QUIET:
		pages->quiet(view, cli->out);
		return true;
	case GH_FORM_JSON:
		return gh_report_json(view, cli->out);
	case GH_FORM_JSONL:
		return gh_jsonl_run(cli->stream, view);
	case GH_FORM_TAP:
		gh_report_tap(view, cli->out);
		return true;
	case GH_FORM_NAGIOS:
		gh_report_nagios(view, cli->out);
		return true;
	}
	return false;
}

static int show(const struct gh_cli *cli, const struct gh_run_view *view,
		const struct pages *pages)
{
	bool ok;

	tell_journal(cli, view);
	ok = gh_shown(cli, draw(cli, view, pages));
	if (!ok)
		(void)gh_say_no_memory(cli);
	fflush(cli->out);
	ok = write_junit(cli, view) && ok;
	return ok ? gh_form_exit(cli, view) : GH_EXIT_INTERNAL;
}

int gh_show_view(const struct gh_cli *cli, const struct gh_run_view *view)
{
	static const struct pages pages = { draw_page, gh_report_plain,
					    gh_report_verdict_line };

	return show(cli, view, &pages);
}

int gh_show_status(const struct gh_cli *cli, const struct gh_run_view *view)
{
	static const struct pages pages = { draw_status, draw_short,
					    draw_short };

	return show(cli, view, &pages);
}

static bool shelve(struct gh_shelf *shelf, const struct gh_table *table)
{
	struct gh_doc *doc = calloc(1, sizeof *doc);
	bool ok;

	if (!doc)
		return false;
	doc->tables[doc->n_tables++] = table;
	ok = gh_shelf_put(shelf, doc);
	free(doc);
	return ok;
}

bool gh_show_table(const struct gh_cli *cli, const struct gh_table *table)
{
	if (cli->shelf)
		return shelve(cli->shelf, table);
	if (gh_cli_on(cli, "json"))
		return gh_shown(cli, gh_table_json(table, cli->out));
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
	if (st != GH_NOMEM)
		st = err->code = GH_ARG;
	return st;
}
