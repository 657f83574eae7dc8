/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * keys - every key a rig file may hold, as one table. The limits are the
 * compiled ceilings: a rig file may only stay below them. Those without a
 * named source are guesses, wide enough for a stage piece and narrow enough
 * to catch a slipped decimal point.
 */
#include "rig/setters.h" /* struct gh_rig_key */

#include "rig/nearest.h" /* gh_rig_nearest_hint */

#include <string.h>

#define SEC(name) .section = GH_RIG_SEC_##name
#define RIG(field)                                                             \
	.target = GH_RIG_IN_BUILD,                                             \
	.offset = offsetof(struct gh_rig_build, field)
#define LINK(field)                                                            \
	.target = GH_RIG_IN_LINK, .offset = offsetof(struct gh_rig_link, field)
#define JOINT(field)                                                           \
	.target = GH_RIG_IN_JOINT,                                             \
	.offset = offsetof(struct gh_rig_joint, field)
#define PART(field)                                                            \
	.target = GH_RIG_IN_PART, .offset = offsetof(struct gh_rig_part, field)
#define OF(kind) .kinds = 1u << GH_PART_##kind
#define CAP(type, field) .cap = sizeof(((struct type *)0)->field)
#define WITHIN(u, a, b) .unit = GH_UNIT_##u, .lo = (a), .hi = (b)

/* clang-format off: one row per key reads best unbroken */
static const struct gh_rig_key keys[] = {
	{ SEC(RIG), "name", gh_rig_set_text, true, RIG(rig.name),
	  CAP(gh_rig, name) },
	{ SEC(RIG), "schema", gh_rig_set_long, true, RIG(schema), .lo = 1,
	  .hi = 1 },
	{ SEC(RIG), "serial", gh_rig_set_text, false, RIG(rig.serial),
	  CAP(gh_rig, serial) },
	{ SEC(RIG), "tip_speed", gh_rig_set_number, false,
	  RIG(rig.tip_speed_max_m_s),
	  WITHIN(METRE_S, 0.01, GH_TIP_SPEED_MAX_M_S) },
	{ SEC(RIG), "unattended", gh_rig_set_yes_no, false,
	  RIG(rig.unattended) },

	{ SEC(LINK), "driver", gh_rig_set_word, true, LINK(driver),
	  CAP(gh_rig_link, driver) },
	/* 3 MBd: the fastest rate of the USB bridges in protocols.md 7. */
	{ SEC(LINK), "baud", gh_rig_set_long, false, LINK(baud), .lo = 300,
	  .hi = 3000000 },
	{ SEC(LINK), "id", gh_rig_set_text, false, LINK(id),
	  CAP(gh_rig_link, id) },
	{ SEC(LINK), "port", gh_rig_set_text, false, LINK(port),
	  CAP(gh_rig_link, port) },
	{ SEC(LINK), "usb", gh_rig_set_usb, false },
	{ SEC(LINK), "usb_serial", gh_rig_set_text, false, LINK(usb_serial),
	  CAP(gh_rig_link, usb_serial) },

	{ SEC(ARM), "joints", gh_rig_set_joints, true },
	{ SEC(ARM), "group", gh_rig_set_group, false },

	{ SEC(JOINT), "link", gh_rig_set_link, true },
	{ SEC(JOINT), "range", gh_rig_set_range, true, JOINT(lo_rad),
	  .offset_hi = offsetof(struct gh_rig_joint, hi_rad),
	  WITHIN(DEG, -360, 360) },
	{ SEC(JOINT), "speed", gh_rig_set_number, true, JOINT(speed_max_rad_s),
	  WITHIN(DEG_S, 1, 360) },
	{ SEC(JOINT), "accel", gh_rig_set_number, true, JOINT(accel_max_rad_s2),
	  WITHIN(DEG_S2, 1, 3600) },
	{ SEC(JOINT), "current", gh_rig_set_number, true, JOINT(current_max_a),
	  WITHIN(AMPERE, 0.01, 20) },
	/* Never 0: the tip speed is bounded by what the lengths add up to. */
	{ SEC(JOINT), "length", gh_rig_set_number, true, JOINT(length_m),
	  WITHIN(METRE, 0.001, 5) },
	{ SEC(JOINT), "mass", gh_rig_set_number, true, JOINT(mass_kg),
	  WITHIN(KILOGRAM, 0, 50) },
	{ SEC(JOINT), "may_drop", gh_rig_set_yes_no, false, JOINT(may_drop) },
	{ SEC(JOINT), "track_abort", gh_rig_set_number, false,
	  JOINT(track_abort_rad), WITHIN(DEG, 0.5, 45) },

	{ SEC(CORE), "link", gh_rig_set_link, true },
	{ SEC(CORE), "breath", gh_rig_set_breath, false,
	  RIG(rig.breath_period_s), WITHIN(SECOND, 0.2, 60) },

	{ SEC(SUPPLY), "link", gh_rig_set_link, true },
	{ SEC(SUPPLY), "nominal", gh_rig_set_nominal, false,
	  RIG(rig.supply_nominal_v), WITHIN(VOLT, 1, 60) },

	{ SEC(PART), "kind", gh_rig_set_kind, true },
	{ SEC(PART), "eye", gh_rig_set_yes_no, false, PART(look_by_eye) },
	{ SEC(PART), "link", gh_rig_set_link, false },
	{ SEC(PART), "joint", gh_rig_set_swept, true, OF(CRYSTAL) },
	{ SEC(PART), "window", gh_rig_set_range, true, OF(CRYSTAL),
	  PART(window_lo_rad),
	  .offset_hi = offsetof(struct gh_rig_part, window_hi_rad),
	  WITHIN(DEG, -360, 360) },
	/* From what any receiver hears to what none hears. */
	{ SEC(PART), "floor", gh_rig_set_number, false, OF(REMOTE),
	  PART(floor_db), WITHIN(DECIBEL, -130, -20) },
};
/* clang-format on */

_Static_assert(GH_ARRAY_SIZE(keys) <= 64, "keys_seen is a 64-bit mask");

#define LOOK "look."

static enum gh_status unknown_key(const struct gh_rig_build *b,
				  const char *found)
{
	struct gh_rig_nearest near = gh_rig_nearest_to(found);
	char hint[GH_RIG_HINT_CAP];

	for (size_t i = 0; i < GH_ARRAY_SIZE(keys); i++)
		if (keys[i].section == b->section)
			gh_rig_nearest_offer(&near, keys[i].name);
	return gh_rig_fail(b, "unknown key \"%.40s\"%s", found,
			   gh_rig_nearest_hint(&near, hint));
}

enum gh_status gh_rig_key_set(struct gh_rig_build *b, const char *key,
			      const char *value)
{
	size_t i = 0;

	b->key = NULL;
	if (b->section == GH_RIG_SEC_CORE &&
	    strncmp(key, LOOK, sizeof LOOK - 1) == 0) {
		b->key = key;
		return gh_rig_set_look(b, key + sizeof LOOK - 1, value);
	}
	while (i < GH_ARRAY_SIZE(keys) && (keys[i].section != b->section ||
					   strcmp(keys[i].name, key) != 0))
		i++;
	if (i == GH_ARRAY_SIZE(keys))
		return unknown_key(b, key);
	b->key = key;
	if (b->keys_seen >> i & 1)
		return gh_rig_fail(b, "this key is given twice");
	b->keys_seen |= (uint64_t)1 << i;
	return keys[i].set(b, &keys[i], value);
}

/* The kind is known at the end of a section: its keys come in any order. */
static enum gh_status check_key(struct gh_rig_build *b, size_t i)
{
	const struct gh_rig_part *part =
		keys[i].kinds ? &b->rig.parts[b->part] : NULL;
	const bool is_there = b->keys_seen >> i & 1;
	const bool is_blind =
		part && (part->look_by_eye || part->link == GH_RIG_NONE);

	if (part && !(keys[i].kinds >> part->kind & 1)) {
		if (!is_there)
			return GH_OK;
		return gh_rig_fail_at(b, b->section_line, b->who,
				      "a %s has no key \"%s\"",
				      gh_part_kind_name(part->kind),
				      keys[i].name);
	}
	if (!is_there && keys[i].required && !is_blind)
		return gh_rig_fail_at(b, b->section_line, b->who,
				      "missing key \"%s\"", keys[i].name);
	return GH_OK;
}

enum gh_status gh_rig_keys_complete(struct gh_rig_build *b)
{
	enum gh_status st = GH_OK;

	for (size_t i = 0; i < GH_ARRAY_SIZE(keys) && st == GH_OK; i++)
		if (keys[i].section == b->section)
			st = check_key(b, i);
	return st;
}
