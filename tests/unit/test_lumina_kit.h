/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The lumina driver, opened on the toy controller: one dialogue a test.
 */
#ifndef TEST_LUMINA_KIT_H
#define TEST_LUMINA_KIT_H

#include "driver/driver.h"	  /* struct gh_driver */
#include "fakes/toy_controller.h" /* struct toy */

#include <string.h>

extern const struct gh_driver gh_driver_lumina;

static const struct gh_driver *const drv = &gh_driver_lumina;
static struct toy toy;
static struct gh_dev *dev;
static struct gh_err err;

static int fresh(void **state)
{
	(void)state;
	toy_init(&toy);
	memset(&err, 0, sizeof err);
	return drv->open(&dev, &toy.wire.link, &toy.wire.clock, NULL, 0,
			 &err) == GH_OK
		       ? 0
		       : -1;
}

static int close_it(void **state)
{
	(void)state;
	drv->close(dev);
	return 0;
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, fresh, close_it)

#endif
