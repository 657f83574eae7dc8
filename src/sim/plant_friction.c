/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/plant_friction.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

static double limit_m1(const struct gh_friction *f, double speed, double motor,
		       double external)
{
	(void)motor;
	(void)external;
	return f->coulomb_nm + f->viscous_nms * fabs(speed);
}

/*
 * The plant of measurement.md section 1.4: M2 (Stribeck) plus a share of the
 * torque in the gears. M4 takes motor minus external instead, which counts a
 * load twice once the two-mass model passes it through the coupling.
 */
static double limit_reference(const struct gh_friction *f, double speed,
			      double motor, double external)
{
	const double ratio = fabs(speed) / f->stribeck_rad_s;
	const double start = exp(-pow(ratio, f->stribeck_power));

	return limit_m1(f, speed, motor, external) + start * f->stribeck_nm +
	       f->load_share * fabs(external);
}

const struct gh_friction_model gh_friction_models[] = {
	{ "m1", limit_m1 },
	{ "reference", limit_reference },
	{ NULL, NULL },
};

const struct gh_friction_model *gh_friction_model(const char *name)
{
	for (const struct gh_friction_model *m = gh_friction_models; m->name;
	     m++)
		if (strcmp(m->name, name) == 0)
			return m;
	return NULL;
}

double gh_friction_step(double speed, double torque, double limit,
			double inertia_kgm2, double dt_s)
{
	/* The torque that would bring the body to rest within this step. */
	const double stop = inertia_kgm2 * speed / dt_s + torque;

	if (fabs(stop) <= limit)
		return 0;
	return speed + (torque - copysign(limit, stop)) / inertia_kgm2 * dt_s;
}
