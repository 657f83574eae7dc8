/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plant_motor - the electric half of a servo, at its output shaft: a
 * proportional loop by duty and a motor behind it (measurement.md section 1.1).
 */
#ifndef GH_SIM_PLANT_MOTOR_H
#define GH_SIM_PLANT_MOTOR_H

struct gh_motor {
	double kt_nm_a; /* torque per ampere, and volts per rad/s */
	double ohm;
	double duty_per_rad; /* kp times the error gain */
	double duty_max;     /* 1, or what the servo's firmware allows */
};

/* Duty, -duty_max to duty_max, for a position error in rad. */
double gh_motor_duty(const struct gh_motor *m, double error_rad);

/* Winding current in A at `volts` across the bridge and a shaft speed. */
double gh_motor_amps(const struct gh_motor *m, double volts, double rad_s);

/*
 * What a servo that measures on the supply's side of its bridge makes of a
 * winding current. Rhoban/bam say so of the XL330 and mark it untested; over
 * their own files the winding fits better (r 0.974 against 0.928).
 */
double gh_motor_bus_amps(double duty, double amps);

/*
 * The reading of a 16-bit register of `step` amperes whose sign was dropped on
 * the way: -5 counts are 65531.
 */
double gh_motor_without_sign(double amps, double step_a);

#endif
