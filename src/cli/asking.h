/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * asking - a question to a controller that the operator may break off and that
 * ends by a time. A driver waits up to 5 s for a board that boots; it gets a
 * clock that also listens to the ears and a link that fails as soon as somebody
 * said stop or the time is up, so the driver comes back at once by itself.
 */
#ifndef GH_CLI_ASKING_H
#define GH_CLI_ASKING_H

#include "driver/driver.h" /* struct gh_driver */
#include "engine/run.h"	   /* struct gh_ears */

struct gh_asking {
	struct gh_link link;   /* give these two to the driver ... */
	struct gh_clock clock; /* ... in place of the real ones */
	struct gh_link *real;
	const struct gh_clock *under;
	struct gh_ears ears;
	gh_us until; /* GH_US_NEVER: only the operator ends it */
	bool stopped;
};

/* Stands between driver and link for as long as the driver uses them. */
void gh_asking_begin(struct gh_asking *a, struct gh_link *link,
		     const struct gh_clock *clock, const struct gh_ears *ears,
		     gh_us until);

/* What the driver's last answer means: GH_CANCELLED when the operator said
 * stop, GH_TIMEOUT when `until` came, else st as it is. */
enum gh_status gh_asking_end(const struct gh_asking *a, enum gh_status st,
			     struct gh_err *err) GH_MUST_CHECK;

/* driver->identify through it, from begin to end. */
enum gh_status gh_asking_identify(const struct gh_driver *driver,
				  struct gh_link *link,
				  const struct gh_clock *clock,
				  const struct gh_ears *ears, gh_us until,
				  struct gh_dev_info *info,
				  struct gh_err *err) GH_MUST_CHECK;

#endif
