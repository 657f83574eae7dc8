/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fault_site - private to fault*.c: where a fault sits, and what the rows of
 * the table call.
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
	void *other; /* the second joint of "joint:joint" */
};

/* Names after one another; the end is "..." where they do not all fit. */
struct gh_fault_list {
	char text[176];
	size_t used;
};

void gh_fault_list_add(struct gh_fault_list *l, const char *name);

/* A kind of part, as the rows of the table name it. */
struct gh_fault_kind {
	const char *name;
	/* The thing whose number is set; NULL: no such part. */
	void *(*find)(struct gh_fault_site *at);
	/* What there is of it. */
	void (*list)(const struct gh_plant *p, struct gh_fault_list *l);
};

/* The kind of a row; every row has one. */
const struct gh_fault_kind *gh_fault_kind(const struct gh_fault *f);

/* Whether sensor i is what a fault calls "core.light", "core.colour", ... */
bool gh_fault_is_sensor(const struct gh_plant *p, size_t i, const char *name);

#endif
