/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whole runs in virtual time under a rig file that allows less: slow joints,
 * arms that can meet, current sensors that end early.
 */
#include "sim/plant.h"	       /* gh_plant_true_angle */
#include "unit/test_run_kit.h" /* struct stage */

#include <math.h>
#include <stdio.h>
#include <string.h>

static char notes[400];

static void on_event(void *self, const struct gh_event *ev)
{
	const size_t used = strlen(notes);

	(void)self;
	if (ev->kind == GH_EV_NOTE && strncmp(ev->text, "armed ", 6) != 0)
		snprintf(notes + used, sizeof notes - used, "%s\n", ev->text);
}

static int setup(void **state)
{
	notes[0] = '\0';
	return stage_setup(state);
}

static void prepare(struct stage *s, int only, double budget_s)
{
	stage_prepare(s, only, budget_s);
	s->config.begun = s->world.now;
	s->config.sink = (struct gh_sink){ on_event, NULL };
	s->config.ears = (struct gh_ears){ NULL, stage_hear, s };
}

/* ---- The rig's speed, whatever it is cut to on the controller ---- */

static void open_slow(struct stage *s, double deg_s)
{
	for (unsigned j = 0; j < s->rig.n_joints; j++)
		s->rig.joints[j].speed_max_rad_s = deg_s * DEG;
	gh_world_open(&s->world, &s->rig, 17, 1, NULL, 0);
}

static void test_a_check_at_any_speed_is_accepted(void **state)
{
	static const double deg_s[] = { 3.0, 15.0, 30.0, 37.0, 50.0 };
	struct stage *s = *state;

	for (size_t i = 0; i < GH_ARRAY_SIZE(deg_s); i++) {
		open_slow(s, deg_s[i]);
		prepare(s, gh_rig_find_part(&s->rig, "hope.elbow"), 1800.0);
		stage_assert_runs(s);
		assert_true(stage_spans(s, s->config.only, GH_EX_SWEEP) > 0);
		stage_close(s);
	}
	open_slow(s, 30.0);
}

static void test_a_sweep_at_any_speed_is_accepted(void **state)
{
	static const double deg_s[] = { 3.0, 15.0, 30.0, 37.0 };
	static struct gh_single single;
	struct stage *s = *state;

	for (size_t i = 0; i < GH_ARRAY_SIZE(deg_s); i++) {
		open_slow(s, deg_s[i]);
		prepare(s, gh_rig_find_part(&s->rig, "dawn.wrist"),
			GH_SINGLE_MAX_S);
		single = (struct gh_single){ .kind = GH_SINGLE_SWEEP,
					     .part = s->config.only,
					     .repeats = 1 };
		s->config.single = &single;
		stage_assert_runs(s);
		assert_true(stage_spans(s, s->config.only, GH_EX_SWEEP) > 0);
		stage_close(s);
	}
	open_slow(s, 30.0);
}

/* ---- Arms that can meet ---- */

enum { TICKS = 4000 };
/* Means of 100 ms; what sways or settles goes less than 0.3 deg from one to the
 * next, and noise is a sixth of that. */
#define TICK_US 100000
#define MOVING_RAD (0.3 * DEG)

static double mean_raw(const int16_t *raw, size_t n)
{
	double sum = 0.0;

	for (size_t i = 0; i < n; i++)
		sum += raw[i];
	return sum / (double)n;
}

/* When the last wiggle is over: one settles while the next begins, 1.5 deg. */
static gh_us wiggles_end(const struct stage *s)
{
	struct gh_span wiggle[GH_RIG_JOINTS * 3];
	const size_t n = gh_recording_spans(s->ran.rec, -1, GH_EX_IDENTITY,
					    GH_REPEAT_ALL, wiggle,
					    GH_ARRAY_SIZE(wiggle));
	gh_us end = 0;

	assert_int_equal(n, 3 * s->rig.n_joints);
	for (size_t i = 0; i < n; i++)
		end = wiggle[i].end > end ? wiggle[i].end : end;
	return end;
}

/* Sets this bit in every later tick in which the joint moved. */
static size_t note_moves(const struct stage *s, unsigned joint, unsigned bit,
			 uint16_t *moving)
{
	const struct gh_rig_joint *j = &s->rig.joints[joint];
	const unsigned ch =
		(unsigned)gh_recording_find(s->ran.rec, j->part, GH_Q_POSITION);
	const struct gh_rec_channel *c = gh_recording_channel(s->ran.rec, ch);
	const int16_t *raw = gh_recording_raw_block(s->ran.rec, ch);
	const size_t step = (size_t)(TICK_US * c->rate_hz / 1e6);
	const size_t n = gh_recording_count(s->ran.rec, ch) / step;
	double before = mean_raw(raw, step);
	const gh_us from = wiggles_end(s) + 2 * TICK_US;

	assert_true(n > 0 && n <= TICKS);
	for (size_t i = 1; i < n; i++) {
		const double now = mean_raw(raw + i * step, step);
		int16_t first;
		gh_us at;

		gh_recording_raw(s->ran.rec, ch, i * step, &at, &first);
		if (at >= from && fabs((now - before) * c->scale) >= MOVING_RAD)
			moving[i] |= (uint16_t)(1u << bit);
		before = now;
	}
	return n;
}

static double hangs_rad(const struct stage *s, unsigned joint)
{
	return gh_plant_true_angle(gh_sim_device_plant(s->world.device), joint);
}

/* Stopped in the middle of a sweep, arms hang anywhere. */
static void leave_the_arms_anywhere(struct stage *s)
{
	gh_world_open(&s->world, &s->rig, 17, 1, NULL, 0);
	prepare(s, -1, 60.0);
	s->stop_at = 9 * (gh_us)GH_US_PER_S;
	gh_run(&s->config, &s->ran);
	assert_int_equal(s->ran.how, GH_RUN_HOW_STOPPED);
	gh_run_finish(&s->ran);
	s->stop_at = GH_US_NEVER;
	/* Until all of them hang still. */
	gh_wait(&s->world.clock, NULL, 0, s->world.now + 3 * GH_US_PER_S);
	for (unsigned j = 0; j < s->rig.n_joints; j++)
		assert_true(fabs(hangs_rad(s, j)) > 3.0 * DEG);
}

static void test_arms_of_a_group_never_move_together(void **state)
{
	static uint16_t arms[TICKS];
	struct stage *s = *state;
	unsigned seen = 0;
	size_t n = 0;

	leave_the_arms_anywhere(s);
	for (unsigned a = 1; a < s->rig.n_arms; a++)
		s->rig.arms[a].group = 0;
	prepare(s, -1, 300.0);
	s->config.clear_latch = true;
	stage_assert_runs(s);
	for (unsigned j = 0; j < s->rig.n_joints; j++)
		n = note_moves(s, j, (unsigned)s->rig.joints[j].arm, arms);
	for (size_t i = 0; i < n; i++) {
		const unsigned grouped = arms[i] & 0xeu;

		seen |= arms[i];
		if ((grouped & (grouped - 1)) != 0)
			fail_msg("arms %x move at %.2f s", arms[i],
				 (double)i * TICK_US / 1e6);
	}
	assert_int_equal(seen, 0xf);
}

/*
 * Somebody stays near. What carries others sways a little when they stop, so
 * two that both move for half a second are meant.
 */
static void test_near_joints_move_one_at_a_time(void **state)
{
	enum { BOTH_TICKS = 5 };
	static uint16_t joints[TICKS];
	struct stage *s = *state;
	unsigned seen = 0, both = 0;
	size_t n = 0;

	leave_the_arms_anywhere(s);
	prepare(s, -1, 300.0);
	s->config.near = true;
	s->config.clear_latch = true;
	stage_assert_runs(s);
	for (unsigned j = 0; j < s->rig.n_joints; j++)
		n = note_moves(s, j, j, joints);
	for (size_t i = 0; i < n; i++) {
		const bool several = (joints[i] & (joints[i] - 1)) != 0;

		seen |= joints[i];
		both = several ? both + 1 : 0;
		if (both >= BOTH_TICKS)
			fail_msg("joints %x move at %.2f s", joints[i],
				 (double)i * TICK_US / 1e6);
	}
	assert_int_equal(seen, 0xfff);
	assert_int_equal(stage_spans(s, -1, GH_EX_REST), 0);
}

/* ---- Less current than the rig allows ---- */

static struct gh_dev_info changed;

/* The sensor of one joint ends at 0.25 A. */
static const struct gh_dev_info *short_sensor(const struct gh_dev *dev)
{
	changed = *gh_driver_find("lumina")->info(dev);
	for (unsigned i = 0; i < changed.n_channels; i++) {
		struct gh_dev_channel *ch = &changed.channels[i];

		if (ch->what == GH_Q_CURRENT &&
		    strcmp(ch->part, "hope.shoulder") == 0)
			ch->hi = (int16_t)lround(0.25 * ch->den / ch->num);
	}
	return &changed;
}

/* One joint's own limit is 0.25 A, whatever it measures. */
static const struct gh_dev_info *weak_actuator(const struct gh_dev *dev)
{
	changed = *gh_driver_find("lumina")->info(dev);
	for (unsigned i = 0; i < changed.n_actuators; i++)
		if (strcmp(changed.actuators[i].part, "hope.shoulder") == 0)
			changed.actuators[i].current_a = 0.25;
	return &changed;
}

static void assert_stopped_by_current(struct stage *s)
{
	gh_world_open(&s->world, &s->rig, 17, 1, NULL, 0);
	prepare(s, -1, 60.0);
	gh_run(&s->config, &s->ran);
	assert_int_equal(s->ran.how, GH_RUN_HOW_FAILED);
	assert_int_equal(s->ran.err.code, GH_UNSAFE);
	assert_non_null(strstr(s->ran.err.msg, "hope.shoulder draws 0."));
	assert_true(s->ran.safe_seen);
}

static void test_no_limit_where_the_sensor_cannot_reach(void **state)
{
	struct stage *s = *state;

	s->driver.info = short_sensor;
	assert_stopped_by_current(s);
	assert_string_equal(notes,
			    "hope.shoulder is stopped at 0.24 A, not at 3.00 "
			    "A: its current sensor shows no more\n");
}

static void test_the_controllers_own_limit_counts(void **state)
{
	struct stage *s = *state;

	s->driver.info = weak_actuator;
	assert_stopped_by_current(s);
	assert_string_equal(notes, "");
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, stage_teardown)
	const struct CMUnitTest tests[] = {
		T(test_a_check_at_any_speed_is_accepted),
		T(test_a_sweep_at_any_speed_is_accepted),
		T(test_arms_of_a_group_never_move_together),
		T(test_near_joints_move_one_at_a_time),
		T(test_no_limit_where_the_sensor_cannot_reach),
		T(test_the_controllers_own_limit_counts),
	};
#undef T

	return cmocka_run_group_tests(tests, NULL, NULL);
}
