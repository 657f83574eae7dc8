/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/first.h"

#include "report/phrase.h" /* gh_phrase_sign */
#include "ui/words.h" /* gh_words_ink */

static const char *const hints[] = {
	"x looks from the cable to the disk and says what mends it; r looks "
	"again.",
	"No sculpture here? s starts a simulated Lumina, with a database of "
	"its own:",
	"nothing real moves, and it ends with this program.",
};

/* The first that is not there; -1: all are. */
static int missing(const struct gh_ui_model *m)
{
	for (int i = 0; i < GH_UI_FIRST && m->about.first[i].title; i++)
		if (!m->about.first[i].there)
			return i;
	return -1;
}

const char *gh_first_next(const struct gh_ui_model *m)
{
	const int i = missing(m);

	return i >= 0 && m->about.first[i].todo[0]
		       ? m->about.first[i].todo
		       : "press 1 for the one-minute check";
}

/* One that is there, or not: returns the rows it took. */
static int draw_one(const struct gh_ui_model *m, struct gh_canvas *c, int y,
		    int end, int i)
{
	const struct gh_ui_first *f = &m->about.first[i];
	const bool next = i == missing(m), wide = c->w >= 80;
	const enum gh_verdict v =
		f->there ? GH_VERDICT_READY : GH_VERDICT_UNSURE;
	const int x = wide ? 19 : 16;
	int rows;

	gh_canvas_text(c, 1, y, GH_INK_TITLE, "%s", next ? ">" : " ");
	gh_canvas_text(c, 3, y, gh_words_ink(v), "%s", gh_phrase_sign(v));
	gh_canvas_text(c, 7, y, next ? GH_INK_TITLE : GH_INK_PLAIN, "%s",
		       f->title);
	gh_canvas_cut(c, x, y, c->w - x - 1, GH_INK_PLAIN, f->found);
	if (!wide || f->there || !f->todo[0] || y + 1 >= end)
		return 1;
	rows = gh_canvas_wrap(c, x, y + 1, c->w - x - 1,
			      end - y - 1 < 2 ? end - y - 1 : 2, f->todo);
	return 1 + rows;
}

void gh_first_draw(const struct gh_ui_model *m, struct gh_canvas *c, int y,
		   int end)
{
	for (int i = 0; i < GH_UI_FIRST && y < end && m->about.first[i].title;
	     i++)
		y += draw_one(m, c, y, end, i);
	y += c->w >= 80;
	/* The first one only, where it is simulated already. */
	for (size_t i = 0;
	     i < (m->about.simulated ? 1 : GH_ARRAY_SIZE(hints)) && y < end;
	     i++)
		gh_canvas_cut(c, c->w < 80 ? 1 : 3, y++, c->w - 4, GH_INK_DIM,
			      hints[i]);
}
