/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/doctor.h" /* what is defined here */

#include "cli/verb.h" /* GH_EXIT_UNSURE */

static bool stands(const struct gh_steps *s, int needed)
{
	return needed < 0 || s->step[needed].state == GH_STEP_OK ||
	       s->step[needed].state == GH_STEP_ADVICE;
}

/* Whole when nothing on the way to the answer is broken or unknown. */
static bool is_whole(const struct gh_steps *s)
{
	return stands(s, GH_DOCTOR_FIRMWARE);
}

void gh_doctor_judge(const struct gh_doctor_facts *f, struct gh_steps *out)
{
	out->n = 0;
	for (unsigned i = 0; i < GH_DOCTOR_STEPS; i++) {
		const struct gh_doctor_row *row = &gh_doctor_rows[i];
		struct gh_step *step = &out->step[out->n++];

		*step = (struct gh_step){ .id = row->id,
					  .title = row->title,
					  .state = GH_STEP_UNCHECKED,
					  .found = "not checked yet" };
		if (stands(out, row->needs))
			row->judge(f, step);
	}
	out->answers = is_whole(out);
	out->simulated = f->simulated;
	out->ports_seen = f->ports_seen;
	out->ports_tried = f->open.done;
	out->exit_code = gh_steps_count(out, GH_STEP_BROKEN) > 0
				 ? GH_EXIT_UNSURE
				 : GH_EXIT_OK;
	if (f->unsafe)
		out->exit_code = GH_EXIT_HOLD;
}
