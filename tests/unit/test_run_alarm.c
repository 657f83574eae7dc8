/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What ends a run beside the operator, in virtual time: joints that are not
 * where they should be, told or untold, in every phase; volts, heat, damage on
 * the wire; and what keeps it from beginning. The driver is lumina's, what it
 * hands out is bent here.
 */
#include "unit/test_run_kit.h" /* struct stage */

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Programs in the order of a check. */
enum { IDENTITY = 1, HOMING };

static struct {
	struct stage *stage;
	unsigned programs;   /* started so far */
	unsigned from;	     /* bent from this one on, ... */
	gh_us bent_from;     /* ... or from this time on */
	gh_us bent_at;	     /* when it really began */
	bool at_rest_only;   /* only where no program runs */
	gh_us program_at;    /* when the last one was sent */
	gh_us program_until; /* by the events: GH_US_NEVER while one runs */
	const char *part;
	enum gh_quantity what;
	double to, by; /* set to (NAN: not), shifted by */
	gh_us settles_us; /* nothing is bent so long after a start */
	unsigned damage; /* one byte in so many, 0: none */
	uint32_t random;
	unsigned stops;
	bool unproved, enable_off;
	char notes[400];
} bent;

static const struct gh_driver *lumina(void)
{
	return gh_driver_find("lumina");
}

static bool is_bent(void)
{
	const gh_us now = bent.stage->world.now;

	if (bent.programs < bent.from || now < bent.bent_from ||
	    now < bent.program_at + bent.settles_us ||
	    (bent.at_rest_only && now < bent.program_until))
		return false;
	if (bent.bent_at == 0)
		bent.bent_at = now;
	return true;
}

static void bend(const struct gh_dev *dev, struct gh_sample *sample)
{
	const struct gh_dev_channel *c =
		&lumina()->info(dev)->channels[sample->channel];
	const double per_unit = (double)c->den / c->num;

	if (!bent.part || strcmp(c->part, bent.part) != 0 ||
	    c->what != bent.what || sample->raw == GH_RAW_INVALID)
		return;
	if (!isnan(bent.to))
		sample->raw = (int16_t)lround(bent.to * per_unit);
	sample->raw = (int16_t)(sample->raw + lround(bent.by * per_unit));
}

static enum gh_status pump(struct gh_dev *dev, struct gh_sample *out,
			   size_t cap, size_t *got, struct gh_err *err)
{
	const enum gh_status st = lumina()->pump(dev, out, cap, got, err);

	for (size_t i = 0; i < *got && is_bent(); i++)
		bend(dev, &out[i]);
	return st;
}

static enum gh_status run_program(struct gh_dev *dev, gh_us start,
				  struct gh_err *err)
{
	bent.programs++;
	bent.program_at = bent.stage->world.now;
	bent.program_until = GH_US_NEVER;
	return lumina()->run(dev, start, err);
}

static bool event(struct gh_dev *dev, struct gh_dev_event *out)
{
	if (bent.enable_off && is_bent()) {
		bent.enable_off = false;
		*out = (struct gh_dev_event){ .kind = GH_DEV_EV_ENABLE };
		return true;
	}
	if (!lumina()->event(dev, out))
		return false;
	/* What it lags is over then. */
	if (out->kind == GH_DEV_EV_PROGRAM_END)
		bent.program_until = bent.stage->world.now + 300000;
	return true;
}

static enum gh_status stop(struct gh_dev *dev, struct gh_err *err)
{
	bent.stops++;
	return lumina()->stop(dev, err);
}

static enum gh_status arm(struct gh_dev *dev, bool clear, double *proved_ms,
			  struct gh_err *err)
{
	const enum gh_status st = lumina()->arm(dev, clear, proved_ms, err);

	if (bent.unproved)
		*proved_ms = 0.0;
	return st;
}

static struct gh_link_ops ops;

static enum gh_status damaged_read(struct gh_link *link, void *buf, size_t cap,
				   size_t *got, struct gh_err *err)
{
	uint8_t *bytes = buf;

	(void)link;
	(void)err;
	*got = gh_sim_device_read(bent.stage->world.device, buf, cap);
	for (size_t i = 0; i < *got && bent.damage > 0 && is_bent(); i++) {
		bent.random = bent.random * 1664525u + 1013904223u;
		if ((bent.random >> 8) % bent.damage == 0)
			bytes[i] ^= 0x55;
	}
	return GH_OK;
}

static void on_event(void *self, const struct gh_event *ev)
{
	const size_t used = strlen(bent.notes);

	(void)self;
	if (ev->kind == GH_EV_NOTE)
		snprintf(bent.notes + used, sizeof bent.notes - used, "%s\n",
			 ev->text);
}

static int setup(void **state)
{
	struct stage *s;

	memset(&bent, 0, sizeof bent);
	bent.to = (double)NAN;
	bent.random = 7;
	if (stage_setup(state) != 0)
		return -1;
	s = bent.stage = *state;
	s->driver.pump = pump;
	s->driver.run = run_program;
	s->driver.event = event;
	s->driver.stop = stop;
	s->driver.arm = arm;
	gh_world_open(&s->world, &s->rig, 91, 1, NULL, 0);
	ops = *s->world.link.ops;
	ops.read = damaged_read;
	s->world.link.ops = &ops;
	stage_prepare(s, -1, 60.0);
	s->config.sink = (struct gh_sink){ on_event, s };
	s->config.ears = (struct gh_ears){ NULL, stage_hear, s };
	return 0;
}

/* It ended so, in time, latched by a stop of ours, and safe. */
static void assert_ended(struct stage *s, enum gh_status code, const char *why,
			 gh_us within)
{
	gh_run(&s->config, &s->ran);
	assert_int_equal(s->ran.how, GH_RUN_HOW_FAILED);
	if (!strstr(s->ran.err.msg, why))
		fail_msg("\"%s\" is not in \"%s\"", why, s->ran.err.msg);
	assert_int_equal(s->ran.err.code, code);
	assert_true(bent.bent_at > 0);
	/* The safe state is read back before the run returns. */
	assert_in_range(s->world.now - bent.bent_at, 0, within + 500000);
	assert_true(bent.stops > 0);
	assert_true(s->ran.stop_ms >= 0.0 && s->ran.stop_ms < 5.0);
	assert_true(s->ran.safe_seen);
	assert_non_null(strstr(s->ran.safe_text, "stop latched: STOP"));
}

/* ---- Joints -------------------------------------------------------------- */

/* Stopped in the middle of a sweep, arms hang anywhere. */
static void leave_the_arms_anywhere(struct stage *s)
{
	s->stop_at = 9 * (gh_us)GH_US_PER_S;
	gh_run(&s->config, &s->ran);
	assert_int_equal(s->ran.how, GH_RUN_HOW_STOPPED);
	gh_run_finish(&s->ran);
	s->stop_at = GH_US_NEVER;
	gh_wait(&s->world.clock, NULL, 0, s->world.now + 3 * GH_US_PER_S);
	s->config.begun = s->world.now;
	s->config.clear_latch = true;
	bent.programs = bent.stops = 0;
	bent.from = HOMING;
	bent.bent_at = 0;
}

static void wander(const char *part)
{
	bent.part = part;
	bent.what = GH_Q_POSITION;
	bent.by = 0.5;
	/* It is under way then, and every joint was seen in its place. */
	bent.settles_us = 400000;
}

static void a_joint_astray_on_its_way_home_ends_it(void **state)
{
	struct stage *s = *state;

	leave_the_arms_anywhere(s);
	wander("dawn.wrist");
	assert_ended(s, GH_UNSAFE, "is something in its way?", 800000);
	assert_string_equal(gh_recording_facts_of(s->ran.rec)->stopped_part,
			    "dawn.wrist");
	assert_int_equal(bent.programs, HOMING);
}

/* Two arms that can meet go home one after the other. */
static void who_waits_for_its_turn_home_is_watched(void **state)
{
	struct stage *s = *state;

	leave_the_arms_anywhere(s);
	s->rig.arms[0].group = s->rig.arms[3].group = 0;
	wander("dawn.wrist");
	assert_ended(s, GH_UNSAFE, "nothing told it to move", 800000);
	assert_int_equal(bent.programs, HOMING);
}

static void a_joint_that_is_left_alone_is_watched(void **state)
{
	struct stage *s = *state;

	s->config.only = gh_rig_find_part(&s->rig, "hope.elbow");
	bent.from = IDENTITY;
	bent.bent_from = 6 * (gh_us)GH_US_PER_S;
	wander("dawn.wrist");
	assert_ended(s, GH_UNSAFE, "dawn.wrist is 28.", 500000);
	assert_non_null(strstr(s->ran.err.msg, "nothing told it to move"));
}

/* Armed, and no program runs: a person presses the remote's button. */
static void arms_at_rest_are_watched(void **state)
{
	struct stage *s = *state;

	s->config.budget_us = 300 * (gh_us)GH_US_PER_S;
	s->config.guided = true;
	bent.from = HOMING;
	bent.at_rest_only = true;
	wander("memory.elbow");
	assert_ended(s, GH_UNSAFE, "nothing told it to move", 600000);
}

/* ---- Volts, heat, the wire, the enable input ------------------------------ */

static void bend_supply(double volts, double from_s)
{
	bent.part = "supply.servo";
	bent.what = GH_Q_VOLTAGE;
	bent.to = volts;
	bent.bent_from = (gh_us)(from_s * 1e6);
}

static void a_supply_that_sags_ends_it(void **state)
{
	bend_supply(8.0, 20.0);
	assert_ended(*state, GH_UNSAFE, "supply.servo is at 8.0 V of 12.0 V",
		     700000);
}

static void a_dead_sensor_is_no_sag(void **state)
{
	bend_supply(0.0, 0.0);
	stage_assert_runs(*state);
	assert_int_equal(bent.stops, 0);
}

static void a_hot_joint_ends_it(void **state)
{
	struct stage *s = *state;

	bent.part = "memory.wrist";
	bent.what = GH_Q_TEMPERATURE;
	bent.to = 81.5;
	bent.bent_from = 20 * (gh_us)GH_US_PER_S;
	assert_ended(s, GH_UNSAFE, "memory.wrist is at 81.5 degC (limit 70.0",
		     1600000);
	assert_string_equal(gh_recording_facts_of(s->ran.rec)->stopped_by,
			    "heat");
}

/* Enough is whole that the telemetry is never old. */
static void a_burst_of_damage_ends_it(void **state)
{
	bent.damage = 40;
	bent.bent_from = 20 * (gh_us)GH_US_PER_S;
	assert_ended(*state, GH_PROTO, "frames came damaged", 400000);
}

static void a_damaged_frame_now_and_then_does_not(void **state)
{
	bent.damage = 4000;
	stage_assert_runs(*state);
	assert_true(gh_recording_facts_of(bent.stage->ran.rec)->frames_bad >
		    100);
}

static void an_enable_input_that_opens_ends_it(void **state)
{
	bent.enable_off = true;
	bent.bent_from = 20 * (gh_us)GH_US_PER_S;
	assert_ended(*state, GH_UNSAFE, "the enable input went off", 50000);
}

/* ---- Who may move -------------------------------------------------------- */

static void assert_refused(struct stage *s, const char *why)
{
	gh_run(&s->config, &s->ran);
	assert_int_equal(s->ran.how, GH_RUN_HOW_FAILED);
	assert_int_equal(s->ran.err.code, GH_UNSAFE);
	assert_non_null(strstr(s->ran.err.msg, why));
	assert_int_equal(bent.programs, 0);
	assert_true(s->ran.motion_s <= 0.0 && s->ran.safe_seen);
}

static void a_watchdog_that_nobody_saw_moves_nothing(void **state)
{
	bent.unproved = true;
	assert_refused(*state, "was not seen to trip");
}

static void an_old_permission_moves_nothing(void **state)
{
	struct stage *s = *state;

	s->config.budget_us = 1800 * (gh_us)GH_US_PER_S;
	s->config.begun = s->world.now - 660 * (gh_us)GH_US_PER_S;
	assert_refused(s, "the permission to move is 11 min old");
}

/* The computer slept: only the calendar went on. */
static void a_permission_from_before_the_sleep_neither(void **state)
{
	struct stage *s = *state;

	s->config.begun_s = gh_wall_s(&s->world.clock) - 7200;
	assert_refused(s, "the permission to move is 120 min old");
}

static void what_is_armed_is_told_by_name(void **state)
{
	struct stage *s = *state;

	s->config.only = gh_rig_find_part(&s->rig, "hope.elbow");
	s->config.begun_s = gh_wall_s(&s->world.clock);
	stage_assert_runs(s);
	assert_non_null(strstr(bent.notes, "armed until this run ends: "
					   "hope.elbow (1 joint); watchdog "
					   "100 ms, tripped after 1"));
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, stage_teardown)
	const struct CMUnitTest tests[] = {
		T(a_joint_astray_on_its_way_home_ends_it),
		T(who_waits_for_its_turn_home_is_watched),
		T(a_joint_that_is_left_alone_is_watched),
		T(arms_at_rest_are_watched),
		T(a_supply_that_sags_ends_it),
		T(a_dead_sensor_is_no_sag),
		T(a_hot_joint_ends_it),
		T(a_burst_of_damage_ends_it),
		T(a_damaged_frame_now_and_then_does_not),
		T(an_enable_input_that_opens_ends_it),
		T(a_watchdog_that_nobody_saw_moves_nothing),
		T(an_old_permission_moves_nothing),
		T(a_permission_from_before_the_sleep_neither),
		T(what_is_armed_is_told_by_name),
	};
#undef T

	return cmocka_run_group_tests(tests, NULL, NULL);
}
