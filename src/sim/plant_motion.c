/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plant_motion - motors push through gears with play against arms that hang
 * on each other. Simplified on purpose: the links pull by their true weight in
 * every pose, but their inertia is that of the arm straight out, and no joint
 * feels its neighbours accelerate (no Coriolis terms); a check moves slowly.
 */
#include "sim/plant_internal.h" /* struct gh_joint */

#include <math.h>

/* Reference plant, measurement.md section 1.4. */
#define GEAR_NM_RAD 300.0
#define GEAR_NMS_RAD 0.6
/* binding_spot, section 5.2: Gaussian, sigma 0.03 rad at +0.3 rad. */
#define BINDING_AT_RAD 0.3
#define BINDING_SIGMA_RAD 0.03
/*
 * Where grease_warms: sized so that ten checks in a row drift by what a real
 * actuator did, -3.7 % (measurement.md, fact 3), while the case warms by 2 K.
 */
#define WARM_GREASE_PER_K (-0.03)
/* tooth_damage, section 5.2. */
#define TEETH_PER_TURN 40
/* Assumed: how fast an arm slips on a horn that holds nothing. */
#define SLIP_TIME_S 0.05

static double clip(double x, double bound)
{
	return x > bound ? bound : x < -bound ? -bound : x;
}

/*
 * Two bodies and a spring with play that pushes but never pulls (measurement.md
 * section 1.2). Torque is taken at the end of the step (implicit), so that it
 * stays stable for the lightest arm.
 */
struct contact {
	double twist_rad, speed_rad_s; /* driver less driven */
	double pull_rad_s2;	       /* the same, of all that acts but this */
	double give;		       /* 1/inertia of both, added up */
	double play_rad;
};

static double contact_torque(const struct contact *c, double dt_s)
{
	const double give = dt_s * c->give;
	const double speed = c->speed_rad_s + dt_s * c->pull_rad_s2;
	const double twist = c->twist_rad + dt_s * speed;
	const double pressed = fabs(twist) - c->play_rad / 2;
	const double closing = twist > 0 ? speed : -speed;
	double push_nm;

	if (pressed <= 0)
		return 0;
	push_nm = (GEAR_NM_RAD * pressed + GEAR_NMS_RAD * closing) /
		  (1 + give * (GEAR_NM_RAD * dt_s + GEAR_NMS_RAD));
	return push_nm <= 0 ? 0 : copysign(push_nm, twist);
}

/*
 * An arm that rattles on its horn is a body of its own, without friction
 * between the two. Returns the torque that the horn passes.
 */
static double rattle(struct gh_joint *j, double weight_nm, double dt_s)
{
	const struct contact horn = {
		.twist_rad = -j->play_rad,
		.speed_rad_s = j->shaft_rad_s - j->arm_rad_s,
		.pull_rad_s2 = j->gear_nm / j->shaft_inertia_kgm2 +
			       weight_nm / j->arm_inertia_kgm2,
		.give = 1 / j->shaft_inertia_kgm2 + 1 / j->arm_inertia_kgm2,
		.play_rad = j->loose_rad,
	};
	const double push_nm = contact_torque(&horn, dt_s);

	j->arm_rad_s += (push_nm - weight_nm) / j->arm_inertia_kgm2 * dt_s;
	return push_nm;
}

static bool is_loose(const struct gh_joint *j)
{
	return j->loose_rad > 0 && j->arm_inertia_kgm2 > 0;
}

/*
 * What the horn passes of `weight_nm`; the rest moves the arm on the horn. A
 * limp elbow so lets the outer links swing down until they hang below it, and
 * the shoulder carries them as a mass at the elbow.
 */
static double pass_through_horn(struct gh_joint *j, double weight_nm,
				double dt_s)
{
	const double most_nm = (1 - j->limp_share) * j->peak_load_nm;
	const double passed_nm = clip(weight_nm, most_nm);

	if (j->limp_share > 0 && j->peak_load_nm > 0)
		j->slip_rad -= (weight_nm - passed_nm) / j->peak_load_nm *
			       (dt_s / SLIP_TIME_S);
	return passed_nm;
}

/* Angles add up from the body outwards, weights from the tip inwards. */
static void hang_arm(struct gh_plant *p, const struct gh_arm *arm, double dt_s)
{
	double lever[GH_PLANT_JOINTS] = { 0 };
	double tilt_rad = 0, outer_kg = 0, outer_nm = 0;

	for (unsigned k = 0; k < arm->n; k++) {
		const struct gh_joint *j = &p->joints[arm->joint[k]];

		tilt_rad += j->shaft_rad + gh_joint_offset(j);
		lever[k] = j->cfg->length_m * sin(tilt_rad);
	}
	for (unsigned k = arm->n; k-- > 0;) {
		struct gh_joint *j = &p->joints[arm->joint[k]];
		const double kg = j->cfg->mass_kg;

		outer_nm += GH_PLANT_G_M_S2 * lever[k] * (kg / 2 + outer_kg);
		if (is_loose(j))
			outer_nm = rattle(j, outer_nm, dt_s);
		outer_nm = pass_through_horn(j, outer_nm, dt_s);
		outer_kg += kg;
		j->load_nm = outer_nm;
	}
}

/* Teeth that cannot carry a torque are skipped until they need not. */
static double skip_teeth(struct gh_joint *j, double gear_nm)
{
	const double most_nm = (1 - j->stripped_share) * j->sweep_load_nm;
	const double twist = j->motor_rad - j->shaft_rad - j->skip_rad;
	const double over =
		fabs(twist) - j->lash_rad / 2 - most_nm / GEAR_NM_RAD;

	if (j->stripped_share <= 0 || fabs(gear_nm) <= most_nm)
		return gear_nm;
	if (over > 0)
		j->skip_rad += copysign(over, twist);
	return clip(gear_nm, most_nm);
}

/* motor_nm acts on the rotor, load_nm on the shaft, friction aside. */
static double gear_torque(struct gh_joint *j, double motor_nm,
			  double inertia_kgm2, double dt_s)
{
	const struct contact gears = {
		.twist_rad = j->motor_rad - j->shaft_rad - j->skip_rad,
		.speed_rad_s = j->motor_rad_s - j->shaft_rad_s,
		.pull_rad_s2 = motor_nm / j->kind->rotor_kgm2 +
			       j->load_nm / inertia_kgm2,
		.give = 1 / j->kind->rotor_kgm2 + 1 / inertia_kgm2,
		.play_rad = j->lash_rad,
	};

	return skip_teeth(j, contact_torque(&gears, dt_s));
}

static double friction_scale(const struct gh_plant *p, const struct gh_joint *j)
{
	const double warmer_k = j->case_c + j->excess_k - p->ambient_c;
	const double warmed =
		p->config.grease_warms ? WARM_GREASE_PER_K * warmer_k : 0;

	return j->friction_scale * j->dry_factor *
	       (1 + p->common_drift + j->friction_drift + warmed);
}

/* Damaged teeth drag and let go, whichever way they turn. */
static double gear_limit(const struct gh_joint *j, double scale,
			 double motor_nm)
{
	const double limit_nm =
		scale * j->friction.model->limit(&j->friction, j->motor_rad_s,
						 motor_nm, -j->gear_nm);

	if (j->tooth_nm <= 0)
		return limit_nm;
	return fmax(limit_nm + j->tooth_nm * cos(TEETH_PER_TURN * j->shaft_rad),
		    0);
}

static double bearing_limit(const struct gh_joint *j, double scale)
{
	const double off = (j->shaft_rad - BINDING_AT_RAD) / BINDING_SIGMA_RAD;
	double limit_nm = GH_PLANT_BEARING_NM * scale;

	if (j->binding_nm > 0)
		limit_nm += j->binding_nm * exp(-off * off / 2);
	return limit_nm;
}

/* Mechanical stops, without bounce. */
static void stop_at_ends(struct gh_joint *j)
{
	const double lo = j->cfg->lo_rad, hi = j->cfg->hi_rad - j->short_rad;

	if (j->shaft_rad > hi) {
		j->shaft_rad = hi;
		j->shaft_rad_s = fmin(j->shaft_rad_s, 0);
	} else if (j->shaft_rad < lo) {
		j->shaft_rad = lo;
		j->shaft_rad_s = fmax(j->shaft_rad_s, 0);
	}
}

/* What the shaft has to turn: a limp or loose arm is not part of it. */
static double shaft_inertia(const struct gh_joint *j)
{
	if (is_loose(j))
		return j->shaft_inertia_kgm2;
	return j->shaft_inertia_kgm2 +
	       (1 - j->limp_share) * j->arm_inertia_kgm2;
}

static void move_joint(const struct gh_plant *p, struct gh_joint *j,
		       double dt_s)
{
	const double inertia_kgm2 = shaft_inertia(j);
	const double motor_nm = j->kt_nm_a * (1 - j->weak_share) * j->amps;
	const double scale = friction_scale(p, j);

	j->gear_nm = gear_torque(j, motor_nm, inertia_kgm2, dt_s);
	j->motor_rad_s = gh_friction_step(j->motor_rad_s, motor_nm - j->gear_nm,
					  gear_limit(j, scale, motor_nm),
					  j->kind->rotor_kgm2, dt_s);
	j->shaft_rad_s =
		gh_friction_step(j->shaft_rad_s, j->gear_nm - j->load_nm,
				 bearing_limit(j, scale), inertia_kgm2, dt_s);
	j->motor_rad += j->motor_rad_s * dt_s;
	j->shaft_rad += j->shaft_rad_s * dt_s;
	if (is_loose(j))
		j->play_rad += (j->arm_rad_s - j->shaft_rad_s) * dt_s;
	stop_at_ends(j);
}

void gh_plant_motion(struct gh_plant *p, double dt_s)
{
	for (unsigned a = 0; a < p->n_arms; a++)
		hang_arm(p, &p->arms[a], dt_s);
	gh_plant_drive(p);
	for (unsigned i = 0; i < p->config.n_joints; i++)
		move_joint(p, &p->joints[i], dt_s);
}
