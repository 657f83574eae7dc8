/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * summary - from findings and diagnoses to a state per part, one verdict and
 * the one line that says why.
 */
#ifndef GH_JUDGE_SUMMARY_H
#define GH_JUDGE_SUMMARY_H

#include "judge/diagnose.h" /* struct gh_explained */
#include "judge/judge.h" /* struct gh_judge_in, struct gh_result */

/* The widest line any screen or pager shows whole: interface.md section 2. */
#define GH_WHY_COLUMNS 80

/* to: of gh_diagnose(). */
void gh_summary_parts(const struct gh_judge_in *in, struct gh_result *res,
		      const struct gh_explained to[GH_JUDGE_FINDINGS]);

/* Needs the parts' states. */
void gh_summary_verdict(const struct gh_judge_in *in, struct gh_result *res);

#endif
