/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/frame.h"

#include "report/phrase.h" /* gh_phrase_sign, gh_phrase_duration */
#include "ui/first.h"	   /* gh_first_next */
#include "ui/keys.h"	   /* gh_keys_bar */
#include "ui/view.h"	   /* struct gh_view, gh_views */
#include "ui/words.h" /* gh_words_* */

#include <stdio.h>
#include <string.h>

enum { MESSAGE_ROWS = 5 };

static const char stop_text[] = "SPACE = STOP   stop moving and hold";

enum gh_frame_size gh_frame_size(const struct gh_canvas *c)
{
	if (c->w < 80 || c->h < 24)
		return GH_FRAME_SMALL;
	return c->w < 120 || c->h < 40 ? GH_FRAME_NORMAL : GH_FRAME_WIDE;
}

int gh_frame_bottom(const struct gh_ui_model *m, const struct gh_canvas *c)
{
	return c->h - (gh_model_may_move(m) ? 3 : 2);
}

/* `baseline "studio" 12 days`; cap bounds the whole. */
static void baseline_text(const struct gh_ui_model *m, char *out, size_t cap)
{
	const char *name = m->about.baseline;
	char age[24] = "";

	if (!name[0] && m->view && m->view->baseline)
		name = m->view->baseline;
	if (m->about.baseline_s > 0)
		gh_phrase_duration(age, sizeof age,
				   (double)(m->wall_s - m->about.baseline_s));
	if (name[0])
		snprintf(out, cap, "baseline \"%.30s\" %s", name, age);
	else
		snprintf(out, cap, "no baseline");
}

static const char *rig_name(const struct gh_ui_model *m)
{
	if (m->about.rig[0] || !m->view || !m->view->rig)
		return m->about.rig;
	return m->view->rig;
}

/* Of the run that is on, else of the verdict that is shown. */
static unsigned time_scale(const struct gh_ui_model *m)
{
	if (gh_model_looks_ahead(m))
		return m->running ? m->time_scale : 0;
	return m->view ? m->view->time_scale : 0;
}

static int draw_simulated(const struct gh_ui_model *m, struct gh_canvas *c)
{
	char text[32] = "SIMULATED";

	if (!gh_model_is_simulated(m))
		return c->w;
	if (time_scale(m) > 1 && c->w >= 80)
		snprintf(text, sizeof text, "SIMULATED x%u", time_scale(m));
	gh_canvas_text(c, c->w - 1 - (int)strlen(text), 0, GH_INK_TITLE, "%s",
		       text);
	return c->w - 1 - (int)strlen(text);
}

void gh_frame_header(const struct gh_ui_model *m, struct gh_canvas *c)
{
	const int end = draw_simulated(m, c);
	char baseline[96], line[256];

	baseline_text(m, baseline, sizeof baseline);
	if (gh_frame_size(c) == GH_FRAME_SMALL)
		snprintf(line, sizeof line, "ghostlight  %s", rig_name(m));
	else
		snprintf(line, sizeof line, "ghostlight  %s%s%s   %s",
			 rig_name(m), m->about.port[0] ? "   " : "",
			 m->about.port, baseline);
	gh_canvas_cut(c, 1, 0, end - 2, GH_INK_TITLE, line);
}

static void draw_stop_bar(const struct gh_ui_model *m, struct gh_canvas *c,
			  int y)
{
	gh_canvas_text(c, 1, y, GH_INK_STOP, "%s", stop_text);
	if (m->stopping && c->w >= 60)
		gh_canvas_text(c, 40, y, GH_INK_STOP, "STOP was heard");
	gh_canvas_paint(c, 0, y, c->w, GH_INK_STOP);
}

/* A long one covers the rows above its own: it says why nothing happened. */
static void draw_message(const struct gh_ui_model *m, struct gh_canvas *c)
{
	const int last = gh_frame_bottom(m, c), wide = c->w - 2;
	const int need = gh_canvas_rows(m->message, wide);
	const int rows = need < MESSAGE_ROWS ? need : MESSAGE_ROWS;

	for (int y = last - rows + 1; y <= last; y++)
		for (int x = 0; x < c->w; x++)
			gh_canvas_put(c, x, y, GH_INK_PLAIN, " ");
	gh_canvas_wrap(c, 1, last - rows + 1, wide, rows, m->message);
	for (int y = last - rows + 1; y <= last; y++)
		gh_canvas_paint(c, 1, y, wide, GH_INK_TITLE);
}

void gh_frame_bars(const struct gh_ui_model *m, struct gh_canvas *c)
{
	if (gh_model_may_move(m))
		draw_stop_bar(m, c, c->h - 2);
	draw_message(m, c);
	if (gh_model_bar_is_on(m))
		gh_keys_bar(m, c);
}

int gh_frame_verdict(struct gh_canvas *c, int x, int y, enum gh_verdict v,
		     bool known)
{
	return gh_canvas_text(c, x, y, gh_words_ink(v), "%s %s",
			      known ? "(k)" : gh_phrase_sign(v),
			      known ? "KNOWN" : gh_verdict_name(v));
}

void gh_frame_state(const struct gh_ui_model *m, struct gh_canvas *c, int x,
		    int y, const struct gh_row *row, int part)
{
	char text[200];

	if (row->state == GH_VERDICT_HOLD &&
	    gh_words_accepted(m->view, part, m->wall_s, text, sizeof text))
		gh_canvas_text(c, x, y, gh_words_ink(row->state), "(k) %s",
			       gh_verdict_name(row->state));
	else
		gh_frame_verdict(c, x, y, row->state, row->known);
}

/* A run out of the history: what it said then is not what counts. */
static void why_past(const struct gh_ui_model *m, char *out, size_t cap)
{
	const long long run = (long long)m->view->run;

	if (gh_model_verdict(m) != m->view->result->verdict)
		snprintf(out, cap, "run %lld is not the last one: it was %s",
			 run, gh_verdict_name(m->view->result->verdict));
	else
		snprintf(out, cap, "run %lld, not the last one: %.90s", run,
			 m->view->result->why);
}

void gh_frame_why(const struct gh_ui_model *m, char *out, size_t cap)
{
	char age[24];

	if (!m->view || !m->view->result) {
		gh_copy_text(out, cap, "no check is stored");
		return;
	}
	gh_copy_text(out, cap, m->view->result->why);
	if (!gh_model_is_old(m))
		return;
	if (m->is_past) {
		why_past(m, out, cap);
		return;
	}
	gh_phrase_duration(age, sizeof age,
			   (double)(m->wall_s - m->view->started_s));
	if (gh_model_verdict(m) != m->view->result->verdict)
		snprintf(out, cap, "the check is %s old: it was %s", age,
			 gh_verdict_name(m->view->result->verdict));
	else
		snprintf(out, cap, "%s old: %.90s", age, m->view->result->why);
}

const char *gh_frame_action(const struct gh_ui_model *m)
{
	const struct gh_diagnosis *cause;

	if (!m->view)
		return gh_first_next(m);
	if (m->is_past)
		return "press 0 for the last verdict";
	cause = gh_words_worst_cause(m->view, -1);
	if (cause && cause->action)
		return cause->action;
	if (gh_model_verdict(m) != GH_VERDICT_READY && gh_model_is_old(m))
		return "press 1 and check again";
	return m->view->advice ? m->view->advice : "";
}

void gh_frame_when(const struct gh_ui_model *m, char *out, size_t cap)
{
	char when[24], age[24];
	bool is_whole;

	if (!m->view) {
		gh_copy_text(out, cap, "");
		return;
	}
	is_whole = !m->view->end || strcmp(m->view->end, "complete") == 0;
	gh_words_when(m->view->started_s, when, sizeof when);
	gh_phrase_duration(age, sizeof age,
			   (double)(m->wall_s - m->view->started_s));
	snprintf(out, cap, "%s  %s ago (%.20s%s%.12s)", when, age,
		 m->view->profile ? m->view->profile : "?",
		 is_whole ? "" : ", ", is_whole ? "" : m->view->end);
}

const struct gh_view *gh_view_now(const struct gh_ui_model *m)
{
	const enum gh_page page = gh_model_page(m);

	for (size_t i = 0; gh_views[i]; i++)
		if (gh_views[i]->page == page)
			return gh_views[i];
	return gh_views[0];
}

void gh_view_draw(const struct gh_ui_model *m, struct gh_canvas *c)
{
	const struct gh_view *view = gh_view_now(m);

	if (!view->bare)
		gh_frame_header(m, c);
	view->draw(m, c);
	if (!view->bare)
		gh_frame_bars(m, c);
}
