/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * joint_following - does the joint go where it is told? A slipping gear moves
 * less than asked, a slow or starved drive arrives late by the same time at
 * every speed, an encoder that jumps shows in the following error alone.
 */
#include <math.h>

#include "engine/probe.h"  /* struct gh_probe, gh_probe_put */
#include "judge/metric.h"  /* struct gh_metric */
#include "measure/angle.h" /* gh_deg */
#include "measure/stats.h" /* gh_mean */

/* Not at constant speed yet, or any more: measurement.md section 2. */
#define SETTLE_US 250000
#define LEAVE_US 50000
#define SAMPLES_MIN 30 /* assumed */

enum { LEGS = 64 };
enum { TRACK, FOLLOW, LAG };
enum { SWEEPS = 1u << GH_EX_SWEEP, ANGLE = 1u << GH_Q_POSITION };

/* Minima and priors: measurement.md section 3; rate as joint_fluidity. */
static const struct gh_metric metrics[] = {
	[TRACK] = { .id = "joint.track",
		    .version = 1,
		    .unit = GH_UNIT_DEG,
		    .meaning = "following error",
		    .role = GH_ROLE_GATE,
		    .min_share = 0.20,
		    .min_abs = 0.5,
		    .prior = 0.03,
		    .resolution = 0.01,
		    .hard = GH_NO_HARD,
		    .needs = { SWEEPS, ANGLE, 15.0, true } },
	[FOLLOW] = { .id = "joint.follow",
		     .version = 1,
		     .unit = GH_UNIT_ONE,
		     .meaning = "measured over commanded travel",
		     .role = GH_ROLE_GATE,
		     .min_abs = 0.02,
		     .prior = 0.003,
		     .resolution = 0.001,
		     .hard = { 0.5, NAN, NAN },
		     .needs = { SWEEPS, ANGLE, 15.0, true } },
	[LAG] = { .id = "joint.lag",
		  .version = 1,
		  .unit = GH_UNIT_SECOND,
		  .meaning = "how late it follows",
		  .role = GH_ROLE_WATCH,
		  .min_share = 0.20,
		  .prior = 0.04,
		  .resolution = 0.0001,
		  .hard = GH_NO_HARD,
		  .needs = { SWEEPS, ANGLE, 15.0, true } },
	{ 0 }
};

/* Sums over all legs. */
struct sums {
	double n, error_2, late_s;
	double both, command_2; /* about the mean of each leg */
};

/*
 * Travel is the slope of the angle against the command on each leg: a constant
 * lag moves the line and does not tilt it.
 */
static void add_leg(const struct gh_probe_in *in, const struct gh_span *leg,
		    struct sums *sum)
{
	const gh_us begin = leg->begin + SETTLE_US;
	const struct gh_series q =
		gh_probe_series(in, GH_Q_POSITION, begin, leg->end - LEAVE_US);
	const double v = (leg->to_rad - leg->from_rad) * GH_US_PER_S /
			 (double)(leg->end - leg->begin);
	const double from = leg->from_rad + v * SETTLE_US / GH_US_PER_S;
	const double mean_q = gh_mean(q.v, q.n), mean_t = gh_mean(q.t, q.n);

	for (size_t i = 0; i < q.n; i++) {
		const double error = from + v * q.t[i] - q.v[i];
		const double command = v * (q.t[i] - mean_t);

		sum->n += 1.0;
		sum->error_2 += error * error;
		sum->late_s += error / v;
		sum->both += command * (q.v[i] - mean_q);
		sum->command_2 += command * command;
	}
}

static const struct gh_rests_on rests_on[] = {
	{ GH_Q_POSITION, TRACK },
	{ GH_Q_POSITION, FOLLOW },
	{ GH_Q_POSITION, LAG },
};

static enum gh_status run(const struct gh_probe_in *in,
			  struct gh_probe_out *out, struct gh_err *err)
{
	struct sums sum = { .n = 0.0 };
	struct gh_span legs[LEGS];
	const size_t n = gh_probe_spans(in, GH_EX_SWEEP, legs, LEGS);

	for (size_t i = 0; i < n; i++)
		if (fabs(legs[i].to_rad - legs[i].from_rad) > 0.0)
			add_leg(in, &legs[i], &sum);
	if (sum.n < SAMPLES_MIN)
		return gh_fail(err, GH_NODATA,
			       "%.0f angles on the sweeps, need %d", sum.n,
			       SAMPLES_MIN);
	gh_probe_put(out, TRACK, gh_deg(sqrt(sum.error_2 / sum.n)));
	gh_probe_put(out, FOLLOW, sum.both / sum.command_2);
	gh_probe_put(out, LAG, sum.late_s / sum.n);
	gh_probe_doubt(in, out, rests_on, GH_ARRAY_SIZE(rests_on));
	return GH_OK;
}

const struct gh_probe gh_probe_joint_following = {
	.name = "joint_following",
	.title = "Whether a joint goes where it is told",
	.kind = GH_PART_JOINT,
	.metrics = metrics,
	.run = run,
};
