/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plan_blocks - when which lamp may shine. Only one block of light is on at a
 * time, since every sensor sees a little of every lamp. What hangs on the arms
 * is placed first: the spotlight goes with the sweeps, chrome with arms at home
 * or turning slowly there, the second pulse with arms still. The rest goes
 * where it fits first.
 */
#include "engine/plan_layout.h" /* struct layout, plan_draw_core */

#include <math.h>

/* The spotlight is lit this long before the first arm sweeps under it. */
#define SPOT_SETTLE_US 200000
/*
 * A flash of a crystal is some 1.2 deg wide (sigma); at this speed a reading at
 * 100 Hz comes every half of that.
 */
#define SPOT_RAD_S 1.05

enum { TAKEN_MAX = 64, LEGS_MAX = 64 };

struct agenda {
	struct layout *lay;
	struct plan_window taken[TAKEN_MAX];
	unsigned n;
};

struct block {
	gh_us length;
	void (*draw)(struct layout *lay, gh_us at, unsigned repeat);
	unsigned repeat;
	struct plan_window where[2]; /* the first it fits into; end 0: none */
	bool is_needed;		     /* however little time there is */
};

static void take(struct agenda *a, struct plan_window w)
{
	if (a->n == TAKEN_MAX)
		a->lay->overflow = true;
	else
		a->taken[a->n++] = w;
}

/* The end of what is in the way of [at, at + length), 0: nothing. */
static gh_us in_the_way(const struct agenda *a, gh_us at, gh_us length)
{
	for (unsigned i = 0; i < a->n; i++)
		if (at < a->taken[i].end && at + length > a->taken[i].begin)
			return a->taken[i].end;
	return 0;
}

static gh_us first_fit(const struct agenda *a, gh_us length,
		       struct plan_window in)
{
	gh_us at = in.begin > 0 ? in.begin : 0;
	gh_us next;

	while ((next = in_the_way(a, at, length)) > 0)
		at = next;
	return at + length <= in.end ? at : GH_US_NEVER;
}

static void place(struct agenda *a, const struct block *b)
{
	gh_us at = first_fit(a, b->length, b->where[0]);

	if (at == GH_US_NEVER)
		at = first_fit(a, b->length, b->where[1]);
	if (at == GH_US_NEVER || (a->lay->recipe->sparing && !b->is_needed &&
				  at + b->length > a->lay->req->motion_us))
		return;
	b->draw(a->lay, at, b->repeat);
	take(a, (struct plan_window){ at, at + b->length });
}

/* ---- Crystals: which sweeps are lit ---- */

static double leg_speed(const struct gh_span *s)
{
	return fabs(s->to_rad - s->from_rad) * GH_US_PER_S /
	       (double)(s->end - s->begin);
}

static unsigned legs_of(const struct layout *lay, int part,
			const struct gh_span *legs[LEGS_MAX])
{
	unsigned n = 0;

	for (size_t i = 0; i < lay->plan->n && n < LEGS_MAX; i++) {
		const struct gh_span *s = &lay->plan->span[i];

		if (s->part == part && s->exercise == GH_EX_SWEEP &&
		    leg_speed(s) <= SPOT_RAD_S)
			legs[n++] = s;
	}
	return n;
}

/*
 * The last two sweeps there and back that are slow enough, each a repeat; where
 * there is only one, that is all. False: this crystal is not swept.
 */
static bool pass_of(const struct layout *lay, unsigned crystal,
		    struct plan_pass *out)
{
	const struct gh_rig *rig = lay->req->rig;
	const struct gh_rig_part *part = &rig->parts[crystal];
	const struct gh_span *legs[LEGS_MAX];
	unsigned n, first;

	if (part->kind != GH_PART_CRYSTAL || !plan_sees(lay, crystal) ||
	    part->swept_by == GH_RIG_NONE)
		return false;
	n = legs_of(lay, rig->joints[part->swept_by].part, legs);
	if (n < 2)
		return false;
	first = n >= 4 ? n - 4 : n - 2;
	*out = (struct plan_pass){ (int)crystal, legs[first]->begin,
				   n >= 4 ? legs[first + 2]->begin
					  : legs[first]->begin,
				   legs[n - 1]->end };
	return true;
}

static void join(struct plan_lit *lit, const struct plan_pass *pass)
{
	if (lit->n == 0 || pass->begin - SPOT_SETTLE_US < lit->begin)
		lit->begin = pass->begin - SPOT_SETTLE_US;
	if (lit->n == 0 || pass->middle < lit->middle)
		lit->middle = pass->middle;
	if (lit->n == 0 || pass->end > lit->end)
		lit->end = pass->end;
	lit->crystal[lit->n++] = *pass;
}

/* Arms that take turns sweep far apart: the spotlight is lit for each. */
static bool belongs(const struct plan_lit *lit, const struct plan_pass *pass)
{
	return lit->n == 0 ||
	       (pass->begin < lit->end && pass->end > lit->begin);
}

static void place_spot(struct agenda *a)
{
	const struct gh_rig *rig = a->lay->req->rig;
	struct plan_pass pass[GH_RIG_PARTS];
	unsigned n = 0;

	for (unsigned i = 0; i < rig->n_parts; i++)
		n += pass_of(a->lay, i, &pass[n]);
	while (n > 0) {
		struct plan_lit lit = { .n = 0 };
		unsigned left = 0;

		for (unsigned i = 0; i < n; i++)
			if (belongs(&lit, &pass[i]))
				join(&lit, &pass[i]);
			else
				pass[left++] = pass[i];
		n = left;
		plan_draw_spot(a->lay, &lit);
		take(a, plan_spot_window(&lit));
	}
}

/* ---- The order of placing ---- */

static bool has_chrome(const struct layout *lay)
{
	for (unsigned i = 0; i < lay->req->rig->n_parts; i++)
		if (plan_is_chrome(lay, i))
			return true;
	return false;
}

static bool has_spotlight(const struct layout *lay)
{
	const int spot = gh_rig_first_part(lay->req->rig, GH_PART_SPOTLIGHT);

	return spot != GH_RIG_NONE && !lay->req->house_open &&
	       (plan_sees(lay, (unsigned)spot) ||
		(lay->req->lamps >> spot & 1));
}

static void place_spotlight(struct agenda *a)
{
	const struct layout *lay = a->lay;
	const int spot = gh_rig_first_part(lay->req->rig, GH_PART_SPOTLIGHT);
	const struct block alone = { plan_spot_alone_length(),
				     plan_draw_spot_alone,
				     0,
				     { { 0, GH_US_NEVER } },
				     false };

	place_spot(a);
	if (a->n == 0 && (lay->req->lamps >> spot & 1))
		place(a, &alone);
}

static void place_chrome(struct agenda *a, unsigned repeat)
{
	const struct layout *lay = a->lay;
	const struct plan_window home = { lay->home_at, GH_US_NEVER };
	struct block b = { plan_chrome_length(),
			   plan_draw_chrome,
			   repeat,
			   { lay->reversals, home },
			   false };

	/* While one arm turns slowly another may be sweeping. */
	if (lay->waves > 1)
		b.where[0] = home;
	place(a, &b);
}

static void place_pulse(struct agenda *a, unsigned repeat)
{
	const struct layout *lay = a->lay;
	const struct plan_window load = lay->still_at_load;
	const gh_us lead = plan_pulse_lead();
	struct block b = { plan_pulse_length(lay, repeat),
			   plan_draw_pulse,
			   repeat,
			   { lay->sweeps,
			     { lay->plan->identity_end, GH_US_NEVER } },
			   false };

	if (repeat % 2) {
		/* Its lead and its dark end need no stillness. */
		b.where[0] = (struct plan_window){ load.begin - lead,
						   load.end + lead };
		b.where[1] = (struct plan_window){ lay->home_at - lead,
						   GH_US_NEVER };
	}
	place(a, &b);
}

static void place_core(struct agenda *a, unsigned repeat, gh_us from)
{
	place(a, &(struct block){ plan_core_length(a->lay),
				  plan_draw_core,
				  repeat % 2,
				  { { from, GH_US_NEVER } },
				  repeat == 0 });
}

/* The core before all, and what finds room beside it. */
static void place_sparingly(struct agenda *a)
{
	const struct layout *lay = a->lay;
	const bool pulse = plan_breathes(lay), chrome = has_chrome(lay);

	if (lay->req->has_core)
		place_core(a, 0, pulse || chrome ? 0 : lay->plan->identity_end);
	if (pulse)
		place_pulse(a, 0);
	if (chrome)
		place_chrome(a, 0);
}

static void place_all(struct agenda *a)
{
	const struct layout *lay = a->lay;
	const unsigned repeats = lay->recipe->light_repeats;
	const bool pulse = plan_breathes(lay), chrome = has_chrome(lay);
	gh_us from = lay->plan->identity_end;

	if (has_spotlight(lay))
		place_spotlight(a);
	for (unsigned r = 1; pulse && r < repeats; r += 2)
		place_pulse(a, r);
	for (unsigned r = 0; chrome && r < repeats; r++)
		place_chrome(a, r);
	/* With that much to see the core begins while the joints say who they
	 * are. */
	if (a->n > 0 || pulse)
		from = 0;
	for (unsigned r = 0; r < repeats; r++) {
		if (lay->req->has_core)
			place_core(a, r, from);
		if (pulse && r % 2 == 0)
			place_pulse(a, r);
	}
}

void plan_lay_lights(struct layout *lay)
{
	const gh_us motion_end = plan_motion_end(lay);
	struct agenda a = { .lay = lay };
	gh_us end = 0;

	if (lay->recipe->sparing)
		place_sparingly(&a);
	else
		place_all(&a);
	for (unsigned i = 0; i < a.n; i++)
		end = a.taken[i].end > end ? a.taken[i].end : end;
	if (end > motion_end)
		plan_phase(lay, "the core's colours", motion_end, end);
}
