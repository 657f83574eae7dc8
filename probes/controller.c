/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * controller - does it stay up, keep its pace, and move the joint it was asked
 * to? At the start every joint is wiggled alone by a degree and a half: if
 * another one answers, two cables are swapped, and nothing that is measured
 * afterwards belongs where it says.
 */
#include <math.h>

#include "engine/probe.h"  /* struct gh_probe, gh_probe_put */
#include "judge/metric.h"  /* struct gh_metric */
#include "measure/angle.h" /* GH_DEG_PER_RAD */
#include "measure/stats.h" /* gh_quantile */

/* Half of what was asked (1.5 deg each way) counts as an answer: assumed. */
#define ANSWER_RAD (0.7 / GH_DEG_PER_RAD)
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

enum { SPANS = 128 };
enum { RESETS, LOOP_MAX, IDENTITY };

/* measurement.md section 4.3; the priors and identity's row: assumed. */
static const struct gh_metric metrics[] = {
	[RESETS] = { .id = "controller.resets",
		     .version = 1,
		     .unit = GH_UNIT_TALLY,
		     .meaning = "restarts in this run",
		     .role = GH_ROLE_GATE,
		     .spread = GH_SPREAD_ABSOLUTE,
		     .min_abs = 0.5,
		     .prior = 0.1,
		     .resolution = 1.0,
		     .hard = { NAN, 0.5, NAN } },
	[LOOP_MAX] = { .id = "controller.loop_max",
		       .version = 1,
		       .unit = GH_UNIT_MICROSECOND,
		       .meaning = "worst loop",
		       .role = GH_ROLE_WATCH,
		       .min_share = 0.20,
		       /* a loop of a few us is noise against its 1 ms tick */
		       .min_abs = 200.0,
		       .prior = 0.10,
		       .resolution = 1.0,
		       .hard = GH_NO_HARD },
	[IDENTITY] = { .id = "controller.identity",
		       .version = 1,
		       .unit = GH_UNIT_ONE,
		       .meaning = "joints that answered to their name",
		       .role = GH_ROLE_GATE,
		       .spread = GH_SPREAD_ABSOLUTE,
		       .min_abs = 0.001,
		       .prior = 0.001,
		       .resolution = 0.001,
		       .hard = { 0.999, NAN, NAN },
		       .needs = { 1u << GH_EX_IDENTITY, 0, 0.0, false } },
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

/* The slot of one joint: its wiggles without a pause. */
static size_t slot_end(const struct gh_span *spans, size_t n, size_t first)
{
	size_t i = first + 1;

	while (i < n && spans[i].part == spans[first].part &&
	       spans[i].begin == spans[i - 1].end)
		i++;
	return i;
}

/*
 * Wrong is only a joint that stood still while another moved in its place.
 * One that moved, shaking its neighbour, is right; one that stood still alone
 * has another fault, and its own metrics tell which.
 */
static void put_identity(const struct gh_probe_in *in, struct gh_probe_out *out)
{
	const struct gh_rig *rig = gh_recording_rig(in->rec);
	struct gh_span spans[SPANS];
	const size_t n = gh_recording_spans(in->rec, -1, GH_EX_IDENTITY,
					    in->repeat, spans, SPANS);
	double right = 0.0, wrong = 0.0;
	bool is_seen = false;

	for (size_t i = 0, next; i < n; i = next) {
		const gh_us begin = spans[i].begin + LATE_US;
		const int part = spans[i].part;
		double own, most;
		int other;

		next = slot_end(spans, n, i);
		own = swing(in, part, begin, spans[next - 1].end + TAIL_US);
		other = busiest(in, part, begin, spans[next - 1].end + TAIL_US,
				&most);
		is_seen = is_seen || !isnan(own);
		if (own >= ANSWER_RAD) {
			right += 1.0;
		} else if (most >= ANSWER_RAD && !isnan(own)) {
			wrong += 1.0;
			gh_probe_note(out, IDENTITY, "asked %s, %s moved",
				      rig->parts[part].name,
				      rig->parts[other].name);
		}
	}
	if (right + wrong > 0.0)
		gh_probe_put(out, IDENTITY, right / (right + wrong));
	else if (is_seen)
		gh_probe_unknown(out, IDENTITY, GH_REASON_NOT_COMPUTABLE,
				 "no joint moved when it was asked to");
	else
		gh_probe_unknown(out, IDENTITY, GH_REASON_NO_SENSOR,
				 "no joint tells where it is");
}

static enum gh_status run(const struct gh_probe_in *in,
			  struct gh_probe_out *out, struct gh_err *err)
{
	const struct gh_rec_facts *f = gh_recording_facts_of(in->rec);

	(void)err;
	gh_probe_put(out, RESETS, f->resets);
	if (f->longest_loop_us > 0.0)
		gh_probe_put(out, LOOP_MAX, f->longest_loop_us);
	else
		gh_probe_unknown(out, LOOP_MAX, GH_REASON_NO_SENSOR,
				 "this controller does not time its loop");
	put_identity(in, out);
	return GH_OK;
}

const struct gh_probe gh_probe_controller = {
	.name = "controller",
	.title = "Stays up and moves the right joint",
	.kind = GH_PART_CONTROLLER,
	.metrics = metrics,
	.run = run,
};
