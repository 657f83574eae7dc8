/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ppoll waits in microseconds; a busy controller needs half a millisecond. */
#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier) */

#include "usb/world.h"

#include "rig/rig.h"	/* gh_rig_read */
#include "sim/device.h" /* struct gh_sim_device */

#include <poll.h>
#include <stdlib.h>

/*
 * A starved world lets time go rather than catch up: what the host sent in the
 * meantime would come too late for a watchdog of 100 ms.
 */
#define LAG_MAX_US 30000
/*
 * How often it is woken: busy, as a full-speed bus hands over a few frames;
 * idle, less than it may lag. Each time costs an emulated processor dearly.
 */
#define BUSY_LEAST_US 2000
#define BUSY_MOST_US 4000
#define IDLE_MOST_US 20000

struct usb_world {
	struct gh_sim_device *device;
	gh_us start, reached;
	gh_us late_most;
	unsigned late;
};

enum gh_status usb_world_create(struct usb_world **out, const char *rig_file,
				long seed, long session, const char *fault,
				struct gh_err *err)
{
	struct usb_world *w = calloc(1, sizeof *w);
	struct gh_rig *rig = calloc(1, sizeof *rig);
	struct gh_sim_setup setup = {
		.rig = rig,
		.seed = (uint64_t)seed,
		.session = (unsigned)session,
		.time_scale = 1,
		.faults = &fault,
		.n_faults = fault ? 1 : 0,
	};
	enum gh_status st = GH_NOMEM;

	if (w && rig)
		st = gh_rig_read(rig, rig_file, err);
	if (st == GH_OK)
		st = gh_sim_device_create(&w->device, &setup, err);
	free(rig);
	if (st != GH_OK) {
		free(w);
		return st;
	}
	w->start = usb_now_us();
	*out = w;
	return GH_OK;
}

void usb_world_destroy(struct usb_world *w)
{
	if (!w)
		return;
	if (w->late > 0)
		usb_say("late %u times, at most %lld ms", w->late,
			(long long)(w->late_most / 1000));
	gh_sim_device_destroy(w->device);
	free(w);
}

static void catch_up(struct usb_world *w)
{
	gh_us now = usb_now_us() - w->start;

	if (now - w->reached > LAG_MAX_US) {
		w->late++;
		if (w->late_most < now - w->reached)
			w->late_most = now - w->reached;
		w->start += now - w->reached - LAG_MAX_US;
		now = w->reached + LAG_MAX_US;
	}
	gh_sim_device_advance(w->device, now);
	w->reached = now;
}

void usb_world_step(struct usb_world *w, struct usb_port *port)
{
	unsigned char buf[4096];
	size_t n;

	catch_up(w);
	n = port->fd >= 0 ? port->ops->take(port, buf, sizeof buf) : 0;
	(void)gh_sim_device_write(w->device, buf, n);
	while ((n = gh_sim_device_read(w->device, buf, sizeof buf)) > 0)
		if (port->fd >= 0)
			port->ops->give(port, buf, n);
}

struct timespec usb_world_nap(const struct usb_world *w)
{
	const gh_us most =
		gh_sim_device_is_busy(w->device) ? BUSY_MOST_US : IDLE_MOST_US;
	gh_us nap = gh_sim_device_next(w->device) - w->reached;

	if (nap < BUSY_LEAST_US)
		nap = BUSY_LEAST_US;
	if (nap > most)
		nap = most;
	return (struct timespec){ nap / GH_US_PER_S, nap % GH_US_PER_S * 1000 };
}

void usb_world_reboot(struct usb_world *w)
{
	gh_sim_device_reboot(w->device, GH_SIM_BROWN_OUT);
}

int usb_wait(struct pollfd *fds, size_t n, const struct timespec *nap)
{
	return ppoll(fds, (nfds_t)n, nap, NULL);
}
