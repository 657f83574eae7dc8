/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * first - home while nothing is stored: what is there, what is missing, and
 * what to do next.
 */
#ifndef GH_UI_FIRST_H
#define GH_UI_FIRST_H

#include "ui/canvas.h" /* struct gh_canvas */
#include "ui/model.h"  /* struct gh_ui_model */

/* What is to be done first; never NULL. */
const char *gh_first_next(const struct gh_ui_model *m);

/* Draws rows y to end - 1. */
void gh_first_draw(const struct gh_ui_model *m, struct gh_canvas *c, int y,
		   int end);

#endif
