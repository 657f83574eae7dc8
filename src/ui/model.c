/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/model.h"

#include "ui/words.h" /* gh_words_parts, gh_words_findings */

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
	if (m->page == GH_PAGE_ASK && gh_model_page(m) == GH_PAGE_SMALL)
		m->page = GH_PAGE_HOME;
}

void gh_model_start(struct gh_ui_model *m)
{
	m->running = true;
	m->moving = m->stopping = false;
	m->quit_asked = m->quit_after = false;
	m->page = GH_PAGE_RUNNING;
	m->elapsed_s = m->share = 0;
	m->left_s = m->about.seconds;
	m->phase = m->phases = m->n_done = 0;
	m->current = (struct gh_ui_phase){ "reaching the controller", 0 };
	m->note[0] = m->error[0] = m->message[0] = '\0';
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

static void end_run(struct gh_ui_model *m)
{
	m->running = m->moving = m->stopping = m->quit_asked = false;
	m->cursor = 0;
	m->part = -1;
}

void gh_model_show(struct gh_ui_model *m, const struct gh_run_view *view)
{
	const bool fresh = m->running;

	m->view = view;
	if (!view)
		return;
	if (fresh)
		m->page = GH_PAGE_VERDICT;
	else if (m->page != GH_PAGE_ASK && m->page != GH_PAGE_HELP)
		m->page = GH_PAGE_HOME;
	end_run(m);
}

void gh_model_say(struct gh_ui_model *m, const char *text)
{
	if (m->running)
		m->page = GH_PAGE_HOME;
	end_run(m);
	gh_copy_text(m->message, sizeof m->message, text);
}

bool gh_model_may_move(const struct gh_ui_model *m)
{
	return m->running || m->moving;
}

bool gh_model_is_old(const struct gh_ui_model *m)
{
	return m->view && m->wall_s - m->view->started_s > GH_UI_MAX_AGE_S;
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

	if (!m->view || !m->view->result)
		return 0;
	if (m->page == GH_PAGE_DETAIL)
		return (unsigned)gh_words_findings(m->view, m->part, order);
	return (unsigned)gh_words_parts(m->view, order);
}

int gh_model_part_at(const struct gh_ui_model *m, unsigned row)
{
	uint16_t order[GH_JUDGE_PARTS];

	if (!m->view || !m->view->result ||
	    row >= gh_words_parts(m->view, order))
		return -1;
	return order[row];
}

bool gh_model_bar_is_on(const struct gh_ui_model *m)
{
	return m->theme != GH_THEME_BLACKOUT || gh_model_may_move(m) ||
	       m->page == GH_PAGE_ASK || m->now - m->key_at < GH_UI_BAR_US;
}
