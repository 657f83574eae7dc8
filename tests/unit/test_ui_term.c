/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What really reaches a terminal: the screens through curses into libvterm,
 * cell by cell; keys back; a terminal that stalls, hangs up or is none; and
 * a crash that gives the terminal back.
 */
#include "ui/keys.h" /* GH_KEY_UP */
#include "ui/curses.h" /* what is tested */
#include "ui/ui.h"   /* what is tested */
#include "ui/view.h" /* gh_view_draw */
#include "unit/test_ui_scenes.h" /* scenes, set_scene */

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifdef __has_include
#if __has_include(<vterm.h>)
#define HAVE_VTERM 1
#include <vterm.h>
#endif
#endif

/* delscreen() keeps one block per process: a known habit of ncurses 6.4. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:new_prescr\n";
}

static gh_us clock_now = 1000 * (gh_us)GH_US_PER_S;

static gh_us fake_now(void *self)
{
	(void)self;
	return clock_now;
}

/* Looks at once; what would wait, lets time pass. */
static int fake_wait(void *self, struct pollfd *fds, size_t n, gh_us until)
{
	const int ready = poll(fds, (nfds_t)n, 0);

	(void)self;
	if (ready == 0 && until > clock_now)
		clock_now = until;
	return ready;
}

static int64_t fake_wall_s(void *self)
{
	(void)self;
	return WALL_S;
}

static const struct gh_clock fake_clock = { fake_now, fake_wait, fake_wall_s,
					    NULL };

/* keys[1] -> curses -> screen[0] */
static int keys[2], screen[2];

static int open_pipes(void **state)
{
	(void)state;
	assert_int_equal(pipe(keys), 0);
	assert_int_equal(pipe(screen), 0);
	assert_int_equal(fcntl(screen[0], F_SETFL, O_NONBLOCK), 0);
	assert_int_equal(fcntl(screen[1], F_SETFL, O_NONBLOCK), 0);
	return 0;
}

static int close_pipes(void **state)
{
	(void)state;
	close(keys[0]);
	close(keys[1]);
	close(screen[0]);
	close(screen[1]);
	return 0;
}

static struct gh_ui *open_ui(void)
{
	const int fds[2] = { keys[0], screen[1] };
	struct gh_err err = { .msg = "" };
	struct gh_ui *ui = NULL;

	if (gh_ui_open_on(&ui, &fake_clock, "xterm-256color", fds, &err) !=
	    GH_OK)
		fail_msg("%s", err.msg);
	return ui;
}

static size_t read_screen(char *buf, size_t cap)
{
	size_t used = 0;
	ssize_t n;

	while (used < cap && (n = read(screen[0], buf + used, cap - used)) > 0)
		used += (size_t)n;
	return used;
}

static void type(const char *text)
{
	assert_int_equal(write(keys[1], text, strlen(text)), strlen(text));
}

/* Cut to seven bits, 0xC3 0xB9 is a C and the 9 of a check. */
static void a_letter_of_two_bytes_arrives(void **state)
{
	static char out[64 * 1024];
	struct gh_ui *ui = open_ui();
	int wake[2];
	size_t n;

	(void)state;
	assert_int_equal(pipe(wake), 0);
	gh_ui_wake_on(ui, wake[0]);
	assert_int_equal(write(wake[1], "!", 1), 1);
	type("nJ\xc3\xbcrgen \xc3\xb9");
	assert_int_equal(gh_ui_wait(ui), GH_UI_NONE);
	assert_string_equal(gh_ui_form(ui)->field[0], "J\xc3\xbcrgen \xc3\xb9");
	gh_ui_close(ui);
	n = read_screen(out, sizeof out - 1);
	out[n] = '\0';
	assert_true(n > 0);
	/* Nobody else's terminal is switched to eight bits for it. */
	assert_null(strstr(out, "\x1b[?1034"));
	close(wake[0]);
	close(wake[1]);
}

static void no_screen_no_bytes(void **state)
{
	static const char *const names[] = { "dumb", "", "no-such-terminal",
					     NULL };
	const int fds[2] = { keys[0], screen[1] };
	char byte;

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(names); i++) {
		struct gh_err err = { .msg = "" };
		struct gh_ui *ui = NULL;

		assert_int_equal(gh_ui_open_on(&ui, &fake_clock, names[i], fds,
					       &err),
				 GH_UNSUP);
		assert_null(ui);
		assert_int_not_equal(strlen(err.msg), 0);
		assert_int_equal(read_screen(&byte, 1), 0);
	}
}

static void keys_reach_the_run(void **state)
{
	struct gh_ui *ui = open_ui();
	int wake[2];

	(void)state;
	assert_int_equal(pipe(wake), 0);
	gh_ui_wake_on(ui, wake[0]);
	assert_int_equal(write(wake[1], "!", 1), 1);
	type("1yy");
	assert_int_equal(gh_ui_wait(ui), GH_UI_NONE);
	clock_now += GH_US_PER_S;
	assert_int_equal(gh_ui_wait(ui), GH_UI_NONE);
	type("y");
	assert_int_equal(gh_ui_wait(ui), GH_UI_START);
	assert_false(gh_ui_hear(ui));
	close(wake[0]);
	close(wake[1]);
	gh_ui_wake_on(ui, -1);
	type("x ");
	assert_true(gh_ui_hear(ui));
	assert_true(gh_ui_hear(ui));
	gh_ui_say(ui, "stopped by the operator");
	assert_false(gh_ui_hear(ui));
	type("q");
	assert_int_equal(gh_ui_wait(ui), GH_UI_QUIT);
	gh_ui_close(ui);
}

static void start_held(struct gh_ui *ui)
{
	const struct gh_ui_task sweep = { .move = GH_MOVE_SWEEP,
					  .part = "hope.elbow",
					  .is_joint = true };
	int wake[2];

	assert_int_equal(pipe(wake), 0);
	gh_ui_wake_on(ui, wake[0]);
	assert_int_equal(write(wake[1], "!", 1), 1);
	/* Typed ahead: the dialog never hears it. */
	type("yyyy");
	gh_ui_ask(ui, &sweep);
	clock_now += GH_US_PER_S;
	type("y");
	assert_int_equal(gh_ui_wait(ui), GH_UI_NONE);
	clock_now += 400 * GH_US_PER_MS;
	type("y");
	assert_int_equal(gh_ui_wait(ui), GH_UI_START);
	close(wake[0]);
	close(wake[1]);
	gh_ui_wake_on(ui, -1);
	gh_ui_event(ui, &(struct gh_event){ .kind = GH_EV_PROGRESS,
					    .moving = true });
}

/* What a stalled terminal kept back comes too late, however much it is. */
static void a_late_burst_stops_what_is_held(void **state)
{
	struct gh_ui *ui = open_ui();

	(void)state;
	start_held(ui);
	for (int i = 0; i < 20; i++) {
		clock_now += 100 * GH_US_PER_MS;
		type("y");
		assert_false(gh_ui_hear(ui));
	}
	clock_now += 2 * (gh_us)GH_US_PER_S;
	type("yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy");
	assert_true(gh_ui_hear(ui));
	gh_ui_close(ui);
}

/* And nothing at all does so as well. */
static void silence_stops_what_is_held(void **state)
{
	struct gh_ui *ui = open_ui();
	int turns = 0;

	(void)state;
	start_held(ui);
	while (!gh_ui_hear(ui) && ++turns < 50)
		clock_now += 20 * GH_US_PER_MS;
	assert_int_equal(turns, 13);
	gh_ui_close(ui);
}

static void a_lost_terminal_stops_the_run(void **state)
{
	struct gh_ui *ui = open_ui();

	(void)state;
	gh_ui_event(ui, &(struct gh_event){ .kind = GH_EV_RUN_BEGIN });
	assert_false(gh_ui_hear(ui));
	close(keys[1]);
	assert_true(gh_ui_hear(ui));
	gh_ui_say(ui, "");
	assert_int_equal(gh_ui_wait(ui), GH_UI_QUIT);
	gh_ui_close(ui);
}

static void a_signal_descriptor_wakes_the_rest(void **state)
{
	struct gh_ui *ui = open_ui();
	int wake[2];

	(void)state;
	assert_int_equal(pipe(wake), 0);
	gh_ui_wake_on(ui, wake[0]);
	assert_int_equal(write(wake[1], "!", 1), 1);
	assert_int_equal(gh_ui_wait(ui), GH_UI_NONE);
	gh_ui_close(ui);
	close(wake[0]);
	close(wake[1]);
}

/* A terminal that takes nothing costs frames, never time. */
static void a_stalled_terminal_stalls_nothing(void **state)
{
	static char junk[1 << 16];
	struct gh_ui *ui = open_ui();
	struct pollfd fds[4];
	size_t n;

	(void)state;
	while (write(screen[1], junk, sizeof junk) > 0)
		continue;
	gh_ui_event(ui, &(struct gh_event){ .kind = GH_EV_RUN_BEGIN });
	for (int i = 0; i < 50; i++) {
		clock_now += 100 * GH_US_PER_MS;
		assert_false(gh_ui_hear(ui));
	}
	n = gh_ui_fds(ui, fds, 4);
	assert_int_equal(n, 2);
	assert_int_equal(fds[1].events, POLLOUT);
	type(" ");
	assert_true(gh_ui_hear(ui));
	read_screen(junk, sizeof junk);
	read_screen(junk, sizeof junk);
	clock_now += 100 * GH_US_PER_MS;
	assert_true(gh_ui_hear(ui));
	assert_int_equal(gh_ui_fds(ui, fds, 4), 1);
	gh_ui_close(ui);
}

static bool holds(const char *text, size_t n, const char *what)
{
	const size_t len = strlen(what);

	for (size_t i = 0; i + len <= n; i++)
		if (memcmp(text + i, what, len) == 0)
			return true;
	return false;
}

static void crash_with_screen_open(void)
{
	const struct rlimit none = { 0, 0 };
	struct gh_ui *ui = open_ui();

	setrlimit(RLIMIT_CORE, &none);
	(void)gh_ui_hear(ui);
	raise(SIGSEGV);
	_exit(0);
}

static void a_crash_gives_the_terminal_back(void **state)
{
	static char text[1 << 16];
	int status = 0;
	size_t n;
	pid_t child;

	(void)state;
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		crash_with_screen_open();
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGSEGV);
	n = read_screen(text, sizeof text);
	assert_true(holds(text, n, "\033[?1049h"));
	assert_true(n > 64);
	assert_true(holds(text + n - 64, 64, "\033[?1049l"));
}

#ifdef HAVE_VTERM

static struct gh_glyph cells[GH_CANVAS_W * GH_CANVAS_H];

static void feed(VTerm *vt)
{
	char buf[4096];
	size_t n;

	while ((n = read_screen(buf, sizeof buf)) > 0)
		vterm_input_write(vt, buf, n);
}

/* The code point of a glyph; curses sends blanks for blanks. */
static uint32_t code_of(const char *g)
{
	const unsigned char *s = (const unsigned char *)g;

	if (s[0] < 0x80)
		return s[0];
	if (s[0] < 0xE0)
		return (s[0] & 0x1Fu) << 6 | (s[1] & 0x3Fu);
	return (s[0] & 0x0Fu) << 12 | (s[1] & 0x3Fu) << 6 | (s[2] & 0x3Fu);
}

static void compare_cells(VTerm *vt, const struct gh_canvas *c,
			  const char *term)
{
	VTermScreen *scr = vterm_obtain_screen(vt);

	for (int y = 0; y < c->h; y++) {
		for (int x = 0; x < c->w; x++) {
			const struct gh_glyph *want = &c->cells[y * c->w + x];
			const bool bar = want->ink == GH_INK_STOP ||
					 want->ink == GH_INK_SELECT;
			VTermScreenCell got;
			uint32_t code;

			vterm_screen_get_cell(scr, (VTermPos){ y, x }, &got);
			code = got.chars[0] ? got.chars[0] : ' ';
			if (code != code_of(want->glyph) ||
			    got.attrs.reverse != (want->reverse || bar))
				fail_msg("%s: row %d column %d: %04x", term, y,
					 x, (unsigned)code);
		}
	}
}

/* False: this terminal type is not installed. */
static bool copy_out(const char *term, const struct gh_ui_model *m)
{
	VTerm *vt = vterm_new(24, 80);
	struct gh_err err = { .msg = "" };
	struct gh_term *t = NULL;
	struct gh_canvas c;
	bool open;

	vterm_set_utf8(vt, 1);
	vterm_screen_reset(vterm_obtain_screen(vt), 1);
	gh_canvas_init(&c, cells, 80, 24, m->utf8);
	gh_view_draw(m, &c);
	open = gh_term_open(&t, term, keys[0], screen[1], &err) == GH_OK;
	if (open) {
		/* Twice: what was there before must not show through. */
		assert_true(gh_term_paint(t, &c, GH_THEME_DARK));
		feed(vt);
		assert_true(gh_term_paint(t, &c, m->theme));
		feed(vt);
		compare_cells(vt, &c, term);
		gh_term_close(t);
		feed(vt);
	}
	vterm_free(vt);
	return open;
}

static void screens_arrive_cell_by_cell(void **state)
{
	static const char *const terms[] = { "xterm-256color", "linux", "vt100",
					     "tmux-256color", "screen" };
	struct gh_run_view view;
	struct gh_ui_model m;

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(terms); i++) {
		bool known = true;

		for (size_t k = 0; known && k < GH_ARRAY_SIZE(scenes); k++) {
			set_scene(&scenes[k], &view, &m);
			m.theme = (enum gh_theme)((i + k) % GH_THEME_COUNT);
			m.utf8 = k & 1;
			known = copy_out(terms[i], &m);
		}
		if (!known)
			print_message("# %s is not installed\n", terms[i]);
		assert_true(known || i > 0);
	}
}

#else

static void screens_arrive_cell_by_cell(void **state)
{
	(void)state;
	print_message("# libvterm is missing\n");
	skip();
}

#endif

static int set_up(void **state)
{
	(void)state;
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("TZ", "UTC", 1);
	setenv("LINES", "24", 1);
	setenv("COLUMNS", "80", 1);
	tzset();
	signal(SIGPIPE, SIG_IGN);
	return 0;
}

#define WITH_PIPES(test) \
	cmocka_unit_test_setup_teardown(test, open_pipes, close_pipes)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_PIPES(a_letter_of_two_bytes_arrives),
		WITH_PIPES(no_screen_no_bytes),
		WITH_PIPES(keys_reach_the_run),
		WITH_PIPES(a_late_burst_stops_what_is_held),
		WITH_PIPES(silence_stops_what_is_held),
		WITH_PIPES(a_lost_terminal_stops_the_run),
		WITH_PIPES(a_signal_descriptor_wakes_the_rest),
		WITH_PIPES(a_stalled_terminal_stalls_nothing),
		WITH_PIPES(a_crash_gives_the_terminal_back),
		WITH_PIPES(screens_arrive_cell_by_cell),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
