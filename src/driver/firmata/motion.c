/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * motion - servos walked by host steps. The board has no watchdog: when the
 * host dies, every servo stays driven at its last goal. So a goal is never
 * more than one step (20 ms of travel) beyond the last one, and a host that was
 * held up does not catch up: the program waits for it, all joints alike, and
 * so does the device's time: what was planned for an angle finds it there.
 */
#include "driver/firmata/dev.h" /* struct gh_dev */

#include <math.h>

/*
 * A servo looks every 20 ms, at a moment nobody knows. Goals as rare as every
 * 10.8 ms gave it one instead of two now and then: half a step, which the motor
 * answers with a current as large as its friction (seen).
 */
#define STEP_EVERY_US ((gh_us)4000)
/* The steepest place of 3s^2 - 2s^3. */
#define EASE_PEAK 1.5

int gh_firmata_pulse_us(const struct fm_servo *s, double rad)
{
	const double share =
		(rad - s->at_min_rad) / (s->at_max_rad - s->at_min_rad);
	const double us = s->min_us + share * (s->max_us - s->min_us);

	return (int)lround(fmax(s->min_us, fmin(s->max_us, us)));
}

double gh_firmata_angle_rad(const struct fm_servo *s, int us)
{
	const double share =
		(double)(us - s->min_us) / (double)(s->max_us - s->min_us);

	return s->at_min_rad + share * (s->at_max_rad - s->at_min_rad);
}

enum gh_status gh_firmata_limit(struct gh_dev *dev, unsigned actuator,
				const struct gh_dev_actuator *limits,
				struct gh_err *err)
{
	struct gh_dev_actuator *own;

	if (actuator >= dev->board.n_servos)
		return gh_fail(err, GH_ARG, "no actuator %u", actuator);
	if (dev->motion.joints[actuator].n > 0)
		return gh_fail(err, GH_BUSY, "%s: segments are queued",
			       dev->board.servos[actuator].wire->part);
	own = &dev->motion.joints[actuator].limits;
	own->lo_rad = fmax(own->lo_rad, limits->lo_rad);
	own->hi_rad = fmin(own->hi_rad, limits->hi_rad);
	own->speed_rad_s = fmin(own->speed_rad_s, limits->speed_rad_s);
	own->accel_rad_s2 = fmin(own->accel_rad_s2, limits->accel_rad_s2);
	own->current_a = fmin(own->current_a, limits->current_a);
	own->temperature_c = fmin(own->temperature_c, limits->temperature_c);
	return GH_OK;
}

unsigned gh_firmata_room(const struct gh_dev *dev, unsigned actuator)
{
	if (actuator >= dev->board.n_servos)
		return 0;
	return FM_SEGMENTS - dev->motion.joints[actuator].n;
}

/* Half a step of the servo's resolution is allowed beyond each limit. */
static enum gh_status check_segment(const struct gh_dev *dev, unsigned actuator,
				    const struct gh_segment *seg, double from,
				    struct gh_err *err)
{
	const struct fm_servo *s = &dev->board.servos[actuator];
	const struct gh_dev_actuator *own =
		&dev->motion.joints[actuator].limits;
	const double slack =
		fabs(s->at_max_rad - s->at_min_rad) / (s->max_us - s->min_us);
	const double peak = seg->shape == GH_SHAPE_EASE ? EASE_PEAK : 1.0;
	const double s_long = (double)seg->duration_us / GH_US_PER_S;
	double travel;

	if (seg->duration_us < 0 ||
	    (seg->shape != GH_SHAPE_HOLD && !isfinite(seg->target_rad)))
		return gh_fail(err, GH_ARG, "%s: a segment without sense",
			       s->wire->part);
	if (seg->shape == GH_SHAPE_HOLD)
		return GH_OK;
	if (seg->target_rad < own->lo_rad - slack ||
	    seg->target_rad > own->hi_rad + slack)
		return gh_fail(err, GH_UNSAFE,
			       "%s: %.1f deg is outside %.1f to %.1f deg",
			       s->wire->part, seg->target_rad * 57.2957795,
			       own->lo_rad * 57.2957795,
			       own->hi_rad * 57.2957795);
	travel = fmax(0.0, fabs(seg->target_rad - from) - slack);
	if (travel * peak > own->speed_rad_s * s_long * 1.001)
		return gh_fail(err, GH_UNSAFE,
			       "%s: %.2f rad in %.3f s is faster than %.2f "
			       "rad/s",
			       s->wire->part, travel, s_long, own->speed_rad_s);
	return GH_OK;
}

enum gh_status gh_firmata_queue(struct gh_dev *dev, unsigned actuator,
				const struct gh_segment *seg, unsigned n,
				struct gh_err *err)
{
	struct fm_joint *j;
	enum gh_status st;
	double end;

	if (actuator >= dev->board.n_servos)
		return gh_fail(err, GH_ARG, "no actuator %u", actuator);
	j = &dev->motion.joints[actuator];
	if (dev->motion.state != GH_MOTION_ARMED &&
	    dev->motion.state != GH_MOTION_RUNNING)
		return gh_fail(err, GH_UNSAFE, "%s: not armed",
			       dev->link->port);
	if (n > FM_SEGMENTS - j->n)
		return gh_fail(err, GH_BUSY, "room for %u segments, not %u",
			       FM_SEGMENTS - j->n, n);
	end = j->end_rad;
	for (unsigned i = 0; i < n; i++) {
		if (seg[i].guard_a > 0.0)
			return gh_fail(err, GH_UNSUP,
				       "%s: Firmata cannot guard a segment",
				       dev->link->port);
		st = check_segment(dev, actuator, &seg[i], end, err);
		if (st != GH_OK)
			return st;
		if (seg[i].shape != GH_SHAPE_HOLD)
			end = seg[i].target_rad;
	}
	if (j->n == 0 && !j->active)
		j->from_rad = j->end_rad;
	for (unsigned i = 0; i < n; i++)
		j->ring[(j->head + j->n++) % FM_SEGMENTS] = seg[i];
	j->end_rad = end;
	return GH_OK;
}

enum gh_status gh_firmata_run(struct gh_dev *dev, gh_us start,
			      struct gh_err *err)
{
	struct fm_motion *mo = &dev->motion;
	bool any = false;

	if (mo->state != GH_MOTION_ARMED)
		return gh_fail(err, GH_UNSAFE, "%s: not armed",
			       dev->link->port);
	for (unsigned i = 0; i < dev->board.n_servos; i++) {
		mo->joints[i].active = mo->joints[i].n > 0;
		mo->joints[i].into_us = 0;
		any |= mo->joints[i].active;
	}
	if (!any)
		return gh_fail(err, GH_ARG, "nothing is queued");
	mo->start = start;
	mo->walked_at = start;
	mo->state = GH_MOTION_RUNNING;
	return GH_OK;
}

static void latch(struct gh_dev *dev, const char *cause, int actuator)
{
	dev->motion.state = GH_MOTION_LATCHED;
	dev->motion.cause = cause;
	gh_firmata_event(dev, GH_DEV_EV_LATCHED, actuator, actuator, "%s%s%s",
			 cause, actuator < 0 ? "" : ": ",
			 actuator < 0 ? ""
				      : dev->board.servos[actuator].wire->part);
}

void gh_firmata_hold(struct gh_dev *dev)
{
	for (unsigned i = 0; i < dev->board.n_servos; i++) {
		struct fm_joint *j = &dev->motion.joints[i];

		j->n = 0;
		j->active = false;
		if (!j->attached)
			continue;
		j->end_rad =
			gh_firmata_angle_rad(&dev->board.servos[i], j->sent_us);
		gh_firmata_send_value(dev, dev->board.servos[i].pin,
				      (unsigned)j->sent_us);
	}
}

/* Takes `into` past the segments that are over; false: it ran dry. */
static bool advance(struct fm_joint *j)
{
	while (j->n > 0) {
		const struct gh_segment *seg = &j->ring[j->head];

		if (j->into_us < seg->duration_us)
			return true;
		j->into_us -= seg->duration_us;
		j->from_rad = gh_segment_at(seg, j->from_rad, seg->duration_us);
		j->active = !seg->last;
		j->head = (j->head + 1) % FM_SEGMENTS;
		j->n--;
		if (!j->active)
			return true;
	}
	return false;
}

static void walk(struct gh_dev *dev, unsigned i, gh_us step_us)
{
	const struct fm_servo *s = &dev->board.servos[i];
	struct fm_joint *j = &dev->motion.joints[i];
	double rad;
	int us;

	j->into_us += step_us;
	if (!advance(j)) {
		gh_firmata_hold(dev);
		latch(dev, "UNDERRUN", (int)i);
		return;
	}
	rad = j->active ? gh_segment_at(&j->ring[j->head], j->from_rad,
					j->into_us)
			: j->from_rad;
	us = gh_firmata_pulse_us(s, rad);
	if (us == j->sent_us)
		return;
	j->sent_us = us;
	gh_firmata_send_value(dev, s->pin, (unsigned)us);
}

void gh_firmata_motion_step(struct gh_dev *dev)
{
	struct fm_motion *mo = &dev->motion;
	const gh_us now = gh_firmata_now(dev);
	const gh_us step = now - mo->walked_at;
	bool any = false;

	/* A goal that cannot be sent yet must not be stepped over either. */
	if (mo->state != GH_MOTION_RUNNING || step < STEP_EVERY_US ||
	    dev->out_n > 0)
		return;
	mo->held_up_us = gh_firmata_host_now(dev) - now;
	mo->walked_at = now;
	for (unsigned i = 0; i < dev->board.n_servos; i++) {
		if (mo->joints[i].active && mo->state == GH_MOTION_RUNNING)
			walk(dev, i, step);
		any |= mo->joints[i].active;
	}
	if (mo->state != GH_MOTION_RUNNING || any)
		return;
	mo->state = GH_MOTION_ARMED;
	gh_firmata_event(dev, GH_DEV_EV_PROGRAM_END, -1, 0.0,
			 "motion program ended");
}
