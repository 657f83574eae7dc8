/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What ends a run from inside a driver's call, in virtual time: the operator
 * while an answer is waited for, an answer that never comes, samples that stop.
 */
#include "engine/run.h"
#include "fakes/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The uploads that refill a running program come after the first twelve. */
enum { REFILL = 40 };

static struct {
	struct gh_rig rig;
	struct gh_world world;
	struct gh_link_ops ops;
	struct gh_driver driver;
	struct gh_dev_info info;
	struct gh_run_outcome ran;
	unsigned uploads;
	bool refill_stops, mute, refill_fails, negated;
	gh_us stop_at, stopped_at, blind_from, unheard_from;
	gh_us wanders_from; /* the last joint of the last arm */
	struct {
		unsigned begun, ended;
		int fd;
		size_t n;
		bool before_arms, after_stop;
	} watch;
	bool still;
} s;

static const struct gh_driver *lumina(void)
{
	return gh_driver_find("lumina");
}

static enum gh_ear_word hear(void *self)
{
	(void)self;
	return s.world.now < s.stop_at ? GH_EAR_NOTHING : GH_EAR_STOP;
}

static enum gh_status deaf_read(struct gh_link *link, void *buf, size_t cap,
				size_t *got, struct gh_err *err)
{
	(void)link;
	(void)err;
	*got = gh_sim_device_read(s.world.device, buf, cap);
	if (s.mute)
		*got = 0;
	return GH_OK;
}

static enum gh_status lost_write(struct gh_link *link, const void *buf,
				 size_t len, size_t *put, struct gh_err *err)
{
	(void)link;
	(void)err;
	*put = s.world.now < s.unheard_from
		       ? gh_sim_device_write(s.world.device, buf, len)
		       : len;
	return GH_OK;
}

static enum gh_status stop(struct gh_dev *dev, struct gh_err *err)
{
	if (s.stopped_at == 0)
		s.stopped_at = s.world.now;
	return lumina()->stop(dev, err);
}

static enum gh_status queue(struct gh_dev *dev, unsigned actuator,
			    const struct gh_segment *seg, unsigned n,
			    struct gh_err *err)
{
	if (++s.uploads == REFILL && s.refill_fails)
		return gh_fail(err, GH_TIMEOUT, "no reply to SEGMENTS");
	if (s.uploads == REFILL && s.refill_stops) {
		s.mute = true;
		s.stop_at = s.world.now + 40000;
	}
	return lumina()->queue(dev, actuator, seg, n, err);
}

static bool is_position(const struct gh_dev *dev, unsigned channel)
{
	return lumina()->info(dev)->channels[channel].what == GH_Q_POSITION;
}

/* As if somebody took that arm and swung it by half a turn of the hand. */
static void wander(const struct gh_dev *dev, struct gh_sample *sample)
{
	const struct gh_dev_channel *c =
		&lumina()->info(dev)->channels[sample->channel];

	if (is_position(dev, sample->channel) &&
	    strcmp(c->part, "dawn.wrist") == 0 && sample->raw != GH_RAW_INVALID)
		sample->raw += (int16_t)(0.5 * c->den / c->num);
}

static enum gh_status pump(struct gh_dev *dev, struct gh_sample *out,
			   size_t cap, size_t *got, struct gh_err *err)
{
	const enum gh_status st = lumina()->pump(dev, out, cap, got, err);

	for (size_t i = 0; st == GH_OK && i < *got; i++)
		if (s.negated && is_position(dev, out[i].channel) &&
		    out[i].raw != GH_RAW_INVALID)
			out[i].raw = (int16_t)-out[i].raw;
	for (size_t i = 0; s.world.now >= s.wanders_from && i < *got; i++)
		wander(dev, &out[i]);
	if (s.world.now >= s.blind_from)
		*got = 0;
	return st;
}

static const struct gh_dev_info *info(const struct gh_dev *dev)
{
	s.info = *lumina()->info(dev);
	for (unsigned i = 0; s.negated && i < s.info.n_channels; i++)
		if (is_position(dev, i))
			s.info.channels[i].num = -s.info.channels[i].num;
	return &s.info;
}

static size_t some_fd(const struct gh_link *link, struct pollfd *out,
		      size_t cap)
{
	(void)link;
	(void)cap;
	out[0] = (struct pollfd){ .fd = 77, .events = POLLIN };
	return 1;
}

static void watch_begins(void *self, int fd, const uint8_t *stop_bytes,
			 size_t n)
{
	(void)self;
	(void)stop_bytes;
	s.watch.begun++;
	s.watch.before_arms = s.uploads == 0;
	s.watch.fd = fd;
	s.watch.n = n;
}

static void watch_ends(void *self)
{
	(void)self;
	s.watch.ended++;
	s.watch.after_stop = s.stopped_at > 0;
}

static void run(void)
{
	const struct gh_run_config config = {
		.rig = &s.rig,
		.driver = &s.driver,
		.link = &s.world.link,
		.clock = &s.world.clock,
		.budget_us = 60 * (gh_us)GH_US_PER_S,
		.allow_motion = !s.still,
		.only = -1,
		.ears = { NULL, hear, NULL },
		.watchman = { watch_begins, watch_ends, NULL },
	};

	gh_run(&config, &s.ran);
}

static int setup(void **state)
{
	struct gh_err err = { 0 };

	(void)state;
	memset(&s, 0, sizeof s);
	if (gh_rig_read(&s.rig, "schemas/lumina.rig", &err) != GH_OK)
		return -1;
	gh_world_open(&s.world, &s.rig, 91, 1, NULL, 0);
	s.ops = *s.world.link.ops;
	s.ops.read = deaf_read;
	s.ops.write = lost_write;
	s.world.link.ops = &s.ops;
	s.driver = *lumina();
	s.driver.stop = stop;
	s.driver.queue = queue;
	s.driver.pump = pump;
	s.driver.info = info;
	s.stop_at = s.blind_from = s.unheard_from = s.wanders_from =
		GH_US_NEVER;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	gh_run_finish(&s.ran);
	gh_world_close(&s.world);
	return 0;
}

/* Without ears in its waits the stop would follow the sixth try, 0.36 s. */
static void a_stop_does_not_wait_for_a_lost_answer(void **state)
{
	(void)state;
	s.refill_stops = true;
	run();
	assert_int_equal(s.uploads, REFILL);
	assert_int_equal(s.ran.how, GH_RUN_HOW_STOPPED);
	assert_int_equal(s.ran.err.code, GH_CANCELLED);
	assert_true(s.stopped_at >= s.stop_at);
	assert_true(s.stopped_at - s.stop_at <= 30000);
}

/* It was taken for the deadline: a complete run, which may join a baseline. */
static void a_lost_answer_is_no_deadline(void **state)
{
	(void)state;
	s.refill_fails = true;
	run();
	assert_int_equal(s.ran.how, GH_RUN_HOW_FAILED);
	assert_int_equal(s.ran.err.code, GH_TIMEOUT);
	assert_true(s.stopped_at > 0 && s.ran.safe_seen);
}

static void joints_that_are_not_seen_any_more_stop(void **state)
{
	(void)state;
	s.blind_from = 20 * (gh_us)GH_US_PER_S;
	run();
	assert_int_equal(s.ran.how, GH_RUN_HOW_FAILED);
	assert_int_equal(s.ran.err.code, GH_STALE);
	assert_non_null(strstr(s.ran.err.msg, "no sample of"));
	assert_true(s.stopped_at - s.blind_from < 400000);
	assert_true(s.ran.safe_seen);
}

/* Its watchdog holds the arms while the plan goes on: they are astray. */
static void a_deaf_controller_blames_no_joint(void **state)
{
	(void)state;
	s.unheard_from = 20 * (gh_us)GH_US_PER_S;
	run();
	assert_int_equal(s.ran.how, GH_RUN_HOW_FAILED);
	assert_false(s.ran.safe_seen);
	assert_string_equal(gh_recording_facts_of(s.ran.rec)->stopped_part, "");
}

static void an_angle_that_counts_backwards_is_an_angle(void **state)
{
	(void)state;
	s.negated = true;
	run();
	assert_int_equal(s.ran.how, GH_RUN_HOW_COMPLETE);
	assert_int_equal(s.ran.silent, 0);
}

/* In mid identity: the wrists of the last arm wait for their turn. */
static void an_arm_that_moves_untold_ends_the_run(void **state)
{
	(void)state;
	s.wanders_from = 2 * (gh_us)GH_US_PER_S;
	run();
	assert_int_equal(s.ran.how, GH_RUN_HOW_FAILED);
	assert_int_equal(s.ran.err.code, GH_UNSAFE);
	assert_non_null(strstr(s.ran.err.msg, "dawn.wrist is 28."));
	assert_non_null(strstr(s.ran.err.msg, "nothing told it to move"));
	assert_true(s.ran.safe_seen);
	/* It must last, a damaged reading is none. */
	assert_in_range(s.world.now - s.wanders_from, 300000, 1500000);
}

static void the_watchman_is_there_while_joints_may_move(void **state)
{
	(void)state;
	s.ops.fds = some_fd;
	s.stop_at = 3 * (gh_us)GH_US_PER_S;
	run();
	assert_int_equal(s.ran.how, GH_RUN_HOW_STOPPED);
	assert_int_equal(s.watch.begun, 1);
	assert_int_equal(s.watch.ended, 1);
	assert_true(s.watch.before_arms && s.watch.after_stop);
	assert_int_equal(s.watch.fd, 77);
	assert_true(s.watch.n > 0);
}

static void nobody_watches_what_stands(void **state)
{
	(void)state;
	s.still = true;
	s.stop_at = 3 * (gh_us)GH_US_PER_S;
	run();
	assert_int_equal(s.ran.how, GH_RUN_HOW_STOPPED);
	assert_int_equal(s.watch.begun, 0);
	assert_int_equal(s.watch.ended, 0);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(a_stop_does_not_wait_for_a_lost_answer),
		T(a_lost_answer_is_no_deadline),
		T(joints_that_are_not_seen_any_more_stop),
		T(a_deaf_controller_blames_no_joint),
		T(an_angle_that_counts_backwards_is_an_angle),
		T(an_arm_that_moves_untold_ends_the_run),
		T(the_watchman_is_there_while_joints_may_move),
		T(nobody_watches_what_stands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
