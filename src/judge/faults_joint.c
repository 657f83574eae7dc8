/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * faults_joint - what goes wrong with a joint: signatures of measurement.md
 * section 5.1, in the order in which equals are preferred.
 */
#include "judge/fault_table.h" /* struct gh_fault_row */

#include <stddef.h>

#define CHAIN GH_SCOPE_CHAIN
#define OWN GH_SCOPE_OWN
#define RIG GH_SCOPE_RIG

/*
 * Gravity and inertia couple the joints of an arm: an elbow that hangs limp
 * unloads its shoulder, 2 deg of lash in a shoulder raised the elbow's residual
 * by 106 % (measurement.md section 3). Broken hard limits are not explained
 * away: no neighbour takes three quarters of a joint's load.
 */
static const struct gh_effect limp_effects[] = {
	{ "joint.*", OWN, true },	 { "servo.hold", OWN, true },
	{ "servo.rest", OWN, true },	 { "servo.break", OWN, true },
	{ "servo.stiction", OWN, true }, { "joint.*", CHAIN, false },
	{ "servo.hold", CHAIN, false },	 { "supply.idle", RIG, false },
	{ "crystal.*", CHAIN, false },	 GH_EFFECTS_END,
};

/* Without power it hangs as well, and says nothing at all. */
static const struct gh_effect silent_effects[] = {
	{ "joint.*", OWN, true },
	{ "servo.*", OWN, true },
	{ "joint.*", CHAIN, false },
	{ "servo.hold", CHAIN, false },
	{ "supply.*", RIG, false },
	{ "crystal.*", CHAIN, false },
	GH_EFFECTS_END,
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
	{ "joint.order_*", CHAIN, false },
	{ "supply.idle", RIG, false },
	{ "crystal.*", CHAIN, false },
	GH_EFFECTS_END,
};

static const struct gh_effect friction_effects[] = {
	{ "joint.*", OWN, true },	    { "servo.*", OWN, true },
	{ "joint.residual", CHAIN, false }, { "joint.order_*", CHAIN, false },
	{ "supply.idle", RIG, false },	    GH_EFFECTS_END,
};

/* The arm hangs elsewhere: so do the links and crystals on it. */
static const struct gh_effect shifted_effects[] = {
	{ "joint.*", OWN, true },
	{ "servo.hold", OWN, true },
	{ "joint.gravity*", CHAIN, false },
	{ "joint.residual", CHAIN, false },
	{ "servo.hold", CHAIN, false },
	{ "crystal.*", CHAIN, false },
	GH_EFFECTS_END,
};

/* Two joints are measured as each other; nothing of either is believed. */
static const struct gh_effect swap_effects[] = {
	{ "joint.*", GH_SCOPE_JOINTS, true },
	{ "joint.*", OWN, true },
	{ "servo.*", GH_SCOPE_JOINTS, false },
	{ "servo.*", OWN, true },
	{ "supply.*", RIG, false },
	{ "crystal.*", RIG, false },
	GH_EFFECTS_END,
};

static const struct gh_effect own_effects[] = {
	{ "joint.*", OWN, true },
	{ "servo.*", OWN, true },
	GH_EFFECTS_END,
};

const struct gh_fault_row gh_faults_joint[] = {
	/* Asked one, another moved: before anything else is believed. */
	{
		.name = "swapped_cable",
		.kind = GH_PART_JOINT,
		.tier = 0,
		.title = "another joint answers",
		.action =
			"Power off, swap the two servo plugs back, check again.",
		.other = "wrong rig file: then every part differs",
		.effects = swap_effects,
		.signs[0] = { GH_NEEDS("joint.identity", DOWN) },
	},
	/* One joint alone does not answer. */
	{
		.name = "no_power",
		.kind = GH_PART_JOINT,
		.tier = 1,
		.title = "joint gets no power",
		.action =
			"Power off, reseat this servo's plug, power on, check again.",
		.other = "broken_wire: then it holds its arm but says nothing",
		.effects = silent_effects,
		.signs[0] = { GH_NEEDS("servo.lost", UP),
			      GH_NEEDS("servo.lost_at", NOT_UP),
			      GH_HELPS("servo.vmin", DOWN),
			      GH_HELPS("joint.coulomb", SILENT),
			      GH_RIG_HELPS("supply.idle", LEANS_DOWN) },
	},
	{
		.name = "broken_wire",
		.kind = GH_PART_JOINT,
		.tier = 1,
		.title = "bus wire is broken",
		.action =
			"Power off, replace this joint's bus wire, check again.",
		.other = "no_power: then its plug is dead in every pose",
		.effects = silent_effects,
		.signs[0] = { GH_NEEDS("servo.lost", UP),
			      GH_NEEDS("servo.lost_at", UP),
			      GH_HELPS("servo.gap", UP) },
		/* Not a word in any pose, and yet it draws its share. */
		.signs[1] = { GH_NEEDS("servo.lost", UP),
			      GH_NEEDS("joint.coulomb", SILENT),
			      GH_RIG_HELPS("supply.idle", STEADY) },
	},
	/* The motor turns, the arm does not. */
	{
		.name = "gear_stripped",
		.kind = GH_PART_JOINT,
		.tier = 1,
		.title = "gears slip",
		.action = "Keep clear, power off, replace this servo's gears.",
		.other =
			"limp: then it hangs; wrong_limits: then it stops early (five)",
		.effects = limp_effects,
		.signs[0] = { GH_NEEDS("joint.answer", DOWN),
			      GH_NEEDS("servo.lost", NOT_UP) },
		.signs[1] = { GH_NEEDS("joint.follow", DOWN),
			      GH_NEEDS("joint.coulomb", NOT_UP),
			      GH_HELPS("joint.end_high", NONE),
			      GH_HELPS("joint.track", UP) },
		.signs[2] = { GH_NEEDS("joint.track", UP),
			      GH_NEEDS("joint.gravity", DOWN),
			      GH_HELPS("joint.residual", UP) },
	},
	/* It tracks perfectly: only the load it lost shows it. */
	{
		.name = "limp",
		.kind = GH_PART_JOINT,
		.tier = 1,
		.title = "arm hangs limp",
		.action =
			"Keep clear, power it off, tighten the horn screw, check again.",
		.other = "arm taken off: look whether it is there",
		.effects = limp_effects,
		.signs[0] = { GH_NEEDS("joint.gravity", DOWN),
			      GH_HELPS("joint.coulomb", NOT_UP),
			      GH_HELPS("joint.residual", NOT_UP),
			      GH_HELPS("joint.track", NOT_UP),
			      GH_HELPS("joint.viscous", NONE) },
	},
	{
		.name = "zero_shifted",
		.kind = GH_PART_JOINT,
		.tier = 1,
		.title = "encoder zero has moved",
		.action = "Set this servo's zero again, check again.",
		.other = "horn_slipped: then the ends are where they were",
		.effects = shifted_effects,
		.signs[0] = { GH_NEEDS("joint.gravity_phase", ANY),
			      GH_NEEDS("joint.end_high", ANY),
			      GH_NEEDS("joint.follow", NONE) },
		.signs[1] = { GH_NEEDS("joint.gravity_phase", ANY),
			      GH_NEEDS("joint.end_low", ANY),
			      GH_NEEDS("joint.follow", NONE) },
	},
	{
		.name = "horn_slipped",
		.kind = GH_PART_JOINT,
		.tier = 1,
		.title = "horn has slipped on its shaft",
		.action =
			"Power off, set the horn back and tighten it, check again.",
		.other = "zero_shifted: then the ends have moved too (five)",
		.effects = shifted_effects,
		.signs[0] = { GH_NEEDS("joint.gravity_phase", ANY),
			      GH_NEEDS("joint.gravity", NONE),
			      GH_HELPS("joint.end_high", NONE),
			      GH_HELPS("joint.end_low", NONE),
			      GH_HELPS("joint.residual", NONE) },
	},
	/*
	 * Lash gives lost motion at a reversal (the current that friction makes
	 * jump there comes late and small) and a rattle in between; a rub
	 * gives one place only; friction all round leaves the load as it was.
	 */
	{
		.name = "backlash",
		.kind = GH_PART_JOINT,
		.tier = 1,
		.title = "joint has play",
		.action =
			"Power off, tighten gearbox and horn by hand, check again.",
		.other =
			"loose_horn: then the encoder turns without dead travel",
		.effects = lash_effects,
		.signs[0] = { GH_NEEDS("joint.residual", UP),
			      GH_NEEDS("joint.jump", UP),
			      GH_NEEDS("joint.gravity", NOT_DOWN),
			      GH_HELPS("joint.dead", ANY),
			      GH_HELPS("joint.coulomb", NOT_UP) },
		.signs[1] = { GH_NEEDS("joint.residual", UP),
			      GH_NEEDS("joint.bind", NOT_UP),
			      GH_NEEDS("joint.coulomb", NOT_UP),
			      GH_NEEDS("joint.gravity", NOT_DOWN),
			      GH_HELPS("joint.jump", UP),
			      GH_HELPS("joint.dead", ANY) },
		/* The encoder turns at once, and the arm bumps into its load:
		 * a rub leaves the way after a turn as long as it was. */
		.signs[2] = { GH_NEEDS("joint.residual", UP),
			      GH_NEEDS("joint.dead", DOWN),
			      GH_NEEDS("joint.gravity", NOT_DOWN),
			      GH_NEEDS("joint.order_share", NOT_UP),
			      GH_HELPS("joint.coulomb", NOT_UP) },
	},
	{
		.name = "loose_horn",
		.kind = GH_PART_JOINT,
		.tier = 1,
		.title = "horn is loose on its shaft",
		.action = "Power off, tighten the horn screw, check again.",
		.other = "backlash: then the encoder shows dead travel too",
		.effects = lash_effects,
		.signs[0] = { GH_NEEDS("joint.residual", UP),
			      GH_NEEDS("joint.dead", NONE),
			      GH_NEEDS("joint.gravity", LEANS_DOWN),
			      GH_HELPS("joint.track", NOT_UP) },
	},
	{
		.name = "tooth_damage",
		.kind = GH_PART_JOINT,
		.tier = 1,
		.title = "a gear tooth is damaged",
		.action = "Replace this servo's gears, check again.",
		.other = "binding_spot: then it rubs in one place only",
		.effects = friction_effects,
		.signs[0] = { GH_NEEDS("joint.order_share", UP),
			      GH_NEEDS("joint.residual", UP),
			      GH_NEEDS("joint.gravity", NOT_DOWN),
			      GH_HELPS("joint.order_40", UP) },
	},
	{
		.name = "binding_spot",
		.kind = GH_PART_JOINT,
		.tier = 1,
		.title = "joint rubs in one place",
		.action = "Free what rubs at the angle shown, check again.",
		.other = "tooth_damage: then it ticks all along the way",
		.effects = friction_effects,
		.signs[0] = { GH_NEEDS("joint.bind", UP),
			      GH_NEEDS("joint.jump", NOT_UP),
			      GH_NEEDS("joint.dead", NOT_DOWN),
			      GH_NEEDS("joint.viscous", NOT_UP),
			      GH_NEEDS("joint.gravity", NOT_DOWN),
			      GH_HELPS("joint.residual", UP),
			      GH_HELPS("joint.coulomb", NOT_UP) },
	},
	/* The same load and friction cost more current. */
	{
		.name = "weak_motor",
		.kind = GH_PART_JOINT,
		.tier = 1,
		.title = "motor is weak",
		.action = "Replace this servo, check again.",
		.other = "heavier arm: then the friction is as it was",
		.effects = friction_effects,
		.signs[0] = { GH_NEEDS("joint.gravity", UP),
			      GH_HELPS("joint.coulomb", UP),
			      GH_HELPS("joint.gravity_phase", NONE),
			      GH_HELPS("servo.hold", UP) },
	},
	{
		.name = "dry_joint",
		.kind = GH_PART_JOINT,
		.tier = 1,
		.title = "joint is stiff all round",
		.action = "Grease or free this joint's bearing, check again.",
		.other = "cold stage: then its neighbours are stiff too",
		.effects = friction_effects,
		.signs[0] = { GH_NEEDS("joint.coulomb", UP),
			      GH_NEEDS("joint.viscous", UP),
			      GH_NEEDS("joint.gravity", NONE),
			      GH_HELPS("joint.bind", NOT_UP) },
		.signs[1] = { GH_NEEDS("joint.coulomb", UP),
			      GH_NEEDS("joint.bind", NOT_UP),
			      GH_NEEDS("joint.gravity", NONE),
			      GH_HELPS("joint.viscous", UP) },
	},
	{
		.name = "short_travel",
		.kind = GH_PART_JOINT,
		.tier = 1,
		.title = "something blocks the end of its travel",
		.action =
			"Keep clear, look what stands in its way, check again.",
		.other = "wrong_limits: then it stops without pushing",
		.effects = own_effects,
		.signs[0] = { GH_NEEDS("joint.end_high", DOWN),
			      GH_NEEDS("joint.gravity_phase", NONE),
			      GH_NEEDS("joint.end_push", UP) },
		.signs[1] = { GH_NEEDS("joint.end_low", UP),
			      GH_NEEDS("joint.gravity_phase", NONE),
			      GH_NEEDS("joint.end_push", UP) },
		.signs[2] = { GH_NEEDS("joint.blocked", UP) },
	},
	{
		.name = "wrong_limits",
		.kind = GH_PART_JOINT,
		.tier = 1,
		.title = "a stored limit stops it early",
		.action = "Set this servo's travel limits again, check again.",
		.other = "short_travel: then it pushes against something",
		.effects = own_effects,
		.signs[0] = { GH_NEEDS("joint.end_high", DOWN),
			      GH_NEEDS("joint.end_low", NONE),
			      GH_NEEDS("joint.end_push", NOT_UP),
			      GH_HELPS("joint.follow", DOWN) },
		.signs[1] = { GH_NEEDS("joint.end_low", UP),
			      GH_NEEDS("joint.end_high", NONE),
			      GH_NEEDS("joint.end_push", NOT_UP),
			      GH_HELPS("joint.follow", DOWN) },
		.signs[2] = { GH_NEEDS("joint.refused", UP) },
	},
	{
		.name = "overheating",
		.kind = GH_PART_JOINT,
		.tier = 1,
		.title = "servo runs hot",
		.action = "Let it cool, free its vents, check again.",
		.other = "dry_joint: then its current is up too",
		.effects = own_effects,
		.signs[0] = { GH_NEEDS("servo.dtemp", UP),
			      GH_NEEDS("joint.coulomb", NOT_UP) },
	},
	{ .name = NULL },
};
