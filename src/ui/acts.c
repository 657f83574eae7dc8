/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/acts.h"

#include "ui/acts_past.h" /* gh_act_last */
#include "ui/help.h"	  /* gh_help_next */
#include "ui/list.h"	  /* gh_list_text */
#include "ui/rows.h"	  /* gh_rows_findings */
#include "ui/words.h"	  /* gh_words_find_part */

#include <stdio.h>
#include <string.h>

enum gh_ui_action gh_act_say(struct gh_ui_model *m, const char *text)
{
	gh_copy_text(m->message, sizeof m->message, text);
	return GH_UI_REDRAW;
}

int gh_act_part_here(const struct gh_ui_model *m)
{
	uint16_t order[GH_JUDGE_FINDINGS];

	if (!m->view || !m->view->result)
		return -1;
	if (m->page == GH_PAGE_HOME)
		return gh_model_part_at(m, m->cursor);
	if (m->page == GH_PAGE_VERDICT)
		return gh_words_worst_part(m->view);
	if (m->page == GH_PAGE_PART)
		return gh_words_find_part(m->view, m->order.word[0]);
	if (m->page == GH_PAGE_DETAIL && m->cursor < gh_rows_findings(m, order))
		return m->view->result->findings[order[m->cursor]].part;
	return m->part;
}

/* ---- From screen to screen ------------------------------------------------*/

static enum gh_ui_action order(struct gh_ui_model *m)
{
	m->busy = gh_page_is_slow(m->wanted.page);
	if (m->busy)
		gh_act_say(m, "Looking, from the cable to the disk: some "
			      "seconds. SPACE breaks it off; nothing moves.");
	return GH_UI_OPEN;
}

enum gh_ui_action gh_act_open(struct gh_ui_model *m, enum gh_page page,
			      const char *word0, const char *word1,
			      const char *word2)
{
	const char *const words[] = { word0, word1, word2 };

	m->wanted = (struct gh_ui_order){ .page = page };
	m->going_back = false;
	for (size_t i = 0; i < GH_ARRAY_SIZE(words); i++)
		if (words[i])
			gh_copy_text(m->wanted.word[i], GH_UI_WORD, words[i]);
	return order(m);
}

enum gh_ui_action gh_act_back(struct gh_ui_model *m)
{
	const struct gh_ui_step *to;

	if (m->filter[0]) {
		m->filter[0] = '\0';
		m->cursor = 0;
		return GH_UI_REDRAW;
	}
	if (m->n_trail == 0 && m->page == GH_PAGE_HOME && m->is_past)
		return gh_act_last(m);
	if (m->n_trail == 0) {
		m->page = m->running ? GH_PAGE_RUNNING : GH_PAGE_HOME;
		m->part = -1;
		m->cursor = 0;
		return GH_UI_REDRAW;
	}
	to = &m->trail[m->n_trail - 1];
	if (gh_page_has_doc(to->order.page)) {
		m->wanted = to->order;
		m->going_back = true;
		return order(m);
	}
	gh_model_leave(m);
	return GH_UI_REDRAW;
}

enum gh_ui_action gh_act_help(struct gh_ui_model *m)
{
	gh_model_enter(m, GH_PAGE_HELP);
	return GH_UI_REDRAW;
}

/* A page of help further; after the last the first. */
enum gh_ui_action gh_act_more(struct gh_ui_model *m)
{
	m->cursor = gh_help_next(m);
	return GH_UI_REDRAW;
}

const char *gh_no_more(const struct gh_ui_model *m)
{
	return gh_help_rows(m) > 1 ? NULL : "This is all of it.";
}

const char *gh_no_verdict(const struct gh_ui_model *m)
{
	return m->view && m->view->result
		       ? NULL
		       : "No verdict yet: no check is stored.";
}

enum gh_ui_action gh_act_verdict(struct gh_ui_model *m)
{
	gh_model_enter(m, GH_PAGE_VERDICT);
	return GH_UI_REDRAW;
}

/* Of all parts; from the screen of one, of that. */
enum gh_ui_action gh_act_details(struct gh_ui_model *m)
{
	const int part = m->page == GH_PAGE_PART
				 ? gh_words_find_part(m->view, m->order.word[0])
				 : -1;

	gh_model_enter(m, GH_PAGE_DETAIL);
	m->part = part;
	return GH_UI_REDRAW;
}

/*
 * On home the cursor is on a part: Enter shows it. A run that is not stored
 * has no more than its findings.
 */
enum gh_ui_action gh_act_part(struct gh_ui_model *m)
{
	const int part = gh_model_part_at(m, m->cursor);
	char run[24];

	if (part >= 0 && m->view->run > 0) {
		snprintf(run, sizeof run, "%lld", (long long)m->view->run);
		return gh_act_open(m, GH_PAGE_PART, m->view->parts[part].name,
				   run, NULL);
	}
	gh_model_enter(m, GH_PAGE_DETAIL);
	m->part = part;
	return GH_UI_REDRAW;
}

enum gh_ui_action gh_act_history(struct gh_ui_model *m)
{
	return gh_act_open(m, GH_PAGE_HISTORY, NULL, NULL, NULL);
}

enum gh_ui_action gh_act_doctor(struct gh_ui_model *m)
{
	return gh_act_open(m, GH_PAGE_DOCTOR, NULL, NULL, NULL);
}

const char *gh_no_lamps(const struct gh_ui_model *m)
{
	return m->running ? "A check is running." : NULL;
}

enum gh_ui_action gh_act_lamps(struct gh_ui_model *m)
{
	return gh_act_open(m, GH_PAGE_LAMPS, NULL, NULL, NULL);
}

/* What is stored and plugged in now. */
enum gh_ui_action gh_act_look(struct gh_ui_model *m)
{
	return gh_act_open(m, GH_PAGE_HOME, "look", NULL, NULL);
}

const char *gh_no_simulator(const struct gh_ui_model *m)
{
	return m->about.simulated ? "It is simulated already." : NULL;
}

enum gh_ui_action gh_act_simulate(struct gh_ui_model *m)
{
	return gh_act_open(m, GH_PAGE_HOME, "simulate", NULL, NULL);
}

enum gh_ui_action gh_act_print(struct gh_ui_model *m)
{
	return gh_act_open(m, GH_PAGE_HOME, "print", NULL, NULL);
}

/* In these lists the cursor is on a run. */
enum gh_ui_action gh_act_run(struct gh_ui_model *m)
{
	char run[GH_UI_WORD];

	if (!gh_list_text(m, "run", run, sizeof run))
		return gh_act_say(m, "No run in this list.");
	if (!gh_is_digit(run[0]))
		return gh_act_say(m, "This one is about no run.");
	return gh_act_open(m, GH_PAGE_DETAIL, run, NULL, NULL);
}

/* ---- On a screen ----------------------------------------------------------*/

enum gh_ui_action gh_act_up(struct gh_ui_model *m)
{
	if (m->cursor > 0)
		m->cursor--;
	return GH_UI_REDRAW;
}

enum gh_ui_action gh_act_down(struct gh_ui_model *m)
{
	if (m->cursor + 1 < gh_model_rows(m))
		m->cursor++;
	return GH_UI_REDRAW;
}

enum gh_ui_action gh_act_filter(struct gh_ui_model *m)
{
	m->filtering = true;
	m->filter[0] = '\0';
	m->cursor = 0;
	return GH_UI_REDRAW;
}

enum gh_ui_action gh_act_theme(struct gh_ui_model *m)
{
	m->theme = (enum gh_theme)((m->theme + 1) % GH_THEME_COUNT);
	snprintf(m->message, sizeof m->message, "theme %s",
		 gh_theme_name(m->theme));
	return GH_UI_REDRAW;
}

enum gh_ui_action gh_act_mouse(struct gh_ui_model *m)
{
	m->mouse = !m->mouse;
	return gh_act_say(m, m->mouse ? "mouse on: a click selects, again "
					"opens; m gives it back"
				      : "mouse off");
}

enum gh_ui_action gh_act_charset(struct gh_ui_model *m)
{
	if (!m->utf8_able)
		return gh_act_say(m, "This terminal shows ASCII only.");
	m->utf8 = !m->utf8;
	return GH_UI_REDRAW;
}
