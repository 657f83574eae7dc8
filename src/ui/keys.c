/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/keys.h"

#define ON(page) (1u << GH_PAGE_##page)
#define AT_REST (ON(HOME) | ON(VERDICT) | ON(DETAIL))
#define ANYWHERE ((1u << GH_PAGE_COUNT) - 1)

struct binding {
	int key;
	unsigned pages;
	enum gh_ui_action (*act)(struct gh_ui_model *m);
};

static enum gh_ui_action say(struct gh_ui_model *m, const char *text)
{
	gh_copy_text(m->message, sizeof m->message, text);
	return GH_UI_REDRAW;
}

static enum gh_ui_action turn_to(struct gh_ui_model *m, enum gh_page page)
{
	m->page = page;
	m->cursor = 0;
	return GH_UI_REDRAW;
}

static enum gh_ui_action stop(struct gh_ui_model *m)
{
	m->quit_asked = false;
	if (m->page == GH_PAGE_ASK)
		turn_to(m, GH_PAGE_HOME);
	if (m->running)
		m->stopping = true;
	else
		say(m, "Nothing of ours is moving.");
	return GH_UI_STOP;
}

static enum gh_ui_action ask(struct gh_ui_model *m)
{
	if (m->running)
		return say(m, "A check is running.");
	if (m->about.refusal[0])
		return say(m, m->about.refusal);
	m->asked_at = m->now;
	turn_to(m, GH_PAGE_ASK);
	return GH_UI_FLUSH;
}

static enum gh_ui_action confirm(struct gh_ui_model *m)
{
	if (m->now - m->asked_at < GH_UI_DEAD_US)
		return GH_UI_NONE;
	gh_model_start(m);
	return GH_UI_START_PLACES;
}

static enum gh_ui_action cancel(struct gh_ui_model *m)
{
	if (m->now - m->asked_at < GH_UI_DEAD_US)
		return GH_UI_NONE;
	say(m, "Cancelled; nothing moved.");
	return turn_to(m, GH_PAGE_HOME);
}

static enum gh_ui_action quit(struct gh_ui_model *m)
{
	if (!m->running)
		return GH_UI_QUIT;
	m->quit_asked = true;
	return say(m, "Stop the check and quit?  y yes, other keys no");
}

static enum gh_ui_action home(struct gh_ui_model *m)
{
	m->part = -1;
	return turn_to(m, m->running ? GH_PAGE_RUNNING : GH_PAGE_HOME);
}

static enum gh_ui_action help(struct gh_ui_model *m)
{
	m->back = m->page;
	return turn_to(m, GH_PAGE_HELP);
}

static enum gh_ui_action back(struct gh_ui_model *m)
{
	return turn_to(m, m->running ? GH_PAGE_RUNNING : m->back);
}

static enum gh_ui_action verdict(struct gh_ui_model *m)
{
	if (!m->view)
		return say(m, "No verdict yet: no check is stored.");
	return turn_to(m, GH_PAGE_VERDICT);
}

static enum gh_ui_action detail(struct gh_ui_model *m)
{
	if (!m->view)
		return say(m, "No details yet: no check is stored.");
	m->part = -1;
	return turn_to(m, GH_PAGE_DETAIL);
}

/* On home the cursor is on a part: Enter shows its findings. */
static enum gh_ui_action open_row(struct gh_ui_model *m)
{
	const unsigned cursor = m->cursor;
	const enum gh_ui_action did = detail(m);

	if (m->page == GH_PAGE_DETAIL)
		m->part = gh_model_part_at(m, cursor);
	return did;
}

static enum gh_ui_action up(struct gh_ui_model *m)
{
	if (m->cursor > 0)
		m->cursor--;
	return GH_UI_REDRAW;
}

static enum gh_ui_action down(struct gh_ui_model *m)
{
	if (m->cursor + 1 < gh_model_rows(m))
		m->cursor++;
	return GH_UI_REDRAW;
}

static enum gh_ui_action next_theme(struct gh_ui_model *m)
{
	m->theme = (enum gh_theme)((m->theme + 1) % GH_THEME_COUNT);
	say(m, "theme ");
	gh_copy_text(m->message + 6, sizeof m->message - 6,
		     gh_theme_name(m->theme));
	return GH_UI_REDRAW;
}

static enum gh_ui_action other_charset(struct gh_ui_model *m)
{
	if (!m->utf8_able)
		return say(m, "This terminal shows ASCII only.");
	m->utf8 = !m->utf8;
	return GH_UI_REDRAW;
}

/* The first row that fits counts. */
static const struct binding bindings[] = {
	{ ' ', ANYWHERE, stop },
	{ GH_KEY_SUSPEND, ANYWHERE, stop },
	{ 'y', ON(ASK), confirm },
	{ GH_KEY_ENTER, ON(ASK), cancel },
	{ GH_KEY_ESC, ON(ASK), cancel },
	{ 'q', ON(ASK), cancel },
	{ 'q', ANYWHERE, quit },
	{ '1', AT_REST, ask },
	{ GH_KEY_ENTER, ON(HOME), open_row },
	{ 'd', AT_REST, detail },
	{ GH_KEY_ENTER, ON(VERDICT), detail },
	{ 'v', AT_REST, verdict },
	{ '?', AT_REST | ON(RUNNING), help },
	{ '?', ON(HELP), back },
	{ GH_KEY_ESC, ON(HELP), back },
	{ GH_KEY_ESC, AT_REST | ON(RUNNING), home },
	{ GH_KEY_UP, AT_REST, up },
	{ 'k', AT_REST, up },
	{ GH_KEY_DOWN, AT_REST, down },
	{ 'j', AT_REST, down },
	{ 't', ANYWHERE, next_theme },
	{ 'u', ANYWHERE, other_charset },
};

static const struct binding *binding_of(int key, enum gh_page page)
{
	for (size_t i = 0; i < GH_ARRAY_SIZE(bindings); i++)
		if (bindings[i].key == key && bindings[i].pages >> page & 1)
			return &bindings[i];
	return NULL;
}

static enum gh_ui_action answer_quit(struct gh_ui_model *m, int key)
{
	m->quit_asked = false;
	m->message[0] = '\0';
	if (key != 'y')
		return GH_UI_REDRAW;
	m->quit_after = true;
	return stop(m);
}

enum gh_ui_action gh_ui_key(struct gh_ui_model *m, int key)
{
	const struct binding *b = binding_of(key, gh_model_page(m));
	const bool was_dark = !gh_model_bar_is_on(m);

	if (key == GH_KEY_NONE)
		return GH_UI_NONE;
	m->key_at = m->now;
	if (m->quit_asked && !(b && b->act == stop))
		return answer_quit(m, key);
	m->message[0] = '\0';
	/* In the dark the first key only brings the key bar back. */
	if (was_dark && !(b && b->act == stop))
		return GH_UI_REDRAW;
	if (b)
		return b->act(m);
	return m->page == GH_PAGE_ASK ? GH_UI_NONE
				      : say(m, "No such key here.");
}

enum gh_ui_action gh_ui_tick(struct gh_ui_model *m)
{
	if (m->page != GH_PAGE_ASK || m->now - m->asked_at < GH_UI_CONSENT_US)
		return GH_UI_NONE;
	say(m, "Nobody answered; nothing moved.");
	return turn_to(m, GH_PAGE_HOME);
}
