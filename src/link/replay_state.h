/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * replay_state - private to the replay: replay_log.c walks through the lines,
 * replay.c is the clock and the link that they make.
 */
#ifndef GH_LINK_REPLAY_STATE_H
#define GH_LINK_REPLAY_STATE_H

#include "link/replay.h" /* struct gh_replay */

struct gh_replay {
	struct gh_clock clock;
	struct gh_wirelog_head head;
	char name[80];
	char *text;
	size_t n, next;	 /* bytes, and where the line after `line` begins */
	unsigned number; /* of `line`, for messages */
	struct gh_wirelog_line line; /* what comes next */
	bool over;		     /* no line is left, or the tool differs */
	bool cut, was_pty;
	gh_us at;
	unsigned long asked; /* readings of that time since the last line */
	size_t wrote;	     /* bytes of the tool so far */
	struct gh_err differs;
};

/* The line that is next is used up; `time` also adds its time. */
void replay_step(struct gh_replay *r);
void replay_step_time(struct gh_replay *r);
/*
 * The tool reads the clock as often as it did then, so these lines are used up
 * in their place; only for a tool that differs they may still stand here.
 */
void replay_skip_time(struct gh_replay *r);
bool replay_is_next(const struct gh_replay *r, enum gh_wirelog_mark mark);
/* What the recorded tool did there, as a word of a sentence. */
const char *replay_name_of(enum gh_wirelog_mark mark);
/* The first difference ends the replay; the reason stays. */
void replay_note_difference(struct gh_replay *r, const char *found,
			    const char *expected);

/* The clock and its functions; for gh_replay_load. */
void replay_start_clock(struct gh_replay *r);

#endif
