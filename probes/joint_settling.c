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
#include "measure/stats.h"    /* gh_mean, gh_sd */

/* The arrival must have died away: the quarter second of sweeps. */
#define SETTLE_US 250000
#define SAMPLES_MIN 15 /* one second of the slowest channel: assumed */

enum { SPANS = 32 };
enum { OVERSHOOT, SETTLE, SSERR, HUNT, ROWS };
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

static void put_hunt(const struct gh_probe_in *in, struct gh_probe_out *out)
{
	struct gh_span spans[SPANS];
	const size_t n = gh_probe_spans(in, GH_EX_HOLD, spans, SPANS);
	double sum = 0.0, holds = 0.0;

	for (size_t i = 0; i < n; i++) {
		const struct gh_series q =
			gh_probe_series(in, GH_Q_POSITION,
					spans[i].begin + SETTLE_US,
					spans[i].end);
		const double sd = gh_sd(q.v, q.n);

		if (q.n < SAMPLES_MIN)
			continue;
		sum += sd * sd;
		holds += 1.0;
	}
	gh_probe_put(out, HUNT, gh_deg(sqrt(sum / holds)));
}

static enum gh_status run(const struct gh_probe_in *in,
			  struct gh_probe_out *out, struct gh_err *err)
{
	char note[GH_NOTE_CAP];

	(void)err;
	if (gh_probe_is_suspect(in, GH_Q_POSITION, note)) {
		for (unsigned i = 0; i < ROWS; i++)
			gh_probe_unknown(out, i, GH_REASON_SENSOR_SUSPECT, "%s",
					 note);
		return GH_OK;
	}
	put_steps(in, out);
	put_hunt(in, out);
	return GH_OK;
}

const struct gh_probe gh_probe_joint_settling = {
	.name = "joint_settling",
	.title = "How a joint arrives and stands",
	.kind = GH_PART_JOINT,
	.metrics = metrics,
	.run = run,
};
