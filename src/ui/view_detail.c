/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * view_detail - every finding, worst first, of one part or of all; below, the
 * one under the cursor in full with its cause and what to do.
 */
#include "report/phrase.h" /* gh_phrase_part */
#include "ui/frame.h"	   /* gh_frame_* */
#include "ui/rows.h"	   /* gh_rows_findings, gh_rows_filter */
#include "ui/view.h"	   /* struct gh_view */
#include "ui/words.h" /* gh_words_* */

#include <stdio.h>
#include <string.h>

enum { LIST_Y = 2, FOOT_H = 7, SMALL_FOOT_H = 4 };

static const struct column {
	size_t field;
	int x, width, least;
} columns[] = {
	{ offsetof(struct gh_row, now), 58, 10, 80 },
	{ offsetof(struct gh_row, change), 69, 10, 80 },
	{ offsetof(struct gh_row, base), 80, 12, 120 },
	{ offsetof(struct gh_row, limit), 94, 12, 120 },
};

static void draw_row(const struct gh_ui_model *m, struct gh_canvas *c, int y,
		     size_t finding, bool selected)
{
	const enum gh_ink ink = selected ? GH_INK_SELECT : GH_INK_PLAIN;
	const int metric_x = c->w < 80 ? 15 : 36;
	const int metric_w = c->w < 80 ? c->w - 16 : 21;
	struct gh_row own, *row = &own;

	gh_words_finding_row(m->view, finding, row);
	gh_frame_state(m, c, 3, y, row,
		       m->view->result->findings[finding].part);
	if (c->w >= 80)
		gh_canvas_cut(c, 15, y, 20, ink, row->part);
	gh_canvas_cut(c, metric_x, y,
		      row->has_values ? metric_w : c->w - metric_x, ink,
		      c->w < 80 ? row->part : row->metric);
	for (size_t i = 0; row->has_values && i < GH_ARRAY_SIZE(columns); i++)
		if (c->w >= columns[i].least)
			gh_canvas_cut(c, columns[i].x, y, columns[i].width, ink,
				      (const char *)row + columns[i].field);
	if (selected)
		gh_canvas_select(c, 1, y);
}

static void say_values(const struct gh_finding *f, const struct gh_row *row,
		       char *out, size_t cap)
{
	int n;

	if (!row->has_values) {
		snprintf(out, cap, "%s", row->why);
		return;
	}
	n = snprintf(out, cap, "%s, baseline %s%s%s, limit %s", row->now,
		     row->base, row->change[0] ? ", " : "", row->change,
		     row->limit);
	if (f->repeats > 0 && n > 0 && (size_t)n < cap)
		snprintf(out + n, cap - (size_t)n, ", %u of %u", f->beyond,
			 f->repeats);
}

/* The finding in words, most needed first, until the rows are full. */
static void draw_foot(const struct gh_ui_model *m, struct gh_canvas *c, int y,
		      int end, size_t finding)
{
	const struct gh_finding *f = &m->view->result->findings[finding];
	const struct gh_diagnosis *cause =
		f->part < 0 ? NULL : gh_words_worst_cause(m->view, f->part);
	char lines[5][200] = { "", "", "", "", "" };
	struct gh_row row;

	gh_words_finding_row(m->view, finding, &row);
	snprintf(lines[0], sizeof lines[0], "%s: %s", row.part, row.metric);
	say_values(f, &row, lines[1], sizeof lines[1]);
	if (cause) {
		snprintf(lines[2], sizeof lines[2], "Looks like: %s (%.0f %%)",
			 cause->title ? cause->title : cause->fault,
			 100.0 * cause->confidence);
		snprintf(lines[3], sizeof lines[3], "Do: %s",
			 cause->action ? cause->action : "-");
		snprintf(lines[4], sizeof lines[4], "Seen: %s",
			 cause->n_evidence ? cause->evidence[0] : "-");
	} else if (row.has_values) {
		gh_copy_text(lines[2], sizeof lines[2], row.why);
	}
	if (f->state == GH_STATE_FAIL)
		(void)gh_words_accepted(m->view, f->part, m->wall_s, lines[4],
					sizeof lines[4]);
	gh_canvas_hline(c, y++);
	for (int i = 0; i < 5 && y < end; i++, y++)
		gh_canvas_cut(c, 2, y, c->w - 3,
			      i == 0 ? GH_INK_TITLE : GH_INK_PLAIN, lines[i]);
}

static void draw_title(const struct gh_ui_model *m, struct gh_canvas *c,
		       size_t n)
{
	char part[GH_NAME_CAP] = "all parts", run[32];
	uint16_t order[GH_JUDGE_FINDINGS];
	int x;

	if (m->part >= 0)
		gh_phrase_part(part, sizeof part,
			       gh_words_part_name(m->view, m->part));
	snprintf(run, sizeof run, " of run %lld", (long long)m->view->run);
	x = gh_canvas_text(c, 1, 1, GH_INK_DIM, "details%s: %s, %zu of %zu",
			   m->is_past ? run : "", part,
			   n ? (size_t)m->cursor + 1 : 0, n);
	gh_rows_filter(m, c, x + 2, 1, n,
		       gh_words_findings(m->view, m->part, order));
}

static void draw_detail(const struct gh_ui_model *m, struct gh_canvas *c)
{
	const int bottom = gh_frame_bottom(m, c);
	const bool small = gh_frame_size(c) == GH_FRAME_SMALL;
	const int foot = bottom - (small ? SMALL_FOOT_H : FOOT_H);
	const size_t fit = (size_t)(foot - LIST_Y);
	const size_t first = m->cursor >= fit ? m->cursor - fit + 1 : 0;
	uint16_t order[GH_JUDGE_FINDINGS];
	size_t n;

	if (!m->view || !m->view->result)
		return;
	n = gh_rows_findings(m, order);
	draw_title(m, c, n);
	for (size_t i = first; i < n && i < first + fit; i++) {
		draw_row(m, c, LIST_Y + (int)(i - first), order[i],
			 i == m->cursor);
		gh_canvas_list(c, LIST_Y + (int)(i - first), i);
	}
	if (m->cursor < n)
		draw_foot(m, c, foot, bottom, order[m->cursor]);
}

const struct gh_view gh_view_detail = {
	.name = "detail",
	.page = GH_PAGE_DETAIL,
	.draw = draw_detail,
};
