/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/conditions.h"

#include "base/number.h" /* gh_number_text */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KIND(k) (1u << GH_PART_##k)
/* A cable and a program do not care how warm it is. */
#define FEELS                                                                  \
	(KIND(JOINT) | KIND(CORE) | KIND(FIBRE) | KIND(CRYSTAL) |              \
	 KIND(CHROME) | KIND(SPOTLIGHT))

/* Less than this between runs is lost in what sessions do: assumed. */
enum { RUNS_TO_FIT = 8 };
/* Of the squared correlation of both conditions; above, only one is fitted. */
#define ALIKE 0.8

static const struct row {
	const char *id; /* of the metric that measures it */
	enum gh_part_kind kind;
	enum gh_reason outside;
	enum gh_unit unit;
	/*
	 * Margin beyond the baseline's range, and the least range for a slope.
	 * Warmth: friction changes about 1 % per K, and 6 K make 6 %, a third
	 * of the least change that matters; supply: the practical minimum of
	 * supply.vrest, and what its sessions scatter four times over. Assumed.
	 */
	double margin, margin_share, span, span_share;
} rows[GH_CONDITIONS] = {
	[GH_WARMTH] = { "servo.temp", GH_PART_JOINT,
			GH_REASON_OUTSIDE_TEMPERATURE, GH_UNIT_DEG_C, 6, 0, 6,
			0 },
	[GH_VOLTS] = { "supply.vrest", GH_PART_SUPPLY, GH_REASON_OUTSIDE_SUPPLY,
		       GH_UNIT_VOLT, 0, 0.05, 0, 0.04 },
};

static int by_value(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *v, size_t n)
{
	if (n == 0)
		return NAN;
	qsort(v, n, sizeof *v, by_value);
	return (v[(n - 1) / 2] + v[n / 2]) / 2;
}

static double now(const struct gh_judge_in *in, const struct row *row)
{
	double v[GH_JUDGE_PARTS];
	size_t n = 0;

	for (size_t i = 0; i < in->n_measures && n < GH_JUDGE_PARTS; i++)
		if (in->measures[i].reason == GH_REASON_NONE &&
		    strcmp(in->measures[i].id, row->id) == 0 &&
		    isfinite(in->measures[i].v[0]))
			v[n++] = in->measures[i].v[0];
	return median(v, n);
}

static double of_run(const struct gh_judge_in *in, const struct row *row,
		     unsigned run)
{
	const struct gh_metric as = { .version = 1 };
	double v[GH_JUDGE_PARTS];
	size_t n = 0;

	for (unsigned p = 0; p < in->n_parts; p++) {
		struct gh_members m;

		if (in->parts[p].kind != row->kind)
			continue;
		m = gh_members_find(in->baseline, row->id, in->parts[p].name,
				    &as);
		for (size_t i = 0; i < m.n; i++)
			if (m.row[i].run == run && isfinite(m.row[i].v[0]))
				v[n++] = m.row[i].v[0];
	}
	return median(v, n);
}

static void find_range(const struct gh_judge_in *in, const struct row *row,
		       struct gh_condition *c)
{
	unsigned known = 0;

	for (unsigned r = 0; r < in->baseline->runs && r < GH_CONDITION_RUNS;
	     r++) {
		c->of_run[r] = of_run(in, row, r);
		if (!isfinite(c->of_run[r]))
			continue;
		c->lo = fmin(c->lo, c->of_run[r]);
		c->hi = fmax(c->hi, c->of_run[r]);
		known++;
	}
	c->spans = known == in->baseline->runs && known >= RUNS_TO_FIT &&
		   c->hi - c->lo >= row->span + row->span_share * fabs(c->hi);
}

void gh_conditions_find(const struct gh_judge_in *in, struct gh_conditions *out)
{
	for (int k = 0; k < GH_CONDITIONS; k++) {
		struct gh_condition *c = &out->c[k];

		memset(c, 0, sizeof *c);
		c->lo = c->hi = NAN;
		c->now = now(in, &rows[k]);
		if (in->baseline != NULL && in->baseline->id != 0)
			find_range(in, &rows[k], c);
		/* Without tonight's value nothing can be corrected. */
		c->spans = c->spans && isfinite(c->now);
	}
}

static void say_outside(const struct gh_condition *c, enum gh_unit unit,
			char note[GH_NOTE_CAP])
{
	char now[GH_NUMBER_CAP], lo[GH_NUMBER_CAP], hi[GH_NUMBER_CAP];

	gh_number_text(c->now, unit, now, sizeof now);
	gh_number_text(c->lo, unit, lo, sizeof lo);
	gh_number_text(c->hi, unit, hi, sizeof hi);
	snprintf(note, GH_NOTE_CAP, "now %s, baseline %s to %s", now, lo, hi);
}

enum gh_reason gh_conditions_outside(const struct gh_conditions *c,
				     enum gh_part_kind kind,
				     char note[GH_NOTE_CAP])
{
	if ((FEELS & 1u << kind) == 0)
		return GH_REASON_NONE;
	for (int k = 0; k < GH_CONDITIONS; k++) {
		const struct gh_condition *one = &c->c[k];
		const double margin =
			rows[k].margin + rows[k].margin_share * fabs(one->hi);

		if (!(one->now < one->lo - margin) &&
		    !(one->now > one->hi + margin))
			continue;
		say_outside(one, rows[k].unit, note);
		return rows[k].outside;
	}
	return GH_REASON_NONE;
}

/* ---- Slopes ---- */

/* Conditions of row i about the members' mean; 0 where none is fitted. */
struct about {
	double mean[GH_CONDITIONS];
};

static struct about about_mean(const struct gh_conditions *c,
			       const struct gh_members *m)
{
	struct about a = { { 0 } };
	double n = 0;

	for (size_t i = 0; i < m->n; i++) {
		if (!gh_member_counts(m, i))
			continue;
		n++;
		for (int k = 0; k < GH_CONDITIONS; k++)
			if (c->c[k].spans)
				a.mean[k] += (c->c[k].of_run[m->row[i].run] -
					      a.mean[k]) /
					     n;
	}
	return a;
}

static double centred(const struct gh_conditions *c, const struct about *a,
		      const struct gh_members *m, size_t i, int k)
{
	return c->c[k].spans ? c->c[k].of_run[m->row[i].run] - a->mean[k] : 0;
}

static void add_products(const struct gh_conditions *c,
			 const struct gh_members *m,
			 double xx[GH_CONDITIONS][GH_CONDITIONS],
			 double xy[GH_CONDITIONS], const double *y)
{
	const struct about a = about_mean(c, m);

	for (size_t i = 0; i < m->n; i++) {
		if (!gh_member_counts(m, i))
			continue;
		for (int j = 0; j < GH_CONDITIONS; j++) {
			const double x = centred(c, &a, m, i, j);

			for (int k = 0; k < GH_CONDITIONS; k++)
				xx[j][k] += x * centred(c, &a, m, i, k);
			if (y != NULL)
				xy[j] += x * y[i];
		}
	}
}

void gh_slopes_add(struct gh_slopes *s, const struct gh_conditions *c,
		   const struct gh_members *m, const double *y)
{
	add_products(c, m, s->xx, s->xy, y);
}

/* Both apart, or the first that spans: two that go together are one. */
static bool are_apart(double xx[GH_CONDITIONS][GH_CONDITIONS])
{
	return xx[0][0] * xx[1][1] > 0 &&
	       xx[0][1] * xx[0][1] < ALIKE * xx[0][0] * xx[1][1];
}

void gh_slopes_fit(struct gh_slopes *s, const struct gh_conditions *c)
{
	const double det =
		s->xx[0][0] * s->xx[1][1] - s->xx[0][1] * s->xx[0][1];

	s->b[0] = s->b[1] = 0;
	s->fitted = 0;
	if (c->c[0].spans && c->c[1].spans && are_apart(s->xx)) {
		s->b[0] =
			(s->xx[1][1] * s->xy[0] - s->xx[0][1] * s->xy[1]) / det;
		s->b[1] =
			(s->xx[0][0] * s->xy[1] - s->xx[0][1] * s->xy[0]) / det;
		s->fitted = 2;
		return;
	}
	for (int k = 0; k < GH_CONDITIONS && s->fitted == 0; k++) {
		if (!c->c[k].spans || !(s->xx[k][k] > 0))
			continue;
		s->b[k] = s->xy[k] / s->xx[k][k];
		s->fitted = 1;
	}
}

void gh_slopes_shift(const struct gh_slopes *s, const struct gh_conditions *c,
		     const struct gh_members *m, double *shift)
{
	const struct about a = about_mean(c, m);

	for (size_t i = 0; i < m->n; i++) {
		shift[i] = 0;
		for (int k = 0; k < GH_CONDITIONS && s->fitted > 0; k++)
			shift[i] += s->b[k] * centred(c, &a, m, i, k);
	}
}

struct gh_shift_now gh_slopes_now(const struct gh_slopes *s,
				  const struct gh_conditions *c,
				  const struct gh_members *m)
{
	const struct about a = about_mean(c, m);
	double xx[GH_CONDITIONS][GH_CONDITIONS] = { { 0 } }, none[2] = { 0 };
	struct gh_shift_now out = { 0, 0 };
	double d[GH_CONDITIONS];

	if (s->fitted == 0)
		return out;
	add_products(c, m, xx, none, NULL);
	for (int k = 0; k < GH_CONDITIONS; k++) {
		d[k] = c->c[k].spans ? c->c[k].now - a.mean[k] : 0;
		out.shift += s->b[k] * d[k];
	}
	if (s->fitted == 2)
		out.leverage =
			(d[0] * d[0] * xx[1][1] - 2 * d[0] * d[1] * xx[0][1] +
			 d[1] * d[1] * xx[0][0]) /
			(xx[0][0] * xx[1][1] - xx[0][1] * xx[0][1]);
	else
		for (int k = 0; k < GH_CONDITIONS; k++)
			if (fabs(s->b[k]) > 0)
				out.leverage = d[k] * d[k] / xx[k][k];
	return out;
}
