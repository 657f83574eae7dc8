/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * servo_current - what a servo draws while it stands, what it takes to get it
 * going, and whether its own lead brings it volts and replies. A joint that
 * fights its gearbox keeps drawing current after it has arrived; a bad plug
 * shows as volts lost on this servo alone; a chafed wire as replies lost.
 * measurement.md section 3, second table.
 */
#include <math.h>

#include "engine/probe.h"     /* struct gh_probe, gh_probe_put */
#include "judge/metric.h"     /* struct gh_metric */
#include "measure/bins.h"     /* gh_interpolate */
#include "measure/response.h" /* gh_first_motion */
#include "measure/stats.h"    /* gh_mean_abs, gh_median */

#define SETTLE_US 250000 /* as on sweeps */
/* 30 samples give the mean to 18 % of the noise: 1/sqrt(30). */
#define SAMPLES_MIN 30
/* First motion: 2 counts of a 12 bit encoder (sections 1.3 and 3), rad. */
#define MOTION_RAD 0.0031
/* The current of a start is a mean over this long on either side: assumed. */
#define AROUND_US 15000
#define WARM_SIDE ((size_t)3) /* temperatures averaged at either end: assumed */

/*
 * A servo that stands still may rest anywhere inside its dry friction: the
 * current it needs there is undetermined by the Coulomb current, 0.05 A on the
 * reference servo (Kc / kt, measurement.md section 1.4).
 */
#define STICTION_A 0.05

enum { SPANS = 256, LEGS = 64, JOINTS = GH_RIG_JOINTS };
enum { HOLD, REST, BREAK, VMIN, VDROP, LOST, GAP, DTEMP };
enum {
	ANGLE = 1u << GH_Q_POSITION,
	AMPS = 1u << GH_Q_CURRENT,
	VOLTS = 1u << GH_Q_VOLTAGE,
	WARMTH = 1u << GH_Q_TEMPERATURE,
	SWEEPS = 1u << GH_EX_SWEEP
};

/* Minima: measurement.md section 3. Priors and what else: assumed. */
static const struct gh_metric metrics[] = {
	[HOLD] = { .id = "servo.hold",
		   .version = 1,
		   .unit = GH_UNIT_AMPERE,
		   .meaning = "mean current on loaded hold",
		   .role = GH_ROLE_WATCH,
		   .min_share = 0.15,
		   .min_abs = STICTION_A,
		   .prior = 0.05,
		   .resolution = 0.00269,
		   .hard = GH_NO_HARD,
		   .needs = { 1u << GH_EX_HOLD, AMPS, 0.0, true } },
	[REST] = { .id = "servo.rest",
		   .version = 1,
		   .unit = GH_UNIT_AMPERE,
		   .meaning = "mean current at rest",
		   .role = GH_ROLE_WATCH,
		   .min_share = 0.15,
		   .min_abs = STICTION_A,
		   .prior = 0.10,
		   .resolution = 0.00269,
		   .hard = GH_NO_HARD,
		   .needs = { 1u << GH_EX_STILL, AMPS, 0.0, true } },
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
		    .needs = { 1u << GH_EX_REVERSAL, ANGLE | AMPS, 20.0,
			       true } },
	[VMIN] = { .id = "servo.vmin",
		   .version = 1,
		   .unit = GH_UNIT_VOLT,
		   .meaning = "lowest own supply",
		   .role = GH_ROLE_WATCH,
		   .min_share = 0.05,
		   .prior = 0.01,
		   .resolution = 0.1,
		   .hard = GH_NO_HARD,
		   .needs = { SWEEPS, VOLTS, 0.0, true } },
	[VDROP] = { .id = "servo.vdrop",
		    .version = 1,
		    .unit = GH_UNIT_VOLT,
		    .meaning = "volts below its siblings",
		    .role = GH_ROLE_GATE,
		    .spread = GH_SPREAD_ABSOLUTE,
		    .min_abs = 0.3,
		    .prior = 0.05,
		    .resolution = 0.1,
		    .hard = GH_NO_HARD,
		    .needs = { SWEEPS, VOLTS, 0.0, true } },
	[LOST] = { .id = "servo.lost",
		   .version = 1,
		   .unit = GH_UNIT_PPM,
		   .meaning = "lost or bad replies",
		   .role = GH_ROLE_GATE,
		   .spread = GH_SPREAD_ABSOLUTE,
		   .min_abs = 500.0,
		   .prior = 100.0,
		   .resolution = 1.0,
		   .hard = { NAN, 50000.0, NAN },
		   .needs = { 0, ANGLE, 0.0, true } },
	[GAP] = { .id = "servo.gap",
		  .version = 1,
		  .unit = GH_UNIT_MILLISECOND,
		  .meaning = "longest silence",
		  .role = GH_ROLE_WATCH,
		  .spread = GH_SPREAD_ABSOLUTE,
		  .min_abs = 100.0,
		  .prior = 20.0,
		  .resolution = 1.0,
		  .hard = GH_NO_HARD,
		  .needs = { 0, ANGLE, 0.0, true } },
	[DTEMP] = { .id = "servo.dtemp",
		    .version = 1,
		    .unit = GH_UNIT_KELVIN,
		    .meaning = "warming over the run",
		    .role = GH_ROLE_WATCH,
		    .spread = GH_SPREAD_ABSOLUTE,
		    .min_abs = 4.0,
		    .prior = 1.0,
		    .resolution = 0.1,
		    .hard = GH_NO_HARD,
		    .needs = { 0, WARMTH, 0.0, true } },
	{ 0 }
};

/* From the first to the last of this call's spans; false when none. */
static bool hull(const struct gh_probe_in *in, enum gh_exercise exercise,
		 gh_us *begin, gh_us *end)
{
	struct gh_span *spans = gh_arena_take(in->tmp, SPANS, sizeof *spans);
	const size_t n = gh_probe_spans(in, exercise, spans, SPANS);

	if (n == 0)
		return false;
	*begin = spans[0].begin;
	*end = spans[n - 1].end;
	return true;
}

static void put_standing(const struct gh_probe_in *in, struct gh_probe_out *out,
			 unsigned metric, enum gh_exercise exercise)
{
	struct gh_span spans[LEGS];
	const size_t n = gh_probe_spans(in, exercise, spans, LEGS);
	double sum = 0.0, count = 0.0;

	for (size_t i = 0; i < n; i++) {
		const struct gh_series amps =
			gh_probe_series(in, GH_Q_CURRENT,
					spans[i].begin + SETTLE_US,
					spans[i].end);

		if (amps.n == 0)
			continue;
		sum += gh_mean_abs(amps.v, amps.n) * (double)amps.n;
		count += (double)amps.n;
	}
	if (count >= SAMPLES_MIN)
		gh_probe_put(out, metric, sum / count);
}

/* Current at the moment a leg starts to move; NAN when it does not. */
static double start_current(const struct gh_probe_in *in,
			    const struct gh_span *leg)
{
	const struct gh_series q =
		gh_probe_series(in, GH_Q_POSITION, leg->begin, leg->end);
	const double way = leg->to_rad - leg->from_rad;
	struct gh_series amps;
	double t_s;
	gh_us at;

	if (q.n == 0)
		return NAN;
	t_s = gh_first_motion(q.t, q.v, q.n, q.v[0], MOTION_RAD, way);
	if (isnan(t_s))
		return NAN;
	at = leg->begin + (gh_us)(t_s * GH_US_PER_S);
	amps = gh_probe_series(in, GH_Q_CURRENT, at - AROUND_US,
			       at + AROUND_US);
	return amps.n > 0 ? fabs(gh_mean(amps.v, amps.n)) : NAN;
}

/*
 * Every leg of the slow reversals starts against friction at rest; the median
 * of them, because the weight helps one way and hinders the other.
 */
static void put_break(const struct gh_probe_in *in, struct gh_probe_out *out)
{
	struct gh_span legs[LEGS];
	const size_t n = gh_probe_spans(in, GH_EX_REVERSAL, legs, LEGS);
	double amps[LEGS];
	size_t starts = 0;

	for (size_t i = 0; i < n; i++) {
		const double a = start_current(in, &legs[i]);

		if (!isnan(a))
			amps[starts++] = a;
	}
	gh_probe_put(out, BREAK, gh_median(amps, starts));
}

/* The other joints' supply, each as its own series over the window. */
static size_t siblings(const struct gh_probe_in *in, gh_us begin, gh_us end,
		       struct gh_series *out)
{
	const struct gh_rig *rig = gh_recording_rig(in->rec);
	size_t n = 0;

	for (unsigned j = 0; j < rig->n_joints; j++) {
		const int part = rig->joints[j].part;
		const int channel =
			gh_recording_find(in->rec, part, GH_Q_VOLTAGE);

		if (part == in->part)
			continue;
		out[n] = gh_recording_series(in->rec, channel, begin, end,
					     in->tmp);
		n += out[n].n > 0;
	}
	return n;
}

static void put_volts(const struct gh_probe_in *in, struct gh_probe_out *out)
{
	struct gh_series own, other[JOINTS];
	double lowest = INFINITY, now[JOINTS], *below;
	gh_us begin, end;
	size_t n;

	if (!hull(in, GH_EX_SWEEP, &begin, &end))
		return;
	own = gh_probe_series(in, GH_Q_VOLTAGE, begin, end);
	n = siblings(in, begin, end, other);
	below = gh_arena_take(in->tmp, own.n, sizeof *below);
	for (size_t i = 0; i < own.n; i++) {
		lowest = fmin(lowest, own.v[i]);
		for (size_t k = 0; k < n; k++)
			now[k] = gh_interpolate(other[k].t, other[k].v,
						other[k].n, own.t[i]);
		below[i] = gh_median(now, n) - own.v[i];
	}
	gh_probe_put(out, VMIN, lowest);
	if (n > 0)
		gh_probe_put(out, VDROP, gh_median(below, own.n));
	else
		gh_probe_unknown(out, VDROP, GH_REASON_NO_SENSOR,
				 "no other joint to compare its supply with");
}

static void put_replies(const struct gh_probe_in *in, struct gh_probe_out *out)
{
	struct gh_series q, amps;
	double longest_s, last_s = 0.0, bad, all;
	gh_us begin, end;

	if (!hull(in, GH_EX_COUNT, &begin, &end))
		return;
	q = gh_probe_series(in, GH_Q_POSITION, begin, end);
	amps = gh_probe_series(in, GH_Q_CURRENT, begin, end);
	bad = (double)q.invalid;
	all = bad + (double)q.n;
	/* A current monitor that never answers beside a servo that does is a
	 * dead sensor (suspect.c), not lost replies of the servo. */
	if (amps.n > 0 || q.n == 0) {
		bad += (double)amps.invalid;
		all += (double)(amps.n + amps.invalid);
	}
	gh_probe_put(out, LOST, bad / all * 1e6);
	longest_s = 0.0;
	for (size_t i = 0; i < q.n; i++) {
		longest_s = fmax(longest_s, q.t[i] - last_s);
		last_s = q.t[i];
	}
	longest_s =
		fmax(longest_s, (double)(end - begin) / GH_US_PER_S - last_s);
	gh_probe_put(out, GAP, longest_s * 1000.0);
}

static void put_warming(const struct gh_probe_in *in, struct gh_probe_out *out)
{
	struct gh_series warm;
	gh_us begin, end;

	if (!hull(in, GH_EX_COUNT, &begin, &end))
		return;
	warm = gh_probe_series(in, GH_Q_TEMPERATURE, begin, end);
	if (warm.n >= 2 * WARM_SIDE)
		gh_probe_put(out, DTEMP,
			     gh_mean(warm.v + warm.n - WARM_SIDE, WARM_SIDE) -
				     gh_mean(warm.v, WARM_SIDE));
}

/* A frozen angle is silence too, and the gap needs no sweep to say so. */
static const struct gh_rests_on rests_on[] = {
	{ GH_Q_CURRENT, HOLD },	 { GH_Q_CURRENT, REST },
	{ GH_Q_CURRENT, BREAK }, { GH_Q_POSITION, BREAK },
	{ GH_Q_VOLTAGE, VMIN },	 { GH_Q_VOLTAGE, VDROP },
	{ GH_Q_POSITION, GAP },	 { GH_Q_TEMPERATURE, DTEMP },
};

static enum gh_status run(const struct gh_probe_in *in,
			  struct gh_probe_out *out, struct gh_err *err)
{
	(void)err;
	put_standing(in, out, HOLD, GH_EX_HOLD);
	put_standing(in, out, REST, GH_EX_STILL);
	put_break(in, out);
	put_volts(in, out);
	put_replies(in, out);
	put_warming(in, out);
	gh_probe_doubt(in, out, rests_on, GH_ARRAY_SIZE(rests_on));
	return GH_OK;
}

const struct gh_probe gh_probe_servo_current = {
	.name = "servo_current",
	.title = "What a servo draws and whether it answers",
	.kind = GH_PART_JOINT,
	.metrics = metrics,
	.run = run,
};
