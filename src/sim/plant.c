/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/plant.h"

#include "sim/plant_internal.h" /* struct gh_plant, the parts of a step */

#include <assert.h>
#include <stdlib.h>

struct gh_plant *gh_plant_create(const struct gh_plant_config *config,
				 uint64_t seed, unsigned session)
{
	struct gh_plant *p;

	assert(config->n_joints <= GH_PLANT_JOINTS);
	p = calloc(1, sizeof *p);
	if (!p)
		return NULL;
	p->config = *config;
	p->step_us = GH_PLANT_STEP_US;
	gh_plant_build(p, seed, session);
	gh_plant_wire_sensors(p, seed, session);
	gh_plant_encoders(p);
	gh_plant_power(p, (double)p->step_us * 1e-6);
	return p;
}

void gh_plant_another_run(struct gh_plant *p, uint64_t run)
{
	gh_plant_seed_drift(p, run, 0);
	gh_plant_seed_sensors(p, run, 0);
}

void gh_plant_destroy(struct gh_plant *p)
{
	free(p);
}

static bool is_due(const struct gh_plant *p, int64_t period_us)
{
	return p->now_us % period_us == 0;
}

static void slow_tick(struct gh_plant *p)
{
	const double dt_s = GH_PLANT_SLOW_US * 1e-6;

	gh_plant_heat(p, dt_s);
	gh_plant_lamp_heat(&p->core, dt_s);
	gh_plant_drift(p);
}

static void inner_step(struct gh_plant *p)
{
	const double dt_s = (double)p->step_us * 1e-6;

	if (is_due(p, GH_PLANT_SERVO_US)) {
		gh_plant_outages(p);
		gh_plant_encoders(p);
	}
	gh_plant_motion(p, dt_s);
	gh_plant_power(p, dt_s);
	gh_plant_glow(p);
	p->now_us += p->step_us;
	if (is_due(p, GH_PLANT_SLOW_US))
		slow_tick(p);
}

void gh_plant_step(struct gh_plant *p, int64_t dt_us)
{
	assert(dt_us > 0);
	p->pending_us += dt_us;
	while (p->pending_us >= p->step_us) {
		inner_step(p);
		p->pending_us -= p->step_us;
	}
}

static struct gh_joint *joint_at(struct gh_plant *p, unsigned joint)
{
	assert(joint < p->config.n_joints);
	return &p->joints[joint];
}

static const struct gh_joint *joint_in(const struct gh_plant *p, unsigned joint)
{
	assert(joint < p->config.n_joints);
	return &p->joints[joint];
}

void gh_plant_servo(struct gh_plant *p, unsigned joint, double target_rad)
{
	joint_at(p, joint)->target_rad = target_rad;
}

void gh_plant_torque(struct gh_plant *p, unsigned joint, bool on)
{
	joint_at(p, joint)->has_torque = on;
}

void gh_plant_lamp(struct gh_plant *p, const double rgbw[4])
{
	for (unsigned c = 0; c < GH_PLANT_LAMP_CHANNELS; c++) {
		const double drive = rgbw[c];

		p->core.drive[c] = drive < 0 ? 0 : drive > 1 ? 1 : drive;
	}
}

bool gh_plant_servo_alive(const struct gh_plant *p, unsigned joint)
{
	return joint_in(p, joint)->is_alive;
}

double gh_plant_true_angle(const struct gh_plant *p, unsigned joint)
{
	return joint_in(p, joint)->shaft_rad;
}

double gh_plant_true_arm_angle(const struct gh_plant *p, unsigned joint)
{
	const struct gh_joint *j = joint_in(p, joint);

	return j->shaft_rad + j->slip_rad;
}

double gh_plant_true_supply_v(const struct gh_plant *p)
{
	return p->supply.bus_v;
}
