/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fibre_even - how evenly the bundles of the core glow together. It belongs to
 * the core, since it is nobody's own: a pale bundle is named by its fibre.rel.
 * Formulas and minima: measurement.md section 4.3.
 */
#include <math.h>

#include "engine/fibres.h" /* gh_fibres_read */
#include "engine/probe.h"  /* struct gh_probe, gh_probe_put */
#include "judge/metric.h"  /* struct gh_metric */
#include "measure/stats.h" /* gh_mean, gh_quantile, gh_sd */

enum { MIN_MEAN, CV };
enum { ALONE = 1u << GH_EX_DARK | 1u << GH_EX_CHANNEL };

/* The priors are assumed: that of one bundle against its siblings, halved. */
static const struct gh_metric metrics[] = {
	[MIN_MEAN] = { .id = "fibre.min_mean",
		       .version = 1,
		       .unit = GH_UNIT_ONE,
		       .meaning = "palest bundle over the mean of all",
		       .role = GH_ROLE_WATCH,
		       .spread = GH_SPREAD_ABSOLUTE,
		       .min_abs = 0.05,
		       .prior = 0.01,
		       .resolution = 0.001,
		       .hard = GH_NO_HARD,
		       .needs = { ALONE, 0, 0.0, true } },
	[CV] = { .id = "fibre.cv",
		 .version = 1,
		 .unit = GH_UNIT_ONE,
		 .meaning = "spread of the bundles over their mean",
		 .role = GH_ROLE_WATCH,
		 .spread = GH_SPREAD_ABSOLUTE,
		 .min_abs = 0.05,
		 .prior = 0.01,
		 .resolution = 0.001,
		 .hard = GH_NO_HARD,
		 .needs = { ALONE, 0, 0.0, true } },
	{ 0 }
};

/* What the believed bundles show; the others' own fibre.rel says why not. */
static size_t believed(const struct gh_fibre *all, size_t n, double *light)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (!all[i].is_suspect && !all[i].is_clipped)
			light[kept++] = all[i].lit;
	return kept;
}

static enum gh_status run(const struct gh_probe_in *in,
			  struct gh_probe_out *out, struct gh_err *err)
{
	struct gh_fibre *all =
		gh_arena_take(in->tmp, GH_RIG_PARTS, sizeof *all);
	const size_t n = gh_fibres_read(in, all, GH_RIG_PARTS);
	double light[GH_RIG_PARTS], mean;
	const size_t kept = believed(all, n, light);

	(void)err;
	mean = gh_mean(light, kept);
	gh_probe_put(out, CV, gh_sd(light, kept) / mean);
	gh_probe_put(out, MIN_MEAN, gh_quantile(light, kept, 0.0) / mean);
	if (n < 2)
		gh_probe_refuse_all(out, GH_REASON_NO_SENSOR,
				    "fewer than two bundles have a photodiode");
	else if (kept < n)
		gh_probe_refuse_all(
			out, GH_REASON_NOT_COMPUTABLE,
			"a bundle's photodiode is not to be believed");
	else if (!(mean > 0.0))
		gh_probe_refuse_all(out, GH_REASON_NOT_COMPUTABLE,
				    "no bundle shows any light");
	return GH_OK;
}

const struct gh_probe gh_probe_fibre_even = {
	.name = "fibre_even",
	.title = "Evenness of the fibres",
	.kind = GH_PART_CORE,
	.metrics = metrics,
	.run = run,
};
