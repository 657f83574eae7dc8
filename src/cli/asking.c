/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/asking.h"

#include <string.h>

/* Ears without a descriptor, a screen, are asked this often; a signal wakes. */
#define HEAR_US ((gh_us)100000)
enum { FDS = 16 };

/* ---- The link ------------------------------------------------------------ */

static struct gh_asking *asking_of(struct gh_link *link)
{
	return (struct gh_asking *)link;
}

/* Gone is what every driver ends at, whatever it was about to do. */
static enum gh_status may_go_on(const struct gh_asking *a, struct gh_err *err)
{
	if (!a->stopped && gh_now(a->under) < a->until)
		return GH_OK;
	return gh_fail(err, GH_GONE, "%s: the question was broken off",
		       a->link.port);
}

static enum gh_status read_link(struct gh_link *link, void *buf, size_t cap,
				size_t *got, struct gh_err *err)
{
	struct gh_asking *a = asking_of(link);
	const enum gh_status st = may_go_on(a, err);

	return st == GH_OK ? gh_link_read(a->real, buf, cap, got, err) : st;
}

static enum gh_status write_link(struct gh_link *link, const void *buf,
				 size_t len, size_t *put, struct gh_err *err)
{
	struct gh_asking *a = asking_of(link);
	const enum gh_status st = may_go_on(a, err);

	return st == GH_OK ? gh_link_write(a->real, buf, len, put, err) : st;
}

static size_t link_fds(const struct gh_link *link, struct pollfd *out,
		       size_t cap)
{
	return gh_link_fds(((const struct gh_asking *)link)->real, out, cap);
}

static enum gh_status set_baud(struct gh_link *link, long baud,
			       struct gh_err *err)
{
	return gh_link_set_baud(asking_of(link)->real, baud, err);
}

static void close_link(struct gh_link *link)
{
	(void)link; /* the real one is its owner's */
}

static const struct gh_link_ops ops = {
	.scheme = "asking",
	.close = close_link,
	.fds = link_fds,
	.read = read_link,
	.write = write_link,
	.set_baud = set_baud,
};

/* ---- The clock ----------------------------------------------------------- */

static gh_us now(void *self)
{
	return gh_now(((const struct gh_asking *)self)->under);
}

static int64_t wall_s(void *self)
{
	return gh_wall_s(((const struct gh_asking *)self)->under);
}

/* A driver takes a short wait for an interrupted one: it looks and goes on. */
static int wait(void *self, struct pollfd *fds, size_t n, gh_us until)
{
	struct gh_asking *a = self;
	struct pollfd all[FDS] = { { 0 } };
	const gh_us soon = gh_now(a->under) + HEAR_US;
	size_t both = n;
	int ready;

	if (a->stopped)
		return 0;
	if (until > a->until)
		until = a->until;
	if (!a->ears.hear || n > FDS)
		return gh_wait(a->under, fds, n, until);
	if (n > 0)
		memcpy(all, fds, n * sizeof *fds);
	if (a->ears.fds)
		both += a->ears.fds(a->ears.self, all + n, FDS - n);
	ready = gh_wait(a->under, both > 0 ? all : NULL, both,
			until < soon ? until : soon);
	if (n > 0)
		memcpy(fds, all, n * sizeof *fds);
	a->stopped = a->ears.hear(a->ears.self) == GH_EAR_STOP;
	return ready;
}

/* ---- From outside -------------------------------------------------------- */

void gh_asking_begin(struct gh_asking *a, struct gh_link *link,
		     const struct gh_clock *clock, const struct gh_ears *ears,
		     gh_us until)
{
	*a = (struct gh_asking){
		.link = *link, .real = link, .under = clock, .until = until
	};
	a->link.ops = &ops;
	a->clock = (struct gh_clock){ now, wait, wall_s, a };
	if (ears)
		a->ears = *ears;
}

enum gh_status gh_asking_identify(const struct gh_driver *driver,
				  struct gh_link *link,
				  const struct gh_clock *clock,
				  const struct gh_ears *ears, gh_us until,
				  struct gh_dev_info *info, struct gh_err *err)
{
	struct gh_asking a;

	gh_asking_begin(&a, link, clock, ears, until);
	return gh_asking_end(&a, driver->identify(&a.link, &a.clock, info, err),
			     err);
}

enum gh_status gh_asking_end(const struct gh_asking *a, enum gh_status st,
			     struct gh_err *err)
{
	if (st == GH_OK)
		return st;
	if (a->stopped)
		return gh_fail(err, GH_CANCELLED, "%s: stopped by the operator",
			       a->link.port);
	if (gh_now(a->under) >= a->until)
		return gh_fail(err, GH_TIMEOUT, "%s: no answer in time",
			       a->link.port);
	return st;
}
