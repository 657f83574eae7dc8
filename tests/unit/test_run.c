/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whole runs in virtual time: what a run leaves behind when all goes well, and
 * that every way out of it ends in the controller's safe state.
 */
#include "sim/plant.h"	       /* gh_plant_true_angle */
#include "unit/test_run_kit.h" /* struct stage */

#include <math.h>
#include <string.h>

static struct {
	gh_us moving_until;    /* host time of the last event with moving */
	unsigned events, ends; /* progress, and phases told */
} told;

static void on_event(void *self, const struct gh_event *ev)
{
	const struct stage *s = self;

	told.events++;
	told.ends += ev->kind == GH_EV_PHASE;
	if (ev->moving)
		told.moving_until = s->world.now;
}

static void begin(struct stage *s, const char *const *faults, size_t n)
{
	gh_world_open(&s->world, &s->rig, 91, 1, faults, n);
	s->stop_at = GH_US_NEVER;
	stage_prepare(s, -1, 60.0);
	s->config.sink = (struct gh_sink){ on_event, s };
	s->config.ears = (struct gh_ears){ NULL, stage_hear, s };
}

static int setup(void **state)
{
	memset(&told, 0, sizeof told);
	return stage_setup(state);
}

/* Nothing of the plant moves any more `after` the run. */
static void assert_at_rest_after(struct stage *s, gh_us after)
{
	const struct gh_plant *plant = gh_sim_device_plant(s->world.device);
	double before[GH_RIG_JOINTS];

	gh_sim_device_advance(s->world.device, s->world.now + after);
	for (unsigned j = 0; j < s->rig.n_joints; j++)
		before[j] = gh_plant_true_angle(plant, j);
	gh_sim_device_advance(s->world.device, s->world.now + after + 500000);
	for (unsigned j = 0; j < s->rig.n_joints; j++)
		assert_true(fabs(gh_plant_true_angle(plant, j) - before[j]) <
			    0.01);
}

static void assert_at_rest(struct stage *s)
{
	assert_at_rest_after(s, 500000);
}

static void test_a_whole_run_ends_in_time_and_safe(void **state)
{
	struct stage *s = *state;

	begin(s, NULL, 0);
	stage_assert_runs(s);
	assert_true(s->ran.duration_s < 58.0); /* 2 s are for the verdict */
	assert_int_equal(s->ran.joints, 0xfff);
	assert_int_equal(s->ran.silent, 0);
	assert_int_equal(gh_recording_facts_of(s->ran.rec)->samples_lost, 0);
	assert_true(gh_recording_facts_of(s->ran.rec)->simulated);
	assert_true(told.events > 100 && told.ends >= 6);
	/* Nothing had to be stopped; the safe state was read back all the same. */
	assert_true(isnan(s->ran.stop_ms) && s->ran.rest_ms >= 0.0);
	assert_string_equal(s->ran.safe_text, "arms hold, lamps dark");
	assert_at_rest(s);
}

static void test_without_consent_nothing_moves(void **state)
{
	struct stage *s = *state;
	const struct gh_plant *plant;

	begin(s, NULL, 0);
	s->config.allow_motion = false;
	gh_run(&s->config, &s->ran);
	plant = gh_sim_device_plant(s->world.device);
	assert_int_equal(s->ran.how, GH_RUN_HOW_COMPLETE);
	assert_true(s->ran.motion_s < 1e-9 && told.moving_until == 0);
	for (unsigned j = 0; j < s->rig.n_joints; j++)
		assert_true(fabs(gh_plant_true_angle(plant, j)) < 0.002);
}

static void test_one_part_only_moves_that_part(void **state)
{
	struct stage *s = *state;

	begin(s, NULL, 0);
	s->config.only = gh_rig_find_part(&s->rig, "memory.elbow");
	gh_run(&s->config, &s->ran);
	assert_int_equal(s->ran.how, GH_RUN_HOW_COMPLETE);
	assert_int_equal(s->ran.joints,
			 1u << s->rig.parts[s->config.only].joint);
}

/* SPACE at any moment: heard within one turn, safe at the end. */
static void test_stop_at_any_moment_is_safe(void **state)
{
	static const double at_s[] = { 0.05, 0.3,  0.5,	 2.0, 4.5,
				       12.0, 33.0, 47.0, 52.0 };
	struct stage *s = *state;

	for (size_t i = 0; i < GH_ARRAY_SIZE(at_s); i++) {
		begin(s, NULL, 0);
		s->stop_at = (gh_us)(at_s[i] * 1e6);
		s->stopped_at = 0;
		gh_run(&s->config, &s->ran);
		assert_int_equal(s->ran.how, GH_RUN_HOW_STOPPED);
		assert_true(s->ran.safe_seen);
		/* one wait of the loop, once the controller is open */
		assert_true(s->stopped_at - s->stop_at < 10000 ||
			    at_s[i] < 1.0);
		assert_true(s->world.now - s->stopped_at < 1200000);
		/* Once the joints move the stop goes out in the same turn. */
		assert_true(at_s[i] < 4.0 ||
			    (s->ran.stop_ms >= 0.0 && s->ran.stop_ms < 5.0));
		assert_true(s->ran.rest_ms >= 0.0 && s->ran.rest_ms < 1100.0);
		assert_at_rest(s);
		stage_close(s);
	}
	begin(s, NULL, 0);
}

static void test_unplug_ends_the_run_and_keeps_the_data(void **state)
{
	struct stage *s = *state;

	begin(s, NULL, 0);
	s->world.unplug_at = 20 * (gh_us)GH_US_PER_S;
	gh_run(&s->config, &s->ran);
	assert_int_equal(s->ran.how, GH_RUN_HOW_FAILED);
	assert_int_equal(s->ran.err.code, GH_GONE);
	assert_false(s->ran.safe_seen); /* nobody could read it back */
	assert_true(gh_recording_count(s->ran.rec, 0) > 1500);
	assert_true(s->world.now < 22 * (gh_us)GH_US_PER_S);
	assert_at_rest(s); /* the controller's own watchdog saw to it */
}

static void test_reboot_in_mid_run_is_named(void **state)
{
	struct stage *s = *state;

	begin(s, NULL, 0);
	s->world.reboot_at = 15 * (gh_us)GH_US_PER_S;
	gh_run(&s->config, &s->ran);
	assert_int_equal(s->ran.how, GH_RUN_HOW_FAILED);
	assert_int_equal(s->ran.err.code, GH_RESET);
	assert_non_null(strstr(s->ran.err.msg, "reboot"));
	/* a reboot releases the servos: the arms sink, then hang */
	assert_at_rest_after(s, 10 * (gh_us)GH_US_PER_S);
}

static void test_a_starved_host_is_stopped_by_the_watchdog(void **state)
{
	struct stage *s = *state;

	begin(s, NULL, 0);
	s->world.stall_from = 10 * (gh_us)GH_US_PER_S;
	s->world.stall_us = 400000;
	gh_run(&s->config, &s->ran);
	assert_int_equal(s->ran.how, GH_RUN_HOW_FAILED);
	assert_non_null(strstr(s->ran.err.msg, "this host was too slow, it was "
					       "away for 4"));
	assert_true(s->ran.safe_seen);
	assert_at_rest(s);
}

static void test_the_deadline_ends_it_with_what_there_is(void **state)
{
	struct stage *s = *state;

	begin(s, NULL, 0);
	s->world.stall_from = GH_US_NEVER;
	s->config.begun = -12 * (gh_us)GH_US_PER_S; /* a late start */
	gh_run(&s->config, &s->ran);
	assert_int_equal(s->ran.how, GH_RUN_HOW_DEADLINE);
	assert_true(s->ran.safe_seen);
	assert_true(s->world.now <= 48 * (gh_us)GH_US_PER_S);
	assert_at_rest(s);
}

/* The rig file's current limit is watched by host and controller alike. */
static void test_over_current_stops_and_names_the_joint(void **state)
{
	struct stage *s = *state;

	begin(s, NULL, 0);
	for (unsigned j = 0; j < s->rig.n_joints; j++)
		s->rig.joints[j].current_max_a = j == 3 ? 0.2 : 3.0;
	gh_run(&s->config, &s->ran);
	assert_int_equal(s->ran.how, GH_RUN_HOW_FAILED);
	assert_int_equal(s->ran.err.code, GH_UNSAFE);
	assert_non_null(strstr(s->ran.err.msg,
			       s->rig.parts[s->rig.joints[3].part].name));
	assert_true(s->ran.safe_seen);
	assert_at_rest(s);
}

static void test_an_unpowered_joint_is_left_alone(void **state)
{
	static const char *const fault[] = { "no_power@memory.elbow" };
	struct stage *s = *state;
	const int part = gh_rig_find_part(&s->rig, "memory.elbow");

	begin(s, fault, 1);
	gh_run(&s->config, &s->ran);
	assert_int_equal(s->ran.how, GH_RUN_HOW_COMPLETE);
	assert_int_equal(s->ran.silent, 1u << s->rig.parts[part].joint);
	assert_int_equal(s->ran.joints, 0xfff & ~s->ran.silent);
}

static void test_the_wrong_rig_file_moves_nothing(void **state)
{
	struct stage *s = *state;

	begin(s, NULL, 0);
	strcpy(s->rig.parts[s->rig.joints[2].part].name, "hope.finger");
	gh_run(&s->config, &s->ran);
	assert_int_equal(s->ran.how, GH_RUN_HOW_FAILED);
	assert_int_equal(s->ran.err.code, GH_PROTO);
	assert_non_null(strstr(s->ran.err.msg, "hope.finger"));
	assert_true(told.moving_until == 0 && s->ran.safe_seen);
}

/* A lumina driver whose controller also streams what it commands. */
static struct gh_dev_info wide;

static const struct gh_dev_info *wide_info(const struct gh_dev *dev)
{
	wide = *gh_driver_find("lumina")->info(dev);
	for (unsigned i = 0; i < GH_DEV_CHANNELS; i++) {
		if (i >= wide.n_channels)
			wide.channels[i] = wide.channels[0];
		if (i > GH_STREAM_CHANNELS)
			wide.channels[i].what = GH_Q_COMMAND;
	}
	wide.n_channels = GH_DEV_CHANNELS;
	return &wide;
}

static void test_channels_without_room_end_the_run(void **state)
{
	struct stage *s = *state;

	begin(s, NULL, 0);
	s->driver.info = wide_info;
	gh_run(&s->config, &s->ran);
	assert_int_equal(s->ran.how, GH_RUN_HOW_FAILED);
	assert_int_equal(s->ran.err.code, GH_UNSUP);
	assert_non_null(strstr(s->ran.err.msg, "no room for"));
	assert_true(told.moving_until == 0 && s->ran.safe_seen);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, stage_teardown)
	const struct CMUnitTest tests[] = {
		T(test_a_whole_run_ends_in_time_and_safe),
		T(test_without_consent_nothing_moves),
		T(test_one_part_only_moves_that_part),
		T(test_stop_at_any_moment_is_safe),
		T(test_unplug_ends_the_run_and_keeps_the_data),
		T(test_reboot_in_mid_run_is_named),
		T(test_a_starved_host_is_stopped_by_the_watchdog),
		T(test_the_deadline_ends_it_with_what_there_is),
		T(test_over_current_stops_and_names_the_joint),
		T(test_an_unpowered_joint_is_left_alone),
		T(test_the_wrong_rig_file_moves_nothing),
		T(test_channels_without_room_end_the_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
