/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values in a table of a fixture take the unit that their row names. */
#ifndef TEST_UI_FIXTURE_UNITS_H
#define TEST_UI_FIXTURE_UNITS_H

#include "report/doc.h" /* gh_table_find */

#include <string.h>

static inline enum gh_unit fixture_unit(const struct gh_cell *named)
{
	for (unsigned u = 0; named && u < GH_UNIT_COUNT; u++)
		if (strcmp(gh_unit_text((enum gh_unit)u), named->text) == 0)
			return (enum gh_unit)u;
	return GH_UNIT_ONE;
}

static inline void fixture_units(struct gh_table *t)
{
	for (size_t r = 0; r < t->n_rows; r++) {
		enum gh_cell_kind kind;
		const enum gh_unit unit =
			fixture_unit(gh_table_find(t, r, "unit", &kind));

		for (unsigned c = 0; c < t->n_columns; c++)
			t->cells[r * t->n_columns + c].unit =
				strstr(t->columns[c].key, "percent")
					? GH_UNIT_PERCENT
					: unit;
	}
}

#endif
