/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What keys do: the way into a motion is one, the way out is everywhere; and
 * the same under random keys, sizes and events.
 */
#include "ui/keys.h"		  /* what is tested */
#include "ui/letters.h"		  /* gh_letters */
#include "ui/number.h"		  /* gh_number_text */
#include "ui/view.h"		  /* gh_view_draw */
#include "unit/test_ui_fixture.h" /* fixture_view, fixture_model */

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <stdlib.h>

#define FUZZ_STEPS 20000

static struct gh_glyph cells[GH_CANVAS_W * GH_CANVAS_H + 64];
static struct gh_run_view view;
static struct gh_ui_model m;

static int set_up(void **state)
{
	(void)state;
	view = fixture_view(GH_VERDICT_HOLD);
	fixture_model(&m, &view);
	return 0;
}

static enum gh_ui_action after(gh_us us, int key)
{
	m.now += us;
	return gh_ui_key(&m, key);
}

static void motion_needs_two_different_keys(void **state)
{
	(void)state;
	assert_int_equal(after(0, 'y'), GH_UI_REDRAW);
	assert_int_equal(m.page, GH_PAGE_HOME);
	assert_int_equal(after(0, '1'), GH_UI_FLUSH);
	assert_int_equal(m.page, GH_PAGE_ASK);
	assert_int_equal(after(GH_US_PER_S, '1'), GH_UI_NONE);
	assert_int_equal(after(0, 'Y'), GH_UI_NONE);
	assert_false(m.running);
	assert_int_equal(after(0, 'y'), GH_UI_START_PLACES);
	assert_true(m.running);
	assert_int_equal(m.page, GH_PAGE_RUNNING);
}

/* No rig file: the key gives its reason instead of a question. */
static void a_check_that_cannot_be_says_why(void **state)
{
	(void)state;
	gh_copy_text(m.about.refusal, sizeof m.about.refusal, "no rig file");
	assert_int_equal(after(0, '1'), GH_UI_REDRAW);
	assert_int_equal(m.page, GH_PAGE_HOME);
	assert_string_equal(m.message, "no rig file");
}

/* A verdict that is taken away in a run does not end the run. */
static void a_lost_verdict_changes_nothing_else(void **state)
{
	(void)state;
	gh_model_start(&m);
	m.stopping = true;
	gh_model_show(&m, NULL);
	assert_true(m.running && m.stopping);
	assert_int_equal(m.page, GH_PAGE_RUNNING);
	assert_null(m.view);
}

/* The last run was simulated, the next one need not be. */
static void simulated_is_what_comes_next(void **state)
{
	(void)state;
	m.about.simulated = false;
	assert_true(gh_model_is_simulated(&m));
	after(0, '1');
	assert_false(gh_model_is_simulated(&m));
	after(GH_US_PER_S, 'y');
	assert_false(gh_model_is_simulated(&m));
}

static void the_dialog_is_deaf_at_first(void **state)
{
	(void)state;
	after(0, '1');
	assert_int_equal(after(GH_UI_DEAD_US - 1, 'y'), GH_UI_NONE);
	assert_int_equal(m.page, GH_PAGE_ASK);
	assert_int_equal(after(1, 'y'), GH_UI_START_PLACES);
}

static void everything_but_y_cancels_or_waits(void **state)
{
	static const int keys[] = { GH_KEY_ENTER, GH_KEY_ESC, 'q', ' ' };

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(keys); i++) {
		after(0, '1');
		after(GH_US_PER_S, keys[i]);
		assert_int_equal(m.page, GH_PAGE_HOME);
		assert_false(m.running);
	}
	after(0, '1');
	m.now += GH_UI_CONSENT_US;
	assert_int_equal(gh_ui_tick(&m), GH_UI_REDRAW);
	assert_int_equal(m.page, GH_PAGE_HOME);
	after(0, '1');
	gh_model_resize(&m, 30, 10);
	gh_model_resize(&m, 80, 24);
	assert_int_equal(m.page, GH_PAGE_HOME);
}

static void space_stops_on_every_page(void **state)
{
	(void)state;
	for (int page = 0; page < GH_PAGE_SMALL; page++) {
		fixture_model(&m, &view);
		gh_model_start(&m);
		m.page = (enum gh_page)page;
		m.quit_asked = page & 1;
		assert_int_equal(after(0, ' '), GH_UI_STOP);
		assert_true(m.stopping);
		assert_int_equal(after(0, ' '), GH_UI_STOP);
	}
	gh_model_start(&m);
	gh_model_resize(&m, 5, 1);
	assert_int_equal(after(0, ' '), GH_UI_STOP);
	assert_true(m.stopping);
}

static void quitting_asks_only_while_moving(void **state)
{
	(void)state;
	assert_int_equal(after(0, 'q'), GH_UI_QUIT);
	gh_model_start(&m);
	assert_int_equal(after(0, 'q'), GH_UI_REDRAW);
	assert_int_equal(after(0, 'x'), GH_UI_REDRAW);
	assert_false(m.stopping);
	after(0, 'q');
	assert_int_equal(after(0, 'y'), GH_UI_STOP);
	assert_true(m.stopping && m.quit_after);
}

static void pages_lead_back_home(void **state)
{
	(void)state;
	after(0, GH_KEY_DOWN);
	after(0, GH_KEY_ENTER);
	assert_int_equal(m.page, GH_PAGE_DETAIL);
	assert_int_equal(m.part, CORE);
	assert_int_equal(gh_model_rows(&m), 1);
	after(0, '?');
	after(0, GH_KEY_ESC);
	assert_int_equal(m.page, GH_PAGE_DETAIL);
	after(0, 'v');
	assert_int_equal(m.page, GH_PAGE_VERDICT);
	after(0, GH_KEY_ESC);
	assert_int_equal(m.page, GH_PAGE_HOME);
	gh_model_start(&m);
	after(0, '?');
	after(0, GH_KEY_ESC);
	assert_int_equal(m.page, GH_PAGE_RUNNING);
}

static void a_run_ends_in_its_verdict(void **state)
{
	struct gh_event ev = { .kind = GH_EV_RUN_END };

	(void)state;
	fixture_running(&m);
	assert_true(gh_model_may_move(&m));
	assert_int_equal(m.n_done, 5);
	assert_string_equal(m.current.text, "slow reversals");
	gh_model_event(&m, &ev);
	gh_model_show(&m, &view);
	assert_int_equal(m.page, GH_PAGE_VERDICT);
	assert_false(gh_model_may_move(&m));
	gh_model_start(&m);
	gh_model_say(&m, "no answer");
	assert_int_equal(m.page, GH_PAGE_HOME);
	assert_string_equal(m.message, "no answer");
}

static void the_first_key_in_the_dark_is_light(void **state)
{
	(void)state;
	m.theme = GH_THEME_BLACKOUT;
	m.now += GH_UI_BAR_US;
	assert_false(gh_model_bar_is_on(&m));
	assert_int_equal(after(0, 'q'), GH_UI_REDRAW);
	assert_true(gh_model_bar_is_on(&m));
	assert_int_equal(after(0, 'q'), GH_UI_QUIT);
	m.now += GH_UI_BAR_US;
	gh_model_start(&m);
	assert_true(gh_model_bar_is_on(&m));
}

static void numbers_are_readable(void **state)
{
	static const struct {
		double value, expected;
		enum gh_unit unit;
		const char *text, *change;
	} rows[] = {
		{ 0.871, 0.618, GH_UNIT_AMPERE, "871 mA", "+41 %" },
		{ 11.9, 12.0, GH_UNIT_VOLT, "11.9 V", "-1 %" },
		{ 41, 38.5, GH_UNIT_DEG_C, "41.0 C", "+2.50 C" },
		{ 0.94, 1.21, GH_UNIT_SHARE, "0.940 rel", "-22 %" },
		{ 14.8, 0, GH_UNIT_DELTA_E, "14.8 dE", "+14.8 dE" },
		{ 2, 0, GH_UNIT_TALLY, "2", "+2" },
		{ 3, NAN, GH_UNIT_HERTZ, "3.00 Hz", "" },
		{ NAN, 1, GH_UNIT_VOLT, "-", "" },
		{ 1e30, 1, GH_UNIT_VOLT, "too large", "too large" },
	};
	char text[20];

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(rows); i++) {
		gh_number_text(rows[i].value, rows[i].unit, text, sizeof text);
		assert_string_equal(text, rows[i].text);
		gh_number_change(rows[i].value, rows[i].expected, rows[i].unit,
				 text, sizeof text);
		assert_string_equal(text, rows[i].change);
	}
}

/* xorshift32; the seed is fixed, so that a failure comes back. */
static uint32_t dice(uint32_t sides)
{
	static uint32_t x = 2463534242u;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return x % sides;
}

static int random_key(void)
{
	static const int likely[] = {
		'1',	      'y',	  'q',	     'd',	 'v', '?',
		't',	      'u',	  'j',	     'k',	 '1', 'y',
		GH_KEY_ENTER, GH_KEY_ESC, GH_KEY_UP, GH_KEY_DOWN
	};

	return dice(8) ? likely[dice(GH_ARRAY_SIZE(likely))]
		       : (int)dice(GH_KEY_RESIZED + 1);
}

static void random_event(void)
{
	struct gh_event ev = { .kind = (enum gh_event_kind)dice(6),
			       .elapsed_s = dice(2000) - 5.0,
			       .left_s = dice(1200) - 5.0,
			       .share = dice(30) / 10.0 - 1,
			       .phase = dice(30),
			       .phases = dice(30),
			       .moving = dice(2),
			       .text = dice(4) ? "a phase \x1b[2J\xc3\xbc"
					       : NULL };

	if (m.running)
		gh_model_event(&m, &ev);
}

static void check_screen(void)
{
	const struct gh_glyph guard = { "@", 99, true };
	struct gh_canvas c;
	char row[GH_CANVAS_W * 4 + 1];
	bool bar = false;
	size_t n;

	gh_canvas_init(&c, cells, m.w, m.h, m.utf8);
	n = (size_t)(c.w * c.h);
	cells[n] = guard;
	gh_view_draw(&m, &c);
	assert_memory_equal(&cells[n], &guard, sizeof guard);
	for (size_t i = 0; i < n; i++) {
		assert_true((unsigned char)cells[i].glyph[0] >= 0x20);
		assert_true(cells[i].glyph[0] != 0x7F);
		assert_true(strlen(cells[i].glyph) <= 4);
		assert_true(cells[i].ink < GH_INK_COUNT);
	}
	for (int y = 0; y < c.h; y++) {
		gh_canvas_row_text(&c, y, row, sizeof row);
		bar = bar || strstr(row, "SPACE = STOP");
	}
	if (gh_model_may_move(&m) && c.w >= 12)
		assert_true(bar);
}

static void random_step(void)
{
	const uint32_t what = dice(10);

	m.now += dice(400) * GH_US_PER_MS;
	if (what == 0)
		gh_model_resize(&m, 1 + (int)dice(260), 1 + (int)dice(90));
	else if (what == 1)
		random_event();
	else if (what == 2 && m.running && dice(4) == 0)
		gh_model_show(&m, &view);
	else if (what == 3 && m.running && dice(8) == 0)
		gh_model_say(&m, "the port is busy");
	else
		(void)gh_ui_key(&m, random_key());
	(void)gh_ui_tick(&m);
}

static void nothing_breaks_the_rules(void **state)
{
	unsigned ran = 0;

	(void)state;
	for (int i = 0; i < FUZZ_STEPS; i++) {
		struct gh_ui_model before;

		random_step();
		ran += m.running;
		if (i % 8 == 0)
			check_screen();
		before = m;
		assert_int_equal(gh_ui_key(&m, ' '), GH_UI_STOP);
		assert_int_equal(m.stopping, before.running);
		m = before;
	}
	assert_true(ran > FUZZ_STEPS / 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(motion_needs_two_different_keys, set_up),
		cmocka_unit_test_setup(a_check_that_cannot_be_says_why, set_up),
		cmocka_unit_test_setup(a_lost_verdict_changes_nothing_else,
				       set_up),
		cmocka_unit_test_setup(simulated_is_what_comes_next, set_up),
		cmocka_unit_test_setup(the_dialog_is_deaf_at_first, set_up),
		cmocka_unit_test_setup(everything_but_y_cancels_or_waits,
				       set_up),
		cmocka_unit_test_setup(space_stops_on_every_page, set_up),
		cmocka_unit_test_setup(quitting_asks_only_while_moving, set_up),
		cmocka_unit_test_setup(pages_lead_back_home, set_up),
		cmocka_unit_test_setup(a_run_ends_in_its_verdict, set_up),
		cmocka_unit_test_setup(the_first_key_in_the_dark_is_light,
				       set_up),
		cmocka_unit_test(numbers_are_readable),
		cmocka_unit_test_setup(nothing_breaks_the_rules, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
