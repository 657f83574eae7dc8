/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/shows_motion.h"

#include <math.h>

/* Fewer readings prove nothing: assumed. */
#define READINGS_MIN 20
/* As on every leg of a sweep: measurement.md section 2. */
#define SETTLE_US 250000
/* Standard errors between current forth and back that prove motion: assumed. */
#define MOVES_SE 5.0
/* How much a wiggle must add to the flicker of the current: assumed. */
#define UNREST 2.0
/* What after a wiggle is taken as rest: its joint's turn comes once. Assumed. */
#define REST_US 2000000

enum { SPANS_MAX = 512 };

struct pile {
	double n, sum, sum_2;
};

static void pile_up(struct pile *p, const struct gh_series *s)
{
	for (size_t k = 0; k < s->n; k++) {
		p->n += 1.0;
		p->sum += s->v[k];
		p->sum_2 += s->v[k] * s->v[k];
	}
}

static double square_error(const struct pile *p)
{
	const double mean = p->sum / p->n;

	return (p->sum_2 / p->n - mean * mean) / p->n;
}

/* Root mean square of the current about its mean, A; NAN: too few. */
static double unrest_a(const struct gh_probe_in *in, gh_us begin, gh_us end)
{
	const struct gh_series s =
		gh_probe_series(in, GH_Q_CURRENT, begin, end);
	struct pile p = { 0, 0, 0 };

	pile_up(&p, &s);
	return p.n >= READINGS_MIN ? sqrt(square_error(&p) * p.n) : NAN;
}

/* More unrest during the joint's own wiggle than in the two seconds after. */
static bool wiggle_costs_current(const struct gh_probe_in *in)
{
	struct gh_span spans[8];
	const size_t n = gh_recording_spans(in->rec, in->part, GH_EX_IDENTITY,
					    GH_REPEAT_ALL, spans, 8);
	double own, rest;
	gh_us end;

	if (n == 0)
		return false;
	end = spans[n - 1].end;
	own = unrest_a(in, spans[0].begin, end);
	rest = unrest_a(in, end + SETTLE_US, end + REST_US);
	return own > UNREST * rest;
}

bool gh_current_shows_motion(const struct gh_probe_in *in)
{
	struct gh_span *spans =
		gh_arena_room(in->tmp, SPANS_MAX, sizeof *spans);
	const size_t n = gh_recording_spans(in->rec, in->part, GH_EX_SWEEP,
					    GH_REPEAT_ALL, spans, SPANS_MAX);
	struct pile ways[2] = { { 0, 0, 0 }, { 0, 0, 0 } };
	double apart;

	for (size_t i = 0; i < n; i++) {
		const struct gh_series s =
			gh_probe_series(in, GH_Q_CURRENT,
					spans[i].begin + SETTLE_US,
					spans[i].end);

		pile_up(&ways[spans[i].to_rad > spans[i].from_rad], &s);
	}
	if (ways[0].n < READINGS_MIN || ways[1].n < READINGS_MIN)
		return wiggle_costs_current(in);
	apart = ways[1].sum / ways[1].n - ways[0].sum / ways[0].n;
	return apart >
	       MOVES_SE * sqrt(square_error(&ways[0]) + square_error(&ways[1]));
}
