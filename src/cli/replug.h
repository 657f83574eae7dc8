/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * replug - after an unplug in mid run: looks a few seconds for the same adapter
 * under any name and, when it is back, leaves the controller in its safe state
 * and says what it found there. Motion is never resumed. A pty has no identity:
 * there is nothing to look for.
 */
#ifndef GH_CLI_REPLUG_H
#define GH_CLI_REPLUG_H

#include "driver/driver.h" /* struct gh_driver */
#include "engine/run.h"	   /* struct gh_ears */

/*
 * The whole must end 5 s after the unplug: whoever waits at the desk gets the
 * verdict. 3 s cover a plug put back at once (its tty comes 0.5 s later,
 * bench.md d), the rest a board that boots and answers.
 */
#define GH_REPLUG_LOOK_US ((gh_us)3000000)
#define GH_REPLUG_END_US ((gh_us)4500000)

struct gh_replug {
	const struct gh_port *was; /* the port as it was opened */
	const char *device, *boot; /* ids of the controller, "" none */
	const struct gh_driver *driver;
	const struct gh_rig *rig;
	const struct gh_clock *clock;
	struct gh_ears ears;
	gh_us begun, gone; /* host time of the check and of the unplug */
};

struct gh_replugged {
	bool back;	/* the same controller answered again */
	bool safe_seen; /* and its safe state was read back */
	char port[64];	/* its name now */
	char text[160];	/* "unplugged after 12.3 s; back as ...; holds" */
};

/* The old link must be closed already, or the port gets a new name. */
void gh_replug(const struct gh_replug *how, struct gh_replugged *out);

#endif
