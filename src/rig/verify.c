/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * verify - what only the whole file can tell: joints in no arm or never at
 * home, parts that neither a sensor nor a person looks at, a supply without its
 * voltage, a crystal where its joint never goes, a breath between looks that
 * are none.
 */
#include "rig/build.h" /* struct gh_rig_build */

#include "rig/nearest.h" /* gh_rig_nearest_hint */

#include <string.h>

static enum gh_status check_joints(struct gh_rig_build *b)
{
	for (unsigned i = 0; i < b->rig.n_joints; i++) {
		const struct gh_rig_joint *joint = &b->rig.joints[i];
		const struct gh_rig_part *part = &b->rig.parts[joint->part];

		if (joint->arm == GH_RIG_NONE)
			return gh_rig_fail_at(b, part->line, part->name,
					      "this joint belongs to no "
					      "[arm]");
		if (!(joint->lo_rad < 0.0 && joint->hi_rad > 0.0))
			return gh_rig_fail_at(b, part->line, part->name,
					      "the range must contain 0, where "
					      "the arm is at home");
	}
	return GH_OK;
}

static enum gh_status check_window(struct gh_rig_build *b,
				   const struct gh_rig_part *part)
{
	const bool has_window = part->window_hi_rad > part->window_lo_rad;
	const struct gh_rig_joint *joint;

	if (part->swept_by == GH_RIG_NONE && !has_window)
		return GH_OK;
	if (part->swept_by == GH_RIG_NONE || !has_window)
		return gh_rig_fail_at(b, part->line, part->name,
				      "missing key \"%s\"",
				      has_window ? "joint" : "window");
	joint = &b->rig.joints[part->swept_by];
	if (part->window_lo_rad < joint->lo_rad ||
	    part->window_hi_rad > joint->hi_rad)
		return gh_rig_fail_at(b, part->line, part->name,
				      "the window is outside the range of %s",
				      b->rig.parts[joint->part].name);
	return GH_OK;
}

static enum gh_status check_parts(struct gh_rig_build *b)
{
	for (unsigned i = 0; i < b->rig.n_parts; i++) {
		const struct gh_rig_part *part = &b->rig.parts[i];

		if (part->link == GH_RIG_NONE && !part->look_by_eye)
			return gh_rig_fail_at(b, part->line, part->name,
					      "expected link = NAME, or "
					      "eye = yes when a person looks");
		if (part->kind == GH_PART_SUPPLY && b->nominal_line == 0)
			return gh_rig_fail_at(b, part->line, part->name,
					      "missing key \"nominal\"");
		if (check_window(b, part) != GH_OK)
			return GH_ARG;
	}
	return GH_OK;
}

static enum gh_status find_look(struct gh_rig_build *b, const char *name,
				int *out)
{
	struct gh_rig_nearest near = gh_rig_nearest_to(name);
	char hint[GH_RIG_HINT_CAP];

	for (unsigned i = 0; i < b->rig.n_looks; i++) {
		gh_rig_nearest_offer(&near, b->rig.looks[i].name);
		if (strcmp(b->rig.looks[i].name, name) != 0)
			continue;
		*out = (int)i;
		return GH_OK;
	}
	return gh_rig_fail_at(b, b->breath_line, b->breath_who,
			      "breath: there is no look.%s%s", name,
			      gh_rig_nearest_hint(&near, hint));
}

static enum gh_status check_breath(struct gh_rig_build *b)
{
	enum gh_status st;

	if (b->breath_line == 0)
		return GH_OK;
	st = find_look(b, b->breath[0], &b->rig.breath_from);
	if (st == GH_OK)
		st = find_look(b, b->breath[1], &b->rig.breath_to);
	if (st == GH_OK && b->rig.breath_from == b->rig.breath_to)
		st = gh_rig_fail_at(b, b->breath_line, b->breath_who,
				    "breath: expected two different looks, "
				    "found \"%s\" twice",
				    b->breath[0]);
	return st;
}

enum gh_status gh_rig_verify(struct gh_rig_build *b)
{
	enum gh_status st = check_joints(b);

	if (st == GH_OK)
		st = check_parts(b);
	return st == GH_OK ? check_breath(b) : st;
}
