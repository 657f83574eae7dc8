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
		w->ops->advance(w->self, w->reboot_at);
		w->ops->reboot(w->self);
	}
	w->ops->advance(w->self, until);
	w->now = until;
}

static bool is_readable(const struct gh_world *w)
{
	return w->ops->readable_at(w->self) <= w->now || w->now >= w->unplug_at;
}

/* The host is woken by a byte, a USB frame after it came; or not at all. */
static gh_us next_stop(const struct gh_world *w, gh_us until)
{
	gh_us readable = w->ops->readable_at(w->self);
	gh_us to = until;

	if (readable < w->now)
		readable = w->now;
	if (readable < GH_US_NEVER - FRAME_US && readable + FRAME_US < to)
		to = readable + FRAME_US;
	else if (w->ops->slice_us && to - w->now > w->ops->slice_us)
		to = w->now + w->ops->slice_us;
	if (to == GH_US_NEVER)
		to = w->now + 10 * FRAME_US;
	return to;
}

static int world_wait(void *self, struct pollfd *fds, size_t n, gh_us until)
{
	struct gh_world *w = self;

	(void)fds;
	(void)n;
	w->waits++;
	if (until <= w->now)
		return is_readable(w);
	do
		let_it_happen(w, next_stop(w, until));
	while (w->ops->slice_us && w->now < until && !is_readable(w));
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
	*got = w->ops->read(w->self, buf, cap);
	return GH_OK;
}

static enum gh_status link_write(struct gh_link *link, const void *buf,
				 size_t len, size_t *put, struct gh_err *err)
{
	struct gh_world *w = (struct gh_world *)link;

	*put = 0;
	if (w->now >= w->unplug_at)
		return gh_fail(err, GH_GONE, "%s: unplugged", link->port);
	*put = w->ops->write(w->self, buf, len);
	return GH_OK;
}

static enum gh_status link_set_baud(struct gh_link *link, long baud,
				    struct gh_err *err)
{
	struct gh_world *w = (struct gh_world *)link;

	(void)err;
	if (w->ops->set_baud)
		w->ops->set_baud(w->self, baud);
	return GH_OK;
}

static const struct gh_link_ops ops = { "world",   link_close, link_fds,
					link_read, link_write, link_set_baud };

static void sim_advance(void *self, gh_us until)
{
	gh_sim_device_advance(self, until);
}

static size_t sim_write(void *self, const void *bytes, size_t n)
{
	return gh_sim_device_write(self, bytes, n);
}

static size_t sim_read(void *self, void *buf, size_t cap)
{
	return gh_sim_device_read(self, buf, cap);
}

static gh_us sim_readable_at(void *self)
{
	return gh_sim_device_readable_at(self);
}

static void sim_reboot(void *self)
{
	gh_sim_device_reboot(self, GH_SIM_BROWN_OUT);
}

static void sim_destroy(void *self)
{
	gh_sim_device_destroy(self);
}

static const struct gh_world_ops sim_ops = {
	.advance = sim_advance,
	.write = sim_write,
	.read = sim_read,
	.readable_at = sim_readable_at,
	.reboot = sim_reboot,
	.destroy = sim_destroy,
};

void gh_world_open_on(struct gh_world *w, const struct gh_world_ops *world,
		      void *self, gh_us now)
{
	memset(w, 0, sizeof *w);
	w->link.ops = &ops;
	strcpy(w->link.port, "world");
	w->link.is_pty = true;
	w->clock = (struct gh_clock){ world_now, world_wait, world_wall, w };
	w->ops = world;
	w->self = self;
	w->now = now;
	w->unplug_at = w->reboot_at = w->stall_from = GH_US_NEVER;
}

void gh_world_open_sim(struct gh_world *w, const struct gh_sim_setup *setup)
{
	struct gh_sim_device *device = NULL;
	struct gh_err err = { 0 };

	if (gh_sim_device_create(&device, setup, &err) != GH_OK)
		fail_msg("simulated device: %s", err.msg);
	gh_world_open_on(w, &sim_ops, device, 0);
	w->device = device;
}

void gh_world_open(struct gh_world *w, const struct gh_rig *rig, uint64_t seed,
		   unsigned session, const char *const *faults, size_t n_faults)
{
	const struct gh_sim_setup setup = { .rig = rig,
					    .seed = seed,
					    .session = session,
					    .time_scale = 1,
					    .faults = faults,
					    .n_faults = n_faults };

	gh_world_open_sim(w, &setup);
}

void gh_world_close(struct gh_world *w)
{
	w->ops->destroy(w->self);
	w->self = w->device = NULL;
}
