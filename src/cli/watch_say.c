/* SPDX-License-Identifier: GPL-3.0-or-later */
/* watch_say - the rows of a watch as lines, for people and for machines. */
#include "base/number.h" /* GH_NUMBER_CAP */
#include "cli/watch.h"	 /* what is defined here */

#include <math.h>

static bool print_text(FILE *out, const struct gh_cell *c)
{
	char mean[GH_NUMBER_CAP], lo[GH_NUMBER_CAP], hi[GH_NUMBER_CAP];

	gh_cell_text(&c[GH_WATCH_MEAN], GH_CELL_VALUE, mean, sizeof mean);
	gh_cell_text(&c[GH_WATCH_LO], GH_CELL_VALUE, lo, sizeof lo);
	gh_cell_text(&c[GH_WATCH_HI], GH_CELL_VALUE, hi, sizeof hi);
	return fprintf(out, "%7.1f s %-19s %-7s %9s (%s to %s)%s\n",
		       c[GH_WATCH_TIME].number, c[GH_WATCH_PART].text,
		       c[GH_WATCH_QUANTITY].text, mean, lo, hi,
		       c[GH_WATCH_SIMULATED].number > 0.0 ? " SIMULATED" : "") >
	       0;
}

static bool print_silent(FILE *out, const struct gh_cell *c)
{
	return fprintf(out, "%7.1f s %-19s %-7s nothing valid\n",
		       c[GH_WATCH_TIME].number, c[GH_WATCH_PART].text,
		       c[GH_WATCH_QUANTITY].text) > 0;
}

static bool print_row(const struct gh_table *t, size_t row, bool json,
		      FILE *out)
{
	const struct gh_cell *cells = gh_table_cell(t, row, 0);

	if (json)
		return gh_table_json_line(t, row, out);
	return isfinite(cells[GH_WATCH_MEAN].number) ? print_text(out, cells)
						     : print_silent(out, cells);
}

bool gh_watch_say(const struct gh_table *t, bool json, FILE *out)
{
	bool read = true;

	for (size_t i = 0; read && i < t->n_rows; i++)
		read = print_row(t, i, json, out);
	return fflush(out) == 0 && read;
}
