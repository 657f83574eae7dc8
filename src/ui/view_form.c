/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * view_form - a form: what it is about and what it does, its fields, and the
 * question at the end. What cannot be taken back has Cancel first.
 */
#include "report/phrase.h" /* gh_phrase_part */
#include "ui/frame.h" /* gh_frame_size */
#include "ui/view.h"  /* struct gh_view */

#include <stdio.h>
#include <string.h>

enum { LABEL_W = 10, TEXT_ROWS = 3 };

static void say_what(const struct gh_ui_form *f, char *out, size_t cap)
{
	char part[GH_NAME_CAP] = "";

	gh_phrase_part(part, sizeof part, f->part);
	snprintf(out, cap, "%s%s%s%s%s%s%s%s%s", gh_ui_form_row(f->kind)->title,
		 f->name[0] ? ": \"" : "", f->name, f->name[0] ? "\"" : "",
		 f->run[0] ? ": run " : "", f->run, part[0] ? ", " : "", part,
		 f->run[0] || f->name[0] || part[0] ? "" : ": all of it");
}

static size_t step_of(const char *text)
{
	size_t n = 1;

	while (text[0] && ((unsigned char)text[n] & 0xC0) == 0x80 && n < 4)
		n++;
	return n;
}

static size_t count(const char *text)
{
	size_t n = 0;

	for (; *text; text += step_of(text))
		n++;
	return n;
}

/*
 * The text in rows of that width, its last rows when there are too many, and
 * the cursor after it. Returns the rows used.
 */
static int draw_text(struct gh_canvas *c, int x, int y, int wide, int rows,
		     const char *text, bool here)
{
	const int n = (int)count(text) + (here ? 1 : 0);
	const int all = n > 0 ? (n + wide - 1) / wide : 1;
	const int first = all > rows ? all - rows : 0;
	int i = 0;

	for (; *text; i++) {
		char glyph[5] = "";

		memcpy(glyph, text, step_of(text));
		text += step_of(text);
		if (i / wide >= first)
			gh_canvas_put(c, x + i % wide, y + i / wide - first,
				      here ? GH_INK_TITLE : GH_INK_PLAIN,
				      glyph);
	}
	if (here) {
		c->cursor_x = x + i % wide;
		c->cursor_y = y + i / wide - first;
		gh_canvas_put(c, c->cursor_x, c->cursor_y, GH_INK_SELECT, "_");
	}
	return all > rows ? rows : all;
}

static int draw_field(const struct gh_ui_model *m, struct gh_canvas *c, int x,
		      int y, unsigned i)
{
	const struct gh_ui_form_field *field =
		&gh_ui_form_row(m->form.kind)->fields[i];
	const bool here = m->form.at == i;
	const bool small = gh_frame_size(c) == GH_FRAME_SMALL;
	const int left = x + 2 + LABEL_W;

	gh_canvas_text(c, x, y, here ? GH_INK_SELECT : GH_INK_DIM, "%s %s",
		       here ? ">" : " ", field->label);
	if (field->optional && !here && !m->form.field[i][0])
		gh_canvas_text(c, left, y, GH_INK_DIM, "(may stay empty)");
	return y + draw_text(c, left, y, c->w - left - 2, small ? 1 : TEXT_ROWS,
			     m->form.field[i], here);
}

static void draw_choice(const struct gh_ui_model *m, struct gh_canvas *c, int x,
			int y, const char *text)
{
	const struct gh_ui_form_row *row = gh_ui_form_row(m->form.kind);
	const bool here = m->form.at == row->n_fields;

	gh_canvas_text(c, x, y, here ? GH_INK_SELECT : GH_INK_DIM, "%s %s",
		       here ? ">" : " ", text);
	if (here) {
		c->cursor_x = x;
		c->cursor_y = y;
	}
}

static void draw_question(const struct gh_ui_model *m, struct gh_canvas *c,
			  int x, int y)
{
	const struct gh_ui_form_row *row = gh_ui_form_row(m->form.kind);
	const bool here = m->form.at == row->n_fields;
	char text[48];

	snprintf(text, sizeof text, "%s  (Enter)", row->does);
	draw_choice(m, c, x, y, row->is_final ? "Cancel  (Enter, Esc)" : text);
	if (row->is_final)
		gh_canvas_text(c, x, y + 1, here ? GH_INK_PLAIN : GH_INK_DIM,
			       "  %s (y)", row->does);
}

static void draw_form(const struct gh_ui_model *m, struct gh_canvas *c)
{
	const struct gh_ui_form_row *row = gh_ui_form_row(m->form.kind);
	const bool small = gh_frame_size(c) == GH_FRAME_SMALL;
	const int x = small ? 1 : 4;
	char text[160];
	int y = small ? 1 : 3;

	if (m->form.kind == GH_UI_FORM_NONE)
		return;
	say_what(&m->form, text, sizeof text);
	gh_canvas_cut(c, x, y, c->w - 2 * x, GH_INK_TITLE, text);
	y += small ? 1 : 2;
	y += gh_canvas_wrap(c, x, y, c->w - 2 * x, 4, row->tells);
	y += !small;
	for (unsigned i = 0; i < row->n_fields; i++)
		y = draw_field(m, c, x, y, i) + !small;
	draw_question(m, c, x, y);
	if (!small)
		gh_canvas_text(c, x, y + 3, GH_INK_DIM,
			       "%sNothing can start while this is open.",
			       m->form.at < row->n_fields
				       ? "Enter leads to the next line. "
				       : "");
}

const struct gh_view gh_view_form = {
	.name = "form",
	.page = GH_PAGE_FORM,
	.draw = draw_form,
};
