/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/curve.h"

#include "engine/lit.h"	   /* gh_lit_darkness */
#include "measure/angle.h" /* gh_deg */
#include "measure/bins.h"  /* gh_interpolate */

#include <math.h>

/* The rub's bins of measurement.md section 3, in degrees: 0.025 rad. */
#define TRAVEL_BIN_DEG 1.4323944878270580
/* Reversals span 3.4 degrees each way: 34 bins of two counts of an encoder. */
#define LOOP_BIN_DEG 0.2
/* Two hundred for a breath of 10 s, the longest that plans have. */
#define BREATH_BIN_S 0.05
/* Not at constant speed yet, or any more: measurement.md section 2. */
#define SETTLE_US 250000
#define LEAVE_US 50000
/* Legs this much faster than the slowest show another friction: assumed. */
#define SAME_SPEED 1.2

enum { SPANS = 1024 };

/* What falls into the bins, and where. */
struct sums {
	double sum[2][GH_CURVE_BINS], low[2][GH_CURVE_BINS];
	unsigned n[2][GH_CURVE_BINS];
};

struct view {
	const struct gh_recording *rec;
	int part;
	struct gh_arena *tmp;
	struct sums *sums;
};

static struct view open_view(const struct gh_recording *rec, int part,
			     struct gh_arena *tmp)
{
	return (struct view){ rec, part, tmp,
			      gh_arena_take(tmp, 1, sizeof(struct sums)) };
}

static struct gh_series series_of(const struct view *v, enum gh_quantity what,
				  gh_us begin, gh_us end)
{
	return gh_recording_series(v->rec,
				   gh_recording_find(v->rec, v->part, what),
				   begin, end, v->tmp);
}

static size_t spans_of(const struct view *v, enum gh_exercise exercise,
		       struct gh_span **out)
{
	*out = gh_arena_take(v->tmp, SPANS, sizeof **out);
	return gh_recording_spans(v->rec, v->part, exercise, GH_REPEAT_ALL,
				  *out, SPANS);
}

static void add(struct sums *s, unsigned way, double bin, double value)
{
	unsigned i;

	if (!(bin >= 0.0 && bin < GH_CURVE_BINS) || isnan(value))
		return;
	i = (unsigned)bin;
	s->low[way][i] = s->n[way][i] ? fmin(s->low[way][i], value) : value;
	s->sum[way][i] += value;
	s->n[way][i]++;
}

static double mean_of(const struct sums *s, unsigned way, unsigned bin)
{
	return s->n[way][bin] > 0 ? s->sum[way][bin] / s->n[way][bin]
				  : (double)NAN;
}

/* Bins about 0, there and back. */
static void both_ways(const struct sums *s, double step, struct gh_curve *out)
{
	*out = (struct gh_curve){
		(0.5 - GH_CURVE_BINS / 2.0) * step, step, { { 0 }, { 0 } }, 0
	};
	for (unsigned b = 0; b < GH_CURVE_BINS; b++) {
		for (unsigned way = 0; way < 2; way++)
			out->y[way][b] = mean_of(s, way, b);
		out->n += s->n[0][b] + s->n[1][b] > 0;
	}
}

/* ---- A joint ----------------------------------------------------------------*/

static double speed_of(const struct gh_span *s)
{
	return (s->to_rad - s->from_rad) * GH_US_PER_S /
	       (double)(s->end - s->begin);
}

static void add_sweep(const struct view *v, const struct gh_span *leg)
{
	const gh_us begin = leg->begin + SETTLE_US, end = leg->end - LEAVE_US;
	const struct gh_series amps = series_of(v, GH_Q_CURRENT, begin, end);
	const struct gh_series angle = series_of(v, GH_Q_POSITION, begin, end);
	const unsigned way = speed_of(leg) < 0.0;

	for (size_t i = 0; angle.n > 0 && i < amps.n; i++)
		add(v->sums, way,
		    floor(gh_deg(gh_interpolate(angle.t, angle.v, angle.n,
						amps.t[i])) /
			  TRAVEL_BIN_DEG) +
			    GH_CURVE_BINS / 2.0,
		    amps.v[i]);
}

void gh_curve_current(const struct gh_recording *rec, int part,
		      struct gh_arena *tmp, struct gh_curve *out)
{
	const struct view v = open_view(rec, part, tmp);
	struct gh_span *legs;
	const size_t n = spans_of(&v, GH_EX_SWEEP, &legs);
	double slowest = INFINITY;

	for (size_t i = 0; i < n; i++)
		slowest = fmin(slowest, fabs(speed_of(&legs[i])));
	for (size_t i = 0; i < n; i++)
		if (fabs(speed_of(&legs[i])) < SAME_SPEED * slowest)
			add_sweep(&v, &legs[i]);
	both_ways(v.sums, TRAVEL_BIN_DEG, out);
}

static void add_reversal(const struct view *v, const struct gh_span *leg)
{
	const struct gh_series angle =
		series_of(v, GH_Q_POSITION, leg->begin, leg->end);
	const unsigned way = speed_of(leg) < 0.0;

	for (size_t i = 0; i < angle.n; i++) {
		const double told = gh_span_command(
			leg, leg->begin + (gh_us)(angle.t[i] * GH_US_PER_S));

		add(v->sums, way,
		    floor(gh_deg(told) / LOOP_BIN_DEG) + GH_CURVE_BINS / 2.0,
		    gh_deg(angle.v[i] - told));
	}
}

void gh_curve_loop(const struct gh_recording *rec, int part,
		   struct gh_arena *tmp, struct gh_curve *out)
{
	const struct view v = open_view(rec, part, tmp);
	struct gh_span *legs;
	const size_t n = spans_of(&v, GH_EX_REVERSAL, &legs);

	for (size_t i = 0; i < n; i++)
		add_reversal(&v, &legs[i]);
	both_ways(v.sums, LOOP_BIN_DEG, out);
}

/* ---- The core ---------------------------------------------------------------*/

static void add_ramp(const struct view *v, const struct gh_darkness *dark,
		     const struct gh_span *ramp, double from_s)
{
	const struct gh_series light =
		series_of(v, GH_Q_LIGHT, ramp->begin, ramp->end);
	const double room = dark->n ? gh_lit_dark_at(dark, ramp->begin) : 0.0;

	for (size_t i = 0; i < light.n; i++)
		add(v->sums, 0, floor((from_s + light.t[i]) / BREATH_BIN_S),
		    light.v[i] - room);
}

/* There first, then back: a breath is both, whichever the run began with. */
void gh_curve_breath(const struct gh_recording *rec, int part,
		     struct gh_arena *tmp, struct gh_curve *out)
{
	const struct view v = open_view(rec, part, tmp);
	const struct gh_probe_in in = { rec, part, GH_REPEAT_ALL, tmp, NULL };
	struct gh_darkness *dark = gh_arena_take(tmp, 1, sizeof *dark);
	struct gh_span *ramps;
	const size_t n = spans_of(&v, GH_EX_PULSE, &ramps);
	double there_s = 0.0;

	gh_lit_darkness(&in, GH_Q_LIGHT, dark);
	for (size_t i = 0; i < n; i++)
		if (ramps[i].arg == 0)
			there_s = fmax(there_s,
				       (double)(ramps[i].end - ramps[i].begin) /
					       GH_US_PER_S);
	for (size_t i = 0; i < n; i++)
		add_ramp(&v, dark, &ramps[i], ramps[i].arg == 0 ? 0 : there_s);
	*out = (struct gh_curve){ .x0 = 0.5 * BREATH_BIN_S,
				  .step = BREATH_BIN_S };
	for (unsigned b = 0; b < GH_CURVE_BINS; b++) {
		const bool was_seen = v.sums->n[0][b] > 0;

		out->y[0][b] = mean_of(v.sums, 0, b);
		out->y[1][b] = was_seen ? v.sums->low[0][b] : (double)NAN;
		out->n += was_seen;
	}
}

/* ---- Over each other ----------------------------------------------------------*/

void gh_curves_add(struct gh_curves *s, const struct gh_curve *one)
{
	for (unsigned way = 0; way < 2; way++)
		for (unsigned b = 0; b < GH_CURVE_BINS; b++) {
			const double v = one->y[way][b];
			const bool first = s->n[way][b] == 0;

			if (isnan(v))
				continue;
			s->sum[way][b] += v;
			s->lo[way][b] = first ? v : fmin(s->lo[way][b], v);
			s->hi[way][b] = first ? v : fmax(s->hi[way][b], v);
			s->n[way][b]++;
		}
}

double gh_curves_mean(const struct gh_curves *s, unsigned way, unsigned bin)
{
	return s->n[way][bin] ? s->sum[way][bin] / s->n[way][bin] : (double)NAN;
}
