/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/say.h"

#include "cli/form.h"	    /* gh_form_is_journal */
#include "report/formats.h" /* gh_report_nagios_failed */

#include <string.h>

static const int exit_codes[GH_STATUS_COUNT] = {
	[GH_OK] = GH_EXIT_OK,
	[GH_TIMEOUT] = GH_EXIT_UNSURE,
	[GH_IO] = GH_EXIT_UNSURE,
	[GH_GONE] = GH_EXIT_UNSURE,
	[GH_PROTO] = GH_EXIT_UNSURE,
	[GH_BUSY] = GH_EXIT_UNSURE,
	[GH_ARG] = GH_EXIT_USAGE,
	[GH_NOMEM] = GH_EXIT_INTERNAL,
	[GH_UNSUP] = GH_EXIT_UNSURE,
	[GH_NODATA] = GH_EXIT_UNSURE,
	[GH_CANCELLED] = GH_EXIT_STOPPED,
	[GH_UNSAFE] = GH_EXIT_UNSURE,
	[GH_STORE] = GH_EXIT_INTERNAL,
	[GH_STALE] = GH_EXIT_UNSURE,
	[GH_RESET] = GH_EXIT_UNSURE,
	[GH_OUTPUT] = GH_EXIT_INTERNAL,
};

int gh_exit_of(enum gh_status code)
{
	return (unsigned)code < GH_STATUS_COUNT ? exit_codes[code]
						: GH_EXIT_INTERNAL;
}

void gh_say_error(const struct gh_cli *cli, const struct gh_err *err)
{
	const size_t n = strlen(err->msg);
	const char *stop = n > 0 && strchr(".?", err->msg[n - 1]) ? "" : ".";

	/* Some monitors join both outputs: the one line says it. */
	if (gh_form_of(cli) == GH_FORM_NAGIOS)
		return;
	fprintf(cli->err, "%sghostlight: %s%s Try: %s\n",
		gh_form_is_journal(cli) ? gh_form_urgency(GH_VERDICT_UNSURE)
					: "",
		err->msg, stop, gh_status_advice(err->code));
}

int gh_say_failure(const struct gh_cli *cli, const struct gh_err *err)
{
	gh_say_error(cli, err);
	if (gh_form_of(cli) == GH_FORM_NAGIOS)
		gh_report_nagios_failed(err->msg, cli->out);
	return gh_exit_of(err->code);
}

int gh_say_no_memory(const struct gh_cli *cli)
{
	const struct gh_err err = { GH_NOMEM, 0, "no memory for the answer" };

	return gh_say_failure(cli, &err);
}
