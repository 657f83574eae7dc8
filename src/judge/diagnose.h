/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * diagnose - from findings to named faults. Joints of an arm disturb each
 * other and a cable disturbs everything, so the cause that explains most is
 * named first and what it explains is not reported again.
 */
#ifndef GH_JUDGE_DIAGNOSE_H
#define GH_JUDGE_DIAGNOSE_H

#include "judge/judge.h" /* struct gh_judge_in, struct gh_result */

/*
 * Adds diagnoses and turns findings that a fault elsewhere explains into
 * watch. by[i]: the diagnosis that explains findings[i], -1: none.
 */
void gh_diagnose(const struct gh_judge_in *in, struct gh_result *res,
		 int by[GH_JUDGE_FINDINGS]);

#endif
