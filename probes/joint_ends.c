/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * joint_ends - how far a joint can go and what stops it there. The controller
 * drives it gently outwards until it pushes or has arrived, and the span ends
 * where that happened. Something in the way is pushed against, a limit written
 * into the servo is not: the same angle with another current.
 */
#include <math.h>

#include "engine/probe.h"  /* struct gh_probe, gh_probe_put */
#include "judge/metric.h"  /* struct gh_metric */
#include "measure/angle.h" /* gh_deg */
#include "measure/bins.h"  /* gh_interpolate */
#include "measure/stats.h" /* gh_mean_abs, gh_median */

/* Angles the reached end is the median of: as at a turn of the slow legs. */
#define SIDE 5
/* Where the push is felt: measurement.md section 3, joint.end_current. */
#define LAST_RAD (3.0 / GH_DEG_PER_RAD)
#define SAMPLES_MIN 5 /* assumed */
/*
 * Against a stop the current rises within 20 ms, before the guard lets go; what
 * the arm weighs there was felt just before as well (simulated plant).
 */
#define PUSH_S 0.035
#define BEFORE_FROM_S 0.25
#define BEFORE_TO_S 0.05

enum { SPANS = 16, ENDS = 2 };
enum { END_LOW, END_HIGH, END_CURRENT, END_PUSH };
enum { GUARDED = 1u << GH_EX_END };
enum { ANGLE = 1u << GH_Q_POSITION, AMPS = 1u << GH_Q_CURRENT };

/*
 * Minima and priors: measurement.md section 3. 15 Hz: at the gentle speed of
 * such a move, 0.2 rad/s, one sample is a quarter of the 3 deg; assumed.
 */
static const struct gh_metric metrics[] = {
	[END_LOW] = { .id = "joint.end_low",
		      .version = 2,
		      .unit = GH_UNIT_DEG,
		      .meaning = "end reached on the low side",
		      .role = GH_ROLE_GATE,
		      .spread = GH_SPREAD_ABSOLUTE,
		      .min_abs = 2.0,
		      .prior = 0.3,
		      .resolution = 0.088,
		      .hard = GH_NO_HARD,
		      .needs = { GUARDED, ANGLE, 15.0, true } },
	[END_HIGH] = { .id = "joint.end_high",
		       .version = 2,
		       .unit = GH_UNIT_DEG,
		       .meaning = "end reached on the high side",
		       .role = GH_ROLE_GATE,
		       .spread = GH_SPREAD_ABSOLUTE,
		       .min_abs = 2.0,
		       .prior = 0.3,
		       .resolution = 0.088,
		       .hard = GH_NO_HARD,
		       .needs = { GUARDED, ANGLE, 15.0, true } },
	[END_CURRENT] = { .id = "joint.end_current",
			  .version = 1,
			  .unit = GH_UNIT_AMPERE,
			  .meaning = "current just before an end",
			  .role = GH_ROLE_WATCH,
			  .min_share = 0.20,
			  /* as coulomb's: a light joint arrives with little */
			  .min_abs = 0.010,
			  .prior = 0.05,
			  .resolution = 0.001,
			  .hard = GH_NO_HARD,
			  .needs = { GUARDED, ANGLE | AMPS, 15.0, true } },
	[END_PUSH] = { .id = "joint.end_push",
		       .version = 1,
		       .unit = GH_UNIT_AMPERE,
		       .meaning = "rise of the current at an end",
		       .role = GH_ROLE_WATCH,
		       .spread = GH_SPREAD_ABSOLUTE,
		       /* ten times the noise of a reading; assumed */
		       .min_abs = 0.05,
		       .prior = 0.01,
		       .resolution = 0.001,
		       .hard = GH_NO_HARD,
		       .needs = { GUARDED, ANGLE | AMPS, 40.0, true } },
	{ 0 }
};

/* Reached angles and currents of one end; NAN where there are none. */
struct end {
	double angle_rad, amps, rise_a;
};

/* Mean absolute current while the angle was within 3 deg of `reached`. */
static double push_of(const struct gh_probe_in *in, const struct gh_span *span,
		      const struct gh_series *q, double reached)
{
	const struct gh_series amps =
		gh_probe_series(in, GH_Q_CURRENT, span->begin, span->end);
	size_t near = amps.n;

	while (near > 0 &&
	       fabs(gh_interpolate(q->t, q->v, q->n, amps.t[near - 1]) -
		    reached) <= LAST_RAD)
		near--;
	return gh_mean_abs(amps.v + near, amps.n - near);
}

/* The largest current of the last moment over the usual one just before. */
static double rise_of(const struct gh_probe_in *in, const struct gh_span *span)
{
	const struct gh_series amps =
		gh_probe_series(in, GH_Q_CURRENT, span->begin, span->end);
	const double end_s = amps.n > 0 ? amps.t[amps.n - 1] : 0.0;
	double before = 0.0, n = 0.0, most = 0.0;

	for (size_t i = 0; i < amps.n; i++) {
		const double ago_s = end_s - amps.t[i];

		if (ago_s <= PUSH_S)
			most = fmax(most, fabs(amps.v[i]));
		if (ago_s > BEFORE_FROM_S || ago_s < BEFORE_TO_S)
			continue;
		before += fabs(amps.v[i]);
		n += 1.0;
	}
	return most - before / n; /* 0 / 0 is NAN */
}

static struct end end_of(const struct gh_probe_in *in,
			 const struct gh_span *span)
{
	const struct gh_series q =
		gh_probe_series(in, GH_Q_POSITION, span->begin, span->end);
	double last[SIDE];
	struct end end = { NAN, NAN, NAN };

	if (q.n < SAMPLES_MIN)
		return end;
	for (size_t i = 0; i < SIDE; i++)
		last[i] = q.v[q.n - SIDE + i];
	end.angle_rad = gh_median(last, SIDE);
	end.amps = push_of(in, span, &q, end.angle_rad);
	end.rise_a = rise_of(in, span);
	return end;
}

static enum gh_status run(const struct gh_probe_in *in,
			  struct gh_probe_out *out, struct gh_err *err)
{
	static const struct gh_rests_on rests_on[] = {
		{ GH_Q_POSITION, END_LOW },	{ GH_Q_POSITION, END_HIGH },
		{ GH_Q_CURRENT, END_LOW },	{ GH_Q_CURRENT, END_HIGH },
		{ GH_Q_POSITION, END_CURRENT }, { GH_Q_CURRENT, END_CURRENT },
		{ GH_Q_POSITION, END_PUSH },	{ GH_Q_CURRENT, END_PUSH },
	};
	double angle[ENDS] = { NAN, NAN }, amps[ENDS] = { 0.0, 0.0 };
	double rise[ENDS] = { NAN, NAN }, seen[ENDS] = { 0.0, 0.0 };
	struct gh_span spans[SPANS];
	const size_t n = gh_probe_spans(in, GH_EX_END, spans, SPANS);

	if (n == 0)
		return gh_fail(err, GH_NODATA, "it was not driven to its ends");
	for (size_t i = 0; i < n; i++) {
		const struct end end = end_of(in, &spans[i]);
		const int side = spans[i].arg > 0;

		if (isnan(end.angle_rad))
			continue;
		/* What the next visit passes was no end. */
		angle[side] = side ? fmax(angle[side], end.angle_rad)
				   : fmin(angle[side], end.angle_rad);
		amps[side] += end.amps;
		rise[side] = fmax(rise[side], end.rise_a);
		seen[side] += 1.0;
	}
	/* An end not reached is NAN, and the runner knows that. */
	gh_probe_put(out, END_LOW, gh_deg(angle[0]));
	gh_probe_put(out, END_HIGH, gh_deg(angle[1]));
	gh_probe_put(out, END_CURRENT,
		     fmax(amps[0] / seen[0], amps[1] / seen[1]));
	gh_probe_put(out, END_PUSH, fmax(rise[0] / seen[0], rise[1] / seen[1]));
	gh_probe_doubt(in, out, rests_on, GH_ARRAY_SIZE(rests_on));
	return GH_OK;
}

const struct gh_probe gh_probe_joint_ends = {
	.name = "joint_ends",
	.title = "How far a joint can go",
	.kind = GH_PART_JOINT,
	.metrics = metrics,
	.run = run,
};
