/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plant_whole - the whole Lumina with a fault, and looks at its lights, for
 * the tests of optics, of the core's light and of the remote.
 */
#ifndef GH_TESTS_PLANT_WHOLE_H
#define GH_TESTS_PLANT_WHOLE_H

#include "sim/fault.h"	       /* gh_fault_apply */
#include "unit/plant_lumina.h" /* lumina_whole, sense */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { RED, GREEN, BLUE, WHITE, CHANNELS };
enum { PLAIN = 31, MANY = 40 };

static const double dark[4] = { 0, 0, 0, 0 };
static const double full[4] = { 1, 1, 1, 1 };

static inline struct gh_plant *make_of(uint64_t seed, unsigned session,
				       const char *fault)
{
	struct gh_plant_config c = lumina_whole();
	struct gh_plant *p = gh_plant_create(&c, seed, session);
	struct gh_err err = { .code = GH_OK };

	assert_non_null(p);
	if (fault && gh_fault_apply(p, NULL, fault, &err) != GH_OK)
		fail_msg("%s: %s", fault, err.msg);
	gh_plant_step(p, 1000);
	return p;
}

static inline struct gh_plant *make(const char *fault)
{
	return make_of(PLAIN, 1, fault);
}

static inline void about(double got, double want, double within)
{
	if (!(fabs(got - want) <= within))
		fail_msg("%g is not %g within %g", got, want, within);
}

/* Mean of some readings of a light that stands still. */
static inline double look(struct gh_plant *p, const char *part)
{
	double sum = 0;

	gh_plant_step(p, 1000);
	for (unsigned i = 0; i < 100; i++)
		sum += sense(p, part, GH_Q_LIGHT) / 100;
	return sum;
}

/* One colour alone, less the dark. */
static inline double lit(struct gh_plant *p, const char *part, unsigned channel)
{
	double one[CHANNELS] = { 0 };
	double level;

	one[channel] = 1;
	gh_plant_lamp(p, one);
	level = look(p, part);
	gh_plant_lamp(p, dark);
	return level - look(p, part);
}

/* Faulty over healthy, by colour of the core. */
static inline double left_of(const char *fault, const char *part,
			     unsigned channel)
{
	struct gh_plant *well = make(NULL), *ill = make(fault);
	const double share = lit(ill, part, channel) / lit(well, part, channel);

	gh_plant_destroy(well);
	gh_plant_destroy(ill);
	return share;
}

#endif
