/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lit - reading light off a recording: what a sensor saw of one lit state with
 * the dark around it taken off, so that the room, and its drift, cancel
 * (measurement.md section 4.1). For the probes of core, fibre, crystal, chrome
 * and spotlight.
 */
#ifndef GH_ENGINE_LIT_H
#define GH_ENGINE_LIT_H

#include "engine/probe.h" /* struct gh_probe_in, struct gh_series */

/* A colour sensor gathers for 24 to 100 ms; lamps are faster. Assumed. */
#define GH_LIT_SETTLE_US 150000
#define GH_LIT_LEAVE_US 20000
/* Light too dim to divide by, of full scale: assumed. */
#define GH_LIT_DIM 0.01

enum { GH_LIT_SPANS = 64, GH_LIT_ANY = -1 };

/* The dark frames of the whole run, as one sensor saw them. */
struct gh_darkness {
	size_t n;
	double t[GH_LIT_SPANS], v[GH_LIT_SPANS];
};

/* What one sensor saw of one state. */
struct gh_lit {
	double light; /* above the dark; NAN: never lit or never seen */
	double dark;  /* at that time */
	bool is_clipped;
};

/* The same question about another part, for what witnesses the subject. */
struct gh_probe_in gh_lit_of(const struct gh_probe_in *in, int part);

/* The subject's frames; n 0 where there are none: dark is then NAN. */
void gh_lit_darkness(const struct gh_probe_in *in, enum gh_quantity what,
		     struct gh_darkness *dark);
/* Dark at `at`, on the line between the frames before and after it. */
double gh_lit_dark_at(const struct gh_darkness *dark, gh_us at);

/* The settled part of a span. */
struct gh_series gh_lit_frame(const struct gh_probe_in *in,
			      enum gh_quantity what,
			      const struct gh_span *span);

/*
 * Mean over the subject's spans of that exercise and arg (GH_LIT_ANY: all),
 * each against the dark at its own time.
 */
struct gh_lit gh_lit_state(const struct gh_probe_in *in, enum gh_quantity what,
			   const struct gh_darkness *dark,
			   enum gh_exercise exercise, int arg);

/*
 * Whether the room outshines the measurement: dark against the brightest
 * state, dark included. A room that is dark itself never does; then it is a
 * weak lamp that makes the share large.
 */
bool gh_lit_is_drowned(double dark, double brightest);

/*
 * What is wrong with the subject's photodiode or its room makes all metrics of
 * the probe unknown: after all of them were put.
 */
void gh_lit_doubt(const struct gh_probe_in *in, struct gh_probe_out *out,
		  bool is_drowned, bool is_clipped);

#endif
