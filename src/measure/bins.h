/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bins - putting samples into boxes: of time, to average them, and of angle, to
 * find the place where a joint rubs.
 */
#ifndef GH_MEASURE_BINS_H
#define GH_MEASURE_BINS_H

#include <stddef.h>

/*
 * Averages samples (sorted by time) over blocks of width_s, in place: returns
 * the number of blocks, whose mean times and values are then t[] and v[]. A
 * block without samples is left out.
 */
size_t gh_blocks(double *t, double *v, size_t n, double width_s);

/*
 * Value at time `at` on the line through the samples; the first or last one
 * outside. NAN when there is none.
 */
double gh_interpolate(const double *t, const double *v, size_t n, double at);

/* A local rub: where the drag is highest, and by how much. */
struct gh_rub {
	double height; /* over the median around it, in r's unit */
	double at;     /* middle of the place, in q's unit */
};

enum { GH_RUB_BINS = 256 };

/*
 * r: drag beyond what the fit explains, positive against the motion; q: where;
 * forth: direction, positive or negative. A place counts with the smaller of
 * its two directions (the way back may be one bin off), since a rub brakes both
 * ways and a bump of weight only one. It is held against the median of its
 * surroundings, because the friction of a loaded gear rises smoothly towards
 * the ends of a sweep and would hide a rub from the median of all. Bins are
 * `width` wide. height NAN when fewer than 8 bins were passed both ways.
 */
struct gh_rub gh_find_rub(const double *q, const double *r, const double *forth,
			  size_t n, double width);

#endif
