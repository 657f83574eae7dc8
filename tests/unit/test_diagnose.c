/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every fault of this rig by its signature, its neighbours and its sensors. */
#include "judge/fault_table.h"

#include "base/status.h"      /* GH_ARRAY_SIZE */
#include "judge/signs.h"      /* gh_id_matches */
#include "judge/summary.h"    /* GH_WHY_COLUMNS */
#include "unit/judge_night.h" /* struct night */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { CHANGES = 6 };

/* A fault and what it does to the metrics, as factors. */
struct story {
	const char *fault;
	int part;
	struct {
		int part;
		const char *id; /* NULL: no more */
		double factor;
	} change[CHANGES];
};

#define EL NIGHT_ELBOW
#define SH NIGHT_SHOULDER
#define CO NIGHT_CORE
#define SU NIGHT_SUPPLY

static const struct story stories[] = {
	{ "limp",
	  EL,
	  { { EL, "joint.gravity", 0.02 },
	    { EL, "joint.coulomb", 0.75 },
	    { EL, "joint.residual", 0.6 } } },
	/* It unloads its shoulder, whose load and looseness change too. */
	{ "limp",
	  EL,
	  { { EL, "joint.gravity", 0.02 },
	    { SH, "joint.gravity", 0.6 },
	    { SH, "joint.residual", 3 },
	    { SH, "joint.coulomb", 0.7 } } },
	{ "limp",
	  EL,
	  { { EL, "joint.gravity", 0.5 }, { EL, "joint.coulomb", 1.4 } } },
	{ "dry_joint",
	  EL,
	  { { EL, "joint.coulomb", 2 },
	    { EL, "joint.viscous", 2 },
	    { EL, "joint.track", 2 } } },
	{ "dry_joint", 0, { { 0, "joint.coulomb", 1.5 } } },
	{ "binding_spot",
	  EL,
	  { { EL, "joint.bind", 15 }, { EL, "joint.residual", 3 } } },
	{ "backlash",
	  SH,
	  { { SH, "joint.residual", 9 },
	    { SH, "joint.dead", 4 },
	    { SH, "joint.jump", 5 },
	    { EL, "joint.residual", 2.1 },
	    { EL, "joint.bind", 5 } } },
	{ "backlash", 0, { { 0, "joint.residual", 3 } } },
	/* What bumps into its load looks like a rub, but for the turns. */
	{ "backlash",
	  EL,
	  { { EL, "joint.residual", 6 },
	    { EL, "joint.bind", 12 },
	    { EL, "joint.dead", 0.02 } } },
	/* Every ampere does less: load and friction cost more alike. */
	{ "weak_motor",
	  EL,
	  { { EL, "joint.gravity", 1.4 },
	    { EL, "joint.coulomb", 1.4 },
	    { EL, "joint.viscous", 1.4 } } },
	{ "no_power",
	  EL,
	  { { EL, "servo.lost", 1e5 }, { SH, "joint.gravity", 0.7 } } },
	{ "supply_sag",
	  SU,
	  { { SU, "supply.rsource", 5 },
	    { SU, "supply.vmin", 0.8 },
	    { EL, "joint.track", 2 } } },
	{ "supply_sag", SU, { { SU, "supply.vmin", 0.85 } } },
	{ "core_dim",
	  CO,
	  { { CO, "core.level_red", 0.4 },
	    { CO, "core.level_green", 0.4 },
	    { CO, "core.level_blue", 0.4 },
	    { CO, "core.level_white", 0.4 },
	    { CO, "core.light", 0.4 },
	    { CO, "core.colour_dawn_pink", 0.4 } } },
	{ "blue_lost",
	  CO,
	  { { CO, "core.level_blue", 0 },
	    { CO, "core.level_white", 0.7 },
	    { CO, "core.light", 0.8 },
	    { CO, "core.colour_dawn_pink", 0.6 } } },
	{ "red_lost", CO, { { CO, "core.level_red", 0.5 } } },
	{ "green_lost", CO, { { CO, "core.level_green", 0.5 } } },
	{ "white_lost",
	  CO,
	  { { CO, "core.level_white", 0.5 }, { CO, "core.light", 0.5 } } },
	{ "link_lossy", NIGHT_LINK, { { NIGHT_LINK, "link.bad", 500 } } },
};

static void tell(struct night *n, const struct story *s)
{
	for (int i = 0; i < CHANGES && s->change[i].id != NULL; i++)
		night_scale(n, s->change[i].part, s->change[i].id,
			    s->change[i].factor);
	night_judge(n);
}

static void expect_only(const struct night *n, const char *fault, int part)
{
	if (n->res.n_diagnoses != 1)
		fail_msg("%s: %zu diagnoses, second %s", fault,
			 n->res.n_diagnoses,
			 n->res.n_diagnoses ? n->res.diagnoses[1].fault : "-");
	assert_string_equal(n->res.diagnoses[0].fault, fault);
	assert_int_equal(n->res.diagnoses[0].part, part);
}

/* One part holds, everything else is at most to be watched. */
static void each_fault_is_named_and_located(void **state)
{
	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(stories); i++) {
		const struct story *s = &stories[i];
		struct night *n = night_make();

		tell(n, s);
		assert_int_equal(n->res.verdict, GH_VERDICT_HOLD);
		expect_only(n, s->fault, s->part);
		assert_true(n->res.diagnoses[0].confidence >= 0.5);
		assert_int_equal(n->res.diagnoses[0].severity, GH_VERDICT_HOLD);
		assert_true(n->res.diagnoses[0].n_evidence > 0);
		for (unsigned p = 0; p < n->res.n_parts; p++)
			assert_int_equal(n->res.parts[p].state ==
						 GH_VERDICT_HOLD,
					 (int)p == s->part);
		assert_true(strlen(n->res.why) <= GH_WHY_COLUMNS);
		free(n);
	}
}

static void why_is_one_line_for_the_crew(void **state)
{
	struct night *n = night_make();

	(void)state;
	tell(n, &stories[0]);
	assert_string_equal(n->res.why,
			    "resilience.elbow: arm hangs limp, load carried "
			    "8.40 mA, baseline 420 mA");
	free(n);
}

static void neighbours_are_explained(void **state)
{
	struct night *n = night_make();
	const struct gh_finding *f;

	(void)state;
	tell(n, &stories[1]);
	assert_int_equal(n->res.parts[SH].state, GH_VERDICT_WATCH);
	assert_int_equal(n->res.parts[SH].diagnosis, 0);
	assert_int_equal(n->res.parts[EL].diagnosis, 0);
	assert_int_equal(n->res.parts[SH].n_fail, 0);
	f = night_finding(n, SH, "joint.gravity");
	assert_int_equal(f->state, GH_STATE_WATCH);
	assert_string_equal(f->note,
			    "comes from resilience.elbow: arm hangs limp");
	free(n);
}

/* The same on another arm has nothing to do with it. */
static void strangers_are_not_explained(void **state)
{
	struct night *n = night_make();

	(void)state;
	night_scale(n, EL, "joint.gravity", 0.02);
	night_scale(n, 0, "joint.gravity", 0.6);
	night_judge(n);
	assert_int_equal(n->res.n_diagnoses, 2);
	assert_int_equal(n->res.parts[0].state, GH_VERDICT_HOLD);
	free(n);
}

/* No neighbour takes three quarters of a load: both hang. */
static void two_limp_joints_of_one_arm(void **state)
{
	struct night *n = night_make();

	(void)state;
	night_scale(n, EL, "joint.gravity", 0.02);
	night_scale(n, SH, "joint.gravity", 0.1);
	night_judge(n);
	assert_int_equal(n->res.n_diagnoses, 2);
	assert_int_equal(n->res.parts[SH].state, GH_VERDICT_HOLD);
	assert_int_equal(n->res.parts[EL].state, GH_VERDICT_HOLD);
	free(n);
}

static void a_dark_supply_silences_all_joints(void **state)
{
	struct night *n = night_make();

	(void)state;
	night_set(n, SU, "supply.vmin", 0);
	night_set(n, SU, "supply.vrest", 0);
	for (int i = 0; i < NIGHT_JOINTS; i++)
		night_set(n, i, "servo.lost", 1e6);
	night_judge(n);
	expect_only(n, "no_power", SU);
	/* Nothing can be said of a joint without volts. */
	assert_int_equal(n->res.parts[0].state, GH_VERDICT_UNSURE);
	assert_int_equal(n->res.parts[0].reason, GH_REASON_OUTSIDE_SUPPLY);
	/* The same when nothing at all came from the joints. */
	for (int i = 0; i < NIGHT_JOINTS; i++) {
		night_set(n, i, "servo.lost", 10);
		night_measure(n, i, "joint.coulomb")->reason =
			GH_REASON_NOT_COMPUTABLE;
	}
	night_judge(n);
	expect_only(n, "no_power", SU);
	assert_int_equal(n->res.parts[0].state, GH_VERDICT_UNSURE);
	free(n);
}

static void a_bad_cable_is_one_fault_not_twelve(void **state)
{
	struct night *n = night_make();

	(void)state;
	night_set(n, NIGHT_LINK, "link.bad", 60000);
	for (int i = 0; i < NIGHT_JOINTS; i++)
		night_set(n, i, "servo.lost", 60000);
	night_judge(n);
	expect_only(n, "link_lossy", NIGHT_LINK);
	assert_true(n->res.diagnoses[0].confidence > 0.99);
	assert_int_equal(n->res.parts[3].state, GH_VERDICT_WATCH);
	free(n);
}

static void a_reboot_loses_frames(void **state)
{
	struct night *n = night_make();

	(void)state;
	night_set(n, NIGHT_CONTROLLER, "controller.resets", 2);
	night_set(n, NIGHT_LINK, "link.bad", 5000);
	night_judge(n);
	assert_string_equal(n->res.diagnoses[0].fault, "controller_reset");
	assert_int_equal(n->res.n_diagnoses, 1);
	assert_int_equal(n->res.parts[NIGHT_LINK].state, GH_VERDICT_WATCH);
	free(n);
}

/* Grease that thinned and nothing else: no fault of ours looks like that. */
static void what_has_no_name_gets_none(void **state)
{
	struct night *n = night_make();

	(void)state;
	night_scale(n, EL, "joint.viscous", 0.4);
	night_judge(n);
	assert_int_equal(n->res.n_diagnoses, 0);
	assert_int_equal(n->res.verdict, GH_VERDICT_HOLD);
	assert_int_equal(n->res.parts[EL].diagnosis, -1);
	assert_memory_equal(n->res.why, "resilience.elbow: ", 18);
	free(n);
}

static void expect_sensor(const struct night *n, int part)
{
	expect_only(n, "sensor_dead", part);
	assert_int_equal(n->res.diagnoses[0].severity, GH_VERDICT_UNSURE);
	assert_int_equal(n->res.parts[part].state, GH_VERDICT_UNSURE);
	assert_int_equal(n->res.parts[part].reason, GH_REASON_SENSOR_SUSPECT);
	assert_int_equal(n->res.parts[part].diagnosis, 0);
	assert_int_equal(n->res.verdict, GH_VERDICT_UNSURE);
	assert_true(strlen(n->res.why) <= GH_WHY_COLUMNS);
}

static void the_probe_suspects_a_sensor(void **state)
{
	struct night *n = night_make();
	struct gh_measure *m = night_measure(n, EL, "joint.gravity");

	(void)state;
	m->reason = GH_REASON_SENSOR_SUSPECT;
	strcpy(m->note, "current stayed at 0 in 5000 samples");
	night_judge(n);
	expect_sensor(n, EL);
	assert_string_equal(n->res.diagnoses[0].evidence[0], m->note);
	assert_string_equal(n->res.why,
			    "resilience.elbow: sensor suspect, current stayed "
			    "at 0 in 5000 samples");
	free(n);
}

/* Levels fall to 30 %, a hard limit even, and the photodiode sees it all. */
static void a_dim_colour_sensor_is_no_dim_core(void **state)
{
	static const char *const ids[] = {
		"core.level_red",
		"core.level_green",
		"core.level_blue",
		"core.level_white",
		"core.sensor_ratio",
		"core.colour_dawn_pink",
		"core.colour_twilight_blue",
	};
	struct night *n = night_make();

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(ids); i++)
		night_scale(n, CO, ids[i], 0.25);
	night_judge(n);
	expect_sensor(n, CO);
	for (size_t i = 0; i < GH_ARRAY_SIZE(ids); i++)
		assert_int_equal(night_finding(n, CO, ids[i])->reason,
				 GH_REASON_SENSOR_SUSPECT);
	free(n);
}

static void a_ratio_alone_is_the_sensor(void **state)
{
	struct night *n = night_make();

	(void)state;
	night_scale(n, CO, "core.sensor_ratio", 0.5);
	night_judge(n);
	expect_sensor(n, CO);
	free(n);
}

/* One colour lost moves the ratio, too: the level says which. */
static void a_lost_colour_is_no_sensor(void **state)
{
	struct night *n = night_make();

	(void)state;
	night_scale(n, CO, "core.sensor_ratio", 0.8);
	night_scale(n, CO, "core.level_blue", 0.1);
	night_judge(n);
	expect_only(n, "blue_lost", CO);
	free(n);
}

static void a_dead_photodiode_is_no_dim_core(void **state)
{
	struct night *n = night_make();

	(void)state;
	night_scale(n, CO, "core.light", 0.3);
	night_scale(n, CO, "core.sensor_ratio", 3.3);
	night_judge(n);
	expect_sensor(n, CO);
	assert_int_equal(night_finding(n, CO, "core.level_red")->state,
			 GH_STATE_PASS);
	free(n);
}

static void a_weak_current_sensor_is_no_limp_arm(void **state)
{
	struct night *n = night_make();

	(void)state;
	night_scale(n, EL, "joint.gravity", 0.3);
	night_scale(n, EL, "joint.coulomb", 0.3);
	night_scale(n, EL, "joint.viscous", 0.3);
	night_scale(n, EL, "joint.residual", 0.3);
	night_judge(n);
	expect_sensor(n, EL);
	free(n);
}

/* A sensor out of order does not hide a fault it has no part in. */
static void a_fault_beside_a_suspect_sensor(void **state)
{
	struct night *n = night_make();

	(void)state;
	night_scale(n, CO, "core.sensor_ratio", 0.5);
	night_scale(n, EL, "joint.gravity", 0.02);
	night_judge(n);
	assert_int_equal(n->res.verdict, GH_VERDICT_HOLD);
	assert_int_equal(n->res.n_diagnoses, 2);
	assert_int_equal(n->res.parts[CO].state, GH_VERDICT_UNSURE);
	assert_memory_equal(n->res.why, "resilience.elbow: arm hangs limp", 32);
	free(n);
}

static bool is_listed(const char *fault)
{
	for (int i = 0; gh_diagnosis_faults[i] != NULL; i++)
		if (strcmp(gh_diagnosis_faults[i], fault) == 0)
			return true;
	return false;
}

static void the_catalogue_is_sound(void **state)
{
	(void)state;
	for (size_t g = 0; gh_fault_groups[g]; g++)
		for (const struct gh_fault_row *r = gh_fault_groups[g]; r->name;
		     r++) {
			assert_true(is_listed(r->name));
			assert_true(strlen(r->action) <= 76);
			assert_true(strlen(r->title) <= 40);
			assert_true(!r->other || strlen(r->other) <= 66);
			assert_non_null(r->signs[0][0].id);
			assert_non_null(r->effects);
		}
}

/* Each name of the list is some row's or some sensor's. */
static void every_listed_fault_can_be_said(void **state)
{
	(void)state;
	for (size_t i = 0; gh_diagnosis_faults[i]; i++) {
		const char *name = gh_diagnosis_faults[i];
		unsigned rows = 0;

		for (size_t g = 0; gh_fault_groups[g]; g++)
			for (const struct gh_fault_row *r = gh_fault_groups[g];
			     r->name; r++)
				rows += strcmp(r->name, name) == 0;
		for (unsigned r = 0; r <= GH_REASON_COUNT; r++) {
			const struct gh_sensor_fault *s =
				gh_sensor_fault_of((enum gh_reason)r);

			rows += s && strcmp(s->fault, name) == 0;
		}
		if (rows == 0)
			fail_msg("%s is listed and never said", name);
	}
}

static void patterns(void **state)
{
	(void)state;
	assert_true(gh_id_matches("core.level_*", "core.level_red"));
	assert_true(gh_id_matches("joint.bind", "joint.bind"));
	assert_false(gh_id_matches("joint.bind", "joint.bind_at"));
	assert_false(gh_id_matches("core.level_*", "core.light"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_fault_is_named_and_located),
		cmocka_unit_test(why_is_one_line_for_the_crew),
		cmocka_unit_test(neighbours_are_explained),
		cmocka_unit_test(strangers_are_not_explained),
		cmocka_unit_test(two_limp_joints_of_one_arm),
		cmocka_unit_test(a_dark_supply_silences_all_joints),
		cmocka_unit_test(a_bad_cable_is_one_fault_not_twelve),
		cmocka_unit_test(a_reboot_loses_frames),
		cmocka_unit_test(what_has_no_name_gets_none),
		cmocka_unit_test(the_probe_suspects_a_sensor),
		cmocka_unit_test(a_dim_colour_sensor_is_no_dim_core),
		cmocka_unit_test(a_ratio_alone_is_the_sensor),
		cmocka_unit_test(a_lost_colour_is_no_sensor),
		cmocka_unit_test(a_dead_photodiode_is_no_dim_core),
		cmocka_unit_test(a_weak_current_sensor_is_no_limp_arm),
		cmocka_unit_test(a_fault_beside_a_suspect_sensor),
		cmocka_unit_test(the_catalogue_is_sound),
		cmocka_unit_test(every_listed_fault_can_be_said),
		cmocka_unit_test(patterns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
