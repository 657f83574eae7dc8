/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The joint probes and their formulas on recordings of real servos
 * (../shared/data/README.md: an XL330 and an STS3250 that swing a weight, two
 * STS3215 on a backlash stand). What is expected was computed apart from this
 * program, from the tables or from mass, length and published parameters.
 *
 * What the recordings cannot show: all XL330 files carry the same weight, the
 * STS3250 files no current, and no file is a second take of another one.
 */
#include "engine/probe.h"
#include "fakes/fake_recording.h"
#include "measure/bins.h"
#include "measure/ols.h"
#include "measure/stats.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "unit/tsv.h"

#define GRAVITY 9.80665
#define COUNT_RAD (2.0 * 3.14159265358979323846 / 4096.0)
#define BLOCK_S 0.020

/* Legs, and what the probes leave out of each: measurement.md section 2. */
enum { PIECE_US = 400000, SETTLE_US = 250000, LEAVE_US = 50000 };
enum { ROWS_MAX = 2048, MEASURES = 256 };
enum { ONE, WAY, SINE, SPEED, BEND, TERMS };

static void near(const char *what, double got, double want, double within)
{
	if (!(fabs(got - want) <= within))
		fail_msg("%s is %.6g, not %.6g +- %g", what, got, want, within);
}

static void open_table(struct tsv *t, const char *name)
{
	if (!tsv_read(t, name))
		skip();
}

/* ---- the fit of joint_fluidity, with inertia ------------------------------ */

struct swing {
	double gravity_ma, inertia_s2; /* inertia over gravity */
	double explained;	       /* share of the current's variance */
};

struct track {
	size_t n;
	double t[ROWS_MAX], q[ROWS_MAX], tq[ROWS_MAX], ma[ROWS_MAX];
};

static void load_track(const struct tsv *t, struct track *s, const char *column)
{
	size_t n = 0;

	for (size_t i = 0; i < t->n_rows && n < ROWS_MAX; i++) {
		if (!(tsv_number(t, i, "torque_on") > 0.5))
			continue;
		s->t[n] = s->tq[n] = tsv_number(t, i, "t_s");
		s->q[n] = tsv_number(t, i, "pos_rad");
		s->ma[n++] = tsv_number(t, i, column);
	}
	s->n = gh_blocks(s->tq, s->q, n, BLOCK_S);
	assert_int_equal(gh_blocks(s->t, s->ma, n, BLOCK_S), s->n);
}

/*
 * A sweep at constant speed needs no inertia; these swing, so the column of
 * measurement.md section 3 ("acceleration over the whole sweep") is in.
 */
static struct swing fit_swing(const struct track *s)
{
	static double rows[ROWS_MAX * TERMS], ma[ROWS_MAX], e[ROWS_MAX];
	struct swing swing;
	struct gh_fit fit;
	size_t n = 0;

	for (size_t i = 2; i + 2 < s->n; i++) {
		const double before =
			(s->q[i] - s->q[i - 2]) / (s->t[i] - s->t[i - 2]);
		const double after =
			(s->q[i + 2] - s->q[i]) / (s->t[i + 2] - s->t[i]);
		const double width = s->t[i + 2] - s->t[i - 2];
		const double v = (s->q[i + 2] - s->q[i - 2]) / width;
		double *row = rows + n * TERMS;

		if (fabs(v) < 0.1)
			continue;
		row[ONE] = 1.0;
		row[WAY] = v > 0.0 ? 1.0 : -1.0;
		row[SINE] = sin(s->q[i]);
		row[SPEED] = v;
		row[BEND] = (after - before) / (width / 2.0);
		ma[n++] = s->ma[i];
	}
	assert_true(gh_ols(rows, ma, n, TERMS, &fit, e));
	swing.gravity_ma = fit.b[SINE];
	swing.inertia_s2 = fit.b[BEND] / fit.b[SINE];
	swing.explained = 1.0 - pow(fit.s_e / gh_sd(ma, n), 2);
	return swing;
}

/*
 * The register counts milliamperes of an unknown kind, but the weight and the
 * inertia of the same pendulum are counted alike: their ratio is
 * (m L^2 + armature) / (m g L), whatever the gain and the trajectory.
 */
static void a_known_weight_is_weighed(void **state)
{
	static const struct {
		const char *file;
		double gravity_ma; /* numpy-free least squares, see above */
	} logs[] = {
		{ "xl330/2026-01-15_10h28m10.tsv", 516.5 },
		{ "xl330/2026-01-15_10h29m04.tsv", 532.7 },
		{ "xl330/2026-01-15_10h29m14.tsv", 648.5 },
		{ "xl330/2026-01-15_10h30m10.tsv", 702.3 },
	};
	/* armature: measurement.md section 1.1, XL-330 */
	const double m = 0.49, l = 0.1, armature = 0.00181;
	const double want = (m * l * l + armature) / (m * GRAVITY * l);
	static struct track track;
	struct tsv t;

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(logs); i++) {
		struct swing swing;

		open_table(&t, logs[i].file);
		near("mass", atof(tsv_key(&t, "mass_kg")), m, 1e-9);
		near("length", atof(tsv_key(&t, "length_m")), l, 1e-9);
		load_track(&t, &track, "load_i16");
		swing = fit_swing(&track);
		near(logs[i].file, swing.gravity_ma, logs[i].gravity_ma, 8.0);
		near(logs[i].file, swing.inertia_s2, want, 0.08 * want);
		assert_true(swing.explained > 0.94);
		tsv_free(&t);
	}
}

/* 65531 is -5: read as it was stored, nothing is left of the weight. */
static void an_unsigned_register_is_no_current(void **state)
{
	static struct track track;
	struct swing swing;
	struct tsv t;

	(void)state;
	open_table(&t, "xl330/2026-01-15_10h28m10.tsv");
	load_track(&t, &track, "load_u16");
	swing = fit_swing(&track);
	assert_true(swing.explained < 0.9);
	assert_true(fabs(swing.gravity_ma) > 5000.0);
	tsv_free(&t);
}

/* ---- whole probes --------------------------------------------------------- */

static struct gh_measure measures[MEASURES];
static size_t n_measures;

static const struct gh_measure *find(const char *id)
{
	for (size_t i = 0; i < n_measures; i++)
		if (measures[i].part == 0 && strcmp(measures[i].id, id) == 0)
			return &measures[i];
	fail_msg("no measure %s", id);
	return NULL;
}

static double value(const char *id)
{
	const struct gh_measure *m = find(id);

	if (m->reason != GH_REASON_NONE)
		fail_msg("%s: %s (%s)", id, gh_reason_name(m->reason), m->note);
	return m->v[0];
}

static struct gh_recording *create(const struct gh_fake *fake)
{
	const struct gh_rec_channel channels[] = {
		{ .part = 0,
		  .what = GH_Q_POSITION,
		  .measured = true,
		  .scale = COUNT_RAD,
		  .lo = -32767,
		  .hi = 32767 },
		{ .part = 0,
		  .what = GH_Q_CURRENT,
		  .measured = true,
		  .scale = 0.001,
		  .lo = -32767,
		  .hi = 32767 },
	};
	struct gh_recording *rec =
		gh_recording_create(&fake->rig, channels, 2, 10.0);

	assert_non_null(rec);
	return rec;
}

/* Goal of the part of a leg that probes look at, as a straight line. */
static double goal_on_line(const double *at, const double *goal, size_t n,
			   gh_us begin, gh_us when)
{
	const double from_s = (double)(begin + SETTLE_US) / GH_US_PER_S;
	const double to_s = (double)(begin + PIECE_US - LEAVE_US) / GH_US_PER_S;
	const double from = gh_interpolate(at, goal, n, from_s);
	const double to = gh_interpolate(at, goal, n, to_s);

	return from + (to - from) * ((double)when / GH_US_PER_S - from_s) /
			      (to_s - from_s);
}

/*
 * Every 0.4 s become a leg of a sweep. Only 0.1 s of each is looked at, and
 * there the goal is straight to a degree.
 */
static void add_legs(struct gh_recording *rec, const struct tsv *t)
{
	static double at[ROWS_MAX], goal[ROWS_MAX];
	size_t n = 0;

	for (; n < t->n_rows && tsv_number(t, n, "torque_on") > 0.5; n++) {
		at[n] = tsv_number(t, n, "t_s");
		goal[n] = tsv_number(t, n, "goal_rad");
	}
	for (gh_us b = 0; (double)(b + PIECE_US) < at[n - 1] * GH_US_PER_S;
	     b += PIECE_US) {
		const gh_us end = b + PIECE_US;
		const struct gh_span leg = {
			.exercise = GH_EX_SWEEP,
			.repeat = (unsigned)(b / PIECE_US) % 2,
			.begin = b,
			.end = end,
			.shape = GH_SHAPE_LINEAR,
			.from_rad = goal_on_line(at, goal, n, b, b),
			.to_rad = goal_on_line(at, goal, n, b, end),
		};

		assert_true(gh_recording_add_span(rec, &leg));
	}
}

static void measure(const char *file, const char *current)
{
	struct gh_recording *rec;
	struct gh_fake fake;
	struct tsv t;

	open_table(&t, file);
	gh_fake_init(&fake, 1, 100.0);
	rec = create(&fake);
	for (size_t i = 0; i < t.n_rows; i++) {
		const gh_us at =
			llround(tsv_number(&t, i, "t_s") * GH_US_PER_S);
		const double q = tsv_number(&t, i, "pos_rad") / COUNT_RAD;
		const double ma = tsv_number(&t, i, current);

		assert_true(gh_recording_add(rec, 0, at, (int16_t)lround(q)));
		assert_true(gh_recording_add(rec, 1, at, (int16_t)lround(ma)));
	}
	add_legs(rec, &t);
	n_measures = gh_probes_run(gh_probes, rec, gh_fake_wanted(), measures,
				   MEASURES);
	gh_recording_destroy(rec);
	tsv_free(&t);
}

/* The same trajectory at a higher gain is followed more closely. */
static void more_gain_follows_better(void **state)
{
	static const char *const logs[][4] = {
		{ "xl330/2026-01-15_10h28m10.tsv", /* 100, 400 */
		  "xl330/2026-01-15_10h29m14.tsv" },
		{ "xl330/2026-01-15_10h28m17.tsv", /* 100, 200, 800 */
		  "xl330/2026-01-15_10h28m49.tsv",
		  "xl330/2026-01-15_10h29m54.tsv" },
		{ "xl330/2026-01-15_10h28m57.tsv", /* 200, 400, 800 */
		  "xl330/2026-01-15_10h29m29.tsv",
		  "xl330/2026-01-15_10h30m02.tsv" },
		{ "xl330/2026-01-15_10h29m04.tsv", /* 200, 800 */
		  "xl330/2026-01-15_10h30m10.tsv" },
	};

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(logs); i++) {
		double before = INFINITY;

		for (size_t k = 0; k < 4 && logs[i][k]; k++) {
			double track;

			measure(logs[i][k], "load_i16");
			track = value("joint.track");
			if (!(track < 0.95 * before))
				fail_msg("%s: %.2f deg after %.2f", logs[i][k],
					 track, before);
			before = track;
		}
		/* An XL330 at its stiffest still bends by ten degrees. */
		assert_true(before > 10.0);
	}
}

/*
 * The STS3250's current was never read: every row says 0. That is a sensor
 * which says nothing, not an arm without weight. What needs no current is
 * known, and as a geared servo at its normal gain should have it.
 */
static void a_register_never_read_is_suspect(void **state)
{
	static const struct {
		const char *file;
		double track_deg; /* over all rows, computed apart */
	} logs[] = {
		{ "sts3250/2024-10-26_12h23m27.tsv", 3.780 },
		{ "sts3250/2024-10-26_12h27m27.tsv", 1.585 },
	};

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(logs); i++) {
		measure(logs[i].file, "load");
		assert_int_equal(find("joint.gravity")->reason,
				 GH_REASON_SENSOR_SUSPECT);
		assert_int_equal(find("joint.coulomb")->reason,
				 GH_REASON_SENSOR_SUSPECT);
		near(logs[i].file, value("joint.track"), logs[i].track_deg,
		     0.35 * logs[i].track_deg);
		near(logs[i].file, value("joint.follow"), 1.0, 0.08);
	}
}

/* No encoder of these is worn, however hard the arm was thrown about. */
static void real_encoders_do_not_leap(void **state)
{
	static const char *const logs[] = {
		"xl330/2026-01-15_10h28m10.tsv",
		"xl330/2026-01-15_10h28m57.tsv",
		"xl330/2026-01-15_10h29m14.tsv",
		"xl330/2026-01-15_10h29m29.tsv",
		"xl330/2026-01-15_10h30m02.tsv",
		"xl330/2026-01-15_10h30m10.tsv",
	};

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(logs); i++) {
		measure(logs[i], "load_i16");
		near(logs[i], value("joint.encoder_jump"), 0.0, 0.35);
	}
}

/* ---- backlash ------------------------------------------------------------- */

/* p95 - p5 of the angle while it should hold still, deg. */
static double looseness(const char *file, int servo, size_t *samples)
{
	static double deg[ROWS_MAX];
	char target[16], pos[16];
	struct tsv t;
	double spread;

	open_table(&t, file);
	snprintf(target, sizeof target, "target_%d", servo);
	snprintf(pos, sizeof pos, "pos_%d", servo);
	*samples = 0;
	for (size_t i = 0; i < t.n_rows; i++) {
		const double at = tsv_number(&t, i, pos);

		if (fabs(tsv_number(&t, i, target) - 2047.0) > 0.1 ||
		    !(fabs(at - 2047.0) < 60.0))
			continue;
		deg[(*samples)++] = at * 360.0 / 4096.0;
	}
	spread = gh_quantile(deg, *samples, 0.95) -
		 gh_quantile(deg, *samples, 0.05);
	tsv_free(&t);
	return spread;
}

static void preload_takes_the_play_out(void **state)
{
	static const struct {
		const char *file;
		size_t n[2];
		double deg[2];
	} want[] = {
		{ "sts3215_backlash/nocomp2.tsv",
		  { 208, 209 },
		  { 0.791, 0.791 } },
		{ "sts3215_backlash/comp2.tsv",
		  { 311, 312 },
		  { 0.176, 0.264 } },
		{ "sts3215_backlash/pgain_zero_db.tsv",
		  { 254, 254 },
		  { 0.264, 0.264 } },
	};
	double loose[GH_ARRAY_SIZE(want)][2];

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(want); i++)
		for (int k = 0; k < 2; k++) {
			size_t n;

			loose[i][k] = looseness(want[i].file, k + 1, &n);
			assert_int_equal(n, want[i].n[k]);
			near(want[i].file, loose[i][k], want[i].deg[k], 5e-4);
		}
	for (int k = 0; k < 2; k++)
		for (int other = 0; other < 2; other++)
			assert_true(loose[0][k] > 2.5 * loose[1][other]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_known_weight_is_weighed),
		cmocka_unit_test(an_unsigned_register_is_no_current),
		cmocka_unit_test(more_gain_follows_better),
		cmocka_unit_test(a_register_never_read_is_suspect),
		cmocka_unit_test(real_encoders_do_not_leap),
		cmocka_unit_test(preload_takes_the_play_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
