/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What keys do: the way into a motion is one, the way out is everywhere.
 * test_ui_random.c holds the same against random keys, sizes and events.
 */
#include "ui/keys.h"		       /* what is tested */
#include "unit/test_ui_fixture_past.h" /* fixture_history, fixture_compare */

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>

#include "unit/test_ui_stage.h" /* set_up, after */

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
	assert_int_equal(after(0, 'y'), GH_UI_START);
	assert_true(m.running);
	assert_int_equal(m.page, GH_PAGE_RUNNING);
}

/* No rig file: the key gives its reason instead of a question. */
static void a_check_that_cannot_be_says_why(void **state)
{
	(void)state;
	gh_copy_text(m.about.plan[0].refusal, sizeof m.about.plan[0].refusal,
		     "no rig file");
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
	assert_int_equal(after(1, 'y'), GH_UI_START);
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

/* Until its answer is there only what breaks it off is heard. */
static void a_long_question_is_broken_off(void **state)
{
	static const struct gh_doc answer = { .n_tables = 0 };

	(void)state;
	assert_int_equal(after(0, 'x'), GH_UI_OPEN);
	assert_int_equal(m.wanted.page, GH_PAGE_DOCTOR);
	assert_int_equal(after(0, '1'), GH_UI_NONE);
	assert_int_equal(after(0, 'q'), GH_UI_NONE);
	assert_non_null(strstr(m.message, "SPACE breaks it off"));
	assert_int_equal(after(0, ' '), GH_UI_STOP);
	assert_true(m.stopping);
	gh_model_say(&m, "doctor: stopped");
	assert_false(m.stopping || m.busy);
	assert_int_equal(m.page, GH_PAGE_HOME);
	after(0, 'x');
	assert_int_equal(after(0, GH_KEY_ESC), GH_UI_STOP);
	gh_model_doc(&m, &answer);
	assert_false(m.stopping || m.busy);
	assert_int_equal(m.page, GH_PAGE_DOCTOR);
	assert_string_equal(m.message, "");
	assert_int_equal(after(0, 'r'), GH_UI_OPEN);
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
	static const struct gh_doc part;

	(void)state;
	after(0, GH_KEY_DOWN);
	assert_int_equal(after(0, GH_KEY_ENTER), GH_UI_OPEN);
	assert_int_equal(m.wanted.page, GH_PAGE_PART);
	assert_string_equal(m.wanted.word[0], "core");
	assert_string_equal(m.wanted.word[1], "117");
	gh_model_doc(&m, &part);
	assert_int_equal(m.page, GH_PAGE_PART);
	after(0, 'd');
	assert_int_equal(m.page, GH_PAGE_DETAIL);
	assert_int_equal(m.part, CORE);
	assert_int_equal(gh_model_rows(&m), 1);
	after(0, '?');
	after(0, GH_KEY_ESC);
	assert_int_equal(m.page, GH_PAGE_DETAIL);
	after(0, 'v');
	assert_int_equal(m.page, GH_PAGE_VERDICT);
	after(0, GH_KEY_ESC);
	assert_int_equal(m.page, GH_PAGE_DETAIL);
	assert_int_equal(m.part, CORE);
	assert_int_equal(after(0, GH_KEY_ESC), GH_UI_OPEN);
	gh_model_doc(&m, &part);
	assert_int_equal(m.page, GH_PAGE_PART);
	after(0, GH_KEY_ESC);
	assert_int_equal(m.page, GH_PAGE_HOME);
	assert_int_equal(m.cursor, 1);
	/* One that is nowhere stored has no more than its findings. */
	view.run = 0;
	after(0, GH_KEY_ENTER);
	assert_int_equal(m.page, GH_PAGE_DETAIL);
	assert_int_equal(m.part, CORE);
	after(0, GH_KEY_ESC);
	gh_model_start(&m);
	after(0, '?');
	after(0, GH_KEY_ESC);
	assert_int_equal(m.page, GH_PAGE_RUNNING);
}

/* ---- Earlier runs ---- */

static void asked_for(enum gh_page page, const char *a, const char *b,
		      const char *more)
{
	assert_int_equal(m.wanted.page, page);
	assert_string_equal(m.wanted.word[0], a);
	assert_string_equal(m.wanted.word[1], b);
	assert_string_equal(m.wanted.word[2], more);
}

static void a_run_is_compared_with_its_baseline(void **state)
{
	static const struct gh_doc answer = { .n_tables = 0 };

	(void)state;
	assert_int_equal(after(0, 'c'), GH_UI_OPEN);
	asked_for(GH_PAGE_COMPARE, "studio", "117", "");
	gh_model_doc(&m, &answer);
	assert_int_equal(m.page, GH_PAGE_COMPARE);
	assert_int_equal(after(0, 'a'), GH_UI_OPEN);
	asked_for(GH_PAGE_COMPARE, "studio", "117", "--all");
	gh_model_doc(&m, &answer);
	assert_int_equal(after(0, 'a'), GH_UI_OPEN);
	asked_for(GH_PAGE_COMPARE, "studio", "117", "");
	after(0, GH_KEY_ESC);
	assert_int_equal(m.page, GH_PAGE_HOME);
	view.baseline = "";
	assert_int_equal(after(0, 'c'), GH_UI_OPEN);
	asked_for(GH_PAGE_COMPARE, "previous", "117", "");
	view.run = 0;
	assert_int_equal(after(0, 'c'), GH_UI_REDRAW);
	assert_string_equal(m.message, "This run is not in the database.");
}

static void two_runs_of_the_history_are_compared(void **state)
{
	(void)state;
	m.page = GH_PAGE_HISTORY;
	fixture_history(&m);
	m.marked[0] = '\0';
	m.cursor = 2;
	assert_int_equal(after(0, 'c'), GH_UI_REDRAW);
	assert_string_equal(m.marked, "115");
	/* The same row takes the mark away again. */
	assert_int_equal(after(0, 'c'), GH_UI_REDRAW);
	assert_string_equal(m.marked, "");
	after(0, 'c');
	after(0, GH_KEY_UP);
	assert_int_equal(after(0, 'c'), GH_UI_OPEN);
	asked_for(GH_PAGE_COMPARE, "115", "116", "");
	assert_string_equal(m.marked, "");
}

static void what_is_under_the_cursor_over_time(void **state)
{
	(void)state;
	after(0, GH_KEY_DOWN);
	assert_int_equal(after(0, 'e'), GH_UI_OPEN);
	asked_for(GH_PAGE_HISTORY, "core", "", "");
	after(0, 'd');
	assert_int_equal(after(0, 'e'), GH_UI_OPEN);
	asked_for(GH_PAGE_TREND, "resilience.elbow", "servo.hold", "");
	m.page = GH_PAGE_COMPARE;
	fixture_compare(&m);
	m.cursor = 1;
	assert_int_equal(after(0, GH_KEY_ENTER), GH_UI_OPEN);
	asked_for(GH_PAGE_TREND, "core", "core.colour_dawn_pink", "");
	m.page = GH_PAGE_HISTORY;
	fixture_part_history(&m);
	m.cursor = 3;
	assert_int_equal(after(0, 'e'), GH_UI_OPEN);
	asked_for(GH_PAGE_TREND, "resilience.elbow", "joint.coulomb", "");
	m.cursor = 2;
	assert_int_equal(after(0, 'e'), GH_UI_REDRAW);
	fixture_history(&m);
	assert_int_equal(after(0, 'e'), GH_UI_REDRAW);
}

static void an_earlier_run_is_not_the_last(void **state)
{
	(void)state;
	view = fixture_view(GH_VERDICT_READY);
	m.part = CORE;
	gh_model_pick(&m, &view, true);
	assert_int_equal(gh_model_verdict(&m), GH_VERDICT_READY);
	assert_int_equal(after(0, '0'), GH_UI_REDRAW);
	assert_string_equal(m.message, "This is the last verdict.");
	gh_model_pick(&m, &view, false);
	assert_int_equal(m.part, -1);
	assert_int_equal(gh_model_verdict(&m), GH_VERDICT_UNSURE);
	assert_int_equal(after(0, GH_KEY_ESC), GH_UI_OPEN);
	asked_for(GH_PAGE_HOME, "", "", "");
	assert_int_equal(after(0, '0'), GH_UI_OPEN);
	asked_for(GH_PAGE_HOME, "", "", "");
	/* A check that ends is the last again. */
	gh_model_start(&m);
	gh_model_show(&m, &view);
	assert_int_equal(gh_model_verdict(&m), GH_VERDICT_READY);
	assert_false(m.is_past);
}

static void type(const char *text)
{
	after(0, '/');
	for (; *text; text++)
		after(0, *text);
	after(0, GH_KEY_ENTER);
}

static void rows_are_found_by_a_word(void **state)
{
	(void)state;
	type("elbow");
	assert_int_equal(gh_model_rows(&m), 4);
	after(0, GH_KEY_DOWN);
	assert_int_equal(gh_model_part_at(&m, m.cursor), 1);
	after(0, GH_KEY_ESC);
	assert_int_equal(gh_model_rows(&m), N_PARTS);
	type("hold"); /* of a metric, and the state of the elbow */
	assert_int_equal(gh_model_rows(&m), N_PARTS - 2);
	type("HOPE.w");
	assert_int_equal(gh_model_part_at(&m, 0), 2);
	assert_int_equal(gh_model_part_at(&m, 1), -1);
	after(0, GH_KEY_ESC);
	after(0, 'd');
	type("watch");
	assert_int_equal(gh_model_rows(&m), 1);
	type("nothing at all");
	assert_int_equal(gh_model_rows(&m), 0);
	assert_int_equal(after(0, 'e'), GH_UI_REDRAW);
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
		cmocka_unit_test_setup(a_long_question_is_broken_off, set_up),
		cmocka_unit_test_setup(quitting_asks_only_while_moving, set_up),
		cmocka_unit_test_setup(pages_lead_back_home, set_up),
		cmocka_unit_test_setup(a_run_is_compared_with_its_baseline,
				       set_up),
		cmocka_unit_test_setup(two_runs_of_the_history_are_compared,
				       set_up),
		cmocka_unit_test_setup(what_is_under_the_cursor_over_time,
				       set_up),
		cmocka_unit_test_setup(an_earlier_run_is_not_the_last, set_up),
		cmocka_unit_test_setup(rows_are_found_by_a_word, set_up),
		cmocka_unit_test_setup(a_run_ends_in_its_verdict, set_up),
		cmocka_unit_test_setup(the_first_key_in_the_dark_is_light,
				       set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
