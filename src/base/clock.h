/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * clock - the only place that reads time or waits. Everything that has a
 * deadline takes a struct gh_clock; tests and the simulator's in-process world
 * hand in a virtual one and run a one-minute check in a fraction of a second.
 */
#ifndef GH_BASE_CLOCK_H
#define GH_BASE_CLOCK_H

#include <poll.h>
#include <stddef.h>
#include <stdbool.h>
#include <stdint.h>

typedef int64_t gh_us; /* microseconds, monotonic unless a name says wall */

#define GH_US_PER_S 1000000
#define GH_US_PER_MS 1000
#define GH_US_NEVER INT64_MAX

struct gh_clock {
	/* Monotonic now, in microseconds from an arbitrary start. */
	gh_us (*now)(void *self);
	/*
	 * Waits until one of fds is ready or `until` has come. Returns the
	 * number of ready descriptors, 0 when `until` came first, -1 when a
	 * signal interrupted the wait. fds may be NULL when n is 0.
	 */
	int (*wait)(void *self, struct pollfd *fds, size_t n, gh_us until);
	/* Wall clock in seconds since 1970, UTC: a label, never a duration. */
	int64_t (*wall_s)(void *self);
	void *self;
};

/* CLOCK_MONOTONIC and poll(2); lives for ever, nothing to free. */
const struct gh_clock *gh_clock_real(void);

static inline gh_us gh_now(const struct gh_clock *clk)
{
	return clk->now(clk->self);
}

static inline int gh_wait(const struct gh_clock *clk, struct pollfd *fds,
			  size_t n, gh_us until)
{
	return clk->wait(clk->self, fds, n, until);
}

static inline int64_t gh_wall_s(const struct gh_clock *clk)
{
	return clk->wall_s(clk->self);
}

/*
 * Formats wall seconds as "2026-11-22T18:52:41Z"; out holds at least 21 bytes.
 */
void gh_wall_text(int64_t wall_s, char *out, size_t cap);

/*
 * Wall seconds of "2026-12-24" (its first second, UTC) or of the full form
 * above; false: no such date, or not from 1970 to 9999. *out untouched then.
 */
bool gh_wall_parse(const char *text, int64_t *out);

#endif
