/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * run_lights - the lamps follow the plan's time line from the host: a lamp a
 * few milliseconds late hurts nobody, and the recording holds when it was sent.
 */
#include "engine/run_state.h" /* struct run */

/* The next core span at or after index i, plan->n when there is none. */
static size_t next_light(const struct run *r, size_t i)
{
	const struct gh_plan *plan = r->plan;

	while (i < plan->n &&
	       r->cfg->rig->parts[plan->span[i].part].kind != GH_PART_CORE)
		i++;
	return i;
}

static enum gh_status send(struct run *r, const struct gh_span *planned,
			   gh_us device_now)
{
	struct gh_span span = *planned;
	enum gh_status st = r->cfg->driver->glow(r->dev, (unsigned)r->lamp,
						 span.drive, 0, &r->err);

	span.begin = device_now;
	span.end = planned->end + r->shift;
	if (span.end <= span.begin)
		span.end = span.begin + 1;
	if (st == GH_OK)
		gh_recording_add_span(r->rec, &span);
	return st;
}

enum gh_status run_lights(struct run *r, gh_us device_now)
{
	enum gh_status st = GH_OK;

	while (st == GH_OK && r->lights_on && r->lamp >= 0) {
		const size_t i = next_light(r, r->light_next);

		r->light_next = i;
		if (i == r->plan->n ||
		    device_now < r->plan->span[i].begin + r->shift)
			break;
		st = send(r, &r->plan->span[i], device_now);
		r->light_next = i + 1;
	}
	return st;
}
