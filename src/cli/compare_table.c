/* SPDX-License-Identifier: GPL-3.0-or-later */
/* compare_table - rows of a comparison as cells. */
#include "cli/compare.h" /* what is defined here */

#include <math.h>

enum {
	PART,
	METRIC,
	VALUE_A,
	VALUE_B,
	CHANGE,
	PERCENT,
	UNIT,
	NOISE,
	RATIO,
	BEYOND,
	FINDING,
	WHY,
	COLUMNS
};

static const struct gh_column columns[COLUMNS] = {
	[PART] = { "part", "part", GH_CELL_TEXT },
	[METRIC] = { "metric", "metric", GH_CELL_TEXT },
	[VALUE_A] = { "a", "A", GH_CELL_VALUE },
	[VALUE_B] = { "b", "B", GH_CELL_VALUE },
	[CHANGE] = { "change", "change", GH_CELL_VALUE },
	[PERCENT] = { "change_percent", "%", GH_CELL_VALUE },
	[UNIT] = { "unit", NULL, GH_CELL_TEXT },
	[NOISE] = { "noise", "noise", GH_CELL_VALUE },
	[RATIO] = { "ratio", NULL, GH_CELL_NUMBER },
	[BEYOND] = { "beyond_noise", "beyond", GH_CELL_BOOL },
	[FINDING] = { "finding", NULL, GH_CELL_TEXT },
	[WHY] = { "why_not", "why not", GH_CELL_TEXT },
};

static bool is_colour(const struct gh_metric *metric)
{
	return metric && metric->kind == GH_METRIC_COLOUR;
}

struct gh_table gh_compare_table(bool judged)
{
	return (struct gh_table){ .name = "metrics",
				  .none = "no values",
				  .columns = columns,
				  .n_columns = judged ? COLUMNS : NOISE };
}

static void put_noise(struct gh_cell *c, const struct gh_compare_row *row,
		      enum gh_unit unit)
{
	gh_cell_put(&c[WHY], row->why);
	gh_cell_value(&c[NOISE], row->noise, unit);
	c[RATIO].number = row->ratio;
	if (isfinite(row->ratio))
		c[BEYOND].number = row->ratio > 1;
	gh_cell_put(&c[FINDING], !isfinite(row->ratio) ? "not told"
				 : row->ratio > 1      ? "CHANGED"
						       : "same");
}

void gh_compare_put(struct gh_table *t, const struct gh_compare_row *row)
{
	const struct gh_compare_value *any = row->a ? row->a : row->b;
	const enum gh_unit unit = any->metric ? any->metric->unit : GH_UNIT_ONE;
	struct gh_cell *c = gh_table_add(t);

	gh_cell_put(&c[PART], any->part);
	gh_cell_put(&c[METRIC], any->id);
	if (any->metric)
		gh_cell_put(&c[UNIT], gh_unit_text(unit));
	/* Three numbers have no column; what they differ by has. */
	if (!is_colour(any->metric)) {
		gh_cell_value(&c[VALUE_A], row->a ? row->a->v[0] : NAN, unit);
		gh_cell_value(&c[VALUE_B], row->b ? row->b->v[0] : NAN, unit);
	}
	gh_cell_value(&c[CHANGE], row->change, unit);
	if (fabs(c[VALUE_A].number) > 0)
		gh_cell_value(&c[PERCENT],
			      100 * row->change / fabs(c[VALUE_A].number),
			      GH_UNIT_PERCENT);
	if (t->n_columns > NOISE)
		put_noise(c, row, unit);
}
