/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "boards/world.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* Two seconds of blinking are not worth waiting for; three are no boot. */
#define BOOT_US (3 * (gh_us)GH_US_PER_S)
#define SLICE_US 1000

static void advance(void *self, gh_us until)
{
	gh_board_advance(self, until);
}

static size_t put(void *self, const void *bytes, size_t n)
{
	return gh_board_write(self, bytes, n);
}

static size_t take(void *self, void *buf, size_t cap)
{
	return gh_board_read(self, buf, cap);
}

static gh_us readable_at(void *self)
{
	return gh_board_readable_at(self);
}

static void reboot(void *self)
{
	gh_board_reset(self, GH_BOARD_BROWN_OUT);
}

static void set_baud(void *self, long baud)
{
	gh_board_host_baud(self, baud);
}

static void destroy(void *self)
{
	gh_board_destroy(self);
}

static const struct gh_world_ops ops = {
	.advance = advance,
	.write = put,
	.read = take,
	.readable_at = readable_at,
	.reboot = reboot,
	.set_baud = set_baud,
	.destroy = destroy,
	.slice_us = SLICE_US,
};

void gh_board_world_open(struct gh_world *w, const struct gh_board_setup *setup,
			 long baud)
{
	struct gh_board *board;
	struct gh_err err = { 0 };

	if (gh_board_create(&board, setup, &err) != GH_OK)
		fail_msg("emulated board: %s", err.msg);
	gh_board_host_baud(board, baud);
	(void)gh_board_boot(board, BOOT_US);
	gh_world_open_on(w, &ops, board, gh_board_now(board));
}

static void open_world(struct gh_rehearsal *r, struct gh_world *w,
		       unsigned session, const char *const *faults,
		       size_t n_faults)
{
	struct gh_board_setup setup = *(const struct gh_board_setup *)r->own;

	setup.rig = r->rig;
	setup.seed = r->seed;
	setup.session = session;
	setup.faults = faults;
	setup.n_faults = n_faults;
	gh_board_world_open(w, &setup, r->driver->default_baud);
}

void gh_board_rehearse(struct gh_rehearsal *r, struct gh_board_setup *setup,
		       const char *driver, gh_us budget_us)
{
	r->driver = gh_driver_find(driver);
	assert_non_null(r->driver);
	r->budget_us = budget_us;
	r->own = setup;
	r->open_world = open_world;
}
