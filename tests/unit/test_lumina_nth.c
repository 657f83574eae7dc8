/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every call of the link fails once, in every way a call can fail: from arming
 * to the safe state the driver must recover or say what went wrong, within a
 * bounded time, and report as safe only what it has seen.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "driver/driver.h"	   /* struct gh_driver */
#include "driver/lumina/message.h" /* GH_LUM_* */
#include "fakes/toy_controller.h"  /* struct toy */

#include <string.h>

extern const struct gh_driver gh_driver_lumina;

enum way { ERROR, NOTHING, HALF, LOST, DAMAGED, GONE, WAYS };

static const char *const way_names[WAYS] = { "error", "nothing", "half",
					     "lost",  "damaged", "gone" };

/* More calls than this between two results: it hangs. */
enum { CALLS_MOST = 200000 };

/* The toy's wire; call number fail_at of one kind goes wrong. */
struct nth {
	struct gh_link link;
	unsigned reads, writes, looks; /* looks bring nothing */
	unsigned fail_read, fail_write, fail_look; /* from 1, 0: none */
	enum way way;
	bool gone;
};

static const struct gh_driver *const drv = &gh_driver_lumina;
static struct toy toy;
static struct nth nth;
static struct gh_dev *dev;

static bool is_turn(unsigned *count, unsigned fail_at)
{
	(*count)++;
	if (*count > CALLS_MOST)
		fail_msg("%s: it hangs", way_names[nth.way]);
	return *count == fail_at;
}

/* OK: the call may go on. */
static enum gh_status refuse(bool now, struct gh_err *err)
{
	nth.gone = nth.gone || (now && nth.way == GONE);
	if (nth.gone)
		return gh_fail(err, GH_GONE, "nth: gone");
	if (now && nth.way == ERROR)
		return gh_fail(err, GH_IO, "nth: input/output error");
	return GH_OK;
}

static enum gh_status nth_write(struct gh_link *link, const void *buf,
				size_t len, size_t *put, struct gh_err *err)
{
	const bool now = is_turn(&nth.writes, nth.fail_write);
	const enum gh_status st = refuse(now, err);
	uint8_t bytes[512];

	(void)link;
	*put = 0;
	if (st != GH_OK || (now && nth.way == NOTHING))
		return st;
	assert_true(len <= sizeof bytes);
	memcpy(bytes, buf, len);
	if (now && nth.way == LOST) {
		*put = len;
		return GH_OK;
	}
	if (now && nth.way == HALF)
		len = (len + 1) / 2;
	if (now && nth.way == DAMAGED)
		bytes[len / 2] ^= 0x55;
	return gh_link_write(&toy.wire.link, bytes, len, put, err);
}

static enum gh_status nth_read(struct gh_link *link, void *buf, size_t cap,
			       size_t *got, struct gh_err *err)
{
	/* Only a read that brings something can go wrong in more ways. */
	const bool comes =
		toy.wire.chunk_n > 0 &&
		toy.wire.chunk[toy.wire.chunk_head].due <= toy.wire.now;
	const bool now = comes ? is_turn(&nth.reads, nth.fail_read)
			       : is_turn(&nth.looks, nth.fail_look);
	enum gh_status st = refuse(now, err);

	(void)link;
	*got = 0;
	if (st != GH_OK || (now && nth.way == NOTHING))
		return st;
	if (now && nth.way == HALF)
		cap = 3;
	st = gh_link_read(&toy.wire.link, buf, cap, got, err);
	if (now && nth.way == LOST)
		*got = 0;
	if (now && nth.way == DAMAGED && *got > 0)
		((uint8_t *)buf)[*got / 2] ^= 0x55;
	return st;
}

static void nth_close(struct gh_link *link)
{
	(void)link;
}

static size_t nth_fds(const struct gh_link *link, struct pollfd *out,
		      size_t cap)
{
	(void)link;
	(void)out;
	(void)cap;
	return 0;
}

static enum gh_status nth_set_baud(struct gh_link *link, long baud,
				   struct gh_err *err)
{
	(void)link;
	return gh_link_set_baud(&toy.wire.link, baud, err);
}

static const struct gh_link_ops ops = { "nth",	  nth_close, nth_fds,
					nth_read, nth_write, nth_set_baud };

static void begin(enum way way, unsigned fail_read, unsigned fail_write,
		  unsigned fail_look)
{
	struct gh_err err = { 0 };

	toy_init(&toy);
	nth = (struct nth){ .link = { .ops = &ops, .port = "nth" } };
	assert_int_equal(drv->open(&dev, &nth.link, &toy.wire.clock, NULL, 0,
				   &err),
			 GH_OK);
	nth.way = way;
	nth.reads = nth.writes = nth.looks = 0;
	nth.fail_read = fail_read;
	nth.fail_write = fail_write;
	nth.fail_look = fail_look;
}

/* As the engine does; false: it ended there with an error. */
static bool arm_and_run(struct gh_err *err)
{
	static const struct gh_segment seg[2] = {
		{ GH_SHAPE_EASE, 500000, 0.25, false, 0.0 },
		{ GH_SHAPE_HOLD, 100000, 0.0, true, 0.0 },
	};
	struct gh_sample samples[64];
	double proved_ms = 0.0;
	size_t got;

	if (drv->arm(dev, false, &proved_ms, err) != GH_OK)
		return false;
	/* Armed means that the latch was seen. */
	assert_true(proved_ms >= 95.0 && toy.count[GH_LUM_ARM] >= 2);
	if (drv->queue(dev, 0, seg, 2, err) != GH_OK ||
	    drv->run(dev, drv->device_now(dev) + 100000, err) != GH_OK)
		return false;
	for (int i = 0; i < 20; i++) {
		gh_wait(&toy.wire.clock, NULL, 0, toy.wire.now + 5000);
		if (drv->pump(dev, samples, GH_ARRAY_SIZE(samples), &got,
			      err) != GH_OK)
			return false;
	}
	return true;
}

static enum gh_status become_safe(struct gh_err *err)
{
	struct gh_dev_status seen = { .cause = "" };
	const unsigned asked = toy.count[GH_LUM_STATUS];
	const gh_us before = toy.wire.now;
	const enum gh_status st = drv->safe(dev, 0, &seen, err);

	assert_true(toy.wire.now - before < 1500000);
	if (st != GH_OK)
		return st;
	assert_true(toy.count[GH_LUM_STATUS] > asked);
	assert_true(toy.state == 0 || toy.state == 3);
	assert_int_equal(seen.state, toy.state);
	assert_true(seen.at_rest);
	return GH_OK;
}

/* Returns whether the call that was to fail has come. */
static bool one_failure(enum way way, unsigned fail_read, unsigned fail_write,
			unsigned fail_look)
{
	struct gh_err err = { 0 };
	const gh_us before = toy.wire.now;
	enum gh_status st;
	bool came, ran;

	begin(way, fail_read, fail_write, fail_look);
	ran = arm_and_run(&err);
	assert_true(ran || err.msg[0] != '\0');
	assert_true(toy.wire.now - before < 20 * (gh_us)GH_US_PER_S);
	st = become_safe(&err);
	/* It failed once: who asks again must get through. */
	if (st != GH_OK && !nth.gone)
		st = become_safe(&err);
	came = nth.reads >= fail_read && nth.writes >= fail_write &&
	       nth.looks >= fail_look;
	if (nth.gone)
		assert_int_equal(st, GH_GONE);
	else if (st != GH_OK)
		fail_msg("%s, read %u, write %u, look %u: %s", way_names[way],
			 fail_read, fail_write, fail_look, err.msg);
	drv->close(dev);
	return came;
}

static void every_read_fails_once(void **state)
{
	(void)state;
	for (enum way way = 0; way < WAYS; way++) {
		unsigned n = 1;

		while (one_failure(way, n, 0, 0))
			n++;
		assert_true(n > 30); /* all of them, not the first few */
	}
}

static void every_write_fails_once(void **state)
{
	(void)state;
	for (enum way way = 0; way < WAYS; way++) {
		unsigned n = 1;

		while (one_failure(way, 0, n, 0))
			n++;
		assert_true(n > 30);
	}
}

/* Only these two ways need nothing to come; there are a thousand looks. */
static void a_look_at_nothing_fails_once(void **state)
{
	static const enum way ways[] = { ERROR, GONE };

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(ways); i++) {
		unsigned n = 1;

		while (one_failure(ways[i], 0, 0, n))
			n += 3;
		assert_true(n > 100);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_read_fails_once),
		cmocka_unit_test(every_write_fails_once),
		cmocka_unit_test(a_look_at_nothing_fails_once),
	};

	return cmocka_run_group_tests_name("lumina nth", tests, NULL, NULL);
}
