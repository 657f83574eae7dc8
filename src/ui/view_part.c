/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * view_part - `ghostlight part`: the curves of one part on top, below them what
 * was said of it, its numbers, and what to do. In a small window the worst
 * number and the peak of the curve stand for all that.
 */
#include "base/number.h" /* gh_number_text */
#include "report/phrase.h" /* gh_phrase_part */
#include "ui/frame.h"	 /* gh_frame_* */
#include "ui/list.h"	 /* gh_list_table */
#include "ui/plot.h"	 /* gh_plot_draw */
#include "ui/view.h"	 /* struct gh_view */
#include "ui/words.h" /* gh_words_ink, gh_words_verdict */

#include <math.h>
#include <stdio.h>
#include <string.h>

/* What the rest leaves to the plots; more than so many rows show no more. */
enum { PLOT_MAX = 22, GAP = 2, LOOKS_MAX = 6 };

static const struct gh_list_column metrics[] = {
	{ "state", 11, 0 },
	{ "what", 0, 0 },
	{ "now", 10, 80 },
	{ "was", 10, 80 },
	{ "change", 9, 80 },
	{ "limit", 10, 80 },
	{ "flags", 10, 120 },
	{ "notices", 12, 120 },
	{ "seen", 6, 120 },
	{ "since_run", 9, 120 },
	{ 0 },
};
static const struct gh_list_column looks[] = {
	{ "look", 0, 0 },    { "now", 15, 0 },
	{ "was", 15, 80 },   { "light", 6, 100 },
	{ "change", 8, 0 },  { "limit", 7, 100 },
	{ "state", 11, 80 }, { 0 },
};

static const char *fact(const struct gh_ui_model *m, const char *key,
			char out[64])
{
	enum gh_cell_kind kind;
	const struct gh_cell *cell = gh_doc_find(m->doc, key, &kind);

	out[0] = '\0';
	if (cell)
		gh_cell_text(cell, kind, out, 64);
	return out;
}

/* ---- The head -------------------------------------------------------------------*/

static int draw_state(const struct gh_ui_model *m, struct gh_canvas *c, int x,
		      int y)
{
	char text[64];
	const int v = gh_words_verdict(fact(m, "state", text));

	if (v == GH_VERDICT_HOLD && fact(m, "accepted", text)[0])
		return gh_canvas_text(c, x, y, gh_words_ink(GH_VERDICT_HOLD),
				      "(k) HOLD");
	return v < 0 ? x : gh_frame_verdict(c, x, y, (enum gh_verdict)v, false);
}

static void draw_head(const struct gh_ui_model *m, struct gh_canvas *c)
{
	char part[GH_NAME_CAP], run[64], at[64], profile[64], line[256];
	int x;

	gh_phrase_part(part, sizeof part, m->order.word[0]);
	x = gh_canvas_text(c, 1, 1, GH_INK_TITLE, "%s", part);
	x = draw_state(m, c, x + 3, 1);
	snprintf(line, sizeof line, "run %s   %s   %s", fact(m, "run", run),
		 fact(m, "started", at), fact(m, "profile", profile));
	gh_canvas_cut(c, x + 3, 1, c->w - x - 4, GH_INK_PLAIN, line);
	gh_canvas_hline(c, 2);
}

static int draw_lines(struct gh_canvas *c, int y, int end,
		      const char lines[][GH_DOC_LINE], unsigned n)
{
	for (unsigned i = 0; i < n && y < end; i++, y++)
		gh_canvas_cut(c, 1, y, c->w - 2, GH_INK_PLAIN, lines[i]);
	return y;
}

/* ---- The plots ------------------------------------------------------------------*/

/* Bars need not be wide; two curves beside each other do. */
static bool has_two(const struct gh_doc *d, const struct gh_canvas *c)
{
	return d->n_plots > 1 && (c->w >= 120 || d->plots[1]->bars);
}

static int draw_plots(const struct gh_ui_model *m, struct gh_canvas *c, int y,
		      int rows)
{
	const struct gh_doc *d = m->doc;
	struct gh_plot_area area = { 1, y, c->w - 2, rows };
	const int all = area.w;

	if (d->n_plots == 0 || rows < GH_PLOT_MIN_H)
		return y;
	if (has_two(d, c))
		area.w = all * 3 / 5 - GAP;
	gh_plot_draw(d->plots[0], c, &area);
	if (has_two(d, c)) {
		area.x += area.w + GAP;
		area.w = all - area.w - GAP;
		gh_plot_draw(d->plots[1], c, &area);
	}
	return y + rows;
}

/* ---- In full --------------------------------------------------------------------*/

struct share {
	int looks, plots, above, table, below;
};

static int at_most(int v, int most)
{
	return v < most ? v : most;
}

/* What is needed most first; the rest of the rows widens the plots. */
static struct share share_out(const struct gh_ui_model *m,
			      const struct gh_canvas *c, int rows)
{
	const struct gh_doc *d = m->doc;
	const bool wide = gh_frame_size(c) == GH_FRAME_WIDE;
	const int listed = d->n_tables > 0 ? (int)d->tables[0]->n_rows : 0;
	struct share s = { 0, 0, 0, 0, 0 };

	if (d->n_tables > 1)
		s.looks = at_most((int)d->tables[1]->n_rows + 1, LOOKS_MAX);
	s.above =
		d->n_above > 1 ? at_most((int)d->n_above - 1, wide ? 3 : 2) : 0;
	s.below = at_most((int)d->n_below, wide ? 8 : 2);
	s.table = 1 + at_most(listed > 0 ? listed : 1, wide	     ? 8
						       : s.looks > 0 ? 1
								     : 3);
	rows -= s.looks + s.above + s.below + s.table;
	if (d->n_plots > 0 && rows >= GH_PLOT_MIN_H)
		s.plots = at_most(rows, PLOT_MAX);
	s.table += rows - s.plots > 0 ? rows - s.plots : 0;
	return s;
}

static void draw_full(const struct gh_ui_model *m, struct gh_canvas *c,
		      int bottom)
{
	const struct gh_doc *d = m->doc;
	const struct share s = share_out(m, c, bottom - 3);
	int y = 3;

	draw_head(m, c);
	if (s.looks > 0)
		gh_list_rest(d->tables[1], c, y, y + s.looks, looks, "state");
	y += s.looks;
	y = draw_plots(m, c, y, s.plots);
	y = draw_lines(c, y, y + s.above, d->above + 1, (unsigned)s.above);
	y = gh_list_table(m, c, y, at_most(y + s.table, bottom), metrics,
			  "state");
	draw_lines(c, y, bottom, d->below, d->n_below);
}

/* ---- In a small window ----------------------------------------------------------*/

static int wrap(struct gh_canvas *c, int y, int end, int rows, const char *text)
{
	return y +
	       gh_canvas_wrap(c, 1, y, c->w - 2, at_most(rows, end - y), text);
}

static double number(const struct gh_ui_model *m, const char *key)
{
	enum gh_cell_kind kind;
	const struct gh_cell *cell = gh_doc_find(m->doc, key, &kind);

	return cell && kind != GH_CELL_TEXT ? cell->number : (double)NAN;
}

/* What is left of the curve. */
static int draw_peak(const struct gh_ui_model *m, struct gh_canvas *c, int y,
		     int end)
{
	const double peak = number(m, "peak_ma");
	const double was = number(m, "peak_baseline_ma");
	char line[GH_DOC_LINE], now[GH_NUMBER_CAP], base[GH_NUMBER_CAP];

	if (!isfinite(peak))
		return y;
	gh_number_text(peak / 1e3, GH_UNIT_AMPERE, now, sizeof now);
	gh_number_text(was / 1e3, GH_UNIT_AMPERE, base, sizeof base);
	snprintf(line, sizeof line, "peak %s at %.0f deg%s%s", now,
		 number(m, "peak_deg"), isfinite(was) ? ", baseline " : "",
		 isfinite(was) ? base : "");
	return wrap(c, y, end, 2, line);
}

static int draw_since(const struct gh_ui_model *m, struct gh_canvas *c, int y,
		      int end)
{
	char run[64], line[GH_DOC_LINE];

	if (!isfinite(number(m, "first_run")))
		return y;
	snprintf(line, sizeof line, "off since run %s",
		 fact(m, "first_run", run));
	return wrap(c, y, end, 1, line);
}

static void draw_small(const struct gh_ui_model *m, struct gh_canvas *c,
		       int end)
{
	const struct gh_doc *d = m->doc;
	char part[GH_NAME_CAP], run[64];
	int x = draw_state(m, c, 1, 1);
	int y = 2;

	gh_phrase_part(part, sizeof part, m->order.word[0]);
	x = gh_canvas_cut(c, x + 2, 1, c->w - x - 12, GH_INK_TITLE, part);
	gh_canvas_text(c, x + 2, 1, GH_INK_DIM, "run %s", fact(m, "run", run));
	if (d->n_above > 1)
		y = wrap(c, y, end, 3, d->above[1]);
	y = draw_peak(m, c, y, end);
	y = draw_since(m, c, y, end);
	for (unsigned i = 0; i < d->n_below; i++)
		y = wrap(c, y, end, 2, d->below[i]);
}

static void draw_part(const struct gh_ui_model *m, struct gh_canvas *c)
{
	const int bottom = gh_frame_bottom(m, c);

	if (!m->doc)
		return;
	if (gh_frame_size(c) == GH_FRAME_SMALL)
		draw_small(m, c, bottom);
	else
		draw_full(m, c, bottom);
}

const struct gh_view gh_view_part = {
	.name = "part",
	.page = GH_PAGE_PART,
	.draw = draw_part,
};
