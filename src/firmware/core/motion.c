/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * motion - carries every axis along its curve. Segments follow each other on
 * the controller's clock, not on the moment somebody looked: a segment begins
 * exactly where and when the one before it ended.
 */
#include "firmware/core/parts.h" /* struct fw_core, fw_refuse */

static int32_t clamp(int32_t v, int32_t lo, int32_t hi)
{
	if (v < lo)
		return lo;
	return v > hi ? hi : v;
}

/*
 * A stop never leaves the range, even where the limit of acceleration would
 * carry it out; an axis that was found outside just stays outside.
 */
static int32_t stop_at(const struct fw_axis *a, uint32_t t_us, bool *rest)
{
	const struct fw_limits *l = &a->limits;
	int32_t at = a->from_urad + fw_curve_stop(a->speed_urad_s,
						  l->accel_urad_s2, t_us, rest);

	if (a->from_urad < l->lo_urad || a->from_urad > l->hi_urad)
		return at;
	return clamp(at, l->lo_urad, l->hi_urad);
}

static void begin_stop(struct fw_axis *a, int32_t at_urad, int32_t speed,
		       uint32_t when_us)
{
	bool rest;

	a->mode = speed != 0 ? FW_STOPPING : FW_HOLDING;
	a->at_urad = at_urad;
	a->from_urad = at_urad;
	a->speed_urad_s = speed;
	a->since_us = when_us;
	a->plan_urad = stop_at(a, UINT32_MAX, &rest);
}

static void stop_axis(struct fw_axis *a, uint32_t now_us)
{
	const struct fw_segment *s = &a->ring[a->head];
	uint32_t t = now_us - a->since_us;

	a->draining = false;
	a->count = 0;
	if (a->mode == FW_MOVING) {
		begin_stop(a, fw_curve_at(s, a->from_urad, t),
			   fw_curve_speed(s, a->from_urad, t), now_us);
		return;
	}
	if (a->mode == FW_WAITING)
		a->mode = FW_HOLDING;
	if (a->mode == FW_HOLDING)
		a->plan_urad = a->at_urad;
}

static void drive_on(struct fw_core *c, uint8_t axis, int32_t was_urad)
{
	int32_t at = c->axis[axis].at_urad;

	if (at != was_urad)
		c->board->drive(c->board->self, axis, at);
}

void fw_motion_stop(struct fw_core *c)
{
	for (uint8_t i = 0; i < c->board->info.n_actuators; i++) {
		int32_t was = c->axis[i].at_urad;

		stop_axis(&c->axis[i], c->now_us);
		drive_on(c, i, was);
	}
	c->motion_us = c->now_us;
}

void fw_motion_reset(struct fw_core *c)
{
	for (uint8_t i = 0; i < c->board->info.n_actuators; i++) {
		c->axis[i].next = 0;
		c->axis[i].crc = UINT32_MAX;
	}
	c->started = false;
}

bool fw_motion_measure(struct fw_core *c, uint8_t axis)
{
	struct fw_axis *a = &c->axis[axis];
	uint8_t channel = a->channel[FW_POSITION];
	bool has_channel = channel != FW_NO_CHANNEL;
	int16_t raw = FW_RAW_INVALID;

	if (has_channel)
		raw = fw_sense(c, channel);
	if (raw != FW_RAW_INVALID)
		a->at_urad = fw_sense_value(c, channel, raw, 1000000);
	a->plan_urad = a->at_urad;
	a->recheck = true;
	c->board->drive(c->board->self, axis, a->at_urad);
	return !has_channel || raw != FW_RAW_INVALID;
}

bool fw_motion_stopping(const struct fw_core *c)
{
	for (uint8_t i = 0; i < c->board->info.n_actuators; i++)
		if (c->axis[i].mode == FW_STOPPING)
			return true;
	return false;
}

static void drop_head(struct fw_axis *a)
{
	a->head = (uint8_t)((a->head + 1) % FW_RING);
	a->count--;
}

/* The running segment is over: go on with the next, end, or run dry. */
static void next_segment(struct fw_core *c, uint8_t axis)
{
	struct fw_axis *a = &c->axis[axis];
	const struct fw_segment *s = &a->ring[a->head];
	int32_t from = a->from_urad;
	int32_t end = fw_curve_end(s, from);
	bool last = s->flags & FW_LAST;

	a->since_us += s->duration_us;
	a->from_urad = end;
	a->at_urad = end;
	a->guard_over = 0;
	drop_head(a);
	if (last) {
		a->mode = FW_HOLDING;
	} else if (a->count == 0) {
		begin_stop(a, end, fw_curve_speed(s, from, s->duration_us),
			   a->since_us);
		fw_latch(c, FW_CAUSE_UNDERRUN, (int8_t)axis);
	}
}

/*
 * A guarded segment met resistance: stop here, and forget the rest of this
 * program, also what is still to be uploaded of it.
 */
void fw_motion_guard(struct fw_core *c, uint8_t axis)
{
	struct fw_axis *a = &c->axis[axis];
	const struct fw_segment *s = &a->ring[a->head];
	uint32_t t = c->now_us - a->since_us;
	int32_t at = fw_curve_at(s, a->from_urad, t);
	int32_t speed = fw_curve_speed(s, a->from_urad, t);
	uint8_t kept = a->count;
	bool last = false;

	while (kept > 0 && !last) {
		last = a->ring[a->head].flags & FW_LAST;
		a->head = (uint8_t)((a->head + 1) % FW_RING);
		kept--;
	}
	begin_stop(a, at, speed, c->now_us);
	a->recheck = true;
	a->count = kept;
	a->draining = !last;
}

static void move_axis(struct fw_core *c, uint8_t axis)
{
	struct fw_axis *a = &c->axis[axis];
	bool rest = false;

	/* RUN has put off the next look until its start. */
	if (a->mode == FW_WAITING) {
		a->mode = FW_MOVING;
		a->since_us = c->start_us;
		a->from_urad = a->at_urad;
	}
	while (a->mode == FW_MOVING &&
	       c->now_us - a->since_us >= a->ring[a->head].duration_us)
		next_segment(c, axis);
	if (a->mode == FW_MOVING)
		a->at_urad = fw_curve_at(&a->ring[a->head], a->from_urad,
					 c->now_us - a->since_us);
	if (a->mode != FW_STOPPING)
		return;
	a->at_urad = stop_at(a, c->now_us - a->since_us, &rest);
	if (rest)
		a->mode = FW_HOLDING;
}

static bool all_ended(const struct fw_core *c)
{
	for (uint8_t i = 0; i < c->board->info.n_actuators; i++)
		if (c->axis[i].mode != FW_HOLDING || c->axis[i].draining)
			return false;
	return true;
}

void fw_motion_poll(struct fw_core *c)
{
	uint8_t n = c->board->info.n_actuators;

	if (!fw_reached(c->now_us, c->motion_us))
		return;
	c->motion_us = c->now_us + FW_MOTION_US;
	for (uint8_t k = 0; k < FW_MOTION_AXES && k < n; k++) {
		uint8_t i = c->motion_axis;
		int32_t was = c->axis[i].at_urad;

		c->motion_axis = (uint8_t)(i + 1 < n ? i + 1 : 0);
		move_axis(c, i);
		drive_on(c, i, was);
	}
	if (c->state == FW_RUNNING && all_ended(c)) {
		c->state = FW_ARMED;
		fw_event_put(c, FW_EV_PROGRAM_END, 0, 0);
	}
}
