/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/electronics.h"

#include <assert.h>
#include <math.h>

#define PI 3.14159265358979323846
/* Pulses of src/firmware/avr/setup.c, and the half turn they stand for. */
#define PULSE_MIN_US 544.0
#define PULSE_MAX_US 2400.0
#define PULSE_STEP_US 0.5
/* A hobby servo that got no pulse for three frames lets go. */
#define PULSE_LOST_US 60000

void gh_sim_electronics_init(struct gh_sim_electronics *e,
			     const struct gh_sim_board_kind *kind,
			     struct gh_plant *plant, unsigned n_joints)
{
	e->kind = kind;
	e->plant = plant;
	e->n_joints = n_joints;
}

unsigned gh_sim_electronics_add(struct gh_sim_electronics *e,
				const struct gh_sim_kind_sensor *about,
				int sensor, unsigned joint)
{
	struct gh_sim_input *in = &e->inputs[e->n_inputs];

	assert(e->n_inputs < GH_SIM_INPUTS);
	in->about = about;
	in->sensor = sensor;
	in->joint = joint;
	return e->n_inputs++;
}

/* A converter rounds down; the firmware adds the half count. */
static double convert(const struct gh_sim_electronics *e,
		      const struct gh_sim_input *in)
{
	const struct gh_sim_kind_sensor *a = in->about;
	const double v = gh_plant_sense(e->plant, in->sensor);
	const double shown =
		a->from + (floor((v - a->from) / a->step) + 0.5) * a->step;

	return fmin(fmax(shown, a->lo), a->hi);
}

/* A chip rounds. */
static double chip(const struct gh_sim_electronics *e,
		   const struct gh_sim_input *in)
{
	const struct gh_sim_kind_sensor *a = in->about;
	const double v = gh_plant_sense(e->plant, in->sensor);

	return fmin(fmax(round(v / a->step) * a->step, a->lo), a->hi);
}

/* Is `at` the time of something that comes every period, `phase` into it? */
static bool is_at(int64_t at, int64_t period_us, int64_t phase_us)
{
	return (at - phase_us) % period_us == 0;
}

/* The first such time after `from`. */
static int64_t next_at(int64_t from, int64_t period_us, int64_t phase_us)
{
	const int64_t into = (from - phase_us) % period_us;

	return from + period_us - (into < 0 ? into + period_us : into);
}

static void sooner(int64_t *at, int64_t other)
{
	if (other < *at)
		*at = other;
}

/* Where in the frames its chip is told to convert. */
static int64_t shunt_begin(const struct gh_sim_electronics *e,
			   const struct gh_sim_input *in)
{
	return e->kind->start_us + e->kind->shunt_from_us +
	       (e->n_joints - 1 - in->joint) * e->kind->shunt_gap_us;
}

static int64_t input_next(const struct gh_sim_electronics *e,
			  const struct gh_sim_input *in, int64_t from)
{
	const struct gh_sim_board_kind *k = e->kind;
	int64_t at = INT64_MAX;

	if (in->about->way == GH_SIM_CONVERTED)
		sooner(&at, next_at(from, k->look_us, 0));
	if (in->about->way == GH_SIM_COLOUR)
		sooner(&at, next_at(from, k->colour_read_us, 0));
	if (in->about->way == GH_SIM_SHUNT) {
		sooner(&at, next_at(from, k->frame_us, shunt_begin(e, in)));
		sooner(&at, next_at(from, k->frame_us,
				    k->start_us + k->shunt_read_us));
		sooner(&at, next_at(from, k->frame_us,
				    shunt_begin(e, in) + k->shunt_us));
	}
	return at;
}

static void shunt_at(struct gh_sim_electronics *e, struct gh_sim_input *in,
		     int64_t at)
{
	const struct gh_sim_board_kind *k = e->kind;

	if (is_at(at, k->frame_us, shunt_begin(e, in)))
		(void)gh_plant_sense(e->plant, in->sensor);
	if (is_at(at, k->frame_us, shunt_begin(e, in) + k->shunt_us))
		in->next = chip(e, in);
	if (is_at(at, k->frame_us, k->start_us + k->shunt_read_us))
		in->last = in->next;
}

static void input_at(struct gh_sim_electronics *e, struct gh_sim_input *in,
		     int64_t at)
{
	const struct gh_sim_board_kind *k = e->kind;

	if (in->about->way == GH_SIM_SHUNT)
		shunt_at(e, in, at);
	if (in->about->way == GH_SIM_COLOUR && is_at(at, k->colour_read_us, 0))
		in->last = chip(e, in);
	if (in->about->way == GH_SIM_CONVERTED && is_at(at, k->look_us, 0)) {
		in->sum += convert(e, in);
		in->n++;
	}
}

/* What is asked counts with that axis's next turn. */
static void take_turn(struct gh_sim_electronics *e, unsigned joint,
		      int64_t now_us)
{
	struct gh_sim_pulse *p = &e->pulses[joint];

	if (now_us / e->kind->turn_us == p->taken_us / e->kind->turn_us)
		return;
	p->wanted_rad = p->asked_rad;
	p->taken_us = now_us;
}

/* The width is latched as a frame begins; the servo knows it at its end. */
static void latch(struct gh_sim_pulse *p)
{
	const double us = PULSE_MIN_US + (p->wanted_rad / PI + 0.5) *
						 (PULSE_MAX_US - PULSE_MIN_US);
	const double width = round(fmin(fmax(us, PULSE_MIN_US), PULSE_MAX_US) /
				   PULSE_STEP_US) *
			     PULSE_STEP_US;

	p->sent_rad =
		((width - PULSE_MIN_US) / (PULSE_MAX_US - PULSE_MIN_US) - 0.5) *
		PI;
	p->end_us = (int64_t)width;
	p->is_sent = p->is_wanted;
}

static void pulse_at(struct gh_sim_electronics *e, unsigned joint, int64_t at)
{
	struct gh_sim_pulse *p = &e->pulses[joint];

	if (is_at(at, e->kind->frame_us, e->kind->start_us)) {
		take_turn(e, joint, at);
		latch(p);
	}
	if (!is_at(at, e->kind->frame_us, e->kind->start_us + p->end_us))
		return;
	if (p->is_sent) {
		p->seen_us = at;
		gh_plant_torque(e->plant, joint, true);
		gh_plant_servo(e->plant, joint, p->sent_rad);
	} else if (at - p->seen_us >= PULSE_LOST_US) {
		gh_plant_torque(e->plant, joint, false);
	}
}

static int64_t next_event(const struct gh_sim_electronics *e, int64_t from,
			  int64_t until)
{
	int64_t at = until;

	sooner(&at, next_at(from, e->kind->frame_us, e->kind->start_us));
	for (unsigned i = 0; i < e->n_joints; i++)
		sooner(&at, next_at(from, e->kind->frame_us,
				    e->kind->start_us + e->pulses[i].end_us));
	for (unsigned i = 0; i < e->n_inputs; i++)
		sooner(&at, input_next(e, &e->inputs[i], from));
	return at;
}

void gh_sim_electronics_step(struct gh_sim_electronics *e, int64_t from_us,
			     int64_t until_us)
{
	if (e->kind->frame_us == 0) {
		gh_plant_step(e->plant, until_us - from_us);
		return;
	}
	while (from_us < until_us) {
		const int64_t at = next_event(e, from_us, until_us);

		gh_plant_step(e->plant, at - from_us);
		for (unsigned i = 0; i < e->n_inputs; i++)
			input_at(e, &e->inputs[i], at);
		for (unsigned i = 0; i < e->n_joints; i++)
			pulse_at(e, i, at);
		from_us = at;
	}
}

void gh_sim_electronics_drive(struct gh_sim_electronics *e, unsigned joint,
			      int64_t now_us, double rad)
{
	struct gh_sim_pulse *p = &e->pulses[joint];

	if (e->kind->frame_us == 0) {
		gh_plant_servo(e->plant, joint, rad);
		return;
	}
	p->asked_rad = rad;
	take_turn(e, joint, now_us);
}

void gh_sim_electronics_torque(struct gh_sim_electronics *e, unsigned joint,
			       bool on)
{
	if (e->kind->frame_us == 0)
		gh_plant_torque(e->plant, joint, on);
	else
		e->pulses[joint].is_wanted = on;
}

double gh_sim_electronics_read(struct gh_sim_electronics *e, unsigned input)
{
	struct gh_sim_input *in = &e->inputs[input];

	if (in->about->way == GH_SIM_CONVERTED && in->n > 0) {
		in->last = in->sum / in->n;
		in->sum = 0.0;
		in->n = 0;
	}
	return in->last;
}
