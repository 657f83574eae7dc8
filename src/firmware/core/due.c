/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * due - when fw_poll is wanted next, so that a simulator can jump there and
 * sleep in between. A port that turns its loop all the time needs none of it.
 */
#include "firmware/core/parts.h" /* struct fw_core, fw_refuse */

/* Waiting for the last byte to leave before the rate changes. */
#define DRAIN_US 100
/* An enable input has no interrupt here. */
#define ENABLE_US 10000

struct due {
	uint32_t now_us, in_us;
};

static void want(struct due *d, bool applies, uint32_t at_us)
{
	uint32_t in = fw_reached(d->now_us, at_us) ? 0 : at_us - d->now_us;

	if (applies && in < d->in_us)
		d->in_us = in;
}

static void want_motion(const struct fw_core *c, struct due *d)
{
	for (uint8_t i = 0; i < c->board->info.n_actuators; i++) {
		const struct fw_axis *a = &c->axis[i];

		want(d, a->mode != FW_HOLDING, c->motion_us);
		want(d, c->torque >> i & 1, a->sensed_us + FW_CHECK_US);
	}
	want(d, c->state == FW_RUNNING, c->motion_us);
	for (uint8_t i = 0; i < c->board->info.n_lamps; i++)
		want(d, c->lamp[i].ramp_us != 0, c->now_us + FW_MOTION_US);
}

static void want_samples(const struct fw_core *c, struct due *d)
{
	for (uint8_t i = 0; i < c->board->info.n_streams; i++) {
		const struct fw_stream *s = &c->stream[i];

		want(d, s->period_us != 0, s->next_us);
		want(d, s->period_us != 0 && s->ticks,
		     s->first_us + FW_SAMPLES_US);
	}
	want(d, c->burst.active, c->burst.next_us);
}

static void want_event(const struct fw_core *c, struct due *d)
{
	if (c->event_count == 0)
		return;
	want(d, !c->event_sent, d->now_us);
	want(d, c->event_sent && c->heard,
	     c->event_us + fw_wall_us(c, FW_REPEAT_WALL_MS));
}

uint32_t fw_due(const struct fw_core *c, uint32_t now_us)
{
	struct due d = { now_us, FW_NEVER };

	want(&d, c->rx.dirty,
	     c->rx.last_us + fw_wall_us(c, FW_PARTIAL_WALL_MS));
	want(&d, fw_is_leased(c), c->beat_us + fw_wall_us(c, FW_WATCHDOG_MS));
	want(&d, c->board->enabled != NULL, c->now_us + ENABLE_US);
	want(&d, c->rate_trial, c->rate_us + fw_wall_us(c, FW_TRIAL_WALL_MS));
	want(&d, c->attended && !fw_is_leased(c),
	     c->heard_us + fw_wall_us(c, FW_DESERTED_WALL_MS));
	want_motion(c, &d);
	if (c->rate_wanted != c->rate) {
		want(&d, true, now_us + DRAIN_US);
	} else {
		want_samples(c, &d);
		want_event(c, &d);
	}
	return d.in_us;
}
