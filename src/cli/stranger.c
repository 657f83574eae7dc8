/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/stranger.h"

#include "cli/devices.h"   /* gh_devices_what */
#include "cli/find_port.h" /* gh_port_find */

/* A Maestro's FF moves servos and its other bytes are commands. */
#define POLOLU 0x1ffb
/* After the last question: a board's boot text is over by then. */
#define QUIET_US ((gh_us)1000000)

/* In this order; a driver that is not here is never tried on a stranger. */
static const struct {
	const char *driver, *question;
} steps[] = {
	{ "firmata", "F9" },
	{ "lumina", "HELLO" },
};

enum gh_status gh_stranger_may_be_asked(const char *port, struct gh_err *err)
{
	struct gh_port listed;

	if (!gh_port_find(port, &listed) || listed.usb_vid != POLOLU)
		return GH_OK;
	return gh_fail(err, GH_UNSUP,
		       "%s: a %s is not asked: what others ignore is a command "
		       "to it",
		       port, gh_devices_what(&listed));
}

/* What comes within QUIET_US although nothing was asked. */
struct babble {
	uint8_t first[512]; /* two of the longest frames */
	size_t n;	    /* of all, kept or not */
};

static void keep(struct babble *b, const uint8_t *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++, b->n++)
		if (b->n < sizeof b->first)
			b->first[b->n] = bytes[i];
}

static enum gh_status listen(struct gh_asking *a, struct babble *b,
			     struct gh_err *err)
{
	const gh_us until = gh_now(&a->clock) + QUIET_US;
	enum gh_status st = GH_OK;
	struct pollfd fds[4];
	uint8_t buf[256];
	size_t got = 0;

	while (st == GH_OK && gh_now(&a->clock) < until) {
		const size_t n = gh_link_fds(&a->link, fds, GH_ARRAY_SIZE(fds));

		(void)gh_wait(&a->clock, fds, n, until);
		st = gh_link_read(&a->link, buf, sizeof buf, &got, err);
		if (st == GH_OK)
			keep(b, buf, got);
	}
	return st;
}

/* GH_UNSUP: it goes on talking, and not as `d` would be talked to. */
static enum gh_status may_be_asked_by(const struct gh_driver *d,
				      struct gh_asking *a, struct gh_err *err)
{
	struct babble b = { .n = 0 };
	const enum gh_status st = listen(a, &b, err);
	const size_t kept = b.n < sizeof b.first ? b.n : sizeof b.first;

	if (st != GH_OK || b.n == 0 || (d->is_own && d->is_own(b.first, kept)))
		return st;
	return gh_fail(err, GH_UNSUP,
		       "%s: something keeps talking (%zu bytes a second), in "
		       "no language known here: it was asked no more",
		       a->link.port, b.n);
}

bool gh_stranger_may_be_other(enum gh_status st)
{
	return st == GH_UNSUP || st == GH_TIMEOUT || st == GH_PROTO;
}

static enum gh_status ask_one(struct gh_asking *a, struct gh_stranger *out,
			      const char *question, struct gh_err *err)
{
	const bool has_spoken = a->link.bytes_in > 0;
	const size_t sent = a->link.bytes_out;
	enum gh_status st =
		gh_link_set_baud(&a->link, out->driver->default_baud, err);

	if (st == GH_OK && has_spoken)
		st = may_be_asked_by(out->driver, a, err);
	if (st != GH_OK)
		return st;
	st = out->driver->identify(&a->link, &a->clock, &out->info, err);
	out->step = a->link.bytes_out == sent ? "listening" : question;
	return st;
}

enum gh_status gh_stranger_ask(struct gh_asking *a,
			       const struct gh_driver *known,
			       struct gh_stranger *out, struct gh_err *err)
{
	enum gh_status st = gh_fail(err, GH_UNSUP, "no driver may ask");

	for (size_t i = 0;
	     i < GH_ARRAY_SIZE(steps) && gh_stranger_may_be_other(st); i++) {
		out->driver = gh_driver_find(steps[i].driver);
		if (out->driver && out->driver != known)
			st = ask_one(a, out, steps[i].question, err);
	}
	return st;
}
