/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * verify - what only the whole file can tell: joints in no arm, parts that
 * neither a sensor nor a person looks at, a supply without its voltage.
 */
#include "rig/build.h" /* struct gh_rig_build */

static enum gh_status check_joints(struct gh_rig_build *b)
{
	for (unsigned i = 0; i < b->rig.n_joints; i++) {
		const struct gh_rig_part *part =
			&b->rig.parts[b->rig.joints[i].part];

		if (b->rig.joints[i].arm == GH_RIG_NONE)
			return gh_rig_fail_at(b, part->line, part->name,
					      "this joint belongs to no "
					      "[arm]");
	}
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
	}
	return GH_OK;
}

enum gh_status gh_rig_verify(struct gh_rig_build *b)
{
	const enum gh_status st = check_joints(b);

	return st == GH_OK ? check_parts(b) : st;
}
