/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * faults_sensor - sensors that contradict their fellows, and what a probe's
 * refusal says of one. They make a part UNSURE, never HOLD.
 */
#include "judge/fault_table.h" /* struct gh_suspicion */

#include "base/status.h" /* GH_ARRAY_SIZE */

#include <assert.h>
#include <stddef.h>
#include <string.h>

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

static const char *const supply_says[] = { "supply.v*", "supply.rsource",
					   "supply.ripple", NULL };
static const char *const fibre_says[] = { "fibre.*", NULL };
static const char *const chrome_says[] = { "chrome.*", NULL };
static const char *const crystal_says[] = { "crystal.*", NULL };
static const char *const encoder_says[] = { "joint.*", "servo.break",
					    "servo.stiction", NULL };

/* A core that drops out is darker for the faster eye alone, and that is no
 * fault of the eye. */
#define ODD_PHOTODIODE(name, light, ratio)                                     \
	{                                                                      \
		.kind = GH_PART_CORE, .fault = (name), .sensor = "photodiode",   \
		.because = "the colour sensor sees no change",                 \
		.suspects = photodiode_says, .signs = {                        \
			GH_NEEDS("core.light", light),                         \
			GH_NEEDS("core.sensor_ratio", ratio),                  \
			GH_NEEDS("core.level_red", SAME),                      \
			GH_NEEDS("core.level_green", SAME),                    \
			GH_NEEDS("core.level_blue", SAME),                     \
			GH_NEEDS("core.level_white", NONE),                    \
			GH_NEEDS("pulse.sputter_dark", NOT_UP)                 \
		}                                                              \
	}

const struct gh_suspicion gh_suspicions[] = {
	/* First: what it disbelieves the next row would take for dead. */
	{
		.kind = GH_PART_CORE,
		.fault = "sensor_saturated",
		.sensor = "colour sensor",
		.because = "all colours grew, the photodiode sees no change",
		.suspects = colour_sensor_says,
		.signs = { GH_NEEDS("core.light", SAME),
			   GH_NEEDS("core.level_red", UP),
			   GH_NEEDS("core.level_green", UP),
			   GH_NEEDS("core.level_blue", UP) },
	},
	/* The photodiode sees the old light: the lamp is well. */
	{
		.kind = GH_PART_CORE,
		.fault = "sensor_dead",
		.sensor = "colour sensor",
		.because = "the photodiode sees no change",
		.suspects = colour_sensor_says,
		.signs = { GH_NEEDS("core.sensor_ratio", ANY),
			   GH_NEEDS("core.light", SAME),
			   GH_NEEDS("core.level_red", ANY),
			   GH_NEEDS("core.level_green", ANY),
			   GH_NEEDS("core.level_blue", ANY) },
	},
	/* One lost channel moves the ratio a little, and its level. */
	{
		.kind = GH_PART_CORE,
		.fault = "sensor_dead",
		.sensor = "colour sensor",
		.because = "the photodiode sees no change",
		.suspects = colour_sensor_says,
		.signs = { GH_NEEDS("core.sensor_ratio", ANY),
			   GH_NEEDS("core.light", SAME),
			   GH_NEEDS("core.level_red", NONE),
			   GH_NEEDS("core.level_green", NONE),
			   GH_NEEDS("core.level_blue", NONE) },
	},
	/* A lamp that dims moves both sensors alike, and not their ratio. */
	ODD_PHOTODIODE("sensor_dead", DOWN, LEANS_UP),
	ODD_PHOTODIODE("sensor_saturated", UP, LEANS_DOWN),
	ODD_PHOTODIODE("sensor_dead", DOWN, SILENT),
	/*
	 * Load, dry friction and grease do not shrink alike; a current sensor
	 * that lost gain shrinks all it reports.
	 */
	{
		.kind = GH_PART_JOINT,
		.fault = "sensor_dead",
		.sensor = "current sensor",
		.because = "load and friction shrank alike",
		.suspects = current_sensor_says,
		.alike = { "joint.gravity", "joint.coulomb", "joint.viscous" },
		.signs = { GH_NEEDS("joint.gravity", DOWN),
			   GH_NEEDS("joint.coulomb", DOWN),
			   GH_NEEDS("joint.viscous", DOWN) },
	},
	/* Position jumps, current does not: nothing else looks at the arm. */
	{
		.kind = GH_PART_JOINT,
		.fault = "encoder_fault",
		.sensor = "encoder",
		.because = "it jumps where the current is calm",
		.suspects = encoder_says,
		.signs = { GH_NEEDS("joint.encoder_jump", UP) },
	},
	/* Cables and plugs get worse, never better. */
	{
		.kind = GH_PART_SUPPLY,
		.fault = "sensor_stale",
		.sensor = "voltage sensor",
		.because = "it hardly follows the load",
		.suspects = supply_says,
		.signs = { GH_NEEDS("supply.rsource", DOWN) },
	},
	/* Light does not grow on its way: the sensor makes too much of it. */
	{
		.kind = GH_PART_FIBRE,
		.fault = "sensor_saturated",
		.sensor = "photodiode",
		.because = "no bundle passes more light than it did",
		.suspects = fibre_says,
		.signs = { GH_NEEDS("fibre.rel", UP) },
	},
	{
		.kind = GH_PART_CHROME,
		.fault = "sensor_saturated",
		.sensor = "photodiode",
		.because = "no chrome mirrors more than it did",
		.suspects = chrome_says,
		.signs = { GH_NEEDS("chrome.reflect", UP) },
	},
	/* The flash is as sharp as ever, all light is more or less. */
	{
		.kind = GH_PART_CRYSTAL,
		.fault = "sensor_saturated",
		.sensor = "photodiode",
		.because = "flash and rest grew alike",
		.suspects = crystal_says,
		.signs = { GH_NEEDS("crystal.mean", UP),
			   GH_NEEDS("crystal.sparkle", NONE) },
	},
	{ .sensor = NULL },
};

static const struct gh_sensor_fault sensor_faults[] = {
	{ GH_REASON_SENSOR_SUSPECT, "sensor_dead", "sensor suspect",
	  "Check this sensor's plug and window, then check again." },
	{ GH_REASON_SENSOR_STALE, "sensor_stale", "sensor repeats old values",
	  "Power the sensor off and on, check its plug, check again." },
	{ GH_REASON_SATURATED, "sensor_saturated", "sensor is overdriven",
	  "Set this sensor's gain or distance again, check again." },
	{ GH_REASON_AMBIENT, "ambient_leak", "room light outshines the core",
	  "Darken the stage or cover the window, check again." },
	/* Not by a reason: a suspicion says it. */
	{ GH_REASON_COUNT, "encoder_fault", "encoder jumps",
	  "Replace this servo or its encoder, check again." },
};

const struct gh_sensor_fault *gh_sensor_fault_of(enum gh_reason reason)
{
	for (size_t i = 0; i < GH_ARRAY_SIZE(sensor_faults); i++)
		if (sensor_faults[i].reason == reason)
			return &sensor_faults[i];
	return NULL;
}

const struct gh_sensor_fault *gh_sensor_fault_find(const char *fault)
{
	size_t i = 0;

	while (strcmp(sensor_faults[i].fault, fault) != 0) {
		i++;
		assert(i < GH_ARRAY_SIZE(sensor_faults));
	}
	return &sensor_faults[i];
}
