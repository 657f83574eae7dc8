/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * joint_slack - what happens when a joint turns round slowly. Play in the gears
 * lets the motor run free for a moment: the command moves on, the arm does not
 * (dead), and the current steps when the teeth meet again (jump). Friction
 * holds the arm a little behind on both sides; against the stiffness of the
 * loop that opens a loop between forth and back, play or not. What it takes to
 * start at all, over what it takes to go on, is the stiction.
 */
#include <math.h>

#include "engine/probe.h"     /* struct gh_probe, gh_probe_put */
#include "judge/metric.h"     /* struct gh_metric */
#include "measure/angle.h"    /* gh_deg */
#include "measure/ols.h"      /* gh_ols */
#include "measure/response.h" /* gh_first_motion */
#include "measure/stats.h"    /* gh_mean, gh_median */

/* 1.5 counts of a 12 bit encoder: measurement.md sections 1.3 and 3. */
#define MOTION_COUNTS 1.5
#define MOTION_RAD (MOTION_COUNTS * 0.088 / GH_DEG_PER_RAD)
/* A start counts from 2 counts on: measurement.md section 3, servo.break. */
#define START_RAD (2.0 * 0.088 / GH_DEG_PER_RAD)
/* The current of a start is a mean over this long on either side: assumed. */
#define AROUND_US 15000
/* Friction below this many standard errors divides nothing: assumed. */
#define FRICTION_SE 5.0
/* As the sweeps; a faster channel is then judged as one of 100 Hz. */
#define BLOCK_US 10000
/* Samples on either side of a turn: measurement.md section 3. */
#define SIDE 5
/* Legs that follow each other within this are one motion: assumed. */
#define JOIN_US 20000
#define SETTLE_US 250000 /* as on sweeps */

enum { LEGS = 64 };
enum { JUMP, DEAD, LOOP, BREAK, STICTION };
enum { TURNS = 1u << GH_EX_REVERSAL };
enum { ANGLE = 1u << GH_Q_POSITION, AMPS = 1u << GH_Q_CURRENT };

/*
 * Minima and priors: measurement.md section 3. Dead and loop's absolute minima
 * are 1.5 counts, assumed. 15 Hz: poor, yet a leg of 1 s has 15 samples.
 */
static const struct gh_metric metrics[] = {
	[JUMP] = { .id = "joint.jump",
		   .version = 1,
		   .unit = GH_UNIT_AMPERE,
		   .meaning = "lost motion, as a step of current",
		   .role = GH_ROLE_WATCH,
		   .spread = GH_SPREAD_ABSOLUTE,
		   /* 20 % of the minimum: it may be negative and near 0 */
		   .min_abs = 0.010,
		   .prior = 0.002,
		   .resolution = 0.001,
		   .hard = GH_NO_HARD,
		   .needs = { TURNS, ANGLE | AMPS, 15.0, true } },
	[DEAD] = { .id = "joint.dead",
		   .version = 1,
		   .unit = GH_UNIT_DEG,
		   .meaning = "lost motion plus stiction",
		   .role = GH_ROLE_WATCH,
		   .min_abs = 0.25,
		   .prior = 0.10,
		   .resolution = 0.034,
		   .hard = GH_NO_HARD,
		   .needs = { TURNS, ANGLE, 15.0, true } },
	[LOOP] = { .id = "joint.loop",
		   .version = 1,
		   .unit = GH_UNIT_DEG,
		   .meaning = "friction over stiffness",
		   .role = GH_ROLE_WATCH,
		   .min_share = 0.20,
		   .min_abs = 0.13,
		   .prior = 0.05,
		   .resolution = 0.01,
		   .hard = GH_NO_HARD,
		   .needs = { TURNS, ANGLE, 15.0, true } },
	[BREAK] = { .id = "servo.break",
		    .version = 1,
		    .unit = GH_UNIT_AMPERE,
		    .meaning = "current at first motion",
		    .role = GH_ROLE_WATCH,
		    .min_share = 0.25,
		    .min_abs = 0.010,
		    .prior = 0.10,
		    .resolution = 0.00269,
		    .hard = GH_NO_HARD,
		    .needs = { TURNS, ANGLE | AMPS, 20.0, true } },
	[STICTION] = { .id = "servo.stiction",
		       .version = 1,
		       .unit = GH_UNIT_ONE,
		       .meaning = "current to start over current to go on",
		       .role = GH_ROLE_WATCH,
		       .min_share = 0.25,
		       .prior = 0.10,
		       .resolution = 0.05,
		       .hard = GH_NO_HARD,
		       .needs = { TURNS, ANGLE | AMPS, 20.0, true } },
	{ 0 }
};

static double speed_of(const struct gh_span *leg)
{
	return (leg->to_rad - leg->from_rad) * GH_US_PER_S /
	       (double)(leg->end - leg->begin);
}

static bool is_turn(const struct gh_span *before, const struct gh_span *after)
{
	return after->begin - before->end < JOIN_US &&
	       speed_of(before) * speed_of(after) < 0.0;
}

/* Commanded travel after a turn until the arm follows, rad. */
static double dead_travel(const struct gh_probe_in *in,
			  const struct gh_span *before,
			  const struct gh_span *after)
{
	const struct gh_series was = gh_probe_series(
		in, GH_Q_POSITION, before->end - SETTLE_US, before->end);
	const struct gh_series q =
		gh_probe_series(in, GH_Q_POSITION, after->begin, after->end);
	const size_t side = was.n < SIDE ? was.n : SIDE;
	const double v = speed_of(after);

	if (side == 0)
		return NAN;
	return fabs(v) * gh_first_motion(q.t, q.v, q.n,
					 gh_median(was.v + was.n - side, side),
					 MOTION_RAD, v);
}

static void put_dead(const struct gh_probe_in *in, struct gh_probe_out *out,
		     const struct gh_span *legs, size_t n)
{
	double travel[LEGS];
	size_t turns = 0;

	for (size_t i = 1; i < n; i++) {
		double t;

		if (!is_turn(&legs[i - 1], &legs[i]))
			continue;
		t = dead_travel(in, &legs[i - 1], &legs[i]);
		if (!isnan(t))
			travel[turns++] = t;
	}
	gh_probe_put(out, DEAD, gh_deg(gh_median(travel, turns)));
}

static void put_loop(const struct gh_probe_in *in, struct gh_probe_out *out,
		     const struct gh_span *legs, size_t n)
{
	double sum[2] = { 0.0, 0.0 }, count[2] = { 0.0, 0.0 };

	for (size_t i = 0; i < n; i++) {
		const gh_us begin = legs[i].begin + SETTLE_US;
		const struct gh_series q =
			gh_probe_series(in, GH_Q_POSITION, begin, legs[i].end);
		const double v = speed_of(&legs[i]);
		const double from =
			legs[i].from_rad + v * SETTLE_US / GH_US_PER_S;

		for (size_t k = 0; k < q.n; k++)
			sum[v > 0.0] += from + v * q.t[k] - q.v[k];
		count[v > 0.0] += (double)q.n;
	}
	gh_probe_put(out, LOOP, gh_deg(sum[1] / count[1] - sum[0] / count[0]));
}

/* The currents of all legs, one after another, and where each leg is. */
struct currents {
	size_t n, first[LEGS + 1];
	double *amps, *rows; /* rows: 1, way, commanded angle */
};

enum { TERM_ONE, TERM_WAY, TERM_ANGLE, TERMS };

static void gather(const struct gh_probe_in *in, const struct gh_span *legs,
		   size_t n, struct currents *c)
{
	const int channel = gh_recording_find(in->rec, in->part, GH_Q_CURRENT);
	const size_t cap = gh_recording_count(in->rec, (unsigned)channel);

	c->n = 0;
	c->amps = gh_arena_take(in->tmp, cap, sizeof *c->amps);
	c->rows = gh_arena_take(in->tmp, cap * TERMS, sizeof *c->rows);
	for (size_t i = 0; i < n; i++) {
		const struct gh_series s = gh_probe_blocks(
			in, GH_Q_CURRENT, legs[i].begin, legs[i].end, BLOCK_US);

		c->first[i] = c->n;
		for (size_t k = 0; k < s.n; k++, c->n++) {
			double *row = c->rows + c->n * TERMS;

			row[TERM_ONE] = 1.0;
			row[TERM_WAY] = speed_of(&legs[i]) > 0.0 ? 1.0 : -1.0;
			row[TERM_ANGLE] =
				legs[i].from_rad + speed_of(&legs[i]) * s.t[k];
			c->amps[c->n] = s.v[k];
		}
	}
	c->first[n] = c->n;
}

/* Step of what the fit left over, just after a turn minus just before. */
static void put_jump(struct gh_probe_out *out, const struct gh_span *legs,
		     size_t n, const struct currents *c, const double *e)
{
	double jump[LEGS];
	size_t turns = 0;

	for (size_t i = 1; i < n; i++) {
		const size_t at = c->first[i];
		const double way = speed_of(&legs[i]) > 0.0 ? 1.0 : -1.0;

		if (!is_turn(&legs[i - 1], &legs[i]) ||
		    at - c->first[i - 1] < SIDE || c->first[i + 1] - at < SIDE)
			continue;
		jump[turns++] = way * (gh_mean(e + at, SIDE) +
				       gh_mean(e + at - SIDE, SIDE));
	}
	gh_probe_put(out, JUMP, gh_mean(jump, turns));
}

/* The moment a leg starts to move; NAN when it does not. */
struct start {
	double amps, angle_rad, way;
};

static struct start start_of(const struct gh_probe_in *in,
			     const struct gh_span *leg)
{
	const struct gh_series q =
		gh_probe_series(in, GH_Q_POSITION, leg->begin, leg->end);
	const double v = speed_of(leg);
	struct start start = { NAN, NAN, v > 0.0 ? 1.0 : -1.0 };
	struct gh_series amps;
	double t_s;
	gh_us at;

	if (q.n == 0)
		return start;
	t_s = gh_first_motion(q.t, q.v, q.n, q.v[0], START_RAD, v);
	if (isnan(t_s))
		return start;
	at = leg->begin + (gh_us)(t_s * GH_US_PER_S);
	amps = gh_probe_series(in, GH_Q_CURRENT, at - AROUND_US,
			       at + AROUND_US);
	start.amps = gh_mean(amps.v, amps.n);
	start.angle_rad = leg->from_rad + v * t_s;
	return start;
}

/*
 * Every leg starts against friction at rest; the medians of them. The weight
 * helps one way and hinders the other: stiction is what the fit does not put
 * down to it, over the friction of the same slow legs. The sweeps' coulomb has
 * another speed and other grease.
 */
static void put_starts(struct gh_probe_out *out, const struct start *starts,
		       size_t n, const struct gh_fit *fit)
{
	double amps[LEGS], share[LEGS];

	for (size_t i = 0; i < n; i++) {
		const double weight = fit->b[TERM_ONE] +
				      fit->b[TERM_ANGLE] * starts[i].angle_rad;

		amps[i] = fabs(starts[i].amps);
		share[i] = starts[i].way * (starts[i].amps - weight) /
			   fit->b[TERM_WAY];
	}
	gh_probe_put(out, BREAK, gh_median(amps, n));
	if (fit->b[TERM_WAY] > FRICTION_SE * fit->se[TERM_WAY])
		gh_probe_put(out, STICTION, gh_median(share, n));
}

/* So small a motion has one friction and a weight in a straight line. */
static void put_currents(const struct gh_probe_in *in, struct gh_probe_out *out,
			 const struct gh_span *legs, size_t n)
{
	struct start starts[LEGS];
	struct currents c;
	struct gh_fit fit;
	size_t moved = 0;
	double *e;

	gather(in, legs, n, &c);
	e = gh_arena_take(in->tmp, c.n, sizeof *e);
	if (!gh_ols(c.rows, c.amps, c.n, TERMS, &fit, e))
		return;
	put_jump(out, legs, n, &c, e);
	for (size_t i = 0; i < n; i++) {
		starts[moved] = start_of(in, &legs[i]);
		if (!isnan(starts[moved].amps))
			moved++;
	}
	put_starts(out, starts, moved, &fit);
}

static const struct gh_rests_on rests_on[] = {
	{ GH_Q_POSITION, JUMP },     { GH_Q_CURRENT, JUMP },
	{ GH_Q_POSITION, DEAD },     { GH_Q_POSITION, LOOP },
	{ GH_Q_POSITION, BREAK },    { GH_Q_CURRENT, BREAK },
	{ GH_Q_POSITION, STICTION }, { GH_Q_CURRENT, STICTION },
};

static enum gh_status run(const struct gh_probe_in *in,
			  struct gh_probe_out *out, struct gh_err *err)
{
	struct gh_span legs[LEGS];
	const size_t n = gh_probe_spans(in, GH_EX_REVERSAL, legs, LEGS);

	if (n < 2)
		return gh_fail(err, GH_NODATA, "no slow reversal recorded");
	put_dead(in, out, legs, n);
	put_loop(in, out, legs, n);
	if (gh_recording_find(in->rec, in->part, GH_Q_CURRENT) >= 0)
		put_currents(in, out, legs, n);
	gh_probe_doubt(in, out, rests_on, GH_ARRAY_SIZE(rests_on));
	return GH_OK;
}

const struct gh_probe gh_probe_joint_slack = {
	.name = "joint_slack",
	.title = "Play and stiction at slow reversals",
	.kind = GH_PART_JOINT,
	.metrics = metrics,
	.run = run,
};
