/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plant_power - where the current comes from and where the heat goes. The lamp
 * and the logic have a supply of their own, which this plant does not model.
 */
#include "sim/plant_internal.h" /* struct gh_supply, struct gh_joint */

#include "sim/plant_motor.h" /* gh_motor_bus_amps */

#include <math.h>

/* Assumed: a bench supply and two metres of wire. */
#define SOURCE_OHM 0.05
/* Assumed: a servo's own electronics. */
#define QUIESCENT_A 0.03
/* Assumed: the servos' capacitors together with the source resistance. */
#define BUS_TIME_S 0.002
/* Assumed: a loose plug drops out for this long at a time. */
#define OUTAGE_US 200000
/* Copper, measurement.md section 1.3. */
#define COPPER_PER_K 0.0039
#define COPPER_AT_C 20.0
/*
 * Assumed, a 150 g servo: the winding warms its case in about a minute, the
 * case the room in about ten.
 */
#define WINDING_J_K 20.0
#define CASE_J_K 120.0
#define WINDING_TO_CASE_K_W 3.0
#define CASE_TO_ROOM_K_W 5.0
#define OVERHEATS_S 15.0

/* Out for OUTAGE_US at random moments, such that `share` of the time is dark */
static void outage_step(struct gh_outage *o, int64_t now_us)
{
	double gap_us;

	if (o->share <= 0 || o->share >= 1) {
		o->is_out = o->share >= 1;
		return;
	}
	if (now_us < o->change_us)
		return;
	gap_us =
		OUTAGE_US * (1 - o->share) / o->share * gh_rng_waiting(&o->rng);
	/* The first time through it is powered and out of date: wait a gap. */
	o->is_out = o->change_us > 0 && !o->is_out;
	o->change_us = now_us + (o->is_out ? OUTAGE_US : 1 + (int64_t)gap_us);
}

void gh_plant_outages(struct gh_plant *p)
{
	outage_step(&p->supply.outage, p->now_us);
	for (unsigned i = 0; i < p->config.n_joints; i++) {
		struct gh_joint *j = &p->joints[i];

		outage_step(&j->outage, p->now_us);
		j->is_alive = !j->outage.is_out && !p->supply.outage.is_out;
	}
}

/* What the current register of a servo counts. */
static double measured_amps(const struct gh_plant *p, const struct gh_joint *j)
{
	return p->config.current_at_bus ? gh_motor_bus_amps(j->duty, j->amps)
					: j->amps;
}

void gh_plant_power(struct gh_plant *p, double dt_s)
{
	struct gh_supply *s = &p->supply;
	double wanted_a = 0, open_v;

	for (unsigned i = 0; i < p->config.n_joints; i++) {
		struct gh_joint *j = &p->joints[i];

		if (j->is_alive)
			wanted_a += QUIESCENT_A + j->bus_amps;
		j->charge_as += measured_amps(p, j) * dt_s;
		j->heat_j += j->amps * j->amps * j->hot_ohm * dt_s;
	}
	s->amps += (wanted_a - s->amps) * (dt_s / (BUS_TIME_S + dt_s));
	open_v = s->emf_v * (1 + s->drift);
	s->bus_v = fmax(open_v - (SOURCE_OHM + s->extra_ohm) * s->amps, 0);
	if (s->outage.is_out) {
		s->amps = 0;
		s->bus_v = 0;
	}
	s->charge_as += s->amps * dt_s;
}

/*
 * overheating, measurement.md section 5.2: a leaking driver warms the case
 * while it drives. Most of it within a check's minute, gone in ten: assumed.
 */
static void overheat(struct gh_joint *j, double dt_s)
{
	const bool drives = j->is_alive && j->has_torque;
	const double aim_k = drives ? j->hot_k : 0;
	const double time_s =
		drives ? OVERHEATS_S : CASE_J_K * CASE_TO_ROOM_K_W;

	j->excess_k += (aim_k - j->excess_k) * dt_s / time_s;
}

void gh_plant_heat(struct gh_plant *p, double dt_s)
{
	for (unsigned i = 0; i < p->config.n_joints; i++) {
		struct gh_joint *j = &p->joints[i];
		const double inner_w =
			(j->winding_c - j->case_c) / WINDING_TO_CASE_K_W;
		const double outer_w =
			(j->case_c - p->ambient_c) / CASE_TO_ROOM_K_W;
		const double board_w =
			j->is_alive ? QUIESCENT_A * p->supply.bus_v : 0;

		j->winding_c += (j->heat_j - inner_w * dt_s) / WINDING_J_K;
		j->case_c += (inner_w + board_w - outer_w) * dt_s / CASE_J_K;
		j->heat_j = 0;
		overheat(j, dt_s);
		j->hot_ohm = j->winding_ohm *
			     (1 + COPPER_PER_K * (j->winding_c + j->excess_k -
						  COPPER_AT_C));
	}
}
