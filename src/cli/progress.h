/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * progress - what a run tells while it is on, on stderr: one line that is
 * written over on a terminal, a line per phase everywhere else.
 */
#ifndef GH_CLI_PROGRESS_H
#define GH_CLI_PROGRESS_H

#include "cli/verb.h"	  /* struct gh_cli */
#include "engine/event.h" /* struct gh_sink */

struct gh_progress {
	const struct gh_cli *cli;
	const char *what; /* "places" */
	bool silent;	  /* only the stream of --jsonl hears it */
	bool over;	  /* write over the line */
	bool open;	  /* a line without its newline is there */
	gh_us next;	  /* when the line may be written again */
};

/* The sink that shows it; p lives as long as the run. */
struct gh_sink gh_progress_start(struct gh_progress *p,
				 const struct gh_cli *cli, const char *what);
/* Leaves the terminal on a fresh line. */
void gh_progress_finish(struct gh_progress *p);

#endif
