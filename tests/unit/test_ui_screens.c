/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every screen in every size against tests/golden, as text. GH_UPDATE_GOLDEN=1
 * rewrites them; the diff is reviewed. Runs in the root of the checkout.
 */
#include "judge/fault_table.h"	  /* gh_fault_groups */
#include "ui/letters.h"		  /* gh_letters_sign */
#include "ui/view.h"		  /* what is tested */
#include "unit/test_ui_fixture.h" /* fixture_view, fixture_model */

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <stdlib.h>
#include <time.h>

#define TEXT_CAP (GH_CANVAS_H * (GH_CANVAS_W * 4 + 1))

static struct gh_glyph cells[GH_CANVAS_W * GH_CANVAS_H];
static char drawn[TEXT_CAP], stored[TEXT_CAP];

struct scene {
	const char *name;
	enum gh_page page;
	enum gh_verdict verdict;
	bool empty, running, stopping;
};

static const struct scene scenes[] = {
	{ "home", GH_PAGE_HOME, GH_VERDICT_HOLD, false, false, false },
	{ "home-empty", GH_PAGE_HOME, GH_VERDICT_HOLD, true, false, false },
	{ "ask", GH_PAGE_ASK, GH_VERDICT_HOLD, false, false, false },
	{ "running", GH_PAGE_RUNNING, GH_VERDICT_READY, false, true, false },
	{ "stopping", GH_PAGE_RUNNING, GH_VERDICT_READY, false, true, true },
	{ "ready", GH_PAGE_VERDICT, GH_VERDICT_READY, false, false, false },
	{ "watch", GH_PAGE_VERDICT, GH_VERDICT_WATCH, false, false, false },
	{ "unsure", GH_PAGE_VERDICT, GH_VERDICT_UNSURE, false, false, false },
	{ "hold", GH_PAGE_VERDICT, GH_VERDICT_HOLD, false, false, false },
	{ "detail", GH_PAGE_DETAIL, GH_VERDICT_HOLD, false, false, false },
	{ "help", GH_PAGE_HELP, GH_VERDICT_READY, false, false, false },
	{ "help-moving", GH_PAGE_HELP, GH_VERDICT_READY, false, true, false },
};

static const int sizes[][2] = { { 40, 12 }, { 80, 24 }, { 120, 40 } };

static void set_scene(const struct scene *s, struct gh_run_view *view,
		      struct gh_ui_model *m)
{
	*view = fixture_view(s->verdict);
	fixture_model(m, s->empty ? NULL : view);
	if (s->running)
		fixture_running(m);
	m->stopping = s->stopping;
	m->page = s->page;
}

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

/* Calls check for every scene, size and character set. */
static void each_screen(void (*check)(const struct scene *s, int w, int h,
				      bool utf8))
{
	for (size_t i = 0; i < GH_ARRAY_SIZE(scenes); i++)
		for (size_t k = 0; k < 2 * GH_ARRAY_SIZE(sizes); k++) {
			struct gh_run_view view;
			struct gh_ui_model m;

			set_scene(&scenes[i], &view, &m);
			draw(&m, sizes[k / 2][0], sizes[k / 2][1], k & 1);
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
	if (!strstr(drawn, "SIMULATED"))
		fail_msg("%s at %dx%d: not SIMULATED", s->name, w, h);
	if (s->running && !strstr(drawn, "SPACE = STOP"))
		fail_msg("%s at %dx%d: no STOP bar", s->name, w, h);
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

static void key_bars_fit(void **state)
{
	(void)state;
	for (size_t i = 0; gh_views[i]; i++) {
		assert_true(strlen(gh_views[i]->keys) <= 78);
		assert_true(strlen(gh_views[i]->few_keys) <= 38);
		assert_false(has_word(gh_views[i]->keys, "go"));
	}
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
		cmocka_unit_test(screens_are_as_reviewed),
		cmocka_unit_test(words_are_the_agreed_ones),
		cmocka_unit_test(ascii_is_complete),
		cmocka_unit_test(key_bars_fit),
		cmocka_unit_test(every_page_has_its_view),
		cmocka_unit_test(fault_texts_fit),
		cmocka_unit_test(every_state_has_its_own_sign),
		cmocka_unit_test(old_verdicts_do_not_count),
		cmocka_unit_test(what_must_be_known_is_said),
		cmocka_unit_test(hostile_text_is_harmless),
	};

	return cmocka_run_group_tests(tests, pin_time_zone, NULL);
}
