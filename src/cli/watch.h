/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * watch - what a sculpture that stands still says of itself, block by block:
 * supply, standing currents, light, remote, losses on the way. verb_watch.c
 * listens, watch_rows.c adds up and writes.
 */
#ifndef GH_CLI_WATCH_H
#define GH_CLI_WATCH_H

#include "cli/verb.h"	   /* struct gh_cli */
#include "driver/driver.h" /* struct gh_dev_info */
#include "rig/rig.h"	   /* struct gh_rig */

struct gh_watch_row {
	uint16_t channel; /* of the controller */
	int part;	  /* of the rig */
	enum gh_quantity what;
	double scale, sum, lo, hi;
	unsigned n;
};

struct gh_watch_block {
	const struct gh_cli *cli;
	const struct gh_rig *rig;
	bool json, over; /* over: written over the last one, on a terminal */
	bool simulated;
	gh_us begun;
	double at_s; /* of the block, since then */
	struct gh_watch_row rows[GH_DEV_CHANNELS];
	unsigned n_rows;
	struct gh_dev_stats then; /* at the end of the block before */
};

/* Chooses the channels worth watching; returns how many there are. */
unsigned gh_watch_choose(struct gh_watch_block *b,
			 const struct gh_dev_info *info);

/* One sample of a channel; others than the chosen ones are left out. */
void gh_watch_add(struct gh_watch_block *b, const struct gh_sample *sample);

/* Writes the block and begins the next; false: nobody reads any more. */
bool gh_watch_tell(struct gh_watch_block *b, const struct gh_dev_stats *now);

#endif
