/* SPDX-License-Identifier: GPL-3.0-or-later */
/* first - since when a part's findings have not passed. */
#ifndef GH_STORE_FIRST_H
#define GH_STORE_FIRST_H

#include "store/store.h" /* struct gh_store */

/* Runs that are looked at, the newest: a year of nights. */
enum { GH_FIRST_RUNS = 400 };

struct gh_first {
	const char *id; /* of the metric; given */
	int64_t run, started_s; /* the earliest of them; 0: it passes now */
	unsigned runs;		/* that did not pass, the one asked about too */
	bool is_open;	/* of none before them is known that it passed */
	bool is_unsure; /* in the run asked about it was `unknown` */
};

/*
 * Back from `run` for as long as that finding of the part was not `pass`. Runs
 * that skipped it say nothing, nor do those that could not tell, as before
 * there was a baseline, unless `run` itself could not. Runs of the same
 * sculpture, simulated or not as that one was; neither replays nor imported
 * ones, unless it is itself one.
 */
enum gh_status gh_store_first(struct gh_store *st, int64_t run,
			      const char *part, struct gh_first *ids, size_t n,
			      struct gh_err *err) GH_MUST_CHECK;

#endif
