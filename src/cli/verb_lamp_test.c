/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lamp-test - every sign, word, state and big letter on this terminal, so that
 * nobody learns in the dark that one of them cannot be read. No device.
 */
#include "cli/options.h"   /* gh_cli_text */
#include "cli/say.h"	   /* gh_say_no_memory */
#include "cli/show.h"	   /* gh_show_style */
#include "judge/verdict.h" /* gh_verdict_of_state */
#include "report/phrase.h" /* gh_phrase_sign */
#include "ui/letters.h"	   /* gh_letters */
#include "ui/theme.h"	   /* gh_theme_look */
#include "ui/words.h"	   /* gh_words_ink */

#include <stdlib.h>
#include <string.h>

static const struct gh_option options[] = { { "theme",
					      "dark|light|blackout|mono",
					      "this one alone", GH_OPT_CHOICE },
					    { 0 } };

enum { LETTERS_X = GH_SIGN_W + 2, HEIGHT = GH_SIGN_H, MARGIN = 1 };

struct lamps {
	const struct gh_cli *cli;
	enum gh_theme theme;
	bool colour;
	struct gh_canvas canvas;
};

static const enum gh_verdict verdicts[] = { GH_VERDICT_READY, GH_VERDICT_WATCH,
					    GH_VERDICT_HOLD,
					    GH_VERDICT_UNSURE };

static const enum gh_state states[] = { GH_STATE_PASS,	  GH_STATE_WATCH,
					GH_STATE_KNOWN,	  GH_STATE_FAIL,
					GH_STATE_UNKNOWN, GH_STATE_SKIPPED };

/* Indexes of the 256 colours, as the screen uses them. */
static void begin_ink(const struct lamps *l, enum gh_ink ink, bool reverse)
{
	const struct gh_look *look = gh_theme_look(l->theme, ink);
	FILE *out = l->cli->out;

	if (!l->colour)
		return;
	fputs("\033[0", out);
	if (look->bold)
		fputs(";1", out);
	if (look->dim)
		fputs(";2", out);
	if (look->reverse != reverse)
		fputs(";7", out);
	if (look->fg256 >= 0)
		fprintf(out, ";38;5;%d", look->fg256);
	if (look->bg256 >= 0)
		fprintf(out, ";48;5;%d", look->bg256);
	fputc('m', out);
}

static void end_ink(const struct lamps *l)
{
	if (l->colour)
		fputs("\033[0m", l->cli->out);
}

static bool is_blank(const struct gh_glyph *g)
{
	return !g->reverse && strcmp(g->glyph, " ") == 0;
}

/* Without colour a pixel is a '#', as on a printer. */
static void print_row(const struct lamps *l, int y)
{
	const struct gh_glyph *row =
		&l->canvas.cells[(size_t)y * (size_t)l->canvas.w];
	int end = l->canvas.w;

	while (end > 0 && is_blank(&row[end - 1]))
		end--;
	for (int x = 0; x < end; x++) {
		const struct gh_glyph *g = &row[x];

		if (x == 0 || g->ink != g[-1].ink ||
		    g->reverse != g[-1].reverse)
			begin_ink(l, (enum gh_ink)g->ink, g->reverse);
		fputs(g->reverse && !l->colour ? "#" : g->glyph, l->cli->out);
	}
	end_ink(l);
	fputc('\n', l->cli->out);
}

static void big(struct lamps *l, enum gh_verdict v)
{
	struct gh_canvas *c = &l->canvas;
	const char *word = gh_verdict_name(v);

	gh_canvas_init(c, c->cells,
		       LETTERS_X + gh_letters_width(word, 1) + MARGIN, HEIGHT,
		       false);
	gh_letters_sign(c, 0, 0, v, gh_words_ink(v));
	gh_letters(c, LETTERS_X, 0, 1, 1, gh_words_ink(v), word);
	for (int y = 0; y < HEIGHT; y++)
		print_row(l, y);
	fputc('\n', l->cli->out);
}

static void small(const struct lamps *l, const char *sign, const char *word,
		  enum gh_ink ink)
{
	fputs("  ", l->cli->out);
	begin_ink(l, ink, false);
	fprintf(l->cli->out, "%s %s", sign, word);
	end_ink(l);
	fputc('\n', l->cli->out);
}

static void test_theme(struct lamps *l)
{
	fprintf(l->cli->out, "theme %s\n\n", gh_theme_name(l->theme));
	for (size_t i = 0; i < GH_ARRAY_SIZE(verdicts); i++)
		big(l, verdicts[i]);
	for (size_t i = 0; i < GH_ARRAY_SIZE(states); i++) {
		const bool known = states[i] == GH_STATE_KNOWN;
		const enum gh_verdict v = gh_verdict_of_state(states[i]);

		small(l, known ? "(k)" : gh_phrase_sign(v),
		      gh_phrase_state(states[i]), gh_words_ink(v));
	}
	small(l, "===", "STOP", GH_INK_STOP);
	small(l, "  >", "the row the cursor is on", GH_INK_SELECT);
	fputc('\n', l->cli->out);
}

static int run(struct gh_cli *cli)
{
	const char *asked = gh_cli_text(cli, "theme");
	struct lamps l = { .cli = cli, .colour = gh_show_style(cli).colour };

	l.canvas.cells = calloc((size_t)GH_CANVAS_W * GH_CANVAS_H,
				sizeof *l.canvas.cells);
	if (!l.canvas.cells)
		return gh_say_no_memory(cli);
	for (int t = 0; t < GH_THEME_COUNT; t++) {
		l.theme = (enum gh_theme)t;
		/* Without colour they all look the same. */
		if (asked ? gh_theme_find(asked) == t
			  : l.colour || t == GH_THEME_MONO)
			test_theme(&l);
	}
	free(l.canvas.cells);
	return GH_EXIT_OK;
}

const struct gh_verb gh_verb_lamp_test = {
	.name = "lamp-test",
	.summary = "every sign, word and big letter on this terminal",
	.usage = "",
	.options = options,
	.run = run,
};
