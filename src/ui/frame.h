/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * frame - what all screens share: the header with SIMULATED, the message line,
 * the STOP bar and the key bar.
 */
#ifndef GH_UI_FRAME_H
#define GH_UI_FRAME_H

#include "ui/canvas.h" /* struct gh_canvas */
#include "ui/model.h"  /* struct gh_ui_model */
#include "ui/words.h"  /* struct gh_row */

/* Sizes that a view lays itself out for. */
enum gh_frame_size { GH_FRAME_SMALL, GH_FRAME_NORMAL, GH_FRAME_WIDE };
enum gh_frame_size gh_frame_size(const struct gh_canvas *c);

/* The first row that a view must leave alone. */
int gh_frame_bottom(const struct gh_ui_model *m, const struct gh_canvas *c);

/* Row 0. */
void gh_frame_header(const struct gh_ui_model *m, struct gh_canvas *c);

/* The last rows: message, STOP bar, keys. */
void gh_frame_bars(const struct gh_ui_model *m, struct gh_canvas *c);

/*
 * The state of a part: "(k) HOLD" is one that failed and that somebody has
 * accepted since.
 */
void gh_frame_state(const struct gh_ui_model *m, struct gh_canvas *c, int x,
		    int y, const struct gh_row *row, int part);

/* "[#] HOLD" at x; returns the column after it. */
int gh_frame_verdict(struct gh_canvas *c, int x, int y, enum gh_verdict v,
		     bool known);

/* "READY 5 h old: counts as UNSURE" or the judge's reason. */
void gh_frame_why(const struct gh_ui_model *m, char *out, size_t cap);

/* What the crew does next, "" nothing. */
const char *gh_frame_action(const struct gh_ui_model *m);

/* "4 min ago (places)", "(places, stopped)" */
void gh_frame_when(const struct gh_ui_model *m, char *out, size_t cap);

#endif
