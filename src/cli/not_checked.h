/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * not_checked - what a verdict does not speak about, and why: parts to look at
 * by eye, parts that were not run, and metrics without a value, grouped by
 * part and reason. Nothing may be missing in silence (design.md section 1.8).
 */
#ifndef GH_CLI_NOT_CHECKED_H
#define GH_CLI_NOT_CHECKED_H

#include "judge/judge.h" /* struct gh_not_listed */

/* Fills at most cap rows and returns how many, in the order of the parts. */
size_t gh_not_checked_list(const struct gh_judge_part *parts, unsigned n_parts,
			   const struct gh_result *result,
			   struct gh_not_listed *out, size_t cap);

#endif
