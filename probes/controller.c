/* SPDX-License-Identifier: GPL-3.0-or-later */
/* controller - does it stay up and keep its pace? */
#include <math.h>

#include "engine/probe.h"  /* struct gh_probe, gh_probe_put */
#include "judge/metric.h"  /* struct gh_metric */

enum { RESETS, LOOP_MAX };

/* measurement.md section 4.3; the priors: assumed. */
static const struct gh_metric metrics[] = {
	[RESETS] = { .id = "controller.resets",
		     .version = 1,
		     .unit = GH_UNIT_TALLY,
		     .meaning = "restarts in this run",
		     .role = GH_ROLE_GATE,
		     .spread = GH_SPREAD_ABSOLUTE,
		     .min_abs = 0.5,
		     .prior = 0.1,
		     .resolution = 1.0,
		     .less_is_well = true,
		     .hard = { NAN, 0.5, NAN } },
	[LOOP_MAX] = { .id = "controller.loop_max",
		       .version = 1,
		       .unit = GH_UNIT_MICROSECOND,
		       .meaning = "worst loop",
		       .role = GH_ROLE_WATCH,
		       .min_share = 0.20,
		       /* a loop of a few us is noise against its 1 ms tick */
		       .min_abs = 200.0,
		       .prior = 0.10,
		       .resolution = 1.0,
		       .less_is_well = true,
		       .hard = GH_NO_HARD },
	{ 0 }
};

static enum gh_status run(const struct gh_probe_in *in,
			  struct gh_probe_out *out, struct gh_err *err)
{
	const struct gh_rec_facts *f = gh_recording_facts_of(in->rec);

	(void)err;
	gh_probe_put(out, RESETS, f->resets);
	if (f->longest_loop_us > 0.0)
		gh_probe_put(out, LOOP_MAX, f->longest_loop_us);
	else
		gh_probe_unknown(out, LOOP_MAX, GH_REASON_NO_SENSOR,
				 "this controller does not time its loop");
	return GH_OK;
}

const struct gh_probe gh_probe_controller = {
	.name = "controller",
	.title = "Stays up and keeps its pace",
	.kind = GH_PART_CONTROLLER,
	.metrics = metrics,
	.run = run,
};
