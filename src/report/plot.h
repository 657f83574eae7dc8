/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plot - what a picture of an answer is made of, as plain data. The screens
 * draw it in cells, --json writes it as numbers: one struct, so that both show
 * the same.
 */
#ifndef GH_REPORT_PLOT_H
#define GH_REPORT_PLOT_H

#include <stdbool.h>
#include <stddef.h>

enum { GH_PLOT_SERIES = 8, GH_PLOT_MARKS = 16, GH_PLOT_NAME = 48 };

/* What a series is to the reader; the look follows from it. */
enum gh_plot_role {
	GH_PLOT_NOW,	  /* the run that is looked at */
	GH_PLOT_BASELINE, /* its known-good values */
	/* Edges of the baseline's band; the nth lower with the nth upper one. */
	GH_PLOT_BAND_LO,
	GH_PLOT_BAND_HI,
	GH_PLOT_LIMIT /* of HOLD or WATCH, along the axis */
};

struct gh_plot_series {
	char name[GH_PLOT_NAME]; /* "up", "baseline" */
	enum gh_plot_role role;
	const double *x, *y; /* n of each; NAN in y: a gap */
	size_t n;
};

struct gh_plot_axis {
	char label[GH_PLOT_NAME], unit[16]; /* unit "": none */
};

/* Something that happened at x, or a place with a name. */
struct gh_plot_mark {
	double x;
	char text[GH_PLOT_NAME];
};

struct gh_plot {
	const char *key; /* in JSON; static */
	char title[96];
	struct gh_plot_axis x, y;
	struct gh_plot_series series[GH_PLOT_SERIES];
	unsigned n_series;
	double limit_lo, limit_hi; /* straight lines, NAN: none */
	struct gh_plot_mark marks[GH_PLOT_MARKS];
	unsigned n_marks;
	/* A bar for each point of now, named by the mark at its x. */
	bool bars;
	double *room; /* heap, what x and y of the series point into */
	size_t used, cap;
};

/* No limits, no series. */
void gh_plot_init(struct gh_plot *p, const char *key);

/*
 * Room for `points` doubles in all series together; false: no memory. To be
 * called once, before the first gh_plot_add.
 */
bool gh_plot_room(struct gh_plot *p, size_t points);
void gh_plot_finish(struct gh_plot *p);

/*
 * Copies n points as the next series. The room must be asked for before;
 * too many series or points are a bug.
 */
void gh_plot_add(struct gh_plot *p, const char *name, enum gh_plot_role role,
		 const double *x, const double *y, size_t n);

/* The 17th mark is left out. */
void gh_plot_mark(struct gh_plot *p, double x, const char *text);

#endif
