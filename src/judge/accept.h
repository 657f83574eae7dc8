/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * accept - fails that somebody answers for are known: they count as WATCH and
 * are shown with owner and last day. Worse than accepted, or past that day,
 * they fail again (interface.md section 2, rule 5).
 */
#ifndef GH_JUDGE_ACCEPT_H
#define GH_JUDGE_ACCEPT_H

#include "judge/diagnose.h" /* struct gh_explained */
#include "judge/finding.h" /* struct gh_trial */
#include "judge/judge.h"   /* struct gh_judge_in, struct gh_result */

/*
 * After the diagnosis, which needs the fails as they are. Sets fates. An
 * accepted fault explains nothing away: what it explained elsewhere is as it
 * was, unless an acceptance covers that too. Returns whether any is open again.
 */
bool gh_accepts_judge(const struct gh_judge_in *in,
		      const struct gh_trial *trials, struct gh_result *res,
		      struct gh_explained to[GH_JUDGE_FINDINGS]);

#endif
