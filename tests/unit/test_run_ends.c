/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Guarded moves in whole runs: each joint goes gently to both ends alone, an
 * obstacle stops it by its own current, and it is home and safe afterwards.
 */
#include "sim/plant.h"	       /* gh_plant_true_angle */
#include "unit/test_run_kit.h" /* struct stage */

#include <math.h>
#include <stdio.h>
#include <string.h>

static unsigned asked;	    /* for the remote */
static char unguarded[128]; /* the last note of a joint without a guard */
static struct gh_dev_info changed;

static void on_event(void *self, const struct gh_event *ev)
{
	(void)self;
	asked += ev->kind == GH_EV_NOTE &&
		 strstr(ev->text, "press the remote") != NULL;
	if (ev->kind == GH_EV_NOTE && strstr(ev->text, "to its ends"))
		snprintf(unguarded, sizeof unguarded, "%s", ev->text);
}

/* One joint has no current sensor. */
static const struct gh_dev_info *blind_info(const struct gh_dev *dev)
{
	changed = *gh_driver_find("lumina")->info(dev);
	for (unsigned i = 0; i < changed.n_channels; i++)
		if (strcmp(changed.channels[i].part, "hope.elbow") == 0 &&
		    changed.channels[i].what == GH_Q_CURRENT)
			changed.channels[i].measured = false;
	return &changed;
}

static int setup(void **state)
{
	asked = 0;
	unguarded[0] = '\0';
	return stage_setup(state);
}

/* `guided` and `only` of the config are the test's. */
static void prepare(struct stage *s, const char *const *faults, size_t n,
		    double budget_s)
{
	const bool guided = s->config.guided;

	gh_world_open(&s->world, &s->rig, 17, 1, faults, n);
	stage_prepare(s, s->config.only, budget_s);
	s->config.guided = guided;
	s->config.sink = (struct gh_sink){ on_event, NULL };
}

static void go(struct stage *s, const char *const *faults, size_t n,
	       double budget_s)
{
	prepare(s, faults, n, budget_s);
	gh_run(&s->config, &s->ran);
}

static void run(struct stage *s, const char *fault, double budget_s)
{
	prepare(s, &fault, fault ? 1 : 0, budget_s);
	stage_assert_runs(s);
	assert_true(s->ran.duration_s < budget_s - 2.0);
}

static size_t ends_of(struct stage *s, const char *part)
{
	return stage_spans(s, gh_rig_find_part(&s->rig, part), GH_EX_END);
}

/* Nobody else moves meanwhile, and the END itself is slow. */
static void assert_gentle(struct stage *s)
{
	const size_t n = stage_spans(s, -1, GH_EX_END);

	for (size_t i = 0; i < n; i++) {
		const struct gh_span *e = &s->span[i];
		const struct gh_rig_joint *j =
			&s->rig.joints[s->rig.parts[e->part].joint];
		const double v = fabs(e->to_rad - e->from_rad) * 1e6 /
				 (double)(e->end - e->begin);

		assert_true(i == 0 || e->begin >= s->span[i - 1].end);
		assert_true(v * gh_rig_reach_m(&s->rig, j->arm, j->order) <=
			    GH_PROXIMITY_SPEED_M_S * 1.001);
		assert_true(e->to_rad >= j->lo_rad && e->to_rad <= j->hi_rad);
	}
}

static void test_every_joint_goes_to_both_ends(void **state)
{
	struct stage *s = *state;

	s->config.only = -1;
	run(s, NULL, 300.0);
	assert_gentle(s);
	for (unsigned j = 0; j < s->rig.n_joints; j++) {
		const struct gh_rig_joint *jo = &s->rig.joints[j];

		assert_int_equal(ends_of(s, s->rig.parts[jo->part].name), 4);
		for (unsigned i = 0; i < 4; i++) {
			const struct gh_span *e = &s->span[i];

			assert_int_equal(e->arg, i / 2);
			assert_int_equal(e->repeat, i % 2);
			/* Nothing is in its way. */
			assert_true(fabs(e->to_rad -
					 (e->arg ? jo->hi_rad : jo->lo_rad)) <
				    0.002);
		}
	}
	/* And all are home again. */
	for (unsigned j = 0; j < s->rig.n_joints; j++)
		assert_true(fabs(gh_plant_true_angle(
				    gh_sim_device_plant(s->world.device), j)) <
			    3.0 * DEG);
}

static void test_an_obstacle_stops_it_where_it_is(void **state)
{
	struct stage *s = *state;

	s->config.only = gh_rig_find_part(&s->rig, "memory.elbow");
	run(s, "short_travel@memory.elbow=30", 300.0);
	assert_int_equal(ends_of(s, "memory.elbow"), 4);
	for (unsigned i = 0; i < 4; i++) {
		const struct gh_span *e = &s->span[i];
		const double lost =
			s->rig.joints[s->rig.parts[e->part].joint].hi_rad -
			e->to_rad;

		if (e->arg == 1) /* the guard needs some error to push */
			assert_true(lost > 15.0 * DEG && lost < 31.0 * DEG);
	}
}

/* A current that stands still guards nothing: the joint stays where it is. */
static void test_a_stale_current_is_no_guard(void **state)
{
	static const char *const faults[] = {
		"short_travel@hope.elbow=30",
		"sensor_stale@hope.elbow.current=gross"
	};
	struct stage *s = *state;

	s->config.only = gh_rig_find_part(&s->rig, "hope.elbow");
	go(s, faults, GH_ARRAY_SIZE(faults), 300.0);
	assert_int_equal(s->ran.how, GH_RUN_HOW_COMPLETE);
	assert_true(s->ran.plan->ends_begin > 0);
	assert_int_equal(ends_of(s, "hope.elbow"), 0);
	assert_string_equal(unguarded,
			    "hope.elbow is not driven to its ends: its current "
			    "sensor stands still");
}

static double lie_a; /* what the currents are about, whatever they are */

static enum gh_status lying_pump(struct gh_dev *dev, struct gh_sample *out,
				 size_t cap, size_t *got, struct gh_err *err)
{
	const struct gh_driver *drv = gh_driver_find("lumina");
	const enum gh_status st = drv->pump(dev, out, cap, got, err);

	for (size_t i = 0; st == GH_OK && i < *got; i++) {
		const struct gh_dev_channel *ch =
			&drv->info(dev)->channels[out[i].channel];

		if (ch->what == GH_Q_CURRENT)
			out[i].raw = (int16_t)(lie_a * ch->den / ch->num +
					       (double)(out[i].at / 10000 % 3));
	}
	return st;
}

static void test_next_to_no_current_is_no_guard(void **state)
{
	struct stage *s = *state;

	lie_a = 0.02;
	s->driver.pump = lying_pump;
	s->config.only = gh_rig_find_part(&s->rig, "hope.elbow");
	run(s, NULL, 300.0);
	assert_int_equal(ends_of(s, "hope.elbow"), 0);
	assert_string_equal(unguarded,
			    "hope.elbow is not driven to its ends: its current "
			    "sensor shows nothing");
}

/* Nobody sees it push: the controller's sensor is stale, ours is a lie. */
static void test_pushing_without_a_guard_ends_the_run(void **state)
{
	static const char *const faults[] = {
		"short_travel@hope.elbow=30",
		"sensor_stale@hope.elbow.current=gross"
	};
	struct stage *s = *state;

	lie_a = 0.3;
	s->driver.pump = lying_pump;
	s->config.only = gh_rig_find_part(&s->rig, "hope.elbow");
	go(s, faults, GH_ARRAY_SIZE(faults), 300.0);
	assert_int_equal(s->ran.how, GH_RUN_HOW_FAILED);
	assert_int_equal(s->ran.err.code, GH_UNSAFE);
	assert_non_null(strstr(s->ran.err.msg, "hope.elbow is -1"));
	assert_non_null(strstr(s->ran.err.msg, "from where it should be"));
	assert_true(s->ran.safe_seen);
	assert_string_equal(gh_recording_facts_of(s->ran.rec)->stopped_by,
			    "following");
	/* At once, and at the first end that is blocked. */
	assert_int_equal(ends_of(s, "hope.elbow"), 3);
	assert_int_equal(s->span[2].arg, 1);
}

static void test_without_its_current_a_joint_is_left_out(void **state)
{
	struct stage *s = *state;

	s->driver.info = blind_info;
	s->config.only = gh_rig_find_part(&s->rig, "hope.elbow");
	run(s, NULL, 300.0);
	assert_int_equal(ends_of(s, "hope.elbow"), 0);
	assert_int_equal(s->ran.plan->ends_begin, 0);
}

static void test_a_minute_has_no_ends(void **state)
{
	struct stage *s = *state;

	s->config.only = -1;
	run(s, NULL, 60.0);
	assert_int_equal(stage_spans(s, -1, GH_EX_END), 0);
	assert_true(s->ran.plan->left_out >> GH_GROUP_ENDS & 1);
}

/* Torque off only where every arm may hang; then they are taken home. */
static void test_arms_that_may_hang_rest(void **state)
{
	struct stage *s = *state;

	for (unsigned j = 0; j < s->rig.n_joints; j++)
		s->rig.joints[j].may_drop = true;
	s->config.only = gh_rig_find_part(&s->rig, "dawn.elbow");
	run(s, NULL, 300.0);
	assert_int_equal(stage_spans(s, s->config.only, GH_EX_REST), 1);
	assert_int_equal(s->span[0].end - s->span[0].begin, 500000);
}

/* Arms that can meet are never let go together. */
static void test_arms_that_can_meet_do_not_rest(void **state)
{
	struct stage *s = *state;

	for (unsigned j = 0; j < s->rig.n_joints; j++)
		s->rig.joints[j].may_drop = true;
	s->rig.arms[1].group = s->rig.arms[2].group = 0;
	s->config.only = gh_rig_find_part(&s->rig, "dawn.elbow");
	run(s, NULL, 300.0);
	assert_int_equal(stage_spans(s, s->config.only, GH_EX_REST), 0);
}

static void test_the_remote_is_asked_for_only_with_a_person(void **state)
{
	struct stage *s = *state;
	const int remote = gh_rig_find_part(&s->rig, "remote");

	s->config.only = -1;
	s->config.guided = true;
	run(s, NULL, 300.0);
	assert_int_equal(asked, 1);
	assert_int_equal(stage_spans(s, remote, GH_EX_PRESS), 1);
	assert_int_equal(s->span[0].arg, 6);
	assert_true(s->span[0].end - s->span[0].begin > 9900000);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, stage_teardown)
	const struct CMUnitTest tests[] = {
		T(test_every_joint_goes_to_both_ends),
		T(test_an_obstacle_stops_it_where_it_is),
		T(test_a_stale_current_is_no_guard),
		T(test_next_to_no_current_is_no_guard),
		T(test_pushing_without_a_guard_ends_the_run),
		T(test_without_its_current_a_joint_is_left_out),
		T(test_a_minute_has_no_ends),
		T(test_arms_that_may_hang_rest),
		T(test_arms_that_can_meet_do_not_rest),
		T(test_the_remote_is_asked_for_only_with_a_person),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
