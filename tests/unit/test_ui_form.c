/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Forms: what can be typed into them, what a paste or a held key cannot do,
 * that nothing else happens while one is open, and where they can be opened.
 */
#include "ui/acts_form.h"		 /* what is tested */
#include "ui/acts_motion.h"		 /* gh_no_aim */
#include "ui/form.h"			 /* what is tested */
#include "unit/test_ui_fixture_people.h" /* people_open */

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>

#include "unit/test_ui_stage.h" /* set_up, after */

enum { PASTE = 10240 };

static enum gh_ui_action press(int key)
{
	return after(GH_US_PER_S, key);
}

/* ---- Typing ---------------------------------------------------------------*/

static void put(char *text, size_t cap, const char *bytes)
{
	for (; *bytes; bytes++)
		(void)gh_ui_type(text, cap, (unsigned char)*bytes);
}

static void text_goes_in_and_nothing_else(void **state)
{
	static const struct {
		const char *typed, *stays;
	} rows[] = {
		{ "J\xc3\xbcrgen, 4 \xc2\xb5m", "J\xc3\xbcrgen, 4 \xc2\xb5m" },
		{ "\xe6\xbc\xa2 \xf0\x9f\x94\xa7",
		  "\xe6\xbc\xa2 \xf0\x9f\x94\xa7" },
		{ "a\x1b[31mb\x07\x7f\b\r\n\t", "a[31mb" },
		{ "\xc2\x9b"
		  "2J",
		  "2J" }, /* C1 */
		{ "\xe2\x80\xae"
		  "abc",
		  "abc" },			  /* turns it around */
		{ "\xc0\x9b \xe0\x80\xa1", " " }, /* overlong */
		{ "\xed\xa0\x80x", "x" },	  /* no character */
		{ "\xfc"
		  "a",
		  "a" }, /* Latin-1 */
		{ "a\xc3"
		  "b\xbc"
		  "c",
		  "abc" },		/* halves */
		{ "\xf0\x9f\x94", "" }, /* never ended */
	};
	char text[64];

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(rows); i++) {
		text[0] = '\0';
		put(text, sizeof text, rows[i].typed);
		gh_ui_type_end(text);
		assert_string_equal(text, rows[i].stays);
	}
}

static void backspace_takes_a_whole_character(void **state)
{
	char text[32] = "";

	(void)state;
	put(text, sizeof text, "a\xc3\xbc\xe6\xbc\xa2");
	assert_true(gh_ui_type(text, sizeof text, GH_KEY_RUBOUT));
	assert_string_equal(text, "a\xc3\xbc");
	assert_true(gh_ui_type(text, sizeof text, GH_KEY_RUBOUT));
	assert_string_equal(text, "a");
	for (int i = 0; i < 3; i++)
		gh_ui_type(text, sizeof text, GH_KEY_RUBOUT);
	assert_string_equal(text, "");
}

static void a_full_text_takes_no_half_character(void **state)
{
	char text[6] = "";

	(void)state;
	put(text, sizeof text, "abcd");
	put(text, sizeof text, "\xc3\xbc");
	assert_string_equal(text, "abcd");
	assert_true(gh_ui_type(text, sizeof text, 'e'));
	assert_false(gh_ui_type(text, sizeof text, 'f'));
	assert_string_equal(text, "abcde");
}

/* ---- In the screens -------------------------------------------------------*/

static void open_note(void)
{
	press('n');
	assert_int_equal(m.page, GH_PAGE_FORM);
	assert_int_equal(m.form.kind, GH_UI_FORM_NOTE);
}

static void a_note_is_about_what_is_shown(void **state)
{
	(void)state;
	open_note();
	assert_string_equal(m.form.run, "117");
	assert_string_equal(m.form.part, "resilience.elbow");
	people_type(&m, "it ticks");
	press(GH_KEY_ENTER);
	people_type(&m, "Ada");
	assert_int_equal(press(GH_KEY_ENTER), GH_UI_REDRAW);
	assert_int_equal(press(GH_KEY_ENTER), GH_UI_SUBMIT);
	assert_string_equal(m.form.field[0], "it ticks");
	assert_string_equal(m.form.field[1], "Ada");
	assert_int_equal(gh_form_done(&m), GH_UI_REDRAW);
	assert_int_equal(m.page, GH_PAGE_HOME);
	press('v');
	open_note();
	assert_string_equal(m.form.part, "");
	assert_string_equal(m.form.field[1], "Ada");
}

static void space_is_a_space_in_a_field_alone(void **state)
{
	(void)state;
	open_note();
	assert_int_equal(press(' '), GH_UI_REDRAW);
	assert_string_equal(m.form.field[0], " ");
	press(GH_KEY_UP);
	assert_int_equal(m.form.at, 2);
	assert_int_equal(press(' '), GH_UI_STOP);
	assert_int_equal(m.page, GH_PAGE_FORM);
}

/* Every key that does something elsewhere is only a letter here. */
static void nothing_else_happens(void **state)
{
	static const char keys[] = "1234yqvdhnwbotu?/ asf";

	(void)state;
	open_note();
	for (const char *key = keys; *key; key++)
		assert_int_equal(press(*key), GH_UI_REDRAW);
	assert_string_equal(m.form.field[0], keys);
	assert_int_equal(m.page, GH_PAGE_FORM);
	assert_false(m.running);
}

static void an_empty_text_is_not_stored(void **state)
{
	(void)state;
	open_note();
	people_type(&m, "  ");
	press(GH_KEY_UP);
	assert_int_equal(press(GH_KEY_ENTER), GH_UI_REDRAW);
	assert_string_equal(m.message, "\"text\" is still empty.");
	assert_int_equal(m.form.at, 0);
}

static void what_is_refused_stays(void **state)
{
	(void)state;
	open_note();
	people_type(&m, "it ticks");
	press(GH_KEY_UP);
	assert_int_equal(press(GH_KEY_ENTER), GH_UI_SUBMIT);
	gh_model_say(&m, "the disk is full");
	assert_int_equal(m.page, GH_PAGE_FORM);
	assert_string_equal(m.form.field[0], "it ticks");
	assert_int_equal(press(GH_KEY_ENTER), GH_UI_SUBMIT);
}

/* A held key, and a line end in a paste, answer no question. */
static void enter_must_be_deliberate(void **state)
{
	(void)state;
	open_note();
	people_type(&m, "it ticks");
	for (int i = 0; i < 100; i++)
		assert_int_equal(after(30 * (gh_us)GH_US_PER_MS, GH_KEY_ENTER),
				 GH_UI_REDRAW);
	assert_int_equal(m.page, GH_PAGE_FORM);
	assert_int_equal(press(GH_KEY_ENTER), GH_UI_SUBMIT);
}

static void a_paste_stays_in_the_form(void **state)
{
	static const char block[] =
		"q1y\x1b[31m J\xc3\xbc\xe2\x80\xae\r\x1b\x1b\x03\x1a "
		"Ada\xff\xc2\x9b\n\t\t7y\r\r";

	(void)state;
	open_note();
	for (size_t i = 0; i < PASTE; i++) {
		const int key = (unsigned char)block[i % (sizeof block - 1)];
		const enum gh_ui_action did =
			after(GH_US_PER_MS, key == '\n' ? GH_KEY_ENTER : key);

		assert_true(did == GH_UI_REDRAW || did == GH_UI_STOP);
		assert_int_equal(m.page, GH_PAGE_FORM);
	}
	for (unsigned i = 0; i < 2; i++) {
		gh_ui_type_end(m.form.field[i]);
		assert_true(gh_is_human_text(
			m.form.field[i],
			gh_ui_form_row(GH_UI_FORM_NOTE)->fields[i].cap));
	}
}

static void escape_asks_before_text_is_lost(void **state)
{
	(void)state;
	open_note();
	assert_int_equal(press(GH_KEY_ESC), GH_UI_FLUSH);
	assert_int_equal(m.page, GH_PAGE_HOME);
	open_note();
	press('x');
	press(GH_KEY_ESC);
	assert_int_equal(m.page, GH_PAGE_FORM);
	press('y');
	press(GH_KEY_ESC);
	after(GH_UI_DEAD_US - 1, GH_KEY_ESC);
	assert_int_equal(m.page, GH_PAGE_FORM);
	assert_string_equal(m.form.field[0], "xy");
	press(GH_KEY_ESC);
	assert_int_equal(m.page, GH_PAGE_HOME);
}

static void a_small_window_keeps_the_text(void **state)
{
	(void)state;
	open_note();
	people_type(&m, "it ticks");
	gh_model_resize(&m, 30, 6);
	assert_int_equal(press('q'), GH_UI_NONE);
	assert_int_equal(press(GH_KEY_ESC), GH_UI_NONE);
	assert_int_equal(press(' '), GH_UI_STOP);
	gh_model_resize(&m, 80, 24);
	assert_int_equal(m.page, GH_PAGE_FORM);
	assert_string_equal(m.form.field[0], "it ticks");
}

/* ---- Where it opens -------------------------------------------------------*/

static void only_what_failed_is_accepted(void **state)
{
	(void)state;
	assert_null(gh_no_accept(&m));
	press(GH_KEY_DOWN);
	assert_non_null(strstr(gh_no_accept(&m), "only a HOLD"));
	assert_int_equal(press('w'), GH_UI_REDRAW);
	assert_int_equal(m.page, GH_PAGE_HOME);
	view.run = 0;
	m.cursor = 0;
	assert_non_null(strstr(gh_no_accept(&m), "not stored"));
	view.run = 117;
	m.page = GH_PAGE_PART;
	gh_copy_text(m.order.word[0], GH_UI_WORD, "core");
	assert_non_null(strstr(gh_no_accept(&m), "only a HOLD"));
	gh_copy_text(m.order.word[0], GH_UI_WORD, "resilience.elbow");
	assert_null(gh_no_accept(&m));
	m.page = GH_PAGE_HOME;
	press('d');
	press('w');
	assert_int_equal(m.form.kind, GH_UI_FORM_ACCEPT);
	assert_string_equal(m.form.part, "resilience.elbow");
	assert_string_equal(m.form.field[2], "2026-12-06");
	m.view = NULL;
	assert_non_null(strstr(gh_no_accept(&m), "No verdict"));
}

/* Of the rows that the filter leaves, the one with the cursor. */
static void what_is_meant_is_what_is_seen(void **state)
{
	(void)state;
	press('d');
	press('/');
	for (const char *s = "fibre"; *s; s++)
		press(*s);
	press(GH_KEY_ENTER);
	assert_non_null(strstr(gh_no_accept(&m), "only a HOLD"));
	assert_null(gh_no_aim(&m));
	assert_int_equal(press('i'), GH_UI_OPEN);
	assert_string_equal(m.wanted.word[1], "fibre.1");
	open_note();
	assert_string_equal(m.form.part, "fibre.1");
}

static void sealing_is_cancelled_by_enter(void **state)
{
	(void)state;
	press('b');
	people_open(&m);
	assert_non_null(strstr(gh_no_seal(&m), "sealed already"));
	press(GH_KEY_DOWN);
	press(GH_KEY_DOWN);
	assert_null(gh_no_seal(&m));
	press('s');
	people_type(&m, "Ada\tas it was\t");
	assert_string_equal(m.form.name, "next");
	press(GH_KEY_ENTER);
	assert_int_equal(m.page, GH_PAGE_BASELINES);
	press('s');
	people_type(&m, "Ada\tas it was\t");
	assert_int_equal(after(0, 'y'), GH_UI_REDRAW);
	assert_int_equal(press('y'), GH_UI_SUBMIT);
	assert_int_equal(gh_form_done(&m), GH_UI_OPEN);
	assert_int_equal(m.wanted.page, GH_PAGE_BASELINES);
}

static void two_baselines_are_laid_side_by_side(void **state)
{
	(void)state;
	press('b');
	people_open(&m);
	assert_int_equal(press('f'), GH_UI_OPEN);
	assert_string_equal(m.wanted.word[0], "theatre");
	assert_string_equal(m.wanted.word[1], "studio");
	press(GH_KEY_DOWN);
	press('f');
	assert_string_equal(m.wanted.word[0], "studio");
	assert_string_equal(m.wanted.word[1], "theatre");
	press('a');
	assert_string_equal(m.form.field[0], "");
	press(GH_KEY_ESC);
	m.cursor = 2;
	press('a');
	assert_string_equal(m.form.field[0], "next");
}

static void none_opens_while_a_check_runs(void **state)
{
	static const int pages[] = { GH_PAGE_HOME, GH_PAGE_VERDICT,
				     GH_PAGE_DETAIL };

	(void)state;
	fixture_running(&m);
	for (size_t i = 0; i < GH_ARRAY_SIZE(pages); i++) {
		m.page = (enum gh_page)pages[i];
		press('n');
		assert_int_equal(m.page, pages[i]);
		press('w');
		assert_int_equal(m.page, pages[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_goes_in_and_nothing_else),
		cmocka_unit_test(backspace_takes_a_whole_character),
		cmocka_unit_test(a_full_text_takes_no_half_character),
		cmocka_unit_test_setup(a_note_is_about_what_is_shown, set_up),
		cmocka_unit_test_setup(space_is_a_space_in_a_field_alone,
				       set_up),
		cmocka_unit_test_setup(nothing_else_happens, set_up),
		cmocka_unit_test_setup(an_empty_text_is_not_stored, set_up),
		cmocka_unit_test_setup(what_is_refused_stays, set_up),
		cmocka_unit_test_setup(enter_must_be_deliberate, set_up),
		cmocka_unit_test_setup(a_paste_stays_in_the_form, set_up),
		cmocka_unit_test_setup(escape_asks_before_text_is_lost, set_up),
		cmocka_unit_test_setup(a_small_window_keeps_the_text, set_up),
		cmocka_unit_test_setup(only_what_failed_is_accepted, set_up),
		cmocka_unit_test_setup(what_is_meant_is_what_is_seen, set_up),
		cmocka_unit_test_setup(sealing_is_cancelled_by_enter, set_up),
		cmocka_unit_test_setup(two_baselines_are_laid_side_by_side,
				       set_up),
		cmocka_unit_test_setup(none_opens_while_a_check_runs, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
