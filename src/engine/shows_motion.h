/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * shows_motion - whether a joint's current alone proves that its arm moves: the
 * witness for an angle that stands still.
 */
#ifndef GH_ENGINE_SHOWS_MOTION_H
#define GH_ENGINE_SHOWS_MOTION_H

#include "engine/probe.h" /* struct gh_probe_in */

/*
 * Friction turns its sign with the motion, so current forth differs from
 * current back. That tells an arm that moves unseen from a motor that turns in
 * stripped gears with the arm really standing still. A joint that was never
 * swept is asked by its own wiggle: more unrest of the current than in the two
 * seconds after. False where too little was recorded.
 */
bool gh_current_shows_motion(const struct gh_probe_in *in);

#endif
