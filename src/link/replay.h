/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * replay - a run's wire log (record.h) as a controller and a clock. Time is
 * what the log says, so nothing is waited for; what the tool writes must be
 * what it wrote then, else the replay has come to its end: it `differs`. Where
 * a log without its last line ends, the controller falls silent.
 */
#ifndef GH_LINK_REPLAY_H
#define GH_LINK_REPLAY_H

#include "link/link.h"	  /* struct gh_link */
#include "link/wirelog.h" /* struct gh_wirelog_head */

struct gh_replay; /* opaque */

/*
 * Reads and checks all of `file`. GH_ARG: not there, no wire log, or damaged
 * (FILE:LINE). Free with gh_replay_free.
 */
enum gh_status gh_replay_load(struct gh_replay **out, const char *file,
			      struct gh_err *err) GH_MUST_CHECK;
void gh_replay_free(struct gh_replay *r); /* NULL is fine */

/* Lives as long as the replay. */
const struct gh_wirelog_head *gh_replay_head(const struct gh_replay *r);
const struct gh_clock *gh_replay_clock(const struct gh_replay *r);

/*
 * The port as it was opened, or the reason why it was not. Close it before the
 * replay is freed. It counts as a pty: whatever runs over it is SIMULATED.
 */
enum gh_status gh_replay_link(struct gh_replay *r, struct gh_link **out,
			      struct gh_err *err) GH_MUST_CHECK;
/* What was recorded came over a pty too. */
bool gh_replay_was_pty(const struct gh_replay *r);

/* Stand for the operator's ears: their descriptors, and whether the stop was
 * heard here. */
size_t gh_replay_ears(struct pollfd *out, size_t cap);
bool gh_replay_hear(struct gh_replay *r);

/* The run is over: a log that goes on differs. */
void gh_replay_end(struct gh_replay *r);
/* Where and how this tool says something else; NULL: it does not. */
const struct gh_err *gh_replay_differs(const struct gh_replay *r);
/* The log lacks its last line: its end was lost. */
bool gh_replay_is_cut(const struct gh_replay *r);

#endif
