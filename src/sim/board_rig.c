/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * board_rig - what a rig file lists, as the plant and the core know it.
 */
#include "sim/board.h" /* struct gh_sim_board */

#include "base/text.h" /* gh_copy_text */

#include <math.h>

enum { MAX_DDEGC = 700 };
/* What feeds the servos of a rig that says nothing of it. */
#define SUPPLY_V 12.0

static int32_t micro(double v)
{
	return (int32_t)lrint(v * 1e6);
}

static void add_joint(struct gh_sim_board *b, const struct gh_rig *rig,
		      unsigned i)
{
	const struct gh_rig_joint *j = &rig->joints[i];
	struct gh_plant_joint *pj = &b->config.joints[i];
	struct fw_actuator *a = &b->actuators[i];

	gh_copy_text(pj->name, sizeof(pj->name), rig->parts[j->part].name);
	pj->chain = j->arm;
	pj->order = j->order;
	pj->length_m = j->length_m;
	pj->mass_kg = j->mass_kg;
	pj->lo_rad = j->lo_rad;
	pj->hi_rad = j->hi_rad;
	gh_copy_text(a->part, sizeof(a->part), pj->name);
	a->limits.lo_urad = micro(j->lo_rad);
	a->limits.hi_urad = micro(j->hi_rad);
	a->limits.speed_urad_s = (uint32_t)micro(j->speed_max_rad_s);
	a->limits.accel_urad_s2 = (uint32_t)micro(j->accel_max_rad_s2);
	a->limits.current_ma = (uint16_t)lrint(j->current_max_a * 1e3);
	a->limits.temperature_ddegc = MAX_DDEGC;
}

static void configure(struct gh_sim_board *b, const struct gh_rig *rig)
{
	int core = gh_rig_first_part(rig, GH_PART_CORE);
	int supply = gh_rig_first_part(rig, GH_PART_SUPPLY);

	for (unsigned i = 0; i < rig->n_joints; i++)
		add_joint(b, rig, i);
	b->config.n_joints = rig->n_joints;
	b->config.supply_v =
		rig->supply_nominal_v > 0 ? rig->supply_nominal_v : SUPPLY_V;
	if (supply != GH_RIG_NONE)
		gh_copy_text(b->config.supply, sizeof(b->config.supply),
			     rig->parts[supply].name);
	b->config.has_core = core != GH_RIG_NONE;
	if (core != GH_RIG_NONE)
		gh_copy_text(b->config.core, sizeof(b->config.core),
			     rig->parts[core].name);
}

static void add_fibre(struct gh_plant_config *c, const struct gh_rig_part *part)
{
	gh_copy_text(c->fibres[c->n_fibres++], GH_NAME_CAP, part->name);
}

static void add_crystal(struct gh_plant_config *c,
			const struct gh_rig_part *part)
{
	struct gh_plant_crystal *crystal = &c->crystals[c->n_crystals++];

	gh_copy_text(crystal->name, GH_NAME_CAP, part->name);
	crystal->joint = (unsigned)part->swept_by;
	crystal->lo_rad = part->window_lo_rad;
	crystal->hi_rad = part->window_hi_rad;
}

static void add_chrome(struct gh_plant_config *c,
		       const struct gh_rig_part *part)
{
	gh_copy_text(c->chromes[c->n_chromes++], GH_NAME_CAP, part->name);
}

/* Of these there is one; a second one has nobody to press or aim it. */
static void add_spotlight(struct gh_plant_config *c,
			  const struct gh_rig_part *part)
{
	gh_copy_text(c->spotlight, GH_NAME_CAP, part->name);
}

static void add_remote(struct gh_plant_config *c,
		       const struct gh_rig_part *part)
{
	gh_copy_text(c->remote, GH_NAME_CAP, part->name);
}

static const struct optic {
	enum gh_part_kind kind;
	unsigned most;
	void (*add)(struct gh_plant_config *c, const struct gh_rig_part *part);
} optics[] = {
	{ GH_PART_FIBRE, GH_PLANT_FIBRES, add_fibre },
	{ GH_PART_CRYSTAL, GH_PLANT_CRYSTALS, add_crystal },
	{ GH_PART_CHROME, GH_PLANT_CHROMES, add_chrome },
	{ GH_PART_SPOTLIGHT, 1, add_spotlight },
	{ GH_PART_REMOTE, 1, add_remote },
};

/* Those that no person looks at. */
static enum gh_status configure_kind(struct gh_sim_board *b,
				     const struct gh_rig *rig,
				     const struct optic *o, struct gh_err *err)
{
	unsigned n = 0;

	for (unsigned i = 0; i < rig->n_parts; i++) {
		const struct gh_rig_part *part = &rig->parts[i];

		if (part->kind != o->kind || part->look_by_eye)
			continue;
		if (n++ == o->most)
			return gh_fail(err, GH_ARG,
				       "%s: the simulated controller has room "
				       "for %u %s, found one more",
				       part->name, o->most,
				       gh_part_kind_name(o->kind));
		o->add(&b->config, part);
	}
	return GH_OK;
}

enum gh_status gh_sim_board_configure(struct gh_sim_board *b,
				      const struct gh_sim_board_kind *kind,
				      const struct gh_rig *rig,
				      struct gh_err *err)
{
	enum gh_status st = GH_OK;

	configure(b, rig);
	if (kind->n_sensors > 0)
		return GH_OK;
	for (size_t i = 0; i < GH_ARRAY_SIZE(optics) && st == GH_OK; i++)
		st = configure_kind(b, rig, &optics[i], err);
	return st;
}
