/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/plant_motor.h"

#include <math.h>

double gh_motor_duty(const struct gh_motor *m, double error_rad)
{
	return fmax(-m->duty_max,
		    fmin(m->duty_per_rad * error_rad, m->duty_max));
}

double gh_motor_amps(const struct gh_motor *m, double volts, double rad_s)
{
	return (volts - m->kt_nm_a * rad_s) / m->ohm;
}

double gh_motor_bus_amps(double duty, double amps)
{
	return fabs(duty) * amps;
}

double gh_motor_without_sign(double amps, double step_a)
{
	return amps < 0 ? amps + 65536 * step_a : amps;
}
