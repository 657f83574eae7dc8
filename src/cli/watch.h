/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * watch - what a sculpture that stands still says of itself, block by block:
 * supply, standing currents, light, remote, losses on the way. watching.c
 * listens, watch_rows.c adds up, watch_say.c writes, the live screen shows.
 */
#ifndef GH_CLI_WATCH_H
#define GH_CLI_WATCH_H

#include "driver/driver.h" /* struct gh_dev_info */
#include "report/table.h"  /* struct gh_table */
#include "rig/rig.h"	   /* struct gh_rig */

#include <stdio.h>

struct gh_watch_row {
	uint16_t channel; /* of the controller */
	int part;	  /* of the rig */
	enum gh_quantity what;
	enum gh_unit unit; /* angles are told in degrees */
	double scale, sum, lo, hi; /* of this block */
	unsigned n;
	double present;		 /* the last valid one */
	double lowest, highest;	 /* since it began */
	double least, most;	 /* what it can show, or may be */
	gh_us seen_at;		 /* host time of the last valid one, 0: none */
};

struct gh_watch_block {
	const struct gh_rig *rig;
	bool all; /* every channel that is measured; and what was lost */
	bool simulated;
	gh_us begun;
	double at_s; /* of the block, since then */
	struct gh_watch_row rows[GH_DEV_CHANNELS];
	uint8_t row_of[GH_DEV_CHANNELS]; /* of a channel; may be another's */
	unsigned n_rows;
	struct gh_dev_stats then; /* at the end of the block before */
};

/* Rows of a table: those of the channels, and three about the link. */
enum { GH_WATCH_ROWS = GH_DEV_CHANNELS + 3 };

/* Columns of such a row. */
enum gh_watch_column {
	GH_WATCH_TIME,
	GH_WATCH_PART,
	GH_WATCH_QUANTITY,
	GH_WATCH_MEAN,
	GH_WATCH_LO,
	GH_WATCH_HI,
	GH_WATCH_UNIT,
	GH_WATCH_PRESENT,
	GH_WATCH_LOWEST,
	GH_WATCH_HIGHEST,
	GH_WATCH_SHARE,
	GH_WATCH_AGE,
	GH_WATCH_SIMULATED,
	GH_WATCH_COLUMNS
};

/* Chooses the channels worth watching; returns how many there are. */
unsigned gh_watch_choose(struct gh_watch_block *b,
			 const struct gh_dev_info *info);

/*
 * One sample of a channel that came at host time `at`; others than the chosen
 * ones are left out.
 */
void gh_watch_add(struct gh_watch_block *b, const struct gh_sample *sample,
		  gh_us at);

/*
 * The block that ends now as rows, and the next begins. out: made by
 * gh_table_init for GH_WATCH_ROWS; what was in it goes.
 */
void gh_watch_rows(struct gh_watch_block *b, const struct gh_dev_stats *stats,
		   gh_us now, struct gh_table *out);

/* An empty table for such rows. */
extern const struct gh_table gh_watch_table;

/* Writes the rows as lines; false: nobody reads any more. */
bool gh_watch_say(const struct gh_table *t, bool json, FILE *out);

#endif
