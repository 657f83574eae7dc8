/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * record - keeps the raw wire of a run with its times, for replay.h. It stands
 * between a run and its link and clock: bytes pass through unchanged, and the
 * time that the run is told moves only in steps that are written down, so that
 * a replay takes the same decisions. Nothing is written to the disk between
 * gh_record_begin and gh_record_finish: arms may be moving.
 */
#ifndef GH_LINK_RECORD_H
#define GH_LINK_RECORD_H

#include "link/link.h"	  /* struct gh_link */
#include "link/wirelog.h" /* struct gh_wirelog_head */

struct gh_record; /* opaque */

/*
 * Creates `file` (GH_ARG when it is there already: a recording is evidence;
 * GH_IO when it cannot be written) and writes the head. The clock must outlive
 * the record; head->clock is its time when the run began.
 */
enum gh_status gh_record_begin(struct gh_record **out, const char *file,
			       const struct gh_wirelog_head *head,
			       const struct gh_clock *clock,
			       struct gh_err *err) GH_MUST_CHECK;

/* What the run is to wait on from now on. */
const struct gh_clock *gh_record_clock(const struct gh_record *r);

/*
 * Puts the recorder before *link, which it then owns; close the new one. Must
 * not outlive the record. On failure *link stays as it was.
 */
enum gh_status gh_record_link(struct gh_record *r, struct gh_link **link,
			      struct gh_err *err) GH_MUST_CHECK;
/* The port could not be opened. */
void gh_record_no_link(struct gh_record *r, const struct gh_err *why);

/* The operator's stop was heard now. */
void gh_record_stop(struct gh_record *r);

/*
 * Writes what was kept and frees the record. GH_IO: the file is not whole, and
 * says so by lacking its last line. NULL is fine.
 */
enum gh_status gh_record_finish(struct gh_record *r,
				struct gh_err *err) GH_MUST_CHECK;

#endif
