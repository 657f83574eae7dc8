/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot_scale - from values to cells and round numbers; for plot*.c alone. */
#ifndef GH_UI_PLOT_SCALE_H
#define GH_UI_PLOT_SCALE_H

#include <stdbool.h>
#include <stddef.h>

struct gh_scale {
	double lo, hi; /* lo > hi: nothing was seen yet */
	double step;   /* of the numbers along the axis */
};

#define GH_SCALE_EMPTY                                                         \
	{                                                                      \
		INFINITY, -INFINITY, 0.0                                       \
	}

/* What is not finite, or beyond 1e300, is passed over. */
void gh_scale_see(struct gh_scale *s, double v);

/* Widens equal values and chooses 1, 2 or 5 times a power of ten as step. */
void gh_scale_finish(struct gh_scale *s, int numbers);

/* 0 at lo, n - 1 at hi; v must lie between. */
int gh_scale_place(const struct gh_scale *s, double v, int n);
/* The same in halves: 2 i is the lower half of place i, 2 i + 1 the upper. */
int gh_scale_half(const struct gh_scale *s, double v, int n);
bool gh_scale_has(const struct gh_scale *s, double v);

/* The i-th round number that lies inside; false: there are no more. */
bool gh_scale_number(const struct gh_scale *s, int i, double *v);

/* As the axis writes it, at most 9 columns. */
void gh_scale_text(const struct gh_scale *s, double v, char *out, size_t cap);

#endif
