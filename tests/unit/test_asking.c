/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A question that is broken off: both drivers come back at once with the
 * operator's stop, and in time with a time limit, although nobody answers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/asking.h" /* what is tested */

#include <string.h>

/* ---- A silent port in virtual time --------------------------------------- */

static gh_us time_now;
static unsigned waits, stop_after;
static size_t written;

static gh_us now(void *self)
{
	(void)self;
	return time_now;
}

static int wait(void *self, struct pollfd *fds, size_t n, gh_us until)
{
	(void)self;
	for (size_t i = 0; i < n; i++)
		fds[i].revents = 0;
	waits++;
	if (until > time_now)
		time_now = until;
	return 0;
}

static int64_t wall_s(void *self)
{
	(void)self;
	return 0;
}

static const struct gh_clock clk = { now, wait, wall_s, NULL };

static enum gh_status no_bytes(struct gh_link *link, void *buf, size_t cap,
			       size_t *got, struct gh_err *err)
{
	(void)link, (void)buf, (void)cap, (void)err;
	*got = 0;
	return GH_OK;
}

static enum gh_status take_all(struct gh_link *link, const void *buf,
			       size_t len, size_t *put, struct gh_err *err)
{
	(void)link, (void)buf, (void)err;
	written += len;
	*put = len;
	return GH_OK;
}

static size_t one_fd(const struct gh_link *link, struct pollfd *out, size_t cap)
{
	(void)link;
	if (cap > 0)
		out[0] = (struct pollfd){ 0, POLLIN, 0 };
	return cap > 0;
}

static enum gh_status any_baud(struct gh_link *link, long baud,
			       struct gh_err *err)
{
	(void)link, (void)baud, (void)err;
	return GH_OK;
}

static const struct gh_link_ops silent_ops = {
	.scheme = "silent",
	.fds = one_fd,
	.read = no_bytes,
	.write = take_all,
	.set_baud = any_baud,
};

static enum gh_ear_word hear(void *self)
{
	(void)self;
	return stop_after > 0 && waits >= stop_after ? GH_EAR_STOP
						     : GH_EAR_NOTHING;
}

static struct gh_link silent;
static struct gh_dev_info info;

static int begin(void **state)
{
	(void)state;
	silent = (struct gh_link){ .ops = &silent_ops, .port = "PORT" };
	time_now = 1000000;
	waits = stop_after = 0;
	written = 0;
	return 0;
}

static enum gh_status ask(const char *driver, gh_us until, struct gh_err *err)
{
	const struct gh_ears ears = { NULL, hear, NULL };

	return gh_asking_identify(gh_driver_find(driver), &silent, &clk, &ears,
				  until, &info, err);
}

static const char *const drivers[] = { "firmata", "lumina" };

static void a_stop_ends_it_at_once(void **state)
{
	for (size_t i = 0; i < GH_ARRAY_SIZE(drivers); i++) {
		struct gh_err err = { 0 };

		assert_int_equal(begin(state), 0);
		stop_after = 3;
		assert_int_equal(ask(drivers[i], GH_US_NEVER, &err),
				 GH_CANCELLED);
		assert_int_equal(waits, 3);
		assert_non_null(strstr(err.msg, "PORT: stopped"));
		assert_true(time_now < 1400000);
	}
}

static void a_time_limit_is_kept(void **state)
{
	for (size_t i = 0; i < GH_ARRAY_SIZE(drivers); i++) {
		struct gh_err err = { 0 };

		assert_int_equal(begin(state), 0);
		assert_int_equal(ask(drivers[i], 1700000, &err), GH_TIMEOUT);
		assert_int_equal(time_now, 1700000);
	}
}

static void silence_is_still_silence(void **state)
{
	for (size_t i = 0; i < GH_ARRAY_SIZE(drivers); i++) {
		struct gh_err err = { 0 };

		assert_int_equal(begin(state), 0);
		assert_int_equal(ask(drivers[i], GH_US_NEVER, &err),
				 GH_TIMEOUT);
		assert_non_null(strstr(err.msg, "nothing answers"));
		assert_true(time_now >= 4000000 && time_now < 7000000);
		/* Both sides count what passed. */
		assert_int_equal(silent.bytes_out, written);
		assert_true(written > 0);
	}
}

/* At most 20 looks a second without a descriptor for the ears. */
static void waiting_is_not_looking(void **state)
{
	for (size_t i = 0; i < GH_ARRAY_SIZE(drivers); i++) {
		struct gh_err err = { 0 };

		assert_int_equal(begin(state), 0);
		(void)!ask(drivers[i], GH_US_NEVER, &err);
		assert_true(waits <
			    20 * (time_now - 1000000) / GH_US_PER_S + 20);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_stop_ends_it_at_once, begin),
		cmocka_unit_test_setup(a_time_limit_is_kept, begin),
		cmocka_unit_test_setup(silence_is_still_silence, begin),
		cmocka_unit_test_setup(waiting_is_not_looking, begin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
