/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Hold-to-run on a virtual clock: what counts as held, and that nothing else
 * moves anything or keeps it moving (interface.md section 4.4).
 */
#include "ui/keys.h"		  /* what is tested */
#include "unit/test_ui_fixture.h" /* fixture_view, fixture_model */

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>

#define MS ((gh_us)GH_US_PER_MS)
#define SEC ((gh_us)GH_US_PER_S)

static struct gh_run_view view;
static struct gh_ui_model m;

static const struct gh_ui_task sweep = { .move = GH_MOVE_SWEEP,
					 .part = "resilience.elbow",
					 .is_joint = true,
					 .reach_deg = 80,
					 .seconds = 14 };
static const struct gh_ui_task jog = { .move = GH_MOVE_JOG,
				       .part = "resilience.elbow",
				       .is_joint = true,
				       .lo_deg = -45,
				       .hi_deg = 60,
				       .deg_s = 12,
				       .seconds = 9 };

/* As gh_ui_hear and gh_ui_wait do it: time first, then the key. */
static enum gh_ui_action after(gh_us us, int key)
{
	m.now += us;
	(void)gh_ui_tick(&m);
	return gh_ui_key(&m, key);
}

/* Time passes with nobody touching a key, in the turns of a run. */
static void silence(gh_us us)
{
	for (gh_us end = m.now + us; m.now < end; m.now += 20 * MS)
		(void)gh_ui_tick(&m);
}

static void dialog(const struct gh_ui_task *task)
{
	gh_model_ask(&m, task);
	m.now += GH_UI_DEAD_US;
}

/* The whole way of an ordinary keyboard, until the arm moves. */
static void started(void)
{
	const struct gh_event moving = { .kind = GH_EV_PROGRESS,
					 .moving = true };

	dialog(&sweep);
	assert_int_equal(after(0, 'y'), GH_UI_REDRAW);
	assert_int_equal(after(400 * MS, 'y'), GH_UI_START);
	for (int i = 0; i < 10; i++)
		after(33 * MS, 'y');
	gh_model_event(&m, &moving);
}

static int set_up(void **state)
{
	(void)state;
	view = fixture_view(GH_VERDICT_HOLD);
	fixture_model(&m, &view);
	m.page = GH_PAGE_DETAIL;
	m.part = ELBOW;
	return 0;
}

static void a_tap_moves_nothing(void **state)
{
	(void)state;
	dialog(&sweep);
	assert_int_equal(after(0, 'y'), GH_UI_REDRAW);
	assert_false(m.running);
	silence(GH_UI_HOLD_FIRST_US + 100 * MS);
	assert_false(m.running);
	assert_non_null(strstr(m.message, "nothing moved"));
	/* And a slow second tap is a first one. */
	assert_int_equal(after(0, 'y'), GH_UI_REDRAW);
	assert_false(m.running);
}

static void the_dialog_is_deaf_at_first(void **state)
{
	(void)state;
	gh_model_ask(&m, &sweep);
	for (int i = 0; i < 9; i++)
		assert_int_equal(after(33 * MS, 'y'), GH_UI_NONE);
	assert_int_equal(m.hold.state, GH_HOLD_OFF);
}

static void a_repeat_starts(void **state)
{
	(void)state;
	started();
	assert_true(m.running && !m.stopping);
	assert_int_equal(m.page, GH_PAGE_RUNNING);
	for (int i = 0; i < 100; i++)
		after(33 * MS, 'y');
	assert_false(m.stopping);
}

static void letting_loose_stops(void **state)
{
	(void)state;
	started();
	silence(GH_UI_HOLD_GAP_US);
	assert_false(m.stopping);
	silence(40 * MS);
	assert_true(m.stopping && m.let_go);
	/* A key that comes now resumes nothing. */
	after(0, 'y');
	assert_true(m.stopping);
}

/* A keyboard that repeats slower than that cannot hold anything. */
static void slow_repeats_are_no_hold(void **state)
{
	(void)state;
	started();
	assert_int_equal(after(GH_UI_HOLD_GAP_US, 'y'), GH_UI_NONE);
	assert_false(m.stopping);
	after(GH_UI_HOLD_GAP_US + 1, 'y');
	assert_true(m.stopping);
}

/* Fifty bytes that a stalled terminal kept back for two seconds. */
static void a_late_burst_is_no_hold(void **state)
{
	(void)state;
	started();
	m.now += 2 * SEC;
	for (int i = 0; i < 50; i++)
		after(0, 'y');
	assert_true(m.stopping && m.let_go);
}

/* Nor does it start anything, in the dialog or by an arrow. */
static void a_burst_starts_nothing(void **state)
{
	(void)state;
	dialog(&sweep);
	for (int i = 0; i < 50; i++)
		after(100, 'y');
	assert_false(m.running);
	silence(GH_UI_HOLD_FIRST_US + 100 * MS);
	assert_false(m.running);
}

static void any_other_key_stops(void **state)
{
	static const int keys[] = { ' ',	   'Y',	       'x',
				    GH_KEY_ENTER,  GH_KEY_ESC, GH_KEY_UP,
				    GH_KEY_OTHER,  '?',	       't',
				    GH_KEY_SUSPEND };

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(keys); i++) {
		set_up(NULL);
		started();
		assert_int_equal(after(20 * MS, keys[i]), GH_UI_STOP);
		assert_true(m.stopping && !m.let_go);
		assert_int_equal(m.page, GH_PAGE_RUNNING);
	}
}

/* Opening a port takes longer than a gap; once the arm moves nothing may. */
static void only_before_motion_is_it_patient(void **state)
{
	const struct gh_event moving = { .kind = GH_EV_PROGRESS,
					 .moving = true };

	(void)state;
	dialog(&sweep);
	after(0, 'y');
	after(400 * MS, 'y');
	silence(700 * MS);
	assert_false(m.stopping);
	gh_model_event(&m, &moving);
	silence(20 * MS);
	assert_true(m.stopping);
	set_up(NULL);
	dialog(&sweep);
	after(0, 'y');
	after(400 * MS, 'y');
	silence(GH_UI_HOLD_FIRST_US + 40 * MS);
	assert_true(m.stopping);
}

static void a_resize_changes_nothing(void **state)
{
	(void)state;
	started();
	gh_model_resize(&m, 120, 40);
	after(33 * MS, 'y');
	gh_model_resize(&m, 20, 5);
	assert_int_equal(gh_model_page(&m), GH_PAGE_SMALL);
	after(33 * MS, 'y');
	assert_false(m.stopping);
	silence(300 * MS);
	assert_true(m.stopping);
}

/* But a question that nobody can read is none. */
static void a_dialog_that_does_not_fit_is_cancelled(void **state)
{
	(void)state;
	dialog(&sweep);
	after(0, 'y');
	gh_model_resize(&m, 20, 5);
	after(400 * MS, 'y');
	assert_false(m.running);
	gh_model_resize(&m, 80, 24);
	after(33 * MS, 'y');
	assert_false(m.running);
	assert_int_equal(m.page, GH_PAGE_HOME);
}

/* The end of a sweep with y still down: it confirms nothing. */
static void repeats_after_the_end_mean_nothing(void **state)
{
	static const struct gh_doc seen = { .n_above = 0 };

	(void)state;
	started();
	gh_model_seen(&m, &seen, "resilience.elbow answers");
	assert_int_equal(m.page, GH_PAGE_SEEN);
	for (int i = 0; i < 20; i++)
		assert_int_equal(after(33 * MS, 'y'), GH_UI_NONE);
	assert_string_equal(m.message, "resilience.elbow answers");
	assert_int_equal(after(33 * MS, GH_KEY_ESC), GH_UI_REDRAW);
	assert_int_equal(m.page, GH_PAGE_DETAIL);
	assert_int_equal(m.part, ELBOW);
}

static void cancel_leads_back(void **state)
{
	(void)state;
	dialog(&sweep);
	assert_int_equal(after(0, GH_KEY_ENTER), GH_UI_REDRAW);
	assert_int_equal(m.page, GH_PAGE_DETAIL);
	assert_int_equal(m.part, ELBOW);
	dialog(&sweep);
	m.now += GH_UI_CONSENT_US;
	(void)gh_ui_tick(&m);
	assert_int_equal(m.page, GH_PAGE_HOME);
	assert_false(m.running);
}

/* "Stage clear" was said once: nobody holds a key for a whole check. */
static void a_check_is_not_held(void **state)
{
	(void)state;
	fixture_running(&m);
	silence(10 * SEC);
	assert_true(m.running && !m.stopping);
	after(0, 't');
	assert_false(m.stopping);
}

/* ---- By the arrow keys ---- */

static struct gh_cell cells[2];
static const struct gh_column columns[] = { { "part", "part", GH_CELL_TEXT } };
static struct gh_table table = { .name = "rows",
				 .columns = columns,
				 .n_columns = 1,
				 .cells = cells,
				 .n_rows = 2 };
static const struct gh_doc live = { .tables = { &table }, .n_tables = 1 };

static void open_live(void)
{
	snprintf(cells[0].text, sizeof cells[0].text, "resilience.elbow");
	snprintf(cells[1].text, sizeof cells[1].text, "core");
	m.page = GH_PAGE_HOME;
	m.n_trail = 0;
	m.cursor = 0;
	assert_int_equal(gh_ui_key(&m, 'l'), GH_UI_OPEN);
	assert_int_equal(m.wanted.page, GH_PAGE_LIVE);
	gh_model_doc(&m, &live);
	assert_int_equal(m.page, GH_PAGE_LIVE);
}

/* Consent, and back on the live page. */
static void allowed(void)
{
	open_live();
	assert_int_equal(after(0, GH_KEY_RIGHT), GH_UI_OPEN);
	assert_int_equal(m.wanted.page, GH_PAGE_ASK);
	assert_string_equal(m.wanted.word[0], "jog");
	assert_string_equal(m.wanted.word[1], "resilience.elbow");
	dialog(&jog);
	assert_int_equal(after(0, 'y'), GH_UI_OPEN);
	assert_false(m.running);
	gh_model_doc(&m, &live);
	assert_int_equal(m.page, GH_PAGE_LIVE);
	assert_non_null(strstr(m.message, "Hold Left or Right"));
}

static void what_is_said_on_the_way_back_is_read_there(void **state)
{
	(void)state;
	open_live();
	assert_int_equal(after(0, GH_KEY_RIGHT), GH_UI_OPEN);
	dialog(&jog);
	assert_int_equal(after(0, GH_KEY_ESC), GH_UI_OPEN);
	gh_model_doc(&m, &live);
	assert_int_equal(m.page, GH_PAGE_LIVE);
	assert_string_equal(m.message, "Cancelled; nothing moved.");
}

static void arrows_need_consent_and_a_hold(void **state)
{
	(void)state;
	allowed();
	/* What trails of the y that allowed it. */
	after(33 * MS, 'y');
	assert_int_equal(after(SEC, GH_KEY_RIGHT), GH_UI_REDRAW);
	assert_false(m.running);
	silence(SEC);
	assert_int_equal(after(0, GH_KEY_RIGHT), GH_UI_REDRAW);
	assert_int_equal(after(300 * MS, GH_KEY_RIGHT), GH_UI_START);
	assert_true(m.running);
	assert_int_equal(m.page, GH_PAGE_LIVE);
	assert_int_equal(m.task.move, GH_MOVE_JOG);
	assert_int_equal(m.task.way, 1);
	after(33 * MS, GH_KEY_RIGHT);
	assert_false(m.stopping);
	/* The other way is another key. */
	assert_int_equal(after(33 * MS, GH_KEY_LEFT), GH_UI_STOP);
	assert_true(m.stopping);
}

/* Stopped by silence, the late repeats start nothing by themselves. */
static void a_late_burst_resumes_nothing(void **state)
{
	(void)state;
	allowed();
	after(SEC, GH_KEY_RIGHT);
	assert_int_equal(after(300 * MS, GH_KEY_RIGHT), GH_UI_START);
	silence(SEC);
	assert_true(m.stopping);
	gh_model_seen(&m, NULL, "stopped");
	assert_int_equal(m.page, GH_PAGE_LIVE);
	m.now += SEC;
	for (int i = 0; i < 50; i++)
		assert_int_not_equal(after(50, GH_KEY_RIGHT), GH_UI_START);
	silence(SEC);
	assert_false(m.running);
}

/* At the end of its way with the key still down: a new way is a new press. */
static void the_end_of_the_way_needs_a_new_press(void **state)
{
	(void)state;
	allowed();
	after(SEC, GH_KEY_RIGHT);
	assert_int_equal(after(300 * MS, GH_KEY_RIGHT), GH_UI_START);
	gh_model_seen(&m, NULL, "at the end");
	for (int i = 0; i < 60; i++)
		assert_int_equal(after(33 * MS, GH_KEY_RIGHT), GH_UI_NONE);
	assert_false(m.running);
	after(SEC, GH_KEY_RIGHT);
	assert_int_equal(after(300 * MS, GH_KEY_RIGHT), GH_UI_START);
}

static void consent_ends(void **state)
{
	(void)state;
	/* By time, */
	allowed();
	assert_int_equal(after(GH_UI_CONSENT_US, GH_KEY_RIGHT), GH_UI_OPEN);
	/* on another joint, */
	allowed();
	m.cursor = 1;
	assert_int_equal(after(SEC, GH_KEY_RIGHT), GH_UI_OPEN);
	/* on leaving the page, */
	allowed();
	after(SEC, '?');
	(void)gh_ui_tick(&m);
	assert_int_equal(after(0, GH_KEY_ESC), GH_UI_OPEN);
	gh_model_doc(&m, &live);
	assert_int_equal(m.page, GH_PAGE_LIVE);
	assert_int_equal(after(SEC, GH_KEY_RIGHT), GH_UI_OPEN);
	/* on another question, */
	allowed();
	dialog(&sweep);
	after(0, GH_KEY_ENTER);
	assert_int_equal(m.consent_until, 0);
	/* and with the port. */
	allowed();
	gh_model_lost(&m, "the port is gone");
	assert_int_equal(m.page, GH_PAGE_HOME);
	assert_int_equal(m.consent_until, 0);
}

static void a_part_page_asks_about_its_part(void **state)
{
	static const struct {
		int key;
		const char *word;
	} rows[] = { { 'r', "sweep" }, { 'i', "identify" }, { 's', "look" } };

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(rows); i++) {
		assert_int_equal(after(0, rows[i].key), GH_UI_OPEN);
		assert_int_equal(m.wanted.page, GH_PAGE_ASK);
		assert_string_equal(m.wanted.word[0], rows[i].word);
		assert_string_equal(m.wanted.word[1], "resilience.elbow");
	}
	/* Of all parts the one in the row, of no row none. */
	m.part = -1;
	m.cursor = 1;
	assert_int_equal(after(0, 'r'), GH_UI_OPEN);
	assert_string_equal(m.wanted.word[1], "core");
	gh_copy_text(m.filter, sizeof m.filter, "nothing at all");
	assert_int_equal(after(0, 'r'), GH_UI_REDRAW);
	assert_non_null(strstr(m.message, "hich part"));
}

int main(void)
{
#define T(f) cmocka_unit_test_setup(f, set_up)
	const struct CMUnitTest tests[] = {
		T(a_tap_moves_nothing),
		T(the_dialog_is_deaf_at_first),
		T(a_repeat_starts),
		T(letting_loose_stops),
		T(slow_repeats_are_no_hold),
		T(a_late_burst_is_no_hold),
		T(a_burst_starts_nothing),
		T(any_other_key_stops),
		T(only_before_motion_is_it_patient),
		T(a_resize_changes_nothing),
		T(a_dialog_that_does_not_fit_is_cancelled),
		T(repeats_after_the_end_mean_nothing),
		T(cancel_leads_back),
		T(a_check_is_not_held),
		T(what_is_said_on_the_way_back_is_read_there),
		T(arrows_need_consent_and_a_hold),
		T(a_late_burst_resumes_nothing),
		T(the_end_of_the_way_needs_a_new_press),
		T(consent_ends),
		T(a_part_page_asks_about_its_part),
	};
#undef T

	return cmocka_run_group_tests(tests, NULL, NULL);
}
