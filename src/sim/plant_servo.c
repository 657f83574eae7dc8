/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plant_servo - what a servo's own electronics do: read the encoder, drive the
 * motor, answer the bus.
 */
#include "sim/plant_internal.h" /* struct gh_joint */

#include "sim/plant_motor.h" /* gh_motor_duty */

#include <math.h>

/* Assumed: 0.3 count rms of encoder noise before quantisation. */
#define ENCODER_NOISE_COUNTS 0.3
/*
 * encoder_fault, section 5.2: one repeatable angle. Where it is, how long the
 * scratch is and that it is noisy by a tenth of its jump everywhere: assumed.
 */
#define SCRATCH_AT_RAD 0.2
#define SCRATCH_RAD 0.05
#define SCRATCH_NOISE 0.1
/* broken_wire, section 5.2: within 10 deg of +0.3 rad. */
#define BREAK_AT_RAD 0.3
#define BREAK_RAD (10 * GH_PLANT_DEG)

/* What a worn track adds to the true angle. */
static double scratch_rad(struct gh_joint *j)
{
	const double into_rad = j->shaft_rad - SCRATCH_AT_RAD;
	double added_rad;

	if (j->jump_rad <= 0)
		return 0;
	added_rad = SCRATCH_NOISE * j->jump_rad * gh_rng_normal(&j->fault_rng);
	if (into_rad >= 0 && into_rad < SCRATCH_RAD)
		added_rad += j->jump_rad;
	return added_rad;
}

void gh_plant_encoders(struct gh_plant *p)
{
	for (unsigned i = 0; i < p->config.n_joints; i++) {
		struct gh_joint *j = &p->joints[i];
		const double noise =
			ENCODER_NOISE_COUNTS * gh_rng_normal(&j->encoder_rng);
		const double seen_rad =
			j->shaft_rad + (j->zero_rad + scratch_rad(j));

		j->encoder_rad = round(seen_rad / GH_PLANT_COUNT_RAD + noise) *
				 GH_PLANT_COUNT_RAD;
	}
}

/* A wire that breaks in one pose; one that is broken, in all of them. */
static bool loses_reply(struct gh_joint *j)
{
	const bool is_bent = fabs(j->shaft_rad - BREAK_AT_RAD) < BREAK_RAD;

	if (j->mute_share <= 0)
		return false;
	if (j->mute_share >= 1)
		return true;
	return gh_rng_uniform(&j->fault_rng) < j->mute_share && is_bent;
}

void gh_plant_replies(struct gh_plant *p)
{
	for (unsigned i = 0; i < p->config.n_joints; i++) {
		struct gh_joint *j = &p->joints[i];

		j->is_answering = j->is_alive && !loses_reply(j);
	}
}

void gh_plant_swap(struct gh_plant *p, unsigned a, unsigned b)
{
	const unsigned first = p->obeys[a];

	p->obeys[a] = p->obeys[b];
	p->obeys[b] = first;
}

/* A servo stops following at the limit that is stored in it. */
static double followed_rad(const struct gh_joint *j)
{
	if (j->limit_rad <= 0)
		return j->target_rad;
	return fmin(j->target_rad, j->cfg->hi_rad - j->limit_rad);
}

/* Proportional drive by duty, as MX and XL servos do: V = supply * duty. */
static void drive_motor(struct gh_joint *j, double bus_v)
{
	const struct gh_motor motor = {
		.kt_nm_a = j->kt_nm_a * (1 - j->weak_share),
		.ohm = j->hot_ohm,
		.duty_per_rad = j->kind->duty_per_rad,
		.duty_max = j->kind->duty_max,
	};

	j->duty = 0;
	j->amps = 0;
	j->bus_amps = 0;
	if (!j->is_alive || !j->has_torque)
		return; /* open bridge: no current, no braking */
	j->duty = gh_motor_duty(&motor, followed_rad(j) - j->encoder_rad);
	j->amps = gh_motor_amps(&motor, j->duty * bus_v, j->motor_rad_s);
	/* Assumed: what brakes is drawn from the bus as well. */
	j->bus_amps = fabs(gh_motor_bus_amps(j->duty, j->amps));
}

void gh_plant_drive(struct gh_plant *p)
{
	for (unsigned i = 0; i < p->config.n_joints; i++)
		drive_motor(&p->joints[i], p->supply.bus_v);
}
