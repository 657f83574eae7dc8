/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/exercise.h"

#include <stddef.h>

static const char *const names[GH_EX_COUNT] = {
	[GH_EX_IDENTITY] = "identity", [GH_EX_TRAVEL] = "travel",
	[GH_EX_SWEEP] = "sweep",       [GH_EX_DWELL] = "dwell",
	[GH_EX_REVERSAL] = "reversal", [GH_EX_STEP] = "step",
	[GH_EX_HOLD] = "hold",	       [GH_EX_STILL] = "still",
	[GH_EX_DARK] = "dark",	       [GH_EX_CHANNEL] = "channel",
	[GH_EX_LOOK] = "look",	       [GH_EX_PULSE] = "pulse",
	[GH_EX_SPOT] = "spot",	       [GH_EX_END] = "end",
	[GH_EX_REST] = "rest",	       [GH_EX_PRESS] = "press",
};

const char *gh_exercise_name(enum gh_exercise e)
{
	return (size_t)e < GH_EX_COUNT ? names[e] : "?";
}
