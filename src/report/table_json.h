/* SPDX-License-Identifier: GPL-3.0-or-later */
/* table_json - cells, rows and plots as JSON values. */
#ifndef GH_REPORT_TABLE_JSON_H
#define GH_REPORT_TABLE_JSON_H

#include "report/plot.h"  /* struct gh_plot */
#include "report/table.h" /* struct gh_table */

#include <jansson.h>

json_t *gh_cell_json(const struct gh_cell *cell, enum gh_cell_kind kind);
/* [{...}, ...]; NULL: no memory. */
json_t *gh_table_rows_json(const struct gh_table *t);
/* {"title":...,"series":[{"x":[...],"y":[...]}]}; NULL: no memory. */
json_t *gh_plot_json(const struct gh_plot *p);

#endif
