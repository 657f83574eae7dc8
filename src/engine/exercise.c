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

static const struct hidden {
	enum gh_exercise exercise;
	enum gh_part_kind kind;
	const char *faults;
} hidden[] = {
	{ GH_EX_IDENTITY, GH_PART_CONTROLLER, "swapped_cable" },
	{ GH_EX_SWEEP, GH_PART_JOINT, "limp, dry_joint, binding_spot" },
	{ GH_EX_SWEEP, GH_PART_SUPPLY, "supply_sag" },
	{ GH_EX_REVERSAL, GH_PART_JOINT, "backlash, loose_horn" },
	{ GH_EX_STEP, GH_PART_JOINT, "weak_motor" },
	{ GH_EX_HOLD, GH_PART_JOINT, "overheating, weak_motor" },
	{ GH_EX_END, GH_PART_JOINT, "short_travel, wrong_limits" },
	{ GH_EX_CHANNEL, GH_PART_CORE, "red_lost, green_lost, blue_lost" },
	{ GH_EX_LOOK, GH_PART_CORE, "core_yellow" },
	{ GH_EX_PULSE, GH_PART_CORE, "core_sputter" },
	{ GH_EX_CHANNEL, GH_PART_FIBRE, "fibre_frayed, fibre_yellowed" },
	{ GH_EX_SPOT, GH_PART_CRYSTAL, "crystal_dull, crystal_shifted" },
	{ GH_EX_CHANNEL, GH_PART_CHROME, "chrome_tarnished, chrome_dirty" },
	{ GH_EX_PRESS, GH_PART_REMOTE, "remote_button_dead" },
};

const char *gh_exercise_hides(enum gh_exercise e, enum gh_part_kind kind)
{
	for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++)
		if (hidden[i].exercise == e && hidden[i].kind == kind)
			return hidden[i].faults;
	return "";
}
