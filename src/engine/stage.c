/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/stage.h"

static bool in_scope(const struct gh_rig *rig, int only, unsigned part)
{
	const enum gh_part_kind kind = rig->parts[part].kind;

	return only < 0 || (int)part == only || kind == GH_PART_LINK ||
	       kind == GH_PART_CONTROLLER;
}

unsigned gh_stage_parts(const struct gh_rig *rig, int only,
			struct gh_judge_part *out)
{
	for (unsigned i = 0; i < rig->n_parts; i++) {
		const struct gh_rig_part *from = &rig->parts[i];
		struct gh_judge_part *to = &out[i];

		*to = (struct gh_judge_part){
			.kind = from->kind,
			.chain = -1,
			.look_by_eye = from->look_by_eye,
			.in_profile = in_scope(rig, only, i),
		};
		gh_copy_text(to->name, sizeof to->name, from->name);
		if (from->kind == GH_PART_CRYSTAL &&
		    from->swept_by != GH_RIG_NONE)
			to->chain = rig->joints[from->swept_by].arm;
		if (from->joint == GH_RIG_NONE)
			continue;
		to->chain = rig->joints[from->joint].arm;
		to->order = rig->joints[from->joint].order;
	}
	return rig->n_parts;
}
