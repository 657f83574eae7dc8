/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fibre - how much of the core's light one bundle passes, against its siblings
 * in the same run: a lamp that ages dims them all alike and shows in none. Blue
 * against red tells a yellowed bundle from a frayed one; light without the core
 * tells an open end from a broken one. Formulas, minima and priors:
 * measurement.md section 4.3.
 */
#include <math.h>

#include "engine/fibres.h" /* gh_fibres_read */
#include "engine/probe.h"  /* struct gh_probe, gh_probe_put */
#include "judge/metric.h"  /* struct gh_metric */

/* Less than this share of what the siblings show has no colour: assumed. */
#define COLOURLESS 0.02
/* A bundle that shows less than this has siblings of no use: assumed. */
#define FAINT 0.002

enum { REL, HUE, DARK, ROWS };
enum { ALONE = 1u << GH_EX_DARK | 1u << GH_EX_CHANNEL };

/* The prior of dark is assumed. */
static const struct gh_metric metrics[] = {
	[REL] = { .id = "fibre.rel",
		  .version = 2,
		  .unit = GH_UNIT_ONE,
		  .meaning = "light passed, against the siblings",
		  .role = GH_ROLE_GATE,
		  .min_share = 0.10,
		  .prior = 0.02,
		  .resolution = 0.001,
		  .hard = { NAN, NAN, 0.70 },
		  .needs = { ALONE, 1u << GH_Q_LIGHT, 0.0, true } },
	[HUE] = { .id = "fibre.hue",
		  .version = 1,
		  .unit = GH_UNIT_ONE,
		  .meaning = "blue passed over red passed",
		  .role = GH_ROLE_GATE,
		  .min_share = 0.10,
		  .prior = 0.02,
		  .resolution = 0.001,
		  .hard = GH_NO_HARD,
		  .needs = { ALONE, 1u << GH_Q_LIGHT, 0.0, true } },
	/* measurement.md divides by the baseline's lit level, which a probe
	 * does not know: the siblings' of this run. */
	[DARK] = { .id = "fibre.dark",
		   .version = 2,
		   .unit = GH_UNIT_SHARE,
		   .meaning = "light with the core off",
		   .role = GH_ROLE_WATCH,
		   .spread = GH_SPREAD_ABSOLUTE,
		   .min_abs = 0.02,
		   .prior = 0.003,
		   .resolution = 0.0005,
		   .hard = GH_NO_HARD,
		   .needs = { ALONE, 1u << GH_Q_LIGHT, 0.0, true } },
	{ 0 }
};

/* All bundles, the subject among them. */
struct view {
	struct gh_fibre all[GH_RIG_PARTS];
	size_t n;
	const struct gh_fibre *own; /* NULL: it has no photodiode */
	double siblings_pass, siblings_lit;
};

static void look_around(const struct gh_probe_in *in, struct view *view)
{
	view->own = NULL;
	view->n = gh_fibres_read(in, view->all, GH_RIG_PARTS);
	for (size_t i = 0; i < view->n; i++)
		if (view->all[i].part == in->part)
			view->own = &view->all[i];
	gh_fibres_typical(view->all, view->n, &view->siblings_pass,
			  &view->siblings_lit);
	/* A lone bundle is its own measure: only the core's light cancels. */
	if (view->n == 1)
		view->siblings_pass = 1.0;
}

static void put(const struct view *view, struct gh_probe_out *out)
{
	const struct gh_fibre *own = view->own;

	if (view->siblings_pass > 0.0 && view->siblings_lit > FAINT)
		gh_probe_put(out, REL, own->passes / view->siblings_pass);
	else
		gh_probe_unknown(out, REL, GH_REASON_NOT_COMPUTABLE,
				 "no sibling shows light to compare with");
	if (!(own->lit > COLOURLESS * view->siblings_lit && own->lit > 0.0))
		gh_probe_unknown(out, HUE, GH_REASON_NOT_COMPUTABLE,
				 "too little light to see its colour");
	else if (isnan(own->red) || isnan(own->blue))
		gh_probe_unknown(out, HUE, GH_REASON_NOT_COMPUTABLE,
				 "the core shows too little red or blue");
	else
		gh_probe_put(out, HUE, own->blue / own->red);
	if (view->siblings_lit > FAINT)
		gh_probe_put(out, DARK, own->dark / view->siblings_lit);
	else
		gh_probe_unknown(out, DARK, GH_REASON_NOT_COMPUTABLE,
				 "no bundle shows light to compare with");
}

/*
 * Room light that shines into most bundles is the room's; into one, an open
 * end, and that is the finding.
 */
static bool is_drowned(const struct view *view)
{
	size_t drowned = 0;

	for (size_t i = 0; i < view->n; i++)
		drowned += gh_lit_is_drowned(view->all[i].dark,
					     view->siblings_lit +
						     view->all[i].dark);
	return drowned > 1 && 2 * drowned > view->n;
}

static void doubt(const struct gh_probe_in *in, const struct view *view,
		  struct gh_probe_out *out)
{
	/* No reason that accuses this bundle's own sensor. */
	if (view->own->is_ref_in_doubt)
		gh_probe_unknown(out, HUE, GH_REASON_NOT_COMPUTABLE,
				 "the core's own light is in doubt");
	gh_lit_doubt(in, out, is_drowned(view), view->own->is_clipped);
}

static enum gh_status run(const struct gh_probe_in *in,
			  struct gh_probe_out *out, struct gh_err *err)
{
	struct view *view = gh_arena_take(in->tmp, 1, sizeof *view);

	look_around(in, view);
	if (!view->own)
		return gh_fail(err, GH_NODATA, "this bundle was not seen");
	put(view, out);
	doubt(in, view, out);
	return GH_OK;
}

const struct gh_probe gh_probe_fibre = {
	.name = "fibre",
	.title = "Fibre bundles",
	.kind = GH_PART_FIBRE,
	.metrics = metrics,
	.run = run,
};
