/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The healthy sculpture of fake_recording: its rig and its dials at rest. */
#include "fakes/fake_recording.h"

#include "base/text.h" /* gh_copy_text */

#include <string.h>

#define GRAVITY GH_FAKE_GRAVITY

static void name_part(struct gh_rig *rig, int i, const char *name,
		      enum gh_part_kind kind)
{
	(void)gh_copy_text(rig->parts[i].name, GH_NAME_CAP, name);
	rig->parts[i].kind = kind;
	rig->parts[i].joint = GH_RIG_NONE;
	rig->parts[i].link = GH_RIG_NONE;
	rig->parts[i].swept_by = GH_RIG_NONE;
}

static void make_rig(struct gh_rig *rig, unsigned n_joints)
{
	static const char *const names[] = { "grace.shoulder", "grace.elbow",
					     "grace.wrist" };
	static const double length_m[] = { 0.60, 0.35, 0.15 };
	static const double mass_kg[] = { 0.12, 0.08, 0.05 };

	rig->n_parts = GH_FAKE_PARTS;
	rig->n_arms = 1;
	rig->n_joints = n_joints;
	rig->arms[0].n = n_joints;
	for (unsigned j = 0; j < GH_FAKE_JOINTS; j++) {
		name_part(rig, (int)j, names[j],
			  j < n_joints ? GH_PART_JOINT : GH_PART_REMOTE);
		if (j >= n_joints)
			continue;
		rig->parts[j].joint = (int)j;
		rig->arms[0].joint[j] = (int)j;
		rig->joints[j].part = (int)j;
		rig->joints[j].order = j;
		rig->joints[j].length_m = length_m[j];
		rig->joints[j].mass_kg = mass_kg[j];
	}
	name_part(rig, GH_FAKE_CORE, "core", GH_PART_CORE);
	name_part(rig, GH_FAKE_SUPPLY, "supply", GH_PART_SUPPLY);
	name_part(rig, GH_FAKE_LINK, "usb", GH_PART_LINK);
	name_part(rig, GH_FAKE_CONTROLLER, "board", GH_PART_CONTROLLER);
}

static void add_lights(struct gh_rig *rig)
{
	static const char *const fibres[] = { "fibre.1", "fibre.2", "fibre.3" };
	static const char *const crystals[] = { "crystal.1", "crystal.2" };

	for (int i = 0; i < GH_FAKE_FIBRES; i++)
		name_part(rig, GH_FAKE_FIBRE + i, fibres[i], GH_PART_FIBRE);
	for (int i = 0; i < GH_FAKE_CRYSTALS; i++) {
		struct gh_rig_part *part = &rig->parts[GH_FAKE_CRYSTAL + i];

		name_part(rig, GH_FAKE_CRYSTAL + i, crystals[i],
			  GH_PART_CRYSTAL);
		part->swept_by = 0;
		part->window_lo_rad = -0.4;
		part->window_hi_rad = 0.5;
	}
	name_part(rig, GH_FAKE_CHROME, "chrome.grace", GH_PART_CHROME);
	name_part(rig, GH_FAKE_SPOTLIGHT, "spotlight", GH_PART_SPOTLIGHT);
	name_part(rig, GH_FAKE_REMOTE, "remote", GH_PART_REMOTE);
	rig->parts[GH_FAKE_REMOTE].floor_db = -85.0;
}

static void make_looks(struct gh_rig *rig)
{
	static const struct gh_rig_look looks[GH_FAKE_LOOKS] = {
		{ "twilight_blue", { 0.15, 0.20, 1.0, 0.0 } },
		{ "dawn_pink", { 0.90, 0.45, 0.55, 0.0 } },
		{ "noon", { 1.0, 1.0, 1.0, 1.0 } },
	};

	rig->n_looks = GH_FAKE_LOOKS;
	memcpy(rig->looks, looks, sizeof looks);
	rig->breath_from = 0;
	rig->breath_to = 1;
	rig->breath_period_s = 3.5;
}

static void light_up(struct gh_fake_lights *lights)
{
	*lights = (struct gh_fake_lights){
		.core_hz = 1000.0,
		.breath = 1.0,
		.late_s = 0.02,
		.crystal_dark = 0.01,
		.spotlight = 0.4,
		.angle_late_s = 0.02,
		.chrome_red = 0.20,
		.chrome_blue = 0.15,
		.chrome_dark = 0.01,
		.presses = 4.0,
		.battery_v = 3.0,
		.signal_db = -60.0,
	};
	for (int i = 0; i < GH_FAKE_FIBRES; i++) {
		lights->fibre[i].red = 0.50 + 0.05 * i;
		lights->fibre[i].blue = 0.40 + 0.04 * i;
	}
	for (int i = 0; i < GH_FAKE_CRYSTALS; i++) {
		lights->crystal[i].base = 0.10;
		lights->crystal[i].flash = 0.30;
		lights->crystal[i].at_rad = 0.1 + 0.1 * i;
	}
}

void gh_fake_init(struct gh_fake *fake, unsigned n_joints, double rate_hz)
{
	memset(fake, 0, sizeof *fake);
	make_rig(&fake->rig, n_joints);
	add_lights(&fake->rig);
	make_looks(&fake->rig);
	light_up(&fake->lights);
	fake->rate_hz = rate_hz;
	fake->n_joints = n_joints;
	fake->kt_nm_a = 2.21;
	fake->noise_a = 0.005;
	fake->count_rad = 0.088 / 57.2957795;
	fake->seed = 1;
	for (unsigned j = 0; j < n_joints; j++)
		fake->joint[j] = (struct gh_fake_joint){
			.offset_a = 0.012,
			.coulomb_a = 0.06,
			.viscous = 0.03,
			.load = 1.0,
			.lag_s = 0.03,
			.travel = 1.0,
			.supply_v = 11.9,
			.obeys = (int)j,
		};
	fake->emf_v = 12.0;
	fake->source_ohm = 0.12;
	fake->idle_a = 0.25;
	fake->lamp[0] = 0.10;
	fake->lamp[1] = 0.12;
	fake->lamp[2] = 0.09;
	fake->lamp[3] = 0.20;
	fake->room = 0.01;
	fake->colour_gain = 1.0;
	fake->light_gain = 1.0;
}

uint32_t gh_fake_wanted(void)
{
	return (1u << GH_EX_COUNT) - 1;
}

double gh_fake_gravity_a(const struct gh_fake *fake, unsigned j)
{
	double nm = 0.0;

	/* Every link from j on, straight: its own half and what it carries. */
	for (unsigned k = j; k < fake->n_joints; k++) {
		double arm_m = fake->rig.joints[k].length_m / 2.0;

		for (unsigned i = j; i < k; i++)
			arm_m += fake->rig.joints[i].length_m;
		nm += GRAVITY * fake->rig.joints[k].mass_kg * arm_m;
	}
	return nm / fake->kt_nm_a;
}
