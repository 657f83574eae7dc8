/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * device - a whole simulated controller in one object: the firmware's core on
 * a board on a plant, and the wire to it. Nothing here reads a clock: the
 * caller says how far time has come. ghostlight-sim hands in real time; a
 * test hands in whatever it likes and runs a minute in a moment.
 *
 * Times are wall microseconds since creation. The controller's own clock runs
 * time_scale times faster, and so does the wire: a byte takes 10 bit times at
 * the announced rate, divided by time_scale.
 */
#ifndef GH_SIM_DEVICE_H
#define GH_SIM_DEVICE_H

#include "base/clock.h"	 /* gh_us */
#include "base/status.h" /* enum gh_status */
#include "rig/rig.h"	 /* struct gh_rig */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gh_plant;
struct gh_sim_device;
struct gh_sim_motion; /* sim/tell.h */

enum { GH_SIM_TIME_SCALE_MAX = 255 };
/* Why a controller started: HELLO's reset_cause. */
enum { GH_SIM_POWER_ON = 1, GH_SIM_BROWN_OUT = 4 };

struct gh_sim_setup {
	const struct gh_rig *rig; /* needed during create only */
	uint64_t seed;		  /* the individual */
	unsigned session;	  /* the power-up */
	unsigned time_scale;	  /* 1..GH_SIM_TIME_SCALE_MAX */
	const char *const *faults; /* "NAME@PART[=SEVERITY]", may be NULL */
	size_t n_faults;
	const char *board; /* of sim/board_kind.h; NULL: the first */
	bool stagehand;	   /* somebody presses the remote every 1.6 s */
	bool has_enable;   /* an enable input, always on */
};

/* GH_ARG: a fault, the board or the time scale is wrong. GH_NOMEM. */
enum gh_status gh_sim_device_create(struct gh_sim_device **out,
				    const struct gh_sim_setup *setup,
				    struct gh_err *err) GH_MUST_CHECK;
void gh_sim_device_destroy(struct gh_sim_device *d); /* NULL is fine */

/* Lets the world run to that time; an earlier one changes nothing. */
void gh_sim_device_advance(struct gh_sim_device *d, gh_us until_us);

/* When something will happen by itself; GH_US_NEVER: not before a write. */
gh_us gh_sim_device_next(const struct gh_sim_device *d);

/*
 * The host's bytes, put on the wire at the time reached by advance; they
 * arrive one after the other. Returns how many the wire's queue took.
 */
size_t gh_sim_device_write(struct gh_sim_device *d, const void *bytes,
			   size_t n);

/* Bytes that have reached the host by now. What does not fit is lost. */
size_t gh_sim_device_read(struct gh_sim_device *d, void *buf, size_t cap);
/* When the next byte for the host is there; GH_US_NEVER: none is under way. */
gh_us gh_sim_device_readable_at(const struct gh_sim_device *d);

/*
 * The rate the controller speaks. Bytes keep its pace; none is mangled for a
 * host at another rate, since a pseudo-terminal has none: a test's link may.
 */
long gh_sim_device_baud(const struct gh_sim_device *d);

/* Something moves, streams or is armed. */
bool gh_sim_device_is_busy(const struct gh_sim_device *d);

void gh_sim_device_motion(const struct gh_sim_device *d,
			  struct gh_sim_motion *out);

/* Called at every change of state, cause or moves, when it happens. */
typedef void gh_sim_teller(void *self, const struct gh_sim_motion *now);
void gh_sim_device_tell(struct gh_sim_device *d, gh_sim_teller *tell,
			void *self);

/* Restarts the controller (GH_SIM_BROWN_OUT ...); the plant goes on. */
void gh_sim_device_reboot(struct gh_sim_device *d, unsigned cause);

/* One more fault, in mid run. */
enum gh_status gh_sim_device_fault(struct gh_sim_device *d, const char *spec,
				   struct gh_err *err) GH_MUST_CHECK;

/* Somebody presses the remote's button once. */
void gh_sim_device_press(struct gh_sim_device *d);

/* The physics, for tests that look behind the controller. Borrowed. */
struct gh_plant *gh_sim_device_plant(struct gh_sim_device *d);

#endif
