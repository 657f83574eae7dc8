/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * main - finds the verb, lets the one parser read its options and runs it.
 * `ghostlight` alone is the terminal screen where there is one and a terminal
 * to draw it on, and `status` everywhere else.
 */
#include "base/clock.h"	 /* gh_clock_real */
#include "cli/form.h"	 /* gh_form_exit_of_plugin */
#include "cli/options.h" /* gh_cli_parse */
#include "cli/say.h"	 /* gh_say_error */
#include "cli/signals.h" /* gh_signals_ignore_pipe */
#include "cli/usage.h"	 /* gh_usage_verb */
#include "cli/verb.h"	 /* gh_verbs */
#include "cli/write_file.h" /* gh_files_private */
#include "report/formats.h" /* struct gh_jsonl */

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct gh_verb *default_verb(void)
{
	const struct gh_verb *ui = gh_verb_find("ui");
	const char *term = getenv("TERM");
	const bool usable = term && term[0] && strcmp(term, "dumb") != 0;

	if (ui && usable && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO))
		return ui;
	return gh_verb_find("status");
}

/* The verb and, in *args, where its arguments begin. */
static const struct gh_verb *choose(char **argv, char ***args,
				    struct gh_err *err)
{
	const struct gh_verb *verb;

	*args = argv + (argv[0] != NULL);
	if (!**args)
		return default_verb();
	if (strcmp(**args, "--version") == 0)
		return gh_verb_find("help");
	if (strcmp(**args, "--help") == 0) {
		++*args;
		return gh_verb_find("help");
	}
	if (***args == '-')
		return default_verb();
	verb = gh_verb_find(**args);
	if (!verb)
		(void)!gh_verb_unknown(**args, err);
	++*args;
	return verb;
}

/* A full disk or a closed pipe must not look like success. */
static int flushed(struct gh_cli *cli, int code)
{
	const struct gh_err full = { GH_OUTPUT, 0,
				     "the result could not be written to "
				     "the standard output" };

	if (fflush(cli->out) == 0 && !ferror(cli->out))
		return code;
	gh_say_error(cli, &full);
	return GH_EXIT_INTERNAL;
}

/* Before the options are read, or when they cannot be. */
static bool is_plugin(char **argv)
{
	for (; *argv && strcmp(*argv, "--") != 0; argv++)
		if (strcmp(*argv, "--nagios") == 0)
			return true;
	return false;
}

/* Monitoring reads one line of standard output and nothing else. */
static int misused(struct gh_cli *cli, char **argv, const struct gh_err *err)
{
	gh_say_error(cli, err);
	if (!is_plugin(argv))
		return GH_EXIT_USAGE;
	gh_report_nagios_failed(err->msg, cli->out);
	return flushed(cli, GH_EXIT_UNSURE);
}

static int run(struct gh_cli *cli)
{
	const bool plugin = gh_form_of(cli) == GH_FORM_NAGIOS;
	struct gh_jsonl stream = { .out = cli->out };
	int code;

	/* cppcheck-suppress autoVariables ; taken back below */
	cli->stream = gh_form_of(cli) == GH_FORM_JSONL ? &stream : NULL;
	code = flushed(cli, cli->verb->run(cli));
	cli->stream = NULL;
	return plugin ? gh_form_exit_of_plugin(code) : code;
}

int main(int argc, char **argv)
{
	struct gh_cli cli = { .clock = gh_clock_real(),
			      .out = stdout,
			      .err = stderr };
	struct gh_err err = { 0 };
	char **args;

	gh_files_private();
	gh_signals_ignore_pipe();
	cli.program = argc > 0 ? argv[0] : "ghostlight";
	cli.verb = choose(argv, &args, &err);
	if (!cli.verb || gh_cli_parse(&cli, args, &err) != GH_OK)
		return misused(&cli, argv, &err);
	if (cli.verb->passes)
		return flushed(&cli, cli.verb->run(&cli));
	if (gh_cli_on(&cli, "help")) {
		gh_usage_verb(cli.out, cli.verb);
		return flushed(&cli, GH_EXIT_OK);
	}
	return run(&cli);
}
