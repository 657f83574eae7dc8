/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How it looks to who cannot see colours or stands two metres away: the same
 * words in every theme, a sign beside every state, letters as large as the
 * window allows. Runs in the root of the checkout.
 */
#include "ui/letters.h" /* gh_letters_width */
#include "ui/view.h"	/* gh_view_draw */
#include "report/phrase.h" /* gh_phrase_sign */

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <glob.h>
#include <stdlib.h>
#include <time.h>

#include "unit/test_ui_scenes.h" /* scenes, set_scene */

static struct gh_glyph cells[GH_CANVAS_W * GH_CANVAS_H];
static struct gh_glyph other_cells[GH_CANVAS_W * GH_CANVAS_H];

static struct gh_canvas draw(struct gh_ui_model *m, struct gh_glyph *room,
			     int w, int h)
{
	struct gh_canvas c;

	gh_model_resize(m, w, h);
	gh_canvas_init(&c, room, w, h, m->utf8);
	gh_view_draw(m, &c);
	return c;
}

static bool is_verdict(int ink)
{
	return ink >= GH_INK_READY && ink <= GH_INK_UNSURE;
}

/* ---- The same words --------------------------------------------------------*/

static void compare_text(const struct scene *s, const struct gh_canvas *a,
			 const struct gh_canvas *b)
{
	for (int i = 0; i < a->w * a->h; i++)
		if (strcmp(a->cells[i].glyph, b->cells[i].glyph) != 0 ||
		    a->cells[i].reverse != b->cells[i].reverse)
			fail_msg("%s: row %d column %d: '%s' or '%s'", s->name,
				 i / a->w, i % a->w, a->cells[i].glyph,
				 b->cells[i].glyph);
}

/* What mono says is what all themes say: ink adds nothing. The lamp test alone
 * says which theme it is. */
static void no_theme_says_more(void **state)
{
	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(scenes); i++)
		for (size_t k = 0; k < 2 * GH_ARRAY_SIZE(sizes); k++) {
			const int w = sizes[k / 2][0], h = sizes[k / 2][1];
			struct gh_run_view view;
			struct gh_ui_model m;
			struct gh_canvas mono, other;

			if (scenes[i].page == GH_PAGE_LAMPS)
				continue;
			set_scene(&scenes[i], &view, &m);
			m.utf8 = k & 1;
			m.theme = GH_THEME_MONO;
			mono = draw(&m, cells, w, h);
			for (int t = 0; t < GH_THEME_MONO; t++) {
				m.theme = (enum gh_theme)t;
				other = draw(&m, other_cells, w, h);
				compare_text(&scenes[i], &mono, &other);
			}
		}
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* A line of a plot is told by its glyph; so only texts need more. */
static bool has_sign_or_word(const char *text)
{
	static const char *const known[] = { "(k)", "NOT RUN", "KNOWN" };
	size_t letters = 0;

	for (const char *s = text; *s; s++)
		letters += is_letter(*s);
	if (letters == 0)
		return true;
	for (int v = GH_VERDICT_READY; v <= GH_VERDICT_NOT_RUN; v++)
		if (strstr(text, gh_verdict_name((enum gh_verdict)v)) ||
		    strstr(text, gh_phrase_sign((enum gh_verdict)v)))
			return true;
	for (size_t i = 0; i < GH_ARRAY_SIZE(known); i++)
		if (strstr(text, known[i]))
			return true;
	return false;
}

/* Cells from x on that have a verdict's ink, as text; returns the end. */
static int run_of_ink(const struct gh_canvas *c, int x, int y, char *out)
{
	const struct gh_glyph *row = &c->cells[y * c->w];
	const unsigned char ink = row[x].ink;
	size_t n = 0;

	for (; x < c->w && row[x].ink == ink && !row[x].reverse; x++)
		out[n++] = row[x].glyph[0];
	out[n] = '\0';
	return x;
}

/* How many texts have one. */
static unsigned check_row(const struct scene *s, const struct gh_canvas *c,
			  int y)
{
	unsigned n = 0;
	char text[GH_CANVAS_W + 1];

	for (int x = 0; x < c->w; x++) {
		const struct gh_glyph *cell = &c->cells[y * c->w + x];

		if (!is_verdict(cell->ink) || cell->reverse)
			continue;
		x = run_of_ink(c, x, y, text);
		if (!has_sign_or_word(text))
			fail_msg("%s: \"%s\" is told by its ink alone", s->name,
				 text);
		n++;
	}
	return n;
}

/* Letters two metres large are pixels, and half blocks where there are any. */
static void a_state_has_its_sign_or_word(void **state)
{
	unsigned n = 0;

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(scenes); i++)
		for (size_t k = 0; k < GH_ARRAY_SIZE(sizes); k++) {
			struct gh_run_view view;
			struct gh_ui_model m;
			struct gh_canvas c;

			set_scene(&scenes[i], &view, &m);
			m.utf8 = false;
			c = draw(&m, cells, sizes[k][0], sizes[k][1]);
			for (int y = 0; y < c.h; y++)
				n += check_row(&scenes[i], &c, y);
		}
	assert_true(n > GH_ARRAY_SIZE(scenes));
}

/* Nothing is said by a bell, a flash or a blink: in the wings they are cues. */
static void nothing_flashes(void **state)
{
	static const char *const banned[] = { "beep(", "flash(", "A_BLINK",
					      "init_color(", "\\a" };
	char line[512];
	glob_t files;

	(void)state;
	assert_int_equal(glob("src/ui/*.c", 0, NULL, &files), 0);
	assert_int_equal(glob("src/cli/*.c", GLOB_APPEND, NULL, &files), 0);
	assert_true(files.gl_pathc > 50);
	for (size_t i = 0; i < files.gl_pathc; i++) {
		FILE *f = fopen(files.gl_pathv[i], "r");

		assert_non_null(f);
		while (fgets(line, sizeof line, f))
			for (size_t k = 0; k < GH_ARRAY_SIZE(banned); k++)
				if (strstr(line, banned[k]))
					fail_msg("%s: %s", files.gl_pathv[i],
						 line);
		fclose(f);
	}
	globfree(&files);
}

/* ---- Two metres ------------------------------------------------------------*/

static int smaller(int a, int b)
{
	return a < b ? a : b;
}

/* The rule of interface.md section 4.3; 0: a pixel is one column. */
static int scale_of(const char *word, int w, int h)
{
	const int n = (int)strlen(word);

	return smaller((w - 4) / ((6 * n - 1) * 2), (h - 10) / 7);
}

static bool is_pixel(const struct gh_canvas *c, int x, int y)
{
	return x < c->w && y < c->h && c->cells[y * c->w + x].reverse;
}

/* Pixels anywhere in that column of the word, or in that row of it. */
static bool has_column(const struct gh_canvas *c, int x, int y, int rows)
{
	bool any = false;

	for (int i = 0; i < rows; i++)
		any = any || is_pixel(c, x, y + i);
	return any;
}

static bool has_row(const struct gh_canvas *c, int x, int y, int columns)
{
	bool any = false;

	for (int i = 0; i < columns; i++)
		any = any || is_pixel(c, x + i, y);
	return any;
}

static void check_word(const struct gh_canvas *c, const char *word)
{
	const int s = scale_of(word, c->w, c->h);
	const int x = c->w < 80 ? 1 : 3, y = c->w < 80 || c->h < 24 ? 1 : 2;
	const int wide = gh_letters_width(word, s > 0 ? 2 * s : 1);
	const int high = GH_LETTER_H * (s > 0 ? s : 1);

	assert_true(has_column(c, x, y, high));
	assert_true(has_column(c, x + wide - 1, y, high));
	assert_false(has_column(c, x + wide, y, high));
	assert_true(has_row(c, x, y, wide));
	assert_true(has_row(c, x, y + high - 1, wide));
	assert_false(has_row(c, x, y + high, wide));
}

static void the_word_fills_the_window(void **state)
{
	(void)state;
	for (int v = GH_VERDICT_READY; v <= GH_VERDICT_HOLD; v++) {
		struct gh_run_view view = fixture_view((enum gh_verdict)v);
		const char *word = gh_verdict_name((enum gh_verdict)v);
		struct gh_ui_model m;

		fixture_model(&m, &view);
		m.page = GH_PAGE_VERDICT;
		assert_int_equal(scale_of(word, 80, 24), 1);
		for (int w = GH_UI_MIN_W; w <= GH_CANVAS_W; w += 7)
			for (int h = GH_UI_MIN_H; h <= GH_CANVAS_H; h += 3) {
				const struct gh_canvas c =
					draw(&m, cells, w, h);

				check_word(&c, word);
			}
	}
}

/* Glyphs of half a cell: the big lines below the word. */
static unsigned half_blocks(const struct gh_canvas *c)
{
	unsigned n = 0;

	for (int i = 0; i < c->w * c->h; i++)
		n += strcmp(c->cells[i].glyph, "\xe2\x96\x80") == 0;
	return n;
}

static void only_a_hold_names_the_part_large(void **state)
{
	(void)state;
	for (int v = GH_VERDICT_READY; v <= GH_VERDICT_HOLD; v++) {
		struct gh_run_view view = fixture_view((enum gh_verdict)v);
		struct gh_ui_model m;
		struct gh_canvas c;

		fixture_model(&m, &view);
		m.page = GH_PAGE_VERDICT;
		m.utf8 = true;
		c = draw(&m, cells, 80, 24);
		assert_int_equal(half_blocks(&c) > 0, v == GH_VERDICT_HOLD);
	}
}

/* ---- Time ------------------------------------------------------------------*/

static bool shows(struct gh_ui_model *m, int w, int h, const char *text)
{
	const struct gh_canvas c = draw(m, cells, w, h);
	char row[GH_CANVAS_W * 4 + 1];
	bool found = false;

	for (int y = 0; y < c.h; y++) {
		gh_canvas_row_text(&c, y, row, sizeof row);
		found = found || strstr(row, text);
	}
	return found;
}

static void ages_tick(void **state)
{
	struct gh_run_view view = fixture_view(GH_VERDICT_READY);
	struct gh_ui_model m;

	(void)state;
	fixture_model(&m, &view);
	m.page = GH_PAGE_VERDICT;
	assert_true(shows(&m, 80, 24, "4 min ago"));
	m.wall_s += 60;
	assert_true(shows(&m, 80, 24, "5 min ago"));
	m.wall_s = view.started_s + GH_UI_MAX_AGE_S + 1;
	assert_true(shows(&m, 80, 24, "4 h old: it was READY"));
}

static void a_long_check_counts_minutes(void **state)
{
	struct gh_run_view view = fixture_view(GH_VERDICT_READY);
	struct gh_ui_model m;

	(void)state;
	fixture_model(&m, &view);
	fixture_running(&m);
	assert_true(shows(&m, 80, 24, "PLACES CHECK"));
	assert_true(shows(&m, 80, 24, "seconds left"));
	m.profile = 3;
	gh_copy_text(m.about.plan[3].name, GH_NAME_CAP, "half");
	m.left_s = 1799;
	assert_true(shows(&m, 80, 24, "HALF CHECK"));
	assert_true(shows(&m, 80, 24, "left 29:59"));
	assert_true(shows(&m, 80, 24, "minutes left"));
	assert_true(shows(&m, 40, 12, "minutes left"));
	assert_true(shows(&m, 120, 40, "minutes left"));
}

static int pin_time_zone(void **state)
{
	(void)state;
	setenv("TZ", "UTC", 1);
	tzset();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_theme_says_more),
		cmocka_unit_test(a_state_has_its_sign_or_word),
		cmocka_unit_test(nothing_flashes),
		cmocka_unit_test(the_word_fills_the_window),
		cmocka_unit_test(only_a_hold_names_the_part_large),
		cmocka_unit_test(ages_tick),
		cmocka_unit_test(a_long_check_counts_minutes),
	};

	return cmocka_run_group_tests(tests, pin_time_zone, NULL);
}
