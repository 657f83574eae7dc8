/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * crystal - how sharply a crystal flashes while its arm sweeps it through the
 * spotlight, and at which angle. A clear face throws a narrow, bright flash; a
 * dull one scatters. What the spotlight itself does is divided out.
 *
 * The flash is looked for going up and going down apart, and the two angles
 * are averaged: whatever the angle is late against the light then cancels. A
 * crystal that was knocked out of its window flashes elsewhere; that is looked
 * for too, outside the windows of its neighbours on the arm, whose light the
 * same photodiode sees.
 * Formulas, minima and priors: measurement.md section 4.3.
 */
#include <math.h>

#include "engine/lit.h"	   /* gh_lit_darkness */
#include "engine/probe.h"  /* struct gh_probe, gh_probe_put */
#include "judge/metric.h"  /* struct gh_metric */
#include "measure/angle.h" /* gh_deg */
#include "measure/bins.h"  /* gh_blocks, gh_interpolate */
#include "measure/peak.h"  /* gh_peak */
#include "measure/stats.h" /* gh_quantile */

/* Less light than this around the flash, of full scale, is none: assumed. */
#define UNLIT 0.002
/* A flash less sharp than this has no angle: a fifth of the row's minimum. */
#define NO_FLASH 0.04
/* After a turn the arm is not yet on its way: as for every sweep. */
#define TURN_US 250000
#define LEAVE_US 50000

/* Half a degree at 0.8 rad/s; faster light adds noise and no sharpness. */
#define BLOCK_S 0.01

/* Longer without a reading, and a pass may have missed its flash: what a
 * flash of 3 deg lasts at 0.8 rad/s. And so many readings of a slow channel. */
#define HOLE_US 70000.0
#define HOLE_READINGS 3.0
/* The passes that are left must stand for all of them: assumed. */
#define WHOLE_SHARE 0.5

/* A flash outside the window is one only if it is sharp: assumed. */
#define CLEAR_FLASH 0.3

/* As wide as a flash: assumed. */
#define TURN_RAD 0.02

enum { LEGS = 64, READINGS_MIN = 20, LEG_MIN = 5 };
enum { DOWN, UP, WAYS };
enum { SPARKLE, PEAK_AT, MEAN, ROWS };
enum { LIT = 1u << GH_EX_SPOT };

static const struct gh_metric metrics[] = {
	[SPARKLE] = { .id = "crystal.sparkle",
		      .version = 1,
		      .unit = GH_UNIT_ONE,
		      .meaning = "flash over the light around it",
		      .role = GH_ROLE_GATE,
		      .min_share = 0.20,
		      .prior = 0.05,
		      .resolution = 0.001,
		      .hard = GH_NO_HARD,
		      .needs = { LIT, 1u << GH_Q_LIGHT, 0.0, true } },
	[PEAK_AT] = { .id = "crystal.peak_at",
		      .version = 1,
		      .unit = GH_UNIT_DEG,
		      .meaning = "arm angle of the flash",
		      .role = GH_ROLE_GATE,
		      .spread = GH_SPREAD_ABSOLUTE,
		      .min_abs = 3.0,
		      .prior = 0.7,
		      .resolution = 0.1,
		      .hard = GH_NO_HARD,
		      .needs = { LIT, 1u << GH_Q_LIGHT, 0.0, true } },
	[MEAN] = { .id = "crystal.mean",
		   .version = 1,
		   .unit = GH_UNIT_SHARE,
		   .meaning = "light around the flash over spotlight's",
		   .role = GH_ROLE_WATCH,
		   .min_share = 0.15,
		   .prior = 0.03,
		   .resolution = 0.0005,
		   .hard = GH_NO_HARD,
		   .needs = { LIT, 1u << GH_Q_LIGHT, 0.0, true } },
	{ 0 }
};

/* One way through the light. */
struct leg {
	unsigned way;
	size_t first, n;
};

/* What is seen in a window of arm angles. */
struct flash {
	double p50, sparkle;
	double at_rad; /* NAN: no leg shows a top */
	unsigned ways; /* that showed it: one alone is off by the lag */
	size_t n;      /* readings within */
};

/* Light over arm angle while the arm swept. */
struct view {
	const struct gh_probe_in *in;
	const struct gh_rig_part *part;
	int joint; /* its part */
	enum gh_quantity angle;
	struct gh_darkness dark; /* n 0: the crew switches the spotlight */
	double *q, *light;	 /* leg after leg */
	size_t n, cap;
	struct leg legs[LEGS];
	size_t n_legs;
	unsigned lit; /* legs that were; those with a hole are left out */
	bool is_clipped;
};

static void choose_angle(struct view *view)
{
	const struct gh_recording *rec = view->in->rec;
	const struct gh_rig *rig = gh_recording_rig(rec);

	view->joint = rig->joints[view->part->swept_by].part;
	view->angle = GH_Q_POSITION;
	if (gh_recording_find(rec, view->joint, GH_Q_POSITION) < 0)
		view->angle = GH_Q_COMMAND;
}

static bool is_measured(const struct view *view)
{
	const int c =
		gh_recording_find(view->in->rec, view->joint, view->angle);

	return c >= 0 &&
	       gh_recording_channel(view->in->rec, (unsigned)c)->measured;
}

/* Readings were lost, or the run was cut: what was missed is not known. */
static bool has_hole(const struct view *view, gh_us begin, gh_us end)
{
	const struct gh_recording *rec = view->in->rec;
	const int c = gh_recording_find(rec, view->in->part, GH_Q_LIGHT);
	const struct gh_replies r = gh_recording_replies(rec, c, begin, end);
	const double rate_hz = gh_recording_channel(rec, (unsigned)c)->rate_hz;

	return (double)r.silence >
	       fmax(HOLE_US, HOLE_READINGS * GH_US_PER_S / rate_hz);
}

/* One leg of a sweep, as far as it was lit. */
static void add_leg(struct view *view, const struct gh_span *leg, gh_us begin,
		    gh_us end)
{
	const struct gh_probe_in of_joint = gh_lit_of(view->in, view->joint);
	struct gh_series s = gh_probe_series(view->in, GH_Q_LIGHT, begin, end);
	const struct gh_series arm =
		gh_probe_series(&of_joint, view->angle, begin, end);
	const double room = gh_lit_dark_at(&view->dark, begin);
	struct leg *out = &view->legs[view->n_legs];

	view->is_clipped = view->is_clipped || s.clipped > 0;
	view->lit++;
	if (has_hole(view, begin, end))
		return;
	s.n = gh_blocks(s.t, s.v, s.n, BLOCK_S);
	if (view->n_legs == LEGS || arm.n < 2)
		return;
	out->way = leg->to_rad > leg->from_rad ? UP : DOWN;
	out->first = view->n;
	for (size_t i = 0; i < s.n && view->n < view->cap; i++) {
		if (s.t[i] < arm.t[0] || s.t[i] > arm.t[arm.n - 1])
			continue;
		view->q[view->n] = gh_interpolate(arm.t, arm.v, arm.n, s.t[i]);
		view->light[view->n++] = s.v[i] - (isnan(room) ? 0.0 : room);
	}
	out->n = view->n - out->first;
	view->n_legs++;
}

/* All legs of the arm within one lit span. */
static void add_span(struct view *view, const struct gh_span *lit)
{
	struct gh_span legs[LEGS];
	const size_t n =
		gh_recording_spans(view->in->rec, view->joint, GH_EX_SWEEP,
				   GH_REPEAT_ALL, legs, LEGS);

	for (size_t i = 0; i < n; i++) {
		const gh_us from = legs[i].begin + TURN_US;
		const gh_us to = legs[i].end - LEAVE_US;
		const gh_us begin = from > lit->begin ? from : lit->begin;
		const gh_us end = to < lit->end ? to : lit->end;

		if (begin < end)
			add_leg(view, &legs[i], begin, end);
	}
}

/* What the spotlight's own photodiode saw at the same times; NAN: nothing. */
static double spotlight(const struct view *view, const struct gh_span *spans,
			size_t n)
{
	const int part = gh_rig_first_part(gh_recording_rig(view->in->rec),
					   GH_PART_SPOTLIGHT);
	const struct gh_probe_in of_spot = gh_lit_of(view->in, part);
	struct gh_darkness dark;
	double sum = 0.0, count = 0.0;

	if (part == GH_RIG_NONE)
		return NAN;
	gh_lit_darkness(&of_spot, GH_Q_LIGHT, &dark);
	for (size_t i = 0; i < n; i++) {
		const struct gh_series s =
			gh_lit_frame(&of_spot, GH_Q_LIGHT, &spans[i]);
		const double room = gh_lit_dark_at(&dark, spans[i].begin);

		if (s.n == 0)
			continue;
		sum += gh_mean(s.v, s.n) - (isnan(room) ? 0.0 : room);
		count += 1.0;
	}
	return sum / count;
}

/*
 * Top of the flash, the mean of both ways; q, light: room for one leg. A leg
 * that shows nothing near as bright as `bright` saw noise only.
 */
static void find_top(const struct view *view, double lo, double hi,
		     double bright, double *q, double *light, struct flash *f)
{
	double sum[WAYS] = { 0.0, 0.0 }, tops[WAYS] = { 0.0, 0.0 };

	for (size_t k = 0; k < view->n_legs; k++) {
		const struct leg *leg = &view->legs[k];
		double at, most = -INFINITY;
		size_t n = 0;

		for (size_t i = leg->first; i < leg->first + leg->n; i++) {
			if (view->q[i] < lo || view->q[i] > hi)
				continue;
			q[n] = view->q[i];
			light[n++] = view->light[i];
			most = fmax(most, view->light[i]);
		}
		at = n < LEG_MIN || most < bright ? NAN : gh_peak(q, light, n);
		if (isnan(at))
			continue;
		sum[leg->way] += at;
		tops[leg->way] += 1.0;
	}
	f->ways = 0;
	f->at_rad = 0.0;
	for (unsigned w = 0; w < WAYS; w++) {
		if (tops[w] < 1.0)
			continue;
		f->at_rad += sum[w] / tops[w];
		f->ways++;
	}
	f->at_rad /= f->ways; /* 0 / 0 is NAN */
}

static struct flash look_within(const struct view *view, double lo, double hi)
{
	double *q = gh_arena_take(view->in->tmp, view->n + 1, sizeof *q);
	double *light =
		gh_arena_take(view->in->tmp, view->n + 1, sizeof *light);
	struct flash f = { .n = 0 };
	double p99;

	for (size_t i = 0; i < view->n; i++)
		if (view->q[i] >= lo && view->q[i] <= hi)
			light[f.n++] = view->light[i];
	f.p50 = gh_quantile(light, f.n, 0.50);
	p99 = gh_quantile(light, f.n, 0.99);
	f.sparkle = (p99 - f.p50) / f.p50;
	find_top(view, lo, hi, (f.p50 + p99) / 2.0, q, light, &f);
	return f;
}

/* Within the window of another crystal of this arm. */
static bool is_taken(const struct view *view, double q)
{
	const struct gh_rig *rig = gh_recording_rig(view->in->rec);

	for (unsigned i = 0; i < rig->n_parts; i++) {
		const struct gh_rig_part *p = &rig->parts[i];

		if ((int)i != view->in->part && p->kind == GH_PART_CRYSTAL &&
		    p->swept_by == view->part->swept_by &&
		    q >= p->window_lo_rad && q <= p->window_hi_rad)
			return true;
	}
	return false;
}

/* In its window; where none is whole in there, around the brightest place that
 * is no other crystal's. */
static struct flash find_flash(const struct view *view)
{
	const double lo = view->part->window_lo_rad;
	const double hi = view->part->window_hi_rad;
	const double half = (hi - lo) / 2.0;
	const struct flash own = look_within(view, lo, hi);
	struct flash other;
	size_t top = view->n;

	if (own.n < READINGS_MIN ||
	    (own.sparkle > NO_FLASH && own.ways == WAYS))
		return own;
	for (size_t i = 0; i < view->n; i++)
		if (!is_taken(view, view->q[i]) &&
		    (top == view->n || view->light[i] > view->light[top]))
			top = i;
	if (top == view->n)
		return own;
	other = look_within(view, view->q[top] - half, view->q[top] + half);
	return other.sparkle > CLEAR_FLASH && other.ways > 0 &&
			       other.ways >= own.ways &&
			       !is_taken(view, other.at_rad)
		       ? other
		       : own;
}

/* A flash that still grows where the sweep turns is there or beyond. NAN: none. */
static double flash_at_turn(const struct view *view)
{
	double least = INFINITY, most = -INFINITY, bright = -INFINITY;
	double at = NAN;

	for (size_t i = 0; i < view->n; i++) {
		least = fmin(least, view->q[i]);
		most = fmax(most, view->q[i]);
		if (is_taken(view, view->q[i]) || view->light[i] <= bright)
			continue;
		bright = view->light[i];
		at = view->q[i];
	}
	return at > most - TURN_RAD || at < least + TURN_RAD ? at : (double)NAN;
}

static void put_peak(const struct view *view, const struct flash *f,
		     struct gh_probe_out *out)
{
	const double turn_rad = flash_at_turn(view);

	if (!is_measured(view))
		gh_probe_unknown(out, PEAK_AT, GH_REASON_COMMANDED_ONLY,
				 "its arm does not tell its angle");
	else if (f->sparkle > NO_FLASH && !isnan(f->at_rad))
		gh_probe_put(out, PEAK_AT, gh_deg(f->at_rad));
	else if (f->sparkle > CLEAR_FLASH && !isnan(turn_rad))
		gh_probe_put(out, PEAK_AT, gh_deg(turn_rad));
	else
		gh_probe_unknown(out, PEAK_AT, GH_REASON_NOT_COMPUTABLE,
				 "no flash anywhere in the sweep");
}

static void put(const struct view *view, const struct flash *f,
		double reference, struct gh_probe_out *out)
{
	if ((double)view->n_legs < WHOLE_SHARE * view->lit) {
		gh_probe_refuse_all(out, GH_REASON_NOT_COMPUTABLE,
				    "too few passes of its arm were recorded "
				    "whole");
		return;
	}
	if (f->n < READINGS_MIN) {
		gh_probe_refuse_all(
			out, GH_REASON_NOT_COMPUTABLE,
			"its arm did not sweep the window under the spotlight");
		return;
	}
	if (f->p50 > UNLIT) {
		gh_probe_put(out, SPARKLE, f->sparkle);
		put_peak(view, f, out);
	} else {
		gh_probe_refuse_all(
			out, GH_REASON_NOT_COMPUTABLE,
			"too little light of the spotlight falls on it");
	}
	if (reference > GH_LIT_DIM)
		gh_probe_put(out, MEAN, f->p50 / reference);
	else if (isnan(reference))
		gh_probe_unknown(out, MEAN, GH_REASON_NO_SENSOR,
				 "nothing watches the spotlight itself");
	else
		gh_probe_unknown(out, MEAN, GH_REASON_NOT_COMPUTABLE,
				 "the spotlight is too dim to compare with");
}

static void doubt(const struct view *view, struct gh_probe_out *out)
{
	const double room = gh_lit_dark_at(&view->dark, 0);
	double lit = NAN;

	if (view->n > 0)
		lit = gh_mean(view->light, view->n);
	gh_lit_doubt(view->in, out, gh_lit_is_drowned(room, lit + room),
		     view->is_clipped);
}

/* Half the passes have seen another share of the window than all of them. */
static bool is_cut(const struct gh_recording *rec, const struct gh_span *lit,
		   size_t n)
{
	const uint64_t cut_us = gh_recording_facts_of(rec)->cut_us;

	return n > 0 && cut_us > 0 && lit[n - 1].end == (gh_us)cut_us;
}

static enum gh_status run(const struct gh_probe_in *in,
			  struct gh_probe_out *out, struct gh_err *err)
{
	struct view *view = gh_arena_take(in->tmp, 1, sizeof *view);
	struct gh_span spans[LEGS];
	struct flash flash;
	const size_t n = gh_probe_spans(in, GH_EX_SPOT, spans, LEGS);
	const int channel = gh_recording_find(in->rec, in->part, GH_Q_LIGHT);

	*view = (struct view){ .in = in };
	view->part = &gh_recording_rig(in->rec)->parts[in->part];
	if (view->part->swept_by == GH_RIG_NONE)
		return gh_fail(err, GH_NODATA,
			       "the rig file names no joint "
			       "that sweeps it");
	if (is_cut(in->rec, spans, n)) {
		gh_probe_refuse_all(out, GH_REASON_NOT_MEASURED,
				    "the run ended before all passes");
		return GH_OK;
	}
	choose_angle(view);
	gh_lit_darkness(in, GH_Q_LIGHT, &view->dark);
	view->cap = gh_recording_count(in->rec, (unsigned)channel);
	view->q = gh_arena_take(in->tmp, view->cap + 1, sizeof(double));
	view->light = gh_arena_take(in->tmp, view->cap + 1, sizeof(double));
	for (size_t i = 0; i < n; i++)
		add_span(view, &spans[i]);
	flash = find_flash(view);
	put(view, &flash, spotlight(view, spans, n), out);
	doubt(view, out);
	return GH_OK;
}

const struct gh_probe gh_probe_crystal = {
	.name = "crystal",
	.title = "Crystals",
	.kind = GH_PART_CRYSTAL,
	.metrics = metrics,
	.run = run,
};
