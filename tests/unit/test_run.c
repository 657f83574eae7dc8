/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whole runs in virtual time: what a run leaves behind when all goes well, and
 * that every way out of it ends in the controller's safe state.
 */
#include "engine/run.h"
#include "fakes/world.h"
#include "sim/plant.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct stage {
	struct gh_rig rig;
	struct gh_world world;
	struct gh_run_config config;
	struct gh_run_outcome ran;
	gh_us stop_at;	       /* the operator's SPACE */
	gh_us stopped_at;      /* when the run heard it */
	gh_us moving_until;    /* host time of the last event with moving */
	unsigned events, ends; /* progress, and phases told */
	double last_left_s;
};

static void on_event(void *self, const struct gh_event *ev)
{
	struct stage *s = self;

	s->events++;
	s->ends += ev->kind == GH_EV_PHASE;
	s->last_left_s = ev->left_s;
	if (ev->moving)
		s->moving_until = s->world.now;
}

static enum gh_ear_word hear(void *self)
{
	struct stage *s = self;

	if (s->world.now < s->stop_at)
		return GH_EAR_NOTHING;
	if (s->stopped_at == 0)
		s->stopped_at = s->world.now;
	return GH_EAR_STOP;
}

static void begin(struct stage *s, const char *const *faults, size_t n)
{
	gh_world_open(&s->world, &s->rig, 91, 1, faults, n);
	s->stop_at = GH_US_NEVER;
	s->config = (struct gh_run_config){
		.rig = &s->rig,
		.driver = gh_driver_find("lumina"),
		.link = &s->world.link,
		.clock = &s->world.clock,
		.budget_us = 60 * (gh_us)GH_US_PER_S,
		.allow_motion = true,
		.only = -1,
		.sink = { on_event, s },
		.ears = { NULL, hear, s },
	};
	assert_non_null(s->config.driver);
}

static int setup(void **state)
{
	struct stage *s = calloc(1, sizeof *s);
	struct gh_err err = { 0 };

	if (!s || gh_rig_read(&s->rig, "schemas/lumina.rig", &err) != GH_OK)
		return -1;
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	struct stage *s = *state;

	gh_run_finish(&s->ran);
	gh_world_close(&s->world);
	free(s);
	return 0;
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
	gh_run(&s->config, &s->ran);
	assert_string_equal(s->ran.err.msg, "");
	assert_int_equal(s->ran.how, GH_RUN_HOW_COMPLETE);
	assert_true(s->ran.safe_seen);
	assert_true(s->ran.duration_s < 58.0); /* 2 s are for the verdict */
	assert_int_equal(s->ran.joints, 0xfff);
	assert_int_equal(s->ran.silent, 0);
	assert_int_equal(gh_recording_facts_of(s->ran.rec)->samples_lost, 0);
	assert_true(gh_recording_facts_of(s->ran.rec)->simulated);
	assert_true(s->events > 100 && s->ends >= 6);
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
	assert_true(s->ran.motion_s < 1e-9 && s->moving_until == 0);
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
		assert_at_rest(s);
		gh_run_finish(&s->ran);
		gh_world_close(&s->world);
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
	assert_true(s->moving_until == 0 && s->ran.safe_seen);
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
	struct gh_driver driver = *gh_driver_find("lumina");
	struct stage *s = *state;

	begin(s, NULL, 0);
	driver.info = wide_info;
	s->config.driver = &driver;
	gh_run(&s->config, &s->ran);
	assert_int_equal(s->ran.how, GH_RUN_HOW_FAILED);
	assert_int_equal(s->ran.err.code, GH_UNSUP);
	assert_non_null(strstr(s->ran.err.msg, "no room for"));
	assert_true(s->moving_until == 0 && s->ran.safe_seen);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
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
