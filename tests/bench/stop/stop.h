/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * stop - how long from a stop that somebody asks for to its first byte on the
 * wire. A session is one `ghostlight` on a terminal and a simulated sculpture,
 * both ours; what it writes to the sculpture passes through here. A control
 * process that does nothing but poll is asked at the same instants.
 */
#ifndef GH_BENCH_STOP_H
#define GH_BENCH_STOP_H

#include "base/clock.h"		 /* gh_us */
#include "driver/lumina/frame.h" /* struct gh_lum_rx */
#include "sim/pty.h"		 /* struct gh_sim_pty */

#include <poll.h>
#include <stdbool.h>
#include <sys/types.h>

enum stop_kind {
	STOP_KEY,    /* SPACE on the screen */
	STOP_INT,    /* SIGINT to a check */
	STOP_TERM,   /* SIGTERM to a check */
	STOP_SOCKET, /* "stop" on the socket of a check */
	STOP_VERB,   /* `ghostlight stop`, from its exec */
	STOP_KINDS
};

extern const char *const stop_kind_names[STOP_KINDS];

struct stop_options {
	const char *program, *simulator, *rig, *folder;
	enum stop_kind kind;
	long count, sessions, seconds, burners;
	bool stalled; /* nobody reads the terminal while something moves */
	bool storm;   /* it changes its size a thousand times a second */
	bool fifo;    /* the program may ask for SCHED_FIFO; the control has it */
	bool starved; /* held with SIGSTOP in place of the stop */
};

/* ---- process.c ----------------------------------------------------------- */

/* Ours come first, where that is permitted: a late clock measures nothing. */
void stop_come_first(int priority);
/*
 * A child that dies with us, with the priority of everybody. terminal: its
 * controlling one, NULL: none. out: its stdout and stderr, -1: the terminal.
 * may_hurry false: SCHED_FIFO will be refused to it.
 */
pid_t stop_spawn(const char *const argv[], const char *terminal, int out,
		 bool may_hurry);
/* The same, that only eats its CPU. */
void stop_burn(void);
bool stop_is_fifo(pid_t pid);
/* A simulator of that rig on a pty; its port in name. */
pid_t stop_simulate(const struct stop_options *o, char *name, size_t cap);
_Noreturn void stop_die(const char *what);

/* ---- control.c: somebody who only polls ---------------------------------- */

struct stop_control {
	struct gh_sim_pty pty;
	pid_t pid;
	unsigned asked, answered; /* bytes so far */
	gh_us answered_at;	  /* the last of them */
};

void stop_control_start(struct stop_control *c, bool fifo);
/* The number of the question, whose answer is the byte of that number. */
unsigned stop_control_ask(struct stop_control *c);
/* Takes what was answered. */
void stop_control_hear(struct stop_control *c);

/* ---- session.c ----------------------------------------------------------- */

enum stop_state {
	STOP_STARTING,
	STOP_MOVING,  /* the program of the joints is on */
	STOP_ASKED,   /* no stop on the wire yet, or no answer of the control */
	STOP_ENDING,  /* until it is over */
	STOP_ABORTED, /* it stopped by itself */
	STOP_DONE
};

struct stop_session {
	const struct stop_options *o;
	struct stop_control *control;
	enum stop_state state;
	char port[64], db[160];
	struct gh_sim_pty wire, term; /* the program has the other ends */
	int far;		      /* the sculpture */
	int junk;		      /* fills the terminal's buffer */
	pid_t program;
	struct gh_lum_rx sent, heard;
	int exit_code; /* -1: it runs */
	gh_us begun_at, key_at, heard_at, press_at, resize_at;
	unsigned key, runs;
	bool clogged, held, wide;
	/* The stop under way. */
	gh_us asked_at, stopped_us, answered_us;
	unsigned question;
	int version; /* pipe of the control of STOP_VERB, -1 */
	int asker;   /* socket of STOP_SOCKET, -1 */
	pid_t helpers[2]; /* processes of STOP_VERB */
	bool fifo;
	char said[16384];
	size_t said_n;
};

/* What all sessions have done together. */
struct stop_tally {
	long pressed, begun;
	bool closing; /* no new run */
};

void stop_session_open(struct stop_session *s, const struct stop_options *o,
		       struct stop_control *c, unsigned number);
enum { STOP_FDS = 4 };
/* Always STOP_FDS of them; those not to be polled are -1. */
void stop_session_fds(const struct stop_session *s, struct pollfd *out);
void stop_session_ready(struct stop_session *s, const struct pollfd *fds);
/* What is due; prints what came of a stop. */
void stop_session_tick(struct stop_session *s, struct stop_tally *t);
void stop_session_close(struct stop_session *s);

static inline gh_us stop_now(void)
{
	return gh_now(gh_clock_real());
}

#endif
