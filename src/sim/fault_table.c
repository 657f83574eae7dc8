/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fault_table - one row per fault: its sizes (measurement.md section 5.2), the
 * sizes beyond which it is a slip of the keyboard and not a sculpture
 * (assumed), and the number of the plant that it sets.
 */
#include "sim/fault_site.h" /* struct gh_fault_site */

#include "sim/plant_internal.h" /* the dials a fault turns */

#include <stddef.h>

static void weaken_sensors(const struct gh_fault_site *at, double lost)
{
	for (size_t i = 0; i < at->plant->n_sensors; i++)
		if (gh_fault_is_sensor(at->plant, i, at->part))
			at->plant->sensors[i].gain = 1 - lost;
}

#define SETS(type, member) .field = offsetof(struct type, member)
#define JOINT(member) SETS(gh_joint, member)
#define SUPPLY(member) SETS(gh_supply, member)
#define CORE(member) SETS(gh_core, member)
#define WIRE(member) .is_of_wire = true, SETS(gh_wire_fault, member)
#define SIZES(b, n, g) .barely = (b), .noticeable = (n), .gross = (g)
#define WITHIN(a, b) .lo = (a), .hi = (b)
#define AS_IS .plant_unit = 1
#define DEGREES .plant_unit = GH_PLANT_DEG

/* clang-format off: one row per fault reads best unbroken */
const struct gh_fault gh_faults[] = {
	/* ---- joints ---- */
	{ "limp", "joint", "share of peak load torque", SIZES(0.15, 0.5, 1),
	  WITHIN(0, 1), AS_IS, JOINT(limp_share) },
	{ "dry_joint", "joint", "factor", SIZES(1.15, 1.35, 2), WITHIN(1, 10),
	  AS_IS, JOINT(dry_factor) },
	{ "binding_spot", "joint", "N m", SIZES(0.03, 0.08, 0.25), WITHIN(0, 2),
	  AS_IS, JOINT(binding_nm) },
	{ "backlash", "joint", "deg", SIZES(0.5, 1, 2), WITHIN(0, 10), DEGREES,
	  JOINT(lash_rad) },
	{ "no_power", "joint", "share of time", SIZES(0.02, 0.2, 1),
	  WITHIN(0, 1), AS_IS, JOINT(outage.share) },

	/* ---- supply ---- */
	{ "no_power", "supply", "share of time", SIZES(0.02, 0.2, 1),
	  WITHIN(0, 1), AS_IS, SUPPLY(outage.share) },
	{ "supply_sag", "supply", "ohm", SIZES(0.05, 0.15, 0.40), WITHIN(0, 5),
	  AS_IS, SUPPLY(extra_ohm) },

	/* ---- light ---- */
	{ "core_dim", "core", "share", SIZES(0.10, 0.25, 0.60), WITHIN(0, 1),
	  AS_IS, CORE(dim) },
	{ "red_lost", "core", "share", SIZES(0.15, 0.5, 1), WITHIN(0, 1), AS_IS,
	  CORE(lost[0]) },
	{ "green_lost", "core", "share", SIZES(0.15, 0.5, 1), WITHIN(0, 1),
	  AS_IS, CORE(lost[1]) },
	{ "blue_lost", "core", "share", SIZES(0.15, 0.5, 1), WITHIN(0, 1),
	  AS_IS, CORE(lost[2]) },
	{ "white_lost", "core", "share", SIZES(0.15, 0.5, 1), WITHIN(0, 1),
	  AS_IS, CORE(lost[3]) },

	/* ---- sensors ---- */
	{ "sensor_dead", "sensor", "share of gain", SIZES(0.3, 0.7, 1),
	  WITHIN(0, 1), AS_IS, .turn = weaken_sensors },

	/* ---- link and controller ---- */
	{ "link_lossy", "link", "ppm", SIZES(500, 5000, 50000), WITHIN(0, 1e6),
	  AS_IS, WIRE(lost_ppm) },
	{ "controller_reset", "controller", "resets per minute",
	  SIZES(0.5, 2, 10), WITHIN(0, 20), AS_IS, WIRE(resets_per_min) },
	{ 0 }
};
/* clang-format on */
