/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * members - the rows that the runs of a baseline gave for one metric of one
 * part, and what can be said of them without statistics.
 */
#ifndef GH_JUDGE_MEMBERS_H
#define GH_JUDGE_MEMBERS_H

#include "judge/judge.h" /* struct gh_baseline, struct gh_base_value */

#include <stdbool.h>
#include <stddef.h>

/* The rows of one metric of one part; rows of another version do not count. */
struct gh_members {
	const struct gh_base_value *row;
	size_t n;
	unsigned version;
	int width; /* how much of v must be there: 3 for colours, 2 for rates */
};

/* id: with its instance. None at all: n is 0. */
struct gh_members gh_members_find(const struct gh_baseline *b, const char *id,
				  const char *part,
				  const struct gh_metric *metric);

/* Right version, finite numbers. */
bool gh_member_counts(const struct gh_members *m, size_t i);

/* Those that count, and in how many sessions they were taken. */
unsigned gh_members_count(const struct gh_members *m);
unsigned gh_members_sessions(const struct gh_members *m);

/* Of component c, NAN of none; circular ones through the unit circle. */
double gh_members_mean(const struct gh_members *m, enum gh_metric_kind kind,
		       int c);

/* Deviations are shares of the mean, not in the metric's unit. */
bool gh_members_relative(const struct gh_metric *metric);

#endif
