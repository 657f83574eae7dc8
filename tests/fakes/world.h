/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * world - a simulated sculpture, its wire and its clock in one process. Time
 * goes on only when somebody waits, so a one-minute check takes a moment and
 * the same seed gives the same recording, byte for byte.
 */
#ifndef GH_TESTS_FAKES_WORLD_H
#define GH_TESTS_FAKES_WORLD_H

#include "base/clock.h"
#include "link/link.h"
#include "rig/rig.h"
#include "sim/device.h"

struct gh_world {
	struct gh_link link; /* hand &world->link to a driver */
	struct gh_clock clock;
	struct gh_sim_device *device;
	gh_us now;
	gh_us unplug_at; /* the cable comes out, GH_US_NEVER: never */
	gh_us reboot_at; /* the controller restarts */
	gh_us stall_from, stall_us; /* the host is starved once */
	size_t waits;
};

/*
 * Faults as ghostlight-sim takes them, n_faults of them. Fails the running
 * test when the set-up is refused.
 */
void gh_world_open(struct gh_world *w, const struct gh_rig *rig, uint64_t seed,
		   unsigned session, const char *const *faults,
		   size_t n_faults);
void gh_world_close(struct gh_world *w);

#endif
