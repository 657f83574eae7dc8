/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/replug.h"

#include "base/text.h"	/* gh_copy_text */
#include "cli/asking.h" /* gh_asking_begin */
#include "link/match.h" /* gh_port_match */
#include "link/watch.h" /* gh_watch_look */

#include <stdio.h>
#include <string.h>

enum { FDS = 16 };
/* A node just made may belong to root for a moment, until udev is through. */
#define RETRY_US ((gh_us)100000)

struct search {
	const struct gh_replug *how;
	struct gh_replugged *out;
	struct gh_watch *watch;
	char state[48];
	struct gh_port asked; /* who was asked already */
	bool stopped;	      /* by the operator */
};

static double since(gh_us later, gh_us earlier)
{
	return (double)(later - earlier) / GH_US_PER_S;
}

/* ---- Asking who is back -------------------------------------------------- */

static void describe(const struct gh_dev_info *info, const char *boot,
		     const struct gh_dev_status *seen, char *out, size_t cap)
{
	const char *cause = seen->cause ? seen->cause : "";

	if (boot[0] && strcmp(boot, info->boot) != 0)
		snprintf(out, cap, "restarted (%s)", info->reset_cause);
	else if (seen->state == GH_MOTION_LATCHED)
		snprintf(out, cap, "holds, latched %s", cause);
	else
		snprintf(out, cap, "holds, no stop latched");
}

/* GH_PROTO: another controller. GH_OK: it is ours. */
static enum gh_status meet(struct search *s, struct gh_asking *a,
			   struct gh_err *err)
{
	const struct gh_replug *how = s->how;
	const struct gh_rig *rig = how->rig;
	const struct gh_wiring wiring = { rig->file, rig->wires, rig->n_wires };
	struct gh_dev_status seen = { .cause = "" };
	const struct gh_dev_info *info;
	const struct gh_ears ears = a->ears;
	struct gh_dev *dev;
	bool stopped;
	enum gh_status st = how->driver->open(&dev, &a->link, &a->clock,
					      &wiring, rig->links[0].baud, err);

	if (st != GH_OK)
		return st;
	info = how->driver->info(dev);
	if (strcmp(how->device, info->id) != 0) {
		how->driver->close(dev);
		return gh_fail(err, GH_PROTO, "another controller is there");
	}
	/* An operator's stop must not keep us from this. */
	stopped = a->stopped;
	a->ears = (struct gh_ears){ 0 };
	a->stopped = false;
	s->out->safe_seen = how->driver->safe(dev, 0, &seen, err) == GH_OK;
	a->ears = ears;
	a->stopped = stopped;
	if (s->out->safe_seen)
		describe(info, how->boot, &seen, s->state, sizeof s->state);
	else
		gh_copy_text(s->state, sizeof s->state,
			     "its state was not read back");
	how->driver->close(dev);
	return GH_OK;
}

/* The bus counts addresses up: nobody gets one that was just in use. */
static bool is_same_plugging(const struct gh_port *a, const struct gh_port *b)
{
	return a->usb_address > 0 && a->usb_address == b->usb_address &&
	       a->usb_bus == b->usb_bus;
}

/* The interface of a device, and of one without a serial number its place:
 * the twin beside it is not to be asked. */
static bool is_same_place(const struct gh_port *was, const struct gh_port *now)
{
	const char *a = strchr(was->usb_path, ':');
	const char *b = strchr(now->usb_path, ':');

	if (!was->usb_serial[0])
		return strcmp(was->usb_path, now->usb_path) == 0;
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* True when ours answered on that port. */
static bool try_port(struct search *s, const struct gh_port *port)
{
	const struct gh_replug *how = s->how;
	struct gh_asking a;
	struct gh_link *link;
	struct gh_err err = { 0 };
	enum gh_status st = gh_link_open(&link, port->name,
					 how->driver->default_baud, &err);

	if (st != GH_OK)
		return false;
	gh_asking_begin(&a, link, how->clock, &how->ears,
			how->gone + GH_REPLUG_END_US);
	/* Whatever it answers: it is not asked twice. */
	s->asked = *port;
	st = meet(s, &a, &err);
	s->stopped = a.stopped;
	gh_link_close(link);
	if (st != GH_OK)
		return false;
	gh_copy_text(s->out->port, sizeof s->out->port, port->name);
	return true;
}

/* ---- Looking ------------------------------------------------------------- */

static bool try_all(struct search *s)
{
	const struct gh_port *was = s->how->was;
	const struct gh_port_want want = {
		.usb_vid = was->usb_vid,
		.usb_pid = was->usb_pid,
		.usb_serial = was->usb_serial,
		.device = "",
	};
	struct gh_port_candidate found[GH_WATCH_PORTS];
	size_t n;
	const struct gh_port *ports = gh_watch_ports(s->watch, &n);
	const size_t fits = gh_port_match(&want, ports, n, found);

	for (size_t i = 0; i < fits && !s->stopped; i++)
		if (!is_same_plugging(was, found[i].port) &&
		    !is_same_plugging(&s->asked, found[i].port) &&
		    is_same_place(was, found[i].port) &&
		    try_port(s, found[i].port))
			return true;
	return false;
}

/* Waits for a change or an ear. */
static void wait_for_change(struct search *s, gh_us until)
{
	const struct gh_replug *how = s->how;
	const gh_us soon = gh_now(how->clock) + RETRY_US;
	struct pollfd fds[FDS];
	size_t n = gh_watch_fds(s->watch, fds, FDS);

	if (how->ears.fds)
		n += how->ears.fds(how->ears.self, fds + n, FDS - n);
	if (until > soon)
		until = soon;
	(void)gh_wait(how->clock, n > 0 ? fds : NULL, n, until);
	s->stopped =
		how->ears.hear && how->ears.hear(how->ears.self) == GH_EAR_STOP;
}

static bool look(struct search *s)
{
	const struct gh_clock *clk = s->how->clock;
	const gh_us until = s->how->gone + GH_REPLUG_LOOK_US;
	struct gh_err err;

	while (!s->stopped && gh_now(clk) < until) {
		gh_watch_expect(s->watch);
		if (gh_watch_look(s->watch, gh_now(clk), &err) != GH_OK)
			return false;
		if (try_all(s))
			return true;
		if (!s->stopped)
			wait_for_change(s, until);
	}
	return false;
}

void gh_replug(const struct gh_replug *how, struct gh_replugged *out)
{
	const double ran_s = since(how->gone, how->begun);
	struct search s = { .how = how, .out = out };
	struct gh_err err;
	gh_us seen;

	*out = (struct gh_replugged){ 0 };
	snprintf(out->text, sizeof out->text, "unplugged after %.1f s", ran_s);
	if (how->was->usb_vid < 0 ||
	    gh_watch_open(&s.watch, gh_now(how->clock), &err) != GH_OK)
		return;
	out->back = look(&s);
	seen = gh_now(how->clock);
	gh_watch_close(s.watch);
	if (out->back)
		snprintf(out->text, sizeof out->text,
			 "unplugged after %.1f s; back as %.20s after %.1f s; "
			 "%.40s",
			 ran_s, out->port, since(seen, how->gone), s.state);
	else
		snprintf(out->text, sizeof out->text,
			 "unplugged after %.1f s; %s %.1f s", ran_s,
			 s.stopped ? "the operator ended the search after"
				   : "not back within",
			 since(seen, how->gone));
}
