/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/plot_pen.h" /* struct gh_pen */

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Limits so many times the values' range away would flatten them: chosen. */
#define FAR_LIMIT 1.0

enum { NUMBER = 24, ROWS_A_NUMBER = 2, COLUMNS_A_NUMBER = 10 };

/* The look of each role; the first of now gets half blocks in UTF-8. */
static const struct {
	const char *ascii, *utf8;
	enum gh_ink ink;
} looks[] = {
	[GH_PLOT_NOW] = { "#", "\xE2\x96\x88", GH_INK_PLAIN },
	[GH_PLOT_BASELINE] = { ".", "\xC2\xB7", GH_INK_DIM },
	[GH_PLOT_BAND_LO] = { ":", "\xE2\x96\x91", GH_INK_DIM },
	[GH_PLOT_BAND_HI] = { ":", "\xE2\x96\x91", GH_INK_DIM },
	[GH_PLOT_LIMIT] = { "=", "\xE2\x95\x90", GH_INK_HOLD },
};

/* Other series of now, whatever the character set. */
static const char *const others[] = { "+", "*", "x" };

const char *gh_pen_glyph(const struct gh_pen *d, enum gh_plot_role role)
{
	return d->c->utf8 ? looks[role].utf8 : looks[role].ascii;
}

enum gh_ink gh_pen_ink(enum gh_plot_role role)
{
	return looks[role].ink;
}

const char *gh_pen_other(unsigned nth)
{
	return others[nth % GH_ARRAY_SIZE(others)];
}

void gh_pen_put(const struct gh_pen *d, int x, int y, enum gh_ink ink,
		const char *glyph)
{
	if (x >= 0 && x < d->w && y >= 0 && y < d->h)
		gh_canvas_put(d->c, d->x + x, d->y + y, ink, glyph);
}

const struct gh_plot_series *gh_pen_series(const struct gh_plot *p,
					   enum gh_plot_role role, unsigned nth)
{
	for (unsigned i = 0; i < p->n_series; i++)
		if (p->series[i].role == role && nth-- == 0)
			return &p->series[i];
	return NULL;
}

/* ---- What fits --------------------------------------------------------------*/

static bool is_far(const struct gh_scale *s, double limit)
{
	const double room = FAR_LIMIT * (s->hi - s->lo);

	return !(limit >= s->lo - room && limit <= s->hi + room);
}

static void see_series(struct gh_pen *d)
{
	for (unsigned i = 0; i < d->p->n_series; i++) {
		const struct gh_plot_series *s = &d->p->series[i];

		for (size_t k = 0; k < s->n; k++) {
			if (isnan(s->x[k]) || isnan(s->y[k]))
				continue;
			gh_scale_see(&d->xs, s->x[k]);
			gh_scale_see(&d->ys, s->y[k]);
		}
	}
}

static void see_limits(struct gh_pen *d)
{
	const double limits[] = { d->p->limit_lo, d->p->limit_hi };
	struct gh_scale seen = d->ys;

	gh_scale_finish(&seen, 2);
	for (size_t i = 0; i < GH_ARRAY_SIZE(limits); i++)
		if (!is_far(&seen, limits[i]))
			gh_scale_see(&d->ys, limits[i]);
}

/* ---- Title and legend -------------------------------------------------------*/

static void add(char *line, size_t cap, const char *glyph, const char *name)
{
	const size_t used = strlen(line);

	snprintf(line + used, cap - used, "%s%s %s", used ? "   " : "", glyph,
		 name);
}

/* Not as the axis writes them: its steps may be coarser than they are. */
static void add_limits(const struct gh_pen *d, char *line, size_t cap)
{
	char text[96], lo[NUMBER] = "", hi[NUMBER] = "";

	if (isfinite(d->p->limit_lo))
		snprintf(lo, sizeof lo, "%.4g", d->p->limit_lo);
	if (isfinite(d->p->limit_hi))
		snprintf(hi, sizeof hi, "%.4g", d->p->limit_hi);
	if (!lo[0] && !hi[0])
		return;
	snprintf(text, sizeof text, "limit %s%s%s%s%s", lo,
		 lo[0] && hi[0] ? " to " : "", hi, d->p->y.unit[0] ? " " : "",
		 d->p->y.unit);
	add(line, cap, gh_pen_glyph(d, GH_PLOT_LIMIT), text);
}

/* Roles in their own order: now first; of others but now the first one. */
static void legend_of(const struct gh_pen *d, char *line, size_t cap)
{
	unsigned seen = 0, n_now = 0;

	line[0] = '\0';
	for (unsigned i = 0; i < d->p->n_series; i++) {
		const struct gh_plot_series *s = &d->p->series[i];

		if (s->role == GH_PLOT_BAND_HI ||
		    (s->role != GH_PLOT_NOW && seen >> s->role & 1))
			continue;
		add(line, cap,
		    s->role == GH_PLOT_NOW && n_now > 0
			    ? gh_pen_other(n_now - 1)
			    : gh_pen_glyph(d, s->role),
		    s->name);
		n_now += s->role == GH_PLOT_NOW;
		seen |= 1u << s->role;
	}
	add_limits(d, line, cap);
}

static void draw_title(const struct gh_pen *d)
{
	const char *unit = d->p->y.unit;
	char line[sizeof d->p->title + sizeof d->p->y.unit + 2];

	snprintf(line, sizeof line, "%s%s%s", d->p->title, unit[0] ? ", " : "",
		 unit);
	gh_canvas_cut(d->c, d->area->x, d->area->y, d->area->w, GH_INK_TITLE,
		      line);
}

static void draw_legend(const struct gh_pen *d)
{
	char line[GH_PLOT_SERIES * (GH_PLOT_NAME + 8) + 80];

	legend_of(d, line, sizeof line);
	gh_canvas_cut(d->c, d->area->x, d->area->y + 1, d->area->w, GH_INK_DIM,
		      line);
}

/* ---- Axes ---------------------------------------------------------------------*/

static int width_of_numbers(const struct gh_scale *s)
{
	char text[NUMBER];
	size_t widest = 1;
	double v;

	for (int i = 0; gh_scale_number(s, i, &v); i++) {
		gh_scale_text(s, v, text, sizeof text);
		widest = strlen(text) > widest ? strlen(text) : widest;
	}
	return (int)widest;
}

static int row_of(const struct gh_pen *d, double v)
{
	return d->h - 1 - gh_scale_place(&d->ys, v, d->h);
}

static void draw_y_axis(const struct gh_pen *d)
{
	const int wide = d->x - d->area->x - 1;
	int last = d->h;
	double v;

	for (int y = 0; y < d->h; y++)
		gh_canvas_put(d->c, d->x - 1, d->y + y, GH_INK_DIM, "|");
	for (int i = 0; gh_scale_number(&d->ys, i, &v); i++) {
		const int y = row_of(d, v);
		char text[NUMBER];

		if (y >= last || y < 0)
			continue;
		gh_scale_text(&d->ys, v, text, sizeof text);
		gh_canvas_text(d->c, d->x - 1 - (int)strlen(text), d->y + y,
			       GH_INK_DIM, "%.*s", wide, text);
		last = y;
	}
}

/* "angle, deg" at the right end; returns where the numbers must end. */
static int draw_x_name(const struct gh_pen *d)
{
	const struct gh_plot_axis *a = d->p->bars ? &d->p->y : &d->p->x;
	char name[sizeof a->label + sizeof a->unit + 2];
	int wide;

	snprintf(name, sizeof name, "%s%s%s", a->label,
		 a->label[0] && a->unit[0] ? ", " : "", a->unit);
	wide = (int)strlen(name);
	if (wide == 0 || wide > d->w / 2)
		return d->area->x + d->area->w - d->x;
	gh_canvas_text(d->c, d->x + d->w - wide, d->y + d->h + 1, GH_INK_DIM,
		       "%s", name);
	return d->w - wide - 1;
}

void gh_pen_x_axis(const struct gh_pen *d)
{
	const int end = draw_x_name(d);
	int free_from = 1 - (d->x - d->area->x);
	double v;

	gh_canvas_put(d->c, d->x - 1, d->y + d->h, GH_INK_DIM, "+");
	for (int x = 0; x < d->w; x++)
		gh_canvas_put(d->c, d->x + x, d->y + d->h, GH_INK_DIM, "-");
	for (int i = 0; gh_scale_number(&d->xs, i, &v); i++) {
		const int x = gh_scale_place(&d->xs, v, d->w);
		char text[NUMBER];
		int at;

		if (x < 0 || x >= d->w)
			continue;
		gh_canvas_put(d->c, d->x + x, d->y + d->h, GH_INK_DIM, "+");
		gh_scale_text(&d->xs, v, text, sizeof text);
		at = x - (int)strlen(text) / 2;
		if (at + (int)strlen(text) > end && x < end)
			at = end - (int)strlen(text);
		if (at < free_from || x >= end)
			continue;
		gh_canvas_text(d->c, d->x + at, d->y + d->h + 1, GH_INK_DIM,
			       "%s", text);
		free_from = at + (int)strlen(text) + 2;
	}
}

/* ---- All of it --------------------------------------------------------------------*/

static bool is_empty(const struct gh_pen *d)
{
	return !(d->xs.lo <= d->xs.hi && d->ys.lo <= d->ys.hi);
}

static void lay_out(struct gh_pen *d)
{
	int left;

	d->h = d->area->h - 4;
	gh_scale_finish(&d->ys, d->h / ROWS_A_NUMBER);
	left = width_of_numbers(&d->ys) + 1;
	d->x = d->area->x + left;
	d->y = d->area->y + 2;
	d->w = d->area->w - left;
	gh_scale_finish(&d->xs, d->w / COLUMNS_A_NUMBER);
}

void gh_plot_draw(const struct gh_plot *p, struct gh_canvas *c,
		  const struct gh_plot_area *area)
{
	struct gh_pen d = { .p = p,
			    .c = c,
			    .area = area,
			    .xs = GH_SCALE_EMPTY,
			    .ys = GH_SCALE_EMPTY };
	bool nothing;

	if (area->w < 1 || area->h < 1)
		return;
	draw_title(&d);
	if (area->w < GH_PLOT_MIN_W || area->h < GH_PLOT_MIN_H)
		return;
	see_series(&d);
	nothing = is_empty(&d);
	see_limits(&d);
	lay_out(&d);
	draw_legend(&d);
	if (nothing) {
		gh_canvas_cut(c, area->x, area->y + 2, area->w, GH_INK_PLAIN,
			      "nothing to draw: no values");
		return;
	}
	if (p->bars) {
		gh_pen_bars(&d);
		return;
	}
	draw_y_axis(&d);
	gh_pen_x_axis(&d);
	gh_pen_body(&d);
}
