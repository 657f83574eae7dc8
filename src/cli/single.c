/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/single.h"

#include "cli/checking.h" /* gh_checking_ears */
#include "cli/form.h"	  /* gh_form_of */
#include "cli/options.h"  /* gh_cli_text */
#include "cli/paths.h"	  /* gh_path_rig */
#include "cli/progress.h" /* gh_progress_start */
#include "cli/say.h"	  /* gh_say_failure */
#include "cli/signals.h"  /* gh_signals_start */

static bool is_held(const struct gh_single_ask *ask,
		    const struct gh_single_view *view,
		    const struct gh_err *trouble)
{
	/* Ctrl-C is how a look ends. */
	return ask->kind == GH_SINGLE_LOOK && !view->unsafe_end &&
	       trouble->code == GH_CANCELLED && view->duration_s > 0.0;
}

static int exit_code(const struct gh_single_view *view,
		     const struct gh_err *trouble)
{
	if (view->unsafe_end)
		return GH_EXIT_HOLD;
	if (trouble->code != GH_OK)
		return gh_exit_of(trouble->code);
	return view->answer == GH_ANSWER_NO || view->answer == GH_ANSWER_UNSEEN
		       ? GH_EXIT_UNSURE
		       : GH_EXIT_OK;
}

static bool print(struct gh_cli *cli, const struct gh_single_view *view)
{
	const enum gh_form form = gh_form_of(cli);

	if (form == GH_FORM_JSON)
		return gh_single_json(view, cli->out);
	/* Nothing was seen: the error says it all. */
	if (form != GH_FORM_QUIET && !view->error[0])
		gh_single_text(view, cli->out);
	return true;
}

int gh_single_show(struct gh_cli *cli, const struct gh_single_ask *ask,
		   const struct gh_flow *f)
{
	const struct gh_single_view *view = gh_flow_single_view(f);
	const struct gh_err *trouble = gh_flow_trouble(f);
	const struct gh_err *unrecorded = gh_flow_unrecorded(f);

	if (unrecorded)
		gh_say_error(cli, unrecorded);
	if (!print(cli, view))
		return gh_say_no_memory(cli);
	if (is_held(ask, view, trouble))
		return GH_EXIT_OK;
	if (trouble->code != GH_OK)
		gh_say_error(cli, trouble);
	return exit_code(view, trouble);
}

static int run(struct gh_cli *cli, struct gh_flow_request *req)
{
	struct gh_progress progress;
	struct gh_flow *f = NULL;
	struct gh_err err = { 0 };
	enum gh_status st = gh_signals_start(&err);
	int code;

	if (st != GH_OK)
		return gh_say_failure(cli, &err);
	req->sink = gh_progress_start(&progress, cli, cli->verb->name);
	req->ears = gh_checking_ears(cli);
	st = gh_flow_check(req, &f, &err);
	gh_progress_finish(&progress);
	gh_signals_finish();
	if (st != GH_OK)
		return gh_say_failure(cli, &err);
	code = gh_single_show(cli, req->single, f);
	gh_flow_destroy(f);
	return code;
}

int gh_single_run(struct gh_cli *cli, const char *part,
		  const struct gh_single_ask *ask)
{
	const bool moves = cli->verb->moves;
	struct gh_path rig, db;

	gh_path_rig(cli, &rig);
	gh_path_db(cli, &db);
	return run(cli, &(struct gh_flow_request){
				.rig_file = rig.path,
				.port = gh_cli_text(cli, "port"),
				.db = db.path,
				.only = part,
				.single = ask,
				.allow_motion =
					moves && gh_cli_on(cli, "allow-motion"),
				.clear_latch = moves && gh_cli_on(cli, "clear"),
				.record = gh_cli_text(cli, "record"),
				.clock = cli->clock,
			});
}
