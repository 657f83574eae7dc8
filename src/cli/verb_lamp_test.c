/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lamp-test - every sign, word, state and big letter on this terminal, so that
 * nobody learns in the dark that one of them cannot be read. No device.
 */
#include "base/text.h"	   /* gh_copy_text */
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

static const struct {
	enum gh_state state;
	const char *means;
} states[] = {
	{ GH_STATE_PASS, "inside all limits" },
	{ GH_STATE_WATCH, "near a limit, or drifting" },
	{ GH_STATE_KNOWN, "accepted by somebody, until a date" },
	{ GH_STATE_FAIL, "beyond a limit" },
	{ GH_STATE_UNKNOWN, "not measured, too old, not comparable" },
	{ GH_STATE_SKIPPED, "not asked for, or look by eye" },
};

/* What is no state of a part, with the ink it has. */
static const struct {
	const char *sign, *word, *means;
	enum gh_ink ink;
} others[] = {
	{ "===", "STOP", "the bar that is there while anything may move",
	  GH_INK_STOP },
	{ "  >", "the row the cursor is on", "selected", GH_INK_SELECT },
};

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

static const char *sign_of(enum gh_state state)
{
	return state == GH_STATE_KNOWN
		       ? "(k)"
		       : gh_phrase_sign(gh_verdict_of_state(state));
}

static void test_theme(struct lamps *l)
{
	fprintf(l->cli->out, "theme %s\n\n", gh_theme_name(l->theme));
	for (size_t i = 0; i < GH_ARRAY_SIZE(verdicts); i++)
		big(l, verdicts[i]);
	for (size_t i = 0; i < GH_ARRAY_SIZE(states); i++) {
		const enum gh_state s = states[i].state;

		small(l, sign_of(s), gh_phrase_state(s),
		      gh_words_ink(gh_verdict_of_state(s)));
	}
	for (size_t i = 0; i < GH_ARRAY_SIZE(others); i++)
		small(l, others[i].sign, others[i].word, others[i].ink);
	fputc('\n', l->cli->out);
}

/* ---- For a screen and for machines ---- */

static void add_row(struct gh_table *t, const char *sign, const char *word,
		    const char *verdict, const char *means)
{
	enum { SIGN, WORD, VERDICT, MEANS };
	struct gh_cell *c = gh_table_add(t);

	gh_cell_put(&c[SIGN], sign);
	gh_cell_put(&c[WORD], word);
	gh_cell_put(&c[VERDICT], verdict);
	gh_cell_put(&c[MEANS], means);
}

static bool show_table(const struct gh_cli *cli)
{
	static const struct gh_column columns[] = {
		{ "sign", "sign", GH_CELL_TEXT },
		{ "word", "word", GH_CELL_TEXT },
		{ "verdict", "verdict", GH_CELL_TEXT },
		{ "means", "means", GH_CELL_TEXT },
	};
	struct gh_table t = { .name = "lamps",
			      .none = "",
			      .columns = columns,
			      .n_columns = GH_ARRAY_SIZE(columns) };
	bool ok;

	if (!gh_table_init(&t, GH_ARRAY_SIZE(states) + GH_ARRAY_SIZE(others)))
		return false;
	for (size_t i = 0; i < GH_ARRAY_SIZE(states); i++) {
		const enum gh_state s = states[i].state;

		add_row(&t, sign_of(s), gh_phrase_state(s),
			gh_verdict_name(gh_verdict_of_state(s)),
			states[i].means);
	}
	for (size_t i = 0; i < GH_ARRAY_SIZE(others); i++)
		add_row(&t, others[i].sign, others[i].word, "",
			others[i].means);
	ok = gh_show_table(cli, &t);
	gh_table_finish(&t);
	return ok;
}

static int run(struct gh_cli *cli)
{
	const char *asked = gh_cli_text(cli, "theme");
	struct lamps l = { .cli = cli, .colour = gh_show_style(cli).colour };

	if (cli->shelf || gh_cli_on(cli, "json"))
		return show_table(cli) ? GH_EXIT_OK : gh_say_no_memory(cli);
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
