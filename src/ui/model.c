/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/model.h"

#include "ui/help.h" /* gh_help_rows */
#include "ui/list.h" /* gh_list_rows */
#include "ui/rows.h" /* gh_rows_parts, gh_rows_findings */

#include <string.h>

void gh_model_init(struct gh_ui_model *m)
{
	*m = (struct gh_ui_model){ .w = 80, .h = 24, .part = -1 };
}

enum gh_page gh_model_page(const struct gh_ui_model *m)
{
	return m->w < GH_UI_MIN_W || m->h < GH_UI_MIN_H ? GH_PAGE_SMALL
							: m->page;
}

void gh_model_resize(struct gh_ui_model *m, int w, int h)
{
	m->w = w;
	m->h = h;
	if (m->page == GH_PAGE_ASK && gh_model_page(m) == GH_PAGE_SMALL) {
		m->page = GH_PAGE_HOME;
		m->n_trail = 0;
	}
	/* A larger window has less to scroll through. */
	if (m->page == GH_PAGE_HELP && m->cursor >= gh_model_rows(m))
		m->cursor = gh_model_rows(m) - 1;
}

bool gh_model_is_held(const struct gh_ui_model *m)
{
	return m->task.move != GH_MOVE_CHECK;
}

void gh_model_ask(struct gh_ui_model *m, const struct gh_ui_task *task)
{
	if (m->page != GH_PAGE_ASK && task->move != GH_MOVE_CHECK)
		gh_model_enter(m, GH_PAGE_ASK);
	else if (task->move == GH_MOVE_CHECK)
		m->n_trail = 0;
	m->page = GH_PAGE_ASK;
	m->task = *task;
	m->hold = (struct gh_hold){ GH_HOLD_OFF, 0, false, 0, 0 };
	m->consent_until = 0;
	m->asked_at = m->now;
}

void gh_model_start(struct gh_ui_model *m)
{
	m->running = true;
	m->moving = m->stopping = m->let_go = false;
	m->quit_asked = m->quit_after = false;
	if (!gh_model_is_held(m))
		m->n_trail = 0;
	if (m->page != GH_PAGE_LIVE)
		m->page = GH_PAGE_RUNNING;
	m->filtering = false;
	m->filter[0] = '\0';
	m->form.kind = GH_UI_FORM_NONE;
	m->elapsed_s = m->share = 0;
	m->left_s = gh_model_is_held(m) ? m->task.seconds
					: gh_model_plan(m)->seconds;
	m->phase = m->phases = m->n_done = 0;
	m->current = (struct gh_ui_phase){ "reaching the controller", 0 };
	m->note[0] = m->error[0] = m->message[0] = m->next[0] = '\0';
	m->time_scale = 0;
}

/* What was going on is done; the next begins now. */
static void next_phase(struct gh_ui_model *m, const struct gh_event *ev)
{
	struct gh_ui_phase done = m->current;

	done.seconds = ev->elapsed_s - m->current.seconds;
	if (m->n_done == GH_UI_PHASES) {
		memmove(m->done, m->done + 1,
			(GH_UI_PHASES - 1) * sizeof m->done[0]);
		m->n_done--;
	}
	m->done[m->n_done++] = done;
	gh_copy_text(m->current.text, sizeof m->current.text, ev->text);
	m->current.seconds = ev->elapsed_s;
}

static void take_progress(struct gh_ui_model *m, const struct gh_event *ev)
{
	m->elapsed_s = ev->elapsed_s;
	m->left_s = ev->left_s;
	m->share = ev->share;
	m->phases = ev->phases;
	m->moving = ev->moving;
	m->time_scale = ev->time_scale;
	gh_copy_text(m->next, sizeof m->next, ev->next ? ev->next : "");
	m->hold.strict = m->hold.strict || ev->moving;
	if (ev->kind == GH_EV_PHASE)
		m->phase = ev->phase + 1;
}

void gh_model_event(struct gh_ui_model *m, const struct gh_event *ev)
{
	const char *text = ev->text ? ev->text : "";
	struct gh_event with_text = *ev;

	with_text.text = text;
	if (ev->kind == GH_EV_RUN_BEGIN && !m->running)
		gh_model_start(m);
	take_progress(m, ev);
	switch (ev->kind) {
	case GH_EV_PHASE:
		next_phase(m, &with_text);
		break;
	case GH_EV_NOTE:
		gh_copy_text(m->note, sizeof m->note, text);
		break;
	case GH_EV_ERROR:
		gh_copy_text(m->error, sizeof m->error, text);
		break;
	case GH_EV_RUN_END:
		m->moving = false;
		with_text.text = "judging what was measured";
		next_phase(m, &with_text);
		break;
	case GH_EV_RUN_BEGIN:
	case GH_EV_PROGRESS:
		break;
	}
}

/* ---- From screen to screen ------------------------------------------------*/

bool gh_page_has_doc(enum gh_page page)
{
	static const bool has[GH_PAGE_COUNT] = {
		[GH_PAGE_HISTORY] = true,  [GH_PAGE_DOCTOR] = true,
		[GH_PAGE_NOTES] = true,	   [GH_PAGE_BASELINES] = true,
		[GH_PAGE_BASELINE] = true, [GH_PAGE_DIFF] = true,
		[GH_PAGE_PART] = true,	   [GH_PAGE_COMPARE] = true,
		[GH_PAGE_TREND] = true,	   [GH_PAGE_LAMPS] = true,
		[GH_PAGE_LIVE] = true,	   [GH_PAGE_SEEN] = true,
	};

	return has[page];
}

bool gh_page_is_slow(enum gh_page page)
{
	return page == GH_PAGE_DOCTOR;
}

const struct gh_ui_plan *gh_model_plan(const struct gh_ui_model *m)
{
	return &m->about.plan[m->profile < GH_UI_PROFILES ? m->profile : 0];
}

void gh_model_enter(struct gh_ui_model *m, enum gh_page page)
{
	struct gh_ui_step *step;

	if (page == m->page)
		return;
	/* The deepest counts: home is where the first Esc too many leads. */
	if (m->n_trail == GH_UI_TRAIL) {
		memmove(m->trail, m->trail + 1,
			(GH_UI_TRAIL - 1) * sizeof m->trail[0]);
		m->n_trail--;
	}
	step = &m->trail[m->n_trail++];
	*step = (struct gh_ui_step){ m->order, m->cursor, m->part };
	step->order.page = m->page;
	m->page = m->order.page = page;
	m->cursor = 0;
	m->filter[0] = '\0';
	m->filtering = false;
}

/* What is shown may have become shorter. */
static void keep_cursor_inside(struct gh_ui_model *m)
{
	const unsigned rows = gh_model_rows(m);

	if (m->cursor >= rows)
		m->cursor = rows > 0 ? rows - 1 : 0;
}

void gh_model_leave(struct gh_ui_model *m)
{
	const struct gh_ui_step *to = &m->trail[--m->n_trail];

	m->order = to->order;
	m->page = to->order.page;
	m->cursor = to->cursor;
	m->part = to->part;
	/* What it was about is over. */
	if (m->page == GH_PAGE_RUNNING && !m->running)
		m->page = GH_PAGE_HOME;
	keep_cursor_inside(m);
}

/* Whatever the answer is, it is there. */
static void end_wait(struct gh_ui_model *m)
{
	if (!m->busy)
		return;
	m->busy = m->stopping = false;
	m->message[0] = '\0'; /* that it takes some seconds */
}

/* Notes are a log: the newest is the last one. */
static void enter_list(struct gh_ui_model *m)
{
	gh_model_enter(m, m->wanted.page);
	if (m->page == GH_PAGE_NOTES && gh_model_rows(m) > 0)
		m->cursor = gh_model_rows(m) - 1;
}

void gh_model_doc(struct gh_ui_model *m, const struct gh_doc *doc)
{
	if (!doc)
		return;
	end_wait(m);
	m->doc = doc;
	if (m->going_back && m->n_trail > 0)
		gh_model_leave(m);
	else if (m->page != m->wanted.page)
		enter_list(m);
	else if (memcmp(&m->order, &m->wanted, sizeof m->order) != 0)
		m->cursor = 0;
	m->order = m->wanted;
	m->going_back = false;
	keep_cursor_inside(m);
}

static void stand(struct gh_ui_model *m)
{
	m->running = m->moving = m->stopping = m->quit_asked = false;
	m->hold.state = GH_HOLD_OFF;
}

static void end_run(struct gh_ui_model *m)
{
	stand(m);
	m->n_trail = 0;
	m->cursor = 0;
	m->part = -1;
}

void gh_model_seen(struct gh_ui_model *m, const struct gh_doc *doc,
		   const char *text)
{
	stand(m);
	gh_copy_text(m->message, sizeof m->message, text);
	if (doc && m->page != GH_PAGE_LIVE) {
		m->page = GH_PAGE_SEEN;
		m->order = (struct gh_ui_order){ .page = GH_PAGE_SEEN };
		m->doc = doc;
		m->cursor = 0;
	} else if (m->page == GH_PAGE_RUNNING && m->n_trail > 0) {
		gh_model_leave(m);
	} else if (m->page == GH_PAGE_RUNNING) {
		m->page = GH_PAGE_HOME;
	}
}

void gh_model_lost(struct gh_ui_model *m, const char *text)
{
	stand(m);
	m->consent_until = 0;
	m->doc = NULL;
	if (m->page == GH_PAGE_LIVE) {
		m->page = GH_PAGE_HOME;
		m->n_trail = 0;
		m->cursor = 0;
	}
	if (text)
		gh_copy_text(m->message, sizeof m->message, text);
}

void gh_model_show(struct gh_ui_model *m, const struct gh_run_view *view)
{
	const bool fresh = m->running;

	m->view = view;
	m->strips = NULL;
	m->is_past = false;
	if (!view) {
		keep_cursor_inside(m);
		return;
	}
	if (fresh)
		m->page = GH_PAGE_VERDICT;
	else if (m->page != GH_PAGE_ASK && m->page != GH_PAGE_HELP)
		m->page = GH_PAGE_HOME;
	end_run(m);
}

void gh_model_refresh(struct gh_ui_model *m, const struct gh_run_view *view)
{
	m->view = view;
}

void gh_model_pick(struct gh_ui_model *m, const struct gh_run_view *view,
		   bool is_last)
{
	m->view = view;
	m->strips = NULL;
	m->is_past = !is_last;
	/* Its parts need not be those of the run before. */
	m->part = -1;
	for (unsigned i = 0; i < m->n_trail; i++)
		m->trail[i].part = -1;
}

void gh_model_say(struct gh_ui_model *m, const char *text)
{
	if (m->running) {
		m->page = GH_PAGE_HOME;
		end_run(m);
	}
	end_wait(m);
	gh_copy_text(m->message, sizeof m->message, text);
}

bool gh_model_may_move(const struct gh_ui_model *m)
{
	return m->running || m->moving;
}

bool gh_model_is_old(const struct gh_ui_model *m)
{
	return m->view &&
	       (m->is_past || m->wall_s - m->view->started_s > GH_UI_MAX_AGE_S);
}

enum gh_verdict gh_model_verdict(const struct gh_ui_model *m)
{
	if (!m->view || !m->view->result)
		return GH_VERDICT_UNSURE;
	if (gh_model_is_old(m) && m->view->result->verdict < GH_VERDICT_UNSURE)
		return GH_VERDICT_UNSURE;
	return m->view->result->verdict;
}

bool gh_model_looks_ahead(const struct gh_ui_model *m)
{
	return gh_model_may_move(m) || m->page == GH_PAGE_ASK;
}

bool gh_model_is_simulated(const struct gh_ui_model *m)
{
	return m->about.simulated ||
	       (!gh_model_looks_ahead(m) && m->view && m->view->simulated);
}

unsigned gh_model_rows(const struct gh_ui_model *m)
{
	uint16_t order[GH_JUDGE_FINDINGS];

	if (gh_page_has_doc(m->page))
		return gh_list_rows(m);
	if (m->page == GH_PAGE_HELP)
		return gh_help_rows(m);
	if (!m->view || !m->view->result)
		return 0;
	if (m->page == GH_PAGE_DETAIL)
		return (unsigned)gh_rows_findings(m, order);
	return (unsigned)gh_rows_parts(m, order);
}

int gh_model_part_at(const struct gh_ui_model *m, unsigned row)
{
	uint16_t order[GH_JUDGE_PARTS];

	if (!m->view || !m->view->result || row >= gh_rows_parts(m, order))
		return -1;
	return order[row];
}

bool gh_model_bar_is_on(const struct gh_ui_model *m)
{
	return m->theme != GH_THEME_BLACKOUT || gh_model_may_move(m) ||
	       m->page == GH_PAGE_ASK || m->page == GH_PAGE_FORM ||
	       m->now - m->key_at < GH_UI_BAR_US;
}
