/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * find_port - which port a rig file means when the command names none. Only
 * ports that the rig file names by `usb` and `usb_serial` are ever opened, and
 * only where several fit and an `id` can tell them apart. A pty has no such
 * identity, so a simulated sculpture is never found.
 */
#ifndef GH_CLI_FIND_PORT_H
#define GH_CLI_FIND_PORT_H

#include "base/clock.h"	 /* struct gh_clock */
#include "base/status.h" /* enum gh_status */
#include "engine/run.h"	 /* struct gh_ears */
#include "link/match.h"	 /* struct gh_port_candidate */
#include "rig/rig.h"	 /* struct gh_rig_link */

struct gh_find_port {
	const struct gh_rig *rig;
	const struct gh_clock *clock;
	struct gh_ears ears; /* while candidates are asked */
	/* Hears one line per port that was taken, asked or left; NULL: none. */
	void (*say)(void *self, const char *line);
	void *self;
};

/*
 * The port of the rig's first link into out[cap]. GH_ARG: the rig file names
 * none, or several fit and nothing tells them apart: nothing was sent to any.
 * GH_IO: what it names is not there. GH_TIMEOUT: several fit and none has its
 * id. GH_CANCELLED.
 */
enum gh_status gh_find_port(const struct gh_find_port *how, char *out,
			    size_t cap, struct gh_err *err) GH_MUST_CHECK;

/*
 * All ports against what the rig's first link says, best first, none opened:
 * *n of them on the heap, *best how many share the first place (1: it is the
 * one). Free ports and candidates. The rig file's `port` alone, without an
 * identity, matches by its name.
 */
struct gh_port_list {
	struct gh_port *ports;
	struct gh_port_candidate *candidates;
	size_t n, best;
};
enum gh_status gh_port_list(const struct gh_rig *rig, struct gh_port_list *out,
			    struct gh_err *err) GH_MUST_CHECK;
void gh_port_list_free(struct gh_port_list *list);

/* For a header: the port that would be taken unasked, or what is looked for,
 * "usb 2341:0043 serial 557". */
void gh_find_port_shown(const struct gh_rig *rig, char *out, size_t cap);

/* The listed port behind a name such as /dev/serial/by-id/...; false: none. */
bool gh_port_find(const char *name, struct gh_port *out);

#endif
