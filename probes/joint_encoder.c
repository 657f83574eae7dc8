/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * joint_encoder - does the angle itself jump? A worn track or a cracked magnet
 * makes the reading leap where the arm cannot: from one sample to the next and
 * at every passage. An arm that falls through a gap or jerks free takes several
 * samples to gather speed, and to lose it.
 */
#include <math.h>

#include "engine/probe.h"  /* struct gh_probe, gh_probe_put */
#include "judge/metric.h"  /* struct gh_metric */
#include "measure/angle.h" /* gh_deg */
#include "measure/stats.h" /* gh_median */

/* Not at constant speed yet, or any more: measurement.md section 2. */
#define SETTLE_US 250000
#define LEAVE_US 50000
/* Samples further apart than this leave an arm time to move: assumed. */
#define NEXT_S 0.025
/* Three steps and what is on either side of them: assumed. */
#define STEPS_MIN 10

enum { LEGS = 64 };
enum { ENCODER_JUMP };

/* Four counts; healthy simulated joints have one. Assumed, as the prior. */
#define LEAP_DEG 0.35

static const struct gh_metric metrics[] = {
	[ENCODER_JUMP] = { .id = "joint.encoder_jump",
			   .version = 1,
			   .unit = GH_UNIT_DEG,
			   .meaning = "leap of the angle between two samples",
			   .role = GH_ROLE_WATCH,
			   .spread = GH_SPREAD_ABSOLUTE,
			   .min_abs = LEAP_DEG,
			   .prior = 0.05,
			   .resolution = 0.088,
			   .hard = GH_NO_HARD,
			   .needs = { 1u << GH_EX_SWEEP, 1u << GH_Q_POSITION,
				      40.0, true } },
	{ 0 }
};

struct leap {
	double size_rad; /* NAN: too few samples */
	double at_rad;
};

/* What a step is more than the command's and than both steps beside it. */
static struct leap leap_of(const struct gh_probe_in *in,
			   const struct gh_span *leg)
{
	const struct gh_series q = gh_probe_series(
		in, GH_Q_POSITION, leg->begin + SETTLE_US, leg->end - LEAVE_US);
	const double v = (leg->to_rad - leg->from_rad) * GH_US_PER_S /
			 (double)(leg->end - leg->begin);
	double *step = gh_arena_take(in->tmp, q.n + 1, sizeof *step);
	struct leap leap = { NAN, NAN };
	size_t n = 0;

	for (size_t i = 1; i < q.n; i++) {
		const double dt_s = q.t[i] - q.t[i - 1];

		if (dt_s <= NEXT_S)
			step[n++] = fabs(q.v[i] - q.v[i - 1] - v * dt_s);
	}
	for (size_t i = 1; n >= STEPS_MIN && i + 1 < n; i++) {
		const double more = step[i] - fmax(step[i - 1], step[i + 1]);

		if (more <= leap.size_rad)
			continue;
		leap.size_rad = more;
		leap.at_rad = q.v[i];
	}
	return leap;
}

static enum gh_status run(const struct gh_probe_in *in,
			  struct gh_probe_out *out, struct gh_err *err)
{
	static const struct gh_rests_on rests_on[] = {
		{ GH_Q_POSITION, ENCODER_JUMP },
	};
	struct gh_span legs[LEGS];
	const size_t n = gh_probe_spans(in, GH_EX_SWEEP, legs, LEGS);
	double size[LEGS], at[LEGS];
	double leap_deg;
	size_t seen = 0;

	for (size_t i = 0; i < n; i++) {
		const struct leap leap = leap_of(in, &legs[i]);

		if (isnan(leap.size_rad))
			continue;
		size[seen] = leap.size_rad;
		at[seen++] = leap.at_rad;
	}
	if (seen == 0)
		return gh_fail(err, GH_NODATA, "too few angles on the sweeps");
	/* On every passage: a single glitch is no worn track. */
	leap_deg = gh_deg(gh_median(size, seen));
	gh_probe_put(out, ENCODER_JUMP, leap_deg);
	if (leap_deg > LEAP_DEG)
		gh_probe_note(out, ENCODER_JUMP, "most often near %.0f deg",
			      gh_deg(gh_median(at, seen)));
	gh_probe_doubt(in, out, rests_on, GH_ARRAY_SIZE(rests_on));
	return GH_OK;
}

const struct gh_probe gh_probe_joint_encoder = {
	.name = "joint_encoder",
	.title = "Whether the angle itself jumps",
	.kind = GH_PART_JOINT,
	.metrics = metrics,
	.run = run,
};
