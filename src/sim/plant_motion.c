/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plant_motion - motors push through gears with play against arms that hang
 * on each other. Simplified on purpose: the links pull by their true weight in
 * every pose, but their inertia is that of the arm straight out, and no joint
 * feels its neighbours accelerate (no Coriolis terms); a check moves slowly.
 */
#include "sim/plant_internal.h" /* struct gh_joint */

#include <math.h>

/* Reference plant, measurement.md section 1.4: MX-106 armature. */
#define ROTOR_KGM2 0.026
#define LOOP_GAIN_V_RAD 60.0
#define LOOP_NOMINAL_V 12.0
#define GEAR_NM_RAD 300.0
#define GEAR_NMS_RAD 0.6
#define BEARING_NM 0.005
/* binding_spot, section 5.2: Gaussian, sigma 0.03 rad at +0.3 rad. */
#define BINDING_AT_RAD 0.3
#define BINDING_SIGMA_RAD 0.03
/* Assumed: 0.3 count rms of encoder noise before quantisation. */
#define ENCODER_NOISE_COUNTS 0.3
/* Assumed: how fast an arm slips on a horn that holds nothing. */
#define SLIP_TIME_S 0.05

static double clip(double x, double bound)
{
	return x > bound ? bound : x < -bound ? -bound : x;
}

void gh_plant_encoders(struct gh_plant *p)
{
	for (unsigned i = 0; i < p->config.n_joints; i++) {
		struct gh_joint *j = &p->joints[i];
		const double noise =
			ENCODER_NOISE_COUNTS * gh_rng_normal(&j->encoder_rng);

		j->encoder_rad =
			round(j->shaft_rad / GH_PLANT_COUNT_RAD + noise) *
			GH_PLANT_COUNT_RAD;
	}
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

		tilt_rad += j->shaft_rad + j->slip_rad;
		lever[k] = j->cfg->length_m * sin(tilt_rad);
	}
	for (unsigned k = arm->n; k-- > 0;) {
		struct gh_joint *j = &p->joints[arm->joint[k]];
		const double kg = j->cfg->mass_kg;

		outer_nm += GH_PLANT_G_M_S2 * lever[k] * (kg / 2 + outer_kg);
		outer_nm = pass_through_horn(j, outer_nm, dt_s);
		outer_kg += kg;
		j->load_nm = outer_nm;
	}
}

/* Proportional drive by duty, as MX and XL servos do: V = supply * duty. */
static void drive_motor(struct gh_joint *j, double bus_v)
{
	const double error_rad = j->target_rad - j->encoder_rad;
	const double duty =
		clip(LOOP_GAIN_V_RAD / LOOP_NOMINAL_V * error_rad, 1);
	double emf_v;

	j->amps = 0;
	j->bus_amps = 0;
	if (!j->is_alive || !j->has_torque)
		return; /* open bridge: no current, no braking */
	emf_v = j->kt_nm_a * j->motor_rad_s;
	j->amps = (duty * bus_v - emf_v) / j->hot_ohm;
	/* Assumed: the bus carries duty times the winding current. */
	j->bus_amps = fabs(duty * j->amps);
}

/*
 * Torque through the gears: a spring with play that pushes but never pulls
 * (measurement.md section 1.2). Taken at the end of the step (implicit), so
 * that it stays stable for the lightest arm; motor_nm and arm_nm are what acts
 * on either side of it, friction aside.
 */
static double gear_torque(const struct gh_joint *j, double motor_nm,
			  double arm_nm, double inertia_kgm2, double dt_s)
{
	const double give = dt_s * (1 / ROTOR_KGM2 + 1 / inertia_kgm2);
	const double speed =
		j->motor_rad_s - j->shaft_rad_s +
		dt_s * (motor_nm / ROTOR_KGM2 - arm_nm / inertia_kgm2);
	const double twist = j->motor_rad - j->shaft_rad + dt_s * speed;
	const double pressed = fabs(twist) - j->lash_rad / 2;
	const double closing = twist > 0 ? speed : -speed;
	double push_nm;

	if (pressed <= 0)
		return 0;
	push_nm = (GEAR_NM_RAD * pressed + GEAR_NMS_RAD * closing) /
		  (1 + give * (GEAR_NM_RAD * dt_s + GEAR_NMS_RAD));
	return push_nm <= 0 ? 0 : copysign(push_nm, twist);
}

static double friction_scale(const struct gh_plant *p, const struct gh_joint *j)
{
	return j->friction_scale * j->dry_factor *
	       (1 + p->common_drift + j->friction_drift);
}

static double bearing_limit(const struct gh_joint *j, double scale)
{
	const double off = (j->shaft_rad - BINDING_AT_RAD) / BINDING_SIGMA_RAD;
	double limit_nm = BEARING_NM * scale;

	if (j->binding_nm > 0)
		limit_nm += j->binding_nm * exp(-off * off / 2);
	return limit_nm;
}

/* Mechanical stops, without bounce. */
static void stop_at_ends(struct gh_joint *j)
{
	const double lo = j->cfg->lo_rad, hi = j->cfg->hi_rad;

	if (j->shaft_rad > hi) {
		j->shaft_rad = hi;
		j->shaft_rad_s = fmin(j->shaft_rad_s, 0);
	} else if (j->shaft_rad < lo) {
		j->shaft_rad = lo;
		j->shaft_rad_s = fmax(j->shaft_rad_s, 0);
	}
}

static void move_joint(const struct gh_plant *p, struct gh_joint *j,
		       double dt_s)
{
	const double inertia_kgm2 = j->shaft_inertia_kgm2 +
				    (1 - j->limp_share) * j->arm_inertia_kgm2;
	const double motor_nm = j->kt_nm_a * j->amps;
	const double gear_nm =
		gear_torque(j, motor_nm, -j->load_nm, inertia_kgm2, dt_s);
	const double scale = friction_scale(p, j);
	const double drag_nm =
		scale * j->friction.model->limit(&j->friction, j->motor_rad_s,
						 motor_nm, -gear_nm);

	j->motor_rad_s = gh_friction_step(j->motor_rad_s, motor_nm - gear_nm,
					  drag_nm, ROTOR_KGM2, dt_s);
	j->shaft_rad_s =
		gh_friction_step(j->shaft_rad_s, gear_nm - j->load_nm,
				 bearing_limit(j, scale), inertia_kgm2, dt_s);
	j->motor_rad += j->motor_rad_s * dt_s;
	j->shaft_rad += j->shaft_rad_s * dt_s;
	stop_at_ends(j);
}

void gh_plant_motion(struct gh_plant *p, double dt_s)
{
	for (unsigned a = 0; a < p->n_arms; a++)
		hang_arm(p, &p->arms[a], dt_s);
	for (unsigned i = 0; i < p->config.n_joints; i++) {
		drive_motor(&p->joints[i], p->supply.bus_v);
		move_joint(p, &p->joints[i], dt_s);
	}
}
