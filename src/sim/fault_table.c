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

static void drive_up_sensors(const struct gh_fault_site *at, double factor)
{
	for (size_t i = 0; i < at->plant->n_sensors; i++)
		if (gh_fault_is_sensor(at->plant, i, at->part))
			at->plant->sensors[i].gain = factor;
}

static void stale_sensors(const struct gh_fault_site *at, double between_s)
{
	for (size_t i = 0; i < at->plant->n_sensors; i++)
		if (gh_fault_is_sensor(at->plant, i, at->part))
			at->plant->sensors[i].stale_s = between_s;
}

/* The two cables go to each other's socket. */
static void swap_cables(const struct gh_fault_site *at, double size)
{
	const struct gh_joint *all = at->plant->joints;

	if (size > 0)
		gh_plant_swap(at->plant,
			      (unsigned)((struct gh_joint *)at->thing - all),
			      (unsigned)((struct gh_joint *)at->other - all));
}

#define SETS(type, member) .field = offsetof(struct type, member)
#define JOINT(member) SETS(gh_joint, member)
#define SUPPLY(member) SETS(gh_supply, member)
#define CORE(member) SETS(gh_core, member)
#define FIBRE(member) SETS(gh_fibre, member)
#define CRYSTAL(member) SETS(gh_crystal, member)
#define CHROME(member) SETS(gh_chrome, member)
#define REMOTE(member) SETS(gh_remote, member)
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
	{ "horn_slipped", "joint", "deg", SIZES(3.6, 14.4, 28.8),
	  WITHIN(-180, 180), DEGREES, JOINT(horn_rad) },
	{ "loose_horn", "joint", "deg", SIZES(1, 3, 8), WITHIN(0, 30), DEGREES,
	  JOINT(loose_rad) },
	{ "zero_shifted", "joint", "deg", SIZES(1.5, 5, 15), WITHIN(-90, 90),
	  DEGREES, JOINT(zero_rad) },
	{ "gear_stripped", "joint", "share of peak sweep torque",
	  SIZES(0.05, 0.4, 1), WITHIN(0, 1), AS_IS, JOINT(stripped_share) },
	{ "dry_joint", "joint", "factor", SIZES(1.15, 1.35, 2), WITHIN(1, 10),
	  AS_IS, JOINT(dry_factor) },
	{ "binding_spot", "joint", "N m", SIZES(0.03, 0.08, 0.25), WITHIN(0, 2),
	  AS_IS, JOINT(binding_nm) },
	{ "backlash", "joint", "deg", SIZES(0.5, 1, 2), WITHIN(0, 10), DEGREES,
	  JOINT(lash_rad) },
	{ "tooth_damage", "joint", "N m", SIZES(0.01, 0.03, 0.1), WITHIN(0, 2),
	  AS_IS, JOINT(tooth_nm) },
	{ "weak_motor", "joint", "share of kt", SIZES(0.05, 0.15, 0.4),
	  WITHIN(0, 0.95), AS_IS, JOINT(weak_share) },
	{ "short_travel", "joint", "deg", SIZES(3, 10, 30), WITHIN(0, 90),
	  DEGREES, JOINT(short_rad) },
	{ "wrong_limits", "joint", "deg", SIZES(3, 10, 30), WITHIN(0, 90),
	  DEGREES, JOINT(limit_rad) },
	{ "broken_wire", "joint", "share of replies", SIZES(0.02, 0.3, 1),
	  WITHIN(0, 1), AS_IS, JOINT(mute_share) },
	{ "no_power", "joint", "share of time", SIZES(0.02, 0.2, 1),
	  WITHIN(0, 1), AS_IS, JOINT(outage.share) },
	{ "swapped_cable", "joint:joint", "1", SIZES(1, 1, 1), WITHIN(0, 1),
	  AS_IS, .turn = swap_cables },
	{ "overheating", "joint", "K", SIZES(6, 15, 35), WITHIN(0, 100), AS_IS,
	  JOINT(hot_k) },
	{ "encoder_fault", "joint", "deg", SIZES(0.3, 1, 5), WITHIN(0, 30),
	  DEGREES, JOINT(jump_rad) },

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
	{ "core_yellow", "core", "share of blue light", SIZES(0.1, 0.25, 0.6),
	  WITHIN(0, 1), AS_IS, CORE(yellow) },
	/* Each lasts 20 ms, so there are not 50. */
	{ "core_sputter", "core", "dropouts per second", SIZES(0.2, 1, 5),
	  WITHIN(0, 20), AS_IS, CORE(sputter.per_s) },
	{ "fibre_frayed", "fibre", "share of transmission",
	  SIZES(0.1, 0.3, 0.6), WITHIN(0, 1), AS_IS, FIBRE(lost) },
	{ "fibre_yellowed", "fibre", "share of blue", SIZES(0.1, 0.25, 0.6),
	  WITHIN(0, 1), AS_IS, FIBRE(yellow) },
	{ "fibre_broken", "fibre", "share of transmission", SIZES(0.9, 0.95, 1),
	  WITHIN(0, 1), AS_IS, FIBRE(lost) },
	{ "fibre_unplugged", "fibre", "ambient over lit level",
	  SIZES(0.02, 0.1, 0.5), WITHIN(0, 1), AS_IS, FIBRE(let_in) },
	{ "crystal_dull", "crystal", "share of contrast", SIZES(0.15, 0.4, 0.8),
	  WITHIN(0, 1), AS_IS, CRYSTAL(dull) },
	{ "crystal_shifted", "crystal", "deg", SIZES(2, 6, 20), WITHIN(-90, 90),
	  DEGREES, CRYSTAL(shift_rad) },
	/* At 2/3 no blue is left. */
	{ "chrome_tarnished", "chrome", "share of reflectance",
	  SIZES(0.05, 0.15, 0.4), WITHIN(0, 0.66), AS_IS, CHROME(tarnish) },
	{ "chrome_dirty", "chrome", "share of reflectance",
	  SIZES(0.05, 0.15, 0.4), WITHIN(0, 1), AS_IS, CHROME(dirty) },

	/* ---- sensors ---- */
	{ "sensor_dead", "sensor", "share of gain", SIZES(0.3, 0.7, 1),
	  WITHIN(0, 1), AS_IS, .turn = weaken_sensors },
	{ "sensor_stale", "sensor", "s", SIZES(0.2, 1, 1e6), WITHIN(0, 1e9),
	  AS_IS, .turn = stale_sensors },

	{ "sensor_saturated", "light sensor", "factor on gain",
	  SIZES(1.3, 2, 5), WITHIN(1, 100), AS_IS, .turn = drive_up_sensors },
	{ "ambient_leak", "core", "over white level", SIZES(0.05, 0.2, 1),
	  WITHIN(0, 10), AS_IS, CORE(leak) },

	/* ---- remote ---- */
	{ "remote_battery_low", "remote", "V lost", SIZES(0.4, 0.6, 1),
	  WITHIN(0, 3), AS_IS, REMOTE(lost_v) },
	{ "remote_weak_signal", "remote", "dB lost", SIZES(6, 15, 40),
	  WITHIN(0, 60), AS_IS, REMOTE(lost_db) },
	{ "remote_button_dead", "remote", "share of presses",
	  SIZES(0.1, 0.5, 1), WITHIN(0, 1), AS_IS, REMOTE(missed_share) },

	/* ---- link and controller ---- */
	{ "link_lossy", "link", "ppm", SIZES(500, 5000, 50000), WITHIN(0, 1e6),
	  AS_IS, WIRE(lost_ppm) },
	{ "link_slow", "link", "ms", SIZES(5, 20, 100), WITHIN(0, 150), AS_IS,
	  WIRE(slow_ms) },
	{ "controller_reset", "controller", "resets per minute",
	  SIZES(0.5, 2, 10), WITHIN(0, 20), AS_IS, WIRE(resets_per_min) },
	{ 0 }
};
/* clang-format on */
