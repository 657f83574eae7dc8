/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every screen in every size against tests/golden, as text. GH_UPDATE_GOLDEN=1
 * rewrites them; the diff is reviewed. Runs in the root of the checkout.
 */
#include "fakes/wild.h"	       /* gh_wild_hostile */
#include "judge/fault_table.h" /* gh_fault_groups */
#include "ui/letters.h"	       /* gh_letters_sign */
#include "ui/view.h"	       /* what is tested */

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <stdlib.h>

#include "unit/test_ui_scenes.h"  /* scenes, set_scene */
#include "unit/test_ui_hostile.h" /* hostile_model, check_glyphs */

#define TEXT_CAP (GH_CANVAS_H * (GH_CANVAS_W * 4 + 1))

static struct gh_glyph cells[GH_CANVAS_W * GH_CANVAS_H];
static char drawn[TEXT_CAP], stored[TEXT_CAP];
static const char *hostile_text; /* in place of all others, NULL: not */

/* The screen as text, one line a row. */
static void draw(struct gh_ui_model *m, int w, int h, bool utf8)
{
	struct gh_canvas c;
	size_t used = 0;

	gh_model_resize(m, w, h);
	m->utf8 = utf8;
	gh_canvas_init(&c, cells, w, h, utf8);
	gh_view_draw(m, &c);
	for (int y = 0; y < c.h; y++) {
		used += gh_canvas_row_text(&c, y, drawn + used,
					   sizeof drawn - used - 1);
		drawn[used++] = '\n';
	}
	drawn[used] = '\0';
}

static void compare(const char *name, int w, int h, bool utf8)
{
	char path[96];
	size_t n = 0;
	FILE *f;

	snprintf(path, sizeof path, "tests/golden/ui-%s-%dx%d-%s.screen", name,
		 w, h, utf8 ? "utf8" : "ascii");
	if (getenv("GH_UPDATE_GOLDEN")) {
		f = fopen(path, "w");
		assert_non_null(f);
		fputs(drawn, f);
		fclose(f);
		return;
	}
	f = fopen(path, "r");
	if (!f)
		fail_msg("%s is missing", path);
	n = fread(stored, 1, sizeof stored - 1, f);
	fclose(f);
	stored[n] = '\0';
	if (strcmp(stored, drawn) != 0)
		fail_msg("%s differs:\n%s", path, drawn);
}

static void draw_scene(const struct scene *s, int w, int h, bool utf8)
{
	struct gh_doc *spoilt = NULL;
	struct gh_run_view view;
	struct gh_ui_model m;

	set_scene(s, &view, &m);
	if (hostile_text) {
		hostile_view(&view, hostile_text);
		hostile_model(&m, hostile_text);
	}
	if (hostile_text && m.doc) {
		spoilt = gh_doc_copy(m.doc);
		assert_non_null(spoilt);
		gh_wild_spoil(spoilt, hostile_text);
		m.doc = spoilt;
	}
	draw(&m, w, h, utf8);
	gh_doc_free(spoilt);
}

/* Calls check for every scene, size and character set. */
static void each_screen(void (*check)(const struct scene *s, int w, int h,
				      bool utf8))
{
	for (size_t i = 0; i < GH_ARRAY_SIZE(scenes); i++)
		for (size_t k = 0; k < 2 * GH_ARRAY_SIZE(sizes); k++) {
			draw_scene(&scenes[i], sizes[k / 2][0], sizes[k / 2][1],
				   k & 1);
			check(&scenes[i], sizes[k / 2][0], sizes[k / 2][1],
			      k & 1);
		}
}

static void check_golden(const struct scene *s, int w, int h, bool utf8)
{
	compare(s->name, w, h, utf8);
}

static void screens_are_as_reviewed(void **state)
{
	struct gh_run_view view = fixture_view(GH_VERDICT_HOLD);
	struct gh_ui_model m;

	(void)state;
	each_screen(check_golden);
	fixture_model(&m, &view);
	draw(&m, 30, 6, false);
	compare("small", 30, 6, false);
	gh_model_start(&m);
	draw(&m, 30, 6, false);
	compare("small-moving", 30, 6, false);
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool has_word(const char *text, const char *word)
{
	const size_t n = strlen(word);

	for (const char *s = text; *s != '\0'; s++) {
		size_t i = 0;

		while (i < n && (s[i] | 0x20) == word[i])
			i++;
		if (i == n && !is_letter(s[n]) &&
		    (s == text || !is_letter(s[-1])))
			return true;
	}
	return false;
}

static void check_words(const struct scene *s, int w, int h, bool utf8)
{
	static const char *const banned[] = { "go", "emergency" };

	for (size_t i = 0; i < GH_ARRAY_SIZE(banned); i++)
		if (has_word(drawn, banned[i]))
			fail_msg("%s at %dx%d (%d) says \"%s\"", s->name, w, h,
				 utf8, banned[i]);
	if (s->more != fixture_first && !strstr(drawn, "SIMULATED"))
		fail_msg("%s at %dx%d: not SIMULATED", s->name, w, h);
	if (s->running && !strstr(drawn, "SPACE = STOP"))
		fail_msg("%s at %dx%d: no STOP bar", s->name, w, h);
	/* In an open form it is a space, and the bar must not lie. */
	if (s->page == GH_PAGE_FORM) {
		assert_null(strstr(drawn, "SPACE stop"));
		return;
	}
	if (!strstr(drawn, "SPACE stop") && !strstr(drawn, "SPACE = STOP"))
		fail_msg("%s at %dx%d: no stop key", s->name, w, h);
}

static void words_are_the_agreed_ones(void **state)
{
	(void)state;
	assert_true(has_word("we Go now", "go"));
	assert_false(has_word("4 min ago, going", "go"));
	each_screen(check_words);
}

static void check_ascii(const struct scene *s, int w, int h, bool utf8)
{
	for (const char *c = drawn; !utf8 && *c != '\0'; c++)
		if (*c != '\n' && (*c < 0x20 || *c > 0x7E))
			fail_msg("%s at %dx%d: byte %02x", s->name, w, h,
				 (unsigned char)*c);
}

static void ascii_is_complete(void **state)
{
	(void)state;
	each_screen(check_ascii);
}

/* No label is cut, and what leads out is always there. */
static void check_bar(const struct scene *s, int w, int h, bool utf8)
{
	static const char *const ends[] = {
		"q quit", "Esc back",	"y move",
		"? help", "Esc cancel", "stops too"
	};
	const size_t n = strlen(drawn);
	bool fits = false;

	(void)utf8;
	for (size_t i = 0; i < GH_ARRAY_SIZE(ends); i++) {
		const size_t len = strlen(ends[i]);

		fits = fits || strncmp(drawn + n - len - 1, ends[i], len) == 0;
	}
	if (!fits || n < 2)
		fail_msg("%s at %dx%d: the key bar is cut:\n%s", s->name, w, h,
			 drawn);
}

static void key_bars_fit(void **state)
{
	(void)state;
	each_screen(check_bar);
}

/* Ours is where it was, and nothing of theirs but what can be read. */
static void check_hostile(const struct scene *s, int w, int h, bool utf8)
{
	const struct gh_canvas c = {
		.w = w, .h = h, .utf8 = utf8, .cells = cells
	};

	check_glyphs(&c);
	check_words(s, w, h, utf8);
	check_bar(s, w, h, utf8);
}

static void hostile_names_change_no_screen(void **state)
{
	(void)state;
	for (size_t i = 0; (hostile_text = gh_wild_hostile(i)); i++)
		each_screen(check_hostile);
}

/* One view for each page, and none twice. */
static void every_page_has_its_view(void **state)
{
	unsigned seen = 0;

	(void)state;
	for (size_t i = 0; gh_views[i]; i++) {
		assert_false(seen >> gh_views[i]->page & 1);
		seen |= 1u << gh_views[i]->page;
	}
	assert_int_equal(seen, (1u << GH_PAGE_COUNT) - 1);
}

/* "Looks like: TITLE (100 %)" and "Do: ACTION" as the detail screen has it. */
static void fault_text_fits(const struct gh_fault_row *f)
{
	if (strlen("  Looks like:  (100 %) ") + strlen(f->title) > 80 ||
	    strlen("   Do:  ") + strlen(f->action) > 80 ||
	    (f->other && strlen("   Or:  ") + strlen(f->other) > 80))
		fail_msg("%s: wider than 80 columns", f->name);
	assert_false(has_word(f->title, "go"));
	assert_false(has_word(f->action, "go"));
}

static void fault_texts_fit(void **state)
{
	(void)state;
	for (size_t g = 0; gh_fault_groups[g]; g++)
		for (const struct gh_fault_row *f = gh_fault_groups[g]; f->name;
		     f++)
			fault_text_fits(f);
}

/* Dropping ink changes no text: no meaning by colour alone. */
static void every_state_has_its_own_sign(void **state)
{
	char text[GH_VERDICT_HOLD + 1][GH_SIGN_W * GH_SIGN_H + 1];

	(void)state;
	for (int v = 0; v <= GH_VERDICT_HOLD; v++) {
		struct gh_canvas c;

		gh_canvas_init(&c, cells, GH_SIGN_W, GH_SIGN_H, false);
		gh_letters_sign(&c, 0, 0, (enum gh_verdict)v, GH_INK_PLAIN);
		for (int i = 0; i < GH_SIGN_W * GH_SIGN_H; i++)
			text[v][i] = cells[i].reverse ? '#' : cells[i].glyph[0];
		text[v][GH_SIGN_W * GH_SIGN_H] = '\0';
		for (int u = 0; u < v; u++)
			assert_string_not_equal(text[u], text[v]);
	}
}

static void old_verdicts_do_not_count(void **state)
{
	struct gh_run_view view = fixture_view(GH_VERDICT_READY);
	struct gh_ui_model m;

	(void)state;
	fixture_model(&m, &view);
	assert_int_equal(gh_model_verdict(&m), GH_VERDICT_READY);
	m.wall_s = view.started_s + GH_UI_MAX_AGE_S + 3600;
	assert_int_equal(gh_model_verdict(&m), GH_VERDICT_UNSURE);
	draw(&m, 80, 24, false);
	assert_non_null(strstr(drawn, "UNSURE"));
	assert_non_null(strstr(drawn, "5 h old: it was READY"));
	view = fixture_view(GH_VERDICT_HOLD);
	assert_int_equal(gh_model_verdict(&m), GH_VERDICT_HOLD);
	draw(&m, 80, 24, false);
	assert_non_null(strstr(drawn, "5 h old: resilience elbow"));
}

static void what_must_be_known_is_said(void **state)
{
	struct gh_run_view view = fixture_view(GH_VERDICT_UNSURE);
	struct gh_ui_model m;

	(void)state;
	fixture_model(&m, &view);
	view.end = "stopped";
	draw(&m, 80, 24, false);
	assert_non_null(strstr(drawn, "(places, stopped)"));
	gh_copy_text(m.message, sizeof m.message,
		     "/dev/ttyUSB9: no such port: is it plugged in? One can "
		     "look at what there is with `ghostlight devices`.");
	draw(&m, 40, 12, false);
	assert_non_null(strstr(drawn, "devices`."));
	m.message[0] = '\0';
	m.page = GH_PAGE_ASK;
	gh_copy_text(m.about.latched, sizeof m.about.latched, "STOP");
	draw(&m, 40, 12, false);
	assert_non_null(strstr(drawn, "A stop is latched (STOP); y clears it"));
	assert_non_null(strstr(drawn, "Move    (y)"));
}

/* Damaged, wide, joining and direction-changing text must not get through. */
static void hostile_text_is_harmless(void **state)
{
	struct gh_canvas c;
	char row[64];

	(void)state;
	gh_canvas_init(&c, cells, 12, 1, true);
	gh_canvas_text(&c, 0, 0, GH_INK_PLAIN, "%s",
		       "a\x1b\n\xff\xe2\x80\xae\xcc\x81\xc3\xbc\xc2\x9b\xe4");
	gh_canvas_row_text(&c, 0, row, sizeof row);
	assert_string_equal(row, "a?????\xc3\xbc??");
	gh_canvas_init(&c, cells, 12, 1, false);
	gh_canvas_text(&c, -2, 0, GH_INK_PLAIN, "%s",
		       "xxa\xc3\xbc"
		       "b");
	gh_canvas_row_text(&c, 0, row, sizeof row);
	assert_string_equal(row, "a?b");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(screens_are_as_reviewed),
		cmocka_unit_test(words_are_the_agreed_ones),
		cmocka_unit_test(ascii_is_complete),
		cmocka_unit_test(key_bars_fit),
		cmocka_unit_test(hostile_names_change_no_screen),
		cmocka_unit_test(every_page_has_its_view),
		cmocka_unit_test(fault_texts_fit),
		cmocka_unit_test(every_state_has_its_own_sign),
		cmocka_unit_test(old_verdicts_do_not_count),
		cmocka_unit_test(what_must_be_known_is_said),
		cmocka_unit_test(hostile_text_is_harmless),
	};

	return cmocka_run_group_tests(tests, hostile_set_up, NULL);
}
