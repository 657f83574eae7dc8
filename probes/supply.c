/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * supply - how the supply bears the arms. Every amp they draw costs a little
 * voltage in the supply, the cable and the plugs; the slope of volts on amps
 * is that resistance, and a corroded plug shows there long before anything
 * resets. Current drawn while all stand still is a leak or a stalled servo.
 */
#include <math.h>

#include "engine/probe.h"  /* struct gh_probe, gh_probe_put */
#include "judge/metric.h"  /* struct gh_metric */
#include "measure/bins.h"  /* gh_interpolate */
#include "measure/ols.h"   /* gh_ols */
#include "measure/stats.h" /* gh_mean */

/* 20 ms means: measurement.md section 4.3, supply.vmin. */
#define BLOCK_US 20000
#define BLOCKS_MIN 20 /* assumed */
/* 100 ms: the moving mean takes away what is below 10 Hz. */
#define RIPPLE_S 0.1
/* First rush of current: measurement.md section 4.3, supply.inrush. */
#define RUSH_US 100000
/* Motors let go and their last swing is over: assumed. */
#define LET_GO_US 100000
/* A second each side: the legs of a sweep take 1.75 s and more. */
#define HALF_WINDOW 50

enum { VMIN, VREST, RSOURCE, IDLE, REST, RIPPLE, INRUSH };
enum { TERMS = 2 };
enum {
	VOLTS = 1u << GH_Q_VOLTAGE,
	AMPS = 1u << GH_Q_CURRENT,
	SWEEPS = 1u << GH_EX_SWEEP,
	STILL = 1u << GH_EX_STILL,
	STEPS = 1u << GH_EX_STEP,
	LET_GO = 1u << GH_EX_REST
};

/* Minima and priors: measurement.md section 4.3. */
static const struct gh_metric metrics[] = {
	[VMIN] = { .id = "supply.vmin",
		   .version = 1,
		   .unit = GH_UNIT_VOLT,
		   .meaning = "lowest voltage of the run",
		   .role = GH_ROLE_GATE,
		   .min_share = 0.05,
		   .prior = 0.01,
		   .resolution = 0.01,
		   /* half of what it was: no servo works there (assumed) */
		   .hard = { NAN, NAN, 0.5 },
		   .needs = { 0, VOLTS, 0.0, true } },
	[VREST] = { .id = "supply.vrest",
		    .version = 1,
		    .unit = GH_UNIT_VOLT,
		    .meaning = "voltage at rest",
		    .role = GH_ROLE_WATCH,
		    .min_share = 0.05,
		    .prior = 0.01,
		    .resolution = 0.01,
		    .hard = GH_NO_HARD,
		    .needs = { STILL, VOLTS, 0.0, true } },
	[RSOURCE] = { .id = "supply.rsource",
		      .version = 1,
		      .unit = GH_UNIT_OHM,
		      .meaning = "resistance to the arms",
		      .role = GH_ROLE_GATE,
		      .min_share = 0.20,
		      .min_abs = 0.03,
		      .prior = 0.05,
		      .resolution = 0.001,
		      .hard = GH_NO_HARD,
		      .needs = { SWEEPS, VOLTS | AMPS, 10.0, true } },
	[IDLE] = { .id = "supply.idle",
		   .version = 1,
		   .unit = GH_UNIT_AMPERE,
		   .meaning = "current while all stand still",
		   .role = GH_ROLE_GATE,
		   .min_share = 0.15,
		   /* four steps of a 5 mA monitor: assumed */
		   .min_abs = 0.020,
		   .prior = 0.03,
		   .resolution = 0.001,
		   .hard = GH_NO_HARD,
		   .needs = { STILL, AMPS, 0.0, true } },
	[REST] = { .id = "supply.rest",
		   .version = 1,
		   .unit = GH_UNIT_AMPERE,
		   .meaning = "current with torque off",
		   .role = GH_ROLE_GATE,
		   .min_share = 0.15,
		   .min_abs = 0.020, /* as supply.idle */
		   .prior = 0.03,
		   .resolution = 0.001,
		   .hard = GH_NO_HARD,
		   .needs = { LET_GO, AMPS, 0.0, true } },
	/* At 40 Hz and more there is something above 10 Hz to see. */
	[RIPPLE] = { .id = "supply.ripple",
		     .version = 1,
		     .unit = GH_UNIT_VOLT,
		     .meaning = "voltage ripple above 10 Hz, rms",
		     .role = GH_ROLE_WATCH,
		     .min_share = 0.30,
		     /* two steps of a 10 mV monitor: assumed */
		     .min_abs = 0.020,
		     .prior = 0.10,
		     .resolution = 0.001,
		     .hard = GH_NO_HARD,
		     .needs = { SWEEPS, VOLTS, 40.0, true } },
	[INRUSH] = { .id = "supply.inrush",
		     .version = 1,
		     .unit = GH_UNIT_AMPERE,
		     .meaning = "peak current as all arms step",
		     .role = GH_ROLE_WATCH,
		     .min_share = 0.30,
		     .prior = 0.10,
		     .resolution = 0.005,
		     .hard = GH_NO_HARD,
		     .needs = { STEPS, AMPS, 40.0, true } },
	{ 0 }
};

struct window {
	gh_us begin, end;
};

/*
 * From the first to the last joint that does it; with `settled`, only from
 * when the last joint has begun the first time (arms that could meet come one
 * after another, and those that are done stand still at home).
 */
static struct window find_window(const struct gh_probe_in *in,
				 enum gh_exercise exercise, bool settled)
{
	struct gh_span *spans =
		gh_arena_room(in->tmp, GH_REC_SPANS, sizeof *spans);
	const size_t n = gh_recording_spans(in->rec, -1, exercise, in->repeat,
					    spans, GH_REC_SPANS);
	struct window w = { 0, 0 };

	for (size_t i = 0; i < n; i++) {
		if (i == 0 || (settled && spans[i].repeat == spans[0].repeat))
			w.begin = spans[i].begin;
		if (spans[i].end > w.end)
			w.end = spans[i].end;
	}
	return w;
}

/*
 * The supply itself drifts by more than the arms pull it down (1 % of 12 V is
 * 120 mV, an amp through 0.05 ohm is 50 mV), but slowly: only what is faster
 * than two seconds counts.
 */
static void keep_fast_part(const struct gh_probe_in *in, struct gh_series *s)
{
	double *fast = gh_arena_take(in->tmp, s->n, sizeof *fast);

	for (size_t k = 0; k < s->n; k++) {
		const size_t from = k < HALF_WINDOW ? 0 : k - HALF_WINDOW;
		const size_t to =
			k + HALF_WINDOW < s->n ? k + HALF_WINDOW : s->n - 1;

		fast[k] = s->v[k] - gh_mean(s->v + from, to - from + 1);
	}
	s->v = fast;
}

static void put_resistance(const struct gh_probe_in *in,
			   struct gh_probe_out *out, const struct gh_series *v,
			   const struct gh_series *i)
{
	double *rows = gh_arena_take(in->tmp, v->n * TERMS, sizeof *rows);
	double *residual = gh_arena_take(in->tmp, v->n, sizeof *residual);
	struct gh_fit fit;

	for (size_t k = 0; k < v->n; k++) {
		rows[k * TERMS] = 1.0;
		rows[k * TERMS + 1] = gh_interpolate(i->t, i->v, i->n, v->t[k]);
	}
	if (gh_ols(rows, v->v, v->n, TERMS, &fit, residual))
		gh_probe_put(out, RSOURCE, -fit.b[1]);
}

/* What is faster than the moving mean over RIPPLE_S, root mean square. */
static double ripple_of(const struct gh_series *v)
{
	double inside = 0.0, sum_2 = 0.0;
	size_t from = 0, to = 0, n = 0;

	for (size_t i = 0; i < v->n; i++) {
		for (; to < v->n && v->t[to] < v->t[i] + RIPPLE_S / 2; to++)
			inside += v->v[to];
		for (; v->t[from] < v->t[i] - RIPPLE_S / 2; from++)
			inside -= v->v[from];
		if (v->t[i] < RIPPLE_S || to == v->n)
			continue; /* half a mean at either end */
		sum_2 += pow(v->v[i] - inside / (double)(to - from), 2);
		n++;
	}
	return n > 0 ? sqrt(sum_2 / (double)n) : NAN;
}

/* Steps begin for all joints at once; the mean peak over them. */
static void put_rush(const struct gh_probe_in *in, struct gh_probe_out *out)
{
	struct gh_span *spans =
		gh_arena_room(in->tmp, GH_REC_SPANS, sizeof *spans);
	const size_t n = gh_recording_spans(in->rec, -1, GH_EX_STEP, in->repeat,
					    spans, GH_REC_SPANS);
	double sum = 0.0, steps = 0.0;
	gh_us last = -RUSH_US;

	for (size_t i = 0; i < n; i++) {
		struct gh_series amps;
		double peak = 0.0;

		if (spans[i].begin < last + RUSH_US ||
		    fabs(spans[i].to_rad - spans[i].from_rad) <= 0.0)
			continue;
		last = spans[i].begin;
		amps = gh_probe_series(in, GH_Q_CURRENT, last, last + RUSH_US);
		for (size_t k = 0; k < amps.n; k++)
			peak = fmax(peak, amps.v[k]);
		sum += peak;
		steps += amps.n > 0;
	}
	gh_probe_put(out, INRUSH, sum / steps);
}

static void put_lowest(const struct gh_probe_in *in, struct gh_probe_out *out)
{
	const struct gh_series volts =
		gh_probe_blocks(in, GH_Q_VOLTAGE, 0, GH_US_NEVER, BLOCK_US);
	double lowest = INFINITY;

	for (size_t k = 0; k < volts.n; k++)
		lowest = fmin(lowest, volts.v[k]);
	gh_probe_put(out, VMIN, volts.n > 0 ? lowest : NAN);
}

static void put_motion(const struct gh_probe_in *in, struct gh_probe_out *out)
{
	const struct window w = find_window(in, GH_EX_SWEEP, false);
	struct gh_series volts =
		gh_probe_blocks(in, GH_Q_VOLTAGE, w.begin, w.end, BLOCK_US);
	struct gh_series amps =
		gh_probe_blocks(in, GH_Q_CURRENT, w.begin, w.end, BLOCK_US);
	const struct gh_series fast =
		gh_probe_series(in, GH_Q_VOLTAGE, w.begin, w.end);

	gh_probe_put(out, RIPPLE, ripple_of(&fast));
	if (volts.n < BLOCKS_MIN || amps.n < BLOCKS_MIN)
		return;
	keep_fast_part(in, &volts);
	keep_fast_part(in, &amps);
	put_resistance(in, out, &volts, &amps);
}

static void put_let_go(const struct gh_probe_in *in, struct gh_probe_out *out)
{
	const struct window w = find_window(in, GH_EX_REST, true);
	const struct gh_series amps =
		gh_probe_series(in, GH_Q_CURRENT, w.begin + LET_GO_US, w.end);

	gh_probe_put(out, REST, gh_mean(amps.v, amps.n));
}

static void put_still(const struct gh_probe_in *in, struct gh_probe_out *out)
{
	const struct window still = find_window(in, GH_EX_STILL, true);
	const struct gh_series volts =
		gh_probe_series(in, GH_Q_VOLTAGE, still.begin, still.end);
	const struct gh_series amps =
		gh_probe_series(in, GH_Q_CURRENT, still.begin, still.end);

	gh_probe_put(out, VREST, gh_mean(volts.v, volts.n));
	gh_probe_put(out, IDLE, gh_mean(amps.v, amps.n));
}

/* A dead monitor is no dead supply. */
static const struct gh_rests_on rests_on[] = {
	{ GH_Q_VOLTAGE, VMIN },	   { GH_Q_VOLTAGE, VREST },
	{ GH_Q_VOLTAGE, RSOURCE }, { GH_Q_CURRENT, RSOURCE },
	{ GH_Q_CURRENT, IDLE },	   { GH_Q_CURRENT, REST },
	{ GH_Q_VOLTAGE, RIPPLE },  { GH_Q_CURRENT, INRUSH },
};

static enum gh_status run(const struct gh_probe_in *in,
			  struct gh_probe_out *out, struct gh_err *err)
{
	(void)err;
	put_lowest(in, out);
	put_motion(in, out);
	put_still(in, out);
	put_rush(in, out);
	put_let_go(in, out);
	gh_probe_doubt(in, out, rests_on, GH_ARRAY_SIZE(rests_on));
	return GH_OK;
}

const struct gh_probe gh_probe_supply = {
	.name = "supply",
	.title = "How the supply bears the arms",
	.kind = GH_PART_SUPPLY,
	.metrics = metrics,
	.run = run,
};
