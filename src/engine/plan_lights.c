/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plan_lights - the core's part of the time line. Each repeat is dark, the
 * four channels one by one, the looks, dark again: frames without light on
 * both sides cancel a drift of the room (ABBA, measurement.md section 4.1).
 * Repeat 0 runs while the arms sweep, repeat 1 right after it.
 */
#include "engine/plan_layout.h" /* struct layout */

#include <stdlib.h>

/* measurement.md section 2. */
#define DARK_US 500000
#define CHANNEL_US 500000
#define LOOK_US 2000000
/* A short plan keeps every state, but briefly: 0.15 s settle, 0.35 s read. */
#define LOOK_SHORT_US 500000
#define SHORT_PLAN_US ((gh_us)25 * GH_US_PER_S)

struct torch {
	struct layout *lay;
	int part;
	gh_us at;
	unsigned repeat;
};

static void shine(struct torch *t, enum gh_exercise exercise, int arg,
		  const double drive[4], gh_us length)
{
	struct gh_span span = { .part = t->part,
				.exercise = exercise,
				.repeat = t->repeat,
				.arg = arg,
				.begin = t->at,
				.end = t->at + length };

	for (int i = 0; i < 4; i++)
		span.drive[i] = drive[i];
	plan_put(t->lay, &span);
	t->at += length;
}

static void shine_repeat(struct torch *t, gh_us look_us)
{
	static const double dark[4] = { 0.0, 0.0, 0.0, 0.0 };
	const struct gh_rig *rig = t->lay->req->rig;

	shine(t, GH_EX_DARK, 0, dark, DARK_US);
	for (int c = 0; c < 4; c++) {
		double one[4] = { 0.0, 0.0, 0.0, 0.0 };

		one[c] = 1.0;
		shine(t, GH_EX_CHANNEL, c, one, CHANNEL_US);
	}
	for (unsigned i = 0; i < rig->n_looks; i++)
		shine(t, GH_EX_LOOK, (int)i, rig->looks[i].rgbw, look_us);
	shine(t, GH_EX_DARK, 0, dark, DARK_US);
}

void plan_lay_lights(struct layout *lay)
{
	const gh_us motion_end =
		lay->plan->n > 0 ? lay->plan->phase[lay->plan->n_phases - 1].end
				 : 0;
	const gh_us look = motion_end > SHORT_PLAN_US ? LOOK_US : LOOK_SHORT_US;
	struct torch torch = { lay,
			       gh_rig_first_part(lay->req->rig, GH_PART_CORE),
			       lay->plan->identity_end, 0 };

	if (!lay->req->has_core || torch.part == GH_RIG_NONE)
		return;
	for (; torch.repeat < lay->recipe->light_repeats; torch.repeat++)
		shine_repeat(&torch, look);
	if (torch.at > motion_end)
		plan_phase(lay, "the core's colours", motion_end, torch.at);
}

void plan_put(struct layout *lay, const struct gh_span *span)
{
	if (lay->plan->n == GH_PLAN_SPANS)
		lay->overflow = true;
	else
		lay->plan->span[lay->plan->n++] = *span;
}

void plan_phase(struct layout *lay, const char *title, gh_us begin, gh_us end)
{
	struct gh_plan *plan = lay->plan;

	if (plan->n_phases == GH_PLAN_PHASES)
		plan->phase[GH_PLAN_PHASES - 1].end = end;
	else
		plan->phase[plan->n_phases++] =
			(struct gh_plan_phase){ title, begin, end };
}

static int by_part_and_time(const void *a, const void *b)
{
	const struct gh_span *x = a, *y = b;

	if (x->part != y->part)
		return x->part < y->part ? -1 : 1;
	return x->begin < y->begin ? -1 : x->begin > y->begin;
}

void plan_finish(struct layout *lay)
{
	struct gh_plan *plan = lay->plan;

	qsort(plan->span, plan->n, sizeof plan->span[0], by_part_and_time);
	for (size_t i = 0; i < plan->n; i++) {
		plan->exercises |= 1u << plan->span[i].exercise;
		if (plan->span[i].end > plan->total)
			plan->total = plan->span[i].end;
	}
}
