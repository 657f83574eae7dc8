/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * chip - sensor chips on an I2C bus, described as data: how one is told apart
 * from its neighbours, what is written to set it up, which registers are read
 * how often and what the bytes mean. No bytes move here, so that any driver
 * whose controller passes I2C through can use the same chips.
 */
#ifndef GH_DRIVER_CHIPS_CHIP_H
#define GH_DRIVER_CHIPS_CHIP_H

#include "base/clock.h" /* gh_us */
#include "base/part.h"	/* enum gh_quantity */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	GH_CHIP_VALUES = 4,
	GH_CHIP_WRITES = 4,
	GH_CHIP_OPTIONS = 4,
	GH_CHIP_READ_MAX = 16
};

/* One option of the rig file's wiring line, "shunt_ohm=0.1". */
struct gh_chip_option {
	const char *key;
	double lo, hi;
	double preset; /* NAN: it must be given */
};

/* A register and what is written into it, then how long to leave it alone. */
struct gh_chip_write {
	uint8_t bytes[4];
	uint8_t n;
	gh_us rest_us;
};

/* What a session with one chip at one address consists of. */
struct gh_chip_plan {
	/* Read before any write; 0 bytes: the chip has no identity. */
	uint8_t id_reg, id_n, id[3];
	struct gh_chip_write writes[GH_CHIP_WRITES];
	unsigned n_writes;
	/* Read back after the writes, must match; 0 bytes: nothing to check. */
	uint8_t check_reg, check_n, check[2];
	uint8_t read_reg, read_n;
	gh_us period_us;  /* a fresh value comes no faster */
	gh_us age_us;	  /* how old the middle of a value is when read, mean */
	int32_t num, den; /* value = raw * num / den */
	int16_t hi;	  /* raw range is -hi..hi or 0..hi */
	bool is_signed;
};

struct gh_chip {
	const char *name;  /* as in the rig file, "ina219" */
	const char *title; /* as printed, "INA219" */
	struct gh_chip_option options[GH_CHIP_OPTIONS]; /* {0}-terminated */
	enum gh_quantity wired; /* quantity that its wiring line names */
	enum gh_quantity values[GH_CHIP_VALUES];
	unsigned n_values;
	void (*plan)(struct gh_chip_plan *out, uint8_t addr,
		     const double options[GH_CHIP_OPTIONS]);
	/* read_n bytes into raw[n_values]; false: not a valid reading. */
	bool (*decode)(const uint8_t *bytes, const struct gh_chip_plan *plan,
		       int16_t raw[GH_CHIP_VALUES]);
};

extern const struct gh_chip gh_chip_ina219;
extern const struct gh_chip gh_chip_tcs34725;

/* The i-th chip that is known, NULL past the last. */
const struct gh_chip *gh_chip_at(size_t i);

#endif
