/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * joint_stopped - was it this joint that made the safety envelope end the run?
 * A joint that pushes against something draws far more than in its sweeps; one
 * whose servo keeps to a stored limit just stays behind, and draws no more.
 */
#include <math.h>
#include <string.h>

#include "engine/probe.h"  /* struct gh_probe, gh_probe_put */
#include "judge/metric.h"  /* struct gh_metric */
#include "measure/stats.h" /* gh_mean, gh_quantile */

/* The last look at its current before the stop. */
#define LOOK_US 150000
/*
 * Pushing: beyond nine tenths of what its sweeps draw, and half as much again.
 * A servo 12 deg behind pushes with all it has: ten times that. Assumed.
 */
#define PUSHES 1.5

enum { SPANS = 256, SAMPLES = 8192 };
enum { BLOCKED, REFUSED };

#define ROW(which, words)                                                      \
	{                                                                      \
		.id = (which), .version = 1, .unit = GH_UNIT_ONE,              \
		.meaning = (words), .role = GH_ROLE_GATE,                      \
		.hard = { NAN, 0.5, NAN }, .needs = {                          \
			1u << GH_EX_IDENTITY,                                  \
			0,                                                     \
			0.0,                                                   \
			false                                                  \
		}                                                              \
	}

static const struct gh_metric metrics[] = {
	[BLOCKED] = ROW("joint.blocked", "stopped while it pushed"),
	[REFUSED] = ROW("joint.refused", "stopped without pushing"),
	{ 0 }
};

static double absolute_a(const struct gh_series *s, double *out)
{
	for (size_t i = 0; i < s->n; i++)
		out[i] = fabs(s->v[i]);
	return s->n > 0 ? gh_mean(out, s->n) : NAN;
}

/* What nine tenths of its sweeps' samples stay below, A. */
static double usual_a(const struct gh_probe_in *in, gh_us until)
{
	struct gh_span spans[SPANS];
	const size_t n = gh_recording_spans(in->rec, in->part, GH_EX_SWEEP,
					    GH_REPEAT_ALL, spans, SPANS);
	double *all = gh_arena_take(in->tmp, SAMPLES, sizeof *all);
	size_t filled = 0;

	for (size_t i = 0; i < n && spans[i].begin < until; i++) {
		const gh_us end = spans[i].end < until ? spans[i].end : until;
		const struct gh_series s =
			gh_probe_series(in, GH_Q_CURRENT, spans[i].begin, end);

		if (filled + s.n > SAMPLES)
			break;
		(void)absolute_a(&s, all + filled);
		filled += s.n;
	}
	return filled > 0 ? gh_quantile(all, filled, 0.9) : NAN;
}

/* The time of its last sample. */
static gh_us last_at(const struct gh_probe_in *in)
{
	const int ch = gh_recording_find(in->rec, in->part, GH_Q_CURRENT);
	const size_t n = ch < 0 ? 0 : gh_recording_count(in->rec, (unsigned)ch);
	gh_us at = 0;
	int16_t raw;

	if (n > 0)
		gh_recording_raw(in->rec, (unsigned)ch, n - 1, &at, &raw);
	return at;
}

/* Nobody measured its current: what stops an arm is taken for an obstacle. */
static bool was_pushing(const struct gh_probe_in *in, const char *by)
{
	const gh_us end = last_at(in);
	const struct gh_series s =
		gh_probe_series(in, GH_Q_CURRENT, end - LOOK_US, end + 1);
	double *now = gh_arena_take(in->tmp, s.n + 1, sizeof *now);
	const double amps = absolute_a(&s, now);
	const double usual = usual_a(in, end - 1000000);

	if (strcmp(by, "current") == 0)
		return true;
	return !(amps < PUSHES * usual);
}

static enum gh_status run(const struct gh_probe_in *in,
			  struct gh_probe_out *out, struct gh_err *err)
{
	const struct gh_rec_facts *f = gh_recording_facts_of(in->rec);
	const struct gh_rig *rig = gh_recording_rig(in->rec);
	const bool is_it =
		strcmp(f->stopped_part, rig->parts[in->part].name) == 0 &&
		(strcmp(f->stopped_by, "following") == 0 ||
		 strcmp(f->stopped_by, "current") == 0);
	const bool pushed = is_it && was_pushing(in, f->stopped_by);

	(void)err;
	gh_probe_put(out, BLOCKED, is_it && pushed);
	gh_probe_put(out, REFUSED, is_it && !pushed);
	return GH_OK;
}

const struct gh_probe gh_probe_joint_stopped = {
	.name = "joint_stopped",
	.title = "Moved as far as it was asked",
	.kind = GH_PART_JOINT,
	.metrics = metrics,
	.run = run,
};
