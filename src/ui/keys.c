/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/keys.h"

#include "ui/acts.h"	    /* gh_act_* */
#include "ui/acts_form.h"   /* gh_act_note */
#include "ui/acts_list.h"   /* gh_act_baselines */
#include "ui/acts_motion.h" /* gh_act_sweep */
#include "ui/acts_past.h"   /* gh_act_compare, gh_act_trend ... */

#include <stdio.h>
#include <string.h>

#define ON(page) (1u << GH_PAGE_##page)
#define DOCS                                                                   \
	(ON(HISTORY) | ON(DOCTOR) | ON(NOTES) | ON(BASELINES) | ON(BASELINE) | \
	 ON(DIFF) | ON(PART) | ON(COMPARE) | ON(TREND) | ON(LAMPS) |           \
	 ON(LIVE) | ON(SEEN))
#define VIEWS (ON(HOME) | ON(VERDICT) | ON(DETAIL))
#define AT_REST (VIEWS | DOCS)
#define LISTS ((ON(HOME) | ON(DETAIL) | DOCS) & ~ON(DOCTOR) & ~ON(LAMPS))
#define ANYWHERE ((1u << GH_PAGE_COUNT) - 1)
#define REMARKED (VIEWS | ON(HISTORY) | ON(PART))

/*
 * The key bar, the help screen and what a key does are these rows; the first
 * that fits counts. Rows come in the order of the bar: what is last is left out
 * first where the window is narrow, but for those that end it and what the
 * page is for (`early`).
 */
static const struct binding {
	int key;
	unsigned pages;
	const char *bar, *help; /* NULL: not told there */
	gh_ui_act *act;
	gh_ui_reason *why_not; /* NULL: it always does */
	bool ends;	       /* stays at the end of the bar */
} bindings[] = {
	{ ' ', ANYWHERE & ~ON(FORM), "SPACE stop", "STOP: stop moving and hold",
	  gh_act_stop, NULL, false },
	{ ' ', ON(FORM), NULL, NULL, gh_act_stop, NULL, false },
	{ GH_KEY_SUSPEND, ANYWHERE, NULL, NULL, gh_act_stop, NULL, false },

	{ GH_KEY_ENTER, ON(ASK), "Enter, Esc cancel", NULL, gh_act_cancel, NULL,
	  false },
	{ GH_KEY_ESC, ON(ASK), NULL, NULL, gh_act_cancel, NULL, false },
	{ 'q', ON(ASK), NULL, NULL, gh_act_cancel, NULL, false },
	{ 'y', ON(ASK), "y move", NULL, gh_act_confirm, NULL, false },
	{ GH_KEY_UP, ON(ASK), NULL, NULL, gh_act_next_look, NULL, false },
	{ GH_KEY_DOWN, ON(ASK), NULL, NULL, gh_act_next_look, NULL, false },

	{ GH_KEY_ENTER, ON(FORM), NULL, NULL, gh_act_field_enter, NULL, false },
	{ GH_KEY_TAB, ON(FORM), "Tab, arrows move", NULL, gh_act_field_next,
	  NULL, false },
	{ GH_KEY_DOWN, ON(FORM), NULL, NULL, gh_act_field_next, NULL, false },
	{ GH_KEY_UP, ON(FORM), NULL, NULL, gh_act_field_back, NULL, false },
	{ GH_KEY_BACKTAB, ON(FORM), NULL, NULL, gh_act_field_back, NULL,
	  false },
	{ GH_KEY_ESC, ON(FORM), "Esc cancel", NULL, gh_act_form_cancel, NULL,
	  true },

	{ '1', VIEWS, "1 places", "check of a minute, asks first",
	  gh_act_places, gh_no_check, false },
	{ '2', VIEWS, "2 five", "check of five minutes", gh_act_five,
	  gh_no_check, false },
	{ '3', VIEWS, "3 fifteen", "check of fifteen minutes", gh_act_fifteen,
	  gh_no_check, false },
	{ '4', VIEWS, "4 half", "check of half an hour", gh_act_half,
	  gh_no_check, false },
	{ GH_KEY_ENTER, ON(HOME), "Enter open", "what the cursor is on",
	  gh_act_part, gh_no_verdict, false },
	{ GH_KEY_ENTER, ON(VERDICT), NULL, NULL, gh_act_details, gh_no_verdict,
	  false },
	{ GH_KEY_ENTER, ON(HISTORY) | ON(BASELINE) | ON(NOTES), "Enter open",
	  NULL, gh_act_run, NULL, false },
	{ 'r', ON(DOCTOR), "r try again", "look at it once more", gh_act_doctor,
	  NULL, false },
	{ GH_KEY_ENTER, ON(BASELINES), "Enter open", NULL, gh_act_baseline,
	  NULL, false },
	{ 'a', ON(BASELINES), "a add run", "to a baseline: add the run shown",
	  gh_act_add, gh_no_add, false },
	{ 's', ON(BASELINES), "s seal", "this baseline, once and for all",
	  gh_act_seal, gh_no_seal, false },
	{ 'f', ON(BASELINES), "f diff", "two baselines side by side",
	  gh_act_diff, gh_no_diff, false },
	{ GH_KEY_ENTER, ON(COMPARE), "Enter open", NULL, gh_act_trend, NULL,
	  false },
	{ GH_KEY_ENTER, ON(PART), "Enter open", NULL, gh_act_part_trend, NULL,
	  false },
	{ 'a', ON(COMPARE), "a all", "all metrics, or what differs", gh_act_all,
	  NULL, false },
	{ 'c', ON(HISTORY), "c compare", "marks A, then compares it with B",
	  gh_act_mark, NULL, false },
	{ 'e', ON(HISTORY), "e over time", NULL, gh_act_part_trend, gh_no_part,
	  false },
	{ 't', ON(LAMPS), "t theme", "the next theme", gh_act_theme, NULL,
	  false },
	{ GH_KEY_LEFT, ON(LIVE), "<-> jog",
	  "in live values: move a joint while it is held", gh_act_jog_down,
	  gh_no_aim, false },
	{ GH_KEY_RIGHT, ON(LIVE), NULL, NULL, gh_act_jog_up, gh_no_aim, false },
	{ 'r', ON(DETAIL) | ON(PART), "r sweep", "sweep this joint, asks first",
	  gh_act_sweep, gh_no_aim, false },
	{ 'i', ON(DETAIL) | ON(PART) | ON(LIVE), "i identify", NULL,
	  gh_act_identify, gh_no_aim, false },
	{ 's', ON(DETAIL) | ON(PART), NULL,
	  "of the core: show a look, asks first", gh_act_show_look, gh_no_aim,
	  false },
	{ '/', LISTS, "/ find", "show only rows with a word", gh_act_filter,
	  NULL, false },
	{ 'v', AT_REST & ~ON(VERDICT), "v verdict", "the verdict, big",
	  gh_act_verdict, gh_no_verdict, false },
	{ 'd', AT_REST, "d details", "every finding, worst first",
	  gh_act_details, gh_no_verdict, false },
	{ 'h', AT_REST, "h history", "the runs so far", gh_act_history, NULL,
	  false },
	{ 'x', AT_REST & ~ON(DOCTOR), "x doctor",
	  "no answer? from cable to disk, and what mends it", gh_act_doctor,
	  NULL, false },
	{ 'p', VIEWS | ON(PART), "p print",
	  "this run as a page of text, into a file", gh_act_print,
	  gh_no_verdict, false },
	{ 'n', REMARKED, "n note", "write a line about this", gh_act_note,
	  gh_no_form, false },
	{ 'w', VIEWS | ON(PART), "w accept", "a HOLD as KNOWN, until a day",
	  gh_act_accept, gh_no_accept, false },
	{ 'b', AT_REST, "b baselines", "what checks are compared with",
	  gh_act_baselines, NULL, false },
	{ 'o', AT_REST, "o notes", "what people wrote down", gh_act_notes, NULL,
	  false },
	{ 's', ON(HOME), NULL, "try it with a simulated Lumina",
	  gh_act_simulate, gh_no_simulator, false },
	{ 'r', ON(HOME), NULL, "look again at what is there", gh_act_look, NULL,
	  false },
	{ 'c', VIEWS, "c compare", "with the baseline, or the run before",
	  gh_act_compare, gh_no_stored_run, false },
	{ 'e', ON(HOME) | ON(PART), "e over time",
	  "this part in the runs so far", gh_act_part_history, gh_no_verdict,
	  false },
	{ 'e', ON(DETAIL), "e over time", "this metric in the runs so far",
	  gh_act_finding_trend, gh_no_verdict, false },
	{ 'e', ON(COMPARE), NULL, NULL, gh_act_trend, NULL, false },
	{ '0', VIEWS, NULL, "back to the last verdict", gh_act_last, gh_no_past,
	  false },
	{ 'l', AT_REST & ~ON(LIVE), "l live",
	  "live values of what stands still", gh_act_live, NULL, false },
	{ 'i', ON(HOME), "i identify", "wiggle or blink this part, asks first",
	  gh_act_identify, gh_no_aim, false },
	{ GH_KEY_UP, AT_REST, NULL, NULL, gh_act_up, NULL, false },
	{ 'k', AT_REST, NULL, "and j, arrows: move the cursor", gh_act_up, NULL,
	  false },
	{ GH_KEY_DOWN, AT_REST, NULL, NULL, gh_act_down, NULL, false },
	{ 'j', AT_REST, NULL, NULL, gh_act_down, NULL, false },
	{ 't', ANYWHERE & ~ON(LAMPS), NULL, "theme: dark light blackout mono",
	  gh_act_theme, NULL, false },
	{ 'm', ANYWHERE, NULL, "mouse: a click selects, again opens",
	  gh_act_mouse, NULL, false },
	{ 'u', ANYWHERE, NULL, "ASCII or UTF-8", gh_act_charset, NULL, false },

	{ '?', AT_REST | ON(RUNNING), "? help", NULL, gh_act_help, NULL, true },
	{ '?', ON(HELP), NULL, NULL, gh_act_back, NULL, false },
	{ 'a', ON(HELP), "a lamp test",
	  "signs, words and inks of this terminal", gh_act_lamps, gh_no_lamps,
	  false },
	{ GH_KEY_ENTER, ON(HELP), "Enter more", NULL, gh_act_more, gh_no_more,
	  false },
	{ GH_KEY_UP, ON(HELP), NULL, NULL, gh_act_up, NULL, false },
	{ 'k', ON(HELP), NULL, NULL, gh_act_up, NULL, false },
	{ GH_KEY_DOWN, ON(HELP), NULL, NULL, gh_act_down, NULL, false },
	{ 'j', ON(HELP), NULL, NULL, gh_act_down, NULL, false },
	{ GH_KEY_ESC, (AT_REST & ~ON(HOME)) | ON(HELP), "Esc back", "back",
	  gh_act_back, NULL, true },
	{ GH_KEY_ESC, ON(HOME) | ON(RUNNING), NULL, NULL, gh_act_back, NULL,
	  false },
	{ 'q', ON(HOME) | ON(RUNNING) | ON(SMALL), "q quit", "quit",
	  gh_act_quit, NULL, true },
	{ 'q', ANYWHERE, NULL, NULL, gh_act_quit, NULL, false },
};

/* What these pages are for comes before the rest of their bar. */
static const struct {
	enum gh_page page;
	const char *keys;
} early[] = {
	{ GH_PAGE_VERDICT, "dpw" },
	{ GH_PAGE_DETAIL, "rinw" },
	{ GH_PAGE_PART, "rin" },
};

static const struct binding *binding_of(int key, enum gh_page page)
{
	for (size_t i = 0; i < GH_ARRAY_SIZE(bindings); i++)
		if (bindings[i].key == key && bindings[i].pages >> page & 1)
			return &bindings[i];
	return NULL;
}

/* ---- What they do ---------------------------------------------------------*/

static enum gh_ui_action answer_quit(struct gh_ui_model *m, int key)
{
	m->quit_asked = false;
	m->message[0] = '\0';
	if (key != 'y')
		return GH_UI_REDRAW;
	m->quit_after = true;
	return gh_act_stop(m);
}

/* A text field is open, so nothing moves and nothing can start. */
static enum gh_ui_action type_filter(struct gh_ui_model *m, int key)
{
	m->cursor = 0;
	m->filtering = key != GH_KEY_ENTER && key != GH_KEY_ESC;
	if (key == GH_KEY_ESC)
		m->filter[0] = '\0';
	else if (m->filtering)
		(void)gh_ui_type(m->filter, sizeof m->filter, key);
	return GH_UI_REDRAW;
}

static enum gh_ui_action press(struct gh_ui_model *m, const struct binding *b)
{
	const char *why;

	if (!b)
		return m->page == GH_PAGE_ASK
			       ? GH_UI_NONE
			       : gh_act_say(m, "No such key here.");
	why = b->why_not ? b->why_not(m) : NULL;
	/* A profile's own reason is asked for by its act. */
	if (why && b->why_not != gh_no_check)
		return gh_act_say(m, why);
	return b->act(m);
}

/* Consent to the arrow keys, and a key that is down, end with their page. */
static void end_consent(struct gh_ui_model *m)
{
	if (m->running || m->page == GH_PAGE_LIVE || m->page == GH_PAGE_ASK)
		return;
	m->consent_until = 0;
	m->hold.state = GH_HOLD_OFF;
}

enum gh_ui_action gh_ui_key(struct gh_ui_model *m, int key)
{
	const struct binding *b = binding_of(key, gh_model_page(m));
	const bool stops = b && b->act == gh_act_stop;
	const bool was_dark = !gh_model_bar_is_on(m);

	if (key == GH_KEY_NONE)
		return GH_UI_NONE;
	m->key_at = m->now;
	end_consent(m);
	if (m->running && gh_model_is_held(m))
		return gh_act_hold(m, key);
	if (gh_hold_trails(&m->hold, key, m->now))
		return GH_UI_NONE;
	/* Nobody sees what it would write. */
	if (m->page == GH_PAGE_FORM && gh_model_page(m) != m->page && !stops)
		return GH_UI_NONE;
	if (m->filtering && !m->running)
		return type_filter(m, key);
	if (m->quit_asked && !stops)
		return answer_quit(m, key);
	/* Until its answer is there a question hears only what ends it. */
	if (m->busy)
		return stops || key == GH_KEY_ESC ? gh_act_stop(m) : GH_UI_NONE;
	m->message[0] = '\0';
	if (gh_form_takes(m, key))
		return gh_form_type(m, key);
	/* In the dark the first key only brings the key bar back. */
	if (was_dark && !stops)
		return GH_UI_REDRAW;
	return press(m, b);
}

/* Nothing moved where the key was only tapped. */
static enum gh_ui_action let_go(struct gh_ui_model *m)
{
	if (!m->running)
		return gh_act_say(m, "Not held: nothing moved. Keep it down.");
	m->let_go = true;
	return gh_act_stop(m);
}

enum gh_ui_action gh_ui_click(struct gh_ui_model *m, unsigned row)
{
	m->key_at = m->now;
	if (m->running || m->busy || m->filtering || row >= gh_model_rows(m))
		return GH_UI_NONE;
	if (row == m->cursor)
		return gh_ui_key(m, GH_KEY_ENTER);
	m->cursor = row;
	return GH_UI_REDRAW;
}

enum gh_ui_action gh_ui_tick(struct gh_ui_model *m)
{
	end_consent(m);
	if (gh_hold_tick(&m->hold, m->now))
		return let_go(m);
	if (m->page != GH_PAGE_ASK || m->now - m->asked_at < GH_UI_CONSENT_US)
		return GH_UI_NONE;
	m->page = GH_PAGE_HOME;
	m->n_trail = 0;
	return gh_act_say(m, "Nobody answered; nothing moved.");
}

/* ---- What is told of them --------------------------------------------------*/

static int draw_label(const struct gh_ui_model *m, struct gh_canvas *c, int x,
		      const struct binding *b)
{
	const bool off = b->why_not && b->why_not(m);

	return gh_canvas_text(c, x, c->h - 1, off ? GH_INK_DIM : GH_INK_BAR,
			      "%s", b->bar) +
	       2;
}

static int width_of_end(enum gh_page page)
{
	int width = 0;

	for (size_t i = 0; i < GH_ARRAY_SIZE(bindings); i++)
		if (bindings[i].ends && bindings[i].pages >> page & 1)
			width += (int)strlen(bindings[i].bar) + 2;
	return width;
}

/* Which come first, then, and last. */
enum turn { EARLY, IN_ORDER, AT_END, TURNS };

static enum turn turn_of(const struct binding *b, enum gh_page page)
{
	if (b->ends)
		return AT_END;
	if (b->key == ' ')
		return EARLY;
	for (size_t i = 0; i < GH_ARRAY_SIZE(early); i++)
		if (early[i].page == page && b->key < 0x80 &&
		    strchr(early[i].keys, b->key))
			return EARLY;
	return IN_ORDER;
}

/* Those of one turn from x on, as far as `end`; returns where they do. */
static int draw_turn(const struct gh_ui_model *m, struct gh_canvas *c, int x,
		     int end, enum turn turn)
{
	const enum gh_page page = gh_model_page(m);

	for (size_t i = 0; i < GH_ARRAY_SIZE(bindings); i++) {
		const struct binding *b = &bindings[i];

		if (!b->bar || !(b->pages >> page & 1) ||
		    turn_of(b, page) != turn || (b->key == ' ' && m->filtering))
			continue;
		if (x + (int)strlen(b->bar) + 2 <= end)
			x = draw_label(m, c, x, b);
		else if (turn == IN_ORDER)
			break;
	}
	return x;
}

void gh_keys_bar(const struct gh_ui_model *m, struct gh_canvas *c)
{
	const int end = c->w + 1 - width_of_end(gh_model_page(m));
	int x = 1;

	if (m->running && gh_model_is_held(m)) {
		gh_canvas_text(c, 1, c->h - 1, GH_INK_BAR,
			       "SPACE stop  every other key stops too");
		return;
	}
	for (int turn = 0; turn < TURNS; turn++)
		x = draw_turn(m, c, x, turn == AT_END ? GH_CANVAS_W : end,
			      (enum turn)turn);
}

/* A row of the bar alone says there what it does: "Enter open". */
static const char *text_of(const struct binding *b)
{
	const char *after = b->bar ? strrchr(b->bar, ' ') : NULL;

	if (b->help)
		return b->help;
	return after ? after + 1 : "";
}

static void tell(const struct binding *b, bool here, struct gh_key_line *out)
{
	static const struct {
		int key;
		const char *name;
	} names[] = { { ' ', "SPACE" },
		      { GH_KEY_ENTER, "Enter" },
		      { GH_KEY_ESC, "Esc" },
		      { GH_KEY_LEFT, "Left" } };

	*out = (struct gh_key_line){ .key = { (char)b->key }, .here = here };
	for (size_t k = 0; k < GH_ARRAY_SIZE(names); k++)
		if (names[k].key == b->key)
			gh_copy_text(out->key, sizeof out->key, names[k].name);
	gh_copy_text(out->text, sizeof out->text, text_of(b));
}

/* In help at all, and then on this page or on another. */
static bool is_told(const struct binding *b, bool here)
{
	return b->help || (here && b->bar);
}

unsigned gh_keys_count(enum gh_page page, unsigned *of_page)
{
	unsigned all = 0;

	*of_page = 0;
	for (size_t k = 0; k < GH_ARRAY_SIZE(bindings); k++) {
		const bool here = bindings[k].pages >> page & 1;

		all += is_told(&bindings[k], here);
		*of_page += here && is_told(&bindings[k], here);
	}
	return all;
}

bool gh_keys_help(enum gh_page page, size_t i, struct gh_key_line *out)
{
	for (int turn = 0; turn < 2; turn++)
		for (size_t k = 0; k < GH_ARRAY_SIZE(bindings); k++) {
			const struct binding *b = &bindings[k];
			const bool here = b->pages >> page & 1;

			if (here != (turn == 0) || !is_told(b, here) || i-- > 0)
				continue;
			tell(b, here, out);
			return true;
		}
	return false;
}
