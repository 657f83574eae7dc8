/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * core_flicker - how unsteady the core's light is while a look stands: percent
 * flicker, flicker index and the stroboscopic effect, of the worst look. Its
 * metrics share the family of the breath, pulse.*. Formulas, minima:
 * measurement.md sections 4.3, 4.4.
 */
#include <math.h>
#include <string.h>

#include "engine/lit.h"	     /* gh_lit_frame */
#include "engine/probe.h"    /* struct gh_probe, gh_probe_put */
#include "judge/metric.h"    /* struct gh_metric */
#include "measure/flicker.h" /* gh_flicker_svm */
#include "measure/stats.h"   /* gh_mean */

/* The quantiles that stand for least and most: section 4.4. */
#define TAIL 0.005
/* Rates that section 4.4 asks for, less what a controller's clock is off. */
#define FAST_HZ 990.0
#define VERY_FAST_HZ 3960.0

enum { PF, FI, SVM, ROWS };
enum { STEADY = 1u << GH_EX_LOOK | 1u << GH_EX_DARK };

/*
 * Priors are assumed, and absolute: a lamp without flicker has no share of it.
 */
static const struct gh_metric metrics[] = {
	[PF] = { .id = "pulse.pf",
		 .version = 1,
		 .unit = GH_UNIT_PERCENT,
		 .meaning = "percent flicker, the worst look",
		 .role = GH_ROLE_WATCH,
		 .spread = GH_SPREAD_ABSOLUTE,
		 .min_abs = 3.0,
		 .prior = 0.3,
		 .resolution = 0.01,
		 .hard = GH_NO_HARD,
		 .needs = { STEADY, 1u << GH_Q_LIGHT, FAST_HZ, true } },
	[FI] = { .id = "pulse.fi",
		 .version = 1,
		 .unit = GH_UNIT_ONE,
		 .meaning = "flicker index, the worst look",
		 .role = GH_ROLE_WATCH,
		 .spread = GH_SPREAD_ABSOLUTE,
		 .min_abs = 0.02,
		 .prior = 0.002,
		 .resolution = 0.0001,
		 .hard = GH_NO_HARD,
		 .needs = { STEADY, 1u << GH_Q_LIGHT, FAST_HZ, true } },
	[SVM] = { .id = "pulse.svm",
		  .version = 1,
		  .unit = GH_UNIT_ONE,
		  .meaning = "stroboscopic effect, the worst look",
		  .role = GH_ROLE_WATCH,
		  .spread = GH_SPREAD_ABSOLUTE,
		  .min_abs = 0.1,
		  .prior = 0.01,
		  .resolution = 0.001,
		  .hard = GH_NO_HARD,
		  .needs = { STEADY, 1u << GH_Q_LIGHT, VERY_FAST_HZ, true } },
	{ 0 }
};

/* What is asked of the whole light, once. */
struct view {
	const struct gh_probe_in *in;
	struct gh_darkness dark;
	bool is_clipped; /* anywhere in what was read */
};

/* Means over the spans of one look. */
struct flicker {
	double pf, fi, svm;
	unsigned n, n_svm;
};

static double rate_of(const struct gh_series *s)
{
	return s->n > 1 ? (double)(s->n - 1) / (s->t[s->n - 1] - s->t[0]) : NAN;
}

static void add_flicker(struct view *view, const struct gh_span *span,
			struct flicker *f)
{
	const struct gh_series s = gh_lit_frame(view->in, GH_Q_LIGHT, span);
	const double room = gh_lit_dark_at(&view->dark, span->begin);
	const double rate_hz = rate_of(&s);
	double *copy = gh_arena_take(view->in->tmp, s.n + 1, sizeof *copy);
	size_t n;

	view->is_clipped = view->is_clipped || s.clipped > 0;
	for (size_t i = 0; i < s.n; i++)
		s.v[i] -= room;
	if (!(gh_mean(s.v, s.n) > GH_LIT_DIM))
		return;
	memcpy(copy, s.v, s.n * sizeof *copy);
	/* A rate of 4 kHz is known to a hair from the times. */
	if ((double)s.n / rate_hz >= GH_FLICKER_SVM_S) {
		f->svm += gh_flicker_svm(copy, s.n,
					 fmax(rate_hz, GH_FLICKER_SVM_HZ));
		f->n_svm++;
	}
	n = gh_flicker_smooth(s.v, s.n, rate_hz);
	f->fi += gh_flicker_index(s.v, n);
	f->pf += gh_flicker_modulation(s.v, n, TAIL);
	f->n++;
}

static void put_flicker(struct view *view, struct gh_probe_out *out)
{
	struct gh_span spans[GH_LIT_SPANS];
	const size_t n =
		gh_probe_spans(view->in, GH_EX_LOOK, spans, GH_LIT_SPANS);
	const struct gh_rig *rig = gh_recording_rig(view->in->rec);
	double pf = NAN, fi = NAN, svm = NAN;

	for (unsigned look = 0; look < rig->n_looks; look++) {
		struct flicker f = { 0.0, 0.0, 0.0, 0, 0 };

		for (size_t i = 0; i < n; i++)
			if (spans[i].arg == (int)look)
				add_flicker(view, &spans[i], &f);
		pf = fmax(pf, f.pf / f.n); /* fmax passes over a NAN */
		fi = fmax(fi, f.fi / f.n);
		svm = fmax(svm, f.svm / f.n_svm);
	}
	gh_probe_put(out, PF, pf);
	gh_probe_put(out, FI, fi);
	gh_probe_put(out, SVM, svm);
	if (isnan(pf))
		gh_probe_refuse_all(
			out, GH_REASON_NOT_COMPUTABLE,
			"no look is bright enough to see it flicker");
	else if (isnan(svm))
		gh_probe_unknown(out, SVM, GH_REASON_NOT_IN_PROFILE,
				 "no look was held for a second");
}

static enum gh_status run(const struct gh_probe_in *in,
			  struct gh_probe_out *out, struct gh_err *err)
{
	struct view *view = gh_arena_take(in->tmp, 1, sizeof *view);
	struct gh_lit lit;

	(void)err;
	*view = (struct view){ .in = in };
	gh_lit_darkness(in, GH_Q_LIGHT, &view->dark);
	put_flicker(view, out);
	lit = gh_lit_state(in, GH_Q_LIGHT, &view->dark, GH_EX_LOOK, GH_LIT_ANY);
	gh_lit_doubt(in, out, gh_lit_is_drowned(lit.dark, lit.light + lit.dark),
		     view->is_clipped);
	return GH_OK;
}

const struct gh_probe gh_probe_core_flicker = {
	.name = "core_flicker",
	.title = "Flicker of the core",
	.kind = GH_PART_CORE,
	.metrics = metrics,
	.run = run,
};
