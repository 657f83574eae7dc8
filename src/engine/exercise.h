/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * exercise - the kinds of things a sculpture is made to do (measurement.md
 * section 2), and the span that says when one was done and how.
 */
#ifndef GH_ENGINE_EXERCISE_H
#define GH_ENGINE_EXERCISE_H

#include "base/part.h"	  /* enum gh_part_kind */
#include "base/segment.h" /* enum gh_shape */

enum gh_exercise {
	GH_EX_IDENTITY, /* one joint at a time, +-1.5 deg */
	GH_EX_TRAVEL,	/* easing from here to there, nothing is read off it */
	GH_EX_SWEEP,	/* one leg of a triangle at constant speed */
	GH_EX_DWELL,	/* the pause between legs */
	GH_EX_REVERSAL, /* one leg of a slow reversal */
	GH_EX_STEP,	/* 0.2 rad at once */
	GH_EX_HOLD,	/* still, loaded */
	GH_EX_STILL,	/* still at home, torque on */
	GH_EX_DARK,	/* core off */
	GH_EX_CHANNEL,	/* one core channel alone: arg = channel */
	GH_EX_LOOK,	/* a named look: arg = index of the look */
	GH_EX_PULSE,	/* half a breath, a linear ramp from one look of
			   rig->breath to the other: arg 0 there, 1 back */
	GH_EX_SPOT,	/* lit by the spotlight while arms sweep */
	GH_EX_END,	/* guarded, gently to an end: arg 0 low, 1 high */
	GH_EX_REST,	/* torque off, where an arm may hang */
	GH_EX_PRESS,	/* a person presses the remote: arg = times asked */
	GH_EX_COUNT
};

/*
 * One piece of exercise of one part. A part that only witnesses what another
 * one does (a fibre the core's colours, a crystal the spotlight) has spans of
 * its own for it, so that the recording says what was done to whom. Joints:
 * from and to are angles and the command at t is gh_segment_at() of them.
 * Lamps: drive holds the levels. Spans of one part do not overlap and are
 * sorted by begin.
 */
struct gh_span {
	int part;
	enum gh_exercise exercise;
	unsigned repeat;  /* 0 or 1: the two halves of every exercise */
	int arg;	  /* channel or look; 0 else */
	gh_us begin, end; /* controller time */
	enum gh_shape shape;
	double from_rad, to_rad;
	double drive[4]; /* red, green, blue, white, 0..1 */
};

/*
 * "short_travel, wrong_limits": faults (measurement.md section 5.1) of a kind
 * of part that may hide where it was not exercised so; "" where another
 * exercise shows them as well.
 */
const char *gh_exercise_hides(enum gh_exercise e, enum gh_part_kind kind);

/* "sweep", "look", ...; never NULL. */
const char *gh_exercise_name(enum gh_exercise e);

#endif
