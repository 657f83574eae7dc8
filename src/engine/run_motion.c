/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * run_motion - the joints' programs. The plan's spans become segments of the
 * controller's rings; the rings are refilled while they run, so that smooth
 * motion never depends on the host's timing.
 */
#include "engine/run_state.h" /* struct run */

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Enough for the slowest upload of every ring over 115 200 Bd. */
#define START_LEAD_US 250000
/* A joint moved when it went this far of its 3 deg of wiggle: guess, half of
 * what a healthy servo with 0.25 deg of lash does. */
#define ANSWER_RAD 0.0122 /* 0.7 deg */
/* The joint before is still settling at the start of a slot: two and a half
 * times the 40 ms a servo of measurement.md section 1.4 lags. */
#define SETTLED_US 100000
/* Nearer home than this needs no easing: two counts of 12 bits. */
#define HOME_RAD 0.003
/* Arms that wait for others of their group wait for minutes; the longest segment
 * of schemas/protocol.md section 3.6 is 60 s. */
#define PAUSE_MOST_US 60000000
/* One upload carries at most this many segments: a frame holds 19. */
#define SEGMENTS_AT_ONCE 8

static bool is_moving(const struct run *r, unsigned joint)
{
	return r->joints >> joint & 1;
}

/* Where the next span of this joint's program is, or NULL. */
static const struct gh_span *next_span(const struct run *r,
				       const struct run_cursor *c)
{
	return c->next < c->end ? &r->plan->span[c->next] : NULL;
}

/* The next segment of one joint; false when its program is sent whole. */
static bool next_segment(const struct run *r, struct run_cursor *c,
			 struct gh_segment *out)
{
	const struct gh_span *span = next_span(r, c);

	if (!span)
		return false;
	memset(out, 0, sizeof *out);
	if (span->begin > c->at) { /* a pause before it */
		const gh_us left = span->begin - c->at;

		out->shape = GH_SHAPE_HOLD;
		/* Halved, so that what is left is never too short for one. */
		out->duration_us = left <= PAUSE_MOST_US ? left : left / 2;
		if (out->duration_us > PAUSE_MOST_US)
			out->duration_us = PAUSE_MOST_US;
		c->at += out->duration_us;
		return true;
	}
	out->shape = span->shape;
	out->duration_us = span->end - span->begin;
	out->target_rad = span->to_rad + c->offset_rad;
	c->at = span->end;
	c->next++;
	out->last = c->next == c->end;
	return true;
}

static enum gh_status feed_joint(struct run *r, unsigned joint)
{
	struct gh_segment seg[SEGMENTS_AT_ONCE];
	const unsigned actuator = (unsigned)r->actuator[joint];
	unsigned room = r->cfg->driver->room(r->dev, actuator);
	unsigned n = 0;

	if (room > SEGMENTS_AT_ONCE)
		room = SEGMENTS_AT_ONCE;
	while (n < room && next_segment(r, &r->cursor[joint], &seg[n]))
		n++;
	if (n == 0)
		return GH_OK;
	return r->cfg->driver->queue(r->dev, actuator, seg, n, &r->err);
}

static enum gh_status feed_all(struct run *r)
{
	enum gh_status st = GH_OK;

	for (unsigned j = 0; st == GH_OK && j < r->cfg->rig->n_joints; j++)
		if (is_moving(r, j) && next_span(r, &r->cursor[j])) {
			st = feed_joint(r, j);
			/* Twelve uploads over a slow wire take a while. */
			if (st == GH_OK)
				st = run_hear(r, false);
		}
	return st;
}

/* Sets every joint's cursor to its spans inside [begin, end). */
static void aim_cursors(struct run *r, gh_us begin, gh_us end)
{
	const struct gh_plan *plan = r->plan;

	for (unsigned j = 0; j < r->cfg->rig->n_joints; j++) {
		struct run_cursor *c = &r->cursor[j];
		const int part = r->cfg->rig->joints[j].part;

		c->next = c->end = 0;
		c->at = begin;
		for (size_t i = 0; i < plan->n; i++) {
			const struct gh_span *s = &plan->span[i];

			if (s->part != part || s->begin < begin || s->end > end)
				continue;
			if (c->end == 0)
				c->next = i;
			c->end = i + 1;
		}
	}
}

/* The spans of this program as they will really happen. */
static void record_spans(struct run *r, gh_us begin, gh_us end)
{
	for (size_t i = 0; i < r->plan->n; i++) {
		struct gh_span s = r->plan->span[i];
		const int joint = r->cfg->rig->parts[s.part].joint;

		if (joint < 0 || !is_moving(r, (unsigned)joint) ||
		    s.begin < begin || s.end > end)
			continue;
		s.begin += r->shift;
		s.end += r->shift;
		s.from_rad += r->cursor[joint].offset_rad;
		s.to_rad += r->cursor[joint].offset_rad;
		gh_recording_add_span(r->rec, &s);
	}
}

/*
 * The latest end of what really moves: joints that were dropped after identity
 * leave their time to nobody, the others keep theirs.
 */
static gh_us program_length_end(const struct run *r, gh_us begin)
{
	gh_us last = begin;

	for (unsigned j = 0; j < r->cfg->rig->n_joints; j++) {
		const struct run_cursor *c = &r->cursor[j];

		if (is_moving(r, j) && c->end > 0 &&
		    r->plan->span[c->end - 1].end > last)
			last = r->plan->span[c->end - 1].end;
	}
	return last;
}

static enum gh_status follow_program(struct run *r)
{
	enum gh_status st = GH_OK;
	const gh_us end = r->shift + r->program_end + GH_PROGRAM_TAIL_US;

	while (st == GH_OK && r->cfg->driver->device_now(r->dev) < end) {
		st = run_turn(r);
		if (st == GH_OK)
			st = feed_all(r);
	}
	return st;
}

/* A run that was stopped counts the motion there was, not what was planned. */
void run_count_motion(struct run *r, gh_us start, gh_us planned)
{
	const gh_us passed = r->cfg->driver->device_now(r->dev) - start;

	r->moved_us += passed < 0 ? 0 : passed < planned ? passed : planned;
}

/*
 * From here on a stop is sent at once, also while the reply is waited for. A
 * refused start moves nothing; one without an answer may have begun.
 */
enum gh_status run_start_motion(struct run *r, gh_us start)
{
	enum gh_status st = run_hear(r, false);

	if (st != GH_OK)
		return st;
	run_forget_places(r);
	r->started_at = start;
	r->program_on = true;
	st = r->cfg->driver->run(r->dev, start, &r->err);
	r->program_on = st == GH_OK || st == GH_TIMEOUT || r->stopped;
	return st;
}

enum gh_status run_program(struct run *r, gh_us begin, gh_us end)
{
	const gh_us lead = START_LEAD_US * (gh_us)r->info->time_scale;
	enum gh_status st;
	gh_us start;

	if (r->joints == 0) {
		run_time_line(r, begin);
		return GH_OK;
	}
	aim_cursors(r, begin, end);
	r->moves = RUN_BY_PLAN;
	r->program_end = program_length_end(r, begin);
	st = feed_all(r);
	if (st != GH_OK)
		return st;
	start = r->cfg->driver->device_now(r->dev) + lead;
	r->shift = start - begin;
	st = run_start_motion(r, start);
	if (st != GH_OK)
		return st;
	record_spans(r, begin, end);
	r->time_line_on = true;
	/* What comes after this program starts on the next one's clock. */
	r->lights_until = end;
	st = follow_program(r);
	r->program_on = st != GH_OK; /* still moving: leave_safe stops it */
	run_count_motion(r, start, r->program_end - begin);
	return st;
}

/* Peak to peak of a joint's measured angle in [begin, end); NAN: no reading. */
static double travel_rad(const struct run *r, unsigned joint, gh_us begin,
			 gh_us end)
{
	const int channel = r->watch[joint].position;
	const double scale =
		channel < 0
			? 0.0
			: fabs(gh_recording_channel(r->rec, (unsigned)channel)
				       ->scale);
	int lo = INT16_MAX, hi = INT16_MIN;

	if (channel < 0)
		return NAN;
	for (size_t i = gh_recording_count(r->rec, (unsigned)channel);
	     i-- > 0;) {
		gh_us at;
		int16_t raw;

		gh_recording_raw(r->rec, (unsigned)channel, i, &at, &raw);
		if (at < begin)
			break;
		if (at >= end || raw == GH_REC_INVALID)
			continue;
		lo = raw < lo ? raw : lo;
		hi = raw > hi ? raw : hi;
	}
	return hi < lo ? NAN : (hi - lo) * scale;
}

/* The slot of a joint on the plan's time line. */
static void slot_of(const struct run *r, unsigned joint, gh_us *begin,
		    gh_us *end)
{
	*begin = GH_US_NEVER;
	*end = 0;
	for (size_t i = 0; i < r->plan->n; i++) {
		const struct gh_span *s = &r->plan->span[i];

		if (s->part != r->cfg->rig->joints[joint].part ||
		    s->exercise != GH_EX_IDENTITY)
			continue;
		*begin = s->begin < *begin ? s->begin : *begin;
		*end = s->end > *end ? s->end : *end;
	}
	*begin += r->shift;
	*end += r->shift;
}

static const char *joint_name(const struct run *r, unsigned joint)
{
	return r->cfg->rig->parts[r->cfg->rig->joints[joint].part].name;
}

/* The joint that moved in place of this one, -1: none, nobody moved. */
static int who_moved(const struct run *r, unsigned joint, gh_us begin,
		     gh_us end)
{
	for (unsigned k = 0; k < r->cfg->rig->n_joints; k++)
		if (k != joint &&
		    travel_rad(r, k, begin + SETTLED_US, end) >= ANSWER_RAD)
			return (int)k;
	return -1;
}

static void drop_joint(struct run *r, unsigned joint, int other)
{
	char text[128];

	r->out->silent |= 1u << joint;
	if (other >= 0) {
		r->out->silent |= 1u << other;
		snprintf(text, sizeof text,
			 "%s was asked to move and %s moved: neither is swept",
			 joint_name(r, joint), joint_name(r, (unsigned)other));
	} else {
		snprintf(text, sizeof text,
			 "%s does not answer: it is not swept",
			 joint_name(r, joint));
	}
	run_tell(r, GH_EV_NOTE, text);
}

enum gh_status run_identity(struct run *r)
{
	for (unsigned j = 0; j < r->cfg->rig->n_joints; j++) {
		gh_us begin, end;

		/* Without a sensor nobody can tell: the rig file is believed. */
		if (!is_moving(r, j) || r->watch[j].position < 0)
			continue;
		slot_of(r, j, &begin, &end);
		if (!(travel_rad(r, j, begin, end) >= ANSWER_RAD))
			drop_joint(r, j, who_moved(r, j, begin, end));
	}
	r->joints &= ~r->out->silent;
	return GH_OK;
}

/* Tip speed of a proximity move over the reach of the joint's whole arm, and
 * the joint's own limits. */
static gh_us home_length(const struct run *r, unsigned joint)
{
	const struct gh_rig *rig = r->cfg->rig;
	const struct gh_rig_joint *j = &rig->joints[joint];
	const struct gh_dev_actuator *a =
		&r->info->actuators[r->actuator[joint]];
	const double reach = fmax(gh_rig_reach_m(rig, j->arm, 0), 0.05);
	/* No watchdog: half the ceiling, as the plan has it. */
	const double share = r->info->watchdog_ms > 0 ? 1.0 : 0.5;
	const double tip = gh_plan_tip_ceiling_m_s(rig, true) /
			   (reach * rig->arms[j->arm].n);
	const double speed =
		share * fmin(tip, fmin(j->speed_max_rad_s, a->speed_rad_s));
	const double accel = share * fmin(j->accel_max_rad_s2, a->accel_rad_s2);
	const double far = fabs(r->cursor[joint].offset_rad) * 1.01;

	/* EASE: 1.5 of the mean speed, 6 distances over the time squared. */
	return (gh_us)(fmax(fmax(1.5 * far / speed, sqrt(6.0 * far / accel)),
			    0.5) *
		       GH_US_PER_S);
}

/* Queues the easing home of those of this wave that hang elsewhere. */
static enum gh_status queue_home(struct run *r, unsigned wave, gh_us *longest)
{
	enum gh_status st = GH_OK;

	*longest = 0;
	r->moves = 0;
	for (unsigned j = 0; st == GH_OK && j < r->cfg->rig->n_joints; j++) {
		struct gh_segment seg = { GH_SHAPE_EASE, 0, 0.0, true, 0.0 };

		if (!is_moving(r, j) ||
		    !gh_plan_in_wave(r->cfg->rig, r->cfg->near, j, wave) ||
		    fabs(r->cursor[j].offset_rad) < HOME_RAD)
			continue;
		seg.duration_us = home_length(r, j);
		r->move[j] = (struct run_move){
			.seg = seg, .from_rad = r->cursor[j].offset_rad
		};
		r->moves |= 1u << j;
		*longest =
			seg.duration_us > *longest ? seg.duration_us : *longest;
		st = r->cfg->driver->queue(r->dev, (unsigned)r->actuator[j],
					   &seg, 1, &r->err);
	}
	return st;
}

enum gh_status run_follow_moves(struct run *r, gh_us longest)
{
	const gh_us start = r->cfg->driver->device_now(r->dev) +
			    START_LEAD_US * (gh_us)r->info->time_scale;
	const gh_us end = start + longest + GH_PROGRAM_TAIL_US;
	enum gh_status st;

	for (unsigned j = 0; j < r->cfg->rig->n_joints; j++)
		r->move[j].start = start;
	st = run_start_motion(r, start);
	if (st != GH_OK)
		return st;
	while (st == GH_OK && r->cfg->driver->device_now(r->dev) < end)
		st = run_turn(r);
	r->program_on = st != GH_OK;
	run_count_motion(r, start, longest);
	return st;
}

/* The budget has time for one wave: what arms wait for one another is added. */
static void grant_wave(struct run *r, gh_us longest)
{
	const gh_us wall = START_LEAD_US + (longest + GH_PROGRAM_TAIL_US) /
						   (gh_us)r->info->time_scale;

	r->verdict_at += wall;
	r->deadline += wall;
}

enum gh_status run_home(struct run *r)
{
	enum gh_status st = GH_OK;
	bool moved = false;

	for (unsigned wave = 0; st == GH_OK && wave < r->cfg->rig->n_joints;
	     wave++) {
		gh_us longest;

		st = queue_home(r, wave, &longest);
		if (st != GH_OK || longest == 0)
			continue;
		if (moved)
			grant_wave(r, longest);
		moved = true;
		st = run_follow_moves(r, longest);
	}
	for (unsigned j = 0; st == GH_OK && j < r->cfg->rig->n_joints; j++)
		if (is_moving(r, j))
			r->cursor[j].offset_rad = 0.0;
	return st;
}
