/* SPDX-License-Identifier: GPL-3.0-or-later */
/* people - what the verbs share that add a person's word to the record. */
#ifndef GH_CLI_PEOPLE_H
#define GH_CLI_PEOPLE_H

#include "cli/show.h"	  /* struct gh_cli, struct gh_store */
#include "report/doc.h"	  /* struct gh_doc */
#include "store/remark.h" /* struct gh_remark */

/* A row of "part", "run" and "by". */
#define GH_PEOPLE_OPTIONS                                                      \
	{ "part", "PART", "about this part", GH_OPT_TEXT },                    \
		{ "run", "RUN", "about this run: its number or last",          \
		  GH_OPT_TEXT },                                               \
	{                                                                      \
		"by", "WHO", "who says so", GH_OPT_TEXT                        \
	}

/* Copies a text that was given; GH_ARG: longer than cap - 1 bytes. */
enum gh_status gh_people_text(char *out, size_t cap, const char *what,
			      const char *text,
			      struct gh_err *err) GH_MUST_CHECK;

/*
 * Time, serial (of --rig, else of the last run), --part, --run and --by into
 * *out. GH_ARG: one of them is no such thing.
 */
enum gh_status gh_people_remark(struct gh_cli *cli, struct gh_store *st,
				struct gh_remark *out,
				struct gh_err *err) GH_MUST_CHECK;

/* An answer as --json, --csv (where the verb has it), --plain or text. */
bool gh_show_doc(const struct gh_cli *cli, const struct gh_doc *doc,
		 bool has_csv);

/* One remark that was just added. */
bool gh_people_show(const struct gh_cli *cli, const struct gh_remark *r);

#endif
