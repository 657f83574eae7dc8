/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plant_faulty - individuals with a fault, for the plant's own tests.
 */
#ifndef GH_TESTS_PLANT_FAULTY_H
#define GH_TESTS_PLANT_FAULTY_H

#include "sim/fault.h"
#include "unit/plant_lumina.h" /* lumina */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Lumina 31, a plant of its own for each test. */
#define FAULTY_SEED 31

static inline void apply(struct gh_plant *p, const char *spec)
{
	struct gh_wire_fault wire = { 0 };
	struct gh_err err = { .code = GH_OK };

	if (spec && gh_fault_apply(p, &wire, spec, &err) != GH_OK)
		fail_msg("%s: %s", spec, err.msg);
}

static inline struct gh_plant *faulty(const struct gh_plant_config *c,
				      const char *spec)
{
	struct gh_plant *p = gh_plant_create(c, FAULTY_SEED, 1);

	apply(p, spec);
	return p;
}

static inline struct gh_plant *make(const char *spec)
{
	struct gh_plant_config c = lumina();

	return faulty(&c, spec);
}

static inline void near(const char *what, double got, double want,
			double within)
{
	if (!(fabs(got - want) <= within))
		fail_msg("%s: %.6g, expected %.6g +- %.3g", what, got, want,
			 within);
}

#endif
