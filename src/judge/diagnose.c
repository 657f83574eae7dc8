/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/diagnose.h"

#include "judge/fault_table.h" /* gh_fault_groups */
#include "judge/signs.h"       /* gh_sign_look, gh_evidence_of_signs */

#include <math.h>
#include <stdio.h>
#include <string.h>

struct desk {
	const struct gh_judge_in *in;
	struct gh_result *res;
	struct gh_explained *to;
};

struct candidate {
	const struct gh_fault_row *row; /* NULL: none yet */
	const struct gh_sign *signs;	/* the signature that is there */
	int part;
	unsigned explains; /* findings, all over the rig */
	double confidence;
	double strength; /* largest relative change it needs to see */
};

/* Worth explaining: it would hold the show, or nearly. */
static bool is_open(const struct desk *d, size_t i)
{
	const struct gh_finding *f = &d->res->findings[i];

	return d->to[i].by < 0 && (f->state == GH_STATE_FAIL ||
				   (f->state == GH_STATE_UNKNOWN &&
				    f->reason == GH_REASON_NOT_CONFIRMED));
}

static bool reaches(const struct desk *d, enum gh_scope scope, int from, int to)
{
	const struct gh_judge_part *a = &d->in->parts[from];
	const struct gh_judge_part *b = &d->in->parts[to];

	if (from == to)
		return scope == GH_SCOPE_OWN;
	switch (scope) {
	case GH_SCOPE_CHAIN:
		return a->chain >= 0 && a->chain == b->chain;
	case GH_SCOPE_JOINTS:
		return b->kind == GH_PART_JOINT;
	case GH_SCOPE_RIG:
		return true;
	case GH_SCOPE_OWN:
		break;
	}
	return false;
}

/* What made us name it needs no other explanation. */
static bool is_complaint(const struct candidate *c, const struct gh_finding *f)
{
	for (int i = 0; i < GH_SIGNS && c->signs[i].id != NULL; i++)
		if (c->signs[i].weight == GH_WEIGHT_NEEDED &&
		    gh_sign_is_positive(&c->signs[i]) &&
		    gh_id_matches(c->signs[i].id, f->id))
			return f->part == c->part;
	return false;
}

static bool is_scaled(const struct candidate *c, const struct gh_finding *f)
{
	return c->row->scaled.id != NULL && f->part != c->part &&
	       gh_id_matches(c->row->scaled.id, f->id);
}

static bool is_in_scale(const struct desk *d, const struct candidate *c,
			const struct gh_finding *f)
{
	const struct gh_scaled *s = &c->row->scaled;

	for (size_t i = 0; i < d->res->n_findings; i++) {
		const struct gh_finding *own = &d->res->findings[i];

		if (own->part == c->part && strcmp(own->id, s->of) == 0)
			return f->value <= s->times * own->value;
	}
	return false;
}

static bool accounts_for(const struct desk *d, const struct candidate *c,
			 const struct gh_finding *f)
{
	if (is_scaled(c, f) && !is_in_scale(d, c, f))
		return false;
	for (const struct gh_effect *e = c->row->effects; e->id != NULL; e++)
		if (gh_id_matches(e->id, f->id) &&
		    reaches(d, e->scope, c->part, f->part) &&
		    (e->hard || !f->hard))
			return true;
	return is_complaint(c, f);
}

/* Of an angle, the share of a right angle: it has no size of its own. */
static double relative_change(const struct gh_finding *f)
{
	const double change = fabs(f->value - f->expected);

	if (f->metric->kind == GH_METRIC_CIRCULAR && isfinite(change))
		return change / 90.0;
	if (f->metric->kind == GH_METRIC_COLOUR || !isfinite(change) ||
	    !(fabs(f->expected) > 0))
		return 1;
	return change / fabs(f->expected);
}

/* Needs all needed signs, one of them of a finding nobody explained yet. */
static bool weigh_signs(const struct desk *d, struct candidate *c)
{
	unsigned met = 0, asked = 0;
	bool fresh = false;

	for (int i = 0; i < GH_SIGNS && c->signs[i].id != NULL; i++) {
		const struct gh_sign *sign = &c->signs[i];
		const enum gh_presence seen =
			gh_sign_look(d->in, d->res, c->part, sign);
		const bool needed = sign->weight == GH_WEIGHT_NEEDED;
		int at;

		if (needed && !gh_sign_allows(sign, seen))
			return false;
		asked += seen != GH_SIGN_ABSENT;
		met += seen == GH_SIGN_THERE;
		at = needed ? gh_sign_finding(d->res, c->part, sign) : -1;
		if (at < 0)
			continue;
		fresh = fresh || (d->res->findings[at].state == GH_STATE_FAIL &&
				  is_open(d, (size_t)at));
		c->strength = fmax(c->strength,
				   relative_change(&d->res->findings[at]));
	}
	c->confidence = asked > 0 ? (double)met / asked : 0;
	return fresh;
}

static void count_explained(const struct desk *d, struct candidate *c)
{
	for (size_t i = 0; i < d->res->n_findings; i++)
		c->explains += is_open(d, i) &&
			       accounts_for(d, c, &d->res->findings[i]);
}

/*
 * Of one part: most explained, then the fuller signature; the table's order
 * decides what is left.
 */
static bool fits_better(const struct candidate *a, const struct candidate *b)
{
	if (b->row == NULL)
		return true;
	if (a->row->tier != b->row->tier)
		return a->row->tier < b->row->tier;
	if (a->explains != b->explains)
		return a->explains > b->explains;
	return a->confidence > b->confidence;
}

static void try_row(const struct desk *d, const struct gh_fault_row *row,
		    struct candidate *best)
{
	for (int i = 0; i < GH_SIGNATURES; i++) {
		struct candidate c = {
			.row = row,
			.signs = row->signs[i],
			.part = best->part,
		};

		if (!weigh_signs(d, &c))
			continue;
		count_explained(d, &c);
		if (fits_better(&c, best))
			*best = c;
	}
}

static struct candidate best_of_part(const struct desk *d, int part)
{
	struct candidate best = { .part = part };

	for (size_t g = 0; gh_fault_groups[g] != NULL; g++)
		for (const struct gh_fault_row *row = gh_fault_groups[g];
		     row->name != NULL; row++)
			if (row->kind == d->in->parts[part].kind)
				try_row(d, row, &best);
	return best;
}

/* Strengths within a fifth are alike: assumed. */
#define ALIKE 0.8

/*
 * The one that changed most is the cause. Where two changed alike it is the one
 * nearer to the body, which carries the other: a slipped horn turns all links
 * beyond it by the same angle.
 */
static bool is_stronger(const struct desk *d, const struct candidate *a,
			const struct candidate *b)
{
	const bool alike = fmin(a->strength, b->strength) >
			   ALIKE * fmax(a->strength, b->strength);

	if (alike)
		return d->in->parts[a->part].order <
		       d->in->parts[b->part].order;
	return a->strength > b->strength;
}

/*
 * Between parts: joints of one arm with the same complaint explain each other
 * equally well.
 */
static bool is_likelier(const struct desk *d, const struct candidate *a,
			const struct candidate *b)
{
	const int chain = d->in->parts[a->part].chain;

	if (b->row == NULL)
		return true;
	if (a->row->tier != b->row->tier)
		return a->row->tier < b->row->tier;
	if (chain >= 0 && chain == d->in->parts[b->part].chain &&
	    strcmp(a->row->name, b->row->name) == 0)
		return is_stronger(d, a, b);
	if (a->explains != b->explains)
		return a->explains > b->explains;
	return a->strength > b->strength;
}

static struct candidate best_of_rig(const struct desk *d)
{
	struct candidate best = { .row = NULL };

	for (int part = 0; part < (int)d->in->n_parts; part++) {
		const struct candidate c = best_of_part(d, part);

		if (c.row != NULL && is_likelier(d, &c, &best))
			best = c;
	}
	return best;
}

bool gh_diagnose_is_unsettled(enum gh_state state, enum gh_reason reason)
{
	return state == GH_STATE_UNKNOWN &&
	       (reason == GH_REASON_NOT_COMPUTABLE ||
		reason == GH_REASON_GUARD_BAND);
}

static void explain(const struct desk *d, const struct candidate *c, int as)
{
	for (size_t i = 0; i < d->res->n_findings; i++) {
		struct gh_finding *f = &d->res->findings[i];
		const bool is_unsettled =
			d->to[i].by < 0 &&
			gh_diagnose_is_unsettled(f->state, f->reason);

		if (!(is_open(d, i) || is_unsettled) || !accounts_for(d, c, f))
			continue;
		d->to[i] = (struct gh_explained){
			.by = as,
			.state = f->state,
			.reason = f->reason,
			.hard = f->hard,
			.is_scaled = is_scaled(c, f),
		};
		if (f->part == c->part && !is_unsettled)
			continue;
		f->state = GH_STATE_WATCH;
		f->reason = GH_REASON_NONE;
		f->hard = false;
		if (f->part == c->part)
			snprintf(f->note, sizeof f->note, "cannot be told: %s",
				 c->row->title);
		else
			snprintf(f->note, sizeof f->note, "comes from %s: %s",
				 d->in->parts[c->part].name, c->row->title);
	}
}

static void report(const struct desk *d, const struct candidate *c)
{
	struct gh_result *res = d->res;
	struct gh_diagnosis *out = &res->diagnoses[res->n_diagnoses];

	*out = (struct gh_diagnosis){
		.fault = c->row->name,
		.part = c->part,
		.confidence = c->confidence,
		.title = c->row->title,
		.action = c->row->action,
		.other = c->row->other,
		.severity = GH_VERDICT_HOLD,
	};
	gh_evidence_of_signs(out, res, c->signs);
	explain(d, c, (int)res->n_diagnoses++);
}

void gh_diagnose_more(const struct gh_judge_in *in, struct gh_result *res,
		      struct gh_explained to[GH_JUDGE_FINDINGS])
{
	const struct desk d = { in, res, to };

	while (res->n_diagnoses < GH_JUDGE_DIAGNOSES) {
		const struct candidate c = best_of_rig(&d);

		if (c.row == NULL)
			break;
		report(&d, &c);
	}
}

void gh_diagnose(const struct gh_judge_in *in, struct gh_result *res,
		 struct gh_explained to[GH_JUDGE_FINDINGS])
{
	for (size_t i = 0; i < res->n_findings; i++)
		to[i].by = -1;
	gh_diagnose_more(in, res, to);
}
