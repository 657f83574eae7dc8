/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * control - the stop socket: a running check listens, `ghostlight stop`
 * connects. Not an emergency stop: that one is hardware. The protocol is lines
 * of text: "stop" is answered by "stopping" and, when the controller's safe
 * state was read back, by what was read.
 */
#ifndef GH_CLI_CONTROL_H
#define GH_CLI_CONTROL_H

#include "base/clock.h"	 /* struct gh_clock */
#include "base/status.h" /* enum gh_status */

#include <stdbool.h>
#include <stddef.h>

enum { GH_CONTROL_NAMES = 2, GH_CONTROL_CLIENTS = 4, GH_CONTROL_LINE = 128 };

/* One running check's ears; zero it before gh_control_start. */
struct gh_control {
	bool started;
	bool asked; /* somebody said stop */
	struct gh_listener {
		int fd;
		char path[108]; /* as long as a socket's name may be */
	} listeners[GH_CONTROL_NAMES];
	unsigned n_listeners;
	int clients[GH_CONTROL_CLIENTS];
	unsigned n_clients;
};

/*
 * Listens under the names of the port and of the serial ("" or NULL: none).
 * Failure leaves it silent and harmless: a check without it can still be
 * stopped by a signal.
 */
enum gh_status gh_control_start(struct gh_control *c, const char *port,
				const char *serial,
				struct gh_err *err) GH_MUST_CHECK;
size_t gh_control_fds(const struct gh_control *c, struct pollfd *out,
		      size_t cap);
/* Takes what callers said; true from the first "stop" on. */
bool gh_control_hear(struct gh_control *c);
/* Tells waiting callers what was read back, closes and removes the sockets. */
void gh_control_finish(struct gh_control *c, bool safe_seen,
		       const char *safe_text);

/*
 * The other side: asks the owner of that port or serial to stop and waits at
 * most 3 s for what it read back. *safe: it saw the safe state. GH_NODATA:
 * nobody owns it.
 */
enum gh_status gh_control_ask(const struct gh_clock *clk, const char *port,
			      const char *serial, char text[GH_CONTROL_LINE],
			      bool *safe, struct gh_err *err) GH_MUST_CHECK;

#endif
