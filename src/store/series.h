/* SPDX-License-Identifier: GPL-3.0-or-later */
/* series - one metric of one part over all runs, and all metrics of one run. */
#ifndef GH_STORE_SERIES_H
#define GH_STORE_SERIES_H

#include "store/store.h" /* struct gh_store */

struct gh_series_row {
	int64_t run, started_s;
	unsigned session, version; /* version: of the metric */
	double v[3]; /* the third one is NAN */
	char firmware[24], rig_sha256[65], serial[GH_NAME_CAP];
	char baseline[64]; /* that the run was judged by, "": none */
	bool simulated;
	enum gh_verdict verdict; /* of the run */
};

struct gh_series_query {
	const char *serial; /* NULL: of the sculpture measured last */
	const char *part, *metric;
	int64_t since_s;
};

/*
 * The runs that have this value, as they began, oldest first; of more than cap
 * the newest. One sculpture alone, and either real runs or simulated ones, as
 * the last one measured here is. Replays are left out.
 */
enum gh_status gh_store_series(struct gh_store *st,
			       const struct gh_series_query *q,
			       struct gh_series_row *out, size_t cap, size_t *n,
			       struct gh_err *err) GH_MUST_CHECK;

/*
 * What that metric of that part was judged by in that run; all NAN: it was
 * not.
 */
enum gh_status gh_store_limits(struct gh_store *st, int64_t run,
			       const char *part, const char *metric,
			       struct gh_worst *out,
			       struct gh_err *err) GH_MUST_CHECK;

/* Where measures are read to: cap places in out and, unless NULL, versions. */
struct gh_measures_room {
	const struct gh_judge_part *parts; /* of gh_store_get_result */
	unsigned n_parts;
	struct gh_measure *out;
	unsigned *versions;
	size_t cap, n; /* n: how many there were */
};

/*
 * What was measured in that run. A metric that this version does not know has
 * no row in its table (metric NULL).
 */
enum gh_status gh_store_measures(struct gh_store *st, int64_t run,
				 gh_metric_find *find,
				 struct gh_measures_room *room,
				 struct gh_err *err) GH_MUST_CHECK;

/* The parts of a run, judged or not. */
enum gh_status gh_store_parts(struct gh_store *st, int64_t run,
			      struct gh_judge_part *out, unsigned *n,
			      struct gh_err *err) GH_MUST_CHECK;

#endif
