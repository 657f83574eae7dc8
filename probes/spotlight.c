/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * spotlight - the light that the crystals throw about. It has a photodiode of
 * its own, so that a spotlight that is dim is named itself and does not read as
 * six dull crystals. Ids, roles and figures: as core.light and core.dark.
 */
#include <math.h>

#include "engine/lit.h"	  /* gh_lit_state */
#include "engine/probe.h" /* struct gh_probe, gh_probe_put */
#include "judge/metric.h" /* struct gh_metric */

enum { LEVEL, DARK, ROWS };

static const struct gh_metric metrics[] = {
	[LEVEL] = { .id = "spotlight.level",
		    .version = 1,
		    .unit = GH_UNIT_SHARE,
		    .meaning = "light of the spotlight",
		    .role = GH_ROLE_GATE,
		    .min_share = 0.20,
		    .prior = 0.05,
		    .resolution = 0.00025,
		    .hard = { NAN, NAN, 0.30 },
		    .needs = { 1u << GH_EX_SPOT, 1u << GH_Q_LIGHT, 0.0,
			       true } },
	[DARK] = { .id = "spotlight.dark",
		   .version = 1,
		   .unit = GH_UNIT_ONE,
		   .meaning = "room light over the spotlight's",
		   .role = GH_ROLE_WATCH,
		   .spread = GH_SPREAD_ABSOLUTE,
		   .min_abs = 0.05,
		   .prior = 0.005,
		   .resolution = 0.0001,
		   .hard = GH_NO_HARD,
		   .needs = { 1u << GH_EX_SPOT | 1u << GH_EX_DARK,
			      1u << GH_Q_LIGHT, 0.0, true } },
	{ 0 }
};

static enum gh_status run(const struct gh_probe_in *in,
			  struct gh_probe_out *out, struct gh_err *err)
{
	struct gh_darkness *dark = gh_arena_take(in->tmp, 1, sizeof *dark);
	struct gh_lit lit;

	(void)err;
	gh_lit_darkness(in, GH_Q_LIGHT, dark);
	lit = gh_lit_state(in, GH_Q_LIGHT, dark, GH_EX_SPOT, GH_LIT_ANY);
	gh_probe_put(out, LEVEL, lit.light);
	gh_probe_put(out, DARK, lit.dark / (lit.light + lit.dark));
	if (gh_lit_is_drowned(lit.dark, lit.light + lit.dark))
		gh_probe_unknown(out, LEVEL, GH_REASON_AMBIENT,
				 "room light: dark frames too bright");
	gh_lit_doubt(in, out, false, lit.is_clipped);
	return GH_OK;
}

const struct gh_probe gh_probe_spotlight = {
	.name = "spotlight",
	.title = "Spotlight",
	.kind = GH_PART_SPOTLIGHT,
	.metrics = metrics,
	.run = run,
};
