/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/acts_form.h"

#include "ui/keys.h"  /* GH_UI_DEAD_US */
#include "ui/list.h"  /* gh_list_text */
#include "ui/words.h" /* gh_words_part_name */

#include <stdio.h>
#include <string.h>

/* Long enough for a spare part to come. */
#define KNOWN_S INT64_C(1209600)

/* ---- What it is about -----------------------------------------------------*/

static bool has_failed(const struct gh_ui_model *m, int part)
{
	const struct gh_result *r = m->view->result;

	for (size_t i = 0; i < r->n_findings; i++)
		if (r->findings[i].part == part &&
		    (r->findings[i].state == GH_STATE_FAIL ||
		     r->findings[i].state == GH_STATE_KNOWN))
			return true;
	return false;
}

const char *gh_no_form(const struct gh_ui_model *m)
{
	return gh_model_may_move(m) ? "A check is running." : NULL;
}

const char *gh_no_accept(const struct gh_ui_model *m)
{
	const int part = gh_act_part_here(m);

	if (gh_no_form(m))
		return gh_no_form(m);
	if (!m->view || !m->view->result)
		return "No verdict yet: there is nothing to accept.";
	if (m->view->run == 0)
		return "This verdict is not stored: it cannot be accepted.";
	if (part < 0 || !has_failed(m, part))
		return "Nothing of this part failed: only a HOLD can be "
		       "accepted.";
	return NULL;
}

const char *gh_no_add(const struct gh_ui_model *m)
{
	if (gh_no_form(m))
		return gh_no_form(m);
	return m->view && m->view->run > 0
		       ? NULL
		       : "No stored run is shown that could be added.";
}

static bool is_sealed_here(const struct gh_ui_model *m)
{
	char text[8];

	return gh_list_text(m, "sealed", text, sizeof text) &&
	       strcmp(text, "yes") == 0;
}

const char *gh_no_seal(const struct gh_ui_model *m)
{
	char name[GH_UI_NAME];

	if (gh_no_form(m))
		return gh_no_form(m);
	if (!gh_list_text(m, "name", name, sizeof name))
		return "No baseline yet: a makes one of the run that is shown.";
	return is_sealed_here(m) ? "It is sealed already and never changes."
				 : NULL;
}

/* ---- Opening --------------------------------------------------------------*/

static struct gh_ui_form *begin(struct gh_ui_model *m,
				enum gh_ui_form_kind kind)
{
	m->form = (struct gh_ui_form){ .kind = kind, .key_at = m->now };
	return &m->form;
}

static enum gh_ui_action show(struct gh_ui_model *m)
{
	gh_model_enter(m, GH_PAGE_FORM);
	return GH_UI_REDRAW;
}

static void put_run(struct gh_ui_model *m)
{
	if (m->view && m->view->run > 0)
		snprintf(m->form.run, sizeof m->form.run, "%lld",
			 (long long)m->view->run);
}

static void put_part(struct gh_ui_model *m, int part)
{
	if (part >= 0)
		gh_copy_text(m->form.part, sizeof m->form.part,
			     gh_words_part_name(m->view, part));
}

enum gh_ui_action gh_act_note(struct gh_ui_model *m)
{
	struct gh_ui_form *f = begin(m, GH_UI_FORM_NOTE);

	if (m->page == GH_PAGE_HISTORY) {
		gh_list_text(m, "run", f->run, sizeof f->run);
	} else {
		put_run(m);
		/* The big word is about all of it. */
		if (m->page != GH_PAGE_VERDICT && f->run[0])
			put_part(m, gh_act_part_here(m));
	}
	gh_copy_text(f->field[1], sizeof f->field[1], m->who);
	return show(m);
}

enum gh_ui_action gh_act_accept(struct gh_ui_model *m)
{
	struct gh_ui_form *f = begin(m, GH_UI_FORM_ACCEPT);

	put_run(m);
	put_part(m, gh_act_part_here(m));
	gh_copy_text(f->field[1], sizeof f->field[1], m->who);
	gh_wall_text(m->wall_s + KNOWN_S, f->field[2], sizeof f->field[2]);
	f->field[2][strcspn(f->field[2], "T")] = '\0';
	return show(m);
}

enum gh_ui_action gh_act_add(struct gh_ui_model *m)
{
	struct gh_ui_form *f = begin(m, GH_UI_FORM_ADD);

	put_run(m);
	if (!is_sealed_here(m))
		gh_list_text(m, "name", f->field[0], GH_UI_NAME);
	return show(m);
}

enum gh_ui_action gh_act_seal(struct gh_ui_model *m)
{
	struct gh_ui_form *f = begin(m, GH_UI_FORM_SEAL);

	gh_list_text(m, "name", f->name, sizeof f->name);
	gh_copy_text(f->field[0], sizeof f->field[0], m->who);
	return show(m);
}

/* ---- While it is open -----------------------------------------------------*/

bool gh_form_is_open(const struct gh_ui_model *m)
{
	return gh_model_page(m) == GH_PAGE_FORM && !gh_model_may_move(m);
}

/* Whoever types it once in an evening need not type it again. */
static void keep_who(struct gh_ui_model *m)
{
	const struct gh_ui_form_row *row = gh_ui_form_row(m->form.kind);

	for (unsigned i = 0; i < row->n_fields; i++)
		if (strcmp(row->fields[i].label, "by") == 0)
			gh_copy_text(m->who, sizeof m->who, m->form.field[i]);
}

static enum gh_ui_action submit(struct gh_ui_model *m)
{
	const struct gh_ui_form_row *row = gh_ui_form_row(m->form.kind);
	const unsigned missing = gh_ui_form_missing(&m->form);
	char text[64];

	if (missing == row->n_fields) {
		keep_who(m);
		return GH_UI_SUBMIT;
	}
	m->form.at = missing;
	snprintf(text, sizeof text, "\"%s\" is still empty.",
		 row->fields[missing].label);
	return gh_act_say(m, text);
}

/* What was pasted or repeats by itself answers no question. */
static bool is_deliberate(const struct gh_ui_model *m)
{
	return m->now - m->form.key_at >= GH_UI_DEAD_US;
}

static enum gh_ui_action turn_to(struct gh_ui_model *m, unsigned at)
{
	if (m->form.at < GH_UI_FIELDS)
		gh_ui_type_end(m->form.field[m->form.at]);
	m->form.at = at;
	m->form.key_at = m->now;
	m->form.is_leaving = false;
	return GH_UI_REDRAW;
}

enum gh_ui_action gh_act_field_next(struct gh_ui_model *m)
{
	const unsigned n = gh_ui_form_row(m->form.kind)->n_fields;

	return turn_to(m, m->form.at < n ? m->form.at + 1 : 0);
}

enum gh_ui_action gh_act_field_back(struct gh_ui_model *m)
{
	const unsigned n = gh_ui_form_row(m->form.kind)->n_fields;

	return turn_to(m, m->form.at > 0 ? m->form.at - 1 : n);
}

static enum gh_ui_action answer(struct gh_ui_model *m, bool yes)
{
	const bool deliberate = is_deliberate(m);

	m->form.key_at = m->now;
	if (!deliberate)
		return gh_act_say(m, "That was too soon after the last key.");
	if (yes)
		return submit(m);
	gh_model_leave(m);
	return gh_act_say(m, "Cancelled; nothing was changed.");
}

enum gh_ui_action gh_act_field_enter(struct gh_ui_model *m)
{
	const struct gh_ui_form_row *row = gh_ui_form_row(m->form.kind);

	if (m->form.at < row->n_fields)
		return gh_act_field_next(m);
	return answer(m, !row->is_final);
}

/* On the question SPACE is what it is everywhere else. */
bool gh_form_takes(const struct gh_ui_model *m, int key)
{
	const unsigned n = gh_ui_form_row(m->form.kind)->n_fields;

	return gh_form_is_open(m) && gh_ui_is_text(key) &&
	       !(key == ' ' && m->form.at == n);
}

/* What was typed goes only when that is meant; a paste has escapes in it. */
enum gh_ui_action gh_act_form_cancel(struct gh_ui_model *m)
{
	const bool again = m->form.is_leaving && is_deliberate(m);

	m->form.key_at = m->now;
	if (m->form.is_touched && !again) {
		m->form.is_leaving = true;
		return gh_act_say(m, "Esc again drops what was typed here.");
	}
	gh_model_leave(m);
	gh_act_say(m, "Cancelled; nothing was stored.");
	return GH_UI_FLUSH;
}

static enum gh_ui_action say_refused(struct gh_ui_model *m, int key,
				     const struct gh_ui_form_field *field)
{
	char text[80];

	if (key >= 0x80)
		return gh_act_say(m, "Only ASCII and UTF-8 text goes in, and "
				     "no more than fits.");
	snprintf(text, sizeof text, "\"%s\" is full: at most %u bytes.",
		 field->label, field->cap - 1);
	return gh_act_say(m, text);
}

enum gh_ui_action gh_form_type(struct gh_ui_model *m, int key)
{
	const struct gh_ui_form_row *row = gh_ui_form_row(m->form.kind);
	const struct gh_ui_form_field *field;

	m->form.is_leaving = false;
	if (m->form.at == row->n_fields) {
		if (row->is_final && key == 'y')
			return answer(m, true);
		m->form.key_at = m->now;
		return gh_act_say(m, row->is_final
					     ? "y does it, Enter and Esc do "
					       "not."
					     : "Enter answers; arrows lead "
					       "back to the text.");
	}
	field = &row->fields[m->form.at];
	m->form.key_at = m->now;
	m->form.is_touched = true;
	if (gh_ui_type(m->form.field[m->form.at], field->cap, key))
		return GH_UI_REDRAW;
	return say_refused(m, key, field);
}

enum gh_ui_action gh_form_done(struct gh_ui_model *m)
{
	m->form.kind = GH_UI_FORM_NONE;
	gh_model_leave(m);
	if (!gh_page_has_doc(m->page))
		return GH_UI_REDRAW;
	m->wanted = m->order;
	m->going_back = false;
	return GH_UI_OPEN;
}
