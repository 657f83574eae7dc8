/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * watching - listens to a controller that stands still. It never arms, moves
 * nothing and lights nothing. Verb `watch` writes down what comes, the live
 * screen shows it:
 *
 *	gh_watching_open	rig file, port; the link is open from here on
 *	gh_watching_begin	asks who is there, streams run
 *	gh_watching_until	adds up what comes into the block
 *	gh_watching_end		streams end; the link may be lent to a run
 *	gh_watching_close
 */
#ifndef GH_CLI_WATCHING_H
#define GH_CLI_WATCHING_H

#include "cli/asking.h"	 /* struct gh_asking */
#include "cli/control.h" /* struct gh_control */
#include "cli/verb.h"	 /* struct gh_cli */
#include "cli/watch.h"	 /* struct gh_watch_block */

/* On the heap: 40 kB. Zero it, set cli, ears and block.all. */
struct gh_watching {
	const struct gh_cli *cli; /* --rig, --port, clock */
	struct gh_ears ears;	  /* GH_EAR_STOP ends any of the calls below */
	struct gh_rig *rig;
	char port[128];
	const struct gh_driver *driver;
	struct gh_link *link;
	struct gh_asking asking;
	struct gh_control control;
	struct gh_dev *dev;
	char boot[24]; /* of the controller, as it began last */
	gh_us hear_at; /* host time by which the ears are asked */
	struct gh_watch_block block;
};

/* GH_ARG: no rig file, no such driver or port name. */
enum gh_status gh_watching_open(struct gh_watching *w,
				struct gh_err *err) GH_MUST_CHECK;

/*
 * GH_CANCELLED: the ears said so. GH_PROTO: another controller than the rig
 * file's, or one that measures nothing. End it in any case.
 */
enum gh_status gh_watching_begin(struct gh_watching *w,
				 struct gh_err *err) GH_MUST_CHECK;
enum gh_status gh_watching_until(struct gh_watching *w, gh_us until,
				 struct gh_err *err) GH_MUST_CHECK;

/* The block as rows (gh_watch_rows), with what the driver counted. */
void gh_watching_rows(struct gh_watching *w, struct gh_table *out);

void gh_watching_end(struct gh_watching *w);
void gh_watching_close(struct gh_watching *w);

#endif
