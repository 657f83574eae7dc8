/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/plant.h"

#include "sim/plant_internal.h" /* struct gh_plant, the parts of a step */

#include <assert.h>
#include <stdlib.h>

struct gh_plant *gh_plant_create(const struct gh_plant_config *config,
				 uint64_t seed, unsigned session)
{
	struct gh_plant *p;

	assert(config->n_joints <= GH_PLANT_JOINTS &&
	       config->n_fibres <= GH_PLANT_FIBRES &&
	       config->n_crystals <= GH_PLANT_CRYSTALS &&
	       config->n_chromes <= GH_PLANT_CHROMES);
	p = calloc(1, sizeof *p);
	if (!p)
		return NULL;
	p->config = *config;
	p->step_us = GH_PLANT_STEP_US;
	gh_plant_build(p, seed, session);
	gh_plant_wire_sensors(p, seed, session);
	gh_plant_encoders(p);
	gh_plant_replies(p);
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
	gh_plant_remote_tick(p);
}

static void inner_step(struct gh_plant *p)
{
	const double dt_s = (double)p->step_us * 1e-6;

	if (is_due(p, GH_PLANT_SERVO_US)) {
		gh_plant_outages(p);
		gh_plant_encoders(p);
		gh_plant_replies(p);
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

/* The servo on this joint's wire. */
static struct gh_joint *servo_at(struct gh_plant *p, unsigned joint)
{
	assert(joint < p->config.n_joints);
	return &p->joints[p->obeys[joint]];
}

static const struct gh_joint *joint_in(const struct gh_plant *p, unsigned joint)
{
	assert(joint < p->config.n_joints);
	return &p->joints[joint];
}

void gh_plant_servo(struct gh_plant *p, unsigned joint, double target_rad)
{
	servo_at(p, joint)->target_rad = target_rad;
}

void gh_plant_torque(struct gh_plant *p, unsigned joint, bool on)
{
	servo_at(p, joint)->has_torque = on;
}

static double share(double drive)
{
	return drive < 0 ? 0 : drive > 1 ? 1 : drive;
}

void gh_plant_lamp(struct gh_plant *p, const double rgbw[4])
{
	for (unsigned c = 0; c < GH_PLANT_LAMP_CHANNELS; c++)
		p->core.drive[c] = share(rgbw[c]);
}

void gh_plant_spotlight(struct gh_plant *p, double white)
{
	p->optics.spot.drive = share(white);
}

void gh_plant_chrome(struct gh_plant *p, unsigned chrome, double red,
		     double blue)
{
	struct gh_chrome *c = &p->optics.chromes[chrome];

	assert(chrome < p->config.n_chromes);
	c->drive[GH_CHROME_RED] = share(red);
	c->drive[GH_CHROME_BLUE] = share(blue);
}

bool gh_plant_servo_answers(const struct gh_plant *p, unsigned joint)
{
	assert(joint < p->config.n_joints);
	return joint_in(p, joint)->is_answering;
}

double gh_plant_true_angle(const struct gh_plant *p, unsigned joint)
{
	return joint_in(p, joint)->shaft_rad;
}

double gh_plant_true_arm_angle(const struct gh_plant *p, unsigned joint)
{
	const struct gh_joint *j = joint_in(p, joint);

	return j->shaft_rad + gh_joint_offset(j);
}

double gh_plant_true_supply_v(const struct gh_plant *p)
{
	return p->supply.bus_v;
}
