/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/checking.h"

#include "cli/options.h"  /* gh_cli_text */
#include "cli/progress.h" /* gh_progress_start */
#include "cli/say.h"	  /* gh_say_error */
#include "cli/signals.h"  /* gh_signals_start */

void gh_checking_request(const struct gh_cli *cli, struct gh_checking *c)
{
	gh_path_rig(cli, &c->rig);
	gh_path_db(cli, &c->db);
	c->request = (struct gh_flow_request){
		.rig_file = c->rig.path,
		.port = gh_cli_text(cli, "port"),
		.db = c->db.path,
		.profile = gh_cli_text(cli, "profile"),
		.budget_s = gh_cli_number(cli, "budget", 0.0),
		.allow_motion = gh_cli_on(cli, "allow-motion") &&
				!gh_cli_on(cli, "no-motion"),
		.near = gh_cli_on(cli, "near"),
		.house_open = gh_cli_on(cli, "house-open"),
		.guided = gh_cli_on(cli, "guided"),
		.clear_latch = gh_cli_on(cli, "clear"),
		.record = gh_cli_text(cli, "record"),
		.clock = cli->clock,
	};
}

static size_t signal_fds(void *self, struct pollfd *out, size_t cap)
{
	(void)self;
	return gh_signals_fds(out, cap);
}

static enum gh_ear_word hear_signals(void *self)
{
	(void)self;
	return gh_signals_came() ? GH_EAR_STOP : GH_EAR_NOTHING;
}

struct gh_ears gh_checking_ears(const struct gh_cli *cli)
{
	if (cli->ears)
		return *cli->ears;
	return (struct gh_ears){ signal_fds, hear_signals, NULL };
}

void gh_checking_say_unstored(const struct gh_cli *cli, const struct gh_flow *f)
{
	const char *file = "";
	const struct gh_err *err = gh_flow_unstored(f, &file);

	if (!err)
		return;
	gh_say_error(cli, err);
	if (file[0])
		fprintf(cli->err,
			"ghostlight: the verdict stands; it is not in the "
			"database but in %s: `ghostlight import` takes it "
			"in\n",
			file);
	else
		fprintf(cli->err, "ghostlight: the verdict stands, but it is "
				  "stored nowhere: keep this output\n");
}

/* The verdict does not hang on it. */
static void say_unrecorded(const struct gh_cli *cli, const struct gh_flow *f)
{
	const struct gh_err *err = gh_flow_unrecorded(f);

	if (err)
		fprintf(cli->err, "ghostlight: %s; the verdict stands\n",
			err->msg);
}

enum gh_status gh_checking_run(const struct gh_cli *cli, struct gh_checking *c,
			       struct gh_flow **out, struct gh_err *err)
{
	const char *what =
		c->request.profile ? c->request.profile : gh_profiles[0].name;
	struct gh_progress progress;
	enum gh_status st = gh_signals_start(err);

	if (st != GH_OK)
		return st;
	if (c->request.budget_s > 0.0)
		what = "check";
	c->request.sink = gh_progress_start(&progress, cli, what);
	c->request.ears = gh_checking_ears(cli);
	st = gh_flow_check(&c->request, out, err);
	gh_progress_finish(&progress);
	gh_signals_finish();
	if (st != GH_OK)
		return st;
	if (gh_flow_trouble(*out)->code != GH_OK)
		gh_say_error(cli, gh_flow_trouble(*out));
	gh_checking_say_unstored(cli, *out);
	say_unrecorded(cli, *out);
	return GH_OK;
}
