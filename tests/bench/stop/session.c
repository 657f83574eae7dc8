/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * session - one program between its terminal and its sculpture: gets it to move
 * something, asks it to stop at a moment of no meaning, and prints how long the
 * stop took to the wire.
 */
#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier) */

#include "stop.h"

#include "ask.h"		   /* stop_ask */
#include "driver/lumina/message.h" /* GH_LUM_STOP */

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

/* The stop comes up to this long after motion was asked for: some while the
 * host still waits for its beginning (250 ms), some while joints move. */
#define WINDOW_US 400000
/* The dialog is deaf for its first 300 ms, and a screen may be late. */
#define KEY_US 340000
/* So long no frame of a run: it is over. */
#define REST_US 200000
#define LOST_US (5 * (gh_us)GH_US_PER_S)
#define STUCK_US (60 * (gh_us)GH_US_PER_S)
/* The watchdog trips after 100 ms; a beat may have been due in 24. */
#define HOLD_US 200000
#define RESIZE_US 1000
#define STOPPED 130 /* exit code */
/* Runs are kept: after so many the database begins anew. */
#define RUNS_A_DATABASE 50

/* ---- The program --------------------------------------------------------- */

static void start_program(struct stop_session *s)
{
	const struct stop_options *o = s->o;
	const char *const screen[] = { o->program, "--rig",  o->rig,  "--db",
				       s->db,	   "--port", s->port, NULL };
	const char *const check[] = { o->program, "check", "--rig",
				      o->rig,	  "--db",  s->db,
				      "--port",	  s->port, "--allow-motion",
				      "--clear",  NULL };

	if (s->runs++ % RUNS_A_DATABASE == 0)
		(void)unlink(s->db);
	/* Its death may have left the port exclusive. */
	gh_sim_pty_release(&s->wire);
	s->program = stop_spawn(o->kind == STOP_KEY ? screen : check,
				s->term.name, -1, o->fifo);
	s->said_n = 0;
}

static void begin(struct stop_session *s, struct stop_tally *t)
{
	const gh_us now = stop_now();

	stop_ask_end(s);
	s->held = false;
	s->begun_at = s->heard_at = now;
	s->exit_code = -1;
	s->stopped_us = s->answered_us = -1;
	s->state = STOP_STARTING;
	t->begun++;
	if (s->program <= 0)
		start_program(s);
	s->key_at = now;
	s->key = 0;
}

/* '1' asks whether joints may move, 'y' says so; again until they do. */
static void press_keys(struct stop_session *s, gh_us now)
{
	if (s->o->kind != STOP_KEY || now < s->key_at ||
	    now - s->heard_at < REST_US)
		return;
	s->key_at = now + KEY_US;
	if (write(s->term.master, s->key++ % 2 ? "y" : "1", 1) != 1)
		stop_die("a terminal");
}

static void read_terminal(struct stop_session *s)
{
	char bytes[4096];
	const ssize_t n = read(s->term.master, bytes, sizeof bytes);
	const size_t cap = sizeof s->said;
	size_t take = n > 0 ? (size_t)n : 0, keep;

	if (take > cap)
		take = cap;
	keep = s->said_n + take > cap ? cap - take : s->said_n;
	memmove(s->said, s->said + s->said_n - keep, keep);
	memcpy(s->said + keep, bytes + (n > 0 ? (size_t)n : 0) - take, take);
	s->said_n = keep + take;
}

/* Full: a byte more would wait until somebody reads. */
static void stop_reading(struct stop_session *s)
{
	char junk[4096];

	memset(junk, ' ', sizeof junk);
	while (write(s->junk, junk, sizeof junk) > 0)
		;
	s->clogged = true;
}

/* ---- What passes through ------------------------------------------------- */

static void on_sent(struct stop_session *s, const struct gh_lum_frame *f,
		    gh_us at)
{
	if (f->type != GH_LUM_STOP)
		return;
	if (s->state == STOP_ASKED && s->stopped_us < 0)
		s->stopped_us = at - s->asked_at;
	if (s->state != STOP_MOVING)
		return;
	s->state = STOP_ABORTED;
	s->clogged = false;
}

static void on_heard(struct stop_session *s, const struct gh_lum_frame *f,
		     gh_us at)
{
	if (f->type != (GH_LUM_RUN | GH_LUM_REPLY) || s->state != STOP_STARTING)
		return;
	s->state = STOP_MOVING;
	s->press_at = at + random() % WINDOW_US;
	if (s->o->stalled)
		stop_reading(s);
}

static void pass(struct stop_session *s, int from, int to, struct gh_lum_rx *rx,
		 void (*on_frame)(struct stop_session *s,
				  const struct gh_lum_frame *f, gh_us at))
{
	uint8_t bytes[4096];
	struct gh_lum_frame f;
	const ssize_t n = read(from, bytes, sizeof bytes);
	const gh_us at = stop_now();

	if (n <= 0)
		return;
	/* What a port that is not open cannot take is lost, as on a wire. */
	(void)!write(to, bytes, (size_t)n);
	for (ssize_t i = 0; i < n; i++)
		if (gh_lum_rx_byte(rx, bytes[i], &f))
			on_frame(s, &f, at);
}

void stop_session_fds(const struct stop_session *s, struct pollfd *out)
{
	const int fds[STOP_FDS] = { s->wire.master, s->far,
				    s->clogged ? -1 : s->term.master,
				    s->version };

	for (size_t i = 0; i < STOP_FDS; i++)
		out[i] = (struct pollfd){ fds[i], POLLIN, 0 };
}

void stop_session_ready(struct stop_session *s, const struct pollfd *fds)
{
	if (fds[0].revents) {
		s->heard_at = stop_now();
		pass(s, s->wire.master, s->far, &s->sent, on_sent);
	}
	if (fds[1].revents)
		pass(s, s->far, s->wire.master, &s->heard, on_heard);
	if (fds[2].revents)
		read_terminal(s);
	if (fds[3].revents && s->version >= 0) {
		s->answered_us = stop_now() - s->asked_at;
		close(s->version);
		s->version = -1;
	}
}

/* ---- What is said of it -------------------------------------------------- */

/* Its last words on one line, without what only a screen understands. */
static void print_said(const struct stop_session *s)
{
	bool blank = true;

	for (size_t i = 0; i < s->said_n; i++) {
		const char c = s->said[i];

		if (c > ' ' && c < 0x7F) {
			putchar(c);
			blank = false;
		} else if (!blank) {
			putchar(' ');
			blank = true;
		}
	}
	putchar('\n');
}

static void told(const struct stop_session *s, const char *what)
{
	printf("%s %s %d ", what, stop_kind_names[s->o->kind], s->exit_code);
	print_said(s);
}

static void report(struct stop_session *s, struct stop_tally *t)
{
	const bool echoed = s->o->kind != STOP_VERB;

	if (echoed && s->answered_us < 0 &&
	    (int)(s->control->answered - s->question) >= 0)
		s->answered_us = s->control->answered_at - s->asked_at;
	if (s->stopped_us < 0 || s->answered_us < 0) {
		if (stop_now() - s->asked_at < LOST_US)
			return;
		told(s, "lost");
		(void)kill(s->program, SIGKILL);
	} else {
		printf("stop %s %lld %lld %s\n", stop_kind_names[s->o->kind],
		       (long long)s->stopped_us, (long long)s->answered_us,
		       s->fifo ? "fifo" : "other");
		t->pressed++;
	}
	s->clogged = false;
	s->state = STOP_ENDING;
}

/* ---- What is due --------------------------------------------------------- */

static void hold(struct stop_session *s, gh_us now)
{
	if (!s->held) {
		(void)kill(s->program, SIGSTOP);
		s->held = true;
		s->asked_at = now;
	} else if (now - s->asked_at >= HOLD_US) {
		(void)kill(s->program, SIGCONT);
		s->clogged = false;
		s->state = STOP_ABORTED;
	}
}

static void press(struct stop_session *s, gh_us now)
{
	if (now < s->press_at)
		return;
	if (s->o->starved) {
		hold(s, now);
		return;
	}
	s->fifo = stop_is_fifo(s->program);
	s->state = STOP_ASKED;
	stop_ask(s);
}

/* 256 and more: by a signal. */
static void look_for_end(struct stop_session *s)
{
	int status;

	if (s->program <= 0 || waitpid(s->program, &status, WNOHANG) <= 0)
		return;
	s->program = 0;
	s->exit_code = WIFEXITED(status) ? WEXITSTATUS(status)
					 : 256 + WTERMSIG(status);
	read_terminal(s);
}

static void end(struct stop_session *s, struct stop_tally *t)
{
	const bool over = s->o->kind == STOP_KEY
				  ? stop_now() - s->heard_at >= REST_US
				  : s->program <= 0;

	if (!over)
		return;
	if (s->state == STOP_ABORTED)
		told(s, "aborted");
	else if (s->exit_code >= 0 && s->exit_code != STOPPED)
		told(s, "ended");
	if (t->closing)
		s->state = STOP_DONE;
	else
		begin(s, t);
}

/* Only another size than before is told to the program. */
static void resize(struct stop_session *s, gh_us now)
{
	struct winsize size = { 24, 80, 0, 0 };

	if (!s->o->storm || s->program <= 0 || now < s->resize_at)
		return;
	s->resize_at = now + RESIZE_US;
	s->wide = !s->wide;
	size.ws_col = s->wide ? 120 : 80;
	(void)ioctl(s->term.master, TIOCSWINSZ, &size);
}

/* It ended where it should not, or did not where it should. */
static bool is_lost(const struct stop_session *s, gh_us now)
{
	if (now - s->begun_at > STUCK_US)
		return s->state != STOP_DONE;
	return s->exit_code >= 0 &&
	       (s->state == STOP_STARTING || s->state == STOP_MOVING ||
		(s->state == STOP_ASKED && s->stopped_us < 0));
}

void stop_session_tick(struct stop_session *s, struct stop_tally *t)
{
	const gh_us now = stop_now();

	look_for_end(s);
	resize(s, now);
	if (is_lost(s, now)) {
		told(s, s->exit_code >= 0 ? "ended" : "stuck");
		exit(1);
	}
	if (s->state == STOP_STARTING)
		press_keys(s, now);
	if (s->state == STOP_MOVING)
		press(s, now);
	if (s->state == STOP_ASKED)
		report(s, t);
	if (s->state == STOP_ENDING || s->state == STOP_ABORTED)
		end(s, t);
}

void stop_session_open(struct stop_session *s, const struct stop_options *o,
		       struct stop_control *c, unsigned number)
{
	struct winsize size = { 24, 80, 0, 0 };
	char far[64];

	memset(s, 0, sizeof *s);
	s->o = o;
	s->control = c;
	s->version = s->asker = s->exit_code = -1;
	s->begun_at = stop_now();
	s->state = STOP_ENDING;
	if (gh_sim_pty_open(&s->wire, NULL, NULL) != GH_OK ||
	    gh_sim_pty_open(&s->term, NULL, NULL) != GH_OK)
		stop_die("a pty");
	(void)ioctl(s->term.master, TIOCSWINSZ, &size);
	snprintf(s->port, sizeof s->port, "%s", s->wire.name);
	snprintf(s->db, sizeof s->db, "%s/%u.db", o->folder, number);
	(void)stop_simulate(o, far, sizeof far);
	s->far = open(far, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	s->junk = open(s->term.name,
		       O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (s->far < 0 || s->junk < 0)
		stop_die(far);
}

void stop_session_close(struct stop_session *s)
{
	if (s->program > 0) {
		(void)kill(s->program, SIGTERM);
		s->clogged = false;
	}
	gh_sim_pty_close(&s->wire);
}
