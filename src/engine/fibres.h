/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fibres - what all fibre bundles pass of the core's light, read in one go,
 * since each is judged against its siblings: an ageing lamp dims all alike
 * (measurement.md section 4.3).
 */
#ifndef GH_ENGINE_FIBRES_H
#define GH_ENGINE_FIBRES_H

#include "engine/lit.h" /* struct gh_probe_in */

struct gh_fibre {
	int part;
	double lit;	   /* light above the dark, mean over the channels */
	double passes;	   /* T: that over the core's own light */
	double red, blue;  /* the same of these channels alone */
	double dark;	   /* core off */
	bool is_clipped;   /* this sensor */
	bool is_ref_in_doubt; /* the core's: clipped, or it lies */
	bool is_suspect;     /* its sensor lies: suspect.c */
};

/*
 * Every fibre that has a photodiode, in the order of the rig; returns how many
 * (at most cap). The core's own light is its photodiode's, its colour sensor's
 * where there is none or it is suspect, and 1 where it has neither. NAN where
 * something was not seen.
 */
size_t gh_fibres_read(const struct gh_probe_in *in, struct gh_fibre *out,
		      size_t cap);

/*
 * What a sound bundle passes and shows: the mean over those of the n fibres, at
 * most GH_RIG_PARTS, that are within a factor of two of the median, without
 * those whose eye lies and those that show less than a tenth of the brightest:
 * they are no measure for their siblings. NAN where none shows light.
 */
void gh_fibres_typical(const struct gh_fibre *fibres, size_t n, double *passes,
		       double *lit);

#endif
