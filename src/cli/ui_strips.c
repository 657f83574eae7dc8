/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ui_strips - how each part did in the runs that led to the one on the screen. */
#include "cli/ui_screen.h" /* what is defined here */

#include "judge/finding.h" /* gh_limit_ratio */
#include "ui/words.h"	   /* gh_words_find_part */

#include <stdlib.h>

enum { ROWS = GH_UI_STRIP * GH_JUDGE_PARTS };

static void fill(struct gh_ui_strips *strips, const struct gh_run_view *view,
		 const struct gh_past_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct gh_worst *w = &rows[i].worst;
		const int part = gh_words_find_part(view, rows[i].part);

		if (part < 0 || rows[i].back >= GH_UI_STRIP)
			continue;
		strips->of[part][GH_UI_STRIP - 1 - rows[i].back] =
			(struct gh_ui_past){
				true, rows[i].state,
				gh_limit_ratio(w->value, w->expected,
					       w->limit_lo, w->limit_hi)
			};
	}
}

enum gh_status gh_ui_load_strips(struct gh_ui_shown *shown, struct gh_err *err)
{
	struct gh_past_row *rows = calloc(ROWS, sizeof *rows);
	struct gh_ui_strips *strips = calloc(1, sizeof *strips);
	enum gh_status st;
	size_t n = 0;

	if (!rows || !strips)
		st = gh_fail(err, GH_NOMEM, "no memory for the last runs");
	else
		st = gh_store_past(shown->store, shown->stored->info.run,
				   GH_UI_STRIP, rows, ROWS, &n, err);
	if (st == GH_OK) {
		fill(strips, &shown->stored->view, rows, n);
		shown->strips = strips;
		strips = NULL;
	}
	free(strips);
	free(rows);
	return st;
}
