/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The descriptors are the only variables of this program that live outside a
 * function's reach: a signal handler is given nothing else.
 */
#include "cli/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

static const int caught[] = { SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGQUIT };

static int ends[2] = { -1, -1 };
static unsigned users;
static struct sigaction before[GH_ARRAY_SIZE(caught)];

/* For a loop that hangs: see gh_signals_stop_with. */
static struct {
	volatile sig_atomic_t on, unheard;
	int fd;
	size_t n;
	unsigned char bytes[GH_SIGNALS_STOP];
} last;

static void on_signal(int number)
{
	const int kept = errno;
	const char byte = (char)number;
	/* A full pipe says "stop" just as well. */
	ssize_t put = write(ends[1], &byte, 1);

	if (last.on && last.unheard > 0)
		put = write(last.fd, last.bytes, last.n);
	last.unheard = 1;
	(void)put;
	errno = kept;
}

void gh_signals_ignore_pipe(void)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN };

	sigaction(SIGPIPE, &ignore, NULL);
	/* Likewise a file that may not grow: it is like a full disk. */
	sigaction(SIGXFSZ, &ignore, NULL);
}

static void set_flags(int fd)
{
	fcntl(fd, F_SETFL, O_NONBLOCK);
	fcntl(fd, F_SETFD, FD_CLOEXEC);
}

enum gh_status gh_signals_start(struct gh_err *err)
{
	struct sigaction act = { .sa_handler = on_signal,
				 .sa_flags = SA_RESTART };

	if (users++ > 0)
		return GH_OK;
	if (pipe(ends) != 0) {
		users = 0;
		return gh_fail_sys(err, GH_NOMEM, errno, "no pipe for signals");
	}
	set_flags(ends[0]);
	set_flags(ends[1]);
	sigemptyset(&act.sa_mask);
	for (size_t i = 0; i < GH_ARRAY_SIZE(caught); i++)
		sigaction(caught[i], &act, &before[i]);
	return GH_OK;
}

void gh_signals_finish(void)
{
	if (users == 0 || --users > 0)
		return;
	for (size_t i = 0; i < GH_ARRAY_SIZE(caught); i++)
		sigaction(caught[i], &before[i], NULL);
	close(ends[0]);
	close(ends[1]);
	ends[0] = ends[1] = -1;
}

void gh_signals_stop_with(int fd, const unsigned char *bytes, size_t n)
{
	last.on = 0;
	atomic_signal_fence(memory_order_seq_cst);
	if (n == 0 || n > sizeof last.bytes)
		return;
	last.fd = fd;
	last.n = n;
	memcpy(last.bytes, bytes, n);
	atomic_signal_fence(memory_order_seq_cst);
	last.on = 1;
}

size_t gh_signals_fds(struct pollfd *out, size_t cap)
{
	if (ends[0] < 0 || cap == 0)
		return 0;
	out[0] = (struct pollfd){ .fd = ends[0], .events = POLLIN };
	return 1;
}

bool gh_signals_came(void)
{
	char bytes[16];
	bool came = false;

	last.unheard = 0;
	while (ends[0] >= 0 && read(ends[0], bytes, sizeof bytes) > 0)
		came = true;
	return came;
}
