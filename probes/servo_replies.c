/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * servo_replies - whether a servo answers, and where it does not. A loose plug
 * loses replies anywhere, a wire that breaks inside its sheath in the one pose
 * that bends it open. measurement.md section 3, second table.
 */
#include <math.h>

#include "engine/probe.h" /* struct gh_probe, gh_probe_put */
#include "judge/metric.h" /* struct gh_metric */

/* Three places make 0.36 rad: the 20 deg in which a bent wire parts. Assumed. */
#define PLACE_RAD 0.12
/* Ten losses lie in 3 of 12 places alike once in 10^5 runs: assumed. */
#define LOSSES_MIN 10.0

/* -360 to 360 deg: all that a rig file may ask of a joint. */
enum { PLACES = 106 };
enum { LEGS = 64 };
enum { LOST, LOST_AT, GAP };
enum { ANGLE = 1u << GH_Q_POSITION, SWEEPS = 1u << GH_EX_SWEEP };

/* Minima: measurement.md section 3. Priors and what else: assumed. */
static const struct gh_metric metrics[] = {
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
	[LOST_AT] = { .id = "servo.lost_at",
		      .version = 1,
		      .unit = GH_UNIT_ONE,
		      .meaning = "losses in one pose, 0 everywhere alike",
		      .role = GH_ROLE_WATCH,
		      .spread = GH_SPREAD_ABSOLUTE,
		      .min_abs = 0.3,
		      .prior = 0.05,
		      .resolution = 0.01,
		      .hard = GH_NO_HARD,
		      .needs = { SWEEPS, ANGLE, 15.0, true } },
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
	{ 0 }
};

static struct gh_replies replies(const struct gh_probe_in *in,
				 enum gh_quantity what, gh_us begin, gh_us end)
{
	return gh_recording_replies(in->rec,
				    gh_recording_find(in->rec, in->part, what),
				    begin, end);
}

/* Returns how many angles did not come. */
static size_t put_replies(const struct gh_probe_in *in,
			  struct gh_probe_out *out)
{
	struct gh_replies q, amps;
	gh_us begin, end;
	double bad, all;

	if (!gh_probe_hull(in, GH_EX_COUNT, &begin, &end))
		return 0;
	q = replies(in, GH_Q_POSITION, begin, end);
	amps = replies(in, GH_Q_CURRENT, begin, end);
	bad = (double)q.invalid;
	all = bad + (double)q.valid;
	/* A current monitor that never answers beside a servo that does is a
	 * dead sensor (suspect.c), not lost replies of the servo. */
	if (amps.valid > 0 || q.valid == 0) {
		bad += (double)amps.invalid;
		all += (double)(amps.valid + amps.invalid);
	}
	gh_probe_put(out, LOST, bad / all * 1e6);
	gh_probe_put(out, GAP, (double)q.silence / 1000.0);
	return q.invalid;
}

/* Replies per place of the commanded angle, and those that were lost there. */
struct losses {
	double all[PLACES], lost[PLACES], sum_all, sum_lost;
};

static void count_leg(const struct gh_probe_in *in, int channel,
		      const struct gh_span *leg, struct losses *l)
{
	const struct gh_recording *rec = in->rec;
	size_t lo = 0, hi = gh_recording_count(rec, (unsigned)channel);
	const size_t n = hi;
	int16_t raw;
	gh_us at;

	while (lo < hi) {
		const size_t mid = lo + (hi - lo) / 2;

		gh_recording_raw(rec, (unsigned)channel, mid, &at, &raw);
		if (at < leg->begin)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < n; lo++) {
		double place;

		gh_recording_raw(rec, (unsigned)channel, lo, &at, &raw);
		if (at >= leg->end)
			break;
		place = gh_span_command(leg, at) / PLACE_RAD + PLACES / 2.0;
		if (!(place >= 0.0 && place < PLACES))
			continue;
		l->all[(size_t)place] += 1.0;
		l->lost[(size_t)place] += raw == GH_REC_INVALID;
		l->sum_all += 1.0;
		l->sum_lost += raw == GH_REC_INVALID;
	}
}

/*
 * The places are those of the command: a reply that was lost tells no angle.
 * Too few losses lie somewhere by chance; then nothing speaks for one pose.
 */
static void put_place(const struct gh_probe_in *in, struct gh_probe_out *out,
		      size_t lost)
{
	const int channel = gh_recording_find(in->rec, in->part, GH_Q_POSITION);
	struct losses *l = gh_arena_take(in->tmp, 1, sizeof *l);
	struct gh_span legs[LEGS];
	const size_t n = gh_probe_spans(in, GH_EX_SWEEP, legs, LEGS);
	double most = 0.0;

	for (size_t i = 0; i < n && (double)lost >= LOSSES_MIN; i++)
		count_leg(in, channel, &legs[i], l);
	for (size_t i = 1; i + 1 < PLACES && l->sum_lost >= LOSSES_MIN; i++)
		most = fmax(
			most,
			(l->lost[i - 1] + l->lost[i] + l->lost[i + 1]) /
					l->sum_lost -
				(l->all[i - 1] + l->all[i] + l->all[i + 1]) /
					l->sum_all);
	if (n > 0)
		gh_probe_put(out, LOST_AT, most);
}

/* A frozen angle is silence too, and the gap needs no sweep to say so. */
static const struct gh_rests_on rests_on[] = {
	{ GH_Q_POSITION, GAP },
};

static enum gh_status run(const struct gh_probe_in *in,
			  struct gh_probe_out *out, struct gh_err *err)
{
	(void)err;
	put_place(in, out, put_replies(in, out));
	gh_probe_doubt(in, out, rests_on, GH_ARRAY_SIZE(rests_on));
	return GH_OK;
}

const struct gh_probe gh_probe_servo_replies = {
	.name = "servo_replies",
	.title = "Whether a servo answers",
	.kind = GH_PART_JOINT,
	.metrics = metrics,
	.run = run,
};
