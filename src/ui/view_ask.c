/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * view_ask - the dialog before motion. It says what will move, how far, how
 * long and what was found there last; Cancel comes first and is what Enter
 * means.
 */
#include "report/phrase.h" /* gh_phrase_part, gh_phrase_duration */
#include "ui/frame.h"	   /* gh_frame_why */
#include "ui/view.h"	   /* struct gh_view */
#include "ui/words.h" /* gh_words_* */

#include <math.h>
#include <stdio.h>
#include <string.h>

#define DAY_S INT64_C(86400)

static void describe_check(const struct gh_ui_model *m, char *out, size_t cap)
{
	const struct gh_ui_plan *p = gh_model_plan(m);
	char reach[48] = "", takes[24];

	if (p->reach_deg > 0)
		snprintf(reach, sizeof reach, ", up to %.0f degrees",
			 p->reach_deg);
	gh_phrase_duration(takes, sizeof takes, ceil(p->seconds));
	snprintf(out, cap,
		 "Check %s: its %u joints wiggle one by one, then sweep "
		 "together%s. The lights change too. It takes %s.",
		 m->about.rig[0] ? m->about.rig : "the sculpture", p->joints,
		 reach, takes);
}

/* One part by itself, by its crew name. */
static void describe_part(const struct gh_ui_model *m, char *out, size_t cap)
{
	const struct gh_ui_task *t = &m->task;
	char part[GH_NAME_CAP];

	gh_phrase_part(part, sizeof part, t->part);
	if (t->move == GH_MOVE_SWEEP)
		snprintf(out, cap,
			 "Sweep %s through %.0f degrees, slowly: %.0f seconds.",
			 part, t->reach_deg, t->seconds);
	else if (t->move == GH_MOVE_JOG)
		snprintf(out, cap,
			 "Move %s with Left and Right, between %.0f and %.0f "
			 "degrees, at most %.0f degrees a second.",
			 part, t->lo_deg, t->hi_deg, t->deg_s);
	else if (t->move == GH_MOVE_LOOK)
		snprintf(out, cap,
			 "Show the look %s of the %s. Up and Down: another.",
			 t->look, part);
	else if (t->is_joint)
		snprintf(out, cap,
			 "Wiggle %s where it hangs: %.0f degrees, %.0f "
			 "seconds.",
			 part, t->reach_deg, t->seconds);
	else
		snprintf(out, cap, "Blink %s: %.0f seconds.", part, t->seconds);
}

static void describe(const struct gh_ui_model *m, char *out, size_t cap)
{
	if (m->task.move == GH_MOVE_CHECK)
		describe_check(m, out, cap);
	else
		describe_part(m, out, cap);
}

/* "[#] HOLD    current 871 mA, +41 %"; returns the next row. */
static int draw_part_finding(const struct gh_ui_model *m, struct gh_canvas *c,
			     int x, int y, int part)
{
	const struct gh_diagnosis *cause = gh_words_worst_cause(m->view, part);
	struct gh_row row;
	char text[160];

	gh_words_part_row(m->view, (size_t)part, &row);
	if (row.has_values)
		snprintf(text, sizeof text, "%s%s%.60s %s%s%s",
			 cause && cause->title ? cause->title : "",
			 cause && cause->title ? ": " : "", row.metric, row.now,
			 row.change[0] ? ", " : "", row.change);
	else
		gh_copy_text(text, sizeof text, row.why);
	gh_frame_verdict(c, x, y, row.state, row.known);
	gh_canvas_cut(c, x + 12, y, c->w - 2 * x - 12, GH_INK_PLAIN, text);
	return y + 1;
}

/* What was found last, of all or of the one part. */
static int draw_finding(const struct gh_ui_model *m, struct gh_canvas *c, int x,
			int y)
{
	int part;
	char text[256];

	if (!m->view || !m->view->result)
		return y;
	part = gh_words_find_part(m->view, m->task.part);
	if (m->task.move != GH_MOVE_CHECK)
		return part < 0 ? y : draw_part_finding(m, c, x, y, part);
	gh_frame_verdict(c, x, y, gh_model_verdict(m), false);
	gh_frame_why(m, text, sizeof text);
	gh_canvas_cut(c, x + 12, y, c->w - 2 * x - 12, GH_INK_PLAIN, text);
	return y + 1;
}

/* How `y` is meant here: a press, or to be kept down. */
static const char *how(const struct gh_ui_model *m)
{
	if (!gh_model_is_held(m))
		return "  Move    (y)";
	if (m->task.move == GH_MOVE_JOG)
		return "  Allow   (y)  moves nothing yet";
	if (m->hold.state == GH_HOLD_PRESSED)
		return "  Move    (y)  keep it down ...";
	return m->task.is_joint ? "  Move    (keep y down; release stops)"
				: "  Show    (keep y down; release ends)";
}

/* Every check is wear. What one part moved by itself is not stored. */
static void draw_today(const struct gh_ui_model *m, struct gh_canvas *c, int x,
		       int y)
{
	const struct gh_ui_about *a = &m->about;
	const bool is_today = m->wall_s - a->moved_day_s < DAY_S;
	char moved[24], text[48];
	int at;

	if (a->moved_day_s == 0 || (gh_model_is_held(m) && !m->task.is_joint))
		return;
	gh_phrase_duration(moved, sizeof moved, is_today ? a->moved_s : 0.0);
	snprintf(text, sizeof text, "%smoved%s %s today",
		 c->w < 80 ? "" : "checks ", c->w < 80 ? "" : " it", moved);
	at = c->w - 1 - (int)strlen(text);
	if (at > x + 1)
		gh_canvas_text(c, at, y, GH_INK_DIM, "%s", text);
}

static void draw_ask(const struct gh_ui_model *m, struct gh_canvas *c)
{
	const bool small = gh_frame_size(c) == GH_FRAME_SMALL;
	const int x = small ? 1 : 4, wide = c->w - 2 * x;
	char text[256];
	int y = small ? 1 : 3, found;

	describe(m, text, sizeof text);
	y += gh_canvas_wrap(c, x, y, wide, 4, text);
	y += !small;
	found = draw_finding(m, c, x, y);
	y = found > y && !small ? found + 1 : found;
	if (m->about.latched[0])
		gh_canvas_text(c, x, y++, GH_INK_TITLE,
			       "A stop is latched (%.15s); y clears it.",
			       m->about.latched);
	gh_canvas_text(c, x, y++, GH_INK_TITLE, "%s",
		       !gh_model_is_held(m) ? "Nobody near the arms?"
		       : m->task.is_joint   ? "Nobody near the arm?"
					    : "Nothing moves.");
	y += !small;
	gh_canvas_text(c, x, y, GH_INK_SELECT, "> Cancel  (Enter, Esc) ");
	c->cursor_x = x;
	c->cursor_y = y;
	draw_today(m, c,
		   gh_canvas_cut(c, x, y + 1, c->w - x - 1, GH_INK_PLAIN,
				 how(m)),
		   y + 1);
}

const struct gh_view gh_view_ask = {
	.name = "ask",
	.page = GH_PAGE_ASK,
	.draw = draw_ask,
};
