/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/watch.h" /* what is defined here */

#include "base/status.h"   /* GH_ARRAY_SIZE */
#include "measure/angle.h" /* gh_deg */

#include <math.h>

/* The link is read so often: finer ages mean nothing. */
#define AGE_STEP_US 10000

/* What is worth a row of each kind of part, by 1u << enum gh_quantity. */
static const uint32_t worth[GH_PART_KIND_COUNT] = {
	[GH_PART_SUPPLY] = 1u << GH_Q_VOLTAGE | 1u << GH_Q_CURRENT,
	[GH_PART_JOINT] = 1u << GH_Q_CURRENT,
	[GH_PART_CORE] = 1u << GH_Q_LIGHT,
	[GH_PART_REMOTE] =
		1u << GH_Q_VOLTAGE | 1u << GH_Q_SIGNAL | 1u << GH_Q_PRESSES,
};

static const struct gh_column columns[GH_WATCH_COLUMNS] = {
	[GH_WATCH_TIME] = { "t_s", NULL, GH_CELL_NUMBER },
	[GH_WATCH_PART] = { "part", "part", GH_CELL_TEXT },
	[GH_WATCH_QUANTITY] = { "quantity", "quantity", GH_CELL_TEXT },
	[GH_WATCH_MEAN] = { "mean", "mean", GH_CELL_VALUE },
	[GH_WATCH_LO] = { "min", "min", GH_CELL_VALUE },
	[GH_WATCH_HI] = { "max", "max", GH_CELL_VALUE },
	[GH_WATCH_UNIT] = { "unit", NULL, GH_CELL_TEXT },
	[GH_WATCH_PRESENT] = { "present", "present", GH_CELL_VALUE },
	[GH_WATCH_LOWEST] = { "lowest", "lowest", GH_CELL_VALUE },
	[GH_WATCH_HIGHEST] = { "highest", "highest", GH_CELL_VALUE },
	[GH_WATCH_SHARE] = { "share", "range", GH_CELL_NUMBER },
	[GH_WATCH_AGE] = { "age_s", "age s", GH_CELL_NUMBER },
	[GH_WATCH_SIMULATED] = { "simulated", NULL, GH_CELL_BOOL },
};

const struct gh_table gh_watch_table = {
	.name = "rows",
	.none = "nothing came yet",
	.columns = columns,
	.n_columns = GH_WATCH_COLUMNS,
};

static void begin_row(struct gh_watch_row *row)
{
	row->sum = 0.0;
	row->n = 0;
	row->lo = INFINITY;
	row->hi = -INFINITY;
}

static bool is_chosen(const struct gh_watch_block *b, int part,
		      const struct gh_dev_channel *ch)
{
	return part != GH_RIG_NONE && ch->measured &&
	       (b->all || (worth[b->rig->parts[part].kind] >> ch->what & 1));
}

/* Of an angle the range of the rig, else what the channel can show. */
static void set_range(const struct gh_watch_block *b, struct gh_watch_row *row,
		      const struct gh_dev_channel *ch)
{
	const int joint = b->rig->parts[row->part].joint;

	row->least = ch->lo * row->scale;
	row->most = ch->hi * row->scale;
	if (ch->what != GH_Q_POSITION || joint == GH_RIG_NONE)
		return;
	row->least = gh_deg(b->rig->joints[joint].lo_rad);
	row->most = gh_deg(b->rig->joints[joint].hi_rad);
}

unsigned gh_watch_choose(struct gh_watch_block *b,
			 const struct gh_dev_info *info)
{
	b->n_rows = 0;
	for (unsigned i = 0; i < info->n_channels; i++) {
		const struct gh_dev_channel *ch = &info->channels[i];
		const int part = gh_rig_find_part(b->rig, ch->part);
		struct gh_watch_row *row = &b->rows[b->n_rows];

		if (!is_chosen(b, part, ch))
			continue;
		*row = (struct gh_watch_row){
			.channel = (uint16_t)i,
			.part = part,
			.what = ch->what,
			.unit = gh_quantity_unit(ch->what),
			.scale = (double)ch->num / ch->den,
			.present = (double)NAN,
			.lowest = INFINITY,
			.highest = -INFINITY,
		};
		if (row->unit == GH_UNIT_RAD) {
			row->unit = GH_UNIT_DEG;
			row->scale = gh_deg(row->scale);
		}
		set_range(b, row, ch);
		begin_row(row);
		b->row_of[i] = (uint8_t)b->n_rows++;
	}
	return b->n_rows;
}

void gh_watch_add(struct gh_watch_block *b, const struct gh_sample *sample,
		  gh_us at)
{
	const unsigned i = b->row_of[sample->channel];
	struct gh_watch_row *row = &b->rows[i];
	double v;

	if (i >= b->n_rows || row->channel != sample->channel ||
	    sample->raw == GH_RAW_INVALID)
		return;
	v = sample->raw * row->scale;
	row->sum += v;
	row->lo = fmin(row->lo, v);
	row->hi = fmax(row->hi, v);
	row->present = v;
	row->lowest = fmin(row->lowest, v);
	row->highest = fmax(row->highest, v);
	row->seen_at = at;
	row->n++;
}

/* ---- As rows --------------------------------------------------------------*/

/* A number that is none where nothing came. */
static double known(double v)
{
	return isfinite(v) ? v : (double)NAN;
}

static struct gh_cell *new_row(const struct gh_watch_block *b,
			       struct gh_table *out, const char *part,
			       const char *quantity, enum gh_unit unit)
{
	struct gh_cell *cells = gh_table_add(out);

	gh_cell_put(&cells[GH_WATCH_PART], part);
	gh_cell_put(&cells[GH_WATCH_QUANTITY], quantity);
	gh_cell_put(&cells[GH_WATCH_UNIT], gh_unit_text(unit));
	cells[GH_WATCH_TIME].number = b->at_s;
	cells[GH_WATCH_SIMULATED].number = b->simulated;
	for (int i = 0; i < GH_WATCH_COLUMNS; i++)
		cells[i].unit = unit;
	return cells;
}

/* Where it is between the least and the most, 0 to 1; NAN: not known. */
static double share_of(const struct gh_watch_row *row)
{
	const double share =
		(row->present - row->least) / (row->most - row->least);

	return isnan(share) ? share : fmin(fmax(share, 0.0), 1.0);
}

static void put_row(const struct gh_watch_block *b,
		    const struct gh_watch_row *row, gh_us now,
		    struct gh_table *out)
{
	const double mean = row->n > 0 ? row->sum / row->n : (double)NAN;
	struct gh_cell *cells = new_row(b, out, b->rig->parts[row->part].name,
					gh_quantity_name(row->what), row->unit);

	cells[GH_WATCH_MEAN].number = mean;
	cells[GH_WATCH_LO].number = known(row->lo);
	cells[GH_WATCH_HI].number = known(row->hi);
	cells[GH_WATCH_PRESENT].number = row->present;
	cells[GH_WATCH_LOWEST].number = known(row->lowest);
	cells[GH_WATCH_HIGHEST].number = known(row->highest);
	if (row->most > row->least)
		cells[GH_WATCH_SHARE].number = share_of(row);
	if (row->seen_at > 0)
		cells[GH_WATCH_AGE].number =
			round((double)(now - row->seen_at) / AGE_STEP_US) *
			AGE_STEP_US / GH_US_PER_S;
}

static void put_link(const struct gh_watch_block *b, const char *quantity,
		     enum gh_unit unit, double value, struct gh_table *out)
{
	struct gh_cell *cells = new_row(b, out, "link", quantity, unit);

	for (int i = GH_WATCH_MEAN; i <= GH_WATCH_PRESENT; i++)
		cells[i].number = value;
}

/* The loss of this block alone; the counts since the port was opened. */
static void put_losses(const struct gh_watch_block *b,
		       const struct gh_dev_stats *now, struct gh_table *out)
{
	const double lost = (double)(now->samples_lost - b->then.samples_lost);
	const double came = (double)(now->samples - b->then.samples);

	if (now->counts_loss)
		put_link(b, "loss", GH_UNIT_PPM,
			 lost + came > 0.0 ? 1e6 * lost / (lost + came)
					   : (double)NAN,
			 out);
	if (now->counts_loss && b->all)
		put_link(b, "lost", GH_UNIT_TALLY, (double)now->samples_lost,
			 out);
	if (b->all)
		put_link(b, "damaged", GH_UNIT_TALLY, (double)now->frames_bad,
			 out);
}

void gh_watch_rows(struct gh_watch_block *b, const struct gh_dev_stats *stats,
		   gh_us now, struct gh_table *out)
{
	b->at_s = (double)(now - b->begun) / GH_US_PER_S;
	out->n_rows = 0;
	for (unsigned i = 0; i < b->n_rows; i++) {
		put_row(b, &b->rows[i], now, out);
		begin_row(&b->rows[i]);
	}
	put_losses(b, stats, out);
	b->then = *stats;
}
