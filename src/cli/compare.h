/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * compare - two runs, or a run and a baseline, value by value. Noise is what
 * the run's own report judged by: half the distance of its limits, widened
 * because a single run is noisier than the mean of a baseline.
 */
#ifndef GH_CLI_COMPARE_H
#define GH_CLI_COMPARE_H

#include "cli/view.h"	  /* struct gh_stored */
#include "report/table.h" /* struct gh_table */
#include "store/series.h" /* gh_store_measures */

/* One metric of one part on one side. */
struct gh_compare_value {
	char part[GH_NAME_CAP], id[GH_METRIC_ID_CAP];
	const struct gh_metric *metric; /* NULL: not of this version */
	unsigned version;
	enum gh_reason reason; /* why there is no value */
	double v[3];
	double half; /* of the limits it was judged by, NAN: none */
};

struct gh_compare_side {
	char name[64]; /* "run 12", "baseline studio" */
	bool is_baseline;
	char serial[GH_NAME_CAP];
	int64_t started_s; /* 0: of a baseline */
	bool simulated;
	unsigned sessions; /* of the baseline it was judged by */
	struct gh_key key;
	struct gh_compare_value *values; /* heap, sorted by part and id */
	size_t n;
};

/*
 * A side that is `previous` becomes, in text, the run before the other one of
 * the same sculpture and profile, real or simulated as it is. GH_ARG: the other
 * is no run; GH_NODATA: there is none before it.
 */
enum gh_status gh_compare_previous(struct gh_store *st, const char *words[2],
				   const char *serial, char text[24],
				   struct gh_err *err) GH_MUST_CHECK;

/* A run number, `last` or a baseline's name. GH_ARG: none of these. */
enum gh_status gh_compare_load(struct gh_store *st, const char *word,
			       const char *serial, struct gh_compare_side *out,
			       struct gh_err *err) GH_MUST_CHECK;
/* The same of a baseline alone. GH_NODATA: there is none of that name. */
enum gh_status gh_compare_baseline(struct gh_store *st, const char *name,
				   struct gh_compare_side *out,
				   struct gh_err *err) GH_MUST_CHECK;
void gh_compare_free(struct gh_compare_side *side);

struct gh_compare_row {
	const struct gh_compare_value *a, *b; /* NULL: only the other has it */
	double change, noise; /* in the unit; Delta-E00 of colours */
	double ratio;	      /* |change| / noise, NAN: not told */
	char why[80];	      /* it cannot be told, "" else */
};

/*
 * Rows of two sides, heap, *n of them: the part with the largest ratio first,
 * in it the largest first. NULL: no memory. why: the sides do not compare,
 * NULL: they do.
 */
struct gh_compare_row *gh_compare_rows(const struct gh_compare_side *a,
				       const struct gh_compare_side *b,
				       const char *why, size_t *n);

/* An empty table for them; judged: also noise and what follows from it. */
struct gh_table gh_compare_table(bool judged);
void gh_compare_put(struct gh_table *t, const struct gh_compare_row *row);

/* The i-th field of the validity keys that differs; false: no more. */
struct gh_compare_field {
	const char *name, *a, *b;
};
bool gh_compare_differs(const struct gh_key *a, const struct gh_key *b,
			unsigned i, struct gh_compare_field *out);

#endif
