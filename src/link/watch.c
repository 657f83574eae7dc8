/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "link/watch.h"

#include <libusb.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LOOK_US ((gh_us)GH_US_PER_S)
/* The tty comes up to half a second after its USB device (bench.md d): for
 * four times as long the list is looked at ten times a second. */
#define SOON_US ((gh_us)100000)
#define LIVELY_US ((gh_us)2000000)
/* libudev itself tells by this socket whether udevd runs. */
#define UDEV_SOCKET "/run/udev/control"

struct gh_watch {
	libusb_context *usb;
	bool events;	    /* libusb tells of changes */
	bool stirred;	    /* something was plugged since the last look */
	gh_us look_at, lively_until;
	struct gh_port now[GH_WATCH_PORTS], before[GH_WATCH_PORTS];
	size_t n_now, n_before;
	/* Into before and now: what left, what arrived since. */
	const struct gh_port *gone[GH_WATCH_PORTS], *come[GH_WATCH_PORTS];
	size_t n_gone, n_come, told_gone, told_come;
};

static bool is_same(const struct gh_port *a, const struct gh_port *b)
{
	return strcmp(a->name, b->name) == 0 && a->usb_bus == b->usb_bus &&
	       a->usb_address == b->usb_address && a->usb_vid == b->usb_vid &&
	       a->usb_pid == b->usb_pid &&
	       strcmp(a->usb_serial, b->usb_serial) == 0;
}

size_t gh_ports_missing(const struct gh_port *a, size_t n_a,
			const struct gh_port *b, size_t n_b,
			const struct gh_port **out)
{
	size_t n = 0;

	for (size_t i = 0; i < n_a; i++) {
		size_t j = 0;

		while (j < n_b && !is_same(&a[i], &b[j]))
			j++;
		if (j == n_b)
			out[n++] = &a[i];
	}
	return n;
}

/* ---- Events -------------------------------------------------------------- */

static int LIBUSB_CALL on_event(libusb_context *usb, libusb_device *device,
				libusb_hotplug_event event, void *self)
{
	struct gh_watch *w = self;

	(void)usb;
	(void)device;
	(void)event;
	w->stirred = true;
	return 0;
}

static bool hear_events(struct gh_watch *w)
{
	const int both = LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED |
			 LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT;

	return libusb_has_capability(LIBUSB_CAP_HAS_HOTPLUG) &&
	       access(UDEV_SOCKET, F_OK) == 0 &&
	       libusb_hotplug_register_callback(
		       w->usb, both, 0, LIBUSB_HOTPLUG_MATCH_ANY,
		       LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_MATCH_ANY,
		       on_event, w, NULL) == LIBUSB_SUCCESS;
}

static void take_events(struct gh_watch *w, gh_us now)
{
	struct timeval none = { 0, 0 };

	if (w->events)
		(void)libusb_handle_events_timeout_completed(w->usb, &none,
							     NULL);
	if (!w->stirred)
		return;
	w->stirred = false;
	w->lively_until = now + LIVELY_US;
	if (w->look_at > now + SOON_US)
		w->look_at = now + SOON_US;
}

void gh_watch_expect(struct gh_watch *w)
{
	w->stirred = true;
}

size_t gh_watch_fds(const struct gh_watch *w, struct pollfd *out, size_t cap)
{
	const struct libusb_pollfd **list;
	size_t n = 0;

	if (!w->events)
		return 0;
	list = libusb_get_pollfds(w->usb);
	for (size_t i = 0; list && list[i] && n < cap; i++)
		out[n++] = (struct pollfd){ list[i]->fd, list[i]->events, 0 };
	libusb_free_pollfds(list);
	return n;
}

/* ---- The list ------------------------------------------------------------ */

static enum gh_status read_list(struct gh_watch *w, gh_us now,
				struct gh_err *err)
{
	size_t n = 0;
	const enum gh_status st = gh_ports(w->now, GH_WATCH_PORTS, &n, err);

	w->n_now = n < GH_WATCH_PORTS ? n : GH_WATCH_PORTS;
	w->look_at = now + (now < w->lively_until ? SOON_US : LOOK_US);
	return st;
}

enum gh_status gh_watch_look(struct gh_watch *w, gh_us now, struct gh_err *err)
{
	enum gh_status st;

	take_events(w, now);
	if (now < w->look_at)
		return GH_OK;
	memcpy(w->before, w->now, sizeof w->before);
	w->n_before = w->n_now;
	st = read_list(w, now, err);
	w->n_gone = gh_ports_missing(w->before, w->n_before, w->now, w->n_now,
				     w->gone);
	w->n_come = gh_ports_missing(w->now, w->n_now, w->before, w->n_before,
				     w->come);
	w->told_gone = w->told_come = 0;
	return st;
}

bool gh_watch_next(struct gh_watch *w, struct gh_port *port, bool *arrived)
{
	*arrived = w->told_gone == w->n_gone;
	if (!*arrived)
		*port = *w->gone[w->told_gone++];
	else if (w->told_come < w->n_come)
		*port = *w->come[w->told_come++];
	else
		return false;
	return true;
}

const struct gh_port *gh_watch_ports(const struct gh_watch *w, size_t *n)
{
	*n = w->n_now;
	return w->now;
}

gh_us gh_watch_due(const struct gh_watch *w)
{
	return w->look_at;
}

const char *gh_watch_how(const struct gh_watch *w)
{
	return w->events ? "hot-plug events, and a look every second"
			 : "a look every second (no udev here)";
}

enum gh_status gh_watch_open(struct gh_watch **out, gh_us now,
			     struct gh_err *err)
{
	struct gh_watch *w = calloc(1, sizeof *w);
	enum gh_status st;

	if (!w)
		return gh_fail(err, GH_NOMEM, "no memory to watch the ports");
	/* Where there is no USB at all the list is still looked at. */
	if (libusb_init(&w->usb) != 0)
		w->usb = NULL;
	w->events = w->usb && hear_events(w);
	st = read_list(w, now, err);
	if (st == GH_OK)
		*out = w;
	else
		gh_watch_close(w);
	return st;
}

void gh_watch_close(struct gh_watch *w)
{
	if (!w)
		return;
	if (w->usb)
		libusb_exit(w->usb); /* its callbacks go with it */
	free(w);
}
