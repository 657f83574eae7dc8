/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * metrics - the last run for a monitoring system: on standard output, or as a
 * file in the folder that node_exporter's textfile collector reads.
 */
#include "cli/last.h"	    /* gh_last_open */
#include "cli/options.h"    /* gh_cli_text */
#include "cli/paths.h"	    /* GH_PATH_CAP */
#include "cli/say.h"	    /* gh_say_failure */
#include "cli/write_file.h" /* gh_write_file */
#include "report/formats.h" /* gh_report_openmetrics */

#include <math.h>

#define FILE_NAME "ghostlight.prom"

static const struct gh_option options[] = {
	{ "textfile", "DIR", "write " FILE_NAME " there instead", GH_OPT_TEXT },
	{ 0 }
};

struct metrics {
	const struct gh_run_view *view;
	double motion_s;
};

static bool draw(const void *what, FILE *out)
{
	const struct metrics *m = what;

	gh_report_openmetrics(m->view, m->motion_s, out);
	return true;
}

static enum gh_status write_to(const struct gh_cli *cli, const char *folder,
			       const struct metrics *m, struct gh_err *err)
{
	char path[GH_PATH_CAP];

	if (!folder) {
		draw(m, cli->out);
		return GH_OK;
	}
	if (snprintf(path, sizeof path, "%s/" FILE_NAME, folder) >=
	    (int)sizeof path)
		return gh_fail(err, GH_ARG, "--textfile: the path is too long");
	/* The collector is another user. */
	return gh_write_file(path, 0644, draw, m, err);
}

static int run(struct gh_cli *cli)
{
	struct gh_last last;
	struct gh_err err = { 0 };
	struct metrics m = { .motion_s = NAN };
	enum gh_status st = gh_last_open(cli, &last, &err);

	if (st != GH_OK)
		return gh_say_failure(cli, &err);
	m.view = &last.stored->view;
	if (last.found)
		st = gh_store_motion_s(last.store, m.view->serial,
				       m.view->simulated, 0, &m.motion_s, &err);
	if (st == GH_OK)
		st = write_to(cli, gh_cli_text(cli, "textfile"), &m, &err);
	gh_last_close(&last);
	return st == GH_OK ? GH_EXIT_OK : gh_say_failure(cli, &err);
}

const struct gh_verb gh_verb_metrics = {
	.name = "metrics",
	.summary = "the last run as OpenMetrics; opens no hardware",
	.usage = "",
	.options = options,
	.run = run,
};
