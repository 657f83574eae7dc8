/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * usage - help texts, drawn from the verb table and nothing else.
 */
#ifndef GH_CLI_USAGE_H
#define GH_CLI_USAGE_H

#include "cli/verb.h" /* struct gh_verb */

void gh_usage_all(FILE *out);
void gh_usage_verb(FILE *out, const struct gh_verb *verb);

/*
 * The sections SYNOPSIS, VERBS and OPTIONS of the manual page, in mdoc;
 * scripts/gen-man puts them into scripts/ghostlight.1.in.
 */
void gh_usage_mdoc(FILE *out);

#endif
