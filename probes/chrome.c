/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * chrome - how well the chrome of an arm mirrors a small lamp of its own, in
 * red and in blue. Rust is brown: tarnish takes more of the blue, dirt takes
 * both alike. Formulas, minima and priors: measurement.md section 4.3.
 */
#include <math.h>

#include "engine/lit.h"	  /* gh_lit_state */
#include "engine/probe.h" /* struct gh_probe, gh_probe_put */
#include "judge/metric.h" /* struct gh_metric */

/* Reflects so little of full scale that a ratio means nothing: assumed. */
#define BLACK 0.002

enum { RED = 0, BLUE = 2, CHANNELS = 4 };
enum { REFLECT, TINT, ROWS };
enum { ALONE = 1u << GH_EX_DARK | 1u << GH_EX_CHANNEL };

static const struct gh_metric metrics[] = {
	[REFLECT] = { .id = "chrome.reflect",
		      .version = 1,
		      .unit = GH_UNIT_SHARE,
		      .meaning = "light mirrored, over the lamp's drive",
		      .role = GH_ROLE_GATE,
		      .min_share = 0.10,
		      .prior = 0.02,
		      .resolution = 0.00025,
		      .hard = GH_NO_HARD,
		      .needs = { ALONE, 1u << GH_Q_LIGHT, 0.0, true } },
	[TINT] = { .id = "chrome.tint",
		   .version = 1,
		   .unit = GH_UNIT_ONE,
		   .meaning = "blue mirrored over red mirrored",
		   .role = GH_ROLE_WATCH,
		   .min_share = 0.05,
		   .prior = 0.01,
		   .resolution = 0.001,
		   .hard = GH_NO_HARD,
		   .needs = { ALONE, 1u << GH_Q_LIGHT, 0.0, true } },
	{ 0 }
};

/* What one colour of the lamp gives; NAN: it was never lit. */
struct view {
	double mirrored[CHANNELS];
	double dark, brightest;
	bool is_clipped;
};

static void look_at(const struct gh_probe_in *in, struct view *view)
{
	struct gh_darkness *dark = gh_arena_take(in->tmp, 1, sizeof *dark);
	struct gh_span spans[GH_LIT_SPANS];
	const size_t n = gh_probe_spans(in, GH_EX_CHANNEL, spans, GH_LIT_SPANS);

	*view = (struct view){ .mirrored = { NAN, NAN, NAN, NAN } };
	gh_lit_darkness(in, GH_Q_LIGHT, dark);
	for (size_t i = 0; i < n; i++) {
		const int c = spans[i].arg;
		struct gh_lit lit;

		if (c < 0 || c >= CHANNELS || !isnan(view->mirrored[c]))
			continue;
		lit = gh_lit_state(in, GH_Q_LIGHT, dark, GH_EX_CHANNEL, c);
		view->mirrored[c] = lit.light / spans[i].drive[c];
		view->is_clipped = view->is_clipped || lit.is_clipped;
		if (lit.light + lit.dark > view->brightest) {
			view->brightest = lit.light + lit.dark;
			view->dark = lit.dark;
		}
	}
}

static void put(const struct view *view, struct gh_probe_out *out)
{
	double sum = 0.0;
	unsigned n = 0;

	for (unsigned c = 0; c < CHANNELS; c++) {
		if (isnan(view->mirrored[c]))
			continue;
		sum += view->mirrored[c];
		n++;
	}
	gh_probe_put(out, REFLECT, sum / n);
	if (isnan(view->mirrored[RED]) || isnan(view->mirrored[BLUE]))
		gh_probe_unknown(out, TINT, GH_REASON_NOT_IN_PROFILE,
				 "its lamp was not lit in red and in blue");
	else if (view->mirrored[RED] > BLACK)
		gh_probe_put(out, TINT,
			     view->mirrored[BLUE] / view->mirrored[RED]);
	else
		gh_probe_unknown(out, TINT, GH_REASON_NOT_COMPUTABLE,
				 "too little light mirrored to see its colour");
}

static enum gh_status run(const struct gh_probe_in *in,
			  struct gh_probe_out *out, struct gh_err *err)
{
	struct view view;

	(void)err;
	look_at(in, &view);
	put(&view, out);
	gh_lit_doubt(in, out, gh_lit_is_drowned(view.dark, view.brightest),
		     view.is_clipped);
	return GH_OK;
}

const struct gh_probe gh_probe_chrome = {
	.name = "chrome",
	.title = "Chrome",
	.kind = GH_PART_CHROME,
	.metrics = metrics,
	.run = run,
};
