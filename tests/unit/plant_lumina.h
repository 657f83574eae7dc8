/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plant_lumina - plants and sweeps for the plant's own tests: Lumina as
 * design.md section 4 describes it, a single joint, and a triangle sweep that
 * adds up what a regression needs.
 */
#ifndef GH_TESTS_PLANT_LUMINA_H
#define GH_TESTS_PLANT_LUMINA_H

#include "sim/plant_internal.h" /* struct gh_plant */

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SHOULDER = 3, ELBOW = 4, WRIST = 5 }; /* of the arm "resilience" */

static inline struct gh_plant_config lumina(void)
{
	static const char *const arms[] = { "hope", "resilience", "memory",
					    "dawn" };
	static const struct {
		const char *name;
		double length_m, mass_kg, range_deg;
	} links[] = { { "shoulder", 0.25, 0.20, 80 },
		      { "elbow", 0.20, 0.15, 80 },
		      { "wrist", 0.15, 0.08, 60 } };
	struct gh_plant_config c = { .has_core = true,
				     .core = "core",
				     .supply = "supply.servo",
				     .supply_v = 12 };

	for (unsigned i = 0; i < 12; i++) {
		struct gh_plant_joint *j = &c.joints[c.n_joints++];
		const double range = links[i % 3].range_deg * GH_PLANT_DEG;

		snprintf(j->name, sizeof j->name, "%s.%s", arms[i / 3],
			 links[i % 3].name);
		j->chain = (int)(i / 3);
		j->order = i % 3;
		j->length_m = links[i % 3].length_m;
		j->mass_kg = links[i % 3].mass_kg;
		j->lo_rad = -range;
		j->hi_rad = range;
	}
	return c;
}

/* With all its optics and the remote, as schemas/lumina.rig has it. */
static inline struct gh_plant_config lumina_whole(void)
{
	static const char *const arms[] = { "hope", "resilience", "memory",
					    "dawn" };
	static const double windows_deg[][2] = { { -36, -24 },
						 { -6, 6 },
						 { 24, 36 } };
	struct gh_plant_config c = lumina();

	for (unsigned i = 0; i < 8; i++)
		snprintf(c.fibres[c.n_fibres++], GH_NAME_CAP, "fibre.%u",
			 i + 1);
	for (unsigned i = 0; i < 6; i++) {
		struct gh_plant_crystal *x = &c.crystals[c.n_crystals++];

		snprintf(x->name, sizeof x->name, "crystal.%u", i + 1);
		x->joint = i < 3 ? 0 : 9; /* hope.shoulder, dawn.shoulder */
		x->lo_rad = windows_deg[i % 3][0] * GH_PLANT_DEG;
		x->hi_rad = windows_deg[i % 3][1] * GH_PLANT_DEG;
	}
	for (unsigned i = 0; i < 4; i++)
		snprintf(c.chromes[c.n_chromes++], GH_NAME_CAP, "chrome.%s",
			 arms[i]);
	snprintf(c.spotlight, sizeof c.spotlight, "spotlight");
	snprintf(c.remote, sizeof c.remote, "remote");
	return c;
}

/* One joint "arm.one"; the supply and no core. */
static inline struct gh_plant_config single(double length_m, double mass_kg)
{
	struct gh_plant_config c = { .supply = "supply.servo",
				     .supply_v = 12,
				     .n_joints = 1 };

	c.joints[0] = (struct gh_plant_joint){ .name = "arm.one",
					       .length_m = length_m,
					       .mass_kg = mass_kg,
					       .lo_rad = -1.4,
					       .hi_rad = 1.4 };
	return c;
}

static inline double sense(struct gh_plant *p, const char *part,
			   enum gh_quantity what)
{
	return gh_plant_sense(p, gh_plant_sensor(p, part, what));
}

static inline void torque_all(struct gh_plant *p)
{
	for (unsigned j = 0; j < p->config.n_joints; j++)
		gh_plant_torque(p, j, true);
}

/* Everything a sweep of one joint says, over samples at constant speed. */
struct sweep {
	double up_a, down_a;	/* mean current by direction */
	double rms_a;		/* of the current */
	double friction_a;	/* current by direction, load taken out */
	double load_a;		/* current per unit of load shape */
	double residual_a;	/* rms of what friction and load leave */
	double track_rad;	/* rms following error */
	double lost_rad;	/* most motor minus shaft, less the least */
	double low_v;		/* lowest bus voltage */
	double max_bind_a;	/* largest 25 mrad bin of sgn(v) * current */
	double max_bind_at_rad; /* its centre */
};

/* The load a joint's current is fitted to: sin of the sum of its angles. */
static inline double sin_of_chain(const struct gh_plant *p, unsigned joint)
{
	const struct gh_plant_joint *all = p->config.joints;
	double tilt_rad = 0;

	for (unsigned i = 0; i < p->config.n_joints; i++)
		if (all[i].chain == all[joint].chain &&
		    all[i].order <= all[joint].order)
			tilt_rad += gh_plant_true_angle(p, i);
	return sin(tilt_rad);
}

#define SWEEP_RAD 0.7
#define SWEEP_TICK_US 10000
enum { SWEEP_BINS = 56, SWEEP_SAMPLES = 20000 };

struct sample {
	double sign, amps, shape;
};

struct sweeping {
	struct sample row[SWEEP_SAMPLES];
	unsigned n, n_up, bin_n[SWEEP_BINS];
	double bin_a[SWEEP_BINS], wind_lo, wind_hi;
};

static inline void sweep_note(struct sweeping *w, struct sweep *s,
			      const struct gh_plant *p, unsigned joint,
			      const struct sample *now)
{
	const struct gh_joint *j = &p->joints[joint];
	const double wind = j->motor_rad - j->shaft_rad;
	const double off = j->target_rad - j->shaft_rad;
	const unsigned bin = (unsigned)((j->shaft_rad + SWEEP_RAD) / 0.025);

	w->row[w->n++] = *now;
	w->n_up += now->sign > 0;
	*(now->sign > 0 ? &s->up_a : &s->down_a) += now->amps;
	s->rms_a += now->amps * now->amps;
	s->track_rad += off * off;
	s->low_v = fmin(s->low_v, p->supply.bus_v);
	w->wind_lo = fmin(w->wind_lo, wind);
	w->wind_hi = fmax(w->wind_hi, wind);
	if (bin < SWEEP_BINS) {
		w->bin_a[bin] += now->sign * now->amps;
		w->bin_n[bin]++;
	}
}

/* Least squares of two columns, direction and load. */
static inline void sweep_fit(const struct sweeping *w, struct sweep *s)
{
	double is = 0, il = 0, ss = 0, sl = 0, ll = 0, friction_a;

	for (unsigned i = 0; i < w->n; i++) {
		const struct sample *r = &w->row[i];

		is += r->amps * r->sign;
		il += r->amps * r->shape;
		ss += r->sign * r->sign;
		sl += r->sign * r->shape;
		ll += r->shape * r->shape;
	}
	friction_a = (is * ll - il * sl) / (ss * ll - sl * sl);
	s->load_a = (il * ss - is * sl) / (ss * ll - sl * sl);
	s->friction_a = friction_a;
	for (unsigned i = 0; i < w->n; i++) {
		const struct sample *r = &w->row[i];
		const double e =
			r->amps - s->load_a * r->shape - friction_a * r->sign;

		s->residual_a += e * e;
	}
	s->residual_a = sqrt(s->residual_a / w->n);
	s->up_a /= w->n_up;
	s->down_a /= w->n - w->n_up;
	s->rms_a = sqrt(s->rms_a / w->n);
	s->track_rad = sqrt(s->track_rad / w->n);
	s->lost_rad = w->wind_hi - w->wind_lo;
}

static inline void sweep_bins(const struct sweeping *w, struct sweep *s)
{
	for (unsigned b = 0; b < SWEEP_BINS; b++) {
		const double a = w->bin_n[b] ? w->bin_a[b] / w->bin_n[b] : 0;

		if (a > s->max_bind_a) {
			s->max_bind_a = a;
			s->max_bind_at_rad = (b + 0.5) * 0.025 - SWEEP_RAD;
		}
	}
}

/*
 * `turns` full triangles of +-0.7 rad of all joints whose bit is set in
 * `which`, watching `joint`; drops 0.25 s around each reversal, so that both
 * directions see the same angles.
 */
static inline struct sweep sweep_joint(struct gh_plant *p, unsigned which,
				       unsigned joint, double rad_s,
				       unsigned turns,
				       double (*shape)(const struct gh_plant *p,
						       unsigned joint))
{
	static struct sweeping w;
	const double leg_s = 2 * SWEEP_RAD / rad_s, tick_s = 0.01;
	struct sweep s = { .low_v = 1e9 };

	w = (struct sweeping){ .wind_lo = 1, .wind_hi = -1 };
	for (double t = 0; t < 2 * leg_s * turns - tick_s / 2; t += tick_s) {
		const double leg = floor(t / leg_s), in_s = t - leg * leg_s;
		struct sample now = { .sign = fmod(leg, 2) < 1 ? 1 : -1 };

		for (unsigned j = 0; j < p->config.n_joints; j++)
			if (which >> j & 1)
				gh_plant_servo(
					p, j,
					now.sign * (rad_s * in_s - SWEEP_RAD));
		gh_plant_step(p, SWEEP_TICK_US);
		now.amps = sense(p, p->config.joints[joint].name, GH_Q_CURRENT);
		now.shape = shape(p, joint);
		if (in_s > 0.25 && in_s < leg_s - 0.25)
			sweep_note(&w, &s, p, joint, &now);
	}
	sweep_fit(&w, &s);
	sweep_bins(&w, &s);
	return s;
}

/* To the start of a sweep, by a slow ramp. */
static inline void sweep_ready(struct gh_plant *p, unsigned which)
{
	torque_all(p);
	for (unsigned i = 0; i <= 200; i++) {
		for (unsigned j = 0; j < p->config.n_joints; j++)
			if (which >> j & 1)
				gh_plant_servo(p, j, -SWEEP_RAD * i / 200);
		gh_plant_step(p, SWEEP_TICK_US);
	}
}

#endif
