/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plot - a picture of an answer in cells: title, legend, axes with numbers, and
 * a glyph of its own for every role, so that nothing is told by ink alone.
 * ASCII is complete; UTF-8 doubles the rows of what is measured now. All
 * numbers are those that --json writes.
 */
#ifndef GH_UI_PLOT_H
#define GH_UI_PLOT_H

#include "report/plot.h" /* struct gh_plot */
#include "ui/canvas.h"	 /* struct gh_canvas */

struct gh_plot_area {
	int x, y, w, h;
};

/* Smaller areas get the title alone. */
enum { GH_PLOT_MIN_W = 24, GH_PLOT_MIN_H = 6 };

/*
 * Draws into the area and nowhere else. A limit so far from the values that it
 * would flatten them is told in the legend and not drawn. Bars are rows, named
 * by the marks; where they need its rows the axis is left out, and where there
 * are still more, the last row says how many.
 */
void gh_plot_draw(const struct gh_plot *p, struct gh_canvas *c,
		  const struct gh_plot_area *area);

#endif
