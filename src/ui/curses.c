/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/curses.h"

#include "ui/crash.h" /* gh_crash_catch */
#include "ui/keys.h"  /* enum gh_ui_code */

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

#define CHUNK 4096 /* PIPE_BUF: a ready pipe takes as much at once */
#define ESC_MS 20  /* interface.md section 4.5 has 25: Esc took up to 32 */

struct gh_term {
	SCREEN *screen;
	FILE *spool; /* where curses writes */
	FILE *in;    /* where it reads; its own copy of in_fd */
	off_t sent;  /* of the spool */
	int in_fd, out_fd;
	bool own_out; /* out_fd was opened here */
	bool utf8, colours, colours256;
	int theme; /* whose pairs are set, -1 none */
	struct termios before;
	bool has_termios;
};

static volatile sig_atomic_t resized, continued;

static struct sigaction winch_before, cont_before;

/* curses takes these over when nobody has; they are the caller's. */
static const int kept[] = { SIGINT, SIGTERM, SIGTSTP };

static void on_winch(int sig)
{
	continued = continued || sig == SIGCONT;
	resized = 1;
}

/* NULL: the terminal has none; (char *)-1: it is no string. */
static const char *capability(const char *name)
{
	char id[16];
	const char *s;

	snprintf(id, sizeof id, "%s", name);
	s = tigetstr(id);
	return (intptr_t)s == -1 ? NULL : s;
}

static void catch_crashes(const struct gh_term *t)
{
	const struct gh_crash_terminal restore = {
		.out_fd = t->out_fd,
		.tty_fd = t->in_fd,
		.before = t->has_termios ? &t->before : NULL,
		/* The mouse off, how all that have one spell it. */
		.texts = { capability("kmous") ? "\033[?1006;1000l" : NULL,
			   capability("sgr0"), capability("rmkx"),
			   capability("cnorm"), capability("rmcup") }
	};

	gh_crash_catch(&restore);
}

static void catch_winch(void)
{
	struct sigaction sa = { .sa_handler = on_winch };

	sigemptyset(&sa.sa_mask);
	sigaction(SIGWINCH, &sa, &winch_before);
	sigaction(SIGCONT, &sa, &cont_before);
}

static void uncatch_winch(void)
{
	sigaction(SIGWINCH, &winch_before, NULL);
	sigaction(SIGCONT, &cont_before, NULL);
}

/*
 * Keys one by one and unechoed; signals stay, but Ctrl-Z arrives as a key,
 * because a program that sleeps cannot stop anything.
 */
static void set_raw(struct gh_term *t)
{
	struct termios raw;

	if (!t->has_termios)
		return;
	raw = t->before;
	raw.c_lflag &= (tcflag_t) ~(ICANON | ECHO | ECHONL | IEXTEN);
	raw.c_iflag &= (tcflag_t) ~(ICRNL | INLCR | IXON | ISTRIP);
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	raw.c_cc[VSUSP] = _POSIX_VDISABLE;
	tcsetattr(t->in_fd, TCSADRAIN, &raw);
}

/*
 * The terminal opened anew: O_NONBLOCK belongs to the open file, and ours is
 * shared with the shell.
 */
static void open_out(struct gh_term *t, int out_fd)
{
	char path[128] = "";

	t->out_fd = -1;
	if (isatty(out_fd) && ttyname_r(out_fd, path, sizeof path) == 0)
		t->out_fd = open(path,
				 O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	t->own_out = t->out_fd >= 0;
	if (!t->own_out)
		t->out_fd = out_fd;
}

/* newterm, without the signal handlers that come with it. */
static SCREEN *new_screen(const char *name, FILE *spool, FILE *in)
{
	struct sigaction before[GH_ARRAY_SIZE(kept)];
	char term[64];
	SCREEN *screen;

	for (size_t i = 0; i < GH_ARRAY_SIZE(kept); i++)
		sigaction(kept[i], NULL, &before[i]);
	snprintf(term, sizeof term, "%s", name);
	catch_winch();
	screen = newterm(term, spool, in);
	for (size_t i = 0; i < GH_ARRAY_SIZE(kept); i++)
		sigaction(kept[i], &before[i], NULL);
	if (!screen)
		uncatch_winch();
	return screen;
}

/*
 * curses takes the spool for a line of seven bits and would make the `y` of a
 * consent of half a letter. What it says to the terminal about it is taken back
 * out of the spool: that one's modes are not ours.
 */
static void keep_eighth_bit(const struct gh_term *t)
{
	const int spool = fileno(t->spool);
	char smm[] = "smm", head[CHUNK] = "", *at;
	const char *said = tigetstr(smm);
	ssize_t n;
	size_t after;

	meta(stdscr, TRUE);
	keypad(stdscr, TRUE); /* passes on what was said so far */
	if (!said || (intptr_t)said == -1 || !said[0])
		return;
	n = pread(spool, head, sizeof head - 1, 0);
	at = n > 0 ? strstr(head, said) : NULL;
	if (!at)
		return;
	after = strlen(at + strlen(said));
	memmove(at, at + strlen(said), after);
	n = at - head + (ssize_t)after;
	if (pwrite(spool, head, (size_t)n, 0) == n && ftruncate(spool, n) == 0)
		(void)!lseek(spool, n, SEEK_SET);
}

static void set_up_screen(struct gh_term *t)
{
	if (!getenv("ESCDELAY"))
		set_escdelay(ESC_MS);
	noecho();
	nonl();
	keep_eighth_bit(t);
	nodelay(stdscr, TRUE);
	leaveok(stdscr, FALSE);
	t->colours = has_colors() && start_color() == OK &&
		     use_default_colors() == OK;
	t->colours256 = t->colours && COLORS >= 256;
}

/* Screens on it would be invisible, though newterm takes it. */
static bool is_dumb(const char *name)
{
	return !name || !name[0] || strcmp(name, "dumb") == 0 ||
	       strcmp(name, "unknown") == 0;
}

static void free_term(struct gh_term *t)
{
	if (t->spool)
		fclose(t->spool);
	if (t->in)
		fclose(t->in);
	if (t->own_out)
		close(t->out_fd);
	free(t);
}

static enum gh_status start(struct gh_term *t, const char *name,
			    struct gh_err *err)
{
	const int in_fd = dup(t->in_fd);

	t->in = in_fd >= 0 ? fdopen(in_fd, "r") : NULL;
	t->spool = tmpfile();
	if (!t->spool || !t->in) {
		if (!t->in && in_fd >= 0)
			close(in_fd);
		return gh_fail_sys(err, GH_UNSUP, errno, "screen: no spool");
	}
	t->screen = new_screen(name, t->spool, t->in);
	if (!t->screen)
		return gh_fail(err, GH_UNSUP,
			       "screen: terminal type \"%.40s\" is not known",
			       name);
	return GH_OK;
}

enum gh_status gh_term_open(struct gh_term **out, const char *name, int in_fd,
			    int out_fd, struct gh_err *err)
{
	struct gh_term *t;
	enum gh_status st;

	if (is_dumb(name))
		return gh_fail(err, GH_UNSUP,
			       "screen: TERM is \"%s\", which shows no screens",
			       name ? name : "");
	t = calloc(1, sizeof *t);
	if (!t)
		return gh_fail(err, GH_NOMEM, "screen");
	setlocale(LC_CTYPE, "");
	t->utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	t->in_fd = in_fd;
	t->theme = -1;
	open_out(t, out_fd);
	st = start(t, name, err);
	if (st != GH_OK)
		goto out_free;
	set_up_screen(t);
	t->has_termios = tcgetattr(t->in_fd, &t->before) == 0;
	catch_crashes(t);
	set_raw(t);
	resized = 1;
	*out = t;
	return GH_OK;

out_free:
	free_term(t);
	return st;
}

void gh_term_close(struct gh_term *t)
{
	if (!t)
		return;
	gh_term_drain(t);
	endwin();
	gh_term_drain(t);
	if (t->has_termios)
		tcsetattr(t->in_fd, TCSANOW, &t->before);
	gh_crash_uncatch();
	uncatch_winch();
	delscreen(t->screen);
	free_term(t);
}

bool gh_term_is_utf8(const struct gh_term *t)
{
	return t->utf8;
}

int gh_term_out_fd(const struct gh_term *t)
{
	return t->out_fd;
}

/* Whoever had the terminal meanwhile left their modes and words on it. */
static void take_back(struct gh_term *t)
{
	if (!continued)
		return;
	continued = 0;
	set_raw(t);
	clearok(stdscr, TRUE);
}

static void follow_size(struct gh_term *t)
{
	struct winsize size;

	if (!resized)
		return;
	resized = 0;
	take_back(t);
	if (ioctl(t->out_fd, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 &&
	    size.ws_col > 0)
		resizeterm(size.ws_row, size.ws_col);
}

void gh_term_size(struct gh_term *t, int *w, int *h)
{
	follow_size(t);
	getmaxyx(stdscr, *h, *w);
}

bool gh_term_is_resized(void)
{
	return resized != 0;
}

int gh_term_key(struct gh_term *t)
{
	static const struct {
		int curses, ours;
	} map[] = { { ERR, GH_KEY_NONE },
		    { KEY_UP, GH_KEY_UP },
		    { KEY_LEFT, GH_KEY_LEFT },
		    { KEY_RIGHT, GH_KEY_RIGHT },
		    { KEY_DOWN, GH_KEY_DOWN },
		    { KEY_ENTER, GH_KEY_ENTER },
		    { KEY_BTAB, GH_KEY_BACKTAB },
		    { KEY_BACKSPACE, GH_KEY_RUBOUT },
		    { '\b', GH_KEY_RUBOUT },
		    { 0x7F, GH_KEY_RUBOUT },
		    { '\n', GH_KEY_ENTER },
		    { '\r', GH_KEY_ENTER },
		    { KEY_RESIZE, GH_KEY_RESIZED },
		    { KEY_MOUSE, GH_KEY_MOUSE } };
	int key;

	set_term(t->screen);
	key = getch();
	for (size_t i = 0; i < GH_ARRAY_SIZE(map); i++)
		if (map[i].curses == key)
			return map[i].ours;
	/* What is not ASCII comes as the bytes of its UTF-8. */
	return key > 0 && key <= 0xFF ? key : GH_KEY_OTHER;
}

bool gh_term_set_mouse(struct gh_term *t, bool on)
{
	set_term(t->screen);
	mouseinterval(0);
	return mousemask(on ? BUTTON1_PRESSED : 0, NULL) != 0 || !on;
}

bool gh_term_click(struct gh_term *t, int *x, int *y)
{
	MEVENT at;

	set_term(t->screen);
	if (getmouse(&at) != OK || !(at.bstate & BUTTON1_PRESSED))
		return false;
	*x = at.x;
	*y = at.y;
	return true;
}

void gh_term_flush_keys(struct gh_term *t)
{
	flushinp();
	tcflush(t->in_fd, TCIFLUSH);
}

static void set_pairs(struct gh_term *t, enum gh_theme theme)
{
	if (!t->colours || t->theme == (int)theme)
		return;
	for (int ink = 0; ink < GH_INK_COUNT; ink++) {
		const struct gh_look *l =
			gh_theme_look(theme, (enum gh_ink)ink);
		if (t->colours256)
			init_pair((short)(ink + 1), l->fg256, l->bg256);
		else
			init_pair((short)(ink + 1), l->fg8, l->bg8);
	}
	bkgdset(' ' | (chtype)COLOR_PAIR(GH_INK_PLAIN + 1));
	clearok(stdscr, TRUE);
	t->theme = (int)theme;
}

static chtype attributes(const struct gh_term *t, enum gh_theme theme,
			 const struct gh_glyph *cell)
{
	const enum gh_ink ink = (enum gh_ink)cell->ink;
	const struct gh_look *l = gh_theme_look(theme, ink);
	chtype a = A_NORMAL;

	if (l->bold)
		a |= A_BOLD;
	if (l->dim && !t->colours256)
		a |= A_DIM;
	if (l->reverse != cell->reverse)
		a |= A_REVERSE;
	if (t->colours)
		a |= (chtype)COLOR_PAIR(cell->ink + 1);
	return a;
}

bool gh_term_paint(struct gh_term *t, const struct gh_canvas *c,
		   enum gh_theme theme)
{
	if (!gh_term_drain(t))
		return false;
	set_pairs(t, theme);
	erase();
	for (int y = 0; y < c->h; y++) {
		for (int x = 0; x < c->w; x++) {
			const struct gh_glyph *cell = &c->cells[y * c->w + x];

			attrset((int)attributes(t, theme, cell));
			mvaddstr(y, x, cell->glyph);
		}
	}
	attrset(A_NORMAL);
	move(c->cursor_y, c->cursor_x);
	refresh();
	gh_term_drain(t);
	return true;
}

/* Bytes that a write put out; 0 when it would have to wait. */
static ssize_t pass_on(struct gh_term *t, const char *buf, size_t n)
{
	const ssize_t put = write(t->out_fd, buf, n);

	if (put >= 0 || errno == EAGAIN || errno == EINTR)
		return put < 0 ? 0 : put;
	/* A terminal that is gone takes everything. */
	return (ssize_t)n;
}

bool gh_term_drain(struct gh_term *t)
{
	const int spool = fileno(t->spool);
	char buf[CHUNK];
	ssize_t n, put;

	while ((n = pread(spool, buf, sizeof buf, t->sent)) > 0) {
		put = pass_on(t, buf, (size_t)n);
		t->sent += put;
		if (put < n)
			return false;
	}
	/* Mostly nothing was in it: it is asked after every wait. */
	if (t->sent == 0)
		return true;
	t->sent = 0;
	return lseek(spool, 0, SEEK_SET) == 0 && ftruncate(spool, 0) == 0;
}
