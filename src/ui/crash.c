/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/crash.h"

#include "base/status.h" /* GH_ARRAY_SIZE */

#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#define RESTORE_CAP 256

/* All that the handler may touch. */
static struct {
	volatile sig_atomic_t on;
	int fd, tty;
	char text[RESTORE_CAP];
	size_t n;
	struct termios before;
	bool has_termios;
} restore;

/*
 * All that end a program by default and that nobody else here catches: bugs,
 * limits, timers and what a stranger may send.
 */
static const int fatal[] = { SIGSEGV, SIGBUS,  SIGFPE,	SIGILL,	  SIGABRT,
			     SIGTRAP, SIGSYS,  SIGXCPU, SIGALRM,  SIGUSR1,
			     SIGUSR2, SIGPROF, SIGPOLL, SIGVTALRM };
static struct sigaction fatal_before[GH_ARRAY_SIZE(fatal)];

/* Async-signal-safe: write, tcsetattr, raise. SA_RESETHAND did the rest. */
static void on_crash(int sig)
{
	if (restore.on) {
		if (write(restore.fd, restore.text, restore.n) < 0)
			restore.on = 0;
		if (restore.has_termios)
			tcsetattr(restore.tty, TCSANOW, &restore.before);
	}
	raise(sig);
}

/* Without its padding marks, which only old terminals need. */
static void add_text(const char *s)
{
	while (s && *s != '\0' && restore.n < sizeof restore.text) {
		const char *end =
			s[0] == '$' && s[1] == '<' ? strchr(s, '>') : NULL;

		if (end)
			s = end + 1;
		else
			restore.text[restore.n++] = *s++;
	}
}

void gh_crash_catch(const struct gh_crash_terminal *t)
{
	struct sigaction sa = { .sa_handler = on_crash,
				.sa_flags = (int)SA_RESETHAND };

	restore.n = 0;
	for (size_t i = 0; i < GH_CRASH_TEXTS; i++)
		add_text(t->texts[i]);
	restore.fd = t->out_fd;
	restore.tty = t->tty_fd;
	restore.has_termios = t->before != NULL;
	if (t->before)
		restore.before = *t->before;
	restore.on = 1;
	sigemptyset(&sa.sa_mask);
	for (size_t i = 0; i < GH_ARRAY_SIZE(fatal); i++) {
		sigaction(fatal[i], NULL, &fatal_before[i]);
		/* What the caller had ignored stays ignored. */
		if (fatal_before[i].sa_handler != SIG_IGN)
			sigaction(fatal[i], &sa, NULL);
	}
}

void gh_crash_uncatch(void)
{
	restore.on = 0;
	for (size_t i = 0; i < GH_ARRAY_SIZE(fatal); i++)
		sigaction(fatal[i], &fatal_before[i], NULL);
}
