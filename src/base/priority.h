/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * priority - before all other programs while joints move: a beat that comes
 * late stops the arms (reliability.md section 3, the measured lateness).
 */
#ifndef GH_BASE_PRIORITY_H
#define GH_BASE_PRIORITY_H

#include <stdbool.h>

/* What there was before; all 0 is a fresh one. */
struct gh_priority {
	bool raised;
	int policy, level;
};

/*
 * SCHED_FIFO at its lowest level, where that is permitted (root,
 * CAP_SYS_NICE, RLIMIT_RTPRIO); refused it changes nothing. A process that is
 * in real time already stays what it is.
 */
void gh_priority_raise(struct gh_priority *p);
/* Back to what there was; harmless when nothing was raised. */
void gh_priority_restore(struct gh_priority *p);
/* This process is in real time now, by us or by who started it. */
bool gh_priority_is_first(void);

#endif
