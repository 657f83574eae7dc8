/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot_body - lines, bands, limits and marks between the axes. */
#include "ui/plot_pen.h" /* struct gh_pen */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define UPPER "\xE2\x96\x80"
#define LOWER "\xE2\x96\x84"
#define FULL "\xE2\x96\x88"

/* Cell of a value, from above. */
static int row_of(const struct gh_pen *d, double v)
{
	return d->h - 1 - gh_scale_place(&d->ys, v, d->h);
}

/* y of a series at x; NAN in a gap, outside, or where x does not rise. */
static double value_at(const struct gh_plot_series *s, double x)
{
	for (size_t i = 0; i + 1 < s->n; i++) {
		const double x0 = s->x[i], x1 = s->x[i + 1];

		if (x >= x0 && x <= x1 && x1 > x0)
			return s->y[i] +
			       (s->y[i + 1] - s->y[i]) * (x - x0) / (x1 - x0);
	}
	return NAN;
}

static void draw_band(const struct gh_pen *d, const struct gh_plot_series *lo,
		      const struct gh_plot_series *hi)
{
	for (int x = 0; x < d->w; x++) {
		const double at = d->xs.lo + (d->xs.hi - d->xs.lo) * x /
						     (d->w > 1 ? d->w - 1 : 1);
		const double bottom = value_at(lo, at), top = value_at(hi, at);

		if (!gh_scale_has(&d->ys, bottom) || !gh_scale_has(&d->ys, top))
			continue;
		for (int y = row_of(d, top); y <= row_of(d, bottom); y++)
			gh_pen_put(d, x, y, gh_pen_ink(GH_PLOT_BAND_LO),
				   gh_pen_glyph(d, GH_PLOT_BAND_LO));
	}
}

static void draw_limit(const struct gh_pen *d, double v)
{
	if (!gh_scale_has(&d->ys, v))
		return;
	for (int x = 0; x < d->w; x++)
		gh_pen_put(d, x, row_of(d, v), gh_pen_ink(GH_PLOT_LIMIT),
			   gh_pen_glyph(d, GH_PLOT_LIMIT));
}

/* Two of them to a cell, and both in one where both are set. */
static void put_half(const struct gh_pen *d, int x, int half_row,
		     enum gh_ink ink)
{
	const bool is_low = half_row & 1;
	const int y = half_row / 2;
	const char *other = is_low ? UPPER : LOWER;
	const struct gh_glyph *was;

	if (x < 0 || y < 0 || d->x + x >= d->c->w || d->y + y >= d->c->h)
		return;
	was = &d->c->cells[(d->y + y) * d->c->w + d->x + x];
	if (strcmp(was->glyph, other) == 0 || strcmp(was->glyph, FULL) == 0)
		gh_pen_put(d, x, y, ink, FULL);
	else
		gh_pen_put(d, x, y, ink, is_low ? LOWER : UPPER);
}

struct stroke {
	const char *glyph; /* NULL: half blocks */
	enum gh_ink ink;
};

static void dot(const struct gh_pen *d, const struct stroke *s, int x, int up)
{
	if (s->glyph)
		gh_pen_put(d, x, d->h - 1 - up, s->ink, s->glyph);
	else
		put_half(d, x, 2 * d->h - 1 - up, s->ink);
}

static void line(const struct gh_pen *d, const struct stroke *s,
		 const int from[2], const int to[2])
{
	const int dx = to[0] - from[0], dy = to[1] - from[1];
	const int steps = abs(dx) > abs(dy) ? abs(dx) : abs(dy);

	for (int k = 0; k <= steps; k++) {
		const double share = steps > 0 ? (double)k / steps : 0.0;

		dot(d, s, from[0] + (int)lround(share * dx),
		    from[1] + (int)lround(share * dy));
	}
}

/* A point with gaps on both sides is a dot. */
static void draw_series(const struct gh_pen *d, const struct gh_plot_series *s,
			const struct stroke *stroke)
{
	int last[2] = { 0, 0 };
	bool is_gap = true;

	for (size_t i = 0; i < s->n; i++) {
		int at[2];

		if (!gh_scale_has(&d->xs, s->x[i]) ||
		    !gh_scale_has(&d->ys, s->y[i])) {
			is_gap = true;
			continue;
		}
		at[0] = gh_scale_place(&d->xs, s->x[i], d->w);
		at[1] = stroke->glyph ? gh_scale_place(&d->ys, s->y[i], d->h)
				      : gh_scale_half(&d->ys, s->y[i], d->h);
		line(d, stroke, is_gap ? at : last, at);
		memcpy(last, at, sizeof last);
		is_gap = false;
	}
}

/* What stands over what: the first row is painted over by all others. */
static void draw_role(const struct gh_pen *d, enum gh_plot_role role)
{
	const struct gh_plot_series *s;

	/* From the last one, so that the first lies on top. */
	for (unsigned n = GH_PLOT_SERIES; n-- > 0;) {
		struct stroke stroke = { gh_pen_glyph(d, role),
					 gh_pen_ink(role) };

		s = gh_pen_series(d->p, role, n);
		if (!s)
			continue;
		if (role == GH_PLOT_NOW && n > 0)
			stroke.glyph = gh_pen_other(n - 1);
		else if (role == GH_PLOT_NOW && d->c->utf8)
			stroke.glyph = NULL;
		draw_series(d, s, &stroke);
	}
}

static void draw_bands(const struct gh_pen *d)
{
	for (unsigned n = 0; n < GH_PLOT_SERIES; n++) {
		const struct gh_plot_series *lo =
			gh_pen_series(d->p, GH_PLOT_BAND_LO, n);
		const struct gh_plot_series *hi =
			gh_pen_series(d->p, GH_PLOT_BAND_HI, n);

		if (lo && hi)
			draw_band(d, lo, hi);
	}
}

/* A thin line, and its text in the first row where there is room for it. */
static void draw_marks(const struct gh_pen *d)
{
	int free_from = 0;

	for (unsigned i = 0; i < d->p->n_marks; i++) {
		const struct gh_plot_mark *m = &d->p->marks[i];
		int x, wide;

		if (!gh_scale_has(&d->xs, m->x))
			continue;
		x = gh_scale_place(&d->xs, m->x, d->w);
		wide = (int)strlen(m->text);
		for (int y = 0; y < d->h; y++)
			gh_pen_put(d, x, y, GH_INK_DIM, "|");
		if (x < free_from || x + 1 + wide > d->w)
			continue;
		gh_canvas_text(d->c, d->x + x + 1, d->y, GH_INK_DIM, "%s",
			       m->text);
		free_from = x + 1 + wide + 1;
	}
}

void gh_pen_body(const struct gh_pen *d)
{
	draw_marks(d);
	draw_bands(d);
	draw_limit(d, d->p->limit_lo);
	draw_limit(d, d->p->limit_hi);
	draw_role(d, GH_PLOT_LIMIT);
	draw_role(d, GH_PLOT_BASELINE);
	draw_role(d, GH_PLOT_NOW);
}
