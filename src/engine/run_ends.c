/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * run_ends - gently to the ends of travel, one joint at a time. The controller
 * guards the move by the joint's own current and stops it by itself; nobody
 * knows before where that is, so every move is a program of its own that starts
 * where the one before it left the joint.
 */
#include "engine/run_state.h" /* struct run */

#include <math.h>
#include <stdio.h>

/*
 * Gentle: this much above the largest current of the joint's own sweeps, which
 * is friction and load. Arms reach higher here than there, so it takes more to
 * carry them: guess, the sine of 80 deg over that of 40, and noise.
 */
#define GUARD_SHARE 1.8
/* And never more than this share of what the joint may draw at all. */
#define GUARD_MOST 0.8
#define GUARD_LEAST_A 0.05
/* After a reversal the current is that of starting: measurement.md section 2. */
#define SETTLE_US 250000
/* A segment has some length, and what is this near needs none. */
#define NEAR_RAD 0.0005
#define SEGMENT_LEAST_US 50000

static double current_at(const struct run *r, int channel, size_t i, gh_us *at)
{
	int16_t raw;

	gh_recording_raw(r->rec, (unsigned)channel, i, at, &raw);
	return raw == GH_REC_INVALID
		       ? 0.0
		       : fabs(raw *
			      gh_recording_channel(r->rec, (unsigned)channel)
				      ->scale);
}

/* The largest current of one leg that two readings in a row had, A. */
static double largest_on(const struct run *r, int channel,
			 const struct gh_span *leg)
{
	const size_t n = gh_recording_count(r->rec, (unsigned)channel);
	double before = 0.0, largest = 0.0;

	for (size_t i = 0; i < n; i++) {
		gh_us at;
		const double amps = current_at(r, channel, i, &at);

		if (at < leg->begin + SETTLE_US || at >= leg->end)
			continue;
		largest = fmax(largest, fmin(before, amps));
		before = amps;
	}
	return largest;
}

/* What the joint may draw on its way to an end; 0: never seen sweeping. */
static double guard_of(const struct run *r, unsigned joint)
{
	enum { LEGS = 32 };
	const struct gh_rig_joint *j = &r->cfg->rig->joints[joint];
	const int channel = r->watch[joint].current;
	struct gh_span legs[LEGS];
	const size_t n = gh_recording_spans(r->rec, j->part, GH_EX_SWEEP,
					    GH_REPEAT_ALL, legs, LEGS);
	double largest = 0.0;

	for (size_t i = 0; channel >= 0 && i < n; i++)
		largest = fmax(largest, largest_on(r, channel, &legs[i]));
	if (!(largest > 0.0))
		return 0.0;
	return fmin(fmax(GUARD_SHARE * largest, GUARD_LEAST_A),
		    GUARD_MOST * j->current_max_a);
}

/* Where the joint is commanded to be, as the controller says. */
static enum gh_status commanded(struct run *r, unsigned joint, double *rad)
{
	struct gh_dev_status seen;
	const enum gh_status st =
		r->cfg->driver->status(r->dev, &seen, &r->err);

	if (st == GH_OK)
		*rad = seen.position_rad[r->actuator[joint]];
	return st;
}

/* The segment that does what the span plans, from where the joint is now. */
static struct gh_segment from_here(const struct gh_span *planned, double from,
				   double guard_a)
{
	const double way = planned->to_rad - planned->from_rad;
	const gh_us length = planned->end - planned->begin;
	struct gh_segment seg = { planned->shape, length, planned->to_rad, true,
				  0.0 };

	if (planned->exercise == GH_EX_END) {
		seg.guard_a = guard_a;
		seg.duration_us =
			(gh_us)((double)length * fabs(planned->to_rad - from) /
				fabs(way));
	} else if (fabs(planned->to_rad) > 0.0) {
		/* As far back as planned, but never past home. */
		seg.target_rad = fabs(from) > fabs(way) ? from + way : 0.0;
	}
	if (seg.duration_us < SEGMENT_LEAST_US)
		seg.duration_us = SEGMENT_LEAST_US;
	return seg;
}

/* Until its end, or until its guard has stopped it. */
static enum gh_status follow(struct run *r, unsigned joint, gh_us start,
			     gh_us length)
{
	const struct run_watch *w = &r->watch[joint];
	enum gh_status st = GH_OK;
	gh_us end = start + length;

	while (st == GH_OK &&
	       r->cfg->driver->device_now(r->dev) < end + GH_PROGRAM_TAIL_US) {
		st = run_turn(r);
		/* One that came late is of the program before. */
		if (w->guard_at > start && w->guard_at < end)
			end = w->guard_at;
	}
	return st;
}

/* The span as it was done: it ends where the guard stopped it. */
static void record(struct run *r, unsigned joint, const struct gh_span *planned,
		   const struct gh_segment *seg, gh_us start, double from)
{
	const gh_us stopped = r->watch[joint].guard_at;
	struct gh_span s = *planned;

	s.begin = start;
	s.end = start + seg->duration_us;
	s.from_rad = from;
	s.to_rad = seg->target_rad;
	if (stopped > start && stopped < s.end) {
		s.to_rad = gh_segment_at(seg, from, stopped - start);
		s.end = stopped;
	}
	gh_recording_add_span(r->rec, &s);
}

static enum gh_status run_span(struct run *r, unsigned joint,
			       const struct gh_span *planned, double guard_a)
{
	struct gh_segment seg;
	double from = 0.0;
	enum gh_status st = commanded(r, joint, &from);
	gh_us start;

	seg = from_here(planned, from, guard_a);
	if (st != GH_OK || fabs(seg.target_rad - from) < NEAR_RAD)
		return st;
	r->watch[joint].guard_at = 0;
	st = r->cfg->driver->queue(r->dev, (unsigned)r->actuator[joint], &seg,
				   1, &r->err);
	if (st != GH_OK)
		return st;
	start = r->cfg->driver->device_now(r->dev) +
		GH_PROGRAM_LEAD_US * (gh_us)r->info->time_scale;
	r->shift = start - planned->begin;
	/* The end is to be found: only current and silence are watched. */
	r->program_begin = 2 * r->plan->total;
	st = run_start_motion(r, start);
	if (st != GH_OK)
		return st;
	st = follow(r, joint, start, seg.duration_us);
	r->program_on = st != GH_OK; /* still moving: leave_safe stops it */
	record(r, joint, planned, &seg, start, from);
	run_count_motion(r, start, seg.duration_us);
	return st;
}

static bool is_of_ends(const struct run *r, const struct gh_span *s,
		       unsigned joint)
{
	return s->part == r->cfg->rig->joints[joint].part &&
	       s->begin >= r->plan->ends_begin && s->exercise != GH_EX_REST;
}

static enum gh_status run_joint(struct run *r, unsigned joint)
{
	const double guard_a = guard_of(r, joint);
	enum gh_status st = GH_OK;

	for (size_t i = 0; st == GH_OK && guard_a > 0.0 && i < r->plan->n; i++)
		if (is_of_ends(r, &r->plan->span[i], joint))
			st = run_span(r, joint, &r->plan->span[i], guard_a);
	return st;
}

/* ---- Rest ---- */

static const struct gh_span *rest_of(const struct run *r, unsigned joint)
{
	for (size_t i = 0; i < r->plan->n; i++)
		if (r->plan->span[i].exercise == GH_EX_REST &&
		    r->plan->span[i].part == r->cfg->rig->joints[joint].part)
			return &r->plan->span[i];
	return NULL;
}

static uint32_t resting(const struct run *r)
{
	uint32_t actuators = 0;

	for (unsigned j = 0; j < r->cfg->rig->n_joints; j++)
		if ((r->joints >> j & 1) && rest_of(r, j))
			actuators |= 1u << r->actuator[j];
	return actuators;
}

static enum gh_status hang(struct run *r, gh_us begin)
{
	enum gh_status st = GH_OK;
	gh_us end = begin;

	for (unsigned j = 0; j < r->cfg->rig->n_joints; j++) {
		const struct gh_span *planned = rest_of(r, j);
		struct gh_span s;

		if (!(r->joints >> j & 1) || !planned)
			continue;
		s = *planned;
		s.begin = begin;
		s.end = end = begin + planned->end - planned->begin;
		gh_recording_add_span(r->rec, &s);
	}
	while (st == GH_OK && r->cfg->driver->device_now(r->dev) < end)
		st = run_turn(r);
	return st;
}

/* Torque off, back on where the arms are then, and gently home. */
static enum gh_status run_rest(struct run *r)
{
	const uint32_t mask = resting(r);
	enum gh_status st, on;

	if (mask == 0)
		return GH_OK;
	st = r->cfg->driver->torque(r->dev, mask, false, &r->err);
	if (st == GH_OK)
		st = hang(r, r->cfg->driver->device_now(r->dev));
	on = r->cfg->driver->torque(r->dev, mask, true, &r->err);
	st = st == GH_OK ? on : st;
	for (unsigned j = 0; st == GH_OK && j < r->cfg->rig->n_joints; j++)
		if (r->joints >> j & 1)
			st = commanded(r, j, &r->cursor[j].offset_rad);
	return st == GH_OK ? run_home(r) : st;
}

enum gh_status run_ends(struct run *r)
{
	enum gh_status st = GH_OK;

	for (unsigned j = 0; st == GH_OK && j < r->cfg->rig->n_joints; j++)
		if (r->joints >> j & 1)
			st = run_joint(r, j);
	if (st == GH_OK)
		st = run_rest(r);
	run_time_line(r, r->plan->ends_end);
	return st;
}
