/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * wiring - how a part hangs on a controller that cannot describe itself. The
 * rig file's [wiring LINK] lines become these; the driver reads `how`.
 */
#ifndef GH_BASE_WIRING_H
#define GH_BASE_WIRING_H

#include "base/part.h" /* enum gh_quantity */
#include "base/text.h" /* GH_NAME_CAP */

#include <stddef.h>

#define GH_WIRE_HOW_CAP 128

/*
 * "resilience.elbow.position = analog pin=0 vref=5 V ..." becomes part
 * "resilience.elbow", what GH_Q_POSITION, how "analog pin=0 ...". Colour
 * sensors and lamps are one wire each: "core.colour" has what
 * GH_Q_COLOUR_CLEAR, "core.lamp" has what GH_Q_COMMAND on a core part.
 */
struct gh_wire {
	char part[GH_NAME_CAP];
	enum gh_quantity what;
	char how[GH_WIRE_HOW_CAP];
	int line; /* of the rig file, for messages */
};

struct gh_wiring {
	const char *file; /* the rig file's name, for messages */
	const struct gh_wire *wires;
	size_t n;
};

#endif
