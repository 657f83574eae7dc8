/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * stop --program P --simulator S --rig R --folder F --kind key|int|term|socket|
 * verb [--count N] [--sessions N] [--seconds S] [--burners N] [--stalled 1]
 * [--storm 1] [--fifo 1] [--starved 1] - see stop.h. One line for each stop,
 * `stop KIND US CONTROL_US fifo|other`, or what came in its place: `aborted`,
 * `ended`, `lost`, `stuck`, with exit code and last words.
 */
#include "stop.h"

#include "base/text.h" /* gh_parse_long */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

enum { SESSIONS_MOST = 16, EXIT_USAGE = 64 };

/* Clocks late by a tick change no figure: the stop is timed where it is. */
#define TICK_MS 1

static bool find_kind(const char *name, enum stop_kind *out)
{
	for (int i = 0; i < STOP_KINDS; i++)
		if (strcmp(stop_kind_names[i], name) == 0) {
			*out = (enum stop_kind)i;
			return true;
		}
	return false;
}

static bool parse(struct stop_options *o, int argc, char **argv)
{
	const struct {
		const char *name, **text;
		long *number;
		bool *flag;
	} known[] = {
		{ "--program", &o->program, NULL, NULL },
		{ "--simulator", &o->simulator, NULL, NULL },
		{ "--rig", &o->rig, NULL, NULL },
		{ "--folder", &o->folder, NULL, NULL },
		{ "--count", NULL, &o->count, NULL },
		{ "--sessions", NULL, &o->sessions, NULL },
		{ "--seconds", NULL, &o->seconds, NULL },
		{ "--burners", NULL, &o->burners, NULL },
		{ "--stalled", NULL, NULL, &o->stalled },
		{ "--storm", NULL, NULL, &o->storm },
		{ "--fifo", NULL, NULL, &o->fifo },
		{ "--starved", NULL, NULL, &o->starved },
	};
	bool kind = false;

	for (int i = 1; i + 1 < argc; i += 2) {
		bool taken = strcmp(argv[i], "--kind") == 0 &&
			     find_kind(argv[i + 1], &o->kind);

		kind = kind || taken;
		for (size_t k = 0; k < GH_ARRAY_SIZE(known); k++) {
			if (strcmp(argv[i], known[k].name) != 0)
				continue;
			taken = true;
			if (known[k].text)
				*known[k].text = argv[i + 1];
			else if (known[k].number)
				taken = gh_parse_long(argv[i + 1],
						      known[k].number);
			else
				*known[k].flag = argv[i + 1][0] == '1';
		}
		if (!taken)
			return false;
	}
	return argc % 2 == 1 && kind && o->program && o->simulator && o->rig &&
	       o->folder && o->sessions > 0 && o->sessions <= SESSIONS_MOST;
}

static void turn(struct stop_session *s, size_t n, struct stop_control *c)
{
	struct pollfd fds[SESSIONS_MOST * STOP_FDS + 1];
	const size_t all = n * STOP_FDS;

	for (size_t i = 0; i < n; i++)
		stop_session_fds(&s[i], fds + i * STOP_FDS);
	fds[all] = (struct pollfd){ c->pty.master, POLLIN, 0 };
	if (poll(fds, all + 1, TICK_MS) <= 0)
		return;
	if (fds[all].revents)
		stop_control_hear(c);
	for (size_t i = 0; i < n; i++)
		stop_session_ready(&s[i], fds + i * STOP_FDS);
}

static void run(const struct stop_options *o, struct stop_session *s,
		struct stop_control *c)
{
	const gh_us until = stop_now() + o->seconds * GH_US_PER_S;
	const size_t n = (size_t)o->sessions;
	struct stop_tally tally = { 0 };
	bool busy = true;

	while (busy) {
		busy = false;
		turn(s, n, c);
		tally.closing = tally.begun >= o->count || stop_now() > until;
		for (size_t i = 0; i < n; i++) {
			stop_session_tick(&s[i], &tally);
			busy = busy || s[i].state != STOP_DONE;
		}
	}
}

int main(int argc, char **argv)
{
	static struct stop_session sessions[SESSIONS_MOST];
	static struct stop_control control;
	struct stop_options o = { .count = 20, .sessions = 1, .seconds = 60 };

	if (!parse(&o, argc, argv)) {
		fprintf(stderr, "stop: see the head of tests/bench/stop/"
				"main.c\n");
		return EXIT_USAGE;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	stop_come_first(2);
	stop_control_start(&control, o.fifo);
	for (long i = 0; i < o.burners; i++)
		stop_burn();
	for (long i = 0; i < o.sessions; i++)
		stop_session_open(&sessions[i], &o, &control, (unsigned)i);
	run(&o, sessions, &control);
	for (long i = 0; i < o.sessions; i++)
		stop_session_close(&sessions[i]);
	return 0;
}
