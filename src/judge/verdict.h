/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * verdict - what the state of a finding counts as, and the worse of two
 * (interface.md section 2). Whoever needs a roll-up asks here.
 */
#ifndef GH_JUDGE_VERDICT_H
#define GH_JUDGE_VERDICT_H

#include "judge/judge.h" /* enum gh_state, enum gh_verdict */

/* The verdict a state counts as; NOT_RUN for skipped, which weighs nothing. */
enum gh_verdict gh_verdict_of_state(enum gh_state state);

/* The worse of two parts' verdicts; NOT_RUN weighs nothing. */
enum gh_verdict gh_verdict_worse(enum gh_verdict a, enum gh_verdict b);

#endif
