/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * diagnose - from findings to named faults. Joints of an arm disturb each
 * other and a cable disturbs everything, so the cause that explains most is
 * named first and what it explains is not reported again.
 */
#ifndef GH_JUDGE_DIAGNOSE_H
#define GH_JUDGE_DIAGNOSE_H

#include "judge/judge.h" /* struct gh_judge_in, struct gh_result */

/* What explains a finding, and what the finding was before it was explained. */
struct gh_explained {
	int by; /* the diagnosis, -1: none; then nothing else is set */
	enum gh_state state;
	enum gh_reason reason;
	bool hard;
	bool is_scaled; /* so large, and no larger, that its cause makes it */
};

/*
 * A fault may leave nothing to look at (no load, no angle it pulls at), or push
 * another number to its limit: not told, because of what is known.
 */
bool gh_diagnose_is_unsettled(enum gh_state state, enum gh_reason reason);

/*
 * Adds diagnoses and turns findings that a fault elsewhere explains into
 * watch. to[i] is of findings[i].
 */
void gh_diagnose(const struct gh_judge_in *in, struct gh_result *res,
		 struct gh_explained to[GH_JUDGE_FINDINGS]);

/* The same for what is open again since then. */
void gh_diagnose_more(const struct gh_judge_in *in, struct gh_result *res,
		      struct gh_explained to[GH_JUDGE_FINDINGS]);

#endif
