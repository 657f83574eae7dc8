/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * say - how failures are told and which exit code they have. One line: what,
 * which part or port, expected, found, and what to try.
 */
#ifndef GH_CLI_SAY_H
#define GH_CLI_SAY_H

#include "base/status.h" /* struct gh_err */
#include "cli/verb.h"	 /* struct gh_cli */

/* "ghostlight: MESSAGE. Try: ADVICE" on stderr. */
void gh_say_error(const struct gh_cli *cli, const struct gh_err *err);

/*
 * The exit code of a failure: 64 for what the caller wrote, 70 for what lies
 * in this computer, 130 stopped, 3 (UNSURE) for all that kept us from knowing.
 */
int gh_exit_of(enum gh_status code);

/* gh_say_error and gh_exit_of in one. */
int gh_say_failure(const struct gh_cli *cli, const struct gh_err *err);

/*
 * What every answer that could not be drawn comes to: GH_NOMEM, said. A full
 * disk is said by main().
 */
int gh_say_no_memory(const struct gh_cli *cli);

#endif
