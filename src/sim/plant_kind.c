/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/plant_kind.h"

#include <stddef.h>
#include <string.h>

/* Duty per rad of error and unit of gain; most duty (Rhoban/bam). */
#define MX_GAIN 0.158
#define MX_DUTY 0.9625
#define XL330_GAIN 0.0028775 /* (4096/2pi)/(256*885) */
#define STS_GAIN 0.166
#define STS_DUTY 0.97

/*
 * The reference plant, measurement.md section 1.4 (close to an MX-106), then
 * published servos with the gain they come with: section 1.1 and
 * Rhoban/bam bam/params. XL-320: its loop is not published, an MX's is assumed.
 */
const struct gh_servo_kind gh_servo_kinds[] = {
	{
		.name = "reference",
		.kt_nm_a = 2.21,
		.ohm = 2.03,
		.rotor_kgm2 = 0.026,
		.duty_per_rad = 60.0 / 12.0, /* 60 V/rad at 12 V */
		.duty_max = 1,
		.model = "reference",
		.friction = {
			.coulomb_nm = 0.10,
			.stribeck_nm = 0.022,
			.stribeck_rad_s = 1.75,
			.stribeck_power = 1.14,
			.viscous_nms = 0.0507,
			.load_share = 0.10,
		},
	},
	{
		.name = "mx64",
		.kt_nm_a = 1.60168,
		.ohm = 2.3164,
		.rotor_kgm2 = 0.0122659,
		.duty_per_rad = 32 * MX_GAIN,
		.duty_max = MX_DUTY,
		.model = "m6",
		.friction = {
			.coulomb_nm = 6.21792e-07,
			.stribeck_nm = 0.122695,
			.stribeck_rad_s = 2.57528,
			.stribeck_power = 0.840902,
			.viscous_nms = 0.025337,
			.motor_share = 0.311472,
			.external_share = 2.0462e-08,
			.motor_stribeck = 0.187744,
			.external_stribeck = 0.0140659,
			.motor_per_nm = 0.00690851,
			.external_per_nm = 0.00999998,
		},
	},
	{
		.name = "mx106",
		.kt_nm_a = 2.20983,
		.ohm = 2.03366,
		.rotor_kgm2 = 0.0260162,
		.duty_per_rad = 32 * MX_GAIN,
		.duty_max = MX_DUTY,
		.model = "m6",
		.friction = {
			.coulomb_nm = 1.02325e-05,
			.stribeck_nm = 0.121954,
			.stribeck_rad_s = 1.74633,
			.stribeck_power = 1.14283,
			.viscous_nms = 0.0507157,
			.motor_share = 0.198006,
			.external_share = 0.0222155,
			.motor_stribeck = 0.1986,
			.external_stribeck = 0.0871033,
			.motor_per_nm = 0.00999993,
			.external_per_nm = 7.32692e-05,
		},
	},
	{
		.name = "xl320",
		.kt_nm_a = 1.00883,
		.ohm = 31.5859,
		.rotor_kgm2 = 0.00116299,
		.duty_per_rad = 32 * MX_GAIN,
		.duty_max = 1,
		.model = "m6",
		.friction = {
			.coulomb_nm = 4.33378e-07,
			.stribeck_nm = 0.0163055,
			.stribeck_rad_s = 2.30105,
			.stribeck_power = 1.70674,
			.viscous_nms = 0.00722517,
			.motor_share = 3.08821e-06,
			.external_share = 0.158325,
			.motor_stribeck = 5.96572e-09,
			.external_stribeck = 0.245483,
			.motor_per_nm = 0.00361641,
			.external_per_nm = 0.00471093,
		},
	},
	{
		.name = "xl330",
		.kt_nm_a = 0.366013,
		.ohm = 2.81139,
		.rotor_kgm2 = 0.00180774,
		.duty_per_rad = 400 * XL330_GAIN,
		.duty_max = 1,
		.model = "m6",
		.friction = {
			.coulomb_nm = 0.00477118,
			.stribeck_nm = 0.00467635,
			.stribeck_rad_s = 2.89037,
			.stribeck_power = 8.68326,
			.viscous_nms = 0.00535967,
			.motor_share = 0.266786,
			.external_share = 8.51587e-06,
			.motor_stribeck = 1.07229e-05,
			.external_stribeck = 0.0807793,
			.motor_per_nm = 0.00997247,
			.external_per_nm = 0.00490257,
		},
	},
	{
		.name = "sts3215",
		.kt_nm_a = 1.21164,
		.ohm = 2.67617,
		.rotor_kgm2 = 0.0284034,
		.duty_per_rad = 32 * STS_GAIN,
		.duty_max = STS_DUTY,
		.model = "m1",
		.friction = {
			.coulomb_nm = 0.052393,
			.viscous_nms = 0.0590852,
		},
	},
	{ 0 }
};

const struct gh_servo_kind *gh_servo_kind(const char *name)
{
	for (const struct gh_servo_kind *k = gh_servo_kinds; k->name; k++)
		if (strcmp(k->name, name) == 0)
			return k;
	return NULL;
}
