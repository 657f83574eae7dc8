/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hold - is that key still down? A terminal tells no release, so a key counts
 * as held while it repeats (interface.md section 4.4). What it moves stops when
 * the repeats stop; a tap, a burst of late bytes or a terminal that repeats
 * nothing never moves anything.
 */
#ifndef GH_UI_HOLD_H
#define GH_UI_HOLD_H

#include "base/clock.h" /* gh_us */

#include <stdbool.h>

/* interface.md section 4.4: the first repeat, then the gaps between them. */
#define GH_UI_HOLD_FIRST_US (800 * (gh_us)GH_US_PER_MS)
#define GH_UI_HOLD_GAP_US (250 * (gh_us)GH_US_PER_MS)
/*
 * Sooner after the press it is no repeat but bytes that arrive together:
 * keyboards wait 200 ms and more before they repeat.
 */
#define GH_UI_HOLD_PROOF_US (100 * (gh_us)GH_US_PER_MS)

enum gh_hold_state {
	GH_HOLD_OFF,
	GH_HOLD_PRESSED, /* once: nothing may move yet */
	GH_HOLD_HELD
};

struct gh_hold {
	enum gh_hold_state state;
	int key;
	bool strict; /* something has moved: from here on no longer gap */
	gh_us pressed_at, heard_at;
};

/* The first time. */
void gh_hold_press(struct gh_hold *h, int key, gh_us now);

/*
 * The key was heard again. True: it is held. When it comes too late it was let
 * go meanwhile, and it has to be pressed anew.
 */
bool gh_hold_again(struct gh_hold *h, gh_us now);

/*
 * To be called with the time before keys are taken, so that what waited for us
 * in a burst is known to be late. True once: it was let go.
 */
bool gh_hold_tick(struct gh_hold *h, gh_us now);

/* Repeats of a key whose motion is over already: they mean nothing. */
bool gh_hold_trails(struct gh_hold *h, int key, gh_us now);

#endif
