/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plot_pen - private to plot*.c: where everything of one plot goes. plot.c has
 * title, legend and axes, plot_body.c what lies between them, plot_bars.c bars.
 */
#ifndef GH_UI_PLOT_PEN_H
#define GH_UI_PLOT_PEN_H

#include "ui/plot.h"	   /* struct gh_plot, struct gh_plot_area */
#include "ui/plot_scale.h" /* struct gh_scale */

struct gh_pen {
	const struct gh_plot *p;
	struct gh_canvas *c;
	const struct gh_plot_area *area;
	struct gh_scale xs, ys;
	int x, y, w, h; /* of the body, between the axes */
};

/* How a role looks; a full block stands for half blocks in a line. */
const char *gh_pen_glyph(const struct gh_pen *d, enum gh_plot_role role);
enum gh_ink gh_pen_ink(enum gh_plot_role role);
/* The second, third ... series of now. */
const char *gh_pen_other(unsigned nth);

/* One cell of the body; nothing happens outside of it. */
void gh_pen_put(const struct gh_pen *d, int x, int y, enum gh_ink ink,
		const char *glyph);

/* Marks, bands, limits and series; the scales are finished. */
void gh_pen_body(const struct gh_pen *d);

/* Bars below the legend, in place of body and axes. */
void gh_pen_bars(struct gh_pen *d);

/* The numbers along the lower edge of the body. */
void gh_pen_x_axis(const struct gh_pen *d);

/* The nth series of that role; NULL: there are not so many. */
const struct gh_plot_series *gh_pen_series(const struct gh_plot *p,
					   enum gh_plot_role role,
					   unsigned nth);

#endif
