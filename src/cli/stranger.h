/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * stranger - who is on a port that nobody knows, in the order that harms
 * nobody: first only listen, then the one byte F9 at 57600, and when all is
 * silent the HELLO of lumina at 115200, which the others ignore. Whoever keeps
 * talking in no language known here is sent nothing more: a byte at the wrong
 * rate is another byte to him. A controller that goes on telling a dead host
 * what happened is known by its frames, and asked.
 */
#ifndef GH_CLI_STRANGER_H
#define GH_CLI_STRANGER_H

#include "cli/asking.h" /* struct gh_asking */

struct gh_stranger {
	const struct gh_driver *driver; /* that was answered */
	const char *step; /* what was answered: "listening", "F9", "HELLO" */
	struct gh_dev_info info;
};

/*
 * GH_UNSUP: whatever that USB adapter is, what others ignore is a command to
 * it. Asked before the port is opened; a port that is not listed is no such.
 */
enum gh_status gh_stranger_may_be_asked(const char *port,
					struct gh_err *err) GH_MUST_CHECK;

/*
 * Asks each driver in turn but `known` (NULL: all), which was asked already,
 * at its own rate. *out is whole with GH_OK alone. GH_UNSUP: it keeps talking,
 * else what the last driver found.
 */
enum gh_status gh_stranger_ask(struct gh_asking *a,
			       const struct gh_driver *known,
			       struct gh_stranger *out,
			       struct gh_err *err) GH_MUST_CHECK;

/* Silence or another language is not the end: the next driver may know it. */
bool gh_stranger_may_be_other(enum gh_status st);

#endif
