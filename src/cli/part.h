/* SPDX-License-Identifier: GPL-3.0-or-later */
/* part - what verb_part.c and part_*.c share: one part in one stored run. */
#ifndef GH_CLI_PART_H
#define GH_CLI_PART_H

#include "cli/show.h"	/* struct gh_cli, struct gh_store */
#include "cli/view.h"	/* struct gh_stored */
#include "report/doc.h" /* struct gh_doc */

struct gh_part_page {
	struct gh_cli *cli;
	struct gh_store *store;
	const struct gh_stored *run;
	unsigned part; /* index in the run */
	struct gh_doc *doc;
	struct gh_table metrics, looks; /* what doc points to */
	struct gh_plot plots[GH_DOC_PLOTS];
};

/* The next plot of the doc, with room for so many points; NULL: no memory. */
struct gh_plot *gh_part_plot(struct gh_part_page *p, const char *key,
			     size_t points);

/* The part's finding of that metric; NULL: none. */
const struct gh_finding *gh_part_finding(const struct gh_part_page *p,
					 unsigned part, const char *id);

/* ---- part_metrics.c: the first table, and since when ---- */
enum gh_status gh_part_metrics(struct gh_part_page *p,
			       struct gh_err *err) GH_MUST_CHECK;

/* ---- part_curves.c: what its recording shows, beside the baseline's ---- */
enum gh_status gh_part_curves(struct gh_part_page *p,
			      struct gh_err *err) GH_MUST_CHECK;

/* ---- part_light.c: looks of the core, fibres as bars, dropouts ---- */
enum gh_status gh_part_light(struct gh_part_page *p,
			     struct gh_err *err) GH_MUST_CHECK;

#endif
