/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * world - a simulated sculpture, its wire and its clock in one process. Time
 * goes on only when somebody waits, so a one-minute check takes a moment and
 * the same seed gives the same recording, byte for byte. The controller in it
 * is ghostlight-sim's, or whatever else has these operations.
 */
#ifndef GH_TESTS_FAKES_WORLD_H
#define GH_TESTS_FAKES_WORLD_H

#include "base/clock.h"
#include "link/link.h"
#include "rig/rig.h"
#include "sim/device.h"

/* As sim/device.h has them; self is handed to every one. */
struct gh_world_ops {
	void (*advance)(void *self, gh_us until);
	size_t (*write)(void *self, const void *bytes, size_t n);
	size_t (*read)(void *self, void *buf, size_t cap);
	gh_us (*readable_at)(void *self);
	void (*reboot)(void *self);
	void (*set_baud)(void *self, long baud); /* NULL: any will do */
	void (*destroy)(void *self);
	/*
	 * What it says is known only this far ahead, so time goes on in such
	 * steps; 0: until whatever the host waits for.
	 */
	gh_us slice_us;
};

struct gh_world {
	struct gh_link link; /* hand &world->link to a driver */
	struct gh_clock clock;
	const struct gh_world_ops *ops;
	void *self;
	struct gh_sim_device *device; /* NULL where it is another one */
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

/* The same, of any set-up. */
void gh_world_open_sim(struct gh_world *w, const struct gh_sim_setup *setup);

/* Another controller, which is at `now` already; close destroys it. */
void gh_world_open_on(struct gh_world *w, const struct gh_world_ops *ops,
		      void *self, gh_us now);
void gh_world_close(struct gh_world *w);

#endif
