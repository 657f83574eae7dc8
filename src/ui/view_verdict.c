/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * view_verdict - for somebody two metres away with a headset on: one word, its
 * outline, the worst part, what to do.
 */
#include "report/phrase.h" /* gh_phrase_part */
#include "ui/frame.h"	/* gh_frame_* */
#include "ui/letters.h" /* gh_letters, gh_letters_half, gh_letters_sign */
#include "ui/view.h"	/* struct gh_view */
#include "ui/words.h" /* gh_words_* */

#include <stdio.h>
#include <string.h>

enum { X = 3, WORDS_CAP = 2 * GH_NAME_CAP };

static int smaller(int a, int b)
{
	return a < b ? a : b;
}

/* Columns a pixel takes; twice as many as rows, or one in a small window. */
static int columns_per_pixel(const struct gh_canvas *c, const char *word)
{
	const int one = gh_letters_width(word, 1);
	const int s =
		smaller((c->w - 4) / (2 * one), (c->h - 10) / GH_LETTER_H);

	return s > 0 ? 2 * s : 1;
}

/* Draws word and outline; returns the row after them. */
static int draw_word(struct gh_canvas *c, int y, enum gh_verdict v)
{
	const char *word = gh_verdict_name(v);
	const enum gh_ink ink = gh_words_ink(v);
	const int px = columns_per_pixel(c, word);
	const int py = px > 1 ? px / 2 : 1;
	const int x = c->w < 80 ? 1 : X;
	const int sign_x = c->w - GH_SIGN_W - 1 - (c->w >= 80);
	const bool beside = x + gh_letters_width(word, px) + 1 < sign_x;
	int end = y + GH_LETTER_H * py;

	gh_letters(c, x, y, px, py, ink, word);
	if (beside) {
		gh_letters_sign(c, sign_x, y + (py - 1) * GH_LETTER_H / 2, v,
				ink);
	} else if (end + GH_SIGN_H + 3 < c->h - 2) {
		gh_letters_sign(c, x, end + 1, v, ink);
		end += 1 + GH_SIGN_H;
	}
	return end;
}

static bool fits(const struct gh_canvas *c, const char *word)
{
	return X + gh_letters_width(word, 1) < c->w;
}

/* "resilience elbow" and "+41 %" become "resilience" and "elbow +41%". */
static void split(const struct gh_row *row, char first[WORDS_CAP],
		  char second[WORDS_CAP])
{
	const char *blank = strchr(row->part, ' ');
	const size_t n =
		blank ? (size_t)(blank - row->part) : strlen(row->part);
	size_t used;

	snprintf(first, WORDS_CAP, "%.*s", (int)n, row->part);
	snprintf(second, WORDS_CAP, "%s", blank ? blank + 1 : "");
	used = strlen(second);
	if (strchr(row->change, '%'))
		snprintf(second + used, WORDS_CAP - used, "%s%.*s%%",
			 used ? " " : "", (int)strcspn(row->change, " "),
			 row->change);
}

static void draw_line(struct gh_canvas *c, int *y, int end, const char *text,
		      bool big)
{
	const int need = c->utf8 ? GH_HALF_H : GH_LETTER_H;

	if (text[0] == '\0' || *y >= end)
		return;
	if (big && fits(c, text) && *y + need <= end)
		*y += gh_letters_half(c, X, *y, GH_INK_HOLD, text) + 1;
	else
		gh_canvas_cut(c, X, (*y)++, c->w - X - 1, GH_INK_TITLE, text);
}

/* Which part: big, because plain text cannot be read from two metres. */
static int draw_worst(const struct gh_ui_model *m, struct gh_canvas *c, int y,
		      int end)
{
	const int part = gh_words_worst_part(m->view);
	char first[WORDS_CAP], second[WORDS_CAP];
	struct gh_row row;

	if (part < 0 || gh_model_verdict(m) != GH_VERDICT_HOLD)
		return y;
	gh_words_part_row(m->view, (size_t)part, &row);
	split(&row, first, second);
	draw_line(c, &y, end, first, true);
	draw_line(c, &y, end, second, c->utf8);
	return y;
}

struct list {
	char *text;
	size_t cap, used;
};

static void add(struct list *l, const char *before, const char *text)
{
	const int n = snprintf(l->text + l->used, l->cap - l->used, "%s%s",
			       before, text);

	l->used += (size_t)n < l->cap - l->used ? (size_t)n : 0;
	l->text[l->used] = '\0';
}

/* "Also: WATCH core red blue -22 %.", after the worst part. */
static void list_others(const struct gh_run_view *view, struct list *l)
{
	uint16_t order[GH_JUDGE_PARTS];
	const size_t n = gh_words_parts(view, order);

	for (size_t i = 1; i < n; i++) {
		struct gh_row row;

		gh_words_part_row(view, order[i], &row);
		if (row.state == GH_VERDICT_READY ||
		    row.state == GH_VERDICT_NOT_RUN)
			continue;
		add(l, l->used ? ", " : "Also: ", gh_verdict_name(row.state));
		add(l, " ", row.part);
	}
	if (l->used)
		add(l, ".   ", "");
}

/* The name up to its number: parts that are alike share it. */
static size_t stem(const struct gh_run_view *view, unsigned part)
{
	const char *name = gh_words_part_name(view, (int)part);
	const char *dot = strrchr(name, '.');

	return dot && gh_is_digit(dot[1]) ? (size_t)(dot - name) : strlen(name);
}

static bool is_part(const struct gh_run_view *view, unsigned part)
{
	return part < view->result->n_parts && part < view->n_parts;
}

static bool is_not_run(const struct gh_run_view *view, unsigned part)
{
	return is_part(view, part) &&
	       view->result->parts[part].state == GH_VERDICT_NOT_RUN;
}

static bool is_alike(const struct gh_run_view *view, unsigned a, unsigned b)
{
	const size_t n = stem(view, a);

	return is_not_run(view, b) && stem(view, b) == n &&
	       strncmp(view->parts[a].name, view->parts[b].name, n) == 0;
}

/* "Not run: crystals, fibre x8" */
static void list_not_run(const struct gh_run_view *view, struct list *l)
{
	const char *before = "Not run: ";
	char part[GH_NAME_CAP], text[GH_NAME_CAP + 16];

	for (unsigned i = 0, n; is_part(view, i); i += n) {
		n = 1;
		if (!is_not_run(view, i))
			continue;
		while (is_alike(view, i, i + n))
			n++;
		gh_phrase_part(part, sizeof part, view->parts[i].name);
		snprintf(text, sizeof text, "%s", part);
		if (n > 1)
			snprintf(text, sizeof text, "%.*s x%u",
				 (int)stem(view, i), part, n);
		add(l, before, text);
		before = ", ";
	}
}

/* The last rows; returns the first of them. */
static int draw_texts(const struct gh_ui_model *m, struct gh_canvas *c,
		      int bottom)
{
	char others[400] = "", why[160], action[200];
	struct list l = { others, sizeof others, 0 };
	const bool small = gh_frame_size(c) == GH_FRAME_SMALL;
	const int x = small ? 1 : X, wide = c->w - x - 1;
	const int top = bottom - (small ? 2 : 3);

	if (m->view->result && !small) {
		list_others(m->view, &l);
		list_not_run(m->view, &l);
	}
	gh_frame_why(m, why, sizeof why);
	gh_canvas_cut(c, x, top, wide, GH_INK_TITLE, why);
	snprintf(action, sizeof action, "Do: %s", gh_frame_action(m));
	if (gh_frame_action(m)[0])
		gh_canvas_cut(c, x, bottom - 1, wide, GH_INK_PLAIN, action);
	gh_canvas_cut(c, x, top + 1, small ? 0 : wide, GH_INK_PLAIN, others);
	return top;
}

static void draw_verdict(const struct gh_ui_model *m, struct gh_canvas *c)
{
	const bool small = gh_frame_size(c) == GH_FRAME_SMALL;
	const int bottom = gh_frame_bottom(m, c);
	char when[96], text[128];
	int y, texts;

	if (!m->view)
		return;
	y = draw_word(c, small ? 1 : 2, gh_model_verdict(m));
	texts = draw_texts(m, c, bottom);
	if (small)
		return;
	gh_frame_when(m, when, sizeof when);
	snprintf(text, sizeof text, "%s%s   %.0f s",
		 m->is_past ? "EARLIER RUN   " : "", when, m->view->duration_s);
	gh_canvas_cut(c, X, 1, c->w - X - 1, GH_INK_DIM, text);
	draw_worst(m, c, y + 1, texts);
}

const struct gh_view gh_view_verdict = {
	.name = "verdict",
	.page = GH_PAGE_VERDICT,
	.draw = draw_verdict,
};
