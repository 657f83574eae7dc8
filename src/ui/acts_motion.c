/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/acts_motion.h"

#include "ui/keys.h" /* GH_UI_DEAD_US */
#include "ui/list.h" /* gh_list_text */
#include "ui/words.h" /* gh_words_part_name */

#include <stdio.h>
#include <string.h>

/* ---- A check --------------------------------------------------------------*/

enum gh_ui_action gh_act_stop(struct gh_ui_model *m)
{
	m->quit_asked = false;
	if (m->page == GH_PAGE_ASK) {
		m->page = GH_PAGE_HOME;
		m->n_trail = 0;
	}
	if (m->running || m->busy) {
		m->stopping = true;
	} else {
		m->hold.state = GH_HOLD_OFF;
		gh_act_say(m, "Nothing of ours is moving.");
	}
	return GH_UI_STOP;
}

const char *gh_no_check(const struct gh_ui_model *m)
{
	const struct gh_ui_plan *plan = gh_model_plan(m);

	if (m->running)
		return "A check is running.";
	return plan->refusal[0] ? plan->refusal : NULL;
}

static enum gh_ui_action ask(struct gh_ui_model *m, unsigned profile)
{
	const char *refusal;

	m->profile = profile;
	refusal = gh_no_check(m);
	if (refusal)
		return gh_act_say(m, refusal);
	gh_model_ask(m, &(struct gh_ui_task){ .move = GH_MOVE_CHECK });
	return GH_UI_FLUSH;
}

enum gh_ui_action gh_act_places(struct gh_ui_model *m)
{
	return ask(m, 0);
}

enum gh_ui_action gh_act_five(struct gh_ui_model *m)
{
	return ask(m, 1);
}

enum gh_ui_action gh_act_fifteen(struct gh_ui_model *m)
{
	return ask(m, 2);
}

enum gh_ui_action gh_act_half(struct gh_ui_model *m)
{
	return ask(m, 3);
}

/* ---- One part by itself ---------------------------------------------------*/

/* The part that the selected row or the page is about, NULL: none. */
static const char *aim_of(const struct gh_ui_model *m, char *out, size_t cap)
{
	const int part = gh_act_part_here(m);

	if (m->page == GH_PAGE_PART)
		return gh_copy_text(out, cap, m->order.word[0]) ? out : NULL;
	if (m->page == GH_PAGE_LIVE)
		return gh_list_text(m, "part", out, cap) ? out : NULL;
	if (part < 0)
		return NULL;
	gh_copy_text(out, cap, gh_words_part_name(m->view, part));
	return out;
}

const char *gh_no_aim(const struct gh_ui_model *m)
{
	char name[GH_NAME_CAP];

	return aim_of(m, name, sizeof name)
		       ? NULL
		       : "Of which part? Open one, or put the cursor on it.";
}

/* src/cli fills in what would start, and the dialog opens. */
static enum gh_ui_action ask_about(struct gh_ui_model *m, const char *what)
{
	char name[GH_NAME_CAP];

	if (!aim_of(m, name, sizeof name))
		return GH_UI_NONE;
	return gh_act_open(m, GH_PAGE_ASK, what, name, NULL);
}

enum gh_ui_action gh_act_sweep(struct gh_ui_model *m)
{
	return ask_about(m, "sweep");
}

enum gh_ui_action gh_act_identify(struct gh_ui_model *m)
{
	return ask_about(m, "identify");
}

enum gh_ui_action gh_act_show_look(struct gh_ui_model *m)
{
	return ask_about(m, "look");
}

/* In the dialog about a look: the next one of the rig file. */
enum gh_ui_action gh_act_next_look(struct gh_ui_model *m)
{
	char at[16];

	if (m->task.move != GH_MOVE_LOOK || m->hold.state != GH_HOLD_OFF)
		return GH_UI_NONE;
	snprintf(at, sizeof at, "%u", m->task.look_at + 1);
	return gh_act_open(m, GH_PAGE_ASK, "look", m->task.part, at);
}

/* ---- By the arrow keys ----------------------------------------------------*/

enum gh_ui_action gh_act_live(struct gh_ui_model *m)
{
	return gh_act_open(m, GH_PAGE_LIVE, NULL, NULL, NULL);
}

static bool is_consented(const struct gh_ui_model *m, const char *part)
{
	return m->now < m->consent_until && strcmp(m->consent.part, part) == 0;
}

/* The first press says how; only a key that repeats moves anything. */
static enum gh_ui_action jog(struct gh_ui_model *m, int key, int way)
{
	char part[GH_NAME_CAP];

	if (!aim_of(m, part, sizeof part))
		return GH_UI_NONE;
	if (!is_consented(m, part))
		return gh_act_open(m, GH_PAGE_ASK, "jog", part, NULL);
	if (m->hold.state == GH_HOLD_OFF || m->hold.key != key) {
		gh_hold_press(&m->hold, key, m->now);
		return gh_act_say(m, "Keep it down.");
	}
	if (!gh_hold_again(&m->hold, m->now))
		return GH_UI_NONE;
	m->task = m->consent;
	m->task.way = way;
	gh_model_start(m);
	return GH_UI_START;
}

enum gh_ui_action gh_act_jog_down(struct gh_ui_model *m)
{
	return jog(m, GH_KEY_LEFT, -1);
}

enum gh_ui_action gh_act_jog_up(struct gh_ui_model *m)
{
	return jog(m, GH_KEY_RIGHT, 1);
}

enum gh_ui_action gh_act_hold(struct gh_ui_model *m, int key)
{
	if (key == m->hold.key &&
	    (m->stopping || gh_hold_again(&m->hold, m->now)))
		return GH_UI_NONE;
	if (!m->stopping)
		m->let_go = key == m->hold.key;
	return gh_act_stop(m);
}

/* ---- The dialog -----------------------------------------------------------*/

static enum gh_ui_action back_to_live(struct gh_ui_model *m)
{
	m->consent = m->task;
	m->consent_until = m->now + GH_UI_CONSENT_US;
	gh_act_say(m, "Hold Left or Right; it stops when you release it.");
	return gh_act_back(m);
}

enum gh_ui_action gh_act_confirm(struct gh_ui_model *m)
{
	if (m->now - m->asked_at < GH_UI_DEAD_US)
		return GH_UI_NONE;
	if (m->task.move == GH_MOVE_JOG)
		return back_to_live(m);
	if (gh_model_is_held(m) && m->hold.state == GH_HOLD_OFF) {
		gh_hold_press(&m->hold, 'y', m->now);
		return GH_UI_REDRAW;
	}
	if (gh_model_is_held(m) && !gh_hold_again(&m->hold, m->now))
		return GH_UI_NONE;
	gh_model_start(m);
	return GH_UI_START;
}

enum gh_ui_action gh_act_cancel(struct gh_ui_model *m)
{
	if (m->now - m->asked_at < GH_UI_DEAD_US)
		return GH_UI_NONE;
	m->hold.state = GH_HOLD_OFF;
	gh_act_say(m, "Cancelled; nothing moved.");
	return gh_act_back(m);
}

enum gh_ui_action gh_act_quit(struct gh_ui_model *m)
{
	if (!m->running)
		return GH_UI_QUIT;
	m->quit_asked = true;
	return gh_act_say(m, "Stop the check and quit?  y yes, other keys no");
}
