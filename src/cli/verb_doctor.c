/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * doctor - the chain from the cable to the answer: what was found, and the one
 * command that mends it. It changes nothing, and it talks only to the port that
 * was named on the command line or in the rig file.
 */
#include "base/text.h"	   /* gh_copy_text */
#include "cli/checking.h"  /* gh_checking_ears */
#include "cli/doctor.h"	   /* gh_doctor_judge */
#include "cli/find_port.h" /* gh_find_port */
#include "cli/flow.h"	   /* gh_flow_port */
#include "cli/hooks.h"	   /* gh_hooks_test */
#include "cli/options.h"   /* gh_cli_on */
#include "cli/say.h"	   /* gh_say_failure */
#include "cli/shelf.h"	   /* gh_shelf_put */
#include "cli/show.h"	   /* gh_shown */
#include "cli/signals.h"   /* gh_signals_start */
#include "cli/version.h"   /* gh_version */

#include <stdlib.h>

static const struct gh_option options[] = {
	{ "allow-motion", NULL,
	  "prove the watchdog: torque on, nothing is moved", GH_OPT_FLAG },
	{ "hooks", NULL, "only run every hook, with the event `test`",
	  GH_OPT_FLAG },
	{ 0 }
};

/* The rig of --rig or the usual one; *out NULL where there is none. */
static enum gh_status read_rig(struct gh_cli *cli, struct gh_rig **out,
			       struct gh_err *err)
{
	struct gh_path path;
	enum gh_status st;

	*out = NULL;
	gh_path_rig(cli, &path);
	if (!path.path[0])
		return GH_OK;
	*out = calloc(1, sizeof **out);
	if (!*out)
		return gh_fail(err, GH_NOMEM, "no memory for a rig");
	st = gh_rig_read(*out, path.path, err);
	if (st == GH_OK && !gh_driver_find((*out)->links[0].driver))
		st = gh_fail(err, GH_ARG, "%.60s: no driver is called \"%s\"",
			     (*out)->file, (*out)->links[0].driver);
	if (st == GH_OK)
		return GH_OK;
	free(*out);
	*out = NULL;
	if (st != GH_NOMEM)
		st = err->code = GH_ARG;
	return st;
}

static void say_line(void *self, const char *line)
{
	const struct gh_cli *cli = self;

	fprintf(cli->err, "ghostlight: %s\n", line);
}

/* Named on the command line, or found by what the rig file says of it. */
static void choose_port(struct gh_cli *cli, const struct gh_rig *rig,
			struct gh_doctor_facts *f)
{
	const char *port = gh_cli_text(cli, "port");
	const bool speaks = !gh_cli_on(cli, "quiet") && !gh_cli_on(cli, "json");
	const struct gh_find_port how = { .rig = rig,
					  .clock = cli->clock,
					  .ears = gh_checking_ears(cli),
					  .say = speaks ? say_line : NULL,
					  .self = cli };
	struct gh_err err = { 0 };

	if (port)
		gh_copy_text(f->port, sizeof f->port,
			     rig ? gh_flow_port(rig, port) : port);
	else if (!rig)
		gh_copy_text(f->why_no_port, sizeof f->why_no_port,
			     "no port was named, and no rig file says one");
	else if (gh_find_port(&how, f->port, sizeof f->port, &err) != GH_OK)
		gh_copy_text(f->why_no_port, sizeof f->why_no_port, err.msg);
	f->stopped = err.code == GH_CANCELLED;
}

static void take_request(struct gh_cli *cli, const struct gh_rig *rig,
			 struct gh_doctor_facts *f)
{
	f->allow_motion = gh_cli_on(cli, "allow-motion");
	if (!rig)
		return;
	gh_copy_text(f->rig_file, sizeof f->rig_file, rig->file);
	gh_copy_text(f->rig_driver, sizeof f->rig_driver, rig->links[0].driver);
	gh_copy_text(f->rig_id, sizeof f->rig_id, rig->links[0].id);
	f->rig_vid = rig->links[0].usb_vid;
	f->rig_pid = rig->links[0].usb_pid;
}

static bool shelve(struct gh_cli *cli, const struct gh_steps *steps)
{
	struct gh_doc *doc = calloc(1, sizeof *doc);
	struct gh_table table;
	bool ok = false;

	if (doc && gh_steps_doc(steps, &table, doc)) {
		ok = gh_shelf_put(cli->shelf, doc);
		gh_table_finish(&table);
	}
	free(doc);
	return ok;
}

static bool print(struct gh_cli *cli, const struct gh_steps *steps)
{
	if (cli->shelf)
		return shelve(cli, steps);
	if (gh_cli_on(cli, "json"))
		return gh_shown(cli, gh_steps_json(steps, cli->out));
	if (gh_cli_on(cli, "quiet"))
		gh_steps_last_line(steps, cli->out);
	else if (gh_cli_on(cli, "plain"))
		gh_steps_plain(steps, cli->out);
	else
		gh_steps_text(steps, cli->out);
	return true;
}

/* Machine first: a port that is held or not ours is not opened. */
static void examine(struct gh_cli *cli, const struct gh_rig *rig,
		    struct gh_doctor_facts *f, struct gh_steps *steps)
{
	const struct gh_ears ears = gh_checking_ears(cli);
	struct gh_path db;

	gh_path_db(cli, &db);
	take_request(cli, rig, f);
	choose_port(cli, rig, f);
	if (f->stopped)
		return;
	gh_doctor_machine(cli->clock, &ears, db.path, f);
	gh_doctor_judge(f, steps);
	f->stopped = f->stopped || ears.hear(ears.self) == GH_EAR_STOP;
	if (!f->stopped && steps->step[GH_DOCTOR_HOLDER].state == GH_STEP_OK)
		gh_doctor_talk(cli->clock, &ears, rig, f);
}

static int report(struct gh_cli *cli, struct gh_doctor_facts *f,
		  struct gh_steps *steps)
{
	/* From here on they are only shown. */
	gh_make_human(f->port);
	gh_make_human(f->rig_file);
	if (f->stopped && !f->unsafe) {
		fprintf(cli->err, "ghostlight: doctor: stopped\n");
		return GH_EXIT_STOPPED;
	}
	if (f->unsafe)
		fprintf(cli->err,
			"ghostlight: doctor: NOT SAFE: the safe state "
			"was not read back: switch the sculpture off "
			"at its own switch\n");
	if (f->listing.code != GH_OK)
		gh_say_error(cli, &f->listing);
	gh_doctor_judge(f, steps);
	steps->version = gh_version();
	steps->rig = f->rig_file;
	steps->port = f->port;
	return print(cli, steps) ? steps->exit_code : gh_say_no_memory(cli);
}

static int run(struct gh_cli *cli)
{
	struct gh_doctor_facts *facts;
	struct gh_steps *steps;
	struct gh_rig *rig = NULL;
	struct gh_err err = { 0 };
	int code;

	if (gh_cli_on(cli, "hooks"))
		return gh_hooks_test(cli);
	facts = calloc(1, sizeof *facts);
	steps = calloc(1, sizeof *steps);
	if (!facts || !steps)
		code = gh_say_no_memory(cli);
	else if (read_rig(cli, &rig, &err) != GH_OK ||
		 gh_signals_start(&err) != GH_OK)
		code = gh_say_failure(cli, &err);
	else {
		examine(cli, rig, facts, steps);
		gh_signals_finish();
		code = report(cli, facts, steps);
	}
	free(rig);
	free(steps);
	free(facts);
	return code;
}

const struct gh_verb gh_verb_doctor = {
	.name = "doctor",
	.summary = "from the cable to the answer: what is wrong, what mends it",
	.usage = "",
	.moves = true,
	.options = options,
	.run = run,
};
