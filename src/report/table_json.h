/* SPDX-License-Identifier: GPL-3.0-or-later */
/* table_json - cells and rows as JSON values, for what is put around them. */
#ifndef GH_REPORT_TABLE_JSON_H
#define GH_REPORT_TABLE_JSON_H

#include "report/table.h" /* struct gh_table */

#include <jansson.h>

json_t *gh_cell_json(const struct gh_cell *cell, enum gh_cell_kind kind);
/* [{...}, ...]; NULL: no memory. */
json_t *gh_table_rows_json(const struct gh_table *t);

#endif
