/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * world - an emulated board as a world of the tests (fakes/world.h), and whole
 * rehearsals on it: the same individuals, faults, engine and judge as on
 * ghostlight-sim, in virtual time.
 */
#ifndef GH_TESTS_BOARDS_WORLD_H
#define GH_TESTS_BOARDS_WORLD_H

#include "boards/board.h"    /* struct gh_board */
#include "fakes/rehearsal.h" /* struct gh_rehearsal */
#include "fakes/world.h"     /* struct gh_world */

/*
 * Creates the board and lets it boot; w->self is the struct gh_board. The host
 * begins at `baud`. Fails the running test when the set-up is refused.
 */
void gh_board_world_open(struct gh_world *w, const struct gh_board_setup *setup,
			 long baud);

/* Where a rehearsal takes place: kind, firmware, switches; the rest is its. */
void gh_board_rehearse(struct gh_rehearsal *r, struct gh_board_setup *setup,
		       const char *driver, gh_us budget_us);

#endif
