/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The way to motion of the lumina driver, with a controller that is slow to
 * come to rest, that refuses, or that says something else than before.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "driver/lumina/dev.h"	  /* struct gh_dev */
#include "unit/test_lumina_kit.h" /* toy, dev, fresh */

#include <string.h>

enum { IDLE, ARMED, RUNNING, LATCHED };

/* What a controller does after so many questions. */
static struct {
	unsigned rest_after, clear_after; /* STATUS, CLEAR */
	unsigned cleared_moving;	  /* CLEAR while it moved */
	uint32_t nonce[4];
	unsigned n;
	uint8_t arm_at, arm_value; /* a byte of the reply to ARM, 0: none */
} slow;

static void go_on(struct toy *t, const struct gh_lum_frame *q, uint8_t *reply,
		  size_t *n)
{
	(void)n;
	if (q->type == GH_LUM_STATUS && slow.rest_after > 0 &&
	    --slow.rest_after == 0)
		t->moving = 0;
	if (q->type == GH_LUM_CLEAR && t->moving)
		slow.cleared_moving++;
	if (q->type == GH_LUM_CLEAR && slow.clear_after > 0 &&
	    --slow.clear_after == 0)
		t->refuse[GH_LUM_CLEAR] = 0;
	if (q->type == GH_LUM_ARM && slow.n < GH_ARRAY_SIZE(slow.nonce))
		slow.nonce[slow.n++] = gh_lum_u32(q->payload);
	if (q->type == GH_LUM_ARM && slow.arm_at > 0)
		reply[slow.arm_at - 1] = slow.arm_value;
}

static int fresh_and_slow(void **state)
{
	const int made = fresh(state);

	memset(&slow, 0, sizeof slow);
	toy.spoil = go_on;
	return made;
}

static enum gh_status arm(bool clear)
{
	double ms = 0.0;

	return drv->arm(dev, clear, &ms, &err);
}

static void a_latch_is_cleared_at_rest(void **state)
{
	(void)state;
	toy.state = LATCHED;
	toy.cause = 1;
	toy.moving = 2;
	slow.rest_after = 20;
	assert_int_equal(arm(true), GH_OK);
	assert_int_equal(slow.cleared_moving, 0);
	assert_int_equal(toy.state, ARMED);
}

/* It still decelerates, says the controller, although it looked at rest. */
static void a_clear_that_comes_too_early_is_said_again(void **state)
{
	(void)state;
	toy.state = LATCHED;
	toy.cause = 1;
	toy.refuse[GH_LUM_CLEAR] = 10;
	slow.clear_after = 5;
	assert_int_equal(arm(true), GH_OK);
	assert_true(toy.count[GH_LUM_CLEAR] > 5);
}

static void a_clear_that_is_refused_is_an_error(void **state)
{
	(void)state;
	toy.state = LATCHED;
	toy.cause = 1;
	toy.refuse[GH_LUM_CLEAR] = 1;
	assert_int_equal(arm(true), GH_UNSUP);
	assert_int_equal(toy.count[GH_LUM_ARM], 0);
}

/* Not for ever: 1 s, and then it is named with its cause. */
static void what_never_rests_is_unsafe(void **state)
{
	static const struct {
		uint8_t state;
		const char *words;
	} cases[] = { { IDLE, "stays IDLE" },
		      { ARMED, "stays ARMED" },
		      { LATCHED, "stays LATCHED (STOP)" } };

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(cases); i++) {
		const gh_us before = toy.wire.now;

		toy.state = cases[i].state;
		toy.cause = cases[i].state == LATCHED;
		toy.moving = 2;
		toy.no_watchdog = true;
		assert_int_equal(arm(true), GH_UNSAFE);
		assert_non_null(strstr(err.msg, cases[i].words));
		assert_in_range(toy.wire.now - before, 1000000, 1100000);
		assert_int_equal(toy.count[GH_LUM_ARM], 0);
	}
}

static void idle_is_waited_for_until_it_rests(void **state)
{
	(void)state;
	toy.moving = 1;
	slow.rest_after = 10;
	assert_int_equal(arm(false), GH_OK);
	assert_int_equal(toy.count[GH_LUM_CLEAR], 1); /* of the proof */
}

/* Once per session; armed already, nothing is asked at all. */
static void the_watchdog_is_proved_once(void **state)
{
	struct gh_dev_status status;
	double first = 0.0, again = 0.0;

	(void)state;
	assert_int_equal(drv->arm(dev, false, &first, &err), GH_OK);
	assert_int_equal(toy.count[GH_LUM_ARM], 2);
	assert_int_equal(drv->arm(dev, false, &again, &err), GH_OK);
	assert_int_equal(toy.count[GH_LUM_ARM], 2);
	assert_true(again >= first && again <= first);
	assert_int_equal(drv->safe(dev, 0, &status, &err), GH_OK);
	assert_int_equal(toy.state, IDLE);
	assert_int_equal(drv->arm(dev, false, NULL, &err), GH_OK);
	assert_int_equal(toy.count[GH_LUM_ARM], 3);
	assert_int_equal(toy.state, ARMED);
}

/* 0 is no nonce, and the same one again would return the old lease. */
static void nonces_never_repeat(void **state)
{
	(void)state;
	dev->nonce = UINT32_MAX - 1;
	assert_int_equal(arm(false), GH_OK);
	assert_int_equal(slow.n, 2);
	assert_int_equal(slow.nonce[0], UINT32_MAX);
	assert_int_equal(slow.nonce[1], 1);
}

/* A lease of 0 is none; another watchdog than announced was never proved. */
static void a_wrong_lease_is_stopped(void **state)
{
	(void)state;
	slow.arm_at = 1; /* the toy's first lease is 1 */
	slow.arm_value = 0;
	assert_int_equal(arm(false), GH_PROTO);
	assert_int_equal(toy.state, LATCHED);
	assert_int_equal(dev->lease, 0);
	slow.arm_at = 5;
	slow.arm_value = 101;
	assert_int_equal(arm(true), GH_PROTO);
	assert_non_null(strstr(err.msg, "watchdog time"));
	assert_int_equal(toy.state, LATCHED);
	assert_int_equal(dev->lease, 0);
	assert_int_equal(toy.count[GH_LUM_STOP], 2);
	assert_int_equal(toy.count[GH_LUM_HEARTBEAT], 0);
}

/* Nobody knows whether it is armed: it is stopped. */
static void a_lost_arm_is_stopped(void **state)
{
	(void)state;
	toy.drop[GH_LUM_ARM] = 6;
	assert_int_equal(arm(false), GH_TIMEOUT);
	assert_int_equal(toy.count[GH_LUM_STOP], 1);
	assert_int_equal(toy.state, LATCHED);
}

#define SLOW(f) cmocka_unit_test_setup_teardown(f, fresh_and_slow, close_it)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SLOW(a_latch_is_cleared_at_rest),
		SLOW(a_clear_that_comes_too_early_is_said_again),
		SLOW(a_clear_that_is_refused_is_an_error),
		SLOW(what_never_rests_is_unsafe),
		SLOW(idle_is_waited_for_until_it_rests),
		SLOW(the_watchdog_is_proved_once),
		SLOW(nonces_never_repeat),
		SLOW(a_wrong_lease_is_stopped),
		SLOW(a_lost_arm_is_stopped),
	};

	return cmocka_run_group_tests_name("lumina arm", tests, NULL, NULL);
}
