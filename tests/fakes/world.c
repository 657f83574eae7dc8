/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fakes/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* A full-speed USB frame: bytes are handed over once a millisecond. */
#define FRAME_US 1000
/* 2026-01-01: any fixed date does. */
#define WALL_0 1767225600

static gh_us world_now(void *self)
{
	return ((struct gh_world *)self)->now;
}

static int64_t world_wall(void *self)
{
	return WALL_0 + world_now(self) / GH_US_PER_S;
}

static void let_it_happen(struct gh_world *w, gh_us until)
{
	if (w->now < w->stall_from && until >= w->stall_from)
		until += w->stall_us;
	if (w->now < w->reboot_at && until >= w->reboot_at) {
		gh_sim_device_advance(w->device, w->reboot_at);
		gh_sim_device_reboot(w->device, GH_SIM_BROWN_OUT);
	}
	gh_sim_device_advance(w->device, until);
	w->now = until;
}

static bool is_readable(const struct gh_world *w)
{
	return gh_sim_device_readable_at(w->device) <= w->now ||
	       w->now >= w->unplug_at;
}

static int world_wait(void *self, struct pollfd *fds, size_t n, gh_us until)
{
	struct gh_world *w = self;
	gh_us readable = gh_sim_device_readable_at(w->device);
	gh_us to = until;

	(void)fds;
	(void)n;
	w->waits++;
	if (until <= w->now)
		return is_readable(w);
	if (readable < w->now)
		readable = w->now;
	if (readable < GH_US_NEVER - FRAME_US && readable + FRAME_US < to)
		to = readable + FRAME_US;
	if (to == GH_US_NEVER)
		to = w->now + 10 * FRAME_US;
	let_it_happen(w, to);
	return is_readable(w);
}

static void link_close(struct gh_link *link)
{
	(void)link;
}

static size_t link_fds(const struct gh_link *link, struct pollfd *out,
		       size_t cap)
{
	(void)link;
	(void)out;
	(void)cap;
	return 0;
}

static enum gh_status link_read(struct gh_link *link, void *buf, size_t cap,
				size_t *got, struct gh_err *err)
{
	struct gh_world *w = (struct gh_world *)link;

	*got = 0;
	if (w->now >= w->unplug_at)
		return gh_fail(err, GH_GONE, "%s: unplugged", link->port);
	*got = gh_sim_device_read(w->device, buf, cap);
	return GH_OK;
}

static enum gh_status link_write(struct gh_link *link, const void *buf,
				 size_t len, size_t *put, struct gh_err *err)
{
	struct gh_world *w = (struct gh_world *)link;

	*put = 0;
	if (w->now >= w->unplug_at)
		return gh_fail(err, GH_GONE, "%s: unplugged", link->port);
	*put = gh_sim_device_write(w->device, buf, len);
	return GH_OK;
}

static enum gh_status link_set_baud(struct gh_link *link, long baud,
				    struct gh_err *err)
{
	(void)link;
	(void)baud;
	(void)err;
	return GH_OK;
}

static const struct gh_link_ops ops = { "world",   link_close, link_fds,
					link_read, link_write, link_set_baud };

void gh_world_open(struct gh_world *w, const struct gh_rig *rig, uint64_t seed,
		   unsigned session, const char *const *faults, size_t n_faults)
{
	const struct gh_sim_setup setup = { rig, seed,	 session,
					    1,	 faults, n_faults };
	struct gh_err err = { 0 };

	memset(w, 0, sizeof *w);
	w->link.ops = &ops;
	strcpy(w->link.port, "world");
	w->link.is_pty = true;
	w->clock = (struct gh_clock){ world_now, world_wait, world_wall, w };
	w->unplug_at = w->reboot_at = w->stall_from = GH_US_NEVER;
	if (gh_sim_device_create(&w->device, &setup, &err) != GH_OK)
		fail_msg("simulated device: %s", err.msg);
}

void gh_world_close(struct gh_world *w)
{
	gh_sim_device_destroy(w->device);
	w->device = NULL;
}
