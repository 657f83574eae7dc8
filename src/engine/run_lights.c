/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * run_lights - the lamps follow the plan's time line from the host: a lamp a
 * few milliseconds late hurts nobody, and the recording holds when it was lit.
 * A part without a lamp only looks on, or is switched by the crew: what it is
 * shown is recorded all the same.
 */
#include "engine/run_state.h" /* struct run */

#include <stdio.h>

void run_aim_lights(struct run *r)
{
	const struct gh_plan *plan = r->plan;

	for (size_t i = 0; i < plan->n; i++) {
		const int part = plan->span[i].part;

		if (r->cfg->rig->parts[part].joint != GH_RIG_NONE)
			continue;
		if (r->torch[part].end == 0)
			r->torch[part].next = i;
		r->torch[part].end = i + 1;
	}
}

/*
 * A breath ends when it was planned to, however late it began: at once, where
 * that is over.
 */
static enum gh_status glow(struct run *r, const struct gh_span *span)
{
	const int lamp = r->torch[span->part].lamp;
	const gh_us ramp =
		span->exercise == GH_EX_PULSE && span->end > span->begin
			? span->end - span->begin
			: 0;

	return lamp < 0 ? GH_OK
			: r->cfg->driver->glow(r->dev, (unsigned)lamp,
					       span->drive, ramp, &r->err);
}

/*
 * The lamp is known to have changed when its controller said so, a few
 * milliseconds of its time after it was told; many times that where a simulated
 * world runs faster. A breath begins in between, as near as can be told.
 */
static enum gh_status send(struct run *r, const struct gh_span *planned)
{
	const gh_us told_at = r->cfg->driver->device_now(r->dev);
	struct gh_span span = *planned;
	enum gh_status st;

	if (span.exercise == GH_EX_PRESS) {
		char text[64];

		snprintf(text, sizeof text,
			 "press the remote's button %d times now", span.arg);
		run_tell(r, GH_EV_NOTE, text);
	}
	span.begin = told_at;
	span.end = planned->end + r->shift;
	st = glow(r, &span);
	span.begin = r->cfg->driver->device_now(r->dev);
	if (span.exercise == GH_EX_PULSE)
		span.begin = (told_at + span.begin) / 2;
	if (span.end <= span.begin)
		span.end = span.begin + 1;
	if (st == GH_OK)
		gh_recording_add_span(r->rec, &span);
	return st;
}

/* What the plan has for this part until now. */
static enum gh_status follow(struct run *r, struct run_torch *t,
			     gh_us device_now)
{
	enum gh_status st = GH_OK;

	while (st == GH_OK && t->next < t->end) {
		const struct gh_span *span = &r->plan->span[t->next];

		if (span->begin >= r->lights_until ||
		    device_now < span->begin + r->shift)
			break;
		st = send(r, span);
		t->next++;
	}
	return st;
}

enum gh_status run_lights(struct run *r, gh_us device_now)
{
	enum gh_status st = GH_OK;

	for (unsigned i = 0; st == GH_OK && i < r->cfg->rig->n_parts; i++)
		st = follow(r, &r->torch[i], device_now);
	return st;
}
