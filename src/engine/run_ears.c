/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * run_ears - the operator is heard wherever the run waits, in the driver's
 * calls too: an answer that was lost is waited for up to 0.4 s, and a stop must
 * not wait with it (reliability.md section 3, STOP path).
 */
#include "engine/run_state.h" /* struct run */

#include <string.h>

#define HEAR_US 20000 /* promised by struct gh_ears */
#define WAIT_FDS 16
/* What a watchdog of 100 ms may still be told of by an event. */
#define LATELY_US 500000

static void hear_between(struct run *r, bool ready)
{
	const gh_us now = gh_now(r->cfg->clock);

	if (r->stopped || !r->cfg->ears.hear || (!ready && now < r->hear_at))
		return;
	r->hear_at = now + HEAR_US;
	r->stopped = r->cfg->ears.hear(r->cfg->ears.self) == GH_EAR_STOP;
	r->heard_at = now;
}

enum gh_status run_hear(struct run *r, bool ready)
{
	hear_between(r, ready);
	if (r->stopped)
		return gh_fail(&r->err, GH_CANCELLED,
			       "stopped by the operator");
	return GH_OK;
}

/* Away is who comes back from a wait too late, or does not come to the next. */
int run_wait(struct run *r, struct pollfd *fds, size_t n, gh_us until)
{
	const gh_us from = gh_now(r->cfg->clock);
	const int ready = gh_wait(r->cfg->clock, fds, n, until);
	const gh_us back = gh_now(r->cfg->clock);
	gh_us away = back - (until > from ? until : from);

	if (r->back_at > 0 && from - r->back_at > away)
		away = from - r->back_at;
	if (away > r->away_us || back - r->away_at > LATELY_US) {
		r->away_us = away;
		r->away_at = back;
	}
	r->back_at = back;
	return ready;
}

static gh_us now(void *self)
{
	return gh_now(((const struct run *)self)->cfg->clock);
}

static int64_t wall_s(void *self)
{
	return gh_wall_s(((const struct run *)self)->cfg->clock);
}

/* The driver's descriptors and the ears; how many of the driver's are ready. */
static int wait_both(struct run *r, struct pollfd *fds, size_t n, gh_us until,
		     bool *spoken)
{
	const struct gh_ears *ears = &r->cfg->ears;
	struct pollfd all[WAIT_FDS] = { { 0 } };
	size_t both = n;
	int ready;

	if (!ears->fds || n > WAIT_FDS)
		return run_wait(r, fds, n, until);
	if (n > 0)
		memcpy(all, fds, n * sizeof *fds);
	both += ears->fds(ears->self, all + n, WAIT_FDS - n);
	ready = run_wait(r, both > 0 ? all : NULL, both, until);
	/* Interrupted by a signal (-1): its descriptor is ready now. */
	*spoken = ready < 0;
	for (size_t i = n; ready > 0 && i < both; i++)
		*spoken = *spoken || all[i].revents != 0;
	if (n > 0)
		memcpy(fds, all, n * sizeof *fds);
	return ready;
}

/* A driver takes a short wait for an interrupted one and waits again. */
static int wait(void *self, struct pollfd *fds, size_t n, gh_us until)
{
	struct run *r = self;
	const gh_us at = gh_now(r->cfg->clock);
	bool spoken = false;
	int ready;

	if (r->deaf || r->stopped || !r->cfg->ears.hear || until <= at)
		return run_wait(r, fds, n, until);
	ready = wait_both(r, fds, n,
			  until - at < HEAR_US ? until : at + HEAR_US, &spoken);
	hear_between(r, spoken);
	/* Whatever the driver waits for: first of all the arms stand. */
	if (r->stopped && r->dev && r->program_on &&
	    r->cfg->driver->stop(r->dev, NULL) == GH_OK)
		r->stop_sent_at = gh_now(r->cfg->clock);
	return ready;
}

void run_ears_open(struct run *r)
{
	r->clock = (struct gh_clock){ now, wait, wall_s, r };
}
