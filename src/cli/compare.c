/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/compare.h" /* what is defined here */

#include "judge/colour.h" /* gh_colour_delta_e */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* As the judge does without a look called white: judge/reference.c. */
#define BRIGHTEST_LOOK 0.6
#define FULL_TURN_DEG 360.0
static const double d65[3] = { 0.9505, 1.0, 1.089 };

/* ---- What differs ----------------------------------------------------------*/

static const char *value_of(const struct gh_key *key, const char *name)
{
	for (unsigned i = 0; i < key->n; i++)
		if (strcmp(key->field[i].name, name) == 0)
			return key->field[i].value;
	return NULL;
}

bool gh_compare_differs(const struct gh_key *a, const struct gh_key *b,
			unsigned i, struct gh_compare_field *out)
{
	for (unsigned k = 0; k < a->n + b->n; k++) {
		const bool of_a = k < a->n;
		const char *name =
			of_a ? a->field[k].name : b->field[k - a->n].name;
		const char *in_a = value_of(a, name), *in_b = value_of(b, name);

		if ((!of_a && in_a) ||
		    (in_a && in_b && strcmp(in_a, in_b) == 0))
			continue;
		if (i-- > 0)
			continue;
		*out = (struct gh_compare_field){ name, in_a ? in_a : "none",
						  in_b ? in_b : "none" };
		return true;
	}
	return false;
}

/* ---- Rows ------------------------------------------------------------------*/

static int by_name(const struct gh_compare_value *a,
		   const struct gh_compare_value *b)
{
	const int part = strcmp(a->part, b->part);

	return part ? part : strcmp(a->id, b->id);
}

/* White for the colours of a part: D65 above its brightest look. */
static void find_white(const struct gh_compare_side *side,
		       const struct gh_compare_value *like, double white[3])
{
	double brightest = 0;

	for (size_t i = 0; i < side->n; i++) {
		const struct gh_compare_value *v = &side->values[i];

		if (v->metric == like->metric &&
		    strcmp(v->part, like->part) == 0 && v->v[1] > brightest)
			brightest = v->v[1];
	}
	for (int c = 0; c < 3; c++)
		white[c] = d65[c] * brightest / BRIGHTEST_LOOK;
}

static double change_of(const struct gh_compare_side *side,
			const struct gh_compare_value *a,
			const struct gh_compare_value *b)
{
	double white[3];

	if (a->metric && a->metric->kind == GH_METRIC_CIRCULAR)
		return remainder(b->v[0] - a->v[0], FULL_TURN_DEG);
	if (!a->metric || a->metric->kind != GH_METRIC_COLOUR)
		return b->v[0] - a->v[0];
	find_white(side, a, white);
	if (!(white[1] > 0))
		return NAN;
	return gh_colour_delta_e(gh_colour_lab(a->v, white),
				 gh_colour_lab(b->v, white));
}

static const char *reason_of(const struct gh_compare_value *v)
{
	return gh_reason_text(v ? v->reason : GH_REASON_NOT_MEASURED);
}

/* Why two values cannot be held against each other, in row->why. */
static void say_why(struct gh_compare_row *row, const char *why)
{
	const struct gh_compare_value *a = row->a, *b = row->b;
	const size_t cap = sizeof row->why;

	if (!a || a->reason != GH_REASON_NONE)
		snprintf(row->why, cap, "A: %s", reason_of(a));
	else if (!b || b->reason != GH_REASON_NONE)
		snprintf(row->why, cap, "B: %s", reason_of(b));
	else if (a->version != b->version)
		snprintf(row->why, cap, "formula %u against %u", a->version,
			 b->version);
	else if (why)
		snprintf(row->why, cap, "%s", why);
	else if (!isfinite(row->noise))
		snprintf(row->why, cap, "neither run was judged by a baseline");
}

/*
 * Limits hold for one run against a mean over k sessions, SD s sqrt(1 + 1/k);
 * two runs differ by s sqrt(2).
 */
static double noise_of(const struct gh_compare_side *side,
		       const struct gh_compare_value *v, bool both_runs)
{
	const double k = side->sessions;

	if (!both_runs || !(k > 0))
		return v->half;
	return v->half * sqrt(2 / (1 + 1 / k));
}

static void fill(struct gh_compare_row *row, const struct gh_compare_side *a,
		 const struct gh_compare_side *b, const char *why)
{
	const bool runs = !a->is_baseline && !b->is_baseline;

	row->change = row->noise = row->ratio = NAN;
	if (row->a && row->b && row->a->reason == GH_REASON_NONE &&
	    row->b->reason == GH_REASON_NONE) {
		row->change = change_of(a, row->a, row->b);
		row->noise = fmax(noise_of(a, row->a, runs),
				  noise_of(b, row->b, runs));
	}
	say_why(row, why);
	if (!row->why[0] && row->noise > 0)
		row->ratio = fabs(row->change) / row->noise;
}

/* Both sides are sorted alike: one pass joins them. */
static size_t join(const struct gh_compare_side *a,
		   const struct gh_compare_side *b, const char *why,
		   struct gh_compare_row *rows)
{
	size_t i = 0, k = 0, n = 0;

	while (i < a->n || k < b->n) {
		struct gh_compare_row *row = &rows[n++];
		int order;

		if (i < a->n && k < b->n)
			order = by_name(&a->values[i], &b->values[k]);
		else
			order = i < a->n ? -1 : 1;
		row->a = order <= 0 ? &a->values[i++] : NULL;
		row->b = order >= 0 ? &b->values[k++] : NULL;
		fill(row, a, b, why);
	}
	return n;
}

static const char *part_of(const struct gh_compare_row *row)
{
	return row->a ? row->a->part : row->b->part;
}

static double rank(double ratio)
{
	return isfinite(ratio) ? ratio : -1.0;
}

/* A row with the worst ratio of its part, which orders the parts. */
struct ranked {
	struct gh_compare_row row;
	double worst; /* of its part */
};

static int by_rank(const void *x, const void *y)
{
	const struct ranked *a = x, *b = y;
	const double ra = rank(a->row.ratio), rb = rank(b->row.ratio);

	if (a->worst < b->worst || a->worst > b->worst)
		return a->worst < b->worst ? 1 : -1;
	if (strcmp(part_of(&a->row), part_of(&b->row)) != 0)
		return strcmp(part_of(&a->row), part_of(&b->row));
	if (ra < rb || ra > rb)
		return ra < rb ? 1 : -1;
	return strcmp(a->row.a ? a->row.a->id : a->row.b->id,
		      b->row.a ? b->row.a->id : b->row.b->id);
}

/* rows come sorted by part. */
static bool sort(struct gh_compare_row *rows, size_t n)
{
	struct ranked *r = calloc(n + 1, sizeof *r);
	size_t from = 0;

	if (!r)
		return false;
	for (size_t i = 0; i < n; i++) {
		double worst;

		r[i].row = rows[i];
		if (i > 0 &&
		    strcmp(part_of(&rows[i]), part_of(&rows[from])) != 0)
			from = i;
		worst = fmax(i > from ? r[from].worst : -1.0,
			     rank(rows[i].ratio));
		for (size_t k = from; k <= i; k++)
			r[k].worst = worst;
	}
	qsort(r, n, sizeof *r, by_rank);
	for (size_t i = 0; i < n; i++)
		rows[i] = r[i].row;
	free(r);
	return true;
}

struct gh_compare_row *gh_compare_rows(const struct gh_compare_side *a,
				       const struct gh_compare_side *b,
				       const char *why, size_t *n)
{
	struct gh_compare_row *rows = calloc(a->n + b->n + 1, sizeof *rows);

	if (!rows)
		return NULL;
	*n = join(a, b, why, rows);
	if (!sort(rows, *n)) {
		free(rows);
		return NULL;
	}
	return rows;
}
