/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/breath.h"

#include "measure/stats.h" /* gh_mean */

#include <math.h>

/* measurement.md section 4.3: an event begins, lasts at least, and ends. */
#define FALLS_TO 0.7
#define LASTS_S 1e-3
#define BACK_AT 0.85
/* Times are whole microseconds, in doubles. */
#define HAIR_S 5e-7

/* Further off than this is a dropout or a flash, not the breath: assumed. */
#define OUTLIER 0.15
#define ROUNDS 3
#define COUNT_MIN 20
/* Delays are tried this far apart, then halved down to 50 us. */
#define COARSE_S 0.02
#define FINE_S 5e-5
/* Of the mean of the command: flatter ramps tell no gain. Assumed. */
#define FLAT 0.02
/* Of the mean light told: darker moments tell no dropout. Assumed. */
#define TOO_DARK 0.05

double gh_ramps_at(const struct gh_ramp *ramps, size_t n, double t)
{
	const struct gh_ramp *last = NULL;
	double share;

	for (size_t i = 0; i < n && ramps[i].begin <= t; i++)
		last = &ramps[i];
	if (!last || t > last->end + GH_BREATH_GAP_S)
		return NAN;
	share = (t - last->begin) / (last->end - last->begin);
	return last->from + (last->to - last->from) * fmin(share, 1.0);
}

/* The samples that take part, and what is being tried on them. */
struct trial {
	const struct gh_ramp *ramps;
	size_t n_ramps, n;
	const double *t, *v; /* n each */
	struct gh_breath fit;
};

static double told(const struct trial *tr, size_t i)
{
	return gh_ramps_at(tr->ramps, tr->n_ramps, tr->t[i] - tr->fit.delay_s);
}

/* Mean square of the rest at this delay; gain and offset are set. */
static double try_delay(struct trial *tr, double delay_s)
{
	double e_mean = 0.0, v_mean = 0.0, ee = 0.0, ev = 0.0, vv = 0.0;
	const double n = (double)tr->n;

	tr->fit.delay_s = delay_s;
	/* One pass: light lies within a decade, so nothing cancels badly. */
	for (size_t i = 0; i < tr->n; i++) {
		const double e = told(tr, i), v = tr->v[i];

		e_mean += e / n;
		v_mean += v / n;
		ee += e * e;
		ev += e * v;
		vv += v * v;
	}
	ee -= n * e_mean * e_mean;
	ev -= n * e_mean * v_mean;
	vv -= n * v_mean * v_mean;
	tr->fit.gain = ee > 0.0 ? ev / ee : 0.0;
	tr->fit.offset = v_mean - tr->fit.gain * e_mean;
	return (vv - tr->fit.gain * ev) / n;
}

/* The best delay: on a grid, then around the best of it, ever finer. */
static void find_delay(struct trial *tr)
{
	const int coarse =
		(int)((GH_BREATH_EARLY_S + GH_BREATH_LATE_S) / COARSE_S);
	double best = 0.0, least = INFINITY, step = COARSE_S / 2;

	for (int i = 0; i <= coarse; i++) {
		const double d = i * COARSE_S - GH_BREATH_EARLY_S;
		const double rest = try_delay(tr, d);

		if (rest < least) {
			least = rest;
			best = d;
		}
	}
	while (step > FINE_S) {
		for (int way = -1; way <= 1; way += 2) {
			const double d = best + way * step;
			const double rest = try_delay(tr, d);

			if (rest < least) {
				least = rest;
				best = d;
			}
		}
		step /= 2;
	}
	(void)try_delay(tr, best);
}

/* Copies what the fit explains to within `off` of it into room. */
static size_t pick(struct trial *tr, const double *t, const double *v, size_t n,
		   double off, double *room)
{
	double *const t_to = room, *const v_to = room + n;
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		const double e = gh_ramps_at(tr->ramps, tr->n_ramps,
					     t[i] - tr->fit.delay_s);
		const double early = gh_ramps_at(tr->ramps, tr->n_ramps,
						 t[i] + GH_BREATH_EARLY_S);
		const double late = gh_ramps_at(tr->ramps, tr->n_ramps,
						t[i] - GH_BREATH_LATE_S);
		const double want = tr->fit.gain * e + tr->fit.offset;

		if (isnan(early + late) || fabs(v[i] - want) > off * fabs(want))
			continue;
		t_to[kept] = t[i];
		v_to[kept++] = v[i];
	}
	tr->t = t_to;
	tr->v = v_to;
	tr->n = kept;
	return kept;
}

static bool is_flat(const struct trial *tr)
{
	double sum = 0.0, square = 0.0, mean;

	for (size_t i = 0; i < tr->n; i++) {
		sum += told(tr, i);
		square += told(tr, i) * told(tr, i);
	}
	mean = sum / (double)tr->n;
	return !(square / (double)tr->n - mean * mean >
		 FLAT * FLAT * mean * mean);
}

/* Rms over all samples that count, dropouts too, over their mean. */
static double rest_of(struct trial *tr)
{
	double square = 0.0;

	for (size_t i = 0; i < tr->n; i++) {
		const double off =
			tr->v[i] - tr->fit.offset - tr->fit.gain * told(tr, i);

		square += off * off;
	}
	return sqrt(square / (double)tr->n) / gh_mean(tr->v, tr->n);
}

bool gh_breath_fit(const struct gh_ramp *ramps, size_t n_ramps, const double *t,
		   const double *v, size_t n, double *room,
		   struct gh_breath *out)
{
	struct trial tr = { .ramps = ramps, .n_ramps = n_ramps };

	if (pick(&tr, t, v, n, INFINITY, room) < COUNT_MIN || is_flat(&tr))
		return false;
	find_delay(&tr);
	for (unsigned i = 1; i < ROUNDS; i++) {
		const struct gh_breath fit = tr.fit;

		if (pick(&tr, t, v, n, OUTLIER, room) < COUNT_MIN ||
		    is_flat(&tr)) {
			tr.fit = fit;
			break;
		}
		find_delay(&tr);
	}
	(void)pick(&tr, t, v, n, INFINITY, room);
	tr.fit.resid = rest_of(&tr);
	tr.fit.used_s = tr.t[tr.n - 1] - tr.t[0];
	*out = tr.fit;
	return true;
}

/* A dropout as it is being watched. */
struct gap {
	double since; /* light first missed, NAN: all is well */
	bool is_counted;
};

/* Light is back, or the watching ends, at t. */
static void end_gap(struct gap *gap, double t, struct gh_sputter *out)
{
	if (gap->is_counted) {
		out->dark_s += t - gap->since;
		out->longest_s = fmax(out->longest_s, t - gap->since);
	}
	*gap = (struct gap){ NAN, false };
}

static void watch(struct gap *gap, double share, double t, double step,
		  struct gh_sputter *out)
{
	if (isnan(gap->since) && share < FALLS_TO)
		gap->since = t;
	else if (!isnan(gap->since) &&
		 share >= (gap->is_counted ? BACK_AT : FALLS_TO))
		end_gap(gap, t, out);
	/* A sample stands for the step that follows it. */
	if (!isnan(gap->since) && !gap->is_counted &&
	    t + step - gap->since >= LASTS_S - HAIR_S) {
		gap->is_counted = true;
		out->events++;
	}
}

/* Least distance of two samples: a hole is several of them. */
static double step_of(const double *t, size_t n)
{
	double step = INFINITY;

	for (size_t i = 1; i < n; i++)
		step = fmin(step, t[i] - t[i - 1]);
	return step;
}

struct gh_sputter gh_breath_sputter(const struct gh_ramp *ramps, size_t n_ramps,
				    const struct gh_breath *fit,
				    const double *t, const double *v, size_t n)
{
	const double step = step_of(t, n);
	struct gh_sputter out = { 0.0, 0, 0.0, 0.0 };
	struct gap gap = { NAN, false };
	double last = NAN, most = 0.0;

	for (size_t i = 0; i < n_ramps; i++)
		most = fmax(most, fmax(ramps[i].from, ramps[i].to));
	for (size_t i = 0; i < n; i++) {
		const double e =
			gh_ramps_at(ramps, n_ramps, t[i] - fit->delay_s);

		if (!isnan(last) && t[i] - last > 3 * step)
			end_gap(&gap, last + step, &out);
		if (!(e > TOO_DARK * most))
			continue;
		watch(&gap, (v[i] - fit->offset) / (fit->gain * e), t[i], step,
		      &out);
		out.seconds += step;
		last = t[i];
	}
	end_gap(&gap, last + step, &out);
	return out;
}
