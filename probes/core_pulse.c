/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * core_pulse - does the core breathe as it is told, and does it drop out. The
 * photodiode's light is held against the commanded ramps between
 * the two looks of the rig's breath; what the photodiode makes of a look is
 * learnt from the looks that stand, or from the channels one by one.
 * Formulas, minima: measurement.md section 4.3.
 */
#include <math.h>
#include <string.h>

#include "engine/lit.h"	    /* gh_lit_state */
#include "engine/probe.h"   /* struct gh_probe, gh_probe_put */
#include "judge/metric.h"   /* struct gh_metric */
#include "measure/bins.h"   /* gh_blocks */
#include "measure/breath.h" /* gh_breath_fit */
#include "measure/stats.h"  /* gh_mean */

/* The fit needs no faster light than this: ramps last seconds. */
#define BLOCK_S 0.01
/* A core that follows less than this does not breathe at all: assumed. */
#define FOLLOWS 0.2
/* A millisecond must be seen, less what a controller's clock is off. */
#define FAST_HZ 990.0

enum { CHANNELS = 4, LOOK_BLOCKS = 2000 };
enum { GAIN, DELAY, RESID, SPUTTER_RATE, SPUTTER_DARK, SPUTTER_GAP, ROWS };
enum {
	BREATHING = 1u << GH_EX_PULSE | 1u << GH_EX_DARK,
	LIGHT = 1u << GH_Q_LIGHT
};

/*
 * Priors but that of gain are assumed: a controller that ramps by itself is
 * late by a period of its loop, and a healthy core never drops out.
 */
static const struct gh_metric metrics[] = {
	[GAIN] = { .id = "pulse.gain",
		   .version = 1,
		   .unit = GH_UNIT_ONE,
		   .meaning = "breath seen over breath told",
		   .role = GH_ROLE_WATCH,
		   .min_share = 0.10,
		   .prior = 0.02,
		   .resolution = 0.001,
		   .hard = GH_NO_HARD,
		   .needs = { BREATHING, LIGHT, 50.0, true } },
	[DELAY] = { .id = "pulse.delay",
		    .version = 1,
		    .unit = GH_UNIT_MILLISECOND,
		    .meaning = "breath comes so much later",
		    .role = GH_ROLE_WATCH,
		    .spread = GH_SPREAD_ABSOLUTE,
		    .min_abs = 30.0,
		    .prior = 5.0,
		    .resolution = 1.0,
		    .hard = GH_NO_HARD,
		    .needs = { BREATHING, LIGHT, 50.0, true } },
	[RESID] = { .id = "pulse.resid",
		    .version = 1,
		    .unit = GH_UNIT_PERCENT,
		    .meaning = "light beside the breath, rms over mean",
		    .role = GH_ROLE_WATCH,
		    .spread = GH_SPREAD_ABSOLUTE,
		    .min_abs = 3.0,
		    .prior = 0.5,
		    .resolution = 0.01,
		    .hard = GH_NO_HARD,
		    .needs = { BREATHING, LIGHT, 50.0, true } },
	[SPUTTER_RATE] = { .id = "pulse.sputter_rate",
			   .version = 1,
			   .unit = GH_UNIT_PER_SECOND,
			   .meaning = "dropouts against the command",
			   .role = GH_ROLE_GATE,
			   .kind = GH_METRIC_RATE,
			   .spread = GH_SPREAD_ABSOLUTE,
			   .min_abs = 0.1,
			   .hard = GH_NO_HARD,
			   .needs = { BREATHING, LIGHT, FAST_HZ, true } },
	[SPUTTER_DARK] = { .id = "pulse.sputter_dark",
			   .version = 1,
			   .unit = GH_UNIT_ONE,
			   .meaning = "share of time in dropouts",
			   .role = GH_ROLE_GATE,
			   .spread = GH_SPREAD_ABSOLUTE,
			   .min_abs = 0.005,
			   .prior = 0.001,
			   .resolution = 0.0001,
			   .hard = GH_NO_HARD,
			   .needs = { BREATHING, LIGHT, FAST_HZ, true } },
	[SPUTTER_GAP] = { .id = "pulse.sputter_gap",
			  .version = 1,
			  .unit = GH_UNIT_MILLISECOND,
			  .meaning = "longest dropout",
			  .role = GH_ROLE_SHOWN,
			  .resolution = 1.0,
			  .hard = GH_NO_HARD,
			  .needs = { BREATHING, LIGHT, FAST_HZ, true } },
	{ 0 }
};

/* What is asked of the whole light, once. */
struct view {
	const struct gh_probe_in *in;
	const struct gh_rig *rig;
	struct gh_darkness dark;
	bool is_clipped; /* anywhere in what was read */
};

/* ---- the breath --------------------------------------------------------- */

struct breath {
	struct gh_ramp ramps[2 * GH_LIT_SPANS];
	size_t n_ramps;
	double *t, *v; /* all light of the ramps, in order of time */
	size_t n;
	double end_light[2]; /* what the photodiode makes of both looks */
	bool is_scaled;	     /* else ramps run from 0 to 1 */
};

/* Light of a look from its channels, each lit alone. */
static double sum_of_channels(const struct view *view, const double drive[4])
{
	struct gh_probe_in whole = *view->in;
	double sum = 0.0;

	whole.repeat = GH_REPEAT_ALL;

	for (int c = 0; c < CHANNELS; c++) {
		if (drive[c] > 0.0)
			sum += drive[c] * gh_lit_state(&whole, GH_Q_LIGHT,
						       &view->dark,
						       GH_EX_CHANNEL, c)
						  .light;
	}
	return sum;
}

/*
 * Of the whole run, as both repeats must be held against the same. A median of
 * 10 ms means: dropouts do not count, and no flicker is that slow.
 */
static double light_of_look(const struct view *view, int look)
{
	struct gh_span spans[GH_LIT_SPANS];
	const size_t n =
		gh_recording_spans(view->in->rec, view->in->part, GH_EX_LOOK,
				   GH_REPEAT_ALL, spans, GH_LIT_SPANS);
	double blocks[LOOK_BLOCKS];
	size_t all = 0;

	for (size_t i = 0; i < n; i++) {
		const double room = gh_lit_dark_at(&view->dark, spans[i].begin);
		struct gh_series s;

		if (spans[i].arg != look)
			continue;
		s = gh_lit_frame(view->in, GH_Q_LIGHT, &spans[i]);
		s.n = gh_blocks(s.t, s.v, s.n, BLOCK_S);
		for (size_t k = 0; k < s.n && all < LOOK_BLOCKS; k++)
			blocks[all++] = s.v[k] - room;
	}
	return all > 0 ? gh_median(blocks, all)
		       : sum_of_channels(view, view->rig->looks[look].rgbw);
}

/*
 * A ramp, and before the first of a breath the look it starts from: without
 * that corner a breath of one ramp could not tell late from dim.
 */
static void add_ramp(struct breath *b, const struct gh_span *span,
		     const struct gh_span *looks, size_t n_looks)
{
	const double from = b->end_light[span->arg == 1];
	const double to = b->end_light[span->arg != 1];

	for (size_t i = 0; i < n_looks; i++)
		if (looks[i].end <= span->begin &&
		    span->begin - looks[i].end < GH_LIT_SETTLE_US)
			b->ramps[b->n_ramps++] = (struct gh_ramp){
				(double)(looks[i].begin + GH_LIT_SETTLE_US) /
					GH_US_PER_S,
				(double)looks[i].end / GH_US_PER_S, from, from
			};
	b->ramps[b->n_ramps++] =
		(struct gh_ramp){ (double)span->begin / GH_US_PER_S,
				  (double)span->end / GH_US_PER_S, from, to };
}

static void lay_ramps(const struct view *view, struct breath *b)
{
	struct gh_span pulse[GH_LIT_SPANS], looks[GH_LIT_SPANS];
	const size_t n =
		gh_probe_spans(view->in, GH_EX_PULSE, pulse, GH_LIT_SPANS / 2);
	const size_t n_looks =
		gh_probe_spans(view->in, GH_EX_LOOK, looks, GH_LIT_SPANS);

	b->end_light[0] = light_of_look(view, view->rig->breath_from);
	b->end_light[1] = light_of_look(view, view->rig->breath_to);
	b->is_scaled = !isnan(b->end_light[0] + b->end_light[1]);
	if (!b->is_scaled) {
		b->end_light[0] = 0.0;
		b->end_light[1] = 1.0;
	}
	for (size_t i = 0; i < n; i++)
		add_ramp(b, &pulse[i], looks, n_looks);
}

/* The light while the ramps ran, dark taken off, t in controller time. */
static void gather(struct view *view, struct breath *b)
{
	struct gh_span pulse[GH_LIT_SPANS];
	const size_t n =
		gh_probe_spans(view->in, GH_EX_PULSE, pulse, GH_LIT_SPANS / 2);
	struct gh_series s[GH_LIT_SPANS];
	size_t all = 0;

	for (size_t i = 0; i < n; i++) {
		s[i] = gh_probe_series(view->in, GH_Q_LIGHT, pulse[i].begin,
				       pulse[i].end);
		all += s[i].n;
		view->is_clipped = view->is_clipped || s[i].clipped > 0;
	}
	b->t = gh_arena_take(view->in->tmp, all + 1, sizeof *b->t);
	b->v = gh_arena_take(view->in->tmp, all + 1, sizeof *b->v);
	for (size_t i = 0; i < n; i++) {
		const double room = gh_lit_dark_at(&view->dark, pulse[i].begin);

		for (size_t k = 0; k < s[i].n; k++) {
			b->t[b->n] = (double)pulse[i].begin / GH_US_PER_S +
				     s[i].t[k];
			b->v[b->n++] = s[i].v[k] - room;
		}
	}
}

/* Fit to 10 ms means; the samples themselves stay as they are. */
static bool fit_breath(const struct view *view, const struct breath *b,
		       struct gh_breath *fit)
{
	double *t = gh_arena_take(view->in->tmp, b->n + 1, sizeof *t);
	double *v = gh_arena_take(view->in->tmp, b->n + 1, sizeof *v);
	double *room;
	size_t n;

	memcpy(t, b->t, b->n * sizeof *t);
	memcpy(v, b->v, b->n * sizeof *v);
	n = gh_blocks(t, v, b->n, BLOCK_S);
	room = gh_arena_take(view->in->tmp, 2 * n + 1, sizeof *room);
	return gh_breath_fit(b->ramps, b->n_ramps, t, v, n, room, fit);
}

static void put_sputter(const struct breath *b, const struct gh_breath *fit,
			struct gh_probe_out *out)
{
	const struct gh_sputter s =
		gh_breath_sputter(b->ramps, b->n_ramps, fit, b->t, b->v, b->n);
	const double rate[3] = { s.events / s.seconds, s.seconds, 0.0 };

	gh_probe_put_instance(out, SPUTTER_RATE, "", rate);
	gh_probe_put(out, SPUTTER_DARK, s.dark_s / s.seconds);
	gh_probe_put(out, SPUTTER_GAP, s.longest_s * 1000.0);
}

static void refuse(struct gh_probe_out *out, unsigned first, unsigned last,
		   enum gh_reason reason, const char *note)
{
	for (unsigned i = first; i <= last; i++)
		gh_probe_unknown(out, i, reason, "%s", note);
}

/*
 * Where nothing stood still long enough to scale the ramps by, the light that
 * is told is what the fit says of them.
 */
static void scale_by_fit(struct breath *b, struct gh_breath *fit)
{
	for (size_t i = 0; i < b->n_ramps; i++) {
		struct gh_ramp *r = &b->ramps[i];

		r->from = fit->offset + fit->gain * r->from;
		r->to = fit->offset + fit->gain * r->to;
	}
	fit->gain = 1.0;
	fit->offset = 0.0;
}

static void put_breath(struct view *view, struct gh_probe_out *out)
{
	struct breath *b = gh_arena_take(view->in->tmp, 1, sizeof *b);
	struct gh_breath fit;

	*b = (struct breath){ .n = 0 };
	lay_ramps(view, b);
	gather(view, b);
	if (!fit_breath(view, b, &fit)) {
		refuse(out, GAIN, SPUTTER_GAP, GH_REASON_NOT_COMPUTABLE,
		       "the breath is too short or its looks too alike");
		return;
	}
	if (!(gh_mean(b->v, b->n) > GH_LIT_DIM)) {
		refuse(out, GAIN, SPUTTER_GAP, GH_REASON_NOT_COMPUTABLE,
		       "the core is too dim to see it breathe");
		return;
	}
	if (b->is_scaled)
		gh_probe_put(out, GAIN, fit.gain);
	else
		gh_probe_unknown(out, GAIN, GH_REASON_NOT_IN_PROFILE,
				 "neither look of the breath was seen steady");
	gh_probe_put(out, DELAY, fit.delay_s * 1000.0);
	gh_probe_put(out, RESID, fit.resid * 100.0);
	if (!b->is_scaled)
		scale_by_fit(b, &fit);
	if (fit.gain > FOLLOWS)
		put_sputter(b, &fit, out);
	else
		refuse(out, SPUTTER_RATE, SPUTTER_GAP, GH_REASON_NOT_COMPUTABLE,
		       "the core does not follow the breath");
}

/* ---- all ------------------------------------------------------------------ */

/* Room light over the mean of the breath, or of what was lit. */
static bool is_drowned(const struct view *view)
{
	const struct gh_lit lit = gh_lit_state(
		view->in, GH_Q_LIGHT, &view->dark, GH_EX_LOOK, GH_LIT_ANY);

	return gh_lit_is_drowned(lit.dark, lit.light + lit.dark);
}

static enum gh_status run(const struct gh_probe_in *in,
			  struct gh_probe_out *out, struct gh_err *err)
{
	struct view *view = gh_arena_take(in->tmp, 1, sizeof *view);

	(void)err;
	*view = (struct view){ .in = in, .rig = gh_recording_rig(in->rec) };
	gh_lit_darkness(in, GH_Q_LIGHT, &view->dark);
	put_breath(view, out);
	gh_lit_doubt(in, out, is_drowned(view), view->is_clipped);
	return GH_OK;
}

const struct gh_probe gh_probe_core_pulse = {
	.name = "core_pulse",
	.title = "Breath of the core",
	.kind = GH_PART_CORE,
	.metrics = metrics,
	.run = run,
};
