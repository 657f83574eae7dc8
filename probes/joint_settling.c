/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * joint_settling - how a joint arrives and how still it then stands. A tired
 * loop overshoots and rings, a stiff joint stops short of its target, a joint
 * with play and too much gain hunts to and fro under its load.
 */
#include <math.h>

#include "engine/probe.h"     /* struct gh_probe, gh_probe_put */
#include "judge/metric.h"     /* struct gh_metric */
#include "measure/angle.h"    /* gh_deg */
#include "measure/response.h" /* gh_step_response */
#include "measure/spectrum.h" /* gh_peak_hz */
#include "measure/stats.h"    /* gh_median, gh_sd */

/* The arrival must have died away: the quarter second of sweeps. */
#define SETTLE_US 250000
#define SAMPLES_MIN 15 /* one second of the slowest channel: assumed */

#define BLOCK_US 10000
/* One count of a 12 bit encoder: measurement.md section 1.3. */
#define COUNT_DEG 0.088

enum { SPANS = 32 };
enum { OVERSHOOT, SETTLE, SSERR, HUNT, HUNT_HZ };
enum { STEPS = 1u << GH_EX_STEP, HOLDS = 1u << GH_EX_HOLD };
enum { ANGLE = 1u << GH_Q_POSITION };

/* Minima and priors: measurement.md section 3. */
static const struct gh_metric metrics[] = {
	[OVERSHOOT] = { .id = "joint.overshoot",
			.version = 1,
			.unit = GH_UNIT_PERCENT,
			.meaning = "peak beyond the target of a step",
			.role = GH_ROLE_WATCH,
			.min_abs = 5.0,
			.prior = 0.10,
			/* one encoder count of 0.2 rad */
			.resolution = 0.77,
			.hard = GH_NO_HARD,
			.needs = { STEPS, ANGLE, 15.0, true } },
	[SETTLE] = { .id = "joint.settle",
		     .version = 1,
		     .unit = GH_UNIT_SECOND,
		     .meaning = "time to settle",
		     .role = GH_ROLE_WATCH,
		     /* measurement.md has 0.1 s: where a step stops inside the dry
		      * friction moves it by more on healthy simulated joints */
		     .min_abs = 0.2,
		     .prior = 0.10,
		     .resolution = 0.01,
		     .hard = GH_NO_HARD,
		     .needs = { STEPS, ANGLE, 15.0, true } },
	[SSERR] = { .id = "joint.sserr",
		    .version = 1,
		    .unit = GH_UNIT_DEG,
		    .meaning = "stops short by",
		    .role = GH_ROLE_WATCH,
		    .min_abs = 0.3,
		    .prior = 0.10,
		    .resolution = 0.088,
		    .hard = GH_NO_HARD,
		    .needs = { STEPS, ANGLE, 15.0, true } },
	[HUNT] = { .id = "joint.hunt",
		   .version = 1,
		   .unit = GH_UNIT_DEG,
		   .meaning = "hunting while it holds",
		   .role = GH_ROLE_WATCH,
		   .min_abs = 0.1,
		   .prior = 0.20,
		   .resolution = 0.01,
		   .hard = GH_NO_HARD,
		   .needs = { HOLDS, ANGLE, 15.0, true } },
	/* Of what hardly hunts it is the noise's: shown, not judged. */
	[HUNT_HZ] = { .id = "joint.hunt_hz",
		      .version = 1,
		      .unit = GH_UNIT_HERTZ,
		      .meaning = "how fast it hunts",
		      .role = GH_ROLE_SHOWN,
		      .spread = GH_SPREAD_ABSOLUTE,
		      .resolution = 0.1,
		      .hard = GH_NO_HARD,
		      .needs = { HOLDS, ANGLE, 15.0, true } },
	{ 0 }
};

/*
 * A step is a span that changes the command, and the rest after it belongs to
 * it. Steps as fast as the speed ceiling allows take a fifth of a second.
 */
static gh_us end_of_step(const struct gh_span *spans, size_t n, size_t i)
{
	gh_us end = spans[i].end;

	for (i++; i < n && spans[i].begin == end; i++) {
		if (fabs(spans[i].to_rad - spans[i].from_rad) > 0.0)
			break;
		end = spans[i].end;
	}
	return end;
}

static void put_steps(const struct gh_probe_in *in, struct gh_probe_out *out)
{
	struct gh_span spans[SPANS];
	const size_t n = gh_probe_spans(in, GH_EX_STEP, spans, SPANS);
	double overshoot = 0.0, settle_s = 0.0, error = 0.0, steps = 0.0;

	for (size_t i = 0; i < n; i++) {
		const gh_us begin = spans[i].begin;
		const gh_us end = end_of_step(spans, n, i);
		const struct gh_series q =
			gh_probe_series(in, GH_Q_POSITION, begin, end);
		struct gh_step s;

		if (fabs(spans[i].to_rad - spans[i].from_rad) <= 0.0)
			continue;
		s = gh_step_response(q.t, q.v, q.n,
				     (double)(end - begin) / GH_US_PER_S,
				     spans[i].from_rad, spans[i].to_rad);
		overshoot += s.overshoot;
		settle_s += s.settle_s;
		error += fabs(s.error_rad);
		steps += 1.0;
	}
	/* No step: 0 / 0 is NAN, and the runner knows what that means. */
	gh_probe_put(out, OVERSHOOT, overshoot / steps * 100.0);
	gh_probe_put(out, SETTLE, settle_s / steps);
	gh_probe_put(out, SSERR, gh_deg(error / steps));
}

static struct gh_series held(const struct gh_probe_in *in,
			     const struct gh_span *hold)
{
	return gh_probe_series(in, GH_Q_POSITION, hold->begin + SETTLE_US,
			       hold->end);
}

/* At most at 100 Hz: nothing as heavy as an arm hunts faster than 50. */
static double hunting_hz(const struct gh_probe_in *in,
			 const struct gh_span *spans, size_t n)
{
	double hz[SPANS];
	size_t rated = 0;

	for (size_t i = 0; i < n; i++) {
		const struct gh_series q =
			gh_probe_blocks(in, GH_Q_POSITION,
					spans[i].begin + SETTLE_US,
					spans[i].end, BLOCK_US);
		double rate_hz;

		if (q.n < SAMPLES_MIN)
			continue;
		rate_hz = (double)(q.n - 1) / (q.t[q.n - 1] - q.t[0]);
		hz[rated] = gh_peak_hz(q.v, q.n, rate_hz, in->tmp);
		if (!isnan(hz[rated]))
			rated++;
	}
	return gh_median(hz, rated);
}

static void put_hunt(const struct gh_probe_in *in, struct gh_probe_out *out)
{
	struct gh_span spans[SPANS];
	const size_t n = gh_probe_spans(in, GH_EX_HOLD, spans, SPANS);
	double sum = 0.0, holds = 0.0, hunt;

	for (size_t i = 0; i < n; i++) {
		const struct gh_series q = held(in, &spans[i]);
		const double sd = gh_sd(q.v, q.n);

		if (q.n < SAMPLES_MIN)
			continue;
		sum += sd * sd;
		holds += 1.0;
	}
	hunt = gh_deg(sqrt(sum / holds));
	gh_probe_put(out, HUNT, hunt);
	/* Less than a count is no hunting: all it has is noise. */
	if (hunt > COUNT_DEG)
		gh_probe_put(out, HUNT_HZ, hunting_hz(in, spans, n));
	else if (holds > 0.0)
		gh_probe_unknown(out, HUNT_HZ, GH_REASON_NOT_COMPUTABLE,
				 "it does not hunt");
}

static const struct gh_rests_on rests_on[] = {
	{ GH_Q_POSITION, OVERSHOOT }, { GH_Q_POSITION, SETTLE },
	{ GH_Q_POSITION, SSERR },     { GH_Q_POSITION, HUNT },
	{ GH_Q_POSITION, HUNT_HZ },
};

static enum gh_status run(const struct gh_probe_in *in,
			  struct gh_probe_out *out, struct gh_err *err)
{
	(void)err;
	put_steps(in, out);
	put_hunt(in, out);
	gh_probe_doubt(in, out, rests_on, GH_ARRAY_SIZE(rests_on));
	return GH_OK;
}

const struct gh_probe gh_probe_joint_settling = {
	.name = "joint_settling",
	.title = "How a joint arrives and stands",
	.kind = GH_PART_JOINT,
	.metrics = metrics,
	.run = run,
};
