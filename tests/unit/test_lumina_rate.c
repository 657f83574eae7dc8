/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Driver and firmware over a wire with a rate: what one side says at another
 * rate than the other listens never arrives. protocol.md section 6.
 */
#include "driver/driver.h" /* struct gh_driver */
#include "fakes/world.h"   /* struct gh_world */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

extern const struct gh_driver gh_driver_lumina;

static const struct gh_driver *const drv = &gh_driver_lumina;

struct wire {
	struct gh_link link;
	struct gh_world world;
	struct gh_rig rig;
	long baud; /* the host's */
	long said; /* the controller's when the host read last */
};

static bool fits(const struct wire *w)
{
	return w->baud == gh_sim_device_baud(w->world.device);
}

static enum gh_status wire_read(struct gh_link *link, void *buf, size_t cap,
				size_t *got, struct gh_err *err)
{
	struct wire *w = (struct wire *)link;
	const enum gh_status st =
		gh_link_read(&w->world.link, buf, cap, got, err);

	/* What it said before it changed came at the old rate. */
	if (!fits(w) && w->baud != w->said)
		*got = 0;
	w->said = gh_sim_device_baud(w->world.device);
	return st;
}

static enum gh_status wire_write(struct gh_link *link, const void *buf,
				 size_t len, size_t *put, struct gh_err *err)
{
	struct wire *w = (struct wire *)link;

	*put = len;
	return fits(w) ? gh_link_write(&w->world.link, buf, len, put, err)
		       : GH_OK;
}

static enum gh_status wire_set_baud(struct gh_link *link, long baud,
				    struct gh_err *err)
{
	(void)err;
	((struct wire *)link)->baud = baud;
	return GH_OK;
}

static void wire_close(struct gh_link *link)
{
	(void)link;
}

static size_t wire_fds(const struct gh_link *link, struct pollfd *out,
		       size_t cap)
{
	(void)link;
	(void)out;
	(void)cap;
	return 0;
}

static const struct gh_link_ops ops = { "wire",	   wire_close, wire_fds,
					wire_read, wire_write, wire_set_baud };

static int make(void **state)
{
	struct wire *w = calloc(1, sizeof *w);
	struct gh_err err = { 0 };

	if (!w || gh_rig_read(&w->rig, "schemas/lumina.rig", &err) != GH_OK)
		return -1;
	gh_world_open(&w->world, &w->rig, 7, 1, NULL, 0);
	w->link = (struct gh_link){ .ops = &ops, .port = "wire" };
	w->baud = 115200;
	*state = w;
	return 0;
}

static int drop(void **state)
{
	struct wire *w = *state;

	gh_world_close(&w->world);
	free(w);
	return 0;
}

/* A host that opens, streams, perhaps arms, and is killed there. */
static void die(struct wire *w, bool armed)
{
	const uint16_t channel = 0;
	struct gh_dev *dev = NULL;
	struct gh_err err = { 0 };

	assert_int_equal(drv->open(&dev, &w->link, &w->world.clock, NULL, 0,
				   &err),
			 GH_OK);
	assert_int_equal(gh_sim_device_baud(w->world.device), 1000000);
	assert_int_equal(drv->stream(dev, 0, &channel, 1, 100, NULL, &err),
			 GH_OK);
	if (armed)
		assert_int_equal(drv->arm(dev, true, NULL, &err), GH_OK);
	drv->close(dev);
	w->baud = 115200;
}

static enum gh_status identify_after(struct wire *w, gh_us us)
{
	struct gh_dev_info info;
	struct gh_err err;

	w->world.now += us;
	gh_sim_device_advance(w->world.device, w->world.now);
	return drv->identify(&w->link, &w->world.clock, &info, &err);
}

static void a_killed_host_is_followed_by_another(void **state)
{
	struct wire *w = *state;

	for (int armed = 0; armed < 2; armed++) {
		die(w, armed);
		/* It asks for 3 s, too soon. */
		assert_int_equal(identify_after(w, 1000000), GH_TIMEOUT);
		assert_int_equal(identify_after(w, 1100000), GH_OK);
	}
}

/* Whoever opens need not wait: it asks at every rate. */
static void open_finds_the_rate_that_was_left(void **state)
{
	die(*state, true);
	die(*state, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_killed_host_is_followed_by_another, make, drop),
		cmocka_unit_test_setup_teardown(
			open_finds_the_rate_that_was_left, make, drop),
	};

	return cmocka_run_group_tests_name("lumina rate", tests, NULL, NULL);
}
