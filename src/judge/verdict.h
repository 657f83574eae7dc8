/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * verdict - the one function that turns finding states into a verdict
 * (interface.md section 2). Whoever needs a roll-up asks here.
 */
#ifndef GH_JUDGE_VERDICT_H
#define GH_JUDGE_VERDICT_H

#include "judge/judge.h" /* enum gh_state, enum gh_verdict */

#include <stddef.h>

/* The verdict a state counts as; NOT_RUN for skipped, which weighs nothing. */
enum gh_verdict gh_verdict_of_state(enum gh_state state);

/* The worse of two parts' verdicts; NOT_RUN weighs nothing. */
enum gh_verdict gh_verdict_worse(enum gh_verdict a, enum gh_verdict b);

/* Worst counted state; NOT_RUN when all are skipped or there is none. */
enum gh_verdict gh_verdict_of_part(const enum gh_state *states, size_t n);

/* The same for a whole run: nothing counted is UNSURE. */
enum gh_verdict gh_verdict_of_run(const enum gh_state *states, size_t n);

#endif
