/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * baseline_add - a run becomes a member only because a person says so, and a
 * baseline is final once a person has sealed it.
 */
#include "cli/baseline.h" /* gh_baseline_add */
#include "cli/checking.h" /* gh_checking_run */
#include "cli/options.h"  /* gh_cli_text */
#include "cli/people.h"	  /* gh_show_doc */
#include "cli/say.h"	  /* gh_say_failure */
#include "cli/show.h"	  /* gh_cli_store */
#include "cli/view.h"	  /* gh_stored_find */

#include <stdlib.h>

/* Makes a check; *run is 0 when it is not fit to be added. */
static enum gh_status check(struct gh_cli *cli, int64_t *run,
			    struct gh_err *err)
{
	const struct gh_run_view *view;
	const char *file;
	struct gh_checking c;
	struct gh_flow *f;
	enum gh_status st;

	gh_checking_request(cli, &c);
	st = gh_checking_run(cli, &c, &f, err);
	if (st != GH_OK)
		return st;
	view = gh_flow_view(f);
	*run = view->run;
	if (gh_flow_trouble(f)->code != GH_OK)
		st = gh_fail(err, gh_flow_trouble(f)->code,
			     "the check did not complete: nothing is added");
	else if (gh_flow_unstored(f, &file))
		st = gh_fail(err, GH_STORE,
			     "the check is not stored: nothing is added");
	gh_flow_destroy(f);
	return st;
}

static enum gh_status find(struct gh_cli *cli, struct gh_store *st,
			   const char *text, int64_t *run, struct gh_err *err)
{
	struct gh_rig *rig;
	enum gh_status status = gh_cli_rig(cli, &rig, err);

	if (status == GH_OK)
		status = gh_stored_find(st, text, rig ? rig->serial : NULL, run,
					err);
	free(rig);
	return status;
}

static enum gh_status add(struct gh_cli *cli, const char *name,
			  const char *text, int64_t *run, struct gh_err *err)
{
	struct gh_store *st;
	enum gh_status status = gh_cli_store(cli, GH_STORE_WRITE, &st, err);

	if (status != GH_OK)
		return status;
	if (text)
		status = find(cli, st, text, run, err);
	if (status == GH_OK)
		status = gh_store_baseline_add(st, name, *run, err);
	gh_store_close(st);
	return status;
}

static int show_added(struct gh_cli *cli, const char *name, int64_t run)
{
	struct gh_doc *doc = calloc(1, sizeof *doc);
	bool ok = false;

	if (doc) {
		gh_doc_above(doc, "run %lld is now in baseline \"%s\"",
			     (long long)run, name);
		gh_doc_fact(doc, "added", GH_CELL_COUNT, (double)run);
		gh_doc_text_fact(doc, "name", name);
		ok = gh_show_doc(cli, doc, false);
	}
	free(doc);
	return ok ? GH_EXIT_OK : gh_say_no_memory(cli);
}

int gh_baseline_add(struct gh_cli *cli)
{
	const char *text = gh_cli_text(cli, "run");
	const char *name;
	struct gh_err err = { 0 };
	enum gh_status st = gh_baseline_name(cli, 1, &name, &err);
	int64_t run = 0;

	if (st == GH_OK && (text != NULL) == gh_cli_on(cli, "check"))
		st = gh_fail(&err, GH_ARG,
			     "baseline add: expected --run RUN or --check");
	if (st == GH_OK && !text)
		st = check(cli, &run, &err);
	if (st == GH_OK)
		st = add(cli, name, text, &run, &err);
	if (st != GH_OK)
		return gh_say_failure(cli, &err);
	return show_added(cli, name, run);
}

static int show_sealed(struct gh_cli *cli, const char *name, const char *by,
		       const char *why)
{
	struct gh_doc *doc = calloc(1, sizeof *doc);
	bool ok = false;

	if (doc) {
		gh_doc_above(doc, "baseline \"%s\" is sealed by %s", name, by);
		gh_doc_fact(doc, "sealed", GH_CELL_BOOL, 1);
		gh_doc_text_fact(doc, "name", name);
		gh_doc_text_fact(doc, "by", by);
		gh_doc_text_fact(doc, "why", why);
		ok = gh_show_doc(cli, doc, false);
	}
	free(doc);
	return ok ? GH_EXIT_OK : gh_say_no_memory(cli);
}

int gh_baseline_seal(struct gh_cli *cli)
{
	const char *by = gh_cli_text(cli, "by");
	const char *why = gh_cli_text(cli, "why");
	const char *name;
	struct gh_store *store;
	struct gh_err err = { 0 };
	enum gh_status st = gh_baseline_name(cli, 1, &name, &err);

	if (st == GH_OK && (!by || !why))
		st = gh_fail(&err, GH_ARG,
			     "baseline seal: --by WHO and --why TEXT are "
			     "needed");
	if (st == GH_OK)
		st = gh_cli_store(cli, GH_STORE_WRITE, &store, &err);
	if (st != GH_OK)
		return gh_say_failure(cli, &err);
	st = gh_store_baseline_seal(store, name, by, why, gh_wall_s(cli->clock),
				    &err);
	gh_store_close(store);
	if (st != GH_OK)
		return gh_say_failure(cli, &err);
	return show_sealed(cli, name, by, why);
}
