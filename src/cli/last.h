/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * last - the last run as it was said, for verbs that open no hardware. That
 * nobody has checked yet is an answer as well: UNSURE.
 */
#ifndef GH_CLI_LAST_H
#define GH_CLI_LAST_H

#include "cli/verb.h" /* struct gh_cli */
#include "cli/view.h" /* struct gh_stored */

struct gh_last {
	struct gh_store *store;	  /* NULL: there is no database */
	struct gh_stored *stored; /* its view is complete */
	bool found;		  /* false: stored says that there is none */
};

/*
 * Of the sculpture of --rig, else of any. gh_last_close in the case of GH_OK.
 */
enum gh_status gh_last_open(const struct gh_cli *cli, struct gh_last *out,
			    struct gh_err *err) GH_MUST_CHECK;
void gh_last_close(struct gh_last *last);

#endif
