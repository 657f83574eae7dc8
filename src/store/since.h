/* SPDX-License-Identifier: GPL-3.0-or-later */
/* since - what the store knows to have happened after a run's verdict. */
#ifndef GH_STORE_SINCE_H
#define GH_STORE_SINCE_H

#include "store/remark.h" /* struct gh_remark */

/* The last run that was judged; else as gh_store_last_run. */
enum gh_status gh_store_last_judged(struct gh_store *st, const char *serial,
				    int64_t *run,
				    struct gh_err *err) GH_MUST_CHECK;

struct gh_since {
	int64_t later;	/* the newest run after it, whatever became of it; 0 */
	bool rebooted;	/* that one met another boot id */
	bool replugged; /* or another port */
	bool reflashed; /* or another firmware */
	char firmware[24];
	bool marked; /* somebody moved or mended it: */
	struct gh_remark mark;
};

/*
 * Of the same sculpture, real or simulated as the run was; replays and
 * imported runs say nothing.
 */
enum gh_status gh_store_since(struct gh_store *st, int64_t run,
			      struct gh_since *out,
			      struct gh_err *err) GH_MUST_CHECK;

#endif
