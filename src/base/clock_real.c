/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * clock_real - the real implementation of gh_clock, and the only object of the
 * product that may call clock_gettime or poll (make lint checks that).
 */
#include "base/clock.h" /* struct gh_clock */

#include <stdio.h>
#include <time.h>

static gh_us real_now(void *self)
{
	struct timespec t;

	(void)self;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (gh_us)t.tv_sec * GH_US_PER_S + t.tv_nsec / 1000;
}

/* Whole milliseconds until `until`, rounded up so that a wait never spins. */
static int poll_timeout_ms(gh_us until)
{
	const gh_us max_ms = 3600000;
	gh_us left;

	if (until == GH_US_NEVER)
		return -1;
	left = until - real_now(NULL);
	if (left <= 0)
		return 0;
	left = (left + GH_US_PER_MS - 1) / GH_US_PER_MS;
	return (int)(left < max_ms ? left : max_ms);
}

static int real_wait(void *self, struct pollfd *fds, size_t n, gh_us until)
{
	(void)self;
	return poll(fds, (nfds_t)n, poll_timeout_ms(until));
}

static int64_t real_wall_s(void *self)
{
	struct timespec t;

	(void)self;
	clock_gettime(CLOCK_REALTIME, &t);
	return t.tv_sec;
}

const struct gh_clock *gh_clock_real(void)
{
	static const struct gh_clock clock = { real_now, real_wait, real_wall_s,
					       NULL };

	return &clock;
}
