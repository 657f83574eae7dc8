/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/watch.h" /* what is defined here */

#include "base/status.h"  /* GH_ARRAY_SIZE */
#include "report/table.h" /* gh_table_json_line */

#include <math.h>

/* What is worth a row of each kind of part, by 1u << enum gh_quantity. */
static const uint32_t worth[GH_PART_KIND_COUNT] = {
	[GH_PART_SUPPLY] = 1u << GH_Q_VOLTAGE | 1u << GH_Q_CURRENT,
	[GH_PART_JOINT] = 1u << GH_Q_CURRENT,
	[GH_PART_CORE] = 1u << GH_Q_LIGHT,
	[GH_PART_REMOTE] =
		1u << GH_Q_VOLTAGE | 1u << GH_Q_SIGNAL | 1u << GH_Q_PRESSES,
};

enum { TIME, PART, QUANTITY, MEAN, LO, HI, UNIT, SIMULATED, COLUMNS };

static const struct gh_column columns[COLUMNS] = {
	[TIME] = { "t_s", "", GH_CELL_NUMBER },
	[PART] = { "part", "", GH_CELL_TEXT },
	[QUANTITY] = { "quantity", "", GH_CELL_TEXT },
	[MEAN] = { "mean", "", GH_CELL_NUMBER },
	[LO] = { "min", "", GH_CELL_NUMBER },
	[HI] = { "max", "", GH_CELL_NUMBER },
	[UNIT] = { "unit", "", GH_CELL_TEXT },
	[SIMULATED] = { "simulated", "", GH_CELL_BOOL },
};

/* Home, and away with what was below: no library for so little. */
#define OVER "\033[H\033[J"

static void begin_row(struct gh_watch_row *row)
{
	row->sum = 0.0;
	row->n = 0;
	row->lo = INFINITY;
	row->hi = -INFINITY;
}

unsigned gh_watch_choose(struct gh_watch_block *b,
			 const struct gh_dev_info *info)
{
	for (unsigned i = 0; i < info->n_channels; i++) {
		const struct gh_dev_channel *ch = &info->channels[i];
		const int part = gh_rig_find_part(b->rig, ch->part);
		struct gh_watch_row *row = &b->rows[b->n_rows];

		if (part == GH_RIG_NONE || !ch->measured ||
		    !(worth[b->rig->parts[part].kind] >> ch->what & 1))
			continue;
		*row = (struct gh_watch_row){
			.channel = (uint16_t)i,
			.part = part,
			.what = ch->what,
			.scale = (double)ch->num / ch->den,
		};
		begin_row(row);
		b->n_rows++;
	}
	return b->n_rows;
}

void gh_watch_add(struct gh_watch_block *b, const struct gh_sample *sample)
{
	const double raw = sample->raw;

	for (unsigned i = 0; i < b->n_rows; i++) {
		struct gh_watch_row *row = &b->rows[i];

		if (row->channel != sample->channel ||
		    sample->raw == GH_RAW_INVALID)
			continue;
		row->sum += raw * row->scale;
		row->lo = fmin(row->lo, raw * row->scale);
		row->hi = fmax(row->hi, raw * row->scale);
		row->n++;
	}
}

/* No "-0.000". */
static double shown(double v)
{
	return fabs(v) < 0.0005 ? 0.0 : v;
}

static bool print_text(FILE *out, const struct gh_cell *c)
{
	return fprintf(out, "%7.1f s %-19s %-7s %8.3f %-3s", c[TIME].number,
		       c[PART].text, c[QUANTITY].text, shown(c[MEAN].number),
		       c[UNIT].text) > 0 &&
	       fprintf(out, " (%.3f..%.3f)%s\n", shown(c[LO].number),
		       shown(c[HI].number),
		       c[SIMULATED].number > 0.0 ? " SIMULATED" : "") > 0;
}

static bool print_silent(FILE *out, const struct gh_cell *c)
{
	return fprintf(out, "%7.1f s %-19s %-7s nothing valid\n",
		       c[TIME].number, c[PART].text, c[QUANTITY].text) > 0;
}

static bool print_cells(const struct gh_watch_block *b, struct gh_cell *cells)
{
	const struct gh_table t = {
		.columns = columns,
		.n_columns = COLUMNS,
		.cells = cells,
		.n_rows = 1,
	};

	cells[TIME].number = b->at_s;
	cells[SIMULATED].number = b->simulated;
	if (b->json)
		return gh_table_json_line(&t, 0, b->cli->out);
	return isfinite(cells[MEAN].number) ? print_text(b->cli->out, cells)
					    : print_silent(b->cli->out, cells);
}

static void put(struct gh_cell *cell, const char *text)
{
	snprintf(cell->text, sizeof cell->text, "%s", text);
}

static bool print_row(const struct gh_watch_block *b,
		      const struct gh_watch_row *row)
{
	struct gh_cell cells[COLUMNS] = { 0 };

	put(&cells[PART], b->rig->parts[row->part].name);
	put(&cells[QUANTITY], gh_quantity_name(row->what));
	put(&cells[UNIT], gh_unit_text(gh_quantity_unit(row->what)));
	cells[MEAN].number = row->n > 0 ? row->sum / row->n : NAN;
	cells[LO].number = row->n > 0 ? row->lo : NAN;
	cells[HI].number = row->n > 0 ? row->hi : NAN;
	return print_cells(b, cells);
}

/* Of the samples and frames of this block alone. */
static bool print_loss(const struct gh_watch_block *b,
		       const struct gh_dev_stats *now)
{
	const double lost = (double)(now->samples_lost - b->then.samples_lost);
	const double came = (double)(now->samples - b->then.samples);
	const double loss =
		lost + came > 0.0 ? 1e6 * lost / (lost + came) : NAN;
	struct gh_cell cells[COLUMNS] = { 0 };

	if (!now->counts_loss)
		return true;
	put(&cells[PART], "link");
	put(&cells[QUANTITY], "loss");
	put(&cells[UNIT], gh_unit_text(GH_UNIT_PPM));
	cells[MEAN].number = cells[LO].number = cells[HI].number = loss;
	return print_cells(b, cells);
}

bool gh_watch_tell(struct gh_watch_block *b, const struct gh_dev_stats *now)
{
	bool read = !b->over || fputs(OVER, b->cli->out) >= 0;

	b->at_s = (double)(gh_now(b->cli->clock) - b->begun) / GH_US_PER_S;
	for (unsigned i = 0; read && i < b->n_rows; i++) {
		read = print_row(b, &b->rows[i]);
		begin_row(&b->rows[i]);
	}
	read = read && print_loss(b, now);
	b->then = *now;
	return fflush(b->cli->out) == 0 && read;
}
