/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * view_running - the one-minute mode: seconds left, readable from far, what is
 * done and what is on. It names no verdict: there is none before the end.
 */
#include "report/phrase.h" /* gh_phrase_part */
#include "ui/frame.h"	/* gh_frame_* */
#include "ui/letters.h" /* gh_letters */
#include "ui/view.h"	/* struct gh_view */
#include "ui/words.h" /* gh_words_countdown */

#include <math.h>
#include <stdio.h>

enum { DIGITS_X = 3, BAR_W = 40 };

static int list_x(const struct gh_canvas *c)
{
	return gh_frame_size(c) == GH_FRAME_WIDE ? 54 : 34;
}

/* "23" up to a minute and a half, then "4:37", or minutes where that is too
 * wide; the unit of it. */
static const char *left_text(double left, int room, char out[16])
{
	if (!(left > 0 && left < 86400))
		left = 0;
	snprintf(out, 16, "%.0f", ceil(left));
	if (left <= 99)
		return "seconds left";
	gh_words_countdown(left, out, 16);
	if (gh_letters_width(out, 1) > room)
		snprintf(out, 16, "%.0f", ceil(left / 60));
	return "minutes left";
}

/* As large as it can be in that room, two columns a row; else narrow. */
static void draw_digits(const struct gh_ui_model *m, struct gh_canvas *c, int x,
			int y, int room, int most)
{
	char text[16];
	const char *unit = left_text(m->left_s, room, text);
	int scale = room / (2 * gh_letters_width(text, 1));

	scale = scale < most ? scale : most;
	gh_letters(c, x, y, scale > 0 ? 2 * scale : 1, scale > 0 ? scale : 1,
		   GH_INK_TITLE, text);
	gh_canvas_text(c, x,
		       y + GH_LETTER_H * (scale > 0 ? scale : 1) + (c->h >= 24),
		       GH_INK_DIM, "%s", unit);
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

static int draw_next(const struct gh_ui_model *m, struct gh_canvas *c, int y)
{
	const unsigned more = phases_to_come(m);
	const int x = list_x(c);

	if (more > 0 && m->next[0]) {
		gh_canvas_text(c, x, y, GH_INK_DIM, "next");
		gh_canvas_cut(c, x + 6, y++, c->w - x - 15, GH_INK_DIM,
			      m->next);
	}
	if (more > 1)
		gh_canvas_text(c, x, y++, GH_INK_DIM, "then  %u more",
			       more - 1);
	return y;
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
	return draw_next(m, c, y);
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
	if (m->let_go)
		return "Released: slowing down and holding. The state is read "
		       "back before this ends.";
	if (m->stopping)
		return "Stopping: slowing down and holding. The state is read "
		       "back before this ends.";
	return m->note;
}

/* "PLACES" */
static void name_of(const struct gh_ui_model *m, char out[GH_NAME_CAP])
{
	gh_copy_text(out, GH_NAME_CAP, gh_model_plan(m)->name);
	for (char *s = out; *s; s++)
		if (*s >= 'a' && *s <= 'z')
			*s = (char)(*s - 'a' + 'A');
}

/* What runs, and how it is kept running. */
static void draw_title(const struct gh_ui_model *m, struct gh_canvas *c)
{
	static const char *const names[] = {
		[GH_MOVE_SWEEP] = "SWEEP",
		[GH_MOVE_IDENTIFY] = "IDENTIFY",
		[GH_MOVE_LOOK] = "LOOK",
		[GH_MOVE_JOG] = "JOG",
	};
	char budget[16], left[16], part[GH_NAME_CAP], profile[GH_NAME_CAP];

	gh_words_countdown(m->elapsed_s + m->left_s, budget, sizeof budget);
	gh_words_countdown(m->left_s, left, sizeof left);
	gh_phrase_part(part, sizeof part, m->task.part);
	name_of(m, profile);
	if (!gh_model_is_held(m))
		gh_canvas_text(c, 1, 1, GH_INK_TITLE,
			       "%s CHECK   budget %s   left %s", profile,
			       budget, left);
	else
		gh_canvas_text(c, 1, 1, GH_INK_TITLE, "%s %s %s   left %s",
			       names[m->task.move], part, m->task.look, left);
}

static void draw_rules(const struct gh_ui_model *m, struct gh_canvas *c, int y)
{
	static const char *const clock[] = {
		"The clock wins: at 0:00 you get the verdict from what was "
		"measured.",
		"What was not measured is NOT RUN or UNSURE, never ready."
	};
	static const char *const hold[] = {
		"It moves while y is kept down: release it, or press another "
		"key, and",
		"it stops and holds. No verdict comes of it, nothing is stored."
	};
	const char *const *lines = gh_model_is_held(m) ? hold : clock;

	for (int i = 0; i < 2; i++)
		gh_canvas_text(c, DIGITS_X, y + i, GH_INK_DIM, "%s", lines[i]);
}

static void draw_large(const struct gh_ui_model *m, struct gh_canvas *c)
{
	const bool wide = gh_frame_size(c) == GH_FRAME_WIDE;
	int y;

	draw_title(m, c);
	gh_canvas_hline(c, 2);
	draw_digits(m, c, DIGITS_X, 4, list_x(c) - DIGITS_X - 1, wide ? 2 : 1);
	y = draw_phases(m, c, 4, wide ? 15 : 6);
	y = y < (wide ? 22 : 14) ? (wide ? 22 : 14) : y;
	draw_share(m, c, y);
	gh_canvas_wrap(c, DIGITS_X, y + 2, c->w - 6, 2, news(m));
	draw_rules(m, c, y + 4);
}

static void draw_small(const struct gh_ui_model *m, struct gh_canvas *c)
{
	enum { BESIDE = 26 };
	const int beside = c->w - BESIDE - 1;

	draw_digits(m, c, 1, 1, BESIDE - 2, 1);
	gh_canvas_text(c, BESIDE, 1, GH_INK_DIM, "now");
	gh_canvas_wrap(c, BESIDE, 2, beside, 3, m->current.text);
	if (phases_to_come(m) > 0)
		gh_canvas_text(c, BESIDE, 5, GH_INK_DIM, "%u to come",
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
	.draw = draw_running,
};
