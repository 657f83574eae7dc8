/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * joint_smooth - how fluid the motion looks, for people: the smoothness figures
 * of movement science on every fast leg of a sweep, from rest to rest. They
 * are shown and never judged: SPARC does not see a ripple of 5 %, and LDLJ
 * mostly sees the steps of the encoder (measurement.md section 3.1).
 */
#include <math.h>

#include "engine/probe.h"   /* struct gh_probe, gh_probe_put */
#include "judge/metric.h"   /* struct gh_metric */
#include "measure/bins.h"   /* gh_interpolate */
#include "measure/smooth.h" /* gh_sparc, gh_ldlj */
#include "measure/stats.h"  /* gh_median */

/*
 * 20 ms: one count of a 12 bit encoder is then 0.08 rad/s, a tenth of the fast
 * sweep; 50 readings a second are five times what SPARC looks at. Assumed.
 */
#define RATE_HZ 50.0
#define BLOCK_US 20000
/* A leg of 1 s at least. */
#define READINGS_MIN 50

enum { LEGS = 64 };
enum { SPARC, LDLJ };
enum { SWEEPS = 1u << GH_EX_SWEEP, ANGLE = 1u << GH_Q_POSITION };

static const struct gh_metric metrics[] = {
	[SPARC] = { .id = "joint.sparc",
		    .version = 1,
		    .unit = GH_UNIT_ONE,
		    .meaning = "fluidity, spectral arc length",
		    .role = GH_ROLE_SHOWN,
		    .spread = GH_SPREAD_ABSOLUTE,
		    .resolution = 0.001,
		    .hard = GH_NO_HARD,
		    .needs = { SWEEPS, ANGLE, RATE_HZ, true } },
	[LDLJ] = { .id = "joint.ldlj",
		   .version = 1,
		   .unit = GH_UNIT_ONE,
		   .meaning = "fluidity, logarithm of jerk",
		   .role = GH_ROLE_SHOWN,
		   .spread = GH_SPREAD_ABSOLUTE,
		   .resolution = 0.001,
		   .hard = GH_NO_HARD,
		   .needs = { SWEEPS, ANGLE, RATE_HZ, true } },
	{ 0 }
};

static double speed_of(const struct gh_span *leg)
{
	return fabs(leg->to_rad - leg->from_rad) * GH_US_PER_S /
	       (double)(leg->end - leg->begin);
}

/* The legs of the fastest sweep, in place. */
static size_t keep_fastest(struct gh_span *legs, size_t n)
{
	double top = 0.0;
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		top = fmax(top, speed_of(&legs[i]));
	for (size_t i = 0; i < n; i++)
		if (speed_of(&legs[i]) > 0.99 * top)
			legs[kept++] = legs[i];
	return kept;
}

/* The joint has come to rest when the pause after its leg ends. */
static gh_us end_of_motion(const struct gh_probe_in *in,
			   const struct gh_span *leg)
{
	struct gh_span pauses[LEGS];
	const size_t n = gh_probe_spans(in, GH_EX_DWELL, pauses, LEGS);

	for (size_t i = 0; i < n; i++)
		if (pauses[i].begin == leg->end)
			return pauses[i].end;
	return leg->end;
}

/* Speed at RATE_HZ over the leg; returns how many readings. */
static size_t speed_over(const struct gh_probe_in *in,
			 const struct gh_span *leg, double **speed)
{
	const gh_us end = end_of_motion(in, leg);
	const struct gh_series q =
		gh_probe_blocks(in, GH_Q_POSITION, leg->begin, end, BLOCK_US);
	const double length_s = (double)(end - leg->begin) / GH_US_PER_S;
	const size_t n = (size_t)(length_s * RATE_HZ);
	double before;

	if (n < READINGS_MIN || q.n < n / 2)
		return 0;
	*speed = gh_arena_take(in->tmp, n, sizeof **speed);
	before = q.v[0];
	for (size_t i = 0; i < n; i++) {
		const double now = gh_interpolate(q.t, q.v, q.n,
						  ((double)i + 1.0) / RATE_HZ);

		(*speed)[i] = fabs(now - before) * RATE_HZ;
		before = now;
	}
	return n;
}

static enum gh_status run(const struct gh_probe_in *in,
			  struct gh_probe_out *out, struct gh_err *err)
{
	double sparc[LEGS], ldlj[LEGS];
	struct gh_span legs[LEGS];
	size_t n, done = 0;

	/* Nobody compares the halves of a figure that is only shown. */
	if (in->repeat != GH_REPEAT_ALL)
		return GH_OK;
	n = keep_fastest(legs, gh_probe_spans(in, GH_EX_SWEEP, legs, LEGS));
	for (size_t i = 0; i < n; i++) {
		double *speed;
		const size_t readings = speed_over(in, &legs[i], &speed);

		if (readings == 0)
			continue;
		sparc[done] = gh_sparc(speed, readings, RATE_HZ, in->tmp);
		ldlj[done] = gh_ldlj(speed, readings, RATE_HZ);
		if (!isnan(sparc[done]) && !isnan(ldlj[done]))
			done++;
	}
	if (done == 0)
		return gh_fail(err, GH_NODATA, "no sweep long enough");
	gh_probe_put(out, SPARC, gh_median(sparc, done));
	gh_probe_put(out, LDLJ, gh_median(ldlj, done));
	return GH_OK;
}

const struct gh_probe gh_probe_joint_smooth = {
	.name = "joint_smooth",
	.title = "How fluid a joint's motion looks",
	.kind = GH_PART_JOINT,
	.metrics = metrics,
	.run = run,
};
