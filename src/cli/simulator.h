/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * simulator - ghostlight-sim as a child of the screens, for who has no
 * sculpture there. It is a program of its own: a verdict never comes from a
 * simulator inside the checker by accident.
 */
#ifndef GH_CLI_SIMULATOR_H
#define GH_CLI_SIMULATOR_H

#include "base/clock.h" /* struct gh_clock */
#include "cli/paths.h"	/* GH_PATH_CAP */

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define GH_SIMULATOR "ghostlight-sim"

/* In the folder of this program; false when it is not there. */
bool gh_simulator_path(char *out, size_t cap);

struct gh_simulator {
	pid_t pid; /* 0: none runs */
	char port[64];
	char rig[GH_PATH_CAP]; /* the reference sculpture's */
	char db[GH_PATH_CAP];  /* of simulated runs alone; its folder is there */
};

/*
 * Starts one and waits until it has said its port. It dies with this process
 * however that ends, and Ctrl-C on the terminal does not reach it: the run
 * must be stopped first. Another session, a power-up, every second.
 */
enum gh_status gh_simulator_start(struct gh_simulator *s,
				  const struct gh_clock *clock,
				  struct gh_err *err) GH_MUST_CHECK;

/* Ends it and waits for that; harmless when none runs. */
void gh_simulator_stop(struct gh_simulator *s, const struct gh_clock *clock);

#endif
