/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * view - from what the store knows of a run to what reports show of it. A run
 * just taken and a run read back go through the same function, so that
 * `report RUN` says what `check` said.
 */
#ifndef GH_CLI_VIEW_H
#define GH_CLI_VIEW_H

#include "engine/event.h" /* struct gh_run_view */
#include "store/store.h"  /* struct gh_run_info */

/* Pointers of *out are borrowed from the arguments. */
void gh_view_of(struct gh_run_view *out, const struct gh_run_info *info,
		const struct gh_judge_part *parts, unsigned n_parts,
		const struct gh_result *result);

/* The exit code of a run that ended so with that verdict. */
int gh_view_exit_code(enum gh_run_end end, enum gh_verdict verdict);

/* The row of a metric by the id of a finding; NULL: none of this version. */
const struct gh_metric *gh_view_metric(const char *id);

enum { GH_STORED_REMARKS = 32 }; /* the newest ones of a run */

/* A run of the store, as it was said. */
struct gh_stored {
	struct gh_run_info info;
	struct gh_judge_part parts[GH_JUDGE_PARTS];
	unsigned n_parts;
	struct gh_result result;
	struct gh_not_listed not_checked[GH_NOT_LISTED];
	size_t n_not_checked;
	struct gh_accept accepts[GH_JUDGE_ACCEPTS];
	struct gh_remark remarks[GH_STORED_REMARKS];
	char chain[65];
	struct gh_run_safety safety;
	struct gh_run_view view;
};

/* The run's id: "last" (of that serial, NULL: of any) or a number. */
enum gh_status gh_stored_find(struct gh_store *st, const char *text,
			      const char *serial, int64_t *run,
			      struct gh_err *err) GH_MUST_CHECK;

/*
 * On the heap, it is large: free() it. Its texts live as long as the store is
 * open.
 */
enum gh_status gh_stored_get(struct gh_store *st, int64_t run,
			     struct gh_stored **out,
			     struct gh_err *err) GH_MUST_CHECK;

#endif
