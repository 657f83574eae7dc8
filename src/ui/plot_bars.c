/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plot_bars - a row for every point: its name, a bar from zero, where the
 * baseline and the limits stand, and the value as a number.
 */
#include "ui/plot_pen.h" /* struct gh_pen */

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { NUMBER = 24, HEAD = 2, FOOT = 2 };

static const char *name_of(const struct gh_plot *p, double x)
{
	for (unsigned i = 0; i < p->n_marks; i++)
		if (fabs(p->marks[i].x - x) < 1e-9)
			return p->marks[i].text;
	return "";
}

static int width_of_names(const struct gh_plot *p)
{
	size_t widest = 0;

	for (unsigned i = 0; i < p->n_marks; i++)
		if (strlen(p->marks[i].text) > widest)
			widest = strlen(p->marks[i].text);
	return (int)widest;
}

/* Bars lie along the axis that values have. */
static void lay_out(struct gh_pen *d)
{
	const int names = width_of_names(d->p);
	const int left = names < d->area->w / 3 ? names : d->area->w / 3;

	gh_scale_see(&d->ys, 0.0);
	gh_scale_finish(&d->ys, d->area->w / 12);
	d->xs = d->ys;
	d->x = d->area->x + left + 2;
	d->y = d->area->y + HEAD;
	d->w = d->area->w - left - 2 - 10;
	d->h = d->area->h - HEAD - FOOT;
}

/* A series is found by its x, since others may lack a point. */
static double other_at(const struct gh_plot *p, enum gh_plot_role role,
		       double x)
{
	const struct gh_plot_series *s = gh_pen_series(p, role, 0);

	for (size_t i = 0; s && i < s->n; i++)
		if (fabs(s->x[i] - x) < 1e-9)
			return s->y[i];
	return NAN;
}

static void put_at(const struct gh_pen *d, int y, double v,
		   enum gh_plot_role role)
{
	if (gh_scale_has(&d->ys, v))
		gh_pen_put(d, gh_scale_place(&d->ys, v, d->w), y,
			   gh_pen_ink(role), gh_pen_glyph(d, role));
}

/* Nothing has no bar. */
static void draw_bar(const struct gh_pen *d, int y, double v)
{
	const int zero = gh_scale_place(&d->ys, 0.0, d->w);
	int to, way;

	if (!gh_scale_has(&d->ys, v))
		return;
	to = gh_scale_place(&d->ys, v, d->w);
	way = to < zero ? -1 : 1;
	for (int x = zero; to != zero && x != to + way; x += way)
		gh_pen_put(d, x, y, gh_pen_ink(GH_PLOT_NOW),
			   gh_pen_glyph(d, GH_PLOT_NOW));
}

static void draw_row(const struct gh_pen *d, int y, double x, double v)
{
	char text[NUMBER] = "-";
	const int left = d->x - d->area->x - 2;

	gh_canvas_cut(d->c, d->area->x, d->y + y, left, GH_INK_PLAIN,
		      name_of(d->p, x));
	gh_canvas_put(d->c, d->x - 1, d->y + y, GH_INK_DIM, "|");
	draw_bar(d, y, v);
	put_at(d, y, d->p->limit_lo, GH_PLOT_LIMIT);
	put_at(d, y, d->p->limit_hi, GH_PLOT_LIMIT);
	put_at(d, y, other_at(d->p, GH_PLOT_LIMIT, x), GH_PLOT_LIMIT);
	put_at(d, y, other_at(d->p, GH_PLOT_BASELINE, x), GH_PLOT_BASELINE);
	if (isfinite(v))
		snprintf(text, sizeof text, "%.3g", v);
	gh_canvas_text(d->c, d->x + d->w + 1, d->y + y, GH_INK_PLAIN, "%.9s",
		       text);
}

/* The numbers stand beside the bars: rows are worth more than the axis. */
void gh_pen_bars(struct gh_pen *d)
{
	const struct gh_plot_series *s = gh_pen_series(d->p, GH_PLOT_NOW, 0);
	const int n = s ? (int)s->n : 0;
	bool has_axis;
	int shown;

	lay_out(d);
	has_axis = n <= d->h;
	if (!has_axis)
		d->h += FOOT;
	shown = n <= d->h ? n : d->h - 1;
	for (int i = 0; i < shown; i++)
		draw_row(d, i, s->x[i], s->y[i]);
	if (shown < n)
		gh_canvas_text(d->c, d->x, d->y + shown, GH_INK_DIM,
			       "and %d more", n - shown);
	d->h = n;
	if (has_axis)
		gh_pen_x_axis(d);
}
