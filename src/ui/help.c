/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/help.h"

#include "ui/keys.h" /* gh_keys_help */

enum { COLUMN_W = 40, TOP = 1 };

static const struct gh_help_line words[] = {
	{ "", "signs and words", true },
	{ " o ", "READY: inside all limits", false },
	{ "/!\\", "WATCH: near a limit or drifting; or known", false },
	{ " ? ", "UNSURE: not measured, too old, not comparable", false },
	{ "[#]", "HOLD: beyond a limit; do not run this part", false },
	{ "(k)", "KNOWN: accepted by somebody, until a date", false },
	{ " ? ", "NOT RUN: not asked for, or look by eye", false },
	{ "", "STOP is no safety device: what cuts the power is its switch.",
	  false },
};

/* Where help was asked for. */
static enum gh_page origin(const struct gh_ui_model *m)
{
	return m->n_trail > 0 ? m->trail[m->n_trail - 1].order.page
			      : GH_PAGE_HOME;
}

static void set_title(struct gh_help_line *out, const char *text)
{
	*out = (struct gh_help_line){ .title = true };
	gh_copy_text(out->text, sizeof out->text, text);
}

static void set_key(const struct gh_ui_model *m, unsigned i,
		    struct gh_help_line *out)
{
	struct gh_key_line key = { .here = false };

	(void)gh_keys_help(origin(m), i, &key);
	*out = (struct gh_help_line){ .title = false };
	gh_copy_text(out->key, sizeof out->key, key.key);
	gh_copy_text(out->text, sizeof out->text, key.text);
}

bool gh_help_line(const struct gh_ui_model *m, unsigned i,
		  struct gh_help_line *out)
{
	unsigned here;
	const unsigned all = gh_keys_count(origin(m), &here);

	if (i == 0)
		set_title(out, "keys of that screen");
	else if (i <= here)
		set_key(m, i - 1, out);
	else if (i == here + 1)
		set_title(out, "keys of other screens");
	else if (i <= all + 1)
		set_key(m, i - 2, out);
	else if (i - all - 2 < GH_ARRAY_SIZE(words))
		*out = words[i - all - 2];
	else
		return false;
	return true;
}

static int bottom(const struct gh_ui_model *m)
{
	const int h = m->h < GH_CANVAS_H ? m->h : GH_CANVAS_H;

	return h - (gh_model_may_move(m) ? 3 : 2);
}

bool gh_help_place(const struct gh_ui_model *m, const struct gh_help_line *line,
		   struct gh_help_place *at)
{
	const int w = m->w < GH_CANVAS_W ? m->w : GH_CANVAS_W;

	if (at->next == 0)
		*at = (struct gh_help_place){ .x = 1 + GH_HELP_KEY,
					      .next = TOP };
	at->width = COLUMN_W - 2 - (line->key[0] ? GH_HELP_KEY : 0);
	at->rows = gh_canvas_rows(line->text, at->width);
	if (at->next + at->rows > bottom(m)) {
		at->x += COLUMN_W;
		at->next = TOP;
	}
	at->y = at->next;
	at->next += at->rows;
	return at->x - GH_HELP_KEY - 1 + COLUMN_W <= w;
}

/* The first line that is not shown when `first` is the first one. */
static unsigned end_of(const struct gh_ui_model *m, unsigned first)
{
	struct gh_help_place at = { 0 };
	struct gh_help_line line;

	while (gh_help_line(m, first, &line) && gh_help_place(m, &line, &at))
		first++;
	return first;
}

unsigned gh_help_rows(const struct gh_ui_model *m)
{
	struct gh_help_line line;
	unsigned first = 0;

	while (gh_help_line(m, end_of(m, first), &line))
		first++;
	return first + 1;
}

unsigned gh_help_next(const struct gh_ui_model *m)
{
	const unsigned end = end_of(m, m->cursor);
	const unsigned last = gh_help_rows(m) - 1;

	if (m->cursor >= last)
		return 0;
	return end < last ? end : last;
}
