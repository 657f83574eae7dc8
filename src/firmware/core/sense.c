/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sense - every reading of a channel passes here. Readings of current and
 * temperature are held against the limits of their actuator whoever asked for
 * them; where no stream asks often enough, the core asks itself.
 *
 * One reading serves both because a current reading is the mean since the
 * last: a second reader would shorten what the stream sees.
 */
#include "firmware/core/parts.h" /* struct fw_core, fw_refuse */

#include <string.h>

/* "For two consecutive samples". */
#define SAMPLES_OVER 2

static const FW_FLASH uint8_t quantity_of[FW_ROLES] = {
	[FW_CURRENT] = FW_Q_CURRENT,
	[FW_TEMPERATURE] = FW_Q_TEMPERATURE,
	[FW_POSITION] = FW_Q_POSITION,
};

int16_t fw_sense_raw(struct fw_core *c, uint8_t channel, int32_t value,
		     int32_t per_unit)
{
	struct fw_channel ch;
	int64_t raw;

	c->board->channel(c->board->self, channel, &ch);
	raw = (int64_t)value * ch.den / ((int64_t)ch.num * per_unit);
	return (int16_t)(raw > INT16_MAX ? INT16_MAX : raw);
}

int32_t fw_sense_value(struct fw_core *c, uint8_t channel, int16_t raw,
		       int32_t per_unit)
{
	struct fw_channel ch;

	c->board->channel(c->board->self, channel, &ch);
	return (int32_t)((int64_t)raw * ch.num * per_unit / ch.den);
}

static int find_axis(struct fw_core *c, const char *part)
{
	struct fw_actuator act;

	for (uint8_t i = 0; i < c->board->info.n_actuators; i++) {
		c->board->actuator(c->board->self, i, &act);
		if (strcmp(act.part, part) == 0)
			return i;
	}
	return -1;
}

/* The dictionary says itself which channel looks at which actuator. */
static void bind_channel(struct fw_core *c, uint8_t channel)
{
	struct fw_channel ch;
	int axis;

	c->role[channel] = FW_NO_CHANNEL;
	c->board->channel(c->board->self, channel, &ch);
	axis = find_axis(c, ch.part);
	if (axis < 0 || !ch.measured)
		return;
	for (unsigned r = 0; r < FW_ROLES; r++) {
		if (quantity_of[r] != ch.quantity)
			continue;
		c->axis[axis].channel[r] = channel;
		c->role[channel] = (uint8_t)((unsigned)axis * FW_ROLES + r);
	}
}

void fw_sense_limits(struct fw_core *c, uint8_t axis)
{
	struct fw_axis *a = &c->axis[axis];

	if (a->channel[FW_CURRENT] != FW_NO_CHANNEL)
		a->limit_raw[FW_CURRENT] = fw_sense_raw(
			c, a->channel[FW_CURRENT], a->limits.current_ma, 1000);
	if (a->channel[FW_TEMPERATURE] != FW_NO_CHANNEL)
		a->limit_raw[FW_TEMPERATURE] =
			fw_sense_raw(c, a->channel[FW_TEMPERATURE],
				     a->limits.temperature_ddegc, 10);
}

void fw_sense_init(struct fw_core *c)
{
	for (uint8_t i = 0; i < c->board->info.n_actuators; i++)
		memset(c->axis[i].channel, FW_NO_CHANNEL,
		       sizeof(c->axis[i].channel));
	for (uint8_t i = 0; i < c->board->info.n_channels; i++)
		bind_channel(c, i);
	for (uint8_t i = 0; i < c->board->info.n_actuators; i++)
		fw_sense_limits(c, i);
}

static void watch_limit(struct fw_core *c, uint8_t axis, uint8_t role,
			int16_t raw)
{
	struct fw_axis *a = &c->axis[axis];
	bool current = role == FW_CURRENT;

	if (raw <= a->limit_raw[role]) {
		a->over[role] = 0;
		return;
	}
	if (a->over[role] < SAMPLES_OVER)
		a->over[role]++;
	if (a->over[role] < SAMPLES_OVER || c->state == FW_LATCHED)
		return;
	fw_event_put(
		c, current ? FW_EV_OVER_CURRENT : FW_EV_OVER_TEMPERATURE, axis,
		fw_sense_value(c, a->channel[role], raw, current ? 1000 : 10));
	fw_latch(c, current ? FW_CAUSE_OVER_CURRENT : FW_CAUSE_OVER_TEMPERATURE,
		 (int8_t)axis);
}

static int32_t angle_now(struct fw_core *c, const struct fw_axis *a)
{
	int16_t raw = FW_RAW_INVALID;

	if (a->channel[FW_POSITION] != FW_NO_CHANNEL)
		raw = fw_sense(c, a->channel[FW_POSITION]);
	if (raw == FW_RAW_INVALID)
		return a->at_urad;
	return fw_sense_value(c, a->channel[FW_POSITION], raw, 1000000);
}

static void watch_guard(struct fw_core *c, uint8_t axis, int16_t raw)
{
	struct fw_axis *a = &c->axis[axis];
	const struct fw_segment *s = &a->ring[a->head];

	/* Who feels its way blind does not feel the end: no reading is one above. */
	if (a->mode != FW_MOVING || !(s->flags & FW_GUARDED) ||
	    (raw != FW_RAW_INVALID && raw <= s->guard_raw)) {
		a->guard_over = 0;
		return;
	}
	if (++a->guard_over < SAMPLES_OVER)
		return;
	a->guard_over = 0;
	fw_event_put(c, FW_EV_GUARD, axis, angle_now(c, a));
	fw_motion_guard(c, axis);
}

static void watch(struct fw_core *c, uint8_t channel, int16_t raw)
{
	uint8_t axis = c->role[channel] / FW_ROLES;
	uint8_t role = c->role[channel] % FW_ROLES;

	if (c->role[channel] == FW_NO_CHANNEL || role == FW_POSITION)
		return;
	c->axis[axis].sensed_us = c->now_us;
	if (!(c->torque >> axis & 1))
		return;
	/* A motor that brakes or a shunt turned round reads negative. */
	if (role == FW_CURRENT && raw < 0 && raw != FW_RAW_INVALID)
		raw = (int16_t)-raw;
	if (raw != FW_RAW_INVALID)
		watch_limit(c, axis, role, raw);
	if (role == FW_CURRENT)
		watch_guard(c, axis, raw);
}

static void watch_silence(struct fw_core *c, uint8_t channel, bool silent)
{
	uint8_t bit = (uint8_t)(1u << (channel & 7));
	uint8_t *word = &c->silent[channel >> 3];

	if (((*word & bit) != 0) == silent)
		return;
	*word ^= bit;
	fw_event_put(c, FW_EV_SENSOR, channel, !silent);
}

int16_t fw_sense(struct fw_core *c, uint8_t channel)
{
	int16_t raw = c->board->read(c->board->self, channel);

	watch_silence(c, channel, raw == FW_RAW_INVALID);
	watch(c, channel, raw);
	return raw;
}

static void check_axis(struct fw_core *c, uint8_t axis)
{
	struct fw_axis *a = &c->axis[axis];

	if (!(c->torque >> axis & 1) || c->now_us - a->sensed_us < FW_CHECK_US)
		return;
	a->sensed_us = c->now_us;
	for (unsigned r = FW_CURRENT; r <= FW_TEMPERATURE; r++)
		if (a->channel[r] != FW_NO_CHANNEL)
			fw_sense(c, a->channel[r]);
}

static void check_supply(struct fw_core *c)
{
	const struct fw_board *b = c->board;
	uint16_t mv = 0;

	if (b->low_supply_mv != NULL && c->torque != 0 &&
	    c->state != FW_LATCHED)
		mv = b->low_supply_mv(b->self);
	if (mv == 0)
		return;
	fw_event_put(c, FW_EV_BROWN_OUT, 0, mv);
	fw_latch(c, FW_CAUSE_BROWN_OUT, -1);
}

void fw_sense_poll(struct fw_core *c)
{
	for (uint8_t i = 0; i < c->board->info.n_actuators; i++)
		check_axis(c, i);
	check_supply(c);
}
