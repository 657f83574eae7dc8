/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * rows - the parts and findings of the run on the screen, worst first, that the
 * filter lets through: those with its word in part, metric or state.
 */
#ifndef GH_UI_ROWS_H
#define GH_UI_ROWS_H

#include "ui/canvas.h" /* struct gh_canvas */
#include "ui/model.h"  /* struct gh_ui_model */

#include <stddef.h>
#include <stdint.h>

/* Indexes of the parts; order holds GH_JUDGE_PARTS. */
size_t gh_rows_parts(const struct gh_ui_model *m, uint16_t *order);

/* Of the findings of m->part, -1: of all; order holds GH_JUDGE_FINDINGS. */
size_t gh_rows_findings(const struct gh_ui_model *m, uint16_t *order);

/* "/ elb_   3 of 16 rows" over whatever is there, if there is a filter. */
void gh_rows_filter(const struct gh_ui_model *m, struct gh_canvas *c, int x,
		    int y, size_t shown, size_t all);

#endif
