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
#include <stdlib.h>

/*
 * Gentle: this much above the largest current of the joint's own sweeps, which
 * is friction and load. Arms reach higher here than there, so it takes more to
 * carry them: guess, the sine of 80 deg over that of 40, and noise.
 */
#define GUARD_SHARE 1.8
/* And this much above what it drew to break loose there, which scatters: with
 * 1.0 three of 192 visits of one simulated individual stopped where they began,
 * all of one light wrist. Guess. */
#define GUARD_START_SHARE 1.5
/* And never more than this share of what the joint may draw at all. */
#define GUARD_MOST 0.8
/* Less is no current of an arm that moves: noise, or a broken sensor. Guess. */
#define GUARD_LEAST_A 0.05
/* After a reversal the current is that of starting: measurement.md section 2. */
#define SETTLE_US 250000
/* A segment has some length, and what is this near needs none. */
#define NEAR_RAD 0.0005
#define SEGMENT_LEAST_US 50000

/* What the sensor said on one leg of a sweep. */
struct leg_current {
	/* That two readings in a row had: on its way, and to break loose. */
	double largest_a, start_a;
	bool varied;
};

static struct leg_current current_on(const struct run *r, unsigned channel,
				     const struct gh_span *leg)
{
	const double scale = fabs(gh_recording_channel(r->rec, channel)->scale);
	const size_t n = gh_recording_count(r->rec, channel);
	struct leg_current c = { 0.0, 0.0, false };
	int before = GH_REC_INVALID;

	for (size_t i = 0; i < n; i++) {
		int16_t raw;
		gh_us at;
		double *most;

		gh_recording_raw(r->rec, channel, i, &at, &raw);
		if (at < leg->begin || at >= leg->end)
			continue;
		most = at < leg->begin + SETTLE_US ? &c.start_a : &c.largest_a;
		if (raw != GH_REC_INVALID && before != GH_REC_INVALID) {
			*most = fmax(*most,
				     scale * fmin(abs(before), abs(raw)));
			c.varied = c.varied || raw != before;
		}
		before = raw;
	}
	return c;
}

static double no_guard(struct run *r, unsigned joint, const char *why)
{
	const struct gh_rig *rig = r->cfg->rig;
	char text[128];

	snprintf(text, sizeof text, "%s is not driven to its ends: %s",
		 rig->parts[rig->joints[joint].part].name, why);
	run_tell(r, GH_EV_NOTE, text);
	return 0.0;
}

/*
 * What the joint may draw on its way to an end. 0: what its sensor said of its
 * sweeps is nothing to guard by, which is told.
 */
static double guard_of(struct run *r, unsigned joint)
{
	enum { LEGS = 32 };
	const struct run_watch *w = &r->watch[joint];
	struct gh_span legs[LEGS];
	const size_t n =
		gh_recording_spans(r->rec, r->cfg->rig->joints[joint].part,
				   GH_EX_SWEEP, GH_REPEAT_ALL, legs, LEGS);
	double largest_a = 0.0, start_a = 0.0, guard_a;
	bool varied = true;

	if (w->current < 0 || n == 0)
		return no_guard(r, joint, "it was never seen sweeping");
	for (size_t i = 0; i < n; i++) {
		const struct leg_current c =
			current_on(r, (unsigned)w->current, &legs[i]);

		largest_a = fmax(largest_a, c.largest_a);
		start_a = fmax(start_a, c.start_a);
		varied = varied && c.varied;
	}
	if (!varied)
		return no_guard(r, joint, "its current sensor stands still");
	if (GUARD_SHARE * largest_a < GUARD_LEAST_A)
		return no_guard(r, joint, "its current sensor shows nothing");
	guard_a = fmax(GUARD_SHARE * largest_a, GUARD_START_SHARE * start_a);
	return fmin(guard_a, GUARD_MOST * w->limit_a);
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
static enum gh_status follow(struct run *r, unsigned joint)
{
	const struct run_watch *w = &r->watch[joint];
	const struct run_move *m = &r->move[joint];
	gh_us end = m->start + m->seg.duration_us;
	enum gh_status st = GH_OK;

	while (st == GH_OK &&
	       r->cfg->driver->device_now(r->dev) < end + GH_PROGRAM_TAIL_US) {
		st = run_turn(r);
		/* One that came late is of the program before. */
		if (w->guard_at > m->start && w->guard_at < end)
			end = w->guard_at;
	}
	return st;
}

/* The span as it was done: it ends where the guard stopped it. */
static void record(struct run *r, const struct gh_span *planned, unsigned joint)
{
	const struct run_move *m = &r->move[joint];
	const gh_us stopped = r->watch[joint].guard_at;
	const bool stopped_early = planned->exercise == GH_EX_END &&
				   stopped > m->start &&
				   stopped < m->start + SETTLE_US;
	struct gh_span s = *planned;

	/* It did not break loose: that is no end of its travel. */
	if (stopped_early)
		return;
	s.begin = m->start;
	s.end = m->start + m->seg.duration_us;
	s.from_rad = m->from_rad;
	s.to_rad = m->seg.target_rad;
	if (stopped > m->start && stopped < s.end) {
		s.to_rad =
			gh_segment_at(&m->seg, m->from_rad, stopped - m->start);
		s.end = stopped;
	}
	gh_recording_add_span(r->rec, &s);
}

/* What is queued starts now, and is watched by itself. */
static enum gh_status do_move(struct run *r, const struct gh_span *planned,
			      unsigned joint)
{
	struct run_move *m = &r->move[joint];
	enum gh_status st;

	m->start = r->cfg->driver->device_now(r->dev) +
		   GH_PROGRAM_LEAD_US * (gh_us)r->info->time_scale;
	r->watch[joint].guard_at = 0;
	r->shift = m->start - planned->begin;
	r->moves = 1u << joint;
	st = run_start_motion(r, m->start);
	if (st != GH_OK)
		return st;
	st = follow(r, joint);
	r->program_on = st != GH_OK; /* else leave_safe stops it */
	record(r, planned, joint);
	run_count_motion(r, m->start, m->seg.duration_us);
	return st;
}

static enum gh_status run_span(struct run *r, unsigned joint,
			       const struct gh_span *planned, double guard_a)
{
	struct run_move *m = &r->move[joint];
	enum gh_status st = commanded(r, joint, &m->from_rad);

	m->seg = from_here(planned, m->from_rad, guard_a);
	if (st != GH_OK || fabs(m->seg.target_rad - m->from_rad) < NEAR_RAD)
		return st;
	st = r->cfg->driver->queue(r->dev, (unsigned)r->actuator[joint],
				   &m->seg, 1, &r->err);
	return st == GH_OK ? do_move(r, planned, joint) : st;
}

static bool is_of_ends(const struct run *r, const struct gh_span *s,
		       unsigned joint)
{
	return s->part == r->cfg->rig->joints[joint].part &&
	       s->begin >= r->plan->ends_begin && s->exercise != GH_EX_REST;
}

static enum gh_status run_joint(struct run *r, unsigned joint)
{
	enum gh_status st = GH_OK;
	double guard_a = -1.0; /* not asked yet */

	for (size_t i = 0; st == GH_OK && i < r->plan->n; i++) {
		if (!is_of_ends(r, &r->plan->span[i], joint))
			continue;
		if (guard_a < 0.0)
			guard_a = guard_of(r, joint);
		if (guard_a > 0.0)
			st = run_span(r, joint, &r->plan->span[i], guard_a);
	}
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
	r->on_guard = false;
	st = r->cfg->driver->torque(r->dev, mask, false, &r->err);
	if (st == GH_OK)
		st = hang(r, r->cfg->driver->device_now(r->dev));
	on = r->cfg->driver->torque(r->dev, mask, true, &r->err);
	st = st == GH_OK ? on : st;
	run_forget_places(r);
	r->on_guard = true;
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
