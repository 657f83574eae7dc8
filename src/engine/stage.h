/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stage - what the judge must know of the rig, taken from the rig. */
#ifndef GH_ENGINE_STAGE_H
#define GH_ENGINE_STAGE_H

#include "judge/judge.h" /* struct gh_judge_part */
#include "rig/rig.h"	 /* struct gh_rig */

/*
 * Fills out[GH_JUDGE_PARTS] in the rig's order and returns how many parts
 * there are. only: the one part of a narrowed check (link and controller stand
 * behind every reading and stay in), -1: all.
 */
unsigned gh_stage_parts(const struct gh_rig *rig, int only,
			struct gh_judge_part *out);

#endif
