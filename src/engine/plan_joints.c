/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plan_joints - the joints' part of the time line: identity one at a time,
 * then all together, staggered, each exercise beginning at the same moment
 * for every joint of a wave. Arms of one collision group go in separate waves.
 */
#include "engine/plan_layout.h" /* struct layout */

#include <math.h>

/* measurement.md section 2: the figures of the reference plan. */
#define IDENTITY_RAD 0.0262 /* 1.5 deg */
#define SLOT_US 250000
#define STAGGER_US 80000
#define AMPLITUDE_MIN 0.5
#define RANGE_SHARE 0.8
#define DWELL_US 300000
#define REVERSAL_RAD 0.06
#define REVERSAL_RAD_S 0.06
#define STEP_RAD 0.2
#define STEP_US 1500000
#define HOLD_RAD 0.5
#define HOLD_US 1500000
#define SETTLE_US 400000
/* Easing never asks for less than this: 16 segments a second at most. */
#define EASE_MIN_US 300000

struct pen { /* one joint being written */
	struct layout *lay;
	int part;
	gh_us at;
	double angle_rad;
};

static void draw(struct pen *pen, enum gh_exercise exercise,
		 enum gh_shape shape, double to_rad, gh_us length,
		 unsigned repeat)
{
	const struct gh_span span = { .part = pen->part,
				      .exercise = exercise,
				      .repeat = repeat,
				      .begin = pen->at,
				      .end = pen->at + length,
				      .shape = shape,
				      .from_rad = pen->angle_rad,
				      .to_rad = to_rad };

	plan_put(pen->lay, &span);
	pen->at += length;
	pen->angle_rad = to_rad;
}

static void rest(struct pen *pen, enum gh_exercise exercise, gh_us length,
		 unsigned repeat)
{
	if (length > 0)
		draw(pen, exercise, GH_SHAPE_HOLD, pen->angle_rad, length,
		     repeat);
}

/* An easing move peaks at 1.5 times its mean speed and 6 times d/T^2. */
gh_us plan_ease_length(const struct layout *lay, int joint, double distance,
		       gh_us least)
{
	const double accel = lay->req->rig->joints[joint].accel_max_rad_s2;
	const double by_speed = 1.5 * distance / lay->ceiling_rad_s;
	const double by_accel = sqrt(6.0 * distance / accel);
	const gh_us length =
		(gh_us)ceil(fmax(by_speed, by_accel) * 1.02 * GH_US_PER_S);

	return length > least ? length : least;
}

static int joint_of(const struct pen *pen)
{
	return pen->lay->req->rig->parts[pen->part].joint;
}

static void ease_to(struct pen *pen, double to_rad)
{
	const double distance = fabs(to_rad - pen->angle_rad);

	if (distance > 1e-6)
		draw(pen, GH_EX_TRAVEL, GH_SHAPE_EASE, to_rad,
		     plan_ease_length(pen->lay, joint_of(pen), distance,
				      EASE_MIN_US),
		     0);
}

/* Waits until `until`, so that all joints of a wave begin together. */
static void wait_until(struct pen *pen, gh_us until)
{
	rest(pen, GH_EX_DWELL, until - pen->at, 0);
}

static gh_us leg_length(double distance_rad, double rad_s)
{
	return (gh_us)llround(distance_rad / rad_s * GH_US_PER_S);
}

static double amplitude_of(const struct layout *lay, unsigned joint)
{
	const struct gh_rig_joint *j = &lay->req->rig->joints[joint];
	const double room = fmin(fabs(j->lo_rad), fabs(j->hi_rad));

	return fmin(lay->recipe->amplitude_rad, RANGE_SHARE * room);
}

static void draw_triangle(struct pen *pen, double amplitude)
{
	const struct layout *lay = pen->lay;

	for (unsigned r = 0; r < lay->recipe->repeats; r++) {
		for (unsigned i = 0; i < lay->n_speeds * 2; i++) {
			const double to = i % 2 == 0 ? amplitude : -amplitude;
			const double v = lay->speed_rad_s[i / 2];

			draw(pen, GH_EX_SWEEP, GH_SHAPE_LINEAR, to,
			     leg_length(2.0 * amplitude, v), r % 2);
			rest(pen, GH_EX_DWELL, DWELL_US, r % 2);
		}
	}
}

static void draw_reversals(struct pen *pen)
{
	static const double corner[] = { REVERSAL_RAD, -REVERSAL_RAD, 0.0 };
	const double v = fmin(REVERSAL_RAD_S, pen->lay->ceiling_rad_s);

	for (unsigned r = 0; r < pen->lay->recipe->reversals; r++)
		for (unsigned i = 0; i < GH_ARRAY_SIZE(corner); i++)
			draw(pen, GH_EX_REVERSAL, GH_SHAPE_LINEAR, corner[i],
			     leg_length(fabs(corner[i] - pen->angle_rad), v),
			     r % 2);
}

static void draw_steps(struct pen *pen)
{
	const double v = pen->lay->ceiling_rad_s;
	const gh_us rise = leg_length(STEP_RAD, v);

	for (unsigned r = 0; r < 2; r++) {
		draw(pen, GH_EX_STEP, GH_SHAPE_LINEAR, r == 0 ? STEP_RAD : 0.0,
		     rise, r);
		rest(pen, GH_EX_STEP, STEP_US - rise, r);
	}
}

/* Long enough for the breath that is watched with the arms still. */
static gh_us hold_length(const struct layout *lay)
{
	const gh_us breath = (plan_still_pulse(lay) - SETTLE_US) / 2;

	if (lay->recipe->hold_us > 0)
		return lay->recipe->hold_us;
	return breath > HOLD_US ? breath : HOLD_US;
}

static void draw_holds(struct pen *pen)
{
	const gh_us length = hold_length(pen->lay);

	ease_to(pen, HOLD_RAD);
	rest(pen, GH_EX_DWELL, SETTLE_US, 0);
	rest(pen, GH_EX_HOLD, length, 0);
	rest(pen, GH_EX_HOLD, length, 1);
}

/*
 * The exercises in order. Starts are staggered and stay so until all are home
 * again; from then on each begins for all joints of a wave at once.
 */
enum stage { TO_START, SWEEPS, HOME, REVERSALS, STEPS, HOLDS, STILL, STAGES };

static const char *const stage_title[STAGES] = {
	[TO_START] = "easing to the start",
	[SWEEPS] = "slow and fast sweeps",
	[HOME] = "easing home",
	[REVERSALS] = "slow reversals",
	[STEPS] = "steps",
	[HOLDS] = "loaded hold",
	[STILL] = "home and still",
};

static void draw_stage(struct pen *pen, enum stage stage, double amplitude)
{
	const struct plan_recipe *r = pen->lay->recipe;

	switch (stage) {
	case TO_START:
		ease_to(pen, -amplitude);
		rest(pen, GH_EX_DWELL, DWELL_US, 0);
		break;
	case SWEEPS:
		draw_triangle(pen, amplitude);
		break;
	case HOME:
		ease_to(pen, 0.0);
		rest(pen, GH_EX_DWELL, SETTLE_US, 0);
		break;
	case REVERSALS:
		draw_reversals(pen);
		break;
	case STEPS:
		if (r->step)
			draw_steps(pen);
		break;
	case HOLDS:
		if (r->hold)
			draw_holds(pen);
		break;
	case STILL:
		ease_to(pen, 0.0);
		rest(pen, GH_EX_DWELL, SETTLE_US, 0);
		rest(pen, GH_EX_STILL, r->still_us, 0);
		rest(pen, GH_EX_STILL, r->still_us, 1);
		break;
	case STAGES:
		break;
	}
}

bool gh_plan_in_wave(const struct gh_rig *rig, bool near, unsigned joint,
		     unsigned wave)
{
	const int arm = rig->joints[joint].arm;
	const int group = rig->arms[arm].group;
	unsigned before = 0;

	if (near)
		return joint == wave;
	if (group == GH_RIG_NONE)
		return wave == 0;
	for (int a = 0; a < arm; a++)
		before += rig->arms[a].group == group;
	return before == wave;
}

/* What the lamps must know of a stage that all joints have drawn. */
static void note_stage(struct layout *lay, enum stage stage, gh_us begin,
		       gh_us end)
{
	const struct plan_window w = { begin, end };
	const gh_us held = 2 * hold_length(lay) + SETTLE_US;

	if (stage == SWEEPS)
		lay->sweeps = w;
	if (stage == REVERSALS)
		lay->reversals = w;
	if (stage == HOLDS && end > begin)
		lay->still_at_load = (struct plan_window){ end - held, end };
	if (stage == STILL)
		lay->home_at = end - 2 * lay->recipe->still_us;
}

static gh_us draw_wave(struct layout *lay, unsigned wave, gh_us begin)
{
	const struct gh_rig *rig = lay->req->rig;
	struct pen pens[GH_RIG_JOINTS];
	double amplitude[GH_RIG_JOINTS];
	unsigned n = 0;
	gh_us at = begin;

	for (unsigned j = 0; j < rig->n_joints; j++) {
		if (!(lay->plan->joints >> j & 1) ||
		    !gh_plan_in_wave(rig, lay->req->near, j, wave))
			continue;
		amplitude[n] = amplitude_of(lay, j);
		pens[n++] =
			(struct pen){ lay, rig->joints[j].part, begin, 0.0 };
	}
	lay->waves += n > 0;
	for (enum stage s = TO_START; n > 0 && s < STAGES; s++) {
		const gh_us from = at;

		for (unsigned i = 0; i < n; i++) {
			if (s == TO_START)
				wait_until(&pens[i],
					   from + (gh_us)i * STAGGER_US);
			else if (s > HOME)
				wait_until(&pens[i], from);
			draw_stage(&pens[i], s, amplitude[i]);
			at = pens[i].at > at ? pens[i].at : at;
		}
		if (at > from)
			plan_phase(lay, stage_title[s], from, at);
		note_stage(lay, s, from, at);
	}
	return at;
}

/*
 * One joint at a time, a wiggle of 1.5 deg each way: a swapped cable shows
 * before anything larger moves. A slot is longer where the joint is slow.
 */
static void draw_identity(struct layout *lay, unsigned times)
{
	static const double corner[] = { IDENTITY_RAD, -IDENTITY_RAD, 0.0 };
	const struct gh_rig *rig = lay->req->rig;
	gh_us at = 0;

	for (unsigned j = 0; j < rig->n_joints; j++) {
		struct pen pen = { lay, rig->joints[j].part, at, 0.0 };

		if (!(lay->plan->joints >> j & 1))
			continue;
		for (unsigned i = 0; i < times * GH_ARRAY_SIZE(corner); i++) {
			const double to = corner[i % GH_ARRAY_SIZE(corner)];

			draw(&pen, GH_EX_IDENTITY, GH_SHAPE_EASE, to,
			     plan_ease_length(lay, (int)j,
					      fabs(to - pen.angle_rad),
					      SLOT_US * 3 / 10),
			     0);
		}
		at = pen.at;
	}
	lay->plan->identity_end = at;
	plan_phase(lay, "who is who, one joint at a time", 0, at);
}

void plan_wiggle(struct layout *lay, unsigned times)
{
	lay->plan->joints = lay->req->joints;
	draw_identity(lay, times);
}

static uint32_t sweepable(const struct layout *lay)
{
	uint32_t mask = 0;

	for (unsigned j = 0; j < lay->req->rig->n_joints; j++)
		if ((lay->req->joints >> j & 1) &&
		    amplitude_of(lay, j) >= AMPLITUDE_MIN)
			mask |= 1u << j;
	return mask;
}

void plan_lay_joints(struct layout *lay)
{
	gh_us at;

	if (lay->recipe->repeats == 0)
		return;
	lay->plan->joints = sweepable(lay);
	draw_identity(lay, 1);
	at = lay->plan->identity_end;
	for (unsigned wave = 0; wave < lay->req->rig->n_joints; wave++)
		at = draw_wave(lay, wave, at);
}
