/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier) */

#include "ask.h"

#include "cli/control_path.h" /* gh_control_path */

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

const char *const stop_kind_names[STOP_KINDS] = {
	[STOP_KEY] = "key",	  [STOP_INT] = "int",	[STOP_TERM] = "term",
	[STOP_SOCKET] = "socket", [STOP_VERB] = "verb",
};

static void by_key(struct stop_session *s)
{
	if (write(s->term.master, " ", 1) != 1)
		stop_die("a terminal");
}

static void by_interrupt(struct stop_session *s)
{
	(void)kill(s->program, SIGINT);
}

static void by_termination(struct stop_session *s)
{
	(void)kill(s->program, SIGTERM);
}

static void by_socket(struct stop_session *s)
{
	const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_un at;

	if (!gh_control_path("port", s->port, false, &at) || fd < 0 ||
	    connect(fd, (struct sockaddr *)&at, sizeof at) != 0 ||
	    write(fd, "stop\n", 5) != 5)
		stop_die(at.sun_path);
	s->asker = fd;
}

/* What it says is for nobody here; it is waited for with the others. */
static void by_verb(struct stop_session *s)
{
	const char *const stop[] = { s->o->program, "stop", "--port", s->port,
				     NULL };
	const char *const version[] = { s->o->program, "--version", NULL };
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		stop_die("pipe");
	s->helpers[0] = stop_spawn(stop, NULL, -1, false);
	s->helpers[1] = stop_spawn(version, NULL, ends[1], false);
	close(ends[1]);
	s->version = ends[0];
}

void stop_ask(struct stop_session *s)
{
	static void (*const by[STOP_KINDS])(struct stop_session *) = {
		[STOP_KEY] = by_key,	      [STOP_INT] = by_interrupt,
		[STOP_TERM] = by_termination, [STOP_SOCKET] = by_socket,
		[STOP_VERB] = by_verb,
	};
	/* Each goes first every second time. */
	const bool control_first = s->control->asked % 2 != 0;

	s->asked_at = stop_now();
	if (control_first)
		s->question = stop_control_ask(s->control);
	by[s->o->kind](s);
	if (!control_first)
		s->question = stop_control_ask(s->control);
}

void stop_ask_end(struct stop_session *s)
{
	if (s->asker >= 0)
		close(s->asker);
	if (s->version >= 0)
		close(s->version);
	s->asker = s->version = -1;
	for (size_t i = 0; i < GH_ARRAY_SIZE(s->helpers); i++)
		if (s->helpers[i] > 0)
			(void)waitpid(s->helpers[i], NULL, WNOHANG);
}
