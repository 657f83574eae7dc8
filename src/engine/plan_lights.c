/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plan_lights - what the lamps do, as blocks of spans that plan_blocks.c puts
 * on the time line. A block of the core is dark, the four channels one by one,
 * the looks, dark again: frames without light on both sides cancel a drift of
 * the room (ABBA, measurement.md section 4.1). A part that looks on has spans
 * of its own for what it is shown. Every block begins and ends with all lamps
 * dark, so that none of them shines into another.
 */
#include "engine/plan_layout.h" /* struct layout */

#include <stdlib.h>

/* measurement.md section 2. */
#define DARK_US ((gh_us)500000)
#define CHANNEL_US ((gh_us)500000)
#define LOOK_US 2000000
/* A short plan keeps every state, but briefly: 0.15 s settle, 0.35 s read. */
#define LOOK_SHORT_US 500000
#define SHORT_PLAN_US ((gh_us)25 * GH_US_PER_S)
/* A breath starts from a look that stands, and ends in a dark that can be
 * taken off it: 0.15 s settle and 0.25 s to read. */
#define BREATH_EDGE_US ((gh_us)400000)
/* measurement.md section 2: the real pulse, arms moving and arms still. */
#define PULSE_MOVING_US 7000000
#define PULSE_STILL_US 4000000
/* A spotlight alone, without arms to sweep. */
#define SPOT_US ((gh_us)1000000)

static const double dark[4] = { 0.0, 0.0, 0.0, 0.0 };

bool plan_sees(const struct layout *lay, unsigned i)
{
	return lay->req->seen >> i & 1;
}

static bool is_lit_by_us(const struct layout *lay, int part)
{
	return part != GH_RIG_NONE && (lay->req->lamps >> part & 1);
}

void plan_shine(struct torch *t, enum gh_exercise exercise, int arg,
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

/* One state of the core, and of every bundle that shows it. */
static void shine_core(struct torch *t, enum gh_exercise exercise, int arg,
		       const double drive[4], gh_us length)
{
	const struct gh_rig *rig = t->lay->req->rig;
	struct torch witness = *t;

	plan_shine(t, exercise, arg, drive, length);
	if (exercise != GH_EX_DARK && exercise != GH_EX_CHANNEL)
		return;
	for (unsigned i = 0; i < rig->n_parts; i++) {
		if (rig->parts[i].kind != GH_PART_FIBRE ||
		    !plan_sees(t->lay, i))
			continue;
		witness.part = (int)i;
		witness.at = t->at - length;
		plan_shine(&witness, exercise, arg, drive, length);
	}
}

/* ---- The core's states ---- */

static gh_us look_length(const struct layout *lay)
{
	return plan_motion_end(lay) > SHORT_PLAN_US ? LOOK_US : LOOK_SHORT_US;
}

static unsigned looks(const struct layout *lay)
{
	return lay->req->house_open ? 0 : lay->req->rig->n_looks;
}

gh_us plan_core_length(const struct layout *lay)
{
	return 2 * DARK_US + 4 * CHANNEL_US +
	       (gh_us)looks(lay) * look_length(lay);
}

void plan_draw_core(struct layout *lay, gh_us at, unsigned repeat)
{
	const struct gh_rig *rig = lay->req->rig;
	struct torch t = { lay, gh_rig_first_part(rig, GH_PART_CORE), at,
			   repeat };

	shine_core(&t, GH_EX_DARK, 0, dark, DARK_US);
	for (int c = 0; c < 4; c++) {
		double one[4] = { 0.0, 0.0, 0.0, 0.0 };

		one[c] = 1.0;
		shine_core(&t, GH_EX_CHANNEL, c, one, CHANNEL_US);
	}
	for (unsigned i = 0; i < looks(lay); i++)
		shine_core(&t, GH_EX_LOOK, (int)i, rig->looks[i].rgbw,
			   look_length(lay));
	shine_core(&t, GH_EX_DARK, 0, dark, DARK_US);
}

/* ---- The breath ---- */

static gh_us half_breath(const struct layout *lay)
{
	return (gh_us)(lay->req->rig->breath_period_s / 2.0 * GH_US_PER_S);
}

bool plan_breathes(const struct layout *lay)
{
	return lay->req->has_core && !lay->req->house_open &&
	       half_breath(lay) > 0;
}

/*
 * Moving a whole breath at least, still half of one at least; no more than that
 * in a recipe that has no time for a hold either.
 */
static unsigned halves(const struct layout *lay, unsigned repeat)
{
	const struct plan_recipe *r = lay->recipe;
	const gh_us room = repeat % 2 ? PULSE_STILL_US : PULSE_MOVING_US;
	const gh_us n = room / half_breath(lay);
	const gh_us least = repeat % 2 ? 1 : 2;
	const bool brief = r->repeats > 0 && !r->hold;

	return (unsigned)(n > least && !brief ? n : least);
}

gh_us plan_still_pulse(const struct layout *lay)
{
	return plan_breathes(lay) && lay->recipe->light_repeats > 1
		       ? halves(lay, 1) * half_breath(lay)
		       : 0;
}

gh_us plan_pulse_length(const struct layout *lay, unsigned repeat)
{
	return 2 * BREATH_EDGE_US + halves(lay, repeat) * half_breath(lay);
}

gh_us plan_pulse_lead(void)
{
	return BREATH_EDGE_US;
}

void plan_draw_pulse(struct layout *lay, gh_us at, unsigned repeat)
{
	const struct gh_rig *rig = lay->req->rig;
	const int look[2] = { rig->breath_to, rig->breath_from };
	struct torch t = { lay, gh_rig_first_part(rig, GH_PART_CORE), at,
			   repeat % 2 };

	shine_core(&t, GH_EX_LOOK, look[1], rig->looks[look[1]].rgbw,
		   BREATH_EDGE_US);
	for (unsigned i = 0; i < halves(lay, repeat); i++)
		shine_core(&t, GH_EX_PULSE, (int)(i % 2),
			   rig->looks[look[i % 2]].rgbw, half_breath(lay));
	shine_core(&t, GH_EX_DARK, 0, dark, BREATH_EDGE_US);
}

/* ---- Chrome: two colours, the same distance from the middle ---- */

gh_us plan_chrome_length(void)
{
	return 2 * DARK_US + 4 * CHANNEL_US;
}

bool plan_is_chrome(const struct layout *lay, unsigned i)
{
	return lay->req->rig->parts[i].kind == GH_PART_CHROME &&
	       plan_sees(lay, i) && is_lit_by_us(lay, (int)i);
}

void plan_draw_chrome(struct layout *lay, gh_us at, unsigned repeat)
{
	static const double red[4] = { 1.0 }, blue[4] = { 0.0, 0.0, 1.0 };

	for (unsigned i = 0; i < lay->req->rig->n_parts; i++) {
		struct torch t = { lay, (int)i, at, repeat % 2 };

		if (!plan_is_chrome(lay, i))
			continue;
		plan_shine(&t, GH_EX_DARK, 0, dark, DARK_US);
		plan_shine(&t, GH_EX_CHANNEL, 0, red, CHANNEL_US);
		plan_shine(&t, GH_EX_CHANNEL, 2, blue, 2 * CHANNEL_US);
		plan_shine(&t, GH_EX_CHANNEL, 0, red, CHANNEL_US);
		plan_shine(&t, GH_EX_DARK, 0, dark, DARK_US);
	}
}

/* ---- The spotlight ---- */

/*
 * One part under the spotlight: dark, lit twice, dark. Where the crew switches
 * the light there is no dark that we could know of.
 */
static void draw_lit(struct layout *lay, int part, const struct plan_lit *lit,
		     const struct plan_lit *own)
{
	static const double on[4] = { 0.0, 0.0, 0.0, 1.0 };
	const bool ours = is_lit_by_us(
		lay, gh_rig_first_part(lay->req->rig, GH_PART_SPOTLIGHT));
	struct torch t = { lay, part, lit->begin - DARK_US, 0 };

	if (ours)
		plan_shine(&t, GH_EX_DARK, 0, dark, DARK_US);
	t.at = own->begin;
	if (own->middle > own->begin)
		plan_shine(&t, GH_EX_SPOT, 0, on, own->middle - own->begin);
	t.repeat = own->middle > own->begin;
	plan_shine(&t, GH_EX_SPOT, 0, on, own->end - t.at);
	t.at = lit->end;
	if (ours)
		plan_shine(&t, GH_EX_DARK, 0, dark, DARK_US);
}

struct plan_window plan_spot_window(const struct plan_lit *lit)
{
	return (struct plan_window){ lit->begin - DARK_US, lit->end + DARK_US };
}

/*
 * The core stays dark under the spotlight: any steady light of it would do, and
 * none leaves the crystals the most of their contrast. Its span is no DARK and
 * no LOOK, since what its own sensor sees then is the spotlight.
 */
void plan_draw_spot(struct layout *lay, const struct plan_lit *lit)
{
	const struct gh_rig *rig = lay->req->rig;
	const struct plan_window w = plan_spot_window(lit);
	const int spot = gh_rig_first_part(rig, GH_PART_SPOTLIGHT);
	struct torch core = { lay, gh_rig_first_part(rig, GH_PART_CORE),
			      w.begin, 0 };

	if (lay->req->has_core)
		plan_shine(&core, GH_EX_SPOT, 0, dark, w.end - w.begin);
	draw_lit(lay, spot, lit, lit);
	for (unsigned i = 0; i < lit->n; i++)
		draw_lit(lay, lit->crystal[i].part, lit,
			 &(struct plan_lit){ lit->crystal[i].begin,
					     lit->crystal[i].middle,
					     lit->crystal[i].end,
					     0,
					     { { 0 } } });
}

gh_us plan_spot_alone_length(void)
{
	return 2 * (DARK_US + SPOT_US);
}

void plan_draw_spot_alone(struct layout *lay, gh_us at, unsigned repeat)
{
	const gh_us lit_at = at + DARK_US;
	const struct plan_lit lit = { .begin = lit_at,
				      .middle = lit_at + SPOT_US,
				      .end = lit_at + 2 * SPOT_US };

	(void)repeat;
	plan_draw_spot(lay, &lit);
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

gh_us plan_motion_end(const struct layout *lay)
{
	const struct gh_plan *plan = lay->plan;

	return plan->n_phases > 0 ? plan->phase[plan->n_phases - 1].end : 0;
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
	if (plan->ends_end > plan->total)
		plan->total = plan->ends_end;
}
