/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * world - the simulated controller and its sculpture in real time, at whatever
 * port it is connected to. Unplugged, it lives on: it has its own supply.
 */
#ifndef GH_USB_WORLD_H
#define GH_USB_WORLD_H

#include "base/clock.h"	 /* gh_us, struct pollfd */
#include "base/status.h" /* enum gh_status */
#include "usb/port.h"	 /* struct usb_port */

#include <time.h>

struct usb_world;

/* `fault` as ghostlight-sim takes it, or NULL. */
enum gh_status usb_world_create(struct usb_world **out, const char *rig,
				long seed, long session, const char *fault,
				struct gh_err *err) GH_MUST_CHECK;
void usb_world_destroy(struct usb_world *w); /* NULL is fine */

/* Lets it come up to now and passes bytes both ways. */
void usb_world_step(struct usb_world *w, struct usb_port *port);
/* How long it may be left alone. */
struct timespec usb_world_nap(const struct usb_world *w);
/* Its controller loses its supply for a moment. */
void usb_world_reboot(struct usb_world *w);

/* The kernel's monotonic clock, and waiting by it. */
gh_us usb_now_us(void);
int usb_wait(struct pollfd *fds, size_t n, const struct timespec *nap);

#endif
