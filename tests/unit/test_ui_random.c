/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Random keys, window sizes, events, verdicts and answers: whatever comes, the
 * way out of a motion is there, nothing is drawn where or as it must not be,
 * and nothing grows. Keys come from the help screen's table, what answers look
 * like from the sources of the screens, so that a new screen is covered as it
 * comes. Runs in the root of the checkout; `make soak-short` under sanitizers.
 */
#include "fakes/soak.h"		  /* gh_soak_count */
#include "fakes/wild.h"		  /* gh_wild_doc */
#include "ui/acts_form.h"	  /* gh_form_takes */
#include "ui/keys.h"		  /* what is tested */
#include "ui/view.h"		  /* gh_views */
#include "unit/test_ui_fixture.h" /* fixture_view, fixture_model */

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <malloc.h>
#include <stdlib.h>
#include <unistd.h>

#include "unit/test_ui_hostile.h" /* hostile_about, check_glyphs */

/* Of a model that is as new; from here on what it needs must not grow. */
#define WARM_STEPS 4000
/* Else glibc counts as used what it keeps for the thread, up to 240 kB. */
#define TUNABLES "GLIBC_TUNABLES"
#define EXACT "glibc.malloc.tcache_count=0"

/* NOLINTNEXTLINE(bugprone-reserved-identifier): where there are sanitizers */
size_t __sanitizer_get_current_allocated_bytes(void) __attribute__((weak));

static struct gh_glyph cells[GH_CANVAS_W * GH_CANVAS_H + 64];
static struct gh_wild wild;
static struct gh_run_view view;
static struct gh_ui_model m;
static struct gh_doc *doc; /* on the screen */
static unsigned long visits[GH_PAGE_COUNT], runs, held, answers, forms;

static uint32_t dice(uint32_t sides)
{
	return gh_wild_dice(&wild, sides);
}

/* ---- What comes ------------------------------------------------------------*/

/* Mostly one of those that do something on this page, which come first. */
static int key_of_help(void)
{
	struct gh_key_line line;
	size_t n = 0, here = 0;

	for (; gh_keys_help(m.page, n, &line); n++)
		here += line.here;
	if (here > 0 && dice(4))
		n = here;
	gh_keys_help(m.page, dice((uint32_t)n), &line);
	return line.key[1] ? GH_KEY_ENTER : line.key[0];
}

static int random_key(void)
{
	static const int likely[] = {
		'1',	      'y',	   'y',		 GH_KEY_ENTER,
		GH_KEY_ENTER, GH_KEY_ESC,  GH_KEY_UP,	 GH_KEY_DOWN,
		GH_KEY_DOWN,  GH_KEY_LEFT, GH_KEY_RIGHT, GH_KEY_RIGHT
	};

	/* Somebody holds on to it. */
	if (m.hold.state != GH_HOLD_OFF && dice(4))
		return m.hold.key;
	if (m.page == GH_PAGE_ASK && dice(2))
		return 'y';
	switch (dice(4)) {
	case 0:
		return likely[dice(GH_ARRAY_SIZE(likely))];
	case 1:
		return (int)dice(GH_KEY_RESIZED + 1);
	default:
		return key_of_help();
	}
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
			       .text = dice(4) ? gh_wild_text(&wild) : NULL };

	if (m.running)
		gh_model_event(&m, &ev);
}

static void random_verdict(void)
{
	view = fixture_view((enum gh_verdict)dice(GH_VERDICT_HOLD + 1));
	if (dice(2))
		hostile_view(&view, gh_wild_text(&wild));
	gh_model_show(&m, dice(8) ? &view : NULL);
}

static void random_window(void)
{
	static const int usual[][2] = { { 40, 12 }, { 80, 24 }, { 120, 40 } };
	const int *size = usual[dice(GH_ARRAY_SIZE(usual))];

	if (dice(3))
		gh_model_resize(&m, size[0], size[1]);
	else
		gh_model_resize(&m, 1 + (int)dice(260), 1 + (int)dice(90));
}

/* A question about one part, or about the next of its looks. */
static void ask(void)
{
	struct gh_ui_task task = { .move = (enum gh_ui_move)(1 + dice(4)),
				   .is_joint = dice(2),
				   .reach_deg = dice(400),
				   .seconds = dice(4000),
				   .lo_deg = dice(90) - 90.0,
				   .hi_deg = dice(90),
				   .deg_s = dice(90) };

	if (strcmp(m.wanted.word[0], "jog") == 0)
		task.move = GH_MOVE_JOG;
	gh_copy_text(task.part, sizeof task.part, m.wanted.word[1]);
	gh_copy_text(task.look, sizeof task.look, gh_wild_text(&wild));
	gh_model_ask(&m, &task);
}

/* What src/cli does when one part by itself is over. */
static void random_end(void)
{
	struct gh_doc *next;

	if (!m.running || !gh_model_is_held(&m))
		return;
	if (dice(2)) {
		gh_model_seen(&m, NULL, gh_wild_text(&wild));
		return;
	}
	next = gh_wild_doc(&wild);
	assert_non_null(next);
	/* On the live page there is none. */
	if (m.page == GH_PAGE_LIVE) {
		gh_model_lost(&m, gh_wild_text(&wild));
		gh_doc_free(next);
		return;
	}
	gh_model_seen(&m, next, gh_wild_text(&wild));
	gh_doc_free(doc);
	doc = next;
}

/* What src/cli does about GH_UI_OPEN, with answers nobody would give. */
static void answer(void)
{
	struct gh_doc *next = NULL;

	answers++;
	if (dice(8) == 0) {
		gh_model_say(&m, gh_wild_text(&wild));
		return;
	}
	if (m.wanted.page == GH_PAGE_ASK) {
		ask();
		return;
	}
	if (!gh_page_has_doc(m.wanted.page)) {
		gh_model_show(&m, &view);
		gh_model_doc(&m, m.doc);
		return;
	}
	next = gh_wild_doc(&wild);
	assert_non_null(next);
	gh_model_doc(&m, next);
	gh_doc_free(doc);
	doc = next;
}

/* Stored, or refused and then still there. */
static void take_form(void)
{
	forms++;
	if (dice(2))
		gh_model_say(&m, gh_wild_text(&wild));
	else if (gh_form_done(&m) == GH_UI_OPEN)
		answer();
}

/* ---- What must hold --------------------------------------------------------*/

/* A text field is open: there SPACE is a space, and nothing may move. */
static bool is_typing(void)
{
	return m.filtering || gh_form_takes(&m, ' ');
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
	assert_in_range(c.cursor_x, 0, c.w - 1);
	assert_in_range(c.cursor_y, 0, c.h - 1);
	check_glyphs(&c);
	for (int y = 0; y < c.h; y++) {
		gh_canvas_row_text(&c, y, row, sizeof row);
		bar = bar || strstr(row, "SPACE = STOP");
	}
	if (gh_model_may_move(&m) && c.w >= 12)
		assert_true(bar);
}

static void check_model(void)
{
	const unsigned rows = gh_model_rows(&m);

	assert_true(m.page < GH_PAGE_SMALL);
	assert_true(m.n_trail <= GH_UI_TRAIL);
	assert_true(m.cursor < (rows > 0 ? rows : 1));
	assert_false(is_typing() && gh_model_may_move(&m));
}

static void check_stop(void)
{
	const struct gh_ui_model before = m;

	if (!is_typing())
		assert_int_equal(gh_ui_key(&m, ' '), GH_UI_STOP);
	assert_int_equal(m.stopping, before.running || before.busy);
	m = before;
}

/* However deep: a text field, a filter, each screen of the trail, home. */
static void check_way_home(void)
{
	static const struct gh_doc empty;
	const struct gh_ui_model before = m;
	int steps = 2 * (GH_UI_TRAIL + 3);

	gh_model_resize(&m, 80, 24);
	while (m.page != GH_PAGE_HOME && !m.running && steps-- > 0) {
		m.now += GH_US_PER_S;
		if (gh_ui_key(&m, GH_KEY_ESC) == GH_UI_OPEN)
			gh_model_doc(&m, &empty);
	}
	if (!m.running)
		assert_int_equal(m.page, GH_PAGE_HOME);
	m = before;
}

/*
 * Motion begins by `y` in the dialog, a while after it came up; what is held,
 * by a key that was down and repeats: also an arrow that was allowed.
 */
static void check_start(const struct gh_ui_model *before, int key)
{
	const bool by_arrow = before->page == GH_PAGE_LIVE;

	if (by_arrow) {
		assert_true(key == GH_KEY_LEFT || key == GH_KEY_RIGHT);
		assert_true(m.now < before->consent_until);
		assert_int_equal(m.task.move, GH_MOVE_JOG);
	} else {
		assert_int_equal(key, 'y');
		assert_int_equal(before->page, GH_PAGE_ASK);
		assert_true(m.now - before->asked_at >= GH_UI_DEAD_US);
	}
	if (gh_model_is_held(&m)) {
		assert_int_equal(before->hold.key, key);
		assert_in_range(m.now - before->hold.pressed_at,
				GH_UI_HOLD_PROOF_US, GH_UI_HOLD_FIRST_US);
		held++;
	}
	runs++;
}

/* Whatever came: nothing goes on by a key that is not down any more. */
static void check_hold(void)
{
	if (m.running && gh_model_is_held(&m) && !m.stopping)
		assert_true(m.now - m.hold.heard_at <=
			    (m.hold.strict ? GH_UI_HOLD_GAP_US
					   : GH_UI_HOLD_FIRST_US));
	if (m.consent_until > 0 && !m.running)
		assert_true(m.page == GH_PAGE_LIVE || m.page == GH_PAGE_ASK);
}

static void press(int key)
{
	const struct gh_ui_model before = m;
	const enum gh_ui_action did = gh_ui_key(&m, key);

	if (did == GH_UI_OPEN)
		answer();
	else if (did == GH_UI_SUBMIT)
		take_form();
	else if (did == GH_UI_START)
		check_start(&before, key);
	else
		assert_int_equal(m.running, before.running);
	if (did == GH_UI_QUIT)
		assert_false(gh_model_may_move(&m));
}

static void click(void)
{
	const enum gh_ui_action did = gh_ui_click(&m, dice(60));

	if (did == GH_UI_OPEN)
		answer();
	assert_true(did != GH_UI_START && did != GH_UI_QUIT);
}

static void random_step(void)
{
	const uint32_t what = dice(12);

	m.now += dice(400) * GH_US_PER_MS;
	m.wall_s += dice(100) == 0 ? 7200 : 0;
	if (what == 0)
		random_window();
	else if (what == 1)
		random_event();
	else if (what == 2 && dice(m.running ? 4 : 16) == 0)
		random_verdict();
	else if (what == 2 && dice(4) == 0)
		random_end();
	else if (what == 3 && dice(8) == 0)
		gh_model_say(&m, gh_wild_text(&wild));
	else if (what == 4 && dice(32) == 0 && !m.running)
		hostile_about(&m.about, gh_wild_text(&wild));
	else if (what == 5 && dice(4) == 0)
		click();
	else
		press(random_key());
	(void)gh_ui_tick(&m);
}

static size_t used_bytes(void)
{
	return __sanitizer_get_current_allocated_bytes
		       ? __sanitizer_get_current_allocated_bytes()
		       : mallinfo2().uordblks;
}

/* The answer on the screen. */
static void forget(void)
{
	gh_doc_free(doc);
	doc = NULL;
	m.doc = NULL;
}

static void reset(void)
{
	view = fixture_view(GH_VERDICT_HOLD);
	fixture_model(&m, &view);
	m.utf8 = dice(2);
	m.doc = doc;
	if (dice(4) == 0)
		fixture_running(&m);
}

static void step(unsigned long i)
{
	if (i % 1000 == 0)
		reset();
	random_step();
	visits[m.page]++;
	check_model();
	check_hold();
	check_stop();
	if (i % 4 == 0)
		check_screen();
	if (i % 16 == 0)
		check_way_home();
}

/* One that was never there, NULL: all were. */
static const char *page_missed(void)
{
	for (size_t i = 0; gh_views[i]; i++)
		if (gh_views[i]->page != GH_PAGE_SMALL &&
		    visits[gh_views[i]->page] == 0)
			return gh_views[i]->name;
	return NULL;
}

/* The rarest page is reached by chance: a little longer, if it must be. */
static bool is_enough(unsigned long i, unsigned long steps)
{
	return i >= 4 * steps || (i >= steps && !page_missed());
}

static void nothing_breaks_the_rules(void **state)
{
	const unsigned long steps = gh_soak_count(20000, 200000, 2000000);
	unsigned long i = 0;
	size_t warm = 0;

	(void)state;
	assert_true(gh_wild_init(&wild, 2463534242u));
	(void)gh_wild_hostile(0);
	for (; !is_enough(i, steps); i++) {
		step(i);
		if (i == WARM_STEPS) {
			forget();
			reset();
			warm = used_bytes();
		}
	}
	forget();
	assert_true(warm > 0);
	assert_int_equal(used_bytes(), warm);
	if (page_missed())
		fail_msg("no key leads to %s", page_missed());
	assert_true(runs > steps / 1000);
	assert_true(held > steps / 4000);
	assert_true(answers > steps / 1000);
	assert_true(forms > 0);
	gh_soak_say(
		"random keys",
		"%lu steps, %lu motions, %lu of them held, %lu answers, STOP "
		"in all of them",
		i, runs, held, answers);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_breaks_the_rules),
	};

	(void)argc;
	if (!getenv(TUNABLES)) { /* heard only when a program begins */
		setenv(TUNABLES, EXACT, 1);
		execv("/proc/self/exe", argv);
	}

	return cmocka_run_group_tests(tests, hostile_set_up, NULL);
}
