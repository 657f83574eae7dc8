/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tell - what the controller's motion is doing, for whoever must know it to
 * the microsecond: tests that kill the host in mid sweep. A busy computer
 * changes nothing in these times, because they are the controller's own.
 */
#ifndef GH_SIM_TELL_H
#define GH_SIM_TELL_H

#include "firmware/core/core.h" /* struct fw_core */

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Times are controller microseconds since the device was created. */
struct gh_sim_motion {
	int64_t at_us;
	int64_t beat_us;     /* when the last heartbeat or ARM came in */
	enum fw_state state;
	enum fw_cause cause; /* of the latch */
	bool moves;	     /* some actuator is commanded to be under way */
};

/* clock_us: the controller's own clock at at_us. */
void gh_sim_motion_read(struct gh_sim_motion *m, const struct fw_core *c,
			int64_t at_us, uint32_t clock_us);

/* In state, cause or moves. */
bool gh_sim_motion_differs(const struct gh_sim_motion *a,
			   const struct gh_sim_motion *b);

/* `motion: AT STATE CAUSE BEAT moves|rests`, flushed. */
void gh_sim_motion_print(const struct gh_sim_motion *m, FILE *out);

#endif
