/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * flow_past - what the history says of each group of exercises: when it was
 * last done, and how often the faults that only it shows were found.
 */
#include "cli/flow_state.h" /* struct gh_flow */

#include "cli/view.h" /* gh_stored_get */

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { RUNS_MAX = 64 };

#define DAY_S 86400.0
/* What is assumed before anything is known weighs as much as this: a year. */
#define PRIOR_DAYS 365.25

/* True when the list "a, b" has the name. */
static bool names(const char *list, const char *name)
{
	const size_t n = strlen(name);
	const char *at = list;

	while ((at = strstr(at, name)) != NULL) {
		const bool starts = at == list || at[-1] == ' ';

		if (starts && (at[n] == ',' || at[n] == '\0'))
			return true;
		at += n;
	}
	return false;
}

/* One run of the history, its faults counted where they belong. */
static void count(struct gh_flow *f, const struct gh_run_info *info,
		  double found[GH_GROUP_COUNT], struct gh_plan_past *past)
{
	const double age = (double)(f->info.started_s - info->started_s);
	struct gh_stored *run = NULL;
	struct gh_err err = { 0 };
	const bool known =
		gh_stored_get(f->store, info->run, &run, &err) == GH_OK;

	for (unsigned g = 0; g < GH_GROUP_COUNT; g++) {
		const enum gh_plan_group group = (enum gh_plan_group)g;
		const enum gh_exercise e = gh_plan_group_exercise(group);
		const char *hides =
			gh_exercise_hides(e, gh_plan_group_kind(group));

		if (e == GH_EX_COUNT || !(info->exercises >> e & 1))
			continue;
		past[g].age_days = fmin(past[g].age_days, age / DAY_S);
		for (size_t i = 0; known && i < run->result.n_diagnoses; i++)
			found[g] +=
				names(hides, run->result.diagnoses[i].fault);
	}
	free(run);
}

static void learn(struct gh_flow *f, const struct gh_history_row *rows,
		  size_t n, struct gh_plan_past *out)
{
	double found[GH_GROUP_COUNT] = { 0 };
	double days = 0.0;

	for (size_t i = 0; i < n; i++) {
		const struct gh_run_info *info = &rows[i].info;

		if (info->end != GH_RUN_COMPLETE ||
		    info->simulated != f->info.simulated)
			continue;
		days = fmax(days,
			    (double)(f->info.started_s - info->started_s) /
				    DAY_S);
		count(f, info, found, out);
	}
	for (unsigned g = 0; g < GH_GROUP_COUNT; g++)
		out[g].risk = (out[g].risk * PRIOR_DAYS + found[g]) /
			      (PRIOR_DAYS + days);
}

bool flow_past(struct gh_flow *f, struct gh_plan_past *out)
{
	const struct gh_history_ask ask = { .serial = f->info.serial };
	struct gh_history_row *rows = calloc(RUNS_MAX, sizeof *rows);
	struct gh_err err = { 0 };
	size_t n = 0;
	bool known;

	/* A replay does again what was done, without this history. */
	known = rows && f->store && !f->req.single && !f->req.replay &&
		!f->req.record && f->info.deadline_s > gh_profiles[0].seconds &&
		gh_store_history(f->store, &ask, rows, RUNS_MAX, &n, &err) ==
			GH_OK;
	for (unsigned g = 0; known && g < GH_GROUP_COUNT; g++) {
		const enum gh_plan_group group = (enum gh_plan_group)g;

		out[g] = gh_plan_no_past(group);
		/* Where it can be told, a group that was never done comes
		 * first. */
		if (gh_plan_group_exercise(group) != GH_EX_COUNT)
			out[g].age_days = INFINITY;
	}
	if (known)
		learn(f, rows, n, out);
	free(rows);
	return known;
}
