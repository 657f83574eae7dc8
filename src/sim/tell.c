/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/tell.h"

#include <inttypes.h>

static bool moves(const struct fw_core *c)
{
	for (uint8_t i = 0; i < c->board->info.n_actuators; i++)
		if (c->axis[i].mode == FW_MOVING ||
		    c->axis[i].mode == FW_STOPPING)
			return true;
	return false;
}

void gh_sim_motion_read(struct gh_sim_motion *m, const struct fw_core *c,
			int64_t at_us, uint32_t clock_us)
{
	*m = (struct gh_sim_motion){
		.at_us = at_us,
		.beat_us = at_us - (uint32_t)(clock_us - c->beat_us),
		.state = (enum fw_state)c->state,
		.cause = (enum fw_cause)c->cause,
		.moves = moves(c),
	};
}

bool gh_sim_motion_differs(const struct gh_sim_motion *a,
			   const struct gh_sim_motion *b)
{
	return a->state != b->state || a->cause != b->cause ||
	       a->moves != b->moves;
}

void gh_sim_motion_print(const struct gh_sim_motion *m, FILE *out)
{
	static const char *const states[] = { "idle", "armed", "running",
					      "latched" };
	static const char *const causes[] = { "none",
					      "stop",
					      "watchdog",
					      "over_current",
					      "over_temperature",
					      "underrun",
					      "inhibit",
					      "brown_out" };

	fprintf(out, "motion: %" PRId64 " %s %s %" PRId64 " %s\n", m->at_us,
		states[m->state], causes[m->cause], m->beat_us,
		m->moves ? "moves" : "rests");
	fflush(out);
}
