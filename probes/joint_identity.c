/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * joint_identity - does the joint answer to its name? At the start every joint
 * is wiggled alone by a degree and a half: if another one answers, two cables
 * are swapped, and nothing that is measured afterwards belongs where it says.
 * One that stands still has gears that slip, or is held.
 */
#include <math.h>

#include "engine/probe.h"  /* struct gh_probe, gh_probe_put */
#include "judge/metric.h"  /* struct gh_metric */
#include "measure/angle.h" /* gh_deg, GH_DEG_PER_RAD */
#include "measure/stats.h" /* gh_quantile */

/* Half of what was asked (1.5 deg each way) counts as an answer: assumed. */
#define ANSWER_DEG 0.7
#define STEP_DEG 0.088 /* of a 12 bit encoder */
/*
 * Motion comes late: the one wiggled before is still on its way home at the
 * start of a slot, and this one at its end. Guess: 80 and 40 ms.
 */
#define LATE_US 80000
#define TAIL_US 40000
/* Between these shares of the samples lies the swing, spikes do not. */
#define SWING_LO 0.1
#define SWING_HI 0.9
#define SAMPLES_MIN 3 /* 20 Hz has four in a slot: assumed */
/* A wiggle ends where it began. */
#define BACK_RAD 0.001

enum { SPANS = 16 };
enum { IDENTITY, ANSWER };

#define ROW(which, words, unit_, least, step)                                  \
	{                                                                      \
		.id = (which), .version = 1, .unit = (unit_),                  \
		.meaning = (words), .role = GH_ROLE_GATE,                      \
		.resolution = (step), .hard = { (least), NAN, NAN },           \
		.needs = {                                                     \
			1u << GH_EX_IDENTITY,                                  \
			1u << GH_Q_POSITION,                                   \
			0.0,                                                   \
			true                                                   \
		}                                                              \
	}

static const struct gh_metric metrics[] = {
	[IDENTITY] = ROW("joint.identity", "answers to its own name",
			 GH_UNIT_ONE, 0.5, 1.0),
	[ANSWER] = ROW("joint.answer", "swing of its wiggle", GH_UNIT_DEG,
		       ANSWER_DEG, STEP_DEG),
	{ 0 }
};

/* How far a joint swung in the window, rad; NAN when nobody saw it. */
static double swing(const struct gh_probe_in *in, int part, gh_us begin,
		    gh_us end)
{
	const int channel = gh_recording_find(in->rec, part, GH_Q_POSITION);
	struct gh_series q;

	if (channel < 0 ||
	    !gh_recording_channel(in->rec, (unsigned)channel)->measured)
		return NAN;
	q = gh_recording_series(in->rec, channel, begin, end, in->tmp);
	if (q.n < SAMPLES_MIN)
		return NAN;
	return gh_quantile(q.v, q.n, SWING_HI) -
	       gh_quantile(q.v, q.n, SWING_LO);
}

/* The joint, other than `part`, that swung most in the window. */
static int busiest(const struct gh_probe_in *in, int part, gh_us begin,
		   gh_us end, double *most)
{
	const struct gh_rig *rig = gh_recording_rig(in->rec);
	int found = GH_RIG_NONE;

	*most = 0.0;
	for (unsigned j = 0; j < rig->n_joints; j++) {
		const int other = rig->joints[j].part;
		const double far = swing(in, other, begin, end);

		if (other == part || !(far > *most))
			continue;
		*most = far;
		found = other;
	}
	return found;
}

/*
 * Wrong is only a joint that stood still while another moved in its place.
 * One that moved, shaking its neighbour, is right.
 */
static void put_identity(const struct gh_probe_in *in, struct gh_probe_out *out,
			 double own_rad, double most_rad, int other)
{
	const struct gh_rig *rig = gh_recording_rig(in->rec);
	const double least_rad = ANSWER_DEG / GH_DEG_PER_RAD;

	if (own_rad >= least_rad) {
		gh_probe_put(out, IDENTITY, 1.0);
	} else if (most_rad >= least_rad) {
		gh_probe_put(out, IDENTITY, 0.0);
		gh_probe_note(out, IDENTITY, "asked %s, %s moved",
			      rig->parts[in->part].name,
			      rig->parts[other].name);
	} else {
		gh_probe_unknown(out, IDENTITY, GH_REASON_NOT_COMPUTABLE,
				 "nothing moved when it was asked to");
	}
}

/* The run ended in it, or between two of its strokes. */
static bool is_cut(const struct gh_recording *rec, const struct gh_span *first,
		   const struct gh_span *last)
{
	return last->end == (gh_us)gh_recording_facts_of(rec)->cut_us ||
	       fabs(last->to_rad - first->from_rad) > BACK_RAD;
}

static enum gh_status run(const struct gh_probe_in *in,
			  struct gh_probe_out *out, struct gh_err *err)
{
	static const struct gh_rests_on rests_on[] = {
		{ GH_Q_POSITION, IDENTITY },
		{ GH_Q_POSITION, ANSWER },
	};
	struct gh_span spans[SPANS];
	const size_t n = gh_probe_spans(in, GH_EX_IDENTITY, spans, SPANS);
	double own_rad, most_rad;
	gh_us begin, end;
	int other;

	if (n == 0)
		return gh_fail(err, GH_NODATA, "it was not wiggled");
	if (is_cut(in->rec, &spans[0], &spans[n - 1]))
		return gh_fail(err, GH_NODATA, "its wiggle was cut short");
	begin = spans[0].begin + LATE_US;
	end = spans[n - 1].end + TAIL_US;
	own_rad = swing(in, in->part, begin, end);
	if (isnan(own_rad))
		return gh_fail(err, GH_NODATA, "too few readings of its angle");
	other = busiest(in, in->part, begin, end, &most_rad);
	put_identity(in, out, own_rad, most_rad, other);
	gh_probe_put(out, ANSWER, gh_deg(own_rad));
	gh_probe_doubt(in, out, rests_on, 2);
	return GH_OK;
}

const struct gh_probe gh_probe_joint_identity = {
	.name = "joint_identity",
	.title = "Answers to its own name",
	.kind = GH_PART_JOINT,
	.metrics = metrics,
	.run = run,
};
