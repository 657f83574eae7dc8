/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/fault_table.h"

#include <stddef.h>

#define CHAIN GH_SCOPE_CHAIN
#define JOINTS GH_SCOPE_JOINTS
#define OWN GH_SCOPE_OWN
#define RIG GH_SCOPE_RIG

#define NEEDS(id, change)                                                      \
	{                                                                      \
		id, GH_CHANGE_##change, OWN, GH_WEIGHT_NEEDED                  \
	}
#define HELPS(id, change)                                                      \
	{                                                                      \
		id, GH_CHANGE_##change, OWN, GH_WEIGHT_SUPPORT                 \
	}
#define ALL_NEED(id, change)                                                   \
	{                                                                      \
		id, GH_CHANGE_##change, JOINTS, GH_WEIGHT_NEEDED               \
	}
#define ALL_HELP(id, change)                                                   \
	{                                                                      \
		id, GH_CHANGE_##change, JOINTS, GH_WEIGHT_SUPPORT              \
	}

/*
 * Gravity and inertia couple the joints of an arm: an elbow that hangs limp
 * unloads its shoulder, 2 deg of lash in a shoulder raised the elbow's residual
 * by 106 % (measurement.md section 3). Broken hard limits are not explained
 * away: no neighbour takes three quarters of a joint's load.
 */
static const struct gh_effect limp_effects[] = {
	{ "joint.*", OWN, true },
	{ "servo.hold", OWN, true },
	{ "servo.rest", OWN, true },
	{ "servo.break", OWN, true },
	{ "servo.stiction", OWN, true },
	{ "joint.*", CHAIN, false },
	{ "servo.hold", CHAIN, false },
	{ "supply.idle", RIG, false },
	{ NULL, OWN, false },
};

/* Without power it hangs as well, and says nothing at all. */
static const struct gh_effect silent_effects[] = {
	{ "joint.*", OWN, true },      { "servo.*", OWN, true },
	{ "joint.*", CHAIN, false },   { "servo.hold", CHAIN, false },
	{ "supply.idle", RIG, false }, { NULL, OWN, false },
};

/* Lash shakes the neighbours, it takes no load from them. */
static const struct gh_effect lash_effects[] = {
	{ "joint.*", OWN, true },
	{ "servo.*", OWN, true },
	{ "joint.residual", CHAIN, false },
	{ "joint.gravity_phase", CHAIN, false },
	{ "joint.bind", CHAIN, false },
	{ "joint.jump", CHAIN, false },
	{ "joint.dead", CHAIN, false },
	{ "joint.track", CHAIN, false },
	{ "joint.coulomb", CHAIN, false },
	{ "supply.idle", RIG, false },
	{ NULL, OWN, false },
};

static const struct gh_effect friction_effects[] = {
	{ "joint.*", OWN, true },
	{ "servo.*", OWN, true },
	{ "joint.residual", CHAIN, false },
	{ "supply.idle", RIG, false },
	{ NULL, OWN, false },
};

static const struct gh_effect dark_effects[] = {
	{ "supply.*", OWN, true },   { "joint.*", JOINTS, true },
	{ "servo.*", JOINTS, true }, { "link.*", RIG, false },
	{ NULL, OWN, false },
};

static const struct gh_effect sag_effects[] = {
	{ "supply.*", OWN, true },
	{ "joint.track", JOINTS, false },
	{ "joint.lag", JOINTS, false },
	{ "joint.loop", JOINTS, false },
	{ "joint.follow", JOINTS, false },
	{ "servo.v*", JOINTS, false },
	{ NULL, OWN, false },
};

static const struct gh_effect reset_effects[] = {
	{ "controller.*", OWN, true }, { "link.*", RIG, true },
	{ "servo.lost*", RIG, true },  { "servo.gap", RIG, true },
	{ NULL, OWN, false },
};

static const struct gh_effect lossy_effects[] = {
	{ "link.*", OWN, true },
	{ "servo.lost*", RIG, true },
	{ "servo.gap", RIG, true },
	{ NULL, OWN, false },
};

static const struct gh_effect dim_effects[] = {
	{ "core.*", OWN, true },
	{ "pulse.*", OWN, true },
	{ NULL, OWN, false },
};

/* A lost channel changes every look, and white where white is made of RGB. */
static const struct gh_effect channel_effects[] = {
	{ "core.level_white", OWN, true },
	{ "core.colour_*", OWN, true },
	{ "core.light", OWN, true },
	{ "core.sensor_ratio", OWN, true },
	{ "core.superposition", OWN, true },
	{ "pulse.*", OWN, true },
	{ NULL, OWN, false },
};

#define LAMP_ACTION "Reseat the lamp cable, check its driver, check again."

const struct gh_fault_row gh_fault_rows[] = {
	/* All joints silent and no volts: one cause, not twelve. */
	{
		.name = "no_power",
		.kind = GH_PART_SUPPLY,
		.tier = 0,
		.title = "supply is off",
		.action =
			"Switch the supply on, check its fuse and plug, check again.",
		.effects = dark_effects,
		.signs[0] = { NEEDS("supply.vmin", DOWN),
			      ALL_NEED("servo.lost", UP),
			      HELPS("supply.vrest", DOWN) },
		.signs[1] = { NEEDS("supply.vmin", DOWN),
			      ALL_NEED("joint.coulomb", SILENT),
			      HELPS("supply.vrest", DOWN) },
	},
	/* A reboot loses frames; lost frames reboot nothing. */
	{
		.name = "controller_reset",
		.kind = GH_PART_CONTROLLER,
		.tier = 0,
		.title = "controller rebooted",
		.action =
			"Check the controller's supply and plugs, check again.",
		.effects = reset_effects,
		.signs[0] = { NEEDS("controller.resets", UP),
			      HELPS("link.gap", UP) },
	},
	{
		.name = "link_lossy",
		.kind = GH_PART_LINK,
		.tier = 0,
		.title = "cable loses data",
		.action =
			"Replug or change the controller's cable, check again.",
		.effects = lossy_effects,
		.signs[0] = { NEEDS("link.bad", UP),
			      ALL_HELP("servo.lost", UP) },
	},
	{
		.name = "supply_sag",
		.kind = GH_PART_SUPPLY,
		.tier = 0,
		.title = "supply sags under load",
		.action =
			"Check the supply's plugs and cable for heat, check again.",
		.effects = sag_effects,
		.signs[0] = { NEEDS("supply.rsource", UP),
			      HELPS("supply.vmin", DOWN) },
		.signs[1] = { NEEDS("supply.vmin", DOWN),
			      NEEDS("supply.vrest", NOT_DOWN),
			      HELPS("supply.rsource", UP) },
	},
	/* One joint alone does not answer. */
	{
		.name = "no_power",
		.kind = GH_PART_JOINT,
		.tier = 1,
		.title = "joint gets no power",
		.action =
			"Power off, reseat this servo's plug, power on, check again.",
		.effects = silent_effects,
		.signs[0] = { NEEDS("servo.lost", UP),
			      HELPS("servo.vmin", DOWN),
			      HELPS("joint.coulomb", SILENT) },
	},
	/* It tracks perfectly: only the load it lost shows it. */
	{
		.name = "limp",
		.kind = GH_PART_JOINT,
		.tier = 1,
		.title = "arm hangs limp",
		.action =
			"Keep clear, power it off, tighten the horn screw, check again.",
		.effects = limp_effects,
		.signs[0] = { NEEDS("joint.gravity", DOWN),
			      HELPS("joint.coulomb", NOT_UP),
			      HELPS("joint.track", NOT_UP),
			      HELPS("joint.viscous", NONE) },
	},
	/*
	 * Lash gives lost motion at a reversal (the current that friction makes
	 * jump there comes late and small) and a rattle in between; a rub
	 * gives one place only; friction all round leaves the load as it was.
	 * A weak motor raises the gravity current too, so it is none of these.
	 */
	{
		.name = "backlash",
		.kind = GH_PART_JOINT,
		.tier = 1,
		.title = "joint has play",
		.action =
			"Power off, tighten gearbox and horn by hand, check again.",
		.effects = lash_effects,
		.signs[0] = { NEEDS("joint.residual", UP),
			      NEEDS("joint.jump", UP),
			      NEEDS("joint.gravity", NOT_DOWN),
			      HELPS("joint.dead", ANY),
			      HELPS("joint.coulomb", NOT_UP) },
		.signs[1] = { NEEDS("joint.residual", UP),
			      NEEDS("joint.bind", NOT_UP),
			      NEEDS("joint.coulomb", NOT_UP),
			      NEEDS("joint.gravity", NOT_DOWN),
			      HELPS("joint.jump", UP),
			      HELPS("joint.dead", ANY) },
	},
	{
		.name = "binding_spot",
		.kind = GH_PART_JOINT,
		.tier = 1,
		.title = "joint rubs in one place",
		.action = "Free what rubs at the angle shown, check again.",
		.effects = friction_effects,
		.signs[0] = { NEEDS("joint.bind", UP),
			      NEEDS("joint.jump", NOT_UP),
			      NEEDS("joint.viscous", NOT_UP),
			      NEEDS("joint.gravity", NOT_DOWN),
			      HELPS("joint.residual", UP),
			      HELPS("joint.coulomb", NOT_UP) },
	},
	{
		.name = "dry_joint",
		.kind = GH_PART_JOINT,
		.tier = 1,
		.title = "joint is stiff all round",
		.action = "Grease or free this joint's bearing, check again.",
		.effects = friction_effects,
		.signs[0] = { NEEDS("joint.coulomb", UP),
			      NEEDS("joint.viscous", UP),
			      NEEDS("joint.gravity", NONE),
			      HELPS("joint.bind", NOT_UP) },
		.signs[1] = { NEEDS("joint.coulomb", UP),
			      NEEDS("joint.bind", NOT_UP),
			      NEEDS("joint.gravity", NONE),
			      HELPS("joint.viscous", UP) },
	},
	{
		.name = "core_dim",
		.kind = GH_PART_CORE,
		.tier = 1,
		.title = "core is dim",
		.action =
			"Check the core's lamp supply and window, check again.",
		.effects = dim_effects,
		.signs[0] = { NEEDS("core.level_red", DOWN),
			      NEEDS("core.level_green", DOWN),
			      NEEDS("core.level_blue", DOWN),
			      HELPS("core.level_white", DOWN),
			      HELPS("core.light", DOWN) },
	},
	{
		.name = "blue_lost",
		.kind = GH_PART_CORE,
		.tier = 1,
		.title = "core has lost its blue",
		.action = LAMP_ACTION,
		.effects = channel_effects,
		.signs[0] = { NEEDS("core.level_blue", DOWN),
			      HELPS("core.level_red", NOT_DOWN),
			      HELPS("core.level_green", NOT_DOWN),
			      HELPS("core.colour_*", ANY) },
	},
	{
		.name = "red_lost",
		.kind = GH_PART_CORE,
		.tier = 1,
		.title = "core has lost its red",
		.action = LAMP_ACTION,
		.effects = channel_effects,
		.signs[0] = { NEEDS("core.level_red", DOWN),
			      HELPS("core.level_green", NOT_DOWN),
			      HELPS("core.level_blue", NOT_DOWN),
			      HELPS("core.colour_*", ANY) },
	},
	{
		.name = "green_lost",
		.kind = GH_PART_CORE,
		.tier = 1,
		.title = "core has lost its green",
		.action = LAMP_ACTION,
		.effects = channel_effects,
		.signs[0] = { NEEDS("core.level_green", DOWN),
			      HELPS("core.level_red", NOT_DOWN),
			      HELPS("core.level_blue", NOT_DOWN),
			      HELPS("core.colour_*", ANY) },
	},
	{
		.name = "white_lost",
		.kind = GH_PART_CORE,
		.tier = 1,
		.title = "core has lost its white",
		.action = LAMP_ACTION,
		.effects = channel_effects,
		.signs[0] = { NEEDS("core.level_white", DOWN),
			      HELPS("core.level_red", NOT_DOWN),
			      HELPS("core.level_green", NOT_DOWN),
			      HELPS("core.level_blue", NOT_DOWN) },
	},
	{ .name = NULL },
};

static const char *const colour_sensor_says[] = {
	"core.level_*", "core.colour_*",      "core.sensor_ratio",
	"core.dark",	"core.superposition", NULL
};
static const char *const photodiode_says[] = { "core.light",
					       "core.sensor_ratio", "pulse.*",
					       NULL };
static const char *const current_sensor_says[] = { "joint.gravity*",
						   "joint.coulomb",
						   "joint.viscous",
						   "joint.residual",
						   "joint.bind",
						   "joint.jump",
						   "servo.hold",
						   "servo.rest",
						   "servo.break",
						   "servo.stiction",
						   NULL };

const struct gh_suspicion gh_suspicions[] = {
	/* The photodiode sees the old light: the lamp is well. */
	{
		.kind = GH_PART_CORE,
		.sensor = "colour sensor",
		.because = "the photodiode sees no change",
		.suspects = colour_sensor_says,
		.signs = { NEEDS("core.sensor_ratio", ANY),
			   NEEDS("core.light", SAME),
			   NEEDS("core.level_red", ANY),
			   NEEDS("core.level_green", ANY),
			   NEEDS("core.level_blue", ANY) },
	},
	/* One lost channel moves the ratio a little, and its level. */
	{
		.kind = GH_PART_CORE,
		.sensor = "colour sensor",
		.because = "the photodiode sees no change",
		.suspects = colour_sensor_says,
		.signs = { NEEDS("core.sensor_ratio", ANY),
			   NEEDS("core.light", SAME),
			   NEEDS("core.level_red", NONE),
			   NEEDS("core.level_green", NONE),
			   NEEDS("core.level_blue", NONE) },
	},
	{
		.kind = GH_PART_CORE,
		.sensor = "photodiode",
		.because = "the colour sensor sees no change",
		.suspects = photodiode_says,
		.signs = { NEEDS("core.light", ANY),
			   NEEDS("core.level_red", SAME),
			   NEEDS("core.level_green", SAME),
			   NEEDS("core.level_blue", SAME),
			   NEEDS("core.level_white", NONE) },
	},
	/*
	 * Load, dry friction and grease do not shrink alike; a current sensor
	 * that lost gain shrinks all it reports.
	 */
	{
		.kind = GH_PART_JOINT,
		.sensor = "current sensor",
		.because = "load and friction shrank alike",
		.suspects = current_sensor_says,
		.alike = { "joint.gravity", "joint.coulomb", "joint.viscous" },
		.signs = { NEEDS("joint.gravity", DOWN),
			   NEEDS("joint.coulomb", DOWN),
			   NEEDS("joint.viscous", DOWN) },
	},
	{ .sensor = NULL },
};

const char *const gh_diagnosis_faults[] = {
	"limp",	      "dry_joint",	  "binding_spot",
	"backlash",   "no_power",	  "supply_sag",
	"core_dim",   "red_lost",	  "green_lost",
	"blue_lost",  "white_lost",	  "sensor_dead",
	"link_lossy", "controller_reset", NULL
};
