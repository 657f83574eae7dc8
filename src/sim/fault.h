/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fault - the named faults a simulated sculpture can have, in physical units,
 * by the names and sizes of measurement.md section 5.2. One table row each.
 */
#ifndef GH_SIM_FAULT_H
#define GH_SIM_FAULT_H

#include "base/status.h" /* enum gh_status */
#include "sim/plant.h"	 /* struct gh_plant */

/* What a fault does to the controller and its wire instead of the plant. */
struct gh_wire_fault {
	double lost_ppm;       /* frames lost or damaged, each direction */
	double slow_ms;	       /* added to each reply */
	double resets_per_min; /* brown-outs, at random times */
};

struct gh_fault_site;

struct gh_fault {
	const char *name;
	/*
	 * A part kind's name, "sensor", "light sensor" or "joint:joint". A
	 * name may serve several kinds.
	 */
	const char *part_kind;
	const char *unit; /* of the size, for --list-faults */
	double barely, noticeable, gross;
	double lo, hi; /* sizes it takes */

	/* How it is done: fault.c and fault_table.c only. */
	double plant_unit; /* the plant's unit over the fault's */
	size_t field;	   /* of the part's struct, a double, or: */
	void (*turn)(const struct gh_fault_site *at, double value);
	bool is_of_wire; /* set in struct gh_wire_fault */
};

/* {0}-terminated. */
extern const struct gh_fault gh_faults[];

/*
 * Applies "NAME@PART[=barely|noticeable|gross|NUMBER]" (gross when left out) to
 * the plant or, at the link and controller, to wire (NULL: refused). A sensor's
 * part is the part it looks at plus the quantity: "sensor_dead@core.colour",
 * "sensor_dead@core.light", "sensor_dead@resilience.elbow.current"; of two
 * joints a ':' between their names:
 * "swapped_cable@resilience.elbow:resilience.wrist". GH_ARG names the unknown
 * fault, part or size and lists what would have been right.
 */
enum gh_status gh_fault_apply(struct gh_plant *p, struct gh_wire_fault *wire,
			      const char *spec,
			      struct gh_err *err) GH_MUST_CHECK;

#endif
