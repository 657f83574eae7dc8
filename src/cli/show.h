/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * show - results on standard output in the form that was asked for, and the
 * few steps that most verbs begin with.
 */
#ifndef GH_CLI_SHOW_H
#define GH_CLI_SHOW_H

#include "cli/verb.h"	   /* struct gh_cli */
#include "engine/event.h"  /* struct gh_run_view */
#include "report/report.h" /* struct gh_report_style */
#include "report/table.h"  /* struct gh_table */
#include "rig/rig.h"	   /* struct gh_rig */
#include "store/store.h"   /* struct gh_store */

/*
 * The run in the form that was asked for (cli/form.h) and in --junit's file.
 * Returns the exit code: the run's after --fail-on, or GH_EXIT_INTERNAL when
 * it could not be shown, which is then told.
 */
int gh_show_view(const struct gh_cli *cli, const struct gh_run_view *view);
/* The same with the verdict and its age in place of the page. */
int gh_show_status(const struct gh_cli *cli, const struct gh_run_view *view);
/*
 * What a writer of JSON answered, false for no memory or a full output; true
 * of the latter as well: main() tells it, once, of every form.
 */
bool gh_shown(const struct gh_cli *cli, bool ok);
/* --json or columns. */
bool gh_show_table(const struct gh_cli *cli, const struct gh_table *table);

/* Colours by --color, NO_COLOR, CLICOLOR_FORCE and the terminal. */
struct gh_report_style gh_show_style(const struct gh_cli *cli);

/* The database of --db or its usual place. */
enum gh_status gh_cli_store(const struct gh_cli *cli, enum gh_store_mode mode,
			    struct gh_store **out,
			    struct gh_err *err) GH_MUST_CHECK;

/*
 * The rig file of --rig on the heap, NULL when none was given (a default one
 * is not taken: then all sculptures count).
 */
enum gh_status gh_cli_rig(const struct gh_cli *cli, struct gh_rig **out,
			  struct gh_err *err) GH_MUST_CHECK;

#endif
