/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Replies that no controller of ours gives: each is refused in words that say
 * what is wrong, before anything is believed or moved.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "driver/lumina/dev.h"	  /* struct gh_dev */
#include "unit/test_lumina_kit.h" /* toy, dev, fresh */

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What is put into which reply; `kind` and `index` of DESCRIBE, -1: any. */
struct lie {
	uint8_t type;
	int kind, index;
	unsigned at, bytes;
	uint32_t value;
	const char *words; /* of the message */
};

static const struct lie *lie;
static unsigned told; /* how often */

static void tell_lie(struct toy *t, const struct gh_lum_frame *q,
		     uint8_t *reply, size_t *n)
{
	(void)t;
	if (q->type != lie->type ||
	    (lie->kind >= 0 && q->payload[0] != lie->kind) ||
	    (lie->index >= 0 && q->payload[1] != lie->index))
		return;
	for (unsigned i = 0; i < lie->bytes; i++)
		reply[lie->at + i] = (uint8_t)(lie->value >> 8 * i);
	if (lie->at + lie->bytes > *n)
		*n = lie->at + lie->bytes;
	told++;
}

static enum gh_status open_told(const struct lie *l)
{
	enum gh_status st;

	toy_init(&toy);
	memset(&err, 0, sizeof err);
	lie = l;
	told = 0;
	toy.spoil = tell_lie;
	st = drv->open(&dev, &toy.wire.link, &toy.wire.clock, NULL, 0, &err);
	assert_true(told > 0);
	return st;
}

/* Section 3.2 and 3.3, field by field. */
static const struct lie descriptions[] = {
	{ 0x04, 0, 0, 0, 1, 1, "another kind, index or count" },
	{ 0x04, 0, 1, 1, 1, 0, "another kind, index or count" },
	{ 0x04, 0, 1, 2, 1, 3, "another kind, index or count" },
	{ 0x04, 0, 0, 3, 1, 0xFF, "unknown quantity" },
	{ 0x04, 0, 0, 4, 1, 4, "not the unit" },
	{ 0x04, 0, 0, 6, 4, 0, "scale must be" },
	{ 0x04, 0, 0, 10, 4, 0, "scale must be" },
	{ 0x04, 0, 0, 10, 4, 0x80000000, "scale must be" },
	{ 0x04, 0, 0, 14, 4, 0x00050005, "raw range" },
	{ 0x04, 0, 0, 14, 4, 0x00058000, "raw range" },
	{ 0x04, 0, 0, 18, 2, 0, "rate 0" },
	{ 0x04, 0, 0, 20, 1, 0, "wrong length" },
	{ 0x04, 0, 0, 25, 1, 0, "part name" },
	{ 0x04, 0, 0, 25, 1, ' ', "part name" },
	{ 0x04, 1, 0, 3, 4, 1000001, "its range is empty" },
	{ 0x04, 1, 0, 11, 4, 0, "limit 0" },
	{ 0x04, 1, 0, 15, 4, 0, "limit 0" },
	{ 0x04, 2, 0, 3, 1, 0, "1 to 4 channels" },
	{ 0x04, 2, 0, 3, 1, 5, "1 to 4 channels" },
	{ 0x04, 2, 0, 4, 2, 0, "level_max 0" },
	{ 0x10, -1, -1, 0, 1, 1, "another one" },
	{ 0x10, -1, -1, 9, 4, 0, "limit 0" },
};

/* Section 3.1; what is out of range names the field. */
static const struct lie hellos[] = {
	{ 0x01, -1, -1, 3, 1, 0, "time scale 0" },
	{ 0x01, -1, -1, 20, 1, 129, "number of channels 129" },
	{ 0x01, -1, -1, 21, 1, 25, "number of actuators 25" },
	{ 0x01, -1, -1, 22, 1, 9, "number of lamps 9" },
	{ 0x01, -1, -1, 24, 1, 3, "ring length 3" },
	{ 0x01, -1, -1, 26, 2, 63, "window in bytes 63" },
	{ 0x01, -1, -1, 28, 1, 0, "window in requests 0" },
	{ 0x01, -1, -1, 29, 1, 0x0E, "rates 0" },
	{ 0x01, -1, -1, 30, 2, 49, "watchdog in ms 49" },
	{ 0x01, -1, -1, 30, 2, 1001, "watchdog in ms 1001" },
	{ 0x01, -1, -1, 39, 1, 9, "name length" },
	{ 0x06, -1, -1, 0, 1, 2, "SET_BAUD: asked for 3, got 2" },
};

static void every_lie_is_named(const struct lie *lies, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(open_told(&lies[i]), GH_PROTO);
		if (!strstr(err.msg, lies[i].words))
			fail_msg("%s: does not say %s", err.msg, lies[i].words);
	}
}

static void descriptions_that_cannot_be(void **state)
{
	(void)state;
	every_lie_is_named(descriptions, GH_ARRAY_SIZE(descriptions));
}

static void hellos_that_cannot_be(void **state)
{
	(void)state;
	every_lie_is_named(hellos, GH_ARRAY_SIZE(hellos));
}

/* A name longer than any part's, or none. */
static size_t name_length;

static void long_part(struct toy *t, const struct gh_lum_frame *q,
		      uint8_t *reply, size_t *n)
{
	(void)t;
	if (q->type != GH_LUM_DESCRIBE || q->payload[0] != 2)
		return;
	reply[6] = (uint8_t)name_length;
	memset(reply + 7, 'a', name_length);
	*n = 7 + name_length;
}

static void a_part_name_is_bounded(void **state)
{
	(void)state;
	for (name_length = 0; name_length <= GH_NAME_CAP;
	     name_length += GH_NAME_CAP) {
		toy_init(&toy);
		toy.spoil = long_part;
		assert_int_equal(drv->open(&dev, &toy.wire.link,
					   &toy.wire.clock, NULL, 0, &err),
				 GH_PROTO);
		assert_non_null(strstr(err.msg, "part name"));
	}
}

/* More streams than this host follows are there, and not used. */
static void more_streams_than_we_follow(void **state)
{
	static const struct lie many = { 0x01, -1, -1, 23, 1, 200, "" };

	(void)state;
	assert_int_equal(open_told(&many), GH_OK);
	assert_int_equal(drv->info(dev)->streams, GH_STREAMS);
	drv->close(dev);
}

/* ---- An open session -------------------------------------------------------*/

/* Each limit a little wider than asked: it is a lie about being lowered. */
static void wider_limits(void **state)
{
	static const struct lie wider[] = {
		{ 0x11, -1, -1, 1, 4, (uint32_t)-400001, "" },
		{ 0x11, -1, -1, 5, 4, 500001, "" },
		{ 0x11, -1, -1, 9, 4, 1000001, "" },
		{ 0x11, -1, -1, 13, 4, 10000001, "" },
		{ 0x11, -1, -1, 17, 2, 2001, "" },
		{ 0x11, -1, -1, 19, 2, 601, "" },
	};
	const struct gh_dev_actuator wanted = { .lo_rad = -0.4,
						.hi_rad = 0.5,
						.speed_rad_s = 1.0,
						.accel_rad_s2 = 10.0,
						.current_a = 2.0,
						.temperature_c = 60.0 };

	(void)state;
	assert_int_equal(drv->limit(dev, 0, &wanted, &err), GH_OK);
	toy.spoil = tell_lie;
	for (size_t i = 0; i < GH_ARRAY_SIZE(wider); i++) {
		told = 0;
		lie = &wider[i];
		assert_int_equal(drv->limit(dev, 0, &wanted, &err), GH_UNSAFE);
		assert_non_null(strstr(err.msg, "wider limits"));
		assert_int_equal(told, 1);
		/* the driver now counts with what the controller said */
		toy.spoil = NULL;
		assert_int_equal(drv->limit(dev, 0, &wanted, &err), GH_OK);
		toy.spoil = tell_lie;
	}
}

static void limits_of_nobody(void **state)
{
	const struct gh_dev_actuator empty = { .lo_rad = 0.1, .hi_rad = -0.1 };
	const struct gh_dev_actuator nothing = { .lo_rad = NAN, .hi_rad = 1 };
	const struct gh_dev_actuator good = { .hi_rad = 0.5 };

	(void)state;
	assert_int_equal(drv->limit(dev, 0, &empty, &err), GH_ARG);
	assert_int_equal(drv->limit(dev, 0, &nothing, &err), GH_ARG);
	assert_int_equal(drv->limit(dev, 1, &good, &err), GH_ARG);
	assert_int_equal(toy.count[GH_LUM_LOWER_LIMITS], 0);
	toy.drop[GH_LUM_LOWER_LIMITS] = 6;
	assert_int_equal(drv->limit(dev, 0, &good, &err), GH_TIMEOUT);
}

static void streams_of_nobody(void **state)
{
	const uint16_t channel[2] = { 0, 2 };
	static const double rates[] = { 0.0, 0.9, 65536.0, NAN };

	(void)state;
	assert_int_equal(drv->stream(dev, 2, channel, 1, 100, NULL, &err),
			 GH_ARG);
	assert_int_equal(drv->stream(dev, 0, channel, GH_STREAM_CHANNELS + 1,
				     100, NULL, &err),
			 GH_ARG);
	assert_int_equal(drv->stream(dev, 0, channel, 2, 100, NULL, &err),
			 GH_ARG);
	for (size_t i = 0; i < GH_ARRAY_SIZE(rates); i++)
		assert_int_equal(drv->stream(dev, 0, channel, 1, rates[i], NULL,
					     &err),
				 GH_ARG);
	assert_int_equal(toy.count[GH_LUM_STREAM], 0);
}

/* Period 0 would make every sample of the same time. */
static void a_stream_without_a_period(void **state)
{
	static const struct lie zero = { 0x08, -1, -1, 2, 4, 0, "" };
	const uint16_t channel = 0;
	double hz = 5.0;

	(void)state;
	lie = &zero;
	toy.spoil = tell_lie;
	assert_int_equal(drv->stream(dev, 0, &channel, 1, 100, &hz, &err),
			 GH_PROTO);
	toy.spoil = NULL;
	assert_int_equal(drv->stream(dev, 0, &channel, 1, 100, &hz, &err),
			 GH_OK);
	assert_true(fabs(hz - 100.0) < 0.1);
	assert_int_equal(drv->stream(dev, 0, NULL, 0, 0, &hz, &err), GH_OK);
	assert_true(fabs(hz) < 1e-9);
}

static enum gh_status ask_status(void)
{
	struct gh_dev_status seen;

	return drv->status(dev, &seen, &err);
}

static void states_that_cannot_be(void **state)
{
	static const struct lie lies[] = {
		{ 0x03, -1, -1, 0, 1, 4, "" },
		{ 0x03, -1, -1, 3, 1, 2, "" },
		{ 0x03, -1, -1, 18, 1, 0, "" },
	};

	(void)state;
	assert_int_equal(ask_status(), GH_OK);
	toy.spoil = tell_lie;
	for (size_t i = 0; i < GH_ARRAY_SIZE(lies); i++) {
		lie = &lies[i];
		assert_int_equal(ask_status(), GH_PROTO);
		assert_non_null(strstr(err.msg, "breaks the protocol"));
	}
}

/* Codes of a later version: said as unknown, never looked up. */
static void codes_of_later(void **state)
{
	static const struct lie cause = { 0x03, -1, -1, 1, 1, 99, "" };
	struct gh_dev_status seen;
	struct gh_sample none[1];
	struct gh_dev_event e;
	size_t n;

	(void)state;
	lie = &cause;
	toy.spoil = tell_lie;
	assert_int_equal(drv->status(dev, &seen, &err), GH_OK);
	assert_string_equal(seen.cause, "UNKNOWN");
	toy_event(&toy, 5, 0, 0, 0);
	toy_event(&toy, 6, 200, 0, 0);
	toy_event(&toy, 7, GH_LUM_EV_SENSOR, 77, 0);
	gh_wait(&toy.wire.clock, NULL, 0, toy.wire.now + 5000);
	assert_int_equal(drv->pump(dev, none, 1, &n, &err), GH_OK);
	assert_false(drv->event(dev, &e));
	assert_string_equal(gh_lum_type_name(0), "a request");
	assert_string_equal(gh_lum_type_name(0x17), "a request");
	assert_string_equal(gh_lum_type_name(0xFF), "a request");
	assert_string_equal(gh_lum_state_name(9), "unknown state");
	assert_string_equal(gh_lum_reset_name(9), "unknown");
}

/* An ERROR of another length, or for another request, answers nothing. */
static void errors_that_are_none(void **state)
{
	const struct gh_lum_frame three = { .type = 0xFF, .len = 3 };
	struct gh_lum_frame zero = { .type = 0xFF, .len = 4 };
	static const struct lie other = { 0x03, -1, -1, 0, 1, 0x13, "" };

	(void)state;
	assert_int_equal(gh_lum_refusal(&three, &err), GH_PROTO);
	assert_non_null(strstr(err.msg, "3 bytes"));
	zero.payload[0] = GH_LUM_STATUS;
	assert_int_equal(gh_lum_refusal(&zero, &err), GH_PROTO);
	assert_string_equal(err.msg, "STATUS refused with unknown code 0");
	toy.refuse[GH_LUM_STATUS] = 8;
	lie = &other;
	toy.spoil = tell_lie;
	assert_int_equal(ask_status(), GH_TIMEOUT);
	toy.spoil = NULL;
	assert_int_equal(ask_status(), GH_BUSY);
}

/* Nobody waits, and nobody takes: no more is kept than there is room for. */
static void more_than_there_is_room_for(void **state)
{
	const struct gh_dev_event event = { .kind = GH_DEV_EV_BROWN_OUT };
	const uint16_t channels[2] = { 0, 1 };
	struct gh_lum_frame f = { .type = GH_LUM_SAMPLES };
	struct gh_dev_stats before, after;
	struct gh_dev_event e;
	unsigned taken = 0;

	(void)state;
	assert_int_equal(drv->stream(dev, 0, channels, 2, 100, NULL, &err),
			 GH_OK);
	drv->stats(dev, &before);
	f.payload[1] = 50;
	f.len = 10 + 2 * 2 * 50;
	for (uint32_t n = 0; n < GH_LUM_RING + 100; n += 100) {
		gh_lum_put32(f.payload + 2, n / 2);
		gh_lum_on_unsolicited(dev, &f);
	}
	drv->stats(dev, &after);
	assert_int_equal(dev->ring_n, GH_LUM_RING);
	assert_in_range(after.samples_lost - before.samples_lost, 32, 132);
	for (int i = 0; i < GH_LUM_EVENTS + 5; i++)
		gh_lum_event_put(dev, &event);
	while (drv->event(dev, &e))
		taken++;
	assert_int_equal(taken, GH_LUM_EVENTS);
}

/* An ear for a reply without a request, and a beat that was said twice. */
static void a_beat_that_was_repeated_sets_no_clock(void **state)
{
	struct gh_lum_call call = { .type = GH_LUM_HEARTBEAT, .tries = 2 };
	const gh_us host = dev->time.host, device = dev->time.device;

	(void)state;
	call.reply.len = 6;
	call.reply.payload[0] = 1;
	assert_true(gh_lum_on_beat(dev, &call));
	assert_int_equal(dev->status.state, GH_MOTION_ARMED);
	assert_true(dev->time.host == host && dev->time.device == device);
	call.type = 0x3F; /* of a later version: whatever it says is fine */
	assert_true(gh_lum_on_reply(dev, &call));
}

/* A frame of events of another length is counted, not read. */
static void frames_of_another_length(void **state)
{
	const uint8_t bytes[13] = { 1, 0, 1 };
	struct gh_dev_stats before, after;
	struct gh_sample none[1];
	size_t n;

	(void)state;
	drv->stats(dev, &before);
	toy_send(&toy, GH_LUM_EVENT, bytes, 11);
	toy_send(&toy, GH_LUM_EVENT, bytes, 13);
	toy_send(&toy, GH_LUM_SAMPLES, bytes, 9);
	toy_send(&toy, 0x7E, bytes, 9); /* of a later version */
	gh_wait(&toy.wire.clock, NULL, 0, toy.wire.now + 5000);
	assert_int_equal(drv->pump(dev, none, 1, &n, &err), GH_OK);
	drv->stats(dev, &after);
	assert_int_equal(after.frames_bad - before.frames_bad, 3);
	assert_int_equal(toy.count[GH_LUM_EVENT_ACK], 0);
}

/* A clock that runs away is held at what a resonator can be wrong. */
static int drift; /* in 1/1000 of the time since it was set */
static gh_us drift_from;

static void wrong_clock(struct toy *t, const struct gh_lum_frame *q,
			uint8_t *reply, size_t *n)
{
	const gh_us more = (t->wire.now - drift_from) * drift / 1000;

	(void)n;
	if (q->type == GH_LUM_CLOCK)
		gh_lum_put32(reply, toy_time(t) + (uint32_t)more);
}

static void clocks_that_run_away(void **state)
{
	struct gh_sample none[1];
	gh_us host, device;
	size_t n;

	(void)state;
	for (drift = -40; drift <= 40; drift += 80) {
		toy_init(&toy);
		assert_int_equal(drv->open(&dev, &toy.wire.link,
					   &toy.wire.clock, NULL, 0, &err),
				 GH_OK);
		drift_from = toy.wire.now;
		toy.spoil = wrong_clock;
		for (int i = 0; i < 1600; i++) {
			gh_wait(&toy.wire.clock, NULL, 0, toy.wire.now + 5000);
			drv->pump(dev, none, 1, &n, &err);
		}
		host = toy.wire.now;
		device = drv->device_now(dev);
		gh_wait(&toy.wire.clock, NULL, 0, host + 1000000);
		assert_in_range(llabs(drv->device_now(dev) - device - 1000000),
				9990, 10010);
		drv->close(dev);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(descriptions_that_cannot_be),
		cmocka_unit_test(hellos_that_cannot_be),
		cmocka_unit_test(a_part_name_is_bounded),
		cmocka_unit_test(more_streams_than_we_follow),
		CASE(wider_limits),
		CASE(limits_of_nobody),
		CASE(streams_of_nobody),
		CASE(a_stream_without_a_period),
		CASE(states_that_cannot_be),
		CASE(codes_of_later),
		CASE(errors_that_are_none),
		CASE(more_than_there_is_room_for),
		CASE(a_beat_that_was_repeated_sets_no_clock),
		CASE(frames_of_another_length),
		cmocka_unit_test(clocks_that_run_away),
	};

	return cmocka_run_group_tests_name("lumina hostile", tests, NULL, NULL);
}
