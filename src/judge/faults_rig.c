/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * faults_rig - what disturbs the whole sculpture (tier 0: looked for first,
 * so that one cause is not told as twelve), and the remote.
 */
#include "judge/fault_table.h" /* struct gh_fault_row */

#include <stddef.h>

#define JOINTS GH_SCOPE_JOINTS
#define OWN GH_SCOPE_OWN
#define RIG GH_SCOPE_RIG

static const struct gh_effect dark_effects[] = {
	{ "supply.*", OWN, true },   { "joint.*", JOINTS, true },
	{ "servo.*", JOINTS, true }, { "crystal.*", RIG, true },
	{ "link.*", RIG, false },    GH_EFFECTS_END,
};

static const struct gh_effect sag_effects[] = {
	{ "supply.*", OWN, true },
	{ "joint.track", JOINTS, false },
	{ "joint.lag", JOINTS, false },
	{ "joint.loop", JOINTS, false },
	{ "joint.follow", JOINTS, false },
	{ "servo.v*", JOINTS, false },
	GH_EFFECTS_END,
};

static const struct gh_effect reset_effects[] = {
	{ "controller.*", OWN, true },
	{ "link.*", RIG, true },
	{ "servo.lost*", RIG, true },
	{ "servo.gap", RIG, true },
	GH_EFFECTS_END,
};

static const struct gh_effect lossy_effects[] = {
	{ "link.*", OWN, true },
	{ "servo.lost*", RIG, true },
	{ "servo.gap", RIG, true },
	GH_EFFECTS_END,
};

/* Late is not lost. */
static const struct gh_effect slow_effects[] = {
	{ "link.*", OWN, true },
	GH_EFFECTS_END,
};

static const struct gh_effect remote_effects[] = {
	{ "remote.*", OWN, true },
	GH_EFFECTS_END,
};

const struct gh_fault_row gh_faults_rig[] = {
	/* All joints silent and no volts: one cause, not twelve. */
	{
		.name = "no_power",
		.kind = GH_PART_SUPPLY,
		.tier = 0,
		.title = "supply is off",
		.action =
			"Switch the supply on, check its fuse and plug, check again.",
		.other = "supply_sag: then it is low only while arms move",
		.effects = dark_effects,
		.signs[0] = { GH_NEEDS("supply.vmin", DOWN),
			      GH_ALL_NEED("servo.lost", UP),
			      GH_HELPS("supply.vrest", DOWN) },
		.signs[1] = { GH_NEEDS("supply.vmin", DOWN),
			      GH_ALL_NEED("joint.coulomb", SILENT),
			      GH_HELPS("supply.vrest", DOWN) },
	},
	/* A reboot loses frames; lost frames reboot nothing. */
	{
		.name = "controller_reset",
		.kind = GH_PART_CONTROLLER,
		.tier = 0,
		.title = "controller rebooted",
		.action =
			"Check the controller's supply and plugs, check again.",
		.other = "supply_sag: then the volts fell first",
		.effects = reset_effects,
		.signs[0] = { GH_NEEDS("controller.resets", UP),
			      GH_HELPS("link.gap", UP) },
	},
	{
		.name = "link_lossy",
		.kind = GH_PART_LINK,
		.tier = 0,
		.title = "cable loses data",
		.action =
			"Replug or change the controller's cable, check again.",
		.other = "broken_wire: then one joint loses, in one pose",
		.effects = lossy_effects,
		/* Each loses as many as the cable, give or take chance. */
		.scaled = { "servo.lost", "link.bad", 3.0 },
		.signs[0] = { GH_NEEDS("link.bad", UP),
			      GH_ALL_HELP("servo.lost", UP) },
	},
	{
		.name = "link_slow",
		.kind = GH_PART_LINK,
		.tier = 0,
		.title = "controller answers late",
		.action =
			"Plug the cable straight in, without a hub, check again.",
		.other = "busy computer: close what else runs on it",
		.effects = slow_effects,
		.signs[0] = { GH_NEEDS("link.rtt_p99", UP),
			      GH_NEEDS("link.bad", NOT_UP) },
	},
	{
		.name = "supply_sag",
		.kind = GH_PART_SUPPLY,
		.tier = 0,
		.title = "supply sags under load",
		.action =
			"Check the supply's plugs and cable for heat, check again.",
		.other = "one servo's plug: then one joint alone is low",
		.effects = sag_effects,
		.signs[0] = { GH_NEEDS("supply.rsource", UP),
			      GH_HELPS("supply.vmin", DOWN) },
		.signs[1] = { GH_NEEDS("supply.vmin", DOWN),
			      GH_NEEDS("supply.vrest", NOT_DOWN),
			      GH_HELPS("supply.rsource", UP) },
	},
	{
		.name = "remote_button_dead",
		.kind = GH_PART_REMOTE,
		.tier = 1,
		.title = "remote's button is dead",
		.action = "Change the remote or its battery, check again.",
		.other = "nobody pressed: press it when asked",
		.effects = remote_effects,
		.signs[0] = { GH_NEEDS("remote.presses", DOWN) },
	},
	{
		.name = "remote_battery_low",
		.kind = GH_PART_REMOTE,
		.tier = 1,
		.title = "remote's battery is low",
		.action = "Change the remote's battery, check again.",
		.effects = remote_effects,
		.signs[0] = { GH_NEEDS("remote.battery", DOWN) },
	},
	{
		.name = "remote_weak_signal",
		.kind = GH_PART_REMOTE,
		.tier = 1,
		.title = "remote is hardly heard",
		.action =
			"Stand where the show stands, free its aerial, check again.",
		.effects = remote_effects,
		.signs[0] = { GH_NEEDS("remote.margin", DOWN),
			      GH_HELPS("remote.signal", DOWN) },
	},
	{ .name = NULL },
};
