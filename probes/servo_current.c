/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * servo_current - what a servo draws while it stands, how warm that makes it,
 * and whether its own lead brings it volts. A joint that fights its gearbox
 * keeps drawing current after it has arrived; a bad plug shows as volts lost on
 * this servo alone.
 * measurement.md section 3, second table.
 */
#include <math.h>

#include "engine/probe.h"  /* struct gh_probe, gh_probe_put */
#include "judge/metric.h"  /* struct gh_metric */
#include "measure/bins.h"  /* gh_interpolate */
#include "measure/stats.h" /* gh_mean_abs, gh_median */

#define SETTLE_US 250000 /* as on sweeps */
/* 30 samples give the mean to 18 % of the noise: 1/sqrt(30). */
#define SAMPLES_MIN 30
#define WARM_SIDE ((size_t)3) /* temperatures averaged at either end: assumed */
/* Servos tell whole kelvins: a fifth, which is what matters, of no less. */
#define HEAT_LEAST_K 5.0

/*
 * A servo that stands still may rest anywhere inside its dry friction: the
 * current it needs there is undetermined by the Coulomb current, 0.05 A on the
 * reference servo (Kc / kt, measurement.md section 1.4).
 */
#define STICTION_A 0.05

enum { LEGS = 64, JOINTS = GH_RIG_JOINTS };
enum { HOLD, REST, VMIN, VDROP, TEMP, DTEMP, HEAT };
enum {
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
	/* What the judge knows the room by (judge/conditions.c). */
	[TEMP] = { .id = "servo.temp",
		   .version = 1,
		   .unit = GH_UNIT_DEG_C,
		   .meaning = "how warm it starts",
		   .role = GH_ROLE_SHOWN,
		   .spread = GH_SPREAD_ABSOLUTE,
		   .resolution = 1.0,
		   .hard = GH_NO_HARD,
		   .needs = { 0, WARMTH, 0.0, true } },
	/* A gate, where measurement.md only watches it: 35 K more in a minute
	 * end below the servo's own limit, and still want a servo changed. */
	[DTEMP] = { .id = "servo.dtemp",
		    .version = 1,
		    .unit = GH_UNIT_KELVIN,
		    .meaning = "warming over the run",
		    .role = GH_ROLE_GATE,
		    .spread = GH_SPREAD_ABSOLUTE,
		    .min_abs = 4.0,
		    .prior = 1.0,
		    .resolution = 0.1,
		    .hard = GH_NO_HARD,
		    .needs = { 0, WARMTH, 0.0, true } },
	[HEAT] = { .id = "servo.heat",
		   .version = 1,
		   .unit = GH_UNIT_KELVIN_A2,
		   .meaning = "warming for its current",
		   .role = GH_ROLE_WATCH,
		   .min_share = 0.20,
		   .prior = 0.10,
		   .resolution = 0.1,
		   .hard = GH_NO_HARD,
		   .needs = { SWEEPS, WARMTH | AMPS, 0.0, true } },
	{ 0 }
};

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

	if (!gh_probe_hull(in, GH_EX_SWEEP, &begin, &end))
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

/*
 * The coldest joint at the start is the nearest there is to the temperature of
 * the room: no other part of the rig need have a thermometer. NAN: none.
 */
static double room_c(const struct gh_probe_in *in)
{
	const struct gh_rig *rig = gh_recording_rig(in->rec);
	double coldest = NAN;

	for (unsigned j = 0; j < rig->n_joints; j++) {
		const int channel = gh_recording_find(
			in->rec, rig->joints[j].part, GH_Q_TEMPERATURE);
		const struct gh_series warm = gh_recording_series(
			in->rec, channel, 0, GH_US_NEVER, in->tmp);

		if (warm.n >= 2 * WARM_SIDE)
			coldest = fmin(coldest, gh_mean(warm.v, WARM_SIDE));
	}
	return coldest;
}

/*
 * Always from the beginning of the run: what is hot by the second half warms no
 * further in it.
 */
static void put_warming(const struct gh_probe_in *in, struct gh_probe_out *out)
{
	struct gh_probe_in whole = *in;
	struct gh_series warm, amps;
	double end_c, over_k, rms_a;
	gh_us begin, end, later;

	whole.repeat = GH_REPEAT_ALL;
	if (!gh_probe_hull(&whole, GH_EX_COUNT, &begin, &end) ||
	    !gh_probe_hull(in, GH_EX_COUNT, &later, &end))
		return;
	warm = gh_probe_series(in, GH_Q_TEMPERATURE, begin, end);
	if (warm.n < 2 * WARM_SIDE)
		return;
	end_c = gh_mean(warm.v + warm.n - WARM_SIDE, WARM_SIDE);
	gh_probe_put(out, TEMP, gh_mean(warm.v, WARM_SIDE));
	gh_probe_put(out, DTEMP, end_c - gh_mean(warm.v, WARM_SIDE));
	if (in->repeat != GH_REPEAT_ALL)
		return;
	amps = gh_probe_series(in, GH_Q_CURRENT, begin, end);
	rms_a = gh_rms(amps.v, amps.n);
	over_k = end_c - room_c(in);
	if (over_k < HEAT_LEAST_K)
		gh_probe_unknown(out, HEAT, GH_REASON_NOT_COMPUTABLE,
				 "hardly warmer than the room");
	else
		gh_probe_put(out, HEAT, over_k / (rms_a * rms_a));
}

static const struct gh_rests_on rests_on[] = {
	{ GH_Q_CURRENT, HOLD },	    { GH_Q_CURRENT, REST },
	{ GH_Q_VOLTAGE, VMIN },	    { GH_Q_VOLTAGE, VDROP },
	{ GH_Q_TEMPERATURE, TEMP }, { GH_Q_TEMPERATURE, DTEMP },
	{ GH_Q_CURRENT, HEAT },	    { GH_Q_TEMPERATURE, HEAT },
};

static enum gh_status run(const struct gh_probe_in *in,
			  struct gh_probe_out *out, struct gh_err *err)
{
	(void)err;
	put_standing(in, out, HOLD, GH_EX_HOLD);
	put_standing(in, out, REST, GH_EX_STILL);
	put_volts(in, out);
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
