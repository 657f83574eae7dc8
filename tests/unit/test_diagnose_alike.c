/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is easily taken for another fault, or for nothing but its neighbour's. */
#include "base/status.h"      /* GH_ARRAY_SIZE */
#include "engine/stage.h"     /* gh_stage_parts */
#include "unit/judge_night.h" /* struct night */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define CO NIGHT_CORE

static const struct gh_metric sparkle =
	GATE("crystal.sparkle", "flash", 0.20, 0, 0.05, 0.001, NO_HARD);
static const struct gh_metric rtt = {
	.id = "link.rtt_p99",
	.version = 1,
	.unit = GH_UNIT_MILLISECOND,
	.meaning = "slowest answers",
	.role = GH_ROLE_GATE,
	.spread = GH_SPREAD_ABSOLUTE,
	.min_abs = 20,
	.prior = 2,
	.resolution = 0.1,
	.hard = NO_HARD,
};

static int make(void **state)
{
	*state = night_make();
	return 0;
}

static int drop(void **state)
{
	free(*state);
	return 0;
}

static bool is_named(const struct night *n, const char *fault, int part)
{
	for (size_t i = 0; i < n->res.n_diagnoses; i++)
		if (strcmp(n->res.diagnoses[i].fault, fault) == 0 &&
		    n->res.diagnoses[i].part == part)
			return true;
	return false;
}

static const char *const levels[] = { "core.level_red", "core.level_green",
				      "core.level_blue", "core.level_white" };

static void scale_light(struct night *n, const double levels_by[4],
			double light_by)
{
	for (size_t i = 0; i < GH_ARRAY_SIZE(levels); i++)
		night_scale(n, CO, levels[i], levels_by[i]);
	night_scale(n, CO, "core.light", light_by);
	night_judge(n);
}

/* Both sensors see the lamp dimmer; one of them just beyond its limit. */
static void a_lamp_a_little_dimmer_is_no_dead_sensor(void **state)
{
	static const double by[] = { 0.91, 0.91, 0.91, 0.91 };
	struct night *n = *state;

	scale_light(n, by, 0.89);
	assert_int_equal(n->res.n_diagnoses, 0);
	assert_int_equal(n->res.verdict, GH_VERDICT_WATCH);
	assert_int_equal(night_finding(n, CO, "core.light")->state,
			 GH_STATE_WATCH);
}

static void a_photodiode_that_sees_too_much_is_suspect(void **state)
{
	struct night *n = *state;

	night_scale(n, CO, "core.light", 1.5);
	night_scale(n, CO, "core.sensor_ratio", 1 / 1.5);
	night_judge(n);
	assert_int_equal(n->res.n_diagnoses, 1);
	assert_true(is_named(n, "sensor_saturated", CO));
	assert_int_equal(n->res.verdict, GH_VERDICT_UNSURE);
}

/* The colour sensor gathers over a dropout, the photodiode does not. */
static void a_core_that_drops_out_has_no_dead_photodiode(void **state)
{
	const double none[3] = { 0, 10, 0 };
	struct night *n = *state;

	night_add(n, &night_sputter, night_sputter.id, CO, none, 0);
	night_add(n, &night_dark, night_dark.id, CO, none, 0);
	night_set3(night_measure(n, CO, night_sputter.id), 5, 10, 0);
	night_set(n, CO, night_dark.id, 0.1);
	night_scale(n, CO, "core.light", 0.87);
	night_scale(n, CO, "core.sensor_ratio", 1.07);
	night_judge(n);
	assert_int_equal(n->res.n_diagnoses, 1);
	assert_true(is_named(n, "core_sputter", CO));
	assert_int_equal(n->res.verdict, GH_VERDICT_HOLD);
}

/* Chance decides which of the colours are beyond the limit first. */
static void a_dim_core_has_not_lost_one_colour(void **state)
{
	static const double by[] = { 0.903, 0.89, 0.905, 0.904 };
	struct night *n = *state;

	scale_light(n, by, 0.904);
	assert_int_equal(n->res.n_diagnoses, 1);
	assert_true(is_named(n, "core_dim", CO));
	assert_int_equal(n->res.verdict, GH_VERDICT_HOLD);
}

static void lose(struct night *n, double cable_ppm, double joints_ppm,
		 double own_ppm)
{
	night_set(n, NIGHT_LINK, "link.bad", cable_ppm);
	for (int i = 0; i < NIGHT_JOINTS; i++)
		night_set(n, i, "servo.lost", joints_ppm);
	night_set(n, NIGHT_ELBOW, "servo.lost", own_ppm);
	night_judge(n);
}

/* The cable loses what every joint loses; what one alone loses is its own. */
static void a_bad_cable_silences_no_single_joint(void **state)
{
	struct night *n = *state;

	lose(n, 200000, 220000, 180000);
	assert_int_equal(n->res.n_diagnoses, 1);
	assert_true(is_named(n, "link_lossy", NIGHT_LINK));
	lose(n, 1000, 1200, 300000);
	assert_true(is_named(n, "link_lossy", NIGHT_LINK));
	assert_true(is_named(n, "no_power", NIGHT_ELBOW));
	assert_int_equal(n->res.n_diagnoses, 2);
	assert_int_equal(n->res.parts[NIGHT_ELBOW].state, GH_VERDICT_HOLD);
	assert_int_equal(n->res.parts[NIGHT_WRIST].state, GH_VERDICT_WATCH);
}

static void a_late_link_loses_nothing(void **state)
{
	const double v[3] = { 5, 0, 0 };
	struct night *n = *state;

	night_add(n, &rtt, rtt.id, NIGHT_LINK, v, 0.01);
	night_set(n, NIGHT_LINK, rtt.id, 80);
	night_set(n, NIGHT_ELBOW, "servo.lost", 300000);
	night_judge(n);
	assert_true(is_named(n, "link_slow", NIGHT_LINK));
	assert_true(is_named(n, "no_power", NIGHT_ELBOW));
}

/* A crystal hangs from one arm: another arm does not dull it. */
static void an_arm_explains_its_own_crystals_only(void **state)
{
	const double v[3] = { 2, 0, 0 };
	struct night *n = *state;

	n->parts[NIGHT_CRYSTAL].look_by_eye = false;
	night_add(n, &sparkle, sparkle.id, NIGHT_CRYSTAL, v, 0.02);
	night_set(n, NIGHT_CRYSTAL, sparkle.id, 0.1);
	night_set(n, NIGHT_ELBOW, "joint.gravity", 0.01);
	n->parts[NIGHT_CRYSTAL].chain = n->parts[NIGHT_ELBOW].chain;
	night_judge(n);
	assert_int_equal(n->res.n_diagnoses, 1);
	assert_true(is_named(n, "limp", NIGHT_ELBOW));
	n->parts[NIGHT_CRYSTAL].chain = n->parts[0].chain;
	night_judge(n);
	assert_int_equal(n->res.n_diagnoses, 2);
	assert_true(is_named(n, "crystal_dull", NIGHT_CRYSTAL));
}

static void crystals_belong_to_the_arm_that_sweeps_them(void **state)
{
	struct gh_judge_part parts[GH_JUDGE_PARTS];
	struct gh_rig *rig = calloc(1, sizeof *rig);
	struct gh_err err = { .code = GH_OK };
	unsigned n, swept = 0;

	(void)state;
	assert_non_null(rig);
	if (gh_rig_read(rig, "schemas/lumina.rig", &err) != GH_OK)
		fail_msg("%s", err.msg);
	n = gh_stage_parts(rig, -1, parts);
	for (unsigned i = 0; i < n; i++) {
		const int by = rig->parts[i].swept_by;

		if (parts[i].kind != GH_PART_CRYSTAL) {
			assert_true(parts[i].kind == GH_PART_JOINT ||
				    parts[i].chain == -1);
			continue;
		}
		assert_int_equal(parts[i].chain, rig->joints[by].arm);
		swept++;
	}
	assert_true(swept > 0);
	free(rig);
}

#define T(name) cmocka_unit_test_setup_teardown(name, make, drop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_lamp_a_little_dimmer_is_no_dead_sensor),
		T(a_photodiode_that_sees_too_much_is_suspect),
		T(a_core_that_drops_out_has_no_dead_photodiode),
		T(a_dim_core_has_not_lost_one_colour),
		T(a_bad_cable_silences_no_single_joint),
		T(a_late_link_loses_nothing),
		T(an_arm_explains_its_own_crystals_only),
		cmocka_unit_test(crystals_belong_to_the_arm_that_sweeps_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
