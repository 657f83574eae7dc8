/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * options - one parser for all verbs, driven by their tables, and the look-up
 * of what was given. Asking for an option that the verb's tables do not have
 * is a bug and asserted.
 */
#ifndef GH_CLI_OPTIONS_H
#define GH_CLI_OPTIONS_H

#include "base/status.h" /* enum gh_status */
#include "cli/verb.h"	 /* struct gh_cli */

/*
 * Reads argv after the verb into cli->given, words and rest. GH_ARG with one
 * line: unknown option (names the nearest), value missing or not of its kind,
 * a word too many. "--" ends the options.
 */
enum gh_status gh_cli_parse(struct gh_cli *cli, char **argv,
			    struct gh_err *err) GH_MUST_CHECK;

/* As if it had been given last; text is borrowed. false: there is no room. */
bool gh_cli_give(struct gh_cli *cli, const char *option, const char *text);

bool gh_cli_on(const struct gh_cli *cli, const char *option);
/* The value as given, NULL when the option was not. */
const char *gh_cli_text(const struct gh_cli *cli, const char *option);
/* Of a COUNT or SECONDS option. */
double gh_cli_number(const struct gh_cli *cli, const char *option,
		     double otherwise);
/* The word at that place, NULL when there are fewer. */
const char *gh_cli_word(const struct gh_cli *cli, unsigned i);

/* "45", "45s", "500ms", "2min", "4h" to seconds; false: none of these. */
bool gh_parse_seconds(const char *text, double *out);

/* GH_ARG `WHAT "word" is unknown, did you mean "x"?` among the verbs. */
enum gh_status gh_verb_unknown(const char *word, struct gh_err *err);

#endif
