/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * program - segments into the rings, all of a request or none, and the common
 * start. What is in a ring has been held against the limits already.
 */
#include "firmware/core/parts.h" /* struct fw_core, fw_refuse */

#include "firmware/core/crc.h" /* fw_crc_run */

enum { RECORD = 12, RECORDS_AT = 8 };
/* Section 3.6. */
#define DURATION_MIN_US 1000
#define DURATION_MAX_US 60000000
#define START_AHEAD_US 10000000

static uint8_t record_at(uint8_t k)
{
	return (uint8_t)(RECORDS_AT + k * RECORD);
}

static void parse(struct fw_segment *s, const uint8_t *p)
{
	s->shape = p[0];
	s->flags = p[1];
	s->guard_raw = 0;
	s->duration_us = fw_u32(p + 4);
	s->target_urad = (int32_t)fw_u32(p + 8);
}

static uint8_t check_fields(struct fw_core *c, const struct fw_segment *s,
			    bool has_current, uint16_t offset)
{
	if (s->shape > FW_EASE)
		return fw_refuse(c, FW_BAD_FIELD, offset);
	if ((s->flags & FW_GUARDED) && !has_current)
		return fw_refuse(c, FW_UNSUPPORTED, 0);
	if (s->duration_us < DURATION_MIN_US ||
	    s->duration_us > DURATION_MAX_US)
		return fw_refuse(c, FW_BAD_FIELD, (uint16_t)(offset + 4));
	return FW_OK;
}

/* All records from the skip-th on. */
static uint8_t check_records(struct fw_core *c, const struct fw_axis *a,
			     const uint8_t *p, uint8_t skip)
{
	bool has_current = a->channel[FW_CURRENT] != FW_NO_CHANNEL;
	uint8_t code = FW_OK;
	struct fw_segment s;

	for (uint8_t k = skip; k < p[5] && code == FW_OK; k++) {
		parse(&s, p + record_at(k));
		code = check_fields(c, &s, has_current, record_at(k));
	}
	return code;
}

/* The same, as if they stood in the ring already. */
static uint8_t check_limits(struct fw_core *c, const struct fw_axis *a,
			    const uint8_t *p, uint8_t skip)
{
	bool draining = a->draining;
	int32_t from = a->plan_urad;
	struct fw_segment s;

	for (uint8_t k = skip; k < p[5]; k++) {
		uint8_t broken = 0;

		parse(&s, p + record_at(k));
		if (!draining)
			broken = fw_curve_check(&s, from, &a->limits);
		if (broken)
			return fw_refuse(c, FW_LIMIT, broken);
		if (!draining)
			from = fw_curve_end(&s, from);
		if (s.flags & FW_LAST)
			draining = false;
	}
	return FW_OK;
}

static void accept(struct fw_core *c, struct fw_axis *a, const uint8_t *p)
{
	struct fw_segment *s = &a->ring[(a->head + a->count) % FW_RING];
	struct fw_segment dropped;

	a->crc = fw_crc_run(a->crc, p, RECORD);
	a->next++;
	if (a->draining) {
		parse(&dropped, p);
		a->draining = !(dropped.flags & FW_LAST);
		return;
	}
	/* Checked a moment ago, from the angle where it will start. */
	if (a->count == 0)
		a->recheck = false;
	parse(s, p);
	if (s->flags & FW_GUARDED)
		s->guard_raw = fw_sense_raw(c, a->channel[FW_CURRENT],
					    fw_u16(p + 2), 1000);
	a->plan_urad = fw_curve_end(s, a->plan_urad);
	a->count++;
}

uint8_t fw_do_segments(struct fw_core *c, const uint8_t *p)
{
	uint8_t free, skip = p[5], code;
	struct fw_axis *a;
	uint16_t done;

	if (p[4] >= c->board->info.n_actuators)
		return fw_refuse(c, FW_BAD_FIELD, 4);
	a = &c->axis[p[4]];
	done = (uint16_t)(a->next - fw_u16(p + 6));
	if (done > INT16_MAX)
		return fw_refuse(c, FW_ORDER, a->next);
	if (done < skip)
		skip = (uint8_t)done;
	code = check_records(c, a, p, skip);
	if (code != FW_OK)
		return code;
	free = (uint8_t)(c->board->info.ring - a->count);
	if (p[5] - skip > free)
		return fw_refuse(c, FW_RING_FULL, free);
	code = check_limits(c, a, p, skip);
	if (code != FW_OK)
		return code;
	for (uint8_t k = skip; k < p[5]; k++)
		accept(c, a, p + record_at(k));
	fw_reply(c);
	fw_tx_u8(&c->tx, p[4]);
	fw_tx_u8(&c->tx, (uint8_t)(c->board->info.ring - a->count));
	fw_tx_u16(&c->tx, a->next);
	fw_tx_u32(&c->tx, ~a->crc);
	fw_tx_end(&c->tx);
	return FW_OK;
}

/*
 * Between upload and start the limits may have been lowered, a guard may have
 * left the axis elsewhere, or it was limp: look once more.
 */
static uint8_t recheck(struct fw_axis *a)
{
	int32_t from = a->at_urad;

	if (!a->recheck)
		return 0;
	for (uint8_t k = 0; k < a->count; k++) {
		const struct fw_segment *s = &a->ring[(a->head + k) % FW_RING];
		uint8_t broken = fw_curve_check(s, from, &a->limits);

		if (broken)
			return broken;
		from = fw_curve_end(s, from);
	}
	a->plan_urad = from;
	a->recheck = false;
	return 0;
}

static bool has_program(const struct fw_core *c)
{
	for (uint8_t i = 0; i < c->board->info.n_actuators; i++)
		if (c->axis[i].count > 0)
			return true;
	return false;
}

static uint8_t check_start(struct fw_core *c, uint32_t start_us)
{
	int32_t ahead = (int32_t)(start_us - c->now_us);

	if (c->state == FW_RUNNING || fw_motion_stopping(c) || !has_program(c))
		return fw_refuse(c, FW_IS_BUSY, c->state);
	if (ahead < 0)
		return fw_refuse(c, FW_LATE,
				 (uint16_t)((-(int64_t)ahead) / 1000));
	if (ahead > START_AHEAD_US)
		return fw_refuse(c, FW_BAD_FIELD, 4);
	for (uint8_t i = 0; i < c->board->info.n_actuators; i++) {
		uint8_t broken = recheck(&c->axis[i]);

		if (broken)
			return fw_refuse(c, FW_LIMIT, broken);
	}
	return FW_OK;
}

uint8_t fw_do_run(struct fw_core *c, const uint8_t *p)
{
	uint32_t start_us = fw_u32(p + 4);
	uint8_t code;

	if (c->started && start_us == c->start_us)
		return FW_OK;
	code = check_start(c, start_us);
	if (code != FW_OK)
		return code;
	for (uint8_t i = 0; i < c->board->info.n_actuators; i++)
		if (c->axis[i].count > 0)
			c->axis[i].mode = FW_WAITING;
	c->start_us = start_us;
	c->started = true;
	c->state = FW_RUNNING;
	c->motion_us = start_us;
	return FW_OK;
}

uint8_t fw_do_flush(struct fw_core *c, const uint8_t *p)
{
	(void)p;
	fw_motion_stop(c);
	fw_motion_reset(c);
	c->state = FW_ARMED;
	return FW_OK;
}
