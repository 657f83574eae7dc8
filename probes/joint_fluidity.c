/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * joint_fluidity - what a joint's current says while it sweeps at constant
 * speed. Dry friction turns its sign with the motion, grease grows with speed,
 * the weight of the arm follows the angle and does not care which way it goes:
 * one fit takes them apart. What the fit leaves over is looseness and
 * roughness; where it is left over both ways at one angle, something rubs. An
 * arm hanging limp on its horn tracks perfectly and shows in the weight alone.
 * measurement.md section 3 has the formulas, minima and priors.
 */
#include <math.h>

#include "engine/probe.h"  /* struct gh_probe, gh_probe_put */
#include "judge/metric.h"  /* struct gh_metric */
#include "measure/angle.h" /* gh_deg */
#include "measure/bins.h"  /* gh_interpolate, gh_find_rub */
#include "measure/chain.h" /* struct gh_chain: what gravity asks */
#include "measure/ols.h"   /* gh_ols */
#include "measure/order.h" /* gh_order */
#include "measure/stats.h" /* gh_mean_abs */

/* Not at constant speed yet, or any more: measurement.md section 2. */
#define SETTLE_US 250000
#define LEAVE_US 50000
/* measurement.md section 3. */
#define BLOCK_US 10000
#define BIN_RAD 0.025
#define PHASE_SE 5.0
/* What friction leaves in the cosine, 0.6 mA from run to run on the simulated
 * plant, turns a lesser load by more than 2 deg: healthy joints of 10 mA held
 * the show once in six runs. */
#define PHASE_LOAD_A 0.015
#define LOAD_SE 3.0 /* assumed: one healthy run in 400 passes it by chance */
/* Speeds nearer than this do not tell grease from dry friction: assumed. */
#define SPEED_RATIO 1.2
/* Teeth of the wheel on the arm: measurement.md section 5.2, tooth_damage. */
#define TEETH 40.0
/* Ten rows for each of the five terms: assumed. */
#define ROWS_MIN 50

enum { LEGS = 64, SPANS = 256 };
enum { TERM_ONE, TERM_WAY, TERM_SIN, TERM_COS, TERM_SPEED, TERMS };
enum {
	COULOMB,
	VISCOUS,
	GRAVITY,
	PHASE,
	RESIDUAL,
	BIND,
	BIND_AT,
	ORDER,
	ORDER_SHARE,
	ASYM,
	ROWS
};
enum { SWEEPS = 1u << GH_EX_SWEEP };
enum { AMPS_AND_ANGLE = 1u << GH_Q_CURRENT | 1u << GH_Q_POSITION };

/* Lowest rate 15 Hz: a leg of 1.3 s still has 15 samples; assumed. */
#define NEEDS                                                                  \
	{                                                                      \
		SWEEPS, AMPS_AND_ANGLE, 15.0, true                             \
	}

/* Resolution 2.69 mA: one count of the servo's current (section 1.3). */
static const struct gh_metric metrics[] = {
	[COULOMB] = { .id = "joint.coulomb",
		      .version = 1,
		      .unit = GH_UNIT_AMPERE,
		      .meaning = "dry friction",
		      .role = GH_ROLE_GATE,
		      .min_share = 0.15,
		      .min_abs = 0.010,
		      .prior = 0.03,
		      .resolution = 0.0003,
		      .hard = GH_NO_HARD,
		      .needs = NEEDS },
	[VISCOUS] = { .id = "joint.viscous",
		      .version = 1,
		      .unit = GH_UNIT_VISCOUS,
		      .meaning = "grease",
		      .role = GH_ROLE_GATE,
		      .min_share = 0.20,
		      /* as coulomb's 10 mA at 1 rad/s: assumed */
		      .min_abs = 0.010,
		      .prior = 0.04,
		      .resolution = 0.0003,
		      .hard = GH_NO_HARD,
		      .needs = NEEDS },
	[GRAVITY] = { .id = "joint.gravity",
		      .version = 2,
		      .unit = GH_UNIT_AMPERE,
		      .meaning = "load carried",
		      .role = GH_ROLE_GATE,
		      .min_share = 0.10,
		      /* as coulomb's: an unloaded joint has none; assumed */
		      .min_abs = 0.010,
		      .prior = 0.01,
		      .resolution = 0.0003,
		      .hard = { NAN, NAN, 0.25 },
		      .needs = NEEDS },
	[PHASE] = { .id = "joint.gravity_phase",
		    .version = 1,
		    .unit = GH_UNIT_DEG,
		    .meaning = "where the arm hangs",
		    .role = GH_ROLE_GATE,
		    .kind = GH_METRIC_CIRCULAR,
		    .spread = GH_SPREAD_ABSOLUTE,
		    .min_abs = 3.0,
		    .prior = 0.5,
		    .resolution = 0.088,
		    .hard = GH_NO_HARD,
		    .needs = NEEDS },
	[RESIDUAL] = { .id = "joint.residual",
		       .version = 1,
		       .unit = GH_UNIT_AMPERE,
		       .meaning = "looseness and roughness",
		       .role = GH_ROLE_GATE,
		       .min_share = 0.25,
		       .prior = 0.05,
		       .resolution = 0.0003,
		       .hard = GH_NO_HARD,
		       .needs = NEEDS },
	[BIND] = { .id = "joint.bind",
		   .version = 1,
		   .unit = GH_UNIT_AMPERE,
		   .meaning = "local rub",
		   .role = GH_ROLE_GATE,
		   .min_abs = 0.020,
		   .prior = 0.20,
		   .resolution = 0.0003,
		   .hard = GH_NO_HARD,
		   .needs = NEEDS },
	[BIND_AT] = { .id = "joint.bind_at",
		      .version = 1,
		      .unit = GH_UNIT_DEG,
		      .meaning = "where it rubs most",
		      .role = GH_ROLE_SHOWN,
		      .spread = GH_SPREAD_ABSOLUTE,
		      .resolution = 1.43,
		      .hard = GH_NO_HARD,
		      .needs = NEEDS },
	[ORDER] = { .id = "joint.order_40",
		    .version = 1,
		    .unit = GH_UNIT_AMPERE,
		    .meaning = "drag that returns with every tooth",
		    .role = GH_ROLE_WATCH,
		    .min_abs = 0.005,
		    .prior = 0.25,
		    .resolution = 0.0003,
		    .hard = GH_NO_HARD,
		    .needs = NEEDS },
	/* A rub or a rattle has something of every order; a tooth is almost all
	 * of the roughness (0.84 to 0.96 of it when gross, else below 0.25, on
	 * the simulated plant). */
	[ORDER_SHARE] = { .id = "joint.order_share",
			  .version = 1,
			  .unit = GH_UNIT_ONE,
			  .meaning = "the teeth's share of its roughness",
			  .role = GH_ROLE_WATCH,
			  .spread = GH_SPREAD_ABSOLUTE,
			  .min_abs = 0.3,
			  .prior = 0.05,
			  .resolution = 0.01,
			  .hard = GH_NO_HARD,
			  .needs = NEEDS },
	[ASYM] = { .id = "joint.asym",
		   .version = 1,
		   .unit = GH_UNIT_ONE,
		   .meaning = "one-way drag or spring",
		   .role = GH_ROLE_WATCH,
		   .spread = GH_SPREAD_ABSOLUTE,
		   .min_abs = 0.05,
		   .prior = 0.01,
		   .resolution = 0.001,
		   .hard = GH_NO_HARD,
		   .needs = NEEDS },
	{ 0 }
};

/* How one joint of the arm moved over the whole sweep. */
struct path {
	struct gh_series angle; /* times since begin */
	gh_us begin;
	const struct gh_span *spans; /* its commands, where angle is empty */
	size_t n_spans;
};

/* One row per block of samples. */
struct sweep {
	size_t n;
	double *amps, *angle, *way, *speed, *g_s, *g_c;
};

static double angle_at(const struct path *path, gh_us t)
{
	size_t i = 0;

	if (path->angle.n > 0)
		return gh_interpolate(path->angle.t, path->angle.v,
				      path->angle.n,
				      (double)(t - path->begin) / GH_US_PER_S);
	while (i + 1 < path->n_spans && path->spans[i + 1].begin <= t)
		i++;
	return gh_span_command(&path->spans[i], t);
}

/* Angles of the arm's joints, measured or else as commanded. */
static enum gh_status find_paths(const struct gh_probe_in *in, gh_us begin,
				 gh_us end, struct path *paths,
				 struct gh_err *err)
{
	const struct gh_rig *rig = gh_recording_rig(in->rec);
	const struct gh_rig_joint *own =
		&rig->joints[rig->parts[in->part].joint];
	const struct gh_rig_arm *arm = &rig->arms[own->arm];

	for (unsigned k = 0; k < arm->n; k++) {
		const int part = rig->joints[arm->joint[k]].part;
		struct gh_span *spans =
			gh_arena_room(in->tmp, SPANS, sizeof *spans);

		paths[k].begin = begin;
		paths[k].angle = gh_recording_blocks(
			in->rec,
			gh_recording_find(in->rec, part, GH_Q_POSITION), begin,
			end, BLOCK_US, in->tmp);
		paths[k].spans = spans;
		paths[k].n_spans =
			gh_recording_spans(in->rec, part, GH_EX_COUNT,
					   GH_REPEAT_ALL, spans, SPANS);
		if (paths[k].angle.n == 0 && paths[k].n_spans == 0)
			return gh_fail(err, GH_NODATA,
				       "the angle of %s is not known",
				       rig->parts[part].name);
	}
	return GH_OK;
}

static void nominal_load(const struct gh_probe_in *in, struct gh_chain *chain)
{
	const struct gh_rig *rig = gh_recording_rig(in->rec);
	const struct gh_rig_joint *own =
		&rig->joints[rig->parts[in->part].joint];
	const struct gh_rig_arm *arm = &rig->arms[own->arm];
	double length_m[GH_CHAIN_LINKS], mass_kg[GH_CHAIN_LINKS];

	for (unsigned k = 0; k < arm->n; k++) {
		length_m[k] = rig->joints[arm->joint[k]].length_m;
		mass_kg[k] = rig->joints[arm->joint[k]].mass_kg;
	}
	gh_chain_init(chain, length_m, mass_kg, arm->n, own->order);
}

static void add_leg(const struct gh_probe_in *in, const struct gh_span *leg,
		    const struct path *paths, const struct gh_chain *chain,
		    unsigned own, struct sweep *s)
{
	const gh_us begin = leg->begin + SETTLE_US;
	const struct gh_series amps = gh_probe_blocks(
		in, GH_Q_CURRENT, begin, leg->end - LEAVE_US, BLOCK_US);
	const double v = (leg->to_rad - leg->from_rad) * GH_US_PER_S /
			 (double)(leg->end - leg->begin);
	double q[GH_CHAIN_LINKS] = { 0.0 };

	for (size_t i = 0; i < amps.n; i++, s->n++) {
		const gh_us t = begin + (gh_us)(amps.t[i] * GH_US_PER_S);

		for (unsigned k = 0; k < chain->n; k++)
			q[k] = angle_at(&paths[k], t);
		s->amps[s->n] = amps.v[i];
		s->angle[s->n] = q[own];
		s->speed[s->n] = v;
		s->way[s->n] = v > 0.0 ? 1.0 : -1.0;
		gh_chain_load(chain, q, &s->g_s[s->n], &s->g_c[s->n]);
	}
}

static void make_room(const struct gh_probe_in *in, const struct gh_span *legs,
		      size_t n, struct sweep *s)
{
	double **const columns[] = { &s->amps,	&s->angle, &s->way,
				     &s->speed, &s->g_s,   &s->g_c };
	size_t cap = 0;

	/* One block begun and one ended by chance on each leg. */
	for (size_t i = 0; i < n; i++)
		cap += (size_t)((legs[i].end - legs[i].begin) / BLOCK_US) + 2;
	s->n = 0;
	for (size_t i = 0; i < GH_ARRAY_SIZE(columns); i++)
		*columns[i] = gh_arena_room(in->tmp, cap, sizeof **columns[i]);
}

static enum gh_status gather(const struct gh_probe_in *in, struct sweep *s,
			     struct gh_err *err)
{
	const struct gh_rig *rig = gh_recording_rig(in->rec);
	struct path paths[GH_CHAIN_LINKS] = { { .n_spans = 0 } };
	struct gh_span legs[LEGS];
	struct gh_chain chain;
	const size_t n = gh_probe_spans(in, GH_EX_SWEEP, legs, LEGS);
	enum gh_status st;

	if (n == 0)
		return gh_fail(err, GH_NODATA, "no sweep was recorded");
	st = find_paths(in, legs[0].begin, legs[n - 1].end, paths, err);
	if (st != GH_OK)
		return st;
	nominal_load(in, &chain);
	make_room(in, legs, n, s);
	for (size_t i = 0; i < n; i++)
		add_leg(in, &legs[i], paths, &chain,
			rig->joints[rig->parts[in->part].joint].order, s);
	if (s->n < ROWS_MIN)
		return gh_fail(err, GH_NODATA,
			       "%zu readings on the sweeps, need %d", s->n,
			       ROWS_MIN);
	return GH_OK;
}

static bool has_two_speeds(const struct sweep *s)
{
	double lo = INFINITY, hi = 0.0;

	for (size_t i = 0; i < s->n; i++) {
		lo = fmin(lo, fabs(s->speed[i]));
		hi = fmax(hi, fabs(s->speed[i]));
	}
	return hi > SPEED_RATIO * lo;
}

static bool fit_sweep(const struct gh_probe_in *in, const struct sweep *s,
		      size_t terms, struct gh_fit *fit, double *residual)
{
	double *rows = gh_arena_room(in->tmp, s->n * terms, sizeof *rows);

	for (size_t i = 0; i < s->n; i++) {
		double *row = rows + i * terms;

		row[TERM_ONE] = 1.0;
		row[TERM_WAY] = s->way[i];
		row[TERM_SIN] = s->g_s[i];
		row[TERM_COS] = s->g_c[i];
		if (terms > TERM_SPEED)
			row[TERM_SPEED] = s->speed[i];
	}
	return gh_ols(rows, s->amps, s->n, terms, fit, residual);
}

/* What of a term is more than its noise, squared. */
static double above_noise_2(const struct gh_fit *fit, size_t term)
{
	const double noise = LOAD_SE * fit->se[term];

	return fmax(0.0, fit->b[term] * fit->b[term] - noise * noise);
}

/*
 * On a short arc about the middle the cosine hardly differs from a constant
 * current: its term is then noise, several times the load of a light joint, and
 * a limp one would seem to carry something. So it counts with what is above it.
 */
static void put_load(struct gh_probe_out *out, const struct gh_fit *fit)
{
	const double load =
		hypot(fit->b[TERM_SIN], sqrt(above_noise_2(fit, TERM_COS)));
	const double whole = hypot(fit->b[TERM_SIN], fit->b[TERM_COS]);
	/* The standard error of the length, not of where it points. */
	const double se = hypot(fit->b[TERM_SIN] * fit->se[TERM_SIN],
				fit->b[TERM_COS] * fit->se[TERM_COS]) /
			  whole;

	gh_probe_put(out, GRAVITY, load);
	if (whole > PHASE_SE * se && load > PHASE_LOAD_A)
		gh_probe_put(out, PHASE,
			     gh_deg(atan2(fit->b[TERM_COS], fit->b[TERM_SIN])));
	else
		gh_probe_unknown(out, PHASE, GH_REASON_NOT_COMPUTABLE,
				 "too little load to tell where the arm hangs");
}

/* The drag that is left over, counted against the motion. */
static void put_rub(struct gh_probe_out *out, const struct sweep *s,
		    double *residual)
{
	double order;
	struct gh_rub rub;

	for (size_t i = 0; i < s->n; i++)
		residual[i] *= s->way[i];
	rub = gh_find_rub(s->angle, residual, s->way, s->n, BIN_RAD);
	gh_probe_put(out, BIND, rub.height);
	gh_probe_put(out, BIND_AT, gh_deg(rub.at));
	order = gh_order(s->angle, residual, s->way, s->n, TEETH);
	gh_probe_put(out, ORDER, order);
	/* The rms of a sine is its height over sqrt(2). */
	gh_probe_put(out, ORDER_SHARE,
		     order / (sqrt(2.0) * gh_rms(residual, s->n)));
}

static void put_asymmetry(struct gh_probe_out *out, const struct sweep *s)
{
	double sum[2] = { 0.0, 0.0 }, n[2] = { 0.0, 0.0 };
	double back, forth;

	for (size_t i = 0; i < s->n; i++) {
		sum[s->way[i] > 0.0] += fabs(s->amps[i]);
		n[s->way[i] > 0.0] += 1.0;
	}
	back = sum[0] / n[0];
	forth = sum[1] / n[1];
	gh_probe_put(out, ASYM, (forth - back) / (forth + back));
}

static bool is_suspect(const struct gh_probe_in *in, struct gh_probe_out *out)
{
	char note[GH_NOTE_CAP];
	enum gh_reason reason = gh_probe_is_suspect(in, GH_Q_CURRENT, note);

	if (reason == GH_REASON_NONE)
		reason = gh_probe_is_suspect(in, GH_Q_POSITION, note);
	for (unsigned i = 0; i < ROWS && reason != GH_REASON_NONE; i++)
		gh_probe_unknown(out, i, reason, "%s", note);
	return reason != GH_REASON_NONE;
}

static enum gh_status run(const struct gh_probe_in *in,
			  struct gh_probe_out *out, struct gh_err *err)
{
	struct sweep s = { .n = 0 };
	struct gh_fit fit;
	enum gh_status st;
	double *residual;
	size_t terms;

	if (is_suspect(in, out))
		return GH_OK;
	st = gather(in, &s, err);
	if (st != GH_OK)
		return st;
	terms = has_two_speeds(&s) ? TERMS : TERM_SPEED;
	residual = gh_arena_take(in->tmp, s.n, sizeof *residual);
	if (!fit_sweep(in, &s, terms, &fit, residual))
		return gh_fail(err, GH_NODATA,
			       "the sweeps do not tell friction from load");
	gh_probe_put(out, COULOMB, fit.b[TERM_WAY]);
	if (terms > TERM_SPEED)
		gh_probe_put(out, VISCOUS, fit.b[TERM_SPEED]);
	else
		gh_probe_unknown(out, VISCOUS, GH_REASON_NOT_IN_PROFILE,
				 "swept at one speed only");
	put_load(out, &fit);
	gh_probe_put(out, RESIDUAL, fit.s_e);
	put_rub(out, &s, residual);
	put_asymmetry(out, &s);
	return GH_OK;
}

const struct gh_probe gh_probe_joint_fluidity = {
	.name = "joint_fluidity",
	.title = "How freely a joint moves",
	.kind = GH_PART_JOINT,
	.metrics = metrics,
	.run = run,
};
