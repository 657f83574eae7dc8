/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * breath - whether a lamp breathes as it was told: light against the ramps
 * that were commanded, and the dropouts in it (measurement.md section 4.3,
 * pulse.*).
 */
#ifndef GH_MEASURE_BREATH_H
#define GH_MEASURE_BREATH_H

#include <stdbool.h>
#include <stddef.h>

/* One commanded ramp: linear, then it stays. Times s, light in any unit. */
struct gh_ramp {
	double begin, end, from, to;
};

/* Ramps follow each other within this; what is longer apart is another breath. */
#define GH_BREATH_GAP_S 0.25
/* Delays that are looked for: a host that is late, never one that foresees. */
#define GH_BREATH_EARLY_S 0.05
#define GH_BREATH_LATE_S 0.40

/*
 * Commanded light at t: on a ramp, or in the short pause after one. NAN
 * elsewhere. Ramps are sorted by begin.
 */
double gh_ramps_at(const struct gh_ramp *ramps, size_t n, double t);

/* L(t) = gain E(t - delay) + offset. */
struct gh_breath {
	double gain, delay_s, offset;
	double resid; /* rms of the rest over the mean of L, dropouts too */
	double used_s; /* how much of the breath the fit saw */
};

/*
 * Fits light v at times t (sorted, s) to the ramps. Only light whose command is
 * known for every delay that is tried counts. Dropouts are left out of the fit,
 * in three rounds, or each would pull the gain down. room: two arrays of n for
 * its own use. False when the ramps do not differ from a constant or fewer than
 * 20 samples count.
 */
bool gh_breath_fit(const struct gh_ramp *ramps, size_t n_ramps, const double *t,
		   const double *v, size_t n, double *room,
		   struct gh_breath *out);

struct gh_sputter {
	double seconds;	  /* watched */
	unsigned events;  /* light below 0.7 of what it should be for >= 1 ms */
	double dark_s;	  /* together, each until 0.85 is reached again */
	double longest_s;
};

/* Dropouts against the fit; samples more than a few steps apart end one. */
struct gh_sputter gh_breath_sputter(const struct gh_ramp *ramps, size_t n_ramps,
				    const struct gh_breath *fit,
				    const double *t, const double *v, size_t n);

#endif
