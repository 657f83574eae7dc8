/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/plot.h"

#include "base/text.h"	       /* gh_copy_text, gh_make_human */
#include "report/json.h"       /* gh_json_text, gh_json_real */
#include "report/table_json.h" /* gh_plot_json */

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

void gh_plot_init(struct gh_plot *p, const char *key)
{
	*p = (struct gh_plot){ .key = key, .limit_lo = NAN, .limit_hi = NAN };
}

bool gh_plot_room(struct gh_plot *p, size_t points)
{
	assert(!p->room);
	p->used = 0;
	p->cap = 2 * points;
	p->room = calloc(p->cap + 1, sizeof *p->room);
	return p->room != NULL;
}

void gh_plot_finish(struct gh_plot *p)
{
	free(p->room);
	p->room = NULL;
	p->n_series = 0;
}

static const double *keep(struct gh_plot *p, const double *values, size_t n)
{
	double *at = p->room + p->used;

	assert(p->used + n <= p->cap);
	memcpy(at, values, n * sizeof *at);
	p->used += n;
	return at;
}

void gh_plot_add(struct gh_plot *p, const char *name, enum gh_plot_role role,
		 const double *x, const double *y, size_t n)
{
	struct gh_plot_series *s = &p->series[p->n_series++];

	assert(p->room && p->n_series <= GH_PLOT_SERIES);
	*s = (struct gh_plot_series){ .role = role, .n = n };
	gh_copy_text(s->name, sizeof s->name, name);
	s->x = keep(p, x, n);
	s->y = keep(p, y, n);
}

void gh_plot_mark(struct gh_plot *p, double x, const char *text)
{
	struct gh_plot_mark *m = &p->marks[p->n_marks];

	if (p->n_marks == GH_PLOT_MARKS)
		return;
	p->n_marks++;
	m->x = x;
	gh_copy_text(m->text, sizeof m->text, text);
	gh_make_human(m->text);
}

/* ---- JSON ------------------------------------------------------------------*/

static const char *const role_name[] = {
	[GH_PLOT_NOW] = "now",	       [GH_PLOT_BASELINE] = "baseline",
	[GH_PLOT_BAND_LO] = "band_lo", [GH_PLOT_BAND_HI] = "band_hi",
	[GH_PLOT_LIMIT] = "limit",
};

static json_t *numbers(const double *v, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; list && i < n; i++)
		gh_json_push(&list, gh_json_real(v[i]));
	return list;
}

static json_t *axis(const struct gh_plot_axis *a)
{
	json_t *o = json_object();

	gh_json_set(&o, "label", gh_json_text(a->label));
	gh_json_set(&o, "unit", gh_json_text(a->unit));
	return o;
}

static json_t *series(const struct gh_plot_series *s)
{
	json_t *o = json_object();

	gh_json_set(&o, "name", gh_json_text(s->name));
	gh_json_set(&o, "role", json_string(role_name[s->role]));
	gh_json_set(&o, "x", numbers(s->x, s->n));
	gh_json_set(&o, "y", numbers(s->y, s->n));
	return o;
}

static json_t *mark(const struct gh_plot_mark *m)
{
	json_t *o = json_object();

	gh_json_set(&o, "x", gh_json_real(m->x));
	gh_json_set(&o, "text", gh_json_text(m->text));
	return o;
}

json_t *gh_plot_json(const struct gh_plot *p)
{
	json_t *o = json_object(), *list = json_array();

	gh_json_set(&o, "title", gh_json_text(p->title));
	gh_json_set(&o, "x", axis(&p->x));
	gh_json_set(&o, "y", axis(&p->y));
	for (unsigned i = 0; i < p->n_series; i++)
		gh_json_push(&list, series(&p->series[i]));
	gh_json_set(&o, "series", list);
	gh_json_set(&o, "limit_lo", gh_json_real(p->limit_lo));
	gh_json_set(&o, "limit_hi", gh_json_real(p->limit_hi));
	list = json_array();
	for (unsigned i = 0; i < p->n_marks; i++)
		gh_json_push(&list, mark(&p->marks[i]));
	gh_json_set(&o, "marks", list);
	return o;
}
