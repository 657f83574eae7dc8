/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plant_build - makes one individual out of a seed and one power-up of it out
 * of a session number, and lets both wander a little from run to run.
 */
#include "sim/plant_internal.h" /* struct gh_plant */

#include <math.h>

/* Spreads, 1 SD: measurement.md section 1.3 (assumed there). */
#define SESSION_FRICTION_SD 0.03
#define SESSION_SUPPLY_SD 0.01
/* Assumed: half of the variance is what all servos share (weather, grease). */
#define HALF 0.70710678118654752440
/* Assumed: a theatre, and grease that thins as it warms. */
#define ROOM_C 21.0
#define ROOM_SD_K 2.0
#define FRICTION_PER_K (-0.005)
/* Assumed: two checks in a row see half-forgotten drift. */
#define DRIFT_TIME_S 60.0
/* Assumed: a regulator's own drift has no steps in it; it follows this slowly.
 * The follower keeps 60/(60+20) of the variance: DRIFT_KEEPS is its root. */
#define SUPPLY_FOLLOWS_S 20.0
#define DRIFT_KEEPS 0.8660
/* Assumed: stage light that reaches the sensors, share of full white. */
#define AMBIENT_SHARE 0.01
#define AMBIENT_SD 0.3
/* Assumed: horn, bracket and output gear. */
#define SHAFT_KGM2 5e-4
/* Spec anchor XM540, 15 arcmin: measurement.md section 1.2. */
#define HEALTHY_LASH_DEG 0.25

/* One stream of randomness per purpose; joint or line numbers are added. */
enum stream {
	STREAM_UNIT = 0x100,
	STREAM_SESSION = 0x200,
	STREAM_ENCODER = 0x300,
	STREAM_OUTAGE = 0x400,
	STREAM_DRIFT = 0x500,
	STREAM_FAULT = 0x600,
	SUB_SUPPLY = 0x80,
	SUB_CORE = 0x81,
	SUB_ROOM = 0x82,
};

double gh_plant_about_one(struct gh_rng *r, double sd)
{
	return fmax(1 + sd * gh_rng_normal(r), 0.5);
}

static void build_outage(struct gh_outage *o, uint64_t seed, unsigned session,
			 unsigned line)
{
	gh_rng_seed(&o->rng, seed, session, STREAM_OUTAGE + line);
}

static void build_joint(struct gh_plant *p, unsigned i, uint64_t seed,
			unsigned session)
{
	struct gh_joint *j = &p->joints[i];
	struct gh_rng unit;

	gh_rng_seed(&unit, seed, GH_PLANT_ANY_SESSION, STREAM_UNIT + i);
	p->obeys[i] = i;
	build_outage(&j->outage, seed, session, i);
	j->cfg = &p->config.joints[i];
	j->kind = p->config.servo ? p->config.servo : &gh_servo_kinds[0];
	j->friction = j->kind->friction;
	j->friction.model = gh_friction_model(j->kind->model);
	j->friction_scale = gh_plant_about_one(&unit, GH_PLANT_UNIT_SD);
	j->kt_nm_a =
		j->kind->kt_nm_a * gh_plant_about_one(&unit, GH_PLANT_UNIT_SD);
	j->winding_ohm = j->kind->ohm;
	j->shaft_inertia_kgm2 = SHAFT_KGM2;
	j->is_alive = true;
	j->dry_factor = 1;
	j->lash_rad = HEALTHY_LASH_DEG * GH_PLANT_DEG;
}

static struct gh_arm *arm_of_chain(struct gh_plant *p, int chain)
{
	for (unsigned a = 0; a < p->n_arms; a++)
		if (p->arms[a].chain == chain)
			return &p->arms[a];
	p->arms[p->n_arms].chain = chain;
	return &p->arms[p->n_arms++];
}

/* Inserts joint i so that the arm stays ordered from the body outwards. */
static void join_arm(struct gh_plant *p, unsigned i)
{
	const struct gh_plant_joint *all = p->config.joints;
	struct gh_arm *arm = arm_of_chain(p, all[i].chain);
	unsigned at = arm->n++;

	for (; at > 0 && all[arm->joint[at - 1]].order > all[i].order; at--)
		arm->joint[at] = arm->joint[at - 1];
	arm->joint[at] = i;
}

/* Most torque about joint k of what hangs on it as all its arm sweeps. */
static double sweep_load(const struct gh_plant *p, const struct gh_arm *arm,
			 unsigned k)
{
	enum { POSES = 64 };
	double most_nm = GH_PLANT_BEARING_NM;

	for (unsigned i = 1; i <= POSES; i++) {
		const double q = GH_PLANT_SWEEP_RAD * i / POSES;
		double reach_m = 0, nm = 0;

		for (unsigned o = k; o < arm->n; o++) {
			const struct gh_plant_joint *link =
				p->joints[arm->joint[o]].cfg;
			const double across_m =
				link->length_m * sin(q * (o + 1));

			nm += GH_PLANT_G_M_S2 * link->mass_kg *
			      (reach_m + across_m / 2);
			reach_m += across_m;
		}
		most_nm = fmax(most_nm, nm);
	}
	return most_nm;
}

/* Weight and inertia of all that hangs on each joint, arm straight. */
static void weigh_arm(struct gh_plant *p, const struct gh_arm *arm)
{
	for (unsigned k = 0; k < arm->n; k++) {
		struct gh_joint *j = &p->joints[arm->joint[k]];
		double reach_m = 0;

		for (unsigned o = k; o < arm->n; o++) {
			const struct gh_plant_joint *link =
				p->joints[arm->joint[o]].cfg;
			const double mid_m = reach_m + link->length_m / 2;

			j->peak_load_nm +=
				GH_PLANT_G_M_S2 * link->mass_kg * mid_m;
			j->arm_inertia_kgm2 += link->mass_kg * mid_m * mid_m;
			reach_m += link->length_m;
		}
		j->sweep_load_nm = sweep_load(p, arm, k);
	}
}

static void build_core(struct gh_core *core, uint64_t seed)
{
	struct gh_rng unit;

	gh_rng_seed(&unit, seed, GH_PLANT_ANY_SESSION, STREAM_UNIT + SUB_CORE);
	for (unsigned c = 0; c < GH_PLANT_LAMP_CHANNELS; c++)
		core->built[c] = gh_plant_about_one(&unit, GH_PLANT_UNIT_SD);
	gh_plant_wire_core(core);
}

/* What all servos share: the room's warmth and the rest of the common half. */
static double wake_room(struct gh_plant *p, uint64_t seed, unsigned session)
{
	const double common_sd = SESSION_FRICTION_SD * HALF;
	const double warm_sd = FRICTION_PER_K * ROOM_SD_K;
	const double rest_sd = sqrt(common_sd * common_sd - warm_sd * warm_sd);
	struct gh_rng room;
	double warmer_k;

	gh_rng_seed(&room, seed, session, STREAM_SESSION + SUB_ROOM);
	warmer_k = ROOM_SD_K * gh_rng_normal(&room);
	p->ambient_c = ROOM_C + warmer_k;
	return FRICTION_PER_K * warmer_k + rest_sd * gh_rng_normal(&room);
}

static void wake_joint(struct gh_plant *p, unsigned i, double common,
		       uint64_t seed, unsigned session)
{
	struct gh_joint *j = &p->joints[i];
	struct gh_rng own;

	gh_rng_seed(&own, seed, session, STREAM_SESSION + i);
	j->friction_scale *=
		1 + common + SESSION_FRICTION_SD * HALF * gh_rng_normal(&own);
	j->winding_c = p->ambient_c;
	j->case_c = p->ambient_c;
}

static void wake_core(struct gh_core *core, uint64_t seed, unsigned session)
{
	struct gh_rng r;

	gh_rng_seed(&r, seed, session, STREAM_SESSION + SUB_CORE);
	for (unsigned i = 0; i < 2; i++)
		core->seating[i] = gh_plant_about_one(&r, GH_PLANT_SEATING_SD);
	core->ambient =
		AMBIENT_SHARE * fmax(1 + AMBIENT_SD * gh_rng_normal(&r), 0.2);
}

static void wake_supply(struct gh_plant *p, uint64_t seed, unsigned session)
{
	struct gh_rng r;

	gh_rng_seed(&r, seed, session, STREAM_SESSION + SUB_SUPPLY);
	p->supply.emf_v =
		p->config.supply_v * gh_plant_about_one(&r, SESSION_SUPPLY_SD);
	build_outage(&p->supply.outage, seed, session, SUB_SUPPLY);
}

void gh_plant_wander(struct gh_rng *r, double *x, double sd, double memory)
{
	*x = memory * *x + sqrt(1 - memory * memory) * sd * gh_rng_normal(r);
}

static void wander_all(struct gh_plant *p, double memory)
{
	const double friction_sd =
		SESSION_FRICTION_SD * GH_PLANT_RUN_SHARE * HALF;
	struct gh_rng *r = &p->drift_rng;

	gh_plant_wander(r, &p->common_drift, friction_sd, memory);
	gh_plant_wander(r, &p->supply.drift_aim,
			SESSION_SUPPLY_SD * GH_PLANT_RUN_SHARE / DRIFT_KEEPS,
			memory);
	for (unsigned i = 0; i < 2; i++)
		gh_plant_wander(r, &p->core.seating_drift[i],
				GH_PLANT_SEATING_SD * GH_PLANT_RUN_SHARE,
				memory);
	for (unsigned i = 0; i < p->config.n_joints; i++)
		gh_plant_wander(r, &p->joints[i].friction_drift, friction_sd,
				memory);
	gh_plant_optics_drift(p, memory);
}

void gh_plant_drift(struct gh_plant *p)
{
	/* First-order in the tick: 0.1 s against 60 s. */
	wander_all(p, 1 - GH_PLANT_SLOW_US * 1e-6 / DRIFT_TIME_S);
	p->supply.drift += (p->supply.drift_aim - p->supply.drift) *
			   GH_PLANT_SLOW_US * 1e-6 / SUPPLY_FOLLOWS_S;
}

void gh_plant_seed_drift(struct gh_plant *p, uint64_t seed, unsigned session)
{
	for (unsigned i = 0; i < p->config.n_joints; i++) {
		struct gh_joint *j = &p->joints[i];

		gh_rng_seed(&j->encoder_rng, seed, session, STREAM_ENCODER + i);
		gh_rng_seed(&j->fault_rng, seed, session, STREAM_FAULT + i);
	}
	gh_rng_seed(&p->drift_rng, seed, session, STREAM_DRIFT);
	gh_plant_seed_sputter(&p->core, seed, session);
	gh_plant_optics_seed(p, seed, session);
	wander_all(p, 0); /* starts anywhere it could be */
	p->supply.drift = p->supply.drift_aim * DRIFT_KEEPS;
}

void gh_plant_build(struct gh_plant *p, uint64_t seed, unsigned session)
{
	double common;

	for (unsigned i = 0; i < p->config.n_joints; i++) {
		build_joint(p, i, seed, session);
		join_arm(p, i);
	}
	for (unsigned a = 0; a < p->n_arms; a++)
		weigh_arm(p, &p->arms[a]);
	build_core(&p->core, seed);
	common = wake_room(p, seed, session);
	for (unsigned i = 0; i < p->config.n_joints; i++)
		wake_joint(p, i, common, seed, session);
	wake_core(&p->core, seed, session);
	wake_supply(p, seed, session);
	gh_plant_optics_build(p, seed, session);
	gh_plant_seed_drift(p, seed, session);
	gh_plant_heat(p, 0); /* windings at room temperature */
}
