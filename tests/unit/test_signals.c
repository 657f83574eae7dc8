/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The last word: a second signal that nobody has heard stops the controller
 * from inside its handler. And the priority a run takes is given back.
 */
#include "base/priority.h" /* gh_priority_raise */
#include "cli/signals.h"   /* gh_signals_stop_with */

#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const unsigned char word[] = { 0, 4, 2, 0xAA, 0x55, 0 };

static struct {
	int ends[2];
	unsigned char wire[64];
} s;

/* What the handlers have written since. */
static size_t written(void)
{
	const ssize_t n = read(s.ends[0], s.wire, sizeof s.wire);

	return n > 0 ? (size_t)n : 0;
}

static int setup(void **state)
{
	struct gh_err err = { 0 };

	(void)state;
	if (pipe(s.ends) != 0 || fcntl(s.ends[0], F_SETFL, O_NONBLOCK) != 0)
		return -1;
	return gh_signals_start(&err) == GH_OK ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	gh_signals_stop_with(-1, NULL, 0);
	gh_signals_finish();
	close(s.ends[0]);
	close(s.ends[1]);
	return 0;
}

static void a_heard_signal_writes_nothing(void **state)
{
	(void)state;
	gh_signals_stop_with(s.ends[1], word, sizeof word);
	for (int i = 0; i < 3; i++) {
		raise(SIGINT);
		assert_true(gh_signals_came());
	}
	assert_false(gh_signals_came());
	assert_int_equal(written(), 0);
}

static void the_second_unheard_one_stops(void **state)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };

	(void)state;
	gh_signals_stop_with(s.ends[1], word, sizeof word);
	for (size_t i = 0; i < GH_ARRAY_SIZE(numbers); i++) {
		raise(SIGINT);
		assert_int_equal(written(), 0);
		raise(numbers[i]);
		assert_int_equal(written(), sizeof word);
		assert_memory_equal(s.wire, word, sizeof word);
		assert_true(gh_signals_came());
	}
}

static void nothing_moves_nothing_is_written(void **state)
{
	unsigned char long_word[GH_SIGNALS_STOP + 1] = { 0 };

	(void)state;
	raise(SIGINT);
	raise(SIGINT);
	assert_int_equal(written(), 0);
	gh_signals_stop_with(s.ends[1], word, sizeof word);
	gh_signals_stop_with(-1, NULL, 0);
	raise(SIGINT);
	assert_int_equal(written(), 0);
	/* Too long to be kept is none, and never half of one. */
	gh_signals_stop_with(s.ends[1], long_word, sizeof long_word);
	raise(SIGINT);
	assert_int_equal(written(), 0);
	assert_true(gh_signals_came());
}

/* A verb that a screen asked ends, and the screen still hears. */
static void the_last_of_them_lets_go(void **state)
{
	struct gh_err err = { 0 };

	(void)state;
	assert_int_equal(gh_signals_start(&err), GH_OK);
	gh_signals_finish();
	raise(SIGINT);
	assert_true(gh_signals_came());
}

static void the_priority_is_given_back(void **state)
{
	const int before = sched_getscheduler(0);
	struct gh_priority p = { .raised = false };

	(void)state;
	for (int i = 0; i < 2; i++) {
		gh_priority_raise(&p);
		gh_priority_raise(&p);
		/* Where it is refused nothing changes. */
		assert_int_equal(sched_getscheduler(0),
				 p.raised ? SCHED_FIFO : before);
		assert_true(gh_priority_is_first() || !p.raised);
		gh_priority_restore(&p);
		assert_false(p.raised);
		assert_int_equal(sched_getscheduler(0), before);
	}
	gh_priority_restore(&p);
	assert_int_equal(sched_getscheduler(0), before);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_heard_signal_writes_nothing),
		CASE(the_second_unheard_one_stops),
		CASE(nothing_moves_nothing_is_written),
		CASE(the_last_of_them_lets_go),
		cmocka_unit_test(the_priority_is_given_back),
	};

	return cmocka_run_group_tests_name("signals", tests, NULL, NULL);
}
