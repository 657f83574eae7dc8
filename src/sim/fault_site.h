/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fault_site - private to fault.c and fault_table.c: where a fault sits, and
 * what the rows of the table call.
 */
#ifndef GH_SIM_FAULT_SITE_H
#define GH_SIM_FAULT_SITE_H

#include "sim/fault.h" /* struct gh_wire_fault */

/* What a spec's part was found to mean. */
struct gh_fault_site {
	struct gh_plant *plant;
	struct gh_wire_fault *wire;
	const char *part;
	void *thing; /* struct gh_joint, gh_core, ... by the row's kind */
};

/* Whether sensor i is what a fault calls "core.light", "core.colour", ... */
bool gh_fault_is_sensor(const struct gh_plant *p, size_t i, const char *name);

#endif
