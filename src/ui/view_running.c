/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * view_running - the one-minute mode: seconds left, readable from far, what is
 * done and what is on. It names no verdict: there is none before the end.
 */
#include "ui/frame.h"	/* gh_frame_* */
#include "ui/letters.h" /* gh_letters */
#include "ui/view.h"	/* struct gh_view */
#include "ui/words.h"	/* gh_words_countdown */

#include <math.h>
#include <stdio.h>

enum { DIGITS_X = 3, BAR_W = 40 };

static int list_x(const struct gh_canvas *c)
{
	return gh_frame_size(c) == GH_FRAME_WIDE ? 54 : 34;
}

/* The shape of letters needs two columns a row; three digits have but one. */
static void draw_digits(const struct gh_ui_model *m, struct gh_canvas *c, int x,
			int y, int scale)
{
	const double left = m->left_s > 0 && m->left_s < 999 ? m->left_s : 0;
	char text[16];

	snprintf(text, sizeof text, "%.0f", ceil(left));
	gh_letters(c, x, y, (left > 99 ? 1 : 2) * scale, scale, GH_INK_TITLE,
		   text);
	gh_canvas_text(c, x, y + GH_LETTER_H * scale + (c->h >= 24), GH_INK_DIM,
		       "seconds left");
}

static void draw_phase(struct gh_canvas *c, int y, const char *label,
		       const struct gh_ui_phase *p, double seconds)
{
	const int x = list_x(c);
	char took[16];

	gh_words_countdown(seconds, took, sizeof took);
	gh_canvas_text(c, x, y, GH_INK_DIM, "%s", label);
	gh_canvas_cut(c, x + 6, y, c->w - x - 15, GH_INK_PLAIN, p->text);
	gh_canvas_text(c, c->w - 7, y, GH_INK_DIM, "%5s", took);
}

static unsigned phases_to_come(const struct gh_ui_model *m)
{
	return m->phases > m->phase ? m->phases - m->phase : 0;
}

/* The newest that fit, then what is on, then how many are to come. */
static int draw_phases(const struct gh_ui_model *m, struct gh_canvas *c, int y,
		       unsigned fit)
{
	unsigned i = m->n_done > fit ? m->n_done - fit : 0;

	for (; i < m->n_done; i++)
		draw_phase(c, y++, "done", &m->done[i], m->done[i].seconds);
	draw_phase(c, y++, "now", &m->current,
		   m->elapsed_s - m->current.seconds);
	if (phases_to_come(m) > 0)
		gh_canvas_text(c, list_x(c), y, GH_INK_DIM, "then  %u more",
			       phases_to_come(m));
	return y + 1;
}

static void draw_share(const struct gh_ui_model *m, struct gh_canvas *c, int y)
{
	const double share = m->share > 0 && m->share <= 1 ? m->share : 0;
	const int full = (int)(share * BAR_W);

	gh_canvas_text(c, DIGITS_X, y, GH_INK_PLAIN, "[");
	for (int i = 0; i < BAR_W; i++)
		gh_canvas_put(c, DIGITS_X + 1 + i, y, GH_INK_PLAIN,
			      i < full ? "=" : ".");
	gh_canvas_text(c, DIGITS_X + BAR_W + 1, y, GH_INK_PLAIN,
		       "]  %.0f %% of the plan", 100.0 * share);
}

/* What must be said now, most pressing first. */
static const char *news(const struct gh_ui_model *m)
{
	if (m->error[0])
		return m->error;
	if (m->stopping)
		return "Stopping: slowing down and holding. The state is read "
		       "back before this ends.";
	return m->note;
}

static void draw_large(const struct gh_ui_model *m, struct gh_canvas *c)
{
	const bool wide = gh_frame_size(c) == GH_FRAME_WIDE;
	char budget[16], left[16];
	int y;

	gh_words_countdown(m->elapsed_s + m->left_s, budget, sizeof budget);
	gh_words_countdown(m->left_s, left, sizeof left);
	gh_canvas_text(c, 1, 1, GH_INK_TITLE,
		       "PLACES CHECK   budget %s   left %s", budget, left);
	gh_canvas_hline(c, 2);
	draw_digits(m, c, DIGITS_X, 4, wide ? 2 : 1);
	y = draw_phases(m, c, 4, wide ? 16 : 7);
	y = y < (wide ? 22 : 14) ? (wide ? 22 : 14) : y;
	draw_share(m, c, y);
	gh_canvas_wrap(c, DIGITS_X, y + 2, c->w - 6, 2, news(m));
	gh_canvas_text(c, DIGITS_X, y + 4, GH_INK_DIM,
		       "The clock wins: at 0:00 you get the verdict from what "
		       "was measured.");
	gh_canvas_text(c, DIGITS_X, y + 5, GH_INK_DIM,
		       "What was not measured is NOT RUN or UNSURE, never "
		       "ready.");
}

static void draw_small(const struct gh_ui_model *m, struct gh_canvas *c)
{
	enum { BESIDE = 26 };
	const int beside = c->w - BESIDE - 1;

	draw_digits(m, c, 1, 1, 1);
	gh_canvas_text(c, BESIDE, 1, GH_INK_DIM, "now");
	gh_canvas_wrap(c, BESIDE, 2, beside, 3, m->current.text);
	if (phases_to_come(m) > 0)
		gh_canvas_text(c, BESIDE, 6, GH_INK_DIM, "then %u more",
			       phases_to_come(m));
	gh_canvas_cut(c, 16, 8, c->w - 17, GH_INK_TITLE, news(m));
}

static void draw_running(const struct gh_ui_model *m, struct gh_canvas *c)
{
	if (gh_frame_size(c) == GH_FRAME_SMALL)
		draw_small(m, c);
	else
		draw_large(m, c);
}

const struct gh_view gh_view_running = {
	.name = "running",
	.page = GH_PAGE_RUNNING,
	.keys = "SPACE stop motion, arms hold      ? help      q stop and quit",
	.few_keys = "SPACE stop   ? help   q quit",
	.draw = draw_running,
};
