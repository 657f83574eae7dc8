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

/* 1 at rest, 0 when moving well. */
static double starting(const struct gh_friction *f, double speed)
{
	const double ratio = fabs(speed) / f->stribeck_rad_s;

	return exp(-pow(ratio, f->stribeck_power));
}

static double limit_m2(const struct gh_friction *f, double speed, double motor,
		       double external)
{
	return limit_m1(f, speed, motor, external) +
	       starting(f, speed) * f->stribeck_nm;
}

static double limit_m3(const struct gh_friction *f, double speed, double motor,
		       double external)
{
	return limit_m1(f, speed, motor, external) +
	       f->load_share * fabs(motor - external);
}

static double limit_m4(const struct gh_friction *f, double speed, double motor,
		       double external)
{
	const double in_gears = fabs(motor - external);

	return limit_m3(f, speed, motor, external) +
	       starting(f, speed) *
		       (f->stribeck_nm + f->load_stribeck * in_gears);
}

static double limit_m5(const struct gh_friction *f, double speed, double motor,
		       double external)
{
	const double always =
		fabs(f->motor_share * motor - f->external_share * external);
	const double at_start = fabs(f->motor_stribeck * motor -
				     f->external_stribeck * external);

	return limit_m1(f, speed, motor, external) + always +
	       starting(f, speed) * (f->stribeck_nm + at_start);
}

static int sign(double x)
{
	return (x > 0) - (x < 0);
}

/* Q of M6: the weaker of the two torques, where they oppose each other. */
static double quadratic(const struct gh_friction *f, double motor,
			double external)
{
	if (sign(external) == sign(motor))
		return 0;
	if (fabs(external) < fabs(motor))
		return f->external_per_nm * external * external;
	if (fabs(external) > fabs(motor))
		return f->motor_per_nm * motor * motor;
	return 0;
}

static double limit_m6(const struct gh_friction *f, double speed, double motor,
		       double external)
{
	return limit_m5(f, speed, motor, external) +
	       starting(f, speed) * quadratic(f, motor, external);
}

/*
 * The plant of measurement.md section 1.4: M2 plus a share of the torque in
 * the gears alone. M3 and M4 take motor less external, which is about twice
 * the load; their published shares are fitted so.
 */
static double limit_reference(const struct gh_friction *f, double speed,
			      double motor, double external)
{
	return limit_m2(f, speed, motor, external) +
	       f->load_share * fabs(external);
}

const struct gh_friction_model gh_friction_models[] = {
	{ "m1", limit_m1 },
	{ "m2", limit_m2 },
	{ "m3", limit_m3 },
	{ "m4", limit_m4 },
	{ "m5", limit_m5 },
	{ "m6", limit_m6 },
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
