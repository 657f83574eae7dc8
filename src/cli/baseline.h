/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * baseline - the parts of verb `baseline`: what each of its words does.
 */
#ifndef GH_CLI_BASELINE_H
#define GH_CLI_BASELINE_H

#include "base/status.h" /* enum gh_status */
#include "cli/verb.h"	 /* struct gh_cli */

int gh_baseline_list(struct gh_cli *cli);
int gh_baseline_show(struct gh_cli *cli);
int gh_baseline_diff(struct gh_cli *cli);
int gh_baseline_add(struct gh_cli *cli);
int gh_baseline_seal(struct gh_cli *cli);

/* --name or the word at that place, which must be there. */
enum gh_status gh_baseline_name(const struct gh_cli *cli, unsigned word,
				const char **name,
				struct gh_err *err) GH_MUST_CHECK;

#endif
