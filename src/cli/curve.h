/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * curve - what a recording of one part looks like over its travel or its
 * breath: means in bins that are the same in every run, so that runs can be
 * laid over each other.
 */
#ifndef GH_CLI_CURVE_H
#define GH_CLI_CURVE_H

#include "base/arena.h"	      /* struct gh_arena */
#include "engine/recording.h" /* struct gh_recording */

#include <stdbool.h>

enum { GH_CURVE_BINS = 256 };

struct gh_curve {
	double x0, step; /* middle of bin i: x0 + i * step */
	/* [0]: there, or the mean; [1]: back, or the lowest. NAN: not seen. */
	double y[2][GH_CURVE_BINS];
	unsigned n; /* bins that were seen in either */
};

typedef void gh_curve_read(const struct gh_recording *rec, int part,
			   struct gh_arena *tmp, struct gh_curve *out);

/*
 * A joint's current in A over its angle in deg, there and back: of the slowest
 * legs, where what grease adds is least.
 */
gh_curve_read gh_curve_current;

/*
 * How far a joint is from where it is told to be, in deg over the told angle,
 * in slow reversals: friction, and play in the gears, open a loop.
 */
gh_curve_read gh_curve_loop;

/*
 * Light of one breath of the core over its seconds, the dark taken off, of full
 * scale: mean and lowest of all breaths.
 */
gh_curve_read gh_curve_breath;

/* Several runs over each other, by bin. */
struct gh_curves {
	unsigned n[2][GH_CURVE_BINS];
	double sum[2][GH_CURVE_BINS], lo[2][GH_CURVE_BINS],
		hi[2][GH_CURVE_BINS];
};
void gh_curves_add(struct gh_curves *s, const struct gh_curve *one);
/* NAN where no run has been. */
double gh_curves_mean(const struct gh_curves *s, unsigned way, unsigned bin);

#endif
