/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * faults_light - what goes wrong with all that shines or is shone at:
 * signatures of measurement.md section 5.1.
 */
#include "judge/fault_table.h" /* struct gh_fault_row */

#include <stddef.h>

#define OWN GH_SCOPE_OWN
#define RIG GH_SCOPE_RIG

/* Fibres are judged against their siblings, so a dim lamp leaves them alone,
 * unless so little light is left that their ratios mean nothing. */
static const struct gh_effect dim_effects[] = {
	{ "core.*", OWN, true },
	{ "pulse.*", OWN, true },
	{ "fibre.*", RIG, false },
	GH_EFFECTS_END,
};

/* A lost channel changes every look, and white where white is made of RGB. */
static const struct gh_effect channel_effects[] = {
	{ "core.level_white", OWN, true },   { "core.colour_*", OWN, true },
	{ "core.domwl_*", OWN, true },	     { "core.purity_*", OWN, true },
	{ "core.light", OWN, true },	     { "core.sensor_ratio", OWN, true },
	{ "core.superposition", OWN, true }, { "pulse.*", OWN, true },
	{ "fibre.hue", RIG, false },	     { "fibre.min_mean", RIG, false },
	{ "fibre.cv", RIG, false },	     GH_EFFECTS_END,
};

static const struct gh_effect window_effects[] = {
	{ "core.*", OWN, true },
	{ "pulse.*", OWN, true },
	{ "fibre.hue", RIG, true },
	GH_EFFECTS_END,
};

static const struct gh_effect sputter_effects[] = {
	{ "core.*", OWN, true },
	{ "pulse.*", OWN, true },
	{ "fibre.*", RIG, false },
	GH_EFFECTS_END,
};

static const struct gh_effect fibre_effects[] = {
	{ "fibre.*", OWN, true },
	{ "fibre.min_mean", RIG, false },
	{ "fibre.cv", RIG, false },
	GH_EFFECTS_END,
};

static const struct gh_effect crystal_effects[] = {
	{ "crystal.*", OWN, true },
	GH_EFFECTS_END,
};

static const struct gh_effect chrome_effects[] = {
	{ "chrome.*", OWN, true },
	GH_EFFECTS_END,
};

#define LAMP_ACTION "Reseat the lamp cable, check its driver, check again."

/* A channel that is lost: its own level, and no other's. */
#define CHANNEL_LOST(word, id, else_1, else_2)                                 \
	{                                                                      \
		.name = word "_lost", .kind = GH_PART_CORE, .tier = 1,         \
		.title = "core has lost its " word, .action = LAMP_ACTION,     \
		.other = "core_yellow: then every fibre is yellower too",      \
		.effects = channel_effects, .signs[0] = {                      \
			GH_NEEDS(id, DOWN),                                    \
			GH_NEEDS("core.white_hue", NONE),                      \
			GH_NEEDS(else_1, NOT_NEARLY_DOWN),                      \
			GH_NEEDS(else_2, NOT_NEARLY_DOWN),                      \
			GH_HELPS("core.colour_*", ANY)                         \
		}                                                              \
	}

const struct gh_fault_row gh_faults_light[] = {
	{
		.name = "core_sputter",
		.kind = GH_PART_CORE,
		.tier = 1,
		.title = "core sputters",
		.action =
			"Reseat the lamp's plug and driver, look at it, check again.",
		.other = "supply: then it sputters only while arms move",
		.effects = sputter_effects,
		.signs[0] = { GH_NEEDS("pulse.sputter_rate", UP),
			      GH_HELPS("pulse.sputter_dark", UP) },
		.signs[1] = { GH_NEEDS("pulse.sputter_dark", UP),
			      GH_HELPS("pulse.sputter_rate", UP) },
	},
	{
		.name = "core_dim",
		.kind = GH_PART_CORE,
		.tier = 1,
		.title = "core is dim",
		.action =
			"Check the core's lamp supply and window, check again.",
		.other = "colour sensor dirty: then the fibres are as bright",
		.effects = dim_effects,
		.signs[0] = { GH_NEEDS("core.level_red", DOWN),
			      GH_NEEDS("core.level_green", DOWN),
			      GH_NEEDS("core.level_blue", DOWN),
			      GH_HELPS("core.level_white", DOWN),
			      GH_HELPS("core.white_hue", NONE),
			      GH_HELPS("core.light", DOWN) },
		/* At the limit chance decides which colours pass. */
		.signs[1] = { GH_NEEDS("core.level_red", NEARLY_DOWN),
			      GH_NEEDS("core.level_green", NEARLY_DOWN),
			      GH_NEEDS("core.level_blue", NEARLY_DOWN),
			      GH_NEEDS("core.light", LEANS_DOWN),
			      GH_NEEDS("core.white_hue", NONE) },
	},
	/* Blue is missing from the white light too: it is not the blue LED. */
	{
		.name = "core_yellow",
		.kind = GH_PART_CORE,
		.tier = 1,
		.title = "core shines yellow",
		.action = "Clean or replace the core's window, check again.",
		.other = "blue_lost: then its white light is as white as ever",
		.effects = window_effects,
		.signs[0] = { GH_NEEDS("core.level_blue", DOWN),
			      GH_NEEDS("core.white_hue", DOWN),
			      GH_HELPS("core.level_red", NOT_DOWN),
			      GH_HELPS("core.colour_*", ANY) },
	},
	CHANNEL_LOST("blue", "core.level_blue", "core.level_red",
		     "core.level_green"),
	CHANNEL_LOST("red", "core.level_red", "core.level_green",
		     "core.level_blue"),
	CHANNEL_LOST("green", "core.level_green", "core.level_red",
		     "core.level_blue"),
	{
		.name = "white_lost",
		.kind = GH_PART_CORE,
		.tier = 1,
		.title = "core has lost its white",
		.action = LAMP_ACTION,
		.effects = channel_effects,
		.signs[0] = { GH_NEEDS("core.level_white", DOWN),
			      GH_HELPS("core.level_red", NOT_DOWN),
			      GH_HELPS("core.level_green", NOT_DOWN),
			      GH_HELPS("core.level_blue", NOT_DOWN) },
	},
	{
		.name = "fibre_unplugged",
		.kind = GH_PART_FIBRE,
		.tier = 1,
		.title = "fibre is unplugged",
		.action = "Plug this fibre bundle in again, check again.",
		.other = "fibre_broken: then no room light gets in",
		.effects = fibre_effects,
		.signs[0] = { GH_NEEDS("fibre.rel", DOWN),
			      GH_NEEDS("fibre.dark", UP) },
	},
	{
		.name = "fibre_broken",
		.kind = GH_PART_FIBRE,
		.tier = 1,
		.title = "fibre is broken",
		.action = "Replace this fibre bundle, check again.",
		.other = "its photodiode is dead: look at the fibre's end",
		.effects = fibre_effects,
		.signs[0] = { GH_NEEDS("fibre.rel", GONE),
			      GH_NEEDS("fibre.dark", NOT_UP) },
	},
	{
		.name = "fibre_yellowed",
		.kind = GH_PART_FIBRE,
		.tier = 1,
		.title = "fibre has yellowed",
		.action =
			"Replace this fibre bundle when you can, check again.",
		.other = "core_yellow: then all fibres are yellower",
		.effects = fibre_effects,
		.signs[0] = { GH_NEEDS("fibre.hue", DOWN) },
	},
	{
		.name = "fibre_frayed",
		.kind = GH_PART_FIBRE,
		.tier = 1,
		.title = "fibre is frayed",
		.action = "Look for broken strands and bends, check again.",
		.other = "fibre_yellowed: then its blue falls most",
		.effects = fibre_effects,
		.signs[0] = { GH_NEEDS("fibre.rel", DOWN),
			      GH_NEEDS("fibre.hue", NONE) },
	},
	{
		.name = "crystal_shifted",
		.kind = GH_PART_CRYSTAL,
		.tier = 1,
		.title = "crystal sits elsewhere",
		.action = "Set this crystal back in its mount, check again.",
		.other = "horn_slipped: then all crystals of that arm move",
		.effects = crystal_effects,
		.signs[0] = { GH_NEEDS("crystal.peak_at", ANY),
			      GH_HELPS("crystal.sparkle", NONE) },
		/* So far away that no flash is left in its window. */
		.signs[1] = { GH_NEEDS("crystal.sparkle", DOWN),
			      GH_NEEDS("crystal.peak_at", SILENT) },
	},
	{
		.name = "crystal_dull",
		.kind = GH_PART_CRYSTAL,
		.tier = 1,
		.title = "crystal is dull",
		.action = "Clean this crystal's faces, check again.",
		.other = "spotlight dim: then all crystals are darker",
		.effects = crystal_effects,
		.signs[0] = { GH_NEEDS("crystal.sparkle", DOWN) },
	},
	{
		.name = "chrome_tarnished",
		.kind = GH_PART_CHROME,
		.tier = 1,
		.title = "chrome is tarnished",
		.action = "Polish this arm's chrome, check again.",
		.other = "chrome_dirty: then wiping brings it back",
		.effects = chrome_effects,
		.signs[0] = { GH_NEEDS("chrome.reflect", DOWN),
			      GH_NEEDS("chrome.tint", DOWN) },
	},
	{
		.name = "chrome_dirty",
		.kind = GH_PART_CHROME,
		.tier = 1,
		.title = "chrome is dirty",
		.action = "Wipe this arm's chrome, check again.",
		.other = "chrome_tarnished: then it is browner too",
		.effects = chrome_effects,
		.signs[0] = { GH_NEEDS("chrome.reflect", DOWN),
			      GH_NEEDS("chrome.tint", NOT_DOWN) },
	},
	{ .name = NULL },
};
